import { asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { chunks } from '../database/entries.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { entries, items, lines, linesRelations, orders, ordersRelations } from './drizzle-tables.js'
import { writtenTable } from './written.js'

export function open({ url }: Settings): Contender {
  const client = postgres(url, { max: 1 })
  const db = drizzle({ client, schema: { orders, lines, ordersRelations, linesRelations } })
  return contenderOf(
    {
      point: async (id) => (await db.select().from(items).where(eq(items.id, id)))[0],
      rows: (limit) => db.select().from(items).orderBy(items.id).limit(limit),
      nested: () =>
        db.query.orders.findMany({
          orderBy: asc(orders.id),
          with: {
            lines: {
              columns: { id: true, name: true, quantity: true, shipped: true },
              orderBy: asc(lines.id),
            },
          },
        }),
      insert: (row) => db.insert(entries).values(row),
      bulk: (rows) =>
        db.transaction(async (tx) => {
          for (const chunk of chunks(rows, 5000)) await tx.insert(entries).values(chunk)
        }),
      close: () => client.end(),
    },
    writtenTable(url),
    true,
  )
}
