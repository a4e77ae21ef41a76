import { BuildError, excerpt } from '../errors.js'
import type { TypeDefinition } from '../types/definition.js'
import { enumOf } from '../types/text-types.js'
import { type ColumnBuilder, column } from './column.js'

/** A type of a list of values: called, it makes a column, and it is a type wherever one is asked for. */
export interface EnumType<out T extends string> extends TypeDefinition<T | null, 'named'> {
  /** A column of the type; the name is the column's, if it differs from its key. */
  (name?: string): ColumnBuilder<T | null, 'named'>
  /** The values, in their order. */
  readonly values: readonly T[]
}

/**
 * A type of a list of texts, under its name in the database: a union of them in TypeScript. A value that is none is refused
 * before it is sent, and when it is read.
 *
 * PostgreSQL: a type that {@link createEnum} makes, ordered as declared · SQLite: `text check (… in (…))`, ordered as texts
 *
 * Throws a `BuildError` for a list that is empty, or has a value twice.
 * @example
 * ```ts
 * const mood = enumType('mood', ['sad', 'ok', 'happy'])
 * const people = table('people', { id: integer().primaryKey(), mood: mood().notNull().default('ok') })
 * people.mood.in(['sad', 'ok']) // "people"."mood" in ($1, $2)
 * ```
 */
export function enumType<const T extends string>(name: string, values: readonly T[]): EnumType<T> {
  const isList = Array.isArray(values) && values.every((value) => typeof value === 'string')
  if (typeof name !== 'string' || name === '' || !isList || values.length === 0) {
    throw new BuildError(
      'invalid_type',
      `enumType takes a name and a list of texts, not ${excerpt([name, values])}.`,
    )
  }
  const twice = values.find((value, i) => values.indexOf(value) < i)
  if (twice !== undefined) {
    throw new BuildError('invalid_type', `enumType('${name}', …) has ${excerpt(twice)} twice.`)
  }
  const sqlType = enumOf(name, [...values])
  const make = (columnName?: string) => column<T, 'named'>(sqlType, columnName)
  return Object.assign(make, { sqlType, values: sqlType.values }) as unknown as EnumType<T>
}
