import knexModule from 'knex'
import { chunks, type Entry } from '../database/entries.js'
import type { Item } from '../database/items.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { writtenTable } from './written.js'

export function open({ url }: Settings): Contender {
  // The queries of the case `pipelined` wait for the one connection longer than the default allows.
  const db = knexModule.knex({
    client: 'pg',
    connection: url,
    pool: { min: 1, max: 1 },
    acquireConnectionTimeout: 600_000,
  })
  const columns: (keyof Item)[] = ['id', 'sku', 'name', 'quantity', 'price', 'active', 'created', 'note']
  return contenderOf(
    {
      point: (id) => db<Item>('items').select(columns).where('id', id).first(),
      rows: (limit) => db<Item>('items').select(columns).orderBy('id').limit(limit),
      insert: (row) => db<Entry>('entries').insert(row),
      bulk: (rows) =>
        db.transaction(async (tx) => {
          for (const chunk of chunks(rows, 5000)) await tx<Entry>('entries').insert(chunk)
        }),
      close: () => db.destroy(),
    },
    writtenTable(url),
    true,
  )
}
