import {
  addInterval,
  cast,
  count,
  currentDate,
  date,
  dateTrunc,
  daysBetween,
  extract,
  integer,
  literal,
  makeDate,
  now,
  secondsBetween,
  select,
  subtractInterval,
  timestamp,
  timestamptz,
  toChar,
} from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { people } from '../schema.js'

const day = (text: string) => literal(text, date())
const at = (text: string) => literal(new Date(text), timestamptz())
const local = (text: string) => literal(new Date(text), timestamp())

export const times: readonly CaseDefinition[] = [
  query(
    'parts of times',
    select({
      year: extract('year', at('2026-02-03T04:05:06.789Z')),
      quarter: extract('quarter', at('2026-12-31T23:59:59.999Z')),
      month: extract('month', at('2026-02-03T04:05:06.789Z')),
      day: extract('day', local('2026-02-03T04:05:06.789Z')),
      hour: extract('hour', at('2026-02-03T04:05:06.789Z')),
      minute: extract('minute', local('2026-02-03T04:05:06.789Z')),
      second: extract('second', at('2026-02-03T04:05:06.789Z')),
      epoch: extract('epoch', at('2026-02-03T04:05:06.789Z')),
      before: extract('epoch', at('1969-12-31T23:59:59.999Z')),
      early: extract('epoch', local('0001-01-01T00:00:00.001Z')),
    }),
    [
      {
        year: 2026,
        quarter: 4,
        month: 2,
        day: 3,
        hour: 4,
        minute: 5,
        second: 6.789,
        epoch: 1770091506.789,
        before: -0.001,
        early: -62135596799.999,
      },
    ],
  ),
  query(
    'parts of dates, weeks by ISO 8601',
    select({
      doy: extract('doy', day('2024-12-31')),
      sunday: extract('dow', day('2026-01-04')),
      isoSunday: extract('isodow', day('2026-01-04')),
      monday: extract('isodow', day('2026-01-05')),
      first: extract('week', day('2026-01-01')),
      last: extract('week', day('2027-01-03')),
      lastYear: extract('isoyear', day('2027-01-03')),
      next: extract('week', day('2024-12-30')),
      nextYear: extract('isoyear', day('2024-12-30')),
      early: extract('week', day('2021-01-03')),
      quarter: extract('quarter', day('2026-03-31')),
    }),
    [
      {
        doy: 366,
        sunday: 0,
        isoSunday: 7,
        monday: 1,
        first: 1,
        last: 53,
        lastYear: 2026,
        next: 1,
        nextYear: 2025,
        early: 53,
        quarter: 1,
      },
    ],
  ),
  query(
    'parts of columns, and of NULL',
    select({ year: extract('year', people.born), hour: extract('hour', people.seenAt) })
      .from(people)
      .orderBy(people.id),
    [
      { year: 1990, hour: 3 },
      { year: null, hour: null },
      { year: 2000, hour: 3 },
      { year: 1989, hour: 23 },
    ],
  ),
  query(
    'the begin of a unit of time',
    select({
      year: dateTrunc('year', at('2026-05-31T23:59:59.999Z')),
      quarter: dateTrunc('quarter', at('2026-06-30T23:59:59.999Z')),
      month: dateTrunc('month', local('2026-05-31T23:59:59.999Z')),
      week: dateTrunc('week', at('2026-01-04T12:00:00Z')),
      monday: dateTrunc('week', local('2026-01-05T00:00:00Z')),
      day: dateTrunc('day', at('1969-12-31T23:59:59.999Z')),
      hour: dateTrunc('hour', at('2026-05-31T23:59:59.999Z')),
      minute: dateTrunc('minute', local('2026-05-31T23:59:59.999Z')),
      second: dateTrunc('second', at('2026-05-31T23:59:59.999Z')),
    }),
    [
      {
        year: new Date('2026-01-01T00:00:00Z'),
        quarter: new Date('2026-04-01T00:00:00Z'),
        month: new Date('2026-05-01T00:00:00Z'),
        week: new Date('2025-12-29T00:00:00Z'),
        monday: new Date('2026-01-05T00:00:00Z'),
        day: new Date('1969-12-31T00:00:00Z'),
        hour: new Date('2026-05-31T23:00:00Z'),
        minute: new Date('2026-05-31T23:59:00Z'),
        second: new Date('2026-05-31T23:59:59Z'),
      },
    ],
  ),
  query(
    'the begin of a unit of a date is a date',
    select({
      year: dateTrunc('year', day('2026-05-31')),
      quarter: dateTrunc('quarter', day('2026-05-31')),
      month: dateTrunc('month', day('2026-05-31')),
      week: dateTrunc('week', day('2026-05-31')),
      day: dateTrunc('day', day('2026-05-31')),
    }),
    [
      {
        year: '2026-01-01',
        quarter: '2026-04-01',
        month: '2026-05-01',
        week: '2026-05-25',
        day: '2026-05-31',
      },
    ],
  ),
  query(
    'rows grouped by month',
    (() => {
      const month = dateTrunc('month', people.seenAt)
      return select({ month, n: count() }).from(people).groupBy(month).orderBy(month)
    })(),
    [
      { month: new Date('1969-12-01T00:00:00Z'), n: 1 },
      { month: new Date('2026-01-01T00:00:00Z'), n: 2 },
      { month: null, n: 1 },
    ],
  ),
  query(
    'months are added to the last day of a shorter month',
    select({
      leap: addInterval(day('2024-01-31'), { months: 1 }),
      short: addInterval(day('2026-01-31'), { months: 1 }),
      back: subtractInterval(day('2026-03-31'), { months: 1 }),
      year: addInterval(day('2024-02-29'), { years: 1 }),
      same: addInterval(day('2026-01-15'), { months: 13 }),
      then: addInterval(day('2026-01-31'), { months: 1, days: 1 }),
      time: addInterval(at('2026-01-31T23:59:59.999Z'), { months: 1 }),
      local: addInterval(local('2026-01-31T10:00:00.250Z'), { months: -11, weeks: 1, hours: -11 }),
    }),
    [
      {
        leap: '2024-02-29',
        short: '2026-02-28',
        back: '2026-02-28',
        year: '2025-02-28',
        same: '2027-02-15',
        then: '2026-03-01',
        time: new Date('2026-02-28T23:59:59.999Z'),
        local: new Date('2025-03-06T23:00:00.250Z'),
      },
    ],
  ),
  query(
    'days and times are added',
    select({
      days: addInterval(day('2026-02-27'), { days: 3 }),
      weeks: subtractInterval(day('2026-01-07'), { weeks: 1 }),
      zero: addInterval(day('2026-02-27'), { days: 0 }),
      hours: addInterval(at('2026-12-31T23:00:00Z'), { hours: 1 }),
      seconds: addInterval(at('2026-01-01T00:00:00.005Z'), { minutes: -1, seconds: 0.999 }),
      millisecond: subtractInterval(local('2026-01-01T00:00:00Z'), { seconds: 0.001 }),
      column: addInterval(people.seenAt, { days: 1 }),
    })
      .from(people)
      .where(people.id.lte(2n))
      .orderBy(people.id),
    [
      {
        days: '2026-03-02',
        weeks: '2025-12-31',
        zero: '2026-02-27',
        hours: new Date('2027-01-01T00:00:00Z'),
        seconds: new Date('2025-12-31T23:59:01.004Z'),
        millisecond: new Date('2025-12-31T23:59:59.999Z'),
        column: new Date('2026-01-03T03:04:05.678Z'),
      },
      {
        days: '2026-03-02',
        weeks: '2025-12-31',
        zero: '2026-02-27',
        hours: new Date('2027-01-01T00:00:00Z'),
        seconds: new Date('2025-12-31T23:59:01.004Z'),
        millisecond: new Date('2025-12-31T23:59:59.999Z'),
        column: null,
      },
    ],
  ),
  query(
    'a moved time is compared with others',
    select({ id: people.id })
      .from(people)
      .where(
        addInterval(people.seenAt, { seconds: 0.001 }).eq(new Date('2026-01-02T03:04:05.678Z')),
        people.seenAt.lt(subtractInterval(now(), { years: -1000 })),
        addInterval(cast(people.seenAt, date()), { days: 1 }).eq('2026-01-03'),
      ),
    [{ id: 3n }],
  ),
  query(
    'the time between two',
    select({
      days: daysBetween(day('2024-02-28'), '2024-03-01'),
      back: daysBetween(day('2026-01-01'), day('2025-01-01')),
      born: daysBetween(people.born, '1990-02-01'),
      seconds: secondsBetween(at('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00.25Z')),
      less: secondsBetween(local('2026-01-01T00:00:00.001Z'), local('2026-01-01T00:00:00Z')),
      seen: secondsBetween(people.seenAt, people.seenAt),
    })
      .from(people)
      .where(people.id.lte(2n))
      .orderBy(people.id),
    [
      { days: 2, back: -365, born: 1, seconds: 86400.25, less: -0.001, seen: 0 },
      { days: 2, back: -365, born: null, seconds: 86400.25, less: -0.001, seen: null },
    ],
  ),
  query(
    'a date of its parts',
    select({
      leap: makeDate(2024, 2, 29),
      padded: makeDate(999, 1, literal(2, integer())),
      score: makeDate(2026, people.score, 1),
    })
      .from(people)
      .where(people.id.in([1n, 3n]))
      .orderBy(people.id),
    [
      { leap: '2024-02-29', padded: '0999-01-02', score: '2026-10-01' },
      { leap: '2024-02-29', padded: '0999-01-02', score: null },
    ],
  ),
  query(
    'times as texts',
    select({
      month: toChar(at('2026-02-03T04:05:06.789Z'), 'YYYY-MM'),
      german: toChar(day('2026-02-03'), 'DD.MM.YYYY'),
      whole: toChar(local('2026-02-03T04:05:06.789Z'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      day: toChar(day('2026-02-03'), '100% "of day %d" DDD'),
      missing: toChar(people.born, 'YYYY'),
    })
      .from(people)
      .where(people.id.eq(2n)),
    [
      {
        month: '2026-02',
        german: '03.02.2026',
        whole: '2026-02-03T04:05:06.789Z',
        day: '100% of day %d 034',
        missing: null,
      },
    ],
  ),
  query(
    'the current day is that of the current time',
    select({
      same: currentDate().between(cast(subtractInterval(now(), { minutes: 1 }), date()), cast(now(), date())),
    }),
    [{ same: true }],
  ),
]
