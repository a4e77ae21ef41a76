import { BuildError, excerpt } from '../errors.js'
import { DATE } from '../types/own-types.js'
import { INTEGER, TIMESTAMPTZ, typeText } from '../types/sql-type.js'
import { type Argument, call, type NulledByOf, type NullOf, type SourcesOf } from './call.js'
import type { Expression, NumberExpression, Reads, TextExpression, Typed } from './expression.js'
import { type DayInterval, type Interval, type Span, spanOf } from './interval.js'
import { type ExpressionNode, toExpression } from './node.js'
import {
  AddIntervalNode,
  CurrentDateNode,
  clockFields,
  clockUnits,
  DateTruncNode,
  dateFields,
  dateUnits,
  ExtractNode,
  TimeDifferenceNode,
  ToCharNode,
  templateParts,
} from './time-nodes.js'

type TimeFamily = 'date' | 'timestamp' | 'timestamptz'
type InstantFamily = 'timestamp' | 'timestamptz'

/** The parts of a date. Weeks are those of ISO 8601, from Monday; `dow` counts from Sunday, 0, `isodow` from Monday, 1. */
export type DateField = (typeof dateFields)[number]
/** The units of a date, and of a date and time. */
export type DateUnit = (typeof dateUnits)[number]
/** The units of a date and time. */
export type TimeUnit = DateUnit | 'hour' | 'minute' | 'second'

/**
 * The time at which the transaction began (PostgreSQL) or the statement runs (SQLite).
 *
 * PostgreSQL: `now()` · SQLite: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
 */
export function now(): Typed<'timestamptz', Date, never, never> {
  return call('now', TIMESTAMPTZ)
}

/** The current day in UTC, as `'YYYY-MM-DD'`: `current_date`. */
export function currentDate(): Typed<'date', string, never, never> {
  return new CurrentDateNode() as unknown as never
}

/**
 * A part of a date or time, in UTC, as a number: seconds with their fraction, `epoch` the seconds since 1970, the
 * others whole. The weeks of `week` and `isoyear` are those of ISO 8601; `dow` is 0 on Sunday, `isodow` 1 on Monday.
 * @example
 * ```ts
 * extract('year', users.createdAt)
 * // PostgreSQL: cast(extract(year from "users"."created_at") as integer)
 * // SQLite: cast(strftime('%Y', "users"."created_at") as integer)
 * extract('epoch', users.createdAt)
 * // PostgreSQL: cast(extract(epoch from "users"."created_at") as double precision)
 * ```
 */
export function extract<V, S extends Reads, N extends string>(
  field: DateField,
  value: Expression<V, S, N, TimeFamily>,
): NumberExpression<number | (V & null), S, N, 'integer'>
export function extract<V, S extends Reads, N extends string>(
  field: 'hour' | 'minute',
  value: Expression<V, S, N, InstantFamily>,
): NumberExpression<number | (V & null), S, N, 'integer'>
export function extract<V, S extends Reads, N extends string>(
  field: 'second' | 'epoch',
  value: Expression<V, S, N, InstantFamily>,
): NumberExpression<number | (V & null), S, N, 'real'>
export function extract(field: string, value: unknown): never {
  const node = time('extract', value)
  return new ExtractNode(oneOf('extract', field, node, dateFields, clockFields), node) as unknown as never
}

/**
 * The begin, in UTC, of the year, quarter, month, week (Monday), day, … of a date or time, in the same type.
 * @example
 * ```ts
 * dateTrunc('month', users.createdAt)
 * // PostgreSQL: date_trunc('month', "users"."created_at")
 * // SQLite: strftime('%Y-%m-01T00:00:00.000Z', "users"."created_at")
 * ```
 */
export function dateTrunc<V, S extends Reads, N extends string, F extends TimeFamily>(
  unit: F extends 'date' ? DateUnit : TimeUnit,
  value: Expression<V, S, N, F>,
): Typed<F, V, S, N> {
  const node = time('dateTrunc', value)
  return new DateTruncNode(oneOf('dateTrunc', unit, node, dateUnits, clockUnits), node) as unknown as never
}

/**
 * A date or time later by an interval. Months are added first, and the day is brought to the last one of the month
 * where that is shorter: a month after 31 January is 28 February. A date takes no hours, minutes and seconds.
 * @example
 * ```ts
 * addInterval(users.createdAt, { days: 3 })
 * // PostgreSQL: "users"."created_at" + $1::interval
 * // SQLite: strftime('%Y-%m-%dT%H:%M:%fZ', "users"."created_at", ?)
 * select(users.email).from(users).where(addInterval(users.createdAt, { months: 1 }).lt(now()))
 * ```
 */
export function addInterval<V, S extends Reads, N extends string, F extends TimeFamily>(
  value: Expression<V, S, N, F>,
  interval: F extends 'date' ? DayInterval : Interval,
): Typed<F, V, S, N> {
  return moved('addInterval', value, interval, 1)
}

/**
 * A date or time earlier by an interval, as {@link addInterval} adds one.
 * @example
 * ```ts
 * select(users.email).from(users).where(users.createdAt.gt(subtractInterval(now(), { days: 30 })))
 * // PostgreSQL: select "users"."email" as "value" from "users" where "users"."created_at" > now() + $1::interval
 * ```
 */
export function subtractInterval<V, S extends Reads, N extends string, F extends TimeFamily>(
  value: Expression<V, S, N, F>,
  interval: F extends 'date' ? DayInterval : Interval,
): Typed<F, V, S, N> {
  return moved('subtractInterval', value, interval, -1)
}

function moved(place: string, value: unknown, interval: unknown, sign: 1 | -1): never {
  const node = time(place, value)
  const { months, days, milliseconds } = spanOf(place, interval)
  if (milliseconds !== 0 && node.type.family === 'date') {
    throw new BuildError(
      'invalid_interval',
      `${place}(…): a date has no hours, minutes and seconds; cast it to timestamp() first.`,
    )
  }
  // Adding zero makes no zero negative.
  const span: Span = {
    months: sign * months + 0,
    days: sign * days + 0,
    milliseconds: sign * milliseconds + 0,
  }
  return new AddIntervalNode(node, span) as unknown as never
}

/**
 * The number of days from one date to another; negative where that is earlier.
 * @example
 * ```ts
 * daysBetween(cast(users.createdAt, date()), currentDate())
 * // PostgreSQL: (current_date - cast("users"."created_at" as date))
 * // SQLite: cast(julianday(current_date) - julianday(substr("users"."created_at", 1, 10)) as integer)
 * ```
 */
export function daysBetween<V, S extends Reads, N extends string, A extends Argument<'date'>>(
  from: Expression<V, S, N, 'date'>,
  to: A,
): NumberExpression<number | (V & null) | NullOf<A>, S | SourcesOf<A>, N | NulledByOf<A>, 'integer'> {
  return difference('daysBetween', from, to, true)
}

/**
 * The number of seconds from one time to another of the same type, with their fraction; negative where that is earlier.
 * @example
 * ```ts
 * secondsBetween(users.createdAt, now())
 * // PostgreSQL: cast(extract(epoch from now() - "users"."created_at") as double precision)
 * ```
 */
export function secondsBetween<
  V,
  S extends Reads,
  N extends string,
  F extends InstantFamily,
  A extends Argument<F>,
>(
  from: Expression<V, S, N, F>,
  to: A,
): NumberExpression<number | (V & null) | NullOf<A>, S | SourcesOf<A>, N | NulledByOf<A>, 'real'> {
  return difference('secondsBetween', from, to, false)
}

function difference(place: string, from: unknown, to: unknown, ofDates: boolean): never {
  const first = time(place, from)
  const last = toExpression(place, to, first.type)
  if (first.type.family === last.type.family && (first.type.family === 'date') === ofDates) {
    return new TimeDifferenceNode(first, last) as unknown as never
  }
  throw new BuildError(
    'mixed_types',
    `${place}(…) takes two ${ofDates ? 'dates' : 'timestamps of one type'}, not ${typeText(first.type)} and ` +
      `${typeText(last.type)}; cast them.`,
  )
}

/**
 * The date of a year, a month and a day; one that does not exist is an error in PostgreSQL and NULL in SQLite.
 *
 * PostgreSQL: `make_date("t"."y", "t"."m", $1::integer)` · SQLite: the same by `printf` and `date`
 */
export function makeDate<
  Y extends Argument<'integer'>,
  M extends Argument<'integer'>,
  D extends Argument<'integer'>,
>(year: Y, month: M, day: D): Typed<'date', string | null, SourcesOf<Y | M | D>, NulledByOf<Y | M | D>> {
  return call('make_date', DATE, ...[year, month, day].map((part) => toExpression('makeDate', part, INTEGER)))
}

/**
 * A date or time as a text of a template: of `YYYY`, `MM`, `DD`, `DDD` (day of the year), `HH24`, `MI`, `SS`, `SS.MS`,
 * signs, and texts in double quotes. All else is refused, since the databases do not write it alike.
 * @example
 * ```ts
 * toChar(users.createdAt, 'YYYY-MM')
 * // PostgreSQL: to_char("users"."created_at", $1::text)
 * // SQLite: strftime(?, "users"."created_at")
 * ```
 */
export function toChar<V, S extends Reads, N extends string>(
  value: Expression<V, S, N, TimeFamily>,
  template: string,
): TextExpression<string | (V & null), S, N> {
  if (templateParts(template) !== undefined) {
    return new ToCharNode(time('toChar', value), template) as unknown as never
  }
  throw new BuildError(
    'invalid_template',
    `toChar(…, ${excerpt(template)}): a template holds YYYY, MM, DD, DDD, HH24, MI, SS, SS.MS, signs, and other texts ` +
      'in double quotes.',
  )
}

function time(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value)
  const { family } = node.type
  if (family === 'date' || family === 'timestamp' || family === 'timestamptz') return node
  throw new BuildError(
    'no_operator',
    `${place}(…) takes a date or a time, not a value of type ${typeText(node.type)}.`,
  )
}

/** A name that a date has, or a time of day if the expression has one. */
function oneOf(
  place: string,
  name: string,
  { type }: ExpressionNode,
  ofDate: readonly string[],
  ofClock: readonly string[],
): string {
  const names = type.family === 'date' ? ofDate : [...ofDate, ...ofClock]
  if (names.includes(name)) return name
  throw new BuildError(
    'invalid_argument',
    `${place}(${excerpt(name)}, …): of a ${typeText(type)} there are ${names.join(', ')}.`,
  )
}
