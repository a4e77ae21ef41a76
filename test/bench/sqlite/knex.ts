import type { Database } from 'better-sqlite3'
import knexModule from 'knex'
import { chunks, type Entry } from '../database/entries.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { createTables, itemOf, type StoredItem } from './tables.js'

export async function open(): Promise<Contender> {
  const db = knexModule.knex({
    client: 'better-sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  })
  const database: Database = await db.client.acquireConnection()
  const written = createTables(database)
  await db.client.releaseConnection(database)
  const columns: (keyof StoredItem)[] = [
    'id',
    'sku',
    'name',
    'quantity',
    'price',
    'active',
    'created',
    'note',
  ]
  return contenderOf(
    {
      point: (id) => db<StoredItem>('items').select(columns).where('id', id).first(),
      rows: (limit) => db<StoredItem>('items').select(columns).orderBy('id').limit(limit),
      decoded: async (limit) => {
        const rows = await db<StoredItem>('items').select(columns).orderBy('id').limit(limit)
        return rows.map(itemOf)
      },
      insert: (row) => db<Entry>('entries').insert(row),
      bulk: (rows) =>
        db.transaction(async (tx) => {
          for (const chunk of chunks(rows, 100)) await tx<Entry>('entries').insert(chunk)
        }),
      close: () => db.destroy(),
    },
    written,
  )
}
