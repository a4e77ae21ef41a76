import {
  type AnyObject,
  type AnyTable,
  type Catalog,
  type CatalogCheck,
  type CatalogColumn,
  type CatalogForeignKey,
  type CatalogIndex,
  type CatalogIndexKey,
  type CatalogKey,
  type CatalogProblem,
  type CatalogReference,
  type CatalogTable,
  type ColumnBuilder,
  type ColumnNode,
  check,
  column,
  declared,
  type ExpressionNode,
  type Family,
  foreignKey,
  generated,
  generatedAs,
  type HasDefault,
  index,
  type Metadata,
  metadata,
  notNull,
  OrderingNode,
  primaryKey,
  quoteIdentifier,
  type SqliteConflict,
  sql,
  table as standAlone,
  type TableExtra,
  text,
  unique,
} from '@espalier/core'
import { type CatalogMetadata, columnsOf, keyOf, named, predicate, raw } from '../../catalog-metadata.js'
import { foldCase, sameName } from './catalog-table.js'
import { parseCreate } from './create.js'
import { declaredType } from './declared-type.js'
import { replaceParts } from './replace.js'

/**
 * A catalog of SQLite as a metadata, of which `createAll` makes the same schema again. Columns have the types that
 * Espalier writes as they are declared: `integer` is `bigint()`, `text` is `text()`, `real` is `double()`, `blob` is
 * `bytes()`, and `numeric` and `varchar(n)` are themselves. Any other type is written as it was, and has the values of its
 * affinity: those of a text, a `bigint`, a number, or whatever SQLite has. Expressions are the same source text. Views,
 * triggers and virtual tables are declared by the statements that made them, for SQLite alone.
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
 * createAll(metadata, sqliteDialect).map((statement) => statement.toSQL(sqliteDialect).sql)
 * // create table "notes" ("id" integer constraint "notes_pkey" primary key not null, "body" mediumtext default ('-'))
 * ```
 */
export function metadataOf(catalog: Catalog, options: { readonly schema?: string } = {}): CatalogMetadata {
  const { schema = 'main' } = options
  const app = metadata(schema === 'main' ? {} : { schema })
  const problems: CatalogProblem[] = []
  const isMeant = (one: { readonly schema: string }) => one.schema === schema
  const bySource = new Map<string, AnyObject>()
  for (const table of catalog.tables.filter(isMeant)) {
    if (table.sqlite?.shadow === true) continue
    const { name, sqlite } = table
    const missing = new Missing({ kind: 'table', schema, name }, problems)
    if (sqlite?.virtual !== undefined) {
      const shown = table.columns.filter((one) => one.sqlite?.hidden !== true)
      bySource.set(foldCase(name), declaredBy('virtual table', name, sqlite.sql, schema, undefined, shown))
    } else if (isDeclarable(table, missing)) new Declaration(table, app, missing).add()
  }
  for (const { name, sqlite, columns } of catalog.views.filter(isMeant)) {
    if (sqlite === undefined) continue
    bySource.set(foldCase(name), declaredBy('view', name, sqlite.sql, schema, undefined, columns))
  }
  const triggers = catalog.triggers.filter(isMeant).map(({ name, table, definition }) => {
    const found = [...app.tables].find(([other]) => sameName(other, table))?.[1]
    return declaredBy('trigger', name, definition, schema, found ?? bySource.get(foldCase(table)))
  })
  app.add(...bySource.values(), ...triggers)
  return { metadata: app, problems }
}

/** An object by the statement that made it, which SQLite keeps without its schema. */
function declaredBy(
  kind: 'view' | 'trigger' | 'virtual table',
  name: string,
  source: string,
  schema: string,
  needs?: AnyObject,
  columns: readonly CatalogColumn[] = [],
): AnyObject {
  const isMain = schema === 'main'
  const path = (isMain ? [name] : [schema, name]).map(quoteIdentifier).join('.')
  const create = isMain ? source : withSchema(source, schema)
  return declared({
    kind,
    name,
    ...(!isMain && { schema }),
    create: sql.statement`${sql.unsafe(create)}`,
    // A trigger goes with its table.
    ...(kind !== 'trigger' && {
      drop: sql.statement`${sql.unsafe(`drop ${kind === 'view' ? 'view' : 'table'} ${path}`)}`,
    }),
    ...(needs !== undefined && { dependsOn: [needs] }),
    onlyOn: 'SQLite',
    ...columnsOf(columns, (one) => declaredType(one) ?? text().sqlType),
  })
}

/** A statement with the schema before the name of what it makes. */
function withSchema(source: string, schema: string): string {
  const statement = parseCreate(source)
  const { name, text } = statement
  const path = `${quoteIdentifier(schema)}.${text.tokens[name.first]?.text}`
  return replaceParts(statement, [{ part: name, text: path }])
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

function isDeclarable({ name, columns }: CatalogTable, missing: Missing): boolean {
  if (columns.length === 0) missing.skip('its columns are not known')
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
    const nullable = table.columns.filter(({ name, nullable }) => nullable && key?.columns.includes(name))
    for (const { name } of nullable) {
      missing.add(`that "${name}" may be null: a column of a primary key is not null`)
    }
    const columns = table.columns.map(
      (one) => [this.keys.get(one.name) as string, this.builder(one)] as const,
    )
    this.app.table(table.name, Object.fromEntries(columns), (t) => this.extras(t as never), {
      sqlite: {
        ...(sqlite?.strict && { strict: true }),
        ...(sqlite?.withoutRowid && { withoutRowid: true }),
        ...(sqlite?.autoincrement && { autoincrement: true }),
      },
    })
  }

  private builder(one: CatalogColumn): ColumnBuilder<unknown, Family, HasDefault> {
    const { name, nullable, identity, collation } = one
    const type = declaredType(one)
    if (type === undefined) this.missing.add(`the type "${one.type.text}" of "${name}"`)
    if (one.notNullName !== undefined) this.missing.add(`the name of the "not null" of "${name}"`)
    let builder: ColumnBuilder<unknown, Family, HasDefault> = column(type ?? text().sqlType, name)
    if (identity !== undefined) builder = builder.identity()
    if (!nullable) builder = builder.notNull() as typeof builder
    if (collation !== undefined) builder = builder.with({ collation })
    if (one.generated !== undefined) return generated(builder)
    if (one.default === undefined) return builder
    return builder.default(raw(one.default) as never) as typeof builder
  }

  private extras(columns: Readonly<Record<string, ColumnNode>>): TableExtra[] {
    const { table, missing } = this
    const of = (name: string) => columns[this.keys.get(name) ?? ''] as ColumnNode
    const all = (names: readonly string[]) => names.map(of) as never[]
    const extras: TableExtra[] = []
    for (const { name, generated, sqlite } of table.columns) {
      if (sqlite?.onConflict !== undefined) {
        extras.push(notNull(of(name) as never).with({ onConflict: sqlite.onConflict }))
      }
      if (generated === undefined) continue
      const { expression, kind } = generated
      extras.push(generatedAs(of(name) as never, raw(expression) as never, { stored: kind === 'stored' }))
    }
    for (const key of table.primaryKey === undefined ? [] : [table.primaryKey]) {
      if (key.sqlite?.keys !== undefined) missing.add('the order or the collations of the primary key')
      extras.push(withConflict(named(primaryKey(...all(key.columns)), key.name), key))
    }
    for (const key of table.uniques) {
      const list = key.columns.join(', ')
      if (key.sqlite?.keys !== undefined) missing.add(`the order or the collations of unique (${list})`)
      extras.push(withConflict(named(unique(...all(key.columns)), key.name), key))
    }
    for (const key of table.foreignKeys) {
      const extra = this.foreignKey(key, all(key.columns))
      if (extra !== undefined) extras.push(extra)
    }
    for (const one of table.checks) {
      extras.push(withConflict(named(check(predicate(one.expression)), one.name), one))
    }
    return [...extras, ...table.indexes.map((one) => indexOf(one, of))]
  }

  private foreignKey(key: CatalogForeignKey, columns: never[]): TableExtra | undefined {
    const { name, target, onDelete, onUpdate, match, deferrable } = key
    const what = `of foreign key (${key.columns.join(', ')})`
    if (target.columns.length !== columns.length) {
      this.missing.add(`the columns ${what} in "${target.table}", which is not in the catalog`)
      return undefined
    }
    if (match !== undefined || key.sqlite?.match !== undefined) this.missing.add(`the match ${what}`)
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
      ...(deferrable !== undefined && {
        deferrable: deferrable === 'initially deferred' ? ('initially deferred' as const) : true,
      }),
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

/** A constraint with what it does with a row that it refuses, where it says so. */
function withConflict<E extends { with(options: { readonly onConflict: SqliteConflict }): E }>(
  extra: E,
  { sqlite }: CatalogKey | CatalogCheck,
): E {
  return sqlite?.onConflict === undefined ? extra : extra.with({ onConflict: sqlite.onConflict })
}

function indexKey(key: CatalogIndexKey, plain: ExpressionNode): ExpressionNode | OrderingNode {
  const collated =
    key.collation === undefined
      ? plain
      : (sql`${plain} collate ${sql.identifier(key.collation)}` as unknown as ExpressionNode)
  return key.order === 'desc' ? new OrderingNode(collated, 'desc', undefined) : collated
}

/** An index by what its catalog says. */
function indexOf(
  { name, unique: isUnique, keys, where }: CatalogIndex,
  columnOf: (name: string) => ColumnNode,
): TableExtra {
  const made = keys.map((key) =>
    indexKey(key, key.column === undefined ? raw(key.expression ?? '') : columnOf(key.column)),
  )
  const extra = index(...(made as never[])).named(name)
  const unique = isUnique ? extra.unique() : extra
  return where === undefined ? unique : unique.where(predicate(where))
}
