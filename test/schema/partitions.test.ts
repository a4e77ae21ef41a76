import {
  createAll,
  createTable,
  date,
  index,
  insert,
  integer,
  partitionBy,
  partitionOf,
  select,
  sql,
  table,
  tableDefinition,
  text,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { describe, expect, it } from 'vitest'
import { create, onPostgres, onSqlite, schemaDatabases } from '../support/schema.js'
import { errorOf } from '../support/sql.js'

const { databases, postgresqls, lite } = await schemaDatabases()

describe('partitions', () => {
  const events = table('events', { id: integer().notNull(), at: date().notNull(), kind: text() }, (t) => [
    partitionBy('range', t.at),
    index(t.kind),
  ])
  const recent = partitionOf(events, 'events_recent', { from: ['2026-01-01'] })
  const old = partitionOf(events, 'events_old', { to: ['2025-01-01'] }, (t) => [partitionBy('list', t.kind)])
  const oldLogins = partitionOf(old, 'events_old_logins', { in: ['login', "it's", null] })
  const oldRest = partitionOf(old, 'events_old_rest', 'default')
  const middle = partitionOf(events, 'events_2025', { from: ['2025-01-01'], to: ['2026-01-01'] }, (t) => [
    partitionBy('hash', t.id),
  ])
  const even = partitionOf(middle, 'events_2025_even', { modulus: 2, remainder: 0 })
  const odd = partitionOf(middle, 'events_2025_odd', { modulus: 2, remainder: 1 })
  const all = [odd, even, middle, oldRest, oldLogins, old, recent, events]

  it('are written with their bounds', () => {
    expect(onPostgres(events)).toBe(
      'create table "events" ("id" integer not null, "at" date not null, "kind" text) partition by range ("at")',
    )
    expect(onPostgres(recent)).toBe(
      'create table "events_recent" partition of "events" for values from (\'2026-01-01\'::date) to (maxvalue)',
    )
    expect(onPostgres(old)).toBe(
      'create table "events_old" partition of "events" for values from (minvalue) to (\'2025-01-01\'::date) partition by list ("kind")',
    )
    expect(onPostgres(oldLogins)).toBe(
      `create table "events_old_logins" partition of "events_old" for values in ('login', 'it''s', null)`,
    )
    expect(onPostgres(oldRest)).toBe('create table "events_old_rest" partition of "events_old" default')
    expect(onPostgres(even)).toBe(
      'create table "events_2025_even" partition of "events_2025" for values with (modulus 2, remainder 0)',
    )
  })

  it.each(postgresqls)('hold the rows of their table on $name', async ({ db }) => {
    await create(db, ...all)
    await db.run(
      insert(events).values([
        { id: 1, at: '2026-05-01', kind: 'login' },
        { id: 2, at: '2024-05-01', kind: 'login' },
        { id: 3, at: '2024-05-01', kind: 'logout' },
        { id: 4, at: '2024-06-01', kind: null },
        { id: 5, at: '2025-06-01', kind: null },
      ]),
    )
    expect(await db.all(select(recent).from(recent))).toEqual([{ id: 1, at: '2026-05-01', kind: 'login' }])
    expect(await db.all(select(oldLogins.id).from(oldLogins).orderBy(oldLogins.id))).toEqual([2, 4])
    expect(await db.all(select(oldRest.id).from(oldRest))).toEqual([3])
    expect(await db.all(select(middle.id).from(middle))).toEqual([5])
    expect(await db.all(select(events.id).from(events).orderBy(events.id))).toEqual([1, 2, 3, 4, 5])
    const outside = insert(recent).values({ id: 9, at: '2020-01-01' })
    expect((await errorOf(() => db.run(outside))).message).toMatch(/partition constraint/)
  })

  it('are refused by SQLite, and with bounds that do not fit', async () => {
    expect((await errorOf(() => onSqlite(events))).message).toMatch(
      /^SQLite has no partitioned tables\. Leave it out/,
    )
    expect((await errorOf(() => onSqlite(recent))).message).toMatch(/^SQLite has no partitioned tables/)
    const wrong = async (bounds: unknown) =>
      (await errorOf(() => partitionOf(events, 'x', bounds as 'default'))).message
    expect(await wrong({ in: ['2026-01-01'] })).toBe(
      "'events' is partitioned by range of 1: write { from: […], to: […] } with as many values as there are keys, " +
        'or \'default\'; not {"in":["2026-01-01"]}.',
    )
    expect(await wrong({ from: [1, 2] })).toMatch(/with as many values/)
    expect(await wrong(undefined)).toMatch(/not undefined/)
    expect((await errorOf(() => partitionOf(recent, 'x', 'default'))).message).toMatch(
      /'events_recent' is not partitioned/,
    )
  })
})

describe('options of PostgreSQL', () => {
  const base = table('base', { id: integer().notNull(), name: text() })
  const derived = table('derived', { more: text() }, undefined, { postgres: { inherits: [base] } })
  const fast = table('fast', { id: integer() }, undefined, {
    postgres: {
      unlogged: true,
      with: { fillfactor: 70, 'toast.autovacuum_enabled': false },
      tablespace: 'pg_default',
      using: 'heap',
    },
  })

  it('are written there, and no business of SQLite, unless they change what the table is', async () => {
    expect(onPostgres(derived)).toBe('create table "derived" ("more" text) inherits ("base")')
    expect(onPostgres(fast)).toBe(
      'create unlogged table "fast" ("id" integer) using "heap" with ("fillfactor" = 70, "toast"."autovacuum_enabled" = false) tablespace "pg_default"',
    )
    expect(onSqlite(fast)).toBe('create table "fast" ("id" integer)')
    expect((await errorOf(() => onSqlite(derived))).message).toMatch(/^SQLite has no tables that inherit/)
  })

  it.each(postgresqls)('are what $name has', async ({ db }) => {
    await create(db, base, derived, fast)
    await db.run(sql.statement`insert into derived (id, name, more) values (1, 'a', 'b')`)
    expect(await db.all(select(base).from(base))).toEqual([{ id: 1, name: 'a' }])
    const found = sql.query({ kind: text(), options: text() })`
      select relpersistence::text, array_to_string(reloptions, ',') from pg_class where relname = 'fast'`
    expect(await db.one(found)).toEqual({ kind: 'u', options: 'fillfactor=70' })
  })
})

describe('temporary tables', () => {
  const scratch = table('scratch', { id: integer() }, undefined, { temporary: true })

  it.each(databases)('are there for a session of $name', async ({ name, db }) => {
    expect(createTable(scratch).toSQL(db.dialect).sql).toBe('create temporary table "scratch" ("id" integer)')
    await db.transaction(async (tx) => {
      await tx.run(createTable(scratch))
      await tx.run(insert(scratch).values({ id: 1 }))
      const where =
        name === 'SQLite'
          ? sql.query({ found: integer() })`select count(*) from temp.sqlite_master where name = 'scratch'`
          : sql.query({
              found: integer(),
            })`select count(*)::int from pg_class where relname = 'scratch' and relpersistence = 't'`
      expect((await tx.one(where)).found).toBe(1)
    })
  })

  it('are in no schema', async () => {
    const placed = table('scratch', { id: integer() }, undefined, { temporary: true, schema: 'app' })
    expect((await errorOf(() => createTable(placed))).message).toMatch(
      /is temporary, and so in no schema: leave out 'app'/,
    )
  })
})

describe('options of SQLite', () => {
  const plain = table('by_key', { key: text().primaryKey(), value: integer() }, undefined, {
    sqlite: { withoutRowid: true, strict: true },
  })
  const counted = table('counted', { id: integer().identity().primaryKey(), name: text() }, undefined, {
    sqlite: { autoincrement: true },
  })

  it('are written there alone', () => {
    expect(onSqlite(plain)).toBe(
      'create table "by_key" ("key" text not null, "value" integer, constraint "by_key_pkey" primary key ("key")) without rowid, strict',
    )
    expect(onSqlite(counted)).toBe(
      'create table "counted" ("id" integer constraint "counted_pkey" primary key autoincrement not null, "name" text)',
    )
    expect(onPostgres(plain)).not.toContain('rowid')
    expect(onPostgres(counted)).not.toContain('autoincrement')
    expect(tableDefinition(plain).details?.options).toEqual({ withoutRowid: true })
  })

  it('hold there', async () => {
    await create(lite, plain, counted)
    expect((await errorOf(() => lite.run(sql.statement`select rowid from by_key`))).message).toMatch(
      /no such column: rowid/,
    )
    await lite.run(insert(counted).values([{ name: 'a' }, { name: 'b' }]))
    await lite.run(sql.statement`delete from counted`)
    expect(await lite.scalar(insert(counted).values({ name: 'c' }).returning(counted.id))).toBe(3)
  })
})

describe('columns that come from a table above', () => {
  const above = table('above', { id: integer().notNull(), name: text().with({ comment: 'Its name' }) })
  const below = table(
    'below',
    {
      id: integer()
        .notNull()
        .with({ postgres: { inherited: true } }),
      name: text().with({ postgres: { inherited: true } }),
    },
    undefined,
    { postgres: { inherits: [above] } },
  )

  it('are not created again', () => {
    expect(onPostgres(below)).toBe('create table "below" () inherits ("above")')
  })

  it.each(postgresqls)('are written and read on $name', async ({ db }) => {
    await create(db, above, below)
    await db.run(insert(below).values({ id: 1, name: 'a' }))
    expect(await db.all(select(above).from(above))).toEqual([{ id: 1, name: 'a' }])
    expect(await db.all(select(below).from(below))).toEqual([{ id: 1, name: 'a' }])
  })

  it('have their comments in that table alone', () => {
    const days = table('days', { at: date().with({ comment: 'When' }) }, (t) => [partitionBy('range', t.at)])
    const rest = partitionOf(days, 'days_rest', 'default')
    expect(createAll([days, rest], postgresDialect).map((one) => one.toSQL(postgresDialect).sql)).toEqual([
      'create table "days" ("at" date) partition by range ("at")',
      `comment on column "days"."at" is 'When'`,
      'create table "days_rest" partition of "days" default',
    ])
  })
})
