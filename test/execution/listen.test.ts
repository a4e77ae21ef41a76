import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { sql, text } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { notify, postgres } from '@espalier/dialects/postgres'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const url = await testDatabaseUrl()
const db = postgres(url)
afterAll(() => db.close())
const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 })
const listeners = sql.query({ query: text() })`select query from pg_stat_activity
  where datname = current_database() and query ~ '^(un)?listen' order by query`
const cut = sql.query({ done: text() })`select pg_terminate_backend(pid)::text as done from pg_stat_activity
  where datname = current_database() and query ~ '^(un)?listen'`

/** A way to the server that can be blocked. */
async function gate() {
  const target = new URL(url)
  const [port, host] = [Number(target.port), target.hostname]
  const sockets = new Set<Socket>()
  let open = true
  const server = createServer((client) => {
    if (!open) return client.destroy()
    const upstream = connect(port, host)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  target.port = String((server.address() as AddressInfo).port)
  return {
    url: target.href,
    shut() {
      open = false
      for (const socket of sockets) socket.destroy()
    },
    open() {
      open = true
    },
    close: () => server.close(),
  }
}

describe('listen', () => {
  it('is called with what is sent, in order, by all who listen, until they listen no more', async () => {
    const one: string[] = []
    const two: string[] = []
    const other: string[] = []
    const first = await db.listen('orders', (payload) => one.push(payload))
    await using second = await db.listen('orders', (payload) => two.push(payload))
    await using third = await db.listen('My "channel"', (payload) => other.push(payload))
    expect(third.channel).toBe('My "channel"')
    await db.run(notify('orders', '1'))
    await db.run(notify('orders', "'; drop table x; --"))
    await db.run(notify('My "channel"'))
    await until(() =>
      expect([one, two, other]).toEqual([['1', "'; drop table x; --"], ['1', "'; drop table x; --"], ['']]),
    )
    await first.unlisten()
    await first.unlisten()
    await db.run(notify('orders', '2'))
    await until(() => expect(two).toEqual(['1', "'; drop table x; --", '2']))
    expect(one.length).toBe(2)
    await second.unlisten()
    await db.run(notify('orders', '3'))
    await db.run(notify('My "channel"', 'last'))
    await until(() => expect(other).toEqual(['', 'last']))
    expect(two.length).toBe(3)
  })

  it('closes its connection with the last who listens', async () => {
    const listening = await db.listen('orders', () => {})
    expect(await db.all(listeners)).toEqual([{ query: 'listen "orders"' }])
    await listening.unlisten()
    await vi.waitFor(async () => expect(await db.all(listeners)).toEqual([]), { timeout: 5000 })
  })

  it('hears of a transaction when it is committed, and of none that is not', async () => {
    const heard: string[] = []
    await using _listening = await db.listen('orders', (payload) => heard.push(payload))
    await errorOf(() =>
      db.transaction(async (tx) => {
        await tx.run(notify('orders', 'undone'))
        throw new Error('no')
      }),
    )
    await db.transaction(async (tx) => {
      await tx.run(notify('orders', 'kept'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(heard).toEqual([])
    })
    await until(() => expect(heard).toEqual(['kept']))
  })

  it('goes on by another connection where that is lost, and tells so', async () => {
    const heard: string[] = []
    let reconnected = 0
    const options = { onReconnect: () => reconnected++ }
    await using _one = await db.listen('a', (payload) => heard.push(`a${payload}`), options)
    await using _two = await db.listen('b', (payload) => heard.push(`b${payload}`), options)
    await db.all(cut)
    await until(() => expect(reconnected).toBe(2))
    await db.run(notify('a', '1'))
    await db.run(notify('b', '2'))
    await until(() => expect(heard).toEqual(['a1', 'b2']))
  })

  it('tries again until the server is there again, and who comes meanwhile waits for that', async () => {
    const way = await gate()
    await using remote = postgres(way.url)
    const heard: string[] = []
    let reconnected = 0
    const first = await remote.listen('a', (payload) => heard.push(`a${payload}`), {
      onReconnect: () => reconnected++,
    })
    way.shut()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const second = remote.listen('b', (payload) => heard.push(`b${payload}`))
    await new Promise((resolve) => setTimeout(resolve, 100))
    way.open()
    await second
    await until(() => expect(reconnected).toBe(1))
    await db.run(notify('a', '1'))
    await db.run(notify('b', '2'))
    await until(() => expect(heard).toEqual(['a1', 'b2']))
    way.shut()
    await first.unlisten()
    await (await second).unlisten()
    way.close()
  })

  it('fails where it cannot connect at first, and does not go on trying', async () => {
    const way = await gate()
    way.shut()
    await using remote = postgres(way.url)
    expect(await errorOf(() => remote.listen('a', () => {}))).toMatchObject({ code: 'connection_lost' })
    way.open()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await db.all(listeners)).toEqual([])
    way.close()
  })

  it('opens no connection once its database is closed, for those who waited for one either', async () => {
    const way = await gate()
    const remote = postgres(way.url)
    await remote.listen('a', () => {})
    way.shut()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const waiting = errorOf(() => remote.listen('b', () => {}))
    await new Promise((resolve) => setTimeout(resolve, 20))
    way.open()
    await remote.close()
    expect(await waiting).toMatchObject({ code: 'closed' })
    expect(await db.all(listeners)).toEqual([])
    way.close()
  })

  it('ends with its database', async () => {
    const own = postgres(url)
    await own.listen('orders', () => {})
    await own.close()
    await vi.waitFor(async () => expect(await db.all(listeners)).toEqual([]), { timeout: 5000 })
    expect(await errorOf(() => own.listen('orders', () => {}))).toMatchObject({ code: 'closed' })
  })

  it('takes channels and payloads that PostgreSQL takes, and no others', async () => {
    for (const channel of ['', 'x'.repeat(64), 7 as unknown as string]) {
      expect(String(await errorOf(() => db.listen(channel, () => {})))).toContain(
        'A channel is a name of at most 63 bytes',
      )
      expect(() => notify(channel)).toThrow('A channel is a name of at most 63 bytes')
    }
    expect(() => notify('a', 'x'.repeat(8000))).toThrow('a text of less than 8000 bytes')
    expect(notify('a', 'b').toSQL(db.dialect)).toEqual({
      sql: 'select pg_notify($1::text, $2::text)',
      params: ['a', 'b'],
    })
    const heard: string[] = []
    await using _listening = await db.listen('y'.repeat(63), (payload) => heard.push(payload))
    await db.run(notify('y'.repeat(63), 'z'.repeat(7999)))
    await until(() => expect(heard).toEqual(['z'.repeat(7999)]))
  })
})

describe('listen on PGlite', () => {
  it('is called with what is sent and committed, by all who listen, until they listen no more', async () => {
    await using lite = await pglite()
    const one: string[] = []
    const two: string[] = []
    const other: string[] = []
    const first = await lite.listen('Orders', (payload) => one.push(payload))
    const second = await lite.listen('Orders', (payload) => two.push(payload))
    await using third = await lite.listen('My "channel"; drop table x', (payload) => other.push(payload))
    expect(third.channel).toBe('My "channel"; drop table x')
    await lite.run(notify('orders', 'of another name'))
    await lite.transaction(async (tx) => {
      await tx.run(notify('Orders', "'; drop table x; --"))
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(one).toEqual([])
    })
    await errorOf(() =>
      lite.transaction(async (tx) => {
        await tx.run(notify('Orders', 'undone'))
        throw new Error('undone')
      }),
    )
    await lite.run(notify('My "channel"; drop table x'))
    await until(() =>
      expect([one, two, other]).toEqual([["'; drop table x; --"], ["'; drop table x; --"], ['']]),
    )
    await first.unlisten()
    await first.unlisten()
    await lite.run(notify('Orders', '2'))
    await until(() => expect(two).toEqual(["'; drop table x; --", '2']))
    await second.unlisten()
    await lite.run(notify('Orders', '3'))
    await lite.run(notify('My "channel"; drop table x', 'last'))
    await until(() => expect(other).toEqual(['', 'last']))
    expect([one.length, two.length]).toEqual([1, 2])
  })

  it('is refused within a transaction, and after the end; channels are those of PostgreSQL', async () => {
    const lite = await pglite()
    const inside = await errorOf(() => lite.transaction(() => lite.listen('a', () => {})))
    expect(inside).toMatchObject({ code: 'outer_handle' })
    expect(String(await errorOf(() => lite.listen('x'.repeat(64), () => {})))).toContain(
      'A channel is a name',
    )
    expect(String(await errorOf(() => lite.listen('a', 7 as never)))).toContain(
      'takes a function for the payloads',
    )
    const listening = await lite.listen('a', () => {})
    await lite.close()
    await listening.unlisten()
    expect(await errorOf(() => lite.listen('a', () => {}))).toBeInstanceOf(Error)
  })
})
