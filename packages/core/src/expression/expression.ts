import type { Node } from '../tree/node.js'
import type { Family, NumberFamily } from '../types/sql-type.js'
import type { Reads } from './reads.js'
import type { Statement } from './statement.js'

export type { Reads, Unbound } from './reads.js'

/**
 * A value in SQL, typed by what it is in JavaScript, where it comes from and what would make it null.
 *
 * - `V`: the JavaScript value, `null` included if it can be NULL by itself.
 * - `S`: the names of the sources (tables, aliases) that it reads, and its named parameters.
 * - `N`: the sources whose outer join makes it NULL.
 * - `F`: the family of its SQL type, which decides its operators.
 *
 * It is a node of the tree and belongs to no statement: a predicate written once serves every query that has its
 * sources. The properties in quotation marks exist for the type checker only.
 */
export interface Expression<
  out V,
  out S extends Reads = Reads,
  out N extends string = string,
  out F extends Family = Family,
> extends Node {
  readonly '~value': V
  readonly '~sources': S
  readonly '~nulledBy': N
  readonly '~family': F

  /**
   * Whether the value is NULL.
   * @example
   * ```ts
   * users.fullName.isNull() // "users"."full_name" is null
   * ```
   */
  isNull(): BooleanExpression<boolean, S, never>

  /**
   * Whether there is a value.
   * @example
   * ```ts
   * users.fullName.isNotNull() // "users"."full_name" is not null
   * ```
   */
  isNotNull(): BooleanExpression<boolean, S, never>
}

/**
 * A document made of parts. It is not NULL itself where an outer join leaves out the source of one of them, but that part
 * is then null in it: `W` is what the document is there.
 */
export interface MadeOfParts<out W> {
  readonly '~withNulls': W
}

/** What an expression is where an outer join leaves out a source that it reads. */
export type NulledValue<E extends { readonly '~value': unknown }> =
  E extends MadeOfParts<infer W> ? W : E['~value'] | null

/** Any expression that can be true, false or unknown: what `where`, `having` and `on` take. */
export type Predicate<S extends Reads = Reads> = Expression<boolean | null, S, string, 'boolean'>

/** What a place for one predicate asks for: any {@link Predicate}, by the parts that are quickly compared. */
export interface Condition<out S extends Reads = Reads> {
  readonly '~value': boolean | null
  readonly '~sources': S
  readonly '~family': 'boolean'
}

/**
 * Names the way out in the error message for `eq(null)`, which SQL never finds true. Operands list it beside what they
 * take, without an alias for the whole, since the message would name only the alias.
 */
export interface UseIsNullInstead {
  readonly 'use isNull() or isNotNull()': never
}

type Nullable<V> = V & null
/** Expressions whose values can be compared; `G` is what they compare with. */
export interface ComparableExpression<
  out V,
  out S extends Reads,
  out N extends string,
  out F extends Family,
  in G extends Family,
> extends Expression<V, S, N, F> {
  /**
   * Equal. NULL on either side gives NULL; compare with NULL by {@link Expression.isNull}.
   * @example
   * ```ts
   * users.email.eq('a@x.org') // "users"."email" = $1
   * posts.authorId.eq(users.id) // "posts"."author_id" = "users"."id"
   * ```
   */
  eq<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Not equal: `"users"."email" <> $1`. NULL on either side gives NULL. */
  ne<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Greater than: `"posts"."score" > $1`. */
  gt<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Greater than or equal: `"posts"."score" >= $1`. */
  gte<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Less than: `"posts"."score" < $1`. */
  lt<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Less than or equal: `"posts"."score" <= $1`. */
  lte<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /**
   * Different, where NULL equals NULL: never NULL itself.
   *
   * `"a"."x" is distinct from $1`
   */
  isDistinctFrom<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | null,
  ): BooleanExpression<boolean, S | NoInfer<S2>, never>

  /**
   * The same, where NULL equals NULL: never NULL itself.
   *
   * `"a"."x" is not distinct from $1`
   */
  isNotDistinctFrom<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, G> | null,
  ): BooleanExpression<boolean, S | NoInfer<S2>, never>

  /** Within two bounds, both included: `"posts"."score" between $1 and $2`. */
  between<
    V2 = never,
    S2 extends Reads = never,
    N2 extends string = never,
    V3 = never,
    S3 extends Reads = never,
    N3 extends string = never,
  >(
    low: NonNullable<V> | Expression<V2, S2, N2, G> | UseIsNullInstead,
    high: NonNullable<V> | Expression<V3, S3, N3, G> | UseIsNullInstead,
  ): BooleanExpression<
    boolean | Nullable<V | NoInfer<V2> | NoInfer<V3>>,
    S | NoInfer<S2> | NoInfer<S3>,
    N | NoInfer<N2> | NoInfer<N3>
  >

  /**
   * One of a list of values, or of the rows of a query of one column. An empty list is never true.
   * @example
   * ```ts
   * users.id.in([1n, 2n]) // "users"."id" in ($1, $2)
   * users.id.in([]) // false
   * users.id.in(select(posts.authorId).from(posts)) // "users"."id" in (select "posts"."author_id" as "value" from "posts")
   * ```
   */
  in<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    values:
      | readonly (NonNullable<V> | Expression<V2, S2, N2, G>)[]
      | Statement<NonNullable<V> | Nullable<V2>, S2>,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** None of a list of values, or of the rows of a query of one column. An empty list is always true. */
  notIn<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    values: readonly (NonNullable<V> | Expression<V2, S2, N2, G>)[] | Statement<NonNullable<V>, S2>,
  ): BooleanExpression<boolean | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Smallest first, for `orderBy`. */
  asc(): Ordering<S>

  /** Greatest first, for `orderBy`. */
  desc(): Ordering<S>
}

/** A place in `orderBy`: an expression with a direction. */
export interface Ordering<out S extends Reads = Reads> extends Node {
  readonly '~sources': S
  readonly '~ordering': true

  /** NULL before all values, whatever the database does by default: `… nulls first`. */
  nullsFirst(): Ordering<S>

  /** NULL after all values, whatever the database does by default: `… nulls last`. */
  nullsLast(): Ordering<S>
}

/** The family that arithmetic between two families gives: the wider one. */
interface Promotion {
  integer: { integer: 'integer'; bigint: 'bigint'; numeric: 'numeric'; real: 'real' }
  bigint: { integer: 'bigint'; bigint: 'bigint'; numeric: 'numeric'; real: 'real' }
  numeric: { integer: 'numeric'; bigint: 'numeric'; numeric: 'numeric'; real: 'real' }
  real: { integer: 'real'; bigint: 'real'; numeric: 'real'; real: 'real' }
}
/** What is computed of values: any value of their kind. */
export type Computed<V> = V extends number
  ? number
  : V extends string
    ? string
    : V extends bigint
      ? bigint
      : V
/** The result has the values of the side whose family it has: of the left one, if both have it. */
type Arithmetic<
  F extends NumberFamily,
  F2 extends NumberFamily,
  V,
  V2,
  S extends Reads,
  N extends string,
> = NumberExpression<
  Computed<Promotion[F][F2] extends F ? V | Nullable<V2> : V2 | Nullable<V>>,
  S,
  N,
  Promotion[F][F2]
>

/** A number in SQL. Between different kinds of numbers the wider kind results, as in the databases. */
export interface NumberExpression<
  out V,
  out S extends Reads,
  out N extends string,
  out F extends NumberFamily,
> extends ComparableExpression<V, S, N, F, NumberFamily> {
  /** Sum: `"posts"."score" + $1`. */
  add<V2 = never, S2 extends Reads = never, N2 extends string = never, F2 extends NumberFamily = F>(
    other: NonNullable<V> | Expression<V2, S2, N2, F2> | UseIsNullInstead,
  ): Arithmetic<F, F2, V, NoInfer<V2>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Difference: `"posts"."score" - $1`. */
  sub<V2 = never, S2 extends Reads = never, N2 extends string = never, F2 extends NumberFamily = F>(
    other: NonNullable<V> | Expression<V2, S2, N2, F2> | UseIsNullInstead,
  ): Arithmetic<F, F2, V, NoInfer<V2>, S | NoInfer<S2>, N | NoInfer<N2>>

  /** Product: `"posts"."score" * $1`. */
  mul<V2 = never, S2 extends Reads = never, N2 extends string = never, F2 extends NumberFamily = F>(
    other: NonNullable<V> | Expression<V2, S2, N2, F2> | UseIsNullInstead,
  ): Arithmetic<F, F2, V, NoInfer<V2>, S | NoInfer<S2>, N | NoInfer<N2>>

  /**
   * Quotient; of two integers the whole part, as in SQL. Division by zero is an error in PostgreSQL and NULL in
   * SQLite, so the result of dividing by an expression is nullable.
   * @example
   * ```ts
   * posts.score.div(2) // "posts"."score" / $1
   * ```
   */
  div(other: NonNullable<V>): NumberExpression<Computed<V>, S, N, F>
  div<V2, S2 extends Reads, N2 extends string, F2 extends NumberFamily>(
    other: Expression<V2, S2, N2, F2>,
  ): Arithmetic<F, F2, V | null, V2 | null, S | S2, N | N2>

  /** Remainder of a division, with the sign of the dividend: `"posts"."score" % $1`. NULL as with {@link div}. */
  mod(other: NonNullable<V>): NumberExpression<Computed<V>, S, N, F>
  mod<V2, S2 extends Reads, N2 extends string, F2 extends NumberFamily>(
    other: Expression<V2, S2, N2, F2>,
  ): Arithmetic<F, F2, V | null, V2 | null, S | S2, N | N2>

  /** The negative: `-"posts"."score"`. */
  neg(): NumberExpression<Computed<V>, S, N, F>
}

/** A text in SQL. */
export interface TextExpression<out V, out S extends Reads, out N extends string>
  extends ComparableExpression<V, S, N, 'text', 'text'> {
  /**
   * Matches a pattern of `%` (any characters) and `_` (one character), with case, on both databases. A backslash
   * takes the next character as it is. A pattern that is an expression is for the function of the same name.
   * @example
   * ```ts
   * users.email.like('%@x.org')
   * // PostgreSQL: "users"."email" like $1
   * // SQLite: "users"."email" glob ? — the pattern is translated, since SQLite's like ignores case
   * ```
   */
  like(pattern: string): BooleanExpression<boolean | Nullable<V>, S, N>

  /** Matches a pattern as {@link like} does, ignoring case: `ilike` in PostgreSQL, `like` in SQLite (ASCII letters). */
  ilike(pattern: string): BooleanExpression<boolean | Nullable<V>, S, N>

  /** Begins with a text, taken literally. */
  startsWith(text: string): BooleanExpression<boolean | Nullable<V>, S, N>

  /** Ends with a text, taken literally. */
  endsWith(text: string): BooleanExpression<boolean | Nullable<V>, S, N>

  /** Contains a text, taken literally. */
  contains(text: string): BooleanExpression<boolean | Nullable<V>, S, N>

  /** Joined with another text: `"users"."email" || $1`. NULL on either side gives NULL. */
  concat<V2 = never, S2 extends Reads = never, N2 extends string = never>(
    other: NonNullable<V> | Expression<V2, S2, N2, 'text'> | UseIsNullInstead,
  ): TextExpression<string | Nullable<V | NoInfer<V2>>, S | NoInfer<S2>, N | NoInfer<N2>>
}

/** Something that is true, false or, where `V` has null, unknown. */
export interface BooleanExpression<out V, out S extends Reads, out N extends string>
  extends ComparableExpression<V, S, N, 'boolean', 'boolean'> {
  /** Both hold: `"a"."x" = $1 and "a"."y" = $2`. */
  and<V2, S2 extends Reads, N2 extends string>(
    other: Expression<V2, S2, N2, 'boolean'>,
  ): BooleanExpression<V | V2, S | S2, N | N2>

  /** One holds, or both: `"a"."x" = $1 or "a"."y" = $2`. */
  or<V2, S2 extends Reads, N2 extends string>(
    other: Expression<V2, S2, N2, 'boolean'>,
  ): BooleanExpression<V | V2, S | S2, N | N2>

  /** The opposite, written the way people read it: `not` in front, or the operator negated (`is not null`). */
  not(): BooleanExpression<V, S, N>
}

/** The expression type of each family. Values `V`, sources `S`, nulled by `N`. */
export interface Expressions<V, S extends Reads, N extends string> {
  integer: NumberExpression<V, S, N, 'integer'>
  bigint: NumberExpression<V, S, N, 'bigint'>
  numeric: NumberExpression<V, S, N, 'numeric'>
  real: NumberExpression<V, S, N, 'real'>
  text: TextExpression<V, S, N>
  boolean: BooleanExpression<V, S, N>
  date: ComparableExpression<V, S, N, 'date', 'date'>
  timestamp: ComparableExpression<V, S, N, 'timestamp', 'timestamp'>
  timestamptz: ComparableExpression<V, S, N, 'timestamptz', 'timestamptz'>
  json: Expression<V, S, N, 'json'>
  rows: Expression<V, S, N, 'rows'>
  named: ComparableExpression<V, S, N, 'named', 'named'>
  uuid: ComparableExpression<V, S, N, 'uuid', 'uuid'>
  bytes: ComparableExpression<V, S, N, 'bytes', 'bytes'>
  array: ComparableExpression<V, S, N, 'array', 'array'>
  range: ComparableExpression<V, S, N, 'range', 'range'>
  multirange: ComparableExpression<V, S, N, 'multirange', 'multirange'>
  unknown: ComparableExpression<V, S, N, 'unknown', Family>
}

/** The expression with the operators of family `F`. */
export type Typed<F extends Family, V, S extends Reads, N extends string> = Expressions<V, S, N>[F]

/** The family of a JavaScript value, where only that is known. */
export type FamilyOf<V> = [V] extends [number | null]
  ? 'integer'
  : [V] extends [string | null]
    ? 'text'
    : [V] extends [boolean | null]
      ? 'boolean'
      : [V] extends [bigint | null]
        ? 'bigint'
        : [V] extends [Date | null]
          ? 'timestamptz'
          : [V] extends [Uint8Array | null]
            ? 'bytes'
            : 'unknown'
