import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { chunks, type Entry } from '../database/entries.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { createTables, itemOf, type StoredItem } from './tables.js'

export function open(): Contender {
  const database = new Database(':memory:')
  const written = createTables(database)
  const db = new Kysely<{ items: StoredItem; entries: Entry }>({ dialect: new SqliteDialect({ database }) })
  const columns = ['id', 'sku', 'name', 'quantity', 'price', 'active', 'created', 'note'] as const
  return contenderOf(
    {
      point: (id) => db.selectFrom('items').select(columns).where('id', '=', id).executeTakeFirst(),
      rows: (limit) => db.selectFrom('items').select(columns).orderBy('id').limit(limit).execute(),
      decoded: async (limit) => {
        const rows = await db.selectFrom('items').select(columns).orderBy('id').limit(limit).execute()
        return rows.map(itemOf)
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
