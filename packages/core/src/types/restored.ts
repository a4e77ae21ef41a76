import { BuildError, excerpt } from '../errors.js'
import { ARRAYS } from './array.js'
import { BIT, VARBIT } from './bit-strings.js'
import { COMPOSITES } from './composite.js'
import type { DomainCodec } from './domain.js'
import { HSTORE } from './hstore.js'
import { INTERVAL } from './interval-text.js'
import { type AnyMapping, MappedCodec } from './mapped.js'
import { isTimeText, knownMapping, TIME_TEXTS } from './modes.js'
import { NESTED } from './nested.js'
import { CIDR, INET, MACADDR, MACADDR8 } from './network.js'
import { DATE, NUMERIC, REAL, UUID } from './own-types.js'
import { RANGES } from './range.js'
import { TSQUERY, TSVECTOR } from './search-types.js'
import { OWN, type SqlType, storedAs } from './sql-type.js'
import { CHAR, CITEXT, ENUMS, OID, SMALLINT, TIME, TIMETZ, XML } from './text-types.js'

/** The types that bring their codecs, and are told by their names alone; a function, since a bundler would keep a list. */
const namedTypes = () => [
  ...[NUMERIC, REAL, DATE, UUID, SMALLINT, OID, CHAR, CITEXT, TIME, TIMETZ, INTERVAL, BIT, VARBIT],
  ...[XML, HSTORE, INET, CIDR, MACADDR, MACADDR8, TSVECTOR, TSQUERY],
]

/**
 * Gives a type that came from JSON the codec that it brought, and so the type of its elements. Mappings and types of a
 * program are looked for in `types`, by their names.
 */
export function restoreCodec(type: SqlType | undefined, types: readonly SqlType[]): void {
  if (type === undefined) return
  restoreCodec(type.element, types)
  restoreCodec(type.base, types)
  for (const field of type.fields ?? []) restoreCodec(field.type, types)
  const own = ownCodec(type, types)
  if (own !== undefined) Object.assign(type, { [OWN]: own })
  for (const inner of type.rows?.types ?? []) restoreCodec(inner, types)
}

function ownCodec({ name, family, base, values, fields }: SqlType, types: readonly SqlType[]): unknown {
  if (base !== undefined) {
    if (isTimeText(name)) return TIME_TEXTS
    const own = types.find((type) => type.name === name)?.[OWN] as Partial<DomainCodec> | undefined
    return own?.domain === undefined ? new MappedCodec(base, mappingOf(name, types)) : own
  }
  if (family === 'rows') return NESTED
  if (family === 'array') return ARRAYS
  if (fields !== undefined) return COMPOSITES
  if (family === 'range' || family === 'multirange') return RANGES
  if (values !== undefined) return ENUMS
  return [...namedTypes(), ...types.map(storedAs)].find((type) => type.name === name)?.[OWN]
}

function mappingOf(name: string, types: readonly SqlType[]): AnyMapping {
  const own = types.find((type) => type.name === name)?.[OWN] as Partial<MappedCodec> | undefined
  const mapping = own?.mapping ?? knownMapping(name)
  if (mapping !== undefined) return mapping
  throw new BuildError(
    'unknown_type',
    `This JSON has values of the type ${excerpt(name)}, which is a mapping of a program: give its type to ` +
      'fromJSON, fromJSON(json, {}, [type]).',
  )
}
