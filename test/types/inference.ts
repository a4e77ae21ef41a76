/** What rows, inserts and updates of a table are, as types of their own. */
import {
  bigint,
  defaultValue,
  type InsertOf,
  insert,
  integer,
  json,
  type RowOf,
  type StandardSchema,
  select,
  table,
  text,
  type UpdateOf,
  update,
} from '@espalier/core'
import { exactly } from './equal.js'
import { db, type invited, orgs, type Post, posts, type User, users } from './schema.js'

export const events = table('events', {
  id: bigint().identity({ generated: 'always' }).primaryKey(),
  seq: integer().identity({ generated: 'by default' }),
  kind: text().notNull(),
  note: text(),
  data: json<{ n: number }>().notNull().default({ n: 0 }),
})

export declare const transforming: StandardSchema<string, number>

exactly<RowOf<typeof users>, User>(true)
exactly<RowOf<ReturnType<typeof aliased>>, Post>(true)
const aliased = () => posts.as('p')
const nested = select({ id: orgs.id, user: users }).from(orgs).leftJoin(users)
exactly<RowOf<typeof nested>, { id: number; user: User | null }>(true)
exactly<RowOf<ReturnType<typeof derived>>, { id: number; user: User }>(true)
const derived = () => select({ id: orgs.id, user: users }).from(orgs).join(users).as('d')

exactly<
  InsertOf<typeof users>,
  {
    id?: bigint
    orgId: number
    email: string
    fullName?: string | null
    settings?: { theme: 'dark' | 'light' } | null
    managerId?: bigint | null
    createdAt?: Date
  }
>(true)
exactly<InsertOf<typeof invited>, { email: string; name?: string | null }>(true)
exactly<
  UpdateOf<typeof users>,
  {
    id?: bigint
    orgId?: number
    email?: string
    fullName?: string | null
    settings?: { theme: 'dark' | 'light' } | null
    managerId?: bigint | null
    createdAt?: Date
  }
>(true)

export async function written(user: InsertOf<typeof users>, change: UpdateOf<typeof users>) {
  await db.run(insert(users).values(user))
  await db.run(insert(users).values([user]))
  await db.load(users, [user])
  await db.run(update(users).set(change).where(users.id.eq(1n)))
}
export async function numbered(event: InsertOf<typeof events>, change: UpdateOf<typeof events>) {
  await db.run(insert(events).values(event))
  await db.run(update(events).set(change).where(events.id.eq(1n)))
  await db.run(insert(events).values({ id: 1n, kind: 'x' }).overridingSystemValue())
  await db.run(update(events).set({ id: defaultValue() }).everyRow())
}

// @ts-expect-error A required column is missing.
export const incomplete: InsertOf<typeof users> = { orgId: 1 }
// @ts-expect-error A column that is not null takes no null.
export const withNull: InsertOf<typeof invited> = { email: null }
// @ts-expect-error undefined is never a value.
export const withUndefined: InsertOf<typeof invited> = { email: 'x', name: undefined }
// @ts-expect-error Nor in an update.
export const undefinedChange: UpdateOf<typeof invited> = { name: undefined }
// @ts-expect-error Values alone, no expressions.
export const withExpression: InsertOf<typeof invited> = { email: users.email }
// @ts-expect-error The database alone numbers the column.
export const ownNumber: InsertOf<typeof events> = { id: 1n, kind: 'x' }
// @ts-expect-error Nor may an update.
export const otherNumber: UpdateOf<typeof events> = { id: 1n }
// @ts-expect-error Nor by a statement.
update(events).set({ id: 1n })
// @ts-expect-error An alias takes no rows.
export const ofAlias: InsertOf<ReturnType<typeof aliased>> = {}
// @ts-expect-error An expression has no rows.
export const ofColumn: RowOf<typeof users.email> = 'x'
