import { type Executor, sql, text } from '@espalier/core'
import { parseCreate } from '@espalier/dialects/sqlite/inspect'
import { MigrationError } from '../errors.js'
import { databasesBeside, literal, quoted, statementOf } from './stored.js'

/** What does not work of views and triggers, and SQLite's reason: by `view v` or `trigger g`. */
export type Broken = ReadonlyMap<string, string>

interface Named {
  readonly schema: string
  readonly type: string
  readonly name: string
  readonly table: string
  readonly sql: string
}

/**
 * Finds the views and triggers that do not work, for a table or a column that is not there: SQLite itself looks only at some
 * of what triggers say when a column is dropped. Each view is read, and each event of a trigger made, for no rows.
 */
export async function brokenObjects(db: Executor, schema: string): Promise<Broken> {
  const columns = {
    schema: text().notNull(),
    type: text().notNull(),
    name: text().notNull(),
    table: text().notNull(),
    sql: text().notNull(),
  }
  const each = (await databasesBeside(db, schema)).map(
    (one) =>
      `select ${literal(one)}, type, name, tbl_name, sql from ${quoted(one, 'sqlite_schema')} where type in ('view', 'trigger')`,
  )
  const objects = await db.all(
    sql.query(columns)`${sql.unsafe(`${each.join(' union all ')} order by 1, 2, 3`)}`,
  )
  const broken = new Map<string, string>()
  for (const object of objects) {
    const statement = object.type === 'view' ? reading(object) : await firing(db, object, schema)
    try {
      if (statement !== undefined) await db.run(statementOf(statement))
    } catch (error) {
      broken.set(`${object.type} ${object.name}`, (error as Error).message.split('\n')[0] as string)
    }
  }
  return broken
}

function reading({ schema, name }: Named): string {
  return `select 1 from ${quoted(schema, name)} where 0`
}

/** A statement that makes the event of a trigger for no rows, by which SQLite compiles it. */
async function firing(
  db: Executor,
  { schema, table, sql: kept }: Named,
  other: string,
): Promise<string | undefined> {
  const trigger = parseCreate(kept)
  if (trigger.kind !== 'create trigger') return undefined
  const from = quoted(schema === 'temp' ? (trigger.tableSchema?.name ?? other) : schema, table)
  if (trigger.event === 'delete') return `delete from ${from} where 0`
  const columns = await db.all(
    sql.query({ name: text().notNull() })`select name from pragma_table_xinfo(${table}) where hidden = 0`,
  )
  const [first] = columns
  const name = quoted(trigger.columns[0]?.name ?? first?.name ?? 'rowid')
  return trigger.event === 'update'
    ? `update ${from} set ${name} = ${name} where 0`
    : `insert into ${from} (${name}) select ${name} from ${from} where 0`
}

/** An error for what works no more that has worked before. */
export async function requireUnbroken(
  db: Executor,
  schema: string,
  table: string,
  before: Broken,
): Promise<void> {
  const found = [...(await brokenObjects(db, schema))].filter(([name]) => !before.has(name))
  if (found.length > 0)
    throw usedElsewhere(table, found.map(([name, why]) => `the ${name}: ${why}`).join(', '))
}

/** The error of a change that something else needs not to be made. */
export function usedElsewhere(table: string, what: string): MigrationError {
  return new MigrationError(
    'cannot_alter',
    `The table ${quoted(table)} cannot be altered so, since something uses what is changed: ${what}. ` +
      'Drop it first, and create it again behind.',
  )
}
