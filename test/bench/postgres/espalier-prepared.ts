import { double, insert, integer, param, select, text } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { allRecords, entries, items, nestedOrders } from '../database/espalier-tables.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { writtenTable } from './written.js'

/** Every statement is prepared once and run with named parameters. */
export async function open({ url }: Settings): Promise<Contender> {
  const db = await postgres(url, { max: 1 })
  const point = db.prepare(
    select(items)
      .from(items)
      .where(items.id.eq(param('id', integer()))),
  )
  const records = db.prepare(allRecords())
  const nested = db.prepare(nestedOrders())
  const first100 = db.prepare(select(items).from(items).orderBy(items.id).limit(100))
  const first10k = db.prepare(select(items).from(items).orderBy(items.id).limit(10_000))
  const insertEntry = db.prepare(
    insert(entries).values({
      id: param('id', integer()),
      account: param('account', integer()),
      kind: param('kind', text()),
      amount: param('amount', double()),
      memo: param('memo', text(), { nullable: true }),
    }),
  )
  return contenderOf(
    {
      point: (id) => point.one({ id }),
      rows: (limit) => (limit === 100 ? first100 : first10k).all(),
      records: () => records.all(),
      nested: () => nested.all(),
      insert: (row) => insertEntry.run(row),
      close: () => db.close(),
    },
    writtenTable(url),
    true,
  )
}
