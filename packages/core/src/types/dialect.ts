import type { Node } from '../tree/node.js'

/**
 * SQL text and the values of its parameters, in order, as the driver takes them. The array is the caller's; a Date or
 * bytes in it are the statement's own, and of others that were given the same: copy one before changing it.
 */
export interface Sql {
  readonly sql: string
  readonly params: readonly unknown[]
}

/** How SQL is written. */
export interface ToSqlOptions {
  /** Write values as literals instead of parameters: a script to read or to run by hand. */
  readonly inline?: boolean
}

/**
 * What a database may lack, by name: a statement that asks for it is written otherwise, or refused. A dialect names only
 * what its database has not; what it forgets, the conformance suite shows.
 */
export interface Lacks {
  /** Adds a constraint to a table that exists. */
  readonly addConstraint?: true
  /** `drop table … cascade`. */
  readonly dropCascade?: true
  /** The schema of an index before its own name; without it, it is that of the table. */
  readonly schemaOfIndex?: true
  /** `nulls first` and `nulls last` in an index. */
  readonly nullsInIndex?: true
  /** A type for spans of time: `interval`. */
  readonly intervals?: true
  /** The operator `~` for regular expressions. */
  readonly regularExpressions?: true
  /** `any (select …)`, `all (select …)`, and both over an array. */
  readonly quantifiers?: true
  /** `@>`, `||` and paths with conditions of JSON documents. */
  readonly jsonOperators?: true
  /** `to_tsvector` and `@@`. */
  readonly fullText?: true
  /** A type of arrays: `text[]`. */
  readonly arrays?: true
  /** Times finer than milliseconds. */
  readonly microseconds?: true
  /** Types of times of day, of lists of values, and others whose values are written as texts; without them, they are texts. */
  readonly textTypes?: true
  /** Types of ranges: `int4range`. */
  readonly ranges?: true
  /** Values of several ranges, as `range_agg` makes them. */
  readonly multiranges?: true
  /** `<<=` and other operators of networks. */
  readonly networks?: true
  /** `#`, the exclusive or of bits. */
  readonly bitXor?: true
  /** `between symmetric`. */
  readonly betweenSymmetric?: true
  /** Several rows of values after `in`, without `values` before them. */
  readonly rowLists?: true
  /** `full join` on any condition; without it, one that has an equality of both sides. */
  readonly fullJoinOnAny?: true
  /** Parentheses around the sides of a set operation. */
  readonly setOperandParentheses?: true
  /** `distinct on (…)`. */
  readonly distinctOn?: true
  /** `fetch first … rows with ties`. */
  readonly withTies?: true
  /** `for update` and its like. */
  readonly rowLocks?: true
  /** `rollup`, `cube`, `grouping sets`. */
  readonly groupingSets?: true
  /** Queries and functions in FROM that see the sources before them, and whose columns the statement names. */
  readonly lateral?: true
  /** `tablesample`. */
  readonly tableSample?: true
  /** Tables that inherit from others, so that `only` makes a difference. */
  readonly inheritance?: true
  /** Writes within a CTE. */
  readonly writesInCtes?: true
  /** Groups and windows in the step of a recursive CTE. */
  readonly groupsInRecursion?: true
  /** `search` and `cycle` of a recursive CTE. */
  readonly searchAndCycle?: true
  /** `default` among the values of a row, and as a new value. */
  readonly defaultKeyword?: true
  /** `insert or ignore`, `insert or replace`. */
  readonly insertOr?: true
  /** `overriding system value`; without it, given values are taken anyway. */
  readonly overridingIdentity?: true
  /** `on conflict on constraint`. */
  readonly conflictConstraint?: true
  /** More than one `on conflict` in an insert. */
  readonly severalConflicts?: true
  /** `delete … using`. */
  readonly deleteUsing?: true
  /** The alias of the table that is written, in `returning`; without it, the name of the table itself. */
  readonly aliasInReturning?: true
  /** The rows before and after a write, in `returning`. */
  readonly rowVersions?: true
  /** `merge`. */
  readonly merge?: true
  /** `returning` of a merge. */
  readonly mergeReturning?: true
  /** `when not matched by source` of a merge. */
  readonly mergeBySource?: true
  /** Options of `explain`; without them, a plan is asked for by `explain query plan`, and its text is the fourth column. */
  readonly explainOptions?: true
  /** `truncate`. */
  readonly truncate?: true
  /** A sum of bigints that is a bigint; without it, the sum is cast to one. */
  readonly bigintSum?: true
  /** `min` and `max` of booleans; without them, `bool_and` and `bool_or`. */
  readonly booleanExtremes?: true
  /** `create sequence`, and the options of identity. */
  readonly sequences?: true
  /** `generated always as (…) virtual`. */
  readonly virtualColumns?: true
  /** `storage` of a column in `create table`. */
  readonly columnStorage?: true
  /** `compression` of a column. */
  readonly compression?: true
  /** Names of `not null`. */
  readonly namedNotNull?: true
  /** `include (…)` of keys and indexes. */
  readonly includedColumns?: true
  /** `deferrable` of keys; foreign keys have it everywhere. */
  readonly deferrableKeys?: true
  /** `nulls not distinct` of keys and unique indexes. */
  readonly nullsNotDistinct?: true
  /** `match full` of foreign keys. */
  readonly matchFull?: true
  /** `on delete set null (…)`. */
  readonly setColumns?: true
  /** `not valid`, and `validate constraint`. */
  readonly validation?: true
  /** `not enforced` of constraints. */
  readonly notEnforced?: true
  /** `no inherit` of constraints. */
  readonly noInherit?: true
  /** `exclude` constraints. */
  readonly exclusion?: true
  /** `without overlaps` and `period` of keys. */
  readonly temporalKeys?: true
  /** Methods and operator classes of indexes. */
  readonly indexMethods?: true
  /** `create index concurrently`. */
  readonly concurrentIndexes?: true
  /** `partition by`, and partitions. */
  readonly partitions?: true
  /** `alter type`, `alter view` and their like, of what is no table. */
  readonly alterObjects?: true
  /** `enable row level security`. */
  readonly rowSecurity?: true
  /** `grant`, `revoke`. */
  readonly grants?: true
  /** `comment on`. */
  readonly comments?: true
  /** `create materialized view`. */
  readonly materializedViews?: true
  /** `create or replace view`. */
  readonly replaceView?: true
  /** Options of views. */
  readonly viewOptions?: true
  /** `create schema`. */
  readonly schemas?: true
  /** `create extension`. */
  readonly extensions?: true
}

/** What a statement needs to know of a dialect in order to be written: that it can write. */
export interface SqlWriter {
  /** The name that error messages use, for example `PostgreSQL`. */
  readonly name: string
  readonly lacks: Lacks
  /** The bytes of a name that are kept; the rest would be cut. */
  readonly maxNameBytes: number
  /** What stands before an `offset` without `limit`: nothing, or a limit that is none. */
  readonly unlimited: string
  /** The collation that orders texts by their bytes. */
  readonly binaryCollation: string
  /** The SQL of a statement and its parameters. */
  toSQL(node: Node, options?: ToSqlOptions): Sql
}
