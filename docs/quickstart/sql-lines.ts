/** What begins a line, unless it is within parentheses. */
const CLAUSE =
  /(?:select|(?<!delete )from|(?:inner|left|cross) join|where|group by|having|order by|limit|union|values|on conflict|returning)\b/y

/** A word with the strings, quoted names and parentheses in it, or the space between two. */
const WORD = /(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|[^\s'"])+|\s+/g
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g

/** SQL as lines: one for each clause, and more where that is longer than `width`. */
export function sqlLines(sql: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  for (const { 0: word, index } of sql.matchAll(WORD)) {
    CLAUSE.lastIndex = index
    const isClause = depth === 0 && CLAUSE.test(sql)
    const isFull = line.length + word.trimEnd().length > width
    if (line.trim() !== '' && (isClause || isFull)) {
      lines.push(line.trimEnd())
      line = isClause ? '' : '    '
    }
    if (line.trim() !== '' || word.trim() !== '') line += word
    for (const character of word.replaceAll(QUOTED, '')) {
      if (character === '(') depth++
      if (character === ')') depth--
    }
  }
  return [...lines, line.trimEnd()]
}
