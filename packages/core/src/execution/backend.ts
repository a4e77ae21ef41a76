import type { ColumnNode } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { TableNode } from '../schema/definition.js'
import type { Decoders } from '../types/codec.js'

/** How a transaction runs. */
export interface TransactionOptions {
  /** What concurrent transactions may see of each other. SQLite's are always serializable. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
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
  readonly begin: (options: TransactionOptions) => string
  readonly catalog: CatalogQueries
  /** Undefined where there are none, since a transaction that writes excludes all others. */
  readonly advisoryLock: AdvisoryLock | undefined
  /** How rows are loaded in bulk, where the database has a format of its own for that and the driver can send it. */
  readonly copy: CopyFormat | undefined
}
