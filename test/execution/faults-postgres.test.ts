import { setTimeout as delay } from 'node:timers/promises'
import {
  bigint,
  ConnectionLost,
  count,
  createTable,
  type Database,
  deleteFrom,
  generateSeries,
  insert,
  integer,
  literal,
  select,
  sql,
  sum,
  table,
  text,
  update,
} from '@espalier/core'
import { type PostgresOptions, postgres } from '@espalier/dialects/postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPostgres } from '../support/postgres-server.js'
import { errorOf } from '../support/sql.js'
import { tcpProxy } from '../support/tcp-proxy.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull() })
const accounts = table('accounts', { id: integer().primaryKey(), amount: integer().notNull() })
const transfers = table('transfers', { id: integer().primaryKey() })
const item = (id: number) => ({ id, name: `item ${id}` })
const one = select(literal(1, integer()))
const pid = sql.query({ pid: integer() })`select pg_backend_pid() as pid`
const sleeping = sql.query({ n: integer().notNull() })`
  select count(*)::int as n from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`
const sleep = sql.query({ slept: text() })`select pg_sleep(60)::text as slept`

// A server of its own, since the tests stop it; what it has committed outlives it.
const server = await startPostgres(undefined, {
  synchronous_commit: 'on',
  deadlock_timeout: '50ms',
})
const proxy = await tcpProxy(server.url)
const direct = await postgres(server.url, { max: 2 })

const unhandled: unknown[] = []
const hear = (error: unknown) => unhandled.push(error)
process.on('unhandledRejection', hear)

beforeAll(async () => {
  for (const one of [items, accounts, transfers]) await direct.run(createTable(one))
})
beforeEach(async () => {
  await direct.run(deleteFrom(items).everyRow())
})
afterEach(() => {
  expect(unhandled).toEqual([])
})
afterAll(async () => {
  process.off('unhandledRejection', hear)
  await direct.close()
  await proxy.close()
  await server.stop()
})

/** A handle of its own for a test, by way of the proxy. */
async function throughProxy(use: (db: Database) => Promise<void>, options: PostgresOptions = {}) {
  const db = await postgres(proxy.url, { max: 3, ...options })
  try {
    await use(db)
  } finally {
    proxy.recover()
    await db.close()
    proxy.cut()
  }
}

let isDown = false

/** All at once: what the server does to its clients, and back again. */
const faults: readonly { name: string; strike: () => Promise<void>; mend: () => Promise<void> }[] = [
  {
    name: 'a crash of the server',
    strike: async () => {
      isDown = true
      await server.crash()
    },
    mend: async () => {
      if (isDown) await server.restart()
      isDown = false
    },
  },
  {
    name: 'a backend that is killed with -9',
    // The server ends all others too, and starts itself again.
    strike: async () => {
      const { pid: victim } = await direct.one(pid)
      process.kill(Number(victim), 'SIGKILL')
      await delay(20)
    },
    mend: async () => {
      for (let tries = 0; ; tries++) {
        const error = await direct.scalar(one).then(
          () => undefined,
          (error: Error) => error,
        )
        if (error === undefined) return
        if (tries > 200) throw error
        await delay(25)
      }
    },
  },
  { name: 'a connection that is cut', strike: async () => proxy.cut(), mend: async () => undefined },
]

describe.each(faults)('$name', ({ strike, mend }) => {
  afterEach(mend)

  it('is not noticed by who was idle', async () => {
    await throughProxy(async (db) => {
      await Promise.all([db.scalar(one), db.scalar(one), db.scalar(one)])
      await strike()
      await mend()
      await delay(20)
      const answers = await Promise.all(Array.from({ length: 20 }, () => db.scalar(one)))
      expect(answers).toEqual(Array.from({ length: 20 }, () => 1))
    })
  })

  it('ends statements under way as lost, all that were sent on the connection, and the next ones run', async () => {
    await throughProxy(async (db) => {
      const lost = [db.scalar(sleep), db.scalar(sleep), db.scalar(sleep)].map((answer) =>
        errorOf(() => answer),
      )
      const behind = db.scalar(one).catch((error: unknown) => error)
      await expect.poll(() => direct.scalar(sleeping), { timeout: 10_000 }).toBe(3)
      await strike()
      for (const error of await Promise.all(lost)) expect(error).toBeInstanceOf(ConnectionLost)
      await mend()
      // It was lost, too, or had not been sent.
      const end = await behind
      if (end !== 1) expect(end).toBeInstanceOf(ConnectionLost)
      expect(await db.scalar(one)).toBe(1)
    })
  })

  it('leaves nothing of a transaction under way', async () => {
    await throughProxy(async (db) => {
      let failure: unknown
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          await tx.run(insert(items).values(item(1)))
          await tx.transaction((inner) => inner.run(insert(items).values(item(2))))
          await strike()
          await delay(20)
          failure = await tx.run(insert(items).values(item(3))).catch((error: unknown) => error)
          throw failure
        }),
      )
      expect(error).toBeInstanceOf(ConnectionLost)
      expect(error).toBe(failure)
      await mend()
      expect(await db.scalar(select(count()).from(items))).toBe(0)
      await db.transaction((tx) => tx.run(insert(items).values(item(1))))
      expect(await direct.scalar(select(count()).from(items))).toBe(1)
    })
  })

  it('fails a transaction that hears of it at its commit', async () => {
    await throughProxy(async (db) => {
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          await tx.run(insert(items).values(item(1)))
          await strike()
          await delay(20)
        }),
      )
      expect(error).toBeInstanceOf(ConnectionLost)
      await mend()
      expect(await db.scalar(select(count()).from(items))).toBe(0)
    })
  })

  it('leaves nothing of rows that were being loaded', async () => {
    await throughProxy(async (db) => {
      let ended = false
      const rows = async function* () {
        try {
          for (let id = 1; id <= 100_000; id++) {
            if (id === 20_000) await strike()
            yield item(id)
          }
        } finally {
          ended = true
        }
      }
      expect(await errorOf(() => db.load(items, rows()))).toBeInstanceOf(ConnectionLost)
      await mend()
      expect(ended).toBe(true)
      expect(await db.scalar(select(count()).from(items))).toBe(0)
      expect(await db.load(items, [item(1), item(2)])).toEqual({ affected: 2 })
    })
  })

  it('ends a stream with an error, after rows that were right', async () => {
    await throughProxy(async (db) => {
      const n = generateSeries('n', 1, 1_000_000)
      const seen: number[] = []
      const error = await errorOf(async () => {
        for await (const { value } of db.stream(select({ value: n.value }).from(n), { batch: 100 })) {
          seen.push(value)
          if (seen.length === 250) await strike()
        }
      })
      expect(error).toBeInstanceOf(ConnectionLost)
      expect(seen.length).toBeGreaterThanOrEqual(250)
      expect(seen).toEqual(seen.map((_, i) => i + 1))
      await mend()
      expect(await db.scalar(one)).toBe(1)
    })
  })
})

describe('connections that are cut at any moment', () => {
  it('lose no transfer that was committed, double none, and leave no half of one', async () => {
    const total = 10_000
    await direct.run(
      insert(accounts).values(Array.from({ length: 10 }, (_, id) => ({ id, amount: total / 10 }))),
    )
    const committed = new Set<number>()
    const inDoubt = new Set<number>()
    let next = 0
    let running = true
    await throughProxy(
      async (db) => {
        const worker = async () => {
          while (running) {
            const id = next++
            const from = id % 10
            try {
              await db.transaction(
                async (tx) => {
                  await tx.run(insert(transfers).values({ id }))
                  await tx.run(
                    update(accounts)
                      .set({ amount: accounts.amount.sub(1) })
                      .where(accounts.id.eq(from)),
                  )
                  await tx.run(
                    update(accounts)
                      .set({ amount: accounts.amount.add(1) })
                      .where(accounts.id.eq((from + 7) % 10)),
                  )
                },
                { retries: 5 },
              )
              committed.add(id)
            } catch (error) {
              if (!(error instanceof ConnectionLost)) throw error
              inDoubt.add(id)
            }
          }
        }
        const workers = Array.from({ length: 8 }, worker)
        for (let cuts = 0; cuts < 40 || (cuts < 400 && committed.size < 50); cuts++) {
          await delay(10 + ((cuts * 37) % 60))
          proxy.cut()
        }
        running = false
        await Promise.all(workers)
        expect(await db.scalar(select(sum(accounts.amount)).from(accounts))).toBe(total)
      },
      { max: 4 },
    )
    const kept = new Set(await direct.all(select(transfers.id).from(transfers)))
    for (const id of committed) expect(kept.has(id)).toBe(true)
    // Of what failed, only a commit that was under way may be there.
    for (const id of kept) expect(committed.has(id) || inDoubt.has(id)).toBe(true)
    expect(committed.size).toBeGreaterThan(0)
    expect(inDoubt.size).toBeGreaterThan(0)
  })
})

describe('a network that swallows all', () => {
  it('does not hold a statement longer than its time and that of cancelling, nor those that come after', async () => {
    await throughProxy(
      async (db) => {
        expect(await db.scalar(one)).toBe(1)
        proxy.swallow()
        const begin = performance.now()
        const error = await errorOf(() => db.scalar(one, { timeout: 200 }))
        expect(error.code).toBe('timeout')
        expect(performance.now() - begin).toBeLessThan(8000)
        proxy.recover()
        expect(await db.scalar(one)).toBe(1)
      },
      { max: 1 },
    )
  })

  it('does not hold a transaction longer, whatever of it the network swallows', async () => {
    const ways: [string, (db: Database) => Promise<unknown>, code: string][] = [
      ['the beginning', (db) => db.transaction((tx) => tx.scalar(one), { timeout: 200 }), 'timeout'],
      [
        'a savepoint',
        (db) =>
          db.transaction(
            async (tx) => {
              await tx.scalar(one)
              proxy.swallow()
              await tx.transaction((inner) => inner.scalar(one))
            },
            { timeout: 200 },
          ),
        'timeout',
      ],
      // Of a commit nobody knows what became of it.
      [
        'the commit',
        (db) =>
          db.transaction(
            async (tx) => {
              await tx.scalar(one)
              proxy.swallow()
            },
            { timeout: 200 },
          ),
        'connection_lost',
      ],
      [
        'the rollback',
        (db) =>
          db.transaction(
            async (tx) => {
              await tx.scalar(one)
              proxy.swallow()
              throw Object.assign(new Error('its function failed'), { code: 'failed' })
            },
            { timeout: 60_000 },
          ),
        'failed',
      ],
      [
        'the rollback after its time',
        (db) =>
          db.transaction(
            async (tx) => {
              await tx.scalar(one)
              proxy.swallow()
              await new Promise((resolve) => setTimeout(resolve, 300))
            },
            { timeout: 200 },
          ),
        'timeout',
      ],
    ]
    for (const [what, work, code] of ways) {
      await throughProxy(
        async (db) => {
          expect(await db.scalar(one)).toBe(1)
          if (what === 'the beginning') proxy.swallow()
          const begin = performance.now()
          const error = await errorOf(() => work(db))
          expect([what, error.code]).toEqual([what, code])
          expect(performance.now() - begin).toBeLessThan(10_000)
          proxy.recover()
          expect(await db.scalar(one)).toBe(1)
        },
        { max: 1 },
      )
    }
  }, 90_000)

  it('is an error for who connects, after the time for that', async () => {
    proxy.swallow()
    try {
      const db = await postgres(proxy.url, { connect_timeout: 1 })
      try {
        expect(await errorOf(() => db.scalar(one))).toBeInstanceOf(ConnectionLost)
      } finally {
        await db.close()
      }
    } finally {
      proxy.recover()
    }
  })
})

describe('streams that nobody reads to their end', () => {
  it('leak no connection and reject nothing unheard, also 10,000 of them', async () => {
    await throughProxy(
      async (db) => {
        const n = generateSeries('n', 1, 100)
        const query = select({ value: n.value }).from(n)
        const ways = [
          async () => {
            for await (const _ of db.stream(query, { batch: 10 })) break
          },
          async () => {
            const error = await errorOf(async () => {
              for await (const _ of db.stream(query, { batch: 10 })) throw new Error('enough')
            })
            expect(error.message).toBe('enough')
          },
          // Never begun.
          async () => {
            db.stream(query)[Symbol.asyncIterator]()
          },
          async () => {
            const stream = db.stream(query, { batch: 10 })[Symbol.asyncIterator]()
            const first = stream.next()
            await stream.return?.()
            await first
          },
        ]
        for (let done = 0; done < 10_000; done += 100)
          await Promise.all(Array.from({ length: 100 }, (_, i) => ways[i % ways.length]?.()))
        const { connections } = db.diagnostics() ?? {}
        expect(connections).toMatchObject({ busy: 0, waiting: 0 })
        await expect.poll(() => proxy.connections()).toBeLessThanOrEqual(3)
        expect(await db.scalar(one)).toBe(1)
      },
      { max: 3 },
    )
  }, 240_000)
})

describe('fifty workers', () => {
  it('who lock each other out, or write what the other has read, lose nothing and all come through', async () => {
    const bank = table('bank', { id: integer().primaryKey(), amount: bigint().notNull() })
    await direct.run(createTable(bank))
    await direct.run(insert(bank).values(Array.from({ length: 5 }, (_, id) => ({ id, amount: 1000n }))))
    let again = 0
    await throughProxy(
      async (db) => {
        const worker = async (n: number) => {
          for (let i = 0; i < 4; i++) {
            const from = (n + i) % 5
            const to = (from + 1 + (n % 4)) % 5
            await db.transaction(
              async (tx) => {
                // By locks in any order, or by what was read.
                if (n % 2) {
                  const found = await tx.one(select(bank).from(bank).where(bank.id.eq(from)))
                  await tx.run(
                    update(bank)
                      .set({ amount: found.amount - 1n })
                      .where(bank.id.eq(from)),
                  )
                } else
                  await tx.run(
                    update(bank)
                      .set({ amount: bank.amount.sub(1n) })
                      .where(bank.id.eq(from)),
                  )
                await tx.run(
                  update(bank)
                    .set({ amount: bank.amount.add(1n) })
                    .where(bank.id.eq(to)),
                )
              },
              {
                isolation: n % 2 ? 'serializable' : 'read committed',
                retries: 100,
                onRetry: () => void again++,
              },
            )
          }
        }
        await Promise.all(Array.from({ length: 50 }, (_, n) => worker(n)))
        expect(await db.scalar(select(sum(bank.amount)).from(bank))).toBe(5000n)
      },
      { max: 20 },
    )
    expect(again).toBeGreaterThan(0)
  }, 240_000)
})
