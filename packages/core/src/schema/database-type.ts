import { BuildError, excerpt } from '../errors.js'
import { codecOf, decodeOf, type OwnCodec } from '../types/codec.js'
import type { TypeDefinition } from '../types/definition.js'
import { type Family, OWN, type SqlType, TEXT, UNKNOWN } from '../types/sql-type.js'
import { type ColumnBuilder, column } from './column.js'

/** A type by what the database calls it: called, it makes a column, and it is a type wherever one is asked for. */
export interface DatabaseType<out V, out F extends Family> extends TypeDefinition<V, F> {
  /** A column of the type; the name is the column's, if it differs from its key. */
  (name?: string): ColumnBuilder<V, F>
}

/** How the values of a type of the database are carried. */
export interface DatabaseTypeCodec extends OwnCodec {
  /** The type as SQL. */
  readonly databaseType: string
  /** The type whose values it has; undefined for texts as the database writes them. */
  readonly values: SqlType | undefined
}

/**
 * A type that Espalier does not have, by what the database calls it, such as one of an extension. Its values are texts as the
 * database writes them; or those of another type, with its operators; or, with `'as is'`, what the driver has of them.
 *
 * The name is SQL, unchecked: whoever writes it writes the statement.
 *
 * Throws a `BuildError` for a name that is no text.
 * @example
 * ```ts
 * const point = databaseType('point')
 * const mediumText = databaseType('mediumtext', text())
 * const places = table('places', { at: point().notNull(), story: mediumText() })
 * createTable(places) // create table "places" ("at" point not null, "story" mediumtext)
 * insert(places).values({ at: '(1,2)' }).toSQL(postgresDialect).params // ['(1,2)']
 * ```
 */
export function databaseType(sql: string): DatabaseType<string | null, 'named'>
export function databaseType(sql: string, values: 'as is'): DatabaseType<unknown, 'unknown'>
export function databaseType<V, F extends Family>(
  sql: string,
  values: TypeDefinition<V, F>,
): DatabaseType<V | null, F>
export function databaseType(sql: string, values?: 'as is' | TypeDefinition<unknown, Family>): never {
  const like = values === 'as is' ? UNKNOWN : values?.sqlType
  if (typeof sql !== 'string' || (values !== undefined && like === undefined)) {
    throw new BuildError(
      'invalid_type',
      `databaseType takes what the database calls a type, and a type such as text() for its values, not ${excerpt([sql, values])}.`,
    )
  }
  const sqlType = databaseSqlType(sql, like)
  const make = (name?: string) => column(sqlType, name)
  return Object.assign(make, { sqlType }) as never
}

function databaseSqlType(sql: string, values: SqlType | undefined): SqlType {
  const own: DatabaseTypeCodec = {
    databaseType: sql,
    values,
    codec: (dialect) => {
      const codec = codecOf(dialect, values ?? TEXT)
      if (codec === undefined) return undefined
      const ddl = () => sql
      if (values !== undefined) return { ...codec, ddl }
      return { ...codec, ddl, literal: (value, type) => `${codec.literal(value, type)}::${sql}` }
    },
    // Where nothing is stated of the values, they are what the driver has of them.
    decode: (decoders) =>
      values === UNKNOWN ? (value) => decoders.untyped(value, undefined) : decodeOf(decoders, values ?? TEXT),
  }
  return { ...values, name: `type ${sql}`, family: values?.family ?? 'named', [OWN]: own }
}
