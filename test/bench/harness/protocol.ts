import type { Settings } from './contender.js'

/** What the bench asks of a contender's process; one request at a time. */
export type Request =
  | { readonly ask: 'open'; readonly settings: Settings }
  | { readonly ask: 'warm'; readonly cases: readonly string[]; readonly milliseconds: number }
  | { readonly ask: 'evidence'; readonly case: string }
  | { readonly ask: 'time'; readonly case: string; readonly sampling: Sampling }
  | { readonly ask: 'heap'; readonly case: string; readonly batches: number }
  | { readonly ask: 'close' }

/** How often to measure a case: so many batches at each turn, each of about so long; 0 for a single call. */
export interface Sampling {
  /** How often a contender's turn comes in a round. */
  readonly turns: number
  readonly batches: number
  readonly milliseconds: number
}

export type Response = { readonly value: unknown } | { readonly error: string }
