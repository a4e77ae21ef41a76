import { BuildError, excerpt } from '../errors.js'
import {
  type CompositeDefinition,
  type CompositeValue,
  compositeOf,
  type FieldTypes,
} from '../types/composite.js'
import { refuseWrapped } from '../types/mapped.js'
import type { CompositeField, SqlType } from '../types/sql-type.js'
import { type ColumnBuilder, type ColumnOptions, column, columnOptions } from './column.js'

/** A type of several fields: called, it makes a column, and it is a type wherever one is asked for. */
export interface CompositeType<out T extends FieldTypes> extends CompositeDefinition<T> {
  /** A column of the type; the name is the column's, if it differs from its key. */
  (name?: string): ColumnBuilder<CompositeValue<T> | null, 'named'>
}

/**
 * A type of several fields under its name in the database: an object in JavaScript, with the value of each field, which is
 * null unless its type is `notNull()`. A value has all fields and no others. {@link field} takes one of it.
 *
 * PostgreSQL: a composite type, which {@link createComposite} makes, ordered by its fields · SQLite: `text`, an object of JSON of
 * what it stores for each field, equal values as equal texts, without an order
 *
 * Throws a `BuildError` for no name, no fields, two fields of one name, and fields that state what only columns have.
 * @example
 * ```ts
 * const address = compositeType('address', { street: text(), zip: char(5).notNull(), since: date() })
 * const people = table('people', { id: integer().primaryKey(), home: address().notNull() })
 * const row = insert(people).values({ id: 1, home: { street: 'Elm St 1', zip: '12345', since: null } })
 * row.toSQL(postgresDialect).params // [1, '("Elm St 1",12345,)']
 * row.toSQL(sqliteDialect).params // [1, '{"street":"Elm St 1","zip":"12345","since":null}']
 * ```
 */
export function compositeType<const T extends FieldTypes>(name: string, fields: T): CompositeType<T> {
  const given = Object.entries(Object(fields) as FieldTypes)
  if (typeof name !== 'string' || name === '' || given.length === 0) {
    throw new BuildError(
      'invalid_type',
      `compositeType takes a name and the types of its fields, { street: text() }, not ${excerpt([name, fields])}.`,
    )
  }
  const own = given.map(([key, type]) => fieldOf(`compositeType('${name}', …), field '${key}'`, key, type))
  const names = own.map((field) => field.name)
  const twice = names.find((one, i) => names.indexOf(one) < i)
  if (twice !== undefined) {
    throw new BuildError('invalid_type', `compositeType('${name}', …) has two fields of the name '${twice}'.`)
  }
  const sqlType = compositeOf(name, own)
  const make = (columnName?: string) => column<CompositeValue<T>, 'named'>(sqlType, columnName)
  return Object.assign(make, { sqlType }) as unknown as CompositeType<T>
}

function fieldOf(
  place: string,
  key: string,
  type: { readonly sqlType?: SqlType } | undefined,
): CompositeField {
  const sqlType = type?.sqlType
  if (sqlType === undefined || /^(unknown|rows)$/.test(sqlType.family)) {
    throw new BuildError('invalid_type', `${place} is ${excerpt(type)}; write a type such as text().`)
  }
  refuseWrapped(place, sqlType)
  const { name, notNull = false, ...rest } = (columnOptions(type) ?? {}) as Partial<ColumnOptions>
  const { primaryKey, unique, defaultValue, identity, reference } = rest
  if (
    primaryKey ||
    unique ||
    defaultValue !== undefined ||
    identity !== undefined ||
    reference !== undefined
  ) {
    throw new BuildError(
      'invalid_type',
      `${place}: a field has a type, a name and notNull(). Keys, defaults and references are for the columns of the type.`,
    )
  }
  // A form in which SQLite has a column is not that of what stands in others.
  const plain = sqlType.storage === undefined ? sqlType : { ...sqlType, storage: undefined }
  return { key, name: name ?? key, type: plain, notNull }
}
