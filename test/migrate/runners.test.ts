import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Database, integer, select, sql, table, text } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, type MigrationResult, type Progress } from '@espalier/migrate'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { temporaryDirectory } from './databases.js'
import { revisions as killable, PLACES } from './killed-process.js'
import { revisions } from './runner-process.js'

const log = table('log', { id: integer().primaryKey(), entry: text() })
const entries = (db: Database) => db.all(select(log.entry).from(log).orderBy(log.id))

const open: Database[] = []
const keep = <T extends Database>(db: T): T => {
  open.push(db)
  return db
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()))
})

/** Each revision was run by one of them. */
function expectOnce(results: readonly MigrationResult[]): void {
  expect(results.flatMap((result) => result.revisions.map(({ id }) => id)).sort()).toEqual(['a', 'b', 'c'])
  for (const result of results) expect(result.heads).toEqual(['c'])
}

const killedScript = fileURLToPath(new URL('killed-process.ts', import.meta.url))
const script = fileURLToPath(new URL('runner-process.ts', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runners in processes of their own. */
async function processes(count: number, ...args: string[]): Promise<{ ran: string[]; heads: string[] }[]> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') }
  const runs = Array.from({ length: count }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...args], {
      cwd: root,
      env,
    })
    return JSON.parse(stdout)
  })
  return Promise.all(runs)
}

/** A runner in a process of its own, which is killed at a place; whether it was. */
async function killed(kind: string, target: string, place: string): Promise<boolean> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') }
  const args = ['--import', 'tsx', killedScript, kind, target, place]
  return promisify(execFile)(process.execPath, args, { cwd: root, env }).then(
    () => false,
    (error: { signal?: string }) => error.signal === 'SIGKILL',
  )
}

/** After a kill, the next run finishes the job: each revision was run to its end once, or not at all. */
async function expectFinished(db: Database, place: string): Promise<void> {
  const { heads } = await createMigrator({ db, revisions: killable }).upgrade()
  expect(heads, place).toEqual(['c'])
  expect(await entries(db), place).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
}

describe('two runners on PostgreSQL', async () => {
  const url = await testDatabaseUrl()
  const admin = postgres({ url, max: 1 })
  afterAll(() => admin.close())
  afterEach(async () => {
    await admin.run(sql.statement`drop schema public cascade`)
    await admin.run(sql.statement`create schema public`)
  })

  it('on pools of their own apply each revision once', async () => {
    const events: Progress[] = []
    const migrators = [1, 2, 3].map(() =>
      createMigrator({ db: keep(postgres(url)), revisions, onProgress: (event) => events.push(event) }),
    )
    expectOnce(await Promise.all(migrators.map((migrator) => migrator.upgrade())))
    expect(await entries(admin)).toEqual(['a', 'b', 'c'])
    expect(events.some(({ kind }) => kind === 'waiting')).toBe(true)
  })

  const within = PLACES.filter((place) => place.startsWith('b'))
  it.each(within)('of which one was killed at %s', { timeout: 60_000 }, async (place) => {
    expect(await killed('postgres', url, place)).toBe(true)
    await expectFinished(admin, place)
  })

  it('on one pool of one connection take turns', async () => {
    const db = keep(postgres({ url, max: 1 }))
    const run = () => createMigrator({ db, revisions }).upgrade()
    expectOnce(await Promise.all([run(), run()]))
  })

  it('in processes of their own apply each revision once', async () => {
    const results = await processes(2, 'postgres', url)
    expect(results.flatMap(({ ran }) => ran).sort()).toEqual(['a', 'b', 'c'])
    expect(results.every(({ heads }) => heads[0] === 'c')).toBe(true)
    expect(await entries(admin)).toEqual(['a', 'b', 'c'])
  })

  it('with other version tables do not wait for each other', async () => {
    const db = keep(postgres(url))
    await db.session(async (session) => {
      await session.run(sql.statement`select pg_advisory_lock(hashtextextended('espalier "other"', 0))`)
      await createMigrator({ db, revisions, lockTimeout: 0 }).upgrade()
      await session.run(sql.statement`select pg_advisory_unlock_all()`)
    })
  })

  it('give up after lockTimeout, and leave no lock behind', async () => {
    const db = keep(postgres(url))
    const held = sql.statement`select pg_advisory_lock(hashtextextended('espalier "espalier_versions"', 0))`
    await db.session(async (session) => {
      await session.run(held)
      const start = Date.now()
      await expect(createMigrator({ db, revisions, lockTimeout: 200 }).upgrade()).rejects.toMatchObject({
        code: 'lock_timeout',
        message: expect.stringMatching(
          /^Another runner has held the lock on espalier "espalier_versions" for \d+ ms/,
        ),
      })
      expect(Date.now() - start).toBeLessThan(2000)
      await session.run(sql.statement`select pg_advisory_unlock_all()`)
    })
    await createMigrator({ db, revisions, lockTimeout: 0 }).upgrade()
    const locks = table('pg_locks', { locktype: text() })
    expect(await db.all(select(locks.locktype).from(locks).where(locks.locktype.eq('advisory')))).toEqual([])
  })

  it('are told apart by the loss of a connection: the lock goes with it', async () => {
    const db = keep(postgres({ url, max: 1 }))
    const killed = createMigrator({
      db,
      revisions,
      onProgress: ({ kind }) => {
        if (kind !== 'operation') return
        void admin.run(
          sql.statement`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
        )
      },
    }).upgrade()
    await expect(killed).rejects.toThrow(/Nothing of (it|this revision) was kept/)
    expectOnce([await createMigrator({ db: keep(postgres(url)), revisions, lockTimeout: 5000 }).upgrade()])
  })
})

describe('two runners on PGlite', () => {
  it('take turns on the one connection', async () => {
    const db = keep(await pglite())
    const run = () => createMigrator({ db, revisions }).upgrade()
    expectOnce(await Promise.all([run(), run(), run()]))
    expect(await entries(db)).toEqual(['a', 'b', 'c'])
  })
})

describe('two runners on SQLite', () => {
  const directory = temporaryDirectory()

  it.each(PLACES)('of which one was killed at %s', { timeout: 60_000 }, async (place) => {
    const path = join(directory, `killed at ${place}.db`.replace(':', ' '))
    expect(await killed('sqlite', path, place)).toBe(true)
    await expectFinished(keep(sqlite(path)), place)
  })

  it('on one handle take turns', async () => {
    const db = keep(sqlite(':memory:'))
    const run = () => createMigrator({ db, revisions }).upgrade()
    expectOnce(await Promise.all([run(), run()]))
    expect(await entries(db)).toEqual(['a', 'b', 'c'])
  })

  it('on handles of their own apply each revision once', async () => {
    const path = join(directory, 'handles.db')
    const migrators = [1, 2].map(() =>
      // SQLite waits within the process, so that the other handle could not go on.
      createMigrator({ db: keep(sqlite(path, { busyTimeout: 5 })), revisions }),
    )
    expectOnce(await Promise.all(migrators.map((migrator) => migrator.upgrade())))
    expect(await entries(keep(sqlite(path)))).toEqual(['a', 'b', 'c'])
  })

  it('in processes of their own apply each revision once', async () => {
    const path = join(directory, 'processes.db')
    const results = await processes(2, 'sqlite', path)
    expect(results.flatMap(({ ran }) => ran).sort()).toEqual(['a', 'b', 'c'])
    expect(results.every(({ heads }) => heads[0] === 'c')).toBe(true)
    expect(await entries(keep(sqlite(path)))).toEqual(['a', 'b', 'c'])
  })

  it('give up after lockTimeout', async () => {
    const path = join(directory, 'held.db')
    const holder = keep(sqlite(path))
    const db = keep(sqlite(path, { busyTimeout: 5 }))
    await holder.transaction(async () => {
      await expect(createMigrator({ db, revisions, lockTimeout: 100 }).upgrade()).rejects.toMatchObject({
        code: 'lock_timeout',
      })
    })
    expectOnce([await createMigrator({ db, revisions }).upgrade()])
  })

  it('say so if the other one has gone another way', async () => {
    const path = join(directory, 'ways.db')
    const up = createMigrator({ db: keep(sqlite(path, { busyTimeout: 5 })), revisions })
    await up.upgrade('b')
    const other = keep(sqlite(path, { busyTimeout: 5 }))
    const down = createMigrator({
      db: keep(sqlite(path, { busyTimeout: 5 })),
      revisions,
      onProgress: ({ kind, ...event }) => {
        // Between the plan and its first transaction.
        if (kind === 'revision' && 'number' in event && event.number === 1) {
          other.sync.run(
            sql.statement`insert into espalier_versions values ('c', 'c', '2026-01-01T00:00:00.000Z', 1, '', '')`,
          )
        }
      },
    })
    await expect(down.downgrade('base')).rejects.toMatchObject({
      code: 'state_changed',
      message: expect.stringContaining("revision 'b' (b) cannot be undone under c"),
    })
  })
})
