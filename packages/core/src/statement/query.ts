import type { Condition, Expression, Ordering, Predicate, Reads, Typed } from '../expression/expression.js'
import type { AnyExpression, Column, FromItem, Source, SourceOf } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Node } from '../tree/node.js'
import type { Sql, SqlWriter, ToSqlOptions } from '../types/dialect.js'
import type { Family } from '../types/sql-type.js'
import type { Row, Selection, SourcesOf } from './shape.js'

/** The columns of a query that is used as a source; those of a bare expression are called `value`. */
export type DerivedColumns<P, Nulled extends string> = P extends AnyExpression
  ? { readonly value: DerivedColumn<P, Nulled> }
  : P extends Source<infer Name, infer C>
    ? [Name & Nulled] extends [never]
      ? C
      : { readonly [K in keyof C]: C[K] extends Column<infer V, infer F> ? Column<V | null, F> : C[K] }
    : {
        readonly [K in keyof P]: P[K] extends AnyExpression
          ? DerivedColumn<P[K], Nulled>
          : DerivedColumns<P[K], Nulled>
      }

type DerivedColumn<E, Nulled extends string> =
  E extends Expression<infer V, Reads, infer N, infer F>
    ? Column<[N & Nulled] extends [never] ? V : V | null, F>
    : never

/** What a query of one column gives as a value: NULL if it has no row. */
type ScalarOf<P, Needs extends Reads> =
  P extends Expression<infer V, Reads, string, infer F>
    ? Typed<F, V | null, Needs, never>
    : ScalarOf<P[keyof P], Needs>

/** Rows of one query that another's can stand beside: the same keys, of the same families. */
export type Compatible<P> =
  P extends Expression<unknown, Reads, string, infer F>
    ? Expression<unknown, Reads, string, F>
    : P extends Source<string, infer C>
      ? Source<
          string,
          { readonly [K in keyof C]: C[K] extends Column<unknown, infer F> ? Column<unknown, F> : unknown }
        >
      : { readonly [K in keyof P]: Compatible<P[K]> }

/** Stands for the source of a row that one side of a set operation may lack, by an outer join. */
type EitherSide = 'a side of a set operation'

/** The selection of a set operation: null where either side may be. */
export type Merged<P, Nulled extends string, P2, Nulled2 extends string> =
  P extends Expression<infer V, Reads, infer N, infer F>
    ? P2 extends Expression<infer V2, Reads, infer N2, Family>
      ? Typed<
          F,
          | V
          | V2
          | ([N & Nulled] extends [never] ? never : null)
          | ([N2 & Nulled2] extends [never] ? never : null),
          never,
          never
        >
      : never
    : P extends Source<infer Name, infer C>
      ? P2 extends Source<infer Name2, infer C2>
        ? SourceOf<
            [(Name & Nulled) | (Name2 & Nulled2)] extends [never] ? never : EitherSide,
            MergedColumns<C, C2>
          >
        : never
      : { readonly [K in keyof P]: K extends keyof P2 ? Merged<P[K], Nulled, P2[K], Nulled2> : never }

type MergedColumns<C, C2> = {
  readonly [K in keyof C]: C[K] extends Column<infer V, infer F>
    ? C2[K & keyof C2] extends Column<infer V2, Family>
      ? Column<V | V2, F>
      : never
    : MergedColumns<C[K], C2[K & keyof C2]>
}

/** A statement by what it selects. Functions that take a query ask for this, since it is quickly compared. */
export interface Selecting<out P, out Nulled extends string, out Needs extends Reads> {
  readonly '~selection': P
  readonly '~nulled': Nulled
  readonly 'still needs': Needs
}

/** A statement whose rows can be used further: as a source, as a value, in a set operation. */
export interface Query<out P, out Nulled extends string, out Needs extends Reads> extends Node {
  // It is a Statement and Selecting by its members, not by `extends`: every base would be made anew for every clause.
  readonly '~row': Row<P, Nulled>
  readonly 'still needs': Needs
  readonly '~selection': P
  readonly '~nulled': Nulled

  /**
   * The SQL of this query and its parameters; see {@link Statement.toSQL}.
   * @example
   * ```ts
   * select({ id: users.id }).from(users).toSQL(db.dialect).sql // select "users"."id" from "users"
   * ```
   */
  toSQL(dialect: SqlWriter, options?: ToSqlOptions): Sql

  /**
   * This query as a source under a name, for FROM.
   * @example
   * ```ts
   * const busy = select({ author: posts.authorId, n: count() }).from(posts).groupBy(posts.authorId).as('busy')
   * select({ email: users.email, n: busy.n }).from(users).join(busy, busy.author.eq(users.id))
   * ```
   */
  as<const Name extends string>(name: Name): SourceOf<Name, DerivedColumns<P, Nulled>, Needs>

  /**
   * This query of one column as a value: that of its only row, NULL if it has none.
   * @example
   * ```ts
   * select({ id: users.id, posts: select(count()).from(posts).where(posts.authorId.eq(users.id)).scalar() }).from(users)
   * ```
   */
  scalar(): ScalarOf<P, Needs>

  /**
   * The rows of both queries, each different row once.
   * @example
   * ```ts
   * select({ email: users.email }).from(users).union(select({ email: invited.email }).from(invited))
   * ```
   */
  union<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
  /** The rows of both queries, equal ones as often as they come: `… union all …`. */
  unionAll<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
  /** The rows that both queries have: `… intersect …`. */
  intersect<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
  /** The rows of this query that the other does not have: `… except …`. */
  except<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
}

/** What `orderBy` takes: an expression, or one with a direction. */
export type Orderable = AnyExpression | Ordering

/** Two queries joined by a set operation; its order and limit are those of the whole. */
export interface CompoundSelect<out P, out Needs extends Reads> extends Query<P, EitherSide, Needs> {
  /** Orders the whole by columns of its rows: `.orderBy((row) => row.email.desc())`. */
  orderBy(by: (row: P) => OrderableRow | readonly OrderableRow[]): CompoundSelect<P, Needs>
  /** At most so many rows. */
  limit(count: number): CompoundSelect<P, Needs>
  /** Leaves out so many rows first. */
  offset(count: number): CompoundSelect<P, Needs>
}
type OrderableRow = Orderable

type Needed<T extends readonly { readonly '~sources': Reads }[]> = T[number]['~sources']

/**
 * A select, built clause by clause; every method returns a new one. `P` is its selection, `From` the sources it
 * has, `Nulled` those that an outer join may leave out, `Used` all that its expressions read. It can run once
 * every source it uses is in FROM; until then it may stand inside a query that has them.
 */
// Sources and needs meet in `Exclude<Used, From>`: a select of fewer sources is not one of more, nor the reverse.
export interface Select<
  in out P,
  in out From extends string,
  in out Nulled extends string,
  in out Used extends Reads,
> extends Query<P, Nulled, Exclude<Used, From>> {
  /** The source of the rows. A second call adds one, as a cross join. */
  from<T extends FromItem>(source: T): Select<P, From | T['~sources'], Nulled, Used | T['~needs']>

  /**
   * Rows of another source that match. Without a condition the only foreign key between the two gives it; none or
   * several is an error.
   * @example
   * ```ts
   * select({ email: users.email, org: orgs.name }).from(users).join(orgs)
   * // … from "users" inner join "orgs" on "users"."org_id" = "orgs"."id"
   * ```
   */
  join<T extends FromItem, O extends Condition = never>(
    source: T,
    on?: O,
  ): Select<P, From | T['~sources'], Nulled, Used | T['~needs'] | O['~sources']>

  /** As {@link join}, keeping rows without a match; the new source's columns are then null. */
  leftJoin<T extends FromItem, O extends Condition = never>(
    source: T,
    on?: O,
  ): Select<P, From | T['~sources'], Nulled | T['~sources'], Used | T['~needs'] | O['~sources']>

  /** As {@link join}, keeping rows of the new source without a match; all other columns are then null. */
  rightJoin<T extends FromItem, O extends Condition = never>(
    source: T,
    on?: O,
  ): Select<P, From | T['~sources'], Nulled | From, Used | T['~needs'] | O['~sources']>

  /** As {@link join}, keeping the rows of both sides that have no match. */
  fullJoin<T extends FromItem, O extends Condition = never>(
    source: T,
    on?: O,
  ): Select<P, From | T['~sources'], Nulled | From | T['~sources'], Used | T['~needs'] | O['~sources']>

  /** Every row with every row of another source. */
  crossJoin<T extends FromItem>(source: T): Select<P, From | T['~sources'], Nulled, Used | T['~needs']>

  /**
   * Only rows for which all predicates hold. Calls add up. For an optional filter see {@link when}.
   * @example
   * ```ts
   * select(users).from(users).where(users.orgId.eq(1), or(users.email.like('%@x.org'), users.fullName.isNull()))
   * ```
   */
  where<W extends readonly Predicate[]>(...predicates: W): Select<P, From, Nulled, Used | Needed<W>>

  /** One row per different value of the expressions. Calls add up. */
  groupBy<G extends readonly AnyExpression[]>(...expressions: G): Select<P, From, Nulled, Used | Needed<G>>
  /** Groups by columns of the selection: `.groupBy((row) => row.month)`. */
  groupBy(by: (row: P) => AnyExpression | readonly AnyExpression[]): Select<P, From, Nulled, Used>

  /** Only groups for which all predicates hold. */
  having<W extends readonly Predicate[]>(...predicates: W): Select<P, From, Nulled, Used | Needed<W>>

  /**
   * The order of the rows, by expressions or by columns of the selection. Calls add up.
   * @example
   * ```ts
   * select(users.email).from(users).orderBy(users.fullName.desc().nullsLast(), users.id)
   * // … order by "users"."full_name" desc nulls last, "users"."id"
   * select({ n: count() }).from(users).groupBy(users.orgId).orderBy((row) => row.n.desc())
   * ```
   */
  orderBy<O extends readonly Orderable[]>(...by: O): Select<P, From, Nulled, Used | Needed<O>>
  orderBy(by: (row: P) => Orderable | readonly Orderable[]): Select<P, From, Nulled, Used>

  /** At most so many rows: a whole number, 0 or more. */
  limit(count: number): this
  /** Leaves out so many rows first. */
  offset(count: number): this
  /** Each different row once: `select distinct …`. */
  distinct(): this

  /**
   * Hands the statement to a function and returns what it returns, so that helpers read in order.
   * @example
   * ```ts
   * const page = (n: number) => <S extends AnySelect>(s: S) => s.limit(20).offset(20 * n)
   * select(users).from(users).pipe(page(2))
   * ```
   */
  pipe<T>(change: (statement: this) => T): T
}

/**
 * Any select, for helpers that are generic over them and give back the same kind of select.
 * @example
 * ```ts
 * const page = (n: number) => <S extends AnySelect>(s: S) => s.limit(20).offset(20 * n)
 * ```
 */
export interface AnySelect extends Statement<unknown, Reads> {
  /** See {@link Select.limit}. */
  limit(count: number): this
  /** See {@link Select.offset}. */
  offset(count: number): this
  /** See {@link Select.distinct}. */
  distinct(): this
}

/** A select that does nothing but name its columns yet; see `select`. */
export type SelectOf<P extends Selection> = Select<P, never, never, SourcesOf<P>>
