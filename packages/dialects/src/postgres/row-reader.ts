import type { RowMaker } from '@espalier/core'
import { decodeBigint, decodeBoolean, decodeFloat, decodeInstant, decodeInteger } from './decoders.js'
import { int32, type RowSink } from './messages.js'

/**
 * What the codec of a type would make of a text, from the bytes of the text; undefined where these are not of the usual
 * form, which is left to the codec.
 */
type ReadBytes = (bytes: Uint8Array, start: number, end: number) => unknown

/** Reads the rows of one statement out of the bytes of the protocol, and makes of them what the statement returns. */
export class RowReader implements RowSink {
  readonly rows: unknown[] = []
  /** How many rows came, read or not. */
  count = 0
  /** The texts of a row with a value that does not fit its column; no row is made after that. */
  misfit: readonly (string | null)[] | undefined
  private readonly readers: readonly (ReadBytes | undefined)[]
  private readonly values: unknown[]

  /** With `firstOnly` the rows behind the first are not looked at. */
  constructor(
    private readonly maker: RowMaker,
    private readonly firstOnly = false,
  ) {
    this.readers = readersOf(maker)
    this.values = new Array<unknown>(this.readers.length)
  }

  read(bytes: Buffer, start: number): void {
    this.count++
    if (this.misfit !== undefined || (this.firstOnly && this.rows.length > 0)) return
    const { maker, readers, values } = this
    let at = start + 2
    try {
      for (let i = 0; i < readers.length; i++) {
        const length = int32(bytes, at)
        at += 4
        if (length === -1) {
          values[i] = null
          continue
        }
        const end = at + length
        const value = readers[i]?.(bytes, at, end)
        values[i] = value === undefined ? maker.decode(i, bytes.toString('utf8', at, end)) : value
        at = end
      }
      this.rows.push(maker.make(values))
    } catch {
      this.misfit = texts(bytes, start)
    }
  }
}

function texts(bytes: Buffer, start: number): (string | null)[] {
  const count = bytes.readInt16BE(start)
  const found: (string | null)[] = []
  let at = start + 2
  for (let i = 0; i < count; i++) {
    const length = int32(bytes, at)
    at += 4
    found.push(length === -1 ? null : bytes.toString('utf8', at, at + length))
    if (length > 0) at += length
  }
  return found
}

function readersOf(maker: RowMaker): readonly (ReadBytes | undefined)[] {
  maker.memory ??= maker.decoders.map((decode) => (decode === undefined ? undefined : READERS.get(decode)))
  return maker.memory as readonly (ReadBytes | undefined)[]
}

const MINUS = 45
const POINT = 46
/** As many digits as a double always holds exactly. */
const EXACT_DIGITS = 15

/** A whole number of few digits. */
function readInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS
  let at = negative ? start + 1 : start
  if (at === end || end - at > EXACT_DIGITS) return undefined
  let number = 0
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (!(digit >= 0 && digit <= 9)) return undefined
    number = number * 10 + digit
  }
  return negative ? 0 - number : number
}

function readBigint(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  const number = readInteger(bytes, start, end)
  return number === undefined ? undefined : BigInt(number)
}

const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

/** A decimal number of few digits: the quotient of two numbers that are exact is the nearest double, as `Number` gives. */
function readDecimal(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  if (first === end || end - first > EXACT_DIGITS) return undefined
  let number = 0
  let decimals = 0
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit >= 0 && digit <= 9) number = number * 10 + digit
    else if (bytes[at] === POINT && decimals === 0 && at > first && at + 1 < end) decimals = end - at - 1
    else return undefined
  }
  if (decimals > 0) number /= POWERS[decimals] as number
  return negative ? 0 - number : number
}

function readBoolean(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  if (end - start !== 1) return undefined
  if (bytes[start] === 0x74) return true
  return bytes[start] === 0x66 ? false : undefined
}

const DAY = 86400000

/** `2026-11-21 10:30:00`, with a fraction or without, and with `+00` behind it or nothing. */
function readInstant(bytes: Uint8Array, start: number, end: number): Date | undefined {
  if (end - start < 19) return undefined
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
  const month = twoDigits(bytes, start + 5)
  const day = twoDigits(bytes, start + 8)
  const hour = twoDigits(bytes, start + 11)
  const minute = twoDigits(bytes, start + 14)
  const second = twoDigits(bytes, start + 17)
  // What is not a number fails every comparison. The last days of a month may be none, and are left to the codec.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || (day <= 30 && month !== 2)))) {
    return undefined
  }
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS || bytes[start + 10] !== 32) return undefined
  if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return undefined
  let at = start + 19
  let milliseconds = 0
  if (bytes[at] === POINT) {
    let unit = 100
    for (at++; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (!(digit >= 0 && digit <= 9)) break
      // Below a millisecond the unit is 0: such digits are cut off.
      milliseconds += unit * digit
      unit = Math.trunc(unit / 10)
    }
  }
  const isUtc = end - at === 3 && bytes[at] === 43 && bytes[at + 1] === 48 && bytes[at + 2] === 48
  if (at !== end && !isUtc) return undefined
  return new Date(
    daysSince1970(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds,
  )
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48
  const ones = (bytes[at + 1] as number) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/** Days of the Gregorian calendar, by years that begin in March, so that a leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1
  const dayOfYear = Math.trunc((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return (
    365 * shifted +
    Math.trunc(shifted / 4) -
    Math.trunc(shifted / 100) +
    Math.trunc(shifted / 400) +
    dayOfYear -
    719468
  )
}

/** By the function that decodes the text, so that a backend with other decoders gets what these make. */
const READERS = /* @__PURE__ */ new Map<unknown, ReadBytes>([
  [decodeInteger, readInteger],
  [decodeBigint, readBigint],
  [decodeFloat, readDecimal],
  [decodeBoolean, readBoolean],
  [decodeInstant, readInstant],
])
