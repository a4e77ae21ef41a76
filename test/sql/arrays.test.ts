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
  createTable,
  date,
  deleteFrom,
  double,
  elementAt,
  eqAny,
  gtAll,
  insert,
  integer,
  jsonb,
  literal,
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
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { everyWay, postgresDatabases, refusalOf } from '../support/postgres-cases.js'
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

describe.each(await postgresDatabases())('arrays on $name', ({ db }) => {
  beforeAll(async () => {
    await db.run(createTable(lists))
    await db.run(insert(lists).values([full, { id: 2, ...nothing } as typeof full]))
  })

  it('come back as they were stored, as parameters and as literals', async () => {
    expect(await db.one(select(lists).from(lists).where(lists.id.eq(1)))).toEqual(full)
    expect(await db.one(select(lists).from(lists).where(lists.id.eq(2)))).toEqual({ id: 2, ...nothing })
    const { sql: script } = insert(lists)
      .values({ ...full, id: 3 })
      .toSQL(postgresDialect, { inline: true })
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

it('are refused by SQLite, with what to do instead', async () => {
  for (const statement of [
    createTable(lists),
    ...values.filter(([name]) => name !== 'is greater than all').map(([, statement]) => statement),
  ]) {
    expect(await refusalOf(statement as Statement<unknown>)).toMatch(
      /SQLite has no (arrays|comparison).*\. \w/,
    )
  }
  expect(() =>
    insert(lists)
      .values({ id: 1, numbers: [1] })
      .toSQL(sqliteDialect),
  ).toThrow(/no arrays/)
})
