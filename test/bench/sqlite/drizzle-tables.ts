import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const items = sqliteTable('items', {
  id: integer().primaryKey(),
  sku: text().notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  price: real().notNull(),
  active: integer().notNull(),
  created: text().notNull(),
  note: text(),
})

export const entries = sqliteTable('entries', {
  id: integer().primaryKey(),
  account: integer().notNull(),
  kind: text().notNull(),
  amount: real().notNull(),
  memo: text(),
})
