import { basename } from 'node:path'
import { notesOf } from '../history/drawing.js'
import type { ListedRevision } from '../history/files.js'
import type { RevisionState } from '../run/state.js'
import { colorsOf, type Terminal } from './terminal.js'

type Shown = ListedRevision & Partial<Pick<RevisionState, 'applied' | 'isCurrent' | 'edited'>>

/** A revision on one line: its id, when it was applied if that was asked, its message, and what is to be known of it. */
export function lineOf(revision: Shown, terminal: Terminal): string {
  const { id, message, edited } = revision
  const colors = colorsOf(terminal)
  const when = 'applied' in revision ? `${colors.dim(timeOf(revision).padEnd(19))} ` : ''
  const notes = [...notesOf(revision), ...(edited === true ? [colors.yellow('edited since')] : [])]
  return `${colors.bold(id)} ${when}${message}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}

/** A revision on several lines, with all that is known of it. */
export function paragraphOf(revision: Shown, terminal: Terminal): string {
  const { parents, children, replaces, file, applied } = revision
  const fields: readonly (readonly [string, string])[] = [
    ['parents', parents.length === 0 ? 'none: a base' : parents.join(', ')],
    ['children', children.join(', ')],
    ['replaces', replaces.join(', ')],
    ['file', file === undefined ? '' : basename(file)],
    [
      'applied',
      applied === undefined
        ? ''
        : `${timeOf(revision)}${applied.durationMs === null ? ', not run' : `, in ${applied.durationMs} ms`}` +
          `${applied.version === null ? '' : `, by version ${applied.version}`}`,
    ],
  ]
  return [
    lineOf(revision, terminal),
    ...fields.flatMap(([name, value]) => (value === '' ? [] : [`  ${`${name}:`.padEnd(10)}${value}`])),
  ].join('\n')
}

function timeOf({ applied }: Shown): string {
  return applied === undefined ? 'pending' : applied.appliedAt.toISOString().slice(0, 19).replace('T', ' ')
}
