import {
  count,
  createAll,
  type Database,
  insert,
  integer,
  type Observer,
  select,
  statementLog,
  table,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey() })
const ids = select({ id: items.id }).from(items).orderBy(items.id)

const opened: [string, (observer: Observer) => Promise<Database>][] = [
  ['PostgreSQL', async (observer) => postgres(await testDatabaseUrl(), { observer })],
  ['PGlite', (observer) => pglite(undefined, { observer })],
  ['SQLite', async (observer) => sqlite(':memory:', { observer })],
]

describe.each(opened)('%s', (name, open) => {
  it('tells of every statement, its end, its rows and its error', async () => {
    const lines: string[] = []
    const db = await open({
      statement({ sql, parameters }) {
        lines.push(`> ${sql} [${parameters}]`)
        return ({ milliseconds, rows, error }) => {
          expect(milliseconds).toBeGreaterThan(0)
          lines.push(error === undefined ? `< ${rows}` : `! ${(error as { code: string }).code}`)
        }
      },
    })
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    lines.length = 0
    const mark = name === 'SQLite' ? ['?', '?'] : ['$1', '$2']
    await db.run(insert(items).values([{ id: 1 }, { id: 2 }]))
    expect(await db.all(ids)).toEqual([{ id: 1 }, { id: 2 }])
    expect(lines).toEqual([
      `> insert into "items" ("id") values (${mark[0]}), (${mark[1]}) [2]`,
      '< 2',
      '> select "items"."id" from "items" order by "items"."id" [0]',
      '< 2',
    ])
    lines.length = 0
    await errorOf(() => db.transaction((tx) => tx.run(insert(items).values({ id: 1 }))))
    expect(lines.slice(2)).toEqual([
      `> insert into "items" ("id") values (${mark[0]}) [1]`,
      '! unique_violation',
      '> rollback [0]',
      '< 0',
    ])
    expect(lines[0]).toMatch(/^> begin/)
    lines.length = 0
    for await (const _ of db.stream(ids, { batch: 1 })) break
    expect(lines).toEqual(['> select "items"."id" from "items" order by "items"."id" [0]', '< 1'])
    await db.close()
  })

  it('is not harmed by what an observer throws', async () => {
    for (const statement of [
      () => {
        throw new Error('at the begin')
      },
      () => () => {
        throw new Error('at the end')
      },
      () => undefined,
    ]) {
      const db = await open({ statement })
      expect(await db.scalar(select(count()).from(select({ x: count() }).as('x')))).toBe(1)
      await db.close()
    }
  })
})

it('a transaction is run once and ends as its function says, whatever stands around it', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const around: ((work: () => Promise<unknown>) => unknown)[] = [
    () => {
      throw new Error('before')
    },
    () => Promise.reject(new Error('before')),
    async () => undefined,
    async (work) => {
      await work()
      throw new Error('behind')
    },
    async (work) => {
      await work()
      return work()
    },
    async (work) => {
      await work().catch(() => undefined)
      return 'other'
    },
    async (work) => {
      await work()
      await new Promise(() => {})
    },
  ]
  for (const transaction of around) {
    const observer = { statement: () => undefined, transaction } as unknown as Observer
    await using db = sqlite(':memory:', { observer })
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
    const add = (id: number) =>
      db.transaction(async (tx) => (await tx.run(insert(items).values({ id }))).affected)
    expect(await add(1)).toBe(1)
    expect(await errorOf(() => add(1))).toMatchObject({ code: 'unique_violation' })
    expect(await db.all(ids)).toEqual([{ id: 1 }])
  }
  await new Promise((resolve) => setTimeout(resolve, 10))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

it('drops also what an async function throws', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const fail = async () => {
    throw new Error('the log is full')
  }
  for (const observer of [{ statement: () => fail }, { statement: fail as unknown as () => undefined }]) {
    const db = sqlite(':memory:', { observer })
    expect(await db.all(select({ n: count() }))).toEqual([{ n: 1 }])
    expect(db.sync.all(select({ n: count() }))).toEqual([{ n: 1 }])
    await db.close()
  }
  await new Promise((resolve) => setTimeout(resolve, 10))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

it('tells of the statements of the synchronous handle', async () => {
  const lines: string[] = []
  const db = sqlite(':memory:', { observer: statementLog((line) => lines.push(line)) })
  for (const statement of createAll([items], db.dialect)) db.sync.run(statement)
  db.sync.run(insert(items).values([{ id: 1 }, { id: 2 }]))
  expect(() => db.sync.run(insert(items).values({ id: 1 }))).toThrow()
  for (const _ of db.sync.stream(ids)) break
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(/^\d+\.\d ms, 2 rows: insert into "items" \("id"\) values \(\?\), \(\?\)$/),
    expect.stringMatching(/^\d+\.\d ms, unique_violation: insert into/),
    expect.stringMatching(/^\d+\.\d ms, 2 rows: select/),
  ])
  await db.close()
})

it('a log leaves out what is quick, unless it fails', async () => {
  const lines: string[] = []
  const db = sqlite(':memory:', {
    observer: statementLog((line) => lines.push(line), { slowerThan: 60_000 }),
  })
  await db.all(select({ n: count() }).from(select({ x: count() }).as('x')))
  await errorOf(() => db.all(ids))
  expect(lines).toEqual([expect.stringContaining('database_error: select "items"."id"')])
  await db.close()
})
