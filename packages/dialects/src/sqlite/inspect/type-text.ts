import type { CatalogType } from '@espalier/core'
import { unquoted } from './cursor.js'
import { type Token, tokenize } from './token.js'

/** A type as SQLite says it, taken apart: its words in one line, without comments, and what is in the parentheses. */
export function catalogType(text: string): CatalogType {
  const whole = { text, name: text, arguments: [] }
  if (/^[a-z_]\w*$/i.test(text)) return whole
  let tokens: readonly Token[]
  try {
    tokens = tokenize(text).tokens
  } catch {
    return whole
  }
  const open = tokens.findIndex(({ word }) => word === '(')
  const words = open < 0 ? tokens : tokens.slice(0, open)
  const isClosed = open < 0 || tokens.at(-1)?.word === ')'
  if (!isClosed || words.length === 0 || words.some(({ kind }) => kind === 'symbol')) return whole
  const args = open < 0 ? [] : ['']
  for (const token of open < 0 ? [] : tokens.slice(open + 1, -1)) {
    if (token.word === ',') args.push('')
    else args.push(`${args.pop()}${token.text}`)
  }
  return { text, name: words.map(unquoted).join(' '), arguments: args }
}
