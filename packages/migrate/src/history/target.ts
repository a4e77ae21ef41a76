import { MigrationError } from '../errors.js'
import { type History, nameOf, type RevisionEntry } from './history.js'

/** A target by its parts: `billing@head-1` has the branch `billing`, the symbol `head` and the offset -1. */
export interface Target {
  readonly text: string
  /** A label or an id, on whose branch it is. */
  readonly branch: string | undefined
  /** A place (`head`, `heads`, `base`, `current`), an id, the beginning of one, or a label. */
  readonly symbol: string | undefined
  /** How many revisions above or below it. */
  readonly offset: number
}

/** What all targets look like, for messages. */
const FORMS =
  'A target is head, heads, base, an id or the beginning of one, a label, +1 (the next) or -1 (the last); with an offset: ' +
  '7c1f-2; on a branch: label@head.'

/** Takes a target apart. Throws a `MigrationError` if it is none. */
export function parseTarget(text: string): Target {
  const parts = /^(?:(\w+)@)?(\w+)?([+-]\d+)?$/.exec(text)
  const [, branch, symbol, offset] = parts ?? []
  if (parts === null || (symbol === undefined && offset === undefined)) throw noRevision(text)
  if (Number(offset) === 0) throw new MigrationError('unknown_target', `'${text}' asks for 0 revisions.`)
  return { text, branch, symbol, offset: Number(offset ?? 0) }
}

/** The revision of an id, of the unique beginning of one, or of a label; `branch` is what it must be on. */
export function findRevision(history: History, name: string, branch?: Branch): RevisionEntry {
  const exact = history.get(name) ?? history.labelled(name)
  if (exact !== undefined) {
    if (branch === undefined || branch.has(exact.id)) return exact
    throw new MigrationError(
      'unknown_target',
      `Revision ${nameOf(exact)} is not on the branch '${branch.name}': it is neither below nor above ${nameOf(branch.entry)}.`,
    )
  }
  const matches = history.entries.filter(
    ({ id }) => name !== '' && id.startsWith(name) && (branch === undefined || branch.has(id)),
  )
  const [match] = matches
  if (match !== undefined && matches.length === 1) return match
  if (matches.length > 1) {
    throw new MigrationError(
      'unknown_target',
      `'${name}' is the beginning of several revisions: ${matches.map(nameOf).join(', ')}. Give more of the id.`,
    )
  }
  throw noRevision(name, branch)
}

function noRevision(name: string, branch?: Branch): MigrationError {
  const where = branch === undefined ? '' : ` on the branch '${branch.name}'`
  return new MigrationError('unknown_target', `There is no revision '${name}'${where}. ${FORMS}`)
}

/** A branch as it was named in a target. */
export interface Branch {
  readonly name: string
  readonly entry: RevisionEntry
  /** Whether a revision is on it: below or above the one that names it. */
  has(id: string): boolean
}

/** The branch that a label or an id names. */
function findBranch(history: History, name: string): Branch {
  const entry = findRevision(history, name)
  const lineage = history.lineage(entry.id)
  return { name, entry, has: (id) => lineage.has(id) }
}

/** The branch of a target; undefined if it names none. */
export function branchOf(history: History, { branch }: Target): Branch | undefined {
  return branch === undefined ? undefined : findBranch(history, branch)
}

/** The revisions at a place; none stands for the base, below every revision. */
export function placesOf(
  history: History,
  symbol: string,
  branch: Branch | undefined,
  applied: ReadonlySet<string>,
): readonly RevisionEntry[] {
  const on = (ids: readonly string[]) => ids.filter((id) => branch?.has(id) !== false)
  const entries = (ids: readonly string[]) => ids.map((id) => history.get(id) as RevisionEntry)
  switch (symbol) {
    case 'base':
      return []
    case 'heads':
      return entries(on(history.heads))
    case 'head':
      return entries(onlyHead(history, on(history.heads)))
    case 'current':
      return entries(on(headsOf(history, applied)))
    default:
      return [findRevision(history, symbol, branch)]
  }
}

/** Of applied revisions those that no applied one builds or depends on: what the database is at. */
export function headsOf(history: History, applied: ReadonlySet<string>): readonly string[] {
  const isApplied = (id: string) => applied.has(id)
  return history.entries
    .map(({ id }) => id)
    .filter((id) => applied.has(id) && ![...history.children(id), ...history.dependents(id)].some(isApplied))
}

/** The only head, or none where there is no revision. */
export function onlyHead(history: History, heads: readonly string[] = history.heads): readonly string[] {
  if (heads.length <= 1) return heads
  throw new MigrationError(
    'several_heads',
    `There are ${heads.length} heads: ${namesOf(history, heads)}. Name one as the target, or heads for all of them; ` +
      '"espalier merge" writes a revision that joins them: ' +
      `parents: [${heads.map((id) => `'${id}'`).join(', ')}].`,
  )
}

/**
 * So many revisions above a revision, or below it if `offset` is negative; undefined stands for the base. Throws a
 * `MigrationError` where the way divides, and where it ends before.
 */
export function walk(
  history: History,
  start: string | undefined,
  target: Target,
  branch: Branch | undefined,
): string | undefined {
  const { offset, text } = target
  let at = start
  for (let done = 0; done < Math.abs(offset); done++) {
    const all =
      offset > 0
        ? at === undefined
          ? history.bases
          : history.children(at)
        : at === undefined
          ? []
          : history.parents(at)
    const next = branch === undefined ? all : all.filter((id) => branch.has(id))
    if (next.length > 1) throw ambiguous(history, text, next, offset)
    if (next.length === 0 && (offset > 0 || at === undefined)) throw tooFar(text, offset, done)
    at = next[0]
  }
  return at
}

/** A way that divides. */
export function ambiguous(
  history: History,
  text: string,
  ids: readonly string[],
  offset: number,
): MigrationError {
  const sign = offset > 0 ? '+' : '-'
  return new MigrationError(
    'unknown_target',
    `'${text}' may mean several ways: ${namesOf(history, ids)}. Name a revision by its id, or say on which branch, by a label ` +
      `or an id: ${ids[0]}@${sign}${Math.abs(offset)}.`,
  )
}

/** A way that ends too early. */
export function tooFar(text: string, offset: number, there: number): MigrationError {
  const wanted = Math.abs(offset)
  return new MigrationError(
    'unknown_target',
    `'${text}' asks for ${wanted} ${wanted === 1 ? 'revision' : 'revisions'} ${offset > 0 ? 'upwards' : 'downwards'}, and ` +
      `there ${there === 0 ? 'is none' : there === 1 ? 'is 1' : `are ${there}`}.`,
  )
}

/** Revisions for people, one behind the other. */
export function namesOf(history: History, ids: readonly string[]): string {
  return ids.map((id) => nameOf(history.get(id) as RevisionEntry)).join(', ')
}
