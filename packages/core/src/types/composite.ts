import { ValueError } from '../errors.js'
import { type Codec, codecOf, decodeOf, encodedText, misfit, type OwnCodec } from './codec.js'
import type { TypeDefinition } from './definition.js'
import { type CompositeField, type Family, OWN, type SqlType, TEXT } from './sql-type.js'

/** The types of the fields of a composite type, by their keys. */
export type FieldTypes = Readonly<Record<string, TypeDefinition<unknown, Family>>>

/** A composite type as an object: each field has the value of its type, null unless that is `notNull()`. */
export type CompositeValue<T extends FieldTypes> = { -readonly [K in keyof T]: T[K]['~value'] }

/** A composite type that knows the types of its fields. */
export interface CompositeDefinition<out T extends FieldTypes, out V = CompositeValue<T> | null>
  extends TypeDefinition<V, 'named'> {
  readonly '~fields': T
}

const PREFIX = 'composite '

/** A type of several fields, under its name. */
export function compositeOf(name: string, fields: readonly CompositeField[]): SqlType {
  return { name: PREFIX + name, family: 'named', fields, [OWN]: COMPOSITES }
}

/** The name of a composite type in the database. */
export function compositeName({ name }: SqlType): string {
  return name.slice(PREFIX.length)
}

/** The name under which dialects state how they carry composite types, if not as PostgreSQL does. */
const KNOWN = 'composite'

/** How composite types are carried. */
export const COMPOSITES: OwnCodec = {
  copy: (value, { fields }, copy) => {
    if (value === null || Array.isArray(value)) return undefined
    const typeOf = (key: string) => fields?.find((field) => field.key === key)?.type
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one, typeOf(key))]))
  },
  codec(dialect) {
    const known = dialect.types[KNOWN]
    if (known !== undefined) return known
    const ddl = (type: SqlType) => `"${compositeName(type).replaceAll('"', '""')}"`
    const encode = (value: unknown, type: SqlType) => {
      const texts = encodedFields(value, type, (field, given) =>
        quoted(encodedText((codecOf(dialect, field) as Codec).encode(given, field))),
      )
      return `(${texts.map((text) => text ?? '').join(',')})`
    }
    const literal = (value: unknown, type: SqlType) => {
      const text = (dialect.types.text as Codec).literal(encode(value, type), TEXT)
      return `${text}::${ddl(type)}`
    }
    return { ddl, encode, literal }
  },
  decode: (decoders) =>
    decoders.types[KNOWN] ??
    ((value, type) =>
      decodedFields(readRow(value as string, type), value, type, (text, field) => {
        const decode = decodeOf(decoders, field)
        return decode === undefined ? text : decode(text, field)
      })),
}

/** A text within a row: in quotes unless nothing in it means anything there. */
function quoted(text: string): string {
  return /^[\w.+:-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

/**
 * The fields of a value in their order, each as `encode` makes it, and null where it is; an error for a value that is no
 * object of these fields.
 */
export function encodedFields<T>(
  value: unknown,
  type: SqlType,
  encode: (type: SqlType, value: unknown) => T,
): (T | null)[] {
  const fields = type.fields as readonly CompositeField[]
  const given = Object(value) as Readonly<Record<string, unknown>>
  const keys = fields.map(({ key }) => key)
  if (value !== given || Array.isArray(value) || !Object.keys(given).every((key) => keys.includes(key))) {
    throw misfit(value, type, `an object of its fields: ${keys.join(', ')}`)
  }
  return fields.map((field) => {
    const one = given[field.key]
    return within(field, () => {
      if (one !== null) return encode(field.type, one)
      if (field.notNull) throw misfit(one, field.type, 'a value, since the field is notNull()')
      return null
    })
  })
}

/** An object of the fields, made of what the database has for each of them; `read` gets none that is null. */
export function decodedFields<T>(
  found: readonly (T | null)[],
  value: unknown,
  type: SqlType,
  read: (value: T, type: SqlType) => unknown,
): Record<string, unknown> {
  const fields = type.fields as readonly CompositeField[]
  if (found.length !== fields.length) {
    throw misfit(value, type, `a row of ${fields.length} fields, and the database has ${found.length}`)
  }
  const entries = fields.map((field, i) => {
    const one = found[i] as T | null
    return [
      field.key,
      within(field, () => {
        if (one !== null) return read(one, field.type)
        if (field.notNull) throw misfit(one, field.type, 'a value, since the field is notNull()')
        return null
      }),
    ]
  })
  return Object.fromEntries(entries)
}

/** Says in which field a value did not fit. */
function within<T>({ key }: CompositeField, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError(error.code, `Field '${key}': ${error.message}`, { cause: error.cause })
  }
}

/**
 * The texts of the fields of a row as PostgreSQL writes it: `(1,,"a ""b""")`, in which nothing is NULL, and `""` a text
 * without characters.
 *
 * See https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX
 */
function readRow(text: string, type: SqlType): (string | null)[] {
  const found: (string | null)[] = []
  const end = text.length - 1
  if (text[0] !== '(' || text[end] !== ')') throw misfit(text, type, 'a row')
  let part = ''
  let isThere = false
  let isQuoted = false
  for (let at = 1; at <= end; at++) {
    const character = text[at] as string
    if (!isQuoted && (character === ',' || at === end)) {
      found.push(isThere ? part : null)
      part = ''
      isThere = false
    } else if (character === '"' && !(isQuoted && text[at + 1] === '"')) {
      isQuoted = !isQuoted
      isThere = true
    } else {
      part += character === '"' || character === '\\' ? text[++at] : character
      isThere = true
    }
  }
  if (isQuoted) throw misfit(text, type, 'a row')
  return found
}
