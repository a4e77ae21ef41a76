import {
  count,
  createAll,
  type Database,
  deleteFrom,
  insert,
  integer,
  param,
  select,
  sql,
  type Transaction,
  table,
  text,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey() })
const ids = select(items.id).from(items).orderBy(items.id)
const add = (id: number) => insert(items).values({ id })
const sleep = (seconds: number) => sql.query({ x: text() })`select pg_sleep(${seconds})::text as x`
const after = (milliseconds: number, reason?: unknown) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), milliseconds)
  return controller.signal
}

const databases = await allDatabases()
for (const { db } of databases)
  for (const statement of createAll([items], db.dialect)) await db.run(statement)

describe.each(databases)('$name', ({ db }) => {
  beforeEach(async () => {
    await db.run(deleteFrom(items).everyRow())
    await db.run(insert(items).values([{ id: 1 }, { id: 2 }]))
  })

  it('runs what nobody cancels as ever, by every way', async () => {
    const { signal } = new AbortController()
    const options = { signal, timeout: 60_000 }
    expect(await db.all(ids, options)).toEqual([1, 2])
    expect(await db.first(ids, options)).toBe(1)
    expect(await db.one(ids.limit(1), options)).toBe(1)
    expect(await db.scalar(select(count()).from(items), options)).toBe(2)
    expect(await db.run(add(3), options)).toEqual({ affected: 1 })
    const above = db.prepare(ids.where(items.id.gt(param('n', integer()))))
    expect(await above.all({ n: 1 }, options)).toEqual([2, 3])
    expect(await above.first({ n: 1 }, options)).toBe(2)
    expect(await db.transaction((tx) => tx.all(ids, options), options)).toEqual([1, 2, 3])
    expect(await db.session((session) => session.all(ids, options))).toEqual([1, 2, 3])
    expect(await db.all(ids, {})).toEqual([1, 2, 3])
  })

  it('runs nothing for a signal that is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('too late'))
    for (const work of [
      () => db.run(add(9), { signal }),
      () => db.transaction((tx) => tx.run(add(9)), { signal }),
      () => db.transaction((tx) => tx.run(add(9), { signal })),
      () => db.session((session) => session.run(add(9), { signal })),
    ]) {
      const error = await errorOf(work)
      expect(error.code).toBe('cancelled')
      expect(error.name).toBe('Cancelled')
      expect((error.cause as Error).message).toBe('too late')
    }
    expect(await db.all(ids)).toEqual([1, 2])
  })

  it('rolls back a transaction that is cancelled between its statements, or at its end', async () => {
    for (const atEnd of [false, true]) {
      const controller = new AbortController()
      const error = await errorOf(() =>
        db.transaction(
          async (tx) => {
            await tx.run(add(9))
            controller.abort()
            if (!atEnd) await tx.run(add(10))
          },
          { signal: controller.signal },
        ),
      )
      expect(error.code).toBe('cancelled')
      expect(await db.all(ids)).toEqual([1, 2])
    }
  })

  it('gives up waiting for a connection', async () => {
    const holders = Array.from({ length: 12 }, () => {
      let resolve = () => {}
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      return { promise, resolve }
    })
    const held = holders.map(({ promise }) => db.session(() => promise))
    const error = await errorOf(() => db.all(ids, { timeout: 30 }))
    expect(error.code).toBe('timeout')
    expect((await errorOf(() => db.transaction(async () => 0, { signal: after(30) }))).code).toBe('cancelled')
    for (const { resolve } of holders) resolve()
    await Promise.all(held)
    expect(await db.all(ids, { timeout: 5000 })).toEqual([1, 2])
  })

  it('refuses a timeout that is none', async () => {
    for (const timeout of [-1, NaN, 'x' as unknown as number]) {
      expect((await errorOf(() => db.all(ids, { timeout }))).code).toBe('invalid_options')
    }
  })
})

describe('PostgreSQL', { timeout: 20_000 }, () => {
  let db: Database
  beforeAll(async () => {
    db = await postgres(await testDatabaseUrl(), { max: 2 })
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
  })
  afterEach(async () => {
    // Nothing goes on that nobody waits for, and the pool is whole.
    const sleeping = sql.query({ n: integer() })`
      select count(*)::int from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()`
    expect(await db.scalar(sleeping)).toBe(0)
    await Promise.all([1, 2, 3, 4].map(() => db.transaction((tx) => tx.all(ids))))
    await db.run(deleteFrom(items).everyRow())
  })
  afterAll(() => db.close())

  it('ends a statement on the server, by its signal and by its time', async () => {
    const start = performance.now()
    const bySignal = await errorOf(() => db.all(sleep(10), { signal: after(50, new Error('enough')) }))
    expect(bySignal).toMatchObject({
      name: 'Cancelled',
      code: 'cancelled',
      message: 'The statement was cancelled by its signal.',
    })
    expect((bySignal.cause as Error).message).toBe('enough')
    const byTime = await errorOf(() => db.all(sleep(10), { timeout: 50 }))
    expect(byTime).toMatchObject({
      name: 'Cancelled',
      code: 'timeout',
      message: 'The statement was cancelled after 50 ms.',
    })
    expect(byTime).toHaveProperty('sql', expect.stringContaining('pg_sleep'))
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('ends a statement in a transaction, and the transaction with it', async () => {
    for (const inside of [true, false]) {
      const options = { timeout: 60 }
      const error = await errorOf(() =>
        db.transaction(
          async (tx) => {
            await tx.run(add(1))
            await tx.all(sleep(10), inside ? options : {})
          },
          inside ? {} : options,
        ),
      )
      expect(error.code).toBe('timeout')
      expect(await db.all(ids)).toEqual([])
    }
  })

  it('ends a statement in a savepoint, and a session goes no further', async () => {
    const error = await errorOf(() =>
      db.transaction(async (tx) => {
        await tx.run(add(1))
        await tx.transaction((inner) => inner.all(sleep(10), { timeout: 50 }))
      }),
    )
    expect(error.code).toBe('timeout')
    expect((await errorOf(() => db.session((session) => session.all(sleep(10), { timeout: 50 })))).code).toBe(
      'timeout',
    )
    expect(await db.all(ids)).toEqual([])
  })

  it('leaves alone what others run at the same time', async () => {
    const others = Array.from({ length: 40 }, (_, i) =>
      db.scalar(sql.query({ n: integer() })`select ${i}::int as n from pg_sleep(0.01)`),
    )
    const cancelled = Array.from({ length: 10 }, () => errorOf(() => db.all(sleep(10), { timeout: 20 })))
    expect(await Promise.all(others)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    for (const error of await Promise.all(cancelled)) expect(error.code).toBe('timeout')
  })

  it('can be cancelled at any moment of a transaction, which is whole or not at all', async () => {
    let done = 0
    for (let delay = 0; delay < 40; delay++) {
      const controller = new AbortController()
      const work = db.transaction(
        async (tx) => {
          await tx.run(add(2 * delay))
          await tx.all(sleep(0.005))
          await tx.run(add(2 * delay + 1))
        },
        { signal: controller.signal },
      )
      setTimeout(() => controller.abort(), delay / 2)
      const ended = await work.then(
        () => true,
        (error) => {
          expect(error.code).toBe('cancelled')
          return false
        },
      )
      if (ended) done++
      const found = await db.all(ids.where(items.id.in([2 * delay, 2 * delay + 1])))
      expect(found).toEqual(ended ? [2 * delay, 2 * delay + 1] : [])
    }
    expect(done).toBeLessThan(40)
  })

  it('does not run again a transaction that was cancelled, nor waits between two runs', async () => {
    let runs = 0
    const fail = sql.statement`do $$ begin raise exception 'no order' using errcode = '40001'; end $$`
    const error = await errorOf(() =>
      db.transaction(
        async (tx) => {
          runs++
          await tx.run(fail)
        },
        { retries: 1000, timeout: 300 },
      ),
    )
    expect(error.code).toBe('timeout')
    expect(runs).toBeGreaterThan(1)
  })

  it('gives up at once between two runs, without a connection', async () => {
    const controller = new AbortController()
    let runs = 0
    const fail = sql.statement`do $$ begin raise exception 'no order' using errcode = '40001'; end $$`
    const error = await errorOf(() =>
      db.transaction(
        async (tx) => {
          runs++
          await tx.run(fail)
        },
        { retries: 5, signal: controller.signal, onRetry: () => controller.abort() },
      ),
    )
    expect(error.code).toBe('cancelled')
    expect(runs).toBe(1)
  })

  it('does not hit the next statement of the transaction, when it comes too late for its own', async () => {
    const hit: unknown[] = []
    let late = 0
    for (let round = 0; round < 40; round++) {
      await db
        .transaction(async (tx) => {
          await tx.all(sleep(0))
          await tx.all(sleep(0.02), { timeout: 19 + (round % 4) })
          late++
          await tx.all(sleep(0.02)).catch((error) => hit.push(error))
        })
        .catch(() => undefined)
    }
    expect(late).toBeGreaterThan(0)
    expect(hit).toEqual([])
  })

  it('ends also the streams and the loads of a transaction, those too that wait for a lock or for rows', async () => {
    const slow = sql.query({ x: text() })`select pg_sleep(0.5)::text as x from generate_series(1, 20)`
    const never = async function* () {
      yield { id: 50 }
      await new Promise(() => undefined)
    }
    const start = Date.now()
    const works: ((tx: Transaction) => Promise<unknown>)[] = [
      async (tx) => {
        for await (const _ of tx.stream(slow, { batch: 10 }));
      },
      (tx) => tx.load(items, never()),
    ]
    for (const work of works) {
      expect((await errorOf(() => db.transaction(work, { timeout: 200 }))).code).toBe('timeout')
    }
    await using other = await db.begin()
    await other.run(sql.statement`lock table items`)
    const load = db.transaction((tx) => tx.load(items, [{ id: 51 }]), { timeout: 200 })
    expect((await errorOf(() => load)).code).toBe('timeout')
    expect(Date.now() - start).toBeLessThan(4000)
    await other.rollback()
    expect(await db.all(ids.where(items.id.gte(50).and(items.id.lte(51))))).toEqual([])
  })
})
