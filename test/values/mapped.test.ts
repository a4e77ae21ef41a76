import {
  array,
  bigint,
  boolean,
  type ColumnBuilder,
  cast,
  coalesce,
  createTable,
  type Family,
  fromJSON,
  greatest,
  insert,
  integer,
  json,
  jsonArrayAgg,
  jsonObject,
  lag,
  literal,
  mapped,
  max,
  nest,
  now,
  numeric,
  type Predicate,
  param,
  select,
  sql,
  sum,
  table,
  text,
  timestamp,
  timestamptz,
  toJSON,
  update,
  varchar,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { type KeptType, keepsValues } from '../support/round-trip.js'
import { errorOf, inBoth } from '../support/sql.js'

/** An amount of money as a program may have it. */
class Money {
  constructor(readonly cents: bigint) {}
}
const money = mapped(numeric({ precision: 12, scale: 2 }), {
  name: 'money',
  encode: (value: Money) => {
    if (!(value instanceof Money)) throw new TypeError('no Money')
    const digits = String(value.cents < 0n ? -value.cents : value.cents).padStart(3, '0')
    return `${value.cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  },
  // What is computed has only the digits that it needs.
  decode: (decimal) => {
    const [whole = '', fraction = ''] = decimal.split('.')
    return new Money(BigInt(whole + fraction.padEnd(2, '0')))
  },
})
const url = mapped(text(), {
  name: 'url',
  encode: (value: URL) => value.href,
  decode: (href) => new URL(href),
})
const yesNo = mapped(varchar(3), {
  name: 'yes or no',
  encode: (value: boolean) => (value ? 'yes' : 'no'),
  decode: (word) => word === 'yes',
})
const tags = mapped(json<string[]>(), {
  name: 'tags',
  encode: (value: ReadonlySet<string>) => [...value],
  decode: (list): ReadonlySet<string> => new Set(list),
})
const twice = mapped(bigint({ as: 'number' }), {
  name: 'twice',
  encode: (value: number) => value * 2,
  decode: (stored) => stored / 2,
})

const databases = await allDatabases()

const instant = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})
const EVERYWHERE: readonly KeptType[] = [
  {
    name: 'bigint as number',
    type: bigint({ as: 'number' }),
    values: fc.maxSafeInteger(),
    edges: [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  },
  {
    name: 'bigint as string',
    type: bigint({ as: 'string' }),
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    edges: ['0', '9223372036854775807', '-9223372036854775808'],
  },
  {
    name: 'numeric as number',
    type: numeric({ as: 'number' }),
    values: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((n) => n / 1000),
    edges: [0, 0.1, -1e-7, 1e15, 123456789012345],
  },
  {
    name: 'numeric(10, 2) as number',
    type: numeric({ precision: 10, scale: 2, as: 'number' }),
    values: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((n) => n / 100),
  },
  {
    name: 'timestamptz as string',
    type: timestamptz({ as: 'string' }),
    values: instant.map((date) => date.toISOString()),
    edges: ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  },
  {
    name: 'timestamp as string',
    type: timestamp({ as: 'string' }),
    values: instant.map((date) => date.toISOString().slice(0, -1)),
  },
  {
    name: 'money',
    type: money,
    values: fc.bigInt({ min: -(10n ** 12n) + 1n, max: 10n ** 12n - 1n }).map((cents) => new Money(cents)),
    edges: [new Money(0n), new Money(-1n), new Money(5n)],
    throughJson: false,
  },
  { name: 'url', type: url, values: fc.webUrl().map((href) => new URL(href)), throughJson: false },
  { name: 'yes or no', type: yesNo, values: fc.boolean() },
  {
    name: 'tags',
    type: tags,
    values: fc
      .array(fc.string().filter((s) => !s.includes('\u0000') && s.isWellFormed()))
      .map((all) => new Set(all)),
    comparable: false,
    throughJson: false,
  },
  { name: 'twice', type: twice, values: fc.integer() },
]
const micros = (zone: string) =>
  fc
    .tuple(instant, fc.integer({ min: 1, max: 999 }))
    .map(([date, digits]) => `${date.toISOString().slice(0, -1)}${String(digits).padStart(3, '0')}${zone}`)
const POSTGRES: readonly KeptType[] = [
  { name: 'microseconds', type: timestamptz({ as: 'string' }), values: micros('Z') },
  { name: 'microseconds without zone', type: timestamp({ as: 'string' }), values: micros('') },
]

declare global {
  interface String {
    isWellFormed(): boolean
  }
}

describe.each(databases)('$name keeps', ({ name, db }) => {
  const types = name === 'SQLite' ? EVERYWHERE : [...EVERYWHERE, ...POSTGRES]
  it.each(types)('any $name', (kept) => keepsValues(db, kept))
})

const pages = table('pages', {
  id: integer().primaryKey(),
  views: bigint({ as: 'number' }),
  total: bigint('all_views', { as: 'string' }),
  plain: bigint(),
  rate: numeric('rate', { precision: 6, scale: 3, as: 'number' }),
  price: money,
  home: url,
  seen: timestamptz('seen_at', { as: 'string' }).default(now()),
  open: yesNo.notNull().default(true),
})

beforeAll(async () => {
  for (const { db } of databases) {
    await db.run(createTable(pages))
    await db.run(
      insert(pages).values({
        id: 1,
        views: 10,
        total: '7',
        plain: 5n,
        rate: 0.125,
        price: new Money(1050n),
        home: new URL('https://a.org'),
        seen: '2026-11-21T10:30:00.250+01:00',
      }),
    )
    await db.run(
      insert(pages).values({
        id: 2,
        views: 20,
        total: '8',
        plain: null,
        rate: 1.5,
        price: new Money(-5n),
        home: null,
        open: false,
      }),
    )
  }
})

describe.each(databases)('$name', ({ db }) => {
  it('computes with mapped values, and answers what their column would', async () => {
    const rows = await db.all(
      select({
        next: pages.views.add(1),
        both: pages.views.add(pages.plain),
        left: pages.plain.add(pages.views),
        rest: pages.views.mod(3),
        part: pages.views.div(4),
        negative: pages.views.neg(),
        more: pages.total.add('1'),
        twice: pages.price.add(pages.price),
        greatest: greatest(pages.views, 15),
        known: coalesce(pages.home, new URL('https://none.org')),
        before: lag(pages.price).over({ orderBy: [pages.id] }),
        scaled: pages.views.mul(pages.rate),
      })
        .from(pages)
        .orderBy(pages.id),
    )
    expect(rows).toEqual([
      {
        next: 11,
        both: 15,
        left: 15n,
        rest: 1,
        part: 2,
        negative: -10,
        more: '8',
        twice: new Money(2100n),
        greatest: 15,
        known: new URL('https://a.org'),
        before: null,
        scaled: 1.25,
      },
      {
        next: 21,
        both: null,
        left: null,
        rest: 2,
        part: 5,
        negative: -20,
        more: '9',
        twice: new Money(-10n),
        greatest: 20,
        known: new URL('https://none.org'),
        before: new Money(1050n),
        scaled: 30,
      },
    ])
  })

  it('aggregates mapped values', async () => {
    const all = select({
      views: sum(pages.views),
      total: sum(pages.total),
      price: sum(pages.price),
      top: max(pages.price),
    })
    expect(await db.one(all.from(pages))).toEqual({
      views: 30,
      total: '15',
      price: new Money(1045n),
      top: new Money(1050n),
    })
  })

  it('compares mapped values with each other, in lists and with what is plain', async () => {
    const ids = (predicate: Predicate<'pages'>) =>
      db.all(select({ id: pages.id }).from(pages).where(predicate))
    expect(await ids(pages.views.in([20, 30]))).toEqual([{ id: 2 }])
    expect(await ids(pages.views.gt(pages.plain))).toEqual([{ id: 1 }])
    expect(await ids(pages.price.between(new Money(-6n), new Money(0n)))).toEqual([{ id: 2 }])
    expect(await ids(pages.open.eq(false))).toEqual([{ id: 2 }])
    // More digits than a column takes are compared, and not stored.
    expect(await ids(pages.rate.gt(0.12345))).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('casts to mapped types, and from them to what is stored', async () => {
    const one = select({
      number: cast(pages.plain, bigint({ as: 'number' })),
      text: cast(pages.home, text()),
      price: cast(pages.price, numeric({ precision: 12, scale: 2 })),
      raw: sql(money)`12.5`,
    })
    expect(await db.one(one.from(pages).where(pages.id.eq(1)))).toEqual({
      number: 5,
      text: 'https://a.org/',
      price: '10.50',
      raw: new Money(1250n),
    })
  })

  it('has times as texts in UTC, also those that the database gives', async () => {
    const rows = await db.all(select({ seen: pages.seen }).from(pages).orderBy(pages.id))
    expect(rows[0]).toEqual({ seen: '2026-11-21T09:30:00.250Z' })
    expect(rows[1]?.seen).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}){1,2}Z$/)
    await db.run(update(pages).set({ seen: now() }).where(pages.id.eq(2)))
  })

  it('names the column of a number that is not safe, and of what a mapping cannot read', async () => {
    await db.run(
      update(pages)
        .set({ plain: 2n ** 60n })
        .where(pages.id.eq(1)),
    )
    const unsafe = select({ big: cast(pages.plain, bigint({ as: 'number' })) }).from(pages)
    await expect(db.all(unsafe)).rejects.toMatchObject({
      name: 'ValueError',
      message: expect.stringMatching(
        /^Column "big": 1152921504606846976n is no value for bigint.*as: 'string'/,
      ),
    })
    await db.run(update(pages).set({ plain: 5n }).where(pages.id.eq(1)))
    const wrong = select({ home: sql(url)`'no url'` })
    await expect(db.all(wrong)).rejects.toMatchObject({
      name: 'ValueError',
      message: expect.stringMatching(
        /^Column "home": "no url" is no value for url: expected what its mapping takes/,
      ),
      cause: expect.any(TypeError),
    })
  })

  it('nests mapped values without loss', async () => {
    const columns = {
      views: pages.views,
      total: pages.total,
      price: pages.price,
      home: pages.home,
      open: pages.open,
    }
    const inner = select({ ...columns, seen: pages.seen })
      .from(pages)
      .where(pages.id.eq(1))
    const flat = await db.all(inner)
    expect(await db.one(select({ pages: nest.many(inner) }))).toEqual({ pages: flat })
  })

  it('keeps mapped values apart in set operations, and puts equal ones together', async () => {
    const views = select({ n: pages.views }).from(pages)
    expect(await db.all(views.union(views).orderBy((row) => row.n))).toEqual([{ n: 10 }, { n: 20 }])
    const named = (type: ColumnBuilder<string | null, Family>) => select({ n: sql(type)`'x'` })
    const shout = mapped(text(), {
      name: 'shout',
      encode: (value: string) => value.toUpperCase(),
      decode: (value) => value.toLowerCase(),
    })
    const error = await errorOf(() => db.all(named(shout).unionAll(named(text()))))
    expect(error).toMatchObject({
      code: 'mixed_types',
      message: expect.stringMatching(/as 'n', shout and text/),
    })
  })
})

describe('A mapped value', () => {
  it('has the SQL of the type below', () => {
    expect(inBoth(createTable(pages))).toEqual({
      postgres: [
        'create table "pages" ("id" integer not null, "views" bigint, "all_views" bigint, "plain" bigint, ' +
          '"rate" numeric(6, 3), "price" numeric(12, 2), "home" text, "seen_at" timestamptz default now(), ' +
          `"open" varchar(3) not null default 'yes', constraint "pages_pkey" primary key ("id"))`,
      ],
      sqlite: [
        'create table "pages" ("id" integer not null, "views" integer, "all_views" integer, "plain" integer, ' +
          '"rate" numeric(6, 3), "price" numeric(12, 2), "home" text, ' +
          `"seen_at" text default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), "open" varchar(3) not null default 'yes', ` +
          'constraint "pages_pkey" primary key ("id"))',
      ],
    })
    expect(
      inBoth(
        select({ v: pages.views.add(1) })
          .from(pages)
          .where(pages.price.eq(new Money(5n))),
      ),
    ).toEqual({
      postgres: ['select "pages"."views" + $1 as "v" from "pages" where "pages"."price" = $2', 1n, '0.05'],
      sqlite: ['select "pages"."views" + ? as "v" from "pages" where "pages"."price" = ?', 1n, 0.05],
    })
  })

  it('is refused with its column where it does not fit', async () => {
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const message = async (row: object) =>
        (
          await errorOf(() =>
            insert(pages)
              .values({ id: 1, ...row } as never)
              .toSQL(dialect),
          )
        ).message
      expect(await message({ views: 2 ** 53 })).toMatch(
        /^pages.views: 9007199254740992 is no value for bigint/,
      )
      expect(await message({ views: 1.5 })).toMatch(/^pages.views: 1.5 is no value/)
      expect(await message({ views: 1n })).toMatch(/^pages.views: 1n is no value/)
      expect(await message({ total: 'x' })).toMatch(/^pages.all_views: "x" is no value/)
      expect(await message({ total: '9223372036854775808' })).toMatch(/^pages.all_views: .* 64 bits/)
      expect(await message({ rate: Number.NaN })).toMatch(/^pages.rate: NaN is no value/)
      expect(await message({ rate: 0.0001 })).toMatch(/^pages.rate: .* at most 3 digits before and 3 behind/)
      expect(await message({ price: 5 })).toMatch(
        /^pages.price: 5 is no value for money\(12, 2\): expected what its mapping takes \(no Money\)/,
      )
      expect(await message({ seen: '2026-11-21T10:30:00' })).toMatch(/^pages.seen_at: .* with its zone/)
      expect(await message({ seen: '2026-02-30T10:30:00Z' })).toMatch(/^pages.seen_at/)
      expect(await message({ seen: '2026-02-20T25:30:00Z' })).toMatch(/^pages.seen_at/)
      expect(await message({ seen: new Date(0) })).toMatch(/^pages.seen_at/)
    }
    const finer = insert(pages).values({ id: 1, seen: '2026-11-21T10:30:00.123456Z' })
    expect((await errorOf(() => finer.toSQL(sqliteDialect))).message).toMatch(
      /^pages.seen_at: .* without microseconds, which SQLite does not keep/,
    )
  })

  it('has no form in JSON', async () => {
    for (const build of [() => jsonObject({ home: pages.home }), () => jsonArrayAgg(pages.home)]) {
      expect((await errorOf(build)).message).toMatch(/of type url|of url/)
    }
  })

  it('is not mixed with others', async () => {
    const other = mapped(text(), {
      name: 'path',
      encode: (value: URL) => value.pathname,
      decode: (p) => new URL(p, 'http://x'),
    })
    expect(await errorOf(() => coalesce(pages.home, literal(new URL('http://x'), other)))).toMatchObject({
      code: 'mixed_types',
    })
  })

  it('is read from JSON with its type, and its class is not written to it', async () => {
    const statement = select({ home: pages.home }).from(pages)
    const written = toJSON(statement)
    expect(await errorOf(() => fromJSON(written))).toMatchObject({ code: 'unknown_type' })
    expect(fromJSON(written, {}, [url])).toMatchObject({ kind: 'select' })
    const withValue = statement.where(pages.home.eq(new URL('https://a.org')))
    expect(await errorOf(() => toJSON(withValue))).toMatchObject({ code: 'not_json' })
  })

  it('is made of a type and two functions', async () => {
    const wrong = mapped as unknown as (...args: unknown[]) => unknown
    const mapping = { name: 'x', encode: String, decode: String }
    for (const args of [
      [],
      [text()],
      [text(), { name: 'x' }],
      [{}, mapping],
      [text(), { ...mapping, name: '' }],
    ]) {
      expect(await errorOf(() => wrong(...args))).toMatchObject({ code: 'invalid_type' })
    }
    const as = (mode: string) => ({ as: mode }) as never
    for (const type of [bigint, numeric, timestamp, timestamptz]) {
      expect((await errorOf(() => (type as typeof bigint)(as('date')))).message).toMatch(/, not as "date"\.$/)
    }
    expect(boolean().sqlType.base).toBeUndefined()
    expect(array(param('x', integer()) === undefined ? text() : text()).sqlType.family).toBe('array')
  })
})
