/** Conditions: what may be compared with what, and where a condition may be used. */
import { and, caseWhen, exists, not, or, type Predicate, type RowOf, select, when } from '@espalier/core'
import { exactly, type ValueOf } from './equal.js'
import { db, measures, orgs, posts, users } from './schema.js'

// A predicate stands alone and is used wherever its sources are.
const ofOrg = (id: number) => users.orgId.eq(id)
const prolific = posts.score.gt(3)
export const reused = [
  db.all(select(users.email).from(users).where(ofOrg(1))),
  db.all(select(posts.title).from(posts).join(users).where(ofOrg(2), prolific)),
  db.all(
    select(posts.title)
      .from(posts)
      .where(or(prolific, posts.title.like('%!'))),
  ),
]
const anyOf = (predicates: Predicate<'users'>[]) =>
  select(users.email)
    .from(users)
    .where(...predicates)
exactly<RowOf<ReturnType<typeof anyOf>>, string>(true)
export const ran = () => db.all(anyOf([ofOrg(1), users.email.eq('x')]))

// Null stays null, and what cannot be null says so.
exactly<ValueOf<typeof byName>, boolean | null>(true)
const byName = users.fullName.eq('Ann')
exactly<ValueOf<typeof byMail>, boolean>(true)
const byMail = users.email.eq('a@x.org')
const distinct = users.fullName.isDistinctFrom(null)
exactly<ValueOf<typeof distinct>, boolean>(true)
const both = and(byName, byMail)
exactly<ValueOf<typeof both>, boolean | null>(true)
const chained = byMail.and(byMail).or(not(byMail))
exactly<ValueOf<typeof chained>, boolean>(true)

// Numbers compare with numbers of every kind, texts with texts.
users.id.eq(users.orgId)
measures.price.gt(measures.count)
measures.ratio.lt(measures.price)
users.createdAt.between(new Date(0), new Date())
posts.score.between(1, users.orgId)
users.email.in(['a', users.fullName])
users.email.in([])

declare const name: string | undefined
const optional = select(users.email)
  .from(users)
  .where(when(name, (n) => users.fullName.eq(n)))
exactly<RowOf<typeof optional>, string>(true)

const label = caseWhen(posts.score.gt(100), 'hot').when(posts.score.gt(10), users.fullName).else('cold')
exactly<ValueOf<typeof label>, string | null>(true)
const open = caseWhen(posts.score.gt(100), 1).end()
exactly<ValueOf<typeof open>, number | null>(true)

// @ts-expect-error NULL equals nothing: isNull() is meant.
users.fullName.eq(null)
// @ts-expect-error Nor does undefined.
users.fullName.eq(undefined)
// @ts-expect-error A bigint column and a text.
users.id.eq('x')
// @ts-expect-error A bigint column and a number: 1n is meant.
users.id.eq(1)
// @ts-expect-error A bigint column and a text column.
users.id.eq(users.email)
// @ts-expect-error A number has no `like`.
users.id.like('1%')
// @ts-expect-error A text has no `add`.
users.email.add('x')
// @ts-expect-error JSON has no order and no equality.
users.settings.eq({ theme: 'dark' })
// @ts-expect-error One of the list is no bigint.
users.id.in([1n, '2'])
// @ts-expect-error Only conditions are connected.
and(users.email, byMail)
// @ts-expect-error A number is no condition.
select(users.email).from(users).where(users.orgId)
// @ts-expect-error In `when`, too, a condition is asked for.
when(name, () => users.orgId)
// @ts-expect-error The results of a case are of one family.
caseWhen(byMail, 'a').when(byMail, 1)

export async function refused() {
  // @ts-expect-error posts is not in FROM.
  await db.all(select(users.email).from(users).where(prolific))
  await db.all(
    // @ts-expect-error Neither for a condition within conditions.
    select(users.email)
      .from(users)
      .where(or(ofOrg(1), and(prolific, byMail))),
  )
  // @ts-expect-error Nor for what is selected.
  await db.all(select({ a: users.email, b: { c: posts.title } }).from(users))
  // @ts-expect-error Nor for a whole table.
  await db.all(select({ user: users, post: posts }).from(users))
  // @ts-expect-error Nor for the order.
  await db.all(select(users.email).from(users).orderBy(posts.score.desc()))
  // @ts-expect-error Nor for groups.
  await db.all(select(users.email).from(users).groupBy(posts.score))
  // @ts-expect-error Nor for the condition on groups.
  await db.all(select(users.orgId).from(users).groupBy(users.orgId).having(posts.score.gt(1)))
  // @ts-expect-error Nor in a branch of a case.
  await db.all(select({ l: label }).from(posts))
  await db.all(
    // @ts-expect-error The subquery lacks users, and the query around it too.
    select(orgs.name)
      .from(orgs)
      .where(exists(select(posts.id).from(posts).where(posts.authorId.eq(users.id)))),
  )
}
