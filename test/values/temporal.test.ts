/** Times as values of Temporal, here of a polyfill. What is built in has the same methods. */
import {
  createTable,
  date,
  extract,
  insert,
  max,
  type RowOf,
  select,
  table,
  time,
  timestamp,
  timestamptz,
  toJSON,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { type KeptType, keepsValues } from '../support/round-trip.js'
import { errorOf } from '../support/sql.js'

// Values of Temporal have no fields by which they could be told apart.
const isTemporal = (value: unknown): value is { equals(other: unknown): boolean } =>
  Object.prototype.toString.call(value).startsWith('[object Temporal.')
expect.addEqualityTesters([
  (a, b) => (isTemporal(a) || isTemporal(b) ? isTemporal(a) && isTemporal(b) && a.equals(b) : undefined),
])

const { Instant, PlainDate, PlainDateTime, PlainTime } = Temporal
const moment = (milliseconds: boolean) =>
  fc
    .record({
      date: fc.date({
        min: new Date('0001-01-01T00:00:00.000Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      micros: milliseconds ? fc.constant(0) : fc.integer({ min: 0, max: 999 }),
    })
    .map(({ date, micros }) => date.toISOString().slice(0, -1) + String(micros).padStart(3, '0'))
const kinds = (milliseconds: boolean): readonly KeptType[] => [
  {
    name: 'instants',
    type: timestamptz({ as: Instant }),
    values: moment(milliseconds).map((text) => Instant.from(`${text}Z`)),
    edges: [Instant.from('0001-01-01T00:00Z'), Instant.from('9999-12-31T23:59:59.999Z')],
    throughJson: false,
  },
  {
    name: 'plain times of day',
    type: timestamp({ as: PlainDateTime }),
    values: moment(milliseconds).map((text) => PlainDateTime.from(text)),
    throughJson: false,
  },
  {
    name: 'days',
    type: date({ as: PlainDate }),
    values: moment(true).map((text) => PlainDate.from(text.slice(0, 10))),
    throughJson: false,
  },
  {
    name: 'times',
    type: time({ as: PlainTime }),
    values: moment(milliseconds).map((text) => PlainTime.from(text.slice(11))),
    edges: [PlainTime.from('00:00'), PlainTime.from('23:59:59.999999')],
    throughJson: false,
  },
]

describe.each(await allDatabases())('Values of Temporal on $name', ({ name, db }) => {
  it.each(kinds(name === 'SQLite'))('are kept everywhere: $name', async (kept) => {
    await keepsValues(db, { ...kept, name: `temporal ${kept.name}` })
  })

  it('are computed with as the times that they are', async () => {
    const seen = table('temporal seen', {
      at: timestamptz('seen_at', { as: Instant }).notNull(),
      day: date('on', { as: PlainDate }),
    })
    await db.run(createTable(seen))
    const at = Instant.from('2026-11-21T10:30:00.123Z')
    const day = PlainDate.from('2026-11-21')
    await db.run(
      insert(seen).values([
        { at, day },
        { at: at.subtract({ hours: 5 }), day },
      ]),
    )
    expect(
      await db.one(
        select({ last: max(seen.at), day: max(seen.day) })
          .from(seen)
          .where(seen.at.lte(at)),
      ),
    ).toEqual({ last: at, day })
    expect(await db.all(select(extract('hour', seen.at)).from(seen).where(seen.at.lt(at)))).toEqual([5])
  })
})

it('have the types of their classes', () => {
  const seen = table('seen', { at: timestamptz({ as: Instant }).notNull(), day: date({ as: PlainDate }) })
  expectTypeOf<RowOf<typeof seen>>().toEqualTypeOf<{ at: Temporal.Instant; day: Temporal.PlainDate | null }>()
  const last = select({ last: max(seen.at) }).from(seen)
  expectTypeOf<RowOf<typeof last>>().toEqualTypeOf<{ last: Temporal.Instant | null }>()
  // @ts-expect-error a text is no instant
  seen.at.eq('2026-11-21T10:30Z')
})

it('two values are two, though none has fields', () => {
  const seen = table('seen', { at: timestamptz({ as: Instant }) })
  const [one, other] = ['2026-11-21T10:30Z', '2026-11-21T10:31Z'].map((text) => Instant.from(text)) as [
    Temporal.Instant,
    Temporal.Instant,
  ]
  const ordered = (by: Temporal.Instant) =>
    select({ is: seen.at.eq(one) })
      .from(seen)
      .orderBy(seen.at.eq(by))
      .toSQL(postgresDialect)
  expect(ordered(one)).toEqual({
    sql: 'select "seen"."at" = $1 as "is" from "seen" order by "is"',
    params: ['2026-11-21T10:30:00.000Z'],
  })
  expect(ordered(other)).toEqual({
    sql: 'select "seen"."at" = $1 as "is" from "seen" order by "seen"."at" = $2',
    params: ['2026-11-21T10:30:00.000Z', '2026-11-21T10:31:00.000Z'],
  })
})

it('what databases do not keep is refused', async () => {
  const seen = table('seen', {
    at: timestamptz({ as: Instant }),
    local: timestamp({ as: PlainDateTime }),
    day: date({ as: PlainDate }),
    time: time({ as: PlainTime }),
  })
  const of =
    (row: object, dialect = postgresDialect) =>
    () =>
      insert(seen)
        .values(row as never)
        .toSQL(dialect)
  for (const [work, message] of [
    [of({ at: Instant.from('2026-11-21T10:30:00.1234567Z') }), /seen\.at.*no more than microseconds.*round/s],
    [of({ time: PlainTime.from('10:30:00.123456789') }), /seen\.time.*no more than microseconds/s],
    [of({ at: Instant.from('2026-11-21T10:30:00.123456Z') }, sqliteDialect), /without microseconds.*SQLite/s],
    [of({ at: '2026-11-21T10:30:00Z' }), /seen\.at.*expected a Temporal\.Instant/s],
    [of({ at: new Date(0) }), /expected a Temporal\.Instant/],
    [of({ day: PlainDateTime.from('2026-11-21T10:30') }), /expected a Temporal\.PlainDate\./],
    [of({ local: PlainDateTime.from('-000001-11-21T10:30') }), /years 1 to 9999/],
    [of({ day: PlainDate.from('+010000-01-01') }), /seen\.day.*YYYY-MM-DD/s],
    [() => date({ as: 'string' as never }), /a class such as Temporal\.PlainDate/],
    [() => timestamptz({ as: {} as never }), /'Date', 'string' or a class such as Temporal\.Instant/],
    [
      () => toJSON(insert(seen).values({ at: Instant.from('2026-11-21T10:30Z') })),
      /cannot be written as JSON/,
    ],
  ] as const) {
    expect((await errorOf(work)).message).toMatch(message)
  }
})
