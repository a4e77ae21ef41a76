import type { Node } from '../tree/node.js'

/** SQL text and the values of its parameters, in order, as the driver takes them. */
export interface Sql {
  readonly sql: string
  readonly params: readonly unknown[]
}

/** How SQL is written. */
export interface ToSqlOptions {
  /** Write values as literals instead of parameters: a script to read or to run by hand. */
  readonly inline?: boolean
}

/** What a database can do, by name; `false` makes the statement be written otherwise, or refused. */
export interface Capabilities {
  /** Adds a constraint to a table that exists. */
  readonly addConstraint: boolean
  /** `drop table … cascade`. */
  readonly dropCascade: boolean
  /** Whether the schema of an index stands before its own name, and not before that of its table. */
  readonly schemaOfIndex: boolean
  /** `nulls first` and `nulls last` in an index. */
  readonly nullsInIndex: boolean
  /** The bytes of a name that are kept; the rest would be cut. */
  readonly maxNameBytes: number
  /** What stands before an `offset` without `limit`: nothing, or a limit that is none. */
  readonly unlimited: string
  /** A type for spans of time: `interval`. */
  readonly intervals: boolean
  /** The operator `~` for regular expressions. */
  readonly regularExpressions: boolean
  /** `any (select …)`, `all (select …)`, and both over an array. */
  readonly quantifiers: boolean
  /** `@>`, `||` and paths with conditions of JSON documents. */
  readonly jsonOperators: boolean
  /** `to_tsvector` and `@@`. */
  readonly fullText: boolean
  /** A type of arrays: `text[]`. */
  readonly arrays: boolean
  /** `#`, the exclusive or of bits. */
  readonly bitXor: boolean
  /** `between symmetric`. */
  readonly betweenSymmetric: boolean
  /** Several rows of values after `in`, without `values` before them. */
  readonly rowLists: boolean
  /** `full join` on any condition; without it, one that has an equality of both sides. */
  readonly fullJoinOnAny: boolean
  /** Parentheses around the sides of a set operation. */
  readonly setOperandParentheses: boolean
  /** `distinct on (…)`. */
  readonly distinctOn: boolean
  /** `fetch first … rows with ties`. */
  readonly withTies: boolean
  /** `for update` and its like. */
  readonly rowLocks: boolean
  /** `rollup`, `cube`, `grouping sets`. */
  readonly groupingSets: boolean
  /** Queries and functions in FROM that see the sources before them, and whose columns the statement names. */
  readonly lateral: boolean
  /** `tablesample`. */
  readonly tableSample: boolean
  /** Tables that inherit from others, so that `only` makes a difference. */
  readonly inheritance: boolean
  /** Writes within a CTE. */
  readonly writesInCtes: boolean
  /** Groups and windows in the step of a recursive CTE. */
  readonly groupsInRecursion: boolean
  /** `search` and `cycle` of a recursive CTE. */
  readonly searchAndCycle: boolean
  /** The collation that orders texts by their bytes. */
  readonly binaryCollation: string
  /** `default` among the values of a row, and as a new value. */
  readonly defaultKeyword: boolean
  /** `insert or ignore`, `insert or replace`. */
  readonly insertOr: boolean
  /** `overriding system value`; without it, given values are taken anyway. */
  readonly overridingIdentity: boolean
  /** `on conflict on constraint`. */
  readonly conflictConstraint: boolean
  /** More than one `on conflict` in an insert. */
  readonly severalConflicts: boolean
  /** `delete … using`. */
  readonly deleteUsing: boolean
  /** The alias of the table that is written, in `returning`; without it, the name of the table itself. */
  readonly aliasInReturning: boolean
  /** The rows before and after a write, in `returning`. */
  readonly rowVersions: boolean
  /** `merge`. */
  readonly merge: boolean
  /** `returning` of a merge. */
  readonly mergeReturning: boolean
  /** `when not matched by source` of a merge. */
  readonly mergeBySource: boolean
  /** `truncate`. */
  readonly truncate: boolean
}

/** What a statement needs to know of a dialect in order to be written: that it can write. */
export interface SqlWriter {
  /** The name that error messages use, for example `PostgreSQL`. */
  readonly name: string
  readonly capabilities: Capabilities
  /** The SQL of a statement and its parameters. */
  toSQL(node: Node, options?: ToSqlOptions): Sql
}
