import { createDatabase, type Database } from '@espalier/core'
import { transactionContext } from '../context.js'
import { postgresBackend } from './backend.js'
import { postgresDialect } from './dialect.js'
import { type PostgresOptions, postgresDriver } from './driver.js'

/**
 * A PostgreSQL database over postgres.js: statements are prepared and pipelined on a pool of connections. Nothing is
 * connected before the first statement. Options may stand beside a URL: `postgres(url, { max: 5 })`.
 * @example
 * ```ts no-run
 * await using db = postgres('postgres://localhost/app')
 * await db.all(select(users).from(users))
 * ```
 */
export function postgres(target: string | PostgresOptions, options?: Omit<PostgresOptions, 'url'>): Database {
  const all = typeof target === 'string' ? { url: target, ...options } : { ...target, ...options }
  return createDatabase({
    dialect: postgresDialect,
    backend: postgresBackend,
    driver: postgresDriver(all),
    context: transactionContext(),
    pooled: all.max !== 1,
  })
}
