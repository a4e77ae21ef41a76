import { BuildError } from '@espalier/core'
import type { NamePart, Part, SourcePart } from './syntax.js'
import { near, print, type Token, type TokenList } from './token.js'

const words = (text: string) => new Set(text.split(/\s+/))

/** The keywords that are never names: those for which SQLite's grammar has no fallback. https://sqlite.org/lang_keywords.html */
const RESERVED: ReadonlySet<string> =
  words(`add all alter and as autoincrement between case check collate commit constraint
  create default deferrable delete distinct drop else escape except exists foreign from group having in index insert intersect
  into is isnull join limit not nothing notnull null on or order primary references returning select set table then to
  transaction union unique update using values when where`)

/** Names of everything but of types and collations. */
const NOT_IN_TYPES: ReadonlySet<string> = words('cross full indexed inner left natural outer right')

/** How tightly operators bind, as in SQLite's grammar. */
const LEVELS = {
  or: 1,
  and: 2,
  not: 3,
  in: 4,
  isnull: 4,
  '<': 5,
  escape: 6,
  '&': 7,
  '+': 8,
  '*': 9,
  '||': 10,
  collate: 11,
  '~': 12,
} as const

const OPERATORS: ReadonlyMap<string, number> = new Map([
  ['or', LEVELS.or],
  ['and', LEVELS.and],
  ...[...words('is match like glob regexp between in isnull notnull = == <> !=')].map(
    (word) => [word, LEVELS.in] as const,
  ),
  ...[...words('< <= > >=')].map((word) => [word, LEVELS['<']] as const),
  ['escape', LEVELS.escape],
  ...[...words('& | << >>')].map((word) => [word, LEVELS['&']] as const),
  ...[...words('+ -')].map((word) => [word, LEVELS['+']] as const),
  ...[...words('* / %')].map((word) => [word, LEVELS['*']] as const),
  ...[...words('|| -> ->>')].map((word) => [word, LEVELS['||']] as const),
  ['collate', LEVELS.collate],
])

const AFTER_NOT: ReadonlySet<string> = words('like glob regexp match between in')

const levelOf = (word: string) => OPERATORS.get(word) ?? -1

/** A name or a text without its quotes. */
export function unquoted({ kind, text }: Token): string {
  if (kind !== 'quoted' && kind !== 'string') return text
  const quote = text[0] as string
  const inner = text.slice(1, -1)
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}

/** A place in the tokens of a statement, and the steps of a parser from there. */
export class Cursor {
  at = 0
  constructor(readonly list: TokenList) {}

  get token(): Token | undefined {
    return this.list.tokens[this.at]
  }
  /** The word or the sign here, in lower case. */
  get word(): string {
    return this.wordAt(0)
  }
  wordAt(offset: number): string {
    return this.list.tokens[this.at + offset]?.word ?? ''
  }
  is(word: string, offset = 0): boolean {
    return this.wordAt(offset) === word
  }
  get isAtEnd(): boolean {
    return this.at >= this.list.tokens.length
  }

  /** Whether a word is next, and another behind it if there is one; if so, goes behind them. */
  take(word: string, another?: string): boolean {
    if (this.wordAt(0) !== word || (another !== undefined && this.wordAt(1) !== another)) return false
    this.at += another === undefined ? 1 : 2
    return true
  }
  /** Goes behind these words; an error if others are next. */
  expect(...expected: readonly string[]): void {
    for (const word of expected) if (!this.take(word)) throw this.error(word)
  }
  /** The one of these words that is next. */
  choose<const W extends string>(...choices: readonly W[]): W {
    const { word } = this
    if (!(choices as readonly string[]).includes(word)) throw this.error(choices.join(' or '))
    this.at++
    return word as W
  }

  part(first: number): Part {
    return { first, end: this.at }
  }
  source(first: number, end = this.at): SourcePart {
    return { first, end, source: this.text(first, end) }
  }
  /** What stands in some tokens, without what is before the first. */
  text(first: number, end: number): string {
    // Most parts are one token: types, and the keys of indexes.
    if (end === first + 1) return this.list.tokens[first]?.text ?? ''
    const tokens = this.list.tokens.slice(first, end)
    return print({ tokens, after: '' }).slice(tokens[0]?.before.length ?? 0)
  }

  isName(offset = 0): boolean {
    const token = this.list.tokens[this.at + offset]
    if (token === undefined) return false
    return (
      token.kind === 'quoted' ||
      token.kind === 'string' ||
      (token.kind === 'word' && !RESERVED.has(token.word))
    )
  }
  name(): NamePart {
    if (!this.isName()) throw this.error('a name')
    const name = unquoted(this.token as Token)
    this.at++
    return { first: this.at - 1, end: this.at, name }
  }
  /** What types and collations are called: no word of a join. */
  isTypeWord(): boolean {
    return this.isName() && !NOT_IN_TYPES.has(this.word)
  }
  /** A list in parentheses, of one element at least. */
  listOf<T>(element: () => T): T[] {
    this.expect('(')
    const elements = [element()]
    while (this.take(',')) elements.push(element())
    this.expect(')')
    return elements
  }
  /** Goes behind the parenthesis that closes the one that is next. */
  parentheses(): void {
    if (!this.is('(')) throw this.error('(')
    let depth = 0
    do {
      if (this.is('(')) depth++
      else if (this.is(')')) depth--
      this.at++
    } while (depth > 0 && !this.isAtEnd)
    if (depth > 0) throw this.error(')')
  }
  /** What stands in the parentheses that are next. */
  inParentheses(): SourcePart {
    const first = this.at + 1
    this.parentheses()
    return this.source(first, this.at - 1)
  }

  /**
   * Goes behind an expression. What is in parentheses is not looked into: here it only matters where the expression ends, and
   * which operator is its outermost.
   */
  expression(): SourcePart {
    const first = this.at
    this.operation(0)
    return this.source(first)
  }

  /**
   * Goes behind an expression of operators that bind as tightly as a level, or tighter. Gives the place of the outermost one
   * if that is `collate`.
   */
  private operation(level: number): number | undefined {
    let collate: number | undefined
    if (this.take('not')) this.operation(LEVELS.not)
    else if (this.take('-') || this.take('+') || this.take('~')) this.operation(LEVELS['~'])
    else this.operand()
    for (;;) {
      const isNegated = this.is('not')
      const word = this.wordAt(isNegated ? 1 : 0)
      const own = isNegated
        ? word === 'null'
          ? LEVELS.isnull
          : AFTER_NOT.has(word)
            ? LEVELS.in
            : -1
        : levelOf(word)
      if (own < level) return collate
      collate = word === 'collate' ? this.at : undefined
      this.at += isNegated ? 2 : 1
      this.behindOperator(word, own)
    }
  }

  /** Goes behind what stands on the right of an operator. */
  private behindOperator(word: string, level: number): void {
    switch (word) {
      case 'collate':
        this.name()
        return
      case 'isnull':
      case 'notnull':
      case 'null':
        return
      case 'in':
        if (this.is('(')) this.parentheses()
        else {
          this.name()
          if (this.take('.')) this.name()
          if (this.is('(')) this.parentheses()
        }
        return
      case 'between':
        this.operation(LEVELS.and + 1)
        this.expect('and')
        break
      case 'is':
        this.take('not')
        this.take('distinct', 'from')
    }
    this.operation(level + 1)
  }

  private operand(): void {
    const { token, word } = this
    if (word === '(') this.parentheses()
    else if (this.take('exists')) this.parentheses()
    else if (this.take('case')) this.caseExpression()
    else if (word === 'null' || ['number', 'blob', 'variable'].includes(token?.kind ?? '')) this.at++
    else if (this.isName()) {
      this.at++
      if (this.is('.')) {
        while (this.take('.')) this.name()
      } else if (this.is('(')) {
        this.parentheses()
        if (this.is('filter') && this.is('(', 1)) {
          this.at++
          this.parentheses()
        }
        if (this.is('over') && (this.is('(', 1) || this.isName(1))) {
          this.at++
          if (this.is('(')) this.parentheses()
          else this.at++
        }
      }
    } else throw this.error('an expression')
  }

  private caseExpression(): void {
    if (!this.is('when')) this.operation(0)
    while (this.take('when')) {
      this.operation(0)
      this.expect('then')
      this.operation(0)
    }
    if (this.take('else')) this.operation(0)
    this.expect('end')
  }

  /** The place of the `collate` that is the outermost operator of the tokens, which must be a whole expression. */
  outermostCollate(first: number, end: number): number | undefined {
    if (end === first + 1) return undefined
    const part = new Cursor({ tokens: this.list.tokens.slice(first, end), after: '' })
    const found = part.operation(0)
    return found === undefined || !part.isAtEnd ? undefined : first + found
  }

  error(expected: string): BuildError {
    const { tokens } = this.list
    const text = print(this.list)
    const at =
      print({ tokens: tokens.slice(0, this.at), after: '' }).length + (this.token?.before.length ?? 0)
    return new BuildError('invalid_sql', `At character ${at + 1}, ${near(text, at)}: expected ${expected}.`)
  }
}
