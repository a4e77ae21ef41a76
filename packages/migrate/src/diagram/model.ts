import type { Catalog, CatalogColumn, CatalogTable, CatalogType } from '@espalier/core'

/** Which columns of a table are drawn. */
export type DrawnColumns = 'all' | 'keys' | 'none'

/** A column as it is drawn. */
export interface DrawnColumn {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  readonly isPrimary: boolean
  readonly isForeign: boolean
  /** Whether no two rows agree in it alone. */
  readonly isUnique: boolean
}

/** A table or a view as it is drawn. */
export interface DrawnTable {
  /** Its place among all. */
  readonly id: number
  /** With its schema, where there is more than one. */
  readonly label: string
  readonly kind: 'table' | 'view' | 'materialized view'
  readonly columns: readonly DrawnColumn[]
}

/** How many rows of a side there are to one of the other. */
export type Cardinality = '1' | '0..1' | '1..n' | '0..n'

/** A reference as it is drawn: from the rows that refer, the child, to those that are referred to, the parent. */
export interface DrawnRelation {
  readonly name: string
  readonly child: number
  readonly parent: number
  readonly childColumns: readonly string[]
  readonly parentColumns: readonly string[]
  /** How many rows of the child there are to one of the parent, and the other way round. */
  readonly childRows: Cardinality
  readonly parentRows: Cardinality
  /** Whether it is none of rows: a view that reads a table. */
  readonly isView: boolean
}

/** What is drawn. */
export interface Drawing {
  readonly title: string | undefined
  readonly tables: readonly DrawnTable[]
  readonly relations: readonly DrawnRelation[]
}

/** What of a catalog is drawn: its tables but for partitions, and views where they are asked for. */
export function drawingOf(
  catalog: Catalog,
  {
    title,
    columns: which,
    views,
  }: { readonly title: string | undefined; readonly columns: DrawnColumns; readonly views: boolean },
): Drawing {
  const isOwn = ({ postgres, sqlite }: CatalogTable) =>
    postgres?.partitionOf === undefined && sqlite?.shadow !== true
  const found = [
    ...catalog.tables.filter(isOwn).map((one) => ({ ...one, kind: 'table' as const, table: one })),
    ...(views ? catalog.views : []).map((one) => ({ ...one, kind: 'view' as const, table: undefined })),
    ...(views ? catalog.materializedViews : []).map((one) => ({
      ...one,
      kind: 'materialized view' as const,
      table: undefined,
    })),
  ]
  const hasSchemas = new Set(found.map(({ schema }) => schema)).size > 1
  const places = new Map(found.map(({ schema, name }, id) => [`${schema}\0${name}`, id]))
  const at = (schema: string | undefined, name: string) => places.get(`${schema}\0${name}`)
  const tables = found.map(({ schema, name, kind, columns, table }, id) => {
    const drawn = columns.map((column) => drawnColumn(column, table))
    const kept = drawn.filter(
      ({ isPrimary, isForeign, isUnique }) => which === 'all' || isPrimary || isForeign || isUnique,
    )
    return { id, label: hasSchemas ? `${schema}.${name}` : name, kind, columns: which === 'none' ? [] : kept }
  })
  const relations = found.flatMap(({ table }, child) => {
    return (table?.foreignKeys ?? []).flatMap((key): DrawnRelation[] => {
      const { schema, table: name, columns: parentColumns } = key.target
      const parent = at(schema, name)
      if (parent === undefined || table === undefined) return []
      const isOptional = key.columns.some(
        (one) => table.columns.find((column) => column.name === one)?.nullable,
      )
      return [
        {
          name: key.name ?? '',
          child,
          parent,
          childColumns: key.columns,
          parentColumns,
          childRows: isKeyOf(table, key.columns) ? '0..1' : '0..n',
          parentRows: isOptional ? '0..1' : '1',
          isView: false,
        },
      ]
    })
  })
  const reads = catalog.dependencies.flatMap(({ object, needs }): DrawnRelation[] => {
    const isView = (kind: string) => kind === 'view' || kind === 'materialized view'
    const child = isView(object.kind) ? at(object.schema, object.name) : undefined
    const parent = needs.kind === 'table' || isView(needs.kind) ? at(needs.schema, needs.name) : undefined
    if (child === undefined || parent === undefined || child === parent) return []
    return [
      {
        name: '',
        child,
        parent,
        childColumns: [],
        parentColumns: [],
        childRows: '0..n',
        parentRows: '1',
        isView: true,
      },
    ]
  })
  return { title, tables, relations: [...relations, ...reads] }
}

function drawnColumn(column: CatalogColumn, table: CatalogTable | undefined): DrawnColumn {
  const { name, nullable, type } = column
  return {
    name,
    type: typeLabel(type),
    isNullable: nullable,
    isPrimary: table?.primaryKey?.columns.includes(name) === true,
    isForeign: table?.foreignKeys.some((key) => key.columns.includes(name)) === true,
    isUnique: table !== undefined && isKeyOf(table, [name]),
  }
}

/** The names of types that are much longer than what everybody calls them. */
const SHORT: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'char',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'double precision': 'double',
  'bit varying': 'varbit',
}

function typeLabel({ text, name, arguments: args, dimensions = 0 }: CatalogType): string {
  const short = SHORT[name]
  if (short === undefined) return text
  return `${short}${args.length === 0 ? '' : `(${args.join(', ')})`}${'[]'.repeat(dimensions)}`
}

/** Whether no two rows of a table agree in all of these columns. */
function isKeyOf({ primaryKey, uniques, indexes }: CatalogTable, columns: readonly string[]): boolean {
  const keys = [
    ...(primaryKey === undefined ? [] : [primaryKey.columns]),
    ...uniques.map((one) => one.columns),
    ...indexes
      .filter(
        ({ unique, where, keys: own }) => unique && where === undefined && own.every(({ column }) => column),
      )
      .map(({ keys: own }) => own.map(({ column }) => column as string)),
  ]
  return keys.some((key) => key.length > 0 && key.every((one) => columns.includes(one)))
}

/** The type of a column, with a question mark where it may be null. */
export function typeText({ type, isNullable }: Pick<DrawnColumn, 'type' | 'isNullable'>): string {
  return isNullable && type !== '' ? `${type}?` : type
}
