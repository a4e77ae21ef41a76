import { BuildError, excerpt } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { Writer } from '../expression/writer.js'
import { checkName } from './naming.js'
import { requireSchemaFeature } from './schema-features.js'

/** What SQLite does with a row that a constraint refuses: https://www.sqlite.org/lang_conflict.html */
export type ConflictAction = 'rollback' | 'abort' | 'fail' | 'ignore' | 'replace'

const conflictActions: readonly unknown[] = ['rollback', 'abort', 'fail', 'ignore', 'replace']

/** When a constraint is looked at: at once, or at the end of the transaction if that is asked for, or always then. */
export type Deferrable = boolean | 'initially deferred'

export function writeOnConflict(to: Writer, action: ConflictAction | undefined): void {
  if (action === undefined) return
  requireSchemaFeature(to, 'insertOr')
  if (!conflictActions.includes(action)) {
    throw new BuildError(
      'invalid_constraint',
      `A constraint is on conflict ${conflictActions.join(', ')}, not ${excerpt(action)}.`,
    )
  }
  to.text(` on conflict ${action}`)
}

export function writeDeferrable(to: Writer, deferrable: Deferrable | undefined): void {
  if (deferrable === undefined || deferrable === false) return
  to.text(deferrable === 'initially deferred' ? ' deferrable initially deferred' : ' deferrable')
}

export function writeInclude(to: Writer, include: readonly string[] | undefined): void {
  if (include === undefined || include.length === 0) return
  requireSchemaFeature(to, 'includedColumns')
  to.text(` include ${nameList(include)}`)
}

export function writeEnforced(to: Writer, enforced: boolean | undefined): void {
  if (enforced !== false) return
  requireSchemaFeature(to, 'notEnforced')
  to.text(' not enforced')
}

/** The name of a constraint; an empty one leaves it without. */
export function writeName(to: Writer, name: string): void {
  if (name === '') return
  checkName(to, name)
  to.text(`constraint ${quoteIdentifier(name)} `)
}

export function nameList(names: readonly string[]): string {
  if (names.length === 0) throw new BuildError('no_columns', 'A constraint names no columns.')
  return `(${names.map(quoteIdentifier).join(', ')})`
}
