import { Kysely, PostgresDialect } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import pg from 'pg'
import { chunks, type Entry } from '../database/entries.js'
import type { Item } from '../database/items.js'
import type { Line } from '../database/orders.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { writtenTable } from './written.js'

export function open({ url }: Settings): Contender {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const columns = ['id', 'sku', 'name', 'quantity', 'price', 'active', 'created', 'note'] as const
  return contenderOf(
    {
      point: (id) => db.selectFrom('items').select(columns).where('id', '=', id).executeTakeFirst(),
      rows: (limit) => db.selectFrom('items').select(columns).orderBy('id').limit(limit).execute(),
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
        return rows.map(({ id, placed, lines }) => ({ id, placed, lines: lines.map(lineOf) }))
      },
      insert: (row) => db.insertInto('entries').values(row).execute(),
      bulk: (rows) =>
        db.transaction().execute(async (tx) => {
          for (const chunk of chunks(rows, 5000)) await tx.insertInto('entries').values(chunk).execute()
        }),
      close: () => db.destroy(),
    },
    writtenTable(url),
    true,
  )
}

interface Tables {
  items: Item
  entries: Entry
  orders: { id: number; placed: Date }
  lines: { id: string; order_id: number; name: string; quantity: number; shipped: Date | null }
}

/** In JSON, a bigint is a number and a moment a text. */
const lineOf = (row: {
  id: string | number
  name: string
  quantity: number
  shipped: Date | string | null
}): Line => ({
  id: BigInt(row.id),
  name: row.name,
  quantity: row.quantity,
  shipped: row.shipped === null ? null : new Date(row.shipped),
})
