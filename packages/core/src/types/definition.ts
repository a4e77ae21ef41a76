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
