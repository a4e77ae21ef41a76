import type { Executor, Transaction } from '@espalier/core'
import { parseCreate, replaceParts, rowIdColumn } from '@espalier/dialects/sqlite/inspect'
import { MigrationError } from '../errors.js'
import type { EditedTable } from './edit.js'
import { namesIn } from './names.js'
import {
  literal,
  numberOf,
  quoted,
  rowsOf,
  type StoredObject,
  type StoredTable,
  sameName,
  statementOf,
} from './stored.js'

/**
 * Makes a table anew with all its rows: the old one is put aside under another name, the new one is created by its edited
 * statement, the rows are copied, the old one is dropped, and its indexes and triggers are created again by the statements
 * that SQLite has kept of them.
 *
 * What other tables, views and triggers say of the table stays as it is, since `legacy_alter_table` is on meanwhile and
 * foreign keys are off: see https://www.sqlite.org/lang_altertable.html#alter_table_rename
 */
export async function rebuild(tx: Transaction, stored: StoredTable, edited: EditedTable): Promise<void> {
  await requireNoForeignKeys(tx, stored)
  const { schema, name } = stored
  const path = quoted(schema, name)
  const aside = await freeName(tx, schema, name)
  const from = quoted(schema, aside)
  const run = (text: string) => tx.run(statementOf(text))
  const [count, sequence] = [await rowsOf(tx, path), await sequenceOf(tx, stored)]
  const wasLegacy = await numberOf(tx, 'select legacy_alter_table from pragma_legacy_alter_table')
  await run('pragma legacy_alter_table = on')
  try {
    await run(`alter table ${path} rename to ${quoted(aside)}`)
  } finally {
    if (wasLegacy === 0) await run('pragma legacy_alter_table = off')
  }
  await run(qualified(edited.sql, schema))
  await copyRows(tx, stored, edited, path, from)
  const copied = await rowsOf(tx, path)
  if (copied !== count) {
    throw new MigrationError(
      'rows_lost',
      `The table ${quoted(name)} has ${count} rows, of which only ${copied} fit into what it is to be: a clause on conflict ` +
        'leaves out the others. Change those rows first.',
    )
  }
  await run(`drop table ${from}`)
  await restoreSequence(tx, stored, edited, sequence)
  const columns = edited.columns.map((column) => column.name)
  const gone = stored.create.columns
    .map((column) => column.name.name)
    .filter((column) => !columns.some((one) => sameName(one, column)))
  for (const index of stored.indexes) {
    if (!isIndexOf(index, gone)) await run(qualified(index.sql, index.schema))
  }
  for (const trigger of stored.triggers) await run(qualified(trigger.sql, trigger.schema))
}

/** Whether an index is of one of these columns, in a key or in its condition; it goes with them. */
export function isIndexOf({ sql }: StoredObject, columns: readonly string[]): boolean {
  const index = parseCreate(sql)
  if (index.kind !== 'create index') return false
  const sources = [...index.keys.map((key) => key.expression.source), index.where?.source ?? 'null']
  return sources.some((source) =>
    namesIn(source).some((one) => columns.some((column) => sameName(one, column))),
  )
}

/** A statement of SQLite's with the database before the name of what it creates, which SQLite does not keep. */
export function qualified(sql: string, schema: string): string {
  const statement = parseCreate(sql)
  const { first, end } = statement.name
  const written = statement.text.tokens.slice(first, end).map(({ text }) => text)
  return replaceParts(statement, [{ part: statement.name, text: `${quoted(schema)}.${written.join('')}` }])
}

async function copyRows(
  tx: Transaction,
  stored: StoredTable,
  { create, columns }: EditedTable,
  path: string,
  from: string,
): Promise<void> {
  const isComputed = (name: string) =>
    create.columns.some(
      (column) =>
        sameName(column.name.name, name) && column.constraints.some(({ kind }) => kind === 'generated'),
    )
  const copied = columns.flatMap((column) =>
    column.from === undefined || isComputed(column.name)
      ? []
      : [{ name: quoted(column.name), from: column.from }],
  )
  // Rows keep their row id, also where no column stands for it: others may have kept it.
  const [oldId, newId] = [rowIdName(stored.create), rowIdName(create)]
  if (rowIdColumn(create) === undefined && oldId !== undefined && newId !== undefined)
    copied.unshift({ name: newId, from: oldId })
  if (copied.length === 0) {
    const rows = await rowsOf(tx, from)
    if (rows > 0)
      throw new MigrationError(
        'cannot_alter',
        `Of the ${rows} rows of ${quoted(stored.name)} nothing would be left.`,
      )
    return
  }
  await tx.run(
    statementOf(
      `insert into ${path} (${copied.map((one) => one.name).join(', ')}) ` +
        `select ${copied.map((one) => one.from).join(', ')} from ${from}`,
    ),
  )
}

/** A name by which the row id is known in a table; none where all are those of columns, or there is no row id. */
function rowIdName({ columns, withoutRowid }: StoredTable['create']): string | undefined {
  if (withoutRowid) return undefined
  return ['rowid', '_rowid_', 'oid'].find((id) => !columns.some((column) => sameName(column.name.name, id)))
}

async function freeName(db: Executor, schema: string, name: string): Promise<string> {
  for (let i = 0; ; i++) {
    const made = `_espalier_old_${name}${i === 0 ? '' : i}`
    const found = await numberOf(
      db,
      `select count(*) from ${quoted(schema, 'sqlite_schema')} where name = ${literal(made)} collate nocase`,
    )
    if (found === 0) return made
  }
}

const hasSequence = (sql: string) => /\bautoincrement\b/i.test(sql)

async function sequenceOf(db: Executor, { schema, name, sql }: StoredTable): Promise<number | undefined> {
  if (!hasSequence(sql)) return undefined
  const last = await numberOf(
    db,
    `select coalesce(max(seq), -1) from ${quoted(schema, 'sqlite_sequence')} where name = ${literal(name)}`,
  )
  return last < 0 ? undefined : last
}

/** The greatest number that was ever given stays, so that no row gets that of one that is gone. */
async function restoreSequence(
  tx: Transaction,
  { schema, name }: StoredTable,
  { sql }: EditedTable,
  sequence: number | undefined,
): Promise<void> {
  if (!hasSequence(sql)) return
  const all = quoted(schema, 'sqlite_sequence')
  const where = `name = ${literal(name)}`
  if (sequence === undefined) {
    // To have copied no rows leaves a zero.
    await tx.run(statementOf(`delete from ${all} where ${where} and seq = 0`))
    return
  }
  await tx.run(statementOf(`delete from ${all} where ${where}`))
  await tx.run(statementOf(`insert into ${all} (name, seq) values (${literal(name)}, ${sequence})`))
}

/** With foreign keys on, dropping the old table would delete its rows first, and by cascade those of others. */
async function requireNoForeignKeys(db: Executor, { name }: StoredTable): Promise<void> {
  if ((await numberOf(db, 'select foreign_keys from pragma_foreign_keys')) === 0) return
  throw new MigrationError(
    'foreign_keys_on',
    `The table ${quoted(name)} has to be made anew, while foreign keys are off, and within a transaction they cannot be ` +
      'turned off. Let the migrator run this, or run pragma foreign_keys = off before the transaction begins.',
  )
}
