import {
  BIGINT,
  BYTES,
  type CatalogColumn,
  codecOf,
  DOUBLE,
  decodeOf,
  NUMERIC,
  OWN,
  type OwnCodec,
  type SqlType,
  TEXT,
  UNKNOWN,
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
  return keptAs(text, written, likeOf(sqlite?.affinity ?? 'blob'))
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

function likeOf(affinity: 'integer' | 'real' | 'text' | 'blob' | 'numeric'): SqlType {
  return { integer: BIGINT, real: DOUBLE, text: TEXT, blob: UNKNOWN, numeric: UNKNOWN }[affinity]
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

/** A type as it was declared, carried as another one. */
function keptAs(text: string, written: string, like: SqlType): SqlType {
  const own: OwnCodec = {
    codec: (dialect) => {
      const codec = codecOf(dialect, like)
      return codec && { ...codec, ddl: () => written }
    },
    // Where nothing is stated of the values, they are what SQLite has of them.
    decode: (decoders) =>
      like === UNKNOWN ? (value) => decoders.untyped(value, undefined) : decodeOf(decoders, like),
  }
  return { ...like, name: `declared ${text}`, [OWN]: own }
}
