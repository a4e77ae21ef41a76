import Database from 'better-sqlite3'
import { asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { chunks } from '../database/entries.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import {
  entries,
  items,
  lines,
  linesRelations,
  orders,
  ordersRelations,
  storedItems,
} from './drizzle-tables.js'
import { createTables } from './tables.js'

export function open(): Contender {
  const client = new Database(':memory:')
  const written = createTables(client)
  const db = drizzle({ client, schema: { orders, lines, ordersRelations, linesRelations } })
  return contenderOf(
    {
      point: (id) => db.select().from(storedItems).where(eq(storedItems.id, id)).get(),
      rows: (limit) => db.select().from(storedItems).orderBy(storedItems.id).limit(limit).all(),
      decoded: (limit) => db.select().from(items).orderBy(items.id).limit(limit).all(),
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
      insert: (row) => db.insert(entries).values(row).run(),
      bulk: (rows) =>
        db.transaction((tx) => {
          for (const chunk of chunks(rows, 100)) tx.insert(entries).values(chunk).run()
        }),
      close: () => client.close(),
    },
    written,
  )
}
