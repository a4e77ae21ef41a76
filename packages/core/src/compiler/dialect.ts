import type { TableNode } from '../schema/definition.js'
import type { Node } from '../tree/node.js'
import type { TypeMap } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import type { Compiled } from './compiled.js'

/**
 * A database's language: how statements are written, how values are carried, and what it cannot do.
 */
export interface Dialect extends SqlWriter {
  readonly types: TypeMap
  /** Which of the types that a mapping may state for a database is meant here; by default, none. */
  readonly variant?: 'sqlite'
  /** The most parameters that a statement may have. */
  readonly maxParameters: number
  /** Compiles a statement, once: the result is kept on the statement object. */
  compile(statement: Node): Compiled
  /** The table that stands in place of another, where a handle has other schemas; absent where none does. */
  readonly tableOf?: ((table: TableNode) => TableNode) | undefined
}
