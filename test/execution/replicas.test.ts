import { setTimeout as delay } from 'node:timers/promises'
import {
  count,
  createAll,
  cte,
  type Database,
  explain,
  fn,
  forUpdate,
  insert,
  integer,
  type Observer,
  param,
  type ReplicaOptions,
  select,
  sql,
  table,
  text,
  update,
  withReplicas,
} from '@espalier/core'
import { notify, postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres, startReplica } from '../support/postgres-server.js'
import { errorOf } from '../support/sql.js'
import { tcpProxy } from '../support/tcp-proxy.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull() })
const all = select(items).from(items).orderBy(items.id)

let primary: PostgresServer
let standby: PostgresServer
beforeAll(async () => {
  primary = await startPostgres()
  standby = await startReplica(primary)
}, 120_000)
afterAll(async () => {
  await standby?.stop()
  await primary?.stop()
})

/** Which server ran what, without what begins and ends transactions. */
const ran: string[] = []
const noting = (name: string): Observer => ({
  statement: ({ sql: text }) => {
    ran.push(`${name}: ${text}`)
  },
})
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()))
  ran.length = 0
})

function open(options?: ReplicaOptions, replicas = [standby.url]) {
  const db = withReplicas(
    postgres(primary.url, { observer: noting('primary') }),
    replicas.map((url, i) => postgres(url, { observer: noting(`replica ${i + 1}`), connect_timeout: 2 })),
    options,
  )
  opened.push(db)
  return db
}

/** Waits until the replica has what the primary has. */
async function caughtUp(): Promise<void> {
  await using source = postgres(primary.url)
  await using copy = postgres(standby.url)
  const { written, replayed } = source.backend.replication!
  const position = await source.one(written())
  while ((await copy.one(replayed())) < position) await delay(5)
}

const pause = async (verb: 'pause' | 'resume'): Promise<void> => {
  await using copy = postgres(standby.url)
  await copy.all(
    sql.query({ done: text() })`select ${sql.identifier(`pg_wal_replay_${verb}`)}()::text as done`,
  )
}

const places = () => ran.splice(0).map((line) => line.split(':')[0])

describe('a streaming replica of PostgreSQL', () => {
  beforeAll(async () => {
    await using db = postgres(primary.url)
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    await db.run(
      insert(items).values([
        { id: 1, name: 'one' },
        { id: 2, name: 'two' },
      ]),
    )
    await db.run(sql.statement`create sequence numbers`)
    await caughtUp()
  })

  it('is a standby, and is given the queries', async () => {
    const db = open()
    expect(await db.scalar(select(sql<boolean>`pg_is_in_recovery()`))).toBe(true)
    expect(await db.primary.scalar(select(sql<boolean>`pg_is_in_recovery()`))).toBe(false)
    ran.length = 0
    const rows = [
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ]
    expect(await db.all(all)).toEqual(rows)
    expect(await db.first(all)).toEqual(rows[0])
    expect(await db.scalar(select(count()).from(items))).toBe(2)
    expect((await db.map(all, 'id')).get(2)).toEqual(rows[1])
    expect((await db.group(all, 'name')).get('one')).toEqual([rows[0]])
    expect(await db.run(all)).toEqual({ affected: 2 })
    expect(await db.all(all.union(all))).toHaveLength(2)
    const byId = db.prepare(
      select(items)
        .from(items)
        .where(items.id.eq(param('id', integer()))),
    )
    expect(await byId.one({ id: 2 })).toEqual(rows[1])
    expect((await db.all(explain(all))).length).toBeGreaterThan(0)
    expect(places()).toEqual(Array(9).fill('replica 1'))
    const streamed: unknown[] = []
    for await (const row of db.stream(all, { batch: 1 })) streamed.push(row)
    expect(streamed).toEqual(rows)
    expect(new Set(places())).toEqual(new Set(['replica 1']))
  })

  it('is not given what writes, locks, or may do anything', async () => {
    const db = open()
    const renamed = cte(
      'renamed',
      update(items).set({ name: 'two' }).where(items.id.eq(2)).returning({ id: items.id }),
    )
    expect(await db.all(select(renamed.id).from(renamed))).toEqual([2])
    expect(await db.all(all.add(forUpdate()))).toHaveLength(2)
    expect(
      await db.all(update(items).set({ name: 'one' }).where(items.id.eq(1)).returning(items.id)),
    ).toEqual([1])
    expect(await db.all(sql.query({ n: integer() })`select 1 as n`)).toEqual([{ n: 1 }])
    const rename = db.prepare(
      update(items)
        .set({ name: param('name', text()) })
        .where(items.id.eq(2)),
    )
    expect(await rename.run({ name: 'two' })).toEqual({ affected: 1 })
    await db.transaction((tx) => tx.all(all))
    await db.transaction((tx) => tx.all(all), { readOnly: true })
    await db.session((session) => session.all(all))
    expect(new Set(places())).toEqual(new Set(['primary']))
    expect((await errorOf(() => db.transaction(() => db.all(all)))).message).toContain(
      'The database was used inside its own transaction',
    )
  })

  it('hands a query to the primary whose function writes', async () => {
    const db = open()
    const next = select(fn('nextval', integer(), sql<string>`'numbers'`))
    expect(await db.scalar(next)).toBe(1)
    expect(places()).toEqual(['replica 1', 'primary'])
  })

  it('may lack what was just written, unless that is asked for', async () => {
    await caughtUp()
    await pause('pause')
    try {
      const write = (db: Database, id: number) => db.run(insert(items).values({ id, name: 'new' }))
      const found = (db: Database, id: number) =>
        db.first(select(items.id).from(items).where(items.id.eq(id)))
      const plain = open()
      await write(plain, 10)
      expect(await found(plain, 10)).toBeUndefined()
      ran.length = 0
      const exact = open({ readYourWrites: 'position' })
      expect(await found(exact, 1)).toBe(1)
      expect(places()).toContain('replica 1')
      await exact.transaction((tx) => write(tx as unknown as Database, 11))
      ran.length = 0
      expect(await found(exact, 11)).toBe(11)
      expect(places()).toEqual(['primary', 'replica 1', 'primary'])
      const timed = open({ readYourWrites: 300 })
      expect(await found(timed, 1)).toBe(1)
      expect(places()).toEqual(['replica 1'])
      await write(timed, 12)
      expect(await found(timed, 12)).toBe(12)
      expect(places()).toEqual(['primary', 'primary'])
      await delay(310)
      expect(await found(timed, 12)).toBeUndefined()
      expect(places()).toEqual(['replica 1'])
      await pause('resume')
      await caughtUp()
      expect(await found(exact, 11)).toBe(11)
      // The replica is asked how far it is, once.
      expect(places()).toEqual(['replica 1', 'replica 1'])
      expect(await found(exact, 11)).toBe(11)
      expect(places()).toEqual(['replica 1'])
    } finally {
      await pause('resume').catch(() => undefined)
    }
  })

  it.each([['position'], [60_000]] as const)(
    'is not asked for what was written, neither in what follows a commit nor beside a session (%s)',
    async (readYourWrites) => {
      const write = update(items).set({ name: 'two' }).where(items.id.eq(2))
      const after = open({ readYourWrites })
      await pause('pause')
      try {
        if (readYourWrites === 'position') await after.all(all)
        await after.transaction(async (tx) => {
          await tx.run(write)
          tx.afterCommit(async () => {
            ran.length = 0
            await after.all(all)
            expect(ran.filter((line) => line.includes('items'))).toEqual([expect.stringMatching(/^primary/)])
          })
        })
        const beside = open({ readYourWrites })
        await beside.session(async (session) => {
          await session.run(write)
          ran.length = 0
          await beside.all(all)
          expect(ran.filter((line) => line.includes('items'))).toEqual([expect.stringMatching(/^primary/)])
        })
        const streamed = open({ readYourWrites })
        for await (const _ of streamed.stream(
          sql.query({ n: integer() })`select nextval('numbers')::integer as n`,
        ));
        ran.length = 0
        await streamed.all(all)
        expect(ran.filter((line) => line.includes('items'))).toEqual([expect.stringMatching(/^primary/)])
      } finally {
        await pause('resume')
      }
    },
  )

  it('is asked in turn with others, and left out while it cannot be reached', async () => {
    const nowhere = 'postgres://postgres@127.0.0.1:1/postgres'
    const db = open({ retryAfter: 200 }, [standby.url, nowhere])
    for (let i = 0; i < 4; i++) expect(await db.scalar(select(count()).from(items))).toBeGreaterThan(1)
    expect(places()).toEqual(['replica 1', 'replica 2', 'replica 1', 'replica 1', 'replica 1'])
    await delay(210)
    await db.all(all)
    await db.all(all)
    expect(places()).toContain('replica 2')
    const none = open({}, [nowhere])
    expect(await none.all(select(items.id).from(items).where(items.id.eq(1)))).toEqual([1])
    for await (const id of none.stream(select(items.id).from(items).where(items.id.eq(1)))) expect(id).toBe(1)
    expect(places().slice(0, 2)).toEqual(['replica 1', 'primary'])
  })

  it('is left out while it is away, and asked again when it is back', async () => {
    const db = open({ retryAfter: 150 })
    const expected = await db.all(all)
    expect(places()).toEqual(['replica 1'])
    await standby.crash()
    expect(await db.all(all)).toEqual(expected)
    expect(places()).toEqual(['replica 1', 'primary'])
    expect(await db.all(all)).toEqual(expected)
    expect(places()).toEqual(['primary'])
    await delay(160)
    expect(await db.all(all)).toEqual(expected)
    expect(places()).toEqual(['replica 1', 'primary'])
    await standby.restart()
    await delay(160)
    expect(await db.all(all)).toEqual(expected)
    expect(places()).toEqual(['replica 1'])
    // What is under way when it goes is answered by the primary.
    const slow = db.scalar(select(fn('pg_sleep', text(), sql<number>`0.5`).isNull()))
    await delay(100)
    await standby.crash()
    expect(await slow).toBe(false)
    expect(places()).toEqual(['replica 1', 'primary'])
    await standby.restart()
  })

  it('is left out when the time of a query was over before it answered', async () => {
    const way = await tcpProxy(standby.url)
    way.swallow()
    const db = open(undefined, [way.url])
    expect(await errorOf(() => db.all(all, { timeout: 200 }))).toMatchObject({ code: 'timeout' })
    ran.length = 0
    expect((await db.all(all, { timeout: 5000 })).length).toBeGreaterThan(1)
    expect(places()).toEqual(['primary'])
    await way.close()
  })

  it('leaves what a database alone has to its primary', async () => {
    const db = open()
    const heard: string[] = []
    const listening = await db.primary.listen('news', (payload) => heard.push(payload))
    await db.run(notify('news', 'one'))
    for (let i = 0; i < 100 && heard.length === 0; i++) await delay(10)
    await listening.unlisten()
    expect(heard).toEqual(['one'])
  })

  it('passes on errors of the query, and closes all', async () => {
    const db = open()
    const gone = table('gone', { id: integer() })
    expect(await errorOf(() => db.all(select(gone).from(gone)))).toMatchObject({ databaseCode: '42P01' })
    expect(places()).toEqual(['replica 1'])
    expect(await errorOf(() => db.one(all))).toMatchObject({ code: 'too_many_rows' })
    expect(db.diagnostics()?.connections.busy).toBe(0)
    await db.close()
    for (const each of [db, db.primary, db.replicas[0]!])
      expect(await errorOf(() => each.all(all))).toMatchObject({ code: 'closed' })
  })
})

describe('what is refused', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'another database',
      () => withReplicas(sqlite(':memory:'), [postgres('postgres://localhost/x')]),
      /replica of SQLite is another of the same kind, not PostgreSQL/,
    ],
    [
      'no database',
      () => withReplicas(sqlite(':memory:'), ['postgres://x' as never]),
      /takes databases, not "postgres:\/\/x"/,
    ],
    [
      'positions of SQLite',
      () => withReplicas(sqlite(':memory:'), [], { readYourWrites: 'position' }),
      /SQLite do not tell how far they are/,
    ],
    [
      'what it has made itself',
      () => withReplicas(withReplicas(sqlite(':memory:'), []), []),
      /takes databases, not .*; no transactions, and none that it has made itself/,
    ],
    [
      'a wrong time',
      () => withReplicas(sqlite(':memory:'), [], { readYourWrites: -1 }),
      /readYourWrites is a number of milliseconds, or 'position', not -1/,
    ],
    [
      'a wrong retry',
      () => withReplicas(sqlite(':memory:'), [], { retryAfter: '1' as never }),
      /retryAfter is a number of milliseconds, not "1"/,
    ],
  ])('%s', async (_name, make, message) => {
    const error = await errorOf(make)
    expect(error.name).toBe('BuildError')
    expect(error.message).toMatch(message)
  })
})
