import { BuildError, excerpt, type Statement, sql } from '@espalier/core'
import { requireChannel } from './listener.js'

/**
 * Sends a text to all who listen on a channel, when the transaction is committed; the same text twice in one transaction
 * arrives once. PostgreSQL takes less than 8000 bytes.
 *
 * PostgreSQL: `select pg_notify($1::text, $2::text)`
 * @example
 * ```ts no-run
 * const db = postgres('postgres://localhost/app')
 * await db.transaction(async (tx) => {
 *   const id = await tx.scalar(insert(orgs).values({ name: 'Initech' }).returning(orgs.id))
 *   await tx.run(notify('orgs', String(id)))
 * })
 * ```
 */
export function notify(channel: string, payload = ''): Statement<unknown, never> {
  requireChannel(channel)
  if (typeof payload !== 'string' || Buffer.byteLength(payload) >= 8000) {
    throw new BuildError(
      'invalid_payload',
      `What is sent to a channel is a text of less than 8000 bytes, not ${excerpt(payload)}. Send the key of a row that has more.`,
    )
  }
  return sql.statement`select pg_notify(${channel}, ${payload})`
}
