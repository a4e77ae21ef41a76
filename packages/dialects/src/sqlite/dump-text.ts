import { type CompositeField, decodeOf, type SqlType, storedInSqlite } from '@espalier/core'
import { sqliteDecoders } from './decoders.js'

/** What PostgreSQL writes for a value, of which mappings of a program's own are left aside: as for COPY, it is what is stored. */
export function dumpText(value: unknown, type: SqlType): string {
  const stored = withoutMappings(type)
  const isDocument = stored.name.startsWith('json') || stored.rows !== undefined
  if (isDocument && typeof value === 'string') return value
  const decoded =
    stored.name === 'unknown'
      ? sqliteDecoders.untyped(value, undefined)
      : decodeOf(sqliteDecoders, stored)?.(value, stored)
  return textOf(decoded ?? value, stored)
}

function withoutMappings(type: SqlType): SqlType {
  const { element, fields, ...stored } = storedInSqlite(type)
  return {
    ...stored,
    ...(element && { element: withoutMappings(element) }),
    ...(fields && { fields: fields.map((field) => ({ ...field, type: withoutMappings(field.type) })) }),
  }
}

function textOf(value: unknown, type: SqlType): string {
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (value instanceof Date) {
    const text = value
      .toISOString()
      .replace('T', ' ')
      .replace(/\.?0*Z$/, '')
    return type.name === 'timestamptz' ? `${text}+00` : text
  }
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (type.element !== undefined && Array.isArray(value)) return arrayText(value, type.element)
  if (type.fields !== undefined) return rowText(value as Readonly<Record<string, unknown>>, type.fields)
  if (type.name === 'hstore') return pairsText(value as Readonly<Record<string, string | null>>)
  return typeof value === 'object' || type.name.startsWith('json') ? JSON.stringify(value) : String(value)
}

// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
function arrayText(items: readonly unknown[], element: SqlType): string {
  const texts = items.map((item) => {
    if (item === null) return 'NULL'
    const text = textOf(item, element)
    if (element.element !== undefined || (/^[^\s{}",\\]+$/.test(text) && !/^null$/i.test(text))) return text
    return `"${text.replace(/["\\]/g, '\\$&')}"`
  })
  return `{${texts.join(',')}}`
}

// https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX
function rowText(row: Readonly<Record<string, unknown>>, fields: readonly CompositeField[]): string {
  const texts = fields.map(({ key, type }) => {
    const value = row[key]
    if (value === null) return ''
    const text = textOf(value, type)
    return /^[^ \t\n\v\f\r(),"\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '$&$&')}"`
  })
  return `(${texts.join(',')})`
}

/** In the order that PostgreSQL keeps: shorter keys first. */
function pairsText(pairs: Readonly<Record<string, string | null>>): string {
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  const keys = Object.keys(pairs).map((key) => [key, Buffer.from(key)] as const)
  keys.sort(([, a], [, b]) => a.length - b.length || a.compare(b))
  return keys
    .map(([key]) => `${quoted(key)}=>${pairs[key] === null ? 'NULL' : quoted(pairs[key] as string)}`)
    .join(', ')
}
