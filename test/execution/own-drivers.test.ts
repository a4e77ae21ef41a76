import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  bigint,
  count,
  createAll,
  createDatabase,
  type Database,
  type Executor,
  insert,
  integer,
  jsonb,
  literal,
  type QueryFunction,
  queryDriver,
  select,
  table,
  text,
  timestamptz,
  update,
} from '@espalier/core'
import {
  mapPostgresError,
  mapSqliteError,
  postgresBackend,
  postgresDialect,
  sqliteBackend,
  sqliteDialect,
  wireTexts,
} from '@espalier/dialects'
import { axes, conformanceCases, setUpConformance } from '@espalier/dialects/conformance'
import BetterSqlite from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgDatabase } from '../support/pg-database.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const url = await testDatabaseUrl()
const overPg = pgDatabase({ connectionString: url })
afterAll(() => overPg.close())

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

describe('the driver of the guide', () => {
  it('stands there as it is run here', () => {
    expect(read('docs/guide/writing-a-driver.md')).toContain(read('test/support/pg-database.ts').trimEnd())
  })

  beforeAll(() => setUpConformance(overPg))
  describe.each(axes)('conforms, with statements %s', (axis) => {
    it.each(conformanceCases)('$name', ({ run }) => run(overPg, axis))
  })

  it('refuses a transaction that nobody would end, and goes on', async () => {
    const { sql } = await import('@espalier/core')
    expect(await errorOf(() => overPg.run(sql.statement`begin`))).toMatchObject({ code: 'stray_begin' })
    expect(await overPg.scalar(select({ one: sql<number>`1` }))).toBe(1)
  })

  it('tells that nothing listens', async () => {
    await using nowhere = pgDatabase({ host: '127.0.0.1', port: 1 })
    expect(await errorOf(() => nowhere.scalar(select({ n: count() })))).toMatchObject({
      code: 'connection_lost',
    })
  })
})

const events = table('events', {
  id: bigint().primaryKey(),
  at: timestamptz().notNull(),
  body: jsonb<{ n: number }>(),
  label: text().notNull(),
})

/** A server that runs what it is sent, on a real database, and answers in JSON. */
async function proxy(run: (sql: string, params: unknown[]) => Promise<unknown>): Promise<QueryFunction> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { sql, params } = JSON.parse(body)
    const answer = await run(sql, params).catch((error) => ({ error: { ...error, message: error.message } }))
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  return async (sql, params) => {
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      body: JSON.stringify({ sql, params }),
    })
    return answer.json() as never
  }
}

describe('a database over one function', async () => {
  const pool = new pg.Pool({ connectionString: url, options: '-c TimeZone=UTC -c DateStyle=ISO,YMD' })
  afterAll(() => pool.end())
  const types = { getTypeParser: () => (value: string) => value }
  const toPostgres = await proxy(async (text, values) => {
    const { rows, rowCount } = await pool.query({ text, values, rowMode: 'array', types } as never)
    return { rows, affected: rowCount ?? 0 }
  })
  const file = new BetterSqlite(':memory:')
  const toSqlite = await proxy(async (text, values) => {
    const statement = file.prepare(text)
    return statement.reader
      ? statement.raw(true).all(...values)
      : { rows: [], affected: statement.run(...values).changes }
  })
  const failing =
    (
      query: QueryFunction,
      map: (error: unknown, sql: string) => Error,
      encode = (params: readonly unknown[]) => params,
    ): QueryFunction =>
    async (sql, params) => {
      const answer = await query(sql, encode(params))
      if ('error' in answer) throw map(answer.error, sql)
      return answer
    }
  const databases: [string, Database][] = [
    [
      'PostgreSQL',
      createDatabase({
        dialect: postgresDialect,
        backend: postgresBackend,
        driver: queryDriver(failing(toPostgres, mapPostgresError, wireTexts)),
      }),
    ],
    [
      'SQLite',
      createDatabase({
        dialect: sqliteDialect,
        backend: sqliteBackend,
        driver: queryDriver(
          // JSON has no bigint.
          failing(
            toSqlite,
            (error, sql) => mapSqliteError(Object.assign(new Error(), error), sql),
            (params) => params.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
          ),
        ),
      }),
    ],
  ]

  it.each(databases)('runs statements by HTTP, on %s', async (_name, db) => {
    for (const statement of createAll([events], db.dialect)) await db.run(statement)
    const rows = [
      { id: 1n, at: new Date('2026-01-02T03:04:05.678Z'), body: { n: 1 }, label: "O'Hara" },
      { id: 2n, at: new Date(0), body: null, label: '' },
    ]
    expect(await db.run(insert(events).values(rows))).toEqual({ affected: 2 })
    expect(await db.all(select(events).from(events).orderBy(events.id))).toEqual(rows)
    expect(await db.run(update(events).set({ label: 'x' }).where(events.id.eq(2n)))).toEqual({ affected: 1 })
    expect(await db.scalar(select(count()).from(events).where(events.label.eq('x')))).toBe(1)
    expect(await errorOf(() => db.run(insert(events).values(rows)))).toMatchObject({
      code: 'unique_violation',
    })
  })

  it.each(databases)('refuses what needs a connection, on %s', async (_name, db) => {
    const refused = 'needs a connection of its own, and this database runs single statements'
    for (const [purpose, work] of [
      ['transaction', () => db.transaction(async () => undefined)],
      ['transaction', () => db.load(events, [{ id: 3n, at: new Date(0), label: '' }])],
      ['session', () => db.session(async () => undefined)],
      [
        'stream',
        async () => {
          for await (const _ of db.stream(select(events).from(events))) return
        },
      ],
    ] as const) {
      const error = await errorOf(work)
      expect(error.name).toBe('UnsupportedError')
      expect(error.message).toContain(`A ${purpose} ${refused}`)
    }
    expect(db.diagnostics()).toBeUndefined()
  })
})

it('a function whose answers are no rows is told so, and is not called once its database is closed', async () => {
  let answer: unknown
  let calls = 0
  const driver = queryDriver(async () => {
    calls++
    return answer as never
  })
  const db = createDatabase({ dialect: sqliteDialect, backend: sqliteBackend, driver })
  const query = select(literal(1, integer()))
  for (const [given, said] of [
    [undefined, 'It has given no rows but undefined.'],
    ['<html>', 'It has given no rows but string.'],
    [{ error: 'x' }, 'It has given no rows but object.'],
    [[{ value: 1 }], 'It has given rows, of which the first is object.'],
  ] as const) {
    answer = given
    const error = await errorOf(() => db.all(query))
    expect(error).toMatchObject({
      name: 'ExecutionError',
      code: 'invalid_answer',
      sql: 'select ? as "value"',
    })
    expect(error.message).toContain(said)
  }
  answer = { rows: [[1]] }
  expect(await db.all(query)).toEqual([1])
  expect(await db.run(query)).toEqual({ affected: 1 })
  await db.close()
  expect(await errorOf(() => db.all(query))).toMatchObject({ code: 'closed' })
  expect(await errorOf(() => db.transaction(async () => 1))).toMatchObject({ code: 'closed' })
  expect(calls).toBe(6)
})

it('a library takes an executor: a database, a session, a transaction, one that is ended by hand', async () => {
  const counters = table('counters', { id: integer().primaryKey(), n: integer().notNull() })
  for (const statement of createAll([counters], overPg.dialect)) await overPg.run(statement)
  await overPg.run(insert(counters).values({ id: 1, n: 0 }))
  const increment = async (on: Executor): Promise<void> => {
    await on.transaction(async (tx) => {
      await tx.run(
        update(counters)
          .set((t) => ({ n: t.n.add(1) }))
          .everyRow(),
      )
    })
  }
  await increment(overPg)
  await overPg.session(increment)
  await overPg.transaction((tx) => increment(tx))
  await using open = await overPg.begin()
  await increment(open)
  await open.commit()
  expect(await overPg.scalar(select(counters.n).from(counters))).toBe(4)
})
