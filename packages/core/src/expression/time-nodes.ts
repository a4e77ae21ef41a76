import type { Fields } from '../tree/node.js'
import { DATE } from '../types/own-types.js'
import { DOUBLE, INTEGER, type SqlType, TEXT } from '../types/sql-type.js'
import { type Span, spanText } from './interval.js'
import { ExpressionNode } from './node.js'
import { Precedence } from './operators.js'
import { Position, type Writer } from './writer.js'

// Written out, since a bundler would keep a list that is made of another.

/** The parts of a date. */
export const dateFields = [
  'year',
  'isoyear',
  'quarter',
  'month',
  'week',
  'day',
  'doy',
  'dow',
  'isodow',
] as const
/** The parts of a time of day. */
export const clockFields = ['hour', 'minute', 'second', 'epoch'] as const

/** The units to whose begin a date is brought. */
export const dateUnits = ['year', 'quarter', 'month', 'week', 'day'] as const
/** The units to whose begin a time of day is brought. */
export const clockUnits = ['hour', 'minute', 'second'] as const

/** Whether a name is one of a list, or of another. */
export function isOneOf(name: unknown, names: readonly string[], others: readonly string[]): boolean {
  return typeof name === 'string' && (names.includes(name) || others.includes(name))
}

/** The current day. */
export class CurrentDateNode extends ExpressionNode {
  static readonly fields: Fields<CurrentDateNode> = {}
  constructor() {
    super('currentDate')
  }
  get type(): SqlType {
    return DATE
  }
  override write(to: Writer): void {
    to.text('current_date')
  }
}

/** `extract(field from x)`, as a number of JavaScript. */
export class ExtractNode extends ExpressionNode {
  static readonly fields: Fields<ExtractNode> = { field: 'data', operand: 'child' }
  constructor(
    readonly field: string,
    readonly operand: ExpressionNode,
  ) {
    super('extract')
  }
  get type(): SqlType {
    return this.field === 'second' || this.field === 'epoch' ? DOUBLE : INTEGER
  }
  override write(to: Writer): void {
    to.text(`cast(extract(${this.field} from `)
    to.visit(this.operand)
    to.text(`) as ${to.codec(this.type).ddl(this.type)})`)
  }
}

/** The begin of the year, month, … of a time. */
export class DateTruncNode extends ExpressionNode {
  static readonly fields: Fields<DateTruncNode> = { unit: 'data', operand: 'child' }
  constructor(
    readonly unit: string,
    readonly operand: ExpressionNode,
  ) {
    super('dateTrunc')
  }
  get type(): SqlType {
    return this.operand.type
  }
  override write(to: Writer): void {
    const isDate = this.type.family === 'date'
    to.text(`${isDate ? 'cast(' : ''}date_trunc('${this.unit}', `)
    to.visit(this.operand)
    to.text(isDate ? ') as date)' : ')')
  }
}

/** A time moved by a span. */
export class AddIntervalNode extends ExpressionNode {
  static readonly fields: Fields<AddIntervalNode> = { operand: 'child', span: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly span: Span,
  ) {
    super('addInterval')
  }
  get type(): SqlType {
    return this.operand.type
  }
  override write(to: Writer): void {
    const isDate = this.type.family === 'date'
    if (isDate) to.text('cast(')
    to.operand(this.operand, Precedence.additive)
    to.text(' + ')
    to.value(spanText(this.span), TEXT, Position.comparison)
    to.text(isDate ? '::interval as date)' : '::interval')
  }
  override get precedence(): number {
    return this.type.family === 'date' ? Precedence.primary : Precedence.additive
  }
}

/** How long it is from one time to another: of dates in days, of others in seconds. */
export class TimeDifferenceNode extends ExpressionNode {
  static readonly fields: Fields<TimeDifferenceNode> = { from: 'child', to: 'child' }
  constructor(
    readonly from: ExpressionNode,
    readonly to: ExpressionNode,
  ) {
    super('timeDifference')
  }
  get type(): SqlType {
    return this.from.type.family === 'date' ? INTEGER : DOUBLE
  }
  override write(to: Writer): void {
    const isDate = this.type === INTEGER
    to.text(isDate ? '(' : 'cast(extract(epoch from ')
    to.operand(this.to, Precedence.additive)
    to.text(' - ')
    to.operand(this.from, Precedence.additive + 1)
    to.text(isDate ? ')' : ') as double precision)')
  }
}

/** A time as a text of a template. */
export class ToCharNode extends ExpressionNode {
  static readonly fields: Fields<ToCharNode> = { operand: 'child', template: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly template: string,
  ) {
    super('toChar')
  }
  get type(): SqlType {
    return TEXT
  }
  override write(to: Writer): void {
    to.text('to_char(')
    to.visit(this.operand)
    to.text(', ')
    to.value(this.template, TEXT, Position.free)
    to.text(')')
  }
}

/** A piece of a template: a part of the time, or a text that stays as it is. */
export interface TemplatePart {
  readonly pattern?: string
  readonly text?: string
}

/** The pieces of a template; undefined where it holds what the databases do not write alike. */
export function templateParts(template: unknown): readonly TemplatePart[] | undefined {
  if (typeof template !== 'string' || template === '') return undefined
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of template.matchAll(/(YYYY|DDD|DD|MM|HH24|MI|SS\.MS|SS)|"([^"\\]*)"|([^\p{L}"\\]+)/gu)) {
    if (match.index !== end) return undefined
    end += match[0].length
    const [, pattern, quoted, plain] = match
    parts.push(pattern === undefined ? { text: quoted ?? (plain as string) } : { pattern })
  }
  return end === template.length ? parts : undefined
}
