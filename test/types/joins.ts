/** What outer joins make null, and what they leave alone. */
import { and, coalesce, count, lower, max, not, or, type RowOf, select, sum, upper } from '@espalier/core'
import { exactly } from './equal.js'
import { db, orgs, type Post, posts, type User, users } from './schema.js'

const onAuthor = posts.authorId.eq(users.id)
const shape = {
  email: users.email,
  name: users.fullName,
  title: posts.title,
  upper: upper(posts.title),
  nested: lower(upper(posts.title)),
  titled: coalesce(posts.title, ''),
  either: coalesce(posts.title, users.email),
  plus: posts.score.add(1),
  sum: posts.score.add(users.orgId),
  isNull: posts.id.isNull(),
  high: posts.score.gt(3),
  both: and(posts.score.gt(3), users.orgId.eq(1)),
  one: or(posts.score.gt(3), users.orgId.eq(1)),
  neither: not(posts.score.gt(3)),
  posts: count(posts.id),
  total: sum(posts.score),
  last: max(posts.title),
}

const inner = select(shape).from(users).join(posts, onAuthor)
exactly<
  RowOf<typeof inner>,
  {
    email: string
    name: string | null
    title: string
    upper: string
    nested: string
    titled: string
    either: string
    plus: number
    sum: number
    isNull: boolean
    high: boolean
    both: boolean
    one: boolean
    neither: boolean
    posts: number
    total: number | null
    last: string | null
  }
>(true)

const left = select(shape).from(users).leftJoin(posts, onAuthor)
exactly<
  RowOf<typeof left>,
  {
    email: string
    name: string | null
    title: string | null
    upper: string | null
    nested: string | null
    titled: string
    either: string
    plus: number | null
    sum: number | null
    isNull: boolean
    high: boolean | null
    both: boolean | null
    one: boolean | null
    neither: boolean | null
    posts: number
    total: number | null
    last: string | null
  }
>(true)

// A right join leaves out what was there before; `coalesce` with it as the last resort may then be null.
const right = select({ email: users.email, title: posts.title, either: coalesce(posts.title, users.email) })
  .from(users)
  .rightJoin(posts, onAuthor)
exactly<RowOf<typeof right>, { email: string | null; title: string; either: string | null }>(true)

const full = select({ email: users.email, title: posts.title, n: count() })
  .from(users)
  .fullJoin(posts, onAuthor)
exactly<RowOf<typeof full>, { email: string | null; title: string | null; n: number }>(true)

// What a right join makes null stays so after another join.
const three = select({ org: orgs.name, email: users.email, title: posts.title })
  .from(users)
  .rightJoin(posts, onAuthor)
  .join(orgs, orgs.id.eq(users.orgId))
exactly<RowOf<typeof three>, { org: string; email: string | null; title: string }>(true)

// A whole table is one object or null.
const objects = select({ user: users, post: posts }).from(users).leftJoin(posts, onAuthor)
exactly<RowOf<typeof objects>, { user: User; post: Post | null }>(true)
const onlyPost = select(posts).from(users).leftJoin(posts, onAuthor)
exactly<RowOf<typeof onlyPost>, Post | null>(true)

// A nested object of the shape stays an object: only its fields are null.
const part = select({ post: { title: posts.title } })
  .from(users)
  .leftJoin(posts, onAuthor)
exactly<RowOf<typeof part>, { post: { title: string | null } }>(true)

// Cross joins and several sources of FROM make nothing null.
const crossed = select({ a: users.email, b: orgs.name }).from(users).crossJoin(orgs)
exactly<RowOf<typeof crossed>, { a: string; b: string }>(true)
const comma = select({ a: users.email, b: orgs.name }).from(users).from(orgs)
exactly<RowOf<typeof comma>, { a: string; b: string }>(true)

// Aliases are sources of their own.
const boss = users.as('boss')
const withBoss = select({ name: users.email, boss: boss.email, whole: boss })
  .from(users)
  .leftJoin(boss, boss.id.eq(users.managerId))
exactly<RowOf<typeof withBoss>, { name: string; boss: string | null; whole: User | null }>(true)

export async function refused() {
  // @ts-expect-error A condition is a predicate, not a number.
  select(users).from(users).join(posts, posts.score)
  // @ts-expect-error A column is no source.
  select(users).from(users.id)
  await db.all(
    // @ts-expect-error The ON clause reads orgs, which is not in FROM.
    select(users.email)
      .from(users)
      .join(posts, posts.authorId.eq(users.id).and(orgs.id.eq(1))),
  )
  // @ts-expect-error `boss` is not `users`.
  await db.all(select(boss.email).from(users))
}
