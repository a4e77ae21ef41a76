/** Ranges: what stands beside them, and where NULL may be. */
import {
  bigint,
  createTable,
  daterange,
  emptyRange,
  insert,
  int4range,
  int8range,
  integer,
  numeric,
  numrange,
  type Range,
  type RowOf,
  range,
  rangeAgg,
  rangeContains,
  rangeFrom,
  rangeIsEmpty,
  rangeLower,
  rangeOverlaps,
  rangeUnion,
  select,
  table,
  timestamptz,
  tstzrange,
} from '@espalier/core'
import { exactly, type ValueOf } from './equal.js'
import { db, users } from './schema.js'

const stays = table('stays', {
  id: integer().primaryKey(),
  nights: daterange().notNull(),
  rooms: int4range(),
  price: numrange(),
  open: tstzrange().notNull(),
})
const all = select(stays).from(stays)
exactly<
  RowOf<typeof all>,
  {
    id: number
    nights: Range<string>
    rooms: Range<number> | null
    price: Range<string> | null
    open: Range<Date>
  }
>(true)
db.run(createTable(stays))
insert(stays).values({ id: 1, nights: range('2026-01-01', null), open: emptyRange })
insert(stays).values({
  id: 1,
  nights: { lower: null, upper: null, bounds: '()' },
  open: range(new Date(), null),
})
// @ts-expect-error The bounds are texts.
insert(stays).values({ id: 1, nights: range(1, 2), open: emptyRange })
// @ts-expect-error There are no such bounds.
insert(stays).values({ id: 1, nights: { lower: null, upper: null, bounds: '<>' }, open: emptyRange })
// @ts-expect-error Nor here.
range(1, 2, '][')
exactly<ReturnType<typeof fives>, Range<number>>(true)
const fives = () => range(1, 5)
exactly<ReturnType<typeof bigFives>, Range<bigint>>(true)
const bigFives = () => range(1n, 5n)
// Without bounds it is a range of any type.
insert(stays).values({
  id: 1,
  nights: range(null, null),
  rooms: range(null, null),
  open: range(null, null, '()'),
})
const dayOrNone = (day: string | null) => range(day, null)
exactly<ReturnType<typeof dayOrNone>, Range<string>>(true)

const has = rangeContains(stays.nights, '2026-12-24')
exactly<ValueOf<typeof has>, boolean>(true)
const hasRoom = rangeContains(stays.rooms, 12)
exactly<ValueOf<typeof hasRoom>, boolean | null>(true)
const hasId = rangeContains(stays.rooms, stays.id)
exactly<ValueOf<typeof hasId>, boolean | null>(true)
db.all(select(stays.id).from(stays).where(has, hasRoom, hasId, rangeIsEmpty(stays.price).not()))
// @ts-expect-error A day is a text.
rangeContains(stays.nights, 5)
// @ts-expect-error A bigint is no integer.
rangeContains(stays.rooms, users.id)
// @ts-expect-error Nor is a range of bigints.
rangeOverlaps(stays.rooms, range(1n, 2n))
// @ts-expect-error An element overlaps nothing.
rangeOverlaps(stays.rooms, 5)
// @ts-expect-error An integer has no elements.
rangeContains(stays.id, 5)
// @ts-expect-error NULL is in no range.
rangeContains(stays.rooms, null)
// @ts-expect-error The source of the other side is still needed.
db.all(select(users.id).from(users).where(rangeContains(stays.rooms, 1)))
// @ts-expect-error Ranges are compared with ranges.
stays.rooms.eq(5)

const union = rangeUnion(stays.rooms, range(1, 2))
exactly<ValueOf<typeof union>, Range<number> | null>(true)
const nights = rangeUnion(stays.nights, stays.nights)
exactly<ValueOf<typeof nights>, Range<string>>(true)
const lower = rangeLower(stays.open, timestamptz())
exactly<ValueOf<typeof lower>, Date | null>(true)
lower.gt(new Date())
rangeLower(stays.price, numeric()).add('1')
const made = rangeFrom(int8range(), users.id, null)
exactly<ValueOf<typeof made>, Range<bigint>>(true)
// @ts-expect-error The bounds are bigints.
rangeFrom(int8range(), 1, 2)
// @ts-expect-error This is no type of ranges.
rangeFrom(bigint(), 1n, 2n)
const taken = rangeAgg(stays.rooms)
exactly<ValueOf<typeof taken>, Range<number>[] | null>(true)
rangeContains(taken, 5)
// @ts-expect-error Only ranges are put together.
rangeAgg(stays.id)
// @ts-expect-error Ranges are no numbers.
rangeAgg(stays.rooms).add(1)
