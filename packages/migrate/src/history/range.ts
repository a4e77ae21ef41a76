import { MigrationError } from '../errors.js'
import { type History, nameOf, type RevisionEntry } from './history.js'
import { type Branch, branchOf, parseTarget, placesOf, type Target, walk } from './target.js'

/** The ends of `from:to`; undefined if a target is no range. */
export function splitRange(text: string): { readonly from: string; readonly to: string } | undefined {
  const parts = /^([^:]*):([^:]*)$/.exec(text)
  return parts === null ? undefined : { from: parts[1] as string, to: parts[2] as string }
}

/**
 * The revisions of a range `from:to`, both ends included: what builds or depends on the one, and what the other builds
 * or depends on. Without an end it goes to the base or to the heads. `-3:current` counts from the other end.
 */
export function between(
  history: History,
  applied: ReadonlySet<string>,
  range: string,
): readonly RevisionEntry[] {
  const ends = splitRange(range)
  if (ends === undefined) {
    throw new MigrationError(
      'unknown_target',
      `'${range}' is no range: write from:to, as in base:7c1f, 7c1f:head, -3:current or 7c1f:.`,
    )
  }
  const from = parseTarget(ends.from || 'base')
  const to = parseTarget(ends.to || 'heads')
  if (from.symbol === undefined && to.symbol === undefined) {
    throw new MigrationError(
      'unknown_target',
      `'${range}' counts from nowhere: one of its ends is a place, as in -3:current or 7c1f:+2.`,
    )
  }
  const lower = placeOf(history, applied, from, to)
  const upper = placeOf(history, applied, to, from)
  const branch = branchOf(history, from)
  const below = history.ancestors(lower.length > 0 || branch === undefined ? upper : upper.filter(branch.has))
  if (lower.length === 0) return history.entries.filter(({ id }) => below.has(id))
  const missed = lower.find((id) => !below.has(id))
  if (missed !== undefined) {
    throw new MigrationError(
      'unknown_target',
      `'${range}' is empty: ${nameOf(history.get(missed) as RevisionEntry)} is not below ${upper.length === 0 ? 'the base' : upper.map((id) => nameOf(history.get(id) as RevisionEntry)).join(', ')}.`,
    )
  }
  const above = history.descendants(lower)
  return history.entries.filter(({ id }) => below.has(id) && above.has(id))
}

/** Where one end is; counted from the other end if it is an offset alone. */
function placeOf(
  history: History,
  applied: ReadonlySet<string>,
  target: Target,
  other: Target,
): readonly string[] {
  const branch: Branch | undefined = branchOf(history, target)
  const from = target.symbol === undefined ? other : target
  const start = placesOf(history, from.symbol as string, branch, applied).map(({ id }) => id)
  if (target.offset === 0) return start
  if (start.length > 1) {
    throw new MigrationError(
      'unknown_target',
      `'${target.text}' counts from several revisions: ${start.join(', ')}. Name one of them.`,
    )
  }
  const at = walk(history, start[0], target, branch)
  return at === undefined ? [] : [at]
}
