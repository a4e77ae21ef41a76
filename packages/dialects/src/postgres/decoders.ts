import {
  canonicalNumeric,
  type Decode,
  type Decoders,
  decodeOf,
  fromHex,
  misfit,
  type SqlType,
} from '@espalier/core'
import { parseInstant } from '../instant.js'
import { decodeArray } from './arrays.js'

const DECODERS = {
  integer: decodeInteger,
  bigint: decodeBigint,
  count: decodeInteger,
  numeric: (value: unknown, type: SqlType) => canonicalNumeric(value as string, type),
  real: decodeFloat,
  double: decodeFloat,
  boolean: decodeBoolean,
  date: decodeDate,
  timestamp: decodeInstant,
  timestamptz: decodeInstant,
  json: decodeJson,
  jsonb: decodeJson,
  bytes: decodeBytes,
  array: (value: unknown, type: SqlType) =>
    decodeArray(value, type, (element) => decodeOf(postgresDecoders, element)),
} satisfies Record<string, Decode>

/** How PostgreSQL's values are read: as its text format, whatever the driver. Texts and UUIDs are what they are. */
export const postgresDecoders: Decoders = {
  types: DECODERS,
  untyped: (value, columnType) => decodeUntyped(value, columnType),
  inJson: /* @__PURE__ */ decodersInJson(),
}

/** JSON has numbers and booleans; what else is no text there comes as one. */
function decodersInJson(): Decoders {
  const boolean: Decode = (value, type) => (typeof value === 'boolean' ? value : decodeBoolean(value, type))
  return {
    types: { ...DECODERS, boolean },
    untyped: (value) => {
      const [columnType, text] = value as [columnType: number, text: string]
      // A boolean is `t` as PostgreSQL sends it, and `true` as a text.
      return decodeUntyped(UNTYPED[columnType] === 'boolean' ? text[0] : text, columnType)
    },
  }
}

export function decodeInteger(value: unknown, type: SqlType): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && value !== '') return number
  if (/^-?\d+\.0*$/.test(value as string)) return number
  throw misfit(value, type, 'a whole number that JavaScript holds exactly (up to 9007199254740991)')
}

export function decodeBigint(value: unknown, type: SqlType): bigint {
  const text = value as string
  // sum(bigint) is numeric, and numeric keeps the zeros behind its point.
  const point = text.indexOf('.')
  const whole = point < 0 || /[^0]/.test(text.slice(point + 1)) ? text : text.slice(0, point)
  if (!/^-?\d+$/.test(whole)) throw misfit(value, type, 'a whole number')
  return BigInt(whole)
}

export function decodeFloat(value: unknown, type: SqlType): number {
  const number = Number(value)
  // PostgreSQL has a negative zero and SQLite has none; adding zero makes them one.
  if (number === number && value !== '') return number + 0
  if (value === 'NaN') return number
  throw misfit(value, type, 'a number')
}

export function decodeBoolean(value: unknown, type: SqlType): boolean {
  if (value === 't') return true
  if (value === 'f') return false
  throw misfit(value, type, 'true or false')
}

function decodeDate(value: unknown, type: SqlType): unknown {
  const text = value as string
  if (text.length === 10 && text[4] === '-') return text
  throw misfit(value, type, 'a day of the years 1 to 9999')
}

export function decodeInstant(value: unknown, type: SqlType): Date {
  const time = parseInstant(value as string)
  if (time !== time) {
    throw misfit(
      value,
      type,
      "a time in the years 1 to 9999 (select it as text to read 'infinity' and other years)",
    )
  }
  return new Date(time)
}

function decodeJson(value: unknown, type: SqlType): unknown {
  try {
    return JSON.parse(value as string)
  } catch {
    throw misfit(value, type, 'JSON')
  }
}

function decodeBytes(value: unknown, type: SqlType): Uint8Array {
  const text = value as string
  if (text.startsWith('\\x')) return fromHex(text, 2)
  throw misfit(value, type, "bytes in hexadecimal: the session must have set bytea_output to 'hex'")
}

const UNTYPED: Readonly<Record<number, keyof typeof DECODERS>> = {
  16: 'boolean',
  17: 'bytes',
  21: 'integer',
  23: 'integer',
  114: 'json',
  700: 'real',
  701: 'double',
  1114: 'timestamp',
  1184: 'timestamptz',
  3802: 'jsonb',
}
const INT8 = 20

/**
 * The JavaScript value of a column that no type was stated for, by PostgreSQL's own type of the column
 * (`src/include/catalog/pg_type.dat`): what the typed codecs give, except that an int8 is a number where a
 * number holds it, and that numeric, dates and types unknown here stay text.
 */
function decodeUntyped(value: unknown, oid: number | undefined): unknown {
  if (typeof value !== 'string') return value
  if (oid === INT8) {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : BigInt(value)
  }
  const name = UNTYPED[oid ?? 0]
  if (name === undefined) return value
  const type = { name, family: name === 'jsonb' ? 'json' : name === 'double' ? 'real' : name } as SqlType
  return DECODERS[name](value, type)
}
