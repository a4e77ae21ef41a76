import { BuildError, excerpt } from '../errors.js'
import type { Columns, FromItem } from '../expression/source.js'
import type { TableExtra } from './constraint.js'
import type { SqliteTableOptions, TableContext } from './declaration.js'
import { type ColumnNames, defaultNaming, type NamingConvention, noNaming, snakeCase } from './naming.js'
import { objectOf, type SchemaObject } from './schema-object.js'
import {
  type AnyTable,
  type ColumnBuilders,
  declarationOf,
  declareTable,
  type Table,
  type TableExtras,
  type TableOptions,
} from './table.js'

/** How the tables of a metadata are named. */
export interface MetadataOptions {
  /** How columns are named that state only their key: `'as is'` (the default) or `'snake_case'`. */
  readonly columnNames?: ColumnNames
  /** The schema of all tables that are declared here. */
  readonly schema?: string
  /** How SQLite has all tables that are declared here, unless one says otherwise. */
  readonly sqlite?: SqliteTableOptions
  /**
   * Names for constraints and indexes, in place of PostgreSQL's own convention; with `'none'` constraints are left to the
   * database, of which SQLite gives them no names.
   */
  readonly naming?: Partial<NamingConvention> | 'none'
}

/** What a metadata has beside its tables: a view, a partition, any other {@link SchemaObject}. */
export type AnyPart = FromItem | SchemaObject

/** A set of tables that belong together: one application's schema. */
export interface Metadata {
  /** Every table declared so far, by name; by `schema.name` where its schema is not that of the metadata. */
  readonly tables: ReadonlyMap<string, AnyTable>
  /** What else was given by {@link Metadata.add}, in that order; and partitions, which are tables too. */
  readonly objects: readonly AnyPart[]
  /**
   * Adds what is declared outside of it: views, sequences, extensions, partitions, what {@link declared} declares, and tables
   * of their own.
   * @example
   * ```ts
   * const app = metadata()
   * const tags = app.table('tags', { name: text().primaryKey(), hidden: boolean().notNull().default(false) })
   * const shown = view('shown_tags', select({ name: tags.name }).from(tags).where(tags.hidden.eq(false)))
   * app.add(shown, extension('citext'))
   * createAll(app, sqliteDialect).length // 2
   * ```
   */
  add(...objects: readonly AnyPart[]): void
  /**
   * Declares a table; see {@link table} for the columns, the third argument and the options.
   * @example
   * ```ts
   * const app = metadata({ columnNames: 'snake_case' })
   * const users = app.table('users', { id: bigint().identity().primaryKey(), email: text().notNull() }, (t) => [
   *   unique(t.email),
   * ])
   * ```
   */
  table<const Name extends string, const C extends ColumnBuilders>(
    name: Name,
    columns: C,
    extras?: (table: Columns<Name, C>) => readonly TableExtra[],
    options?: TableOptions,
  ): Table<Name, C>
}

/**
 * A new, empty metadata. Nothing is global: two metadatas never meet.
 * @example
 * ```ts
 * export const app = metadata({ columnNames: 'snake_case' })
 * ```
 */
export function metadata(options: MetadataOptions = {}): Metadata {
  const tables = new Map<string, AnyTable>()
  const objects: AnyPart[] = []
  const context: TableContext = {
    schema: options.schema,
    sqlite: options.sqlite,
    columnName: options.columnNames === 'snake_case' ? snakeCase : (key) => key,
    naming: options.naming === 'none' ? noNaming : { ...defaultNaming, ...options.naming },
    find: (name) => {
      const found = tables.get(name)
      return found === undefined ? undefined : declarationOf(found)
    },
  }
  return {
    tables,
    objects,
    add(...added: readonly AnyPart[]) {
      for (const one of added) {
        if (objectOf(one) === undefined && declarationOf(one) === undefined) {
          throw new BuildError(
            'invalid_object',
            `app.add(…) takes tables, views, and what sequence(…), extension(…), schema(…) or declared(…) makes, not ${excerpt(one)}.`,
          )
        }
        objects.push(one)
      }
    },
    table<Name extends string, C extends ColumnBuilders>(
      name: Name,
      columns: C,
      extras?: (table: Columns<Name, C>) => readonly TableExtra[],
      own?: TableOptions,
    ) {
      const isElsewhere = own?.schema !== undefined && own.schema !== options.schema
      const key = isElsewhere ? `${own.schema}.${name}` : name
      if (tables.has(key)) {
        throw new BuildError('duplicate_table', `Table '${key}' is declared twice in this metadata.`)
      }
      const declared = declareTable(name, columns, extras as TableExtras | undefined, {
        ...context,
        ...own,
      }) as Table<Name, C>
      tables.set(key, declared)
      return declared
    },
  }
}
