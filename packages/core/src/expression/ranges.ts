import { BuildError, excerpt } from '../errors.js'
import type { TypeDefinition } from '../types/definition.js'
import { isRange, multirangeType, type Range, type RangeBounds } from '../types/range.js'
import { BOOLEAN, type Family, type SqlType, TEXT, typeText } from '../types/sql-type.js'
import { AggregateNode, type AggregateParts } from './aggregate-node.js'
import type { Aggregate } from './aggregates.js'
import type { NulledByOf, NullOf, SourcesOf } from './call.js'
import type { BooleanExpression, Expression, Reads, Typed } from './expression.js'
import { requireFeature } from './feature.js'
import { FeatureCallNode } from './feature-call.js'
import { describe, type ExpressionNode, isExpression, toExpression } from './node.js'
import { OperatorNode } from './operator-node.js'
import type { Writer } from './writer.js'

type RangeFamily = 'range' | 'multirange'
/** What a range, or several, are of. */
type ElementOf<V> =
  NonNullable<V> extends Range<infer T> ? T : NonNullable<V> extends readonly Range<infer T>[] ? T : never
/** What stands beside a range: a range of the same elements, as a value or in the database. */
type Other<V> =
  | Range<ElementOf<V>>
  | Expression<Range<ElementOf<V>> | readonly Range<ElementOf<V>>[] | null, Reads, string, RangeFamily>
type Element<V> = ElementOf<V> | Expression<ElementOf<V> | null, Reads, string, Family>
type Tested<V, S extends Reads, N extends string, B> = BooleanExpression<
  boolean | (V & null) | NullOf<B>,
  S | SourcesOf<B>,
  N | NulledByOf<B>
>
type Joined<V, S extends Reads, N extends string, B> = Typed<
  'range',
  V | NullOf<B>,
  S | SourcesOf<B>,
  N | NulledByOf<B>
>

function requireRange(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value)
  if (/range|unknown/.test(node.type.family)) return node
  throw new BuildError(
    'no_operator',
    `${place}(${describe(node)}, …) takes a range, not ${typeText(node.type)}.`,
  )
}

/** What stands beside a range: another one of its type or, where `elements` says so, one of its elements. */
function beside(place: string, { type }: ExpressionNode, value: unknown, elements = false): ExpressionNode {
  const node = isExpression(value)
    ? value
    : toExpression(place, value, elements && !isRange(value) ? type.element : rangeOf(type))
  const found = node.type.element ?? (elements ? node.type : undefined)
  const wanted = type.element
  if (node.type.family === 'unknown' || wanted === undefined || found?.name === wanted.name) return node
  throw new BuildError(
    'mixed_types',
    `${place}(…): beside ${typeText(type)} stands ${elements ? `${typeText(wanted)} or ` : ''}a range of ` +
      `${typeText(wanted)}, not ${typeText(node.type)}; cast it.`,
  )
}

/** The type of one range of those of a type. */
function rangeOf(type: SqlType): SqlType {
  return type.family === 'multirange'
    ? { ...type, family: 'range', name: type.name.replace('multi', '') }
    : type
}

function test(place: string, operator: string, range: unknown, other: unknown, elements = false): never {
  const left = requireRange(place, range)
  const right = beside(place, left, other, elements)
  return new OperatorNode(left, operator, right, BOOLEAN, undefined, 'ranges') as unknown as never
}

function join(place: string, operator: string, range: unknown, other: unknown): never {
  const left = requireRange(place, range)
  const right = beside(place, left, other)
  return new OperatorNode(left, operator, right, left.type, undefined, 'ranges') as unknown as never
}

function call(name: string, type: SqlType, ...args: ExpressionNode[]): never {
  return new FeatureCallNode(name, args, type, 'ranges') as unknown as never
}

/**
 * Whether a range has an element, or all of another range.
 * @example
 * ```ts
 * const stays = table('stays', { id: integer().primaryKey(), nights: daterange().notNull() })
 * select(stays.id).from(stays).where(rangeContains(stays.nights, '2026-12-24')).toSQL(postgresDialect).sql
 * // 'select "stays"."id" as "value" from "stays" where "stays"."nights" @> $1::date'
 * ```
 */
export function rangeContains<
  V,
  S extends Reads,
  N extends string,
  B extends Element<NoInfer<V>> | Other<NoInfer<V>>,
>(range: Expression<V, S, N, RangeFamily>, other: B): Tested<V, S, N, B> {
  return test('rangeContains', '@>', range, other, true)
}

/** Whether all of a range is in another: `"t"."nights" <@ $1::daterange`. */
export function rangeContainedBy<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, RangeFamily>,
  other: B,
): Tested<V, S, N, B> {
  return test('rangeContainedBy', '<@', range, other)
}

/** Whether two ranges have an element in common: `"t"."nights" && $1::daterange`. */
export function rangeOverlaps<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, RangeFamily>,
  other: B,
): Tested<V, S, N, B> {
  return test('rangeOverlaps', '&&', range, other)
}

/** Whether a range ends before another begins: `"t"."nights" << $1::daterange`. */
export function rangeBefore<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, RangeFamily>,
  other: B,
): Tested<V, S, N, B> {
  return test('rangeBefore', '<<', range, other)
}

/** Whether a range begins after another ends: `"t"."nights" >> $1::daterange`. */
export function rangeAfter<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, RangeFamily>,
  other: B,
): Tested<V, S, N, B> {
  return test('rangeAfter', '>>', range, other)
}

/** Whether one range begins where another ends, with nothing between: `"t"."nights" -|- $1::daterange`. */
export function rangeAdjacent<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, RangeFamily>,
  other: B,
): Tested<V, S, N, B> {
  return test('rangeAdjacent', '-|-', range, other)
}

/** The elements of either of two ranges, which must overlap or be adjacent; otherwise the database fails: `a + b`. */
export function rangeUnion<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, 'range'>,
  other: B,
): Joined<V, S, N, B> {
  return join('rangeUnion', '+', range, other)
}

/** The elements of both ranges, none of which gives an empty range: `"t"."nights" * $1::daterange`. */
export function rangeIntersection<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, 'range'>,
  other: B,
): Joined<V, S, N, B> {
  return join('rangeIntersection', '*', range, other)
}

/** The elements that another range has not, which must be one range; otherwise the database fails: `a - b`. */
export function rangeDifference<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, 'range'>,
  other: B,
): Joined<V, S, N, B> {
  return join('rangeDifference', '-', range, other)
}

/** The smallest range that has both: `range_merge("t"."nights", $1::daterange)`. */
export function rangeMerge<V, S extends Reads, N extends string, B extends Other<NoInfer<V>>>(
  range: Expression<V, S, N, 'range'>,
  other: B,
): Joined<V, S, N, B> {
  const node = requireRange('rangeMerge', range)
  return call('range_merge', node.type, node, beside('rangeMerge', node, other))
}

type Bound<V, S extends Reads, N extends string, F extends Family> = Typed<F, ElementOf<V> | null, S, N>

/**
 * The lower bound of a range, of the family of the type that is stated; NULL if there is none, or the range is empty:
 * `lower("t"."nights")`.
 *
 * Throws a `BuildError` if the type is not that of the elements.
 */
export function rangeLower<V, S extends Reads, N extends string, E, F extends Family>(
  range: Expression<V, S, N, RangeFamily>,
  type: TypeDefinition<E, F>,
): Bound<V, S, N, F> {
  return bound('rangeLower', 'lower', range, type.sqlType)
}

/** The upper bound of a range, as {@link rangeLower}: `upper("t"."nights")`. */
export function rangeUpper<V, S extends Reads, N extends string, E, F extends Family>(
  range: Expression<V, S, N, RangeFamily>,
  type: TypeDefinition<E, F>,
): Bound<V, S, N, F> {
  return bound('rangeUpper', 'upper', range, type.sqlType)
}

function bound(place: string, name: string, range: unknown, type: SqlType): never {
  const node = requireRange(place, range)
  const element = node.type.element ?? type
  if (element.name !== type.name) {
    throw new BuildError('mixed_types', `${place}(…, ${type.name}): the bounds are of type ${element.name}.`)
  }
  return call(name, element, node)
}

type Asked<V, S extends Reads, N extends string> = BooleanExpression<boolean | (V & null), S, N>

/** Whether a range is empty: `isempty("t"."nights")`. */
export function rangeIsEmpty<V, S extends Reads, N extends string>(
  range: Expression<V, S, N, RangeFamily>,
): Asked<V, S, N> {
  return call('isempty', BOOLEAN, requireRange('rangeIsEmpty', range))
}

/** Whether the lower bound belongs to a range: `lower_inc("t"."nights")`. */
export function rangeLowerIncluded<V, S extends Reads, N extends string>(
  range: Expression<V, S, N, RangeFamily>,
): Asked<V, S, N> {
  return call('lower_inc', BOOLEAN, requireRange('rangeLowerIncluded', range))
}

/** Whether the upper bound belongs to a range: `upper_inc("t"."nights")`. */
export function rangeUpperIncluded<V, S extends Reads, N extends string>(
  range: Expression<V, S, N, RangeFamily>,
): Asked<V, S, N> {
  return call('upper_inc', BOOLEAN, requireRange('rangeUpperIncluded', range))
}

/** Whether a range has no lower bound: `lower_inf("t"."nights")`. */
export function rangeLowerUnbounded<V, S extends Reads, N extends string>(
  range: Expression<V, S, N, RangeFamily>,
): Asked<V, S, N> {
  return call('lower_inf', BOOLEAN, requireRange('rangeLowerUnbounded', range))
}

/** Whether a range has no upper bound: `upper_inf("t"."nights")`. */
export function rangeUpperUnbounded<V, S extends Reads, N extends string>(
  range: Expression<V, S, N, RangeFamily>,
): Asked<V, S, N> {
  return call('upper_inf', BOOLEAN, requireRange('rangeUpperUnbounded', range))
}

/**
 * A range of a type from two bounds, of which each may be an expression; NULL is no bound. Of values alone it is
 * `literal(range(…), type)`.
 *
 * Throws a `BuildError` for other `bounds`. The database fails for a lower bound above the upper one.
 * @example
 * ```ts
 * const offers = table('offers', { id: integer().primaryKey(), begins: date().notNull(), ends: date() })
 * const span = rangeFrom(daterange(), offers.begins, offers.ends, '[]')
 * select(offers.id).from(offers).where(rangeContains(span, '2026-12-24')).toSQL(postgresDialect).sql
 * // 'select … where daterange("offers"."begins", "offers"."ends", $1::text) @> $2::date'
 * ```
 */
export function rangeFrom<V, A extends Element<V> | null, B extends Element<V> | null>(
  type: TypeDefinition<V, 'range'>,
  lower: A,
  upper: B,
  bounds: Exclude<RangeBounds, 'empty'> = '[)',
): Typed<'range', NonNullable<V>, SourcesOf<A | B>, never> {
  if (!/^[[(][\])]$/.test(bounds)) {
    throw new BuildError(
      'invalid_argument',
      `The bounds of a range are one of [) [] () (], not ${excerpt(bounds)}.`,
    )
  }
  const { sqlType } = type
  const [from, to] = [lower, upper].map((value) => toExpression('rangeFrom', value, sqlType.element)) as [
    ExpressionNode,
    ExpressionNode,
  ]
  return call(sqlType.name, sqlType, from, to, toExpression('rangeFrom', bounds, TEXT))
}

/** `range_agg(…)`. */
export class RangeAggregateNode extends AggregateNode {
  constructor(
    name: string,
    args: readonly ExpressionNode[],
    isDistinct: boolean,
    order: AggregateNode['order'],
    where: ExpressionNode | undefined,
    withinGroup: boolean,
    type: SqlType,
  ) {
    super(name, args, isDistinct, order, where, withinGroup, type, 'rangeAggregate')
  }
  override with(parts: AggregateParts): RangeAggregateNode {
    const { isDistinct, order, where } = { ...this, ...parts }
    return new RangeAggregateNode(this.name, this.args, isDistinct, order, where, this.withinGroup, this.type)
  }
  override write(to: Writer): void {
    requireFeature(to, 'ranges')
    requireFeature(to, 'multiranges')
    super.write(to)
  }
}

/**
 * The ranges of the rows as one value of several, those that overlap or touch made one; NULL over no rows: an array in
 * JavaScript, in order. PostgreSQL 14 has it.
 *
 * PostgreSQL: `range_agg("stays"."nights")`
 */
export function rangeAgg<V extends Range<unknown> | null, S extends Reads>(
  range: Expression<V, S, string, 'range'>,
): Aggregate<'multirange', NonNullable<V>[] | null, S, never> {
  const node = requireRange('rangeAgg', range)
  const type = multirangeType(node.type)
  return new RangeAggregateNode('range_agg', [node], false, [], undefined, false, type) as unknown as never
}
