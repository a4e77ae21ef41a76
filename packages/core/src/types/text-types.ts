import { checkInteger, checkText } from './check.js'
import { type Codec, type Decoders, decodeOf, misfit, type OwnCodec, type TypedDialect } from './codec.js'
import { type Family, INTEGER, OWN, type SqlType, TEXT } from './sql-type.js'

/** What a type is whose values travel as texts, and are kept as such where the database has no type for them. */
interface TextType {
  /** The one form of a value; an error for what is none. */
  readonly check: (value: unknown, type: SqlType) => string
  /** Where the database has the type. */
  readonly ddl: (type: SqlType) => string
  /** The rest of a column's definition where it has not, behind `text`. */
  readonly definition?: (column: string, type: SqlType) => string
  /** The form of what the database returned, where it may be another. */
  readonly read?: (text: string, type: SqlType) => string
}

/** How the values of such a type are carried, and checked. */
interface TextCodec extends OwnCodec {
  readonly check: TextType['check']
}

/** The one form of a value of such a type; an error for what is none. */
export function checkTextType(value: unknown, type: SqlType): string {
  return (type[OWN] as TextCodec).check(value, type)
}

function carriedAsText({ check, ddl, definition, read }: TextType): TextCodec {
  return {
    check,
    codec(dialect: TypedDialect): Codec {
      const text = dialect.types.text as Codec
      const encode = (value: unknown, type: SqlType) => text.encode(check(value, type), type)
      if (dialect.lacks.textTypes === true) {
        return {
          ddl: () => 'text',
          encode,
          literal: (value, type) => text.literal(encode(value, type), TEXT),
          ...(definition && { definition: (column, type) => `text ${definition(column, type)}` }),
        }
      }
      return {
        ddl,
        encode,
        literal: (value, type) => `${text.literal(encode(value, type), TEXT)}::${ddl(type)}`,
      }
    },
    decode: (decoders: Decoders) => {
      const decode = decodeOf(decoders, TEXT)
      if (read === undefined) return decode
      return (value, type) => read((decode === undefined ? value : decode(value, TEXT)) as string, type)
    },
  }
}

function textType(name: string, family: Family, type: TextType): SqlType {
  return ownType(name, family, carriedAsText(type))
}

/** A text of so many characters, neither more nor fewer. */
export const CHAR: SqlType = /* @__PURE__ */ textType('char', 'text', {
  check: (value, type) => {
    const text = checkText(value, type)
    // Without a length, a value is compared.
    if (type.length === undefined || [...text].length === type.length) return text
    throw misfit(value, type, `${type.length} characters, neither more nor fewer; varchar(…) takes fewer`)
  },
  ddl: ({ length }) => (length === undefined ? 'bpchar' : `char(${length})`),
})

/** A text that is compared without regard to case. */
export const CITEXT: SqlType = /* @__PURE__ */ textType('citext', 'text', {
  check: checkText,
  ddl: () => 'citext',
  definition: () => 'collate nocase',
})

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/

function checkTime(value: unknown, type: SqlType): string {
  const match = typeof value === 'string' ? CLOCK.exec(value) : null
  if (match === null) throw misfit(value, type, "a time of day such as '10:30:00' or '10:30:00.25'")
  const [, hour, minute, second = '00', fraction = ''] = match
  const digits = fraction.replace(/0+$/, '')
  return `${hour}:${minute}:${second}${digits === '' ? '' : `.${digits}`}`
}

/** A time of day: a text. */
export const TIME: SqlType = /* @__PURE__ */ textType('time', 'named', {
  check: checkTime,
  ddl: () => 'time',
  read: checkTime,
})

/** What the types of enums are called, before the name of each. */
const ENUM = 'enum '

/** How enums are carried. */
export const ENUMS: TextCodec = /* @__PURE__ */ carriedAsText({
  check: checkEnum,
  ddl: enumName,
  definition: (column, { values = [] }) =>
    `check (${column} in (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')}))`,
  read: checkEnum,
})

function checkEnum(value: unknown, type: SqlType): string {
  const { values = [] } = type
  if (values.includes(value as string)) return value as string
  throw misfit(value, type, `one of ${values.map((one) => `'${one}'`).join(', ')}`)
}

/** The type of a list of values, under its name. */
export function enumOf(name: string, values: readonly string[]): SqlType {
  return { name: ENUM + name, family: 'named', values, [OWN]: ENUMS }
}

/** The name of the type of an enum, quoted. */
export function enumName({ name }: SqlType): string {
  return `"${name.slice(ENUM.length).replaceAll('"', '""')}"`
}

const SMALLINTS: OwnCodec = {
  codec(dialect) {
    const codec = dialect.types.integer as Codec
    const encode = (value: unknown, type: SqlType): number => {
      const number = checkInteger(value, type)
      if (number >= -32768 && number <= 32767) return number
      throw misfit(value, type, 'a whole number from -32768 to 32767')
    }
    if (dialect.lacks.textTypes === true) return { ...codec, encode }
    return { ...codec, encode, ddl: () => 'smallint' }
  },
  decode: (decoders) => decodeOf(decoders, INTEGER),
}

function ownType(name: string, family: Family, own: OwnCodec): SqlType {
  return { name, family, [OWN]: own }
}

/** A whole number of 16 bits. */
export const SMALLINT: SqlType = /* @__PURE__ */ ownType('smallint', 'integer', SMALLINTS)
