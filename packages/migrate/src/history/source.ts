/** What counts of a module's text. */
export interface Source {
  /** The text without comments, and without spaces, line breaks and last commas that mean nothing. */
  readonly meaning: string
  /** What it imports, as it is written there: `'@espalier/core'`, `'./_helper.js'`. */
  readonly imports: readonly string[]
}

/** Words behind which a slash begins a regular expression. */
const BEFORE_EXPRESSION =
  /^(?:return|typeof|case|in|of|delete|void|throw|new|do|else|instanceof|yield|await|default)$/

const WORD = /[\p{ID_Continue}$#\u200c\u200d]+/uy
const SPACE = /\s+/y
const LINE_COMMENT = /\/\/[^\n\r\u2028\u2029]*/y
const BLOCK_COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/y
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'?|"(?:[^"\\\n]|\\[\s\S])*"?/y
const REGEXP = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
/** A template up to its end or its next expression. */
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y

/**
 * Reads a module of JavaScript or TypeScript by its tokens. It need not be understood for that, only told apart from
 * comments and texts; where that fails, some comment may count or some space not, and nothing else.
 */
export function readSource(text: string): Source {
  const tokens = tokensOf(text)
  let meaning = ''
  const imports: string[] = []
  tokens.forEach((token, i) => {
    const before = tokens[i - 1] ?? ''
    if (token === ',' && /^[)\]}]$/.test(tokens[i + 1] ?? '')) return
    if (isWord(before) && isWord(token)) meaning += ' '
    meaning += token
    const isImported =
      before === 'from' ||
      before === 'import' ||
      (before === '(' && /^(?:import|require)$/.test(tokens[i - 2] ?? '') && tokens[i - 3] !== '.')
    if (isImported && /^['"`]/.test(token)) imports.push(token.slice(1).replace(/['"`]$|\$\{$/, ''))
  })
  return { meaning, imports: [...new Set(imports)] }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  /** The braces that are open; true where one belongs to a template. */
  const braces: boolean[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found === undefined || found === '') return undefined
    at += found.length
    return found
  }
  const template = (start: string): void => {
    const piece = take(TEMPLATE) ?? ''
    tokens.push(start + piece)
    if (piece.endsWith('${')) braces.push(true)
  }
  while (at < text.length) {
    if (take(SPACE) ?? take(LINE_COMMENT) ?? take(BLOCK_COMMENT)) continue
    const before = tokens.at(-1)
    const token = take(WORD) ?? take(STRING) ?? (beginsExpression(before) ? take(REGEXP) : undefined)
    if (token !== undefined) {
      tokens.push(token)
      continue
    }
    const sign = text[at++] as string
    if (sign === '`') template(sign)
    else if (sign === '}' && braces.pop() === true) template(sign)
    else {
      tokens.push(sign)
      if (sign === '{') braces.push(false)
    }
  }
  return tokens
}

function isWord(token: string): boolean {
  return /^[\p{ID_Continue}$#]/u.test(token)
}

function beginsExpression(before: string | undefined): boolean {
  if (before === undefined || BEFORE_EXPRESSION.test(before)) return true
  return !isWord(before) && !/[)\]'"`]$/.test(before)
}
