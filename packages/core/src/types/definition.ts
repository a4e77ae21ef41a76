import type { Family, SqlType } from './sql-type.js'

/**
 * A SQL type together with the JavaScript value that stands for it: what `integer()`, `text()` and their like
 * return, wherever a type is asked for (`cast`, `param`, `` sql(type)`…` ``).
 */
export interface TypeDefinition<out V, out F extends Family> {
  readonly sqlType: SqlType
  readonly '~value': V
  readonly '~family': F
}

/** The values that an expression of a family has where its column, told by `as`, has others. */
export type Stored<F extends Family> = F extends keyof StoredValues ? StoredValues[F] : never
interface StoredValues {
  bigint: bigint
  numeric: string
  date: string
  timestamp: Date
  timestamptz: Date
}
