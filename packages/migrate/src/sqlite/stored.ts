import { type Executor, integer, type Statement, sql, type TableNode, text } from '@espalier/core'
import { type CreateTablePart, parseCreate } from '@espalier/dialects/sqlite/inspect'
import { MigrationError } from '../errors.js'

/** An index or a trigger as SQLite keeps it. */
export interface StoredObject {
  /** The database that has it: triggers of a table may be in `temp`. */
  readonly schema: string
  readonly type: string
  readonly name: string
  readonly sql: string
}

/** A table as SQLite keeps it, with what belongs to it and would be gone with it. */
export interface StoredTable {
  readonly schema: string
  readonly name: string
  readonly sql: string
  readonly create: CreateTablePart
  readonly indexes: readonly StoredObject[]
  readonly triggers: readonly StoredObject[]
}

/** A name in quotes, as SQL. */
export function quoted(...path: readonly string[]): string {
  return path.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
}

/** A text as SQL. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** Whether two names are one to SQLite, which does not heed the case of ASCII. */
export function sameName(a: string, b: string): boolean {
  const folded = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return folded(a) === folded(b)
}

/** A statement by its text. */
export function statementOf(given: string): Statement<never, never> {
  return sql.statement`${sql.unsafe(given)}` as Statement<never, never>
}

/** The only number that a query gives. */
export async function numberOf(db: Executor, query: string): Promise<number> {
  const { n } = await db.one(sql.query({ n: integer().notNull() })`${sql.unsafe(query)}`)
  return n
}

/** The number of rows of a table. */
export function rowsOf(db: Executor, path: string): Promise<number> {
  return numberOf(db, `select count(*) from ${path}`)
}

/** The version of the SQLite that runs, as one number to compare: 3.53.0 is 3053000. */
export function versionOf(db: Executor): Promise<number> {
  return numberOf(
    db,
    "select cast(sqlite_version() as integer) * 1000000 + cast(substr(sqlite_version(), instr(sqlite_version(), '.') + 1) as integer) * 1000",
  )
}

/** The databases of a connection that have what belongs to one of them: itself, and `temp` if there is such. */
export async function databasesBeside(db: Executor, schema: string): Promise<readonly string[]> {
  const rows = await db.all(
    sql.query({ name: text().notNull() })`select name from pragma_database_list where name = 'temp'`,
  )
  return [...new Set([schema, ...rows.map(({ name }) => name)])]
}

/** Reads a table that is to be altered. An error if there is none, or it is no table that can be. */
export async function readStored(db: Executor, { name, schema = 'main' }: TableNode): Promise<StoredTable> {
  const columns = {
    schema: text().notNull(),
    type: text().notNull(),
    name: text().notNull(),
    table: text().notNull(),
    sql: text().notNull(),
  }
  const each = (await databasesBeside(db, schema)).map(
    (from) =>
      `select ${literal(from)}, type, name, tbl_name, sql from ${quoted(from, 'sqlite_schema')} where sql is not null${from === schema ? '' : " and type = 'trigger'"}`,
  )
  const objects = await db.all(
    sql.query(columns)`${sql.unsafe(
      `select * from (${each.join(' union all ')}) where tbl_name = ${literal(name)} collate nocase`,
    )}`,
  )
  const own = objects.find((one) => one.type === 'table' || one.type === 'view')
  if (own === undefined) {
    throw new MigrationError('no_table', `There is no table ${quoted(name)} in ${schema}.`)
  }
  const statement = parseCreate(own.sql)
  if (statement.kind !== 'create table') {
    const what = statement.kind === 'create view' ? 'a view' : 'a virtual table'
    throw new MigrationError(
      'no_table',
      `${quoted(name)} is ${what}, which SQLite cannot alter: drop it and create it.`,
    )
  }
  const kept = await db.all(
    sql.query({
      type: text().notNull(),
    })`select type from pragma_table_list where schema = ${schema} and name = ${own.name}`,
  )
  if (kept.some(({ type }) => type === 'shadow')) {
    throw new MigrationError(
      'no_table',
      `${quoted(name)} belongs to a virtual table, which alone may alter it.`,
    )
  }
  const of = (type: string) => objects.filter((one) => one.type === type)
  return {
    schema,
    name: own.name,
    sql: own.sql,
    create: statement,
    indexes: of('index'),
    triggers: of('trigger'),
  }
}

/** Reads an index by its name. An error if there is none. */
export async function readIndex(db: Executor, schema: string, name: string): Promise<StoredObject> {
  const columns = { name: text().notNull(), sql: text().notNull() }
  const [found] = await db.all(
    sql.query(columns)`${sql.unsafe(
      `select name, sql from ${quoted(schema, 'sqlite_schema')} where type = 'index' and sql is not null and name = ${literal(name)} collate nocase`,
    )}`,
  )
  if (found === undefined)
    throw new MigrationError(
      'no_index',
      `There is no index ${quoted(name)} in ${schema}, or it is that of a key.`,
    )
  return { schema, type: 'index', ...found }
}
