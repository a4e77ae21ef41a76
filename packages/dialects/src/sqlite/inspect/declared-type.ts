import {
  BIGINT,
  BYTES,
  type CatalogColumn,
  DOUBLE,
  databaseType,
  NUMERIC,
  type SqlType,
  TEXT,
} from '@espalier/core'
import { parseCreate } from './create.js'

/**
 * The type of a column by what it is declared as: that which writes itself so, otherwise one that is kept as it was written,
 * with the values of its affinity. Undefined where it cannot be written again.
 */
export function declaredType({ type, sqlite }: CatalogColumn): SqlType | undefined {
  const { text } = type
  const own = ownType(text)
  if (own !== undefined) return own
  const written = writtenType(text)
  if (written === undefined) return undefined
  const values = likeOf(sqlite?.affinity ?? 'blob')
  return (
    values === undefined
      ? databaseType(written, 'as is')
      : databaseType(written, { sqlType: values } as never)
  ).sqlType
}

/** The type that Espalier writes in these very letters. */
function ownType(text: string): SqlType | undefined {
  const plain = { integer: BIGINT, text: TEXT, real: DOUBLE, blob: BYTES, numeric: NUMERIC }[text]
  if (plain !== undefined) return plain
  const [name, digits = ''] = text.split('(')
  const numbers = digits.slice(0, -1).split(', ').map(Number)
  const [first = 0, second] = numbers
  const type: SqlType =
    name === 'varchar'
      ? { name, family: 'text', length: first }
      : { ...NUMERIC, precision: first, ...(second !== undefined && { scale: second }) }
  const again = name === 'varchar' ? `varchar(${first})` : `numeric(${numbers.join(', ')})`
  const isSmall = numbers.every((number) => Number.isSafeInteger(number) && number >= 0) && first > 0
  return again === text && isSmall && numbers.length <= (name === 'varchar' ? 1 : 2) ? type : undefined
}

/** What the values of an affinity are; undefined where that is told by nothing. */
function likeOf(affinity: 'integer' | 'real' | 'text' | 'blob' | 'numeric'): SqlType | undefined {
  return { integer: BIGINT, real: DOUBLE, text: TEXT, blob: undefined, numeric: undefined }[affinity]
}

/** A type as it has to be written to be read as this text: mostly as the text itself. */
function writtenType(text: string): string | undefined {
  if (text === '') return ''
  return [text, `"${text.replaceAll('"', '""')}"`, `[${text}]`, `\`${text}\``].find((written) => {
    try {
      const table = parseCreate(`create table t (c ${written})`)
      if (table.kind !== 'create table' || table.columns.length > 1) return false
      const [column] = table.columns
      return (
        column?.type?.source === text && column.constraints.length === 0 && table.constraints.length === 0
      )
    } catch {
      return false
    }
  })
}
