import {
  boolean,
  type CatalogQueries,
  exists,
  select,
  sql,
  type TableNode,
  table,
  text,
} from '@espalier/core'

// https://www.sqlite.org/pragma.html#pragma_table_list
const list = table('pragma_table_list', {
  schema: text().notNull(),
  name: text().notNull(),
  type: text().notNull(),
})

/** What migrations ask of SQLite's schema. Names are compared as SQLite does: without regard to the case of ASCII. */
export const sqliteCatalog: CatalogQueries = {
  tableExists: ({ name, schema }: TableNode) =>
    select({
      found: exists(
        select(list.name)
          .from(list)
          .where(isTableOf(schema), sql(boolean().notNull())`${list.name} = ${name} collate nocase`),
      ),
    }),

  /**
   * With foreign keys on, `drop table` first deletes the rows, and by cascade those of the tables that refer to it;
   * with them off, it leaves references to nothing.
   */
  referencesTo: ({ name, schema }: TableNode) =>
    select({ table: list.name })
      .from(list)
      .where(
        isTableOf(schema),
        sql(boolean().notNull())`${list.name} <> ${name} collate nocase`,
        sql(
          boolean(),
        )`exists (select 1 from pragma_foreign_key_list(${list.name}, ${list.schema}) as reference
          where reference."table" = ${name} collate nocase)`,
      )
      .orderBy(list.name),
}

const isTableOf = (schema = 'main') =>
  sql(boolean().notNull())`${list.type} = 'table' and ${list.schema} = ${schema} collate nocase`
