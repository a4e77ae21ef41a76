import {
  array,
  boolean,
  createAll,
  createDomain,
  createTable,
  type Database,
  domain,
  dropDomain,
  enumType,
  fromJSON,
  insert,
  integer,
  nest,
  numeric,
  param,
  type Statement,
  select,
  table,
  text,
  timestamptz,
  toJSON,
  varchar,
} from '@espalier/core'
import { insertSchema, selectSchema } from '@espalier/core/zod'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { keepsValues } from '../support/round-trip.js'
import { errorOf, inBoth } from '../support/sql.js'

const databases = await allDatabases()
const email = domain('e"mail', varchar(30), { check: (value) => value.like('%@%') })
const workEmail = domain('work_email', email, { check: (value) => value.like('%.org') })
const price = domain('price', numeric({ precision: 8, scale: 2 }), { check: (value) => value.gte('0') })
const mood = enumType('domain_mood', ['sad', 'ok'])
const people = table('domain people', {
  id: integer().primaryKey(),
  'its "mail': email().notNull(),
  work: workEmail('work at'),
  fee: price().default('1.50'),
})
const create = async (db: Database) => {
  for (const statement of createAll([people], db.dialect)) await db.run(statement)
}

describe('domains', () => {
  it('are types on PostgreSQL, and checks on SQLite', () => {
    const sql = (dialect: typeof sqliteDialect) =>
      createAll([people], dialect).map((one) => one.toSQL(dialect).sql)
    expect(sql(postgresDialect)).toEqual([
      'create domain "e""mail" as varchar(30) check (value like \'%@%\')',
      'create domain "work_email" as "e""mail" check (value like \'%.org\')',
      'create domain "price" as numeric(8, 2) check (value >= \'0\'::numeric)',
      'create table "domain people" ("id" integer not null, "its ""mail" "e""mail" not null, "work at" "work_email", ' +
        '"fee" "price" default \'1.5\'::numeric::"price", constraint "domain people_pkey" primary key ("id"))',
    ])
    expect(sql(sqliteDialect)).toEqual([
      'create table "domain people" ("id" integer not null, ' +
        '"its ""mail" varchar(30) check ("its ""mail" glob \'*@*\') not null, ' +
        '"work at" varchar(30) check ("work at" glob \'*@*\') check ("work at" glob \'*.org\'), ' +
        '"fee" numeric(8, 2) check ("fee" >= 0.0) default 1.5, constraint "domain people_pkey" primary key ("id"))',
    ])
  })

  it.each(databases)(
    'check what is written, and are read as what they are made of, on $name',
    async ({ db }) => {
      await create(db)
      const row = { id: 1, 'its "mail': 'a@x', work: 'a@x.org', fee: '1.50' }
      await db.run(insert(people).values({ id: 1, 'its "mail': 'a@x', work: 'a@x.org' }))
      expect(await db.all(select(people).from(people))).toEqual([row])
      const refused = async (change: object) =>
        (await errorOf(() => db.run(insert(people).values({ ...row, id: 2, ...change } as never)))).code
      expect(await refused({ 'its "mail': 'nobody' })).toBe('check_violation')
      expect(await refused({ work: 'a@x.com' })).toBe('check_violation')
      expect(await refused({ work: 'x.org' })).toBe('check_violation')
      expect(await refused({ fee: '-0.01' })).toBe('check_violation')
      const found = select({ fee: people.fee.add('1') })
        .from(people)
        .where(people['its "mail'].eq('a@x'), people.fee.gt('-1'), people.work.in(['a@x.org']))
      expect(await db.all(found)).toEqual([{ fee: '2.5' }])
      const named = db.prepare(
        select({ id: people.id })
          .from(people)
          .where(people.work.eq(param('work', workEmail))),
      )
      expect(await named.all({ work: 'a@x.org' })).toEqual([{ id: 1 }])
      const nested = select({ all: nest.many(select(people).from(people)) }).from(people)
      expect(await db.all(nested)).toEqual([{ all: [row] }])
    },
  )

  const kept = { name: 'domain', type: email(), values: fc.stringMatching(/^[a-z"',{}]{0,10}@x$/) }
  it.each(databases)('keep their values on $name', ({ db }) => {
    // SQLite has no checks of the elements of arrays.
    const elements = db.dialect === sqliteDialect ? { element: varchar(30) } : {}
    return keepsValues(db, { ...kept, ...elements })
  })

  it('are created and dropped by hand', async () => {
    const small = domain('small "one"', integer())
    expect(createDomain(small).toSQL(postgresDialect).sql).toBe('create domain "small ""one""" as integer')
    expect(dropDomain(small, { ifExists: true }).toSQL(postgresDialect).sql).toBe(
      'drop domain if exists "small ""one"""',
    )
    const again = fromJSON(toJSON(createDomain(price) as never)) as unknown as Statement<never>
    expect(again.toSQL(postgresDialect)).toEqual(createDomain(price).toSQL(postgresDialect))
    expect(() => createDomain(price).toSQL(sqliteDialect)).toThrow('SQLite has no domains')
    for (const { name, db } of databases) {
      if (name === 'SQLite') continue
      await db.run(createDomain(small))
      await db.run(dropDomain(small))
    }
  })

  it('in arrays and in JSON of a tree', () => {
    const lists = table('lists', { all: array(email()) })
    expect(createTable(lists).toSQL(postgresDialect).sql).toBe('create table "lists" ("all" "e""mail"[])')
    const query = select({ fee: people.fee }).from(people).where(people.fee.gt('2'))
    const read = fromJSON(toJSON(query as never), {}, [price]) as unknown as typeof query
    expect(inBoth(read)).toEqual(inBoth(query))
  })

  it('what makes none is refused', async () => {
    const message = async (work: () => unknown) => (await errorOf(work)).message
    expect(await message(() => domain('', text()))).toContain('domain takes a name and a type')
    expect(await message(() => domain('x', undefined as never))).toContain('domain takes a name and a type')
    expect(await message(() => domain('x', text(), { check: () => 'yes' as never }))).toContain(
      "check of domain('x', …)",
    )
    expect(await message(() => createDomain(text as never))).toContain('take what domain(…) made')
  })
})

it.each(databases)('check the values of columns that SQLite has in other forms, on $name', async ({ db }) => {
  const later = domain('later', timestamptz({ sqlite: { storedAs: 'unix seconds' } }), {
    check: (value) => value.gt(new Date('2000-01-01T00:00:00Z')),
  })
  const agreed = domain('agreed', boolean({ sqlite: { storedAs: { true: 'Y', false: 'N' } } }), {
    check: (value) => value,
  })
  const papers = table('papers', { at: later().notNull(), signed: agreed() })
  for (const statement of createAll([papers], db.dialect)) await db.run(statement)
  const row = { at: new Date('2026-11-21T10:30:00Z'), signed: true }
  await db.run(insert(papers).values(row))
  expect(await db.all(select(papers).from(papers).where(papers.at.eq(row.at)))).toEqual([row])
  const refused = async (change: object) =>
    (await errorOf(() => db.run(insert(papers).values({ ...row, ...change } as never)))).code
  expect(await refused({ at: new Date('1999-12-31T23:59:59Z') })).toBe('check_violation')
  expect(await refused({ signed: false })).toBe('check_violation')
  if (db.dialect === sqliteDialect) {
    expect(createTable(papers).toSQL(sqliteDialect).sql).toBe(
      `create table "papers" ("at" integer check (coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', "at", 'unixepoch'), "at") > ` +
        `'2000-01-01T00:00:00.000Z') not null, "signed" text check (case "signed" when 'Y' then 1 when 'N' then 0 else "signed" end))`,
    )
  }
})

describe('schemas of zod', () => {
  const rows = table('rows', {
    mood: mood().notNull(),
    code: varchar(3).notNull(),
    mail: email().notNull(),
    fee: price(),
  })
  const row = { mood: 'ok', code: 'abc', mail: 'a@x', fee: '1.5' } as const
  it.each([
    ['selectSchema', selectSchema(rows)],
    ['insertSchema', insertSchema(rows)],
  ] as const)('know the values of enums, lengths, and what domains are made of: %s', (_name, schema) => {
    expect(schema.parse(row)).toEqual(row)
    const refused = (change: object) =>
      schema.safeParse({ ...row, ...change }).error?.issues.map(({ path }) => path)
    expect(refused({ mood: 'glad' })).toEqual([['mood']])
    expect(refused({ code: 'abcd' })).toEqual([['code']])
    expect(refused({ mail: 'a@x'.repeat(11) })).toEqual([['mail']])
    expect(refused({ mail: 5 })).toEqual([['mail']])
    expect(refused({ fee: '1.234' })).toEqual([['fee']])
  })
})
