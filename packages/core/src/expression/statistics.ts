import { BuildError, excerpt } from '../errors.js'
import { DOUBLE, type Family, type NumberFamily } from '../types/sql-type.js'
import { AggregateNode, aggregate } from './aggregate-node.js'
import type { Aggregate, GroupAggregate } from './aggregates.js'
import { asDouble } from './call.js'
import type { Expression, Reads, Typed } from './expression.js'
import { type ExpressionNode, toExpression } from './node.js'

type AnyNumber<S extends Reads> = Expression<unknown, S, string, NumberFamily>
type Statistic<S extends Reads> = Aggregate<'real', number | null, S, never>

function statistic(name: string, place: string, ...values: unknown[]): never {
  return aggregate(name, DOUBLE, ...values.map((value) => asDouble(place, value))) as unknown as never
}

/**
 * The standard deviation of a sample; NULL over fewer than two values. SQLite has none and refuses it.
 * @example
 * ```ts
 * stddevSamp(posts.score) // stddev_samp(cast("posts"."score" as double precision))
 * ```
 */
export function stddevSamp<S extends Reads>(value: AnyNumber<S>): Statistic<S> {
  return statistic('stddev_samp', 'stddevSamp', value)
}

/**
 * The standard deviation of a whole population; NULL over no values. SQLite has none and refuses it.
 * @example
 * ```ts
 * stddevPop(posts.score) // stddev_pop(cast("posts"."score" as double precision))
 * ```
 */
export function stddevPop<S extends Reads>(value: AnyNumber<S>): Statistic<S> {
  return statistic('stddev_pop', 'stddevPop', value)
}

/**
 * The variance of a sample: the square of its standard deviation; NULL over fewer than two values. SQLite has none and refuses it.
 * @example
 * ```ts
 * varSamp(posts.score) // var_samp(cast("posts"."score" as double precision))
 * ```
 */
export function varSamp<S extends Reads>(value: AnyNumber<S>): Statistic<S> {
  return statistic('var_samp', 'varSamp', value)
}

/**
 * The variance of a whole population; NULL over no values. SQLite has none and refuses it.
 * @example
 * ```ts
 * varPop(posts.score) // var_pop(cast("posts"."score" as double precision))
 * ```
 */
export function varPop<S extends Reads>(value: AnyNumber<S>): Statistic<S> {
  return statistic('var_pop', 'varPop', value)
}

/**
 * The correlation of two numbers, from -1 to 1; NULL where one of them does not vary. SQLite has none and refuses it.
 * @example
 * ```ts
 * corr(posts.score, posts.id)
 * // corr(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function corr<S extends Reads, S2 extends Reads>(
  y: AnyNumber<S>,
  x: AnyNumber<S2>,
): Statistic<S | S2> {
  return statistic('corr', 'corr', y, x)
}

/**
 * The covariance of two numbers in a sample; NULL over fewer than two rows. SQLite has none and refuses it.
 * @example
 * ```ts
 * covarSamp(posts.score, posts.id)
 * // covar_samp(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function covarSamp<S extends Reads, S2 extends Reads>(
  y: AnyNumber<S>,
  x: AnyNumber<S2>,
): Statistic<S | S2> {
  return statistic('covar_samp', 'covarSamp', y, x)
}

/**
 * The covariance of two numbers in a whole population; NULL over no rows. SQLite has none and refuses it.
 * @example
 * ```ts
 * covarPop(posts.score, posts.id)
 * // covar_pop(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function covarPop<S extends Reads, S2 extends Reads>(
  y: AnyNumber<S>,
  x: AnyNumber<S2>,
): Statistic<S | S2> {
  return statistic('covar_pop', 'covarPop', y, x)
}

/**
 * The slope of the line that fits best; NULL where `x` does not vary. SQLite has none and refuses it.
 * @example
 * ```ts
 * regrSlope(posts.score, posts.id)
 * // regr_slope(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function regrSlope<S extends Reads, S2 extends Reads>(
  y: AnyNumber<S>,
  x: AnyNumber<S2>,
): Statistic<S | S2> {
  return statistic('regr_slope', 'regrSlope', y, x)
}

/**
 * Where the line that fits best meets the axis of `y`; NULL where `x` does not vary. SQLite has none and refuses it.
 * @example
 * ```ts
 * regrIntercept(posts.score, posts.id)
 * // regr_intercept(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function regrIntercept<S extends Reads, S2 extends Reads>(
  y: AnyNumber<S>,
  x: AnyNumber<S2>,
): Statistic<S | S2> {
  return statistic('regr_intercept', 'regrIntercept', y, x)
}

/**
 * How well the best line fits, from 0 to 1: the square of the correlation; NULL where `x` does not vary. SQLite has none and refuses it.
 * @example
 * ```ts
 * regrR2(posts.score, posts.id)
 * // regr_r2(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function regrR2<S extends Reads, S2 extends Reads>(
  y: AnyNumber<S>,
  x: AnyNumber<S2>,
): Statistic<S | S2> {
  return statistic('regr_r2', 'regrR2', y, x)
}

/** An aggregate that computes from the values of a group in their order. */
type OrderedSet<F extends Family, V, S extends Reads> = Typed<F, V, S, never> &
  Pick<GroupAggregate<F, V, S, never>, 'filter'>

function orderedSet(name: string, args: readonly ExpressionNode[], value: ExpressionNode): never {
  return new AggregateNode(name, args, false, [value], undefined, true, value.type) as unknown as never
}

function fractionOf(place: string, fraction: number): ExpressionNode {
  if (typeof fraction === 'number' && fraction >= 0 && fraction <= 1)
    return toExpression(place, fraction, DOUBLE)
  throw new BuildError(
    'invalid_argument',
    `${place}(…) takes a fraction from 0 to 1, not ${excerpt(fraction)}.`,
  )
}

/**
 * The value below which a fraction of the values lies, the median for a half, interpolated between two of them; NULL over no values. SQLite
 * refuses it.
 * @example
 * ```ts
 * percentileCont(0.5, posts.score)
 * // percentile_cont($1::double precision) within group (order by cast("posts"."score" as double precision))
 * ```
 */
export function percentileCont<S extends Reads>(
  fraction: number,
  value: AnyNumber<S>,
): OrderedSet<'real', number | null, S> {
  const place = 'percentileCont'
  return orderedSet('percentile_cont', [fractionOf(place, fraction)], asDouble(place, value))
}

/**
 * The first of the values, in their order, that is not below a fraction of them; NULL over no values. SQLite refuses it.
 * @example
 * ```ts
 * percentileDisc(0.9, posts.score)
 * // percentile_disc($1::double precision) within group (order by "posts"."score")
 * ```
 */
export function percentileDisc<V, S extends Reads, F extends Family>(
  fraction: number,
  value: Expression<V, S, string, F>,
): OrderedSet<F, V | null, S> {
  const place = 'percentileDisc'
  return orderedSet('percentile_disc', [fractionOf(place, fraction)], toExpression(place, value))
}

/**
 * The most frequent value, the first in their order of several; NULL over no values. SQLite refuses it.
 * @example
 * ```ts
 * mode(posts.authorId) // mode() within group (order by "posts"."author_id")
 * ```
 */
export function mode<V, S extends Reads, F extends Family>(
  value: Expression<V, S, string, F>,
): OrderedSet<F, V | null, S> {
  return orderedSet('mode', [], toExpression('mode', value))
}
