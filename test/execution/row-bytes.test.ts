import {
  createAll,
  double,
  insert,
  integer,
  literal,
  type RowMaker,
  select,
  sql,
  table,
  text,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import {
  assert,
  bigInt,
  constantFrom,
  date,
  double as doubles,
  integer as integers,
  oneof,
  property,
} from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresDecoders } from '../../packages/dialects/src/postgres/decoders.js'
import { messageFilter } from '../../packages/dialects/src/postgres/messages.js'
import { RowReader } from '../../packages/dialects/src/postgres/row-reader.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

/** A message of the protocol. */
function message(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** A row of texts. */
function dataRow(values: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2)
  count.writeInt16BE(values.length)
  const fields = values.map((value) => {
    const bytes = Buffer.from(value ?? '')
    const length = Buffer.alloc(4)
    length.writeInt32BE(value === null ? -1 : bytes.length)
    return Buffer.concat([length, bytes])
  })
  return message('D', Buffer.concat([count, ...fields]))
}

/** Makes a row of the decoded values. */
function makerOf(...names: string[]): RowMaker {
  const decoders = names.map((name) => postgresDecoders.types[name])
  return {
    decoders,
    decode: (column, value) => {
      const decode = decoders[column]
      return decode === undefined ? value : decode(value, { name: names[column] } as never)
    },
    make: (values) => [...values],
  }
}

function read(name: string, value: string): unknown {
  const reader = new RowReader(makerOf(name))
  reader.read(dataRow([value]), 5)
  return reader.misfit === undefined ? (reader.rows[0] as unknown[])[0] : 'refused'
}

function decoded(name: string, value: string): unknown {
  try {
    return makerOf(name).decode(0, value)
  } catch {
    return 'refused'
  }
}

describe('values read from bytes are those that the codec makes of the text', () => {
  const odd = constantFrom(
    '',
    '-',
    '.',
    '1.',
    '.5',
    '00',
    '1e5',
    'NaN',
    'Infinity',
    '3.00',
    '+1',
    ' 1',
    't',
    'ä',
    '1-2',
  )
  const numbers = oneof(
    odd,
    integers().map(String),
    bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    doubles({ noNaN: true }).map(String),
    integers({ min: 0, max: 999999999 }).map((n) => `${n % 1000}.${n}`),
  )
  const times = oneof(
    constantFrom(
      'infinity',
      '-infinity',
      '2026-11-21',
      '2026-02-29 00:00:00',
      '2024-02-29 00:00:00',
      '2026-04-31 00:00:00',
    ),
    constantFrom(
      '0001-01-01 00:00:00+00 BC',
      '12026-01-01 00:00:00',
      '2026-13-01 00:00:00',
      '2026-01-01 24:00:00',
    ),
    constantFrom(
      '2026-01-01 10:00:00+02',
      '2026-01-01 10:00:00-03:30',
      '2026-01-01T10:00:00',
      '2026-01-01 10:00:00.1239999',
    ),
    date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    }).map((time) =>
      time
        .toISOString()
        .replace('T', ' ')
        .replace(/\.?0*Z$/, '+00'),
    ),
  )
  const check = (name: string, texts: typeof numbers) =>
    assert(
      property(texts, (value) => {
        expect(read(name, value)).toEqual(decoded(name, value))
      }),
      { numRuns: 2000 },
    )
  it.each(['integer', 'bigint', 'count', 'real', 'double', 'boolean', 'text', 'numeric'])('%s', (name) => {
    check(name, numbers)
  })
  it.each(['timestamp', 'timestamptz', 'date'])('%s', (name) => {
    check(name, times)
  })
  it('a negative zero is zero', () => {
    expect(read('double', '-0')).toBe(0)
    expect(read('double', '-0.0')).toBe(0)
  })
  it('a codec of one’s own is asked', () => {
    const maker: RowMaker = { decoders: [() => 7], decode: () => 7, make: (values) => [...values] }
    const reader = new RowReader(maker)
    reader.read(dataRow(['1']), 5)
    expect(reader.rows).toEqual([[7]])
  })
})

describe('messages in pieces cut anywhere', () => {
  const stream = Buffer.concat([
    message('1', Buffer.alloc(0)),
    message('2', Buffer.alloc(0)),
    dataRow(['1', 'one']),
    dataRow([null, 'two']),
    message('C', Buffer.from('SELECT 2\0')),
    message('Z', Buffer.from('I')),
    dataRow(['3', 'of nobody']),
    message('2', Buffer.alloc(0)),
    dataRow(['4', 'of nobody']),
    message('Z', Buffer.from('I')),
  ])
  it.each([1, 2, 3, 7, 20, 64, 1000])('of %i bytes', (size) => {
    const reader = new RowReader(makerOf('integer', 'text'))
    const readers = [reader, undefined]
    const passed: Buffer[] = []
    const push = messageFilter(
      () => readers.shift(),
      (messages) => passed.push(Buffer.from(messages)),
    )
    for (let at = 0; at < stream.length; at += size) push(stream.subarray(at, at + size))
    expect(reader.rows).toEqual([
      [1, 'one'],
      [null, 'two'],
    ])
    const rows = Buffer.concat([dataRow(['1', 'one']), dataRow([null, 'two'])])
    const at = stream.indexOf(rows)
    expect(Buffer.concat(passed)).toEqual(
      Buffer.concat([stream.subarray(0, at), stream.subarray(at + rows.length)]),
    )
  })
})

describe('statements at once on one connection of PostgreSQL', { timeout: 20_000 }, async () => {
  const url = await testDatabaseUrl()
  const db = postgres({ url, max: 1 })
  afterAll(() => db.close())
  const numbers = table('numbers', { n: integer().notNull(), text: text() })
  beforeAll(async () => {
    for (const statement of createAll([numbers], db.dialect)) await db.run(statement)
    await db.load(
      numbers,
      Array.from({ length: 400 }, (_, n) => ({ n, text: n % 3 === 0 ? null : 'x'.repeat(n % 5) })),
    )
  })
  const series = (from: number, count: number) =>
    select(numbers)
      .from(numbers)
      .where(numbers.n.gte(from), numbers.n.lt(from + count))
      .orderBy(numbers.n)
  const expected = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + i).map((n) => ({
      n,
      text: n % 3 === 0 ? null : 'x'.repeat(n % 5),
    }))

  it('get their own rows, also between failing ones and those without rows', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) => {
        if (i % 7 === 3)
          return db.all(select({ n: sql(integer())`1 / (${i}::int - ${i}::int)` })).catch(() => 'failed')
        if (i % 7 === 5) return db.run(sql.statement`set application_name to 'at once'`)
        if (i % 7 === 6) return db.scalar(select({ i: literal(i, integer()) }))
        return db.all(series(i, i % 4))
      }),
    )
    answers.forEach((answer, i) => {
      if (i % 7 === 3) expect(answer).toBe('failed')
      else if (i % 7 === 5) expect(answer).toEqual({ affected: 0 })
      else if (i % 7 === 6) expect(answer).toBe(i)
      else expect(answer).toEqual(expected(i, i % 4))
    })
  })

  it('get their own rows where some are sent again, since their plans have become void', async () => {
    const changing = table('changing', { n: integer().notNull() })
    for (const statement of createAll([changing], db.dialect)) await db.run(statement)
    await db.run(insert(changing).values([{ n: 1 }, { n: 2 }]))
    const both = select({ n: changing.n }).from(changing).orderBy(changing.n)
    const second = select({ second: changing.n }).from(changing).where(changing.n.eq(2))
    for (let i = 0; i < 3; i++) for (const statement of [both, second]) await db.all<object>(statement)
    await db.run(sql.statement`alter table changing alter column n type bigint`)
    expect(
      await Promise.all([
        db.all(both),
        db.scalar(select({ n: literal(7, integer()) })),
        db.all(second),
        db.all(sql.statement`select 5`),
        db.all(select({ t: literal('t', text()) })),
      ]),
    ).toEqual([[{ n: 1 }, { n: 2 }], 7, [{ second: 2 }], [[5]], [{ t: 't' }]])
  })

  it('may have rows larger than what a socket brings at once', async () => {
    const rows = await db.all(
      select({ long: sql(text())`repeat('äb', 1000000)`, n: literal(1.25, double()) }),
    )
    expect(rows).toEqual([{ long: 'äb'.repeat(1000000), n: 1.25 }])
  })

  it('do not look at the rows behind the first, where only that is asked for', async () => {
    const rows = select({ n: sql(integer())`unnest(array['1', 'no number'])` })
    expect(await db.first(rows)).toEqual({ n: 1 })
    expect((await errorOf(() => db.all(rows))).code).toBe('invalid_value')
  })

  it('name the column whose value does not fit', async () => {
    const wrong = select({ a: literal(1, integer()), b: sql(integer())`'no number'` })
    const [error, other] = await Promise.all([errorOf(() => db.all(wrong)), db.all(series(8, 1))])
    expect(error).toMatchObject({ code: 'invalid_value', message: expect.stringContaining('Column "b"') })
    expect(other).toEqual([{ n: 8, text: 'xxx' }])
  })
})
