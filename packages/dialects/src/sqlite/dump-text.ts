import { decodeOf, type SqlType, storedInSqlite } from '@espalier/core'
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
  const stored = storedInSqlite(type)
  return stored.element === undefined ? stored : { ...stored, element: withoutMappings(stored.element) }
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
