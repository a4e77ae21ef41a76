import type {
  Catalog,
  CatalogColumn,
  CatalogDependency,
  CatalogForeignKey,
  CatalogIndex,
  CatalogProblem,
  CatalogReference,
  CatalogTable,
  CatalogTrigger,
  CatalogView,
  Executor,
  InspectOptions,
} from '@espalier/core'
import {
  affinityOf,
  catalogIndex,
  catalogTable,
  catalogVirtualTable,
  emptyTable,
  foldCase,
  sameName,
} from './catalog-table.js'
import { parseCreate } from './create.js'
import {
  type ComputedColumn,
  computedColumns,
  databases,
  isWanted,
  rowEstimates,
  type StoredObject,
  sizes,
  storedObjects,
  withStatistics,
} from './queries.js'
import type { CreateStatement } from './syntax.js'
import { catalogType } from './type-text.js'

/**
 * Reads the schema of a SQLite database: its tables with all that belongs to them, its views and triggers, in `main`, in
 * `temp` and in what is attached. The statements that SQLite keeps are parsed, so that also what its pragmas do not tell is
 * there: names of constraints, conflict clauses, checks, collations, what is generated and how. As many statements run
 * however many tables there are, in one transaction.
 *
 * What cannot be read, such as the columns of a view of a table that is gone, is listed under `problems`. Which views read
 * which tables SQLite does not know, so that is not among the dependencies.
 * @example
 * ```ts
 * import { inspect } from '@espalier/dialects/sqlite/inspect'
 *
 * const catalog = await inspect(sqlite(':memory:'), { exclude: { names: ['log_*'] } })
 * catalog.tables.map((table) => table.name) // []
 * ```
 */
export async function inspect(db: Executor, options: InspectOptions = {}): Promise<Catalog> {
  // In a transaction it needs none of its own: what that sees does not change under it.
  return 'afterCommit' in db
    ? read(db, options)
    : db.transaction((tx) => read(tx, options), { readOnly: true })
}

async function read(db: Executor, options: InspectOptions): Promise<Catalog> {
  const all = await db.all(databases())
  const schemas = all.map(({ name }) => name).filter((name) => isWanted('schemas', name, options))
  const draft = new Draft(schemas)
  if (schemas.length > 0) {
    for (const column of await db.all(computedColumns(schemas))) draft.takeComputed(column)
    for (const object of await db.all(storedObjects(schemas, options))) draft.take(object)
    const withRows = (await db.all(withStatistics(schemas))).map(({ schema }) => schema)
    if (withRows.length > 0) {
      for (const { schema, table, rows } of await db.all(rowEstimates(withRows))) {
        draft.change(schema, table, { rowEstimate: rows })
      }
    }
    if (options.sizes === true) {
      for (const { schema, table, bytes } of await db.all(sizes(schemas)))
        draft.change(schema, table, { bytes })
    }
  }
  return draft.catalog(all[0]?.version ?? '')
}

/** A catalog as it grows. */
class Draft {
  /** By the key of the view or the table. */
  private readonly computed = new Map<string, ComputedColumn[]>()
  private readonly tables = new Map<string, CatalogTable>()
  private readonly indexes: { readonly object: StoredObject; readonly statement: CreateStatement }[] = []
  private readonly views: CatalogView[] = []
  private readonly triggers: CatalogTrigger[] = []
  private readonly problems: CatalogProblem[] = []

  constructor(private readonly schemas: readonly string[]) {}

  takeComputed(column: ComputedColumn): void {
    const key = keyOf(column.schema, column.table)
    const others = this.computed.get(key)
    if (others === undefined) this.computed.set(key, [column])
    else others.push(column)
  }

  take(object: StoredObject): void {
    const { schema, name, sql } = object
    let statement: CreateStatement
    try {
      statement = parseCreate(sql)
    } catch (error) {
      this.problems.push({ object: referenceTo(object), message: (error as Error).message })
      this.takeUnread(object)
      return
    }
    switch (statement.kind) {
      case 'create table':
        this.add(this.withShadow(catalogTable(schema, statement, sql)))
        return
      case 'create virtual table': {
        const table = catalogVirtualTable(schema, statement, sql)
        this.add({ ...table, columns: this.columnsOf(object, 'table') })
        return
      }
      case 'create index':
        this.indexes.push({ object, statement })
        return
      case 'create view': {
        const columnNames =
          statement.columns.length === 0 ? undefined : statement.columns.map((one) => one.name)
        this.views.push({
          schema,
          name,
          columns: this.columnsOf(object, 'view'),
          query: statement.query.source,
          sqlite: { sql, columnNames },
        })
        return
      }
      case 'create trigger': {
        const { timing, event, columns, when } = statement
        this.triggers.push({
          schema,
          table: object.table,
          name,
          timing,
          events: [event],
          columns: columns.length === 0 ? undefined : columns.map((one) => one.name),
          forEach: 'row',
          when: when?.source,
          definition: sql,
        })
        return
      }
    }
  }

  /** What is known of an object whose statement is not understood. */
  private takeUnread({ schema, name, type, sql }: StoredObject): void {
    if (type === 'table') this.add(this.withShadow(emptyTable(schema, name, sql)))
    if (type === 'view') this.views.push({ schema, name, columns: [], query: '', sqlite: { sql } })
  }

  private add(table: CatalogTable): void {
    this.tables.set(keyOf(table.schema, table.name), table)
  }

  /** Adds to what is known of a table, if it is asked for. */
  change(schema: string, name: string, change: Partial<CatalogTable>): void {
    const table = this.tables.get(keyOf(schema, name))
    if (table !== undefined) this.add({ ...table, ...change })
  }

  private withShadow(table: CatalogTable): CatalogTable {
    const [first] = this.computed.get(keyOf(table.schema, table.name)) ?? []
    const isShadow = first?.kind === 'shadow'
    return isShadow && table.sqlite !== undefined
      ? { ...table, sqlite: { ...table.sqlite, shadow: true } }
      : table
  }

  /** The columns of a view or a virtual table, as SQLite computes them. */
  private columnsOf(object: StoredObject, kind: 'table' | 'view'): CatalogColumn[] {
    const rows = this.computed.get(keyOf(object.schema, object.name)) ?? []
    if (rows.every(({ name }) => name === null)) {
      const why =
        kind === 'view'
          ? 'Its columns are not known: its query fails, perhaps for a table that is not there any more.'
          : 'Its columns are not known: the module of the virtual table is not loaded on this connection.'
      this.problems.push({ object: referenceTo(object), message: why })
    }
    return rows.flatMap(({ name, type, hidden }) => {
      if (name === null) return []
      const text = type ?? ''
      const sqlite = { affinity: affinityOf(text), hidden: hidden === 1 || undefined }
      return [{ name, type: catalogType(text), nullable: true, sqlite }]
    })
  }

  catalog(version: string): Catalog {
    for (const { object, statement } of this.indexes) this.addIndex(object, statement)
    const tables = [...this.tables.values()].map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.map((key) => this.resolved(key)),
    }))
    return {
      dialect: 'SQLite',
      version,
      schemas: this.schemas.map((name) => ({ name })),
      tables: sorted(tables),
      views: sorted(this.views),
      materializedViews: [],
      sequences: [],
      enums: [],
      domains: [],
      compositeTypes: [],
      functions: [],
      triggers: sorted(this.triggers),
      policies: [],
      extensions: [],
      dependencies: this.dependencies(tables),
      problems: this.problems,
    }
  }

  private addIndex({ schema, table: name, sql }: StoredObject, statement: CreateStatement): void {
    const table = this.tables.get(keyOf(schema, name))
    if (table === undefined || statement.kind !== 'create index') return
    const indexes: CatalogIndex[] = [...table.indexes, catalogIndex(statement, table.columns, sql)]
    this.add({ ...table, indexes: indexes.sort((a, b) => compare(a.name, b.name)) })
  }

  /** A foreign key with the names of its target as they are declared; one that names no columns means the primary key. */
  private resolved(key: CatalogForeignKey): CatalogForeignKey {
    const table = this.tables.get(keyOf(key.target.schema, key.target.table))
    if (table === undefined) return key
    const nameOf = (name: string) => table.columns.find((one) => sameName(one.name, name))?.name ?? name
    const columns =
      key.target.columns.length === 0 ? (table.primaryKey?.columns ?? []) : key.target.columns.map(nameOf)
    return { ...key, target: { schema: key.target.schema, table: table.name, columns } }
  }

  private dependencies(tables: readonly CatalogTable[]): CatalogDependency[] {
    const ofKeys = tables.flatMap(({ schema, name, foreignKeys }) => {
      const targets = [...new Set(foreignKeys.map(({ target }) => target.table))]
      return targets
        .filter((target) => !sameName(target, name))
        .map(
          (target): CatalogDependency => ({
            object: { kind: 'table', schema, name },
            needs: { kind: 'table', schema, name: target },
          }),
        )
    })
    const ofTriggers = this.triggers.map(({ schema, table, name }): CatalogDependency => {
      const isView = this.views.some((view) => view.schema === schema && sameName(view.name, table))
      return {
        object: { kind: 'trigger', schema, name, table },
        needs: { kind: isView ? 'view' : 'table', schema, name: table },
      }
    })
    return [...ofKeys, ...ofTriggers]
  }
}

function keyOf(schema: string, name: string): string {
  return `${schema}\u0000${foldCase(name)}`
}

function referenceTo({ schema, type, name, table }: StoredObject): CatalogReference {
  const kind = type as 'table' | 'index' | 'view' | 'trigger'
  return { kind, schema, name, table: kind === 'index' || kind === 'trigger' ? table : undefined }
}

function sorted<T extends { readonly schema: string; readonly name: string }>(objects: readonly T[]): T[] {
  return [...objects].sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
