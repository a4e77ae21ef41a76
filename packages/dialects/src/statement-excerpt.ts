const LENGTH = 300

/**
 * A statement for an error message, indented below it and cut where it is long. With `position` (counted from 1,
 * as PostgreSQL does), the part around it, and a mark under the place.
 */
export function statementExcerpt(sql: string | undefined, position?: number): string {
  if (sql === undefined || sql === '') return ''
  if (position === undefined || !(position >= 1)) {
    return `\n  ${sql.length > LENGTH ? `${sql.slice(0, LENGTH)}…` : sql}`.replaceAll('\n', '\n  ').trimEnd()
  }
  const place = position - 1
  const start = Math.max(sql.lastIndexOf('\n', place - 1) + 1, place - 100, 0)
  const lineEnd = sql.indexOf('\n', place)
  const end = Math.min(lineEnd < 0 ? sql.length : lineEnd, start + 2 * 100)
  const before = start > 0 ? '…' : ''
  const line = `${before}${sql.slice(start, end)}${end < sql.length ? '…' : ''}`
  return `\n  ${line}\n  ${' '.repeat(before.length + place - start)}^`
}
