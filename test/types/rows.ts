/** What the rows of a select are, by the shape that it is given. */
import { count, literal, type RowOf, select, sql, text } from '@espalier/core'
import { type Equal, exactly } from './equal.js'
import { db, orgs, type Post, posts, type User, users } from './schema.js'

const flat = select({ id: users.id, name: users.fullName, settings: users.settings }).from(users)
exactly<
  RowOf<typeof flat>,
  { id: bigint; name: string | null; settings: { theme: 'dark' | 'light' } | null }
>(true)

const whole = select(users).from(users)
exactly<RowOf<typeof whole>, User>(true)
exactly<RowOf<typeof users>, User>(true)

const bare = select(users.fullName).from(users)
exactly<RowOf<typeof bare>, string | null>(true)

const counted = select(count()).from(users)
exactly<RowOf<typeof counted>, number>(true)

const nested = select({ id: users.id, org: { id: orgs.id, label: { text: orgs.name } }, user: users })
  .from(users)
  .join(orgs)
exactly<RowOf<typeof nested>, { id: bigint; org: { id: number; label: { text: string } }; user: User }>(true)

// A spread source is an object of its columns: others can stand beside them, and some can be left out.
const spread = select({ ...orgs, user: users.id })
  .from(users)
  .leftJoin(orgs)
exactly<RowOf<typeof spread>, { id: number | null; name: string | null; user: bigint }>(true)
const { name: _name, ...others } = orgs
const without = select(others).from(orgs)
exactly<RowOf<typeof without>, { id: number }>(true)
const derived = without.as('derived')
const again = select({ ...derived, n: count() }).from(derived)
exactly<RowOf<typeof again>, { id: number; n: number }>(true)
const alias = orgs.as('alias')
const aliased = select({ ...alias, n: count() }).from(alias)
exactly<RowOf<typeof aliased>, { id: number; name: string; n: number }>(true)
// @ts-expect-error The columns of a source are no source.
select(count()).from({ ...orgs })

const constant = select({ kind: literal('user', text()), one: sql<number>`1` })
exactly<RowOf<typeof constant>, { kind: string; one: number }>(true)

export async function executed() {
  exactly<Awaited<ReturnType<typeof all>>, { id: bigint }[]>(true)
  const one = await db.one(select({ post: posts }).from(posts))
  exactly<typeof one, { post: Post }>(true)
  const first = await db.first(select(posts.title).from(posts))
  exactly<typeof first, string | undefined>(true)
  const n = await db.scalar(select(count()).from(posts))
  exactly<typeof n, number>(true)
  const keyed = await db.scalar(select({ created: users.createdAt }).from(users))
  exactly<typeof keyed, Date>(true)
  const { affected } = await db.run(select(posts).from(posts))
  exactly<typeof affected, number>(true)
}
const all = () => db.all(select({ id: users.id }).from(users))

// A statement is no promise: to await one gives the statement back, not rows.
exactly<Awaited<typeof flat>, typeof flat>(true)
exactly<'then' extends keyof typeof flat ? true : false, false>(true)
// @ts-expect-error A statement has no `then`.
flat.then

// @ts-expect-error A value that is no expression cannot be selected.
select({ kind: 'user' })
// @ts-expect-error Nor undefined.
select({ kind: undefined })
// @ts-expect-error The table has no such column.
select({ x: users.nickname })
// @ts-expect-error A row is read only through its keys.
export const wrongKey = async () => (await db.one(flat)).fullName

/** The helper itself tells apart what is only assignable. */
exactly<Equal<{ a: string }, { a: string | null }>, false>(true)
exactly<Equal<unknown, string>, false>(true)
