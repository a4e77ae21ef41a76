import { boolean, double, integer, table, text, timestamptz } from '@espalier/core'

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
