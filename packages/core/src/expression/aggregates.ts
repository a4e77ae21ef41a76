import { BuildError } from '../errors.js'
import {
  BOOLEAN,
  COUNT,
  DOUBLE,
  type Family,
  type NumberFamily,
  type SqlType,
  storedAs,
  TEXT,
  typeText,
  withoutLimits,
} from '../types/sql-type.js'
import { aggregate } from './aggregate-node.js'
import { asDouble } from './call.js'
import type { Computed, Expression, Reads, Typed } from './expression.js'
import { type ExpressionNode, requirePredicate, toExpression } from './node.js'
import type { Selectable, WindowFunction } from './windows.js'

/** What may follow an aggregate over a group. */
export interface GroupMethods<out F extends Family, out V, out S extends Reads, out N extends string> {
  /**
   * Each different value once.
   * @example
   * ```ts
   * count(posts.authorId).distinct() // count(distinct "posts"."author_id")
   * ```
   */
  distinct(): GroupAggregate<F, V, S, N>
  /**
   * Only the rows for which the predicates hold.
   * @example
   * ```ts
   * count().filter(posts.score.gt(0)) // count(*) filter (where "posts"."score" > $1)
   * ```
   */
  filter<P extends readonly Expression<boolean | null, Reads, string, 'boolean'>[]>(
    ...predicates: P
  ): GroupAggregate<F, V, S | P[number]['~sources'], N>
  /**
   * The order in which the values are taken, where that makes a difference.
   * @example
   * ```ts
   * stringAgg(users.email, ', ').orderBy(users.email.desc())
   * // string_agg("users"."email", $1::text order by "users"."email" desc)
   * ```
   */
  orderBy<O extends readonly Selectable[]>(
    ...orderings: O
  ): GroupAggregate<F, V, S | O[number]['~sources'], N>
}
/** An aggregate over a group, which is not computed over a window. */
export type GroupAggregate<F extends Family, V, S extends Reads, N extends string> = Typed<F, V, S, N> &
  GroupMethods<F, V, S, N>

/** An aggregate: its value, and what may follow it. */
export interface AggregateMethods<out F extends Family, out V, out S extends Reads, out N extends string>
  extends WindowFunction<F, V, S, N>,
    Omit<GroupMethods<F, V, S, N>, 'filter'> {
  /** Only the rows for which the predicates hold: `count(*) filter (where "posts"."score" > $1)`. */
  filter<P extends readonly Expression<boolean | null, Reads, string, 'boolean'>[]>(
    ...predicates: P
  ): Aggregate<F, V, S | P[number]['~sources'], N>
}
/** An aggregate as an expression, which may also be made distinct, filtered, ordered, or computed over a window. */
export type Aggregate<F extends Family, V, S extends Reads, N extends string> = Typed<F, V, S, N> &
  AggregateMethods<F, V, S, N>

function aggregateOf(name: string, type: SqlType, ...args: ExpressionNode[]): never {
  return aggregate(name, type, ...args) as unknown as never
}

/**
 * The number of rows, or of rows in which an expression is not NULL: a number, never null.
 * @example
 * ```ts
 * select(count()).from(users) // select count(*) as "value" from "users"
 * count(posts.id) // count("posts"."id")
 * ```
 */
export function count(): Aggregate<'integer', number, never, never>
export function count<S extends Reads>(value: Expression<unknown, S>): Aggregate<'integer', number, S, never>
export function count(...value: unknown[]): never {
  return value.length === 0
    ? aggregateOf('count', COUNT)
    : aggregateOf('count', COUNT, toExpression('count', value[0]))
}

/** Of integers, a count; of others what they are. */
type SumValue<F extends NumberFamily, V> = F extends 'integer' ? number : Computed<V>

/** Sums are of a wider type than their parts, so that they do not overflow. */
interface SumOf {
  integer: 'integer'
  bigint: 'bigint'
  numeric: 'numeric'
  real: 'real'
}

/**
 * The sum; NULL over no rows. Of integers a number, of bigints a bigint, of numerics a decimal text.
 * @example
 * ```ts
 * coalesce(sum(posts.score), 0) // coalesce(sum("posts"."score"), $1::bigint)
 * ```
 */
export function sum<V, S extends Reads, N extends string, F extends NumberFamily>(
  value: Expression<V, S, N, F>,
): Aggregate<SumOf[F], SumValue<F, V> | null, S, never> {
  const node = toExpression('sum', value)
  return aggregateOf('sum', node.type.family === 'integer' ? COUNT : withoutLimits(node.type), node)
}

/** The mean as a number; NULL over no rows: `avg(cast("posts"."score" as double precision))`. */
export function avg<V, S extends Reads, N extends string, F extends NumberFamily>(
  value: Expression<V, S, N, F>,
): Aggregate<'real', number | null, S, never> {
  return aggregateOf('avg', DOUBLE, asDouble('avg', value))
}

/** Types whose values PostgreSQL does not order in `min` and `max`. */
type Ordered = Exclude<Family, 'json' | 'rows' | 'uuid' | 'bytes' | 'range' | 'multirange'>

/**
 * The smallest value; NULL over no rows: `min("posts"."score")`. Of booleans, whether all are true.
 *
 * PostgreSQL, of booleans: `bool_and("users"."active")`
 */
export function min<V, S extends Reads, N extends string, F extends Ordered>(
  value: Expression<V, S, N, F>,
): Aggregate<F, V | null, S, never> {
  return extreme('min', value)
}

/**
 * The greatest value; NULL over no rows: `max("posts"."score")`. Of booleans, whether any is true.
 *
 * PostgreSQL, of booleans: `bool_or("users"."active")`
 */
export function max<V, S extends Reads, N extends string, F extends Ordered>(
  value: Expression<V, S, N, F>,
): Aggregate<F, V | null, S, never> {
  return extreme('max', value)
}

/** Families and types of which no database, or only one, has a least value. */
const WITHOUT_EXTREMES =
  /^(json|uuid|bytes|range|multirange|macaddr8?|bit|varbit|xml|hstore|tsvector|tsquery)$/

function extreme(name: string, value: unknown): never {
  const node = toExpression(name, value)
  if (WITHOUT_EXTREMES.test(node.type.family) || WITHOUT_EXTREMES.test(storedAs(node.type).name)) {
    throw new BuildError(
      'no_operator',
      `${name}(…) of ${typeText(node.type)}: such values have no order; cast them to text.`,
    )
  }
  return aggregateOf(name, node.type, node)
}

/**
 * Whether a predicate holds for every row; rows for which it is unknown do not count, and over no others it is NULL.
 * @example
 * ```ts
 * boolAnd(posts.score.gt(0))
 * // PostgreSQL: bool_and("posts"."score" > $1)
 * // SQLite: min("posts"."score" > ?)
 * ```
 */
export function boolAnd<S extends Reads>(
  predicate: Expression<boolean | null, S, string, 'boolean'>,
): Aggregate<'boolean', boolean | null, S, never> {
  return aggregateOf('bool_and', BOOLEAN, requirePredicate('boolAnd', predicate))
}

/**
 * Whether a predicate holds for any row; rows for which it is unknown do not count, and over no others it is NULL.
 * @example
 * ```ts
 * boolOr(posts.score.gt(0))
 * // PostgreSQL: bool_or("posts"."score" > $1)
 * // SQLite: max("posts"."score" > ?)
 * ```
 */
export function boolOr<S extends Reads>(
  predicate: Expression<boolean | null, S, string, 'boolean'>,
): Aggregate<'boolean', boolean | null, S, never> {
  return aggregateOf('bool_or', BOOLEAN, requirePredicate('boolOr', predicate))
}

/**
 * The texts of the rows in one, with a separator between; NULL if there are none. Without `orderBy` their order is
 * left to the database. SQLite takes different texts only with the separator `','`.
 * @example
 * ```ts
 * stringAgg(users.email, ', ').orderBy(users.email)
 * // PostgreSQL: string_agg("users"."email", $1::text order by "users"."email")
 * // SQLite: group_concat("users"."email", ? order by "users"."email")
 * ```
 */
export function stringAgg<S extends Reads>(
  text: Expression<string | null, S, string, 'text'>,
  separator: string,
): Aggregate<'text', string | null, S, never> {
  return aggregateOf(
    'string_agg',
    TEXT,
    toExpression('stringAgg', text),
    toExpression('stringAgg', separator, TEXT),
  )
}
