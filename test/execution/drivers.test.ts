import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import type { Driver, Response, Session } from '@espalier/core'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { pgliteDriver } from '../../packages/dialects/src/pglite/driver.js'
import { type PostgresOptions, postgresDriver } from '../../packages/dialects/src/postgres/driver.js'
import { mapPostgresError } from '../../packages/dialects/src/postgres/errors.js'
import { type SqliteOptions, sqliteDriver } from '../../packages/dialects/src/sqlite/driver.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { tcpProxy } from '../support/tcp-proxy.js'

const url = await testDatabaseUrl()

interface Executor<R> {
  execute(request: { sql: string; params: readonly unknown[]; exactIntegers: boolean }): R
}
const send = <R>(to: Executor<R>, sql: string, params: readonly unknown[] = []): R =>
  to.execute({ sql, params, exactIntegers: false })

/** The error that a promise is rejected with, or a function throws. */
async function errorOf(work: Promise<unknown> | (() => unknown)): Promise<Error & Record<string, unknown>> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  throw new Error('nothing was thrown')
}

/** Runs work with a driver for postgres.js of its own. */
async function withPostgres<T>(options: PostgresOptions, work: (driver: Driver) => Promise<T>): Promise<T> {
  const driver = postgresDriver({ url, ...options })
  try {
    return await work(driver)
  } finally {
    await driver.close()
  }
}

async function withSession<T>(driver: Driver, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await driver.acquire()
  try {
    return await work(session)
  } finally {
    await session.release()
  }
}

const pid = async (to: Executor<Promise<Response>>) =>
  (await send(to, 'select pg_backend_pid()')).rows[0]?.[0] as string

const shared = postgresDriver(url)
const lite = await pgliteDriver()
afterAll(() => Promise.all([shared.close(), lite.close()]))

describe.each([
  { name: 'postgres.js', driver: shared },
  { name: 'PGlite', driver: lite },
])('the driver for $name', ({ driver }) => {
  it('passes text in both directions, whatever the type', async () => {
    const sql = `select $1::int4, $2::int8, $3::bool, $4::json, $5::jsonb, $6::timestamptz, $7::timestamp, $8::date,
      $9::bytea, $10::float8, $11::numeric, $12::text, $13::int4[], $14::uuid`
    const params = [
      '1',
      '9007199254740993',
      'true',
      '{"a":  "b"}',
      '"text"',
      '2026-11-21T10:30:00.123Z',
      '2026-11-21T10:30:00.123',
      '2026-11-21',
      '\\x00ff',
      'NaN',
      '1.50',
      'null',
      '{1,2}',
      null,
    ]
    const texts = [
      '1',
      '9007199254740993',
      't',
      '{"a":  "b"}',
      '"text"',
      '2026-11-21 10:30:00.123+00',
      '2026-11-21 10:30:00.123',
      '2026-11-21',
      '\\x00ff',
      'NaN',
      '1.50',
      'null',
      '{1,2}',
      null,
    ]
    const given = Object.freeze(params.slice())
    // Three times: described, then prepared, then known.
    for (let i = 0; i < 3; i++) {
      const { rows, columnTypes } = await send(driver, sql, given)
      expect(rows).toEqual([texts])
      expect(columnTypes).toEqual([23, 20, 16, 114, 3802, 1184, 1114, 1082, 17, 701, 1700, 25, 1007, 2950])
    }
  })

  it('refuses a target that can lead nowhere', () => {
    for (const max of [0, -1, 1.5, Number.NaN]) {
      expect(() => postgresDriver({ url, max })).toThrow(/at least 1/)
    }
    for (const target of ['nonsense', '', 'http://localhost/app']) {
      expect(() => postgresDriver(target)).toThrow(/postgres:\/\/user/)
    }
  })

  it('counts the rows that a statement changed or returned', async () => {
    const affected = async (sql: string) => (await send(driver, sql)).affected
    expect(await affected('create table counted (id int4 primary key)')).toBe(0)
    expect(await affected('insert into counted values (1), (2), (3)')).toBe(3)
    expect(await affected('insert into counted values (4), (5) returning id')).toBe(2)
    expect(await affected('update counted set id = id where id > 1')).toBe(4)
    expect(await affected('select * from counted')).toBe(5)
    expect(await affected('delete from counted where id > 3 returning id')).toBe(2)
    expect(await affected('delete from counted where false')).toBe(0)
    const none = await send(driver, 'select id from counted where false')
    expect(none).toMatchObject({ rows: [], affected: 0 })
    expect(none.columnTypes).toEqual([23])
  })

  it('works in UTC with dates in ISO order', async () => {
    expect(
      (await send(driver, "select current_setting('TimeZone'), current_setting('DateStyle')")).rows,
    ).toEqual([['UTC', 'ISO, YMD']])
  })

  it('runs statements that are given at once in any number', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) => send(driver, 'select $1::int4', [String(i)])),
    )
    expect(answers.map(({ rows }) => rows[0]?.[0])).toEqual(Array.from({ length: 500 }, (_, i) => String(i)))
  })

  it('lends a connection whose transaction is its own', async () => {
    await send(driver, 'create table lent (id int4)')
    const { outside } = await withSession(driver, async (session) => {
      await send(session, 'begin')
      await Promise.all([1, 2, 3].map((i) => send(session, 'insert into lent values ($1)', [String(i)])))
      const outside = send(driver, 'select count(*) from lent')
      expect((await send(session, 'select count(*) from lent')).rows).toEqual([['3']])
      await send(session, 'rollback')
      return { outside }
    })
    expect((await outside).rows).toEqual([['0']])
  })

  it('does not call a transaction committed that PostgreSQL rolled back', async () => {
    await withSession(driver, async (session) => {
      await send(session, 'begin')
      expect(await errorOf(send(session, 'select 1 / 0'))).toMatchObject({ databaseCode: '22012' })
      expect(await errorOf(send(session, 'commit'))).toMatchObject({
        code: 'transaction_aborted',
        message: expect.stringContaining('rolled back instead of committed'),
      })
    })
  })

  it('refuses a second statement in one text', async () => {
    expect(await errorOf(send(driver, 'select 1; select 2'))).toMatchObject({ databaseCode: '42601' })
  })

  it('runs kept statements after a change of the schema', async () => {
    await send(driver, 'create table changing (a int4)')
    await send(driver, 'insert into changing values (1)')
    for (let i = 0; i < 3; i++) expect((await send(driver, 'select * from changing')).rows).toEqual([['1']])
    await send(driver, 'alter table changing add column b text')
    for (let i = 0; i < 3; i++)
      expect((await send(driver, 'select * from changing')).rows).toEqual([['1', null]])
  })

  it('names constraint, table and columns of what was violated', async () => {
    await send(driver, 'create table orgs (id int4 primary key, name text not null)')
    await send(
      driver,
      `create table people (
        id int4 primary key, org int4 references orgs, "e-mail" text, age int4 constraint adult check (age >= 18),
        unique (org, "e-mail"))`,
    )
    await send(driver, "insert into orgs values (1, 'x')")
    await send(driver, "insert into people values (1, 1, 'secret@x.org', 20)")
    const violation = async (sql: string, params: readonly unknown[]) => {
      const error = await errorOf(send(driver, sql, params))
      expect(error.message).toContain(sql)
      expect(error.message).not.toContain('secret')
      expect(error.sql).toBe(sql)
      expect(error).toMatchObject({ retryable: false, cause: expect.any(Error) })
      return error
    }
    expect(await violation('insert into people values (2, 1, $1, 20)', ['secret@x.org'])).toMatchObject({
      name: 'UniqueViolation',
      code: 'unique_violation',
      constraint: 'people_org_e-mail_key',
      table: 'people',
      columns: ['org', 'e-mail'],
      detail: 'Key (org, "e-mail")=(1, secret@x.org) already exists.',
      databaseCode: '23505',
    })
    expect(await violation('update people set org = $1', ['7'])).toMatchObject({
      name: 'ForeignKeyViolation',
      constraint: 'people_org_fkey',
      table: 'people',
      columns: ['org'],
    })
    expect(await violation('insert into orgs values ($1)', ['9'])).toMatchObject({
      name: 'NotNullViolation',
      table: 'orgs',
      columns: ['name'],
    })
    expect(await violation('update people set age = $1', ['3'])).toMatchObject({
      name: 'CheckViolation',
      constraint: 'adult',
      table: 'people',
    })
  })

  it('shows where a statement is wrong, and never a value', async () => {
    const missing = await errorOf(
      send(driver, 'select 1,\n  nme from pg_class where relname = $1', ['secret']),
    )
    expect(missing).toMatchObject({ name: 'ExecutionError', code: 'database_error', databaseCode: '42703' })
    expect(missing.message).toBe(
      'column "nme" does not exist\n    nme from pg_class where relname = $1\n    ^',
    )
    const malformed = await errorOf(send(driver, 'select $1::int4', ['secret']))
    expect(malformed.message).toBe('invalid input syntax for type integer: "…"\n  select $1::int4')
    expect(JSON.stringify(malformed)).not.toContain('secret')
  })
})

describe('the driver for postgres.js', () => {
  it('prepares what is run again, and only that', async () => {
    await withPostgres({ max: 1 }, async (driver) => {
      await send(driver, 'select 1 as once')
      for (let i = 0; i < 3; i++) await send(driver, 'select $1::int4 as again', ['1'])
      const { rows } = await send(driver, 'select statement from pg_prepared_statements')
      expect(rows).toEqual([['select $1::int4 as again']])
    })
  })

  it('prepares nothing behind a pooler', async () => {
    await withPostgres({ max: 1, pooler: 'transaction' }, async (driver) => {
      for (let i = 0; i < 3; i++) expect((await send(driver, 'select $1::text', ['a'])).rows).toEqual([['a']])
      const { rows } = await send(driver, 'select count(*) from pg_prepared_statements')
      expect(rows).toEqual([['0']])
    })
  })

  it('names the application, and takes settings of the connection', async () => {
    const setting = (name: string) => `select current_setting('${name}')`
    expect((await send(shared, setting('application_name'))).rows).toEqual([['espalier']])
    await withPostgres(
      { connection: { application_name: 'mine', statement_timeout: 1234 } },
      async (driver) => {
        expect((await send(driver, setting('application_name'))).rows).toEqual([['mine']])
        expect((await send(driver, setting('statement_timeout'))).rows).toEqual([['1234ms']])
      },
    )
    await withPostgres({ url: `${url}?application_name=of%20the%20URL` }, async (driver) => {
      expect((await send(driver, setting('application_name'))).rows).toEqual([['of the URL']])
    })
  })

  it('opens at most so many connections, and serves who waits in turn', async () => {
    await withPostgres({ max: 2 }, async (driver) => {
      const first = await driver.acquire()
      const second = await driver.acquire()
      const order: string[] = []
      const third = driver.acquire().then((session) => {
        order.push('session')
        return session
      })
      const single = send(driver, "select 'single'").then(() => order.push('single'))
      await send(first, 'select 1')
      expect(order).toEqual([])
      await second.release()
      const session = await third
      expect(order).toEqual(['session'])
      await session.release()
      await single
      expect(order).toEqual(['session', 'single'])
      await first.release()
    })
  })

  it('keeps a connection for the next, but not a broken one', async () => {
    await withPostgres({ max: 1 }, async (driver) => {
      const kept = await withSession(driver, pid)
      expect(await pid(driver)).toBe(kept)
      const session = await driver.acquire()
      await send(session, 'begin')
      await errorOf(send(session, 'select 1 / 0'))
      await session.release(true)
      await session.release()
      expect(await pid(driver)).not.toBe(kept)
      expect((await send(driver, 'select 1')).rows).toEqual([['1']])
    })
  })

  it('tells a session that its connection was lost, and runs nothing of it elsewhere', async () => {
    await send(shared, 'create table lost (id int4)')
    await withPostgres({ max: 1 }, async (driver) => {
      const session = await driver.acquire()
      await send(session, 'begin')
      await send(shared, 'select pg_terminate_backend($1)', [await pid(session)])
      const writes = ['1', '2', '3'].map((id) => errorOf(send(session, `insert into lost values (${id})`)))
      for (const error of await Promise.all(writes)) {
        expect(error).toMatchObject({ name: 'ConnectionLost', code: 'connection_lost' })
      }
      await delay(50)
      expect(await errorOf(send(session, 'insert into lost values (4)'))).toMatchObject({
        name: 'ConnectionLost',
        message: expect.stringContaining('The connection of this transaction was lost'),
      })
      await session.release()
      expect((await send(driver, 'select count(*) from lost')).rows).toEqual([['0']])
    })
  })

  it('tells so as well when it was lost between two statements', async () => {
    await withPostgres({ max: 1 }, async (driver) => {
      const session = await driver.acquire()
      await send(session, 'begin')
      await send(shared, 'select pg_terminate_backend($1)', [await pid(session)])
      await delay(100)
      expect(await errorOf(send(session, 'commit'))).toMatchObject({ name: 'ConnectionLost' })
      await session.release()
      expect((await send(driver, 'select 1')).rows).toEqual([['1']])
    })
  })

  it('closes where its connection was lost, and the server with it', async () => {
    const proxy = await tcpProxy(url)
    const driver = postgresDriver(proxy.url)
    expect((await send(driver, 'select 1')).rows).toEqual([['1']])
    const slow = errorOf(send(driver, 'select pg_sleep(10)'))
    await delay(50)
    await proxy.close()
    expect(await slow).toMatchObject({ name: 'ConnectionLost' })
    await driver.close()
    expect(driver.diagnostics?.().connections).toEqual({ open: 0, busy: 0, waiting: 0 })
  })

  it('connects again for single statements', async () => {
    await withPostgres({ max: 1 }, async (driver) => {
      await send(shared, 'select pg_terminate_backend($1)', [await pid(driver)])
      await delay(100)
      expect((await send(driver, 'select 1')).rows).toEqual([['1']])
    })
  })

  it('closes connections that are idle', async () => {
    await withPostgres({ max: 1, idle_timeout: 0.05 }, async (driver) => {
      const before = await pid(driver)
      await withSession(driver, async (session) => {
        expect(await pid(session)).toBe(before)
        await delay(150)
        expect(await pid(session)).toBe(before)
      })
      await delay(150)
      expect(await pid(driver)).not.toBe(before)
    })
  })

  it('replaces connections that are old, after what is under way', async () => {
    await withPostgres({ max: 1, max_lifetime: 0.1 }, async (driver) => {
      await withSession(driver, async (session) => {
        const before = await pid(session)
        await delay(150)
        expect(await pid(session)).toBe(before)
        const next = pid(driver)
        await session.release()
        expect(await next).not.toBe(before)
      })
    })
  })

  it('refuses a transaction that nobody holds', async () => {
    await withPostgres({ max: 1 }, async (driver) => {
      expect(await errorOf(send(driver, 'begin'))).toMatchObject({ code: 'stray_begin' })
      await send(driver, 'create table if not exists stray (id int4)')
      expect((await send(shared, "select to_regclass('stray')")).rows).toEqual([['stray']])
    })
  })

  it('refuses a COPY that nobody feeds or reads, and goes on', async () => {
    await withPostgres({ max: 1 }, async (driver) => {
      await send(driver, 'create table if not exists copied (id int4)')
      for (const copy of ['copy copied from stdin', 'copy copied to stdout']) {
        await expect(send(driver, copy)).rejects.toMatchObject({
          code: 'invalid_statement',
          message: expect.stringContaining('load(…)'),
        })
        expect((await send(driver, 'select 1')).rows).toEqual([['1']])
      }
    })
  })

  it('closes after what is under way, and takes nothing more', async () => {
    const driver = postgresDriver({ url, max: 1 })
    const session = await driver.acquire()
    const waiting = send(driver, 'select 2')
    let closed = false
    const closing = driver.close().then(() => {
      closed = true
    })
    expect(await errorOf(() => send(driver, 'select 3'))).toMatchObject({ code: 'closed' })
    expect(await errorOf(() => driver.acquire())).toMatchObject({ code: 'closed' })
    expect((await send(session, 'select 1')).rows).toEqual([['1']])
    expect(closed).toBe(false)
    await session.release()
    expect((await waiting).rows).toEqual([['2']])
    await closing
    await driver.close()
  })

  it('closes when it was never used', async () => {
    await postgresDriver(url).close()
  })

  it('refuses what the protocol cannot carry', async () => {
    const params = Array.from({ length: 65534 }, () => '1')
    const list = params.map((_, i) => `$${i + 1}`).join(',')
    expect(await errorOf(send(shared, `select 1 where 1 in (${list})`, params))).toMatchObject({
      code: 'too_many_parameters',
      message: expect.stringContaining('at most 65533'),
    })
    expect(await errorOf(send(shared, 'select 1 as "\u0000"'))).toMatchObject({ code: 'invalid_statement' })
  })

  it('tells why it cannot connect', async () => {
    const failure = (options: PostgresOptions) =>
      withPostgres(options, (driver) => errorOf(send(driver, 'select 1')))
    const wrong = (change: (url: URL) => void) => {
      const changed = new URL(url)
      change(changed)
      return failure({ url: changed.href })
    }
    const refused = await wrong((url) => {
      url.port = '1'
    })
    expect(refused).toMatchObject({ name: 'ConnectionLost', databaseCode: 'ECONNREFUSED' })
    expect(refused.message).toMatch(/No connection to PostgreSQL at 127\.0\.0\.1:1: .*is the server running/)
    expect(
      await wrong((url) => {
        url.pathname = '/nowhere'
      }),
    ).toMatchObject({ name: 'ConnectionLost', message: expect.stringContaining('"nowhere" does not exist') })
    if (!process.env.DATABASE_URL) {
      expect(
        await wrong((url) => {
          url.password = 'wrong'
        }),
      ).toMatchObject({ name: 'ConnectionLost', message: expect.stringContaining('Check user and password') })
    }
    expect(await failure({ url: 'postgres://nohost.invalid/x' })).toMatchObject({
      name: 'ConnectionLost',
      message: expect.stringContaining('nohost.invalid'),
    })
  })

  it('gives up on a server that hangs up', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    try {
      const failure = withPostgres({ url: `postgres://127.0.0.1:${port}/x`, connect_timeout: 1 }, (driver) =>
        errorOf(send(driver, 'select 1')),
      )
      expect(await failure).toMatchObject({ name: 'ConnectionLost' })
    } finally {
      server.close()
    }
  })

  it('tells deadlocks and serialization failures as retryable', () => {
    const retryable = (code: string) => mapPostgresError(Object.assign(new Error('x'), { code }), 'select 1')
    expect(retryable('40001')).toMatchObject({ name: 'SerializationFailure', retryable: true })
    expect(retryable('40P01')).toMatchObject({ name: 'DeadlockDetected', retryable: true })
    expect(retryable('55P03')).toMatchObject({ name: 'LockTimeout', retryable: true })
    expect(retryable('57014')).toMatchObject({ code: 'cancelled', retryable: false })
    expect(retryable('57P01')).toMatchObject({ name: 'ConnectionLost' })
  })
})

describe('the driver for PGlite', () => {
  it('refuses a transaction that nobody holds', async () => {
    const driver = await pgliteDriver()
    await send(driver, 'create table stray (id int4)')
    for (const begin of ['begin', 'start transaction', '/* hidden */ BEGIN']) {
      expect(await errorOf(send(driver, begin))).toMatchObject({ code: 'stray_begin', sql: begin })
      await send(driver, 'insert into stray values (1)')
      await withSession(driver, async (session) => {
        await send(session, 'begin')
        await send(session, 'rollback')
      })
    }
    expect((await send(driver, 'select count(*) from stray')).rows).toEqual([['3']])
    await driver.close()
  })

  it('leaves an instance of one’s own as it is, and open', async () => {
    const own = new PGlite()
    const driver = await pgliteDriver(own)
    expect((await send(driver, 'select $1::json', ['[1]'])).rows).toEqual([['[1]']])
    await driver.close()
    expect((await own.query('select $1::json as value', [[1]])).rows).toEqual([{ value: [1] }])
    await own.close()
  })

  it('shows no parameters with its errors', async () => {
    const error = await errorOf(send(lite, 'select $1::int4', ['secret']))
    expect((error.cause as Record<string, unknown>).params).toBeUndefined()
  })

  it('refuses statements after it was closed', async () => {
    const driver = await pgliteDriver()
    await driver.close()
    expect(await errorOf(send(driver, 'select 1'))).toMatchObject({ code: 'closed' })
  })
})

describe('the driver for SQLite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'espalier-sqlite-'))
  const opened: { close(): void }[] = []
  const open = (path = ':memory:', options: SqliteOptions = {}) => {
    const driver = sqliteDriver(path, options)
    opened.push(driver)
    return driver
  }
  afterAll(() => {
    for (const driver of opened) driver.close()
    rmSync(directory, { recursive: true })
  })

  it('answers rows by position, and counts what changed', () => {
    const driver = open()
    expect(send(driver, 'create table t (id integer primary key, v text)')).toMatchObject({
      rows: [],
      affected: 0,
    })
    expect(send(driver, 'insert into t (v) values (?), (?)', ['a', 'b'])).toMatchObject({
      rows: [],
      affected: 2,
    })
    expect(send(driver, 'insert into t (v) values (?) returning id, v', ['c'])).toEqual({
      rows: [[3, 'c']],
      affected: 1,
    })
    expect(send(driver, 'select id, id, v from t where id > ?', [1n])).toEqual({
      rows: [
        [2, 2, 'b'],
        [3, 3, 'c'],
      ],
      affected: 2,
    })
    expect(send(driver, 'delete from t').affected).toBe(3)
    expect(send(driver, 'create table u (id integer)').affected).toBe(0)
    expect(send(driver, 'drop table u').affected).toBe(0)
  })

  it('reads one row where only the first is asked for, but runs what writes to its end', async () => {
    const driver = open()
    const first = (sql: string) =>
      driver.execute({ sql, params: [], exactIntegers: false, firstOnly: true }).rows
    send(driver, 'create table up (id integer primary key)')
    send(driver, 'create table down (up integer references up)')
    send(driver, 'insert into up values (1), (2)')
    expect(first('select id from up order by id')).toEqual([[1]])
    expect(first('select id from up where id > 2')).toEqual([])
    expect(first('insert into down values (1), (2) returning up')[0]).toEqual([1])
    expect(await errorOf(() => first('insert into down values (3) returning up'))).toMatchObject({
      name: 'ForeignKeyViolation',
    })
    expect(send(driver, 'select count(*) from down').rows).toEqual([[2]])
  })

  it('answers integers exactly where that is asked for', () => {
    const driver = open()
    const sql = 'select 9007199254740993, 1.5'
    const ask = (exactIntegers: boolean) => driver.execute({ sql, params: [], exactIntegers }).rows[0]
    expect(ask(true)).toEqual([9007199254740993n, 1.5])
    expect(ask(false)).toEqual([9007199254740992, 1.5])
    expect(ask(true)).toEqual([9007199254740993n, 1.5])
  })

  it('keeps the same statements whatever handle they come from', () => {
    const database = new Database(':memory:')
    database.defaultSafeIntegers(true)
    const driver = sqliteDriver(database)
    expect(send(driver, 'select 1').rows).toEqual([[1]])
    database.close()
  })

  it('runs kept statements after a change of the schema', () => {
    const driver = open()
    send(driver, 'create table t (a integer)')
    send(driver, 'insert into t values (1)')
    expect(send(driver, 'select * from t').rows).toEqual([[1]])
    send(driver, 'alter table t add column b text')
    expect(send(driver, 'select * from t').rows).toEqual([[1, null]])
    send(driver, 'drop table t')
    send(driver, 'create table t (x text, y text, z text)')
    send(driver, "insert into t values ('x', 'y', 'z')")
    expect(send(driver, 'select * from t').rows).toEqual([['x', 'y', 'z']])
    send(driver, 'drop table t')
    expect(() => send(driver, 'select * from t')).toThrow('no such table: t')
  })

  it('runs pragmas and transactions', () => {
    const driver = open()
    expect(send(driver, 'pragma user_version').rows).toEqual([[0]])
    send(driver, 'pragma user_version = 7')
    expect(send(driver, 'pragma user_version').rows).toEqual([[7]])
    send(driver, 'create table t (a integer)')
    for (const end of ['rollback', 'commit']) {
      send(driver, 'begin')
      send(driver, 'insert into t values (1)')
      send(driver, end)
    }
    expect(send(driver, 'select count(*) from t').rows).toEqual([[1]])
  })

  it('forgets the statements that were not used for long', () => {
    const database = new Database(':memory:')
    let prepared = 0
    const { prepare } = database
    database.prepare = ((sql: string) => {
      prepared++
      return prepare.call(database, sql)
    }) as typeof prepare
    const driver = sqliteDriver(database, { statementCacheSize: 4 })
    // The version was asked for.
    prepared = 0
    const run = (n: number) => send(driver, `select ${n}`)
    for (let i = 0; i < 10; i++) run(0)
    expect(prepared).toBe(1)
    for (let i = 1; i < 100; i++) {
      run(i)
      run(0)
    }
    expect(prepared).toBe(100)
    run(1)
    expect(prepared).toBe(101)
    database.close()
  })

  it('enforces foreign keys unless told otherwise', () => {
    for (const [options, enforced] of [
      [{}, 1],
      [{ foreignKeys: false }, 0],
    ] as const) {
      expect(send(open(':memory:', options), 'pragma foreign_keys').rows).toEqual([[enforced]])
    }
  })

  it('writes files ahead unless told otherwise', () => {
    const mode = (name: string, options?: SqliteOptions) =>
      send(open(join(directory, name), options), 'pragma journal_mode').rows
    expect(mode('wal.db')).toEqual([['wal']])
    expect(mode('delete.db', { wal: false })).toEqual([['delete']])
    expect(mode('wal.db', { readonly: true })).toEqual([['wal']])
  })

  it('leaves a handle of one’s own as it is, and open', () => {
    const database = new Database(join(directory, 'own.db'))
    database.pragma('foreign_keys = off')
    const driver = sqliteDriver(database)
    expect(send(driver, 'pragma foreign_keys').rows).toEqual([[0]])
    expect(send(driver, 'pragma journal_mode').rows).toEqual([['delete']])
    expect(send(driver, 'select 1').rows).toEqual([[1]])
    driver.close()
    expect(database.prepare('select 1 as one').all()).toEqual([{ one: 1 }])
    database.close()
  })

  it('waits for a lock only so long', async () => {
    const path = join(directory, 'locked.db')
    const holder = open(path)
    const waiter = open(path, { busyTimeout: 50 })
    send(holder, 'create table t (a integer)')
    send(holder, 'begin immediate')
    expect(await errorOf(() => send(waiter, 'insert into t values (1)'))).toMatchObject({
      name: 'LockTimeout',
      code: 'lock_timeout',
      retryable: true,
      databaseCode: 'SQLITE_BUSY',
    })
    send(holder, 'rollback')
  })

  it('tells when a transaction read what another has changed since', async () => {
    const path = join(directory, 'snapshot.db')
    const [first, second] = [open(path), open(path)]
    send(first, 'create table t (a integer)')
    send(first, 'begin')
    send(first, 'select * from t')
    send(second, 'insert into t values (1)')
    expect(await errorOf(() => send(first, 'insert into t values (2)'))).toMatchObject({
      name: 'SerializationFailure',
      retryable: true,
    })
    send(first, 'rollback')
  })

  it('names table and columns of what was violated', async () => {
    const driver = open()
    send(driver, 'create table orgs (id integer primary key, name text not null)')
    send(
      driver,
      `create table people (
        id integer primary key, org integer references orgs, "e, mail" text,
        age integer constraint adult check (age >= 18), unique (org, "e, mail"))`,
    )
    send(driver, "insert into orgs values (1, 'x')")
    send(driver, "insert into people values (1, 1, 'secret@x.org', 20)")
    const violation = async (sql: string, params: readonly unknown[]) => {
      const error = await errorOf(() => send(driver, sql, params))
      expect(error.message).toContain(sql)
      expect(error.message).not.toContain('secret')
      expect(error).toMatchObject({ sql, retryable: false, cause: expect.any(Error) })
      return error
    }
    expect(await violation('insert into people values (1, 1, ?, 20)', ['x'])).toMatchObject({
      name: 'UniqueViolation',
      table: 'people',
      columns: ['id'],
      databaseCode: 'SQLITE_CONSTRAINT_PRIMARYKEY',
    })
    expect(await violation('insert into people values (2, 1, ?, 20)', ['secret@x.org'])).toMatchObject({
      name: 'UniqueViolation',
      table: 'people',
      columns: ['org', 'e, mail'],
    })
    send(driver, 'create unique index lower_mail on people (lower("e, mail"))')
    expect(await violation('insert into people values (2, null, ?, 20)', ['SECRET@x.org'])).toMatchObject({
      name: 'UniqueViolation',
      constraint: 'lower_mail',
    })
    expect(await violation('update people set org = ?', [7n])).toMatchObject({ name: 'ForeignKeyViolation' })
    expect(await violation('insert into orgs values (?, null)', [9n])).toMatchObject({
      name: 'NotNullViolation',
      table: 'orgs',
      columns: ['name'],
    })
    expect(await violation('update people set age = ?', [3n])).toMatchObject({
      name: 'CheckViolation',
      constraint: 'adult',
    })
  })

  it('tells what else is wrong', async () => {
    const driver = open()
    expect(await errorOf(() => send(driver, 'select nme'))).toMatchObject({
      name: 'ExecutionError',
      code: 'database_error',
      message: 'no such column: nme\n  select nme',
      databaseCode: 'SQLITE_ERROR',
    })
    expect(await errorOf(() => send(driver, 'select 1; select 2'))).toMatchObject({ code: 'many_statements' })
    expect(await errorOf(() => send(driver, 'select 1 as "\u0000"'))).toMatchObject({
      code: 'invalid_statement',
    })
    expect(await errorOf(() => open(join(directory, 'no/such/directory.db')))).toMatchObject({
      name: 'ConnectionLost',
      message: expect.stringContaining('cannot be opened'),
    })
    expect(await errorOf(() => open(join(directory, 'absent.db'), { fileMustExist: true }))).toMatchObject({
      name: 'ConnectionLost',
    })
    expect(existsSync(join(directory, 'absent.db'))).toBe(false)
    driver.close()
    expect(await errorOf(() => send(driver, 'select 1'))).toMatchObject({ code: 'closed' })
  })
})
