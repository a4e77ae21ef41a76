import {
  type AnyTable,
  type Catalog,
  type CatalogColumn,
  type CatalogForeignKey,
  type CatalogIndexKey,
  type CatalogProblem,
  type CatalogReference,
  type CatalogTable,
  type ColumnBuilder,
  type ColumnNode,
  check,
  column,
  type ExpressionNode,
  type Family,
  foreignKey,
  type Metadata,
  metadata,
  OrderingNode,
  primaryKey,
  sql,
  table as standAlone,
  type TableExtra,
  text,
  unique,
} from '@espalier/core'
import { type CatalogMetadata, indexOf, keyOf, named, predicate, raw } from '../../catalog-metadata.js'
import { declaredType } from './declared-type.js'

/**
 * The tables of a catalog of SQLite as a metadata, of which `createAll` makes them again. Columns have the types that
 * Espalier writes as they are declared: `integer` is `bigint()`, `text` is `text()`, `real` is `double()`, `blob` is
 * `bytes()`, and `numeric` and `varchar(n)` are themselves. Any other type is written as it was, and has the values of its
 * affinity: those of a text, a `bigint`, a number, or whatever SQLite has. Expressions are the same source text.
 *
 * Constraints that have no name get one by the convention. The rest of what is not the same is listed under `problems`.
 * @param options `schema`: the one that is meant, `main` unless it is said.
 * @example
 * ```ts
 * import { inspect, metadataOf } from '@espalier/dialects/sqlite/inspect'
 *
 * const lite = sqlite(':memory:')
 * await lite.run(sql.statement`create table notes (id integer primary key, body mediumtext default '-')`)
 * const { metadata } = metadataOf(await inspect(lite))
 * createAll(metadata.tables.values(), sqliteDialect).map((statement) => statement.toSQL(sqliteDialect).sql)
 * // create table "notes" ("id" integer constraint "notes_pkey" primary key not null, "body" mediumtext default ('-'))
 * ```
 */
export function metadataOf(catalog: Catalog, options: { readonly schema?: string } = {}): CatalogMetadata {
  const { schema = 'main' } = options
  const app = metadata(schema === 'main' ? {} : { schema })
  const problems: CatalogProblem[] = []
  for (const table of catalog.tables) {
    if (table.schema !== schema || table.sqlite?.shadow === true) continue
    const reference: CatalogReference = { kind: 'table', schema, name: table.name }
    const missing = new Missing(reference, problems)
    if (isDeclarable(table, missing)) new Declaration(table, app, missing).add()
  }
  for (const { name } of catalog.views.filter((view) => view.schema === schema)) {
    problems.push({ object: { kind: 'view', schema, name }, message: 'A view is not in the metadata.' })
  }
  for (const { name, table } of catalog.triggers.filter((trigger) => trigger.schema === schema)) {
    problems.push({
      object: { kind: 'trigger', schema, name, table },
      message: 'A trigger is not in the metadata.',
    })
  }
  return { metadata: app, problems }
}

/** What the metadata does not say of an object. */
class Missing {
  constructor(
    private readonly object: CatalogReference,
    private readonly problems: CatalogProblem[],
  ) {}
  add(what: string): void {
    this.problems.push({ object: this.object, message: `The metadata does not say ${what}.` })
  }
  skip(why: string): void {
    this.problems.push({ object: this.object, message: `The table is not in the metadata: ${why}.` })
  }
}

function isDeclarable({ name, columns, sqlite }: CatalogTable, missing: Missing): boolean {
  if (sqlite?.virtual !== undefined) missing.skip('it is a virtual one')
  else if (columns.length === 0) missing.skip('its columns are not known')
  else if ([name, ...columns.map((one) => one.name)].includes('')) missing.skip('it has an empty name in it')
  else return true
  return false
}

/** A table that is declared as a catalog says. */
class Declaration {
  /** The keys of the columns, by their names. */
  private readonly keys: ReadonlyMap<string, string>

  constructor(
    private readonly table: CatalogTable,
    private readonly app: Metadata,
    private readonly missing: Missing,
  ) {
    const names = table.columns.map(({ name }) => name)
    this.keys = new Map(names.map((name) => [name, keyOf(name, names)]))
  }

  add(): void {
    const { table, missing } = this
    const { sqlite, primaryKey: key } = table
    if (sqlite?.withoutRowid) missing.add('without rowid')
    if (sqlite?.autoincrement) missing.add('autoincrement')
    const nullable = table.columns.filter(({ name, nullable }) => nullable && key?.columns.includes(name))
    for (const { name } of nullable) {
      missing.add(`that "${name}" may be null: a column of a primary key is not null`)
    }
    const columns = table.columns.map(
      (one) => [this.keys.get(one.name) as string, this.builder(one)] as const,
    )
    this.app.table(table.name, Object.fromEntries(columns), (t) => this.extras(t as never), {
      ...(sqlite?.strict && { sqlite: { strict: true } }),
    })
  }

  private builder(one: CatalogColumn): ColumnBuilder<unknown, Family, boolean> {
    const { name, nullable, identity, generated } = one
    const type = declaredType(one)
    if (type === undefined) this.missing.add(`the type "${one.type.text}" of "${name}"`)
    if (generated !== undefined) this.missing.add(`how "${name}" is generated`)
    if (one.notNullName !== undefined) this.missing.add(`the name of the "not null" of "${name}"`)
    if (one.sqlite?.onConflict !== undefined) this.missing.add(`on conflict of the "not null" of "${name}"`)
    let builder: ColumnBuilder<unknown, Family, boolean> = column(type ?? text().sqlType, name)
    if (identity !== undefined) builder = builder.identity()
    if (!nullable) builder = builder.notNull() as typeof builder
    if (one.default === undefined) return builder
    return builder.default(raw(one.default) as never) as typeof builder
  }

  private extras(columns: Readonly<Record<string, ColumnNode>>): TableExtra[] {
    const { table, missing } = this
    const of = (name: string) => columns[this.keys.get(name) ?? ''] as ColumnNode
    const all = (names: readonly string[]) => names.map(of) as never[]
    const extras: TableExtra[] = []
    for (const key of table.primaryKey === undefined ? [] : [table.primaryKey]) {
      if (key.sqlite !== undefined)
        missing.add('the order, the collations or the on conflict of the primary key')
      extras.push(named(primaryKey(...all(key.columns)), key.name))
    }
    for (const key of table.uniques) {
      const list = key.columns.join(', ')
      if (key.sqlite !== undefined)
        missing.add(`the order, the collations or the on conflict of unique (${list})`)
      extras.push(named(unique(...all(key.columns)), key.name))
    }
    for (const key of table.foreignKeys) {
      const extra = this.foreignKey(key, all(key.columns))
      if (extra !== undefined) extras.push(extra)
    }
    for (const { name, expression, sqlite } of table.checks) {
      if (sqlite?.onConflict !== undefined) missing.add(`on conflict of check (${expression})`)
      extras.push(named(check(predicate(expression)), name))
    }
    return [...extras, ...table.indexes.map((one) => indexOf(one, indexKey, of))]
  }

  private foreignKey(key: CatalogForeignKey, columns: never[]): TableExtra | undefined {
    const { name, target, onDelete, onUpdate, match, deferrable } = key
    const what = `of foreign key (${key.columns.join(', ')})`
    if (target.columns.length !== columns.length) {
      this.missing.add(`the columns ${what} in "${target.table}", which is not in the catalog`)
      return undefined
    }
    if (match !== undefined || key.sqlite?.match !== undefined) this.missing.add(`the match ${what}`)
    if (deferrable !== undefined) this.missing.add(`that the check ${what} can wait`)
    const { app, table } = this
    const schema = table.schema === 'main' ? {} : { schema: table.schema }
    // A table that is elsewhere is declared by its name alone.
    const targets = () => {
      const found = app.tables.get(target.table)
      const names = target.columns
      const source =
        found ??
        standAlone(
          target.table,
          Object.fromEntries(names.map((one) => [keyOf(one, names), text(one)])),
          undefined,
          schema,
        )
      return names.map((one) => columnOf(source, one)) as never[]
    }
    return foreignKey(columns, targets, {
      ...(onDelete !== 'no action' && { onDelete }),
      ...(onUpdate !== 'no action' && { onUpdate }),
      ...(name !== undefined && name !== '' && { name }),
    })
  }
}

function columnOf(source: AnyTable, name: string): ColumnNode {
  const columns = Object.values(source as unknown as Record<string, ColumnNode>)
  const found = columns.find((one) => one?.kind === 'column' && one.name === name)
  // A reference to a column that is not there is a mistake that SQLite takes.
  return found ?? columnOf(standAlone((columns[0] as ColumnNode).source.name, { it: text(name) }), name)
}

function indexKey(key: CatalogIndexKey, plain: ExpressionNode): ExpressionNode | OrderingNode {
  const collated =
    key.collation === undefined
      ? plain
      : (sql`${plain} collate ${sql.identifier(key.collation)}` as unknown as ExpressionNode)
  return key.order === 'desc' ? new OrderingNode(collated, 'desc', undefined) : collated
}
