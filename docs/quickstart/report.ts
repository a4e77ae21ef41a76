/** Shows a run of the quickstart to people: within the width of the terminal, in colours where there are any. */
import pc from 'picocolors'
import type { Comparison, Observer, Result } from './quickstart.js'
import { sqlLines } from './sql-lines.js'
import { cellText, tableLines } from './table-lines.js'

/** Where the report goes: a terminal, a file, a pipe. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface Report extends Observer {
  /** The times side by side, and whether the answers were the same. */
  onEnd(names: readonly string[], comparisons: readonly Comparison[]): void
}

const SHOWN_ROWS = 8
const SHOWN_SQL_LINES = 40

export function createReport(output: Output): Report {
  const isTerminal = output.isTTY === true
  const width = Math.max(60, Math.min(output.columns ?? 110, 160))
  const { bold, cyan, dim, green, red } = pc.createColors(isTerminal && pc.isColorSupported)

  const print = (...lines: readonly string[]) => {
    clearProgress()
    for (const line of lines) output.write(`${line}\n`)
  }
  const clearProgress = () => {
    if (isTerminal) output.write('\r\x1b[K')
  }
  const table = (rows: readonly object[]) => {
    const [head = '', ...body] = tableLines(rows, width - 2)
    print(`  ${bold(head)}`, ...body.map((line) => `  ${line}`))
  }

  return {
    onDatabase: (name) =>
      print('', bold(cyan(`━━ ${name} ${'━'.repeat(Math.max(0, width - name.length - 4))}`))),

    onProgress(text) {
      if (isTerminal) output.write(`\r\x1b[K${dim(`  … ${text}`.slice(0, width - 1))}`)
    },

    onResult({ title, sql, rows, milliseconds }: Result) {
      print('', `${bold(title)} ${dim(`· ${milliseconds.toFixed(1)} ms`)}`)
      const lines = sql.flatMap((text) => sqlLines(text, width - 2))
      print(...clipped(lines).map((line) => dim(`  ${line}`)))
      table(rows.slice(0, SHOWN_ROWS))
      if (rows.length > SHOWN_ROWS) print(dim(`  … ${rows.length - SHOWN_ROWS} more rows`))
    },

    onEnd(names, comparisons) {
      print('', bold(cyan(`━━ ${names.join(' and ')} ${'━'.repeat(width)}`.slice(0, width))), '')
      table(comparisons.map((comparison) => summary(names, comparison)))
      const different = comparisons.filter(({ differsAt }) => differsAt !== undefined)
      for (const { title, results, differsAt = 0 } of different) {
        print('', red(`Different: ${title}, row ${differsAt + 1}`))
        print(...results.map(({ rows }, i) => `  ${names[i]}: ${cellText(rows[differsAt])}`))
      }
      print(
        '',
        different.length === 0
          ? green(`The same rows from ${names.join(' and ')} in all ${comparisons.length} steps.`)
          : red(`${different.length} of ${comparisons.length} steps gave different rows.`),
      )
    },
  }
}

function summary(names: readonly string[], { title, results, differsAt }: Comparison): object {
  const times = names.map((name, i) => [`${name}, ms`, Number(results[i]?.milliseconds.toFixed(1))])
  const same = differsAt === undefined ? 'yes' : 'NO'
  return { step: title, ...Object.fromEntries(times), rows: results[0]?.rows.length ?? 0, same }
}

function clipped(lines: readonly string[]): readonly string[] {
  if (lines.length <= SHOWN_SQL_LINES) return lines
  return [...lines.slice(0, SHOWN_SQL_LINES - 1), `… ${lines.length - SHOWN_SQL_LINES + 1} more lines`]
}
