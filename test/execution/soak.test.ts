import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  bigint,
  ConnectionLost,
  count,
  createTable,
  generateSeries,
  insert,
  integer,
  select,
  sql,
  sum,
  table,
  text,
  update,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { afterAll, expect, it } from 'vitest'
import { startPostgres } from '../support/postgres-server.js'
import { tcpProxy } from '../support/tcp-proxy.js'

/** How long it runs: a few seconds with all tests, as long as you like by `SOAK_SECONDS=600`. */
const seconds = Number(process.env.SOAK_SECONDS ?? 4)

const accounts = table('accounts', { id: integer().primaryKey(), amount: bigint().notNull() })
const transfers = table('transfers', { id: integer().primaryKey(), worker: integer().notNull() })
const lots = table('lots', { lot: integer().notNull(), n: integer().notNull(), note: text() })

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const server = await startPostgres(undefined, { synchronous_commit: 'on', deadlock_timeout: '50ms' })
const proxy = await tcpProxy(server.url)
const direct = await postgres(server.url, { max: 1 })
const db = await postgres(proxy.url, { max: 6, acquireTimeout: 60_000 })
afterAll(async () => {
  await db.close()
  await direct.close()
  await proxy.close()
  await server.stop()
})

const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => unhandled.push(error))

it(
  `loses, doubles and leaks nothing in ${seconds} s of transfers, loads and streams on connections that break`,
  async () => {
    for (const one of [accounts, transfers, lots]) await direct.run(createTable(one))
    await direct.run(insert(accounts).values(Array.from({ length: 20 }, (_, id) => ({ id, amount: 1000n }))))
    const end = performance.now() + 1000 * seconds
    const running = () => performance.now() < end
    const done = { transfers: 0, loads: 0, streams: 0, lost: 0, cuts: 0, crashes: 0 }
    const committed: number[] = []
    const inDoubt = new Set<number>()
    const lotsOf = new Map<number, 'committed' | 'in doubt'>()
    let next = 0

    /** Whether it came through; its connection may be lost, and nothing else may happen. */
    const survives = async (work: () => Promise<unknown>): Promise<boolean> => {
      try {
        await work()
        return true
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error
        done.lost++
        // Nobody hammers a server that is down.
        await delay(10)
        return false
      }
    }
    const transfer = async (worker: number) => {
      while (running()) {
        const id = next++
        const move = (account: number, amount: bigint) =>
          update(accounts)
            .set({ amount: accounts.amount.add(amount) })
            .where(accounts.id.eq(account))
        const through = await survives(() =>
          db.transaction(
            async (tx) => {
              await tx.run(insert(transfers).values({ id, worker }))
              await tx.run(move(id % 20, -1n))
              await tx.transaction((inner) => inner.run(move((id * 7 + 3) % 20, 1n)))
            },
            { isolation: id % 2 ? 'serializable' : 'read committed', retries: 50 },
          ),
        )
        if (through) committed.push(id)
        else inDoubt.add(id)
        done.transfers++
      }
    }
    const load = async () => {
      for (let lot = 0; running(); lot++) {
        const rows = Array.from({ length: 500 }, (_, n) => ({ lot, n, note: n % 3 ? `row\t${n}\\` : null }))
        lotsOf.set(lot, (await survives(() => db.load(lots, rows))) ? 'committed' : 'in doubt')
        done.loads++
        await delay(5)
      }
    }
    const stream = async () => {
      const n = generateSeries('n', 1, 5000)
      for (let i = 0; running(); i++) {
        await survives(async () => {
          let expected = 1
          for await (const { value } of db.stream(select({ value: n.value }).from(n), { batch: 100 })) {
            expect(value).toBe(expected++)
            // Every other one is abandoned.
            if (i % 2 && expected > 300) break
          }
          if (i % 2 === 0) expect(expected).toBe(5001)
        })
        done.streams++
      }
    }
    const terminate = sql.query({ done: integer() })`
      select count(pg_terminate_backend(pid))::int as done from pg_stat_activity
      where pid <> pg_backend_pid() and pid % 3 = 0 and backend_type = 'client backend'`
    const harm = async () => {
      for (let i = 1; running(); i++) {
        await delay(50 + ((i * 67) % 300))
        if (i % 40 === 0) {
          await server.crash()
          await delay(200)
          await server.restart()
          done.crashes++
        } else if (i % 5 === 0) await direct.scalar(terminate).catch(() => undefined)
        else proxy.cut()
        done.cuts++
      }
    }
    /** Bytes of the heap that are in use, over time. */
    const heap: number[] = []
    const weigh = async () => {
      while (running()) {
        await delay((1000 * seconds) / 20)
        collect()
        heap.push(process.memoryUsage().heapUsed)
      }
    }
    await Promise.all([transfer(1), transfer(2), transfer(3), transfer(4), load(), stream(), harm(), weigh()])

    // The last cut may be noticed only now.
    const total = () => db.scalar(select(sum(accounts.amount)).from(accounts))
    await expect.poll(() => total().catch(() => undefined)).toBe(20_000n)
    const kept = new Set(await db.all(select(transfers.id).from(transfers)))
    expect(committed.filter((id) => !kept.has(id))).toEqual([])
    expect([...kept].filter((id) => !inDoubt.has(id)).length).toBe(committed.length)
    for (const { lot, n } of await db.all(
      select({ lot: lots.lot, n: count() }).from(lots).groupBy(lots.lot),
    )) {
      expect(n).toBe(500)
      expect(lotsOf.has(lot)).toBe(true)
      if (lotsOf.get(lot) === 'committed') lotsOf.delete(lot)
    }
    expect([...lotsOf.values()].filter((state) => state === 'committed')).toEqual([])
    expect(db.diagnostics()?.connections).toMatchObject({ busy: 0, waiting: 0 })
    expect(unhandled).toEqual([])
    // What the test itself notes grows a little, some ten bytes for each transfer.
    const early = Math.max(...heap.slice(0, 5))
    const late = Math.min(...heap.slice(-5))
    expect(late).toBeLessThan(early + 3e6 + 100 * done.transfers)
    if (seconds > 10) console.info({ ...done, heap: heap.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`) })
  },
  1000 * seconds + 60_000,
)
