import type { ColumnNode } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { TableNode } from '../schema/definition.js'
import type { Node } from '../tree/node.js'
import type { TypeMap } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import type { Compiled } from './compiled.js'

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
  release(name: string): Statement<{ released: boolean }, never>
}

/** What a program asks of the schema before it changes it. */
export interface CatalogQueries {
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

/**
 * A database as Espalier knows it: how statements are written, how values are carried, what it can do, and what
 * its errors mean.
 */
export interface Dialect extends SqlWriter {
  readonly types: TypeMap
  /** The most parameters that a statement may have. */
  readonly maxParameters: number
  /** Compiles a statement, once: the result is kept on the statement object. */
  compile(statement: Node): Compiled
  /** A value of a column that has no type, as raw SQL may make. */
  readonly decodeUntyped: (value: unknown, columnType: number | undefined) => unknown
  readonly catalog: CatalogQueries
  /** Undefined where there are none, since a transaction that writes excludes all others. */
  readonly advisoryLock: AdvisoryLock | undefined
  /** How rows are loaded in bulk, where the database has a format of its own for that and the driver can send it. */
  readonly copy: CopyFormat | undefined
  /** The statement that begins a transaction. */
  readonly begin: (options: TransactionOptions) => string
  /** A driver's error as one of Espalier's. */
  readonly mapError: (error: unknown, sql: string | undefined) => Error
}
