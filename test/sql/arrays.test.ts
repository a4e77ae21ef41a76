import {
  array,
  arrayAppend,
  arrayConcat,
  arrayContainedBy,
  arrayContains,
  arrayLength,
  arrayOf,
  arrayOverlaps,
  arrayPosition,
  arrayPrepend,
  arrayRemove,
  arrayToString,
  bigint,
  boolean,
  bytes,
  createAll,
  createTable,
  date,
  deleteFrom,
  double,
  type Expression,
  elementAt,
  eqAny,
  type Family,
  greatest,
  gtAll,
  insert,
  integer,
  jsonb,
  literal,
  max,
  min,
  numeric,
  param,
  type Statement,
  select,
  sql,
  table,
  text,
  timestamp,
  timestamptz,
  update,
  uuid,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqlite, sqliteDialect } from '@espalier/dialects/sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { everyWay, refusalOf } from '../support/postgres-cases.js'
import { errorOf } from '../support/sql.js'

const lists = table('lists', {
  id: integer().primaryKey(),
  texts: array(text()),
  numbers: array(integer().notNull()),
  bigints: array(bigint()),
  numerics: array(numeric()),
  doubles: array(double()),
  booleans: array(boolean()),
  dates: array(date()),
  timestamps: array(timestamp()),
  instants: array('moments', timestamptz()),
  documents: array(jsonb<unknown>()),
  uuids: array(uuid()),
  blobs: array(bytes()),
  grid: array(array(integer()).notNull()),
})
const day = new Date('2026-11-21T10:30:00.123Z')
const hard = [
  '',
  'null',
  'NULL',
  null,
  'a"b',
  'c\\d',
  '{e,f}',
  ' g ',
  "it's",
  'a,b',
  'ünï 🙂',
  'line\nbreak',
  'x',
]
const full = {
  id: 1,
  texts: hard,
  numbers: [1, -2, 2147483647],
  bigints: [9007199254740993n, null],
  numerics: ['1.5', '-0.25'],
  doubles: [0.1, 1e300, -5],
  booleans: [true, false, null],
  dates: ['2026-11-21'],
  timestamps: [day],
  instants: [day, null],
  documents: [{ a: ['"', '\\'] }, [1, null], 'x'],
  uuids: ['6f9619ff-8b86-4d11-b42d-00cf4fc964ff'],
  blobs: [new Uint8Array([0, 255, 92]), new Uint8Array()],
  grid: [
    [1, 2],
    [3, null],
  ],
}
const { id: _, ...nothing } = Object.fromEntries(Object.keys(full).map((key) => [key, []]))

const values: readonly (readonly [name: string, statement: Statement<unknown, never>, rows: unknown[]])[] = [
  [
    'contains',
    select(lists.id)
      .from(lists)
      .where(arrayContains(lists.texts, ['a"b', '{e,f}'])),
    [1],
  ],
  [
    'is contained by',
    select(lists.id)
      .from(lists)
      .where(arrayContainedBy(lists.numbers, [1])),
    [2],
  ],
  [
    'overlaps',
    select(lists.id)
      .from(lists)
      .where(arrayOverlaps(lists.numbers, [5, -2])),
    [1],
  ],
  [
    'overlaps not',
    select(lists.id)
      .from(lists)
      .where(arrayOverlaps(lists.numbers, [5, -2]).not()),
    [2],
  ],
  [
    'equals',
    select(lists.id)
      .from(lists)
      .where(lists.numbers.eq([1, -2, 2147483647])),
    [1],
  ],
  ['is any of', select(lists.id).from(lists).where(eqAny(lists.id, lists.numbers)), [1]],
  ['is greater than all', select(lists.id).from(lists).where(gtAll(lists.id, lists.numbers)), [2]],
  [
    'functions',
    select({
      concat: arrayConcat(lists.numbers, [7]),
      append: arrayAppend(lists.numbers, 8),
      prepend: arrayPrepend(9, lists.numbers),
      remove: arrayRemove(lists.numbers, 1),
      length: arrayLength(lists.numbers),
      position: arrayPosition(lists.numbers, -2),
      none: arrayPosition(lists.numbers, 3),
      text: arrayToString(lists.numbers, ';'),
      second: elementAt(lists.numbers, 2, integer()),
      beyond: elementAt(lists.numbers, 9, integer()),
      built: arrayOf(integer(), lists.id, 5, null),
      empty: arrayOf(text()),
      value: literal(hard, array(text())),
      ofBuilt: elementAt(arrayOf(text(), 'a', 'b'), 2, text()),
    })
      .from(lists)
      .where(lists.id.eq(1)),
    [
      {
        concat: [1, -2, 2147483647, 7],
        append: [1, -2, 2147483647, 8],
        prepend: [9, 1, -2, 2147483647],
        remove: [-2, 2147483647],
        length: 3,
        position: 2,
        none: null,
        text: '1;-2;2147483647',
        second: -2,
        beyond: null,
        built: [1, 5, null],
        empty: [],
        value: hard,
        ofBuilt: 'b',
      },
    ],
  ],
]

it('within one array have one length', async () => {
  const ragged = select(literal([[1], [2, 3]], array(array(integer()))))
  const error = await errorOf(() => ragged.toSQL(postgresDialect))
  expect(error).toMatchObject({ name: 'ValueError', code: 'invalid_value' })
  expect(error.message).toMatch(/arrays of one length within an array/)
})

describe.each(await allDatabases())('arrays on $name', ({ db }) => {
  beforeAll(async () => {
    await db.run(createTable(lists))
    await db.run(insert(lists).values([full, { id: 2, ...nothing } as typeof full]))
  })

  it('come back as they were stored, as parameters and as literals', async () => {
    expect(await db.one(select(lists).from(lists).where(lists.id.eq(1)))).toEqual(full)
    expect(await db.one(select(lists).from(lists).where(lists.id.eq(2)))).toEqual({ id: 2, ...nothing })
    const { sql: script } = insert(lists)
      .values({ ...full, id: 3 })
      .toSQL(db.dialect, { inline: true })
    await db.run(sql.statement(Object.assign([script], { raw: [script] })))
    expect(await db.one(select(lists).from(lists).where(lists.id.eq(3)))).toEqual({ ...full, id: 3 })
    await db.run(deleteFrom(lists).where(lists.id.eq(3)))
  })

  it.each(values)('%s', async (_name, statement, rows) => {
    for (const way of everyWay(statement)) expect(await db.all(way)).toEqual(rows)
  })

  it('of one text but of different elements are no shared parameter of a query by group', async () => {
    const next = lists.id.add(1)
    const sums = select({ next }).from(lists).groupBy(next)
    const given = sums.where(lists.texts.eq([]), lists.numbers.eq([]))
    const written =
      'select "lists"."id" + $1 as "next" from "lists" where "lists"."texts" = $2 and "lists"."numbers" = $3 group by 1'
    expect(given.toSQL(postgresDialect)).toEqual({ sql: written, params: [1, '{}', '{}'] })
    for (const way of everyWay(given)) expect(await db.all(way)).toEqual([{ next: 3 }])
    const named = sums.where(
      lists.texts.eq(param('none', array(text()))),
      lists.numbers.eq(param('none', array(integer().notNull()))),
    )
    expect(named.toSQL(postgresDialect).sql).toBe(written)
    expect(await db.prepare(named).all({ none: [] })).toEqual([{ next: 3 }])
  })

  it('are set, loaded and given by name', async () => {
    const undo = new Error('undo')
    await db
      .transaction(async (tx) => {
        await tx.run(
          update(lists)
            .set((t) => ({ texts: arrayAppend(t.texts, 'y'), numbers: [4] }))
            .where(lists.id.eq(2)),
        )
        const byNumbers = tx.prepare(
          select({ texts: lists.texts })
            .from(lists)
            .where(lists.numbers.eq(param('numbers', array(integer().notNull())))),
        )
        expect(await byNumbers.all({ numbers: [4] })).toEqual([{ texts: ['y'] }])
        await tx.load(lists, [{ ...full, id: 4 }])
        expect(await tx.one(select(lists).from(lists).where(lists.id.eq(4)))).toEqual({ ...full, id: 4 })
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
  })
})

/** The SQL of one expression of an array on SQLite, without `select` and `from`. */
function onSqlite(expression: Expression<unknown, never, string, Family>): readonly unknown[] {
  const { sql: text, params } = select({ x: expression }).from(lists).toSQL(sqliteDialect)
  return [/^select (.*) as "x" from "lists"$/s.exec(text)?.[1], ...params]
}

describe('arrays on SQLite', () => {
  const texts = lists.texts as never
  const numbers = lists.numbers as never
  it.each<readonly [name: string, expression: unknown, sql: string, ...params: unknown[]]>([
    ['equals', lists.numbers.eq([1, -2]), '"lists"."numbers" = ?', '[1,-2]'],
    ['in', lists.texts.in([['a'], [null]]), '"lists"."texts" in (?, ?)', '["a"]', '[null]'],
    [
      'bytes',
      lists.blobs.eq([new Uint8Array([0, 255]), new Uint8Array()]),
      '"lists"."blobs" = ?',
      '["00FF",""]',
    ],
    ['times', lists.instants.eq([day]), '"lists"."moments" = ?', '["2026-11-21T10:30:00.123Z"]'],
    ['bigints', lists.bigints.eq([2n ** 63n - 1n]), '"lists"."bigints" = ?', '[9223372036854775807]'],
    [
      'decimals',
      lists.numerics.eq(['1.50', '100000000000000000000']),
      '"lists"."numerics" = ?',
      '[1.5,1e+20]',
    ],
    [
      'numbers',
      lists.doubles.eq([1, 0.1, 1 / 3, -Infinity]),
      '"lists"."doubles" = ?',
      '[1,0.1,0.3333333333333333,-9.0e+999]',
    ],
    ['booleans', lists.booleans.eq([true, false]), '"lists"."booleans" = ?', '[1,0]'],
    ['arrays', lists.grid.eq([[1], [null]]), '"lists"."grid" = ?', '[[1],[null]]'],
    ['length', arrayLength(texts), 'json_array_length("lists"."texts")'],
    ['element', elementAt(numbers, 2, integer()), '("lists"."numbers" ->> ?)', 1n],
    [
      'element by an expression',
      elementAt(lists.blobs, lists.id, bytes()),
      'unhex("lists"."blobs" ->> nullif(max("lists"."id", 0) - 1, -1))',
    ],
    [
      'append',
      arrayAppend(texts, 'x' as never),
      `json_insert(coalesce("lists"."texts", '[]'), '$[#]', ?)`,
      'x',
    ],
    ['array of', arrayOf(integer(), lists.id, 5), 'json_array("lists"."id", ?)', 5n],
    [
      'any',
      eqAny(lists.id, lists.numbers),
      `"lists"."id" in (select "value" from json_each(coalesce("lists"."numbers", '[null]')))`,
    ],
    [
      'all',
      gtAll(lists.id, arrayOf(integer().notNull(), 1)),
      '(select case when not min("lists"."id" > "value") then false when count(*) > count("lists"."id" > "value") then null else true end ' +
        `from json_each(coalesce(json_array(?), '[null]')))`,
      1n,
    ],
  ])('%s', (_name, expression, ...written) => {
    expect(onSqlite(expression as never)).toEqual(written)
  })

  it('are one text each, so that a constraint finds equal ones', async () => {
    const db = sqlite(':memory:')
    const sets = table('sets', {
      id: integer().primaryKey(),
      tags: array(text()).unique(),
      sizes: array(numeric()).unique(),
    })
    for (const statement of createAll([sets], db.dialect)) await db.run(statement)
    await db.run(insert(sets).values({ id: 1, tags: ['é/"\n\u0001', null], sizes: ['1.50', '0.30'] }))
    const made = (id: number) =>
      insert(sets).fromSelect(
        select({
          id: literal(id, integer()),
          sizes: arrayOf(numeric(), literal('1.5', numeric()), literal('0.1', numeric()).add('0.2')),
        }),
      )
    await expect(db.run(made(2))).rejects.toMatchObject({ code: 'unique_violation' })
    await expect(db.run(insert(sets).values({ id: 3, tags: ['é/"\n\u0001', null] }))).rejects.toMatchObject({
      code: 'unique_violation',
    })
    await db.close()
  })

  it('refuse what would mean something else', async () => {
    for (const [statement, message] of [
      [
        select(lists.id)
          .from(lists)
          .where(lists.numbers.gt([1])),
        /no order of arrays/,
      ],
      [
        select(lists.id)
          .from(lists)
          .where(lists.numbers.between([1], [2])),
        /no order of arrays/,
      ],
      [select(lists.id).from(lists).orderBy(lists.numbers), /no order of arrays/],
      [select({ most: max(lists.numbers) }).from(lists), /no order of arrays/],
      [select({ least: min(lists.numbers).over() }).from(lists), /no order of arrays/],
      [select({ more: greatest(lists.numbers, [1]) }).from(lists), /no order of arrays/],
      [select(arrayToString(lists.doubles, ',')).from(lists), /elements of type double/],
      [select(arrayAppend(lists.grid, [1])).from(lists), /arrays of arrays/],
    ] as const) {
      expect(await refusalOf(statement)).toMatch(message)
    }
    const nul = await errorOf(() =>
      insert(lists)
        .values({ id: 1, texts: ['a\0'] })
        .toSQL(sqliteDialect),
    )
    expect(nul.message).toMatch(/lists.texts.*without NUL/s)
    const one = await errorOf(() => elementAt(lists.grid, 1, array(integer())))
    expect(one.message).toMatch(/array of arrays would be NULL/)
  })

  it('refuse to read what is none', async () => {
    const db = sqlite(':memory:')
    const read = (text: string) => db.one(select(sql(array(integer()))`${text}`))
    for (const text of ['{}', 'x', '1']) await expect(read(text)).rejects.toThrow(/an array, stored as JSON/)
    await expect(read('["a"]')).rejects.toThrow(/whole number/)
    expect(await read(' [1, null] ')).toEqual([1, null])
    await db.close()
  })
})
