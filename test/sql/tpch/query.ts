import { addInterval, type DayInterval, date, literal, numeric, type Statement } from '@espalier/core'
import { lineitem } from './schema.js'

/** A query of TPC-H: as a statement of the builder, and as SQL that a person wrote for it. */
export interface TpchQuery<Row extends object = object> {
  /** Its number and its name in the specification. */
  readonly name: string
  /** Built anew each time that it is asked for. */
  readonly statement: Statement<Row, never>
  /** The same question asked with other means of the builder: windows, filters, set operations, CTEs, joins. */
  readonly reworded: Statement<Row, never>
  /** For PostgreSQL; the columns come in the order of the row's keys. */
  readonly sql: string
  /** For SQLite, where PostgreSQL's text would not run or mean something else. */
  readonly sqlite?: string
}

/** The number 1, exactly. */
export const one = literal('1', numeric())

/** What a line item brings after its discount. */
export const revenue = lineitem.extendedPrice.mul(one.sub(lineitem.discount))

/** The day that comes an interval after another, as the database computes it. */
export const after = (day: string, interval: DayInterval) => addInterval(literal(day, date()), interval)
