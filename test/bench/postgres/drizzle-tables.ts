import { relations } from 'drizzle-orm'
import { boolean, customType, doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

export const items = pgTable('items', {
  id: integer().primaryKey(),
  sku: text().notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  price: doublePrecision().notNull(),
  active: boolean().notNull(),
  created: timestamp({ withTimezone: true }).notNull(),
  note: text(),
})

export const entries = pgTable('entries', {
  id: integer().primaryKey(),
  account: integer().notNull(),
  kind: text().notNull(),
  amount: doublePrecision().notNull(),
  memo: text(),
})

/** In JSON, where its relational queries have it, a bigint is a number. */
const whole = customType<{ data: bigint; driverData: string | number }>({
  dataType: () => 'bigint',
  fromDriver: (value) => BigInt(value),
})

export const orders = pgTable('orders', {
  id: integer().primaryKey(),
  placed: timestamp({ withTimezone: true }).notNull(),
})

export const lines = pgTable('lines', {
  id: whole().primaryKey(),
  orderId: integer('order_id').notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  shipped: timestamp({ withTimezone: true }),
})

export const ordersRelations = relations(orders, ({ many }) => ({ lines: many(lines) }))
export const linesRelations = relations(lines, ({ one }) => ({
  order: one(orders, { fields: [lines.orderId], references: [orders.id] }),
}))
