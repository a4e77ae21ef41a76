import { bigint, type Executor, sql, type Transaction, text } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { numberOf, statementOf } from './stored.js'

const isOn = (db: Executor) => numberOf(db, 'select foreign_keys from pragma_foreign_keys')

/**
 * Runs a function on a connection of SQLite on which foreign keys are not enforced, and enforces them again behind it. A
 * table that others refer to can only so be made anew: within a transaction the pragma does nothing.
 */
export async function withoutForeignKeys<T>(session: Executor, work: () => Promise<T>): Promise<T> {
  if ((await isOn(session)) === 0) return work()
  await session.run(statementOf('pragma foreign_keys = off'))
  try {
    if ((await isOn(session)) !== 0) {
      throw new MigrationError(
        'foreign_keys_on',
        'The foreign keys of this connection cannot be turned off, without which a table of SQLite cannot be altered ' +
          'safely: dropping the old one would delete the rows of others. Nothing was run.',
      )
    }
    return await work()
  } finally {
    await session.run(statementOf('pragma foreign_keys = on'))
  }
}

/** How many rows refer to nothing, by the table that they are in and the one that they refer to; and what cannot be told. */
export interface Orphans {
  readonly counts: ReadonlyMap<string, number>
  /** SQLite's reasons, by the table: of a reference to what is no key. */
  readonly mismatches: ReadonlyMap<string, string>
}

/** Counts the rows that refer to nothing. https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
export async function orphans(db: Executor): Promise<Orphans> {
  const named = { schema: text().notNull(), name: text().notNull() }
  const tables = await db.all(
    sql.query(named)`select schema, name from pragma_table_list as list where type = 'table'
      and exists (select 1 from pragma_foreign_key_list(list.name, list.schema)) order by 1, 2`,
  )
  const [counts, mismatches] = [new Map<string, number>(), new Map<string, string>()]
  const columns = { target: text().notNull(), n: bigint().notNull() }
  for (const { schema, name } of tables) {
    try {
      const rows = await db.all(
        sql.query(
          columns,
        )`select parent, count(*) from pragma_foreign_key_check(${name}, ${schema}) group by 1 order by 1`,
      )
      for (const { target, n } of rows) counts.set(`${name} refer to ${target}`, Number(n))
    } catch (error) {
      mismatches.set(name, (error as Error).message.split('\n')[0] as string)
    }
  }
  return { counts, mismatches }
}

/** An error if more rows refer to nothing than before, for what foreign keys would have prevented or done. */
export async function requireNoOrphans(tx: Transaction, before: Orphans): Promise<void> {
  const after = await orphans(tx)
  const mismatch = [...after.mismatches].find(([name]) => !before.mismatches.has(name))
  if (mismatch !== undefined) {
    throw new MigrationError(
      'orphans',
      `What rows of ${mismatch[0]} refer to would be no key any more (${mismatch[1]}). Drop their reference first.`,
    )
  }
  const found = [...after.counts].filter(([key, n]) => n > (before.counts.get(key) ?? 0))
  if (found.length === 0) return
  const list = found.map(([key, n]) => `${n - (before.counts.get(key) ?? 0)} rows of ${key}`).join(', ')
  throw new MigrationError(
    'orphans',
    `Rows would refer to nothing: ${list}, which has no such rows. While a table is altered, foreign keys neither prevent ` +
      'anything nor cascade; where a statement of this revision relies on that, put it into a revision of its own.',
  )
}
