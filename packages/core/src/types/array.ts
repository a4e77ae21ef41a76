import { type Codec, codecOf, encodedText, misfit, type OwnCodec, type TypedDialect } from './codec.js'
import { refuseWrapped } from './mapped.js'
import { OWN, type SqlType, TEXT } from './sql-type.js'

/** The type of arrays of elements of a type. */
export function arrayType(element: SqlType): SqlType {
  refuseWrapped('An array', element)
  return { name: 'array', family: 'array', element, [OWN]: ARRAYS }
}

/** How arrays are carried. */
export const ARRAYS: OwnCodec = {
  copy: (value, { element }, copy) =>
    Array.isArray(value) ? value.map((item) => copy(item, element)) : undefined,
  codec(dialect, known) {
    if (known !== undefined) return known
    const ddl = (type: SqlType) => {
      const element = type.element as SqlType
      return `${knownCodec(dialect, element).ddl(element)}[]`
    }
    const encode = (value: unknown, type: SqlType) => arrayText(value, type, dialect)
    return {
      ddl,
      encode,
      literal: (value, type) =>
        `${knownCodec(dialect, TEXT).literal(encode(value, type), TEXT)}::${ddl(type)}`,
    }
  },
}

function knownCodec(dialect: TypedDialect, type: SqlType): Codec {
  return codecOf(dialect, type) as Codec
}

/**
 * An array as PostgreSQL writes it: `{1,NULL,"a \"b\""}`.
 *
 * See https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
function arrayText(value: unknown, type: SqlType, dialect: TypedDialect): string {
  const element = type.element as SqlType
  const codec = knownCodec(dialect, element)
  const items = arrayItems(value, type).map((item) => {
    if (item === null) return 'NULL'
    const text = encodedText(codec.encode(item, element))
    return element.family === 'array' ? text : quoted(text)
  })
  return `{${items.join(',')}}`
}

/** The elements of a value that is an array as databases have them; an error if it is none. */
export function arrayItems(value: unknown, type: SqlType): readonly unknown[] {
  if (!Array.isArray(value)) throw misfit(value, type, 'an array')
  if (isArrayType(type.element) && value.some((item) => item?.length !== value[0]?.length)) {
    throw misfit(value, type, 'arrays of one length within an array')
  }
  // Places that were left out are undefined, which no codec takes.
  return Array.from(value as unknown[])
}

/** Whether values are arrays themselves, and not of a program's own that stand for such. */
function isArrayType(type: SqlType | undefined): boolean {
  return type?.family === 'array' && type.base === undefined
}

function quoted(text: string): string {
  return /^[\w.+:-]+$/.test(text) && !/^null$/i.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}
