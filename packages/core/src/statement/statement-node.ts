import type { Node } from '../tree/node.js'
import type { Sql, SqlWriter, ToSqlOptions } from '../types/dialect.js'

/** What every statement is at run time: a node that can be written, and that remembers how it was. */
export abstract class StatementNode implements Node {
  declare readonly kind: string
  /** The compiled form, per dialect; kept here since a statement object never changes. */
  compiled: unknown = undefined

  toSQL(dialect: SqlWriter, options?: ToSqlOptions): Sql {
    return dialect.toSQL(this, options)
  }
}
