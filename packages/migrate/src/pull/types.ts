import { type DatabaseTypeCodec, type Node, OWN, type SqlType } from '@espalier/core'
import { call, type Layout } from './layout.js'
import type { CoreName, Needs } from './module.js'
import { stringSource } from './text.js'

/** The functions that make the types without arguments, by the names of these. */
const PLAIN: Readonly<Record<string, CoreName>> = {
  bigint: 'bigint',
  boolean: 'boolean',
  bytes: 'bytes',
  cidr: 'cidr',
  citext: 'citext',
  date: 'date',
  datemultirange: 'datemultirange',
  daterange: 'daterange',
  double: 'double',
  hstore: 'hstore',
  inet: 'inet',
  int4multirange: 'int4multirange',
  int4range: 'int4range',
  int8multirange: 'int8multirange',
  int8range: 'int8range',
  integer: 'integer',
  interval: 'interval',
  json: 'json',
  jsonb: 'jsonb',
  macaddr: 'macaddr',
  macaddr8: 'macaddr8',
  nummultirange: 'nummultirange',
  numrange: 'numrange',
  oid: 'oid',
  real: 'real',
  smallint: 'smallint',
  text: 'text',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  timetz: 'timetz',
  tsmultirange: 'tsmultirange',
  tsquery: 'tsquery',
  tsrange: 'tsrange',
  tstzmultirange: 'tstzmultirange',
  tstzrange: 'tstzrange',
  tsvector: 'tsvector',
  uuid: 'uuid',
  xml: 'xml',
}

/** Those that may have a length. */
const WITH_LENGTH: Readonly<Record<string, CoreName>> = {
  bit: 'bit',
  char: 'char',
  varbit: 'varbit',
  varchar: 'varchar',
}

/** A type that a module declares under a name of its own, before what is of it. */
export interface NamedType {
  readonly key: string
  readonly name: string
  readonly kind: 'enum' | 'domain' | 'composite' | 'type'
  readonly type: SqlType
}

/** What the own codec of a domain or of a type of the database says of it. */
type OwnType = Partial<DatabaseTypeCodec> & { readonly domain?: string; readonly create?: () => Node }

const ownOf = (type: SqlType): OwnType => (type[OWN] ?? {}) as OwnType

/** The check of a domain, where it has one. */
export function domainOf(
  type: SqlType,
): { readonly name: string; readonly check: Node | undefined } | undefined {
  const { domain, create } = ownOf(type)
  if (domain === undefined || create === undefined) return undefined
  return { name: domain, check: (create() as Node & { readonly check?: Node }).check }
}

/** A type by what the database calls it, with that of its values: `as is` for what the driver has. */
export function databaseTypeOf(
  type: SqlType,
): { readonly sql: string; readonly values: SqlType | 'as is' | undefined } | undefined {
  const { databaseType, values } = ownOf(type)
  if (databaseType === undefined) return undefined
  return { sql: databaseType, values: values?.family === 'unknown' ? 'as is' : values }
}

/** The name in the database of an enum or a composite type, which has its kind before it. */
export function bareName({ name }: SqlType): string {
  return name.replace(/^(enum|composite) /, '')
}

/** The declaration that a type needs; undefined for those that a function of `@espalier/core` makes. */
export function namedType(type: SqlType): NamedType | undefined {
  const domain = domainOf(type)
  if (domain !== undefined) return { key: `domain ${domain.name}`, name: domain.name, kind: 'domain', type }
  if (type.values !== undefined) return { key: type.name, name: bareName(type), kind: 'enum', type }
  if (type.fields !== undefined) {
    return { key: type.name, name: bareName(type), kind: 'composite', type }
  }
  const own = databaseTypeOf(type)
  if (own === undefined || plainTypeOf(type) !== undefined) return undefined
  const values = own.values === 'as is' ? own.values : own.values?.name
  return { key: `type ${own.sql} ${values ?? ''}`, name: own.sql || 'untyped', kind: 'type', type }
}

/** SQLite does not heed the case of a type; Espalier writes its own in lower case. */
const OF_ANY_CASE: Readonly<Record<string, SqlType>> = {
  integer: { name: 'bigint', family: 'bigint' },
  text: { name: 'text', family: 'text' },
  real: { name: 'double', family: 'real' },
  blob: { name: 'bytes', family: 'bytes' },
  numeric: { name: 'numeric', family: 'numeric' },
}

/** One of Espalier's own types that means the same as one that is kept by its name. */
function plainTypeOf(type: SqlType): SqlType | undefined {
  const own = databaseTypeOf(type)
  if (own === undefined || own.values === undefined) return undefined
  const length = /^varchar *\( *([1-9]\d{0,6}) *\)$/i.exec(own.sql)?.[1]
  if (length !== undefined) return { name: 'varchar', family: 'text', length: Number(length) }
  const word = own.sql.toLowerCase()
  return Object.hasOwn(OF_ANY_CASE, word) ? OF_ANY_CASE[word] : undefined
}

/** A type as it is written: one of Espalier's own where that means the same. */
export function writtenType(type: SqlType): SqlType {
  return plainTypeOf(type) ?? type
}

/** Writes types as source text. */
export class TypeWriter {
  /** `variables` are those of the types that are declared, by their keys. */
  constructor(private readonly variables: ReadonlyMap<string, string>) {}

  /** A call that makes a column of a type, or the type itself. `name` is that of the column, where its key does not give it. */
  source(given: SqlType, needs: Needs, name?: string): Layout {
    const type = writtenType(given)
    const first = name === undefined ? [] : [stringSource(name)]
    const declared = namedType(type)
    if (declared !== undefined) {
      const variable = this.variables.get(declared.key)
      if (variable === undefined) throw new Error(`The type ${declared.key} is not declared.`)
      return call(needs.variable(variable), first)
    }
    if (type.name === 'array') {
      return call(needs.core('array'), [...first, this.source(type.element as SqlType, needs)])
    }
    if (type.name === 'numeric') {
      const { precision, scale } = type
      if (precision === undefined) return call(needs.core('numeric'), first)
      const digits =
        scale === undefined ? `{ precision: ${precision} }` : `{ precision: ${precision}, scale: ${scale} }`
      return call(needs.core('numeric'), [...first, digits])
    }
    const sized = WITH_LENGTH[type.name]
    if (sized !== undefined) {
      return call(needs.core(sized), type.length === undefined ? first : [...first, String(type.length)])
    }
    const plain = PLAIN[type.name]
    if (plain !== undefined) return call(needs.core(plain), first)
    throw new Error(`The type ${type.name} has no source text.`)
  }
}
