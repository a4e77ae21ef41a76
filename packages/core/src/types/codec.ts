import { excerpt, ValueError } from '../errors.js'
import type { Node } from '../tree/node.js'
import type { SqlWriter } from './dialect.js'
import { OWN, type SqlType, typeText } from './sql-type.js'

/**
 * How one dialect writes the values of one SQL type; {@link Decoders} read them. `null` never reaches a codec: it is NULL everywhere.
 */
export interface Codec {
  /** The type as DDL and casts name it, for example `double precision`. */
  readonly ddl: (type: SqlType) => string
  /** A JavaScript value to what the driver sends. Throws a {@link ValueError} for a value that does not fit. */
  readonly encode: (value: unknown, type: SqlType) => unknown
  /** The type as the definition of a column has it, where that says more: a check of the column, by its quoted name. */
  readonly definition?: (column: string, type: SqlType) => string
  /** What is written in place of a parameter, or a literal, of the type: an expression of it. */
  readonly wrap?: (parameter: Node) => Node
  /** A value as a SQL literal, for scripts. It may assume that `encode` accepts the value. */
  readonly literal: (value: unknown, type: SqlType) => string
}

/** Codecs by the name of the type. */
export type TypeMap = Readonly<Record<string, Codec>>

/** What a driver returns to a JavaScript value. It never gets null. */
export type Decode = (value: unknown, type: SqlType) => unknown

/** How what a driver returns becomes JavaScript values: apart from codecs, since who only writes SQL reads nothing. */
export interface Decoders {
  /** By the name of the type; undefined where the two are the same. */
  readonly types: Readonly<Record<string, Decode | undefined>>
  /** The value of a column without a type, as raw SQL may make, by what the driver says of the column. */
  readonly untyped: (value: unknown, columnType: number | undefined) => unknown
  /**
   * How values are read that come within JSON, as those of nested rows do; without it, as all others are. It is given
   * what the dialect writes for each type into the rows of `nest`.
   */
  readonly inJson?: Decoders
  /** As that of the dialect. */
  readonly variant?: 'sqlite'
}

/**
 * How the values of a type are carried that brings this itself, so that only programs with the type have it. Both are
 * given what the dialect, or the decoders, have by the name of the type, which mostly is to be preferred.
 */
export interface OwnCodec {
  readonly codec: (dialect: TypedDialect, known: Codec | undefined) => Codec | undefined
  readonly decode?: (decoders: Decoders, known: Decode | undefined) => Decode | undefined
  /** A copy of an object or an array, since who gave it may change it later; undefined for what is none of the type. */
  readonly copy?: (value: object | null, type: SqlType, copy: Copy) => unknown
  /** What is selected in place of an expression of the type, by a query whose rows a program reads. */
  readonly selected?: (output: Node, to: Selecting, isRead?: boolean) => Node
}

/** A value of a type, as it is now. */
export type Copy = (value: unknown, type?: SqlType) => unknown

/** What a type sees of the query that selects it: no scope is around that of the outermost. */
export interface Selecting {
  readonly scope: { readonly outer: unknown } | undefined
  readonly dialect: object
}

/** What a codec is made for: a dialect with the codecs of its types. */
export type TypedDialect = SqlWriter & {
  readonly types: TypeMap
  /** Which of the types that a mapping may state for a database is meant here; by default, none. */
  readonly variant?: 'sqlite'
}

/**
 * How a dialect writes the values of a type: as the type itself says or, if that says nothing, as the dialect's type map
 * does for its name; undefined if neither knows.
 */
export function codecOf(dialect: TypedDialect, type: SqlType): Codec | undefined {
  const known = dialect.types[type.name]
  return (type[OWN] as OwnCodec | undefined)?.codec(dialect, known) ?? known
}

/** How the values of a type are read, as {@link codecOf}; undefined where they are what the driver returns. */
export function decodeOf(decoders: Decoders, type: SqlType): Decode | undefined {
  const known = decoders.types[type.name]
  return (type[OWN] as OwnCodec | undefined)?.decode?.(decoders, known) ?? known
}

/** An encoded value as text. */
export function encodedText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}

/** A value that does not fit its type; the caller adds where it stood. */
export function misfit(value: unknown, type: SqlType, expected: string): ValueError {
  return new ValueError(
    'invalid_value',
    `${excerpt(value)} is no value for ${typeText(type)}: expected ${expected}.` +
      (value === undefined ? ' Leave the key out, or write null for NULL.' : ''),
  )
}
