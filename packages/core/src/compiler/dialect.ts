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
  /** The statement that begins a transaction. */
  readonly begin: (options: TransactionOptions) => string
  /** A driver's error as one of Espalier's. */
  readonly mapError: (error: unknown, sql: string | undefined) => Error
}
