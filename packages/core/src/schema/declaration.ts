import type { ColumnNode, FromItem } from '../expression/source.js'
import type { ColumnOptions } from './column.js'
import type { TableExtra } from './constraint.js'
import type { StorageParameters, TableNode } from './definition.js'
import type { NamingConvention } from './naming.js'
import type { SchemaObject } from './schema-object.js'
import type { PartitionOfNode } from './table-details.js'

/** What SQLite alone asks of a table; other databases have it as any other. */
export interface SqliteTableOptions {
  /**
   * SQLite itself refuses a value that is not of its column's type, also from other programs, as PostgreSQL always does:
   * `create table … strict`. The types of its columns are then `integer`, `real`, `text` and `blob` alone, so a
   * `numeric` is `real` there, and a `varchar(n)` is `text`.
   *
   * See https://www.sqlite.org/stricttables.html
   */
  readonly strict?: boolean
  /**
   * The rows are kept by the primary key alone: `create table … without rowid`. It needs a primary key, of which no column
   * can be null, and no identity.
   *
   * See https://www.sqlite.org/withoutrowid.html
   */
  readonly withoutRowid?: boolean
  /** The numbers of rows that are gone are given to no other: `integer primary key autoincrement`. */
  readonly autoincrement?: boolean
}

/** What PostgreSQL alone asks of a table; other databases have it as any other, but refuse `inherits`. */
export interface PostgresTableOptions {
  /** Its rows are lost where the server crashes, and it is faster to write. */
  readonly unlogged?: boolean
  /** The access method. */
  readonly using?: string
  /** Storage parameters, such as `{ fillfactor: 70 }`. */
  readonly with?: StorageParameters
  readonly tablespace?: string
  /** Tables whose columns it has beside its own. */
  readonly inherits?: readonly FromItem[]
}

/** How a table is declared; the same on its own and within a metadata. */
export interface TableContext {
  readonly schema: string | undefined
  /** The name of a column that states only its key. */
  readonly columnName: (key: string) => string
  /** Undefined for the default, which only DDL asks for. */
  readonly naming: NamingConvention | undefined
  /** Finds a table by name for references by name. */
  readonly find: (name: string) => DeclaredTable | undefined
  /** Whether the columns are only those that are added to a table with others. */
  readonly added?: boolean
  readonly sqlite?: SqliteTableOptions | undefined
  readonly postgres?: PostgresTableOptions | undefined
  readonly temporary?: boolean | undefined
  readonly comment?: string | undefined
  readonly info?: unknown
  readonly onlyOn?: string | undefined
  /** What must be there before it. */
  readonly dependsOn?: readonly (FromItem | SchemaObject)[] | undefined
  /** The table of which this is a partition. */
  readonly partitionOf?: PartitionOfNode | undefined
}

/** A table's columns by key, with what was declared of each. */
export interface DeclaredTable {
  readonly node: TableNode
  readonly columns: Readonly<Record<string, ColumnNode>>
  readonly options: Readonly<Record<string, ColumnOptions>>
  readonly extras: readonly TableExtra[]
  readonly context: TableContext
}
