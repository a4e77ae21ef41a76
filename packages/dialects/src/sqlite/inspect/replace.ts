import { BuildError } from '@espalier/core'
import type { CreateStatement, Part } from './syntax.js'
import { print, type Token } from './token.js'

/** What stands in the place of a part of a statement. */
export interface Replacement {
  /** One without tokens, whose `first` is its `end`, is the place right behind the token before. */
  readonly part: Part
  /** Empty to leave the part out, with the spaces and comments before it. */
  readonly text: string
}

/**
 * The text of a statement as it was written.
 * @example
 * ```ts
 * printStatement(parseCreate('CREATE  VIEW v AS SELECT 1 -- one')) // CREATE  VIEW v AS SELECT 1 -- one
 * ```
 */
export function printStatement({ text }: Pick<CreateStatement, 'text'>): string {
  return print(text)
}

/**
 * The text of a statement with other parts in the place of some; all else stays as it was written, comments included.
 *
 * Throws a `BuildError` for parts that overlap.
 * @example
 * ```ts
 * const statement = parseCreate('create table t (a int,  b int)')
 * replaceParts(statement, [{ part: statement.name, text: '"new t"' }]) // create table "new t" (a int,  b int)
 * ```
 */
export function replaceParts(
  { text }: Pick<CreateStatement, 'text'>,
  replacements: readonly Replacement[],
): string {
  const sorted = [...replacements].sort((a, b) => a.part.first - b.part.first)
  let at = 0
  let result = ''
  for (const { part, text: replacement } of sorted) {
    if (part.first < at || part.end < part.first || part.end > text.tokens.length) {
      throw new BuildError(
        'invalid_argument',
        'replaceParts takes parts of the statement that do not overlap.',
      )
    }
    result += print({ tokens: text.tokens.slice(at, part.first), after: '' })
    if (part.first === part.end) result += replacement
    else if (replacement !== '')
      result += ((text.tokens[part.first] as Token | undefined)?.before ?? '') + replacement
    at = part.end
  }
  return result + print({ tokens: text.tokens.slice(at), after: text.after })
}
