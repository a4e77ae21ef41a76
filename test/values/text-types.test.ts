import {
  array,
  arrayContainedBy,
  arrayContains,
  arrayOverlaps,
  arrayPosition,
  arrayRemove,
  arrayReplace,
  cast,
  char,
  citext,
  coalesce,
  count,
  createAll,
  createEnum,
  createTable,
  dropEnum,
  enumType,
  eqAny,
  fromJSON,
  insert,
  integer,
  type Json,
  jsonObject,
  literal,
  mapped,
  max,
  neAll,
  type Predicate,
  type Statement,
  select,
  smallint,
  sql,
  table,
  text,
  time,
  toJSON,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { type KeptType, keepsValues } from '../support/round-trip.js'
import { errorOf, inBoth } from '../support/sql.js'

const mood = enumType('mood "of" a day', ['sad', "it's ok", 'back\\slash', '', 'ünïcode'])
const databases = await allDatabases()

beforeAll(async () => {
  for (const { db } of databases) if (db.dialect.lacks.textTypes !== true) await db.run(createEnum(mood))
})

const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'))
const TYPES: readonly KeptType[] = [
  {
    name: 'smallint',
    type: smallint(),
    values: fc.integer({ min: -32768, max: 32767 }),
    edges: [-32768, 0, 32767],
  },
  {
    name: 'char',
    type: char(3),
    values: fc.string({
      unit: fc.constantFrom('a', 'B', 'é', '𝒳', "'", '\\', '7'),
      minLength: 3,
      maxLength: 3,
    }),
  },
  {
    name: 'time',
    type: time(),
    values: fc
      .tuple(two(23), two(59), two(59), fc.integer({ min: 0, max: 999_999 }))
      .map(([hour, minute, second, micros]) => {
        const fraction = String(micros).padStart(6, '0').replace(/0+$/, '')
        return `${hour}:${minute}:${second}${fraction === '' ? '' : `.${fraction}`}`
      }),
    edges: ['00:00:00', '23:59:59.999999'],
  },
  { name: 'mood', type: mood(), values: fc.constantFrom(...mood.values), edges: mood.values },
]

const days = table('days', {
  id: integer().primaryKey(),
  mood: mood().notNull().default("it's ok"),
  opens: time(),
  code: char(2),
  small: smallint('count'),
})

describe.each(databases)('$name', ({ db }) => {
  it.each(TYPES)('keeps any $name', (kept) => keepsValues(db, kept))

  it('creates tables with enums, and refuses what others would store', async () => {
    const other = enumType('level', ['low', 'high'])
    const readings = table('readings', {
      id: integer().primaryKey(),
      level: other().notNull(),
      again: other(),
    })
    for (const statement of createAll([readings], db.dialect)) await db.run(statement)
    await db.run(insert(readings).values({ id: 1, level: 'low' }))
    expect(
      await db.all(
        select(readings)
          .from(readings)
          .where(readings.level.in(['low', 'high'])),
      ),
    ).toEqual([{ id: 1, level: 'low', again: null }])
    const bypass = sql.statement`insert into "readings" ("id", "level") values (2, 'none')`
    await expect(db.run(bypass as never)).rejects.toBeDefined()
  })

  it('computes with them', async () => {
    await db.run(createTable(days))
    await db.run(insert(days).values([{ id: 1, opens: '08:30', code: 'DE', small: 7 }]))
    const row = select({
      next: days.small.add(1),
      early: days.opens.lt('09:00:00'),
      latest: max(days.opens),
      document: jsonObject({ mood: days.mood, opens: days.opens, small: days.small, code: days.code }),
      text: cast(days.mood, text()),
      mood: cast(sql(text().notNull())`'sad'`, mood),
    })
      .from(days)
      .groupBy(days.id)
    expect(await db.all(row)).toEqual([
      {
        next: 8,
        early: true,
        latest: '08:30:00',
        document: { mood: "it's ok", opens: '08:30:00', small: 7, code: 'DE' },
        text: "it's ok",
        mood: 'sad',
      },
    ])
  })
})

describe('Types of texts', () => {
  it('are types where the database has them, and texts elsewhere', () => {
    expect(inBoth(createTable(days))).toEqual({
      postgres: [
        'create table "days" ("id" integer not null, ' +
          `"mood" "mood ""of"" a day" not null default 'it''s ok'::"mood ""of"" a day", "opens" time, "code" char(2), ` +
          '"count" smallint, constraint "days_pkey" primary key ("id"))',
      ],
      sqlite: [
        'create table "days" ("id" integer not null, ' +
          `"mood" text check ("mood" in ('sad', 'it''s ok', 'back\\slash', '', 'ünïcode')) not null default 'it''s ok', ` +
          '"opens" text, "code" text, "count" integer, constraint "days_pkey" primary key ("id"))',
      ],
    })
    expect(createEnum(mood).toSQL(postgresDialect).sql).toBe(
      `create type "mood ""of"" a day" as enum ('sad', 'it''s ok', E'back\\\\slash', '', 'ünïcode')`,
    )
    expect(dropEnum(mood, { ifExists: true }).toSQL(postgresDialect).sql).toBe(
      'drop type if exists "mood ""of"" a day"',
    )
    const named = table('named', { email: citext().notNull() })
    expect(inBoth(createTable(named))).toEqual({
      postgres: ['create table "named" ("email" citext not null)'],
      sqlite: ['create table "named" ("email" text collate nocase not null)'],
    })
    expect(
      inBoth(
        select({ v: cast(named.email, citext()) })
          .from(named)
          .where(named.email.eq('A')),
      ),
    ).toEqual({
      postgres: [
        'select cast("named"."email" as citext) as "v" from "named" where "named"."email" = $1',
        'A',
      ],
      sqlite: ['select cast("named"."email" as text) as "v" from "named" where "named"."email" = ?', 'A'],
    })
  })

  it('create each enum once, also of arrays and of mapped values', () => {
    const shout = mapped(mood, { name: 'shout', encode: (s: string) => s as 'sad', decode: String })
    const all = table('all', { a: mood(), b: array(mood), c: shout })
    const kinds = createAll([days, all], postgresDialect).map(({ kind }) => kind)
    expect(kinds).toEqual(['createEnum', 'createTable', 'createTable'])
    expect(createAll([days], sqliteDialect).map(({ kind }) => kind)).toEqual(['createTable'])
  })

  it('are compared without regard to case on SQLite, if they are to be', async () => {
    const { db } = databases[2]!
    const people = table('people', { email: citext().notNull() })
    await db.run(createTable(people))
    await db.run(insert(people).values({ email: 'Ann@X.org' }))
    expect(await db.all(select(people).from(people).where(people.email.eq('ann@x.ORG')))).toEqual([
      { email: 'Ann@X.org' },
    ])
  })

  it('are compared without regard to case also within arrays', async () => {
    const kept = table('caseless arrays', {
      id: integer().primaryKey(),
      names: array(citext()),
      name: citext(),
      plain: text(),
    })
    const ids = (...where: Predicate<'caseless arrays'>[]) =>
      select(kept.id)
        .from(kept)
        .where(...where)
        .orderBy(kept.id)
    const names = literal(['aB', 'C'], array(citext()))
    const other = kept.as('other')
    const cases: readonly (readonly [Statement<unknown, never>, readonly unknown[]])[] = [
      [ids(kept.names.eq(['aB', 'C'])), [1, 2]],
      [ids(kept.names.in([['aB', 'C']])), [1, 2]],
      [ids(kept.names.ne(['aB', 'C'])), [3]],
      [ids(names.eq(kept.names)), [1, 2]],
      [ids(eqAny(kept.name, kept.names)), [1, 2]],
      [ids(eqAny(kept.name, names)), [1, 2]],
      [ids(neAll(kept.name, kept.names)), [3]],
      [ids(eqAny(coalesce(kept.name, 'x'), kept.names)), [1, 2]],
      // Beside a text that has regard to case, so have they.
      [ids(eqAny(kept.plain, kept.names)), [2]],
      [ids(arrayContains(kept.names, ['c'])), [1, 2]],
      [ids(arrayContainedBy(kept.names, ['AB', 'c', 'd'])), [1, 2]],
      [ids(arrayOverlaps(kept.names, ['Q', 'Z'])), [3]],
      [ids(kept.name.in(select(kept.plain).from(kept))), [1]],
      [ids(coalesce(kept.name, 'x').in(select(other.name).from(other).where(other.id.eq(2)))), [1, 2]],
      [
        select({
          at: arrayPosition(kept.names, 'c'),
          without: arrayRemove(kept.names, 'c'),
          other: arrayReplace(kept.names, 'c', 'D'),
        })
          .from(kept)
          .where(kept.id.eq(1)),
        [{ at: 2, without: ['AB'], other: ['AB', 'D'] }],
      ],
      [
        select({ n: count() })
          .from(kept)
          .groupBy(kept.names)
          .orderBy((row) => row.n),
        [{ n: 1 }, { n: 2 }],
      ],
    ]
    for (const { name, db } of databases) {
      if (name === 'PGlite') continue
      if (name === 'PostgreSQL') await db.run(sql.statement`create extension if not exists citext`)
      await db.run(createTable(kept))
      await db.run(
        insert(kept).values([
          { id: 1, names: ['AB', 'C'], name: 'ab', plain: 'Ab' },
          { id: 2, names: ['ab', 'c'], name: 'aB', plain: 'ab' },
          { id: 3, names: ['z'], name: 'q', plain: 'Z' },
        ]),
      )
      for (const [i, [statement, rows]] of cases.entries()) {
        expect(await db.all(statement), `case ${i} on ${name}`).toEqual(rows)
      }
    }
    const again = insert(kept).values({ id: 9, names: [], name: null, plain: null })
    expect(createTable(table('t', { all: array(array(citext())).unique() })).toSQL(sqliteDialect).sql).toBe(
      'create table "t" ("all" text collate nocase, constraint "t_all_key" unique ("all"))',
    )
    expect(again.toSQL(sqliteDialect).params).toEqual([9, '[]', null, null])
  })

  it('are compared and ordered without regard to case also where expressions make them', async () => {
    const people = table('caseless', { id: integer().primaryKey(), email: citext(), plain: text().notNull() })
    const others = select({ email: coalesce(people.email, 'z'), id: people.id })
      .from(people)
      .as('others')
    const ids = select(people.id).from(people).orderBy(people.id)
    const own = literal('AB', citext())
    const cases: readonly (readonly [Statement<unknown, never>, readonly unknown[]])[] = [
      [ids.where(coalesce(people.email, 'x').eq('aB')), [1, 2]],
      [ids.where(own.eq(literal('ab', citext())), people.id.eq(1)), [1]],
      [ids.where(coalesce(people.email, 'x').in(['aB', 'q'])), [1, 2]],
      [ids.where(coalesce(people.email, 'x').between('aA', 'aC')), [1, 2]],
      [ids.where(coalesce(people.email, 'x').ne('aB')), [3]],
      [ids.where(people.email.eq(people.plain)), [2]],
      [ids.where(people.plain.eq(people.email)), [2]],
      [select(others.id).from(others).where(others.email.eq('Ab')).orderBy(others.id), [1, 2]],
      [select(people.id).from(people).orderBy(coalesce(people.email, 'Aa'), people.id), [3, 1, 2]],
      [
        select({ v: coalesce(people.email, 'Aa'), id: people.id })
          .from(people)
          .orderBy((row) => [row.v, row.id]),
        [
          { v: 'Aa', id: 3 },
          { v: 'AB', id: 1 },
          { v: 'ab', id: 2 },
        ],
      ],
      [select({ same: max(people.email).eq('aB') }).from(people), [{ same: true }]],
    ]
    for (const { name, db } of databases) {
      if (name === 'PGlite') continue
      if (name === 'PostgreSQL') await db.run(sql.statement`create extension if not exists citext`)
      await db.run(createTable(people))
      await db.run(
        insert(people).values([
          { id: 1, email: 'AB', plain: 'ab' },
          { id: 2, email: 'ab', plain: 'ab' },
          { id: 3, email: null, plain: 'x' },
        ]),
      )
      for (const [i, [statement, rows]] of cases.entries()) {
        expect([name, i, await db.all(statement)]).toEqual([name, i, rows])
      }
    }
    expect(ids.where(coalesce(people.email, 'x').eq('aB')).toSQL(sqliteDialect).sql).toContain(
      'coalesce("caseless"."email", ?) collate "nocase" = ?',
    )
  })

  it('are refused with their column where a value does not fit', async () => {
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const message = async (row: object) =>
        (
          await errorOf(() =>
            insert(days)
              .values({ id: 1, ...row } as never)
              .toSQL(dialect),
          )
        ).message
      expect(await message({ mood: 'glad' })).toMatch(
        /^days.mood: "glad" is no value for enum mood .*: expected one of 'sad', /,
      )
      expect(await message({ opens: '24:00:00' })).toMatch(/^days.opens: /)
      expect(await message({ opens: '8:30' })).toMatch(/^days.opens: .* a time of day such as '10:30:00'/)
      expect(await message({ opens: '08:30:00.1234567' })).toMatch(/^days.opens: /)
      expect(await message({ code: 'D' })).toMatch(
        /^days.code: "D" is no value for char\(2\): expected 2 characters/,
      )
      expect(await message({ code: 'DEU' })).toMatch(/^days.code: /)
      expect(await message({ small: 32768 })).toMatch(/^days.count: 32768 .* from -32768 to 32767/)
      expect(await message({ small: 1.5 })).toMatch(/^days.count: /)
    }
  })

  it('are refused where they are declared wrongly', async () => {
    for (const make of [
      () => enumType('', ['a']),
      () => enumType('x', []),
      () => enumType('x', ['a', 'a']),
      () => enumType('x', [1] as never),
      () => char(0),
      () => char('x' as never),
    ]) {
      expect(await errorOf(make)).toMatchObject({ code: 'invalid_type' })
    }
    expect((await errorOf(() => createEnum(mood).toSQL(sqliteDialect))).message).toMatch(/Leave this out/)
    expect((await errorOf(() => dropEnum(mood).toSQL(sqliteDialect))).name).toBe('UnsupportedError')
  })

  it('are read from JSON, if that is of enums', async () => {
    const json = JSON.parse(JSON.stringify(toJSON(createEnum(mood)))) as Json
    expect(fromJSON(json)).toMatchObject({ kind: 'createEnum' })
    const wrong = JSON.parse(JSON.stringify(json).replace('"sad"', '5')) as Json
    expect(await errorOf(() => fromJSON(wrong))).toMatchObject({ code: 'invalid_json' })
  })
})
