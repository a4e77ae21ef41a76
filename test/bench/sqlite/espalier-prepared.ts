import { double, insert, integer, param, select, text } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import Database from 'better-sqlite3'
import { allRecords, entries, items, nestedOrders } from '../database/espalier-tables.js'
import { contenderOf } from '../database/workload.js'
import type { Contender } from '../harness/contender.js'
import { storedItems } from './espalier-tables.js'
import { createTables } from './tables.js'

/** Every statement is prepared once and run with named parameters. */
export function open(): Contender {
  const database = new Database(':memory:')
  const written = createTables(database)
  const db = sqlite(database).sync
  const point = db.prepare(
    select(storedItems)
      .from(storedItems)
      .where(storedItems.id.eq(param('id', integer()))),
  )
  const records = db.prepare(allRecords())
  const nested = db.prepare(nestedOrders())
  const first100 = db.prepare(select(storedItems).from(storedItems).orderBy(storedItems.id).limit(100))
  const first10k = db.prepare(select(storedItems).from(storedItems).orderBy(storedItems.id).limit(10_000))
  const decoded = db.prepare(select(items).from(items).orderBy(items.id).limit(10_000))
  const insertOne = insert(entries).values({
    id: param('id', integer()),
    account: param('account', integer()),
    kind: param('kind', text()),
    amount: param('amount', double()),
    memo: param('memo', text(), { nullable: true }),
  })
  const insertEntry = db.prepare(insertOne)
  return contenderOf(
    {
      point: (id) => point.first({ id }),
      rows: (limit) => (limit === 100 ? first100 : first10k).all(),
      decoded: () => decoded.all(),
      records: () => records.all(),
      nested: () => nested.all(),
      insert: (row) => insertEntry.run(row),
      bulk: (rows) =>
        db.transaction((tx) => {
          const prepared = tx.prepare(insertOne)
          for (const row of rows) prepared.run(row)
        }),
      close: () => database.close(),
    },
    written,
  )
}
