import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddColumnNode,
  bigint,
  boolean,
  bytes,
  type ColumnDefinitionNode,
  char,
  citext,
  createAll,
  createTable,
  date,
  ddl,
  double,
  enumType,
  fromJSON,
  insert,
  integer,
  json,
  metadata,
  numeric,
  real,
  type Statement,
  select,
  smallint,
  sql,
  table,
  tableDefinition,
  time,
  timestamp,
  timestamptz,
  toJSON,
  uuid,
  varchar,
  withColumns,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqlite, sqliteDialect } from '@espalier/dialects/sqlite'
import { addColumn } from '@espalier/migrate'
import { afterAll, expect, it } from 'vitest'
import { errorOf } from '../support/sql.js'

const folder = mkdtempSync(join(tmpdir(), 'espalier-strict-'))
const db = sqlite(join(folder, 'strict.db'))
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

const mood = enumType('mood', ['sad', 'ok'])
const columns = {
  id: bigint().identity().primaryKey(),
  a: integer(),
  b: smallint(),
  c: numeric(),
  d: numeric({ precision: 10, scale: 2 }),
  e: real(),
  f: double(),
  g: boolean(),
  h: varchar(20),
  i: char(2),
  j: citext(),
  k: mood(),
  l: time(),
  m: date(),
  n: timestamp(),
  o: timestamptz(),
  p: json<{ x: number }>(),
  q: uuid(),
  r: bytes(),
  s: bigint({ as: 'number' }),
  t: numeric({ precision: 6, scale: 1, as: 'number' }).notNull().default(1),
}
const strict = table('strict', columns, undefined, { sqlite: { strict: true } })
const row = {
  a: 1,
  b: -2,
  c: '12345678901.5',
  d: '12.50',
  e: 0.1,
  f: 1e300,
  g: true,
  h: 'it',
  i: 'de',
  j: 'Ann',
  k: 'ok',
  l: '10:30:00',
  m: '2026-11-21',
  n: new Date('2026-11-21T10:30:00Z'),
  o: new Date('2026-11-21T10:30:00.123Z'),
  p: { x: 1 },
  q: '5b1e0c5e-8a6a-4d0e-9a4c-0d8f3c2b1a00',
  r: Uint8Array.of(1, 2),
  s: 7,
  t: 2.5,
} as const

it('every type has one of the five names that strict tables take', () => {
  expect(createTable(strict).toSQL(sqliteDialect).sql).toBe(
    'create table "strict" ("id" integer constraint "strict_pkey" primary key not null, "a" integer, "b" integer, ' +
      '"c" real, "d" real, "e" real, "f" real, "g" integer, "h" text, "i" text, "j" text collate nocase, ' +
      '"k" text check ("k" in (\'sad\', \'ok\')), "l" text, "m" text, "n" text, "o" text, "p" text, "q" text, ' +
      '"r" blob, "s" integer, "t" real not null default 1.0) strict',
  )
})

it('on PostgreSQL it changes nothing', () => {
  const plain = createTable(table('strict', columns)).toSQL(postgresDialect)
  expect(createTable(strict).toSQL(postgresDialect)).toEqual(plain)
})

it('values come back as they were given, and what is of another type is refused by the database', async () => {
  for (const statement of createAll([strict], db.dialect)) await db.run(statement)
  await db.run(insert(strict).values(row))
  expect(await db.one(select(strict).from(strict))).toEqual({ id: 1n, ...row })
  const equal = select({ id: strict.id })
    .from(strict)
    .where(strict.d.eq('12.5'), strict.c.gt('12345678901.4'))
  expect(await db.all(equal)).toEqual([{ id: 1n }])

  const wrong = await errorOf(() => db.run(sql.statement`update "strict" set "a" = 'one'`))
  expect(wrong.message).toContain('cannot store TEXT value in INTEGER column strict.a')
  expect(wrong).toMatchObject({ databaseCode: 'SQLITE_CONSTRAINT_DATATYPE' })
  const loose = table('loose', columns)
  for (const statement of createAll([loose], db.dialect)) await db.run(statement)
  await db.run(insert(loose).values(row))
  await db.run(sql.statement`update "loose" set "a" = 'one'`)
})

it('tables of a metadata are what it says, unless one says otherwise', () => {
  const app = metadata({ sqlite: { strict: true } })
  const one = app.table('one', { id: integer() })
  const other = app.table('other', { id: integer() }, undefined, { sqlite: { strict: false } })
  const elsewhere = app.table('elsewhere', { id: integer() }, undefined, { schema: 'main' })
  expect(createAll([one, other, elsewhere], sqliteDialect).map((it) => it.toSQL(sqliteDialect).sql)).toEqual([
    'create table "one" ("id" integer) strict',
    'create table "other" ("id" integer)',
    'create table "main"."elsewhere" ("id" integer) strict',
  ])
})

it('a column that is added to such a table has such a type', async () => {
  const prices = table('prices', { id: integer().primaryKey() }, undefined, { sqlite: { strict: true } })
  const added = { price: numeric({ precision: 8, scale: 2 }), code: varchar(3) }
  const statements = addColumn(prices, added).statements(sqliteDialect)
  expect(statements.map((it) => it.toSQL(sqliteDialect).sql)).toEqual([
    'alter table "prices" add column "price" real',
    'alter table "prices" add column "code" text',
  ])
  for (const statement of [...createAll([prices], db.dialect), ...statements])
    await db.run(statement as never)
  const { table: node, columns } = tableDefinition(withColumns(prices, added))
  const again = ddl(new AddColumnNode(node, columns[0] as ColumnDefinitionNode, []))
  expect((fromJSON(toJSON(again as never)) as unknown as Statement<never>).toSQL(sqliteDialect).sql).toBe(
    'alter table "prices" add column "price" real',
  )
})
