import { BuildError, excerpt } from '../errors.js'
import type { TypeDefinition } from '../types/definition.js'
import {
  COUNT,
  DOUBLE,
  type Family,
  type FamilyValues,
  INTEGER,
  NUMERIC,
  type NumberFamily,
  type SqlType,
  TEXT,
  TIMESTAMPTZ,
  typeText,
  withoutLimits,
} from '../types/sql-type.js'
import type { Expression, NumberExpression, Reads, TextExpression, Typed } from './expression.js'
import { CastNode, FunctionNode, isFunctionName } from './function-node.js'
import { type ExpressionNode, toExpression } from './node.js'

function call(name: string, type: SqlType, ...args: ExpressionNode[]): never {
  return new FunctionNode(name, args, false, undefined, type) as unknown as never
}

/**
 * A text in lower case.
 * @example
 * ```ts
 * lower(users.email) // lower("users"."email")
 * ```
 */
export function lower<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
): TextExpression<V, S, N> {
  return call('lower', TEXT, toExpression('lower', text))
}

/** A text in upper case: `upper("users"."email")`. */
export function upper<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
): TextExpression<V, S, N> {
  return call('upper', TEXT, toExpression('upper', text))
}

/** A text without the spaces at both ends: `trim("users"."full_name")`. */
export function trim<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
): TextExpression<V, S, N> {
  return call('trim', TEXT, toExpression('trim', text))
}

/** The number of characters of a text: `length("users"."full_name")`. */
export function length<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('length', INTEGER, toExpression('length', text))
}

/**
 * A part of a text, from a character counted from 1, of a length; without a length, the rest. A start below 1 is
 * refused, since the databases count it differently.
 *
 * PostgreSQL: `substr("users"."email", $1::integer, $2::integer)` · SQLite: `substr("users"."email", ?, ?)`
 */
export function substring<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
  start: number,
  count?: number,
): TextExpression<V, S, N> {
  const from = toExpression('substring', positive('substring', start, 1), INTEGER)
  const args =
    count === undefined ? [from] : [from, toExpression('substring', positive('substring', count, 0), INTEGER)]
  return call('substr', TEXT, toExpression('substring', text), ...args)
}

function positive(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value
  throw new BuildError(
    'invalid_argument',
    `${name}(…) takes whole numbers from ${least}, not ${excerpt(value)}.`,
  )
}

/** Every occurrence of a text replaced by another: `replace("users"."email", $1::text, $2::text)`. */
export function replace<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
  search: string,
  replacement: string,
): TextExpression<V, S, N> {
  return call(
    'replace',
    TEXT,
    toExpression('replace', text),
    toExpression('replace', search, TEXT),
    toExpression('replace', replacement, TEXT),
  )
}

/**
 * A field of a text that is divided by a separator, counted from 1; empty if there is none.
 *
 * PostgreSQL: `split_part("t"."name", $1::text, $2::integer)` · SQLite: the same by a recursive query over the text
 */
export function splitPart<V, S extends Reads, N extends string>(
  text: Expression<V, S, N, 'text'>,
  separator: string,
  field: number,
): TextExpression<V, S, N> {
  if (separator === '')
    throw new BuildError('invalid_argument', 'splitPart(…) takes a separator that is not empty.')
  return call(
    'split_part',
    TEXT,
    toExpression('splitPart', text),
    toExpression('splitPart', separator, TEXT),
    toExpression('splitPart', positive('splitPart', field, 1), INTEGER),
  )
}

/** A number without its sign: `abs("posts"."score")`. */
export function abs<V, S extends Reads, N extends string, F extends NumberFamily>(
  value: Expression<V, S, N, F>,
): Typed<F, V, S, N> {
  const node = toExpression('abs', value)
  return call('abs', node.type, node)
}

/**
 * A number rounded to a number of digits behind the point, half away from zero.
 *
 * PostgreSQL: `round("t"."x", $1::integer)`; a floating-point number is cast to numeric and back · SQLite: `round("t"."x", ?)`,
 * of a numeric `round("t"."x" * 1.0000000000000004, ?)`, since 2.675 is stored as a little less
 */
export function round<V, S extends Reads, N extends string, F extends 'numeric' | 'real'>(
  value: Expression<V, S, N, F>,
  digits = 0,
): Typed<F, V, S, N> {
  const node = toExpression('round', value)
  return call('round', node.type, node, toExpression('round', positive('round', digits, 0), INTEGER))
}

/**
 * NULL if two values are equal, else the first.
 * @example
 * ```ts
 * nullIf(users.fullName, '') // nullif("users"."full_name", $1::text)
 * ```
 */
export function nullIf<V, S extends Reads, N extends string, F extends Family>(
  value: Expression<V, S, N, F>,
  other: NonNullable<V>,
): Typed<F, V | null, S, N> {
  const node = toExpression('nullIf', value)
  return call('nullif', node.type, node, toExpression('nullIf', other, withoutLimits(node.type)))
}

/**
 * The time at which the transaction began (PostgreSQL) or the statement runs (SQLite).
 *
 * PostgreSQL: `now()` · SQLite: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
 */
export function now(): Typed<'timestamptz', Date, never, never> {
  return call('now', TIMESTAMPTZ)
}

/** What may follow an aggregate or a window function. */
export interface WindowFunction<out F extends Family, out V, out S extends Reads, out N extends string> {
  /**
   * Computes the function over a window of rows instead of a group.
   * @example
   * ```ts
   * sum(posts.score).over({ partitionBy: posts.authorId, orderBy: posts.id })
   * // sum("posts"."score") over (partition by "posts"."author_id" order by "posts"."id")
   * ```
   */
  over<P extends Selectable = never, O extends Selectable = never>(window?: {
    readonly partitionBy?: P | readonly P[]
    readonly orderBy?: O | readonly O[]
  }): Typed<F, V, S | P['~sources'] | O['~sources'], N>
}
interface Selectable {
  readonly kind: string
  readonly '~sources': Reads
}

/** An aggregate: its value, and what may follow it. */
export interface AggregateMethods<out F extends Family, out V, out S extends Reads, out N extends string>
  extends WindowFunction<F, V, S, N> {
  /** Each different value once: `count(distinct "posts"."author_id")`. */
  distinct(): Aggregate<F, V, S, N>
  /** Only the rows for which the predicates hold: `count(*) filter (where "posts"."score" > $1)`. */
  filter<P extends readonly Expression<boolean | null, Reads, string, 'boolean'>[]>(
    ...predicates: P
  ): Aggregate<F, V, S | P[number]['~sources'], N>
}
/** An aggregate as an expression, which may also be made distinct, filtered, or computed over a window. */
export type Aggregate<F extends Family, V, S extends Reads, N extends string> = Typed<F, V, S, N> &
  AggregateMethods<F, V, S, N>

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
  return value.length === 0 ? call('count', COUNT) : call('count', COUNT, toExpression('count', value[0]))
}

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
): Aggregate<SumOf[F], FamilyValues[F] | null, S, never> {
  const node = toExpression('sum', value)
  return call(
    'sum',
    node.type.family === 'integer' ? COUNT : node.type.family === 'numeric' ? NUMERIC : node.type,
    node,
  )
}

/** The mean as a number; NULL over no rows: `avg(cast("posts"."score" as double precision))`. */
export function avg<V, S extends Reads, N extends string, F extends NumberFamily>(
  value: Expression<V, S, N, F>,
): Aggregate<'real', number | null, S, never> {
  return call('avg', DOUBLE, new CastNode(toExpression('avg', value), DOUBLE))
}

/** Types whose values PostgreSQL does not order in `min` and `max`. */
type Ordered = Exclude<Family, 'json' | 'uuid' | 'bytes'>

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

function extreme(name: string, value: unknown): never {
  const node = toExpression(name, value)
  const { family } = node.type
  if (family === 'json' || family === 'uuid' || family === 'bytes') {
    throw new BuildError(
      'no_operator',
      `${name}(…) of ${typeText(node.type)}: such values have no order; cast them to text.`,
    )
  }
  return call(name, node.type, node)
}

/** The number of a row within its window, from 1: `row_number() over (…)`. */
export function rowNumber(): WindowFunction<'integer', number, never, never> {
  return call('row_number', COUNT)
}

/** The rank of a row within its window; equal rows share one and leave a gap: `rank() over (…)`. */
export function rank(): WindowFunction<'integer', number, never, never> {
  return call('rank', COUNT)
}

/** The rank of a row within its window, without gaps: `dense_rank() over (…)`. */
export function denseRank(): WindowFunction<'integer', number, never, never> {
  return call('dense_rank', COUNT)
}

/**
 * A function of the database that Espalier has no name for, with the type of its result: nullable unless the type is
 * `notNull()`.
 * @example
 * ```ts
 * fn('md5', text(), users.email) // md5("users"."email")
 * ```
 */
export function fn<V, F extends Family, A extends readonly Expression<unknown>[]>(
  name: string,
  type: TypeDefinition<V, F>,
  ...args: A
): Typed<F, V, A[number]['~sources'], A[number]['~nulledBy']> {
  if (!isFunctionName(name)) {
    throw new BuildError('invalid_name', `fn(${excerpt(name)}, …): this is no name of a function.`)
  }
  return call(name, type.sqlType, ...args.map((arg) => toExpression(name, arg)))
}
