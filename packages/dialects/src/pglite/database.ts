import { createDatabase, type Database, type Observer } from '@espalier/core'
import { transactionContext } from '../context.js'
import { postgresBackend } from '../postgres/backend.js'
import { postgresDialect } from '../postgres/dialect.js'
import { type PgliteDriverOptions, pgliteDriver } from './driver.js'

/** Options of {@link pglite}: those of the driver, and who is told of the statements. */
export interface PgliteOptions extends PgliteDriverOptions {
  /** Is told of every statement. */
  readonly observer?: Observer | undefined
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
  target?: Parameters<typeof pgliteDriver>[0],
  { observer, ...options }: PgliteOptions = {},
): Promise<Database> {
  return createDatabase({
    dialect: postgresDialect,
    backend: postgresBackend,
    driver: await pgliteDriver(target, options),
    observer,
    context: transactionContext(),
  })
}
