import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { arrayType } from '../types/array.js'
import type { TypeDefinition } from '../types/definition.js'
import { BOOLEAN, type Family, INTEGER, type SqlType, TEXT } from '../types/sql-type.js'
import type { NulledByOf, NullOf, SourcesOf } from './call.js'
import type {
  BooleanExpression,
  Expression,
  NumberExpression,
  Reads,
  TextExpression,
  Typed,
} from './expression.js'
import { requireFeature } from './feature.js'
import { FeatureCallNode } from './feature-call.js'
import { describe, ExpressionNode, toExpression } from './node.js'
import { OperatorNode } from './operator-node.js'
import type { Writer } from './writer.js'

/** `array[a, b]`. */
export class ArrayNode extends ExpressionNode {
  static readonly fields: Fields<ArrayNode> = { items: 'children', type: 'data' }
  constructor(
    readonly items: readonly ExpressionNode[],
    readonly type: SqlType,
  ) {
    super('array')
  }
  override write(to: Writer): void {
    requireFeature(to, 'arrays')
    to.text('array[')
    to.list(this.items)
    to.text(']')
    // Without elements, nothing says what they would be.
    if (this.items.length === 0) to.text(`::${to.codec(this.type).ddl(this.type)}`)
  }
}

/** `a[1]`. */
export class ArrayElementNode extends ExpressionNode {
  static readonly fields: Fields<ArrayElementNode> = { array: 'child', index: 'child', type: 'data' }
  constructor(
    readonly array: ExpressionNode,
    readonly index: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('arrayElement')
  }
  override write(to: Writer): void {
    requireFeature(to, 'arrays')
    const { array } = this
    if (array.kind === 'column') to.visit(array)
    else {
      to.text('(')
      to.visit(array)
      to.text(')')
    }
    to.text('[')
    to.visit(this.index)
    to.text(']')
  }
}

type ElementOf<V> = NonNullable<V> extends readonly (infer E)[] ? E : never
/** What stands beside an array: values, or another array of the database. */
type OtherArray<V> = readonly ElementOf<V>[] | Expression<V | NonNullable<V> | null, Reads, string, 'array'>
type Tested<V, S extends Reads, N extends string, B> = BooleanExpression<
  boolean | (V & null) | NullOf<B>,
  S | SourcesOf<B>,
  N | NulledByOf<B>
>

/**
 * An array of expressions and values; of nothing but values also `literal([…], array(type))`.
 * @example
 * ```ts
 * arrayOf(text(), users.email, 'x')
 * // PostgreSQL: array["users"."email", $1::text]
 * // SQLite: json_array("users"."email", ?)
 * ```
 */
export function arrayOf<
  V,
  F extends Family,
  A extends readonly (NonNullable<V> | Expression<unknown, Reads, string, F> | null)[],
>(
  element: TypeDefinition<V, F>,
  ...items: A
): Typed<'array', (NonNullable<V> | (A[number] & null) | NullOf<A[number]>)[], SourcesOf<A[number]>, never> {
  const nodes = items.map((item) => toExpression('arrayOf', item, element.sqlType))
  return new ArrayNode(nodes, arrayType(element.sqlType)) as unknown as never
}

export function requireArray(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value)
  if (node.type.family === 'array' || node.type.family === 'unknown') return node
  throw new BuildError('no_operator', `${place}(${describe(node)}, …) takes an array, not ${node.type.name}.`)
}

function test(place: string, operator: string, array: unknown, other: unknown): never {
  const left = requireArray(place, array)
  const right = toExpression(place, other, left.type)
  return new OperatorNode(left, operator, right, BOOLEAN, undefined, 'arrays') as unknown as never
}

function call(name: string, type: SqlType, ...args: ExpressionNode[]): never {
  return new FeatureCallNode(name, args, type, 'arrays') as unknown as never
}

export function elementType(array: ExpressionNode): SqlType {
  return array.type.element ?? array.type
}

/**
 * Whether an array has all elements of another.
 * @example
 * ```ts
 * const notes = table('notes', { id: integer().primaryKey(), tags: array(text().notNull()).notNull() })
 * select(notes.id).from(notes).where(arrayContains(notes.tags, ['a', 'b'])).toSQL(postgresDialect).sql
 * // 'select "notes"."id" as "value" from "notes" where "notes"."tags" @> $1::text[]'
 * ```
 * SQLite looks for each element of the one among the rows of `json_each` of the other.
 */
export function arrayContains<V, S extends Reads, N extends string, B extends OtherArray<NoInfer<V>>>(
  array: Expression<V, S, N, 'array'>,
  other: B,
): Tested<V, S, N, B> {
  return test('arrayContains', '@>', array, other)
}

/** Whether all elements of an array are in another: `"t"."tags" <@ $1::text[]`. */
export function arrayContainedBy<V, S extends Reads, N extends string, B extends OtherArray<NoInfer<V>>>(
  array: Expression<V, S, N, 'array'>,
  other: B,
): Tested<V, S, N, B> {
  return test('arrayContainedBy', '<@', array, other)
}

/** Whether two arrays have an element in common: `"t"."tags" && $1::text[]`. */
export function arrayOverlaps<V, S extends Reads, N extends string, B extends OtherArray<NoInfer<V>>>(
  array: Expression<V, S, N, 'array'>,
  other: B,
): Tested<V, S, N, B> {
  return test('arrayOverlaps', '&&', array, other)
}

/** The elements of one array and then those of another, where NULL counts as none: `"t"."tags" || $1::text[]`. */
export function arrayConcat<V, S extends Reads, N extends string, B extends OtherArray<NoInfer<V>>>(
  array: Expression<V, S, N, 'array'>,
  other: B,
): Typed<'array', V | NullOf<B>, S | SourcesOf<B>, N | NulledByOf<B>> {
  const left = requireArray('arrayConcat', array)
  const right = toExpression('arrayConcat', other, left.type)
  return new OperatorNode(left, '||', right, left.type, undefined, 'arrays') as unknown as never
}

/** An array with an element behind the others: `array_append("t"."tags", $1::text)`. */
export function arrayAppend<V, S extends Reads, N extends string>(
  array: Expression<V, S, N, 'array'>,
  element: ElementOf<NoInfer<V>>,
): Typed<'array', NonNullable<V>, S, never> {
  const node = requireArray('arrayAppend', array)
  return call('array_append', node.type, node, toExpression('arrayAppend', element, elementType(node)))
}

/** An array with an element before the others: `array_prepend($1::text, "t"."tags")`. */
export function arrayPrepend<V, S extends Reads, N extends string>(
  element: ElementOf<NoInfer<V>>,
  array: Expression<V, S, N, 'array'>,
): Typed<'array', NonNullable<V>, S, never> {
  const node = requireArray('arrayPrepend', array)
  return call('array_prepend', node.type, toExpression('arrayPrepend', element, elementType(node)), node)
}

/** An array without the elements that equal a value: `array_remove("t"."tags", $1::text)`. */
export function arrayRemove<V, S extends Reads, N extends string>(
  array: Expression<V, S, N, 'array'>,
  element: ElementOf<NoInfer<V>>,
): Typed<'array', V, S, N> {
  const node = requireArray('arrayRemove', array)
  return call('array_remove', node.type, node, toExpression('arrayRemove', element, elementType(node)))
}

/** The number of elements of an array, 0 for none: `cardinality("t"."tags")`, on SQLite `json_array_length("t"."tags")`. */
export function arrayLength<V, S extends Reads, N extends string>(
  array: Expression<V, S, N, 'array'>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('cardinality', INTEGER, requireArray('arrayLength', array))
}

/** The place of the first element that equals a value, counted from 1; NULL if there is none: `array_position(…)`. */
export function arrayPosition<V, S extends Reads, N extends string>(
  array: Expression<V, S, N, 'array'>,
  element: ElementOf<NoInfer<V>>,
): NumberExpression<number | null, S, N, 'integer'> {
  const node = requireArray('arrayPosition', array)
  return call('array_position', INTEGER, node, toExpression('arrayPosition', element, elementType(node)))
}

/**
 * The elements as texts with a separator between, without those that are NULL: `array_to_string("t"."tags", $1::text)`.
 * SQLite refuses it for elements whose texts are not the same on both databases: decimals, floating-point numbers, times.
 */
export function arrayToString<V, S extends Reads, N extends string>(
  array: Expression<V, S, N, 'array'>,
  separator: string,
): TextExpression<string | (V & null), S, N> {
  return call(
    'array_to_string',
    TEXT,
    requireArray('arrayToString', array),
    toExpression('arrayToString', separator, TEXT),
  )
}

/**
 * The element of an array at a place, of the family of the type that is stated; NULL where there is none. Places are
 * counted from 1, as PostgreSQL does: `"t"."tags"[$1::integer]`, on SQLite `"t"."tags" ->> ?` with a place from 0.
 *
 * Throws a `BuildError` if the type is not that of the elements, and for an array of arrays.
 */
export function elementAt<V, S extends Reads, N extends string, E, F extends Family>(
  array: Expression<V, S, N, 'array'>,
  place: number | Expression<number | null, S, string, 'integer'>,
  type: TypeDefinition<E, F>,
): Typed<F, ElementOf<V> | null, S, N> {
  const node = requireArray('elementAt', array)
  if (typeof place === 'number' && (!Number.isInteger(place) || place < 1)) {
    throw new BuildError('invalid_argument', `elementAt(…) counts from 1, not ${excerpt(place)}.`)
  }
  const element = elementType(node)
  if (element.family === 'array') {
    throw new BuildError(
      'no_operator',
      'elementAt(…) of an array of arrays would be NULL: to PostgreSQL they are no elements. Take them by arraySlice(…).',
    )
  }
  if (type?.sqlType === undefined) {
    throw new BuildError(
      'invalid_type',
      `elementAt(array, place, type) takes the type of the elements, not ${excerpt(type)}.`,
    )
  }
  if (element.name !== type.sqlType.name && node.type.family === 'array') {
    throw new BuildError(
      'mixed_types',
      `elementAt(…, ${type.sqlType.name}): the elements are of type ${element.name}.`,
    )
  }
  return new ArrayElementNode(node, toExpression('elementAt', place, INTEGER), element) as unknown as never
}
