import { BuildError, excerpt } from '../errors.js'
import type { TypeDefinition } from '../types/definition.js'
import { type Family, readAlike, type SqlType, typeText, withoutLimits } from '../types/sql-type.js'
import { type Argument, call, type NulledByOf, type NullOf, type SourcesOf } from './call.js'
import type { Expression, Reads, Typed } from './expression.js'
import { CallNode, isFunctionName } from './function-node.js'
import { type ExpressionNode, toExpression } from './node.js'

/**
 * NULL if two values are equal, else the first.
 * @example
 * ```ts
 * nullIf(users.fullName, '') // nullif("users"."full_name", $1::text)
 * nullIf(users.fullName, users.email) // nullif("users"."full_name", "users"."email")
 * ```
 */
export function nullIf<V, S extends Reads, N extends string, F extends Family>(
  value: Expression<V, S, N, F>,
  other: NonNullable<V>,
): Typed<F, V | null, S, N>
export function nullIf<V, S extends Reads, N extends string, F extends Family, S2 extends Reads>(
  value: Expression<V, S, N, F>,
  other: Expression<unknown, S2, string, F>,
): Typed<F, V | null, S | S2, N>
export function nullIf(value: unknown, other: unknown): never {
  const node = toExpression('nullIf', value)
  return call('nullif', node.type, node, toExpression('nullIf', other, withoutLimits(node.type)))
}

/** The arguments that are not NULL by themselves. */
type NotNull<A> = A extends { readonly '~value': infer V } ? ([V & null] extends [never] ? A : never) : A
/** The arguments that no outer join makes NULL either. */
type Present<A> = A extends { readonly '~nulledBy': infer N } ? ([N] extends [never] ? A : never) : A

/** The greatest or smallest of several values: NULL only if all of them are, `A` among them. */
type Extreme<F extends Family, V, S extends Reads, A> = [NotNull<A>] extends [never]
  ? Typed<F, V | NullOf<A>, S, NulledByOf<A>>
  : Typed<F, NonNullable<V>, S, [Present<NotNull<A>>] extends [never] ? NulledByOf<NotNull<A>> : never>

/**
 * The greatest of several values; NULL only if all are.
 * @example
 * ```ts
 * greatest(posts.score, 0)
 * // PostgreSQL: greatest("posts"."score", $1::integer)
 * // SQLite: max(coalesce("posts"."score", ?), ?)
 * ```
 */
export function greatest<
  V,
  S extends Reads,
  N extends string,
  F extends Exclude<Family, 'json' | 'rows'>,
  A extends readonly [Argument<F> | NonNullable<V>, ...(Argument<F> | NonNullable<V>)[]],
>(
  first: Expression<V, S, N, F>,
  ...others: A
): Extreme<F, V, S | SourcesOf<A[number]>, Expression<V, never, N> | A[number]> {
  return extreme('greatest', first, others)
}

/**
 * The smallest of several values; NULL only if all are.
 * @example
 * ```ts
 * least(posts.score, 100)
 * // PostgreSQL: least("posts"."score", $1::integer)
 * // SQLite: min(coalesce("posts"."score", ?), ?)
 * ```
 */
export function least<
  V,
  S extends Reads,
  N extends string,
  F extends Exclude<Family, 'json' | 'rows'>,
  A extends readonly [Argument<F> | NonNullable<V>, ...(Argument<F> | NonNullable<V>)[]],
>(
  first: Expression<V, S, N, F>,
  ...others: A
): Extreme<F, V, S | SourcesOf<A[number]>, Expression<V, never, N> | A[number]> {
  return extreme('least', first, others)
}

function extreme(name: string, first: unknown, others: readonly unknown[]): never {
  const node = toExpression(name, first)
  const type = withoutLimits(node.type)
  const args = others.map((value) => oneOf(name, type, toExpression(name, value, type)))
  if (args.length > 0) return call(name, type, oneOf(name, type, node), ...args)
  throw new BuildError(
    'invalid_argument',
    `${name}(…) takes several values; this is one. Of rows, write max or min.`,
  )
}

function oneOf(name: string, type: SqlType, node: ExpressionNode): ExpressionNode {
  if (node.type.family === type.family && type.family !== 'json' && readAlike(node.type, type)) return node
  throw new BuildError(
    'mixed_types',
    `${name}(…) takes values of one type that has an order, not ${typeText(type)} and ${typeText(node.type)}.`,
  )
}

/**
 * A function of the database that Espalier has no name for, called as it is named, with the type of its result:
 * nullable unless the type is `notNull()`.
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
