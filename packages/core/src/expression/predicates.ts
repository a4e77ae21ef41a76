import { BuildError, excerpt } from '../errors.js'
import type { BooleanExpression, Expression, Predicate, Reads } from './expression.js'
import { ExistsNode } from './function-node.js'
import { connect, type ExpressionNode, isQueryNode, requirePredicate, TRUE } from './node.js'
import type { Statement } from './statement.js'

type SourcesOf<P extends readonly Predicate[]> = P[number]['~sources']
type NulledByOf<P extends readonly Predicate[]> = P[number]['~nulledBy']
type ValueOf<P extends readonly Predicate[]> = P[number]['~value']

function all(place: string, predicates: readonly unknown[]): readonly ExpressionNode[] {
  for (let i = 0; i < predicates.length; i++) requirePredicate(place, predicates[i])
  return predicates as readonly ExpressionNode[]
}

/**
 * All of the predicates hold. Of none at all: `true`.
 * @example
 * ```ts
 * and(users.orgId.eq(1), users.fullName.isNotNull())
 * // "users"."org_id" = $1 and "users"."full_name" is not null
 * ```
 */
export function and<P extends readonly Predicate[]>(
  ...predicates: P
): BooleanExpression<boolean | ValueOf<P>, SourcesOf<P>, NulledByOf<P>> {
  return connect('and', all('and', predicates)) as unknown as BooleanExpression<
    boolean | ValueOf<P>,
    SourcesOf<P>,
    NulledByOf<P>
  >
}

/**
 * At least one of the predicates holds. Of none at all: `false`.
 * @example
 * ```ts
 * or(users.email.like('%@x.org'), users.fullName.isNull())
 * // "users"."email" like $1 or "users"."full_name" is null
 * ```
 */
export function or<P extends readonly Predicate[]>(
  ...predicates: P
): BooleanExpression<boolean | ValueOf<P>, SourcesOf<P>, NulledByOf<P>> {
  return connect('or', all('or', predicates)) as unknown as BooleanExpression<
    boolean | ValueOf<P>,
    SourcesOf<P>,
    NulledByOf<P>
  >
}

/**
 * The opposite of a predicate, written the way people read it.
 * @example
 * ```ts
 * not(users.email.eq('a@x.org')) // "users"."email" <> $1
 * not(or(users.orgId.eq(1), users.orgId.eq(2))) // not ("users"."org_id" = $1 or "users"."org_id" = $2)
 * ```
 */
export function not<V, S extends Reads, N extends string>(
  predicate: Expression<V, S, N, 'boolean'>,
): BooleanExpression<V, S, N> {
  return requirePredicate('not', predicate).opposite() as unknown as BooleanExpression<V, S, N>
}

/**
 * Whether a query returns any row. Sources that the query lacks are those of the query around it.
 * @example
 * ```ts
 * exists(select(posts.id).from(posts).where(posts.authorId.eq(users.id)))
 * // exists (select "posts"."id" as "value" from "posts" where "posts"."author_id" = "users"."id")
 * ```
 */
export function exists<Needs extends Reads>(
  query: Statement<unknown, Needs>,
): BooleanExpression<boolean, Needs, never> {
  if (!isQueryNode(query)) {
    throw new BuildError('invalid_query', `exists(…) takes a select, not ${excerpt(query)}.`)
  }
  return new ExistsNode(query) as unknown as BooleanExpression<boolean, Needs, never>
}

/**
 * A predicate for an optional filter: that of the function if there is a value, `true` (which `where` leaves out)
 * if the value is undefined, null or false.
 * @example
 * ```ts
 * select(users).from(users).where(when(name, (n) => users.fullName.eq(n)))
 * ```
 */
export function when<T, V, S extends Reads, N extends string>(
  value: T,
  predicate: (value: Exclude<T, undefined | null | false>) => Expression<V, S, N, 'boolean'>,
): BooleanExpression<V | boolean, S, N> {
  const skipped = value === undefined || value === null || value === false
  const result = skipped
    ? TRUE
    : requirePredicate('when', predicate(value as Exclude<T, undefined | null | false>))
  return result as unknown as BooleanExpression<V | boolean, S, N>
}
