import {
  type Codec,
  checkBigint,
  checkBoolean,
  checkBytes,
  checkDate,
  checkDateTime,
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
import { storageOf } from './stored.js'

/**
 * SQLite's types: the same JavaScript values as on PostgreSQL, in SQLite's five kinds of storage. Whole numbers
 * are sent as bigint, since better-sqlite3 binds every number as a double, with which `5 / 2` is 2.5.
 */
export const sqliteTypes: TypeMap = {
  integer: {
    ddl: () => 'integer',
    encode: checkInteger,
    literal: (value) => signed(String(value)),
  },
  bigint: {
    ddl: () => 'integer',
    encode: checkBigint,
    literal: (value) => signed(String(value)),
  },
  count: {
    ddl: () => 'integer',
    encode: checkSafeInteger,
    literal: (value) => signed(String(value)),
  },
  numeric: {
    ddl: numericDdl,
    encode: (value, type) => Number(storableNumeric(value, type)),
    literal: (value, type) => realLiteral(Number(storableNumeric(value, type))),
  },
  real: {
    ddl: () => 'real',
    encode: (value, type) => Math.fround(storableReal(value, type)),
    literal: (value) => realLiteral(Math.fround(value as number)),
  },
  double: {
    ddl: () => 'real',
    encode: storableReal,
    literal: (value) => realLiteral(value as number),
  },
  boolean: {
    ddl: (type) => storageOf(type)?.ddl ?? 'integer',
    encode: encodeBoolean,
    literal: (value, type) => storedLiteral(encodeBoolean(value, type)),
  },
  text: {
    ddl: () => 'text',
    encode: encodeText,
    literal: (value) => quote(value as string),
  },
  varchar: {
    ddl: (type) => (type.length === undefined ? 'varchar' : `varchar(${type.length})`),
    encode: encodeText,
    literal: (value) => quote(value as string),
  },
  date: {
    ddl: () => 'text',
    encode: checkDate,
    literal: (value) => `'${value}'`,
  },
  timestamp: {
    ddl: (type) => storageOf(type)?.ddl ?? 'text',
    encode: encodeTimestamp,
    literal: (value, type) => storedLiteral(encodeTimestamp(value, type)),
  },
  timestamptz: {
    ddl: (type) => storageOf(type)?.ddl ?? 'text',
    encode: encodeTimestamptz,
    literal: (value, type) => storedLiteral(encodeTimestamptz(value, type)),
  },
  json: json(),
  jsonb: json(),
  uuid: {
    ddl: () => 'text',
    encode: checkUuid,
    literal: (value, type) => `'${checkUuid(value, type)}'`,
  },
  bytes: {
    ddl: () => 'blob',
    encode: checkBytes,
    literal: (value) => `x'${toHex(value as Uint8Array)}'`,
  },
  unknown: {
    ddl: () => 'text',
    encode: encodeUnknown,
    literal: (value) => codecOf(value).literal(value, typeOfValue(value)),
  },
}

function json(): Codec {
  return {
    ddl: () => 'text',
    encode: checkJson,
    literal: (value, type) => quote(checkJson(value, type)),
  }
}

function encodeBoolean(value: unknown, type: SqlType): unknown {
  const boolean = checkBoolean(value, type)
  return storageOf(type)?.encode(boolean) ?? (boolean ? 1 : 0)
}

function encodeTimestamp(value: unknown, type: SqlType): unknown {
  return storageOf(type)?.encode(checkDateTime(value, type)) ?? checkInstant(value, type).slice(0, -1)
}

function encodeTimestamptz(value: unknown, type: SqlType): unknown {
  return storageOf(type)?.encode(checkDateTime(value, type)) ?? checkInstant(value, type)
}

function storedLiteral(encoded: unknown): string {
  return typeof encoded === 'number' ? signed(String(encoded)) : quote(encoded as string)
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
