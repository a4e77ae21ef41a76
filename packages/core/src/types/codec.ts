import { excerpt, ValueError } from '../errors.js'
import { type SqlType, typeText } from './sql-type.js'

/**
 * How one dialect carries the values of one SQL type. `null` never reaches a codec: it is NULL everywhere.
 */
export interface Codec {
  /** The type as DDL and casts name it, for example `double precision`. */
  readonly ddl: (type: SqlType) => string
  /** A JavaScript value to what the driver sends. Throws a {@link ValueError} for a value that does not fit. */
  readonly encode: (value: unknown, type: SqlType) => unknown
  /** What the driver returns to a JavaScript value; undefined where the two are the same. */
  readonly decode: ((value: unknown, type: SqlType) => unknown) | undefined
  /** A value as a SQL literal, for scripts. It may assume that `encode` accepts the value. */
  readonly literal: (value: unknown, type: SqlType) => string
}

/** Codecs by the name of the type. */
export type TypeMap = Readonly<Record<string, Codec>>

/** A value that does not fit its type; the caller adds where it stood. */
export function misfit(value: unknown, type: SqlType, expected: string): ValueError {
  return new ValueError(
    'invalid_value',
    `${excerpt(value)} is no value for ${typeText(type)}: expected ${expected}.${hint(value)}`,
  )
}

function hint(value: unknown): string {
  if (value === undefined) return ' Leave the key out, or write null for NULL.'
  return ''
}
