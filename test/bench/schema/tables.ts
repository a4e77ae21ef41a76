import {
  type AnyTable,
  bigint,
  boolean,
  type ColumnNode,
  check,
  foreignKey,
  index,
  integer,
  type Metadata,
  metadata,
  numeric,
  text,
  timestamptz,
  varchar,
} from '@espalier/core'

/** How many tables there are, each with ten columns and three indexes, and three foreign keys for two of them. */
export const TABLES = 1000

/** A large schema: 1,000 tables, 10,000 columns, 3,000 indexes and some 1,500 foreign keys. */
export function largeSchema(): Metadata {
  const app = metadata()
  const tables: AnyTable[] = []
  for (let i = 0; i < TABLES; i++) {
    const before = (distance: number) => tables[i - distance] as AnyTable & { readonly id: ColumnNode }
    const made = app.table(
      `table_${String(i).padStart(4, '0')}`,
      {
        id: bigint().identity().primaryKey(),
        parent: bigint(),
        other: bigint(),
        code: varchar(20).notNull(),
        name: text().notNull().default(''),
        amount: numeric({ precision: 12, scale: 2 }).notNull(),
        active: boolean().notNull().default(true),
        rank: integer(),
        created: timestamptz(),
        note: text(),
      },
      (t) => [
        check(t.rank.gt(0)),
        index(t.code).unique(),
        index(t.parent, t.created.desc()),
        index(t.name).where(t.active.eq(true)),
        ...(i < 1 ? [] : [foreignKey([t.parent], () => [before(1).id as never])]),
        ...(i % 2 === 0 && i > 1 ? [foreignKey([t.other], () => [before(2).id as never])] : []),
      ],
    )
    tables.push(made)
  }
  return app
}
