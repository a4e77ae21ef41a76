/** Plain functions over statements: helpers that keep the row type and demand what they read. */
import {
  type AnySelect,
  count,
  type Database,
  deleteFrom,
  type Executor,
  type RowOf,
  reselect,
  type Select,
  type Statement,
  select,
  tags,
  update,
  type Write,
} from '@espalier/core'
import { exactly } from './equal.js'
import { db, orgs, posts, users } from './schema.js'

// A helper for any select at all.
const page =
  (n: number) =>
  <S extends AnySelect>(s: S) =>
    s.limit(20).offset(20 * n)
const firstPage = <S extends AnySelect>(s: S) => s.limit(20)

const base = select({ id: users.id, name: users.fullName, title: posts.title })
  .from(users)
  .leftJoin(posts, posts.authorId.eq(users.id))
const paged = base.pipe(page(2))
exactly<typeof paged, typeof base>(true)
const directly = firstPage(base)
exactly<RowOf<typeof directly>, { id: bigint; name: string | null; title: string | null }>(true)
const distinct = select(users.email).from(users).distinct().limit(1)
exactly<RowOf<typeof distinct>, string>(true)

// A helper for selects that have users, whatever else they have.
const active = <P, From extends string, Nulled extends string, Used extends string>(
  s: Select<P, From | 'users', Nulled, Used>,
) => s.where(users.email.like('%@x.org'))
const activePosts = active(select({ title: posts.title, email: users.email }).from(posts).join(users))
exactly<RowOf<typeof activePosts>, { title: string; email: string }>(true)
const piped = base.pipe(active)
exactly<RowOf<typeof piped>, { id: bigint; name: string | null; title: string | null }>(true)

// A helper over what runs.
const newest = async <R>(on: Executor, statement: Statement<R, never>): Promise<R | undefined> =>
  on.first(statement)
export const run = async (database: Database) => {
  const row = await newest(database, base)
  exactly<typeof row, { id: bigint; name: string | null; title: string | null } | undefined>(true)
  const inTransaction = await database.transaction((tx) => newest(tx, activePosts))
  exactly<typeof inTransaction, { title: string; email: string } | undefined>(true)
}

// Clauses come in any order; only running needs them all.
const whereFirst = select(users.email).where(users.orgId.eq(1)).from(users)
exactly<RowOf<typeof whereFirst>, string>(true)
exactly<(typeof whereFirst)['still needs'], never>(true)
const without = select(users.email).where(users.orgId.eq(orgs.id))
exactly<(typeof without)['still needs'], 'users' | 'orgs'>(true)

// Order and groups by columns of the selection.
const ordered = select({ id: users.id, n: posts.score })
  .from(users)
  .join(posts)
  .orderBy((row) => [row.n.desc().nullsLast(), row.id])
exactly<RowOf<typeof ordered>, { id: bigint; n: number }>(true)

export async function refused() {
  // @ts-expect-error There is no such column in the selection.
  base.orderBy((row) => row.email)
  // @ts-expect-error A limit is a number.
  base.limit('10')
  // @ts-expect-error A select without its FROM does not run.
  await db.all(select(users.email))
  // @ts-expect-error users is missing, and with it its condition.
  await db.all(active(select(posts.title).from(posts)))
  // @ts-expect-error A table is no statement.
  await db.all(users)
}

// Other rows of the same query: null where the query says so, and in need of what they read.
const titles = reselect(base, (row) => ({ ...row, org: orgs.name }))
exactly<RowOf<typeof titles>, { id: bigint; name: string | null; title: string | null; org: string }>(true)
exactly<(typeof titles)['still needs'], 'orgs'>(true)
const total = reselect(base.clear('orderBy'), count())
exactly<RowOf<typeof total>, number>(true)
const rowsOf = <P, From extends string, Nulled extends string, Used extends string>(
  query: Select<P, From, Nulled, Used>,
) => reselect(query.clear('orderBy', 'limit'), count())
exactly<RowOf<ReturnType<typeof rowsOf>>, number>(true)
const nested = select({ user: users, post: posts }).from(users).leftJoin(posts, posts.authorId.eq(users.id))
const onlyPosts = reselect(nested, (row) => row.post)
exactly<RowOf<typeof onlyPosts>, RowOf<typeof nested>['post']>(true)
// @ts-expect-error The query selects no such column.
reselect(base, (row) => ({ x: row.email }))
// @ts-expect-error A set operation has the rows of both its sides.
reselect(base.union(base), count())

// Set operations and writes are handed to functions as well.
const firstOfBoth = base.unionAll(base).pipe((q) => q.limit(1))
exactly<RowOf<typeof firstOfBoth>, RowOf<typeof base>>(true)
const tagged = <W extends Write<unknown, never>>(write: W) => write.add(tags({ job: 'x' }))
update(users).set({ fullName: 'x' }).everyRow().pipe(tagged)
const gone = deleteFrom(posts)
  .pipe((d) => d.where(posts.score.lt(1)))
  .returning({ id: posts.id })
exactly<RowOf<typeof gone>, { id: bigint }>(true)
const left = base.exceptAll(base)
exactly<RowOf<typeof left>, RowOf<typeof base>>(true)
