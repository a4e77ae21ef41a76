import Database from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Entry } from '../database/entries.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { entries, items, storedItems } from './drizzle-tables.js'
import { createTables } from './tables.js'

export function open(): Contender {
  const client = new Database(':memory:')
  const written = createTables(client)
  const db = drizzle({ client })
  const point = db
    .select()
    .from(storedItems)
    .where(eq(storedItems.id, sql.placeholder('id')))
    .prepare()
  const rows = db.select().from(storedItems).orderBy(storedItems.id).limit(sql.placeholder('limit')).prepare()
  const decoded = db.select().from(items).orderBy(items.id).limit(sql.placeholder('limit')).prepare()
  const insert = db
    .insert(entries)
    .values({
      id: sql.placeholder('id'),
      account: sql.placeholder('account'),
      kind: sql.placeholder('kind'),
      amount: sql.placeholder('amount'),
      memo: sql.placeholder('memo'),
    })
    .prepare()
  const bulk = client.transaction((all: readonly Entry[]) => {
    for (const row of all) insert.run({ ...row })
  })
  return contenderOf(
    {
      point: (id) => point.get({ id }),
      rows: (limit) => rows.all({ limit }),
      decoded: (limit) => decoded.all({ limit }),
      insert: (row) => insert.run({ ...row }),
      bulk,
      close: () => client.close(),
    },
    written,
  )
}
