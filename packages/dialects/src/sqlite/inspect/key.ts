import type { Cursor } from './cursor.js'
import { unquoted } from './cursor.js'
import type { KeyPart } from './syntax.js'
import type { Token } from './token.js'

/** A key of an index or a constraint: `x collate nocase desc nulls last`. */
export function parseKey(cursor: Cursor): KeyPart {
  const first = cursor.at
  const whole = cursor.expression()
  const order = parseOrder(cursor)
  const nulls = cursor.take('nulls') ? cursor.choose('first', 'last') : undefined
  const { tokens } = cursor.list
  // SQLite takes parentheses off, and the outermost collation.
  let [start, end] = withoutParentheses(tokens, whole.first, whole.end)
  let collation: string | undefined
  for (
    let at = cursor.outermostCollate(start, end);
    at !== undefined;
    at = cursor.outermostCollate(start, end)
  ) {
    collation ??= unquoted(tokens[at + 1] as Token)
    ;[start, end] = withoutParentheses(tokens, start, at)
  }
  const only = tokens[start]
  const isColumn =
    end - start === 1 && (only?.kind === 'quoted' || only?.kind === 'string' || isPlainWord(only))
  return {
    ...cursor.part(first),
    column: isColumn ? unquoted(only as Token) : undefined,
    expression: cursor.source(start, end),
    collation,
    order,
    nulls,
  }
}

/** `asc` or `desc`, where it stands. */
export function parseOrder(cursor: Cursor): 'asc' | 'desc' | undefined {
  return cursor.is('asc') || cursor.is('desc') ? cursor.choose('asc', 'desc') : undefined
}

const isPlainWord = (token: Token | undefined) =>
  token?.kind === 'word' &&
  !['null', 'current_time', 'current_date', 'current_timestamp'].includes(token.word)

function withoutParentheses(tokens: readonly Token[], first: number, end: number): [number, number] {
  let [start, stop] = [first, end]
  while (tokens[start]?.word === '(' && closing(tokens, start) === stop - 1)
    [start, stop] = [start + 1, stop - 1]
  return [start, stop]
}

/** Where the parenthesis is closed that a token opens. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.word === '(') depth++
    else if (tokens[i]?.word === ')' && --depth === 0) return i
  }
  return -1
}
