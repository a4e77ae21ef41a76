import {
  array,
  arrayAgg,
  avg,
  bytes,
  cast,
  createTable,
  double,
  eqAny,
  floor,
  insert,
  integer,
  json,
  mapped,
  max,
  nest,
  numeric,
  round,
  type Statement,
  select,
  sum,
  table,
  text,
  update,
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
    const asText = select(cast(prices.code, text())).from(prices)
    if (db.dialect !== sqliteDialect) expect(await db.scalar(asText)).toBe('ABC')
    else
      expect(() => asText.toSQL(sqliteDialect)).toThrow(
        'SQLite has no code(4) beside text: values of code are stored as',
      )
  })

  it('refuses what would mean something else on SQLite', async () => {
    const fees = table('fees', {
      id: integer().primaryKey(),
      fee: cents.notNull(),
      limit: cents.notNull(),
      fees: array(cents),
      plain: numeric({ precision: 12, scale: 2 }).notNull(),
      plains: array(numeric({ precision: 12, scale: 2 })),
    })
    const { postgresql, lite } = { postgresql: databases[0]!.db, lite: databases[2]!.db }
    const row = { id: 1, fee: 150, limit: 150, fees: [150, 200], plain: '1.50', plains: ['1.50', '2.00'] }
    for (const db of [postgresql, lite]) {
      await db.run(createTable(fees))
      await db.run(insert(fees).values(row))
    }
    const plain = select(fees.plain).from(fees)
    const id = select({ id: fees.id }).from(fees)
    const mixed: readonly Statement<unknown>[] = [
      id.where(fees.fee.eq(fees.plain)),
      id.where(fees.plain.gte(fees.fee)),
      id.where(fees.fee.in([fees.plain, 5])),
      id.where(fees.fee.in(plain as never)),
      id.where(fees.fee.between(fees.plain, fees.plain)),
      id.where(eqAny(fees.plain as never, fees.fees)),
      id.where(eqAny(fees.fee as never, plain as never)),
      id.where(fees.fees.eq(fees.plains as never)),
      select({ cast: cast(fees.fee, numeric()) }).from(fees),
      select({ cast: cast(fees.plain, cents) }).from(fees),
      select({ mean: avg(fees.fee) }).from(fees),
      select({ sum: fees.fee.add(fees.plain as never) }).from(fees),
      update(fees)
        .set({ plain: fees.fee as never })
        .everyRow(),
      update(fees)
        .set({ fees: fees.plains as never })
        .everyRow(),
      insert(fees).fromSelect(
        select({ id: fees.id.add(1), fee: fees.plain as never, limit: fees.fee, plain: fees.plain }).from(
          fees,
        ),
      ),
    ]
    for (const [i, statement] of mixed.entries()) {
      statement.toSQL(postgresDialect)
      const { message, code } = await errorOf(() => statement.toSQL(sqliteDialect))
      expect([i, code, message]).toEqual([
        i,
        'unsupported',
        expect.stringContaining('are stored as integer there'),
      ])
    }
    const { message } = await errorOf(() => mixed[0]!.toSQL(sqliteDialect))
    expect(message).toBe(
      'SQLite has no cents(12, 2) beside numeric(12, 2): values of cents are stored as integer there. ' +
        'Give both columns one type, or bring one to the other in the program.',
    )
    const computed = [fees.fee.mul(3), fees.fee.div(3), round(fees.fee, 1), floor(fees.fee)]
    for (const value of computed) {
      const { message } = await errorOf(() =>
        select({ value: value as never })
          .from(fees)
          .toSQL(sqliteDialect),
      )
      expect(message).toContain(
        'of cents(12, 2): values of cents are stored as integer there, of which it is not the same.',
      )
    }
    const same = select({
      sum: sum(fees.fee),
      most: max(fees.fee.add(fees.limit).sub(50)),
      all: arrayAgg(fees.fee),
    })
      .from(fees)
      .where(fees.fee.eq(fees.limit), fees.fee.in([150, fees.limit]), eqAny(fees.fee, fees.fees))
    for (const db of [postgresql, lite]) {
      expect(await db.all(same)).toEqual([{ sum: 150, most: 250, all: [150] }])
    }
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
