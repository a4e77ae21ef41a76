/**
 * Random values of each type, in every position where a value may stand. Types that have a room of their own are tried there,
 * in the same way: see what calls `keepsValues`.
 */
import {
  array,
  bigint,
  boolean,
  bytes,
  date,
  double,
  int4range,
  integer,
  jsonb,
  json as jsonColumn,
  numeric,
  range,
  real,
  text as textColumn,
  timestamp,
  timestamptz,
  uuid,
  varchar,
} from '@espalier/core'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { hostileTexts } from '../support/hostile-texts.js'
import { type KeptType, keepsValues } from '../support/round-trip.js'

const text = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary' }).map((s) => s.replaceAll('\u0000', '')),
)
const instant = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})
const json = fc
  .letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((x) => x + 0),
      fc.boolean(),
      fc.array(fc.oneof(tie('any'), fc.constant(null)), { maxLength: 4 }),
      fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        fc.oneof(tie('any'), fc.constant(null)),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }))
  .any.filter((value) => value !== null)
const decimal = (whole: number, fraction: number) =>
  fc
    .tuple(
      fc.boolean(),
      fc.bigInt({ min: 0n, max: 10n ** BigInt(whole) - 1n }),
      fc.nat({ max: 10 ** fraction - 1 }),
    )
    .map(([negative, left, right]) => {
      const digits = String(right).padStart(fraction, '0')
      const zero = left === 0n && right === 0
      return `${negative && !zero ? '-' : ''}${left}.${digits}`
    })

const bigints = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const bytesOf = fc.uint8Array({ maxLength: 64 }).map((one) => new Uint8Array(one))
const days = instant.map((day) => day.toISOString().slice(0, 10))
const listOf = <T>(values: fc.Arbitrary<T>) =>
  fc.array(fc.option(values, { freq: 5 }), { minLength: 2, maxLength: 2 })

const TYPES: readonly KeptType[] = [
  { name: 'integer', type: integer(), values: fc.integer(), edges: [0, -(2 ** 31), 2 ** 31 - 1] },
  { name: 'bigint', type: bigint(), values: bigints, edges: [0n, -(2n ** 63n), 2n ** 63n - 1n] },
  { name: 'numeric with a scale', type: numeric({ precision: 12, scale: 2 }), values: decimal(10, 2) },
  {
    name: 'numeric',
    type: numeric(),
    values: decimal(8, 6).map((s) => s.replace(/\.?0+$/, '')),
    edges: ['0', '-0.000001', '100000000000000'],
  },
  { name: 'real', type: real(), values: fc.integer({ min: -99999, max: 99999 }).map((n) => n / 8) },
  {
    name: 'double',
    type: double(),
    values: fc.double({ noNaN: true }).map((x) => x + 0),
    edges: [0, 1, 0.1, -1e15, 1e15, 1e16, 1e21, 5e-324, Number.MAX_VALUE, Infinity, -Infinity],
  },
  { name: 'boolean', type: boolean(), values: fc.boolean() },
  { name: 'text', type: textColumn(), values: text, edges: hostileTexts },
  { name: 'varchar', type: varchar(12), values: text.map((s) => [...s].slice(0, 12).join('')) },
  { name: 'date', type: date(), values: days },
  { name: 'timestamp', type: timestamp(), values: instant },
  { name: 'timestamptz', type: timestamptz(), values: instant },
  { name: 'json', type: jsonColumn<unknown>(), values: json, comparable: false },
  { name: 'jsonb', type: jsonb<unknown>(), values: json, comparable: false },
  { name: 'uuid', type: uuid(), values: fc.uuid() },
  { name: 'bytes', type: bytes(), values: bytesOf, edges: [new Uint8Array()] },
  { name: 'array of bigint', type: array(bigint()), values: listOf(bigints) },
  { name: 'array of text', type: array(textColumn()), values: listOf(text) },
  { name: 'array of bytes', type: array(bytes()), values: listOf(bytesOf) },
  { name: 'array of times', type: array(timestamptz()), values: listOf(instant) },
  { name: 'array of documents', type: array(jsonb<unknown>()), values: listOf(json), comparable: false },
]

describe.each(await allDatabases())('on $name', ({ name, db }) => {
  it.each(TYPES)('any $name is kept', (kept) => keepsValues(db, { ...kept, name: `any ${kept.name}` }, 40))

  it.skipIf(name === 'SQLite')('any int4range is kept', async () => {
    const ends = fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 1, max: 9999 }))
    const values = ends.map(([from, size]) => range(from, from + size))
    await keepsValues(db, { name: 'any int4range', type: int4range(), values })
  })
})
