import { misfit } from './codec.js'
import type { SqlType } from './sql-type.js'
import { textType } from './text-types.js'

/** What an interval is made of: a month has no number of days, and a day no number of hours. */
interface Parts {
  readonly months: number
  readonly days: number
  readonly microseconds: bigint
}

const ISO =
  /^([+-]?)P(?=.)(?:([+-]?\d+)Y)?(?:([+-]?\d+)M)?(?:([+-]?\d+)W)?(?:([+-]?\d+)D)?(?:T(?=.)(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?)(\d+)(?:\.(\d{1,6})0*)?S)?)?$/

const MOST = 2147483647
/** One less than 64 bits hold: with the most of everything, an interval is infinite. */
const MOST_MICROSECONDS = 9223372036854775806n

/** The parts of a text of ISO 8601; undefined for another, and for one that the database could not hold. */
function partsOf(text: string): Parts | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, sign, years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = match
  const [, , , , , , , , secondSign = '', seconds = '0', fraction = ''] = match
  const turn = sign === '-' ? -1 : 1
  const micros =
    (BigInt(hours) * 3600n + BigInt(minutes) * 60n) * 1_000_000n +
    BigInt(`${secondSign === '-' ? '-' : ''}${seconds}${fraction.padEnd(6, '0')}`)
  return within({
    months: turn * (Number(years) * 12 + Number(months)),
    days: turn * (Number(weeks) * 7 + Number(days)),
    microseconds: BigInt(turn) * micros,
  })
}

function within(parts: Parts): Parts | undefined {
  const { months, days, microseconds } = parts
  const size = microseconds < 0n ? -microseconds : microseconds
  return Math.abs(months) <= MOST && Math.abs(days) <= MOST && size <= MOST_MICROSECONDS ? parts : undefined
}

/** Parts as ISO 8601, each with its sign: `P1Y2M-3DT4H5M6.7S`. */
function signedText({ months, days, microseconds }: Parts): string {
  const part = (count: number | bigint, unit: string) => (Number(count) === 0 ? '' : `${count}${unit}`)
  const size = microseconds < 0n ? -microseconds : microseconds
  const sign = microseconds < 0n ? '-' : ''
  const minutes = size / 60_000_000n
  const rest = size % 60_000_000n
  const fraction = String(rest % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const seconds = `${rest / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}`
  const clock = [
    [String(minutes / 60n), 'H'],
    [String(minutes % 60n), 'M'],
    [seconds, 'S'],
  ].map(([amount, unit]) => (amount === '0' ? '' : `${sign}${amount}${unit}`))
  const day = part(Math.trunc(months / 12), 'Y') + part(months % 12, 'M') + part(days, 'D')
  const time = clock.join('')
  if (day + time === '') return 'PT0S'
  return `P${day}${time === '' ? '' : `T${time}`}`
}

/** Parts in the one form of a value: one sign in front where none of them is above zero, as `Temporal.Duration` writes it. */
function intervalText(parts: Parts): string {
  const text = signedText(parts)
  const { months, days, microseconds } = parts
  return text.includes('-') && months <= 0 && days <= 0 && microseconds <= 0n
    ? `-${text.replaceAll('-', '')}`
    : text
}

function checkInterval(value: unknown, type: SqlType): string {
  const parts = typeof value === 'string' ? partsOf(value) : undefined
  if (parts !== undefined) return intervalText(parts)
  throw misfit(
    value,
    type,
    "an interval as text of ISO 8601, such as 'P1M3D' or 'PT1H30M', with a fraction of seconds only, up to six digits",
  )
}

const UNITS: Readonly<Record<string, readonly [part: 'months' | 'days', times: number]>> = {
  year: ['months', 12],
  mon: ['months', 1],
  day: ['days', 1],
}

/**
 * What PostgreSQL wrote, under any setting of `IntervalStyle`.
 *
 * See https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT
 */
function readInterval(text: string, type: SqlType): string {
  if (/^-?P/.test(text)) return checkInterval(text, type)
  const verbose = /^@ (.*?)( ago)?$/.exec(text)
  const parts =
    verbose === null ? clockParts(text) : unitParts(verbose[1] as string, verbose[2] !== undefined)
  if (parts === undefined) throw misfit(text, type, 'an interval that is not infinite')
  return intervalText(parts)
}

/**
 * `1 year 2 mons -3 days +04:05:06.7`, and as the SQL standard has it `+1-2 -3 +4:05:06.7`, or `-3 4:05:06.7` where all is
 * below zero.
 */
function clockParts(text: string): Parts | undefined {
  const parts = { months: 0, days: 0, microseconds: 0n }
  const left = text.replace(
    /([+-]?)(\d+):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/,
    (_, own, hours, minutes, seconds = '0', fraction = '') => {
      const sign = own === '' && /^-\d+ \d/.test(text) ? '-' : own
      const micros =
        (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * 1_000_000n +
        BigInt(fraction.padEnd(6, '0'))
      parts.microseconds = sign === '-' ? -micros : micros
      return ''
    },
  )
  const others = left
    .replace(/([+-]?\d+) (year|mon|day)s?/g, (_, count, name) => {
      const [part, times] = UNITS[name] as (typeof UNITS)[string]
      parts[part] += Number(count) * times
      return ''
    })
    .replace(/([+-]?)(\d+)-(\d+)/, (_, sign, years, months) => {
      parts.months = (sign === '-' ? -1 : 1) * (Number(years) * 12 + Number(months))
      return ''
    })
    .replace(/[+-]?\d+/, (days) => {
      parts.days = Number(days)
      return ''
    })
  return others.trim() === '' ? parts : undefined
}

/** `1 year 2 mons -3 days 4 hours 5 mins 6.7 secs`, all with the other sign if it was so long ago. */
function unitParts(text: string, isAgo: boolean): Parts | undefined {
  const words = text === '0' ? [] : [...text.matchAll(/(-?\d+(?:\.\d+)?) (year|mon|day|hour|min|sec)s?/g)]
  const counts: Record<string, string> = {}
  for (const [, count = '0', name = ''] of words) counts[name] = count
  const { year = 0, mon = 0, day = 0, hour = 0, min = 0, sec = 0 } = counts
  return partsOf(`${isAgo ? '-' : ''}P${year}Y${mon}M${day}DT${hour}H${min}M${sec}S`)
}

/** A span of time: a text of ISO 8601. */
export const INTERVAL: SqlType = /* @__PURE__ */ textType('interval', 'named', {
  check: checkInterval,
  // PostgreSQL does not read a sign in front.
  sent: (text) => (text.startsWith('-') ? text.slice(1).replace(/\d+(\.\d+)?[A-Z]/g, '-$&') : text),
  ddl: () => 'interval',
  read: readInterval,
})
