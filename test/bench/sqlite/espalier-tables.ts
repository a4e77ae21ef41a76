import { boolean, double, integer, table, text, timestamptz } from '@espalier/core'

/** The items as SQLite stores them. */
export const storedItems = table('items', {
  id: integer().primaryKey(),
  sku: text().notNull(),
  name: text().notNull(),
  quantity: integer().notNull(),
  price: double().notNull(),
  active: integer().notNull(),
  created: text().notNull(),
  note: text(),
})

/** The same table with the flag and the moment as what they are. */
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
