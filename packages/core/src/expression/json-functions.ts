import { BuildError, excerpt } from '../errors.js'
import { BOOLEAN, DOUBLE, type Family, INTEGER, JSONB, type SqlType, TEXT } from '../types/sql-type.js'
import type { NulledByOf, SourcesOf } from './call.js'
import type {
  BooleanExpression,
  Expression,
  MadeOfParts,
  NumberExpression,
  Reads,
  TextExpression,
} from './expression.js'
import { FeatureCallNode } from './feature-call.js'
import { CastNode, FunctionNode } from './function-node.js'
import { asJsonb, JsonBuildNode, JsonKeysNode, JsonRemoveNode, JsonSetNode } from './json-change-node.js'
import { documentOf, isJsonPlace, type JsonSteps } from './json-node.js'
import { describe, type ExpressionNode, isExpression, ParameterNode } from './node.js'
import { OperatorNode } from './operator-node.js'

type Document<V, S extends Reads, N extends string> = Expression<V, S, N, 'json'>

/** What becomes a part of a document: any value that JSON can hold, `null` included, or an expression. */
export type JsonPart = unknown

type PartValue<T> = T extends { readonly '~value': infer V } ? V : T
/** A part where outer joins may leave out what it reads. */
type NulledPart<T> =
  T extends MadeOfParts<infer W>
    ? W
    : Widened<PartValue<T>> | ([NulledByOf<T>] extends [never] ? never : null)
type Widened<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T

const FAMILIES: readonly Family[] = [
  'named',
  'integer',
  'real',
  'text',
  'boolean',
  'date',
  'json',
  'uuid',
  'unknown',
]

/** The types of these families whose values the databases write into JSON in different forms. */
const DIFFERENT = /^(?:timetz|interval|inet|cidr|oid|hstore|composite .*)$/s

/** A value as JSON, an expression as what both databases put into JSON in the same form. */
function part(place: string, value: unknown): ExpressionNode {
  if (!isExpression(value)) {
    if (value !== undefined) return new ParameterNode(value, JSONB)
    throw new BuildError(
      'undefined_value',
      `${place}: undefined is never a value. Write null for JSON's null.`,
    )
  }
  const { family, name, base } = value.type
  if (base !== undefined) {
    throw new BuildError(
      'invalid_part',
      `${place}: ${describe(value)} is of type ${name}, which has no form in JSON. Cast it to text, or to ${base.name}.`,
    )
  }
  if (name === 'real') return new CastNode(value, DOUBLE)
  if (FAMILIES.includes(family) && !DIFFERENT.test(name)) return value
  throw new BuildError(
    'invalid_part',
    `${place}: ${describe(value)} is of type ${name}, which the databases write into JSON in different forms. Cast it to text, ` +
      'or to double for a number.',
  )
}

function steps(place: string, path: unknown): JsonSteps {
  const list = Array.isArray(path) ? (path as unknown[]) : [path]
  if (isJsonPlace(list)) return list as JsonSteps
  throw new BuildError(
    'invalid_path',
    `${place}(…, ${excerpt(path)}): a path is a key, or a list of keys and places, such as ['list', 0].`,
  )
}

/**
 * An object of values and expressions. Where an outer join leaves out the source of a member, that member is null.
 *
 * Throws a `BuildError` for an expression of a type that the databases write into JSON in different forms: `bigint`,
 * `numeric`, times and bytes. Cast it to text.
 * @example
 * ```ts
 * jsonObject({ email: users.email, age: 5 })
 * // PostgreSQL: jsonb_build_object('email', "users"."email", 'age', $1::jsonb)
 * // SQLite: json_object('email', "users"."email", 'age', json(?))
 * ```
 */
export function jsonObject<const T extends Readonly<Record<string, JsonPart>>>(
  members: T,
): Expression<
  { -readonly [K in keyof T]: Widened<PartValue<T[K]>> },
  SourcesOf<T[keyof T]>,
  NulledByOf<T[keyof T]>,
  'json'
> &
  MadeOfParts<{ -readonly [K in keyof T]: NulledPart<T[K]> }> {
  const keys = Object.keys(members)
  const values = keys.map((key) => part(`jsonObject, key '${key}'`, members[key]))
  return new JsonBuildNode(keys, values) as unknown as never
}

/** An array of values and expressions, as {@link jsonObject}: `jsonb_build_array("users"."email", $1::jsonb)`. */
export function jsonArray<const T extends readonly JsonPart[]>(
  ...items: T
): Expression<Widened<PartValue<T[number]>>[], SourcesOf<T[number]>, NulledByOf<T[number]>, 'json'> &
  MadeOfParts<NulledPart<T[number]>[]> {
  const values = items.map((item, i) => part(`jsonArray, place ${i}`, item))
  return new JsonBuildNode(undefined, values) as unknown as never
}

/**
 * A document with another value at a place: that of a key or of a path. The last step of the path may be new; if one
 * before it is missing, the document stays as it is. A place beyond the end of an array is the one behind its last.
 *
 * Throws a `BuildError` for an empty path, and for a place counted from the end.
 * @example
 * ```ts
 * jsonSet(users.settings, 'theme', 'dark')
 * // PostgreSQL: jsonb_set(cast("users"."settings" as jsonb), '{theme}'::text[], $1::jsonb)
 * // SQLite: json_set("users"."settings", '$."theme"', json(?))
 * ```
 */
export function jsonSet<V, S extends Reads, N extends string, P extends JsonPart>(
  document: Document<V, S, N>,
  path: string | number | JsonSteps,
  value: P,
): Expression<V, S | SourcesOf<P>, N, 'json'> {
  const way = steps('jsonSet', path)
  if (way.some((step) => typeof step === 'number' && step < 0)) {
    throw new BuildError('invalid_path', `jsonSet(…, ${excerpt(path)}): places are counted from 0 here.`)
  }
  return new JsonSetNode(documentOf('jsonSet', document), way, part('jsonSet', value)) as unknown as never
}

/**
 * A document without what stands under a key or at the end of a path.
 * @example
 * ```ts
 * jsonRemove(users.settings, 'theme')
 * // PostgreSQL: cast("users"."settings" as jsonb) #- '{theme}'::text[]
 * // SQLite: json_remove("users"."settings", '$."theme"')
 * ```
 */
export function jsonRemove<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
  path: string | number | JsonSteps,
): Expression<V, S, N, 'json'> {
  return new JsonRemoveNode(documentOf('jsonRemove', document), steps('jsonRemove', path)) as unknown as never
}

/**
 * Whether an object has a key, or an array a text.
 *
 * PostgreSQL: `"t"."j" ? 'a'` · SQLite: `exists (select 1 from json_each("t"."j") where …)`
 */
export function jsonHasKey<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
  key: string,
): BooleanExpression<boolean | (V & null), S, N> {
  return keys('jsonHasKey', document, [key], 'all')
}

/** Whether an object has one of several keys: `"t"."j" ?| '{a,b}'::text[]`. Of none at all: false. */
export function jsonHasAnyKey<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
  names: readonly string[],
): BooleanExpression<boolean | (V & null), S, N> {
  return keys('jsonHasAnyKey', document, names, 'any')
}

/** Whether an object has all of several keys: `"t"."j" ?& '{a,b}'::text[]`. Of none at all: true. */
export function jsonHasAllKeys<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
  names: readonly string[],
): BooleanExpression<boolean | (V & null), S, N> {
  return keys('jsonHasAllKeys', document, names, 'all')
}

function keys(place: string, document: unknown, names: readonly string[], quantifier: 'any' | 'all'): never {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) {
    return new JsonKeysNode(documentOf(place, document), [...names], quantifier) as unknown as never
  }
  throw new BuildError('invalid_path', `${place}(…, ${excerpt(names)}): keys are texts.`)
}

/** The number of elements of a JSON array. PostgreSQL: `jsonb_array_length("t"."j")` · SQLite: `json_array_length("t"."j")` */
export function jsonLength<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('jsonb_array_length', INTEGER, document)
}

/** What a document is. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/**
 * What a document is: `'object'`, `'array'`, `'string'`, `'number'`, `'boolean'` or `'null'`.
 *
 * PostgreSQL: `jsonb_typeof("t"."j")` · SQLite: `case json_type("t"."j") when 'text' then 'string' … end`
 */
export function jsonType<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
): TextExpression<JsonKind | (V & null), S, N> {
  return call('jsonb_typeof', TEXT, document)
}

function call(name: string, type: SqlType, document: unknown): never {
  return new FunctionNode(name, [asJsonb(documentOf(name, document))], type) as unknown as never
}

type Tested<V, S extends Reads, N extends string, B> = BooleanExpression<
  boolean | (V & null),
  S | SourcesOf<B>,
  N | NulledByOf<B>
>

/**
 * Whether a document has all that another has, at the same places. SQLite refuses it.
 * @example
 * ```ts
 * jsonContains(users.settings, { theme: 'dark' })
 * // PostgreSQL: cast("users"."settings" as jsonb) @> $1::jsonb
 * ```
 */
export function jsonContains<V, S extends Reads, N extends string, B extends JsonPart>(
  document: Document<V, S, N>,
  other: B,
): Tested<V, S, N, B> {
  return operator('jsonContains', '@>', BOOLEAN, document, other)
}

/** Whether all that a document has is in another: `"t"."j" <@ $1::jsonb`. SQLite refuses it. */
export function jsonContainedBy<V, S extends Reads, N extends string, B extends JsonPart>(
  document: Document<V, S, N>,
  other: B,
): Tested<V, S, N, B> {
  return operator('jsonContainedBy', '<@', BOOLEAN, document, other)
}

/**
 * The members of two objects, those of the second before those of the first; or the elements of two arrays:
 * `"t"."j" || $1::jsonb`. SQLite refuses it; see {@link jsonSet}.
 */
export function jsonConcat<V, S extends Reads, N extends string, B extends JsonPart>(
  document: Document<V, S, N>,
  other: B,
): Expression<V | (PartValue<B> & null), S | SourcesOf<B>, N | NulledByOf<B>, 'json'> {
  return operator('jsonConcat', '||', JSONB, document, other)
}

function operator(place: string, text: string, type: SqlType, document: unknown, other: unknown): never {
  const left = asJsonb(documentOf(place, document))
  const right = isExpression(other) ? asJsonb(documentOf(place, other)) : part(place, other)
  return new OperatorNode(left, text, right, type, undefined, 'jsonOperators') as unknown as never
}

const JSONPATH: SqlType = { name: 'jsonpath', family: 'text' }

/**
 * Whether an expression in PostgreSQL's path language finds anything in a document:
 * `jsonb_path_exists("t"."j", $1::jsonpath)`. SQLite refuses it.
 */
export function jsonPathExists<V, S extends Reads, N extends string>(
  document: Document<V, S, N>,
  path: string,
): BooleanExpression<boolean | (V & null), S, N> {
  return pathCall('jsonb_path_exists', BOOLEAN, document, path)
}

/** The first part of a document that a path expression finds, or NULL: `jsonb_path_query_first("t"."j", $1::jsonpath)`. */
export function jsonPathFirst<S extends Reads, N extends string>(
  document: Document<unknown, S, N>,
  path: string,
): Expression<unknown, S, N, 'json'> {
  return pathCall('jsonb_path_query_first', JSONB, document, path)
}

function pathCall(name: string, type: SqlType, document: unknown, path: string): never {
  const args = [asJsonb(documentOf(name, document)), new ParameterNode(path, JSONPATH)]
  return new FeatureCallNode(name, args, type, 'jsonOperators') as unknown as never
}
