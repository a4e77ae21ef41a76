import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { chunks, type Entry } from '../database/entries.js'
import type { Item } from '../database/items.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { writtenTable } from './written.js'

export function open({ url }: Settings): Contender {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const db = new Kysely<{ items: Item; entries: Entry }>({ dialect: new PostgresDialect({ pool }) })
  const columns = ['id', 'sku', 'name', 'quantity', 'price', 'active', 'created', 'note'] as const
  return contenderOf(
    {
      point: (id) => db.selectFrom('items').select(columns).where('id', '=', id).executeTakeFirst(),
      rows: (limit) => db.selectFrom('items').select(columns).orderBy('id').limit(limit).execute(),
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
