/** What happens while a migrator works, for whoever shows it. */
export type Progress =
  /** Another runner holds the lock; told once a second. */
  | { readonly kind: 'waiting'; readonly waitedMs: number }
  | {
      readonly kind: 'revision'
      readonly direction: 'up' | 'down'
      readonly revision: string
      readonly message: string
      /** Its place among those to be run, counted from 1. */
      readonly number: number
      readonly total: number
    }
  | {
      readonly kind: 'operation'
      readonly revision: string
      readonly description: string
      readonly number: number
      readonly total: number
    }
  /** A baseline is written down without being run: what it stands for is applied. */
  | { readonly kind: 'adopted'; readonly revision: string; readonly replaces: readonly string[] }
  | { readonly kind: 'done'; readonly revision: string; readonly durationMs: number }
  /** Another runner was faster. */
  | { readonly kind: 'skipped'; readonly revision: string }
  /** The file of an applied revision is not what it was when it was applied. */
  | { readonly kind: 'edited'; readonly revision: string }

/** Is told how far a run is. */
export type OnProgress = (progress: Progress) => void
