import { BuildError, excerpt, UnsupportedError } from '../errors.js'
import { type Codec, codecOf, decodeOf, encodedText, misfit, type OwnCodec } from './codec.js'
import { OWN, type SqlType } from './sql-type.js'

/** Which bounds of a range belong to it: `[` and `]` do, `(` and `)` do not; of an empty range there are none. */
export type RangeBounds = '[)' | '[]' | '()' | '(]' | 'empty'

/**
 * All values between two bounds, as a plain object. A bound that is `null` is none: the range goes on for ever. An empty
 * range has no bounds at all. {@link range} makes one.
 */
export interface Range<out T> {
  readonly lower: T | null
  readonly upper: T | null
  readonly bounds: RangeBounds
}

/**
 * A range as a value: from a bound to another, of which the lower one belongs to it and the upper one does not, unless
 * `bounds` says otherwise; `null` for no bound. Without any bound it is a range of all values, of any type.
 *
 * Throws a `BuildError` for other `bounds`.
 * @example
 * ```ts
 * range(1, 5) // { lower: 1, upper: 5, bounds: '[)' }
 * range(null, '2026-12-31', '(]') // up to and with the last day of 2026
 * ```
 */
export function range(lower: null, upper: null, bounds?: Exclude<RangeBounds, 'empty'>): Range<never>
export function range<T extends number | bigint | string | Date>(
  lower: T | null,
  upper: T | null,
  bounds?: Exclude<RangeBounds, 'empty'>,
): Range<T extends number ? number : T extends string ? string : T extends bigint ? bigint : T>
export function range(lower: unknown, upper: unknown, bounds: string = '[)'): never {
  if (!/^[[(][\])]$/.test(bounds)) {
    throw new BuildError(
      'invalid_argument',
      `The bounds of a range are one of [) [] () (], not ${excerpt(bounds)}.`,
    )
  }
  return Object.freeze({ lower: asItIs(lower), upper: asItIs(upper), bounds }) as never
}

/** A Date may be changed later by who gave it. */
function asItIs(bound: unknown): unknown {
  return bound instanceof Date ? new Date(bound) : bound
}

/** The range of no values. */
export const emptyRange: Range<never> = /* @__PURE__ */ Object.freeze({
  lower: null,
  upper: null,
  bounds: 'empty',
})

/** Whether a value has the form of a {@link Range}. */
export function isRange(value: unknown): value is Range<unknown> {
  return (
    typeof value === 'object' && value !== null && 'lower' in value && 'upper' in value && 'bounds' in value
  )
}

/** The name of the type of ranges of an element, and its type. */
export function rangeType(name: string, element: SqlType): SqlType {
  return { name, family: 'range', element, [OWN]: RANGES }
}

/** The type of several ranges of a type. */
export function multirangeType(of: SqlType): SqlType {
  const name = of.name.replace('range', 'multirange')
  return { name, family: 'multirange', element: of.element as SqlType, [OWN]: RANGES }
}

/** How ranges are carried. */
export const RANGES: OwnCodec = {
  copy: (value, type, copy) => {
    if (Array.isArray(value)) return value.map((one) => copy(one, type))
    if (!isRange(value)) return undefined
    const { lower, upper, bounds } = value
    return { lower: copy(lower), upper: copy(upper), bounds }
  },
  codec(dialect, known) {
    if (known !== undefined) return known
    if (dialect.lacks.ranges === true) {
      throw new UnsupportedError(
        'unsupported_type',
        `${dialect.name} has no ranges. Keep the two bounds in columns of their own, and compare these.`,
      )
    }
    const encode = (value: unknown, type: SqlType): string => {
      const element = type.element as SqlType
      const codec = codecOf(dialect, element) as Codec
      if (type.family === 'range') return rangeText(value, type, codec)
      if (!Array.isArray(value)) throw misfit(value, type, 'an array of ranges')
      return `{${value.map((one) => rangeText(one, type, codec)).join(',')}}`
    }
    return {
      ddl: ({ name, family }) => {
        if (family === 'range' || dialect.lacks.multiranges !== true) return name
        throw new UnsupportedError(
          'unsupported_type',
          `${dialect.name} has no values of several ranges. Keep each range in a row of a table of its own.`,
        )
      },
      encode,
      literal: (value, type) => `'${encode(value, type).replaceAll("'", "''")}'::${type.name}`,
    }
  },
  decode: (decoders, known) =>
    known ??
    ((value, type) => {
      const element = type.element as SqlType
      const decode = decodeOf(decoders, element)
      const boundOf = (text: string) => (decode === undefined ? text : decode(text, element))
      return new RangeReader(value as string, type, boundOf).read()
    }),
}

/**
 * A range as PostgreSQL writes it: `[1,5)`, `("2026-01-01 00:00:00",]`, `empty`.
 *
 * See https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO
 */
function rangeText(value: unknown, type: SqlType, codec: Codec): string {
  if (!isRange(value)) throw misfit(value, type, 'a range such as range(1, 5)')
  const { lower, upper, bounds } = value
  if (bounds === 'empty') return 'empty'
  if (!/^[[(][\])]$/.test(bounds)) throw misfit(value, type, 'bounds that are one of [) [] () (] empty')
  const element = type.element as SqlType
  const bound = (of: unknown): string => {
    if (of === null) return ''
    return `"${encodedText(codec.encode(of, element))}"`
  }
  const text = `${bounds[0]}${bound(lower)},${bound(upper)}${bounds[1]}`
  // Decimals are texts, which are not ordered as numbers are; these the database compares.
  if (element.name !== 'numeric' && isAbove(lower, upper)) {
    throw misfit(value, type, 'a lower bound that is not above the upper one')
  }
  return text
}

function isAbove(lower: unknown, upper: unknown): boolean {
  return lower !== null && upper !== null && (lower as number) > (upper as number)
}

const AFTER_LAST_DAY = '10000-01-01)'

class RangeReader {
  private at = 0
  constructor(
    private readonly text: string,
    private readonly type: SqlType,
    private readonly boundOf: (text: string) => unknown,
  ) {}

  read(): unknown {
    const { text, type } = this
    const result = type.family === 'range' ? this.range() : this.ranges()
    if (this.at !== text.length) throw this.malformed()
    return result
  }
  private ranges(): unknown[] {
    const found: unknown[] = []
    if (this.text[this.at++] !== '{') throw this.malformed()
    while (this.text[this.at] !== '}') {
      if (found.length > 0) this.at++
      found.push(this.range())
    }
    this.at++
    return found
  }
  private range(): Range<unknown> {
    const { text } = this
    if (text.startsWith('empty', this.at)) {
      this.at += 5
      return emptyRange
    }
    const first = text[this.at++]
    const lower = this.bound()
    if (text[this.at++] !== ',') throw this.malformed()
    // PostgreSQL writes the day behind the last one, and behind the last day of all there is none that a date can be.
    if (this.type.element?.name === 'date' && text.startsWith(AFTER_LAST_DAY, this.at)) {
      this.at += AFTER_LAST_DAY.length
      return { lower, upper: '9999-12-31', bounds: `${first}]` as RangeBounds }
    }
    const upper = this.bound()
    const bounds = `${first}${text[this.at++]}`
    if (!/^[[(][\])]$/.test(bounds)) throw this.malformed()
    return { lower, upper, bounds: bounds as RangeBounds }
  }
  /** A bound up to what ends it, in double quotes or not. */
  private bound(): unknown {
    const { text } = this
    let found = ''
    let quoted = false
    for (; this.at < text.length; this.at++) {
      const character = text[this.at] as string
      if (character === '"') {
        if (quoted && text[this.at + 1] === '"') found += text[++this.at]
        else quoted = !quoted
      } else if (character === '\\') found += text[++this.at] ?? ''
      else if (!quoted && /[,\])]/.test(character)) break
      else found += character
    }
    return found === '' ? null : this.boundOf(found)
  }
  private malformed() {
    return misfit(this.text, this.type, 'a range')
  }
}
