import { BuildError, excerpt } from '../errors.js'
import { REAL } from '../types/own-types.js'
import { TSQUERY, TSVECTOR } from '../types/search-types.js'
import { BOOLEAN, type SqlType, TEXT } from '../types/sql-type.js'
import type {
  BooleanExpression,
  Expression,
  NumberExpression,
  Reads,
  TextExpression,
  Typed,
} from './expression.js'
import { FeatureCallNode } from './feature-call.js'
import { RawNode } from './function-node.js'
import { describe, type ExpressionNode, isExpression, toExpression } from './node.js'
import { OperatorNode } from './operator-node.js'

/** The words of a text, in the form in which they are searched: PostgreSQL's `tsvector`. */
export type TextVector<V, S extends Reads, N extends string> = Typed<'named', V, S, N>

/** What is searched for: PostgreSQL's `tsquery`. */
export type TextQuery<S extends Reads, V = string, N extends string = never> = Typed<'named', V, S, N>

/** By which rules words are taken: the name of a configuration of PostgreSQL, `english` unless it is stated. */
export interface TextSearchOptions {
  readonly config?: string
}

function call(
  place: string,
  name: string,
  type: SqlType,
  args: readonly ExpressionNode[],
  options: TextSearchOptions,
): never {
  const config = options.config ?? 'english'
  if (typeof config !== 'string' || !/^[a-z_][a-z0-9_]*$/.test(config)) {
    throw new BuildError(
      'invalid_name',
      `${place}: ${excerpt(config)} cannot be the name of a configuration.`,
    )
  }
  const configuration = new RawNode([`'${config}'`], [], TEXT)
  return new FeatureCallNode(name, [configuration, ...args], type, 'fullText') as unknown as never
}

function text(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value, TEXT)
  if (node.type.family === 'text' || node.type.name === 'unknown') return node
  throw new BuildError('no_operator', `${place}(${describe(node)}) takes a text, not ${node.type.name}.`)
}

function requireType(place: string, value: unknown, name: string, make: string): ExpressionNode {
  if (isExpression(value) && (value.type.name === name || value.type.name === 'unknown')) return value
  throw new BuildError(
    'invalid_argument',
    `${place}(…) takes a ${name}, as ${make}(…) makes it, not ${excerpt(value)}.`,
  )
}

/**
 * The words of a text, to be searched. SQLite refuses full-text search.
 * @example
 * ```ts
 * textMatches(toTextVector(posts.title), webSearch('first -last'))
 * // PostgreSQL: to_tsvector('english', "posts"."title") @@ websearch_to_tsquery('english', $1::text)
 * ```
 */
export function toTextVector<V, S extends Reads, N extends string>(
  value: Expression<V, S, N, 'text'>,
  options: TextSearchOptions = {},
): TextVector<string | (V & null), S, N> {
  return call('toTextVector', 'to_tsvector', TSVECTOR, [text('toTextVector', value)], options)
}

/** What a person types into a search box, `"two words" or -other`; never an error: `websearch_to_tsquery('english', $1::text)`. */
export function webSearch(words: string, options: TextSearchOptions = {}): TextQuery<never> {
  return call('webSearch', 'websearch_to_tsquery', TSQUERY, [text('webSearch', words)], options)
}

/** All words of a text, in any order: `plainto_tsquery('english', $1::text)`. */
export function plainSearch(words: string, options: TextSearchOptions = {}): TextQuery<never> {
  return call('plainSearch', 'plainto_tsquery', TSQUERY, [text('plainSearch', words)], options)
}

/** A query in PostgreSQL's own language, `cat & !dog`; an error of the database if it is none: `to_tsquery('english', $1::text)`. */
export function toTextQuery(words: string, options: TextSearchOptions = {}): TextQuery<never> {
  return call('toTextQuery', 'to_tsquery', TSQUERY, [text('toTextQuery', words)], options)
}

/** Whether a search finds words: `to_tsvector('english', "posts"."title") @@ to_tsquery('english', $1::text)`. */
export function textMatches<V, S extends Reads, N extends string, S2 extends Reads, V2, N2 extends string>(
  words: TextVector<V, S, N>,
  search: TextQuery<S2, V2, N2>,
): BooleanExpression<boolean | (V & null) | (V2 & null), S | S2, N | N2> {
  const left = requireType('textMatches', words, 'tsvector', 'toTextVector')
  const right = requireType('textMatches', search, 'tsquery', 'webSearch')
  return new OperatorNode(left, '@@', right, BOOLEAN, undefined, 'fullText') as unknown as never
}

/** How well a search fits, to order by: `ts_rank(to_tsvector(…), websearch_to_tsquery(…))`. */
export function textRank<V, S extends Reads, N extends string, S2 extends Reads, V2, N2 extends string>(
  words: TextVector<V, S, N>,
  search: TextQuery<S2, V2, N2>,
): NumberExpression<number | (V & null) | (V2 & null), S | S2, N | N2, 'real'> {
  const args = [
    requireType('textRank', words, 'tsvector', 'toTextVector'),
    requireType('textRank', search, 'tsquery', 'webSearch'),
  ]
  return new FeatureCallNode('ts_rank', args, REAL, 'fullText') as unknown as never
}

/** A part of a text in which the words that were found stand between `<b>` and `</b>`: `ts_headline('english', …, …)`. */
export function textHeadline<V, S extends Reads, N extends string, S2 extends Reads, V2, N2 extends string>(
  value: Expression<V, S, N, 'text'>,
  search: TextQuery<S2, V2, N2>,
  options: TextSearchOptions = {},
): TextExpression<string | (V & null) | (V2 & null), S | S2, N | N2> {
  const args = [text('textHeadline', value), requireType('textHeadline', search, 'tsquery', 'webSearch')]
  return call('textHeadline', 'ts_headline', TEXT, args, options)
}
