import { INTERVAL } from '../types/interval-text.js'
import { TIMETZ } from '../types/text-types.js'
import { type ColumnBuilder, column } from './column.js'

/**
 * A time of day with the offset of a zone: `string` as `'10:30:00+02:00'`, with up to six digits behind the second where it
 * has them. `Z` is taken for `+00:00`. An offset alone is no zone, since that changes with the day; a {@link timestamptz}, or
 * a {@link time} beside the name of a zone, is mostly meant.
 *
 * PostgreSQL: `timetz`, ordered by the instant of the day · SQLite: `text`, ordered so among times of one offset
 *
 * Throws a `ValueError` that names the column for what is no such time.
 */
export function timetz(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(TIMETZ, name)
}

/**
 * A span of time: `string` of ISO 8601, `'P1Y2M3DT4H5M6.789S'`, to the microsecond. This is what `Temporal.Duration` writes
 * and reads, and it is read whatever the server's `IntervalStyle`. Months, days and hours are kept apart, as the database
 * keeps them; within each it has one form: `'P14M'` is `'P1Y2M'`, and `'PT90M'` is `'PT1H30M'`. A sign in front is that of all
 * parts; of parts with different signs, each has its own: `'P1M-3D'`.
 *
 * To compute with spans that a program states, see {@link addInterval}.
 *
 * PostgreSQL: `interval`, where a month counts as 30 days and a day as 24 hours if two are compared · SQLite: `text`, of which
 * equal texts are equal, and whose order is not that of the spans
 *
 * Throws a `ValueError` that names the column for what is no such text, and for one that is too great.
 * @example
 * ```ts
 * const tasks = table('tasks', { id: integer().primaryKey(), every: interval().notNull() })
 * insert(tasks).values({ id: 1, every: 'PT90M' }).toSQL(sqliteDialect).params // [1, 'PT1H30M']
 * ```
 */
export function interval(name?: string): ColumnBuilder<string | null, 'named'> {
  return column(INTERVAL, name)
}
