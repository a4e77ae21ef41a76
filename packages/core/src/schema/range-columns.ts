import { DATE, NUMERIC } from '../types/own-types.js'
import { type Range, rangeType } from '../types/range.js'
import { BIGINT, INTEGER, TIMESTAMP, TIMESTAMPTZ } from '../types/sql-type.js'
import { type ColumnBuilder, column } from './column.js'

/**
 * A range of integers: {@link Range}, as `range(1, 5)` makes it. PostgreSQL gives it back as from a bound that belongs to
 * it to one that does not.
 *
 * PostgreSQL: `int4range` · SQLite: refused; keep the two bounds in columns of their own
 * @example
 * ```ts
 * seats: int4range().notNull()
 * ```
 */
export function int4range(name?: string): ColumnBuilder<Range<number> | null, 'range'> {
  return column(rangeType('int4range', INTEGER), name)
}

/** A range of bigints, as {@link int4range}: `int8range`. */
export function int8range(name?: string): ColumnBuilder<Range<bigint> | null, 'range'> {
  return column(rangeType('int8range', BIGINT), name)
}

/** A range of exact decimals, whose bounds are texts of digits: `numrange`. */
export function numrange(name?: string): ColumnBuilder<Range<string> | null, 'range'> {
  return column(rangeType('numrange', NUMERIC), name)
}

/** A range of days, as {@link int4range}, whose bounds are texts as `'2026-11-21'`: `daterange`. */
export function daterange(name?: string): ColumnBuilder<Range<string> | null, 'range'> {
  return column(rangeType('daterange', DATE), name)
}

/** A range of dates and times without zone: `tsrange`. */
export function tsrange(name?: string): ColumnBuilder<Range<Date> | null, 'range'> {
  return column(rangeType('tsrange', TIMESTAMP), name)
}

/** A range of instants: `tstzrange`. */
export function tstzrange(name?: string): ColumnBuilder<Range<Date> | null, 'range'> {
  return column(rangeType('tstzrange', TIMESTAMPTZ), name)
}
