import { MigrationError } from '../errors.js'
import { type History, nameOf, type RevisionEntry } from './history.js'

/**
 * The revisions that lead up to a target, in the order in which they are to be applied.
 *
 * `target` is `head`, an id, the unique beginning of one, or `+n` for the next `n`.
 */
export function stepsUp(
  history: History,
  applied: ReadonlySet<string>,
  target: string,
): readonly RevisionEntry[] {
  const pending = history.entries.filter(({ id }) => !applied.has(id))
  const relative = /^\+(\d+)$/.exec(target)
  if (relative !== null) return take(pending, relative, target, 'not applied yet')
  if (target === 'heads') return pending
  if (target === 'base' || target.startsWith('-')) throw wrongWay(target, 'upgrade', 'downgrade')
  const wanted = history.ancestors(target === 'head' ? onlyHead(history) : [findRevision(history, target).id])
  return pending.filter(({ id }) => wanted.has(id))
}

/**
 * The revisions that are to be undone to be back at a target, in that order.
 *
 * `target` is `base` for none applied, an id, the unique beginning of one, or `-n` for the last `n`.
 */
export function stepsDown(
  history: History,
  applied: ReadonlySet<string>,
  target: string,
): readonly RevisionEntry[] {
  const undoable = history.entries.filter(({ id }) => applied.has(id)).toReversed()
  const relative = /^-(\d+)$/.exec(target)
  if (relative !== null) return take(undoable, relative, target, 'applied')
  if (target === 'base') return undoable
  if (target === 'head' || target === 'heads' || target.startsWith('+'))
    throw wrongWay(target, 'downgrade', 'upgrade')
  const entry = findRevision(history, target)
  if (!applied.has(entry.id)) {
    throw new MigrationError(
      'unknown_target',
      `Revision ${nameOf(entry)} is not applied, so there is no way down to it. Use upgrade to get there.`,
    )
  }
  const above = history.descendants(entry.id)
  return undoable.filter(({ id }) => above.has(id))
}

/** The revision of an id, or of the unique beginning of one. */
export function findRevision(history: History, target: string): RevisionEntry {
  const exact = history.get(target)
  if (exact !== undefined) return exact
  const matches = target === '' ? [] : history.entries.filter(({ id }) => id.startsWith(target))
  const [match] = matches
  if (match !== undefined && matches.length === 1) return match
  if (matches.length > 1) {
    throw new MigrationError(
      'unknown_target',
      `'${target}' is the beginning of several revisions: ${matches.map(nameOf).join(', ')}. Give more of the id.`,
    )
  }
  throw new MigrationError(
    'unknown_target',
    `There is no revision '${target}'. A target is head, base, an id or the beginning of one, +1 (the next) or -1 (the last).`,
  )
}

/** The only head, or none where there is no revision. */
export function onlyHead(history: History): readonly string[] {
  const { heads } = history
  if (heads.length <= 1) return heads
  const names = heads.map((id) => nameOf(history.get(id) as RevisionEntry))
  throw new MigrationError(
    'several_heads',
    `There are ${heads.length} heads: ${names.join(', ')}. Name one as the target, or add a revision whose parents are ` +
      `all of them: parents: [${heads.map((id) => `'${id}'`).join(', ')}].`,
  )
}

function take(
  entries: readonly RevisionEntry[],
  [, digits]: RegExpExecArray,
  target: string,
  state: string,
): readonly RevisionEntry[] {
  const count = Number(digits)
  if (count >= 1 && count <= entries.length) return entries.slice(0, count)
  throw new MigrationError(
    'unknown_target',
    `'${target}' asks for ${count} revisions, and ${entries.length === 0 ? 'none is' : `${entries.length} are`} ${state}.`,
  )
}

function wrongWay(target: string, command: string, other: string): MigrationError {
  return new MigrationError('unknown_target', `${command} does not take '${target}': that is for ${other}.`)
}
