import type { Predicate, Reads } from '../expression/expression.js'
import type { Source, SourceOf } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Table } from '../schema/table.js'
import type { Selecting } from './query.js'
import type { Row, Selection, SourcesOf } from './shape.js'
import type { Write } from './write.js'
import type {
  Fitting,
  Known,
  LoadRow,
  Needed,
  NoFunction,
  Returning,
  UpdateRow,
  ValuesNeed,
} from './writes.js'

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
  /**
   * New values of several columns from the one row of a query, whose keys are columns of the table. Where the query has no
   * row, they are set to null; more than one row is an error of PostgreSQL, and the first of them on SQLite.
   * @example
   * ```ts
   * const latest = select({ fullName: max(posts.title), managerId: max(posts.authorId) }).from(posts)
   * update(users).setFromSelect(latest.where(posts.authorId.eq(users.id))).everyRow()
   * // update "users" set ("full_name", "manager_id") = (select max("posts"."title") as "fullName",
   * //   max("posts"."author_id") as "managerId" from "posts" where "posts"."author_id" = "users"."id")
   * ```
   */
  setFromSelect<P, Nulled extends string, Needs extends Reads>(
    query: Selecting<P, Nulled, Needs> &
      (Row<P, Nulled> extends Partial<LoadRow<C>>
        ? Fitting<P, Nulled, C>
        : Statement<Partial<LoadRow<C>>, Reads>),
  ): UpdateWithoutWhere<Name, Name, C, Needs>
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
  /**
   * Another source whose columns the new values and the conditions may use: `update … set … from …`. Of several of its rows
   * that fit one of the table one counts, and which, the databases do not say.
   */
  from<Other extends string, N extends Reads>(
    source: Source<Other, unknown, N>,
  ): UpdateWithoutWhere<Name, From | Other, C, Used | N>
  /** Only rows for which all predicates hold. */
  where<W extends readonly Predicate[]>(...predicates: W): Update<Name, From, C, Used | Needed<W>>
  /** Says that every row of the table is meant. */
  everyRow(): Update<Name, From, C, Used>
  /** Hands the statement to a function and returns what it returns; see {@link Write.pipe}. */
  pipe<T>(change: (statement: this) => T): T
}

/** An update that can run. */
export interface Update<
  in out Name extends string,
  in out From extends string,
  in out C,
  out Used extends Reads,
> extends Write<never, Exclude<Used, From>> {
  /** Only rows for which these predicates hold too. */
  where<W extends readonly Predicate[]>(...predicates: W): Update<Name, From, C, Used | Needed<W>>
  /** Rows of what was changed, after the change. */
  returning<const P extends Selection>(selection: P): Returning<P, Exclude<Used | SourcesOf<P>, From>>
  /**
   * Rows of what was changed, as they were before and as they are after. PostgreSQL 18; on SQLite an `UnsupportedError`.
   * @example
   * ```ts
   * update(posts).set({ score: 0 }).where(posts.id.eq(1n))
   *   .returningOldAndNew((before, after) => ({ id: after.id, was: before.score }))
   * // PostgreSQL: update "posts" set "score" = $1 where "posts"."id" = $2 returning "new"."id", "old"."score" as "was"
   * ```
   */
  returningOldAndNew<const P extends Selection>(
    read: (before: SourceOf<'old', C>, after: SourceOf<'new', C>) => P,
  ): Returning<P, Exclude<Used | SourcesOf<P>, From | 'old' | 'new'>>
}

/** A delete that does not say which rows yet; it cannot run before `where` or `everyRow`. */
export interface DeleteWithoutWhere<
  in out Name extends string,
  in out From extends string,
  in out Used extends Reads,
> extends Statement<never, WhichRows> {
  /**
   * Another source whose columns the conditions may use. A row is deleted if some row of it fits.
   * @example
   * ```ts
   * deleteFrom(posts).using(users).where(users.id.eq(posts.authorId), users.email.like('%@spam.org'))
   * // PostgreSQL: delete from "posts" using "users" where "users"."id" = "posts"."author_id" and "users"."email" like $1
   * // SQLite: delete from "posts" where exists (select 1 from "users"
   * //   where "users"."id" = "posts"."author_id" and "users"."email" glob ?)
   * ```
   */
  using<Other extends string, N extends Reads>(
    source: Source<Other, unknown, N>,
  ): DeleteWithoutWhere<Name, From | Other, Used | N>
  /** Only rows for which all predicates hold. */
  where<W extends readonly Predicate[]>(...predicates: W): Delete<Name, From, Used | Needed<W>>
  /** Says that every row of the table is meant. */
  everyRow(): Delete<Name, From, Used>
  /** Hands the statement to a function and returns what it returns; see {@link Write.pipe}. */
  pipe<T>(change: (statement: this) => T): T
}

/** A delete that can run. */
export interface Delete<in out Name extends string, in out From extends string, out Used extends Reads>
  extends Write<never, Exclude<Used, From>> {
  /** Only rows for which these predicates hold too. */
  where<W extends readonly Predicate[]>(...predicates: W): Delete<Name, From, Used | Needed<W>>
  /** Rows of what was deleted. On SQLite they have columns of the table alone, not of those of `using`. */
  returning<const P extends Selection>(selection: P): Returning<P, Exclude<Used | SourcesOf<P>, From>>
}
