import {
  type Codec,
  canonicalNumeric,
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
  fromHex,
  misfit,
  type SqlType,
  type TypeMap,
  toHex,
  typeOfValue,
} from '@espalier/core'
import { parseInstant } from '../instant.js'

/**
 * PostgreSQL's types. Values go out and come in as PostgreSQL's text format, so that no driver's own opinion of
 * a type matters: `decode` gets the text that came. `encode` checks a value; numbers, booleans and dates stay as
 * they are until the driver sends them (`wireTexts`), which spares a statement of thousands of values as many texts.
 */
export const postgresTypes: TypeMap = {
  integer: {
    ddl: () => 'integer',
    encode: checkInteger,
    decode: decodeInteger,
    literal: (value) => (value === -2147483648 ? "'-2147483648'::integer" : signed(String(value))),
  },
  bigint: {
    ddl: () => 'bigint',
    encode: checkBigint,
    decode: decodeBigint,
    literal: (value) => `${signed(String(value))}::bigint`,
  },
  count: {
    ddl: () => 'bigint',
    encode: checkSafeInteger,
    decode: decodeInteger,
    literal: (value) => `${signed(String(value))}::bigint`,
  },
  numeric: {
    ddl: numericDdl,
    encode: checkNumeric,
    decode: (value, type) => canonicalNumeric(value as string, type),
    literal: (value, type) => `${signed(checkNumeric(value, type))}::numeric`,
  },
  real: {
    ddl: () => 'real',
    encode: checkReal,
    decode: decodeFloat,
    literal: (value) => `'${value}'::real`,
  },
  double: {
    ddl: () => 'double precision',
    encode: checkReal,
    decode: decodeFloat,
    literal: (value) => `'${value}'::double precision`,
  },
  boolean: {
    ddl: () => 'boolean',
    encode: checkBoolean,
    decode: decodeBoolean,
    literal: String,
  },
  text: {
    ddl: () => 'text',
    encode: encodeText,
    decode: undefined,
    literal: (value) => quote(value as string),
  },
  varchar: {
    ddl: (type) => (type.length === undefined ? 'varchar' : `varchar(${type.length})`),
    encode: encodeText,
    decode: undefined,
    literal: (value) => quote(value as string),
  },
  date: {
    ddl: () => 'date',
    encode: checkDate,
    decode: decodeDate,
    literal: (value) => `'${value}'::date`,
  },
  timestamp: {
    ddl: () => 'timestamp',
    encode: encodeDateTime,
    decode: decodeInstant,
    literal: (value, type) => `'${checkInstant(value, type).slice(0, -1)}'::timestamp`,
  },
  timestamptz: {
    ddl: () => 'timestamptz',
    encode: encodeDateTime,
    decode: decodeInstant,
    literal: (value, type) => `'${checkInstant(value, type)}'::timestamptz`,
  },
  json: json('json'),
  jsonb: json('jsonb'),
  uuid: {
    ddl: () => 'uuid',
    encode: checkUuid,
    decode: undefined,
    literal: (value, type) => `'${checkUuid(value, type)}'::uuid`,
  },
  bytes: {
    ddl: () => 'bytea',
    encode: (value, type) => `\\x${toHex(checkBytes(value, type))}`,
    decode: decodeBytes,
    literal: (value) => `${quote(`\\x${toHex(value as Uint8Array)}`)}::bytea`,
  },
  unknown: {
    ddl: () => 'text',
    encode: encodeUnknown,
    decode: undefined,
    literal: (value) => codecOf(value).literal(value, typeOfValue(value)),
  },
}

function json(name: string): Codec {
  return {
    ddl: () => name,
    encode: encodeJson,
    decode: decodeJson,
    literal: (value, type) => `${quote(checkJson(value, type))}::${name}`,
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

/**
 * A text as a string constant that means the same under either setting of `standard_conforming_strings`.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE
 */
function quote(text: string): string {
  const doubled = text.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/** A copy, since the statement is sent later than it is compiled, and a Date may be changed in between. */
function encodeDateTime(value: unknown, type: SqlType): Date {
  return new Date(checkDateTime(value, type).getTime())
}

function encodeText(value: unknown, type: SqlType): string {
  const text = checkText(value, type)
  if (text.includes('\u0000')) {
    throw misfit(value, type, "a text without NUL (\\u0000), which PostgreSQL's text cannot hold")
  }
  if (!isWellFormed(text)) {
    throw misfit(value, type, 'well-formed Unicode: half of a surrogate pair cannot be stored')
  }
  return text
}

// ES2024, in Node since 20. For texts of one byte a character it is constant time.
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}

// JSON.stringify escapes NUL and halves of surrogate pairs, and nothing else of these; jsonb refuses both.
const UNSTORABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

function encodeJson(value: unknown, type: SqlType): string {
  const text = checkJson(value, type)
  if (text.includes('\\u') && UNSTORABLE_ESCAPE.test(text)) {
    throw misfit(
      value,
      type,
      "JSON without NUL (\\u0000) or half of a surrogate pair in its texts, which PostgreSQL's text cannot hold",
    )
  }
  return text
}

function encodeUnknown(value: unknown, type: SqlType): unknown {
  if (typeof value === 'number') return String(value)
  const codec = codecOf(value)
  if (codec === postgresTypes.unknown) throw misfit(value, type, 'a value that PostgreSQL knows')
  return codec.encode(value, typeOfValue(value))
}

function codecOf(value: unknown): Codec {
  return postgresTypes[typeOfValue(value).name] as Codec
}

function decodeInteger(value: unknown, type: SqlType): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && value !== '') return number
  if (/^-?\d+\.0*$/.test(value as string)) return number
  throw misfit(value, type, 'a whole number that JavaScript holds exactly (up to 9007199254740991)')
}

function decodeBigint(value: unknown, type: SqlType): bigint {
  const text = value as string
  // sum(bigint) is numeric, and numeric keeps the zeros behind its point.
  const point = text.indexOf('.')
  const whole = point < 0 || /[^0]/.test(text.slice(point + 1)) ? text : text.slice(0, point)
  if (!/^-?\d+$/.test(whole)) throw misfit(value, type, 'a whole number')
  return BigInt(whole)
}

function decodeFloat(value: unknown, type: SqlType): number {
  const number = Number(value)
  // PostgreSQL has a negative zero and SQLite has none; adding zero makes them one.
  if (number === number && value !== '') return number + 0
  if (value === 'NaN') return number
  throw misfit(value, type, 'a number')
}

function decodeBoolean(value: unknown, type: SqlType): boolean {
  if (value === 't') return true
  if (value === 'f') return false
  throw misfit(value, type, 'true or false')
}

function decodeDate(value: unknown, type: SqlType): unknown {
  const text = value as string
  if (text.length === 10 && text[4] === '-') return text
  throw misfit(value, type, 'a day of the years 1 to 9999')
}

function decodeInstant(value: unknown, type: SqlType): Date {
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

const UNTYPED: Readonly<Record<number, SqlType['name']>> = {
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
export function decodeUntyped(value: unknown, oid: number): unknown {
  if (typeof value !== 'string') return value
  if (oid === INT8) {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : BigInt(value)
  }
  const name = UNTYPED[oid]
  if (name === undefined) return value
  const type = { name, family: name === 'jsonb' ? 'json' : name === 'double' ? 'real' : name } as SqlType
  return (postgresTypes[name] as Codec).decode?.(value, type)
}
