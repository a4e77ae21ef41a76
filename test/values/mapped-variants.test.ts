import {
  array,
  bytes,
  cast,
  createTable,
  double,
  insert,
  integer,
  json,
  mapped,
  nest,
  numeric,
  select,
  table,
  text,
  varchar,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { keepsValues } from '../support/round-trip.js'
import { errorOf } from '../support/sql.js'

const cents = mapped(numeric({ precision: 12, scale: 2 }), {
  name: 'cents',
  encode: (value: number) => (value / 100).toFixed(2),
  decode: (decimal) => Math.round(Number(decimal) * 100),
  sqlite: { type: integer(), encode: (value) => value, decode: (stored) => stored },
})
const code = mapped(varchar(4), {
  name: 'code',
  encode: (value: string) => value.toUpperCase(),
  decode: (stored) => stored,
  sqlite: {
    type: bytes(),
    encode: (value) => new TextEncoder().encode(value.toUpperCase()),
    decode: (stored) => new TextDecoder().decode(stored),
  },
})
const list = mapped(array(text().notNull()), {
  name: 'list',
  encode: (value: readonly string[]) => [...value],
  decode: (items): readonly string[] => items,
  sqlite: { type: json<string[]>(), encode: (value) => [...value], decode: (items) => items },
})
const prices = table('prices', {
  id: integer().primaryKey(),
  price: cents.notNull(),
  code: code.notNull(),
  list,
})

const databases = await allDatabases()

describe('a mapped type with another type on SQLite', () => {
  it('is each in its place', () => {
    expect(createTable(prices).toSQL(postgresDialect).sql).toContain(
      '"price" numeric(12, 2) not null, "code" varchar(4) not null, "list" text[]',
    )
    expect(createTable(prices).toSQL(sqliteDialect).sql).toContain(
      '"price" integer not null, "code" blob not null, "list" text',
    )
    const row = insert(prices).values({ id: 1, price: 1990, code: 'abc', list: ['a'] })
    expect(row.toSQL(postgresDialect).params).toEqual([1, '19.9', 'ABC', '{a}'])
    expect(row.toSQL(sqliteDialect).params).toEqual([1, 1990, new TextEncoder().encode('ABC'), '["a"]'])
  })

  const kinds = [
    { name: 'cents', type: cents, values: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }) },
    {
      name: 'halves',
      type: mapped(integer(), {
        name: 'halves',
        encode: (value: number) => value * 2,
        decode: (stored) => stored / 2,
        sqlite: { type: double(), encode: (value) => value, decode: (stored) => stored },
      }),
      values: fc.integer({ min: -1000, max: 1000 }).map((value) => value / 2 + 0),
    },
    { name: 'code', type: code, values: fc.stringMatching(/^[A-Z]{0,4}$/) },
    {
      name: 'list',
      type: list,
      values: fc.array(fc.stringMatching(/^[a-z",{}]*$/)),
      comparable: false as const,
    },
  ].flatMap((kept) =>
    databases
      // An array of arrays needs arrays of one length.
      .filter(({ name }) => kept.name !== 'list' || name === 'SQLite')
      .map(({ name, db }) => ({ ...kept, database: name, db })),
  )
  it.each(kinds)('$name keeps its values on $database', async ({ db, ...kept }) => {
    await keepsValues(db, kept)
  })

  it.each(databases)('is read within nested rows, and cast, on $name', async ({ db }) => {
    await db.run(createTable(prices))
    await db.run(insert(prices).values({ id: 1, price: 1990, code: 'abc', list: ['a', 'b'] }))
    const row = { id: 1, price: 1990, code: 'ABC', list: ['a', 'b'] }
    const others = prices.as('others')
    expect(await db.all(select({ all: nest.many(select(others).from(others)) }).from(prices))).toEqual([
      { all: [row] },
    ])
    const found = select({ id: prices.id }).from(prices).where(prices.price.gt(1989), prices.code.eq('aBc'))
    expect(await db.all(found)).toEqual([{ id: 1 }])
    expect(await db.scalar(select(cast(prices.code, text())).from(prices))).toBe('ABC')
  })

  it('refuses what is no type', async () => {
    const wrong = await errorOf(() =>
      mapped(text(), { name: 'x', encode: String, decode: String, sqlite: 'blob' as never }),
    )
    expect(wrong.message).toContain(
      'mapped takes sqlite: { type, encode, decode } with a type such as text()',
    )
  })
})
