import {
  type Codec,
  type Compiler,
  type CompositeField,
  type CompositeFieldNode,
  codecOf,
  type Decode,
  type Decoders,
  type Dialect,
  decodedFields,
  decodeOf,
  encodedFields,
  misfit,
  Precedence,
  type SqlType,
  storedInSqlite,
  TEXT,
  textLiteral,
} from '@espalier/core'
import { itemText } from './arrays.js'
import { checksOfFields } from './checks.js'
import { pathText } from './json.js'

/**
 * SQLite has no composite types: a value is a JSON object of the values as SQLite stores them, in the order of the fields, so
 * that equal values are equal texts. Bytes are hexadecimal digits, and whole numbers of 64 bits texts of digits, since JSON
 * has no such; arrays, documents and other composite values are the texts that they are.
 */
export function compositeCodec(dialect: () => Dialect): Codec {
  const encode = (value: unknown, type: SqlType) => {
    const fields = type.fields as readonly CompositeField[]
    const texts = encodedFields(value, type, (field, one) => {
      const encoded = (codecOf(dialect(), field) as Codec).encode(one, field)
      return itemText(typeof encoded === 'bigint' ? String(encoded) : encoded, field)
    })
    return `{${fields.map(({ name }, i) => `${JSON.stringify(name)}:${texts[i] ?? 'null'}`).join(',')}}`
  }
  return {
    ddl: () => 'text',
    definition: (column, type) =>
      `text${checksOfFields(column.slice(1, -1).replaceAll('""', '"'), type, dialect())}`,
    encode,
    literal: (value, type) => (dialect().types.text as Codec).literal(encode(value, type), TEXT),
  }
}

/** How a composite value is read, by what is within JSON. */
export function compositeDecoder(within: () => Decoders): Decode {
  return (value, type) => {
    const row = rowOf(value, type)
    const fields = type.fields as readonly CompositeField[]
    const found = fields.map(({ name }) => (Object.hasOwn(row, name) ? row[name] : null))
    return decodedFields(found, value, type, (one, field) => {
      const decode = decodeOf(within(), field)
      return decode === undefined ? one : decode(one, field)
    })
  }
}

function rowOf(value: unknown, type: SqlType): Readonly<Record<string, unknown>> {
  try {
    const row: unknown = JSON.parse(value as string)
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as never
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw misfit(value, type, 'an object of its fields, stored as JSON')
}

/** A field as a value of SQLite again. */
export function writeCompositeField({ operand, name, type }: CompositeFieldNode, to: Compiler): void {
  const [before, after] = AROUND[storedInSqlite(type).family] ?? ['(', ')']
  to.text(before)
  to.operand(operand, Precedence.primary)
  to.text(` ->> ${textLiteral(to, pathText([name]))}${after}`)
}

const AROUND: Readonly<Record<string, readonly [before: string, after: string]>> = {
  bytes: ['unhex(', ')'],
  bigint: ['cast(', ' as integer)'],
  real: ['cast(', ' as real)'],
}
