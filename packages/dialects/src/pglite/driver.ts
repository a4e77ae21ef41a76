import type { PGlite, PGliteInterface, PGliteOptions } from '@electric-sql/pglite'
import {
  ConnectionLost,
  type Driver,
  type Request,
  type Response,
  type SerialConnection,
  serialDriver,
} from '@espalier/core'
import { refuseSilentRollback } from '../postgres/aborted.js'
import { cursorPages } from '../postgres/cursor.js'
import { mapPostgresError } from '../postgres/errors.js'
import { wireTexts } from '../postgres/wire.js'

/** How {@link pgliteDriver} shares its one connection. */
export interface PgliteDriverOptions {
  /** Milliseconds that a statement waits for the connection before the error `pool_exhausted`. Default: 30,000. */
  readonly acquireTimeout?: number | undefined
}

/**
 * PostgreSQL inside this process by PGlite: a directory to keep the data in (`idb://name` in a browser), options of
 * `new PGlite(…)`, or an instance of your own, which {@link Driver.close} leaves open. Without a target the data
 * is in memory. It has one connection, on which statements wait for each other.
 *
 * Throws `ConnectionLost` if `@electric-sql/pglite` is not installed or the database cannot be opened.
 *
 * @example
 * ```ts
 * const driver = await pgliteDriver('./data')
 * await driver.execute({ sql: 'select $1::int', params: ['1'], exactIntegers: false }) // { rows: [['1']], … }
 * ```
 */
export async function pgliteDriver(
  target?: PgliteTarget,
  options: PgliteDriverOptions = {},
): Promise<Driver> {
  return (await openPglite(target, options)).driver
}

/** What {@link pgliteDriver} takes. */
export type PgliteTarget = string | PGliteOptions | PGliteInterface

/** The driver, and the PGlite below it. */
export async function openPglite(
  target: PgliteTarget | undefined,
  options: PgliteDriverOptions,
): Promise<{ readonly driver: Driver; readonly database: PGliteInterface }> {
  const own = !isInstance(target)
  const database = own ? await open(target) : target
  try {
    await database.waitReady
    // As the driver for postgres.js does at the start of a connection.
    await database.query(
      "select set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false)",
    )
  } catch (error) {
    throw mapPostgresError(error, undefined)
  }
  const texts = textOnly(database)
  const execute = async ({ sql, params }: Request): Promise<Response> => {
    try {
      const result = await database.query<unknown[]>(sql, wireTexts(params), texts)
      refuseSilentRollback(result.command, sql)
      return {
        rows: result.rows as unknown as unknown[][],
        affected: result.rows.length || (result.affectedRows ?? 0),
        columnTypes: result.fields.map((field) => field.dataTypeID),
        began: result.command === 'BEGIN' || result.command === 'START',
      }
    } catch (error) {
      throw mapPostgresError(error, sql)
    }
  }
  const connection: SerialConnection = {
    execute,
    stream: (request, rows, inTransaction) => cursorPages(execute, request, rows, inTransaction),
    // Somebody else's instance may be in a transaction of theirs.
    inTransaction: own ? transactionState(database) : undefined,
    async close() {
      if (own) await database.close()
    },
  }
  return { driver: serialDriver(connection, options), database }
}

function isInstance(target: PgliteTarget | undefined): target is PGliteInterface {
  return typeof target === 'object' && 'query' in target && typeof target.query === 'function'
}

async function open(target: string | PGliteOptions | undefined): Promise<PGlite> {
  let module: typeof import('@electric-sql/pglite')
  try {
    module = await import('@electric-sql/pglite')
  } catch (error) {
    throw new ConnectionLost(
      'driver_missing',
      'pglite(…) needs the package @electric-sql/pglite: run "npm install @electric-sql/pglite".',
      { cause: error },
    )
  }
  try {
    return await (typeof target === 'string'
      ? module.PGlite.create(target)
      : module.PGlite.create(target ?? {}))
  } catch (error) {
    throw new ConnectionLost(
      'connection_lost',
      `PGlite cannot open its database: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
}

/** How to ask whether a transaction is open; versions of PGlite before this method cannot tell. */
function transactionState(database: PGliteInterface & Partial<PGlite>): (() => boolean) | undefined {
  return database.isInTransaction?.bind(database)
}

/** Options of a query with which PGlite leaves every value as PostgreSQL's text, in both directions. */
function textOnly(database: PGliteInterface) {
  const identity = (text: string): string => text
  const handlers = database as unknown as Readonly<
    Record<'parsers' | 'serializers', Readonly<Record<string, unknown>>>
  >
  const all = (named: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.keys(named).map((name) => [name, identity]))
  return { rowMode: 'array' as const, parsers: all(handlers.parsers), serializers: all(handlers.serializers) }
}
