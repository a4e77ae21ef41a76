/** Values in another form than the database's: what they take, and what is computed of them. */
import {
  array,
  arrayAgg,
  bigint,
  caseWhen,
  cast,
  coalesce,
  count,
  enumType,
  insert,
  integer,
  lag,
  mapped,
  max,
  now,
  numeric,
  param,
  type RowOf,
  select,
  sum,
  table,
  text,
  time,
  timestamp,
  timestamptz,
  update,
} from '@espalier/core'
import { exactly, type ValueOf } from './equal.js'
import { users } from './schema.js'

class Money {
  constructor(readonly cents: bigint) {}
}
const money = mapped(numeric({ precision: 12, scale: 2 }), {
  name: 'money',
  encode: (value: Money) => String(value.cents),
  decode: (text) => new Money(BigInt(text)),
})
const url = mapped(text().notNull(), {
  name: 'url',
  encode: (value: URL) => value.href,
  decode: (href) => new URL(href),
})
const pages = table('pages', {
  id: integer().primaryKey(),
  views: bigint({ as: 'number' }).notNull(),
  total: bigint('all_views', { as: 'string' }),
  plain: bigint(),
  rate: numeric({ precision: 6, scale: 3, as: 'number' }),
  exact: numeric({ precision: 6 }),
  price: money,
  home: url,
  links: array(url).notNull(),
  seen: timestamptz({ as: 'string' }).notNull().default(now()),
  local: timestamp('at', { as: 'string' }),
})
exactly<
  RowOf<typeof pages>,
  {
    id: number
    views: number
    total: string | null
    plain: bigint | null
    rate: number | null
    exact: string | null
    price: Money | null
    home: URL
    links: URL[]
    seen: string
    local: string | null
  }
>(true)

// What is computed has the form of the side whose family it has, and of two the left one's.
const next = pages.views.add(1)
exactly<ValueOf<typeof next>, number>(true)
const both = pages.views.add(pages.plain)
exactly<ValueOf<typeof both>, number | null>(true)
const left = pages.plain.sub(pages.views)
exactly<ValueOf<typeof left>, bigint | null>(true)
const wider = pages.views.mul(pages.rate)
exactly<ValueOf<typeof wider>, number | null>(true)
const widest = pages.views.mul(pages.exact)
exactly<ValueOf<typeof widest>, string | null>(true)
const counted = pages.id.add(count())
exactly<ValueOf<typeof counted>, number>(true)
const part = pages.total.div('2')
exactly<ValueOf<typeof part>, string | null>(true)
const prices = pages.price.add(pages.price)
exactly<ValueOf<typeof prices>, Money | null>(true)
const opposite = pages.price.neg()
exactly<ValueOf<typeof opposite>, Money | null>(true)

const row = select({
  sum: sum(pages.price),
  views: sum(pages.views),
  ids: sum(pages.id),
  max: max(pages.home),
  list: arrayAgg(pages.home),
  either: coalesce(pages.price, new Money(0n)),
  before: lag(pages.home).over({ orderBy: [pages.id] }),
  number: cast(pages.plain, bigint({ as: 'number' })),
  found: caseWhen(pages.views.gt(1), pages.price).else(new Money(1n)),
})
exactly<
  RowOf<typeof row>,
  {
    sum: Money | null
    views: number | null
    ids: number | null
    max: URL | null
    list: URL[] | null
    either: Money
    before: URL | null
    number: number | null
    found: Money | null
  }
>(true)
const given = param('home', url)
exactly<ValueOf<typeof given>, URL>(true)

// Values are given as they come back; what the database has of the same family may be stored.
insert(pages).values({ id: 1, views: 2, home: new URL('https://x.org'), links: [] })
update(pages).set({ seen: now(), views: coalesce(pages.plain, 0n) })
pages.views.eq(pages.plain)
pages.views.in([1, 2])
// @ts-expect-error a number, where the column has numbers
pages.views.eq(1n)
// @ts-expect-error a text is no URL
insert(pages).values({ id: 1, views: 2, home: 'https://x.org', links: [] })
// @ts-expect-error there is no such form
bigint({ as: 'Date' })
// @ts-expect-error texts are not stored in a column of numbers
update(pages).set({ views: users.email })

// Enums are unions of their texts.
const mood = enumType('mood', ['sad', 'ok'])
const days = table('days', {
  mood: mood().notNull(),
  before: mood('mood_before'),
  opens: time(),
  moods: array(mood),
})
exactly<
  RowOf<typeof days>,
  {
    mood: 'sad' | 'ok'
    before: 'sad' | 'ok' | null
    opens: string | null
    moods: ('sad' | 'ok' | null)[] | null
  }
>(true)
days.mood.eq(days.before)
days.mood.in(['sad'])
// @ts-expect-error no such mood
days.mood.eq('glad')
// @ts-expect-error a mood is no text
days.mood.eq(users.email)
// @ts-expect-error no such mood
insert(days).values({ mood: 'glad' })
