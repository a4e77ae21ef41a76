import {
  type AddIntervalNode,
  type Compiler,
  type DateTruncNode,
  type ExpressionNode,
  type ExtractNode,
  Position,
  requireStable,
  type SqlType,
  secondsText,
  TEXT,
  type TimeDifferenceNode,
  type ToCharNode,
  templateParts,
} from '@espalier/core'

/*
 * Times are ISO texts here, of which SQLite's functions make others: `strftime(format, text, modifier, …)`.
 * See https://sqlite.org/lang_datefunc.html
 */

/** What stands behind the day in a text of a type, as a format. */
function timeFormat({ family }: SqlType): string {
  return family === 'date' ? '' : family === 'timestamp' ? 'T%H:%M:%f' : 'T%H:%M:%fZ'
}

/** A time as SQL between texts: `{0}` stands for it. */
function around(template: string, node: ExpressionNode, to: Compiler): void {
  const texts = template.split('{0}')
  if (texts.length > 2) requireStable(to, node, 'a part or a difference')
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) to.visit(node)
    to.text(texts[i] as string)
  }
}

const whole = (format: string) => `cast(strftime('${format}', {0}) as integer)`
const milliseconds = "(strftime('%s', {0}) * 1000 + substr(strftime('%f', {0}), 4))"
// The week of ISO 8601 and its year are those of its Thursday.
const thursday = "{0}, '-3 days', 'weekday 4'"
const fields: Readonly<Record<string, string>> = {
  year: whole('%Y'),
  isoyear: `cast(strftime('%Y', ${thursday}) as integer)`,
  quarter: "((strftime('%m', {0}) + 2) / 3)",
  month: whole('%m'),
  week: `((strftime('%j', ${thursday}) - 1) / 7 + 1)`,
  day: whole('%d'),
  doy: whole('%j'),
  dow: whole('%w'),
  isodow: "((strftime('%w', {0}) + 6) % 7 + 1)",
  hour: whole('%H'),
  minute: whole('%M'),
  second: "cast(strftime('%f', {0}) as real)",
  epoch: `(${milliseconds} / 1000.0)`,
}

/** A part of a time. */
export function writeExtract({ field, operand }: ExtractNode, to: Compiler): void {
  around(fields[field] as string, operand, to)
}

const begins: Readonly<Record<string, readonly [day: string, time: string, modifiers?: string]>> = {
  year: ['%Y-01-01', '00:00:00.000'],
  month: ['%Y-%m-01', '00:00:00.000'],
  week: ['%Y-%m-%d', '00:00:00.000', ", '-6 days', 'weekday 1'"],
  day: ['%Y-%m-%d', '00:00:00.000'],
  hour: ['%Y-%m-%d', '%H:00:00.000'],
  minute: ['%Y-%m-%d', '%H:%M:00.000'],
  second: ['%Y-%m-%d', '%H:%M:%S.000'],
}

/** The begin of a unit. */
export function writeDateTrunc({ unit, operand, type }: DateTruncNode, to: Compiler): void {
  const zone = type.family === 'timestamptz' ? 'Z' : ''
  if (unit === 'quarter') {
    const end = type.family === 'date' ? '' : `T00:00:00.000${zone}`
    const month = "substr('010101040404070707101010', 2 * strftime('%m', {0}) - 1, 2)"
    around(`(strftime('%Y-', {0}) || ${month} || '-01${end}')`, operand, to)
    return
  }
  const [day, time, modifiers = ''] = begins[unit] as readonly [string, string, string?]
  const format = type.family === 'date' ? day : `${day}T${time}${zone}`
  around(`strftime('${format}', {0}${modifiers})`, operand, to)
}

/**
 * A time later by a span. Where the month that is reached is too short, SQLite goes on into the next one; the last day
 * of the right month is then the smaller of the two.
 */
export function writeAddInterval({ operand, span, type }: AddIntervalNode, to: Compiler): void {
  const modifier = (text: string) => {
    to.text(', ')
    to.value(text, TEXT, Position.comparison)
  }
  const moves = span.days !== 0 || span.milliseconds !== 0
  if (moves || span.months === 0) to.text(`strftime('%Y-%m-%d${timeFormat(type)}', `)
  if (span.months === 0) to.visit(operand)
  else {
    requireStable(to, operand, 'a sum with months')
    to.text(type.family === 'date' ? 'min(date(' : '(min(date(')
    to.visit(operand)
    modifier(`${span.months} months`)
    to.text('), date(')
    to.visit(operand)
    to.text(", 'start of month'")
    modifier(`${span.months + 1} months`)
    to.text(", '-1 days'))")
    if (type.family !== 'date') {
      to.text(` || strftime('${timeFormat(type)}', `)
      to.visit(operand)
      to.text('))')
    }
  }
  if (span.days !== 0) modifier(`${span.days} days`)
  if (span.milliseconds !== 0) modifier(`${secondsText(span.milliseconds)} seconds`)
  if (moves || span.months === 0) to.text(')')
}

/** How long it is from one time to another. */
export function writeTimeDifference({ from, to: end, type }: TimeDifferenceNode, to: Compiler): void {
  if (type.family === 'integer') {
    to.text('cast(')
    around('julianday({0}) - ', end, to)
    around('julianday({0}) as integer)', from, to)
    return
  }
  to.text('((')
  around(`${milliseconds} - `, end, to)
  around(`${milliseconds}) / 1000.0)`, from, to)
}

const patterns: Readonly<Record<string, string>> = {
  YYYY: '%Y',
  MM: '%m',
  DD: '%d',
  DDD: '%j',
  HH24: '%H',
  MI: '%M',
  SS: '%S',
  'SS.MS': '%f',
}

/** A time as a text of a template. */
export function writeToChar({ operand, template }: ToCharNode, to: Compiler): void {
  const parts = templateParts(template) ?? []
  const format = parts.map(({ pattern, text }) =>
    pattern === undefined ? text?.replaceAll('%', '%%') : patterns[pattern],
  )
  to.text('strftime(')
  to.value(format.join(''), TEXT, Position.comparison)
  to.text(', ')
  to.visit(operand)
  to.text(')')
}
