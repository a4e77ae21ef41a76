import type { Node } from '../tree/node.js'
import type { Sql, SqlWriter, ToSqlOptions } from '../types/dialect.js'
import type { Reads } from './reads.js'

/**
 * A statement: data, without a connection, and never a promise. `R` is the row that it returns; `Needs` is what
 * is missing before it can run: sources that no FROM brings, and parameters. A statement that needs a source may
 * stand inside one that has it, as a correlated subquery.
 */
export interface Statement<out R, out Needs extends Reads = Reads> extends Node {
  readonly '~row': R
  readonly 'still needs': Needs

  /**
   * The SQL of this statement and its parameters as the driver takes them; with `inline`, values as literals.
   * @example
   * ```ts
   * select({ id: users.id }).from(users).where(users.id.eq(1n)).toSQL(postgresDialect)
   * // { sql: 'select "users"."id" from "users" where "users"."id" = $1', params: [1n] }
   * ```
   */
  toSQL(dialect: SqlWriter, options?: ToSqlOptions): Sql
}
