import {
  type Codec,
  canonicalNumeric,
  checkBigint,
  checkBoolean,
  checkBytes,
  checkDate,
  checkInstant,
  checkInteger,
  checkJson,
  checkNumeric,
  checkReal,
  checkSafeInteger,
  checkText,
  checkUuid,
  misfit,
  type SqlType,
  type TypeMap,
  toHex,
  typeOfValue,
} from '@espalier/core'
import { parseInstant } from '../instant.js'

/**
 * SQLite's types: the same JavaScript values as on PostgreSQL, in SQLite's five kinds of storage. Whole numbers
 * are sent as bigint, since better-sqlite3 binds every number as a double, with which `5 / 2` is 2.5.
 */
export const sqliteTypes: TypeMap = {
  integer: {
    ddl: () => 'integer',
    encode: checkInteger,
    decode: decodeInteger,
    literal: (value) => signed(String(value)),
  },
  bigint: {
    ddl: () => 'integer',
    encode: checkBigint,
    decode: decodeBigint,
    literal: (value) => signed(String(value)),
  },
  count: {
    ddl: () => 'integer',
    encode: checkSafeInteger,
    decode: decodeInteger,
    literal: (value) => signed(String(value)),
  },
  numeric: {
    ddl: numericDdl,
    encode: (value, type) => Number(storableNumeric(value, type)),
    decode: decodeNumeric,
    literal: (value, type) => realLiteral(Number(storableNumeric(value, type))),
  },
  real: {
    ddl: () => 'real',
    encode: (value, type) => Math.fround(storableReal(value, type)),
    decode: decodeSingle,
    literal: (value) => realLiteral(Math.fround(value as number)),
  },
  double: {
    ddl: () => 'real',
    encode: storableReal,
    decode: decodeDouble,
    literal: (value) => realLiteral(value as number),
  },
  boolean: {
    ddl: () => 'integer',
    encode: (value, type) => (checkBoolean(value, type) ? 1 : 0),
    decode: decodeBoolean,
    literal: (value) => (value === true ? '1' : '0'),
  },
  text: {
    ddl: () => 'text',
    encode: encodeText,
    decode: decodeText,
    literal: (value) => quote(value as string),
  },
  varchar: {
    ddl: (type) => (type.length === undefined ? 'varchar' : `varchar(${type.length})`),
    encode: encodeText,
    decode: decodeText,
    literal: (value) => quote(value as string),
  },
  date: {
    ddl: () => 'text',
    encode: checkDate,
    decode: decodeDate,
    literal: (value) => `'${value}'`,
  },
  timestamp: {
    ddl: () => 'text',
    encode: (value, type) => checkInstant(value, type).slice(0, -1),
    decode: decodeInstant,
    literal: (value, type) => `'${checkInstant(value, type).slice(0, -1)}'`,
  },
  timestamptz: {
    ddl: () => 'text',
    encode: checkInstant,
    decode: decodeInstant,
    literal: (value, type) => `'${checkInstant(value, type)}'`,
  },
  json: json(),
  jsonb: json(),
  uuid: {
    ddl: () => 'text',
    encode: checkUuid,
    decode: decodeUuid,
    literal: (value, type) => `'${checkUuid(value, type)}'`,
  },
  bytes: {
    ddl: () => 'blob',
    // A copy, since the statement is sent later than it is compiled.
    encode: (value, type) => checkBytes(value, type).slice(),
    decode: decodeBytes,
    literal: (value) => `x'${toHex(value as Uint8Array)}'`,
  },
  unknown: {
    ddl: () => 'text',
    encode: encodeUnknown,
    decode: undefined,
    literal: (value) => codecOf(value).literal(value, typeOfValue(value)),
  },
}

function json(): Codec {
  return {
    ddl: () => 'text',
    encode: checkJson,
    decode: decodeJson,
    literal: (value, type) => quote(checkJson(value, type)),
  }
}

function numericDdl(type: SqlType): string {
  if (type.precision === undefined) return 'numeric'
  return type.scale === undefined ? `numeric(${type.precision})` : `numeric(${type.precision}, ${type.scale})`
}

/** A number that stands wherever an operand stands: `5 - (-3)`, since `--3` would begin a comment. */
function signed(digits: string): string {
  return digits.startsWith('-') ? `(${digits})` : digits
}

/** A number that SQLite reads as a real, hence with a point or an exponent. */
function realLiteral(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '(-9e999)' : '9e999'
  const text = String(value)
  return signed(/[.e]/.test(text) ? text : `${text}.0`)
}

/**
 * A text as a string literal. SQLite's tokenizer ends at NUL, so that is put in as `char(0)`: by one
 * `replace`, since a `||` for each would make an expression deeper than SQLite's limit of 1,000.
 */
function quote(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  if (!text.includes('\u0000')) return quoted
  let mark = '\u2400'
  for (let code = 0xe000; text.includes(mark); code++) mark = String.fromCodePoint(code)
  return `replace(${quoted.replaceAll('\u0000', mark)}, '${mark}', char(0))`
}

function storableNumeric(value: unknown, type: SqlType): string {
  const text = checkNumeric(value, type)
  // 15 significant digits survive the way into a double and back: https://www.sqlite.org/floatingpoint.html
  if (text.length > 15) {
    const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '')
    const size = Math.abs(Number(text))
    if (digits.length > 15 || size > 1e300 || size < 1e-290) {
      throw misfit(
        value,
        type,
        'at most 15 significant digits, which is what SQLite can store of a decimal exactly; keep longer ones as text()',
      )
    }
  }
  return text
}

function storableReal(value: unknown, type: SqlType): number {
  const number = checkReal(value, type)
  if (number !== number)
    throw misfit(value, type, 'a number other than NaN, which SQLite would store as NULL')
  return number + 0 // SQLite does not keep the sign of zero in every form of storage
}

function encodeText(value: unknown, type: SqlType): string {
  const text = checkText(value, type)
  // ES2024, in Node since 20. For texts of one byte a character it is constant time.
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw misfit(value, type, 'well-formed Unicode: half of a surrogate pair cannot be stored')
  }
  return text
}

function encodeUnknown(value: unknown, type: SqlType): unknown {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? BigInt(value) : (sqliteTypes.double as Codec).encode(value, type)
  }
  if (typeof value === 'boolean') return value ? 1n : 0n
  const codec = codecOf(value)
  if (codec === sqliteTypes.unknown) throw misfit(value, type, 'a value that SQLite knows')
  return codec.encode(value, typeOfValue(value))
}

function codecOf(value: unknown): Codec {
  return sqliteTypes[typeOfValue(value).name] as Codec
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
    return canonicalNumeric(Number.isSafeInteger(value) ? String(value) : value.toPrecision(15), type)
  }
  if (typeof value === 'bigint') return canonicalNumeric(String(value), type)
  throw misfit(value, type, 'a number')
}

function decodeDouble(value: unknown, type: SqlType): number {
  if (typeof value === 'number') return value
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
export function decodeUntyped(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  return value instanceof Uint8Array ? plainBytes(value) : value
}
