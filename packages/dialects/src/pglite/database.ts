import { createDatabase, type Database, type Observer } from '@espalier/core'
import { transactionContext } from '../context.js'
import { postgresBackend } from '../postgres/backend.js'
import { postgresDialect } from '../postgres/dialect.js'
import type { Listening } from '../postgres/listener.js'
import { openPglite, type PgliteDriverOptions, type PgliteTarget } from './driver.js'
import { listenOn } from './listen.js'

/** Options of {@link pglite}: those of the driver, and who is told of the statements. */
export interface PgliteOptions extends PgliteDriverOptions {
  /** Is told of every statement. */
  readonly observer?: Observer | undefined
}

/** A PostgreSQL inside this process: {@link Database}, and its channels. */
export interface PgliteDatabase extends Database {
  /**
   * Calls a function with each text that is sent to a channel by `notify`, also by others who use the same instance, until
   * `unlisten` or the end of the database. What is sent in a transaction arrives when that is committed.
   *
   * `listen "orgs"` … `unlisten "orgs"`
   * @example
   * ```ts
   * await using db = await pglite()
   * await using listening = await db.listen('orgs', (payload) => console.log(`changed: ${payload}`))
   * await db.run(notify('orgs', '7')) // changed: 7
   * ```
   */
  listen(channel: string, receive: (payload: string) => void): Promise<Listening>
}

/**
 * A PostgreSQL that runs inside this process, over PGlite: in memory, in a folder, or an instance of your own.
 * @example
 * ```ts
 * await using db = await pglite() // in memory
 * await db.one(select({ one: literal(1, integer()) })) // { one: 1 }
 * ```
 */
export async function pglite(
  target?: PgliteTarget,
  { observer, ...options }: PgliteOptions = {},
): Promise<PgliteDatabase> {
  const { driver, database: instance } = await openPglite(target, options)
  const database = createDatabase({
    dialect: postgresDialect,
    backend: postgresBackend,
    driver,
    observer,
    context: transactionContext(),
  })
  // With the connection to itself: within a transaction of somebody else it would be undone with that.
  const listen: PgliteDatabase['listen'] = (channel, receive) =>
    database.session(() => listenOn(instance, channel, receive))
  return Object.assign(database, { listen })
}
