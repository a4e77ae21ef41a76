import {
  type Database,
  index,
  insert,
  integer,
  isEspalierError,
  select,
  sql,
  table,
  text,
  update,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import {
  addColumn,
  createIndex,
  createTable,
  dropColumn,
  execute,
  type Revision,
  revision,
} from '@espalier/migrate'
import { migrationChecks, temporaryDatabase, testRevision } from '@espalier/migrate/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const url = await testDatabaseUrl()
const admin = postgres(url)
afterAll(() => admin.close())
const databases: [string, () => Database | Promise<Database>][] = [
  ['SQLite', () => sqlite(':memory:')],
  ['PostgreSQL', () => temporaryDatabase(url)],
]

const users = table('users', { id: integer().primaryKey(), fullName: text('full_name') })
const parts = { firstName: text('first_name'), lastName: text('last_name') }
const whole = table('users', { id: integer().primaryKey(), fullName: text('full_name'), ...parts })

const first = revision({ id: 'a1', parents: [], message: 'users', up: [createTable(users)] })
const names = revision({
  id: 'b2',
  parents: ['a1'],
  message: 'an index and a column',
  up: [addColumn('users', { age: integer() }), createIndex(users, (t) => index(t.fullName))],
})
const last = (up: Revision['up'], down?: Revision['down']) =>
  revision({ id: 'c3', parents: ['b2'], message: 'the last', up, ...(down && { down }) })
const lossless = last([addColumn('users', parts)])

/** The outcomes of the checks of a history by their names: the message of each that fails. */
async function outcomes(
  revisions: readonly Revision[],
  database: () => Database | Promise<Database>,
  options: Partial<Parameters<typeof migrationChecks>[0]> = {},
): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = []
  for (const { run } of migrationChecks({ ...options, directory: undefined, revisions, database })) {
    try {
      await run()
      found.push(undefined)
    } catch (error) {
      expect(isEspalierError(error)).toBe(true)
      found.push((error as Error).message)
    }
  }
  return found
}

describe.each(databases)('The checks of a history on %s', (_, database) => {
  it('pass where nothing is wrong', async () => {
    expect(await outcomes([first, names, lossless], database)).toEqual([undefined, undefined, undefined])
  })

  it('find several heads', async () => {
    const other = revision({
      id: 'c4',
      parents: ['b2'],
      message: 'another',
      up: [addColumn('users', { x: text() })],
    })
    expect(await outcomes([first, names, lossless, other], database)).toEqual([
      "The history has 2 heads: 'c3' (the last), 'c4' (another). Join them by a revision that has them as its parents.",
      expect.stringContaining('head'),
      undefined,
    ])
  })

  it('find what a way back leaves behind', async () => {
    const forgets = last([addColumn('users', parts)], [dropColumn('users', { lastName: text('last_name') })])
    const [heads, down, traces] = await outcomes([first, names, forgets], database)
    expect([heads, down]).toEqual([undefined, undefined])
    expect(traces).toContain("Revision 'c3' (the last), up and down, the database is not what it was:")
    expect(traces).toContain('users / columns: "first_name" is there, and was not')
  })

  it('find rows that are lost, where none should be', async () => {
    const drops = last([dropColumn('users', { fullName: text('full_name') })])
    const seeds = { a1: (db: Database) => db.run(insert(users).values({ id: 1, fullName: 'Ann Smith' })) }
    // The index of it goes with it, and so does not come back.
    const without = [first, { ...drops, parents: ['a1'] }]
    expect(await outcomes(without, database, { seeds })).toEqual([undefined, undefined, undefined])
    const [, , lost] = await outcomes(without, database, { seeds, lossless: ['c3'] })
    expect(lost).toContain("Revision 'c3' (the last) is said to lose no rows; up and down")
    expect(lost).toMatch(/users has lost 1 row, such as \('Ann Smith', '?1'?\)/)
    expect(await outcomes([first, names, lossless], database, { seeds, lossless: 'all' })).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('leave out the way back of what cannot be undone, and say what they were not told of', async () => {
    const cannot = last([update(users).set({ fullName: 'x' }).everyRow() as never])
    const [, down, traces] = await outcomes([first, names, cannot], database)
    expect(down).toContain('cannot be reversed')
    expect(traces).toContain('cannot be reversed')
    expect(await outcomes([first, names, cannot], database, { irreversible: ['c3'] })).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    const [, , unknown] = await outcomes([first, names], database, { irreversible: ['c9'], seeds: {} })
    expect(unknown).toBe('The history has no revision c9.')
  })

  it('apply what a revision depends on before it', async () => {
    const other = revision({
      id: 'o',
      parents: [],
      message: 'other',
      up: [createTable(table('other', { id: integer() }))],
    })
    const needing = revision({
      id: 'n',
      parents: ['a1'],
      dependsOn: ['o'],
      message: 'needs the other',
      up: [addColumn('other', { n: text() })],
    })
    const [, , traces] = await outcomes([first, other, needing], database)
    expect(traces).toBeUndefined()
  })

  it('go through branches that meet', async () => {
    const left = revision({
      id: 'l',
      parents: ['a1'],
      message: 'left',
      up: [addColumn('users', { l: text() })],
    })
    const right = revision({
      id: 'r',
      parents: ['a1'],
      message: 'right',
      up: [addColumn('users', { r: text() })],
    })
    const merge = revision({
      id: 'm',
      parents: ['l', 'r'],
      message: 'both',
      up: [addColumn('users', { m: text() })],
    })
    expect(await outcomes([first, left, right, merge], database)).toEqual([undefined, undefined, undefined])
  })
})

describe.each(databases)('The test of a revision on %s', (_, database) => {
  const split = last([
    addColumn('users', parts),
    execute(
      update(whole)
        .set((t) => ({ firstName: t.fullName, lastName: 'none' }))
        .everyRow(),
      {
        reverse: update(whole)
          .set((t) => ({ fullName: t.firstName }))
          .everyRow(),
      },
    ),
  ])
  const test = {
    revisions: [first, names, split],
    database,
    at: 'c3',
    seed: (db: Database) => db.run(insert(users).values({ id: 1, fullName: 'Ann' })),
  }
  const rows = select({ first: whole.firstName, last: whole.lastName }).from(whole)

  it('seeds the rows before it, and looks at them after it and when it is undone', async () => {
    const seen: unknown[] = []
    await testRevision({
      ...test,
      expect: async (db) => seen.push(await db.all(rows)),
      expectUndone: async (db) => seen.push(await db.all(select(users).from(users))),
    })
    expect(seen).toEqual([[{ first: 'Ann', last: 'none' }], [{ id: 1, fullName: 'Ann' }]])
  })

  it('fails by what its functions throw, and where there is no such revision', async () => {
    const failing = () => Promise.reject(new Error('not as expected'))
    await expect(testRevision({ ...test, expect: failing })).rejects.toThrow('not as expected')
    expect(await errorOf(() => testRevision({ ...test, at: 'zz', expect: failing }))).toMatchObject({
      code: 'check_failed',
      message: "The history has no revision 'zz'.",
    })
  })
})

it('A temporary database is empty, and dropped when it is closed', async () => {
  const names = () =>
    admin.all(
      sql.query({
        name: text(),
      })`select datname::text as name from pg_database where datname like 'espalier_test_%'`,
    )
  const before = (await names()).length
  const db = await temporaryDatabase(url)
  await db.run(sql.statement`create table t (id integer)`)
  await db.transaction((tx) => tx.run(sql.statement`insert into t values (1)`))
  expect((await names()).length).toBe(before + 1)
  await db.close()
  expect((await names()).length).toBe(before)
})
