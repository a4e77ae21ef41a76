import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/sqlite'
import { chunks, type Entry } from '../database/entries.js'
import type { Order } from '../database/orders.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { createTables, itemOf, type StoredItem } from './tables.js'

export function open(): Contender {
  const database = new Database(':memory:')
  const written = createTables(database)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  const columns = ['id', 'sku', 'name', 'quantity', 'price', 'active', 'created', 'note'] as const
  return contenderOf(
    {
      point: (id) => db.selectFrom('items').select(columns).where('id', '=', id).executeTakeFirst(),
      rows: (limit) => db.selectFrom('items').select(columns).orderBy('id').limit(limit).execute(),
      decoded: async (limit) => {
        const rows = await db.selectFrom('items').select(columns).orderBy('id').limit(limit).execute()
        return rows.map(itemOf)
      },
      nested: async () => {
        const rows = await db
          .selectFrom('orders')
          .select((eb) => [
            'id',
            'placed',
            jsonArrayFrom(
              eb
                .selectFrom('lines')
                .select(['id', 'name', 'quantity', 'shipped'])
                .whereRef('order_id', '=', 'orders.id')
                .orderBy('id'),
            ).as('lines'),
          ])
          .orderBy('id')
          .execute()
        return rows.map(orderOf)
      },
      insert: (row) => db.insertInto('entries').values(row).execute(),
      bulk: (rows) =>
        db.transaction().execute(async (tx) => {
          for (const chunk of chunks(rows, 100)) await tx.insertInto('entries').values(chunk).execute()
        }),
      close: () => db.destroy(),
    },
    written,
  )
}

interface Tables {
  items: StoredItem
  entries: Entry
  orders: { id: number; placed: string }
  lines: StoredLine & { order_id: number }
}

interface StoredLine {
  id: number
  name: string
  quantity: number
  shipped: string | null
}

/** Its parser of JSON is a plugin, whose way through all values would take longer. */
function orderOf(row: { id: number; placed: string; lines: StoredLine[] | string }): Order {
  const lines = (typeof row.lines === 'string' ? JSON.parse(row.lines) : row.lines) as StoredLine[]
  return {
    id: row.id,
    placed: new Date(row.placed),
    lines: lines.map(({ id, name, quantity, shipped }) => ({
      id: BigInt(id),
      name,
      quantity,
      shipped: shipped === null ? null : new Date(shipped),
    })),
  }
}
