/** Clauses that are values, and sources that are no tables. */
import {
  bigint,
  coalesce,
  collate,
  count,
  createTable,
  cte,
  deleteFrom,
  distinctOn,
  explain,
  fetchWithTies,
  forUpdate,
  generateSeries,
  groupingSets,
  integer,
  jsonEach,
  lateral,
  nullable,
  param,
  type RowOf,
  rollup,
  select,
  sql,
  tableFunction,
  text,
  values,
} from '@espalier/core'
import { exactly } from './equal.js'
import { db, posts, users } from './schema.js'

// A clause keeps the row, and what it reads has to be there.
const latest = select({ title: posts.title }).from(posts).add(distinctOn(posts.authorId)).add(forUpdate())
exactly<RowOf<typeof latest>, { title: string }>(true)
exactly<(typeof latest)['still needs'], never>(true)
const lacking = select({ title: posts.title }).from(posts).add(distinctOn(users.id))
exactly<(typeof lacking)['still needs'], 'users'>(true)
// @ts-expect-error A lock belongs to a select.
latest.union(latest).add(forUpdate())

// What a row is not grouped by is null in it; a count never is.
const totals = select({ org: users.orgId, email: users.email, n: count() })
  .from(users)
  .groupBy(rollup(users.orgId, [users.email]))
exactly<RowOf<typeof totals>, { org: number | null; email: string | null; n: number }>(true)
// An expression that never is null by itself would be so in the totals, and has to say it.
const named = nullable(coalesce(users.fullName, '?'))
const byName = select({ name: named, n: count() }).from(users).groupBy(rollup(named))
exactly<RowOf<typeof byName>, { name: string | null; n: number }>(true)
// @ts-expect-error It is never null, and the totals have NULL for it.
rollup(coalesce(users.fullName, '?'))
// @ts-expect-error The same within a set.
groupingSets([users.orgId, coalesce(users.fullName, '?')], [])
const sets = select({ org: users.orgId, n: count() })
  .from(users)
  .groupBy((row) => groupingSets([row.org], []))
exactly<RowOf<typeof sets>, { org: number | null; n: number }>(true)
const plain = select({ org: users.orgId }).from(users).groupBy(users.orgId)
exactly<RowOf<typeof plain>, { org: number }>(true)

// A limit by name is a parameter of the statement.
const page = select(users.email).from(users).limit(param('size', integer())).offset(param('from', bigint()))
// @ts-expect-error A column is no number of rows.
select(users.email).from(users).limit(users.orgId)
const cleared = page.clear('limit', 'where')
exactly<RowOf<typeof cleared>, string>(true)
// @ts-expect-error There is no such clause.
page.clear('joins')

// Sources with types of their own.
const v = values('v', { id: bigint().notNull(), label: text() }, [{ id: 1n, label: null }])
const fromValues = select({ label: v.label, id: v.id, v }).from(users).leftJoin(v, v.id.eq(users.id))
exactly<
  RowOf<typeof fromValues>,
  { label: string | null; id: bigint | null; v: { id: bigint; label: string | null } | null }
>(true)
// @ts-expect-error A bigint is no number.
values('v', { id: integer() }, [{ id: 1n }])
const n = generateSeries('n', 1, 3)
const big = generateSeries('big', 1n, users.id)
const series = select({ n: n.value, big: big.value }).from(users).crossJoin(n).crossJoin(big)
exactly<RowOf<typeof series>, { n: number; big: bigint }>(true)
const member = jsonEach('member', users.settings)
const members = select({ key: member.key, value: member.value }).from(users).leftJoin(member)
exactly<RowOf<typeof members>, { key: string | null; value: unknown }>(true)
const words = tableFunction('words', 'regexp_split_to_table', [users.email, '@'], { word: text().notNull() })
const last = lateral('last', select({ title: posts.title }).from(posts).where(posts.authorId.eq(users.id)))
const both = select({ word: words.word, title: last.title }).from(users).join(words).leftJoin(last)
exactly<RowOf<typeof both>, { word: string; title: string | null }>(true)
const gone = cte(
  'gone',
  deleteFrom(posts).where(posts.id.eq(1n)).returning({ title: posts.title, body: posts.body }),
)
const fromGone = select(gone).from(gone)
exactly<RowOf<typeof fromGone>, { title: string; body: string | null }>(true)
// @ts-expect-error A write without returning has no rows.
cte('none', deleteFrom(posts).where(posts.id.eq(1n)))
const sorted = collate(users.fullName, 'C')
exactly<(typeof sorted)['~value'], string | null>(true)
// @ts-expect-error A number has no collation.
collate(users.orgId, 'C')

export async function refused() {
  await db.all(both)
  await db.all(select(users.email).from(users).orderBy(users.id).add(fetchWithTies(3)))
  // @ts-expect-error The series goes up to a column of users, which are not there.
  await db.all(select(big.value).from(big))
  // @ts-expect-error The lateral query reads users.
  await db.all(select(last.title).from(last))
  // @ts-expect-error The clause reads users.
  await db.all(lacking)
  // @ts-expect-error The limit has no value.
  await db.all(page)
}

// A plan is lines of text, or a document, and needs what the statement needs.
const lines = explain(
  select(users.email)
    .from(users)
    .where(users.id.eq(param('id', bigint()))),
)
exactly<RowOf<typeof lines>, string>(true)
exactly<(typeof lines)['still needs'], (typeof prepared)['still needs']>(true)
const prepared = select(users.email)
  .from(users)
  .where(users.id.eq(param('id', bigint())))
const document = explain(deleteFrom(posts).everyRow(), { format: 'json' })
exactly<RowOf<typeof document>, unknown>(true)
// @ts-expect-error A plan has no plan.
explain(lines)
// @ts-expect-error Nor has DDL.
explain(createTable(users))
explain(sql.statement`select 1`)
// @ts-expect-error There is no such option.
explain(prepared, { analyse: true })
// @ts-expect-error A delete says which rows, or everyRow().
db.all(explain(deleteFrom(posts)))
