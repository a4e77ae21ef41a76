import { boolean, doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

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
