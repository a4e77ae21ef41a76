import { BuildError, excerpt } from '../errors.js'
import type { TypeDefinition } from '../types/definition.js'
import {
  type Family,
  INTEGER,
  type NumberFamily,
  TEXT,
  TIMESTAMPTZ,
  withoutLimits,
} from '../types/sql-type.js'
import { call } from './call.js'
import type { Expression, NumberExpression, Reads, TextExpression, Typed } from './expression.js'
import { CallNode, isFunctionName } from './function-node.js'
import { toExpression } from './node.js'

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
  const nodes = args.map((arg) => toExpression(name, arg))
  return new CallNode(name, nodes, type.sqlType) as unknown as never
}
