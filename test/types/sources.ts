/** Subqueries, CTEs, set operations and scalar subqueries: queries that are used in queries. */
import {
  count,
  cte,
  exists,
  max,
  nullable,
  param,
  type RowOf,
  recursiveCte,
  select,
  sql,
  text,
} from '@espalier/core'
import { exactly } from './equal.js'
import { db, invited, orgs, type Post, posts, type User, users } from './schema.js'

const perAuthor = select({ author: posts.authorId, n: count(), last: max(posts.title) })
  .from(posts)
  .groupBy(posts.authorId)

// The columns of a subquery are columns again; an outer join makes even its count null.
const busy = perAuthor.as('busy')
const joined = select({ email: users.email, n: busy.n, last: busy.last, next: busy.n.add(1) })
  .from(users)
  .join(busy, busy.author.eq(users.id))
exactly<RowOf<typeof joined>, { email: string; n: number; last: string | null; next: number }>(true)
const leftJoined = select({ email: users.email, n: busy.n, busy })
  .from(users)
  .leftJoin(busy, busy.author.eq(users.id))
exactly<
  RowOf<typeof leftJoined>,
  { email: string; n: number | null; busy: { author: bigint; n: number; last: string | null } | null }
>(true)

// What an outer join within made null is null outside too; nested rows stay nested.
const inside = select({ email: users.email, post: posts, org: { name: orgs.name }, title: posts.title })
  .from(users)
  .join(orgs)
  .leftJoin(posts, posts.authorId.eq(users.id))
  .as('inside')
const outside = select({
  title: inside.title,
  email: inside.email,
  org: inside.org.name,
  id: inside.post.id,
}).from(inside)
exactly<RowOf<typeof outside>, { title: string | null; email: string; org: string; id: bigint | null }>(true)

// A bare expression and a whole table as sources.
const emails = select(users.email).from(users).as('emails')
const values = select(emails.value).from(emails)
exactly<RowOf<typeof values>, string>(true)
const people = select(users).from(users).where(users.orgId.eq(1)).as('people')
const again = select(people).from(people)
exactly<RowOf<typeof again>, User>(true)

// A CTE is the same, written once.
const top = cte('top', perAuthor)
const fromTop = select({ email: users.email, n: top.n }).from(users).leftJoin(top, top.author.eq(users.id))
exactly<RowOf<typeof fromTop>, { email: string; n: number | null }>(true)
const renamed = top.as('t2')
const twice = select({ a: top.n, b: renamed.n }).from(top).join(renamed, renamed.author.eq(top.author))
exactly<RowOf<typeof twice>, { a: number; b: number }>(true)

const chain = recursiveCte(
  'chain',
  select({ id: users.id, depth: sql<number>`1` }).from(users).where(users.managerId.isNull()),
  (self) =>
    select({ id: users.id, depth: self.depth.add(1) })
      .from(users)
      .join(self, users.managerId.eq(self.id)),
)
const links = select(chain).from(chain)
exactly<RowOf<typeof links>, { id: bigint; depth: number }>(true)

// A column is null where the step makes it so.
const named = recursiveCte(
  'named',
  select({ id: users.id, name: nullable(users.email) }).from(users),
  (self) => {
    exactly<(typeof self.name)['~value'], string | null>(true)
    return select({ id: users.id, name: users.fullName }).from(users).join(self, users.managerId.eq(self.id))
  },
)
const names = select(named).from(named)
exactly<RowOf<typeof names>, { id: bigint; name: string | null }>(true)

recursiveCte('named', select({ id: users.id, name: users.email }).from(users), (self) =>
  // @ts-expect-error The step makes null of it, so the base has to say nullable(users.email).
  select({ id: users.id, name: users.fullName }).from(users).join(self, users.managerId.eq(self.id)),
)
recursiveCte(
  'chain',
  select({ id: users.id }).from(users),
  // @ts-expect-error The step must select what the base selects: a bigint is no text.
  (self) => select({ id: users.email }).from(users).join(self, users.managerId.eq(self.id)),
)

// Set operations: null where either side may be null, by itself or by an outer join.
const union = select({ email: users.email, name: users.fullName })
  .from(users)
  .union(select({ email: invited.email, name: invited.email }).from(invited))
exactly<RowOf<typeof union>, { email: string; name: string | null }>(true)
const nullOnTheRight = select({ email: users.email })
  .from(users)
  .unionAll(select({ email: invited.name }).from(invited))
exactly<RowOf<typeof nullOnTheRight>, { email: string | null }>(true)
const nulledOnTheRight = select({ text: users.email })
  .from(users)
  .intersect(select({ text: posts.title }).from(users).leftJoin(posts, posts.authorId.eq(users.id)))
exactly<RowOf<typeof nulledOnTheRight>, { text: string | null }>(true)
const nulledOnTheLeft = select({ text: posts.title })
  .from(users)
  .leftJoin(posts, posts.authorId.eq(users.id))
  .except(select({ text: users.email }).from(users))
exactly<RowOf<typeof nulledOnTheLeft>, { text: string | null }>(true)
const ordered = union
  .orderBy((row) => row.email.desc())
  .limit(3)
  .offset(1)
exactly<RowOf<typeof ordered>, { email: string; name: string | null }>(true)
const bareUnion = select(users.email).from(users).union(select(invited.email).from(invited))
exactly<RowOf<typeof bareUnion>, string>(true)
const wholeUnion = select(users).from(users).union(select(users).from(users))
exactly<RowOf<typeof wholeUnion>, User>(true)
const lackedOnTheRight = select({ post: posts })
  .from(posts)
  .union(select({ post: posts }).from(users).leftJoin(posts, posts.authorId.eq(users.id)))
exactly<RowOf<typeof lackedOnTheRight>, { post: Post | null }>(true)
const lackedOnTheLeft = select(posts)
  .from(users)
  .leftJoin(posts, posts.authorId.eq(users.id))
  .unionAll(select(posts).from(posts))
exactly<RowOf<typeof lackedOnTheLeft>, Post | null>(true)
const unionSource = union.as('known')
const fromUnion = select({ name: unionSource.name, email: unionSource.email }).from(unionSource)
exactly<RowOf<typeof fromUnion>, { name: string | null; email: string }>(true)
select({ email: users.email, name: users.fullName })
  .from(users)
  // @ts-expect-error The right side lacks the key `name`.
  .union(select({ email: invited.email }).from(invited))
select({ email: users.email })
  .from(users)
  // @ts-expect-error A bigint beside a text.
  .union(select({ email: users.id }).from(users))

// A scalar subquery is null if it has no row; it needs what it does not bring.
const scalars = select({
  id: users.id,
  posts: select(count()).from(posts).where(posts.authorId.eq(users.id)).scalar(),
  title: select({ t: posts.title }).from(posts).limit(1).scalar(),
}).from(users)
exactly<RowOf<typeof scalars>, { id: bigint; posts: number | null; title: string | null }>(true)

// `in` takes a query of one column, also as an object of one key? No: of bare values.
const authors = select(posts.authorId).from(posts)
const within = select(users.email).from(users).where(users.id.in(authors), users.id.notIn(authors))
exactly<RowOf<typeof within>, string>(true)
// A NULL among the rows makes what is not found unknown.
const managed = select({
  some: users.id.in(select(users.managerId).from(users)),
  all: users.id.in(authors),
}).from(users)
exactly<RowOf<typeof managed>, { some: boolean | null; all: boolean }>(true)
// @ts-expect-error Texts are never among bigints.
users.id.in(select(posts.title).from(posts))
// @ts-expect-error A nullable column in NOT IN finds nothing as soon as one value is NULL.
users.id.notIn(select(users.managerId).from(users))

const hasPosts = exists(select(posts.id).from(posts).where(posts.authorId.eq(users.id)))
const writers = select(users.email).from(users).where(hasPosts)
exactly<RowOf<typeof writers>, string>(true)
exactly<(typeof writers)['still needs'], never>(true)

const titled = cte(
  'titled',
  select(posts)
    .from(posts)
    .where(posts.title.eq(param('title', text()))),
)
const fromTitled = select(titled).from(titled)
exactly<RowOf<typeof fromTitled>, Post>(true)

export async function refused() {
  await db.all(links)
  await db.all(twice)
  await db.all(select(orgs.name).from(orgs).where(exists(writers)))
  // @ts-expect-error Of whom: the query around brings no users.
  await db.all(select(orgs.name).from(orgs).where(hasPosts))
  // @ts-expect-error Nor does a scalar subquery find them.
  await db.all(select({ n: select(count()).from(posts).where(hasPosts).scalar() }).from(orgs))
  await db.all(
    // @ts-expect-error A subquery in FROM cannot see its neighbours.
    select(users.id)
      .from(orgs)
      .join(users)
      .join(select(posts.id).from(posts).where(posts.title.eq(invited.email)).as('p')),
  )
  // @ts-expect-error The CTE's columns are read, but the CTE is not in FROM.
  await db.all(select({ email: users.email, n: top.n }).from(users))
}
