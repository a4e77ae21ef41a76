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
import { elementOf, encodeArray } from './arrays.js'

/**
 * PostgreSQL's types. Values go out as PostgreSQL's text format, so that no driver's own opinion of a type matters.
 * `encode` checks a value; numbers, booleans and dates stay as they are until the driver sends them (`wireTexts`), which spares a statement of thousands of values as many texts.
 */
export const postgresTypes: TypeMap = {
  integer: {
    ddl: () => 'integer',
    encode: checkInteger,
    literal: (value) => (value === -2147483648 ? "'-2147483648'::integer" : signed(String(value))),
  },
  bigint: {
    ddl: () => 'bigint',
    encode: checkBigint,
    literal: (value) => `${signed(String(value))}::bigint`,
  },
  count: {
    ddl: () => 'bigint',
    encode: checkSafeInteger,
    literal: (value) => `${signed(String(value))}::bigint`,
  },
  numeric: {
    ddl: numericDdl,
    encode: checkNumeric,
    literal: (value, type) => `${signed(checkNumeric(value, type))}::numeric`,
  },
  real: {
    ddl: () => 'real',
    encode: checkReal,
    literal: (value) => `'${value}'::real`,
  },
  double: {
    ddl: () => 'double precision',
    encode: checkReal,
    literal: (value) => `'${value}'::double precision`,
  },
  boolean: {
    ddl: () => 'boolean',
    encode: checkBoolean,
    literal: String,
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
    ddl: () => 'date',
    encode: checkDate,
    literal: (value) => `'${value}'::date`,
  },
  timestamp: {
    ddl: () => 'timestamp',
    encode: encodeDateTime,
    literal: (value, type) => `'${checkInstant(value, type).slice(0, -1)}'::timestamp`,
  },
  timestamptz: {
    ddl: () => 'timestamptz',
    encode: encodeDateTime,
    literal: (value, type) => `'${checkInstant(value, type)}'::timestamptz`,
  },
  json: json('json'),
  jsonb: json('jsonb'),
  uuid: {
    ddl: () => 'uuid',
    encode: checkUuid,
    literal: (value, type) => `'${checkUuid(value, type)}'::uuid`,
  },
  bytes: {
    ddl: () => 'bytea',
    encode: (value, type) => `\\x${toHex(checkBytes(value, type))}`,
    literal: (value) => `${quote(`\\x${toHex(value as Uint8Array)}`)}::bytea`,
  },
  jsonpath: {
    ddl: () => 'jsonpath',
    encode: encodeText,
    literal: (value) => `${quote(value as string)}::jsonpath`,
  },
  array: {
    ddl: arrayDdl,
    encode: (value, type) => encodeArray(value, type, (element) => postgresTypes[element.name]),
    literal: (value, type) => {
      const text = encodeArray(value, type, (element) => postgresTypes[element.name])
      return `${quote(text)}::${arrayDdl(type)}`
    },
  },
  unknown: {
    ddl: () => 'text',
    encode: encodeUnknown,
    literal: (value) => codecOf(value).literal(value, typeOfValue(value)),
  },
}

function arrayDdl(type: SqlType): string {
  const element = elementOf(type)
  return `${(postgresTypes[element.name] as Codec).ddl(element)}[]`
}

function json(name: string): Codec {
  return {
    ddl: () => name,
    encode: encodeJson,
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
