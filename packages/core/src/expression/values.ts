import { BuildError, excerpt } from '../errors.js'
import type { TypeDefinition } from '../types/definition.js'
import { sameRows } from '../types/same-rows.js'
import {
  DOUBLE,
  type Family,
  type FamilyValues,
  readAlike,
  type SqlType,
  UNKNOWN,
  withoutLimits,
} from '../types/sql-type.js'
import type { Expression, FamilyOf, Predicate, Reads, Typed, Unbound } from './expression.js'
import { CaseNode, CastNode, FunctionNode } from './function-node.js'
import {
  type ExpressionNode,
  isExpression,
  NamedParameterNode,
  requirePredicate,
  toExpression,
} from './node.js'

/**
 * A value that is given by name when a prepared statement runs.
 * @example
 * ```ts
 * const byEmail = db.prepare(select(users).from(users).where(users.email.eq(param('email', text()))))
 * await byEmail.first({ email: 'a@x.org' })
 * ```
 */
export function param<const Name extends string, V, F extends Family>(
  name: Name,
  type: TypeDefinition<V, F>,
): Typed<F, NonNullable<V>, Unbound<Name, NonNullable<V>>, never>
/** A named value that may be null. */
export function param<const Name extends string, V, F extends Family>(
  name: Name,
  type: TypeDefinition<V, F>,
  options: { readonly nullable: true },
): Typed<F, V | null, Unbound<Name, V | null>, never>
export function param(
  name: string,
  type: TypeDefinition<unknown, Family>,
  options?: { readonly nullable: true },
) {
  return new NamedParameterNode(name, type.sqlType, options?.nullable === true) as unknown as never
}

/**
 * A JavaScript value as an expression, for places that take only expressions. As everywhere, dates and bytes are copied
 * when they are given; an object of JSON is not, and must not change before the statement has run once.
 *
 * Throws a `BuildError` without a type.
 * @example
 * ```ts
 * select({ kind: literal('user', text()), id: users.id }).from(users) // select $1::text as "kind", …
 * ```
 */
export function literal<V, F extends Family>(
  value: NonNullable<V>,
  type: TypeDefinition<V, F>,
): Typed<F, NonNullable<V>, never, never> {
  if (type?.sqlType === undefined) {
    throw new BuildError(
      'invalid_type',
      `literal(value, type) takes a type such as text(), not ${excerpt(type)}.`,
    )
  }
  return toExpression('literal', value, type.sqlType) as unknown as Typed<F, NonNullable<V>, never, never>
}

/**
 * A value converted to another type by the database.
 * @example
 * ```ts
 * cast(users.id, text()) // cast("users"."id" as text)
 * ```
 */
export function cast<V, S extends Reads, N extends string, V2, F2 extends Family>(
  value: Expression<V, S, N>,
  type: TypeDefinition<V2, F2>,
): Typed<F2, NonNullable<V2> | (V & null), S, N> {
  const node = new CastNode(toExpression('cast', value), type.sqlType)
  return node as unknown as Typed<F2, NonNullable<V2> | (V & null), S, N>
}

/**
 * The same expression, typed as one that may be null, where others depend on that: in the base of a recursive CTE whose
 * step may give NULL, or in a column that {@link rollup} groups out. It changes no SQL.
 * @example
 * ```ts
 * nullable(users.email) // "users"."email"
 * ```
 */
export function nullable<V, S extends Reads, N extends string, F extends Family>(
  value: Expression<V, S, N, F>,
): Typed<F, V | null, S, N> {
  return toExpression('nullable', value) as unknown as Typed<F, V | null, S, N>
}

type Widen<V> = V extends string ? string : V extends number ? number : V extends boolean ? boolean : V
type ResultValue<R> = R extends { readonly '~value': infer V } ? V : Widen<R>
type ResultSources<R> = R extends { readonly '~sources': infer S extends Reads } ? S : never
type ResultNulledBy<R> = R extends { readonly '~nulledBy': infer N extends string } ? N : never
type ResultFamily<R> = R extends { readonly '~family': infer F extends Family } ? F : FamilyOf<Widen<R>>

/** A `case` that has branches and may take more; {@link else} or {@link end} closes it. */
export interface CaseBuilder<out F extends Family, out V, out S extends Reads, out N extends string> {
  /** Another branch, tried if none before it applied. */
  when<
    P extends Predicate,
    R extends FamilyValues[F] | NonNullable<V> | Expression<unknown, Reads, string, F> | null,
  >(
    condition: P,
    result: R,
  ): CaseBuilder<F, V | ResultValue<R>, S | P['~sources'] | ResultSources<R>, N | ResultNulledBy<R>>
  /** The result if no branch applied. */
  else<R extends FamilyValues[F] | NonNullable<V> | Expression<unknown, Reads, string, F> | null>(
    result: R,
  ): Typed<F, V | ResultValue<R>, S | ResultSources<R>, N | ResultNulledBy<R>>
  /** Closes the case; NULL if no branch applied. */
  end(): Typed<F, V | null, S, N>
}

/**
 * The result of the first condition that holds.
 * @example
 * ```ts
 * caseWhen(posts.score.gt(100), 'hot').when(posts.score.gt(10), 'warm').else('cold')
 * // case when "posts"."score" > $1 then $2::text when "posts"."score" > $3 then $4::text else $5::text end
 * ```
 */
export function caseWhen<P extends Predicate, R>(
  condition: P,
  result: R,
): CaseBuilder<ResultFamily<R>, ResultValue<R>, P['~sources'] | ResultSources<R>, ResultNulledBy<R>> {
  const builder = new OpenCase([requirePredicate('caseWhen', condition)], [toResult(result)])
  return builder as unknown as CaseBuilder<
    ResultFamily<R>,
    ResultValue<R>,
    P['~sources'] | ResultSources<R>,
    ResultNulledBy<R>
  >
}

class OpenCase {
  constructor(
    private readonly conditions: readonly ExpressionNode[],
    private readonly results: readonly ExpressionNode[],
  ) {}
  when(condition: unknown, result: unknown): OpenCase {
    return new OpenCase(
      [...this.conditions, requirePredicate('when', condition)],
      [...this.results, toResult(result)],
    )
  }
  else(result: unknown): ExpressionNode {
    const otherwise = toResult(result)
    return this.close([...this.results, otherwise], true)
  }
  end(): ExpressionNode {
    return this.close(this.results, false)
  }
  private close(all: readonly ExpressionNode[], hasElse: boolean): ExpressionNode {
    const type = commonType('case', all)
    const typed = all.map((result) => withType(result, type))
    const results = hasElse ? typed.slice(0, -1) : typed
    return new CaseNode(this.conditions, results, hasElse ? typed.at(-1) : undefined, type)
  }
}

function toResult(value: unknown): ExpressionNode {
  return toExpression('the result of a case', value)
}

/** Nested rows are read by the columns of one query: others, and values, cannot stand beside them. */
function requireSameRows(place: string, nodes: readonly ExpressionNode[], first: SqlType): void {
  const isOfThem = ({ kind, type }: ExpressionNode) =>
    kind === 'constant' || (kind !== 'parameter' && sameRows(type, first))
  if (nodes.every(isOfThem)) return
  throw new BuildError(
    'mixed_types',
    `The nested rows of this ${place} have different columns, or stand beside a value: they must select the same keys of ` +
      'the same types in the same order. Or select each by itself, and choose in the program.',
  )
}

/** The one type of several expressions: that of an expression with a stated type before that of bare values. */
export function commonType(place: string, nodes: readonly ExpressionNode[]): SqlType {
  const stated = nodes.filter(
    (node) => (node.kind !== 'parameter' && node.kind !== 'constant') || node.type.base !== undefined,
  )
  const known = (stated.length > 0 ? stated : nodes)
    .map((node) => node.type)
    .filter((type) => type.name !== 'unknown')
  const first = known[0]
  if (first === undefined) return UNKNOWN
  if (known.some(isDouble) && known.every((type) => isDouble(type) || type.name === 'integer')) return DOUBLE
  if (first.family === 'rows') requireSameRows(place, nodes, first)
  const other = known.find((type) => type.family !== first.family || !readAlike(type, first))
  if (other === undefined) return first
  throw new BuildError(
    'mixed_types',
    `The values of this ${place} are of different types, ${first.name} and ${other.name}; cast them to one.`,
  )
}

const isDouble = (type: SqlType): boolean => type.name === 'double'

/** A bare value takes the type of the company it is in. */
export function withType(node: ExpressionNode, type: SqlType): ExpressionNode {
  return node.kind === 'parameter' ||
    (node.kind === 'constant' && (node as { value?: unknown }).value === null)
    ? toExpression('a value', (node as unknown as { value: unknown }).value, withoutLimits(type))
    : node
}

/**
 * The first of the values that is not NULL.
 * @example
 * ```ts
 * coalesce(users.fullName, users.email) // coalesce("users"."full_name", "users"."email")
 * coalesce(posts.title, 'untitled') // coalesce("posts"."title", $1::text) — never null
 * ```
 */
export function coalesce<V, S extends Reads, N extends string, F extends Family>(
  first: Expression<V, S, N, F>,
  otherwise: NonNullable<V>,
): Typed<F, NonNullable<V>, S, never>
export function coalesce<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  V2 extends NonNullable<V> | null,
  S2 extends Reads,
  N2 extends string,
>(
  first: Expression<V, S, N, F>,
  otherwise: Expression<V2, S2, N2, F>,
): Typed<F, NonNullable<V> | V2, S | S2, N2>
export function coalesce<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  V2 extends NonNullable<V> | null,
  S2 extends Reads,
  N2 extends string,
>(
  first: Expression<V, S, N, F>,
  second: Expression<V2, S2, N2, F>,
  otherwise: NonNullable<V>,
): Typed<F, NonNullable<V>, S | S2, never>
export function coalesce(first: unknown, ...others: unknown[]): never {
  return coalesceNode(first, others) as unknown as never
}

function coalesceNode(first: unknown, others: readonly unknown[]): ExpressionNode {
  if (!isExpression(first)) {
    throw new BuildError(
      'invalid_argument',
      'coalesce(…) takes an expression first: a value there would always win.',
    )
  }
  return callWith('coalesce', first, others)
}

/** A call whose arguments are all of one type. */
function callWith(name: string, first: ExpressionNode, others: readonly unknown[]): ExpressionNode {
  const rest = others.map((value) =>
    toExpression(name, value, first.type.name === 'unknown' ? undefined : withoutLimits(first.type)),
  )
  return new FunctionNode(name, [first, ...rest], commonType(name, [first, ...rest]))
}
