import { relations } from 'drizzle-orm'
import { customType, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The items as SQLite stores them. */
export const storedItems = sqliteTable('items', {
  id: integer().primaryKey(),
  sku: text().notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  price: real().notNull(),
  active: integer().notNull(),
  created: text().notNull(),
  note: text(),
})

const moment = customType<{ data: Date; driverData: string }>({
  dataType: () => 'text',
  fromDriver: (value) => new Date(value),
})

/** The same table with the flag and the moment as what they are. */
export const items = sqliteTable('items', {
  id: integer().primaryKey(),
  sku: text().notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  price: real().notNull(),
  active: integer({ mode: 'boolean' }).notNull(),
  created: moment().notNull(),
  note: text(),
})

export const entries = sqliteTable('entries', {
  id: integer().primaryKey(),
  account: integer().notNull(),
  kind: text().notNull(),
  amount: real().notNull(),
  memo: text(),
})

const whole = customType<{ data: bigint; driverData: number }>({
  dataType: () => 'integer',
  fromDriver: (value) => BigInt(value),
})

export const orders = sqliteTable('orders', { id: integer().primaryKey(), placed: moment().notNull() })

export const lines = sqliteTable('lines', {
  id: whole().primaryKey(),
  orderId: integer('order_id').notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  shipped: moment(),
})

export const ordersRelations = relations(orders, ({ many }) => ({ lines: many(lines) }))
export const linesRelations = relations(lines, ({ one }) => ({
  order: one(orders, { fields: [lines.orderId], references: [orders.id] }),
}))
