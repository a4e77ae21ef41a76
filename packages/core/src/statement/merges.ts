import type { Condition, Predicate, Reads } from '../expression/expression.js'
import type { Source, SourceOf } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Table } from '../schema/table.js'
import type { MergedRows } from './merge-action.js'
import type { Selection, SourcesOf } from './shape.js'
import type { Write } from './write.js'
import type { InsertRow, Known, Needed, NoFunction, Returning, UpdateRow, ValuesNeed } from './writes.js'

/** `mergeInto(table)`, before it is said what with. */
export interface MergeInto<in out Name extends string, in out C> {
  /** The rows that are merged into the table, and the condition by which a row of theirs matches one of the table. */
  using<Other extends string, N extends Reads, O extends Condition>(
    source: Source<Other, unknown, N>,
    on: O,
  ): MergeWithoutBranch<Name, Other, C, N | Exclude<O['~sources'], Name | Other>>
}

/** What the error message says of a merge that is run before it is said what it does. */
type WhichBranch = 'whenMatched() or whenNotMatched()'

/** A merge that does not say yet what it does. */
export interface MergeWithoutBranch<
  in out Name extends string,
  in out Other extends string,
  in out C,
  out Needs extends Reads,
> extends Statement<never, WhichBranch>,
    MergeBranches<Name, Other, C, Needs> {}

/** The kinds of branches of a merge. */
interface MergeBranches<
  in out Name extends string,
  in out Other extends string,
  in out C,
  out Needs extends Reads,
> {
  /** A row of the table and one of the source that match, and for which the predicates hold. */
  whenMatched<W extends readonly Predicate[]>(
    ...predicates: W
  ): MergeChange<Name, Other, Name | Other, C, Needs | Exclude<Needed<W>, Name | Other>>
  /** A row of the source that no row of the table matches; the predicates read the source alone. */
  whenNotMatched<W extends readonly Predicate[]>(
    ...predicates: W
  ): MergeInsert<Name, Other, C, Needs | Exclude<Needed<W>, Other>>
  /** A row of the table that no row of the source matches; the predicates read the table alone. PostgreSQL 17. */
  whenNotMatchedBySource<W extends readonly Predicate[]>(
    ...predicates: W
  ): MergeChange<Name, Other, Name, C, Needs | Exclude<Needed<W>, Name>>
}

/** What a merge does with rows of the table. `Seen` are the sources that have a row there. */
export interface MergeChange<
  in out Name extends string,
  in out Other extends string,
  in out Seen extends string,
  in out C,
  out Needs extends Reads,
> {
  /** Sets new values: `then update set …`. */
  doUpdate<const R extends UpdateRow<C>>(
    set: (t: Table<Name, C>) => Known<R, C>,
  ): Merge<Name, Other, C, Needs | Exclude<ValuesNeed<R>, Seen>>
  doUpdate<const R extends UpdateRow<C>>(
    set: Known<R, C> & NoFunction,
  ): Merge<Name, Other, C, Needs | Exclude<ValuesNeed<R>, Seen>>
  /** Deletes the row: `then delete`. */
  doDelete(): Merge<Name, Other, C, Needs>
  /** Leaves the row as it is: `then do nothing`. */
  doNothing(): Merge<Name, Other, C, Needs>
}

/** What a merge does with a row that the table lacks. */
export interface MergeInsert<
  in out Name extends string,
  in out Other extends string,
  in out C,
  out Needs extends Reads,
> {
  /** Inserts a row: `then insert (…) values (…)`. It must have what any insert of the table must have. */
  doInsert<const R extends InsertRow<C>>(
    row: Known<R, C> & NoFunction,
  ): Merge<Name, Other, C, Needs | Exclude<ValuesNeed<R>, Other>>
  /** Leaves the row out: `then do nothing`. */
  doNothing(): Merge<Name, Other, C, Needs>
}

/** A merge that can run. */
export interface Merge<
  in out Name extends string,
  in out Other extends string,
  in out C,
  out Needs extends Reads,
> extends Write<never, Needs>,
    MergeBranches<Name, Other, C, Needs> {
  /**
   * Rows of what was inserted, updated or deleted; those of the source are null where the source has no row. What was done,
   * {@link mergeAction} tells. PostgreSQL 17.
   */
  returning<const P extends Selection>(
    selection: P,
  ): Returning<P, Exclude<Needs | SourcesOf<P>, Name | Other | MergedRows>, Other>
  /**
   * Rows as they were before, null where they were inserted, and as they are after, null where they were deleted.
   * PostgreSQL 18.
   */
  returningOldAndNew<const P extends Selection>(
    read: (before: SourceOf<'old', C>, after: SourceOf<'new', C>) => P,
  ): Returning<
    P,
    Exclude<Needs | SourcesOf<P>, Name | Other | MergedRows | 'old' | 'new'>,
    Other | 'old' | 'new'
  >
}
