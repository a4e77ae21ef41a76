import { TIMESTAMPTZ } from '../types/sql-type.js'
import { call } from './call.js'
import type { Typed } from './expression.js'

/**
 * The time at which the transaction began (PostgreSQL) or the statement runs (SQLite).
 *
 * PostgreSQL: `now()` · SQLite: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
 */
export function now(): Typed<'timestamptz', Date, never, never> {
  return call('now', TIMESTAMPTZ)
}
