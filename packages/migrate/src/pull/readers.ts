import { codecOf, type Dialect, type SqlType } from '@espalier/core'
import { MigrationError } from '../errors.js'
import type { ExpressionReader } from './expression.js'
import { bareName } from './types.js'

/** What writing a schema needs to know of a dialect. */
export interface SchemaReader extends ExpressionReader {
  readonly dialect: Dialect
  /** The schema whose objects are declared without one. */
  readonly defaultSchema: string
  /** Whether one metadata has all schemas. */
  readonly hasAllSchemas: boolean
  /** Whether the order of constraints is one that the database keeps. */
  readonly keepsOrder: boolean
}

/** The text of a literal of SQL that is a whole expression, with the type behind it; undefined for anything else. */
function textLiteral(
  source: string,
): { readonly text: string; readonly cast: string | undefined } | undefined {
  const match = /^(E?)'((?:[^']|'')*)'(?:::([\w" .]+?(?:\[\])*))?$/.exec(source)
  if (match === null) return undefined
  const [, isEscaped, body = '', cast] = match
  const text = body.replaceAll("''", "'")
  // What PostgreSQL itself writes so has doubled backslashes and no other escapes.
  return { text: isEscaped === '' ? text : text.replaceAll('\\\\', '\\'), cast }
}

/** The values that an expression may be, of which one whose literal is the expression is the right one. */
function candidates(source: string, { family, values }: SqlType): unknown[] {
  const literal = textLiteral(source)
  const bare = literal?.text ?? source
  const isNumber = /^-?\d+(\.\d+)?$/.test(bare)
  switch (family) {
    case 'boolean':
      return bare === 'true' || bare === 'false' ? [bare === 'true'] : []
    case 'integer':
    case 'real':
      return isNumber ? [Number(bare)] : []
    case 'bigint':
      return /^-?\d+$/.test(bare) ? [BigInt(bare)] : []
    case 'numeric':
      return isNumber ? [bare] : []
    case 'array':
      return bare === '{}' ? [[]] : []
    case 'json':
      return literal === undefined ? [] : documents(bare)
    case 'text':
    case 'date':
    case 'uuid':
      return literal === undefined ? [] : [bare]
    case 'named':
      return literal !== undefined && values?.includes(bare) === true ? [bare] : []
    default:
      return []
  }
}

/** Objects and lists alone: a text or a number would be a document by itself. */
function documents(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? [value] : []
  } catch {
    return []
  }
}

/** A value as a literal; undefined for one that does not fit. */
function literalOf(dialect: Dialect, value: unknown, type: SqlType): string | undefined {
  const codec = codecOf(dialect, type)
  try {
    codec?.encode(value, type)
    return codec?.literal(value, type)
  } catch {
    return undefined
  }
}

const postgresReader = (dialect: Dialect): SchemaReader => ({
  dialect,
  defaultSchema: 'public',
  hasAllSchemas: true,
  keepsOrder: false,
  isNow: (source, type) => source === 'now()' && type.name === 'timestamptz',
  valueOf(source, type) {
    for (const value of candidates(source, type)) {
      const written = literalOf(dialect, value, type)
      if (written === undefined) continue
      if (written === source) return value
      // PostgreSQL itself says the type of a text: `'x'::text`, `'x'::character varying`.
      const isText = type.name === 'text' || type.name === 'varchar' || type.values !== undefined
      const literal = textLiteral(source)
      if (isText && literal?.cast !== undefined && isCastOf(literal.cast, type)) return value
    }
    return undefined
  },
})

function isCastOf(cast: string, type: SqlType): boolean {
  const { name, values } = type
  if (values !== undefined) return cast.replaceAll('"', '').split('.').at(-1) === bareName(type)
  return cast === (name === 'varchar' ? 'character varying' : name)
}

const sqliteReader = (dialect: Dialect): SchemaReader => ({
  dialect,
  defaultSchema: 'main',
  hasAllSchemas: false,
  keepsOrder: true,
  isNow: () => false,
  valueOf: (source, type) =>
    candidates(source, type).find((value) => literalOf(dialect, value, type) === source),
})

const READERS: Readonly<Record<string, () => Promise<SchemaReader>>> = {
  PostgreSQL: async () => postgresReader((await import('@espalier/dialects')).postgresDialect),
  SQLite: async () => sqliteReader((await import('@espalier/dialects')).sqliteDialect),
}

/** What is known of the dialect of a catalog, which is loaded only here. */
export async function readerOf(dialect: string): Promise<SchemaReader> {
  const load = READERS[dialect]
  if (load !== undefined) return load()
  throw new MigrationError(
    'unsupported',
    `A catalog of ${dialect} cannot be written as TypeScript: only those of ${Object.keys(READERS).join(' and ')}.`,
  )
}
