import type { Writer } from '../expression/writer.js'
import type { Node } from '../tree/node.js'
import type { Sql, SqlWriter, ToSqlOptions } from '../types/dialect.js'

/** What every statement is at run time: a node that can be written, and that remembers how it was. */
export abstract class StatementNode implements Node {
  /** The compiled form, per dialect; kept here since a statement object never changes. */
  declare compiled: unknown
  // Declared and then assigned, as in ExpressionNode.
  declare readonly kind: string

  constructor(kind: string) {
    this.kind = kind
    this.compiled = undefined
  }

  /** Adds the SQL of this statement to what is written. */
  abstract write(to: Writer): void

  pipe<T>(change: (statement: this) => T): T {
    return change(this)
  }

  toSQL(dialect: SqlWriter, options?: ToSqlOptions): Sql {
    return dialect.toSQL(this, options)
  }
}
