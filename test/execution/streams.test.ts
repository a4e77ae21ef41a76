import {
  bigint,
  createAll,
  cte,
  type Database,
  deleteFrom,
  type Executor,
  generateSeries,
  insert,
  integer,
  param,
  type Statement,
  select,
  sql,
  table,
  text,
  timestamptz,
  update,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', {
  id: integer().primaryKey(),
  big: bigint().notNull(),
  at: timestamptz().notNull(),
  note: text(),
})
const at = new Date('2026-11-21T10:30:00.123Z')
const rows = Array.from({ length: 25 }, (_, i) => ({
  id: i + 1,
  big: BigInt(i),
  at,
  note: i % 2 ? null : 'n',
}))
const all = select(items).from(items).orderBy(items.id)
const ids = select(items.id).from(items).orderBy(items.id)

const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const row of stream) found.push(row)
  return found
}

const databases = await allDatabases()
for (const { db } of databases)
  for (const statement of createAll([items], db.dialect)) await db.run(statement)

describe.each(databases)('streams of $name', ({ name, db }) => {
  beforeEach(async () => {
    await db.run(deleteFrom(items).everyRow())
    await db.run(insert(items).values(rows))
  })

  it.each([1, 7, 25, 26, 1000])('give all rows as all does, in batches of %d', async (batch) => {
    expect(await collect(db.stream(all, { batch }))).toEqual(await db.all(all))
    expect(await collect(db.stream(ids, { batch }))).toEqual(rows.map((row) => row.id))
  })

  it('of no rows give none', async () => {
    expect(await collect(db.stream(all.where(items.id.gt(100))))).toEqual([])
  })

  it('have parameters, named ones too, CTEs and set operations', async () => {
    const some = cte('some', select({ id: items.id }).from(items).where(items.note.eq('n')))
    const query = select({ id: some.id })
      .from(some)
      .where(some.id.gt(param('least', integer())))
    const prepared = db.prepare(query.union(select({ id: items.id }).from(items).where(items.id.eq(2))))
    const found = await collect(prepared.stream({ least: 21 }, { batch: 2 }))
    expect(found.map(({ id }) => id).sort((a, b) => a - b)).toEqual([2, 23, 25])
    expect(await collect(db.prepare(ids).stream(undefined, { batch: 4 }))).toHaveLength(25)
  })

  it('that are left early give their connection back', async () => {
    for (let i = 0; i < 30; i++) {
      for await (const row of db.stream(all, { batch: 3 })) if (row.id === 5) break
    }
    await db.transaction(async (tx) => {
      await tx.run(update(items).set({ note: 'x' }).where(items.id.eq(1)))
    })
    expect(await db.scalar(select(items.note).from(items).where(items.id.eq(1)))).toBe('x')
  })

  it('whose loop throws give their connection back', async () => {
    const error = await errorOf(async () => {
      for await (const _ of db.stream(all, { batch: 3 })) throw new Error('stop')
    })
    expect(error.message).toBe('stop')
    await db.run(deleteFrom(items).everyRow())
    expect(await db.all(ids)).toEqual([])
  })

  it('that were never begun hold nothing', async () => {
    for (let i = 0; i < 30; i++) db.stream(all)
    expect(await db.all(ids)).toHaveLength(25)
  })

  it('tell what the database says, and give their connection back', async () => {
    const missing = table('missing', { id: integer().primaryKey() })
    const error = await errorOf(() => collect(db.stream(select(missing).from(missing))))
    expect(error.code).toBe('database_error')
    expect(error.message).toContain('missing')
    const late = sql.query({
      x: integer(),
    })`select 10 / (id - 20) as x from items order by id`
    if (name !== 'SQLite') {
      const seen: unknown[] = []
      const failed = await errorOf(async () => {
        for await (const row of db.stream(late, { batch: 5 })) seen.push(row)
      })
      expect(failed.message).toContain('division by zero')
      expect(seen).toHaveLength(15)
    }
    expect(await db.all(ids)).toHaveLength(25)
  })

  it('in a transaction let other statements run between the rows', async () => {
    const names = await db.transaction(async (tx) => {
      const found: (string | null)[] = []
      for await (const id of tx.stream(ids, { batch: 4 })) {
        found.push(await tx.scalar(select(items.note).from(items).where(items.id.eq(id))))
      }
      return found
    })
    expect(names).toEqual(rows.map((row) => row.note))
  })

  it('in a transaction may be written beside, or say that they may not', async () => {
    const work = () =>
      db.transaction(async (tx) => {
        for await (const id of tx.stream(ids, { batch: 4 })) {
          await tx.run(
            update(items)
              .set({ note: `${id}` })
              .where(items.id.eq(id)),
          )
        }
      })
    if (name === 'SQLite') {
      const error = await errorOf(work)
      expect(error.code).toBe('busy')
      expect(error.message).toMatch(/stream/)
      expect(await db.scalar(select(items.note).from(items).where(items.id.eq(1)))).toBe('n')
    } else {
      await work()
      expect(await db.all(select(items.note).from(items).orderBy(items.id))).toEqual(
        rows.map((row) => `${row.id}`),
      )
    }
  })

  it('end with the transaction, the savepoint or the session in which they began', async () => {
    const begin = async (on: Executor) => {
      const stream = on.stream(ids, { batch: 2 })[Symbol.asyncIterator]()
      expect((await stream.next()).value).toBe(1)
      return stream
    }
    const left = [
      await db.transaction(begin),
      await db.transaction((tx) => tx.transaction(begin)),
      await db.session(begin),
    ]
    let escaped: AsyncIterator<number> | undefined
    await errorOf(() =>
      db.transaction(async (tx) => {
        escaped = await begin(tx)
        throw new Error('stop')
      }),
    )
    left.push(escaped as AsyncIterator<number>)
    await db.run(insert(items).values({ id: 100, big: 1n, at }))
    for (const stream of left) {
      // The row that was read already is given; then there are no more.
      expect((await stream.next()).value).toBe(2)
      const end = await stream.next().catch((error) => error.code)
      expect(['transaction_ended', 'session_ended']).toContain(end)
    }
  })

  it('have a session to themselves, since what ran beside them would be undone where they fail', async () => {
    const late = select(items.id).from(items).orderBy(items.id)
    await db.session(async (session) => {
      for await (const id of session.stream(late, { batch: 1 })) {
        for (const use of [
          () => session.run(insert(items).values({ id: 100 + id, big: 1n, at })),
          () => session.transaction(async () => 0),
          () => session.stream(ids)[Symbol.asyncIterator]().next(),
        ]) {
          expect((await errorOf(use)).code).toBe('busy')
        }
        if (id === 2) break
      }
      await session.run(insert(items).values({ id: 100, big: 1n, at }))
      await session.transaction(async (tx) => {
        for await (const id of tx.stream(late, { batch: 1 }))
          expect(id).toBe(await tx.scalar(ids.where(items.id.eq(id))))
      })
    })
    expect(await db.all(ids.where(items.id.gt(25)))).toEqual([100])
  })

  it('in a savepoint that nobody has awaited do not keep the transaction open', async () => {
    let stray: Promise<unknown> | undefined
    const error = await errorOf(() =>
      db.transaction(async (tx) => {
        await tx.run(insert(items).values({ id: 100, big: 1n, at }))
        let began = () => {}
        const begun = new Promise<void>((resolve) => {
          began = resolve
        })
        stray = tx
          .transaction(async (inner) => {
            for await (const _ of inner.stream(ids, { batch: 1 })) {
              began()
              await new Promise((resolve) => setTimeout(resolve, 30))
            }
          })
          .catch((error: { code: string }) => error.code)
        await begun
      }),
    )
    expect(error.code).toBe('unfinished_savepoint')
    await db.run(insert(items).values({ id: 101, big: 1n, at }))
    expect(await stray).toBe('transaction_ended')
    await db.transaction((tx) => tx.run(insert(items).values({ id: 102, big: 1n, at })))
    expect(await db.all(ids.where(items.id.gt(25)))).toEqual([101, 102])
  })

  it('are nested', async () => {
    const found: number[] = []
    await db.transaction(async (tx) => {
      for await (const id of tx.stream(ids.limit(3), { batch: 2 })) {
        for await (const other of tx.stream(ids.limit(2), { batch: 1 })) found.push(10 * id + other)
      }
    })
    expect(found).toEqual([11, 12, 21, 22, 31, 32])
  })

  it('are of queries, in batches of some rows', async () => {
    const write = insert(items).values({ id: 99, big: 1n, at }).returning({ id: items.id })
    expect((await errorOf(async () => db.stream(write))).code).toBe('invalid_statement')
    expect(
      (
        await errorOf(async () =>
          db.stream(deleteFrom(items).everyRow() as unknown as Statement<number, never>),
        )
      ).code,
    ).toBe('invalid_statement')
    for (const batch of [0, -1, 1.5, NaN]) {
      expect((await errorOf(async () => db.stream(all, { batch }))).code).toBe('invalid_options')
    }
    expect(await db.all(ids)).toHaveLength(25)
  })
})

describe('streams of PostgreSQL on several connections', { timeout: 30_000 }, () => {
  let db: Database
  beforeAll(async () => {
    db = await postgres(await testDatabaseUrl(), { max: 3 })
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    await db.run(insert(items).values(rows))
  })
  afterAll(() => db.close())

  it('leave the others to the loop, and see the rows of their beginning', async () => {
    let seen = 0
    for await (const id of db.stream(ids, { batch: 5 })) {
      seen++
      await db.run(deleteFrom(items).where(items.id.eq(26 - id)))
    }
    expect(seen).toBe(25)
    expect(await db.all(ids)).toEqual([])
  })

  it('read no further than is asked for', async () => {
    const series = generateSeries('series', 1, 3_000_000)
    const before = process.memoryUsage().heapUsed
    let count = 0
    for await (const row of db.stream(select({ n: series.value }).from(series), { batch: 2000 })) {
      count += row.n > 0 ? 1 : 0
      if (count === 300_000) break
    }
    expect(count).toBe(300_000)
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(80)
  })

  it('leave nothing prepared behind', async () => {
    const one = await postgres(await testDatabaseUrl(), { max: 1 })
    for (const statement of createAll([items], one.dialect)) await one.run(statement)
    await one.run(insert(items).values(rows))
    for (let i = 0; i < 3; i++) await collect(one.stream(ids, { batch: 2 }))
    const kept = sql.query({ text: text() })`select statement from pg_prepared_statements`
    const texts = (await one.all(kept)).map((row) => row.text)
    expect(texts.filter((each) => /cursor for|^fetch/.test(each ?? ''))).toEqual([])
    await one.close()
  })
})

describe('streams of the synchronous handle', () => {
  const db = sqlite(':memory:')
  const lite = db.sync
  for (const statement of createAll([items], lite.dialect)) lite.run(statement)
  lite.run(insert(items).values(rows))
  afterAll(() => db.close())

  it('give rows, and end where they are left', () => {
    expect([...lite.stream(all, { batch: 4 })]).toEqual(lite.all(all))
    for (const id of lite.stream(ids, { batch: 1 })) {
      expect(lite.scalar(select(items.id).from(items).where(items.id.eq(id)))).toBe(id)
      expect(() => lite.run(deleteFrom(items).everyRow())).toThrow(/stream/)
      if (id === 3) break
    }
    lite.run(insert(items).values({ id: 100, big: 1n, at }))
    expect([...lite.prepare(ids.limit(param('n', integer()))).stream({ n: 2 })]).toEqual([1, 2])
  })

  it('leave writing as it was, where a transaction that only reads begins beside them', async () => {
    for (const read of [
      async () => lite.transaction((tx) => tx.all(ids), { readOnly: true }),
      () => db.transaction((tx) => tx.all(ids), { readOnly: true }),
    ]) {
      const stream = lite.stream(ids, { batch: 1 })[Symbol.iterator]()
      stream.next()
      await read().catch(() => undefined)
      stream.return?.()
      expect(lite.run(update(items).set({ note: 'n' }).where(items.id.eq(1)))).toEqual({ affected: 1 })
    }
  })

  it('end with their transaction', () => {
    const stream = lite.transaction((tx) => {
      const stream = tx.stream(ids, { batch: 1 })[Symbol.iterator]()
      expect(stream.next().value).toBe(1)
      return stream
    })
    expect(() => stream.next()).toThrow(/has ended/)
    lite.run(insert(items).values({ id: 101, big: 1n, at }))
  })
})
