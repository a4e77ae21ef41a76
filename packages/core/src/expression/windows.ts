import { BuildError, excerpt } from '../errors.js'
import { COUNT, DOUBLE, type Family, INTEGER, withoutLimits } from '../types/sql-type.js'
import type { NulledByOf, NullOf, SourcesOf } from './call.js'
import type { Expression, Reads, Typed } from './expression.js'
import type { Frame } from './frame.js'
import { FunctionNode } from './function-node.js'
import type { Interval } from './interval.js'
import { type ExpressionNode, toExpression } from './node.js'
import { overWindow, type WindowParts } from './window-node.js'

/** What a window is divided or ordered by: an expression or an ordering. */
export interface Selectable {
  readonly kind: string
  readonly '~sources': Reads
}

/**
 * The window of a function: how the rows are divided, in which order each part is gone through, and which rows around
 * the current one count. Without a frame these are all rows up to the current one and its equals or, without an order,
 * all rows of the part.
 */
export interface Window<out P extends Selectable = Selectable, out O extends Selectable = Selectable> {
  readonly partitionBy?: P | readonly P[]
  readonly orderBy?: O | readonly O[]
  /** A frame that counts rows. */
  readonly rows?: Frame
  /**
   * A frame by the distance of the ordered value: a number, or an interval where times are ordered, which SQLite does
   * not have.
   */
  readonly range?: Frame<number | Interval>
  /** A frame that counts groups of rows that are equal in their order. */
  readonly groups?: Frame
}

/**
 * A window that several functions share; it is written out for each of them, and names nothing in the SQL.
 * @example
 * ```ts
 * const byAuthor = window({ partitionBy: posts.authorId, orderBy: posts.id, rows: { from: 'unbounded preceding' } })
 * select({ n: rowNumber().over(byAuthor), total: sum(posts.score).over(byAuthor) }).from(posts)
 * ```
 */
export function window<P extends Selectable = never, O extends Selectable = never>(
  parts: Window<P, O>,
): Window<P, O> {
  return parts
}

/** What may follow an aggregate or a window function. */
export interface WindowFunction<out F extends Family, out V, out S extends Reads, out N extends string> {
  /**
   * Computes the function over a window of rows instead of a group.
   * @example
   * ```ts
   * sum(posts.score).over({ partitionBy: posts.authorId, orderBy: posts.id })
   * // sum("posts"."score") over (partition by "posts"."author_id" order by "posts"."id")
   * avg(posts.score).over({ orderBy: posts.id, rows: { from: { preceding: 1 }, to: { following: 1 } } })
   * // avg(cast("posts"."score" as double precision)) over (order by "posts"."id"
   * //   rows between 1 preceding and 1 following)
   * ```
   */
  over<P extends Selectable = never, O extends Selectable = never>(
    window?: Window<P, O>,
  ): Typed<F, V, S | P['~sources'] | O['~sources'], N>
}

/** A function that has a value only over a window, so it is no expression by itself. */
function open(node: FunctionNode): never {
  return { over: (parts?: WindowParts) => overWindow(node, parts) } as unknown as never
}

/** The number of a row within its window, from 1: `row_number() over (…)`. */
export function rowNumber(): WindowFunction<'integer', number, never, never> {
  return open(new FunctionNode('row_number', [], COUNT))
}

/** The rank of a row within its window; equal rows share one and leave a gap: `rank() over (…)`. */
export function rank(): WindowFunction<'integer', number, never, never> {
  return open(new FunctionNode('rank', [], COUNT))
}

/** The rank of a row within its window, without gaps: `dense_rank() over (…)`. */
export function denseRank(): WindowFunction<'integer', number, never, never> {
  return open(new FunctionNode('dense_rank', [], COUNT))
}

/** The rank of a row from 0 to 1, that of the first being 0: `percent_rank() over (…)`. */
export function percentRank(): WindowFunction<'real', number, never, never> {
  return open(new FunctionNode('percent_rank', [], DOUBLE))
}

/** The part of the rows, up to 1, that come before a row or are equal to it: `cume_dist() over (…)`. */
export function cumeDist(): WindowFunction<'real', number, never, never> {
  return open(new FunctionNode('cume_dist', [], DOUBLE))
}

/**
 * The number, from 1, of the bucket of a row, where its window is divided evenly into so many.
 * @example
 * ```ts
 * ntile(4).over({ orderBy: posts.score }) // ntile($1::integer) over (order by "posts"."score")
 * ```
 */
export function ntile(buckets: number): WindowFunction<'integer', number, never, never> {
  return open(new FunctionNode('ntile', [whole('ntile', buckets, 1)], INTEGER))
}

/** What `lag` and `lead` give where there is no such row: NULL, unless the third argument says otherwise. */
type Otherwise<F extends Family, V> = NonNullable<V> | Expression<unknown, Reads, string, F> | null

/**
 * The value of the row that comes so many rows before in the window, by default one; where there is none, NULL or what
 * is given for it.
 * @example
 * ```ts
 * lag(posts.score).over({ orderBy: posts.id }) // lag("posts"."score", $1::integer) over (order by "posts"."id")
 * lag(posts.score, 2, 0).over({ orderBy: posts.id })
 * // lag("posts"."score", $1::integer, $2::integer) over (order by "posts"."id")
 * ```
 */
export function lag<V, S extends Reads, N extends string, F extends Family, O extends Otherwise<F, V> = null>(
  value: Expression<V, S, N, F>,
  offset?: number,
  otherwise?: O,
): WindowFunction<F, V | NullOf<O> | (O & null), S | SourcesOf<O>, N | NulledByOf<O>> {
  return shifted('lag', value, offset, otherwise)
}

/**
 * The value of the row that comes so many rows after in the window, by default one; where there is none, NULL or what
 * is given for it.
 * @example
 * ```ts
 * lead(posts.title, 1, 'none').over({ orderBy: posts.id })
 * // lead("posts"."title", $1::integer, $2::text) over (order by "posts"."id")
 * ```
 */
export function lead<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  O extends Otherwise<F, V> = null,
>(
  value: Expression<V, S, N, F>,
  offset?: number,
  otherwise?: O,
): WindowFunction<F, V | NullOf<O> | (O & null), S | SourcesOf<O>, N | NulledByOf<O>> {
  return shifted('lead', value, offset, otherwise)
}

function shifted(name: string, value: unknown, offset = 1, otherwise: unknown = null): never {
  const node = toExpression(name, value)
  const args = [node, whole(name, offset, 0)]
  if (otherwise !== null) args.push(toExpression(name, otherwise, withoutLimits(node.type)))
  return open(new FunctionNode(name, args, node.type))
}

/**
 * The value of the first row of the frame; NULL where the frame is empty.
 * @example
 * ```ts
 * firstValue(posts.title).over({ orderBy: posts.id }) // first_value("posts"."title") over (order by "posts"."id")
 * ```
 */
export function firstValue<V, S extends Reads, N extends string, F extends Family>(
  value: Expression<V, S, N, F>,
): WindowFunction<F, V | null, S, N> {
  return ofFrame('first_value', toExpression('firstValue', value))
}

/**
 * The value of the last row of the frame, which by default ends with the current row and its equals; NULL where the
 * frame is empty.
 * @example
 * ```ts
 * lastValue(posts.title).over({ orderBy: posts.id, rows: { from: 'current row', to: 'unbounded following' } })
 * // last_value("posts"."title") over (order by "posts"."id" rows between current row and unbounded following)
 * ```
 */
export function lastValue<V, S extends Reads, N extends string, F extends Family>(
  value: Expression<V, S, N, F>,
): WindowFunction<F, V | null, S, N> {
  return ofFrame('last_value', toExpression('lastValue', value))
}

/**
 * The value of the row of the frame with a number, from 1; NULL where the frame is shorter.
 * @example
 * ```ts
 * nthValue(posts.title, 2).over({ orderBy: posts.id })
 * // nth_value("posts"."title", $1::integer) over (order by "posts"."id")
 * ```
 */
export function nthValue<V, S extends Reads, N extends string, F extends Family>(
  value: Expression<V, S, N, F>,
  number: number,
): WindowFunction<F, V | null, S, N> {
  return ofFrame('nth_value', toExpression('nthValue', value), whole('nthValue', number, 1))
}

function ofFrame(name: string, value: ExpressionNode, ...args: ExpressionNode[]): never {
  return open(new FunctionNode(name, [value, ...args], value.type))
}

function whole(place: string, value: number, least: number): ExpressionNode {
  if (Number.isInteger(value) && value >= least && value <= 2147483647)
    return toExpression(place, value, INTEGER)
  throw new BuildError(
    'invalid_argument',
    `${place}(…) takes a whole number from ${least}, not ${excerpt(value)}.`,
  )
}
