import { checkText } from './check.js'
import { type Codec, type Decoders, decodeOf, misfit, type OwnCodec, type TypedDialect } from './codec.js'
import { type Family, INTEGER, OWN, type SqlType, TEXT } from './sql-type.js'

/** What a type is whose values travel as texts, and are kept as such where the database has no type for them. */
export interface TextType {
  /** The one form of a value; an error for what is none. */
  readonly check: (value: unknown, type: SqlType) => string
  /** What is sent of a value in that form, where the database has the type and does not read the form itself. */
  readonly sent?: (text: string) => string
  /** What is kept of it where the database has not the type, so that texts are ordered as the values are. */
  readonly kept?: (text: string) => string
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

function carriedAsText({ check, sent, kept, ddl, definition, read }: TextType): TextCodec {
  return {
    check,
    codec(dialect: TypedDialect): Codec {
      const text = dialect.types.text as Codec
      const lacks = dialect.lacks.textTypes === true
      const form = lacks ? kept : sent
      const encode = (value: unknown, type: SqlType) => {
        const checked = check(value, type)
        return text.encode(form === undefined ? checked : form(checked), type)
      }
      if (lacks) {
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

/** A type whose values are texts, in one form each. */
export function textType(name: string, family: Family, type: TextType): SqlType {
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

const CLOCK_WITH_OFFSET = /^(.*?)(Z|([+-])(0\d|1[0-5])(?::?([0-5]\d)(?::?([0-5]\d))?)?)$/

function checkTimeWithOffset(value: unknown, type: SqlType): string {
  const match = typeof value === 'string' ? CLOCK_WITH_OFFSET.exec(value) : null
  if (match === null || !CLOCK.test(match[1] as string)) {
    throw misfit(value, type, "a time of day with its offset, such as '10:30:00+02:00' or '10:30:00Z'")
  }
  const [, clock, , sign = '+', hours = '00', minutes = '00', seconds = '00'] = match
  const offset = `${hours}:${minutes}${seconds === '00' ? '' : `:${seconds}`}`
  return `${checkTime(clock, type)}${offset === '00:00' ? '+' : sign}${offset}`
}

/** A time of day with the offset of a zone: a text. */
export const TIMETZ: SqlType = /* @__PURE__ */ textType('timetz', 'named', {
  check: checkTimeWithOffset,
  ddl: () => 'timetz',
  read: checkTimeWithOffset,
})

/** A document or a fragment of XML: a text. */
export const XML: SqlType = /* @__PURE__ */ textType('xml', 'named', {
  check: (value, type) => {
    const text = checkText(value, type)
    if (!text.trimStart().startsWith('<?xml')) return text
    throw misfit(
      value,
      type,
      'XML without the declaration <?xml …?>, of which the database would keep a part',
    )
  },
  ddl: () => 'xml',
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

/** Whole numbers of fewer bits than those of a type that the dialect knows, as which they are carried. */
function wholeNumbers(carrier: string, name: string, least: number, most: number): OwnCodec {
  return {
    codec(dialect) {
      const codec = dialect.types[carrier] as Codec
      const encode = (value: unknown, type: SqlType): number => {
        if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
          return value as number
        throw misfit(value, type, `a whole number from ${least} to ${most}`)
      }
      if (dialect.lacks.textTypes === true) return { ...codec, encode }
      return { ...codec, encode, ddl: () => name }
    },
    decode: (decoders) => decodeOf(decoders, INTEGER),
  }
}

/** A type that brings its codec. */
export function ownType(name: string, family: Family, own: OwnCodec): SqlType {
  return { name, family, [OWN]: own }
}

/** A whole number of 16 bits. */
export const SMALLINT: SqlType = /* @__PURE__ */ ownType(
  'smallint',
  'integer',
  /* @__PURE__ */ wholeNumbers('integer', 'smallint', -32768, 32767),
)

/** The number by which PostgreSQL knows an object: a whole number of 32 bits without sign. */
export const OID: SqlType = /* @__PURE__ */ ownType(
  'oid',
  'named',
  /* @__PURE__ */ wholeNumbers('count', 'oid', 0, 4294967295),
)
