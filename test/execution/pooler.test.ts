import {
  createAll,
  deleteFrom,
  insert,
  integer,
  param,
  select,
  sql,
  table,
  text,
  update,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import postgresJs from 'postgres'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'
import { transactionPooler } from '../support/transaction-pooler.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull() })
const ids = select(items.id).from(items).orderBy(items.id)
const add = (id: number) => insert(items).values({ id, name: `n${id}` })
const backend = sql.query({ pid: integer() })`select pg_backend_pid() as pid`

const direct = await testDatabaseUrl()
const pooler = await transactionPooler(direct)
const db = postgres(pooler.url, { max: 4, pooler: 'transaction' })
afterAll(async () => {
  await db.close()
  await pooler.close()
})
for (const statement of createAll([items], db.dialect)) await db.run(statement)
// As many connections of the server as the pool has.
await Promise.all(Array.from({ length: 4 }, () => db.transaction((tx) => tx.all(backend))))

beforeEach(async () => {
  await db.run(deleteFrom(items).everyRow())
})

describe('The pooler of these tests', () => {
  it('gives the transactions of one client different connections', async () => {
    await using one = postgres(pooler.url, { max: 1, pooler: 'transaction' })
    const pids = new Set<number | null>()
    for (let i = 0; i < 6; i++) pids.add((await one.one(backend)).pid)
    expect(pids.size).toBeGreaterThan(1)
    const within = await one.transaction(async (tx) => [await tx.one(backend), await tx.one(backend)])
    expect(within[0]).toEqual(within[1])
  })

  it('loses what a client of it prepares', async () => {
    const client = postgresJs(pooler.url, { max: 1, onnotice: () => {} })
    await client.unsafe('prepare named as select 1')
    const lost = client.unsafe('execute named')
    await expect(lost).rejects.toMatchObject({ code: '26000' })
    await client.end({ timeout: 0 })
  })
})

describe("With pooler: 'transaction'", () => {
  it('the same statements run again and again, beside each other, on any connection', async () => {
    const before = pooler.moves()
    const byId = db.prepare(
      select(items.name)
        .from(items)
        .where(items.id.eq(param('id', integer()))),
    )
    for (let id = 0; id < 10; id++) await db.run(add(id))
    for (let id = 0; id < 10; id++) expect(await byId.one({ id })).toBe(`n${id}`)
    const many = await Promise.all(Array.from({ length: 200 }, (_, i) => byId.one({ id: i % 10 })))
    expect(many).toEqual(Array.from({ length: 200 }, (_, i) => `n${i % 10}`))
    expect(pooler.moves()).toBeGreaterThan(before + 10)
    await using plain = postgres(direct)
    expect(await plain.all(sql.query({ name: text() })`select name from pg_prepared_statements`)).toEqual([])
  })

  it('transactions keep their connection, their settings and their savepoints', async () => {
    const tenants = Array.from({ length: 12 }, (_, i) => i)
    const found = await Promise.all(
      tenants.map((tenant) =>
        db.transaction(
          async (tx) => {
            await tx.run(add(tenant))
            await errorOf(() => tx.transaction((inner) => inner.run(add(tenant))))
            await tx.run(update(items).set({ name: 'x' }).where(items.id.eq(tenant)))
            return tx.scalar(sql.query({ x: text() })`select current_setting('app.tenant') as x`)
          },
          { settings: { 'app.tenant': tenant }, statementTimeout: 60_000, lockTimeout: 60_000 },
        ),
      ),
    )
    expect(found).toEqual(tenants.map(String))
    expect(await db.all(ids)).toEqual(tenants)
    const left = await Promise.all(
      tenants.map(() => db.scalar(sql.query({ x: text() })`select current_setting('app.tenant', true) as x`)),
    )
    expect(left.every((setting) => !setting)).toBe(true)
    const zone = sql.query({ x: text() })`select current_setting('TimeZone') as x`
    expect(await Promise.all(tenants.map(() => db.scalar(zone)))).toEqual(tenants.map(() => 'UTC'))
  })

  it('streams, loads and many sets of values are transactions', async () => {
    const rows = Array.from({ length: 500 }, (_, id) => ({ id, name: 'x'.repeat(300) }))
    expect(await db.load(items, rows)).toEqual({ affected: 500 })
    const read = async () => {
      const found: number[] = []
      for await (const id of db.stream(ids, { batch: 50 })) found.push(id)
      return found.length
    }
    expect(await Promise.all([read(), read(), read()])).toEqual([500, 500, 500])
    const rename = update(items)
      .set({ name: param('name', text()) })
      .where(items.id.eq(param('id', integer())))
    expect(
      await db.runMany(
        rename,
        rows.map(({ id }) => ({ id, name: 'y' })),
      ),
    ).toEqual({ affected: 500 })
  })

  it('what relies on the state of a connection is refused', async () => {
    for (const work of [() => db.session(async () => 1), () => db.listen('items', () => {})]) {
      const error = await errorOf(work)
      expect(error).toMatchObject({ name: 'UnsupportedError', code: 'unsupported' })
      expect(String(error)).toContain('relies on the state of one connection')
    }
    expect(() => postgres(direct, { pooler: 'transaction', statementTimeout: 5 })).toThrow(
      'Use the statementTimeout of a transaction',
    )
    expect(() => postgres(direct, { pooler: 'transaction', lockTimeout: 5 })).toThrow('lockTimeout relies on')
    expect(() => postgres(direct, { pooler: 'session' as 'transaction' })).toThrow(
      "pooler is 'transaction' or nothing",
    )
  })
})
