import {
  array,
  bigint,
  createAll,
  createTable,
  databaseType,
  fromJSON,
  insert,
  integer,
  type RowOf,
  select,
  sql,
  table,
  text,
  toJSON,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { expect, expectTypeOf, it } from 'vitest'
import { allDatabases } from '../support/databases.js'

const databases = await allDatabases()
const point = databaseType('point')
const places = table('databaseTypePlaces', {
  id: integer().primaryKey(),
  at: point('its place').notNull().default('(0,0)'),
  all: array(point()),
})

it('is written as the database calls it, with texts for values', async () => {
  expect(createTable(places).toSQL(postgresDialect).sql).toBe(
    `create table "databaseTypePlaces" ("id" integer not null, "its place" point not null default '(0,0)'::point, ` +
      '"all" point[], constraint "databaseTypePlaces_pkey" primary key ("id"))',
  )
  for (const { db, name } of databases) {
    if (name === 'SQLite') continue
    for (const statement of createAll([places], db.dialect)) await db.run(statement)
    await db.run(insert(places).values({ id: 1, at: '(1,2)', all: ['(3,4)', null] }))
    await db.run(insert(places).values({ id: 2 }))
    expect(await db.all(select(places).from(places).orderBy(places.id))).toEqual([
      { id: 1, at: '(1,2)', all: ['(3,4)', null] },
      { id: 2, at: '(0,0)', all: null },
    ])
  }
  expectTypeOf<RowOf<typeof places>>().toEqualTypeOf<{
    id: number
    at: string
    all: (string | null)[] | null
  }>()
})

it('has the values and operators of another type, or those of the driver', async () => {
  const counted = databaseType('unsigned big int', bigint())
  const words = databaseType('MEDIUMTEXT', text())
  const any = databaseType('datetime', 'as is')
  const things = table('databaseTypeThings', {
    n: counted().notNull(),
    words: words(),
    at: any(),
    bare: databaseType('', 'as is')(),
  })
  expect(createTable(things).toSQL(sqliteDialect).sql).toBe(
    'create table "databaseTypeThings" ("n" unsigned big int not null, "words" MEDIUMTEXT, "at" datetime, "bare" )',
  )
  const lite = databases.find(({ name }) => name === 'SQLite')
  if (lite === undefined) throw new Error('SQLite is one of the databases.')
  const { db } = lite
  for (const statement of createAll([things], db.dialect)) await db.run(statement)
  await db.run(insert(things).values({ n: 2n ** 62n, words: 'a word', at: 3.5 }))
  const found = select(things).from(things).where(things.words.like('a%'), things.n.gt(1n))
  expect(await db.all(found)).toEqual([{ n: 2n ** 62n, words: 'a word', at: 3.5, bare: null }])
  expectTypeOf<RowOf<typeof things>>().toEqualTypeOf<{
    n: bigint
    words: string | null
    at: unknown
    bare: unknown
  }>()
})

it('goes through JSON, where its type is given again', () => {
  const query = select(places.at).from(places).where(places.at.eq('(1,2)'))
  const again = fromJSON(JSON.parse(JSON.stringify(toJSON(query))), {}, [point]) as typeof query
  expect(again.toSQL(postgresDialect)).toEqual(query.toSQL(postgresDialect))
})

it('refuses what is no name and no type', () => {
  const wrong = /databaseType takes what the database calls a type/
  expect(() => databaseType(1 as never)).toThrow(wrong)
  expect(() => databaseType('x', sql`x` as never)).toThrow(wrong)
})
