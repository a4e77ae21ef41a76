import {
  cast,
  type Expression,
  integer,
  literal,
  numeric,
  type Reads,
  type Statement,
  substring,
  text,
} from '@espalier/core'
import { lineitem } from './schema.js'

/** A query of TPC-H: as a statement of the builder, and as SQL that a person wrote for it. */
export interface TpchQuery<Row extends object = object> {
  /** Its number and its name in the specification. */
  readonly name: string
  readonly statement: Statement<Row, never>
  /** For PostgreSQL; the columns come in the order of the row's keys. */
  readonly sql: string
  /** For SQLite, where PostgreSQL's text would not run or mean something else. */
  readonly sqlite?: string
}

/** The number 1, exactly. */
export const one = literal('1', numeric())

/** What a line item brings after its discount. */
export const revenue = lineitem.extendedPrice.mul(one.sub(lineitem.discount))

/** The year of a date. */
export function yearOf<V, S extends Reads, N extends string>(date: Expression<V, S, N, 'date'>) {
  return cast(substring(cast(date, text()), 1, 4), integer())
}
