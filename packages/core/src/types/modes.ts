import { BuildError, excerpt } from '../errors.js'
import { type Codec, type Decoders, decodeOf, misfit, type OwnCodec } from './codec.js'
import { type AnyMapping, mappedType } from './mapped.js'
import { NUMERIC } from './own-types.js'
import { BIGINT, OWN, type SqlType, TIMESTAMP, TIMESTAMPTZ } from './sql-type.js'

/** Whole numbers of 64 bits as other values of JavaScript. */
const BIGINT_MODES: Readonly<Record<string, AnyMapping>> = {
  number: {
    name: 'bigint as number',
    encode: (value: unknown) => BigInt(safe(value, BIGINT)),
    decode: (value: bigint) => safe(Number(value), BIGINT, value),
  },
  string: {
    name: 'bigint as string',
    encode: (value: unknown) => {
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value)
      throw misfit(value, BIGINT, "a whole number as text, such as '12'")
    },
    decode: String,
  },
}

/** Decimals as other values of JavaScript. */
const NUMERIC_MODES: Readonly<Record<string, AnyMapping>> = {
  number: {
    name: 'numeric as number',
    encode: (value: unknown) => {
      if (Number.isFinite(value)) return String(value)
      throw misfit(value, NUMERIC, 'a finite number')
    },
    decode: (value: string) => {
      const number = Number(value)
      if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number
      throw misfit(value, NUMERIC, `${SAFE}; leave out { as: 'number' } to read it as text`)
    },
  },
}

const SAFE = 'a number that JavaScript holds exactly (up to 9007199254740991)'

function safe(value: unknown, type: SqlType, found = value): number {
  if (Number.isSafeInteger(value)) return value as number
  throw misfit(found, type, `${SAFE}; write { as: 'string' } or nothing for others`)
}

/** `bigint` as `as` says. */
export function bigintAs(as: string): SqlType {
  return as === 'bigint' ? BIGINT : mappedType(BIGINT, modeOf('bigint', BIGINT_MODES, as))
}

/** A numeric type as `as` says. */
export function numericAs(type: SqlType, as: string): SqlType {
  return as === 'string' ? type : mappedType(type, modeOf('numeric', NUMERIC_MODES, as))
}

/** `timestamp` or `timestamptz` as `as` says. */
export function timeAs(type: SqlType, as: string | TextClass<object>): SqlType {
  if (as === 'Date') return type
  const texts = { ...type, name: `${type.name} as string`, base: type, [OWN]: TIME_TEXTS }
  if (as === 'string') return texts
  if (isTextClass(as)) return asClass(texts, type.name, as)
  throw noMode(type.name, as, "'Date', 'string' or a class such as Temporal.Instant")
}

/** `date` or `time` as a class says. */
export function textAs(type: SqlType, as: unknown): SqlType {
  if (isTextClass(as)) return asClass(type, type.name, as)
  throw noMode(type.name, as, 'texts, or of a class such as Temporal.PlainDate')
}

/**
 * A class of which there is a value for each text of a type, and whose values have that text: `Temporal.Instant`,
 * `PlainDateTime`, `PlainDate` and `PlainTime`, built in or of a polyfill.
 */
export interface TextClass<out T extends object> {
  /** The value of a text; what is none it refuses by an error. */
  from(text: string): T
}

function isTextClass(value: unknown): value is TextClass<object> {
  return typeof (value as Partial<TextClass<object>> | null | undefined)?.from === 'function'
}

/** Values of a class in the place of a type's texts. */
function asClass(texts: SqlType, name: string, of: TextClass<object>): SqlType {
  const { prototype, name: className } = of as { readonly prototype?: object; readonly name?: string }
  const tag = (prototype && tagOf(prototype)) ?? className
  const type: SqlType = mappedType(texts, {
    name: `${name} as ${tag}`,
    encode: (value: object) => {
      if (tagOf(value) !== tag) throw misfit(value, type, `a ${tag}`)
      const text = String(value)
      if (!/\.\d{7}/.test(text)) return text
      throw misfit(value, type, "no more than microseconds, which databases keep: value.round('microsecond')")
    },
    decode: (text: string) => of.from(text),
  })
  return type
}

/** By what the values of a class are known, also those of another copy of it. */
function tagOf(value: object): unknown {
  const { constructor, [Symbol.toStringTag]: tag } = Object(value) as {
    readonly constructor?: { readonly name: string }
    readonly [Symbol.toStringTag]?: string
  }
  return tag ?? constructor?.name
}

function modeOf(name: string, modes: Readonly<Record<string, AnyMapping>>, as: string): AnyMapping {
  if (Object.hasOwn(modes, as)) return modes[as] as AnyMapping
  throw noMode(
    name,
    as,
    [name === 'bigint' ? "'bigint'" : "'string'", ...Object.keys(modes).map((key) => `'${key}'`)].join(
      ' or ',
    ),
  )
}

function noMode(name: string, as: unknown, modes: string): BuildError {
  return new BuildError('invalid_type', `${name} has its values as ${modes}, not as ${excerpt(as)}.`)
}

/** The mappings that stand here, by their names, for types that are read from JSON. */
export function knownMapping(name: string): AnyMapping | undefined {
  return [...Object.values(BIGINT_MODES), ...Object.values(NUMERIC_MODES)].find((mode) => mode.name === name)
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * A time as a text of ISO 8601, to the microsecond: in the zone UTC, and with three digits behind the second where the
 * other three are zeros.
 */
export const TIME_TEXTS: OwnCodec = {
  codec(dialect) {
    const inner = (type: SqlType): Codec => dialect.types[(type.base as SqlType).name] as Codec
    const text = (value: unknown, type: SqlType): string => {
      const time = canonicalTime(value, type)
      if (dialect.lacks.microseconds !== true || !/\d{6}Z?$/.test(time)) return time
      throw misfit(value, type, `a time without microseconds, which ${dialect.name} does not keep`)
    }
    // The form in which SQLite has a column is nothing to others, which keep microseconds.
    const isStored = ({ storage }: SqlType) => storage !== undefined && dialect.variant === 'sqlite'
    return {
      ddl: (type) => inner(type).ddl(below(type)),
      encode: (value, type) => {
        const time = text(value, type)
        return isStored(type) ? inner(type).encode(dateOf(time), below(type)) : time
      },
      literal: (value, type) => {
        const time = text(value, type)
        if (isStored(type)) return inner(type).literal(dateOf(time), below(type))
        // The type below writes the time to the millisecond; the rest goes behind it.
        const date = dateOf(time)
        const short = date.toISOString().slice(0, -1)
        return inner(type).literal(date, below(type)).replace(short, time.replace(/Z$/, ''))
      },
    }
  },
  decode: (decoders: Decoders) => (value, type) => {
    const base = type.base as SqlType
    const date = decodeOf(decoders, base)?.(value, base) as Date
    const finer = /\.\d{3}(\d{1,3})/.exec(String(value))?.[1]
    return timeText(date, finer, type)
  },
}

/** The time of a text as {@link canonicalTime} writes it. */
function dateOf(time: string): Date {
  return new Date(/Z$/.test(time) ? time : `${time}Z`)
}

/** The type below, stored as the type itself says. */
function below({ base, storage }: SqlType): SqlType {
  return { ...(base as SqlType), storage }
}

function timeText(date: Date, finer: string | undefined, { family }: SqlType): string {
  const text = date.toISOString().slice(0, -1)
  const micros = (finer ?? '').padEnd(3, '0')
  return text + (micros === '000' ? '' : micros) + (family === 'timestamptz' ? 'Z' : '')
}

/** The one form in which a time is written; an error for what is none. */
export function canonicalTime(value: unknown, type: SqlType): string {
  const isInstant = type.family === 'timestamptz'
  const expected = isInstant
    ? "a time of the years 1 to 9999 with its zone, such as '2026-11-21T10:30:00.123456Z'"
    : "a time of the years 1 to 9999 without zone, such as '2026-11-21T10:30:00.123456'"
  const match = typeof value === 'string' ? TIME.exec(value) : null
  if (match === null || (match[5] !== undefined) !== isInstant) throw misfit(value, type, expected)
  const [, day, minutes, seconds = '00', fraction = '', zone = 'Z'] = match
  const digits = fraction.padEnd(6, '0')
  const local = new Date(`${day}T${minutes}:${seconds}.${digits.slice(0, 3)}Z`)
  // The calendar has no such day where JavaScript makes another of it.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(day as string))
    throw misfit(value, type, expected)
  const date = new Date(local.getTime() - offset(zone))
  if (date.getTime() < -62135596800000 || date.getTime() > 253402300799999)
    throw misfit(value, type, expected)
  return timeText(date, digits.slice(3), type)
}

/** `+02`, `-03:30`, `+0130` in milliseconds. */
function offset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)
  return (zone[0] === '-' ? -60_000 : 60_000) * minutes
}

/** The types of times as texts, for those that are read from JSON. */
export function isTimeText(name: string): boolean {
  return name === `${TIMESTAMP.name} as string` || name === `${TIMESTAMPTZ.name} as string`
}
