import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { entries, items } from './drizzle-tables.js'
import { writtenTable } from './written.js'

/** Named statements, which the server prepares. There is none for a bulk load. */
export function open({ url }: Settings): Contender {
  const client = postgres(url, { max: 1 })
  const db = drizzle({ client })
  const point = db
    .select()
    .from(items)
    .where(eq(items.id, sql.placeholder('id')))
    .prepare('point')
  const rows = db.select().from(items).orderBy(items.id).limit(sql.placeholder('limit')).prepare('rows')
  const insert = db
    .insert(entries)
    .values({
      id: sql.placeholder('id'),
      account: sql.placeholder('account'),
      kind: sql.placeholder('kind'),
      amount: sql.placeholder('amount'),
      memo: sql.placeholder('memo'),
    })
    .prepare('insert')
  return contenderOf(
    {
      point: async (id) => (await point.execute({ id }))[0],
      rows: (limit) => rows.execute({ limit }),
      insert: (row) => insert.execute({ ...row }),
      close: () => client.end(),
    },
    writtenTable(url),
    true,
  )
}
