import Database from 'better-sqlite3'
import type { Entry } from '../database/entries.js'
import { type LineValues, lineOf, type Order } from '../database/orders.js'
import { recordOf, type StoredRecord } from '../database/records.js'
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
  const records = database.prepare(
    'select id, opened, closed, serial, amount, details from records order by id',
  )
  const nested = database.prepare(
    `select id, placed, (select json_group_array(json_array(cast(id as text), name, quantity, shipped)) from
      (select id, name, quantity, shipped from lines where order_id = orders.id order by id)) as lines
    from orders order by id`,
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
      records: () => records.all(),
      recordsDecoded: () => (records.all() as StoredRecord[]).map(recordOf),
      nested: () => (nested.all() as StoredOrder[]).map(orderOf),
      insert: (row) => insert.run(row.id, row.account, row.kind, row.amount, row.memo),
      bulk,
      close: () => database.close(),
    },
    written,
  )
}

interface StoredOrder {
  readonly id: number
  readonly placed: string
  readonly lines: string
}

const orderOf = ({ id, placed, lines }: StoredOrder): Order => ({
  id,
  placed: new Date(placed),
  lines: (JSON.parse(lines) as LineValues[]).map(lineOf),
})
