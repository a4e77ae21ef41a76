import { once } from 'node:events'
import type { Writable } from 'node:stream'
import postgres from 'postgres'
import type { Entry } from '../database/entries.js'
import type { Item } from '../database/items.js'
import { type LineValues, lineOf, type Order } from '../database/orders.js'
import { recordOf, type StoredRecord } from '../database/records.js'
import { contenderOf } from '../database/workload.js'
import type { Contender, Settings } from '../harness/contender.js'
import { writtenTable } from './written.js'

/** The driver itself: tagged templates, which it prepares and pipelines, rows as the objects that it makes. */
export function open({ url }: Settings): Contender {
  const sql = postgres(url, { max: 1 })
  // Its rows as they come: texts.
  const undecoded = postgres(url, { max: 1 })
  for (const oid of Object.keys(undecoded.options.parsers)) delete undecoded.options.parsers[Number(oid)]
  const records = () => undecoded<StoredRecord[]>`
    select id, opened, closed, serial, amount, details from records order by id`
  return contenderOf(
    {
      point: async (id) => {
        const [row] = await sql<Item[]>`
          select id, sku, name, quantity, price, active, created, note from items where id = ${id}`
        return row
      },
      rows: (limit) => sql<Item[]>`
        select id, sku, name, quantity, price, active, created, note from items order by id limit ${limit}`,
      records,
      recordsDecoded: async () => (await records()).map(recordOf),
      nested: async () => {
        const rows = await sql<StoredOrder[]>`
          select id, placed, (select coalesce(json_agg(json_build_array(id::text, name, quantity, shipped)), '[]') from
            (select id, name, quantity, shipped from lines where order_id = orders.id order by id) as l) as lines
          from orders order by id`
        return rows.map(({ id, placed, lines }): Order => ({ id, placed, lines: lines.map(lineOf) }))
      },
      insert: (row) => sql`insert into entries (id, account, kind, amount, memo)
        values (${row.id}, ${row.account}, ${row.kind}, ${row.amount}, ${row.memo})`,
      bulk: async (rows) => {
        await copy(await sql`copy entries (id, account, kind, amount, memo) from stdin`.writable(), rows)
      },
      close: () => Promise.all([sql.end(), undecoded.end()]),
    },
    writtenTable(url),
    true,
  )
}

interface StoredOrder {
  readonly id: number
  readonly placed: Date
  readonly lines: readonly LineValues[]
}

/** Writes the rows in COPY's text format, in pieces of about 64 kB. */
async function copy(stream: Writable, rows: readonly Entry[]): Promise<void> {
  let text = ''
  for (const row of rows) {
    const memo = row.memo === null ? '\\N' : escaped(row.memo)
    text += `${row.id}\t${row.account}\t${escaped(row.kind)}\t${row.amount}\t${memo}\n`
    if (text.length > 65_536) {
      if (!stream.write(text)) await once(stream, 'drain')
      text = ''
    }
  }
  stream.end(text)
  await once(stream, 'finish')
}

const special = /[\\\t\n\r]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escaped(text: string): string {
  return special.test(text) ? text.replace(special, (found) => escapes[found] ?? found) : text
}
