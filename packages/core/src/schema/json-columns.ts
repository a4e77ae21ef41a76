import { BuildError, excerpt } from '../errors.js'
import { JSON_TYPE, JSONB, type SqlType } from '../types/sql-type.js'
import { checkedType, type SchemaOutput, type Stable, type StandardSchema } from '../types/standard-schema.js'
import { type ColumnBuilder, column } from './column.js'

/** When a schema checks the values of a column, beside when they are sent. */
export interface SchemaOptions {
  /** `'read'`: also when they are read. */
  readonly validate?: 'read'
}

/**
 * A JSON document, kept as it was written. `null` is NULL. `T` is a claim about its content; a schema of any library that
 * follows the [Standard Schema](https://standardschema.dev) checks it, and has its type: values are checked, and sent as
 * the schema makes them, wherever they are given for the column. With `{ validate: 'read' }` they are checked, and become
 * what the schema makes of them, also when they are read; this is needed for values that JSON does not have, such as dates.
 *
 * A value that the schema refuses is a `ValueError` that names the column and the place in the document; so is a schema
 * that answers by a promise. What the database computes, as `jsonSet` does, is not checked.
 * @example
 * ```ts
 * settings: json<{ theme: 'dark' | 'light' }>()
 * ```
 */
export function json<T = unknown>(name?: string): ColumnBuilder<T | null, 'json'>
export function json<S extends StandardSchema>(
  schema: S & Stable<S>,
  options?: SchemaOptions,
): ColumnBuilder<SchemaOutput<S> | null, 'json'>
export function json<S extends StandardSchema>(
  name: string,
  schema: S & Stable<S>,
  options?: SchemaOptions,
): ColumnBuilder<SchemaOutput<S> | null, 'json'>
export function json(...args: readonly unknown[]): never {
  return document(JSON_TYPE, args)
}

/**
 * A JSON document in PostgreSQL's binary form, which forgets spaces and the order of keys; otherwise as {@link json}.
 */
export function jsonb<T = unknown>(name?: string): ColumnBuilder<T | null, 'json'>
export function jsonb<S extends StandardSchema>(
  schema: S & Stable<S>,
  options?: SchemaOptions,
): ColumnBuilder<SchemaOutput<S> | null, 'json'>
export function jsonb<S extends StandardSchema>(
  name: string,
  schema: S & Stable<S>,
  options?: SchemaOptions,
): ColumnBuilder<SchemaOutput<S> | null, 'json'>
export function jsonb(...args: readonly unknown[]): never {
  return document(JSONB, args)
}

function document(type: SqlType, args: readonly unknown[]): never {
  const name = typeof args[0] === 'string' ? args[0] : undefined
  const [schema, options] = (name === undefined ? args : args.slice(1)) as [StandardSchema?, SchemaOptions?]
  if (schema === undefined) return column(type, name) as never
  if (schema?.['~standard'] === undefined) {
    throw new BuildError(
      'invalid_type',
      `${type.name} takes a name or a Standard Schema, not ${excerpt(schema)}.`,
    )
  }
  return column(checkedType(type, schema, options?.validate === 'read'), name) as never
}
