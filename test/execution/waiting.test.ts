import { createAll, type Database, insert, integer, select, table } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey() })
const ids = select(items.id).from(items).orderBy(items.id)

const opened: [string, () => Promise<Database>][] = [
  [
    'PostgreSQL with one connection',
    async () => postgres(await testDatabaseUrl(), { max: 1, acquireTimeout: 60 }),
  ],
  ['SQLite', async () => sqlite(':memory:', { acquireTimeout: 60 })],
]

describe.each(opened)('%s', (_, open) => {
  let db: Database
  beforeAll(async () => {
    db = await open()
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    await db.run(insert(items).values([{ id: 1 }, { id: 2 }, { id: 3 }]))
  })
  afterAll(() => db.close())

  it('tells who waits for itself, in the loop of a stream', async () => {
    const error = await errorOf(async () => {
      for await (const id of db.stream(ids, { batch: 1 })) await db.run(insert(items).values({ id: id + 10 }))
    })
    expect(error.code).toBe('pool_exhausted')
    expect(error.message).toMatch(
      /^No connection became free within 0\.06 s \(acquireTimeout\)\. The only one is held by a stream for 0\.\d s\. What runs/,
    )
    expect(await db.all(ids)).toEqual([1, 2, 3])
  })

  it('tells who waits for itself, beside a transaction that is ended by hand', async () => {
    await using tx = await db.begin()
    for (const use of [() => db.all(ids), () => db.transaction(async () => 0), () => db.begin()]) {
      const error = await errorOf(use)
      expect(error.code).toBe('pool_exhausted')
      expect(error.message).toContain('held by a transaction for 0.')
    }
    expect(await tx.all(ids)).toEqual([1, 2, 3])
  })

  it('lets wait who is served in time, in order', async () => {
    const tx = await db.begin()
    const heard: number[] = []
    const waiting = [1, 2, 3].map((n) =>
      db.transaction(async (later) => {
        heard.push(n)
        return later.all(ids)
      }),
    )
    await tx.commit()
    expect(await Promise.all(waiting)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ])
    expect(heard).toEqual([1, 2, 3])
  })

  it('closes once, however often it is told to, and not while a stream is open for ever', async () => {
    const other = await open()
    for (const statement of createAll([items], other.dialect)) await other.run(statement)
    await other.run(insert(items).values([{ id: 1 }, { id: 2 }]))
    const stream = other.stream(ids, { batch: 1 })[Symbol.asyncIterator]()
    expect((await stream.next()).value).toBe(1)
    const error = await errorOf(() => other.close())
    expect(error.code).toBe('pool_exhausted')
    expect(error.message).toContain('held by a stream for 0.')
    expect((await stream.next()).value).toBe(2)
    await stream.return?.()
    expect(await other.all(ids)).toEqual([1, 2])
    const tx = await other.begin()
    const closes = [other.close(), other.close()]
    await tx.commit()
    await Promise.all(closes)
    await other.close()
    expect((await errorOf(() => other.all(ids))).code).toBe('closed')
  })
})

describe('PostgreSQL with several connections', () => {
  it('tells of all, the longest first', async () => {
    const db = await postgres(await testDatabaseUrl(), { max: 2, acquireTimeout: 60 })
    const first = await db.begin()
    await new Promise((resolve) => setTimeout(resolve, 120))
    const error = await db.session(() => errorOf(() => db.scalar(ids)))
    expect(error.message).toMatch(/All 2 are held by a transaction for 0\.\d s, a session for 0\.\d s\. /)
    await first.rollback()
    await db.close()
  })

  it('refuses a time that is none', async () => {
    for (const acquireTimeout of [-1, NaN, '5' as unknown as number]) {
      expect((await errorOf(async () => postgres('postgres://localhost/x', { acquireTimeout }))).code).toBe(
        'invalid_options',
      )
      expect((await errorOf(async () => sqlite(':memory:', { acquireTimeout }))).code).toBe('invalid_options')
    }
    await sqlite(':memory:', { acquireTimeout: Infinity }).close()
  })
})
