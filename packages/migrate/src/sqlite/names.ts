import { parseCreate } from '@espalier/dialects/sqlite/inspect'

/** The names in an expression that may be those of columns: all but those of functions, and words that are no names. */
export function namesIn(expression: string): readonly string[] {
  const { tokens } = parseCreate(`create view x as select ${expression}`).text
  return tokens.slice(5).flatMap(({ kind, text }, i, all) => {
    if (kind !== 'word' && kind !== 'quoted') return []
    if (all[i + 1]?.word === '(' && kind === 'word') return []
    return [unquoted(text)]
  })
}

function unquoted(text: string): string {
  const [quote] = text
  if (quote === '[') return text.slice(1, -1)
  if (quote !== '"' && quote !== '`') return text
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}
