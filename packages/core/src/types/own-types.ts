import { checkDate, checkNumeric, checkReal, checkUuid } from './check.js'
import type { Codec, OwnCodec } from './codec.js'
import { type Family, OWN, type SqlType } from './sql-type.js'

/**
 * The types that no value is taken for by itself: only programs that name them have them, so they bring their codecs. A
 * value is written as its text, cast to the type; a dialect that carries it otherwise says so in its type map.
 */

/** An exact decimal number: a text of digits. */
export const NUMERIC: SqlType = /* @__PURE__ */ type('numeric', 'numeric', checkNumeric, numericDdl)
/** A floating-point number of 32 bits: `number`. */
export const REAL: SqlType = /* @__PURE__ */ type('real', 'real', checkReal)
/** A day of the calendar: a text. */
export const DATE: SqlType = /* @__PURE__ */ type('date', 'date', checkDate)
/** A UUID: a text in lower case. */
export const UUID: SqlType = /* @__PURE__ */ type('uuid', 'uuid', checkUuid)

function type(name: string, family: Family, encode: Codec['encode'], ddl: Codec['ddl'] = () => name) {
  const codec: Codec = { ddl, encode, literal: (value, type) => `'${encode(value, type)}'::${name}` }
  const own: OwnCodec = { codec: (_dialect, known) => known ?? codec }
  return { name, family, [OWN]: own }
}

function numericDdl({ precision, scale }: SqlType): string {
  if (precision === undefined) return 'numeric'
  return scale === undefined ? `numeric(${precision})` : `numeric(${precision}, ${scale})`
}
