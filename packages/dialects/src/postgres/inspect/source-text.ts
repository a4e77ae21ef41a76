/**
 * Where the parts of a piece of SQL are that stand in no quotation marks and no parentheses: what PostgreSQL itself wrote has
 * no comments, and of its texts with backslashes the quotation marks are doubled.
 */
function* bareParts(
  source: string,
  from: number,
): Generator<{ readonly at: number; readonly depth: number }> {
  let depth = 0
  for (let at = from; at < source.length; at++) {
    const character = source[at] as string
    if (character === "'" || character === '"') {
      // A text that is written E'…' has its backslashes doubled, so the next mark ends it, or is one of two.
      at = source.indexOf(character, at + 1)
      if (at < 0) return
      continue
    }
    if (character === '(' || character === '[') depth++
    if (character === ')' || character === ']') depth--
    yield { at, depth }
  }
}

/** The parts of a list of expressions, between commas. */
export function listParts(source: string): string[] {
  const parts: string[] = []
  let start = 0
  for (const { at, depth } of bareParts(source, 0)) {
    if (depth > 0 || source[at] !== ',') continue
    parts.push(source.slice(start, at).trim())
    start = at + 1
  }
  const last = source.slice(start).trim()
  return last === '' ? parts : [...parts, last]
}

/** What stands in the parentheses behind a word, which itself stands in none. */
export function parenthesized(source: string, word: string): string | undefined {
  let start = -1
  for (const { at, depth } of bareParts(source, 0)) {
    if (start < 0 && depth === 1 && source[at] === '(' && source.startsWith(word, at - word.length))
      start = at + 1
    else if (start >= 0 && depth === 0 && source[at] === ')')
      return withoutParentheses(source.slice(start, at))
  }
  return undefined
}

/** A name, or that of a schema and a name, of what a catalog has as one text. */
export function pathOf(text: string): string | readonly [schema: string, name: string] {
  const name = '("(?:[^"]|"")+"|[^".]+)'
  const [, schema, own] = new RegExp(`^${name}\\.${name}$`).exec(text) ?? []
  const plain = (quoted: string) =>
    quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted
  return schema === undefined || own === undefined ? text : [plain(schema), plain(own)]
}

/** An expression without parentheses around all of it. */
export function withoutParentheses(source: string): string {
  if (!source.startsWith('(') || !source.endsWith(')')) return source
  for (const { at, depth } of bareParts(source, 0)) {
    if (depth === 0 && at < source.length - 1) return source
  }
  return withoutParentheses(source.slice(1, -1))
}
