import { double, integer, table, text } from '@espalier/core'

/** The items as SQLite stores them: the flag and the moment as a number and a text. */
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
