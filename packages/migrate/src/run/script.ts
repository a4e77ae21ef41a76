import type { Executor } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { nameOf } from '../history/history.js'
import { runsOutsideTransaction } from '../operations/locks.js'
import type { AnyStatement } from '../operations/operation.js'
import { type PlannedRevision, sqlOf } from './plan.js'
import type { VersionTable } from './version-table.js'

/**
 * A plan as SQL to be read, or to be run by hand: each revision in its transaction, with its row in the version table.
 * An operation that is code cannot be written; it is an error, or with `lenient` a comment.
 */
export function scriptOf(
  plan: readonly PlannedRevision[],
  { dialect, backend }: Pick<Executor, 'dialect' | 'backend'>,
  versions: VersionTable,
  options: {
    /** What makes the version table as it should be. */
    readonly preparation: readonly AnyStatement[]
    /** What writes down the baselines whose revisions the database has. */
    readonly adopted: readonly AnyStatement[]
    readonly lenient: boolean
  },
): string {
  const inline = (statement: AnyStatement) => `${statement.toSQL(dialect, { inline: true }).sql};`
  const lines: string[] = []
  const first = plan.length + options.adopted.length > 0 ? options.preparation : []
  for (const statement of [...first, ...options.adopted]) lines.push(inline(statement), '')
  for (const { entry, direction, operations, hash } of plan) {
    const { id, message } = entry
    lines.push(`-- ${direction} ${comment(`${id}: ${message}`)}`)
    const row =
      direction === 'up'
        ? versions.added({ id, message, durationMs: null, hash })
        : versions.removed([id, ...entry.replaces])
    let isOpen = false
    const setOpen = (open: boolean): void => {
      if (open !== isOpen) lines.push(open ? `${backend.begin({})};` : 'commit;')
      isOpen = open
    }
    for (const planned of operations) {
      setOpen(!runsOutsideTransaction(planned.operation, dialect))
      const { operation } = planned
      if (operation.run !== undefined && !options.lenient) {
        throw new MigrationError(
          'not_sql',
          `Revision ${nameOf(entry)} has an operation that is code (${operation.description}), which no script can contain. ` +
            'Write it as statements, or run the revision itself.',
          { revision: id, file: entry.file },
        )
      }
      const isUnknown = planned.statements.length === 0 && operation.perform?.(dialect) !== undefined
      if (isUnknown && !options.lenient) {
        throw new MigrationError(
          'not_sql',
          `Revision ${nameOf(entry)} has an operation (${operation.description}) whose statements depend on the table as it is ` +
            'when it runs: this database has no statement for it, and the table is made anew. Run the revision itself.',
          { revision: id, file: entry.file },
        )
      }
      lines.push(`-- ${comment(operation.description)}`)
      if (isUnknown) lines.push('-- (the table is made anew here)')
      if (operation.run !== undefined) lines.push('-- (code, which runs here)')
      lines.push(...sqlOf(planned, dialect).map(terminated))
    }
    setOpen(true)
    lines.push(inline(row))
    setOpen(false)
    lines.push('')
  }
  return lines.join('\n')
}

/** A statement that ends in a comment would take the semicolon into it. */
function terminated(sql: string): string {
  return /--[^\n]*$/.test(sql) ? `${sql}\n;` : `${sql};`
}

function comment(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
