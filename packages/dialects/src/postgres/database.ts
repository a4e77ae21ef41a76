import { createDatabase, type Database, type Observer } from '@espalier/core'
import { transactionContext } from '../context.js'
import { postgresBackend } from './backend.js'
import { postgresDialect, postgresDialectFor } from './dialect.js'
import { type PostgresOptions, postgresDriver } from './driver.js'
import type { Listening, ListenOptions } from './listener.js'

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

/** A PostgreSQL database: {@link Database}, and its channels. */
export interface PostgresDatabase extends Database {
  /**
   * Calls a function with each text that is sent to a channel by `notify`, until `unlisten` or the end of the database. It has
   * a connection beside the pool, which all channels share; where that is lost, another is opened, again and again until that
   * succeeds. What was sent in between is lost, of which `onReconnect` tells.
   *
   * Throws `ConnectionLost` where the first connection fails.
   *
   * PostgreSQL: `listen "orgs"` … `unlisten "orgs"`
   * @example
   * ```ts no-run
   * const db = postgres('postgres://localhost/app')
   * const listening = await db.listen('orgs', (payload) => console.log(`changed: ${payload}`))
   * await db.run(notify('orgs', '7')) // changed: 7
   * await listening.unlisten()
   * ```
   */
  listen(channel: string, receive: (payload: string) => void, options?: ListenOptions): Promise<Listening>
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
): PostgresDatabase {
  const { version, observer, ...all }: PostgresDatabaseOptions =
    typeof target === 'string' ? { url: target, ...options } : { ...target, ...options }
  const driver = postgresDriver(all)
  const database = createDatabase({
    dialect: version === undefined ? postgresDialect : postgresDialectFor(version),
    backend: postgresBackend,
    driver,
    observer,
    context: transactionContext(),
    pooled: all.max !== 1,
  })
  return Object.assign(database, { listen: driver.listen })
}
