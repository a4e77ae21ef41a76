/** Rows within rows: their SQL, and what is refused. What they return is in the cases of every dialect. */
import {
  bigint,
  bytes,
  caseWhen,
  coalesce,
  deleteFrom,
  double,
  fromJSON,
  insert,
  integer,
  jsonObject,
  literal,
  nest,
  numeric,
  param,
  recursiveCte,
  type Statement,
  select,
  sql,
  table,
  text,
  timestamptz,
  toJSON,
} from '@espalier/core'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'
import { errorOf, inBoth } from '../support/sql.js'

const authors = table('authors', { id: bigint().primaryKey(), name: text().notNull() })
const books = table('books', {
  id: bigint().primaryKey(),
  authorId: bigint('author_id').notNull(),
  title: text().notNull(),
  price: numeric(),
  cover: bytes(),
  at: timestamptz(),
})
const mine = select({ title: books.title }).from(books).where(books.authorId.eq(authors.id))
const other = select({ id: books.id }).from(books)
const { postgresql, lite } = await bothDatabases()

it.each<readonly [name: string, statement: Statement<unknown>, postgres: unknown[], sqlite: unknown[]]>([
  [
    'many rows, in order and limited',
    select({ name: authors.name, books: nest.many(mine.orderBy(books.id.desc()).limit(3)) })
      .from(authors)
      .where(authors.id.gt(1n)),
    [
      'select "authors"."name", (select coalesce(json_agg(json_build_array("title")), \'[]\'::json) from (select "books"."title" from "books" where "books"."author_id" = "authors"."id" order by "books"."id" desc limit $1) as "nested") as "books" from "authors" where "authors"."id" > $2',
      3,
      1n,
    ],
    [
      'select "authors"."name", (select json_group_array(json_array("title")) from (select "books"."title" from "books" where "books"."author_id" = "authors"."id" order by "books"."id" desc limit ?)) as "books" from "authors" where "authors"."id" > ?',
      3,
      1n,
    ],
  ],
  [
    'one row',
    select(nest.one(mine)).from(authors),
    [
      'select (select json_agg(json_build_array("title")) from (select "books"."title" from "books" where "books"."author_id" = "authors"."id") as "nested") as "value" from "authors"',
    ],
    [
      'select (select nullif(json_group_array(json_array("title")), \'[]\') from (select "books"."title" from "books" where "books"."author_id" = "authors"."id")) as "value" from "authors"',
    ],
  ],
  [
    'what JSON would lose',
    select({ rows: nest.many(select(books).from(books)) }),
    [
      'select (select coalesce(json_agg(json_build_array("id"::text, "authorId"::text, "title", "price"::text, "cover"::text, "at")), \'[]\'::json) from (select "books"."id", "books"."author_id" as "authorId", "books"."title", "books"."price", "books"."cover", "books"."at" from "books") as "nested") as "rows"',
    ],
    [
      'select (select json_group_array(json_array(cast("id" as text), cast("authorId" as text), "title", "price", case when "cover" is not null then hex("cover") end, "at")) from (select "books"."id", "books"."author_id" as "authorId", "books"."title", "books"."price", "books"."cover", "books"."at" from "books")) as "rows"',
    ],
  ],
  [
    'rows within rows',
    select({
      authors: nest.many(
        select({ id: authors.id, books: nest.many(mine.limit(1)) })
          .from(authors)
          .limit(2),
      ),
    }),
    [
      'select (select coalesce(json_agg(json_build_array("id"::text, "books")), \'[]\'::json) from (select "authors"."id", (select coalesce(json_agg(json_build_array("title")), \'[]\'::json) from (select "books"."title" from "books" where "books"."author_id" = "authors"."id" limit $1) as "nested") as "books" from "authors" limit $2) as "nested") as "authors"',
      1,
      2,
    ],
    [
      'select (select json_group_array(json_array(cast("id" as text), json("books"))) from (select "authors"."id", (select json_group_array(json_array("title")) from (select "books"."title" from "books" where "books"."author_id" = "authors"."id" limit ?)) as "books" from "authors" limit ?)) as "authors"',
      1,
      2,
    ],
  ],
])('%s', (_name, statement, postgres, sqlite) => {
  expect(inBoth(statement)).toEqual({ postgres, sqlite })
})

describe('values at the edges', () => {
  it('come as they do at the top, on PostgreSQL', async () => {
    const row = {
      nan: literal(NaN, double()),
      infinite: literal(-Infinity, double()),
      zero: sql(double())`'-0'::float8`,
      least: literal(5e-324, double()),
      numeric: literal('123456789012345678901234567890.123456789', numeric()),
      notANumber: sql(numeric())`'NaN'::numeric`,
      bytes: literal(new Uint8Array([0, 92, 255]), bytes()),
      yes: sql<boolean>`1 = 1`,
      no: sql<boolean>`1 = 2`,
      raw: sql<Date>`'2026-01-02T03:04:05.678Z'::timestamptz`,
      document: sql<unknown>`'{"a": [1]}'::jsonb`,
      integers: sql<string>`'{1,2}'::int[]`,
    }
    const expected = await postgresql.one(select(row))
    const { rows, one } = await postgresql.one(
      select({ rows: nest.many(select(row)), one: nest.one(select(row)) }),
    )
    expect(rows).toEqual([expected])
    expect(one).toEqual(expected)
    expect(expected).toMatchObject({ nan: NaN, infinite: -Infinity, zero: 0, yes: true, no: false })
  })
  it('come as they do at the top, on SQLite', async () => {
    const row = {
      sum: sql(bigint())`9223372036854775807`,
      great: literal(1.7976931348623157e308, double()),
      infinite: sql(double())`-9e999`,
      third: sql(double())`1.0 / 3`,
      zero: sql(double())`-0.0`,
      text: literal('a\u0000"\\\u001f', text()),
      bytes: literal(new Uint8Array([0, 92, 255]), bytes()),
      raw: sql<number>`9007199254740993`,
      blob: sql<Uint8Array>`x'0102'`,
      real: sql<number>`0.1`,
    }
    const expected = await lite.one(select(row))
    expect(await lite.one(select(nest.many(select(row))))).toEqual([expected])
    expect(expected).toMatchObject({ sum: 9223372036854775807n, raw: 9007199254740993n, third: 1 / 3 })
  })
  it('are refused as they are at the top, with the way to them', async () => {
    const bad = nest.many(select({ list: nest.many(select({ n: sql(integer())`2.5` })) }))
    const error = await errorOf(() => lite.all(select({ rows: bad })))
    expect(error.message).toContain('Column "rows": Column "list": Column "n": 2.5 is no value for integer')
  })
})

describe('refused is', () => {
  it.each<readonly [name: string, build: () => unknown, code: string, message: RegExp]>([
    [
      'what is no query',
      () => nest.many(deleteFrom(books).everyRow().returning({ id: books.id })),
      'invalid_query',
      /^nest.many\(…\) takes a select, not delete/,
    ],
    ['nothing', () => nest.one(undefined as never), 'invalid_query', /takes a select, not undefined/],
    [
      'columns that SQLite takes for one',
      () => nest.many(select({ a: books.id, A: books.title }).from(books)),
      'duplicate_column',
      /'a' and 'A'/,
    ],
    [
      'a set operation of rows of other columns',
      () =>
        select({ rows: nest.many(mine) })
          .from(authors)
          .unionAll(select({ rows: nest.many(other) }).from(authors)),
      'no_operator',
      /union all/,
    ],
    ['an order by them', () => select(authors.id).from(authors).orderBy(nest.many(mine)), 'no_operator', /./],
    ['a group by them', () => select(authors.id).from(authors).groupBy(nest.many(mine)), 'no_operator', /./],
    [
      'one or the other',
      () => coalesce(nest.one(mine) as never, nest.one(other) as never),
      'mixed_types',
      /different columns/,
    ],
    [
      'a value in their place',
      () => coalesce(nest.one(mine), { title: 'none' }),
      'mixed_types',
      /or stand beside a value/,
    ],
    [
      'one or the other, by a condition',
      () => caseWhen(authors.id.gt(1n), nest.one(mine)).else(nest.one(other)),
      'mixed_types',
      /different columns/,
    ],
    ['a part of a document', () => jsonObject({ rows: nest.many(mine) }), 'invalid_part', /nested json/],
    [
      'a recursive CTE of rows of other columns',
      () =>
        recursiveCte('chain', select({ id: authors.id, rows: nest.many(mine) }).from(authors), (self) =>
          select({ id: self.id, rows: nest.many(other) as never as typeof self.rows }).from(self),
        ),
      'mixed_types',
      /Nest them where the CTE is used/,
    ],
  ])('%s', async (_name, build, code, message) => {
    const error = await errorOf(build)
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(message)
  })

  it('a source that is nowhere', async () => {
    const error = await errorOf(() => select({ books: nest.many(mine) }).toSQL(sqliteDialect))
    expect(error.code).toBe('missing_source')
  })
  it('a column around that is neither grouped by nor aggregated, on SQLite', async () => {
    const statement = select({ name: authors.name, books: nest.many(mine) })
      .from(authors)
      .groupBy(authors.name)
    const error = await errorOf(() => statement.toSQL(sqliteDialect))
    expect(error.code).toBe('ungrouped_column')
  })
  it('a query of the table that is written, on SQLite', async () => {
    const statement = insert(books)
      .values({ id: 1n, authorId: 1n, title: 'x' })
      .returning({ all: nest.many(select(books.id).from(books)) })
    const error = await errorOf(() => statement.toSQL(sqliteDialect))
    expect(error.code).toBe('unsupported')
  })
  it('a nested row more than one, by name', async () => {
    const two = select({ id: sql(integer())`1` }).unionAll(select({ id: sql(integer())`2` }))
    for (const db of [postgresql, lite]) {
      const error = await errorOf(() => db.all(select({ it: nest.one(two) })))
      expect(error.code).toBe('too_many_rows')
      expect(error.message).toContain('returned 2 rows')
    }
  })
})

it('what comes from JSON is read as before, through a subquery and a CTE', async () => {
  const inner = select({
    rows: nest.many(select({ at: sql(timestamptz())`'2026-01-02T03:04:05.678Z'`, n: param('n', bigint()) })),
  })
  const sub = inner.as('sub')
  const whole = select({ again: sub.rows }).from(sub)
  const read = fromJSON(JSON.parse(JSON.stringify(toJSON(whole)))) as typeof whole
  const rows = await lite.prepare(read).one({ n: 9007199254740993n })
  expect(rows).toEqual({ again: [{ at: new Date('2026-01-02T03:04:05.678Z'), n: 9007199254740993n }] })
  const broken = JSON.parse(
    JSON.stringify(toJSON(whole)).replaceAll('"labels":["at","n"]', '"labels":["at"]'),
  )
  expect((await errorOf(() => fromJSON(broken))).code).toBe('invalid_json')
})
