/** Named parameters: what a statement lacks, and what a prepared statement is given. */
import {
  bigint,
  boolean,
  count,
  cte,
  deleteFrom,
  exists,
  insert,
  integer,
  param,
  recursiveCte,
  select,
  sql,
  text,
  update,
} from '@espalier/core'
import { exactly } from './equal.js'
import { db, invited, lite, type Post, posts, type User, users } from './schema.js'

type GivenTo<P extends { all(values: never): unknown }> = Parameters<P['all']>[0]

const mail = param('email', text())
const byEmail = db.prepare(select(users).from(users).where(users.email.eq(mail)))
exactly<GivenTo<typeof byEmail>, { readonly email: string }>(true)
exactly<ReturnType<typeof byEmail.one>, Promise<User>>(true)
exactly<ReturnType<typeof byEmail.first>, Promise<User | undefined>>(true)

const several = db.prepare(
  select({ id: users.id, shift: users.orgId.add(param('shift', integer())) })
    .from(users)
    .join(posts, posts.authorId.eq(users.id).and(posts.score.gt(param('score', integer()))))
    .where(
      users.id.in([param('a', bigint()), 2n]),
      users.fullName.isNotDistinctFrom(param('name', text(), { nullable: true })),
    )
    .groupBy(users.id)
    .having(count().gt(param('least', integer())))
    .orderBy(users.email.concat(param('suffix', text()))),
)
exactly<
  GivenTo<typeof several>,
  {
    readonly shift: number
    readonly score: number
    readonly a: bigint
    readonly name: string | null
    readonly least: number
    readonly suffix: string
  }
>(true)

const adding = db.prepare(
  insert(users)
    .values({
      orgId: param('org', integer()),
      email: mail,
      fullName: param('name', text(), { nullable: true }),
    })
    .onConflict(users.orgId, users.email)
    .doUpdate({ fullName: param('other', text()) })
    .returning(users.id),
)
exactly<
  GivenTo<typeof adding>,
  { readonly org: number; readonly email: string; readonly name: string | null; readonly other: string }
>(true)
exactly<ReturnType<typeof adding.one>, Promise<bigint>>(true)

const changing = db.prepare(
  update(users)
    .set({ fullName: param('to', text()) })
    .where(users.email.eq(mail)),
)
exactly<GivenTo<typeof changing>, { readonly to: string; readonly email: string }>(true)
const removing = db.prepare(deleteFrom(users).where(users.email.eq(mail)))
exactly<GivenTo<typeof removing>, { readonly email: string }>(true)
const copying = db.prepare(
  insert(invited).fromSelect(select({ email: users.email }).from(users).where(users.email.ne(mail))),
)
exactly<GivenTo<typeof copying>, { readonly email: string }>(true)

// Wherever they stand: in a subquery, a CTE, a set operation, a scalar subquery, raw SQL.
const titled = select(posts)
  .from(posts)
  .where(posts.title.eq(param('title', text())))
const inSubquery = titled.as('titled')
const fromSubquery = db.prepare(select(inSubquery).from(inSubquery))
exactly<GivenTo<typeof fromSubquery>, { readonly title: string }>(true)
exactly<ReturnType<typeof fromSubquery.one>, Promise<Post>>(true)
const inCte = cte('titled', titled)
const fromCte = db.prepare(
  select({ email: users.email, t: inCte.title }).from(users).leftJoin(inCte, inCte.authorId.eq(users.id)),
)
exactly<GivenTo<typeof fromCte>, { readonly title: string }>(true)
const inExists = db.prepare(
  select(users.email)
    .from(users)
    .where(exists(titled.where(posts.authorId.eq(users.id)))),
)
exactly<GivenTo<typeof inExists>, { readonly title: string }>(true)
const inUnion = db.prepare(
  select(users.email)
    .from(users)
    .where(users.email.eq(mail))
    .union(
      select(posts.title)
        .from(posts)
        .where(posts.title.eq(param('title', text()))),
    ),
)
exactly<GivenTo<typeof inUnion>, { readonly email: string; readonly title: string }>(true)
const inScalar = db.prepare(
  select({
    n: select(count())
      .from(posts)
      .where(posts.title.eq(param('title', text())))
      .scalar(),
  }).from(users),
)
exactly<GivenTo<typeof inScalar>, { readonly title: string }>(true)
const inStep = recursiveCte(
  'chain',
  select({ id: users.id, depth: sql(integer())`1` }).from(users).where(users.email.eq(mail)),
  (self) =>
    select({ id: users.id, depth: self.depth.add(param('step', integer())) })
      .from(users)
      .join(self, users.managerId.eq(self.id)),
)
const fromStep = db.prepare(select(inStep).from(inStep))
exactly<GivenTo<typeof fromStep>, { readonly email: string; readonly step: number }>(true)
const inList = db.prepare(
  select(users.email)
    .from(users)
    .where(
      users.id.in(
        select(posts.authorId)
          .from(posts)
          .where(posts.title.eq(param('title', text()))),
      ),
    ),
)
exactly<GivenTo<typeof inList>, { readonly title: string }>(true)
const inRaw = db.prepare(select(sql(integer())`${users.orgId} + ${param('n', integer())}`).from(users))
exactly<GivenTo<typeof inRaw>, { readonly n: number }>(true)

const synchronous = lite.prepare(select(users.email).from(users).where(users.email.eq(mail)))
exactly<ReturnType<typeof synchronous.all>, string[]>(true)

// One name in two places: the value fits both, and null only if both take it.
const twice = db.prepare(
  select({ a: param('x', text(), { nullable: true }), b: param('x', text()), c: param('y', boolean()) }),
)
exactly<GivenTo<typeof twice>, { readonly x: string; readonly y: boolean }>(true)
const torn = db.prepare(select({ a: param('x', text()), b: param('x', integer()) }))

export async function refused() {
  // @ts-expect-error No value is of both types.
  await torn.all({ x: 'a' })
  // @ts-expect-error Nor this one.
  await torn.all({ x: 1 })
  // @ts-expect-error The parameter has no value: prepare the statement.
  await db.all(select(users).from(users).where(users.email.eq(mail)))
  // @ts-expect-error Nor within a CTE.
  await db.all(select(inCte).from(inCte))
  // @ts-expect-error Every parameter is given.
  await byEmail.all({})
  // @ts-expect-error Of the right type.
  await byEmail.all({ email: 1 })
  // @ts-expect-error And no other.
  await byEmail.all({ email: 'x', name: 'y' })
  // @ts-expect-error Null only where the parameter says so.
  await byEmail.all({ email: null })
  // @ts-expect-error A prepared statement lacks no source.
  db.prepare(select(posts.title).from(users).where(users.email.eq(mail)))
  // @ts-expect-error A parameter, too, is compared with its like.
  users.id.eq(mail)
}
