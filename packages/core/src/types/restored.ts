import { ARRAYS } from './array.js'
import type { OwnCodec } from './codec.js'
import { DATE, NUMERIC, REAL, UUID } from './own-types.js'
import { RANGES } from './range.js'
import { OWN, type SqlType } from './sql-type.js'

const CODECS: ReadonlyMap<string, unknown> = /* @__PURE__ */ new Map<string, unknown>([
  ...[NUMERIC, REAL, DATE, UUID].map((type) => [type.name, type[OWN]] as const),
  ['array', ARRAYS satisfies OwnCodec],
  ['range', RANGES],
  ['multirange', RANGES],
])

/** Gives a type that came from JSON the codec that it brought, and so the type of its elements. */
export function restoreCodec(type: SqlType | undefined): void {
  if (type === undefined) return
  const own = CODECS.get(type.name) ?? CODECS.get(type.family)
  if (own !== undefined) Object.assign(type, { [OWN]: own })
  restoreCodec(type.element)
}
