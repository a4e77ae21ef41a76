import {
  bigint,
  boolean,
  bytes,
  date,
  double,
  insert,
  integer,
  json,
  jsonb,
  literal,
  nest,
  numeric,
  real,
  select,
  text,
  timestamp,
  timestamptz,
  uuid,
} from '@espalier/core'
import { type CaseDefinition, query, steps } from '../case.js'
import { samples } from '../schema.js'

type Key = Exclude<keyof typeof samples, 'as' | 'id' | `~${string}`>

/** Values that must come back as they went, by the column that holds them. */
const same: Readonly<Partial<Record<Key, readonly unknown[]>>> = {
  integer: [0, 1, -1, 2147483647, -2147483648],
  bigint: [0n, 1n, -1n, 9007199254740993n, -9223372036854775808n, 9223372036854775807n],
  numeric: ['0', '1', '-1.5', '0.1', '123456789.012345', '-0.000001'],
  money: ['0.00', '1.00', '-1.50', '9999999999.99'],
  real: [0, 0.1, -1.5, 3.4028235e38, 1e-20],
  double: [0, 0.1, -1.5, 1.7976931348623157e308, 5e-324, Infinity, -Infinity],
  boolean: [true, false],
  text: [
    '',
    ' ',
    "it's",
    'a"b',
    'back\\slash',
    "\\'",
    '$1 ? :x @y',
    "'; drop table conformance_samples; --",
    '/* */ -- ',
    'line\r\nbreak\ttab',
    'ünïcödé €uro 中文 🙂 \u200f\u0301',
    '%_*?[]^',
    'null',
    '\u0001\u007f\u0085\u2028\ufeff\uffff',
  ],
  varchar: ['', 'twenty characters ok', '🙂'.repeat(20)],
  date: ['2026-11-21', '2000-02-29', '0001-01-01', '9999-12-31'],
  timestamp: [new Date('2026-11-21T10:30:00.123Z'), new Date(0), new Date('0001-01-01T00:00:00Z')],
  timestamptz: [
    new Date('2026-11-21T10:30:00.123Z'),
    new Date('1969-12-31T23:59:59.999Z'),
    new Date('9999-12-31T23:59:59.999Z'),
  ],
  json: [
    {},
    [],
    'text',
    1.5,
    true,
    { a: [1, null, { b: "it's" }], 'c d': '\\ " €', $1: '?' },
    [[[]]],
    { __proto__x: 1, constructor: 2, '': 3 },
  ],
  jsonb: [{ a: 1 }, [1, 'two', null, false], 'x', 0],
  uuid: ['6f9619ff-8b86-4d11-b42d-00cf4fc964ff', '00000000-0000-0000-0000-000000000000'],
  bytes: [new Uint8Array(), new Uint8Array([0]), Uint8Array.from({ length: 256 }, (_, byte) => byte)],
}

const roundTrips = Object.entries(same).map(([key, list]) =>
  steps(`${key}: what is stored comes back`, async ({ on, equal, through }) => {
    const column = samples[key as Key]
    const rows = list.map((value, id) => ({ id, [key]: value }))
    await on.run(through(insert(samples).values(rows as { id: number }[])))
    const stored = await on.all(through(select({ value: column }).from(samples).orderBy(samples.id)))
    equal(
      stored.map((row) => row.value),
      list,
      `the values of ${key}`,
    )
    const nested = nest.many(select({ value: column, id: samples.id }).from(samples).orderBy(samples.id))
    const [row] = await on.all(through(select({ rows: nested })))
    equal(
      row?.rows,
      list.map((value, id) => ({ value, id })),
      `the values of ${key} in nested rows`,
    )
    const script = through(
      insert(samples).values(rows.map((row) => ({ ...row, id: row.id + 1000 })) as { id: number }[]),
    )
    equal(script.toSQL(on.dialect, { inline: true }).params, [], 'the parameters of a script')
  }),
)

const day = new Date('2026-11-21T10:30:00.123Z')

export const values: readonly CaseDefinition[] = [
  ...roundTrips,
  query(
    'a selected value keeps its type',
    select({
      integer: literal(1, integer()),
      bigint: literal(9007199254740993n, bigint()),
      numeric: literal('12.50', numeric()),
      real: literal(0.1, real()),
      double: literal(0.1, double()),
      boolean: literal(true, boolean()),
      text: literal('1', text()),
      date: literal('2026-11-21', date()),
      timestamp: literal(day, timestamp()),
      timestamptz: literal(day, timestamptz()),
      json: literal({ a: [1] }, json()),
      jsonb: literal({ a: [1] }, jsonb()),
      uuid: literal('6F9619FF-8B86-4D11-B42D-00CF4FC964FF', uuid()),
      bytes: literal(new Uint8Array([1, 2]), bytes()),
    }),
    [
      {
        integer: 1,
        bigint: 9007199254740993n,
        numeric: '12.5',
        real: 0.1,
        double: 0.1,
        boolean: true,
        text: '1',
        date: '2026-11-21',
        timestamp: day,
        timestamptz: day,
        json: { a: [1] },
        jsonb: { a: [1] },
        uuid: '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
        bytes: new Uint8Array([1, 2]),
      },
    ],
  ),
  steps('null in every column', async ({ on, equal, through }) => {
    const keys = Object.keys(same)
    const row = Object.fromEntries(keys.map((key) => [key, null]))
    await on.run(through(insert(samples).values({ id: 1, ...row })))
    const stored = await on.one(through(select(samples).from(samples)))
    equal(stored, { id: 1, ...row }, 'the row')
  }),
]
