import type { Node } from '../tree/node.js'
import type { Codec, Copy, TypedDialect } from './codec.js'
import { MappedCodec } from './mapped.js'
import { OWN, type SqlType } from './sql-type.js'

const PREFIX = 'domain '

/** How the values of a domain are carried: as those of the type below, under a name where the database has domains. */
export class DomainCodec extends MappedCodec {
  constructor(
    base: SqlType,
    readonly domain: string,
    /** The check of a column, by its name; of the domain itself, without. */
    readonly check: (column?: string) => Node | undefined,
    /** The statement that makes the domain. */
    readonly create: () => Node,
  ) {
    super(base, { name: PREFIX + domain, encode: (value) => value, decode: (value) => value })
  }

  /** A copy as the type below makes it. */
  copy(value: unknown, _type: SqlType, copy: Copy): unknown {
    return copy(value, this.base)
  }

  override codec(dialect: TypedDialect): Codec | undefined {
    const codec = super.codec(dialect)
    if (codec === undefined) return undefined
    const { base, domain } = this
    if (dialect.lacks.textTypes !== true) {
      const ddl = () => `"${domain.replaceAll('"', '""')}"`
      return { ...codec, ddl, literal: (value, type) => `${codec.literal(value, type)}::${ddl()}` }
    }
    const { definition } = codecOfBase(dialect, base)
    return {
      ...codec,
      definition: (column, type) => {
        const below = definition?.(column, base) ?? codec.ddl(type)
        const check = this.check(column.slice(1, -1).replaceAll('""', '"'))
        return check === undefined ? below : `${below} check (${dialect.toSQL(check, { inline: true }).sql})`
      },
    }
  }
}

function codecOfBase(dialect: TypedDialect, base: SqlType): Partial<Codec> {
  const known = dialect.types[base.name]
  const own = base[OWN] as Pick<MappedCodec, 'codec'> | undefined
  return own?.codec(dialect) ?? known ?? {}
}

/** A type under a name of its own, with a check. */
export function domainType(codec: DomainCodec): SqlType {
  const { base } = codec
  return { ...base, name: codec.mapping.name, base, [OWN]: codec }
}
