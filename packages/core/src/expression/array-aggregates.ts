import { BuildError, excerpt } from '../errors.js'
import type { Fields, Node } from '../tree/node.js'
import { arrayType } from '../types/array.js'
import type { Family, SqlType } from '../types/sql-type.js'
import { aggregate } from './aggregate-node.js'
import type { Aggregate } from './aggregates.js'
import type { Expression, Reads, Typed } from './expression.js'
import { requireFeature } from './feature.js'
import { ExpressionNode, isQueryNode, toExpression } from './node.js'
import type { Statement } from './statement.js'
import type { Writer } from './writer.js'

/**
 * The values of the rows as an array; NULL over no rows. Values that are NULL are left out, as from the rows of an
 * outer join without a match, unless they are kept by `{ nulls: 'keep' }`. Without `orderBy` the order is left to the
 * database.
 * @example
 * ```ts
 * arrayAgg(posts.title).orderBy(posts.id)
 * // PostgreSQL: array_agg("posts"."title" order by "posts"."id") filter (where "posts"."title" is not null)
 * // SQLite: nullif(json_group_array("posts"."title" order by "posts"."id") filter (where "posts"."title" is not null), '[]')
 * arrayAgg(posts.authorId, { nulls: 'keep' }).distinct()
 * // PostgreSQL: array_agg(distinct "posts"."author_id")
 * ```
 */
export function arrayAgg<V, S extends Reads>(
  value: Expression<V, S, string, Family>,
): Aggregate<'array', NonNullable<V>[] | null, S, never>
export function arrayAgg<V, S extends Reads>(
  value: Expression<V, S, string, Family>,
  options: { readonly nulls: 'keep' },
): Aggregate<'array', (V | null)[] | null, S, never>
export function arrayAgg(value: unknown, options?: { readonly nulls: 'keep' }): never {
  const node = toExpression('arrayAgg', value)
  const call = aggregate('array_agg', arrayType(node.type), node)
  return (options?.nulls === 'keep' ? call : call.filter(node.isNotNull())) as unknown as never
}

/** `array(select …)`. */
export class ArrayQueryNode extends ExpressionNode {
  static readonly fields: Fields<ArrayQueryNode> = { query: 'child', type: 'data' }
  constructor(
    readonly query: Node,
    readonly type: SqlType,
  ) {
    super('arrayQuery')
  }
  override write(to: Writer): void {
    requireFeature(to, 'arrays')
    to.text('array(')
    to.nested(this.query)
    to.text(')')
  }
}

/**
 * The rows of a query of one column as an array, in the order of the query; empty if there are none, never NULL. The
 * query may use the sources around it.
 *
 * Throws a `BuildError` for anything else than a query of one column.
 * @example
 * ```ts
 * const titles = select(posts.title).from(posts).where(posts.authorId.eq(users.id)).orderBy(posts.id)
 * select({ email: users.email, titles: arrayFrom(titles) }).from(users).toSQL(postgresDialect).sql
 * // 'select "users"."email", array(select "posts"."title" as "value" from "posts" … order by "posts"."id") as "titles" from "users"'
 * // SQLite: select "users"."email", (select json_group_array("value") from (select "posts"."title" as "value" from "posts"
 * //   where "posts"."author_id" = "users"."id" order by "posts"."id")) as "titles" from "users"
 * ```
 */
export function arrayFrom<V, S extends Reads>(query: Statement<V, S>): Typed<'array', V[], S, never> {
  const { selection } = query as unknown as {
    readonly selection?: { readonly outputs: readonly ExpressionNode[] }
  }
  const output = selection?.outputs[0]
  if (!isQueryNode(query) || output === undefined || selection?.outputs.length !== 1) {
    throw new BuildError(
      'not_scalar',
      `arrayFrom(…) takes a query of one column, such as select(users.id).from(users), not ${excerpt(query)}.`,
    )
  }
  return new ArrayQueryNode(query, arrayType(output.type)) as unknown as never
}
