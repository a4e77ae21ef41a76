import {
  createDatabase,
  createSyncDatabase,
  type Database,
  type Driver,
  ExecutionError,
  type Observer,
  type SyncDriver,
  type SyncExecutor,
  serialDriver,
} from '@espalier/core'
import { transactionContext } from '../context.js'
import { sqliteBackend } from './backend.js'
import { sqliteDialect } from './dialect.js'
import { type SqliteDatabase, type SqliteOptions, sqliteDriver } from './driver.js'

/** Options of {@link sqlite}: those of the driver, and who is told of the statements. */
export interface SqliteDatabaseOptions extends SqliteOptions {
  /** Is told of every statement. */
  readonly observer?: Observer | undefined
}

/** A SQLite database: {@link Database}, and the same without promises behind `sync`. */
export interface SqliteHandle extends Database {
  /**
   * The same calls without promises.
   * @example
   * ```ts
   * const lite = sqlite(':memory:').sync
   * lite.transaction((tx) => tx.one(select({ one: literal(1, integer()) }))) // { one: 1 }
   * ```
   */
  readonly sync: SyncExecutor
}

/**
 * Opens a SQLite database: a file, `':memory:'`, or a handle of better-sqlite3 of your own.
 * @example
 * ```ts
 * await using db = sqlite(':memory:')
 * await db.one(select({ one: literal(1, integer()) })) // { one: 1 }
 * ```
 */
export function sqlite(target: string | SqliteDatabase, options?: SqliteDatabaseOptions): SqliteHandle {
  const driver = sqliteDriver(target, options)
  // While an async transaction holds the connection, what ran on it synchronously would fall into that transaction.
  let held = 0
  const serial = serialDriver(driver, { acquireTimeout: options?.acquireTimeout })
  const exclusive: Driver = {
    ...serial,
    async acquire(purpose) {
      const session = await serial.acquire(purpose)
      held++
      return {
        ...session,
        async release(broken) {
          held--
          await session.release(broken)
        },
      }
    },
  }
  const refuseHeld = (): void => {
    if (held === 0) return
    throw new ExecutionError(
      'busy',
      'The synchronous handle was used while an asynchronous transaction is open on the same connection. Await that ' +
        'first, or use its handle.',
    )
  }
  const refusing: SyncDriver = {
    ...driver,
    execute(request) {
      refuseHeld()
      return driver.execute(request)
    },
    stream(request, rows) {
      refuseHeld()
      return driver.stream(request, rows)
    },
  }
  const parts = { dialect: sqliteDialect, backend: sqliteBackend, observer: options?.observer }
  const database = createDatabase({
    ...parts,
    driver: exclusive,
    context: transactionContext(),
  })
  return Object.assign(database, {
    sync: createSyncDatabase({ ...parts, driver: refusing }),
  })
}
