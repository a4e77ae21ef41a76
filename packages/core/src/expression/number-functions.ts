import { BuildError, excerpt } from '../errors.js'
import { DOUBLE, INTEGER, type NumberFamily } from '../types/sql-type.js'
import { asDouble, call } from './call.js'
import type { Expression, NumberExpression, Reads, Typed } from './expression.js'
import { CastNode, FunctionNode } from './function-node.js'
import { toExpression } from './node.js'
import { RoundNode } from './round-node.js'

type AnyNumber<V, S extends Reads, N extends string> = Expression<V, S, N, NumberFamily>
type Real<V, S extends Reads, N extends string> = NumberExpression<V, S, N, 'real'>

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
  if (Number.isInteger(digits) && digits >= 0) {
    const places = toExpression('round', digits, INTEGER)
    return node.type.family === 'real'
      ? (new RoundNode(node, places, node.type) as unknown as never)
      : call('round', node.type, node, places)
  }
  throw new BuildError(
    'invalid_argument',
    `round(…) takes whole numbers of digits from 0, not ${excerpt(digits)}.`,
  )
}

/**
 * The least whole number that is not less than a number, in the type of that.
 *
 * PostgreSQL: `ceil("t"."x")` · SQLite: the same, of a numeric by its 15 digits
 */
export function ceil<V, S extends Reads, N extends string, F extends 'numeric' | 'real'>(
  value: Expression<V, S, N, F>,
): Typed<F, V, S, N> {
  const node = toExpression('ceil', value)
  return call('ceil', node.type, node)
}

/**
 * The greatest whole number that is not greater than a number, in the type of that.
 *
 * PostgreSQL: `floor("t"."x")` · SQLite: the same, of a numeric by its 15 digits
 */
export function floor<V, S extends Reads, N extends string, F extends 'numeric' | 'real'>(
  value: Expression<V, S, N, F>,
): Typed<F, V, S, N> {
  const node = toExpression('floor', value)
  return call('floor', node.type, node)
}

/**
 * A number without its fraction, in the type of that.
 *
 * PostgreSQL: `trunc("t"."x")` · SQLite: the same, of a numeric by its 15 digits
 */
export function trunc<V, S extends Reads, N extends string, F extends 'numeric' | 'real'>(
  value: Expression<V, S, N, F>,
): Typed<F, V, S, N> {
  const node = toExpression('trunc', value)
  return call('trunc', node.type, node)
}

/**
 * -1, 0 or 1, as a number is less than, equal to or greater than zero.
 * @example
 * ```ts
 * sign(posts.score)
 * // PostgreSQL: cast(sign("posts"."score") as integer)
 * // SQLite: cast(sign("posts"."score") as integer)
 * ```
 */
export function sign<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return new CastNode(
    new FunctionNode('sign', [toExpression('sign', value)], INTEGER),
    INTEGER,
  ) as unknown as never
}

function real(name: string, ...values: unknown[]): never {
  return call(name, DOUBLE, ...values.map((value) => asDouble(name, value)))
}

/**
 * The square root; of a negative number an error in PostgreSQL and NULL in SQLite; computed with floating-point numbers.
 * @example
 * ```ts
 * sqrt(posts.score) // sqrt(cast("posts"."score" as double precision))
 * ```
 */
export function sqrt<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | null, S, N> {
  return real('sqrt', value)
}

/**
 * The natural logarithm; of zero or less an error in PostgreSQL and NULL in SQLite; computed with floating-point numbers.
 * @example
 * ```ts
 * ln(posts.score) // ln(cast("posts"."score" as double precision))
 * ```
 */
export function ln<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | null, S, N> {
  return real('ln', value)
}

/**
 * The logarithm to base 10; of zero or less an error in PostgreSQL and NULL in SQLite; computed with floating-point numbers.
 * @example
 * ```ts
 * log10(posts.score) // log10(cast("posts"."score" as double precision))
 * ```
 */
export function log10<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | null, S, N> {
  return real('log10', value)
}

/**
 * The angle in radians with a sine; beyond -1 and 1 an error in PostgreSQL and NULL in SQLite; computed with floating-point numbers.
 * @example
 * ```ts
 * asin(posts.score) // asin(cast("posts"."score" as double precision))
 * ```
 */
export function asin<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | null, S, N> {
  return real('asin', value)
}

/**
 * The angle in radians with a cosine; beyond -1 and 1 an error in PostgreSQL and NULL in SQLite; computed with floating-point numbers.
 * @example
 * ```ts
 * acos(posts.score) // acos(cast("posts"."score" as double precision))
 * ```
 */
export function acos<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | null, S, N> {
  return real('acos', value)
}

/**
 * The number e to a power; computed with floating-point numbers.
 * @example
 * ```ts
 * exp(posts.score) // exp(cast("posts"."score" as double precision))
 * ```
 */
export function exp<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('exp', value)
}

/**
 * The sine of an angle in radians; computed with floating-point numbers.
 * @example
 * ```ts
 * sin(posts.score) // sin(cast("posts"."score" as double precision))
 * ```
 */
export function sin<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('sin', value)
}

/**
 * The cosine of an angle in radians; computed with floating-point numbers.
 * @example
 * ```ts
 * cos(posts.score) // cos(cast("posts"."score" as double precision))
 * ```
 */
export function cos<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('cos', value)
}

/**
 * The tangent of an angle in radians; computed with floating-point numbers.
 * @example
 * ```ts
 * tan(posts.score) // tan(cast("posts"."score" as double precision))
 * ```
 */
export function tan<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('tan', value)
}

/**
 * The angle in radians with a tangent; computed with floating-point numbers.
 * @example
 * ```ts
 * atan(posts.score) // atan(cast("posts"."score" as double precision))
 * ```
 */
export function atan<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('atan', value)
}

/**
 * An angle in radians as degrees; computed with floating-point numbers.
 * @example
 * ```ts
 * degrees(posts.score) // degrees(cast("posts"."score" as double precision))
 * ```
 */
export function degrees<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('degrees', value)
}

/**
 * An angle in degrees as radians; computed with floating-point numbers.
 * @example
 * ```ts
 * radians(posts.score) // radians(cast("posts"."score" as double precision))
 * ```
 */
export function radians<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
): Real<number | (V & null), S, N> {
  return real('radians', value)
}

/**
 * A number to a power; where that is no number (a root of a negative one, a negative power of zero) an error in
 * PostgreSQL and NULL or infinity in SQLite. Computed with floating-point numbers.
 * @example
 * ```ts
 * power(posts.score, 2) // power(cast("posts"."score" as double precision), $1::double precision)
 * ```
 */
export function power<V, S extends Reads, N extends string>(
  value: AnyNumber<V, S, N>,
  exponent: number,
): Real<number | null, S, N>
export function power<V, S extends Reads, N extends string, V2, S2 extends Reads, N2 extends string>(
  value: AnyNumber<V, S, N>,
  exponent: AnyNumber<V2, S2, N2>,
): Real<number | null, S | S2, N | N2>
export function power(value: unknown, exponent: unknown): never {
  return real('power', value, exponent)
}

/**
 * The angle in radians of a point, from its `y` and `x`.
 * @example
 * ```ts
 * atan2(posts.score, posts.id)
 * // atan2(cast("posts"."score" as double precision), cast("posts"."id" as double precision))
 * ```
 */
export function atan2<V, S extends Reads, N extends string, V2, S2 extends Reads, N2 extends string>(
  y: AnyNumber<V, S, N>,
  x: AnyNumber<V2, S2, N2>,
): Real<number | ((V | V2) & null), S | S2, N | N2> {
  return real('atan2', y, x)
}

/** The number pi: `pi()`. */
export function pi(): Real<number, never, never> {
  return call('pi', DOUBLE)
}

/**
 * Another number from 0 to 1, without 1, for each row.
 * @example
 * ```ts
 * random()
 * // PostgreSQL: random()
 * // SQLite: ((random() & 9007199254740991) / 9007199254740992.0)
 * ```
 */
export function random(): Real<number, never, never> {
  return call('random', DOUBLE)
}
