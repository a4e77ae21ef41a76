const LENGTH = 300

/**
 * A statement for an error message, indented below it and cut where it is long. With `position` (counted from 1,
 * as PostgreSQL does), the part around it, and a mark under the place.
 */
export function statementExcerpt(sql: string | undefined, position?: number): string {
  if (sql === undefined || sql === '') return ''
  return excerptOf(sql, position) + mistakeIn(sql)
}

/** What is mostly meant by SQL that no database takes. */
function mistakeIn(sql: string): string {
  if (!/^select\s+(select|with|values)\s/i.test(sql)) return ''
  return '\nsql`…` is an expression: a whole query in raw SQL is run as sql.query(columns)`…`, and not selected.'
}

function excerptOf(sql: string, position: number | undefined): string {
  if (position === undefined || !(position >= 1)) {
    const text = sql.length > LENGTH ? `${sql.slice(0, LENGTH)}…` : sql
    return `\n  ${text.replaceAll('\n', '\n  ')}`
  }
  const place = position - 1
  const lineStart = sql.lastIndexOf('\n', place - 1) + 1
  const start = Math.max(lineStart, place - LENGTH / 3)
  const newline = sql.indexOf('\n', place)
  const lineEnd = newline < 0 ? sql.length : newline
  const end = Math.min(lineEnd, start + LENGTH)
  const before = start > lineStart ? '…' : ''
  const line = `${before}${sql.slice(start, end)}${end < lineEnd ? '…' : ''}`
  return `\n  ${line}\n  ${' '.repeat(before.length + place - start)}^`
}
