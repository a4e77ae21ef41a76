import {
  type AdvisoryLock,
  bigint,
  boolean,
  type CatalogQueries,
  select,
  sql,
  type TableNode,
} from '@espalier/core'

/** What migrations ask of PostgreSQL's catalog. */
export const postgresCatalog: CatalogQueries = {
  tableExists: (table: TableNode) =>
    select({ found: sql(boolean().notNull())`to_regclass(${table.quotedPath}) is not null` }),
  // PostgreSQL drops no table that others refer to, unless told by `cascade`.
  referencesTo: undefined,
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
