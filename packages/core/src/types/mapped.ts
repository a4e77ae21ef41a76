import { BuildError, ValueError } from '../errors.js'
import type { Node } from '../tree/node.js'
import {
  type Codec,
  codecOf,
  type Decode,
  type Decoders,
  decodeOf,
  misfit,
  type Selecting,
  type TypedDialect,
} from './codec.js'
import type { TypeDefinition } from './definition.js'
import { type Family, OWN, type SqlType, withoutLimits } from './sql-type.js'

/** How values of a program's own stand for the values `V` of a type; {@link mapped} takes it. */
export interface Mapping<V, T> {
  /** What the type is called in error messages and in JSON: one name for one mapping. */
  readonly name: string
  /** A value of the program to what the type takes. What it throws is told with the column that the value was for. */
  readonly encode: (value: T) => V
  /** A value of the type, as the database returned it, to that of the program. */
  readonly decode: (value: V) => T
}

/** What SQL a mapping puts around its values; {@link mapped} takes it. */
export interface SqlMapping<E> {
  /** The type of the column in DDL and in casts, where it is another than that of the values: `geometry(Point, 4326)`. */
  readonly stored?: string
  /** The expression that is written for a value, given its parameter. */
  readonly write?: (parameter: E) => Node
  /** The expression that is selected, given the column or another expression of the type; NULL for NULL. */
  readonly read?: (column: E) => Node
}

/** How SQLite has the values of a mapping, where that is another type; {@link mapped} takes it. */
export interface SqliteMapping<V, T, F extends Family> {
  readonly type: TypeDefinition<V, F>
  /** A value of the program to what this type takes. */
  readonly encode: (value: T) => NonNullable<V>
  /** A value of this type to that of the program. */
  readonly decode: (value: NonNullable<V>) => T
}

/** Any mapping, where its values are not looked at. */
export interface AnyMapping extends SqlMapping<never> {
  readonly name: string
  readonly encode: (value: never) => unknown
  readonly decode: (value: never) => unknown
  readonly sqlite?:
    | (Omit<AnyMapping, 'name' | 'sqlite'> & { readonly type: { readonly sqlType: SqlType } })
    | undefined
}

/** The type as which SQLite has the values of a type, with all that it is mapped from. */
export function storedInSqlite(type: SqlType): SqlType {
  const variant = (type[OWN] as Partial<MappedCodec> | undefined)?.sqlite
  if (variant !== undefined) return storedInSqlite(variant.base)
  return type.base === undefined ? type : storedInSqlite(type.base)
}

/** Refuses a type whose values have SQL around them, where there is no place for that. */
export function refuseWrapped(place: string, type: SqlType): void {
  const { mapping } = (type[OWN] ?? {}) as Partial<MappedCodec>
  if (![mapping, mapping?.sqlite].some((one) => one?.write ?? one?.read ?? one?.stored)) return
  throw new BuildError(
    'invalid_type',
    `${place} takes no type with SQL around its values, such as '${type.name}': that is written for columns and parameters, ` +
      'and not within others.',
  )
}

/** A type whose values are mapped from and to those of another. */
export function mappedType(base: SqlType, mapping: AnyMapping): SqlType {
  const codec = new MappedCodec(base, mapping)
  return { ...base, name: mapping.name, base, ...storedAsIn(codec), [OWN]: codec }
}

/** The form in which SQLite has the values of a mapping: that of the type that it has there, if that is another. */
function storedAsIn({ sqlite }: MappedCodec): Pick<SqlType, 'storage'> {
  return sqlite === undefined ? {} : { storage: sqlite.base.storage }
}

/** How mapped values are carried: as the values of the type below. */
export class MappedCodec {
  /** The type without the limits of the one below; see {@link withoutLimits}. */
  readonly free: SqlType
  private readonly freeBase: SqlType
  private known: { readonly dialect: TypedDialect; readonly codec: Codec } | undefined

  /** How SQLite has them, if in another way. */
  readonly sqlite: MappedCodec | undefined

  constructor(
    readonly base: SqlType,
    readonly mapping: AnyMapping,
    /** The type whose limits say whether those of the type below are meant. */
    private readonly like: SqlType = base,
  ) {
    const { name, sqlite } = mapping
    this.sqlite = sqlite && new MappedCodec(sqlite.type.sqlType, { ...sqlite, name }, base)
    const freeBase = withoutLimits(base)
    this.freeBase = freeBase
    this.free = { ...freeBase, name: mapping.name, base, ...storedAsIn(this), [OWN]: this }
  }

  codec(dialect: TypedDialect): Codec | undefined {
    if (this.known?.dialect === dialect) return this.known.codec
    if (this.sqlite !== undefined && dialect.variant === 'sqlite') return this.sqlite.codec(dialect)
    const inner = codecOf(dialect, this.base)
    if (inner === undefined) return undefined
    const { stored, write } = this.mapping
    const codec: Codec = {
      ...(write && { wrap: (parameter) => write(this.plain(parameter) as never) }),
      ddl: (type) => stored ?? inner.ddl(this.below(type)),
      encode: (value, type) => inner.encode(this.stored(value, type), this.below(type)),
      literal: (value, type) => inner.literal(this.stored(value, type), this.below(type)),
    }
    this.known = { dialect, codec }
    return codec
  }

  /** A parameter as a value of the type below, around which nothing is written. */
  private plain(parameter: Node): Node {
    const { name, encode, decode } = this.mapping
    const type = mappedType(this.base, { name, encode, decode })
    return Object.assign(Object.create(Object.getPrototypeOf(parameter)), parameter, { type })
  }

  selected(output: Node, { scope, dialect }: Selecting, isRead = scope?.outer === undefined): Node {
    const { variant } = dialect as Partial<TypedDialect>
    const { read } = (variant === 'sqlite' && this.sqlite ? this.sqlite : this).mapping
    return isRead && read !== undefined ? read(output as never) : output
  }

  decode(decoders: Decoders): Decode {
    if (this.sqlite !== undefined && decoders.variant === 'sqlite') return this.sqlite.decode(decoders)
    const decode = decodeOf(decoders, this.base)
    return (value, type) => {
      const below = decode === undefined ? value : decode(value, this.below(type))
      return this.translate(this.mapping.decode, below, type)
    }
  }

  /** The value of the type below that stands for one of the program. */
  stored(value: unknown, type: SqlType): unknown {
    if (value === undefined) throw misfit(value, type, 'a value')
    return this.translate(this.mapping.encode, value, type)
  }

  private translate(by: (value: never) => unknown, value: unknown, type: SqlType): unknown {
    try {
      return by(value as never)
    } catch (error) {
      if (error instanceof ValueError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      const { code, message } = misfit(value, type, `what its mapping takes (${reason})`)
      throw new ValueError(code, message, { cause: error })
    }
  }

  /** The type below, with limits or without, as the type that is written has them. */
  private below({ length, precision, storage }: SqlType): SqlType {
    const { base, freeBase, like } = this
    const below = length === like.length && precision === like.precision ? base : freeBase
    return storage === below.storage ? below : { ...below, storage }
  }
}
