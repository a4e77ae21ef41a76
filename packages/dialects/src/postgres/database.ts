import { createDatabase, type Database, type Observer } from '@espalier/core'
import { transactionContext } from '../context.js'
import { postgresBackend } from './backend.js'
import { postgresDialect, postgresDialectFor } from './dialect.js'
import { type PostgresOptions, postgresDriver } from './driver.js'

/** Options of {@link postgres}: those of the driver, and what the server is. */
export interface PostgresDatabaseOptions extends PostgresOptions {
  /**
   * The major version of the server, from 12 on, if it is older than 18: what it does not have yet is then refused before
   * it is sent. See {@link postgresDialectFor}.
   */
  readonly version?: number
  /** Is told of every statement. */
  readonly observer?: Observer | undefined
}

/**
 * A PostgreSQL database over postgres.js: statements are prepared and pipelined on a pool of connections. Nothing is
 * connected before the first statement. Options may stand beside a URL: `postgres(url, { max: 5 })`. A server older than
 * 18 is told by its `version`, so that what it lacks is refused with what to write instead.
 * @example
 * ```ts no-run
 * await using db = postgres('postgres://localhost/app')
 * await db.all(select(users).from(users))
 * ```
 */
export function postgres(
  target: string | PostgresDatabaseOptions,
  options?: Omit<PostgresDatabaseOptions, 'url'>,
): Database {
  const { version, observer, ...all }: PostgresDatabaseOptions =
    typeof target === 'string' ? { url: target, ...options } : { ...target, ...options }
  return createDatabase({
    dialect: version === undefined ? postgresDialect : postgresDialectFor(version),
    backend: postgresBackend,
    driver: postgresDriver(all),
    observer,
    context: transactionContext(),
    pooled: all.max !== 1,
  })
}
