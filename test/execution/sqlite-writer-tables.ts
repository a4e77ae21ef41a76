import { integer, table } from '@espalier/core'

/** Written two by two, so that half of a transaction shows: the amounts of a pair are 0 together. */
export const entries = table('entries', {
  id: integer().primaryKey(),
  pair: integer().notNull(),
  amount: integer().notNull(),
})
