import { DATE, NUMERIC } from '../types/own-types.js'
import { multirangeType, type Range, rangeType } from '../types/range.js'
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

/**
 * Several ranges of integers: an array of {@link Range}. PostgreSQL gives it back in order, without empty ranges, and those
 * that overlap or touch made one. It takes the functions of ranges, such as {@link rangeContains}. PostgreSQL 14 has it.
 *
 * PostgreSQL: `int4multirange` · SQLite: refused; keep the two bounds in columns of a table of their own
 * @example
 * ```ts
 * const halls = table('halls', { id: integer().primaryKey(), free: int4multirange().notNull() })
 * const row = insert(halls).values({ id: 1, free: [range(1, 5), range(8, null)] })
 * row.toSQL(postgresDialect).params // [1, '{["1","5"),["8",)}']
 * ```
 */
export function int4multirange(name?: string): ColumnBuilder<Range<number>[] | null, 'multirange'> {
  return column(multirangeType(rangeType('int4range', INTEGER)), name)
}

/** Several ranges of bigints, as {@link int4multirange}: `int8multirange`. */
export function int8multirange(name?: string): ColumnBuilder<Range<bigint>[] | null, 'multirange'> {
  return column(multirangeType(rangeType('int8range', BIGINT)), name)
}

/** Several ranges of exact decimals, as {@link int4multirange}: `nummultirange`. */
export function nummultirange(name?: string): ColumnBuilder<Range<string>[] | null, 'multirange'> {
  return column(multirangeType(rangeType('numrange', NUMERIC)), name)
}

/** Several ranges of days, as {@link int4multirange}: `datemultirange`. */
export function datemultirange(name?: string): ColumnBuilder<Range<string>[] | null, 'multirange'> {
  return column(multirangeType(rangeType('daterange', DATE)), name)
}

/** Several ranges of dates and times without zone, as {@link int4multirange}: `tsmultirange`. */
export function tsmultirange(name?: string): ColumnBuilder<Range<Date>[] | null, 'multirange'> {
  return column(multirangeType(rangeType('tsrange', TIMESTAMP)), name)
}

/** Several ranges of instants, as {@link int4multirange}: `tstzmultirange`. */
export function tstzmultirange(name?: string): ColumnBuilder<Range<Date>[] | null, 'multirange'> {
  return column(multirangeType(rangeType('tstzrange', TIMESTAMPTZ)), name)
}
