import { createAll, type Database, insert, integer, select, sql, table } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

const items = table('items', { id: integer().primaryKey() })
const ids = select({ id: items.id }).from(items)

const opened: [string, () => Promise<Database>][] = [
  ['PostgreSQL', async () => postgres(await testDatabaseUrl(), { max: 1 })],
  ['PGlite', () => pglite()],
  ['SQLite', async () => sqlite(':memory:')],
]

describe.each(opened)('%s', (name, open) => {
  it('counts its connection and those who wait for it', async () => {
    const db = await open()
    // PostgreSQL connects with the first statement.
    expect(db.diagnostics()?.connections).toEqual({
      open: name === 'PostgreSQL' ? 0 : 1,
      busy: 0,
      waiting: 0,
    })
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    expect(db.diagnostics()?.connections).toEqual({ open: 1, busy: 0, waiting: 0 })
    await db.transaction(async (tx) => {
      await tx.run(insert(items).values({ id: 1 }))
      expect(db.diagnostics()?.connections).toEqual({ open: 1, busy: 1, waiting: 0 })
    })
    const tx = await db.begin()
    const rows = db.all(ids)
    await tx.run(insert(items).values({ id: 2 }))
    expect(db.diagnostics()?.connections).toEqual({ open: 1, busy: 1, waiting: 1 })
    await tx.commit()
    expect(await rows).toEqual([{ id: 1 }, { id: 2 }])
    expect(db.diagnostics()?.connections).toEqual({ open: 1, busy: 0, waiting: 0 })
    await db.close()
    expect(db.diagnostics()?.connections).toEqual({ open: 0, busy: 0, waiting: 0 })
  })

  it('counts the texts of statements that it remembers', async () => {
    await using db = await open()
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    const before = db.diagnostics()?.statements
    for (let i = 0; i < 5; i++) await db.all(ids)
    await db.all(sql.query({ one: integer() })`select 1 as one`)
    const after = db.diagnostics()?.statements
    if (name === 'PGlite') {
      expect([before, after]).toEqual([undefined, undefined])
      return
    }
    expect(after).toEqual({
      remembered: before!.remembered + 2,
      hits: before!.hits + 4,
      misses: before!.misses + 2,
    })
  })
})

it('of a pool counts every connection', async () => {
  await using db = postgres(await testDatabaseUrl(), { max: 3 })
  const open = [await db.begin(), await db.begin()]
  expect(db.diagnostics()?.connections).toEqual({ open: 2, busy: 2, waiting: 0 })
  open.push(await db.begin())
  const fourth = db.begin()
  await open[0]!.scalar(select({ one: sql<number>`1` }))
  expect(db.diagnostics()?.connections).toEqual({ open: 3, busy: 3, waiting: 1 })
  for (const tx of open) await tx.rollback()
  await (await fourth).rollback()
  expect(db.diagnostics()?.connections).toEqual({ open: 3, busy: 0, waiting: 0 })
})

it('of SQLite forgets the texts that were used least recently', async () => {
  await using db = sqlite(':memory:', { statementCacheSize: 2 })
  for (const statement of createAll([items], db.dialect)) await db.run(statement)
  const query = (n: number) => {
    const named = items.as(`i${n}` as string)
    return select({ id: named.id }).from(named)
  }
  for (let n = 0; n < 20; n++) await db.all(query(n))
  const counts = db.diagnostics()!.statements!
  expect(counts.remembered).toBeLessThanOrEqual(4)
  await db.all(query(19))
  expect(db.diagnostics()!.statements).toEqual({ ...counts, hits: counts.hits + 1 })
})
