import type { Database } from 'better-sqlite3'
import { type Item, items } from '../database/items.js'
import { storedLines, storedOrders } from '../database/orders.js'
import { storedRecords } from '../database/records.js'
import type { WrittenTable } from '../database/workload.js'

/**
 * Creates the tables and fills the one that is read. All contenders read the values as SQLite stores them, a flag
 * as 0 or 1 and a moment as text, so that all return the same rows.
 */
export function createTables(database: Database): WrittenTable {
  database.exec(`
    create table items (id integer primary key, sku text not null, name text not null, quantity integer not null,
      price real not null, active integer not null, created text not null, note text);
    create table entries (id integer primary key, account integer not null, kind text not null, amount real not null,
      memo text);
    create table orders (id integer primary key, placed text not null);
    create table lines (id integer primary key, order_id integer not null references orders, name text not null,
      quantity integer not null, shipped text);
    create table records (id integer primary key, opened text not null, closed text, serial integer not null,
      amount numeric(12, 2) not null, details text not null);
    create index lines_order_id on lines (order_id)`)
  const insert = database.prepare('insert into items values (?, ?, ?, ?, ?, ?, ?, ?)')
  database.transaction(() => {
    for (const row of items()) {
      insert.run(
        row.id,
        row.sku,
        row.name,
        row.quantity,
        row.price,
        Number(row.active),
        row.created.toISOString(),
        row.note,
      )
    }
  })()
  const order = database.prepare('insert into orders values (?, ?)')
  const record = database.prepare('insert into records values (?, ?, ?, ?, ?, ?)')
  const line = database.prepare('insert into lines values (?, ?, ?, ?, ?)')
  database.transaction(() => {
    for (const { id, opened, closed, serial, amount, details } of storedRecords())
      record.run(id, opened, closed, serial, amount, details)
    for (const { id, placed } of storedOrders()) order.run(id, placed)
    for (const { id, orderId, name, quantity, shipped } of storedLines())
      line.run(id, orderId, name, quantity, shipped)
  })()
  const clear = database.prepare('delete from entries')
  const digest = database.prepare(`select count(*) as rows, sum(id) as ids, sum(account) as accounts,
    count(memo) as memos, sum(length(kind)) as kinds, sum(amount) as amounts from entries`)
  return { clear: () => clear.run(), digest: () => digest.get() }
}

/** An item as SQLite stores it. */
export interface StoredItem {
  readonly id: number
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly price: number
  readonly active: number
  readonly created: string
  readonly note: string | null
}

/** The item that a stored one stands for. */
export const itemOf = (row: StoredItem): Item => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  quantity: row.quantity,
  price: row.price,
  active: row.active === 1,
  created: new Date(row.created),
  note: row.note,
})
