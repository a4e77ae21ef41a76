import type {
  CatalogCheck,
  CatalogColumn,
  CatalogForeignKey,
  CatalogIndex,
  CatalogIndexKey,
  CatalogKey,
  CatalogTable,
  SqliteColumn,
  SqliteConflict,
} from '@espalier/core'
import { unquoted } from './cursor.js'
import type {
  ColumnConstraintPart,
  ColumnPart,
  CreateIndexPart,
  CreateTablePart,
  CreateVirtualTablePart,
  KeyPart,
  NamePart,
  ReferencePart,
} from './syntax.js'
import { tokenize } from './token.js'
import { catalogType } from './type-text.js'

type Of<Kind extends ColumnConstraintPart['kind']> = Extract<ColumnConstraintPart, { readonly kind: Kind }>

/** What a constraint does with a row, where it says so and that is not `abort`. */
function conflict(stated: SqliteConflict | 'abort' | undefined): SqliteConflict | undefined {
  return stated === 'abort' ? undefined : stated
}

/** The last constraint of a kind: it holds where a column has several. */
function lastOf<K extends ColumnConstraintPart['kind']>(column: ColumnPart, kind: K): Of<K> | undefined {
  return column.constraints.filter((one) => one.kind === kind).at(-1) as Of<K> | undefined
}

/** Names are compared without regard to the case of ASCII. */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && foldCase(a) === foldCase(b))
}

/** A name in the lower case of ASCII. */
export function foldCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name
}

/** What a statement says of a table, as the catalog has it. Its indexes and what it refers to are added later. */
export function catalogTable(schema: string, table: CreateTablePart, kept: string): CatalogTable {
  const nameOf = (name: string) =>
    table.columns.find((one) => sameName(one.name.name, name))?.name.name ?? name
  const primaryKey = primaryKeyOf(table, nameOf)
  const rowId = rowIdOf(table, primaryKey)
  const isNeverNull = (name: string) =>
    name === rowId || ((table.withoutRowid || table.strict) && primaryKey?.columns.includes(name) === true)
  return {
    schema,
    name: table.name.name,
    columns: table.columns.map((column) =>
      catalogColumn(column, isNeverNull(column.name.name), rowId === column.name.name, table.strict),
    ),
    primaryKey,
    uniques: uniquesOf(table, nameOf),
    foreignKeys: foreignKeysOf(schema, table, nameOf),
    checks: checksOf(table),
    excludes: [],
    indexes: [],
    sqlite: {
      sql: kept,
      strict: table.strict || undefined,
      withoutRowid: table.withoutRowid || undefined,
      autoincrement: isAutoincrement(table) || undefined,
    },
  }
}

function isAutoincrement({ columns, constraints }: CreateTablePart): boolean {
  const inColumns = columns.flatMap((column) => column.constraints)
  return [...inColumns, ...constraints].some((one) => one.kind === 'primary key' && one.autoincrement)
}

/** The name of the column that stands in place of the row id; undefined where none does. */
export function rowIdColumn(table: CreateTablePart): string | undefined {
  const nameOf = (name: string) =>
    table.columns.find((one) => sameName(one.name.name, name))?.name.name ?? name
  return rowIdOf(table, primaryKeyOf(table, nameOf))
}

/** The column that stands in place of the row id: https://www.sqlite.org/lang_createtable.html#rowid */
function rowIdOf(table: CreateTablePart, key: CatalogKey | undefined): string | undefined {
  const [name, second] = key?.columns ?? []
  if (table.withoutRowid || name === undefined || second !== undefined) return undefined
  const column = table.columns.find((one) => one.name.name === name)
  // Behind the column itself, `desc` makes it another key; among the constraints it does not.
  const isDescending = column?.constraints.some((one) => one.kind === 'primary key' && one.order === 'desc')
  return column?.type?.source.toLowerCase() === 'integer' && !isDescending ? name : undefined
}

function catalogColumn(
  column: ColumnPart,
  isNeverNull: boolean,
  isRowId: boolean,
  isStrict: boolean,
): CatalogColumn {
  const notNull = lastOf(column, 'not null')
  const value = lastOf(column, 'default')
  const generated = lastOf(column, 'generated')
  const collation = lastOf(column, 'collate')?.collation.name
  const type = column.type?.source ?? ''
  return {
    name: column.name.name,
    type: catalogType(type),
    nullable: notNull === undefined && !isNeverNull,
    notNullName: notNull?.name?.name,
    default: value && defaultOf(value),
    identity: isRowId ? { generated: 'by default' } : undefined,
    generated: generated && {
      expression: generated.expression.source,
      kind: generated.stored ? 'stored' : 'virtual',
    },
    collation: collation === undefined || sameName(collation, 'binary') ? undefined : collation,
    sqlite: { affinity: affinityOf(type, isStrict), onConflict: conflict(notNull?.onConflict) },
  }
}

/** A bare name that stands as a default is a text, but for `true` and `false`. */
function defaultOf({ value, form }: Of<'default'>): string {
  if (form !== 'name') return value.source
  const [token] = tokenize(value.source).tokens
  if (token === undefined || (token.kind === 'word' && ['true', 'false'].includes(token.word)))
    return value.source
  if (token.kind === 'symbol') return value.source
  return `'${unquoted(token).replaceAll("'", "''")}'`
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinityOf(type: string, isStrict = false): SqliteColumn['affinity'] {
  const upper = type.toUpperCase()
  const has = (...words: readonly string[]) => words.some((word) => upper.includes(word))
  if (isStrict && upper === 'ANY') return 'blob'
  if (has('INT')) return 'integer'
  if (has('CHAR', 'CLOB', 'TEXT')) return 'text'
  if (type === '' || has('BLOB')) return 'blob'
  return has('REAL', 'FLOA', 'DOUB') ? 'real' : 'numeric'
}

function keyOf(
  keys: readonly KeyPart[],
  name: NamePart | undefined,
  onConflict: SqliteConflict | 'abort' | undefined,
  nameOf: (name: string) => string,
): CatalogKey {
  const parts = keys.map((key) => catalogKey(key, nameOf))
  const isPlain = parts.every(({ order, collation }) => order === undefined && collation === undefined)
  const does = conflict(onConflict)
  return {
    name: name?.name,
    columns: parts.map(({ column, expression }) => column ?? (expression as string)),
    sqlite:
      isPlain && does === undefined ? undefined : { onConflict: does, keys: isPlain ? undefined : parts },
  }
}

function catalogKey(
  { column, expression, order, collation }: KeyPart,
  nameOf: (name: string) => string,
): CatalogIndexKey {
  return {
    column: column === undefined ? undefined : nameOf(column),
    expression: column === undefined ? expression.source : undefined,
    order: order === 'desc' ? 'desc' : undefined,
    collation,
  }
}

function primaryKeyOf(table: CreateTablePart, nameOf: (name: string) => string): CatalogKey | undefined {
  for (const column of table.columns) {
    const key = lastOf(column, 'primary key')
    if (key !== undefined) return ofColumn(column, key, key.order)
  }
  const key = table.constraints.find((one) => one.kind === 'primary key')
  return key?.kind === 'primary key' ? keyOf(key.keys, key.name, key.onConflict, nameOf) : undefined
}

/** The key of a column by itself. */
function ofColumn(
  { name }: ColumnPart,
  constraint: Of<'primary key'> | Of<'unique'>,
  order?: 'asc' | 'desc',
): CatalogKey {
  const { first, end } = name
  const key = { first, end, column: name.name, expression: { first, end, source: name.name }, order }
  return keyOf([key], constraint.name, constraint.onConflict, (one) => one)
}

function uniquesOf(table: CreateTablePart, nameOf: (name: string) => string): CatalogKey[] {
  const inColumns = table.columns.flatMap((column) =>
    column.constraints.flatMap((one) => (one.kind === 'unique' ? [ofColumn(column, one)] : [])),
  )
  const ofTable = table.constraints.flatMap((one) =>
    one.kind === 'unique' ? [keyOf(one.keys, one.name, one.onConflict, nameOf)] : [],
  )
  return [...inColumns, ...ofTable]
}

function checksOf({ columns, constraints }: CreateTablePart): CatalogCheck[] {
  return [...columns.flatMap((column) => column.constraints), ...constraints].flatMap((one) => {
    if (one.kind !== 'check') return []
    const onConflict = conflict(one.onConflict)
    return [{ name: one.name?.name, expression: one.expression.source, sqlite: onConflict && { onConflict } }]
  })
}

type Draft = { -readonly [K in keyof CatalogForeignKey]: CatalogForeignKey[K] }

function foreignKeysOf(
  schema: string,
  { columns, constraints }: CreateTablePart,
  nameOf: (name: string) => string,
): CatalogForeignKey[] {
  const keys: Draft[] = []
  const add = (from: readonly string[], name: NamePart | undefined, reference: ReferencePart) => {
    const { table, columns: targets, onDelete = 'no action', onUpdate = 'no action', match } = reference
    const mode = match?.toLowerCase()
    const isKnown = mode === 'full' || mode === 'partial'
    const isOther = mode !== undefined && !isKnown && mode !== 'simple'
    const isImplicit = targets.length === 0
    keys.push({
      name: name?.name,
      columns: from,
      target: { schema, table: table.name, columns: targets.map((one) => one.name) },
      onDelete,
      onUpdate,
      match: isKnown ? mode : undefined,
      sqlite:
        isImplicit || isOther
          ? { implicitTarget: isImplicit || undefined, match: isOther ? match : undefined }
          : undefined,
    })
  }
  // What can wait is said behind a reference, and is of the last one that was made.
  for (const column of columns) {
    for (const one of column.constraints) {
      if (one.kind === 'references') add([column.name.name], one.name, one.reference)
      const last = keys.at(-1)
      if (one.kind === 'deferrable' && last !== undefined) last.deferrable = one.deferrable
    }
  }
  for (const one of constraints) {
    if (one.kind !== 'foreign key') continue
    add(
      one.columns.map(({ name }) => nameOf(name)),
      one.name,
      one.reference,
    )
    const last = keys.at(-1) as Draft
    last.deferrable = one.deferrable
  }
  return keys
}

/** An index as the catalog has it, of a table with these columns. */
export function catalogIndex(
  index: CreateIndexPart,
  columns: readonly CatalogColumn[],
  kept: string,
): CatalogIndex {
  return {
    name: index.name.name,
    unique: index.unique,
    keys: index.keys.map((key) => {
      const column = columns.find(({ name }) => key.column !== undefined && sameName(name, key.column))
      // A word that is no column is a value, such as true.
      return catalogKey(column === undefined ? { ...key, column: undefined } : key, () => column?.name ?? '')
    }),
    where: index.where?.source,
    method: 'btree',
    sqlite: { sql: kept },
  }
}

/** A virtual table as the catalog has it, without its columns, which only its module knows. */
export function catalogVirtualTable(
  schema: string,
  table: CreateVirtualTablePart,
  kept: string,
): CatalogTable {
  const args = table.arguments.map(({ source }) => source)
  return {
    ...emptyTable(schema, table.name.name, kept),
    sqlite: { sql: kept, virtual: { module: table.module.name, arguments: args } },
  }
}

/** A table of which nothing is known but its name. */
export function emptyTable(schema: string, name: string, kept: string): CatalogTable {
  return {
    schema,
    name,
    columns: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    excludes: [],
    indexes: [],
    sqlite: { sql: kept },
  }
}
