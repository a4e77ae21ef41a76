import type { TypeDefinition } from '../types/definition.js'
import type { Family } from '../types/sql-type.js'
import type {
  BooleanExpression,
  Expression,
  NumberExpression,
  Reads,
  TextExpression,
  Typed,
} from './expression.js'
import { documentOf, JsonNode } from './json-node.js'

/** The keys of the objects that a document may be. */
export type JsonKey<V> = unknown extends V
  ? string
  : V extends readonly unknown[] | string | number | boolean | null
    ? never
    : V extends object
      ? string & keyof V
      : string

/** What stands in an object under a key; null where it may be missing. */
export type JsonMember<V, K> = unknown extends V
  ? unknown
  : V extends object
    ? K extends keyof V
      ? undefined extends V[K]
        ? Exclude<V[K], undefined> | null
        : V[K]
      : null
    : null

/** What stands in an array; null, since it may be shorter. */
export type JsonElement<V> = unknown extends V ? unknown : V extends readonly (infer E)[] ? E | null : null

/** What is left of a value where a type is claimed for it. */
type Of<T, V> = unknown extends V
  ? T | null
  : Extract<V, T | null> extends never
    ? T | null
    : Extract<V, T | null>

/** A JSON document or a part of one; made by {@link jsonOf}. The types are what the column's type claims. */
export interface JsonExpression<V, out S extends Reads, out N extends string>
  extends Expression<V, S, N, 'json'> {
  /**
   * What an object has under a key: `"users"."settings" -> 'theme'`. NULL if it has none, or the document is no object.
   */
  get<const K extends JsonKey<V>>(key: K): JsonExpression<JsonMember<V, K>, S, N>

  /** What an array has at a place, counted from 0, or from its end by -1: `"t"."list" -> 0`. NULL if there is none. */
  at(index: number): JsonExpression<JsonElement<V>, S, N>

  /**
   * The text of a JSON text; of anything else its JSON; NULL for JSON's null.
   *
   * PostgreSQL: `"users"."settings" ->> 'theme'` · SQLite: `case json_type("users"."settings", '$."theme"') when 'text' then
   * "users"."settings" ->> '$."theme"' when 'null' then null else "users"."settings" -> '$."theme"' end`
   */
  text(): TextExpression<Of<string, V>, S, N>

  /**
   * A number, as JavaScript's own.
   *
   * PostgreSQL: `cast("t"."j" ->> 'n' as double precision)` · SQLite: `cast("t"."j" ->> '$."n"' as real)`
   */
  number(): NumberExpression<Of<number, V>, S, N, 'real'>

  /** A whole number of 32 bits, as a number: `cast("t"."j" ->> 'n' as integer)`. */
  integer(): NumberExpression<Of<number, V>, S, N, 'integer'>

  /** True or false. PostgreSQL: `cast("t"."j" ->> 'b' as boolean)` · SQLite: `"t"."j" ->> '$."b"'` */
  boolean(): BooleanExpression<Of<boolean, V>, S, N>

  /** The text as a value of another type, such as `date()`: `cast("t"."j" ->> 'born' as date)`. */
  as<V2, F extends Family>(type: TypeDefinition<V2, F>): Typed<F, NonNullable<V2> | null, S, N>
}

/**
 * A JSON document by its parts, typed by what its column claims. Each part is an expression: as JSON, or taken out of it by
 * `text()`, `number()`, `integer()`, `boolean()` or `as(type)`.
 *
 * Throws a `BuildError` if the expression is not of json or jsonb.
 * @example
 * ```ts
 * jsonOf(users.settings).get('theme').text().eq('dark')
 * // PostgreSQL: "users"."settings" ->> 'theme' = $1
 * select({ theme: jsonOf(users.settings).get('theme') }).from(users)
 * // PostgreSQL: select "users"."settings" -> 'theme' as "theme" from "users"
 * // SQLite: select "users"."settings" -> '$."theme"' as "theme" from "users"
 * ```
 */
export function jsonOf<V, S extends Reads, N extends string>(
  document: Expression<V, S, N, 'json'>,
): JsonExpression<V, S, N> {
  const node = documentOf('jsonOf', document)
  return new JsonNode(node, [], 'json', node.type) as unknown as JsonExpression<V, S, N>
}
