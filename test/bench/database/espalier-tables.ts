import {
  bigint,
  boolean,
  double,
  integer,
  json,
  nest,
  numeric,
  select,
  table,
  text,
  timestamptz,
} from '@espalier/core'

export const items = table('items', {
  id: integer().primaryKey(),
  sku: text().notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  price: double().notNull(),
  active: boolean().notNull(),
  created: timestamptz().notNull(),
  note: text(),
})

export const entries = table('entries', {
  id: integer().primaryKey(),
  account: integer().notNull(),
  kind: text().notNull(),
  amount: double().notNull(),
  memo: text(),
})

export const orders = table('orders', { id: integer().primaryKey(), placed: timestamptz().notNull() })

export const lines = table('lines', {
  id: bigint().primaryKey(),
  orderId: integer('order_id').notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  shipped: timestamptz(),
})

export const records = table('records', {
  id: integer().primaryKey(),
  opened: timestamptz().notNull(),
  closed: timestamptz(),
  serial: bigint().notNull(),
  amount: numeric({ precision: 12, scale: 2 }).notNull(),
  details: json<{ tags: string[]; size: number }>().notNull(),
})

/** All records. */
export const allRecords = () => select(records).from(records).orderBy(records.id)

/** All orders with their lines. */
export const nestedOrders = () =>
  select({
    id: orders.id,
    placed: orders.placed,
    lines: nest.many(
      select({ id: lines.id, name: lines.name, quantity: lines.quantity, shipped: lines.shipped })
        .from(lines)
        .where(lines.orderId.eq(orders.id))
        .orderBy(lines.id),
    ),
  })
    .from(orders)
    .orderBy(orders.id)
