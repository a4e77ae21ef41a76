import { BuildError } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { DOUBLE, JSON_TYPE, type SqlType, typeText } from '../types/sql-type.js'
import { type AggregateNode, aggregate } from './aggregate-node.js'
import type { GroupMethods } from './aggregates.js'
import type { Expression, MadeOfParts, Reads, Typed } from './expression.js'
import { CastNode } from './function-node.js'
import { ExpressionNode, type OrderingNode, toExpression } from './node.js'
import type { Writer } from './writer.js'

/** An aggregate that makes JSON, which over no rows is empty and not NULL. */
export class JsonAggregateNode extends ExpressionNode {
  static readonly fields: Fields<JsonAggregateNode> = { call: 'child' }
  constructor(readonly call: AggregateNode) {
    super('jsonAggregate')
  }
  get type(): SqlType {
    return JSON_TYPE
  }
  distinct(): JsonAggregateNode {
    return new JsonAggregateNode(this.call.distinct())
  }
  orderBy(...orderings: readonly (ExpressionNode | OrderingNode)[]): JsonAggregateNode {
    return new JsonAggregateNode(this.call.orderBy(...orderings))
  }
  filter(...predicates: unknown[]): JsonAggregateNode {
    return new JsonAggregateNode(this.call.filter(...predicates))
  }
  override write(to: Writer): void {
    to.text('coalesce(')
    to.visit(this.call)
    to.text(this.call.args.length > 1 ? ", '{}'::json)" : ", '[]'::json)")
  }
}

/** Types whose values are the same in JSON. */
type InJson = 'integer' | 'real' | 'text' | 'boolean' | 'date' | 'uuid' | 'json'

type JsonAggregate<V, S extends Reads, M extends keyof GroupMethods<'json', V, S, never>> = Typed<
  'json',
  V,
  S,
  never
> &
  Pick<GroupMethods<'json', V, S, never>, M>

/**
 * The values of the rows as an array, without those that are NULL; empty over no rows. Bigints, numerics, times and
 * bytes are not the same in JSON: cast them to text.
 * @example
 * ```ts
 * select({ titles: jsonArrayAgg(posts.title) }).from(posts)
 * // PostgreSQL: select coalesce(json_agg("posts"."title") filter (where "posts"."title" is not null), '[]'::json)
 * //   as "titles" from "posts"
 * // SQLite: select json_group_array("posts"."title") filter (where "posts"."title" is not null) as "titles"
 * //   from "posts"
 * ```
 */
export function jsonArrayAgg<V, S extends Reads, W = V>(
  value: Expression<V, S, string, InJson> & Partial<MadeOfParts<W>>,
): JsonAggregate<NonNullable<W>[], S, 'distinct' | 'filter' | 'orderBy'> {
  const node = inJson('jsonArrayAgg', value)
  const call = aggregate('json_agg', JSON_TYPE, node).filter(node.isNotNull())
  return new JsonAggregateNode(call) as unknown as never
}

/**
 * The values of the rows as an object, by a text that is never NULL; empty over no rows. Of several values for one key
 * one is kept. Bigints, numerics, times and bytes are not the same in JSON: cast them to text.
 * @example
 * ```ts
 * jsonObjectAgg(posts.title, posts.score)
 * // PostgreSQL: coalesce(json_object_agg("posts"."title", "posts"."score"), '{}'::json)
 * // SQLite: json_group_object("posts"."title", "posts"."score")
 * ```
 */
export function jsonObjectAgg<V, S extends Reads, S2 extends Reads>(
  key: Expression<string, S, string, 'text'>,
  value: Expression<V, S2, string, InJson>,
): JsonAggregate<Record<string, V | null>, S | S2, 'filter'> {
  const args = [toExpression('jsonObjectAgg', key), inJson('jsonObjectAgg', value)]
  return new JsonAggregateNode(aggregate('json_object_agg', JSON_TYPE, ...args)) as unknown as never
}

function inJson(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value)
  const { family, name, base } = node.type
  if (
    base !== undefined ||
    /^(bigint|numeric|timestamp|timestamptz|bytes|named|array|range|multirange)$/.test(family)
  ) {
    throw new BuildError(
      'no_operator',
      `${place}(…) of ${typeText(node.type)}: such values are not the same in JSON; cast them to text.`,
    )
  }
  // Numbers of single precision are written with other digits by the databases.
  return name === 'real' ? new CastNode(node, DOUBLE) : node
}
