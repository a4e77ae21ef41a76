import { MigrationError } from '../errors.js'
import type { Revision } from './revision.js'

/** A revision and where it comes from. */
export interface RevisionEntry extends Revision {
  /** The path of its file; undefined if it was given as a value. */
  readonly file: string | undefined
  /** SHA-256 of its file's text; undefined if it was given as a value. */
  readonly hash: string | undefined
}

/** The revisions as a graph: each knows what it builds on. It never changes. */
export interface History {
  /** Every revision, parents before children. */
  readonly entries: readonly RevisionEntry[]
  /** The ids of the revisions on which no other builds. */
  readonly heads: readonly string[]
  get(id: string): RevisionEntry | undefined
  /** These revisions and all that they build on. */
  ancestors(ids: Iterable<string>): ReadonlySet<string>
  /** The revisions that build on a revision directly. */
  children(id: string): readonly string[]
  /** All that builds on a revision, directly or not, without itself. */
  descendants(id: string): ReadonlySet<string>
}

/**
 * Puts revisions in order. Throws a `MigrationError` for two of one id, for a parent that is not there, and for revisions
 * that build on each other in a circle. Several heads are no error here, but for who asks for `head`.
 */
export function createHistory(revisions: readonly RevisionEntry[]): History {
  const byId = new Map<string, RevisionEntry>()
  for (const entry of revisions) {
    const twin = byId.get(entry.id)
    if (twin !== undefined) {
      throw invalid(
        `Two revisions have the id '${entry.id}': ${nameOf(twin)} and ${nameOf(entry)}. Give one of them another.`,
      )
    }
    byId.set(entry.id, entry)
  }
  const children = new Map<string, string[]>(revisions.map(({ id }) => [id, []]))
  for (const entry of revisions) {
    for (const parent of new Set(entry.parents)) {
      const siblings = children.get(parent)
      if (siblings === undefined) {
        throw invalid(
          `${nameOf(entry)} builds on '${parent}', which is not there. Restore that revision, or correct its parents.`,
        )
      }
      siblings.push(entry.id)
    }
  }
  const entries = sorted(revisions, children)
  const reach = (start: Iterable<string>, next: (id: string) => readonly string[]): Set<string> => {
    const found = new Set<string>()
    const waiting = [...start]
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id)) continue
      found.add(id)
      waiting.push(...next(id))
    }
    return found
  }
  return {
    entries,
    heads: entries.filter(({ id }) => children.get(id)?.length === 0).map(({ id }) => id),
    get: (id) => byId.get(id),
    ancestors: (ids) => reach(ids, (id) => byId.get(id)?.parents ?? []),
    children: (id) => children.get(id) ?? [],
    descendants: (id) => reach(children.get(id) ?? [], (child) => children.get(child) ?? []),
  }
}

/** Parents before children; otherwise in the order in which they are given. */
function sorted(
  revisions: readonly RevisionEntry[],
  children: ReadonlyMap<string, readonly string[]>,
): RevisionEntry[] {
  const order = new Map(revisions.map(({ id }, i) => [id, i]))
  const waitsFor = new Map(revisions.map(({ id, parents }) => [id, new Set(parents).size]))
  const ready = revisions.filter(({ parents }) => parents.length === 0).map(({ id }) => id)
  const result: RevisionEntry[] = []
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    result.push(revisions[order.get(id) as number] as RevisionEntry)
    for (const child of children.get(id) ?? []) {
      const left = (waitsFor.get(child) as number) - 1
      waitsFor.set(child, left)
      if (left === 0) ready.push(child)
    }
    ready.sort((a, b) => (order.get(a) as number) - (order.get(b) as number))
  }
  if (result.length === revisions.length) return result
  const circle = revisions.filter((entry) => !result.includes(entry)).map(nameOf)
  throw invalid(
    `Revisions build on each other in a circle, or on one that does: ${circle.join(', ')}. Correct their parents.`,
  )
}

/** A revision for people: its id and message, or its file. */
export function nameOf({ id, message, file }: RevisionEntry): string {
  return file === undefined ? `'${id}' (${message})` : `'${id}' in ${baseName(file)}`
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

function invalid(message: string): MigrationError {
  return new MigrationError('invalid_history', message)
}
