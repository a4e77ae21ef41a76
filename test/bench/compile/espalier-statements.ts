import {
  and,
  boolean,
  count,
  cte,
  double,
  insert,
  integer,
  or,
  rowNumber,
  type Statement,
  select,
  sum,
  table,
  text,
  timestamptz,
  update,
} from '@espalier/core'
import type { Queries } from './cases.js'
import { moment, oneRow, thousandRows } from './rows.js'

const users = table('users', {
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text().notNull(),
  country: text().notNull(),
  active: boolean().notNull(),
  updated_at: timestamptz().notNull(),
})
const orders = table('orders', {
  id: integer().primaryKey(),
  user_id: integer().notNull(),
  status: text().notNull(),
  total: integer().notNull(),
  created_at: timestamptz().notNull(),
})
const orderItems = table('order_items', {
  id: integer().primaryKey(),
  order_id: integer().notNull(),
  product_id: integer().notNull(),
  quantity: integer().notNull(),
})
const products = table('products', {
  id: integer().primaryKey(),
  category_id: integer().notNull(),
  name: text().notNull(),
})
const categories = table('categories', { id: integer().primaryKey(), name: text().notNull() })
const events = table('events', {
  id: integer().identity().primaryKey(),
  type: text().notNull(),
  source: text().notNull(),
  session: text().notNull(),
  user_id: integer().notNull(),
  position: integer().notNull(),
  duration: integer().notNull(),
  score: double().notNull(),
  active: boolean().notNull(),
  referrer: text(),
  created_at: timestamptz().notNull(),
})
const counters = table('counters', {
  key: text().primaryKey(),
  n: integer().notNull(),
  label: text().notNull(),
  updated_at: timestamptz().notNull(),
})

/** Each builds its statement from nothing. */
export const statements: Queries<Statement<unknown, never>> = {
  a: (i) => select({ id: users.id, name: users.name }).from(users).where(users.id.eq(i)),
  b: (i) =>
    select({
      category: categories.name,
      country: users.country,
      order_count: count(orders.id),
      qty: sum(orderItems.quantity),
    })
      .from(users)
      .join(orders, orders.user_id.eq(users.id))
      .join(orderItems, orderItems.order_id.eq(orders.id))
      .join(products, products.id.eq(orderItems.product_id))
      .join(categories, categories.id.eq(products.category_id))
      .where(
        and(
          users.active.eq(true),
          or(orders.status.eq('paid'), orders.status.eq('shipped')),
          orders.total.gt(i),
        ),
      )
      .groupBy(categories.name, users.country)
      .having(count(orders.id).gt(5))
      .orderBy((row) => [row.qty.desc(), row.category.asc()])
      .limit(20),
  c: (i) => {
    const recent = cte(
      'recent',
      select({
        user_id: orders.user_id,
        total: orders.total,
        rn: rowNumber().over({ partitionBy: orders.user_id, orderBy: orders.created_at.desc() }),
      })
        .from(orders)
        .where(orders.status.eq('paid')),
    )
    const items = select(count())
      .from(orderItems)
      .join(orders, orders.id.eq(orderItems.order_id))
      .where(orders.user_id.eq(users.id))
      .scalar()
    return select({ id: users.id, name: users.name, total: recent.total, items })
      .from(recent)
      .join(users, users.id.eq(recent.user_id))
      .where(recent.rn.lte(i))
  },
  d: () => insert(events).values(oneRow).returning({ id: events.id }),
  e: () => insert(events).values(thousandRows),
  f: (i) =>
    update(users)
      .set({ name: 'x', active: false, updated_at: moment })
      .where(users.id.eq(i), users.active.eq(true)),
  g: (i) =>
    insert(counters)
      .values({ key: 'k', n: i, label: 'label', updated_at: moment })
      .onConflict(counters.key)
      .doUpdate((_, excluded) => ({
        n: excluded.n,
        label: excluded.label,
        updated_at: excluded.updated_at,
      })),
}
