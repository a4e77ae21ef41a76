import {
  type Codec,
  checkBigint,
  checkBoolean,
  checkBytes,
  checkDateTime,
  checkDouble,
  checkInteger,
  checkJson,
  checkSafeInteger,
  checkText,
  misfit,
  type SqlType,
  type TypeMap,
  toHex,
  typeOfValue,
  typeText,
} from '@espalier/core'
import { wireText } from './wire.js'

/**
 * PostgreSQL's types, but those that bring their codecs. Values go out as PostgreSQL's text format, so that no driver's own opinion of a type matters.
 * `encode` checks a value; numbers, booleans and dates stay as they are until the driver sends them (`wireTexts`), which spares a statement of thousands of values as many texts.
 */
export const postgresTypes: TypeMap = {
  // A bare negative number would need parentheses: `5 - -3` is well, but `--3` begins a comment.
  integer: {
    ...codec('integer', checkInteger),
    literal: (value) => ((value as number) < 0 ? `'${value}'::integer` : String(value)),
  },
  bigint: codec('bigint', checkBigint),
  count: codec('bigint', checkSafeInteger),
  double: codec('double precision', checkDouble),
  boolean: { ...codec('boolean', checkBoolean), literal: String },
  text: { ...codec('text', encodeText), literal: (value) => quote(value as string) },
  varchar: {
    ddl: typeText,
    encode: encodeText,
    literal: (value) => quote(value as string),
  },
  timestamp: codec('timestamp', checkDateTime),
  timestamptz: codec('timestamptz', checkDateTime),
  json: codec('json', encodeJson),
  jsonb: codec('jsonb', encodeJson),
  bytes: codec('bytea', (value, type) => `\\x${toHex(checkBytes(value, type))}`),
  jsonpath: codec('jsonpath', encodeText),
  unknown: {
    ddl: () => 'text',
    encode: encodeUnknown,
    literal: (value) => codecOf(value).literal(value, typeOfValue(value)),
  },
}

/** A codec whose literals are the text of the value, cast. */
function codec(name: string, encode: Codec['encode']): Codec {
  return {
    ddl: () => name,
    encode,
    literal: (value, type) => `${quote(wireText(encode(value, type)))}::${name}`,
  }
}

/**
 * A text as a string constant that means the same under either setting of `standard_conforming_strings`.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE
 */
function quote(text: string): string {
  const doubled = text.replaceAll("'", "''")
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
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
