import { ARRAYS } from './array.js'
import { NESTED } from './nested.js'
import { DATE, NUMERIC, REAL, UUID } from './own-types.js'
import { RANGES } from './range.js'
import { OWN, type SqlType } from './sql-type.js'

/** Gives a type that came from JSON the codec that it brought, and so the type of its elements. */
export function restoreCodec(type: SqlType | undefined): void {
  if (type === undefined) return
  const own = ownCodec(type)
  if (own !== undefined) Object.assign(type, { [OWN]: own })
  restoreCodec(type.element)
  type.rows?.types.forEach(restoreCodec)
}

function ownCodec({ name, family }: SqlType): unknown {
  if (family === 'rows') return NESTED
  if (family === 'array') return ARRAYS
  if (family === 'range' || family === 'multirange') return RANGES
  return [NUMERIC, REAL, DATE, UUID].find((type) => type.name === name)?.[OWN]
}
