import { insert, select } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { allRecords, entries, items, nestedOrders } from '../database/espalier-tables.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { writtenTable } from './written.js'

/** Every statement is built when it runs. */
export async function open({ url }: Settings): Promise<Contender> {
  const db = await postgres(url, { max: 1 })
  return contenderOf(
    {
      point: (id) => db.one(select(items).from(items).where(items.id.eq(id))),
      rows: (limit) => db.all(select(items).from(items).orderBy(items.id).limit(limit)),
      records: () => db.all(allRecords()),
      nested: () => db.all(nestedOrders()),
      insert: (row) => db.run(insert(entries).values(row)),
      bulk: (rows) => db.load(entries, rows),
      close: () => db.close(),
    },
    writtenTable(url),
    true,
  )
}
