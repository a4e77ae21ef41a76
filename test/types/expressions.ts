/** The values of expressions: arithmetic, functions, raw SQL, windows. */
import {
  abs,
  addInterval,
  avg,
  boolAnd,
  cast,
  ceil,
  coalesce,
  concat,
  count,
  cumeDist,
  currentDate,
  dateTrunc,
  daysBetween,
  denseRank,
  extract,
  firstValue,
  fn,
  greatest,
  integer,
  jsonArrayAgg,
  jsonObjectAgg,
  lag,
  lead,
  least,
  length,
  literal,
  lower,
  makeDate,
  max,
  min,
  mode,
  now,
  nullIf,
  percentileCont,
  position,
  type RowOf,
  replace,
  round,
  rowNumber,
  secondsBetween,
  select,
  sign,
  sin,
  splitPart,
  sql,
  sqrt,
  stringAgg,
  substring,
  subtractInterval,
  sum,
  text,
  timestamptz,
  toChar,
  trim,
} from '@espalier/core'
import { exactly, type ValueOf } from './equal.js'
import { db, measures, orgs, posts, users } from './schema.js'

// The wider kind of number results, as in the databases.
const promoted = {
  intInt: measures.count.add(1),
  intBig: measures.count.add(measures.total),
  bigInt: measures.total.sub(measures.count),
  intNumeric: measures.count.mul(measures.price),
  numericBig: measures.price.add(measures.total),
  intDouble: measures.count.mul(measures.ratio),
  numericDouble: measures.price.mul(measures.ratio),
  negative: measures.total.neg(),
  quotient: measures.count.div(2),
  nullableQuotient: measures.count.div(measures.total),
  remainder: measures.total.mod(2n),
  mixed: measures.count.add(1).mul(measures.total).sub(measures.price),
  concat: users.email.concat('!'),
  concatNull: users.email.concat(users.fullName),
}
type Promoted = { [K in keyof typeof promoted]: ValueOf<(typeof promoted)[K]> }
exactly<
  Promoted,
  {
    intInt: number
    intBig: bigint
    bigInt: bigint
    intNumeric: string
    numericBig: string
    intDouble: number | null
    numericDouble: number | null
    negative: bigint
    quotient: number
    nullableQuotient: bigint | null
    remainder: bigint
    mixed: string
    concat: string
    concatNull: string | null
  }
>(true)

const functions = {
  lower: lower(users.email),
  lowerNull: lower(users.fullName),
  trim: trim(users.email),
  length: length(users.fullName),
  substring: substring(users.email, 1, 3),
  replace: replace(users.email, 'a', 'b'),
  split: splitPart(users.fullName, ' ', 1),
  replaceNull: replace(users.email, users.fullName, ''),
  position: position(users.email, '@'),
  positionNull: position(users.email, users.fullName),
  concat: concat(users.fullName, 'x'),
  ceil: ceil(measures.price),
  sign: sign(users.managerId),
  sqrt: sqrt(measures.count),
  sin: sin(measures.count),
  greatest: greatest(users.fullName, users.email),
  greatestNull: greatest(users.fullName, users.fullName),
  least: least(users.managerId, 1n),
  nullIfOther: nullIf(users.email, users.fullName),
  year: extract('year', measures.day),
  second: extract('second', users.createdAt),
  month: dateTrunc('month', measures.day),
  hour: dateTrunc('hour', users.createdAt),
  later: addInterval(users.createdAt, { hours: 1 }),
  laterDay: subtractInterval(currentDate(), { days: 1 }),
  days: daysBetween(currentDate(), '2026-01-01'),
  seconds: secondsBetween(users.createdAt, new Date(0)),
  made: makeDate(measures.count, 1, 1),
  template: toChar(users.createdAt, 'YYYY'),
  abs: abs(measures.total),
  round: round(measures.price, 1),
  nullIf: nullIf(users.email, ''),
  coalesce: coalesce(users.fullName, users.email),
  coalesceNull: coalesce(users.fullName, posts.body),
  coalesceThree: coalesce(users.fullName, posts.body, 'none'),
  now: now(),
  cast: cast(users.id, text()),
  castNull: cast(users.managerId, integer()),
  literal: literal('x', text()),
  md5: fn('md5', text().notNull(), users.email),
  md5Null: fn('md5', text(), users.fullName),
  count: count(),
  countColumn: count(users.fullName),
  sum: sum(measures.count),
  sumBig: sum(measures.total),
  sumNumeric: sum(measures.price),
  avg: avg(measures.count),
  min: min(measures.day),
  max: max(users.createdAt),
  safeSum: coalesce(sum(measures.count), 0),
  distinct: count(users.email).distinct(),
  filtered: count().filter(users.fullName.isNull()),
  rowNumber: rowNumber().over({ partitionBy: users.orgId, orderBy: users.id.desc() }),
  rank: denseRank().over({ orderBy: [users.orgId, users.id.desc()] }),
  running: sum(measures.count).over({ orderBy: measures.day }),
  framed: count().over({ orderBy: measures.day, range: { from: { preceding: { days: 3 } } } }),
  lag: lag(users.email).over({ orderBy: users.id }),
  lagOtherwise: lag(users.email, 1, 'none').over({ orderBy: users.id }),
  leadOther: lead(users.email, 1, users.fullName).over({ orderBy: users.id }),
  firstValue: firstValue(users.id).over({ orderBy: users.id }),
  cumeDist: cumeDist().over({ orderBy: users.id }),
  boolAnd: boolAnd(users.fullName.isNull()),
  stringAgg: stringAgg(users.email, ',').orderBy(users.id.desc()),
  median: percentileCont(0.5, measures.count),
  jsonArray: jsonArrayAgg(users.fullName).orderBy(users.id),
  jsonObject: jsonObjectAgg(users.email, users.orgId),
  mode: mode(users.email),
  raw: sql<number>`1`,
  rawUnknown: sql`now()`,
  rawTyped: sql(timestamptz())`now()`,
}
type Functions = { [K in keyof typeof functions]: ValueOf<(typeof functions)[K]> }
exactly<
  Functions,
  {
    lower: string
    lowerNull: string | null
    trim: string
    length: number | null
    substring: string
    replace: string
    split: string | null
    replaceNull: string | null
    position: number
    positionNull: number | null
    concat: string
    ceil: string
    sign: number | null
    sqrt: number | null
    sin: number
    greatest: string
    greatestNull: string | null
    least: bigint
    nullIfOther: string | null
    year: number
    second: number
    month: string
    hour: Date
    later: Date
    laterDay: string
    days: number
    seconds: number
    made: string | null
    template: string
    abs: bigint
    round: string
    nullIf: string | null
    coalesce: string
    coalesceNull: string | null
    coalesceThree: string
    now: Date
    cast: string
    castNull: number | null
    literal: string
    md5: string
    md5Null: string | null
    count: number
    countColumn: number
    sum: number | null
    sumBig: bigint | null
    sumNumeric: string | null
    avg: number | null
    min: string | null
    max: Date | null
    safeSum: number
    distinct: number
    filtered: number
    rowNumber: number
    rank: number
    running: number | null
    framed: number
    lag: string | null
    lagOtherwise: string
    leadOther: string | null
    firstValue: bigint | null
    cumeDist: number
    boolAnd: boolean | null
    stringAgg: string | null
    median: number | null
    jsonArray: string[]
    jsonObject: Record<string, number | null>
    mode: string | null
    raw: number
    rawUnknown: unknown
    rawTyped: Date | null
  }
>(true)

// SQL of a stated type keeps what it reads; of a claimed type, nothing is known of it.
const year = sql(integer())`extract(year from ${users.createdAt})`
exactly<(typeof year)['~sources'], 'users'>(true)
const byYear = select({ year, n: count() })
  .from(users)
  .groupBy(year)
  .orderBy((row) => row.n.desc())
exactly<RowOf<typeof byYear>, { year: number | null; n: number }>(true)
const leftYear = select({ year: coalesce(year, 0) })
  .from(orgs)
  .leftJoin(users, users.orgId.eq(orgs.id))
exactly<RowOf<typeof leftYear>, { year: number }>(true)

// What stands in a window is read, too.
const numbered = rowNumber().over({ partitionBy: users.orgId, orderBy: posts.id })
exactly<(typeof numbered)['~sources'], 'users' | 'posts'>(true)

// What comes from an outer-joined table may be null; the greatest of it and another is not.
const joined = select({
  plain: greatest(posts.title, 'a'),
  both: greatest(posts.title, posts.title),
  place: position(users.email, posts.title),
  text: concat(posts.title, '!'),
})
  .from(users)
  .leftJoin(posts, posts.authorId.eq(users.id))
exactly<RowOf<typeof joined>, { plain: string; both: string | null; place: number | null; text: string }>(
  true,
)

// @ts-expect-error A date has no hour.
extract('hour', measures.day)
// @ts-expect-error A date has no hour to begin.
dateTrunc('hour', measures.day)
// @ts-expect-error Nor can hours be added to it.
addInterval(measures.day, { hours: 1 })
// @ts-expect-error A text is no time.
extract('year', users.email)
// @ts-expect-error Seconds lie between times of one type.
secondsBetween(users.createdAt, currentDate())

// @ts-expect-error A bigint is not the same in JSON.
jsonArrayAgg(users.id)
// @ts-expect-error A key is never NULL.
jsonObjectAgg(users.fullName, users.email)

// @ts-expect-error The greatest is of one kind of type.
greatest(users.email, 1)
// @ts-expect-error Of one value there is no greatest.
greatest(users.email)
// @ts-expect-error A text is replaced by a text.
replace(users.email, 1, '')
// @ts-expect-error A text has no square root.
sqrt(users.email)

// What an aggregate is ordered by is read, too.
const ordered = stringAgg(users.email, ',').orderBy(posts.id)
exactly<(typeof ordered)['~sources'], 'users' | 'posts'>(true)

// @ts-expect-error Different values have no window.
count(users.id).distinct().over()
// @ts-expect-error A frame of rows counts rows.
count().over({ rows: { from: { preceding: { days: 1 } } } })
// @ts-expect-error There is no such bound.
count().over({ rows: { from: 'the beginning' } })
// @ts-expect-error What lag gives otherwise is of the same type.
lag(users.email, 1, 0)
// @ts-expect-error lower takes texts.
lower(users.id)
// @ts-expect-error sum takes numbers.
sum(users.email)
// @ts-expect-error Whole numbers need no rounding.
round(users.orgId)
// @ts-expect-error The other value of coalesce must be of the same family.
coalesce(users.fullName, users.id)
// @ts-expect-error Nor a value of another type.
coalesce(users.fullName, 1)
// @ts-expect-error A row number has a value only over a window.
select({ n: rowNumber() })
// @ts-expect-error The type of a literal decides its value.
literal(1, text())
// @ts-expect-error A date does not take part in arithmetic with numbers.
posts.score.add(users.createdAt)
export async function refused() {
  // @ts-expect-error users is not in FROM.
  await db.all(select({ year }).from(orgs))
  // @ts-expect-error Nor for what only the window reads.
  await db.all(select({ numbered }).from(users))
}
