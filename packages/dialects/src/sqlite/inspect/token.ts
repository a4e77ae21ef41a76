import { BuildError } from '@espalier/core'

/** What a token is: a bare word, a name in quotes, a text in single quotes, a number, a blob, a parameter, a sign. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'blob' | 'variable' | 'symbol'

/** A piece of SQL that the grammar knows as one, with what stands before it. */
export interface Token {
  readonly kind: TokenKind
  /** As it is written. */
  readonly text: string
  /** The spaces and comments before it, as they are written. */
  readonly before: string
  /** A word in lower case, by which keywords are told; a sign as it is; empty for anything else. */
  readonly word: string
}

/** A text as tokens; all of them, one after the other, and what is left behind the last are the text again. */
export interface TokenList {
  readonly tokens: readonly Token[]
  /** The spaces and comments behind the last token. */
  readonly after: string
}

const SIGNS = ['->>', '->', '==', '<=', '<>', '<<', '>=', '>>', '!=', '||', ...'-()+;/*%=<>|,&~.']
const SPACES = ' \t\n\f\r'

/**
 * A text as SQLite's own tokenizer takes it apart; see https://www.sqlite.org/draft/tokenreq.html. Throws a `BuildError`
 * for what is no token there.
 */
export function tokenize(text: string): TokenList {
  const tokens: Token[] = []
  let before = 0
  for (let at = endOfTrivia(text, 0); at < text.length; ) {
    const [kind, end] = tokenAt(text, at)
    const piece = text.slice(at, end)
    const word = kind === 'word' ? piece.toLowerCase() : kind === 'symbol' ? piece : ''
    tokens.push({ kind, text: piece, before: text.slice(before, at), word })
    before = end
    at = endOfTrivia(text, end)
  }
  return { tokens, after: text.slice(before) }
}

/** The text that the tokens were made of. */
export function print({ tokens, after }: TokenList): string {
  let text = ''
  for (const token of tokens) text += token.before + token.text
  return text + after
}

function endOfTrivia(text: string, start: number): number {
  let at = start
  for (;;) {
    const character = text[at]
    if (character === undefined) return at
    // A byte order mark is a space where a token could begin.
    if (SPACES.includes(character) || character === '\ufeff') at++
    else if (text.startsWith('--', at)) at = endOf(text, '\n', at + 2, 0)
    // A comment that nothing ends goes to the end; `/*` at the very end is a division.
    else if (text.startsWith('/*', at) && at + 2 < text.length) at = endOf(text, '*/', at + 2, 2)
    else return at
  }
}

function endOf(text: string, mark: string, from: number, width: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? text.length : found + width
}

function tokenAt(text: string, at: number): [TokenKind, number] {
  const character = text[at] as string
  switch (character) {
    case "'":
      return ['string', endOfQuoted(text, at, "'")]
    case '"':
    case '`':
      return ['quoted', endOfQuoted(text, at, character)]
    case '[': {
      const end = text.indexOf(']', at)
      if (end < 0) throw unknownToken(text, at, 'a name in brackets has no end')
      return ['quoted', end + 1]
    }
    case '?':
      return ['variable', endWhile(text, at + 1, isDigit)]
    case ':':
    case '@':
    case '$':
    case '#': {
      const end = endWhile(text, at + 1, isNameCharacter)
      if (end === at + 1) throw unknownToken(text, at, 'a parameter has no name')
      return ['variable', end]
    }
  }
  if (isDigit(character) || (character === '.' && isDigit(text[at + 1])))
    return ['number', endOfNumber(text, at)]
  if ((character === 'x' || character === 'X') && text[at + 1] === "'") {
    const end = endWhile(text, at + 2, isHexDigit)
    if (text[end] !== "'" || (end - at) % 2 !== 0)
      throw unknownToken(text, at, 'a blob is not in pairs of digits')
    return ['blob', end + 1]
  }
  if (isNameCharacter(character)) return ['word', endWhile(text, at, isNameCharacter)]
  // Nothing longer begins with these.
  if (character === '(' || character === ')' || character === ',') return ['symbol', at + 1]
  const sign = SIGNS.find((one) => text.startsWith(one, at))
  if (sign === undefined) throw unknownToken(text, at, 'this is no sign of SQL')
  return ['symbol', at + sign.length]
}

function endOfQuoted(text: string, at: number, quote: string): number {
  let end = text.indexOf(quote, at + 1)
  while (end >= 0 && text[end + 1] === quote) end = text.indexOf(quote, end + 2)
  if (end < 0) throw unknownToken(text, at, `what ${quote} begins has no end`)
  return end + 1
}

function endOfNumber(text: string, at: number): number {
  if (text[at] === '0' && 'xX'.includes(text[at + 1] ?? '-') && isHexDigit(text[at + 2])) {
    return endWhile(text, at + 2, (one) => isHexDigit(one) || one === '_')
  }
  const digits = (from: number) => endWhile(text, from, (one) => isDigit(one) || one === '_')
  let end = digits(at)
  if (text[end] === '.') end = digits(end + 1)
  if (text[end] === 'e' || text[end] === 'E') {
    const exponent = '+-'.includes(text[end + 1] ?? 'x') ? end + 2 : end + 1
    if (isDigit(text[exponent])) end = digits(exponent)
  }
  if (isNameCharacter(text[end])) throw unknownToken(text, at, 'a number runs into a name')
  return end
}

function endWhile(text: string, from: number, is: (character: string | undefined) => boolean): number {
  let at = from
  while (is(text[at])) at++
  return at
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

function isHexDigit(character: string | undefined): boolean {
  return character !== undefined && '0123456789abcdefABCDEF'.includes(character)
}

/** Letters, digits, `_`, `$`, and all beyond ASCII. */
function isNameCharacter(character: string | undefined): boolean {
  if (character === undefined) return false
  const code = character.charCodeAt(0)
  if (code >= 0x80) return true
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    isDigit(character) ||
    code === 0x5f ||
    code === 0x24
  )
}

function unknownToken(text: string, at: number, why: string): BuildError {
  return new BuildError('invalid_sql', `At character ${at + 1}, ${near(text, at)}: ${why}.`)
}

/** A few characters of a text from a place on, in quotes. */
export function near(text: string, at: number): string {
  const rest = text.slice(at, at + 24)
  return rest === '' ? 'at the end' : JSON.stringify(at + 24 < text.length ? `${rest}…` : rest)
}
