/**
 * Source text that may be laid out in one line or in several: a text, texts in a row, or a group, whose breaks are all taken
 * or none. What is in an indented part stands two blanks deeper.
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly group: Layout }
  | { readonly indent: Layout }
  /** A line break: in one line it is this text instead, and `broken` stands before it otherwise. */
  | { readonly flat: string; readonly broken?: string }
  /** A line break in any case; it stands in no group. */
  | { readonly hard: true }

const WIDTH = 120

/** A break in any case. */
const hardLine: Layout = { hard: true }
/** A break that is nothing in one line. */
const softLine: Layout = { flat: '' }
/** A break that is a blank in one line. */
const line: Layout = { flat: ' ' }

/** Parts with commas between, in brackets: in one line, or one part a line with a comma behind each. */
export function list(open: string, parts: readonly Layout[], close: string, edge: Layout = softLine): Layout {
  if (parts.length === 0) return `${open}${close}`
  const inner = parts.map((part, i) => (i === 0 ? part : [',', line, part]))
  const end = edge === line ? { flat: ' ', broken: ',' } : { flat: '', broken: ',' }
  return { group: [open, { indent: [edge, inner] }, end, close] }
}

/** A call: `f(a, b)`. */
export function call(name: Layout, args: readonly Layout[]): Layout {
  return [name, list('(', args, ')')]
}

/** Calls of methods behind an expression: in one line, or one a line. */
export function chain(first: Layout, methods: readonly Layout[]): Layout {
  if (methods.length === 0) return first
  return { group: [first, { indent: methods.map((method) => [softLine, method]) }] }
}

/** Parts in brackets, each in a line of its own. */
export function block(open: string, parts: readonly Layout[], close: string): Layout {
  if (parts.length === 0) return `${open}${close}`
  return [open, { indent: parts.map((part) => [hardLine, part, ',']) }, hardLine, close]
}

/** An object: `{ a: 1, b: 2 }`. */
export function object(entries: readonly (readonly [key: string, value: Layout])[]): Layout {
  return list(
    '{',
    entries.map(([key, value]) => [`${key}: `, value]),
    '}',
    line,
  )
}

/** The text of a layout, whose first line begins at a column. */
export function render(layout: Layout): string {
  const out: string[] = []
  let column = 0
  const put = (text: string) => {
    out.push(text)
    const newline = text.lastIndexOf('\n')
    column = newline < 0 ? column + text.length : text.length - newline - 1
  }
  const walk = (part: Layout, indent: number, isFlat: boolean, rest: number): void => {
    if (typeof part === 'string') put(part)
    else if (isList(part)) {
      part.forEach((one, i) => {
        walk(one, indent, isFlat, i === part.length - 1 ? rest : trailing(part.slice(i + 1), rest))
      })
    } else if ('group' in part) {
      const flat = isFlat || fits(part.group, WIDTH - column - rest)
      walk(part.group, indent, flat, rest)
    } else if ('indent' in part) walk(part.indent, indent + 2, isFlat, rest)
    else if (isFlat && 'flat' in part) put(part.flat)
    else {
      out.push(`${('broken' in part && part.broken) || ''}\n${' '.repeat(indent)}`)
      column = indent
    }
  }
  walk(layout, 0, false, 0)
  return out.join('')
}

const isList = (part: Layout): part is readonly Layout[] => Array.isArray(part)

/** How much of what follows stands in the same line in any case: up to its first break. */
function trailing(parts: readonly Layout[], rest: number): number {
  let width = 0
  for (const part of parts) {
    const { text, ends } = firstLine(part)
    width += text
    if (ends) return width
  }
  return width + rest
}

function firstLine(part: Layout): { readonly text: number; readonly ends: boolean } {
  if (typeof part === 'string') {
    const newline = part.indexOf('\n')
    return newline < 0 ? { text: part.length, ends: false } : { text: newline, ends: true }
  }
  if (isList(part)) {
    let text = 0
    for (const one of part) {
      const first = firstLine(one)
      text += first.text
      if (first.ends) return { text, ends: true }
    }
    return { text, ends: false }
  }
  if ('group' in part) return firstLine(part.group)
  if ('indent' in part) return firstLine(part.indent)
  return { text: 0, ends: true }
}

/** Whether a layout fits in one line of a width; a template may go on in others. */
function fits(layout: Layout, width: number): boolean {
  let left = width
  const pending: Layout[] = [layout]
  while (pending.length > 0) {
    const part = pending.pop() as Layout
    if (typeof part === 'string') {
      const newline = part.indexOf('\n')
      if (newline >= 0) return left >= newline
      left -= part.length
    } else if (isList(part)) pending.push(...part.toReversed())
    else if ('group' in part) pending.push(part.group)
    else if ('indent' in part) pending.push(part.indent)
    else if ('hard' in part) return left >= 0
    else left -= part.flat.length
    if (left < 0) return false
  }
  return true
}
