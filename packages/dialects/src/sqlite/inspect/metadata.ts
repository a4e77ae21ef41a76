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
 * triggers and virtual tables are declared by the statements that made them, for SQLite alone; and so is a table of which no
 * declaration says all, such as one with a key that has an order, with its indexes. Each can be read and written.
 *
 * Constraints that have no name have none again. What is left out, a table whose name is empty, is listed under `problems`.
 * @param options `schema`: the one that is meant, `main` unless it is said.
 * @example
 * ```ts
 * import { inspect, metadataOf } from '@espalier/dialects/sqlite/inspect'
 *
 * const lite = sqlite(':memory:')
 * await lite.run(sql.statement`create table notes (id integer primary key, body mediumtext default '-')`)
 * const { metadata } = metadataOf(await inspect(lite))
 * createAll(metadata, sqliteDialect).map((statement) => statement.toSQL(sqliteDialect).sql)
 * // create table "notes" ("id" integer primary key not null, "body" mediumtext default ('-'))
 * ```
 */
export function metadataOf(catalog: Catalog, options: { readonly schema?: string } = {}): CatalogMetadata {
  const { schema = 'main' } = options
  const app = metadata(schema === 'main' ? {} : { schema })
  const isMeant = (one: { readonly schema: string }) => one.schema === schema
  const problems: CatalogProblem[] = []
  const bySource = new Map<string, AnyObject>()
  const indexes: AnyObject[] = []
  for (const table of catalog.tables.filter(isMeant)) {
    if (table.sqlite?.shadow === true) continue
    const { name, sqlite } = table
    if (name === '') {
      const message = 'The table is not in the metadata: its name is empty.'
      problems.push({ object: { kind: 'table', schema, name }, message })
    } else if (sqlite?.virtual !== undefined) {
      const shown = table.columns.filter((one) => one.sqlite?.hidden !== true)
      bySource.set(foldCase(name), declaredBy('virtual table', name, sqlite.sql, schema, undefined, shown))
    } else if (sqlite !== undefined && cannotDeclare(table)) {
      // What is said of it by its statement is said of its indexes, too.
      const made = declaredBy('table', name, sqlite.sql, schema, undefined, readable(table))
      bySource.set(foldCase(name), made)
      for (const index of table.indexes) {
        if (index.sqlite !== undefined)
          indexes.push(declaredBy('index', index.name, index.sqlite.sql, schema, made))
      }
    } else new Declaration(table, app).add()
  }
  for (const { name, sqlite, columns } of catalog.views.filter(isMeant)) {
    if (sqlite === undefined) continue
    bySource.set(foldCase(name), declaredBy('view', name, sqlite.sql, schema, undefined, columns))
  }
  const triggers = catalog.triggers.filter(isMeant).map(({ name, table, definition }) => {
    const found = [...app.tables].find(([other]) => sameName(other, table))?.[1]
    return declaredBy('trigger', name, definition, schema, found ?? bySource.get(foldCase(table)))
  })
  app.add(...bySource.values(), ...indexes, ...triggers)
  return { metadata: app, problems }
}

/** An object by the statement that made it, which SQLite keeps without its schema. */
function declaredBy(
  kind: 'view' | 'trigger' | 'virtual table' | 'table' | 'index',
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
    // A trigger goes with its table, and so does an index.
    ...(kind !== 'trigger' &&
      kind !== 'index' && {
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

/**
 * Whether a table has what no declaration says: a key with orders or collations, a match of a foreign key, one of a table that
 * is not there, a type that cannot be written as it was, an empty name. Such a table is declared by its statement.
 */
function cannotDeclare({ columns, primaryKey, uniques, foreignKeys }: CatalogTable): boolean {
  const keys = [...(primaryKey === undefined ? [] : [primaryKey]), ...uniques]
  return (
    columns.length === 0 ||
    columns.some((one) => one.name === '') ||
    columns.some((one) => declaredType(one) === undefined) ||
    keys.some(({ sqlite }) => sqlite?.keys !== undefined) ||
    foreignKeys.some(
      ({ match, sqlite, columns: own, target }) =>
        match !== undefined || sqlite?.match !== undefined || own.length !== target.columns.length,
    )
  )
}

/** The columns of a table by which it is read; none where one of them has no name. */
function readable({ columns }: CatalogTable): readonly CatalogColumn[] {
  return columns.some(({ name }) => name === '') ? [] : columns
}

/** A table that is declared as a catalog says. */
class Declaration {
  /** The keys of the columns, by their names. */
  private readonly keys: ReadonlyMap<string, string>

  constructor(
    private readonly table: CatalogTable,
    private readonly app: Metadata,
  ) {
    const names = table.columns.map(({ name }) => name)
    this.keys = new Map(names.map((name) => [name, keyOf(name, names)]))
  }

  add(): void {
    const { table } = this
    const { sqlite } = table
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
    let builder: ColumnBuilder<unknown, Family, HasDefault> = column(type ?? text().sqlType, name)
    if (identity !== undefined) builder = builder.identity()
    if (!nullable) builder = builder.notNull() as typeof builder
    if (collation !== undefined) builder = builder.with({ collation })
    if (one.generated !== undefined) return generated(builder)
    if (one.default === undefined) return builder
    return builder.default(raw(one.default) as never) as typeof builder
  }

  private extras(columns: Readonly<Record<string, ColumnNode>>): TableExtra[] {
    const { table } = this
    const of = (name: string) => columns[this.keys.get(name) ?? ''] as ColumnNode
    const all = (names: readonly string[]) => names.map(of) as never[]
    const extras: TableExtra[] = []
    for (const { name, notNullName, generated, sqlite } of table.columns) {
      const conflict = sqlite?.onConflict
      if (conflict !== undefined || notNullName !== undefined) {
        const extra = named(notNull(of(name) as never), notNullName)
        extras.push(conflict === undefined ? extra : extra.with({ onConflict: conflict }))
      }
      if (generated === undefined) continue
      const { expression, kind } = generated
      extras.push(generatedAs(of(name) as never, raw(expression) as never, { stored: kind === 'stored' }))
    }
    for (const key of table.primaryKey === undefined ? [] : [table.primaryKey]) {
      const isNullable = table.columns.some((one) => one.nullable && key.columns.includes(one.name))
      const extra = primaryKey(...all(key.columns)).named(key.name ?? '')
      extras.push(withConflict(isNullable ? extra.with({ sqlite: { nullable: true } }) : extra, key))
    }
    for (const key of table.uniques) {
      extras.push(withConflict(unique(...all(key.columns)).named(key.name ?? ''), key))
    }
    for (const key of table.foreignKeys) {
      extras.push(this.foreignKey(key, all(key.columns)))
    }
    for (const one of table.checks) {
      extras.push(withConflict(check(predicate(one.expression)).named(one.name ?? ''), one))
    }
    return [...extras, ...table.indexes.map((one) => indexOf(one, of))]
  }

  private foreignKey(key: CatalogForeignKey, columns: never[]): TableExtra {
    const { name, target, onDelete, onUpdate, deferrable } = key
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
      name: name ?? '',
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
