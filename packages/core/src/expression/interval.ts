import { BuildError, excerpt } from '../errors.js'

/** A number of days, weeks, months and years: what may be added to a date. Each may be negative. */
export interface DayInterval {
  readonly years?: number
  readonly months?: number
  readonly weeks?: number
  readonly days?: number
}

/**
 * A span of time as its parts, all of which are added: `{ months: 1, days: 3 }`. Each is a whole number that may be
 * negative; seconds may have three digits behind the point.
 */
export interface Interval extends DayInterval {
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

/** An interval by the three parts that do not convert into each other: a month has no number of days. */
export interface Span {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

const units: Readonly<Record<string, readonly [part: keyof Span, times: number]>> = {
  years: ['months', 12],
  months: ['months', 1],
  weeks: ['days', 7],
  days: ['days', 1],
  hours: ['milliseconds', 3_600_000],
  minutes: ['milliseconds', 60_000],
  seconds: ['milliseconds', 1000],
}

/** The parts of an interval that a caller gave; an error for anything else. */
export function spanOf(place: string, interval: unknown): Span {
  const span = { months: 0, days: 0, milliseconds: 0 }
  const parts = typeof interval === 'object' && interval !== null ? Object.entries(interval) : []
  if (parts.length === 0) throw notInterval(place, interval)
  for (const [name, count] of parts) {
    const unit = Object.hasOwn(units, name) ? units[name] : undefined
    if (unit === undefined || typeof count !== 'number') throw notInterval(place, interval)
    const amount = name === 'seconds' ? Math.round(count * 1000) : count * unit[1]
    const isWhole = name === 'seconds' ? Math.abs(amount / 1000 - count) < 1e-9 : Number.isInteger(count)
    span[unit[0]] += amount
    if (!isWhole || !isSpan(span)) throw notInterval(place, interval)
  }
  return span
}

function notInterval(place: string, interval: unknown): BuildError {
  return new BuildError(
    'invalid_interval',
    `${place}(…) takes an interval such as { months: 1, days: 3 }, of whole years, months, weeks, days, hours and ` +
      `minutes, and of seconds to the millisecond; not ${excerpt(interval)}.`,
  )
}

// More would lead out of the years 1 to 9999 in any case.
const MOST: Span = { months: 120_000, days: 3_660_000, milliseconds: 320_000_000_000_000 }

/** Whether a value, which may come from JSON, is a span. */
export function isSpan(value: unknown): value is Span {
  if (typeof value !== 'object' || value === null) return false
  return (['months', 'days', 'milliseconds'] as const).every((part) => {
    const amount = (value as Partial<Span>)[part]
    return Number.isInteger(amount) && Math.abs(amount as number) <= MOST[part]
  })
}

/** A span as PostgreSQL reads an interval: `1 mons 3 days`. */
export function spanText({ months, days, milliseconds }: Span): string {
  const parts: string[] = []
  if (months !== 0) parts.push(`${months} mons`)
  if (days !== 0) parts.push(`${days} days`)
  if (milliseconds !== 0 || parts.length === 0) parts.push(`${secondsText(milliseconds)} secs`)
  return parts.join(' ')
}

/** Milliseconds as a decimal number of seconds, exactly. */
export function secondsText(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  const fraction = size % 1000 === 0 ? '' : `.${String(size % 1000).padStart(3, '0')}`
  return `${milliseconds < 0 ? '-' : ''}${Math.floor(size / 1000)}${fraction}`
}
