import { misfit } from './codec.js'
import type { SqlType } from './sql-type.js'
import { textType } from './text-types.js'

function checkBits(value: unknown, type: SqlType): string {
  if (typeof value === 'string' && /^[01]*$/.test(value)) return value
  throw misfit(value, type, "a text of zeros and ones, such as '0101'")
}

/** So many bits, neither more nor fewer: a text of zeros and ones. In quotation marks, the name has no length by itself. */
export const BIT: SqlType = /* @__PURE__ */ textType('bit', 'named', {
  check: (value, type) => {
    const bits = checkBits(value, type)
    // Without a length, a value is compared.
    if (type.length === undefined || bits.length === type.length) return bits
    throw misfit(value, type, `${type.length} bits, neither more nor fewer; varbit(…) takes fewer`)
  },
  ddl: ({ length }) => (length === undefined ? '"bit"' : `bit(${length})`),
})

/** At most so many bits, or any number of them. */
export const VARBIT: SqlType = /* @__PURE__ */ textType('varbit', 'named', {
  check: (value, type) => {
    const bits = checkBits(value, type)
    if (type.length === undefined || bits.length <= type.length) return bits
    throw misfit(value, type, `at most ${type.length} bits`)
  },
  ddl: ({ length }) => (length === undefined ? 'varbit' : `varbit(${length})`),
})
