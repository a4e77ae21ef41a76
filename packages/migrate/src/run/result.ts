/** A revision that was applied or undone. */
export interface RanRevision {
  readonly id: string
  readonly message: string
  readonly durationMs: number
  /** How many operations it had. */
  readonly operations: number
}

/** What an upgrade or a downgrade did. */
export interface MigrationResult {
  readonly direction: 'up' | 'down'
  /** What this run has applied or undone, in that order. */
  readonly revisions: readonly RanRevision[]
  /** The ids of baselines that were written down without being run. */
  readonly adopted: readonly string[]
  /** The ids of what another runner did meanwhile. */
  readonly skipped: readonly string[]
  /** The ids of applied revisions whose files are not what they were then. */
  readonly edited: readonly string[]
  /** The ids of the applied revisions that no applied one builds or depends on. */
  readonly heads: readonly string[]
}

/** What an upgrade or a downgrade would do. */
export interface MigrationPlan {
  readonly direction: 'up' | 'down'
  readonly revisions: readonly PlanOfRevision[]
}

/** What would be done for a revision: in one transaction, unless it has operations that no transaction takes. */
export interface PlanOfRevision {
  readonly id: string
  readonly message: string
  readonly file: string | undefined
  /** Whether it is a baseline that is only written down. */
  readonly adopts: boolean
  /** Whether every operation of it can be undone, or its `down` is written. */
  readonly reversible: boolean
  readonly operations: readonly PlanOfOperation[]
}

/** What an operation would do. */
export interface PlanOfOperation {
  readonly kind: string
  readonly description: string
  /** Its statements, values as literals. */
  readonly sql: readonly string[]
  /** Whether it does what no statement shows: code, or a change of SQLite's tables that depends on what is there. */
  readonly isCode: boolean
  /** Why it cannot be undone; undefined if it can. */
  readonly irreversible: string | undefined
}
