import { misfit } from './codec.js'
import type { SqlType } from './sql-type.js'

/**
 * What a JavaScript value must be to stand for a SQL type, the same on every database. Each function returns
 * the value in its one canonical form or throws a `ValueError`.
 */

export function checkInteger(value: unknown, type: SqlType): number {
  if (typeof value === 'number' && value >= -2147483648 && value <= 2147483647 && Number.isInteger(value))
    return value
  throw misfit(value, type, 'a whole number from -2147483648 to 2147483647')
}

/** A whole number that JavaScript holds exactly. */
export function checkSafeInteger(value: unknown, type: SqlType): number {
  if (Number.isSafeInteger(value)) return value as number
  throw misfit(value, type, 'a whole number that JavaScript holds exactly (up to 9007199254740991)')
}

/** A whole number of 64 bits, as a `bigint`. */
export function checkBigint(value: unknown, type: SqlType): bigint {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value
  throw misfit(value, type, 'a bigint of 64 bits, such as 1n')
}

/** A floating-point number of 64 bits. */
export function checkDouble(value: unknown, type: SqlType): number {
  if (typeof value === 'number') return value
  throw misfit(value, type, 'a number')
}

/** A floating-point number; if the type is `real`, of 32 bits. */
export function checkReal(value: unknown, type: SqlType): number {
  const number = checkDouble(value, type)
  if (type.name === 'real' && Number.isFinite(number) && number !== 0) {
    const single = Math.fround(number)
    if (single === 0 || !Number.isFinite(single)) {
      throw misfit(
        value,
        type,
        'a number of single precision, from 1e-45 to 3.4e38 in size; use double() for others',
      )
    }
  }
  return number
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** A decimal as text without exponent or needless zeros, such as `-12.5`. */
export function checkNumeric(value: unknown, type: SqlType): string {
  const match = typeof value === 'string' ? DECIMAL.exec(value) : null
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) {
    throw misfit(value, type, "a decimal number as text, such as '12.50'")
  }
  const text = plainDecimal(match[1] === '-', match[2] as string, match[3] ?? '', Number(match[4] ?? 0))
  if (type.precision !== undefined) {
    const [whole = '', fraction = ''] = text.replace(/^-/, '').split('.')
    const scale = type.scale ?? 0
    const digits = whole === '0' ? 0 : whole.length
    if (fraction.length > scale || digits > type.precision - scale) {
      throw misfit(
        value,
        type,
        `at most ${type.precision - scale} digits before and ${scale} behind the point; round it first`,
      )
    }
  }
  return text
}

function plainDecimal(negative: boolean, whole: string, fraction: string, exponent: number): string {
  let digits = whole + fraction
  let point = whole.length + exponent
  if (point < 0) {
    digits = '0'.repeat(-point) + digits
    point = 0
  }
  if (point > digits.length) digits += '0'.repeat(point - digits.length)
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0'
  const right = digits.slice(point).replace(/0+$/, '')
  const text = right === '' ? left : `${left}.${right}`
  return negative && text !== '0' ? `-${text}` : text
}

/** Decimal text in the one form that all databases' answers are brought to: padded to the scale, if there is one. */
export function canonicalNumeric(text: string, type: SqlType): string {
  const { scale = 0 } = type
  // Mostly it is in this form, or lacks zeros: that takes a sixth of the time of what follows.
  const digits = plainFraction(text)
  if (digits === scale || (scale === 0 && digits > 0 && !text.endsWith('0'))) return text
  if (digits > 0 && digits < scale) return text.padEnd(text.length + scale - digits, '0')
  const match = DECIMAL.exec(text)
  if (match === null) return text // NaN, Infinity
  const plain = plainDecimal(match[1] === '-', match[2] as string, match[3] ?? '', Number(match[4] ?? 0))
  if (!type.scale) return plain
  const point = plain.indexOf('.')
  return point < 0 ? `${plain}.${'0'.repeat(type.scale)}` : plain.padEnd(point + 1 + type.scale, '0')
}

/** How many digits a decimal has behind its point; -1 if it has an exponent, needless zeros before it, or is none or 0. */
function plainFraction(text: string): number {
  const first = text.charCodeAt(0) === MINUS ? 1 : 0
  if (text.charCodeAt(first) === ZERO && text.charCodeAt(first + 1) !== POINT) return -1
  let point = -1
  let isZero = true
  for (let i = first; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === POINT && point < 0 && i > first) point = i
    else if (code < ZERO || code > NINE) return -1
    else if (code !== ZERO) isZero = false
  }
  if (isZero || point === text.length - 1) return -1
  return point < 0 ? 0 : text.length - 1 - point
}

const MINUS = 45
const POINT = 46
const ZERO = 48
const NINE = 57

/** True or false, and nothing that only counts as such. */
export function checkBoolean(value: unknown, type: SqlType): boolean {
  if (typeof value === 'boolean') return value
  throw misfit(value, type, 'true or false')
}

/** A text, no longer than its type allows. */
export function checkText(value: unknown, type: SqlType): string {
  if (typeof value !== 'string') throw misfit(value, type, 'a string')
  if (type.length !== undefined && value.length > type.length && characters(value) > type.length) {
    throw misfit(value, type, `at most ${type.length} characters`)
  }
  return value
}

function characters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

const CALENDAR_DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/** A day as `2026-11-21`, of the years 1 to 9999. */
export function checkDate(value: unknown, type: SqlType): string {
  const match = typeof value === 'string' ? CALENDAR_DATE.exec(value) : null
  if (match !== null) {
    const year = Number(match[1])
    const month = Number(match[2])
    const day = Number(match[3])
    const date = new Date(0)
    date.setUTCFullYear(year, month - 1, day)
    if (year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return value as string
  }
  throw misfit(value, type, "a day of the calendar as 'YYYY-MM-DD'")
}

/** A date with a time, of the years 1 to 9999, which every database orders and reads back. */
export function checkDateTime(value: unknown, type: SqlType): Date {
  if (value instanceof Date) {
    const time = value.getTime()
    if (time >= -62135596800000 && time <= 253402300799999) return value
  }
  throw misfit(value, type, 'a valid Date of the years 1 to 9999')
}

/** An instant as `2026-11-21T10:30:00.000Z`. */
export function checkInstant(value: unknown, type: SqlType): string {
  return checkDateTime(value, type).toISOString()
}

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A UUID, in lower case. */
export function checkUuid(value: unknown, type: SqlType): string {
  if (typeof value === 'string' && UUID_TEXT.test(value)) return value.toLowerCase()
  throw misfit(value, type, "a UUID such as '6f9619ff-8b86-4d11-b42d-00cf4fc964ff'")
}

/** Bytes: a `Uint8Array`, so a `Buffer` too. */
export function checkBytes(value: unknown, type: SqlType): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw misfit(value, type, 'a Uint8Array')
}

/** A value as JSON text. JSON's own null cannot be told from NULL here, so values are objects, arrays, texts, … */
export function checkJson(value: unknown, type: SqlType): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (error) {
    throw misfit(value, type, `a value that JSON can hold (${(error as Error).message})`)
  }
  if (text === undefined) throw misfit(value, type, 'a value that JSON can hold')
  return text
}
