import { BuildError, excerpt } from '../errors.js'
import {
  ColumnNode,
  type Columns,
  createSource,
  type FromItem,
  reservedKey,
  sourceInfo,
} from '../expression/source.js'
import type { Family } from '../types/sql-type.js'
import { type ColumnBuilder, type ColumnOptions, columnOptions, type HasDefault } from './column.js'
import type { DatabaseName, TableExtra } from './constraint.js'
import type { DeclaredTable, PostgresTableOptions, SqliteTableOptions, TableContext } from './declaration.js'
import { TableNode } from './definition.js'
import type { SchemaObject } from './schema-object.js'

/** The columns of a table as they are declared. */
export type ColumnBuilders = Readonly<Record<string, ColumnBuilder<unknown, Family, HasDefault>>>

/** What an update or a delete can reach: a table, or one under another name. */
export declare abstract class TargetSource<out Name extends string, out C> {
  // It is a Source by its members, not by `extends`: the base would be made anew for every alias.
  get '~sources'(): Name
  get '~columns'(): C
  get '~needs'(): never
  get '~target'(): true
  /** The same table under another name; see `Source.as`. */
  as<const Alias extends string>(name: Alias): TableAlias<Alias, C>
}

/** What a table is beside its columns. */
export declare abstract class TableSource<out Name extends string, out C> extends TargetSource<Name, C> {
  get '~table'(): true
}

/** A table under another name: its columns as properties, usable wherever a source is, and as what a write changes. */
export type TableAlias<Name extends string, C> = Columns<Name, C> & TargetSource<Name, C>

/** A table: its columns as properties, usable in any statement. */
export type Table<Name extends string, C> = Columns<Name, C> & TableSource<Name, C>

/** Any table, for constraints in generics. */
export type AnyTable = TableSource<string, unknown>

/** Where a table is, and what else is to be said of it. */
export interface TableOptions {
  /** The schema (in SQLite: the attached database) in which the table is. */
  readonly schema?: string
  /** What the table is, for people: a comment of the database, where it has such. */
  readonly comment?: string
  /** What your program knows of the table; it is carried along, and never in SQL. */
  readonly info?: unknown
  /** Whether it is there for one session alone. */
  readonly temporary?: boolean
  /** The database for which alone {@link createAll} makes it. */
  readonly onlyOn?: DatabaseName
  /** Other objects that must be there before it: a function that a check calls, a type that {@link declared} declares. */
  readonly dependsOn?: readonly (FromItem | SchemaObject)[]
  readonly sqlite?: SqliteTableOptions
  readonly postgres?: PostgresTableOptions
}

const standAlone: TableContext = {
  schema: undefined,
  columnName: (key) => key,
  naming: undefined,
  find: () => undefined,
}

/**
 * A table on its own, in no metadata: for migrations, for libraries, for tables that others own. Columns are
 * named as they are written; references by name are taken literally.
 * @example
 * ```ts
 * const users = table('users', { id: bigint().primaryKey(), fullName: text('full_name') })
 * ```
 */
export function table<const Name extends string, const C extends ColumnBuilders>(
  name: Name,
  columns: C,
  extras?: (table: Columns<Name, C>) => readonly TableExtra[],
  options?: TableOptions,
): Table<Name, C> {
  const context = options === undefined ? standAlone : { ...standAlone, ...options }
  return declareTable(name, columns, extras as TableExtras | undefined, context) as Table<Name, C>
}

/**
 * Columns to be added to a table that exists: in place of its own, named and constrained by its conventions. A name
 * alone stands for a table outside of any metadata.
 * @example
 * ```ts
 * tableDefinition(withColumns(users, { orgId: integer().references('orgs.id') })).constraints
 * // [the foreign key "users_org_id_fkey"]
 * ```
 */
export function withColumns<const C extends ColumnBuilders>(
  source: AnyTable | string,
  columns: C,
  extras?: (table: Columns<string, C>) => readonly TableExtra[],
): Table<string, C> {
  const declared = typeof source === 'string' ? undefined : declarationOf(source)
  const name = declared?.node.name ?? (source as string)
  const context = declared?.context ?? standAlone
  // A reference to the table itself means a column that it has already.
  const find = (other: string) => (other === name ? declared : context.find(other))
  return declareTable(name, columns, extras as TableExtras | undefined, {
    ...context,
    find,
    added: true,
  }) as Table<string, C>
}

export type TableExtras = (table: object) => readonly TableExtra[]

export function declareTable(
  name: string,
  builders: ColumnBuilders,
  extras: TableExtras | undefined,
  context: TableContext,
): object {
  const node = new TableNode(name, context.schema)
  const columns: Record<string, ColumnNode> = {}
  const options: Record<string, ColumnOptions> = {}
  const taken = new Map<string, string>()
  for (const [key, builder] of Object.entries(builders)) {
    const column = columnOptions(builder)
    if (column === undefined) {
      throw new BuildError(
        'invalid_column',
        `Column '${key}' of table '${name}' is ${excerpt(builder)}; write a type such as text().`,
      )
    }
    if (key === '__proto__') throw reservedKey(key, name)
    const physical = column.name ?? context.columnName(key)
    const other = taken.get(physical)
    if (other !== undefined) {
      throw new BuildError(
        'duplicate_column',
        `Columns '${other}' and '${key}' of table '${name}' are both named "${physical}".`,
      )
    }
    taken.set(physical, key)
    columns[key] = new ColumnNode(node, physical, column.sqlType, column.notNull)
    options[key] = column
  }
  if (taken.size === 0) throw new BuildError('no_columns', `Table '${name}' has no columns.`)
  const facade = createSource({ node, columns, definition: undefined })
  const definition: DeclaredTable = { node, columns, options, extras: extras?.(facade) ?? [], context }
  return createSource({ node, columns, definition })
}

/** What was declared of a table or of an alias of one; undefined for any other source. */
export function declarationOf(source: unknown): DeclaredTable | undefined {
  return sourceInfo(source)?.definition as DeclaredTable | undefined
}
