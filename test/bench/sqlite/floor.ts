import Database from 'better-sqlite3'
import type { Entry } from '../database/entries.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { createTables, itemOf, type StoredItem } from './tables.js'

/** The driver itself: each statement prepared once, rows as the objects that the driver makes. */
export function open(): Contender {
  const database = new Database(':memory:')
  const written = createTables(database)
  const point = database.prepare(
    'select id, sku, name, quantity, price, active, created, note from items where id = ?',
  )
  const rows = database.prepare(
    'select id, sku, name, quantity, price, active, created, note from items order by id limit ?',
  )
  const insert = database.prepare(
    'insert into entries (id, account, kind, amount, memo) values (?, ?, ?, ?, ?)',
  )
  const bulk = database.transaction((entries: readonly Entry[]) => {
    for (const row of entries) insert.run(row.id, row.account, row.kind, row.amount, row.memo)
  })
  return contenderOf(
    {
      point: (id) => point.get(id),
      rows: (limit) => rows.all(limit),
      decoded: (limit) => (rows.all(limit) as StoredItem[]).map(itemOf),
      insert: (row) => insert.run(row.id, row.account, row.kind, row.amount, row.memo),
      bulk,
      close: () => database.close(),
    },
    written,
  )
}
