import { AsyncResource } from 'node:async_hooks'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createAll,
  type Database,
  deleteFrom,
  insert,
  integer,
  type Observer,
  select,
  sql,
  table,
  text,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey() })
const ids = select(items.id).from(items).orderBy(items.id)
const add = (id: number) => insert(items).values({ id })
const setting = (name: string) => sql.query({ x: text() })`select current_setting(${name}, true) as x`
const sleep = (seconds: number) => sql.query({ x: text() })`select pg_sleep(${seconds})::text as x`

const seen: string[] = []
const observer: Observer = {
  statement: ({ sql }) => {
    seen.push(sql)
  },
}
const directory = mkdtempSync(join(tmpdir(), 'espalier-options-'))
const url = await testDatabaseUrl()
const postgresql = postgres(url, { observer })
const embedded = await pglite(undefined, { observer })
const lite = sqlite(join(directory, 'a.db'), { observer })
afterAll(async () => {
  await Promise.all([postgresql.close(), embedded.close(), lite.close()])
  rmSync(directory, { recursive: true })
})
const databases: readonly { readonly name: string; readonly db: Database }[] = [
  { name: 'PostgreSQL', db: postgresql },
  { name: 'PGlite', db: embedded },
  { name: 'SQLite', db: lite },
]
for (const { db } of databases)
  for (const statement of createAll([items], db.dialect)) await db.run(statement)

beforeEach(async () => {
  for (const { db } of databases) await db.run(deleteFrom(items).everyRow())
  seen.length = 0
})

describe.each(databases)('Savepoints on $name', ({ db }) => {
  it('are named as they are asked to be, and by their depth otherwise', async () => {
    await db.transaction(
      async (tx) => {
        await tx.transaction(
          async (charge) => {
            await charge.run(add(1))
            await charge.transaction((inner) => inner.run(add(2)))
            const failed = charge.transaction(
              async (inner) => {
                await inner.run(add(3))
                throw new Error('no')
              },
              { name: 'a "b"' },
            )
            await expect(failed).rejects.toThrow('no')
          },
          { name: 'charge' },
        )
      },
      { name: 'outermost' },
    )
    expect(seen.filter((sql) => !sql.startsWith('insert'))).toEqual([
      db === lite ? 'begin immediate' : 'begin',
      'savepoint "charge"',
      'savepoint "espalier_2"',
      'release savepoint "espalier_2"',
      'savepoint "a ""b"""',
      'rollback to savepoint "a ""b"""',
      'release savepoint "a ""b"""',
      'release savepoint "charge"',
      'commit',
    ])
    expect(await db.all(ids)).toEqual([1, 2])
  })

  it('may have the name of the one around them', async () => {
    await db.transaction((tx) =>
      tx.transaction(
        async (outer) => {
          await outer.run(add(1))
          await errorOf(() =>
            outer.transaction(
              async (inner) => {
                await inner.run(add(2))
                throw new Error('no')
              },
              { name: 'same' },
            ),
          )
          await outer.run(add(3))
        },
        { name: 'same' },
      ),
    )
    expect(await db.all(ids)).toEqual([1, 3])
  })

  it('are called by their name in errors', async () => {
    const outer = db.transaction((tx) => tx.transaction(() => tx.run(add(1)), { name: 'charge' }))
    await expect(outer).rejects.toMatchObject({ code: 'outer_handle' })
    await expect(outer).rejects.toThrow('while the savepoint "charge" is open')
    const unfinished = db.transaction(async (tx) => {
      tx.transaction((inner) => inner.run(add(1)), { name: 'charge' }).catch(() => undefined)
    })
    await expect(unfinished).rejects.toThrow('(the savepoint "charge")')
    expect(await db.all(ids)).toEqual([])
  })

  it('have a name, a signal and a timeout, and no other options', async () => {
    const nested = (options: object) =>
      errorOf(() => db.transaction((tx) => tx.transaction(async () => 1, options)))
    expect(String(await nested({ readOnly: true }))).toContain('has no such options: {"readOnly":true}')
    expect(String(await nested({ retries: 2 }))).toContain('{"retries":2}')
    for (const name of ['', 'a\u0000', 7])
      expect(String(await nested({ name }))).toContain('The name of a savepoint is a text, not')
    expect(await nested({ signal: AbortSignal.abort() })).toMatchObject({ code: 'cancelled' })
  })

  it('can be given up by themselves, and what is around them goes on', async () => {
    const late = db.transaction(async (tx) => {
      await tx.run(add(1))
      const error = await errorOf(() =>
        tx.transaction(
          async (inner) => {
            await inner.run(add(2))
            await new Promise((resolve) => setTimeout(resolve, 60))
            await inner.run(add(3))
          },
          { timeout: 20 },
        ),
      )
      expect(error).toMatchObject({ code: 'timeout' })
      return tx.run(add(4))
    })
    expect(await late).toEqual({ affected: 1 })
    expect(await db.all(ids)).toEqual([1, 4])
  })

  it('end with the time of the transaction around them', async () => {
    const late = db.transaction(
      (tx) =>
        tx.transaction(
          async (inner) => {
            await new Promise((resolve) => setTimeout(resolve, 60))
            await inner.run(add(3))
          },
          { timeout: 60_000 },
        ),
      { timeout: 20 },
    )
    await expect(late).rejects.toMatchObject({ code: 'timeout' })
    expect(await db.all(ids)).toEqual([])
  })
})

it('Savepoints of the synchronous handle are named as well', () => {
  lite.sync.transaction((tx) => {
    tx.transaction((inner) => inner.run(add(1)), { name: 'charge' })
    tx.transaction((inner) => inner.run(add(2)))
    expect(() => tx.transaction(() => 1, { readOnly: true })).toThrow(
      'has no such options: {"readOnly":true}',
    )
  })
  expect(seen.filter((sql) => sql.startsWith('savepoint'))).toEqual([
    'savepoint "charge"',
    'savepoint "espalier_1"',
  ])
  expect(lite.sync.all(ids)).toEqual([1, 2])
})

describe('Loads and streams', () => {
  describe.each(databases)('on $name', ({ db }) => {
    it('run as ever where nobody gives them up', async () => {
      const options = { signal: new AbortController().signal, timeout: 60_000 }
      expect(await db.load(items, [{ id: 1 }, { id: 2 }, { id: 3 }], options)).toEqual({ affected: 3 })
      const read = async (from: Pick<Database, 'stream'>) => {
        const found: number[] = []
        for await (const id of from.stream(ids, { ...options, batch: 2 })) found.push(id)
        return found
      }
      expect(await read(db)).toEqual([1, 2, 3])
      expect(await db.transaction(read)).toEqual([1, 2, 3])
      expect(await db.session(read)).toEqual([1, 2, 3])
    })

    it('do not begin for a signal that is aborted', async () => {
      const options = { signal: AbortSignal.abort(new Error('late')) }
      const read = async (from: Pick<Database, 'stream'>) => {
        for await (const _ of from.stream(ids, options)) throw new Error('a row')
      }
      await db.run(add(1))
      for (const work of [
        () => db.load(items, [{ id: 2 }], options),
        () => db.transaction((tx) => tx.load(items, [{ id: 2 }], options)),
        () => read(db),
        () => db.transaction(read),
        () => db.session(read),
      ]) {
        const error = (await errorOf(work)) as Error
        expect(error).toMatchObject({ code: 'cancelled' })
        expect((error.cause as Error).message).toBe('late')
      }
      expect(await db.all(ids)).toEqual([1])
    })

    it('end when their time is over, the loop of a stream included', async () => {
      const slow = async function* () {
        for (let id = 1; id < 100; id++) {
          await new Promise((resolve) => setTimeout(resolve, 20))
          yield { id }
        }
      }
      const began = Date.now()
      const load = db.load(items, slow(), { timeout: 100 })
      await expect(load).rejects.toMatchObject({ code: 'timeout' })
      expect(Date.now() - began).toBeLessThan(1500)
      expect(await db.all(ids)).toEqual([])
      await db.load(
        items,
        Array.from({ length: 10 }, (_, i) => ({ id: i })),
      )
      const read = (from: Pick<Database, 'stream'>) => async () => {
        for await (const _ of from.stream(ids, { timeout: 30, batch: 2 }))
          await new Promise((resolve) => setTimeout(resolve, 20))
      }
      expect(await errorOf(read(db))).toMatchObject({ code: 'timeout' })
      expect(await errorOf(() => db.session((session) => read(session)()))).toMatchObject({ code: 'timeout' })
      expect(await errorOf(() => db.transaction((tx) => read(tx)()))).toMatchObject({ code: 'timeout' })
      expect((await db.all(ids)).length).toBe(10)
    })
  })

  it('are ended by PostgreSQL while it makes a page', async () => {
    const slow = sql.query({ x: text() })`select pg_sleep(10)::text as x`
    const began = Date.now()
    const read = (from: Pick<Database, 'stream'>) => async () => {
      for await (const _ of from.stream(slow, { timeout: 50 })) throw new Error('a row')
    }
    expect(await errorOf(read(postgresql))).toMatchObject({ code: 'timeout' })
    expect(await errorOf(() => postgresql.session((session) => read(session)()))).toMatchObject({
      code: 'timeout',
    })
    expect(await errorOf(() => postgresql.transaction((tx) => read(tx)()))).toMatchObject({ code: 'timeout' })
    expect(Date.now() - began).toBeLessThan(5000)
    expect(await postgresql.all(ids)).toEqual([])
  })

  it('give up waiting for a connection', async () => {
    await using db = postgres(url, { max: 1 })
    await db.session(async () => {
      const read = async () => {
        for await (const _ of db.stream(ids, { timeout: 20 })) throw new Error('a row')
      }
      // Used from outside of the session, as another request would be.
      expect(await outside(read)).toMatchObject({ code: 'timeout' })
      expect(await outside(() => db.load(items, [{ id: 1 }], { timeout: 20 }))).toMatchObject({
        code: 'timeout',
      })
    })
    expect(await db.all(ids)).toEqual([])
  })
})

const elsewhere = new AsyncResource('elsewhere')
const outside = (work: () => Promise<unknown>) => elsewhere.runInAsyncScope(() => errorOf(work))

describe('What SQLite locks', () => {
  it.each(['deferred', 'immediate', 'exclusive'] as const)('begins with begin %s', async (locking) => {
    await lite.transaction((tx) => tx.run(add(1)), { locking })
    lite.sync.transaction((tx) => tx.run(add(2)), { locking })
    expect(seen.filter((sql) => sql.startsWith('begin'))).toEqual([`begin ${locking}`, `begin ${locking}`])
  })

  it('keeps others from reading by exclusive, where there is no write-ahead log, and not by immediate', async () => {
    const path = join(directory, 'journal.db')
    await using one = sqlite(path, { wal: false })
    await using other = sqlite(path, { wal: false, busyTimeout: 10 })
    await one.run(sql.statement`create table items (id integer primary key)`)
    await one.transaction(async () => expect(await other.all(ids)).toEqual([]), { locking: 'immediate' })
    const read = one.transaction(() => other.all(ids), { locking: 'exclusive' })
    await expect(read).rejects.toMatchObject({ code: 'lock_timeout' })
  })

  it('is refused where there is none, or another', async () => {
    for (const db of [postgresql, embedded])
      expect(String(await errorOf(() => db.transaction(async () => 1, { locking: 'immediate' })))).toContain(
        "PostgreSQL locks rows and has no locking 'immediate'",
      )
    const other = { locking: 'shared' as 'immediate' }
    expect(String(await errorOf(() => lite.transaction(async () => 1, other)))).toContain(
      "SQLite has no locking 'shared'. It has: deferred, immediate, exclusive.",
    )
    expect(() => lite.sync.transaction(() => 1, other)).toThrow("no locking 'shared'")
  })
})

describe.each([
  { name: 'PostgreSQL', db: postgresql },
  { name: 'PGlite', db: embedded },
])('Settings on $name', ({ db }) => {
  it('hold until the end of the transaction, and their values are parameters', async () => {
    const settings = { 'app.tenant': "7'; drop table items; --", work_mem: '5MB', enable_seqscan: false }
    await db.transaction(
      async (tx) => {
        expect(await tx.scalar(setting('app.tenant'))).toBe("7'; drop table items; --")
        expect(await tx.scalar(setting('work_mem'))).toBe('5MB')
        expect(await tx.scalar(setting('enable_seqscan'))).toBe('off')
      },
      { settings, statementTimeout: 60_000, lockTimeout: 1500, readOnly: true },
    )
    expect(seen.slice(0, 2)).toEqual([
      'begin read only',
      'select set_config($1, $2, true), set_config($3, $4, true), set_config($5, $6, true), set_config($7, $8, true), ' +
        'set_config($9, $10, true)',
    ])
    expect((await db.scalar(setting('app.tenant'))) || null).toBeNull()
    expect(await db.scalar(setting('lock_timeout'))).toBe('0')
  })

  it('are the tenant of policies for rows', async () => {
    await db.run(sql.statement`create table notes (tenant integer, body text)`)
    await db.run(sql.statement`insert into notes values (1, 'one'), (2, 'two')`)
    await db.run(sql.statement`alter table notes enable row level security`)
    await db.run(
      sql.statement`create policy own on notes using (tenant = current_setting('app.tenant')::integer)`,
    )
    const role = `reader_${Math.random().toString(36).slice(2)}`
    await db.run(sql.statement`create role ${sql.identifier(role)}`)
    await db.run(sql.statement`grant select on notes to ${sql.identifier(role)}`)
    const bodies = (tenant: number) =>
      db.transaction((tx) => tx.all(sql.query({ body: text() })`select body from notes`), {
        settings: { role, 'app.tenant': tenant },
      })
    expect(await Promise.all([bodies(1), bodies(2)])).toEqual([[{ body: 'one' }], [{ body: 'two' }]])
    await db.run(sql.statement`drop table notes`)
    await db.run(sql.statement`drop role ${sql.identifier(role)}`)
  })

  it('roll back with one that the server refuses', async () => {
    const refused = db.transaction((tx) => tx.run(add(1)), { settings: { work_mem: 'much' } })
    await expect(refused).rejects.toMatchObject({ code: 'database_error', databaseCode: '22023' })
    expect(await db.all(ids)).toEqual([])
    expect(await db.transaction((tx) => tx.run(add(1)))).toEqual({ affected: 1 })
  })

  it('are texts, numbers and booleans', async () => {
    const given = (settings: object) => errorOf(() => db.transaction(async () => 1, { settings } as object))
    expect(String(await given({ 'app.tenant': undefined }))).toContain(
      "The setting 'app.tenant' is a text, a number or a boolean, not undefined.",
    )
    expect(String(await given({ 'app.tenant': Number.NaN }))).toContain('not NaN')
    for (const setting of ['client_encoding', 'DateStyle', 'STANDARD_CONFORMING_STRINGS']) {
      expect(String(await given({ [setting]: 'off' }))).toContain(
        `The setting '${setting}' says in which form PostgreSQL writes and reads values`,
      )
    }
    expect(seen).toEqual([])
  })
})

describe('Limits of time', () => {
  it('end a statement of a transaction on PostgreSQL', async () => {
    const late = postgresql.transaction((tx) => tx.all(sleep(10)), { statementTimeout: 30 })
    await expect(late).rejects.toMatchObject({ code: 'cancelled', databaseCode: '57014' })
    expect(await postgresql.scalar(setting('statement_timeout'))).toBe('0')
  })

  it('end waiting for a lock on PostgreSQL', async () => {
    await postgresql.run(add(1))
    await postgresql.transaction(async (tx) => {
      await tx.run(sql.statement`lock table items in exclusive mode`)
      const late = outside(() => postgresql.transaction((other) => other.run(add(2)), { lockTimeout: 30 }))
      expect(await late).toMatchObject({ code: 'lock_timeout', retryable: true })
    })
  })

  it('are those of the connection, unless a transaction has its own', async () => {
    await using db = postgres(url, { statementTimeout: 5000, lockTimeout: 2000 })
    expect(await db.scalar(setting('statement_timeout'))).toBe('5s')
    expect(await db.scalar(setting('lock_timeout'))).toBe('2s')
    const own = { statementTimeout: 60_000 }
    expect(await db.transaction((tx) => tx.scalar(setting('statement_timeout')), own)).toBe('1min')
    expect(await db.scalar(setting('statement_timeout'))).toBe('5s')
    await using quick = postgres(url, { statementTimeout: 30 })
    await expect(quick.all(sleep(10))).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('are the busy timeout on SQLite, also at the beginning, and that of the handle afterwards', async () => {
    await using other = sqlite(join(directory, 'a.db'), { busyTimeout: 20_000 })
    const began = Date.now()
    await lite.transaction(async (tx) => {
      await tx.run(add(1))
      const late = other.transaction((one) => one.run(add(2)), { lockTimeout: 30 })
      await expect(late).rejects.toMatchObject({ code: 'lock_timeout', retryable: true })
      expect(() => other.sync.transaction((one) => one.run(add(2)), { lockTimeout: 30 })).toThrow(
        expect.objectContaining({ code: 'lock_timeout' }) as Error,
      )
    })
    expect(Date.now() - began).toBeLessThan(5000)
    expect(await other.all(sql.query({ timeout: integer() })`pragma busy_timeout`)).toEqual([
      { timeout: 20_000 },
    ])
  })

  it('are refused where they mean nothing', async () => {
    const on = (db: Database, options: object) => errorOf(() => db.transaction(async () => 1, options))
    expect(String(await on(lite, { statementTimeout: 5 }))).toContain(
      'SQLite cannot end a statement that has begun',
    )
    expect(String(await on(lite, { settings: {} }))).toContain('SQLite has no settings of a transaction')
    for (const db of [postgresql, lite])
      for (const lockTimeout of [0, -1, 1.5, '5', Number.NaN])
        expect(String(await on(db, { lockTimeout }))).toContain(
          'lockTimeout is a whole number of milliseconds, at least 1',
        )
    expect(String(await on(postgresql, { statementTimeout: 0 }))).toContain(
      'statementTimeout is a whole number',
    )
    expect(() => postgres(url, { lockTimeout: 0 })).toThrow('lockTimeout is a whole number')
  })
})
