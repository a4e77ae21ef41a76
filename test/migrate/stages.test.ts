import {
  createIndex as createIndexStatement,
  type Database,
  index,
  insert,
  integer,
  select,
  sql,
  table,
  text,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import {
  addColumn,
  createIndex,
  createMigrator,
  createTable,
  defineOperation,
  execute,
  type Revision,
  revision,
  run,
} from '@espalier/migrate'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const db = postgres({ url: await testDatabaseUrl(), max: 3 })
afterAll(() => db.close())
beforeEach(async () => {
  await db.run(sql.statement`drop schema public cascade`)
  await db.run(sql.statement`create schema public`)
})

const people = table('people', { id: integer().primaryKey(), name: text() })
const first = revision({ id: 'a1', parents: [], message: 'people', up: [createTable(people)] })
const concurrent = (unique = false) =>
  createIndex(people, (t) => (unique ? index(t.name).unique() : index(t.name)), { concurrently: true })
const nothing = { reverse: 'nothing' } as const
const second = (up: Parameters<typeof revision>[0]['up'], down?: Parameters<typeof revision>[0]['down']) =>
  revision({ id: 'b2', parents: ['a1'], message: 'names', up, ...(down && { down }) })
const migratorOf = (...revisions: Revision[]) => createMigrator({ db, revisions })

/** The indexes of the table beside its key, and whether they are whole. */
const indexes = () =>
  db.all(
    sql.query({ name: text().notNull(), valid: text().notNull() })`
      select indexrelid::regclass::text as name, indisvalid::text as valid from pg_index
      where indrelid = 'people'::regclass and not indisprimary`,
  )
const columns = async () =>
  (
    await db.all(
      sql.query({ name: text().notNull() })`select attname::text as name from pg_attribute
        where attrelid = 'people'::regclass and attnum > 0 and not attisdropped order by attnum`,
    )
  ).map(({ name }) => name)
/** An operation that fails as long as it is told to. */
const last = run(
  async () => {
    if (isBroken) throw new Error('broken')
  },
  { ...nothing, description: 'fails' },
)
let isBroken = true
beforeEach(() => {
  isBroken = true
})

describe('A revision with operations that no transaction takes', () => {
  it('runs in several, one after the other, up and down', async () => {
    const up = [
      addColumn('people', { age: integer() }),
      execute(insert(people).values({ id: 1, name: 'Ann' }), nothing),
      concurrent(),
      addColumn('people', { city: text() }),
    ]
    const migrator = migratorOf(first, second(up))
    const result = await migrator.upgrade()
    expect(result.revisions.map(({ id, operations }) => [id, operations])).toEqual([
      ['a1', 1],
      ['b2', 4],
    ])
    expect(await indexes()).toEqual([{ name: 'people_name_idx', valid: 'true' }])
    expect(await columns()).toEqual(['id', 'name', 'age', 'city'])
    expect(await migrator.current()).toMatchObject({ applied: 2, unfinished: [] })
    const { heads } = await migrator.downgrade('-1')
    expect(heads).toEqual(['a1'])
    expect([await columns(), await indexes()]).toEqual([['id', 'name'], []])
  })

  it('is written as a script with a transaction for each part', async () => {
    const script = await migratorOf(
      first,
      second([addColumn('people', { age: integer() }), concurrent(), addColumn('people', { city: text() })]),
    ).script('up', 'a1:b2')
    const lines = script.split('\n').filter((line) => !line.startsWith('--') && line !== '')
    expect(lines.map((line) => line.slice(0, 34))).toEqual([
      'begin;',
      'alter table "people" add column "a',
      'commit;',
      'create index concurrently "people_',
      'begin;',
      'alter table "people" add column "c',
      'insert into "espalier_versions" ("',
      'commit;',
    ])
  })

  it('goes on where it was broken off, and does nothing twice', async () => {
    const up = [
      addColumn('people', { age: integer() }),
      concurrent(),
      addColumn('people', { city: text() }),
      last,
    ]
    const migrator = migratorOf(first, second(up))
    const error = await errorOf(() => migrator.upgrade())
    expect(error).toMatchObject({ code: 'operation_failed', revision: 'b2', operation: 4 })
    expect(error.message).toContain('What its operations before this one did is kept')
    // The third was in the transaction of the fourth.
    expect(await columns()).toEqual(['id', 'name', 'age'])
    expect(await migrator.current()).toMatchObject({
      applied: 1,
      pending: ['b2'],
      unfinished: [{ id: 'b2', direction: 'up', done: 2, isUnderWay: false }],
    })
    isBroken = false
    expect((await migrator.upgrade()).heads).toEqual(['b2'])
    expect(await columns()).toEqual(['id', 'name', 'age', 'city'])
    expect(await migrator.current()).toMatchObject({ applied: 2, unfinished: [] })
  })

  it('turns round in the middle, in either direction', async () => {
    const up = [addColumn('people', { age: integer() }), concurrent(), last]
    const migrator = migratorOf(first, second(up))
    await errorOf(() => migrator.upgrade())
    expect((await migrator.downgrade('-1')).revisions.map(({ id }) => id)).toEqual(['b2'])
    expect([await columns(), await indexes()]).toEqual([['id', 'name'], []])
    expect(await migrator.current()).toMatchObject({ applied: 1, unfinished: [] })

    // On the way down, and up again.
    isBroken = false
    const fails = run(async () => {}, {
      reverse: async () => {
        if (isBroken) throw new Error('broken')
      },
      description: 'fails on the way down',
    })
    const other = migratorOf(first, second([fails, concurrent(), addColumn('people', { age: integer() })]))
    await other.upgrade()
    isBroken = true
    expect((await errorOf(() => other.downgrade('-1'))).code).toBe('operation_failed')
    expect([await columns(), await indexes()]).toEqual([['id', 'name'], []])
    expect(await other.current()).toMatchObject({ unfinished: [{ id: 'b2', direction: 'down', done: 2 }] })
    expect((await other.upgrade()).heads).toEqual(['b2'])
    expect([await columns(), await indexes()]).toEqual([
      ['id', 'name', 'age'],
      [{ name: 'people_name_idx', valid: 'true' }],
    ])
    expect(await other.current()).toMatchObject({ applied: 2, unfinished: [] })
  })

  it('leaves no index by halves', async () => {
    const twice = insert(people).values([
      { id: 1, name: 'Ann' },
      { id: 2, name: 'Ann' },
    ])
    const migrator = migratorOf(
      first,
      second([twice, concurrent(true), addColumn('people', { age: integer() })]),
    )
    expect((await errorOf(() => migrator.upgrade())).message).toContain('could not create unique index')
    expect(await indexes()).toEqual([])
    expect(await migrator.current()).toMatchObject({ unfinished: [{ done: 1, isUnderWay: false }] })
    await db.run(sql.statement`delete from people where id = 2`)
    await migrator.upgrade()
    expect(await indexes()).toEqual([{ name: 'people_name_idx', valid: 'true' }])
    expect(await columns()).toContain('age')
  })

  it.each([
    ['by halves', true, 1],
    ['whole', false, 0],
  ])('makes an index that a killed run has left %s', async (_, isHalf) => {
    const hash = async () =>
      (await db.first(sql.query({ hash: text() })`select hash from espalier_versions_journal`))?.hash
    // The first run fails behind the index, so that there is a journal to write into.
    const broken = migratorOf(first, second([addColumn('people', { age: integer() }), concurrent(), last]))
    await errorOf(() => broken.upgrade())
    expect(await hash()).toBeDefined()
    await db.run(sql.statement`drop index people_name_idx`)
    if (isHalf) {
      await db.run(
        insert(people).values([
          { id: 1, name: 'Ann' },
          { id: 2, name: 'Ann' },
        ]),
      )
      await errorOf(() =>
        db.run(createIndexStatement(people, (t) => index(t.name).unique(), { concurrently: true })),
      )
      expect(await indexes()).toEqual([{ name: 'people_name_idx', valid: 'false' }])
    } else await db.run(createIndexStatement(people, (t) => index(t.name)))
    await db.run(sql.statement`update espalier_versions_journal set done = 1, is_under_way = true`)
    isBroken = false
    await broken.upgrade()
    expect(await indexes()).toEqual([{ name: 'people_name_idx', valid: 'true' }])
    expect(await broken.current()).toMatchObject({ applied: 2, unfinished: [] })
  })

  it('is not gone on with once it is another, nor the other way where that is written by hand', async () => {
    const up = [addColumn('people', { age: integer() }), concurrent(), last]
    await errorOf(() => migratorOf(first, second(up)).upgrade())
    const edited = migratorOf(first, second([addColumn('people', { size: integer() }), concurrent(), last]))
    expect(await errorOf(() => edited.upgrade())).toMatchObject({ code: 'unfinished' })
    const byHand = migratorOf(first, second(up, []))
    expect((await errorOf(() => byHand.downgrade('-1'))).message).toContain('Finish it first, by upgrade.')
  })
})

it('is so on SQLite, too', async () => {
  await using lite: Database = sqlite(':memory:')
  const vacuum = defineOperation({
    kind: 'vacuum',
    description: 'vacuum',
    statements: [sql.statement`vacuum`],
    reverse: () => vacuum,
    isOutsideTransaction: true,
  })
  const migrator = createMigrator({
    db: lite,
    revisions: [first, second([addColumn('people', { age: integer() }), vacuum, last])],
  })
  expect((await errorOf(() => migrator.upgrade())).code).toBe('operation_failed')
  expect(await migrator.current()).toMatchObject({ applied: 1, unfinished: [{ id: 'b2', done: 2 }] })
  // As a run leaves it that is killed in an operation of which nothing tells what became of it.
  await lite.run(sql.statement`update espalier_versions_journal set done = 1, is_under_way = 1`)
  const unknown = await errorOf(() => migrator.downgrade('-1'))
  expect(unknown).toMatchObject({ code: 'unfinished' })
  expect(unknown.message).toContain('nobody knows what became of its operation 2, which vacuum would undo')
  isBroken = false
  await migrator.upgrade()
  expect(await lite.all(select(people).from(people))).toEqual([])
  expect(await migrator.current()).toMatchObject({ applied: 2, unfinished: [] })
  await migrator.downgrade('base')
  expect(await migrator.current()).toMatchObject({ applied: 0, unfinished: [] })
})
