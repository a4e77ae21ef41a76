import type { Writer } from '../expression/writer.js'
import type { Lacks } from '../types/dialect.js'

/** What only some databases, or some versions of them, have in a schema: how errors name it, and what to do instead. */
const features = {
  sequences: [
    'sequences, nor options of identity',
    'Leave out start, increment, min, max and cycle, or number the rows in the program.',
  ],
  virtualColumns: ['virtual generated columns', 'Write { stored: true }.'],
  columnStorage: ['storage of a column in create table', 'Leave it out, and alter the column behind it.'],
  compression: ['compression of columns', 'Leave it out.'],
  namedNotNull: ['names and options of not null', 'Write notNull() at the column alone, or a check.'],
  includedColumns: ['columns that a key or an index includes', 'Leave out include.'],
  deferrableKeys: ['deferrable keys', 'Leave it out: only foreign keys are deferrable there.'],
  nullsNotDistinct: [
    'keys in which two nulls are equal',
    "Add a unique index of coalesce(column, '') where the column is null.",
  ],
  matchFull: [
    "foreign keys with match 'full'",
    'Add a check that either all of the columns are null or none is.',
  ],
  setColumns: [
    'foreign keys that set some of their columns',
    "Leave out setColumns, or write onDelete: 'cascade'.",
  ],
  validation: ['constraints that are checked later', 'State them when the table is created.'],
  notEnforced: ['constraints that are not enforced', 'Leave the constraint out.'],
  noInherit: ['constraints that tables do not inherit', 'Leave out noInherit.'],
  exclusion: [
    'exclude constraints',
    "Check for such rows in the transaction that writes. Or declare it by onlyOn('PostgreSQL', …).",
  ],
  temporalKeys: [
    'keys over periods of time',
    "Check for such rows in the transaction that writes. Or declare it by onlyOn('PostgreSQL', …).",
  ],
  insertOr: ['clauses on conflict of a constraint', 'Say it where rows are written: .onConflict(…).'],
  indexMethods: [
    'methods and operator classes of indexes',
    "Leave them out; the index serves equality and order. Or declare it by onlyOn('PostgreSQL', …).",
  ],
  concurrentIndexes: ['indexes that are made concurrently', 'Leave out concurrently.'],
  partitions: ['partitioned tables', 'Leave it out: one table holds all rows.'],
  inheritance: ['tables that inherit', 'Declare the columns again.'],
  comments: ['comments on tables and columns', 'Keep them in the schema: createAll leaves them out.'],
  materializedViews: ['materialized views', 'Write a view, or a table that a program fills.'],
  replaceView: ['create or replace view', 'Drop the view and create it.'],
  viewOptions: ['options of views', 'Leave them out.'],
  schemas: ['schemas that are created', 'Attach a database under the name.'],
  alterObjects: [
    'changes of types, views and other objects',
    'Drop it and create it, where it has it at all.',
  ],
  rowSecurity: ['row security', 'Leave it out: who opens the file sees all rows.'],
  grants: ['privileges of roles', 'Leave it out: it has no roles.'],
  extensions: ['extensions that are created', 'Load them into the connection.'],
} as const satisfies Partial<Record<keyof Lacks, readonly [construct: string, instead: string]>>

/** A part of a schema that only some databases have. */
export type SchemaFeature = keyof typeof features

/** Refuses a part of a schema on a database that has it not, by an error that names the version. */
export function requireSchemaFeature(to: Writer, name: SchemaFeature): void {
  if (to.dialect.lacks[name] !== true) return
  const [construct, instead] = features[name]
  throw to.unsupported(construct, instead)
}

/** Whether what is declared for one database is meant for this one: `PostgreSQL` means each of its versions. */
export function isMeantFor(dialect: { readonly name: string }, onlyOn: string | undefined): boolean {
  return onlyOn === undefined || dialect.name === onlyOn || dialect.name.startsWith(`${onlyOn} `)
}
