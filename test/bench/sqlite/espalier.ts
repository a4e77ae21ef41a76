import { insert, select } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import Database from 'better-sqlite3'
import { allRecords, entries, items, nestedOrders } from '../database/espalier-tables.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { storedItems } from './espalier-tables.js'
import { createTables } from './tables.js'

/** Every statement is built when it runs. */
export function open(): Contender {
  const database = new Database(':memory:')
  const written = createTables(database)
  const db = sqlite(database).sync
  return contenderOf(
    {
      point: (id) => db.first(select(storedItems).from(storedItems).where(storedItems.id.eq(id))),
      rows: (limit) => db.all(select(storedItems).from(storedItems).orderBy(storedItems.id).limit(limit)),
      decoded: (limit) => db.all(select(items).from(items).orderBy(items.id).limit(limit)),
      records: () => db.all(allRecords()),
      nested: () => db.all(nestedOrders()),
      insert: (row) => db.run(insert(entries).values(row)),
      bulk: (rows) => db.load(entries, rows),
      close: () => database.close(),
    },
    written,
  )
}
