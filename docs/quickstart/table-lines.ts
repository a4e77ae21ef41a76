import { inspect } from 'node:util'

const GAP = '  '

/** Rows as the lines of a table, the first one its heading, none longer than `width`; numbers stand to the right. */
export function tableLines(rows: readonly object[], width: number): readonly string[] {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const table = rows.map((row) => new Map<string, unknown>(Object.entries(row)))
  const columns = keys.map((key) => {
    const values = table.map((row) => row.get(key))
    const cells = [key, ...values.map(cellText)]
    const isNumber = values.some((value) => typeof value === 'number') && values.every(isNumberOrNull)
    return { cells, isNumber, width: Math.max(...cells.map((cell) => cell.length)) }
  })
  const widths = fitted(
    columns.map((column) => column.width),
    width - GAP.length * (columns.length - 1),
  )
  return [keys, ...rows].map((_, line) =>
    columns
      .map(({ cells, isNumber }, i) => fit(cells[line] ?? '', widths[i] ?? 0, isNumber))
      .join(GAP)
      .trimEnd(),
  )
}

/** A value on one line. */
export function cellText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString().slice(0, 16).replace('T', ' ')
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true })
}

function isNumberOrNull(value: unknown): boolean {
  return typeof value === 'number' || value === null
}

/** Widths that come to no more than a sum: the widest columns give. */
function fitted(wanted: readonly number[], sum: number): readonly number[] {
  const widths = [...wanted]
  for (let excess = widths.reduce((a, b) => a + b, 0) - sum; excess > 0; excess--) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest] = Math.max(1, (widths[widest] ?? 0) - 1)
  }
  return widths
}

function fit(text: string, width: number, toTheRight: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text
  return toTheRight ? cut.padStart(width) : cut.padEnd(width)
}
