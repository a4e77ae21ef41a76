import type { Database } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, type Operation, revision } from '@espalier/migrate'
import BetterSqlite3 from 'better-sqlite3'

/** A database of SQLite by two ways: as a migrator sees it, and bare. */
export interface Bare {
  readonly db: Database
  readonly raw: BetterSqlite3.Database
  /** What was run by the migrator. */
  readonly statements: string[]
  /** The statements that SQLite keeps, by name. */
  stored(): Record<string, string>
  /** All rows of a table in the order of their row ids, where it has such, each value as SQL and with its kind. */
  rows(table: string): unknown[][]
  up(...operations: Operation[]): Promise<unknown>
  down(...operations: Operation[]): Promise<unknown>
}

/** Opens an empty database in memory and runs a script in it. */
export function bareDatabase(script = ''): Bare {
  const raw = new BetterSqlite3(':memory:')
  raw.exec(script)
  const statements: string[] = []
  const db = sqlite(raw, { observer: { statement: ({ sql }) => void statements.push(sql) } })
  const migrator = (operations: readonly Operation[]) =>
    createMigrator({
      db,
      revisions: [revision({ id: 'a1', parents: [], message: 'one', up: operations })],
    })
  return {
    db,
    raw,
    statements,
    stored() {
      const rows = raw
        .prepare(
          "select name, sql from sqlite_schema where sql is not null and name not like 'espalier\\_%' escape '\\' order by name",
        )
        .all() as { name: string; sql: string }[]
      return Object.fromEntries(rows.map(({ name, sql }) => [name, sql]))
    },
    rows(table) {
      const name = `"${table.replaceAll('"', '""')}"`
      const columns = (raw.pragma(`table_xinfo(${name})`) as { name: string }[]).map((column) => column.name)
      const isTable =
        raw.prepare("select type = 'table' from sqlite_schema where name = ?").pluck().get(table) === 1
      const hasRowId =
        isTable &&
        !(raw.pragma('table_list') as { name: string; wr: number }[]).some(
          (one) => one.name === table && one.wr === 1,
        )
      const id = hasRowId ? ['rowid', '_rowid_', 'oid'].find((one) => !columns.includes(one)) : undefined
      const values = columns.map((column) => `quote("${column.replaceAll('"', '""')}")`)
      const all = raw
        .prepare(`select ${[...(id ? [id] : []), ...values].join(', ')} from ${name} order by 1`)
        .raw()
      return all.all() as unknown[][]
    },
    up: (...operations) => migrator(operations).upgrade(),
    down: (...operations) => migrator(operations).downgrade('base'),
  }
}
