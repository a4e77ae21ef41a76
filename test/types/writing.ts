/** Inserts, updates, deletes: which keys, which values, and what may run. */
import {
  coalesce,
  comment,
  defaultValue,
  deleteFrom,
  fetchWithTies,
  insert,
  lower,
  max,
  mergeAction,
  mergeInto,
  now,
  param,
  type RowOf,
  select,
  sql,
  tags,
  text,
  truncate,
  update,
  updateMany,
  upper,
} from '@espalier/core'
import { exactly } from './equal.js'
import { db, invited, measures, orgs, posts, type User, users } from './schema.js'

const row = { orgId: 1, email: 'a@x.org' }
export const accepted = [
  db.run(insert(users).values(row)),
  db.run(insert(users).values([row, row])),
  db.run(
    insert(users).values({ ...row, id: 7n, fullName: null, settings: { theme: 'dark' }, createdAt: now() }),
  ),
  db.run(insert(users).values({ orgId: 1, email: upper(sql(text().notNull())`'a'`) })),
  db.run(insert(orgs).values({ name: 'x' })),
  db.run(insert(invited).fromSelect(select({ email: users.email, name: users.fullName }).from(users))),
  db.run(
    update(users)
      .set({ fullName: coalesce(users.fullName, users.email) })
      .where(users.id.eq(1n)),
  ),
  db.run(
    update(users)
      .set((t) => ({ fullName: upper(t.email), managerId: null }))
      .everyRow(),
  ),
  db.run(update(posts).set({ title: users.email }).from(users).where(posts.authorId.eq(users.id))),
  db.run(deleteFrom(users).where(users.id.in([1n]), users.email.like('%'))),
  db.run(deleteFrom(posts).everyRow()),
]

const u = users.as('u')
const { id, price, count, total, valid } = measures
const measuresRow = { id, price, count, total, valid }
const posted = select({ fullName: max(posts.title), orgId: posts.score })
  .from(posts)
  .groupBy(posts.score)
export const more = [
  db.run(insert(users).values([{ ...row, fullName: defaultValue(), createdAt: defaultValue() }])),
  db.run(insert(users).values(row).orIgnore()),
  db.run(
    insert(users)
      .values({ ...row, id: 1n })
      .overridingSystemValue(),
  ),
  db.run(insert(users).values(row).onConflict(lower(users.email)).doNothing()),
  db.run(
    insert(users)
      .values(row)
      .onConflict(users.email)
      .where(users.managerId.isNull())
      .doUpdate({ fullName: 'x' }),
  ),
  db.run(insert(users).values(row).onConflict({ constraint: 'x' }).doUpdate({ fullName: defaultValue() })),
  db.run(insert(users).values(row).onConflict(users.email).doNothing().onConflict().doNothing()),
  db.run(
    update(u)
      .set((t) => ({ fullName: t.email }))
      .where(u.id.eq(1n)),
  ),
  db.run(update(u.as('v')).set({ fullName: 'x' }).everyRow()),
  db.run(update(users).setFromSelect(posted).everyRow()),
  db.run(deleteFrom(posts).using(users).where(posts.authorId.eq(users.id))),
  db.run(deleteFrom(u).where(u.id.eq(1n))),
  db.run(
    updateMany(
      users,
      [
        { id: 1n, fullName: null },
        { id: 2n, fullName: 'x' },
      ],
      { key: 'id' },
    ),
  ),
  db.run(updateMany(users, [{ orgId: 1, email: 'x', fullName: null }], { key: ['orgId', 'email'] })),
  db.run(truncate([users, posts], { cascade: true })),
  db.run(truncate(users)),
  db.run(truncate(users).add(comment('x'))),
  db.all(
    update(users)
      .set({ fullName: 'x' })
      .everyRow()
      .returning(users)
      .add(tags({ a: 'b' }))
      .add(comment('x')),
  ),
]

const commented = update(users)
  .set({ fullName: 'x' })
  .everyRow()
  .returning({ id: users.id })
  .add(comment('x'))
exactly<RowOf<typeof commented>, { id: bigint }>(true)
// @ts-expect-error a limit is none of a write's clauses
deleteFrom(users).everyRow().add(fetchWithTies(1))

const versions = update(users)
  .set({ fullName: 'x' })
  .where(users.id.eq(1n))
  .returningOldAndNew((before, after) => ({ id: users.id, was: before.fullName, is: after.email, before }))
exactly<RowOf<typeof versions>, { id: bigint; was: string | null; is: string; before: User }>(true)
const upsertedVersions = insert(users)
  .values(row)
  .onConflict(users.email)
  .doUpdate({ fullName: 'x' })
  .returningOldAndNew((before, after) => ({ was: before.email, is: after.email, before, after }))
exactly<RowOf<typeof upsertedVersions>, { was: string | null; is: string; before: User | null; after: User }>(
  true,
)
const manyReturned = updateMany(users, [{ id: 1n, fullName: 'x' }], { key: 'id' }).returning({ id: users.id })
exactly<RowOf<typeof manyReturned>, { id: bigint }>(true)

const merge = mergeInto(users).using(invited, invited.email.eq(users.email))
export const merged = [
  db.run(merge.whenMatched().doUpdate({ fullName: invited.name })),
  db.run(merge.whenMatched(users.id.gt(1n)).doUpdate((t) => ({ fullName: t.email }))),
  db.run(merge.whenMatched().doDelete().whenNotMatched().doInsert({ orgId: 1, email: invited.email })),
  db.run(merge.whenNotMatchedBySource(users.id.gt(1n)).doUpdate({ fullName: users.email })),
]
const mergedRows = merge
  .whenMatched()
  .doNothing()
  .returning({ done: mergeAction(), id: users.id, email: invited.email })
exactly<RowOf<typeof mergedRows>, { done: 'INSERT' | 'UPDATE' | 'DELETE'; id: bigint; email: string | null }>(
  true,
)
const mergedVersions = merge
  .whenMatched()
  .doDelete()
  .returningOldAndNew((before, after) => ({ was: before.id, is: after.id }))
exactly<RowOf<typeof mergedVersions>, { was: bigint | null; is: bigint | null }>(true)

// @ts-expect-error A row that is inserted has what is required.
merge.whenNotMatched().doInsert({ email: invited.email })
// @ts-expect-error The table has no such column.
merge.whenMatched().doUpdate({ nickname: invited.name })
// @ts-expect-error There is no row to update.
merge.whenNotMatched().doUpdate({ fullName: 'x' })
// @ts-expect-error A column that is not null and has no default has no default value.
insert(users).values({ orgId: 1, email: defaultValue() })
// @ts-expect-error The default is no expression.
select({ a: defaultValue() })
// @ts-expect-error A conflict is on expressions of the table.
insert(users).values(row).onConflict(lower(posts.title))
// @ts-expect-error Nor does a partial index read another table.
insert(users).values(row).onConflict(users.email).where(posts.id.eq(1n))
// @ts-expect-error Without columns there is no index to tell.
insert(users).values(row).onConflict().where(users.id.eq(1n))
// @ts-expect-error An insert has no alias to insert into.
insert(u)
// @ts-expect-error A subquery is not a table to change.
update(select(users).from(users).as('s'))
// @ts-expect-error Nor to delete from.
deleteFrom(select(users).from(users).as('s'))
// @ts-expect-error The table has no such column.
insert(invited).fromSelect(select({ email: users.email, nickname: users.email }).from(users))
const textForDate = select({ ...measuresRow, day: users.email })
  .from(measures)
  .crossJoin(users)
// @ts-expect-error A text is not a date, though both are texts in JavaScript.
insert(measures).fromSelect(textForDate)
// @ts-expect-error The table has no such column.
update(users).setFromSelect(select({ nickname: posts.title }).from(posts))
// @ts-expect-error The column is of another type.
update(users).setFromSelect(select({ fullName: posts.score }).from(posts))
// @ts-expect-error Every row has its key.
updateMany(users, [{ fullName: 'x' }], { key: 'id' })
// @ts-expect-error A key is never null.
updateMany(users, [{ id: null, fullName: 'x' }], { key: 'id' })
// @ts-expect-error The table has no such column.
updateMany(users, [{ id: 1n, nickname: 'x' }], { key: 'id' })
// @ts-expect-error Nor such a key.
updateMany(users, [{ id: 1n, fullName: 'x' }], { key: 'nickname' })
// @ts-expect-error Rows are values, not expressions.
updateMany(users, [{ id: 1n, fullName: users.email }], { key: 'id' })
// @ts-expect-error What is truncated is a table.
truncate(u)
// @ts-expect-error All unknown, by an object.
update(users).set({ nickname: 'x', other: 1 })
// @ts-expect-error All unknown, by a function.
update(users).set((t) => ({ nickname: t.email, other: 1 }))
// @ts-expect-error Some unknown, by a function.
update(users).set((t) => ({ fullName: t.email, nickname: t.email }))

const returned = insert(users).values(row).returning(users)
exactly<RowOf<typeof returned>, User>(true)
const returnedKey = insert(users).values(row).returning({ key: users.id, at: users.createdAt })
exactly<RowOf<typeof returnedKey>, { key: bigint; at: Date }>(true)
const changed = update(users).set({ fullName: 'x' }).where(users.id.eq(1n)).returning(users.fullName)
exactly<RowOf<typeof changed>, string | null>(true)
const removed = deleteFrom(users).where(users.id.eq(1n)).returning({ email: users.email })
exactly<RowOf<typeof removed>, { email: string }>(true)
const upserted = insert(users)
  .values(row)
  .onConflict(users.orgId, users.email)
  .doUpdate((t, excluded) => ({ fullName: coalesce(excluded.fullName, t.email) }))
  .where(users.fullName.isNull())
  .returning({ id: users.id })
exactly<RowOf<typeof upserted>, { id: bigint }>(true)
const kept = insert(users).values(row).onConflict().doNothing().returning(users.id)
exactly<RowOf<typeof kept>, bigint>(true)
const silent = insert(users).values(row)
exactly<RowOf<typeof silent>, never>(true)

// Required: not null, without a default, not identity.
// @ts-expect-error email is missing.
insert(users).values({ orgId: 1 })
// @ts-expect-error In one of several rows, too.
insert(users).values([row, { orgId: 1 }])
// @ts-expect-error orgId is a number.
insert(users).values({ orgId: '1', email: 'x' })
// @ts-expect-error A column that is not null takes no null.
insert(users).values({ orgId: 1, email: null })
// @ts-expect-error undefined is never a value.
insert(users).values({ orgId: 1, email: undefined })
// @ts-expect-error The table has no such column.
insert(users).values({ ...row, nickname: 'x' })
// @ts-expect-error In one of several rows, too.
insert(users).values([row, { ...row, nickname: 'x' }])
// @ts-expect-error The content of JSON is typed.
insert(users).values({ ...row, settings: { theme: 'blue' } })
// @ts-expect-error An expression of another family.
insert(users).values({ orgId: 1, email: users.id })
// @ts-expect-error numeric is a decimal text, so that no digit is lost.
insert(measures).values({ id: '', day: '2026-01-01', price: 1.5, count: 1, total: 1n, valid: true })
// @ts-expect-error An update has no such column.
update(users).set({ nickname: 'x' })
// @ts-expect-error Nor when it is made of a function.
update(users).set(() => ({ nickname: 'x' }))
// @ts-expect-error The value is of another type.
update(users).set({ fullName: 1 })
// @ts-expect-error Not null means not null.
update(users).set({ email: null })
// @ts-expect-error Rows of a query must have the columns that are required.
insert(users).fromSelect(select({ email: users.email }).from(users))
// @ts-expect-error A conflict is on columns of the table.
insert(users).values(row).onConflict(posts.id)
// @ts-expect-error Without columns there is no row to update.
insert(users).values(row).onConflict().doUpdate({ fullName: 'x' })
insert(users)
  .values(row)
  .onConflict(users.email)
  // @ts-expect-error doUpdate knows the table's columns only.
  .doUpdate((t) => ({ nickname: t.email }))
// @ts-expect-error A subquery is not a table to write to.
insert(select(users).from(users).as('u'))

export async function refused() {
  // @ts-expect-error An update says which rows, or everyRow().
  await db.run(update(users).set({ fullName: 'x' }))
  // @ts-expect-error A delete, too.
  await db.run(deleteFrom(users))
  // @ts-expect-error A merge says what it does.
  await db.run(merge)
  // @ts-expect-error Where the table has no row, there is none to read from.
  await db.run(merge.whenNotMatched().doInsert({ orgId: 1, email: users.email }))
  // @ts-expect-error Nor to ask.
  await db.run(merge.whenNotMatched(users.id.eq(1n)).doNothing())
  // @ts-expect-error Where the source has no row, there is none to read from.
  await db.run(merge.whenNotMatchedBySource().doUpdate({ fullName: invited.name }))
  // @ts-expect-error posts is no source of this merge.
  await db.run(merge.whenMatched(posts.score.gt(1)).doDelete())
  // @ts-expect-error Only a merge knows what it did.
  await db.all(select({ done: mergeAction() }).from(users))
  // @ts-expect-error orgs is no source of this delete.
  await db.run(deleteFrom(posts).using(users).where(orgs.id.eq(users.orgId)))
  // @ts-expect-error The table is not in scope under its own name.
  await db.run(update(u).set({ fullName: 'x' }).where(users.id.eq(1n)))
  // @ts-expect-error posts is no source of this update.
  await db.run(update(users).set({ fullName: posts.title }).where(posts.authorId.eq(users.id)))
  // @ts-expect-error Nor of this delete.
  await db.run(deleteFrom(users).where(posts.score.gt(1)))
  // @ts-expect-error Nor of what is returned.
  await db.all(deleteFrom(users).everyRow().returning(posts.id))
  // @ts-expect-error An insert has no row to read from.
  await db.run(insert(users).values({ orgId: 1, email: posts.title }))
  // @ts-expect-error A parameter is still to be given: prepare.
  await db.run(insert(users).values({ orgId: 1, email: param('email', text()) }))
  // @ts-expect-error The update of a conflict reads no other table.
  await db.run(insert(users).values(row).onConflict(users.email).doUpdate({ fullName: posts.title }))
}
