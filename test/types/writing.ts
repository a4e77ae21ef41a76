/** Inserts, updates, deletes: which keys, which values, and what may run. */
import {
  coalesce,
  deleteFrom,
  insert,
  now,
  param,
  type RowOf,
  select,
  sql,
  text,
  update,
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
