import {
  canonicalNumeric,
  type Decoders,
  decodeOf,
  fromHex,
  misfit,
  type SqlType,
  storedInSqlite,
} from '@espalier/core'
import { parseInstant } from '../instant.js'
import { compositeDecoder } from './composites.js'

const TYPES = {
  integer: decodeInteger,
  bigint: decodeBigint,
  count: decodeInteger,
  numeric: decodeNumeric,
  real: decodeSingle,
  double: decodeDouble,
  boolean: decodeBoolean,
  text: decodeText,
  varchar: decodeText,
  date: decodeDate,
  timestamp: decodeInstant,
  timestamptz: decodeInstant,
  json: decodeJson,
  jsonb: decodeJson,
  uuid: decodeUuid,
  bytes: decodeBytes,
  array: decodeArray,
  composite: /* @__PURE__ */ compositeDecoder(() => sqliteDecoders.inJson as Decoders),
} satisfies Decoders['types']

/** How SQLite's values are read. */
export const sqliteDecoders: Decoders = {
  types: TYPES,
  untyped: decodeUntyped,
  variant: 'sqlite',
  inJson: /* @__PURE__ */ decodersInJson(),
}

/** JSON has no bytes and no whole number of 64 bits: these come as hexadecimal and as digits. */
function decodersInJson(): Decoders {
  return {
    variant: 'sqlite',
    types: {
      ...TYPES,
      bigint: (value, type) => decodeBigint(typeof value === 'string' ? wholeNumber(value) : value, type),
      bytes: (value) => fromHex(value as string),
    },
    untyped: (value) => decodeKind(value as [kind: string, value: unknown]),
  }
}

/** An array from its JSON, whose elements are read as all that comes within JSON. */
function decodeArray(value: unknown, type: SqlType): unknown[] {
  const element = type.element as SqlType
  const decode = decodeOf(sqliteDecoders.inJson as Decoders, element)
  try {
    // As numbers of JavaScript, whole numbers of 64 bits would not be exact. An array within another comes as such.
    const isWide = typeof value === 'string' && innermost(element).family === 'bigint'
    const text = isWide ? value.replace(/-?\d+/g, '"$&"') : value
    const items: unknown = typeof text === 'string' ? JSON.parse(text) : text
    if (Array.isArray(items)) {
      return items.map((item) => (item === null || decode === undefined ? item : decode(item, element)))
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw misfit(value, type, 'an array, stored as JSON')
}

function innermost(element: SqlType): SqlType {
  const type = storedInSqlite(element)
  return type.family === 'array' ? innermost(type.element as SqlType) : type
}

/** The bigint that digits are. */
function wholeNumber(text: string): unknown {
  return /^-?\d+$/.test(text) ? BigInt(text) : text
}

/** A value of any kind, from JSON that names the kind where it has no form for it. */
function decodeKind([kind, value]: readonly [kind: string, value: unknown]): unknown {
  if (kind === 'blob') return fromHex(value as string)
  return decodeUntyped(kind === 'integer' ? BigInt(value as string) : value)
}

// SQLite lets a column hold any kind of value, so each is looked at: that takes 2 to 7 ns, and better-sqlite3 takes
// 100 ns to read one (Node 20).

function decodeInteger(value: unknown, type: SqlType): number {
  if (Number.isSafeInteger(value)) return value as number
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  throw misfit(value, type, 'a whole number that JavaScript holds exactly (up to 9007199254740991)')
}

function decodeBigint(value: unknown, type: SqlType): bigint {
  if (typeof value === 'bigint') return value
  if (Number.isSafeInteger(value)) return BigInt(value as number)
  throw misfit(value, type, 'a whole number of 64 bits')
}

function decodeNumeric(value: unknown, type: SqlType): string {
  if (typeof value === 'number' && Number.isFinite(value)) {
    // Sums of decimals are right to 15 digits: 0.1 + 0.2 is 0.3 as on PostgreSQL, not 0.30000000000000004.
    // The shortest text that is this number, unless it has more than 15 digits.
    const text = String(value)
    return canonicalNumeric(
      text.length <= 15 || Number.isSafeInteger(value) ? text : value.toPrecision(15),
      type,
    )
  }
  if (typeof value === 'bigint') return canonicalNumeric(String(value), type)
  throw misfit(value, type, 'a number')
}

function decodeDouble(value: unknown, type: SqlType): number {
  // Computed, a zero may have a sign, which none has that is stored.
  if (typeof value === 'number') return value + 0
  if (typeof value === 'bigint') return Number(value)
  throw misfit(value, type, 'a number')
}

/**
 * A number of single precision as the shortest decimal that stands for it, 0.1 and not 0.10000000149011612: the one
 * that PostgreSQL prints, which never is as near to a neighbour (`src/common/f2s.c`). It takes 0.3 µs.
 */
function decodeSingle(value: unknown, type: SqlType): number {
  const single = Math.fround(decodeDouble(value, type))
  if (!Number.isFinite(single) || (Number.isInteger(single) && Math.abs(single) < 1e6)) return single
  // Six digits tell any two apart, except the denormal numbers.
  for (let digits = Math.abs(single) < 1.1754944e-38 ? 1 : 6; digits < 9; digits++) {
    const decimal = rounded(single, digits)
    if (Math.fround(decimal) === single && !isHalfway(decimal, single)) return decimal
  }
  return Number(single.toPrecision(9))
}

/** A number with so many digits. What lies in the middle goes to the even digit, where `toPrecision` goes up. */
function rounded(value: number, digits: number): number {
  const longer = value.toPrecision(digits + 1)
  const toEven = /[02468]\.?5(?=e|$)/.test(longer) && Number(longer) === value
  return Number(toEven ? longer.replace(/5(?=e|$)/, '0') : value.toPrecision(digits))
}

const singles = new Float32Array(1)
const bits = new Int32Array(singles.buffer)

/** Whether a decimal lies in the middle between a number of single precision and its neighbour on that side. */
function isHalfway(decimal: number, single: number): boolean {
  if (decimal === single) return false
  singles[0] = single
  bits[0] = (bits[0] as number) + (Math.abs(decimal) > Math.abs(single) ? 1 : -1)
  return decimal === (single + (singles[0] as number)) / 2
}

function decodeBoolean(value: unknown, type: SqlType): boolean {
  if (value === 1 || value === 1n) return true
  if (value === 0 || value === 0n) return false
  throw misfit(value, type, 'true or false, stored as 1 or 0')
}

function decodeText(value: unknown, type: SqlType): string {
  if (typeof value === 'string') return value
  throw misfit(value, type, 'a text')
}

function decodeDate(value: unknown, type: SqlType): string {
  if (typeof value === 'string') {
    if (value.length === 10 && value[4] === '-' && value[7] === '-') return value
    const time = parseInstant(value)
    if (time % 86400000 === 0) return value.slice(0, 10)
  }
  throw misfit(value, type, "a day as 'YYYY-MM-DD'")
}

function decodeInstant(value: unknown, type: SqlType): Date {
  const time = typeof value === 'string' ? parseInstant(value) : NaN
  if (time !== time) throw misfit(value, type, "a time of the years 1 to 9999 as 'YYYY-MM-DDTHH:MM:SS.SSSZ'")
  return new Date(time)
}

function decodeJson(value: unknown, type: SqlType): unknown {
  // json_extract gives a number inside JSON as a number of SQL.
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  try {
    if (typeof value === 'string') return JSON.parse(value)
  } catch {}
  throw misfit(value, type, 'JSON')
}

function decodeUuid(value: unknown, type: SqlType): string {
  return decodeText(value, type).toLowerCase()
}

function decodeBytes(value: unknown, type: SqlType): Uint8Array {
  if (value instanceof Uint8Array) return plainBytes(value)
  throw misfit(value, type, 'bytes')
}

/** The same memory as a Uint8Array that is not Node's Buffer, whose `slice` and JSON form differ. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The JavaScript value of a column that no type was stated for: as SQLite stored it, a bigint only where needed. */
function decodeUntyped(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  return value instanceof Uint8Array ? plainBytes(value) : value
}
