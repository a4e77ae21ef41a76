import { BuildError, excerpt } from '../errors.js'
import { INTEGER, TEXT } from '../types/sql-type.js'
import { type Argument, call, type NulledByOf, type NullOf, type SourcesOf } from './call.js'
import type { BooleanExpression, Expression, NumberExpression, Reads, TextExpression } from './expression.js'
import { type ExpressionNode, toExpression } from './node.js'
import { RegexNode } from './regex-node.js'

type Text<V, S extends Reads, N extends string> = Expression<V, S, N, 'text'>
type TextArgument = Argument<'text'>

function textArgument(place: string, value: unknown): ExpressionNode {
  return toExpression(place, value, TEXT)
}

/** A whole number; what begins or ends elsewhere is counted differently by the databases. */
function onlyCount(place: string, value: number, least: number): ExpressionNode {
  if (Number.isInteger(value) && value >= least) return toExpression(place, value, INTEGER)
  throw new BuildError(
    'invalid_argument',
    `${place}(…) takes whole numbers from ${least}, not ${excerpt(value)}.`,
  )
}

/**
 * A text in lower case.
 * @example
 * ```ts
 * lower(users.email) // lower("users"."email")
 * ```
 */
export function lower<V, S extends Reads, N extends string>(text: Text<V, S, N>): TextExpression<V, S, N> {
  return call('lower', TEXT, textArgument('lower', text))
}

/** A text in upper case: `upper("users"."email")`. */
export function upper<V, S extends Reads, N extends string>(text: Text<V, S, N>): TextExpression<V, S, N> {
  return call('upper', TEXT, textArgument('upper', text))
}

/**
 * A text with the first letter of each word in upper case and the others in lower case. SQLite refuses it.
 * @example
 * ```ts
 * initcap(users.fullName) // initcap("users"."full_name")
 * ```
 */
export function initcap<V, S extends Reads, N extends string>(text: Text<V, S, N>): TextExpression<V, S, N> {
  return call('initcap', TEXT, textArgument('initcap', text))
}

/**
 * A text without the spaces at both ends, or without any of the given characters there.
 * @example
 * ```ts
 * trim(users.fullName) // trim("users"."full_name")
 * trim(users.email, '<>')
 * // PostgreSQL: btrim("users"."email", $1::text)
 * // SQLite: trim("users"."email", ?)
 * ```
 */
export function trim<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  characters?: string,
): TextExpression<V, S, N> {
  const node = textArgument('trim', text)
  return characters === undefined
    ? call('trim', TEXT, node)
    : call('btrim', TEXT, node, textArgument('trim', characters))
}

/**
 * A text without the spaces at its beginning, or without any of the given characters there.
 * @example
 * ```ts
 * ltrim(users.fullName) // ltrim("users"."full_name")
 * ltrim(users.email, '<>') // ltrim("users"."email", $1::text)
 * ```
 */
export function ltrim<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  characters?: string,
): TextExpression<V, S, N> {
  const node = textArgument('ltrim', text)
  return characters === undefined
    ? call('ltrim', TEXT, node)
    : call('ltrim', TEXT, node, textArgument('ltrim', characters))
}

/**
 * A text without the spaces at its end, or without any of the given characters there.
 * @example
 * ```ts
 * rtrim(users.fullName) // rtrim("users"."full_name")
 * rtrim(users.email, '<>') // rtrim("users"."email", $1::text)
 * ```
 */
export function rtrim<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  characters?: string,
): TextExpression<V, S, N> {
  const node = textArgument('rtrim', text)
  return characters === undefined
    ? call('rtrim', TEXT, node)
    : call('rtrim', TEXT, node, textArgument('rtrim', characters))
}

/** The number of characters of a text: `length("users"."full_name")`. */
export function length<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('length', INTEGER, textArgument('length', text))
}

/**
 * The number of bytes of a text in UTF-8.
 * @example
 * ```ts
 * octetLength(users.email)
 * // PostgreSQL: octet_length("users"."email")
 * // SQLite: length(cast("users"."email" as blob))
 * ```
 */
export function octetLength<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('octet_length', INTEGER, textArgument('octetLength', text))
}

/**
 * A part of a text, from a character counted from 1, of a length; without a length, the rest. A start below 1 is
 * refused, since the databases count it differently.
 *
 * PostgreSQL: `substr("users"."email", $1::integer, $2::integer)` · SQLite: `substr("users"."email", ?, ?)`
 */
export function substring<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  start: number,
  length?: number,
): TextExpression<V, S, N> {
  const from = onlyCount('substring', start, 1)
  const args = length === undefined ? [from] : [from, onlyCount('substring', length, 0)]
  return call('substr', TEXT, textArgument('substring', text), ...args)
}

/**
 * The first characters of a text, so many or all that there are.
 * @example
 * ```ts
 * left(users.email, 3)
 * // PostgreSQL: left("users"."email", $1::integer)
 * // SQLite: substr("users"."email", 1, ?)
 * ```
 */
export function left<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  length: number,
): TextExpression<V, S, N> {
  return call('left', TEXT, textArgument('left', text), onlyCount('left', length, 0))
}

/**
 * The last characters of a text, so many or all that there are.
 * @example
 * ```ts
 * right(users.email, 3)
 * // PostgreSQL: right("users"."email", $1::integer)
 * // SQLite: substr("users"."email", -?, ?)
 * ```
 */
export function right<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  length: number,
): TextExpression<V, S, N> {
  return call('right', TEXT, textArgument('right', text), onlyCount('right', length, 0))
}

/**
 * A text filled up on the left to a length, with spaces or with another text again and again; a longer one is cut.
 *
 * PostgreSQL: `lpad("users"."email", $1::integer, $2::text)` · SQLite: the same by `substr` and `replace`
 */
export function lpad<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  length: number,
  fill = ' ',
): TextExpression<V, S, N> {
  const args = [onlyCount('lpad', length, 0), textArgument('lpad', fill)]
  return call('lpad', TEXT, textArgument('lpad', text), ...args)
}

/**
 * A text filled up on the right to a length, with spaces or with another text again and again; a longer one is cut.
 *
 * PostgreSQL: `rpad("users"."email", $1::integer, $2::text)` · SQLite: the same by `substr` and `replace`
 */
export function rpad<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  length: number,
  fill = ' ',
): TextExpression<V, S, N> {
  const args = [onlyCount('rpad', length, 0), textArgument('rpad', fill)]
  return call('rpad', TEXT, textArgument('rpad', text), ...args)
}

/**
 * A text so many times.
 * @example
 * ```ts
 * repeat(users.email, 2)
 * // PostgreSQL: repeat("users"."email", $1::integer)
 * // SQLite: replace(hex(zeroblob(?)), '00', "users"."email")
 * ```
 */
export function repeat<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  times: number,
): TextExpression<V, S, N> {
  return call('repeat', TEXT, textArgument('repeat', text), onlyCount('repeat', times, 0))
}

/**
 * A text from its last character to its first.
 *
 * PostgreSQL: `reverse("users"."email")` · SQLite: the same by a recursive query over the text
 */
export function reverse<V, S extends Reads, N extends string>(text: Text<V, S, N>): TextExpression<V, S, N> {
  return call('reverse', TEXT, textArgument('reverse', text))
}

/**
 * Where a text stands within another, counted in characters from 1; 0 if it does not.
 * @example
 * ```ts
 * position(users.email, '@')
 * // PostgreSQL: strpos("users"."email", $1::text)
 * // SQLite: instr("users"."email", ?)
 * ```
 */
export function position<V, S extends Reads, N extends string, A extends TextArgument>(
  text: Text<V, S, N>,
  search: A,
): NumberExpression<number | (V & null) | NullOf<A>, S | SourcesOf<A>, N | NulledByOf<A>, 'integer'> {
  return call('strpos', INTEGER, textArgument('position', text), textArgument('position', search))
}

/**
 * Every occurrence of a text replaced by another.
 * @example
 * ```ts
 * replace(users.email, '@', ' at ') // replace("users"."email", $1::text, $2::text)
 * ```
 */
export function replace<V, S extends Reads, N extends string, A extends TextArgument, B extends TextArgument>(
  text: Text<V, S, N>,
  search: A,
  replacement: B,
): TextExpression<V | NullOf<A | B>, S | SourcesOf<A | B>, N | NulledByOf<A | B>> {
  return call('replace', TEXT, ...[text, search, replacement].map((part) => textArgument('replace', part)))
}

/**
 * Each character of a text that stands in a list replaced by that at the same place of another, or left out if that
 * is shorter. SQLite refuses it.
 * @example
 * ```ts
 * translate(users.email, '-_', '  ') // translate("users"."email", $1::text, $2::text)
 * ```
 */
export function translate<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  from: string,
  to: string,
): TextExpression<V, S, N> {
  return call('translate', TEXT, ...[text, from, to].map((part) => textArgument('translate', part)))
}

/**
 * A field of a text that is divided by a separator, counted from 1; empty if there is none.
 *
 * PostgreSQL: `split_part("t"."name", $1::text, $2::integer)` · SQLite: the same by a recursive query over the text
 */
export function splitPart<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  separator: string,
  field: number,
): TextExpression<V, S, N> {
  if (separator === '')
    throw new BuildError('invalid_argument', 'splitPart(…) takes a separator that is not empty.')
  const args = [textArgument('splitPart', separator), onlyCount('splitPart', field, 1)]
  return call('split_part', TEXT, textArgument('splitPart', text), ...args)
}

/**
 * Texts joined, NULL counting as empty, so that the result is never NULL. Where NULL shall give NULL, write
 * `a.concat(b)`.
 * @example
 * ```ts
 * concat(users.fullName, ' <', users.email, '>')
 * // PostgreSQL: concat("users"."full_name", $1::text, "users"."email", $2::text)
 * // SQLite: (coalesce("users"."full_name", '') || coalesce(?, '') || coalesce("users"."email", '') || coalesce(?, ''))
 * ```
 */
export function concat<A extends readonly [TextArgument, ...TextArgument[]]>(
  ...texts: A
): TextExpression<string, SourcesOf<A[number]>, never> {
  return call('concat', TEXT, ...texts.map((text) => textArgument('concat', text)))
}

/**
 * Texts joined with a separator between, those that are NULL left out; never NULL.
 * @example
 * ```ts
 * concatWs(' ', users.fullName, users.email)
 * // PostgreSQL: concat_ws($1::text, "users"."full_name", "users"."email")
 * // SQLite: substr(coalesce(? || "users"."full_name", '') || coalesce(? || "users"."email", ''), length(?) + 1)
 * ```
 */
export function concatWs<A extends readonly [TextArgument, ...TextArgument[]]>(
  separator: string,
  ...texts: A
): TextExpression<string, SourcesOf<A[number]>, never> {
  return call('concat_ws', TEXT, ...[separator, ...texts].map((text) => textArgument('concatWs', text)))
}

/**
 * The Unicode number of the first character of a text; 0 if it is empty.
 * @example
 * ```ts
 * ascii(users.email)
 * // PostgreSQL: ascii("users"."email")
 * // SQLite: case "users"."email" when '' then 0 else unicode("users"."email") end
 * ```
 */
export function ascii<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
): NumberExpression<number | (V & null), S, N, 'integer'> {
  return call('ascii', INTEGER, textArgument('ascii', text))
}

/**
 * The character with a Unicode number.
 * @example
 * ```ts
 * chr(posts.score.add(64))
 * // PostgreSQL: chr("posts"."score" + $1)
 * // SQLite: case when ("posts"."score" + ?) is not null then char(("posts"."score" + ?)) end
 * ```
 */
export function chr<V, S extends Reads, N extends string>(
  code: Expression<V, S, N, 'integer'>,
): TextExpression<string | (V & null), S, N> {
  return call('chr', TEXT, toExpression('chr', code, INTEGER))
}

/**
 * Whether a part of a text matches a regular expression of PostgreSQL. SQLite refuses it.
 * @example
 * ```ts
 * regexpLike(users.email, '^[a-z]+@') // "users"."email" ~ $1
 * regexpLike(users.email, '^[a-z]+@', { ignoreCase: true }) // "users"."email" ~* $1
 * ```
 */
export function regexpLike<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  pattern: string,
  options: { readonly ignoreCase?: boolean } = {},
): BooleanExpression<boolean | (V & null), S, N> {
  return new RegexNode(
    textArgument('regexpLike', text),
    pattern,
    options.ignoreCase === true,
  ) as unknown as never
}

/**
 * The first part of a text that matches a regular expression of PostgreSQL, or of that part what the first parentheses
 * match; NULL if none does. SQLite refuses it.
 * @example
 * ```ts
 * regexpSubstring(users.email, '@(.*)') // substring("users"."email", $1::text)
 * ```
 */
export function regexpSubstring<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  pattern: string,
): TextExpression<string | null, S, N> {
  return call(
    'substring',
    TEXT,
    textArgument('regexpSubstring', text),
    textArgument('regexpSubstring', pattern),
  )
}

/**
 * The first part of a text that matches a regular expression of PostgreSQL replaced by another text, in which `\\1`
 * stands for what the first parentheses match; with the flag `g` every such part. SQLite refuses it.
 * @example
 * ```ts
 * regexpReplace(users.email, '[0-9]', '#', 'g')
 * // regexp_replace("users"."email", $1::text, $2::text, $3::text)
 * ```
 */
export function regexpReplace<V, S extends Reads, N extends string>(
  text: Text<V, S, N>,
  pattern: string,
  replacement: string,
  flags: '' | 'g' | 'i' | 'gi' = '',
): TextExpression<V, S, N> {
  const args = [text, pattern, replacement, flags].map((part) => textArgument('regexpReplace', part))
  return call('regexp_replace', TEXT, ...args)
}
