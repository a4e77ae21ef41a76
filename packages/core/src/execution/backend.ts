import type { ColumnNode } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { TableNode } from '../schema/definition.js'
import type { Decoders } from '../types/codec.js'
import type { SqlType } from '../types/sql-type.js'
import type { BeginOptions } from './begin-options.js'
import type { CancelOptions } from './deadline.js'
import type { Request } from './driver.js'

/** How a transaction runs, and whether it is run again. */
export interface TransactionOptions extends BeginOptions, CancelOptions {
  /**
   * How many times the function is run again, each time in a new transaction, where an error says that this may succeed:
   * a serialization failure, a deadlock, a lock that was not to be had (`retryable`, also of an error's `cause`). Between
   * the runs it waits a random time, up to 20 ms at first and twice as long each time, at most 2 s. Default: 0. What the
   * function does outside of the database is done again as well.
   */
  readonly retries?: number
  /** Called before the function is run again, with the error and how many times it has failed. What it throws ends that. */
  readonly onRetry?: (error: unknown, failures: number) => void
}

/**
 * A lock that a session holds under a name until it releases it or ends, beside all transactions: two programs that
 * ask for the same name exclude each other, and nobody else.
 */
export interface AdvisoryLock {
  /** Asks once, without waiting. */
  tryAcquire(name: string): Statement<{ acquired: boolean }, never>
  /** Gives the lock back. */
  release(name: string): Statement<{ released: boolean }, never>
}

/** What a program asks of the schema before it changes it. */
export interface CatalogQueries {
  /** Whether there is a table of that name. */
  tableExists(table: TableNode): Statement<{ found: boolean }, never>
  /** The tables whose foreign keys refer to a table, but itself; those of another schema behind its name. */
  referencesTo(table: TableNode): Statement<{ table: string }, never>
  /**
   * An index of that name, if there is one, and whether it is whole: one that was broken off while it was made concurrently is
   * not. Undefined where none is made so.
   */
  indexState?(name: string, schema: string | undefined): Statement<{ valid: boolean }, never>
}

/** How far replicas are behind: positions in the log that they copy. */
export interface ReplicationQueries {
  /** On the primary: after everything that was written. */
  written(): Statement<bigint, never>
  /** On a replica: how far it has come. */
  replayed(): Statement<bigint, never>
}

/** A text format for rows: fields with tabs between them, a line for a row, NULL as `\\N`. */
export interface CopyFormat {
  /** The statement that the lines follow. */
  statement(table: TableNode, columns: readonly ColumnNode[]): string
  /** An encoded value as a field. */
  field(encoded: unknown): string
}

/** What a database does beside running statements: how its values are read, transactions, locks, a catalog, bulk loads. */
export interface Backend {
  readonly decoders: Decoders
  /** The statement that begins a transaction. */
  readonly begin: (options: BeginOptions) => string
  /** The statement that follows the beginning, where the options ask for what that does not say. */
  readonly configure?: ((options: BeginOptions) => Request | undefined) | undefined
  readonly catalog: CatalogQueries
  /** Undefined where there are none, since a transaction that writes excludes all others. */
  readonly advisoryLock: AdvisoryLock | undefined
  /** A value of the driver as PostgreSQL's text, for dumps; undefined where it is that already. */
  readonly dumpText?: ((value: unknown, type: SqlType) => string) | undefined
  /** How rows are loaded in bulk, where the database has a format of its own for that and the driver can send it. */
  readonly copy: CopyFormat | undefined
  /** Undefined where a replica cannot tell how far it is. */
  readonly replication?: ReplicationQueries | undefined
}
