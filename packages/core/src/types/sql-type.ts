import type { Shape } from './shape.js'

/**
 * Which operators a type has. Types of one family may be compared with each other without a cast where
 * {@link Comparable} says so. `named` has the types with names of their own whose values can be compared and no more, mostly
 * texts: enums, times of day, intervals, networks, bits; and composite types.
 */
export type Family =
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'real'
  | 'text'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'json'
  | 'rows'
  | 'named'
  | 'uuid'
  | 'bytes'
  | 'array'
  | 'range'
  | 'multirange'
  | 'unknown'

/** The families of numbers, from the narrowest to the widest. */
export type NumberFamily = 'integer' | 'bigint' | 'numeric' | 'real'

/** The JavaScript value of a family, where a type does not say otherwise. */
export interface FamilyValues {
  integer: number
  bigint: bigint
  numeric: string
  real: number
  text: string
  boolean: boolean
  date: string
  timestamp: Date
  timestamptz: Date
  json: unknown
  rows: never
  named: string
  uuid: string
  bytes: Uint8Array
  array: readonly unknown[]
  range: unknown
  multirange: readonly unknown[]
  unknown: unknown
}

/**
 * A SQL type as data: a name that every dialect's type map knows, and its arguments. Two records with the
 * same content are the same type.
 */
export interface SqlType {
  /** The name that dialects look up: `integer`, `varchar`, `timestamptz`, … */
  readonly name: string
  readonly family: Family
  /** Characters, of `varchar`, and bits. */
  readonly length?: number
  /** Digits in all and behind the point, of `numeric`. */
  readonly precision?: number
  readonly scale?: number
  /** What the elements are, of `array` and of ranges. */
  readonly element?: SqlType
  /** What the rows are made of, of `nested json`. */
  readonly rows?: NestedRows
  /** The fields of a composite type, in their order. */
  readonly fields?: readonly CompositeField[]
  /** The values of an enum. */
  readonly values?: readonly string[]
  /** The type as which the database has it, of a type whose values a program has in another form. */
  readonly base?: SqlType
  /** How SQLite has the values of a column, where that is another form than Espalier's own. */
  readonly storage?: string | StoredBooleans | undefined
  /** How its values are carried, where no dialect knows it by name; see `types/codec.ts`. */
  readonly [OWN]?: unknown
}

/** A field of a composite type. */
export interface CompositeField {
  /** Its key in JavaScript. */
  readonly key: string
  /** Its name in the database. */
  readonly name: string
  readonly type: SqlType
  readonly notNull: boolean
}

/** What SQLite stores for true and for false: two texts, or two whole numbers. */
export interface StoredBooleans {
  readonly true: string | number
  readonly false: string | number
}

/** What rows within JSON are made of, each an array of values by position. */
export interface NestedRows {
  readonly types: readonly SqlType[]
  readonly labels: readonly string[]
  /** Undefined for an object without nesting, whose keys are the labels. */
  readonly shape?: Shape | undefined
  /** The names of the sources whose rows may be absent. */
  readonly absent: readonly string[]
  /** Whether there is one row at most, which is the value itself. */
  readonly isOne: boolean
}

/** The key under which a type brings its own codec: none of its content, and so not in JSON. */
export const OWN: unique symbol = Symbol.for('espalier.codec') as never

const type = (name: string, family: Family = name as Family): SqlType => ({ name, family })

/** The types that values are taken for by themselves, and others that are carried as these are, one object each. */
export const INTEGER = type('integer')
/** A whole number of 64 bits: `bigint`. */
export const BIGINT = type('bigint')
/** An integer that the database computes as `bigint` and JavaScript reads as a number: a count, a sum. */
export const COUNT = type('count', 'integer')
/** A floating-point number of 64 bits: `number`. */
export const DOUBLE = type('double', 'real')
/** True or false. */
export const BOOLEAN = type('boolean')
/** A text of any length. */
export const TEXT = type('text')
/** A date and time of day without zone: `Date`. */
export const TIMESTAMP = type('timestamp')
/** An instant: `Date`. */
export const TIMESTAMPTZ = type('timestamptz')
/** A JSON document as it was written. */
export const JSON_TYPE = type('json')
/** A JSON document in PostgreSQL's binary form. */
export const JSONB = type('jsonb', 'json')
/** Bytes: `Uint8Array`. */
export const BYTES = type('bytes')
/** The type of raw SQL that states none: values pass in and out as the driver has them. */
export const UNKNOWN = type('unknown')

const NUMBER_RANK: Readonly<Record<string, number>> = { integer: 0, bigint: 1, numeric: 2, real: 3 }

/** Whether a family is one of numbers. */
export function isNumberFamily(family: Family): boolean {
  return family in NUMBER_RANK
}

/** The type of arithmetic between two types: the wider of the two, as in both databases. */
export function widerNumber(left: SqlType, right: SqlType): SqlType {
  if (left.family === 'unknown') return right
  if (left === right) return withoutLimits(left)
  const l = NUMBER_RANK[left.family] ?? 0
  const r = NUMBER_RANK[right.family] ?? 0
  // A count is an integer that the database computes as the wider bigint.
  const wider = withoutLimits(r > l || (left.name === 'integer' && right.name === 'count') ? right : left)
  return wider.base || wider.family !== 'real' ? wider : DOUBLE
}

/**
 * The type of a value that is compared or computed with one of the given type: a column's limits on length and digits
 * are for what it stores.
 */
export function withoutLimits(type: SqlType): SqlType {
  if (!(type.length ?? type.precision)) return type
  return (
    (type[OWN] as { readonly free?: SqlType } | undefined)?.free ?? {
      name: type.name,
      family: type.family,
      [OWN]: type[OWN],
    }
  )
}

/** Whether a value is a type: a name and a family, and limits that are whole numbers. */
export function isSqlType(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { name, family, length, precision, scale, element, rows, fields, base, values, storage } =
    value as Partial<Record<keyof SqlType, unknown>>
  if (storage !== undefined && typeof storage !== 'string' && !areStoredBooleans(storage)) return false
  if (base !== undefined) {
    return typeof name === 'string' && isSqlType(base) && family === (base as SqlType).family
  }
  if (values !== undefined && !(Array.isArray(values) && values.every((value) => typeof value === 'string')))
    return false
  if (fields !== undefined && !areFields(fields)) return false
  if ((family === 'rows' || rows !== undefined) && !isNestedRows(rows)) return false
  if ((/^(array|range|multirange)$/.test(String(family)) || element !== undefined) && !isSqlType(element))
    return false
  if (/range$/.test(String(family)) && !/^(int[48]|num|date|tstz|ts)(multi)?range$/.test(String(name)))
    return false
  const isLimit = (limit: unknown) => limit === undefined || Number.isInteger(limit)
  return typeof name === 'string' && typeof family === 'string' && [length, precision, scale].every(isLimit)
}

/** Whether a value is what stands for true and false, told apart and of one kind. */
export function areStoredBooleans(value: unknown): value is StoredBooleans {
  const { true: yes, false: no } = Object(value) as Partial<Record<'true' | 'false', unknown>>
  if (yes === no || typeof yes !== typeof no) return false
  return typeof yes === 'string' || (Number.isSafeInteger(yes) && Number.isSafeInteger(no))
}

function areFields(fields: unknown): boolean {
  if (!Array.isArray(fields)) return false
  return fields.every((field) => {
    const { key, name, type, notNull } = Object(field) as Partial<CompositeField>
    return (
      typeof key === 'string' && typeof name === 'string' && typeof notNull === 'boolean' && isSqlType(type)
    )
  })
}

function isNestedRows(rows: unknown): boolean {
  const { types, labels, absent } = Object(rows) as Partial<Record<keyof NestedRows, unknown>>
  if (![types, labels, absent].every(Array.isArray)) return false
  return (types as unknown[]).every(isSqlType) && (labels as unknown[]).length === (types as unknown[]).length
}

/** The type as which the database has the values of a type. */
export function storedAs(type: SqlType): SqlType {
  return type.base === undefined ? type : storedAs(type.base)
}

/** Whether the values of two types are read in one way: neither is mapped, or both are alike. */
export function readAlike(left: SqlType, right: SqlType): boolean {
  return (left.base === undefined && right.base === undefined) || left.name === right.name
}

/** A type as a person writes it, for error messages. */
export function typeText(sqlType: SqlType): string {
  if (sqlType.name === 'array') return `array of ${typeText(sqlType.element as SqlType)}`
  const { name, length, precision, scale } = sqlType
  const limits = [length, precision, scale].filter((limit) => limit !== undefined)
  return limits.length === 0 ? name : `${name}(${limits.join(', ')})`
}

/** The type that a bare JavaScript value gets where nothing else states one. */
export function typeOfValue(value: unknown): SqlType {
  switch (typeof value) {
    case 'number':
      if (((value as number) | 0) === value) return INTEGER
      return Number.isSafeInteger(value) ? COUNT : DOUBLE
    case 'bigint':
      return BIGINT
    case 'string':
      return TEXT
    case 'boolean':
      return BOOLEAN
    default:
      if (value instanceof Date) return TIMESTAMPTZ
      if (value instanceof Uint8Array) return BYTES
      return value === null ? UNKNOWN : JSONB
  }
}
