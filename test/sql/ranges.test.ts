import {
  array,
  createTable,
  date,
  daterange,
  deleteFrom,
  emptyRange,
  fromJSON,
  hstore,
  insert,
  int4range,
  int8range,
  integer,
  literal,
  numeric,
  numrange,
  param,
  range,
  rangeAdjacent,
  rangeAfter,
  rangeAgg,
  rangeBefore,
  rangeContainedBy,
  rangeContains,
  rangeDifference,
  rangeFrom,
  rangeIntersection,
  rangeIsEmpty,
  rangeLower,
  rangeLowerIncluded,
  rangeLowerUnbounded,
  rangeMerge,
  rangeOverlaps,
  rangeUnion,
  rangeUpper,
  rangeUpperIncluded,
  rangeUpperUnbounded,
  type Statement,
  select,
  sql,
  table,
  timestamptz,
  toJSON,
  tsrange,
  tstzmultirange,
  tstzrange,
} from '@espalier/core'
import { postgresDialect, postgresDialectFor } from '@espalier/dialects/postgres'
import { beforeAll, describe, expect, it } from 'vitest'
import { everyWay, postgresDatabases, refusalOf } from '../support/postgres-cases.js'
import { errorOf } from '../support/sql.js'

const spans = table('spans', {
  id: integer().primaryKey(),
  whole: int4range(),
  big: int8range(),
  exact: numrange(),
  days: daterange(),
  times: tsrange(),
  instants: tstzrange('moments'),
})
const [morning, noon] = [new Date('2026-11-21T06:30:00.125Z'), new Date('2026-11-21T12:00:00Z')]
const rows = [
  {
    id: 1,
    whole: range(1, 5),
    big: range(-9007199254740993n, 9007199254740993n),
    exact: range('-1.5', '2.25', '(]'),
    days: range('2026-12-24', '2026-12-27'),
    times: range(morning, noon),
    instants: range(morning, noon, '[]'),
  },
  {
    id: 2,
    whole: range<number>(null, 0, '()'),
    big: range<bigint>(7n, null),
    exact: range<string>(null, null, '()'),
    days: range<string>('2026-12-27', null),
    times: range<Date>(null, morning, '()'),
    instants: range<Date>(noon, null, '()'),
  },
  {
    id: 3,
    whole: emptyRange,
    big: emptyRange,
    exact: emptyRange,
    days: emptyRange,
    times: emptyRange,
    instants: emptyRange,
  },
  { id: 4, whole: null, big: null, exact: null, days: null, times: null, instants: null },
]
const others = spans.as('others')
const ids = select(spans.id).from(spans).orderBy(spans.id)
const one = select({ id: spans.id }).from(spans).where(spans.id.eq(1))

const cases: readonly (readonly [
  string,
  Statement<unknown, never>,
  string,
  readonly unknown[],
  readonly unknown[],
])[] = [
  [
    'elements',
    ids.where(rangeContains(spans.days, '2026-12-25')),
    'select "spans"."id" as "value" from "spans" where "spans"."days" @> $1::date order by "spans"."id"',
    ['2026-12-25'],
    [1],
  ],
  [
    'elements of the database',
    ids.where(rangeContains(spans.whole, spans.id)),
    'select "spans"."id" as "value" from "spans" where "spans"."whole" @> "spans"."id" order by "spans"."id"',
    [],
    [1],
  ],
  [
    'ranges within',
    ids.where(rangeContains(spans.whole, range(2, 4, '[]')), rangeContainedBy(spans.whole, range(0, 9))),
    'select "spans"."id" as "value" from "spans" where "spans"."whole" @> $1::int4range and "spans"."whole" <@ $2::int4range order by "spans"."id"',
    ['["2","4"]', '["0","9")'],
    [1],
  ],
  [
    'overlaps, before and after',
    ids.where(
      rangeOverlaps(spans.instants, range(noon, null, '()')),
      rangeAfter(spans.big, range(1n, 2n)),
      rangeBefore(spans.times, range(noon, null)),
    ),
    'select "spans"."id" as "value" from "spans" where "spans"."moments" && $1::tstzrange and "spans"."big" >> $2::int8range and "spans"."times" << $3::tsrange order by "spans"."id"',
    ['("2026-11-21T12:00:00.000Z",)', '["1","2")', '["2026-11-21T12:00:00.000Z",)'],
    [2],
  ],
  [
    'adjacent, and the opposite',
    ids.where(rangeAdjacent(spans.days, range('2026-12-20', '2026-12-24')), rangeIsEmpty(spans.whole).not()),
    'select "spans"."id" as "value" from "spans" where "spans"."days" -|- $1::daterange and not isempty("spans"."whole") order by "spans"."id"',
    ['["2026-12-20","2026-12-24")'],
    [1],
  ],
  [
    'equality',
    ids.where(spans.exact.eq(range('-1.50', '2.25', '(]'))),
    'select "spans"."id" as "value" from "spans" where "spans"."exact" = $1 order by "spans"."id"',
    ['("-1.5","2.25"]'],
    [1],
  ],
  [
    'put together',
    select({
      union: rangeUnion(spans.whole, range(5, 8)),
      both: rangeIntersection(spans.whole, range(3, 9)),
      none: rangeIntersection(spans.whole, range(7, 9)),
      less: rangeDifference(spans.whole, range(3, 9)),
      merged: rangeMerge(spans.whole, range(20, 21)),
      made: rangeFrom(int4range(), spans.id, 4, '[]'),
      open: rangeFrom(daterange(), '2026-01-01', null),
    })
      .from(spans)
      .where(spans.id.eq(1)),
    'select "spans"."whole" + $1::int4range as "union", "spans"."whole" * $2::int4range as "both", "spans"."whole" * $3::int4range as "none", "spans"."whole" - $4::int4range as "less", range_merge("spans"."whole", $5::int4range) as "merged", int4range("spans"."id", $6::integer, $7::text) as "made", daterange($8::date, null, $9::text) as "open" from "spans" where "spans"."id" = $10',
    ['["5","8")', '["3","9")', '["7","9")', '["3","9")', '["20","21")', 4, '[]', '2026-01-01', '[)', 1],
    [
      {
        union: range(1, 8),
        both: range(3, 5),
        none: emptyRange,
        less: range(1, 3),
        merged: range(1, 21),
        made: range(1, 5),
        open: range('2026-01-01', null),
      },
    ],
  ],
  [
    'their parts',
    select({
      lower: rangeLower(spans.instants, timestamptz()),
      upper: rangeUpper(spans.exact, numeric()),
      day: rangeUpper(spans.days, date()),
      lowerIn: rangeLowerIncluded(spans.exact),
      upperIn: rangeUpperIncluded(spans.exact),
      lowerOpen: rangeLowerUnbounded(spans.whole),
      upperOpen: rangeUpperUnbounded(spans.big),
    })
      .from(spans)
      .where(spans.id.lte(2))
      .orderBy(spans.id),
    'select lower("spans"."moments") as "lower", upper("spans"."exact") as "upper", upper("spans"."days") as "day", lower_inc("spans"."exact") as "lowerIn", upper_inc("spans"."exact") as "upperIn", lower_inf("spans"."whole") as "lowerOpen", upper_inf("spans"."big") as "upperOpen" from "spans" where "spans"."id" <= $1 order by "spans"."id"',
    [2],
    [
      {
        lower: morning,
        upper: '2.25',
        day: '2026-12-27',
        lowerIn: false,
        upperIn: true,
        lowerOpen: false,
        upperOpen: false,
      },
      {
        lower: noon,
        upper: null,
        day: null,
        lowerIn: false,
        upperIn: false,
        lowerOpen: true,
        upperOpen: true,
      },
    ],
  ],
  [
    'of the rows',
    select({ days: rangeAgg(spans.days), times: rangeAgg(spans.times) })
      .from(spans)
      .where(spans.id.lt(4)),
    'select range_agg("spans"."days") as "days", range_agg("spans"."times") as "times" from "spans" where "spans"."id" < $1',
    [4],
    [{ days: [range('2026-12-24', null)], times: [range<Date>(null, noon, '()')] }],
  ],
  [
    'several ranges',
    ids.where(rangeContains(select(rangeAgg(others.days)).from(others).scalar(), spans.days)),
    'select "spans"."id" as "value" from "spans" where (select range_agg("others"."days") as "value" from "spans" as "others") @> "spans"."days" order by "spans"."id"',
    [],
    [1, 2, 3],
  ],
]

describe.each(await postgresDatabases())('ranges on $name', ({ db }) => {
  beforeAll(async () => {
    await db.run(createTable(spans))
    await db.run(insert(spans).values(rows))
  })

  it('come back as they were stored, as parameters, as literals and loaded', async () => {
    const all = select(spans).from(spans).orderBy(spans.id)
    expect(await db.all(all)).toEqual(rows)
    await db.run(deleteFrom(spans).where(spans.id.gt(0)))
    const { sql: script } = insert(spans).values(rows).toSQL(postgresDialect, { inline: true })
    await db.run(sql.statement(Object.assign([script], { raw: [script] })))
    expect(await db.all(all)).toEqual(rows)
    await db.run(deleteFrom(spans).where(spans.id.gt(0)))
    await db.load(spans, rows)
    expect(await db.all(all)).toEqual(rows)
  })

  it.each(cases)('%s', async (_name, statement, text, params, expected) => {
    expect(statement.toSQL(postgresDialect)).toEqual({ sql: text, params })
    for (const way of everyWay(statement)) expect(await db.all(way)).toEqual(expected)
  })

  it('are elements of arrays', async () => {
    const list = [range(1, 5), emptyRange, range<number>(null, 3, '()')]
    const statement = select(literal(list, array(int4range())))
    expect(statement.toSQL(postgresDialect)).toEqual({
      sql: 'select $1::int4range[] as "value"',
      params: ['{"[\\"1\\",\\"5\\")",empty,"(,\\"3\\")"}'],
    })
    for (const way of everyWay(statement)) expect(await db.all(way)).toEqual([list])
  })

  it('are given by name', async () => {
    const free = db.prepare(ids.where(rangeOverlaps(spans.days, param('stay', daterange()))))
    expect(await free.all({ stay: range('2026-12-26', '2026-12-28') })).toEqual([1, 2])
    expect(await free.all({ stay: emptyRange })).toEqual([])
  })

  it('of all values, and up to the last day of all', async () => {
    const days = range('2026-12-24', '9999-12-31', '[]')
    const statement = select({
      days: literal(days, daterange()),
      list: literal([days], array(daterange())),
      after: literal(range('9999-12-30', '9999-12-31', '()'), daterange()),
      all: literal(range(null, null), daterange()),
    })
    for (const way of everyWay(statement)) {
      expect(await db.all(way)).toEqual([
        { days, list: [days], after: emptyRange, all: range(null, null, '()') },
      ])
    }
  })

  it('without an end in time but the word infinity are an error that says so', async () => {
    const odd = select(sql(tstzrange())`'["2026-01-01",infinity)'::tstzrange`)
    expect((await errorOf(() => db.all(odd))).message).toMatch(/infinity.*years 1 to 9999/)
  })
})

it('SQLite refuses them, with what to do instead', async () => {
  for (const statement of [
    createTable(spans),
    select(spans).from(spans).where(rangeIsEmpty(spans.days)),
    insert(spans).values(rows),
    ...cases.map(([, statement]) => statement),
  ]) {
    expect(await refusalOf(statement as Statement<unknown>)).toMatch(/SQLite has no ranges.*two bounds/)
  }
})

it('what is no range is refused', async () => {
  const text = (value: unknown) => () => ids.where(spans.whole.eq(value as never)).toSQL(postgresDialect)
  const tampered = JSON.parse(
    JSON.stringify(toJSON(one.where(rangeIsEmpty(spans.whole)))).replaceAll('int4range', 'int4range); drop'),
  )
  for (const [work, message] of [
    [text(5), /5 is no value for int4range: expected a range/],
    [text({ lower: 1, upper: 2, bounds: "['" }), /bounds that are one of/],
    [text({ lower: 1.5, upper: 2, bounds: '[)' }), /1.5 is no value for integer/],
    [text({ lower: 5, upper: 2, bounds: '[)' }), /lower bound that is not above/],
    [text({ lower: undefined, upper: 2, bounds: '[)' }), /is no value for integer/],
    [() => range(1, 2, 'x' as never), /bounds of a range are one of/],
    [() => rangeFrom(int4range(), 1, 2, 'empty' as never), /bounds of a range are one of/],
    [() => rangeContains(spans.id as never, 1 as never), /takes a range, not integer/],
    [
      () => rangeContains(spans.big, spans.id as never),
      /beside int8range stands bigint or a range of bigint, not integer; cast it/,
    ],
    [() => rangeOverlaps(spans.exact, spans.days as never), /a range of numeric, not daterange/],
    [() => rangeLower(spans.days, integer() as never), /the bounds are of type date/],
    [() => fromJSON(tampered), /not a tree that toJSON wrote/],
    [
      () => ids.where(rangeContains(spans.big, 5 as never)).toSQL(postgresDialect),
      /5 is no value for bigint/,
    ],
  ] as const) {
    expect((await errorOf(work)).message).toMatch(message)
  }
})

it('PostgreSQL 13 has no values of several ranges', async () => {
  const several = select(rangeAgg(spans.days).filter(spans.id.gt(1)).distinct()).from(spans)
  expect(several.toSQL(postgresDialectFor(14)).sql).toBe(
    'select range_agg(distinct "spans"."days") filter (where "spans"."id" > $1) as "value" from "spans"',
  )
  expect((await errorOf(() => several.toSQL(postgresDialectFor(13)))).message).toMatch(
    /PostgreSQL 13 has no values of several ranges/,
  )
})

it('are what they were when they were given', () => {
  const given = { lower: new Date(0), upper: null as Date | null, bounds: '[)' as const }
  const several = [given]
  const query = select({ one: literal(given, tstzrange()), all: literal(several, tstzmultirange()) })
  given.lower.setFullYear(2000)
  given.upper = new Date(0)
  several.pop()
  expect(query.toSQL(postgresDialect).params).toEqual([
    '["1970-01-01T00:00:00.000Z",)',
    '{["1970-01-01T00:00:00.000Z",)}',
  ])
  const pairs: Record<string, string> = { a: '1' }
  const row = insert(table('pairs', { pairs: hstore() })).values({ pairs })
  pairs.a = '2'
  expect(row.toSQL(postgresDialect).params).toEqual(['"a"=>"1"'])
})
