import {
  type AdvisoryLock,
  bigint,
  boolean,
  type CatalogQueries,
  integer,
  quoteIdentifier,
  select,
  sql,
  type TableNode,
  table,
  text,
} from '@espalier/core'

/**
 * The table of constraints, declared when it is asked for: so it is in no bundle that asks nothing of the catalog.
 * https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 */
const constraintTable = () =>
  table(
    'pg_constraint',
    {
      type: text('contype').notNull(),
      table: integer('conrelid').notNull(),
      target: integer('confrelid').notNull(),
      parent: integer('conparentid').notNull(),
    },
    undefined,
    { schema: 'pg_catalog' },
  )

/** What migrations ask of PostgreSQL's catalog. */
export const postgresCatalog: CatalogQueries = {
  tableExists: (table: TableNode) =>
    select({ found: sql(boolean().notNull())`to_regclass(${table.quotedPath}) is not null` }),
  referencesTo: (target: TableNode) => {
    const constraints = constraintTable()
    return select({ table: sql(text().notNull())`${constraints.table}::regclass::text` })
      .from(constraints)
      .where(
        constraints.type.eq('f'),
        // Partitions repeat what their table says.
        constraints.parent.eq(0),
        sql(boolean().notNull())`${constraints.target} = to_regclass(${target.quotedPath})`,
        sql(boolean().notNull())`${constraints.table} <> ${constraints.target}`,
      )
      .groupBy(constraints.table)
      .orderBy(sql`${constraints.table}::regclass::text`)
  },
  // https://www.postgresql.org/docs/current/catalog-pg-index.html
  indexState: (name, schema) => {
    const path = (schema === undefined ? [name] : [schema, name]).map(quoteIdentifier).join('.')
    return sql.query({ valid: boolean().notNull() })`
      select indisvalid as valid from pg_catalog.pg_index where indexrelid = to_regclass(${path})`
  },
}

/**
 * The advisory locks of a session. Their keys are numbers, so a name is hashed; they hold within one database.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS
 */
export const postgresAdvisoryLock: AdvisoryLock = {
  tryAcquire: (name) => select({ acquired: sql(boolean().notNull())`pg_try_advisory_lock(${keyOf(name)})` }),
  release: (name) => select({ released: sql(boolean().notNull())`pg_advisory_unlock(${keyOf(name)})` }),
}

const keyOf = (name: string) => sql(bigint().notNull())`hashtextextended(${name}, 0)`
