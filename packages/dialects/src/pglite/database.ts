import { createDatabase, type Database } from '@espalier/core'
import { transactionContext } from '../context.js'
import { postgresBackend } from '../postgres/backend.js'
import { postgresDialect } from '../postgres/dialect.js'
import { pgliteDriver } from './driver.js'

/**
 * A PostgreSQL that runs inside this process, over PGlite: in memory, in a folder, or an instance of your own.
 * @example
 * ```ts
 * await using db = await pglite() // in memory
 * await db.one(select({ one: literal(1, integer()) })) // { one: 1 }
 * ```
 */
export async function pglite(target?: Parameters<typeof pgliteDriver>[0]): Promise<Database> {
  return createDatabase({
    dialect: postgresDialect,
    backend: postgresBackend,
    driver: await pgliteDriver(target),
    context: transactionContext(),
  })
}
