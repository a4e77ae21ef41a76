import { MigrationError } from '../errors.js'
import { type History, nameOf, type RevisionEntry } from './history.js'
import {
  ambiguous,
  type Branch,
  branchOf,
  headsOf,
  parseTarget,
  placesOf,
  type Target,
  tooFar,
  walk,
} from './target.js'

/**
 * The revisions that lead up to a target, or to several, in the order in which they are to be applied: all that these
 * build or depend on and that is not applied yet.
 */
export function stepsUp(
  history: History,
  applied: ReadonlySet<string>,
  targets: string | readonly string[],
): readonly RevisionEntry[] {
  const list = typeof targets === 'string' ? [targets] : targets
  const wanted = history.ancestors(list.flatMap((target) => goalsUp(history, applied, parseTarget(target))))
  return history.entries.filter(({ id }) => wanted.has(id) && !applied.has(id))
}

function goalsUp(history: History, applied: ReadonlySet<string>, target: Target): readonly string[] {
  const { symbol, offset, text } = target
  const isBelow = symbol === undefined ? offset <= 0 : symbol === 'base' && offset <= 0
  if (isBelow) throw wrongWay(text, 'upgrade', 'downgrade')
  const branch = branchOf(history, target)
  if (symbol === undefined) {
    return goal(walk(history, startUp(history, applied, target, branch), target, branch))
  }
  const places = placesOf(history, symbol, branch, applied).map(({ id }) => id)
  return offset === 0 ? places : goal(walk(history, onlyPlace(history, target, places), target, branch))
}

const goal = (id: string | undefined): readonly string[] => (id === undefined ? [] : [id])

/** Where `+n` begins: at the only head of the database, or the only tip of what it has of the branch. */
function startUp(
  history: History,
  applied: ReadonlySet<string>,
  target: Target,
  branch: Branch | undefined,
): string | undefined {
  const heads = headsOf(history, applied).filter((id) => branch?.has(id) !== false)
  const tips = heads.length === 0 && branch !== undefined ? tipsOn(history, applied, branch) : heads
  return onlyPlace(history, target, tips)
}

/** The applied revisions of a branch on which no applied one of it builds. */
function tipsOn(history: History, applied: ReadonlySet<string>, branch: Branch): readonly string[] {
  const isThere = (id: string) => applied.has(id) && branch.has(id)
  return history.entries
    .map(({ id }) => id)
    .filter((id) => isThere(id) && !history.children(id).some(isThere))
}

function onlyPlace(history: History, { text, offset }: Target, ids: readonly string[]): string | undefined {
  if (ids.length > 1) throw ambiguous(history, text, ids, offset)
  return ids[0]
}

/**
 * The revisions that are to be undone to be back at a target, in that order: all that build on it, on its branch if it
 * names one, and all that build or depend on those.
 */
export function stepsDown(
  history: History,
  applied: ReadonlySet<string>,
  text: string,
): readonly RevisionEntry[] {
  const target = parseTarget(text)
  const { symbol, offset } = target
  const branch = branchOf(history, target)
  const isAbove = symbol === undefined ? offset >= 0 : /^heads?$/.test(symbol) && target.branch === undefined
  if (isAbove && (symbol === undefined || offset >= 0)) throw wrongWay(text, 'downgrade', 'upgrade')
  const undone =
    symbol === undefined
      ? lastOf(history, applied, target, branch)
      : above(history, applied, target, branch, placeDown(history, applied, target, branch))
  return history.entries.filter(({ id }) => undone.has(id)).reverse()
}

function placeDown(
  history: History,
  applied: ReadonlySet<string>,
  target: Target,
  branch: Branch | undefined,
): string | undefined {
  const places = placesOf(history, target.symbol as string, branch, applied).map(({ id }) => id)
  return walk(history, onlyPlace(history, target, places), target, branch)
}

/** What `-n` undoes: the only head of the database, or the only tip of the branch, so many times. */
function lastOf(
  history: History,
  applied: ReadonlySet<string>,
  { text, offset }: Target,
  branch: Branch | undefined,
): ReadonlySet<string> {
  const left = new Set(applied)
  const undone = new Set<string>()
  for (let done = 0; done < -offset; done++) {
    const last = branch === undefined ? headsOf(history, left) : tipsOn(history, left, branch)
    if (last.length > 1) throw ambiguous(history, text, last, offset)
    if (last.length === 0) throw tooFar(text, offset, done)
    for (const id of history.descendants(last)) {
      if (left.delete(id)) undone.add(id)
    }
  }
  return undone
}

function above(
  history: History,
  applied: ReadonlySet<string>,
  { text }: Target,
  branch: Branch | undefined,
  place: string | undefined,
): ReadonlySet<string> {
  const all = place === undefined ? history.bases : history.children(place)
  const first = branch === undefined ? all : all.filter((id) => branch.has(id))
  const undone = new Set([...history.descendants(first)].filter((id) => applied.has(id)))
  const entry = place === undefined ? undefined : history.get(place)
  if (entry !== undefined && !applied.has(entry.id)) {
    throw new MigrationError(
      'unknown_target',
      `Revision ${nameOf(entry)} is not applied, so there is no way down to it. Use upgrade to get there.`,
    )
  }
  if (first.length === 0 && all.length > 0 && branch !== undefined) {
    throw new MigrationError(
      'unknown_target',
      `'${text}' undoes nothing: no revision directly above ${entry === undefined ? 'the base' : nameOf(entry)} is on the ` +
        `branch '${branch.name}'.`,
    )
  }
  return undone
}

function wrongWay(target: string, command: string, other: string): MigrationError {
  return new MigrationError('unknown_target', `${command} does not take '${target}': that is for ${other}.`)
}

/**
 * What a database has applied that is said to be at some targets, without anything being run. Its heads that are below
 * or above a target give way to it; the others stay.
 */
export function stamped(
  history: History,
  applied: ReadonlySet<string>,
  targets: readonly string[],
): ReadonlySet<string> {
  let heads = headsOf(history, applied)
  for (const text of targets) {
    const target = parseTarget(text)
    const branch = branchOf(history, target)
    const places =
      target.symbol === undefined
        ? goalsUp(history, applied, target)
        : placesOf(history, target.symbol, branch, applied).map(({ id }) => id)
    const goals =
      target.symbol === undefined || target.offset === 0
        ? places
        : goal(walk(history, onlyPlace(history, target, places), target, branch))
    const related =
      goals.length > 0
        ? new Set([...history.ancestors(goals), ...history.descendants(goals)])
        : { has: (id: string) => branch?.has(id) !== false }
    heads = [...heads.filter((id) => !related.has(id)), ...goals]
  }
  return history.ancestors(heads)
}
