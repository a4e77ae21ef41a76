import type { Codec, Driver, SqlType, TypeMap } from '@espalier/core'
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  COUNT,
  canonicalNumeric,
  codecOf,
  DATE,
  type Decoders,
  DOUBLE,
  INTEGER,
  integer,
  JSON_TYPE,
  JSONB,
  literal,
  NUMERIC,
  REAL,
  select,
  serialDriver,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
  UNKNOWN,
  UUID,
} from '@espalier/core'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { pgliteDriver } from '../../packages/dialects/src/pglite/driver.js'
import { postgresDecoders } from '../../packages/dialects/src/postgres/decoders.js'
import { postgresDialect } from '../../packages/dialects/src/postgres/dialect.js'
import { postgresDriver } from '../../packages/dialects/src/postgres/driver.js'
import { postgresTypes } from '../../packages/dialects/src/postgres/types.js'
import { wireTexts } from '../../packages/dialects/src/postgres/wire.js'
import { sqliteDecoders } from '../../packages/dialects/src/sqlite/decoders.js'
import { sqliteDialect } from '../../packages/dialects/src/sqlite/dialect.js'
import { sqliteDriver } from '../../packages/dialects/src/sqlite/driver.js'
import { sqliteTypes } from '../../packages/dialects/src/sqlite/types.js'
import { hostileTexts } from '../support/hostile-texts.js'
import { testDatabaseUrl } from '../support/postgres.js'

interface TestDatabase {
  readonly name: string
  readonly driver: Driver
  readonly types: TypeMap
  readonly decoders: Decoders
  readonly placeholder: string
  readonly isSqlite: boolean
}

const sqlite = sqliteDriver(':memory:')
const databases: readonly TestDatabase[] = [
  {
    name: 'postgres.js',
    driver: postgresDriver(await testDatabaseUrl()),
    types: postgresTypes,
    decoders: postgresDecoders,
    placeholder: '$1',
    isSqlite: false,
  },
  {
    name: 'PGlite',
    driver: await pgliteDriver(),
    types: postgresTypes,
    decoders: postgresDecoders,
    placeholder: '$1',
    isSqlite: false,
  },
  {
    name: 'SQLite',
    driver: serialDriver(sqlite),
    types: sqliteTypes,
    decoders: sqliteDecoders,
    placeholder: '?',
    isSqlite: true,
  },
]
afterAll(() => Promise.all(databases.map(({ driver }) => driver.close())))

const VARCHAR: SqlType = { name: 'varchar', family: 'text', length: 12 }
const MONEY: SqlType = { ...NUMERIC, precision: 12, scale: 2 }

/** The codec of a type: the dialect's or, if that has none of the name, the type's own. */
const codecFor = (types: TypeMap, type: SqlType) => codecOf({ ...postgresDialect, types }, type) as Codec

const title = ({ name, length, precision, scale }: SqlType) =>
  `${name}${[length, precision, scale].filter((part) => part !== undefined).join('_')}`

/** Makes what writes a value into a column of the type and reads it back, as a parameter and as a literal. */
async function column(database: TestDatabase, type: SqlType) {
  const codec = codecFor(database.types, type)
  const table = `"column of ${title(type)}"`
  const send = async (sql: string, params: readonly unknown[], exactIntegers: boolean) =>
    (await database.driver.execute({ sql, params, exactIntegers })).rows
  await send(`create table ${table} (v ${codec.ddl(type)})`, [], false)
  const decoder = database.decoders.types[type.name]
  const decode = (value: unknown) => (value === null || decoder === undefined ? value : decoder(value, type))
  return async (value: unknown, exactIntegers = type === BIGINT) => {
    const insert = `insert into ${table} (v) values`
    const encoded = value === null ? null : codec.encode(value, type)
    const [stored] = await send(`${insert} (${database.placeholder}) returning v`, [encoded], exactIntegers)
    const literal = value === null ? 'null' : codec.literal(value, type)
    const [written] = await send(`${insert} (${literal}) returning v`, [], exactIntegers)
    const [selected] = await send(`select ${literal}`, [], exactIntegers)
    return {
      parameter: decode(stored?.[0]),
      literal: decode(written?.[0]),
      selected: decode(selected?.[0]),
    }
  }
}

const all = (value: unknown) => ({ parameter: value, literal: value, selected: value })

describe('the same value on every database', () => {
  it('is one number of single precision, the shortest decimal', async () => {
    const writers = await Promise.all(
      databases.map((database) => column(database, { ...REAL, precision: 24 } as SqlType)),
    )
    await fc.assert(
      fc.asyncProperty(fc.float({ noNaN: true }), async (single) => {
        const [first, ...others] = await Promise.all(writers.map((write) => write(single)))
        expect(Math.fround(first?.parameter as number)).toBe(single + 0)
        expect(first?.literal).toBe(first?.parameter)
        for (const other of others) expect(other).toEqual(first)
      }),
      { numRuns: 300 },
    )
    for (const write of writers) expect((await write(0.1)).parameter).toBe(0.1)
  })

  it('is one decimal of a numeric without scale, however it is written', async () => {
    for (const database of databases) {
      const write = await column(database, { ...NUMERIC, length: 1 })
      for (const [given, kept] of [
        ['1.50', '1.5'],
        ['+0012', '12'],
        ['1e3', '1000'],
        ['-0.0', '0'],
        ['.5', '0.5'],
        ['1.23e-7', '0.000000123'],
        ['123456789012345', '123456789012345'],
        ['100000000000000000000', '100000000000000000000'],
      ]) {
        expect(await write(given)).toEqual(all(kept))
      }
    }
  })

  it('is one decimal of a numeric with a scale: as many digits behind the point as it says, and no zeros before', () => {
    const digits = (atMost: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(atMost) - 1n }).map(String)
    fc.assert(
      fc.property(
        fc.constantFrom('', '-'),
        fc.constantFrom('', '0', '000'),
        digits(25),
        fc.stringMatching(/^[0-9]{0,6}$/),
        fc.nat(8),
        (sign, zeros, whole, fraction, more) => {
          const scale = fraction.length + more
          const text = `${sign}${zeros}${whole}.${fraction}`
          const zero = BigInt(whole + fraction) === 0n
          const kept = `${zero ? '' : sign}${whole}${scale === 0 ? '' : `.${fraction.padEnd(scale, '0')}`}`
          expect(canonicalNumeric(text, { ...NUMERIC, scale })).toBe(kept)
          expect(canonicalNumeric(kept, { ...NUMERIC, scale })).toBe(kept)
          expect(canonicalNumeric(text, NUMERIC)).toBe(canonicalNumeric(kept, NUMERIC))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('is a sum of decimals without the noise of binary fractions', async () => {
    for (const { driver, types, decoders, isSqlite } of databases) {
      const sum = ['0.1', '0.2'].map((value) => codecFor(types, NUMERIC).literal(value, NUMERIC)).join(' + ')
      const { rows } = await driver.execute({ sql: `select ${sum}`, params: [], exactIntegers: isSqlite })
      expect(decoders.types.numeric?.(rows[0]?.[0], NUMERIC)).toBe('0.3')
    }
  })

  it('keeps texts and bytes of a megabyte', async () => {
    const long = `'"\\$1?é𝒳`.repeat(100_000)
    const bytes = new Uint8Array(1_000_000).map((_, i) => i)
    for (const database of databases) {
      expect(await (await column(database, { ...TEXT, length: 1e9 }))(long)).toEqual(all(long))
      const kept = await (await column(database, { ...BYTES, length: 1 }))(bytes)
      // toEqual compares a million elements one by one, in seconds.
      for (const each of Object.values(kept)) expect(Buffer.compare(each as Uint8Array, bytes)).toBe(0)
    }
  })

  it('gives bytes as a plain Uint8Array', async () => {
    for (const database of databases) {
      const { parameter } = await (await column(database, { ...BYTES, length: 2 }))(new Uint8Array([0, 255]))
      expect((parameter as Uint8Array).constructor).toBe(Uint8Array)
    }
  })

  it('takes a literal wherever an operand stands', async () => {
    const operands: [SqlType, unknown, unknown][] = [
      [INTEGER, -3, 8],
      [BIGINT, -3n, 8n],
      [NUMERIC, '-3.5', '8.5'],
      [DOUBLE, -3.5, 8.5],
    ]
    for (const { driver, types, decoders } of databases) {
      for (const [type, operand, difference] of operands) {
        const sql = `select 5 -${codecFor(types, type).literal(operand, type)}`
        const { rows } = await driver.execute({ sql, params: [], exactIntegers: type === BIGINT })
        expect(decoders.types[type.name]?.(rows[0]?.[0], type)).toEqual(difference)
      }
    }
  })
})

const REFUSED: readonly [SqlType, readonly unknown[]][] = [
  [INTEGER, ['1', 1n, 1.5, NaN, 2147483648, -2147483649, true]],
  [BIGINT, [1, '1', 2n ** 63n, -(2n ** 63n) - 1n]],
  [COUNT, [1.5, 2 ** 53, 1n]],
  [NUMERIC, [1, '', '.', '1,5', 'NaN', 'abc', '1e', '0x10']],
  [MONEY, ['1.234', '12345678901']],
  [REAL, ['1', 1n, 1e39, -1e39, 1e-60]],
  [DOUBLE, ['1', 1n]],
  [BOOLEAN, [0, 1, 't', 'true']],
  [TEXT, [1, 'half \ud800 pair', new Date(0)]],
  [VARCHAR, ['thirteen char']],
  [DATE, ['2026-02-30', '2026-1-1', '0000-01-01', '10000-01-01', new Date(0)]],
  [TIMESTAMPTZ, ['2026-01-01', new Date(NaN), new Date(-62135596800001), new Date(253402300800000)]],
  [TIMESTAMP, [0, new Date(NaN)]],
  [JSONB, [1n, () => 1, Symbol('s')]],
  [UUID, ['', '6f9619ff8b864d11b42d00cf4fc964ff', 'g'.repeat(36)]],
  [BYTES, ['ab', [1], new ArrayBuffer(1)]],
]

describe.each([
  { dialect: 'PostgreSQL', types: postgresTypes },
  { dialect: 'SQLite', types: sqliteTypes },
])('$dialect refuses', ({ types }) => {
  it.each(REFUSED.map(([type, values]) => ({ title: title(type), type, values })))(
    'what is no $title',
    ({ type, values }) => {
      for (const value of [...values, undefined]) {
        expect(() => codecFor(types, type).encode(value, type)).toThrow(
          expect.objectContaining({ name: 'ValueError', code: 'invalid_value' }),
        )
      }
    },
  )
})

const refusal = (message: RegExp) =>
  expect.objectContaining({ name: 'ValueError', message: expect.stringMatching(message) })

describe('PostgreSQL', () => {
  const encode = (type: SqlType, value: unknown) => codecFor(postgresTypes, type).encode(value, type)
  const decode = (type: SqlType, value: string) => postgresDecoders.types[type.name]?.(value, type)

  it('is sent no NUL, since its text cannot hold it', () => {
    for (const type of [TEXT, VARCHAR, UNKNOWN]) {
      expect(() => encode(type, 'a\u0000b')).toThrow(refusal(/PostgreSQL's text cannot hold/))
    }
    for (const type of [JSON_TYPE, JSONB]) {
      expect(() => encode(type, { a: ['b\u0000'] })).toThrow(refusal(/PostgreSQL's text cannot hold/))
      expect(() => encode(type, { '\u0000': 1 })).toThrow(refusal(/PostgreSQL's text cannot hold/))
      expect(() => encode(type, '\ud800')).toThrow(refusal(/PostgreSQL's text cannot hold/))
      expect(encode(type, '\\u0000')).toBe('"\\\\u0000"')
    }
  })

  it('keeps NaN and decimals of any length', async () => {
    for (const database of databases.filter(({ isSqlite }) => !isSqlite)) {
      expect(await (await column(database, { ...DOUBLE, length: 1 }))(NaN)).toEqual(all(NaN))
      expect(await (await column(database, { ...REAL, length: 1 }))(NaN)).toEqual(all(NaN))
      const long = '12345678901234567890123456789.123456789'
      expect(await (await column(database, { ...NUMERIC, length: 2 }))(long)).toEqual(all(long))
    }
  })

  it('reads literals alike without standard-conforming strings', async () => {
    const session = await (databases[0] as TestDatabase).driver.acquire()
    try {
      const request = (sql: string) => session.execute({ sql, params: [], exactIntegers: false })
      await request('set standard_conforming_strings = off')
      for (const hostile of hostileTexts) {
        const { rows } = await request(`select ${codecFor(postgresTypes, TEXT).literal(hostile, TEXT)}`)
        expect(rows).toEqual([[hostile]])
      }
      const { rows } = await request(
        `select ${codecFor(postgresTypes, BYTES).literal(new Uint8Array([0, 92, 39]), BYTES)}`,
      )
      expect(decode(BYTES, rows[0]?.[0] as string)).toEqual(new Uint8Array([0, 92, 39]))
    } finally {
      await session.release(true)
    }
  })

  it('answers a sum of bigints, which is numeric there', () => {
    expect(decode(BIGINT, '92233720368547758070')).toBe(92233720368547758070n)
    expect(decode(BIGINT, '12.000')).toBe(12n)
    expect(() => decode(BIGINT, '12.500')).toThrow(refusal(/a whole number/))
  })

  it('answers counts as numbers as long as they are exact', () => {
    expect(decode(COUNT, '9007199254740991')).toBe(9007199254740991)
    expect(() => decode(COUNT, '9007199254740992')).toThrow(refusal(/that JavaScript holds exactly/))
  })

  it('answers times with any offset, cut to milliseconds', () => {
    const time = (text: string) => (decode(TIMESTAMPTZ, text) as Date).toISOString()
    expect(time('2026-11-21 10:30:00+00')).toBe('2026-11-21T10:30:00.000Z')
    expect(time('2026-11-21 10:30:00.999999+00')).toBe('2026-11-21T10:30:00.999Z')
    expect(time('1969-12-31 23:59:59.999999+00')).toBe('1969-12-31T23:59:59.999Z')
    expect(time('2026-11-21 10:30:00.1+05:30')).toBe('2026-11-21T05:00:00.100Z')
    expect(time('1890-01-01 00:00:00-04:56:02')).toBe('1890-01-01T04:56:02.000Z')
    expect(time('0099-12-31 00:00:00+00')).toBe('0099-12-31T00:00:00.000Z')
  })

  it('answers no time or day that JavaScript or ISO 8601 cannot write', () => {
    for (const text of [
      'infinity',
      '-infinity',
      '10000-01-01 00:00:00',
      '0044-03-15 00:00:00 BC',
      '2026-02-30 00:00:00',
    ]) {
      expect(() => decode(TIMESTAMP, text)).toThrow(refusal(/the years 1 to 9999/))
    }
    for (const text of ['infinity', '-infinity', '10000-01-01', '0044-03-15 BC']) {
      expect(() => decode(DATE, text)).toThrow(refusal(/the years 1 to 9999/))
    }
  })

  it('has values without a stated type by the type of their column', async () => {
    const { rows, columnTypes } = await (databases[0] as TestDatabase).driver.execute({
      sql: `select true, 1::int2, 2::int4, 3::int8, 9007199254740993, 0.5::float4, 'NaN'::float8, 1.50, 'x',
              '{"a":[1]}'::json, '"b"'::jsonb, '2026-11-21 10:30:00+02'::timestamptz, '2026-11-21'::date,
              '\\x00ff'::bytea, array[1, 2], null::int4`,
      params: [],
      exactIntegers: false,
    })
    expect(rows[0]?.map((value, i) => postgresDecoders.untyped(value, columnTypes?.[i]))).toEqual([
      true,
      1,
      2,
      3,
      9007199254740993n,
      0.5,
      NaN,
      '1.50',
      'x',
      { a: [1] },
      'b',
      new Date('2026-11-21T08:30:00.000Z'),
      '2026-11-21',
      new Uint8Array([0, 255]),
      '{1,2}',
      null,
    ])
  })

  it('sends values without a stated type by what they are', () => {
    const values = [1.5, 5n, true, { a: 1 }, new Date(0), new Uint8Array([1])]
    expect(wireTexts(values.map((value) => encode(UNKNOWN, value)))).toEqual([
      '1.5',
      '5',
      'true',
      '{"a":1}',
      '1970-01-01T00:00:00.000Z',
      '\\x01',
    ])
    expect(() => encode(UNKNOWN, undefined)).toThrow(refusal(/undefined/))
  })
})

describe('SQLite', () => {
  const encode = (type: SqlType, value: unknown) => codecFor(sqliteTypes, type).encode(value, type)
  const decode = (type: SqlType, value: unknown) => sqliteDecoders.types[type.name]?.(value, type)
  const one = (sql: string, params: readonly unknown[] = []) =>
    sqlite.execute({ sql, params, exactIntegers: true }).rows[0]

  it('keeps NUL in texts', async () => {
    const write = await column(databases[2] as TestDatabase, { ...TEXT, length: 99 })
    for (const value of ['\u0000', 'a\u0000b\u0000', "\u0000'\u2400\u0000\u2400\u2400"]) {
      expect(await write(value)).toEqual(all(value))
    }
    const many = codecFor(sqliteTypes, TEXT).literal('\u0000'.repeat(5000), TEXT)
    expect(one(`select length(cast(${many} as blob))`)).toEqual([5000n])
  })

  it('is sent no decimal that it would round', () => {
    for (const value of ['1234567890123456', '0.1234567890123456', '1e400', '1e-400']) {
      expect(() => encode(NUMERIC, value)).toThrow(refusal(/at most 15 significant digits/))
    }
  })

  it('is sent no NaN, which it would store as NULL', () => {
    for (const type of [REAL, DOUBLE]) expect(() => encode(type, NaN)).toThrow(refusal(/NULL/))
  })

  it('takes whole numbers as integers and decimals as reals', () => {
    // The compiler binds them so where they are computed with; a column takes them as they are.
    const whole = (value: number) => select(literal(value, integer()).div(2)).toSQL(sqliteDialect).params
    expect(whole(5).map((param) => typeof param)).toEqual(['bigint', 'bigint'])
    expect(one('select typeof(?), ? / ?', [encode(DOUBLE, 5), ...whole(5)])).toEqual(['real', 2n])
    expect(one(`select typeof(${codecFor(sqliteTypes, DOUBLE).literal(5, DOUBLE)})`)).toEqual(['real'])
  })

  it('answers whole numbers in either mode of the driver', () => {
    expect([decode(INTEGER, 5), decode(INTEGER, 5n), decode(BIGINT, 5), decode(BIGINT, 5n)]).toEqual([
      5,
      5,
      5n,
      5n,
    ])
    expect([decode(BOOLEAN, 1), decode(BOOLEAN, 0n)]).toEqual([true, false])
    expect([decode(DOUBLE, 5n), decode(NUMERIC, 5n)]).toEqual([5, '5'])
  })

  it('answers no value of another type than the column has', () => {
    const wrong: readonly [SqlType, readonly unknown[]][] = [
      [INTEGER, [2.5, '5', 2 ** 53, 2n ** 53n, Infinity]],
      [BIGINT, [2.5, '5', 2 ** 53]],
      [NUMERIC, ['1.5', 'abc', Infinity]],
      [DOUBLE, ['1.5']],
      [BOOLEAN, [2, 't', 'true']],
      [TEXT, [5, new Uint8Array()]],
      [DATE, [20261121, '21.11.2026', '2026-11-21 10:00']],
      [TIMESTAMPTZ, [0, 'now', '2026-11-21 25:00', '2026-02-30 00:00:00', '2026-11-21T10:30:00+1']],
      [JSONB, ['{', new Uint8Array()]],
      [UUID, [5]],
      [BYTES, ['ab', 5]],
    ]
    for (const [type, values] of wrong) {
      for (const value of values) expect(() => decode(type, value)).toThrow(refusal(/is no value for/))
    }
  })

  it('reads what its own functions write', () => {
    const time = (sql: string) => (decode(TIMESTAMPTZ, one(`select ${sql}`)?.[0]) as Date).toISOString()
    const given = "'2026-11-21T10:30:00.250Z'"
    expect(time(`datetime(${given})`)).toBe('2026-11-21T10:30:00.000Z')
    expect(time(`date(${given})`)).toBe('2026-11-21T00:00:00.000Z')
    expect(time(`strftime('%Y-%m-%dT%H:%M:%fZ', ${given})`)).toBe('2026-11-21T10:30:00.250Z')
    expect(time(`strftime('%Y-%m-%d %H:%M', ${given})`)).toBe('2026-11-21T10:30:00.000Z')
    expect(time("'2026-11-21 10:30:00+02:00'")).toBe('2026-11-21T08:30:00.000Z')
    expect(decode(DATE, one("select datetime('2026-11-21')")?.[0])).toBe('2026-11-21')
    expect(decode(JSONB, one(`select json_extract('{"a":5}', '$.a')`)?.[0])).toBe(5)
    expect(decode(UUID, '6F9619FF-8B86-4D11-B42D-00CF4FC964FF')).toBe('6f9619ff-8b86-4d11-b42d-00cf4fc964ff')
  })

  it('has values without a stated type as they are stored', () => {
    const row = one("select 1, 9007199254740993, 1.5, 'x', x'00ff', null")
    expect(row?.map((value) => sqliteDecoders.untyped(value, undefined))).toEqual([
      1,
      9007199254740993n,
      1.5,
      'x',
      new Uint8Array([0, 255]),
      null,
    ])
    expect((sqliteDecoders.untyped(row?.[4], undefined) as Uint8Array).constructor).toBe(Uint8Array)
  })

  it('sends values without a stated type by what they are', () => {
    const row = [5, 1.5, 5n, true, 'x', { a: 1 }, new Date(0), 1e300].map((value) => encode(UNKNOWN, value))
    expect(row).toEqual([5n, 1.5, 5n, 1n, 'x', '{"a":1}', '1970-01-01T00:00:00.000Z', 1e300])
    expect(() => encode(UNKNOWN, undefined)).toThrow(refusal(/undefined/))
  })
})
