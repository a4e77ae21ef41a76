import { Cancelled, type Request, type Response } from '@espalier/core'

let cursors = 0

/**
 * Reads the rows of a query by a cursor, in a transaction of its own unless one is open. Not by postgres.js: its cursor
 * holds the connection, so that no other statement could run between the pages. A page takes several statements: `cancels`
 * tells how often the connection was cancelled, since a cancellation between two of them would end neither.
 */
export async function* cursorPages(
  execute: (request: Request) => Promise<Response>,
  request: Request,
  rows: number,
  inTransaction: boolean,
  cancels: () => number = () => 0,
): AsyncGenerator<Response, void> {
  let before = cancels()
  const refuseCancelled = (): void => {
    if (cancels() !== before)
      throw new Cancelled('cancelled', 'The stream was cancelled.', { sql: request.sql })
  }
  const command = (sql: string, params: readonly unknown[] = []) =>
    execute({ sql, params, exactIntegers: false, once: true })
  // A name that no other stream of the connection has, whichever copy of this package that comes from.
  const name = `"espalier_${++cursors}_${Math.random().toString(36).slice(2, 8)}"`
  let failed = false
  if (!inTransaction) await command('begin')
  try {
    // All rows are wanted: by itself PostgreSQL plans for the first tenth of them.
    // https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-CURSOR-TUPLE-FRACTION
    if (!inTransaction) await command('set local cursor_tuple_fraction = 1')
    refuseCancelled()
    await command(`declare ${name} no scroll cursor for ${request.sql}`, request.params)
    for (;;) {
      refuseCancelled()
      const page = await execute({
        ...request,
        sql: `fetch ${rows} from ${name}`,
        params: [],
        firstOnly: false,
        once: true,
      })
      const { length } = page.made ?? page.rows
      if (length > 0) yield page
      before = cancels()
      if (length < rows) break
    }
  } catch (error) {
    failed = true
    throw error
  } finally {
    // In a failed transaction the cursor is gone already; nothing else runs in that.
    if (inTransaction) await command(`close ${name}`).catch(() => undefined)
    else
      await command(failed ? 'rollback' : 'commit').catch((error) => {
        if (!failed) throw error
      })
  }
}
