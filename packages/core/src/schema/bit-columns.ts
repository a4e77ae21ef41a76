import { BuildError, excerpt } from '../errors.js'
import { BIT, VARBIT } from '../types/bit-strings.js'
import { type ColumnBuilder, column } from './column.js'

/** The most bits that PostgreSQL takes for a length. */
const MOST = 83_886_080

function requireLength(place: string, length: unknown): asserts length is number {
  if (Number.isInteger(length) && (length as number) >= 1 && (length as number) <= MOST) return
  throw new BuildError('invalid_type', `${place} takes a length from 1 to ${MOST}, not ${excerpt(length)}.`)
}

/**
 * So many bits, neither more nor fewer, which are refused before they are sent: `string` of zeros and ones.
 *
 * PostgreSQL: `bit(4)` · SQLite: `text`
 *
 * Throws a `BuildError` for a length that is none.
 * @example
 * ```ts
 * const files = table('files', { id: integer().primaryKey(), mode: bit(9).notNull() })
 * const row = insert(files).values({ id: 1, mode: '110100100' })
 * ```
 */
export function bit(length: number): ColumnBuilder<string | null, 'named'>
export function bit(name: string, length: number): ColumnBuilder<string | null, 'named'>
export function bit(first: string | number, second?: number): ColumnBuilder<string | null, 'named'> {
  const length = typeof first === 'number' ? first : second
  requireLength('bit', length)
  return column({ ...BIT, length }, typeof first === 'string' ? first : undefined)
}

/**
 * At most so many bits, or any number of them where no length is stated: `string` of zeros and ones, ordered as texts are.
 *
 * PostgreSQL: `varbit(64)`, `varbit` · SQLite: `text`
 *
 * Throws a `BuildError` for a length that is none.
 */
export function varbit(length?: number): ColumnBuilder<string | null, 'named'>
export function varbit(name: string, length?: number): ColumnBuilder<string | null, 'named'>
export function varbit(first?: string | number, second?: number): ColumnBuilder<string | null, 'named'> {
  const [name, length] = typeof first === 'string' ? [first, second] : [undefined, first]
  if (length === undefined) return column(VARBIT, name)
  requireLength('varbit', length)
  return column({ ...VARBIT, length }, name)
}
