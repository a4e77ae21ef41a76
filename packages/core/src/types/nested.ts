import { TooManyRowsError, ValueError } from '../errors.js'
import { type Codec, type Decoders, misfit, type OwnCodec } from './codec.js'
import { RowPlan } from './row-plan.js'
import { type NestedRows, OWN, type SqlType } from './sql-type.js'

/** How many values one call makes an array of: PostgreSQL's functions take 100 arguments. */
export const VALUES_PER_ARRAY = 100

/** The type of rows within JSON: an array of them, or the only one. */
export function nestedType(rows: NestedRows): SqlType {
  return { name: 'nested json', family: 'rows', rows, [OWN]: NESTED }
}

/** How nested rows are carried: as JSON, from the database only. */
export const NESTED: OwnCodec = {
  codec: (dialect) => ({ ...(dialect.types.json as Codec), encode: refuseValue, literal: refuseValue }),
  decode: (decoders) => {
    const within = decoders.inJson ?? decoders
    let plan: RowPlan | undefined
    return (value, type) => {
      plan ??= planOf(type.rows as NestedRows, within)
      const rows = plan.rows(valuesOf(value, type))
      if (type.rows?.isOne !== true) return rows
      if (rows.length > 1) throw tooManyRows(rows.length)
      return rows[0] ?? null
    }
  },
}

function planOf({ types, labels, shape, absent }: NestedRows, decoders: Decoders): RowPlan {
  return new RowPlan({ outputs: types.map((type) => ({ type })), labels, shape }, decoders, new Set(absent))
}

function refuseValue(): never {
  throw new ValueError(
    'invalid_value',
    'Nested rows come from queries only: a value cannot stand in their place. Put it there in the program.',
  )
}

/** The values of the rows, from JSON that is still a text or was a part of another. */
function valuesOf(value: unknown, type: SqlType): unknown[][] {
  const rows: unknown = typeof value === 'string' ? JSON.parse(value) : value
  if (!Array.isArray(rows)) throw misfit(value, type, 'an array of rows')
  // What one call could not take is an array of arrays.
  return (type.rows as NestedRows).types.length > VALUES_PER_ARRAY ? rows.map((row) => row.flat()) : rows
}

function tooManyRows(found: number): TooManyRowsError {
  return new TooManyRowsError(
    'too_many_rows',
    `A query in nest.one(…) returned ${found} rows, where one or none was asked for. Narrow it by .where(…), take the ` +
      'first by .orderBy(…).limit(1), or all by nest.many(…).',
  )
}
