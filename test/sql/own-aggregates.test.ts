import {
  bigint,
  createTable,
  defineAggregate,
  defineFunction,
  defineWindowFunction,
  double,
  insert,
  integer,
  select,
  table,
  text,
} from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { everyWay, postgresDatabases } from '../support/postgres-cases.js'
import { errorOf, inBoth } from '../support/sql.js'

const items = table('items', {
  id: integer().primaryKey(),
  kind: text().notNull(),
  n: integer(),
})
const rows = [
  { id: 1, kind: 'a', n: 2 },
  { id: 2, kind: 'a', n: 3 },
  { id: 3, kind: 'b', n: null },
]
const bitOr = defineAggregate('bit_or', [integer()], integer())
const product = defineAggregate('product', [integer()], double().notNull())
const doubled = defineFunction('doubled', [integer()], integer())
const rowNumber = defineWindowFunction('row_number', [], bigint().notNull())
const lag = defineWindowFunction('lag', [integer(), integer(), integer()], integer())
// The name of one that SQLite has otherwise: an own one is called as it is named.
const joined = defineAggregate('string_agg', [text(), text()], text())

it('they are called as they are named, with all that may follow an aggregate', () => {
  const statement = select({
    plain: bitOr(items.n),
    parts: joined(items.kind, ';').distinct().orderBy(items.kind).filter(items.id.gt(1)),
    window: product(items.n).over({ orderBy: items.id }),
    number: rowNumber().over({ partitionBy: items.kind, orderBy: items.id.desc() }),
    before: lag(items.n, 1, -1).over({ orderBy: items.id }),
  }).from(items)
  const tail = (p: readonly string[]) =>
    'select bit_or("items"."n") as "plain", ' +
    `string_agg(distinct "items"."kind", ${p[0]} order by "items"."kind") filter (where "items"."id" > ${p[1]}) as "parts", ` +
    'product("items"."n") over (order by "items"."id") as "window", ' +
    'row_number() over (partition by "items"."kind" order by "items"."id" desc) as "number", ' +
    `lag("items"."n", ${p[2]}, ${p[3]}) over (order by "items"."id") as "before" from "items"`
  expect(inBoth(statement)).toEqual({
    postgres: [tail(['$1::text', '$2', '$3::integer', '$4::integer']), ';', 1, 1, -1],
    sqlite: [tail(['?', '?', '?', '?']), ';', 1, 1n, -1n],
  })
})

describe.each(await postgresDatabases())('on $name', ({ db }) => {
  it('they give rows', async () => {
    await db.run(createTable(items))
    await db.run(insert(items).values(rows))
    const byKind = select({ kind: items.kind, or: bitOr(items.n) })
      .from(items)
      .groupBy(items.kind)
      .orderBy(items.kind)
    for (const way of everyWay(byKind)) {
      expect(await db.all(way)).toEqual([
        { kind: 'a', or: 3 },
        { kind: 'b', or: null },
      ])
    }
    const numbered = select({
      n: rowNumber().over({ orderBy: items.id }),
      before: lag(items.n, 1, 0).over({ orderBy: items.id }),
    })
      .from(items)
      .orderBy(items.id)
    for (const way of everyWay(numbered)) {
      expect(await db.all(way)).toEqual([
        { n: 1n, before: 0 },
        { n: 2n, before: 2 },
        { n: 3n, before: 3 },
      ])
    }
  })
})

it('SQLite computes those of the program', async () => {
  const handle = new Database(':memory:')
  handle.aggregate('product', {
    start: 1,
    step: (total: number, factor: number | null) => total * (factor ?? 1),
    inverse: (total: number, factor: number | null) => total / (factor ?? 1),
  })
  handle.function('doubled', (n: number | null) => (n === null ? null : n * 2))
  const db = sqlite(handle)
  await db.run(createTable(items))
  await db.run(insert(items).values(rows))
  expect(await db.scalar(select(product(items.n)).from(items))).toBe(6)
  expect(await db.scalar(select(product(items.n)).from(items).where(items.id.gt(9)))).toBe(1)
  expect(
    await db.all(
      select({ double: doubled(items.n), running: product(items.n).over({ orderBy: items.id }) })
        .from(items)
        .orderBy(items.id),
    ),
  ).toEqual([
    { double: 4, running: 2 },
    { double: 6, running: 6 },
    { double: null, running: 6 },
  ])
  handle.close()
})

it('names and numbers of arguments that do not fit are refused', async () => {
  for (const [work, message] of [
    [() => defineAggregate('a b', [], text()), /defineAggregate\("a b", …\): this is no name/],
    [() => defineWindowFunction('x(', [], text()), /this is no name/],
    [
      () => (bitOr as (...all: unknown[]) => unknown)(items.n, 1),
      /declared with 1 arguments; it was given 2/,
    ],
    [() => (lag as (...all: unknown[]) => unknown)(items.n), /declared with 3 arguments; it was given 1/],
    [() => bitOr(undefined as never), /undefined is never a value/],
    [
      () => select(items.id).from(items).where(bitOr(items.n).gt(1)).toSQL(sqlite(':memory:').dialect),
      /aggregate bit_or\(…\) cannot stand in where/,
    ],
    [
      () =>
        select(bitOr(product(items.n) as never))
          .from(items)
          .toSQL(sqlite(':memory:').dialect),
      /cannot stand inside another/,
    ],
  ] as const) {
    expect((await errorOf(work)).message).toMatch(message)
  }
})
