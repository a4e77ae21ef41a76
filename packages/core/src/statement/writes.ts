import type { Expression, Predicate, Reads } from '../expression/expression.js'
import type { Column, SourceOf } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { ColumnBuilder, HasDefault } from '../schema/column.js'
import type { Table } from '../schema/table.js'
import type { Stored } from '../types/definition.js'
import type { Family } from '../types/sql-type.js'
import type { DefaultValue } from './default-value.js'
import type { DerivedColumns, Selecting } from './query.js'
import type { Row, Selection, SourcesOf } from './shape.js'
import type { Write } from './write.js'

/** The columns that an insert may not leave out. */
export type RequiredKeys<C> = {
  [K in keyof C]: C[K] extends ColumnBuilder<infer V, Family, infer D>
    ? [D] extends [false]
      ? null extends V
        ? never
        : K
      : never
    : never
}[keyof C]

type WriteValue<B> =
  B extends ColumnBuilder<infer V, infer F, infer D>
    ?
        | V
        | Expression<V | Stored<F>, Reads, string, F>
        | ([D] extends [false] ? (null extends V ? DefaultValue : never) : DefaultValue)
        | (D extends 'always' ? LeftToTheDatabase : never)
    : never

type NewValue<B> =
  B extends ColumnBuilder<unknown, Family, 'always'> ? DefaultValue | LeftToTheDatabase : WriteValue<B>

/** Names what is wrong with a value for a column whose values the database alone gives. */
export interface LeftToTheDatabase {
  readonly 'the database numbers this column always; leave it out': never
}

/**
 * What an insert may be given for a row: every column that is `not null` and has no default, and any of the others.
 */
export type InsertRow<C> = { readonly [K in RequiredKeys<C>]: WriteValue<C[K]> } & {
  readonly [K in Exclude<keyof C, RequiredKeys<C>>]?: WriteValue<C[K]>
}

/** What an update may set. */
export type UpdateRow<C> = { readonly [K in keyof C]?: NewValue<C[K]> }

/** What a function is not, which would otherwise pass for an object without any of the columns. */
export interface NoFunction {
  readonly [Symbol.hasInstance]?: never
}

/** Names what is wrong with a key that the table does not have, in the error message at that key. */
export interface NoSuchColumn {
  readonly 'the table has no such column': never
}

/** Makes a key that the table does not have an error at that key. */
export type Known<R, C> = [Exclude<keyof R, keyof C>] extends [never]
  ? R
  : R & { readonly [K in Exclude<keyof R, keyof C>]: NoSuchColumn }

/** The same for each of several rows, of which one may have keys that another lacks. */
type KnownRow<R, C> = R & { readonly [K in Exclude<KeysOf<R>, keyof C>]?: NoSuchColumn }
type KeysOf<R> = R extends unknown ? keyof R : never

/** What the expressions in a row of values read. */
export type ValuesNeed<R> = R extends unknown
  ? { [K in keyof R]-?: R[K] extends { readonly '~sources': infer S extends Reads } ? S : never }[keyof R]
  : never

export type Needed<T extends readonly { readonly '~sources': Reads }[]> = T[number]['~sources']

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
      (Row<P, Nulled> extends LoadRow<C> ? Fitting<P, Nulled, C> : Statement<LoadRow<C>, Reads>),
  ): Insert<Name, C, Needs>
  /** One row of nothing but defaults: `insert into "users" default values`. */
  defaultValues(): Insert<Name, C, never>
}

/** Names what is wrong with the rows of a query, in the error message of what takes it. */
interface NoSuchColumns<out Keys> {
  readonly 'the table has no such columns': Keys
}
interface OtherTypes<out Keys> {
  readonly 'the columns are of other types; cast the values': Keys
}

/** Refuses a query with keys that are no columns of the table, or whose values are of other types than the columns. */
export type Fitting<P, Nulled extends string, C> = FittingColumns<DerivedColumns<P, Nulled>, C>
type FittingColumns<D, C> = [Exclude<keyof D, keyof C>] extends [never]
  ? [Misfits<D, C>] extends [never]
    ? unknown
    : OtherTypes<Misfits<D, C>>
  : NoSuchColumns<Exclude<keyof D, keyof C>>
type Misfits<D, C> = {
  [K in keyof D & keyof C]: FamilyOfColumn<D[K]> extends FamilyOfColumn<C[K]> | 'unknown' ? never : K
}[keyof D & keyof C]
type FamilyOfColumn<B> = B extends Column<unknown, infer F> ? F : never

/** The values of a row, without expressions: what a bulk load takes. */
export type LoadRow<C> = { readonly [K in RequiredKeys<C>]: ColumnValue<C[K]> } & {
  readonly [K in Exclude<keyof C, RequiredKeys<C>>]?: ColumnValue<C[K]>
}
export type ColumnValue<B> = B extends ColumnBuilder<infer V, Family, HasDefault> ? V : never

/** An insert that can run. */
export interface Insert<in out Name extends string, in out C, out Needs extends Reads>
  extends Write<never, Needs> {
  /**
   * What happens if a row with the same key exists; the columns, or expressions of them, are those of a unique constraint
   * or index. Without columns, any conflict is meant, and only `doNothing` can follow. `where` tells a partial index.
   *
   * PostgreSQL takes also the name of a constraint, and SQLite several of these, each about another key; where the other
   * would need them, it is an `UnsupportedError`.
   * @example
   * ```ts
   * insert(users).values({ orgId: 1, email: 'a@x.org' })
   *   .onConflict(users.orgId, users.email).doUpdate((t, excluded) => ({ fullName: excluded.fullName }))
   * // … on conflict ("org_id", "email") do update set "full_name" = "excluded"."full_name"
   * insert(users).values({ orgId: 1, email: 'a@x.org' }).onConflict({ constraint: 'users_org_id_email_key' }).doNothing()
   * // PostgreSQL: … on conflict on constraint "users_org_id_email_key" do nothing
   * ```
   */
  onConflict(): Pick<OnConflict<Name, C, Needs>, 'doNothing'>
  onConflict(target: { readonly constraint: string }): Omit<OnConflict<Name, C, Needs>, 'where'>
  onConflict(...columns: readonly Expression<unknown, Name>[]): OnConflict<Name, C, Needs>
  /**
   * Passes over rows that violate a constraint, also one of `not null`: SQLite's `insert or ignore`. On PostgreSQL an
   * `UnsupportedError`; `.onConflict().doNothing()` passes over conflicts of keys on both.
   * @example
   * ```ts
   * insert(invited).values({ email: 'a@x.org' }).orIgnore()
   * // SQLite: insert or ignore into "invited" ("email") values (?)
   * ```
   */
  orIgnore(): Insert<Name, C, Needs>
  /**
   * Deletes the rows that are in the way and inserts these: SQLite's `insert or replace`. Columns that are left out get
   * their default, and rows that refer to the deleted ones go their way. On PostgreSQL an `UnsupportedError`;
   * `.onConflict(…).doUpdate(…)` changes the row that exists on both.
   * @example
   * ```ts
   * insert(invited).values({ email: 'a@x.org', name: 'Ann' }).orReplace()
   * // SQLite: insert or replace into "invited" ("email", "name") values (?, ?)
   * ```
   */
  orReplace(): Insert<Name, C, Needs>
  /**
   * Takes the given values for a column that the database numbers always. SQLite takes them anyway.
   * @example
   * ```ts
   * insert(users).values({ id: 7n, orgId: 1, email: 'a@x.org' }).overridingSystemValue()
   * // PostgreSQL: insert into "users" ("id", "org_id", "email") overriding system value values ($1, $2, $3)
   * // SQLite: insert into "users" ("id", "org_id", "email") values (?, ?, ?)
   * ```
   */
  overridingSystemValue(): Insert<Name, C, Needs>
  /** Rows of what was inserted: `… returning "users"."id"`. */
  returning<const P extends Selection>(selection: P): Returning<P, Exclude<Needs | SourcesOf<P>, Name>>
  /**
   * Rows of what was inserted, and of the rows that `doUpdate` changed as they were before; where none was, those values
   * are null. PostgreSQL 18; on SQLite an `UnsupportedError`.
   * @example
   * ```ts
   * insert(invited).values({ email: 'a@x.org', name: 'Ann' }).onConflict(invited.email)
   *   .doUpdate((t, excluded) => ({ name: excluded.name }))
   *   .returningOldAndNew((before, after) => ({ was: before.name, is: after.name }))
   * // PostgreSQL: … returning "old"."name" as "was", "new"."name" as "is"
   * ```
   */
  returningOldAndNew<const P extends Selection>(
    read: (before: SourceOf<'old', C>, after: SourceOf<'new', C>) => P,
  ): Returning<P, Exclude<Needs | SourcesOf<P>, Name | 'old' | 'new'>, 'old'>
}

/** What follows `onConflict`. */
export interface OnConflict<in out Name extends string, in out C, out Needs extends Reads> {
  /**
   * The condition of a partial unique index, by which it is told from others of its columns.
   * @example
   * ```ts
   * const active = table('active', { email: text().notNull(), since: date(), until: date() }, (t) => [
   *   index(t.email).unique().where(t.until.isNull()),
   * ])
   * const upsert = insert(active).values({ email: 'a@x.org', since: '2026-01-01' })
   *   .onConflict(active.email).where(active.until.isNull()).doUpdate({ since: '2026-01-01' })
   * upsert.toSQL(db.dialect).sql // … on conflict ("email") where "until" is null do update set "since" = …
   * ```
   */
  where(...predicates: readonly Predicate<Name>[]): OnConflict<Name, C, Needs>
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
export interface Returning<out P, out Needs extends Reads, out Nulled extends string = never>
  extends Write<Row<P, Nulled>, Needs> {
  readonly '~selection': P
  readonly '~nulled': Nulled
}
