/** Rows within rows: what is in them, what would make it null, and what a query that has them must bring. */
import {
  bigint,
  coalesce,
  count,
  cte,
  insert,
  integer,
  jsonArrayAgg,
  jsonOf,
  type Nested,
  nest,
  param,
  type RowOf,
  select,
  text,
} from '@espalier/core'
import { type Equal, exactly } from './equal.js'
import { db, lite, orgs, type Post, posts, type User, users } from './schema.js'

const written = select({ id: posts.id, title: posts.title, body: posts.body })
  .from(posts)
  .where(posts.authorId.eq(users.id))
type Written = { id: bigint; title: string; body: string | null }

const many = select({ email: users.email, posts: nest.many(written) }).from(users)
exactly<RowOf<typeof many>, { email: string; posts: Written[] }>(true)
const one = select({ email: users.email, post: nest.one(written.limit(1)) }).from(users)
exactly<RowOf<typeof one>, { email: string; post: Written | null }>(true)

// What a query reads and has not, the query around it must bring.
const needing = nest.many(written)
exactly<typeof needing extends Nested<Written[], Written[], 'users'> ? true : false, true>(true)
// @ts-expect-error Nobody brings users.
db.all(select({ posts: nest.many(written) }))
// @ts-expect-error Nobody brings users, two levels down.
db.all(select({ orgs: nest.many(select({ posts: nest.many(written) }).from(orgs)) }).from(posts))
db.all(select({ posts: nest.many(written) }).from(users))
lite.all(select({ users: nest.many(select({ posts: nest.many(written) }).from(users)) }))

// Three levels, whole tables, bare values and outer joins inside.
const deep = select({
  org: orgs.name,
  users: nest.many(
    select({
      user: users,
      posts: nest.many(written),
      last: nest.one(select({ post: posts, author: users.email }).from(posts)),
      titles: nest.many(select(posts.title).from(posts)),
      n: nest.one(select(count()).from(posts)),
    })
      .from(users)
      .where(users.orgId.eq(orgs.id)),
  ),
}).from(orgs)
exactly<
  RowOf<typeof deep>,
  {
    org: string
    users: {
      user: User
      posts: Written[]
      last: { post: Post; author: string } | null
      titles: string[]
      n: number | null
    }[]
  }
>(true)
const joined = select({
  rows: nest.many(
    select({ user: users, post: posts, title: posts.title })
      .from(users)
      .leftJoin(posts, posts.authorId.eq(users.id)),
  ),
})
exactly<RowOf<typeof joined>, { rows: { user: User; post: Post | null; title: string | null }[] }>(true)

// What an outer join around leaves out is null inside; the rows themselves are not.
const around = select({
  rows: nest.many(select({ org: orgs.name, user: users, email: users.email }).from(orgs)),
  first: nest.one(select(users.email).from(orgs)),
  deep: nest.many(
    select({ more: nest.many(select({ email: users.email, org: orgs.id }).from(orgs)) }).from(posts),
  ),
})
  .from(posts)
  .leftJoin(users, users.id.eq(posts.authorId))
exactly<RowOf<typeof around>['rows'], { org: string; user: User | null; email: string | null }[]>(true)
exactly<RowOf<typeof around>['first'], string | null>(true)
exactly<RowOf<typeof around>['deep'], { more: { email: string | null; org: number }[] }[]>(true)

// Selected again, from a subquery, a CTE, and one that may be left out.
const sub = many.as('sub')
const common = cte('common', select({ mine: { posts: sub.posts, email: sub.email } }).from(sub))
const again = select({ posts: common.mine.posts }).from(common)
exactly<RowOf<typeof again>, { posts: Written[] }>(true)
const absent = select({ id: users.id, posts: sub.posts }).from(users).leftJoin(sub, sub.email.eq(users.email))
exactly<RowOf<typeof absent>, { id: bigint; posts: Written[] | null }>(true)
const scalar = select({ posts: select(sub.posts).from(sub).scalar() })
exactly<RowOf<typeof scalar>, { posts: Written[] | null }>(true)
const united = select({ a: users.email, b: nest.many(select(orgs.id).from(orgs)) })
  .from(users)
  .union(select({ a: users.email, b: nest.many(select(orgs.id).from(orgs)) }).from(users))
exactly<RowOf<typeof united>, { a: string; b: number[] }>(true)
const ofUnion = select({
  rows: nest.many(
    select({ a: users.email })
      .from(users)
      .unionAll(select({ a: posts.body }).from(posts)),
  ),
})
exactly<RowOf<typeof ofUnion>, { rows: { a: string | null }[] }>(true)

// In what a write returns.
const inserted = insert(orgs)
  .values({ name: 'x' })
  .returning({ id: orgs.id, users: nest.many(select(users.email).from(users)) })
exactly<RowOf<typeof inserted>, { id: number; users: string[] }>(true)

export async function parameters() {
  const prepared = db.prepare(
    select({
      id: users.id,
      posts: nest.many(written.where(posts.score.gt(param('least', integer()))).limit(param('n', bigint()))),
    })
      .from(users)
      .where(users.email.eq(param('email', text()))),
  )
  const rows = await prepared.all({ least: 1, n: 2n, email: 'a@x.org' })
  exactly<Equal<typeof rows, { id: bigint; posts: Written[] }[]>, true>(true)
  // @ts-expect-error A parameter of the nested query is missing.
  prepared.all({ n: 2n, email: 'a@x.org' })
}

// Nothing computes with them.
// @ts-expect-error They cannot be compared.
nest.many(written).eq(nest.many(written))
// @ts-expect-error They are no document.
jsonOf(nest.many(written)).at(0)
// @ts-expect-error They are no part of one.
jsonArrayAgg(nest.many(written))
const first = coalesce(nest.one(written), nest.one(written))
exactly<(typeof first)['~value'], Written | null>(true)

// Rows by a key.
export async function keyed() {
  const rows = select({
    id: users.id,
    name: users.fullName,
    at: users.createdAt,
    posts: nest.many(written),
  }).from(users)
  const byId = await db.map(rows, 'id')
  exactly<typeof byId, Map<bigint, RowOf<typeof rows>>>(true)
  const byName = lite.group(rows, 'name')
  exactly<typeof byName, Map<string | null, RowOf<typeof rows>[]>>(true)
  const byTime = await db.group(rows, (row) => row.at.getTime())
  exactly<typeof byTime, Map<number, RowOf<typeof rows>[]>>(true)
  // @ts-expect-error The rows have no such key.
  db.map(rows, 'email')
  // @ts-expect-error A Date is never found in a map.
  db.map(rows, 'at')
  // @ts-expect-error Nor is an array.
  db.group(rows, 'posts')
  // @ts-expect-error A bare value has no keys.
  db.map(select(users.email).from(users), 'length')
  const prepared = lite.prepare(rows.where(users.email.eq(param('email', text()))))
  exactly<Equal<ReturnType<typeof prepared.one>, RowOf<typeof rows>>, true>(true)
  const some = prepared.map('id', { email: 'a@x.org' })
  exactly<typeof some, Map<bigint, RowOf<typeof rows>>>(true)
  const flags = await db.map(select(users.email).from(users), (email) => email.length)
  exactly<typeof flags, Map<number, string>>(true)
}

// The only value may be an object itself.
export async function scalars() {
  const nested = select(nest.one(written)).from(users)
  const row = await db.scalar(nested)
  exactly<typeof row, Written | null>(true)
  const rows = lite.scalar(select({ posts: nest.many(written) }).from(users))
  exactly<typeof rows, Written[]>(true)
  const document = await db.scalar(select(users.settings).from(users))
  exactly<typeof document, { theme: 'dark' | 'light' } | null>(true)
}
