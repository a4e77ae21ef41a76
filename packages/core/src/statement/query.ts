import type {
  Condition,
  Expression,
  MadeOfParts,
  NulledValue,
  Ordering,
  Predicate,
  Reads,
  Typed,
  Unbound,
} from '../expression/expression.js'
import type { AnyExpression, Column, FromItem, Source, SourceOf } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Node } from '../tree/node.js'
import type { Sql, SqlWriter, ToSqlOptions } from '../types/dialect.js'
import type { Family } from '../types/sql-type.js'
import type { Clause } from './clauses.js'
import type { Grouping } from './grouping.js'
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
    ? Column<[N & Nulled] extends [never] ? V : NulledValue<E>, F>
    : never

/** What a query of one column gives as a value: NULL if it has no row. */
type ScalarOf<P, Needs extends Reads> =
  P extends Expression<infer V, Reads, string, infer F>
    ? Typed<F, (P extends MadeOfParts<infer W> ? W : V) | null, Needs, never>
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
          | ([N & Nulled] extends [never] ? never : NulledValue<P>)
          | ([N2 & Nulled2] extends [never] ? never : NulledValue<P2>),
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
   * This query of one column as a value: that of its only row, NULL if it has none. The type says null also of a count
   * without groups, which has a row unless it is limited or filtered: write `coalesce(….scalar(), 0)` for a number.
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
  /**
   * The rows that both queries have, equal ones as often as both have them. SQLite numbers equal rows of each side, and
   * takes those of the same number.
   * @example
   * ```ts
   * const shared = select({ n: posts.score }).from(posts).intersectAll(select({ n: posts.score }).from(posts))
   * shared.toSQL(postgresDialect).sql // 'select … from "posts" intersect all select … from "posts"'
   * ```
   */
  intersectAll<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
  /** The rows of this query that the other does not have: `… except …`. */
  except<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
  /**
   * The rows of this query without those of the other, each of which takes one equal row away: `… except all …`. SQLite
   * numbers equal rows, as with {@link intersectAll}.
   */
  exceptAll<P2 extends Compatible<P>, Nulled2 extends string, Needs2 extends Reads = never>(
    other: Selecting<P2, Nulled2, Needs2>,
  ): CompoundSelect<Merged<P, Nulled, P2, Nulled2>, Needs | Needs2>
}

type Parameters = Unbound<string, unknown>
/** A number of rows as an expression: a named parameter. */
export type RowCount<S extends Reads> = Expression<number | bigint, S, string, 'integer' | 'bigint'>

/** The clauses that `clear` can leave out, which then read no sources that need to be there. */
export type Clearable =
  | 'where'
  | 'groupBy'
  | 'having'
  | 'orderBy'
  | 'limit'
  | 'distinct'
  | 'distinctOn'
  | 'fetch'
  | 'lock'
  | 'hint'
  | 'prefix'
  | 'suffix'
  | 'comment'
  | 'tags'

/** What `orderBy` takes: an expression, or one with a direction. */
export type Orderable = AnyExpression | Ordering

/** Two queries joined by a set operation; its order and limit are those of the whole. */
export interface CompoundSelect<out P, out Needs extends Reads> extends Query<P, EitherSide, Needs> {
  /** Orders the whole by columns of its rows: `.orderBy((row) => row.email.desc())`. */
  orderBy(by: (row: P) => OrderableRow | readonly OrderableRow[]): CompoundSelect<P, Needs>
  /** At most so many rows; see {@link Select.limit}. */
  limit(count: number): this
  limit<S extends Parameters>(count: RowCount<S>): CompoundSelect<P, Needs | S>
  /** Leaves out so many rows first. */
  offset(count: number): this
  offset<S extends Parameters>(count: RowCount<S>): CompoundSelect<P, Needs | S>
  /** Adds a rarer clause, such as {@link comment}; one of its kind that is there is replaced. */
  add<S extends Reads>(clause: Clause<S, 'query' | 'statement'>): CompoundSelect<P, Needs | S>
  /** Leaves clauses out again. */
  clear(...clauses: readonly ('orderBy' | 'limit' | 'fetch' | 'suffix' | 'comment' | 'tags')[]): this
  /** Hands the statement to a function and returns what it returns; see {@link Select.pipe}. */
  pipe<T>(change: (statement: this) => T): T
}
type OrderableRow = Orderable

/** The sources whose columns are null in rows that are not grouped by them. */
type GroupedOut<G> = G extends Grouping<infer S> ? Extract<S, string> : never

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
  /** Several groupings at once: `.groupBy(rollup(a, b))`. What a row is not grouped by is null in it. */
  groupBy<G extends readonly (AnyExpression | Grouping)[]>(
    ...groupings: G
  ): Select<P, From, Nulled | GroupedOut<G[number]>, Used | Needed<G>>
  groupBy<G extends AnyExpression | Grouping>(
    by: (row: P) => G | readonly G[],
  ): Select<P, From, Nulled | GroupedOut<G>, Used>

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

  /** At most so many rows: a whole number, 0 or more, or a named parameter. */
  limit(count: number): this
  limit<S extends Parameters>(count: RowCount<S>): Select<P, From, Nulled, Used | S>
  /** Leaves out so many rows first: a whole number, or a named parameter. */
  offset(count: number): this
  offset<S extends Parameters>(count: RowCount<S>): Select<P, From, Nulled, Used | S>
  /** Each different row once: `select distinct …`. */
  distinct(): this

  /**
   * Adds a rarer clause, which is a value made by a function: {@link distinctOn}, {@link fetchWithTies}, {@link forUpdate}, {@link comment},
   * {@link tags}, {@link hint}, {@link prefix}, {@link suffix}, {@link withCte}. One of its kind that is there is replaced.
   * @example
   * ```ts
   * select(users.id).from(users).add(forShare({ without: 'ignore' }))
   * // PostgreSQL: select "users"."id" as "value" from "users" for share
   * ```
   */
  add<C extends Clause>(clause: C): Select<P, From, Nulled, Used | C['~sources']>

  /**
   * Leaves clauses out again, so that others can be given: `limit` stands for the offset as well.
   * @example
   * ```ts
   * const page = select(users.id).from(users).orderBy(users.id).limit(20)
   * select(count()).from(page.clear('orderBy', 'limit').as('all'))
   * // select count(*) as "value" from (select "users"."id" as "value" from "users") as "all"
   * ```
   */
  clear(...clauses: readonly Clearable[]): this

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
  /** See {@link Select.clear}. */
  clear(...clauses: readonly Clearable[]): this
}

/** A select that does nothing but name its columns yet; see `select`. */
export type SelectOf<P extends Selection> = Select<P, never, never, SourcesOf<P>>
