/** What code may be inside of: a session has a connection, and a transaction has one whose statements belong together. */
export type Surroundings = 'session' | 'transaction'

/** Knows, across awaits, whether code runs inside a session or a transaction of this database. */
export interface TransactionContext {
  /** Runs work so that all it awaits is inside. */
  run<T>(surroundings: Surroundings, work: () => Promise<T>): Promise<T>
  /** What the code that asks is inside of: a transaction, else a session, else nothing. */
  inside(): Surroundings | undefined
}
