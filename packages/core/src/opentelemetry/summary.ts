/** What a text of SQL does, to what: as much as the names of spans and metrics need. */
export interface Summary {
  /** Operations and tables in their order: `insert posts select users`. */
  readonly text: string
  /** The operation, where there is only one. */
  readonly operation: string | undefined
  /** The table, where there is one operation on one table. */
  readonly collection: string | undefined
}

/** Comments, texts, dollar quotes; quoted names; words; else one character. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|(\$\w*\$)[\s\S]*?\1|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|[^\s]/gu

const WRITES = ['insert', 'update', 'delete', 'merge']
const OBJECTS = ['table', 'index', 'view', 'type', 'schema', 'sequence', 'extension', 'function', 'trigger']
/** What may stand before the name of a table, or of another object. */
const FILLING = ['only', 'if', 'not', 'exists', 'concurrently', 'table', 'unique', 'materialized']
/** The semantic conventions cut a summary off at 255 characters. */
const LONGEST = 255

/**
 * Reads operations and tables off a text, by the order of its words alone: it is a name for spans, which need not be right
 * for every text that somebody writes.
 */
export function summaryOf(sql: string): Summary {
  const parts: string[] = []
  const operations: string[] = []
  const tables = new Set<string>()
  // For each open parenthesis, whether a query or a write stands in it, so that a `from` is its clause: not in `extract(…)`.
  const inStatement = [false]
  let previous = ''
  let expectsName = false
  /** Whether the name may be that of a function: of a source, not of what is written. */
  let mayBeCall = false
  let name = ''

  const finishName = (isCall: boolean): void => {
    if (name !== '' && !isCall) {
      parts.push(name)
      tables.add(name)
    }
    name = ''
  }
  const operate = (operation: string): void => {
    operations.push(operation)
    parts.push(operation)
  }

  for (const [token] of sql.matchAll(TOKEN)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue
    const word = token.toLowerCase()
    const isQuoted = token.startsWith('"')
    const isName = isQuoted || /^[\p{L}_]/u.test(token)
    if (name !== '' && (token === '.' || (isName && previous === '.'))) {
      name += isQuoted ? unquoted(token) : token
      previous = word
      continue
    }
    finishName(token === '(' && mayBeCall)
    if (expectsName && isName && !FILLING.includes(word) && word !== 'select' && word !== 'lateral') {
      name = isQuoted ? unquoted(token) : token
      expectsName = false
    } else if (token === '(') {
      expectsName = false
      inStatement.push(false)
    } else if (token === ')') {
      if (inStatement.length > 1) inStatement.pop()
    } else if (isName && !isQuoted) {
      const top = inStatement.length - 1
      const isFirst = operations.length === 0
      const begins = isFirst || previous === '(' || previous === ')' || previous === 'explain'
      if (word === 'select' || (begins && WRITES.includes(word))) {
        operate(word)
        inStatement[top] = true
        expectsName = word === 'update'
        mayBeCall = false
      } else if (
        OBJECTS.includes(word) &&
        /^(create|alter|drop)$/.test(operations.at(-1) ?? '') &&
        top === 0
      ) {
        operations[operations.length - 1] += ` ${word}`
        parts[parts.length - 1] += ` ${word}`
        expectsName = parts.length === 1
      } else if (isFirst && word !== 'with' && top === 0 && previous === '') {
        operate(word)
        expectsName = word === 'truncate'
      } else if (inStatement[top] === true && previous !== 'distinct') {
        if (word === 'from' || word === 'join' || word === 'into' || word === 'using') {
          expectsName = true
          mayBeCall = word !== 'into'
        }
      }
    }
    previous = word
  }
  finishName(false)
  let text = ''
  for (const part of parts) {
    if (text.length + part.length >= LONGEST) break
    text += text === '' ? part : ` ${part}`
  }
  const operation = operations.length === 1 ? operations[0] : undefined
  return {
    text,
    operation,
    collection: operation !== undefined && tables.size === 1 ? [...tables][0] : undefined,
  }
}

/** A quoted name that needs no quotes, without them. */
function unquoted(token: string): string {
  return /^"[\p{L}_][\p{L}\p{N}_$]*"$/u.test(token) ? token.slice(1, -1) : token
}
