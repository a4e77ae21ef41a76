import { and, asc, count, desc, eq, gt, lte, or, type Query, sql, sum } from 'drizzle-orm'
import { boolean, doublePrecision, integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/pg-proxy'
import { compileContender, type Queries } from './cases.js'
import { moment, oneRow, thousandRows } from './rows.js'

const moments = (name: string) => timestamp(name, { withTimezone: true })
const users = pgTable('users', {
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text().notNull(),
  country: text().notNull(),
  active: boolean().notNull(),
  updated_at: moments('updated_at').notNull(),
})
const orders = pgTable('orders', {
  id: integer().primaryKey(),
  user_id: integer().notNull(),
  status: text().notNull(),
  total: integer().notNull(),
  created_at: moments('created_at').notNull(),
})
const orderItems = pgTable('order_items', {
  id: integer().primaryKey(),
  order_id: integer().notNull(),
  product_id: integer().notNull(),
  quantity: integer().notNull(),
})
const products = pgTable('products', {
  id: integer().primaryKey(),
  category_id: integer().notNull(),
  name: text().notNull(),
})
const categories = pgTable('categories', { id: integer().primaryKey(), name: text().notNull() })
const events = pgTable('events', {
  id: serial().primaryKey(),
  type: text().notNull(),
  source: text().notNull(),
  session: text().notNull(),
  user_id: integer().notNull(),
  position: integer().notNull(),
  duration: integer().notNull(),
  score: doublePrecision().notNull(),
  active: boolean().notNull(),
  referrer: text(),
  created_at: moments('created_at').notNull(),
})
const counters = pgTable('counters', {
  key: text().primaryKey(),
  n: integer().notNull(),
  label: text().notNull(),
  updated_at: moments('updated_at').notNull(),
})

const db = drizzle(async () => ({ rows: [] }))
const rows = [...thousandRows]

const queries: Queries<Query> = {
  a: (i) => db.select({ id: users.id, name: users.name }).from(users).where(eq(users.id, i)).toSQL(),
  b: (i) => {
    const qty = sum(orderItems.quantity).as('qty')
    return db
      .select({ category: categories.name, country: users.country, order_count: count(orders.id), qty })
      .from(users)
      .innerJoin(orders, eq(orders.user_id, users.id))
      .innerJoin(orderItems, eq(orderItems.order_id, orders.id))
      .innerJoin(products, eq(products.id, orderItems.product_id))
      .innerJoin(categories, eq(categories.id, products.category_id))
      .where(
        and(
          eq(users.active, true),
          or(eq(orders.status, 'paid'), eq(orders.status, 'shipped')),
          gt(orders.total, i),
        ),
      )
      .groupBy(categories.name, users.country)
      .having(gt(count(orders.id), 5))
      .orderBy(desc(qty), asc(categories.name))
      .limit(20)
      .toSQL()
  },
  c: (i) => {
    const rank = sql<number>`row_number() over (partition by ${orders.user_id} order by ${orders.created_at} desc)`
    const recent = db.$with('recent').as(
      db
        .select({ user_id: orders.user_id, total: orders.total, rn: rank.as('rn') })
        .from(orders)
        .where(eq(orders.status, 'paid')),
    )
    const items = db
      .select({ n: count() })
      .from(orderItems)
      .innerJoin(orders, eq(orders.id, orderItems.order_id))
      .where(eq(orders.user_id, users.id))
    return db
      .with(recent)
      .select({
        id: users.id,
        name: users.name,
        total: recent.total,
        items: sql<number>`(${items})`.as('items'),
      })
      .from(recent)
      .innerJoin(users, eq(users.id, recent.user_id))
      .where(lte(recent.rn, i))
      .toSQL()
  },
  d: () => db.insert(events).values(oneRow).returning({ id: events.id }).toSQL(),
  e: () => db.insert(events).values(rows).toSQL(),
  f: (i) =>
    db
      .update(users)
      .set({ name: 'x', active: false, updated_at: moment })
      .where(and(eq(users.id, i), eq(users.active, true)))
      .toSQL(),
  g: (i) =>
    db
      .insert(counters)
      .values({ key: 'k', n: i, label: 'label', updated_at: moment })
      .onConflictDoUpdate({
        target: counters.key,
        set: { n: sql`excluded.n`, label: sql`excluded.label`, updated_at: sql`excluded.updated_at` },
      })
      .toSQL(),
}

export const open = () =>
  compileContender(
    queries,
    (q) => q,
    (q) => q.sql,
  )
