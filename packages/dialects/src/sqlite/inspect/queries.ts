import {
  type CatalogFilter,
  type Fragment,
  type InspectOptions,
  integer,
  type Statement,
  sql,
  text,
} from '@espalier/core'

/** An object as `sqlite_schema` has it; https://www.sqlite.org/schematab.html */
export interface StoredObject {
  readonly schema: string
  readonly type: string
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** The databases of the connection, and the version. https://www.sqlite.org/pragma.html#pragma_database_list */
export function databases(): Statement<{ readonly name: string; readonly version: string }, never> {
  return sql.query({ name: text().notNull(), version: text().notNull() })`
    select name, sqlite_version() from pragma_database_list order by seq`
}

/** Every object that is asked for, but what belongs to SQLite itself. */
export function storedObjects(
  schemas: readonly string[],
  options: InspectOptions,
): Statement<StoredObject, never> {
  const columns = {
    schema: text().notNull(),
    type: text().notNull(),
    name: text().notNull(),
    table: text().notNull(),
    sql: text().notNull(),
  }
  const types = storedTypes(options)
  const wanted = sql.fragment`sql is not null and name not like 'sqlite\\_%' escape '\\'
    and type in (${sql.join(types)})${namesOf(options)}`
  const each = schemas.map(
    (schema) =>
      sql.fragment`select ${schema}, type, name, tbl_name, sql from ${sql.identifier(schema, 'sqlite_schema')}
    where ${wanted}`,
  )
  return sql.query(columns)`${unionAll(each)} order by 1, 3`
}

/** What one of the lists has names of, in which a star stands for anything; the case of ASCII is not heeded. */
function namesOf({ include, exclude }: InspectOptions): Fragment<never, never> {
  const among = (names: readonly string[]) =>
    sql.join(
      names.map((name) => sql.fragment`lower(tbl_name) glob lower(${globOf(name)})`),
      sql.fragment` or `,
    )
  const none = sql.fragment` and false`
  const included =
    include?.names === undefined
      ? sql.empty
      : include.names.length === 0
        ? none
        : sql.fragment` and (${among(include.names)})`
  const excluded = exclude?.names?.length ? sql.fragment` and not (${among(exclude.names)})` : sql.empty
  return sql.fragment`${included}${excluded}`
}

/** In `glob`, a question mark and brackets have a meaning too. */
function globOf(name: string): string {
  return name.replaceAll('[', '[[]').replaceAll('?', '[?]')
}

const KINDS = { table: ['table', 'index'], view: ['view'], trigger: ['trigger'] } as const

function storedTypes(options: InspectOptions): string[] {
  const types = Object.entries(KINDS).flatMap(([kind, kept]) =>
    isWanted('kinds', kind, options) ? kept : [],
  ) as string[]
  // An index goes with its table, unless it is not wanted by itself.
  return types
    .filter((type) => type !== 'index' || options.exclude?.kinds?.includes('index') !== true)
    .concat('')
}

/** Whether a schema or a kind is asked for. */
export function isWanted(
  list: 'schemas' | 'kinds',
  name: string,
  { include, exclude }: InspectOptions,
): boolean {
  const has = (filter: CatalogFilter | undefined) =>
    (filter?.[list] as readonly string[] | undefined)?.some((one) => one.toLowerCase() === name.toLowerCase())
  return has(include) !== false && has(exclude) !== true
}

/** A column as the database computes it, of a view or a virtual table; or that a table is a shadow. */
export interface ComputedColumn {
  readonly schema: string
  readonly table: string
  readonly kind: string
  /** Null where the view, or the module of the table, does not work. */
  readonly name: string | null
  readonly type: string | null
  readonly hidden: number | null
}

/** https://www.sqlite.org/pragma.html#pragma_table_list and https://www.sqlite.org/pragma.html#pragma_table_xinfo */
export function computedColumns(schemas: readonly string[]): Statement<ComputedColumn, never> {
  const columns = {
    schema: text().notNull(),
    table: text().notNull(),
    kind: text().notNull(),
    name: text(),
    type: text(),
    hidden: integer(),
  }
  const inSchemas = sql.fragment`list.schema in (${sql.join([...schemas])})`
  // What does not work has no columns in the list, and would be an error of the other pragma.
  return sql.query(
    columns,
  )`select list.schema, list.name, list.type, null, null, null from pragma_table_list as list
    where ${inSchemas} and (list.type = 'shadow' or list.type <> 'table' and list.ncol = 0)
    union all select list.schema, list.name, list.type, info.name, info.type, info.hidden
    from pragma_table_list as list, pragma_table_xinfo(list.name, list.schema) as info
    where ${inSchemas} and list.type in ('view', 'virtual') and list.ncol > 0`
}

/** Which databases have statistics, of which a connection may have none. https://www.sqlite.org/lang_analyze.html */
export function withStatistics(schemas: readonly string[]): Statement<{ readonly schema: string }, never> {
  return sql.query({ schema: text().notNull() })`select schema from pragma_table_list
    where name = 'sqlite_stat1' and schema in (${sql.join([...schemas])})`
}

/** How many rows the statistics say that a table has: the first number of any of its lines. */
export function rowEstimates(
  schemas: readonly string[],
): Statement<{ readonly schema: string; readonly table: string; readonly rows: number }, never> {
  const each = schemas.map(
    (schema) =>
      sql.fragment`select ${schema}, tbl, max(cast(stat as integer)) from ${sql.identifier(schema, 'sqlite_stat1')}
    group by tbl`,
  )
  return sql.query({
    schema: text().notNull(),
    table: text().notNull(),
    rows: integer().notNull(),
  })`${unionAll(each)}`
}

/** The bytes of the pages of each table and index; all pages are read for it. https://www.sqlite.org/dbstat.html */
export function sizes(
  schemas: readonly string[],
): Statement<{ readonly schema: string; readonly table: string; readonly bytes: number }, never> {
  const each = schemas.map(
    (schema) =>
      sql.fragment`select ${schema}, kept.tbl_name, sum(pages.pgsize)
    from dbstat(${schema}, 1) as pages join ${sql.identifier(schema, 'sqlite_schema')} as kept on kept.name = pages.name
    group by kept.tbl_name`,
  )
  return sql.query({
    schema: text().notNull(),
    table: text().notNull(),
    bytes: integer().notNull(),
  })`${unionAll(each)}`
}

function unionAll(queries: readonly Fragment<never, never>[]): Fragment<never, never> {
  return sql.join([...queries], sql.fragment` union all `)
}
