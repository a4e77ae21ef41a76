import type { Expression, Predicate, Reads } from '../expression/expression.js'
import type { Source, SourceOf } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { ColumnBuilder } from '../schema/column.js'
import type { Table } from '../schema/table.js'
import type { Family } from '../types/sql-type.js'
import type { Selecting } from './query.js'
import type { Row, Selection, SourcesOf } from './shape.js'

type RequiredKeys<C> = {
  [K in keyof C]: C[K] extends ColumnBuilder<infer V, Family, infer D>
    ? true extends D
      ? never
      : null extends V
        ? never
        : K
    : never
}[keyof C]

type WriteValue<B> =
  B extends ColumnBuilder<infer V, infer F, boolean> ? V | Expression<V, Reads, string, F> : never

/**
 * What an insert may be given for a row: every column that is `not null` and has no default, and any of the others.
 */
export type InsertRow<C> = { readonly [K in RequiredKeys<C>]: WriteValue<C[K]> } & {
  readonly [K in Exclude<keyof C, RequiredKeys<C>>]?: WriteValue<C[K]>
}

/** What an update may set. */
export type UpdateRow<C> = { readonly [K in keyof C]?: WriteValue<C[K]> }

/** What a function is not, which would otherwise pass for an object without any of the columns. */
interface NoFunction {
  readonly [Symbol.hasInstance]?: never
}

/** Names what is wrong with a key that the table does not have, in the error message at that key. */
interface NoSuchColumn {
  readonly 'the table has no such column': never
}

/** Makes a key that the table does not have an error at that key. */
type Known<R, C> = [Exclude<keyof R, keyof C>] extends [never]
  ? R
  : R & { readonly [K in Exclude<keyof R, keyof C>]: NoSuchColumn }

/** The same for each of several rows, of which one may have keys that another lacks. */
type KnownRow<R, C> = R & { readonly [K in Exclude<KeysOf<R>, keyof C>]?: NoSuchColumn }
type KeysOf<R> = R extends unknown ? keyof R : never

/** What the expressions in a row of values read. */
type ValuesNeed<R> = R extends unknown
  ? { [K in keyof R]-?: R[K] extends { readonly '~sources': infer S extends Reads } ? S : never }[keyof R]
  : never

type Needed<T extends readonly { readonly '~sources': Reads }[]> = T[number]['~sources']

/** `insert(table)`, before it is said what to insert. */
export interface InsertInto<in out Name extends string, in out C> {
  /**
   * One row, or several with the same keys. Values become parameters; expressions are written as they are.
   * @example
   * ```ts
   * insert(users).values({ orgId: 1, email: 'a@x.org' })
   * // insert into "users" ("org_id", "email") values ($1, $2)
   * ```
   */
  values<const R extends InsertRow<C>>(
    rows: KnownRow<R, C> | readonly KnownRow<R, C>[],
  ): Insert<Name, C, ValuesNeed<R>>
  /**
   * The rows of a query, whose keys are columns of the table.
   * @example
   * ```ts
   * insert(archive).fromSelect(select({ id: users.id, email: users.email }).from(users))
   * // insert into "archive" ("id", "email") select "users"."id", "users"."email" from "users"
   * ```
   */
  fromSelect<P, Nulled extends string, Needs extends Reads>(
    query: Selecting<P, Nulled, Needs> &
      (Row<P, Nulled> extends LoadRow<C> ? unknown : Statement<LoadRow<C>, Reads>),
  ): Insert<Name, C, Needs>
  /** One row of nothing but defaults: `insert into "users" default values`. */
  defaultValues(): Insert<Name, C, never>
}

/** The values of a row, without expressions: what a bulk load takes. */
export type LoadRow<C> = { readonly [K in RequiredKeys<C>]: ColumnValue<C[K]> } & {
  readonly [K in Exclude<keyof C, RequiredKeys<C>>]?: ColumnValue<C[K]>
}
type ColumnValue<B> = B extends ColumnBuilder<infer V, Family, boolean> ? V : never

/** An insert that can run. */
export interface Insert<in out Name extends string, in out C, out Needs extends Reads>
  extends Statement<never, Needs> {
  /**
   * What happens if a row with the same key exists; the columns are those of a unique constraint or index. Without
   * columns, any conflict is meant, and only `doNothing` can follow.
   * @example
   * ```ts
   * insert(users).values({ orgId: 1, email: 'a@x.org' })
   *   .onConflict(users.orgId, users.email).doUpdate((t, excluded) => ({ fullName: excluded.fullName }))
   * // … on conflict ("org_id", "email") do update set "full_name" = "excluded"."full_name"
   * ```
   */
  onConflict(): Pick<OnConflict<Name, C, Needs>, 'doNothing'>
  onConflict(...columns: readonly Expression<unknown, Name>[]): OnConflict<Name, C, Needs>
  /** Rows of what was inserted: `… returning "users"."id"`. */
  returning<const P extends Selection>(selection: P): Returning<P, Exclude<Needs | SourcesOf<P>, Name>>
}

/** What follows `onConflict`. */
export interface OnConflict<in out Name extends string, in out C, out Needs extends Reads> {
  /** Keeps the row that exists: `on conflict … do nothing`. */
  doNothing(): Insert<Name, C, Needs>
  /** Changes the row that exists, `t`, with the help of the row that was to be inserted, `excluded`. */
  doUpdate<const R extends UpdateRow<C>>(
    set: (t: Table<Name, C>, excluded: SourceOf<'excluded', C>) => Known<R, C>,
  ): ConflictUpdate<Name, C, Needs | Exclude<ValuesNeed<R>, Name | 'excluded'>>
  doUpdate<const R extends UpdateRow<C>>(
    set: Known<R, C> & NoFunction,
  ): ConflictUpdate<Name, C, Needs | Exclude<ValuesNeed<R>, Name | 'excluded'>>
}

/** An insert with `do update`, which may be limited to some of the existing rows. */
export interface ConflictUpdate<in out Name extends string, in out C, out Needs extends Reads>
  extends Insert<Name, C, Needs> {
  /** Changes only rows for which the predicates hold: `do update set … where …`. */
  where<W extends readonly Predicate[]>(
    ...predicates: W
  ): Insert<Name, C, Needs | Exclude<Needed<W>, Name | 'excluded'>>
}

/** A write that returns rows. */
export interface Returning<out P, out Needs extends Reads> extends Statement<Row<P, never>, Needs> {
  readonly '~selection': P
}

/** `update(table)`, before it is said what to set. */
export interface UpdateTable<in out Name extends string, in out C> {
  /**
   * The new values: an object of them, or a function of the table that returns one.
   * @example
   * ```ts
   * update(users).set({ fullName: coalesce(users.fullName, users.email) }).where(users.id.eq(1n))
   * // update "users" set "full_name" = coalesce("users"."full_name", "users"."email") where "users"."id" = $1
   * ```
   */
  set<const R extends UpdateRow<C>>(
    values: (t: Table<Name, C>) => Known<R, C>,
  ): UpdateWithoutWhere<Name, Name, C, ValuesNeed<R>>
  set<const R extends UpdateRow<C>>(
    values: Known<R, C> & NoFunction,
  ): UpdateWithoutWhere<Name, Name, C, ValuesNeed<R>>
}

/** What the error message says of a statement that is run before it is said which rows are meant. */
type WhichRows = 'where(…) or everyRow()'

/** An update that does not say which rows yet; it cannot run before `where` or `everyRow`. */
export interface UpdateWithoutWhere<
  in out Name extends string,
  in out From extends string,
  in out C,
  out Used extends Reads,
> extends Statement<never, WhichRows> {
  /** Another source whose columns the new values and the conditions may use: `update … set … from …`. */
  from<Other extends string, N extends Reads>(
    source: Source<Other, unknown, N>,
  ): UpdateWithoutWhere<Name, From | Other, C, Used | N>
  /** Only rows for which all predicates hold. */
  where<W extends readonly Predicate[]>(...predicates: W): Update<Name, From, C, Used | Needed<W>>
  /** Says that every row of the table is meant. */
  everyRow(): Update<Name, From, C, Used>
}

/** An update that can run. */
export interface Update<
  in out Name extends string,
  in out From extends string,
  in out C,
  out Used extends Reads,
> extends Statement<never, Exclude<Used, From>> {
  /** Only rows for which these predicates hold too. */
  where<W extends readonly Predicate[]>(...predicates: W): Update<Name, From, C, Used | Needed<W>>
  /** Rows of what was changed, after the change. */
  returning<const P extends Selection>(selection: P): Returning<P, Exclude<Used | SourcesOf<P>, From>>
}

/** A delete that does not say which rows yet; it cannot run before `where` or `everyRow`. */
export interface DeleteWithoutWhere<in out Name extends string> extends Statement<never, WhichRows> {
  /** Only rows for which all predicates hold. */
  where<W extends readonly Predicate[]>(...predicates: W): Delete<Name, Needed<W>>
  /** Says that every row of the table is meant. */
  everyRow(): Delete<Name, never>
}

/** A delete that can run. */
export interface Delete<in out Name extends string, out Used extends Reads>
  extends Statement<never, Exclude<Used, Name>> {
  /** Only rows for which these predicates hold too. */
  where<W extends readonly Predicate[]>(...predicates: W): Delete<Name, Used | Needed<W>>
  /** Rows of what was deleted. */
  returning<const P extends Selection>(selection: P): Returning<P, Exclude<Used | SourcesOf<P>, Name>>
}
