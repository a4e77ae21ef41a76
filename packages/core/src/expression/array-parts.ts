import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { arrayType } from '../types/array.js'
import { INTEGER, type SqlType, TEXT } from '../types/sql-type.js'
import { elementType, requireArray } from './arrays.js'
import type { NulledByOf, NullOf, SourcesOf } from './call.js'
import type { Expression, Reads, Typed } from './expression.js'
import { requireFeature } from './feature.js'
import { FeatureCallNode } from './feature-call.js'
import { ExpressionNode, ParameterNode, toExpression } from './node.js'
import { OperatorNode } from './operator-node.js'
import type { Writer } from './writer.js'

/** `a[1:2]`. */
export class ArraySliceNode extends ExpressionNode {
  static readonly fields: Fields<ArraySliceNode> = {
    array: 'child',
    first: 'child',
    last: 'optional',
    type: 'data',
  }
  constructor(
    readonly array: ExpressionNode,
    readonly first: ExpressionNode,
    readonly last: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super('arraySlice')
  }
  override write(to: Writer): void {
    requireFeature(to, 'arrays')
    const { array, first, last } = this
    if (array.kind === 'column') to.visit(array)
    else {
      to.text('(')
      to.visit(array)
      to.text(')')
    }
    to.text('[')
    to.visit(first)
    to.text(':')
    if (last !== undefined) to.visit(last)
    to.text(']')
  }
}

type ElementOf<V> = NonNullable<V> extends readonly (infer E)[] ? E : never
type Place = number | Expression<number | null, Reads, string, 'integer'>

/**
 * The part of an array from one place to another, both included and counted from 1, or to the end; empty where it lies
 * outside. Of an array of arrays it is these.
 *
 * Throws a `BuildError` for a place that is no whole number from 1 on.
 * @example
 * ```ts
 * const notes = table('notes', { id: integer().primaryKey(), tags: array(text().notNull()).notNull() })
 * select({ two: arraySlice(notes.tags, 1, 2), rest: arraySlice(notes.tags, 3) }).from(notes).toSQL(postgresDialect).sql
 * // 'select "notes"."tags"[$1::integer:$2::integer] as "two", "notes"."tags"[$3::integer:] as "rest" from "notes"'
 * ```
 */
export function arraySlice<
  V,
  S extends Reads,
  N extends string,
  A extends Place,
  B extends Place | undefined = undefined,
>(
  array: Expression<V, S, N, 'array'>,
  first: A,
  last?: B,
): Typed<'array', V | NullOf<A | B>, S | SourcesOf<A | B>, N | NulledByOf<A | B>> {
  const node = requireArray('arraySlice', array)
  const [from, to] = [first, last].map((place) => {
    if (place === undefined) return undefined
    if (typeof place === 'number' && (!Number.isInteger(place) || place < 1)) {
      throw new BuildError('invalid_argument', `arraySlice(…) counts from 1, not ${excerpt(place)}.`)
    }
    return toExpression('arraySlice', place, INTEGER)
  })
  if (from === undefined) {
    throw new BuildError('undefined_value', 'arraySlice(…) begins at a place: write 1 for the first element.')
  }
  return new ArraySliceNode(node, from, to, node.type) as unknown as never
}

/**
 * An array with another element at a place, counted from 1; a place beyond the end is the one behind the last, and NULL
 * counts as an empty array. So a column changes by one element, as a document does by {@link jsonSet}.
 *
 * PostgreSQL's own `set "tags"[5] = …` fills the places before with NULL, or numbers an empty array from 5 on.
 *
 * Throws a `BuildError` for a place that is no whole number from 1 on, and for an array of arrays.
 * @example
 * ```ts
 * const notes = table('notes', { id: integer().primaryKey(), tags: array(text().notNull()).notNull() })
 * update(notes).set((t) => ({ tags: arraySet(t.tags, 2, 'x') })).everyRow().toSQL(postgresDialect).sql
 * // 'update "notes" set "tags" = array_append("notes"."tags"[$1::integer:$2::integer], $3::text) || "notes"."tags"[$4::integer:]'
 * ```
 */
export function arraySet<V, S extends Reads>(
  array: Expression<V, S, string, 'array'>,
  place: number,
  element: ElementOf<NoInfer<V>>,
): Typed<'array', NonNullable<V>, S, never> {
  const node = requireArray('arraySet', array)
  if (!Number.isInteger(place) || place < 1) {
    throw new BuildError('invalid_argument', `arraySet(…) counts from 1, not ${excerpt(place)}.`)
  }
  const type = elementType(node)
  if (type.family === 'array') {
    throw new BuildError('no_operator', 'arraySet(…) changes arrays of one dimension, not arrays of arrays.')
  }
  const at = (number: number) => new ParameterNode(number, INTEGER)
  const before = new ArraySliceNode(node, at(1), at(place - 1), node.type)
  const value = toExpression('arraySet', element, type)
  const changed = new FeatureCallNode('array_append', [before, value], node.type, 'arrays')
  const after = new ArraySliceNode(node, at(place + 1), undefined, node.type)
  return new OperatorNode(changed, '||', after, node.type, undefined, 'arrays') as unknown as never
}

/** An array with another value in the place of each element that equals one: `array_replace("t"."tags", $1::text, $2::text)`. */
export function arrayReplace<V, S extends Reads, N extends string>(
  array: Expression<V, S, N, 'array'>,
  element: ElementOf<NoInfer<V>>,
  replacement: ElementOf<NoInfer<V>>,
): Typed<'array', V, S, N> {
  const node = requireArray('arrayReplace', array)
  const [from, to] = [element, replacement].map((value) =>
    toExpression('arrayReplace', value, elementType(node)),
  ) as [ExpressionNode, ExpressionNode]
  return new FeatureCallNode('array_replace', [node, from, to], node.type, 'arrays') as unknown as never
}

/**
 * A text cut at every separator; of an empty text an empty array. `arrayToString` joins it again.
 * @example
 * ```ts
 * select({ words: stringToArray(posts.title, ' ') }).from(posts).toSQL(postgresDialect).sql
 * // 'select string_to_array("posts"."title", $1::text) as "words" from "posts"'
 * ```
 */
export function stringToArray<V, S extends Reads, N extends string>(
  value: Expression<V, S, N, 'text'>,
  separator: string,
): Typed<'array', string[] | (V & null), S, N> {
  const args = [
    toExpression('stringToArray', value, TEXT),
    toExpression('stringToArray', separator, TEXT),
  ] as const
  return new FeatureCallNode('string_to_array', args, arrayType(TEXT), 'arrays') as unknown as never
}
