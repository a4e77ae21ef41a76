import { MigrationError } from '../errors.js'
import type { Revision, RevisionHeader } from './revision.js'

/** A revision and where it comes from. */
export interface RevisionEntry extends RevisionHeader {
  /** The path of its file; undefined if it was given as a value. */
  readonly file: string | undefined
  /** What its file means, hashed; undefined if it was given as a value. */
  readonly hash: string | undefined
  /** The revision itself, whose file is read only when it is to be run or shown. */
  load(): Promise<Revision>
}

/** The revisions as a graph: each knows what it builds on. It never changes. */
export interface History {
  /** Every revision, parents and dependencies first; otherwise in the order in which they are given. */
  readonly entries: readonly RevisionEntry[]
  /** The ids of the revisions on which no other builds. */
  readonly heads: readonly string[]
  /** The ids of the revisions that build on no other. */
  readonly bases: readonly string[]
  /** The revision of an id; of an id that a baseline stands for, the baseline. */
  get(id: string): RevisionEntry | undefined
  /** The revision that has a label. */
  labelled(label: string): RevisionEntry | undefined
  /** The ids of those that a revision builds on directly. */
  parents(id: string): readonly string[]
  /** The ids of those that it depends on directly, beside its parents. */
  dependencies(id: string): readonly string[]
  /** The ids of those that build on a revision directly. */
  children(id: string): readonly string[]
  /** The ids of those that depend on it directly. */
  dependents(id: string): readonly string[]
  /** These revisions and all that they build or depend on. */
  ancestors(ids: Iterable<string>): ReadonlySet<string>
  /** These revisions and all that build or depend on them. */
  descendants(ids: Iterable<string>): ReadonlySet<string>
  /** A revision with all that it builds on and all that build on it: its branch. Dependencies do not count. */
  lineage(id: string): ReadonlySet<string>
  /** Whether a baseline is not to be run, since what it stands for will have been. */
  adopts(id: string): boolean
  /** The baselines that count as applied though the database does not say so: what they stand for is. */
  readonly adopted: readonly RevisionEntry[]
  /**
   * Of the ids of which a database says that they are applied, those of revisions of this history. A baseline is there in
   * place of what it stands for.
   */
  known(ids: Iterable<string>): ReadonlySet<string>
}

/**
 * Puts revisions in order, as a database sees them that has applied some: a baseline stands for the revisions that it
 * replaces, unless the database is in the midst of them; then they are applied to their end, and the baseline with them.
 *
 * Throws a `MigrationError` for two of one id or label, for a parent or dependency that is not there, and for revisions
 * that build on each other in a circle. Several heads are no error here, but for who asks for `head`.
 */
export function createHistory(revisions: readonly RevisionEntry[], applied: Iterable<string> = []): History {
  const byId = uniqueById(revisions)
  const labels = uniqueLabels(revisions, byId)
  const { standsFor, adopted, midst } = baselinesOf(revisions, byId, new Set(applied))
  const inMidst = new Set(midst.values())
  const isMidst = (id: string) => inMidst.has(id)
  const resolve = (id: string): string => {
    let name = id
    for (let next = standsFor.get(name); next !== undefined; next = standsFor.get(name)) name = next
    return name
  }
  /** What a revision means by an id: the baseline, unless it is itself among those that the baseline replaces. */
  const meant = (entry: RevisionEntry, id: string): string => {
    const name = resolve(id)
    const baseline = byId.get(midst.get(name) ?? '')
    const isInside =
      baseline === undefined || baseline.id === entry.id || baseline.replaces.includes(entry.id)
    return isInside ? name : meant(entry, baseline.id)
  }
  const active = revisions.filter(({ id }) => !standsFor.has(id))
  const parents = new Map<string, readonly string[]>()
  const dependencies = new Map<string, readonly string[]>()
  for (const entry of active) {
    const declared = isMidst(entry.id)
      ? [...entry.replaces.filter(isMidst), ...entry.replaces.slice(-1)]
      : entry.parents
    parents.set(entry.id, [
      ...new Set(declared.map((parent) => found(entry, 'builds on', parent, byId, meant))),
    ])
    const needed = entry.dependsOn.map((name) =>
      found(entry, 'depends on', labels.get(name)?.id ?? name, byId, meant),
    )
    const own = parents.get(entry.id) as readonly string[]
    dependencies.set(
      entry.id,
      [...new Set(needed)].filter((id) => !own.includes(id)),
    )
  }
  const entries = sorted(active, parents, dependencies)
  const children = inverse(parents)
  const dependents = inverse(dependencies)
  const list = (of: ReadonlyMap<string, readonly string[]>, id: string) => of.get(id) ?? []
  const get = (id: string) => byId.get(resolve(id))
  return {
    entries,
    heads: entries.filter(({ id }) => list(children, id).length === 0).map(({ id }) => id),
    bases: entries.filter(({ id }) => list(parents, id).length === 0).map(({ id }) => id),
    get,
    labelled: (label) => {
      const entry = labels.get(label)
      return entry === undefined ? undefined : get(entry.id)
    },
    parents: (id) => list(parents, id),
    dependencies: (id) => list(dependencies, id),
    children: (id) => list(children, id),
    dependents: (id) => list(dependents, id),
    ancestors: (ids) => reach(ids, parents, dependencies),
    descendants: (ids) => reach(ids, children, dependents),
    lineage: (id) => new Set([...reach([id], parents), ...reach([id], children)]),
    adopts: isMidst,
    adopted,
    known: (ids) =>
      new Set([...ids, ...adopted.map(({ id }) => id)].filter((id) => byId.has(id) && !standsFor.has(id))),
  }
}

function uniqueById(revisions: readonly RevisionEntry[]): Map<string, RevisionEntry> {
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
  return byId
}

function uniqueLabels(
  revisions: readonly RevisionEntry[],
  byId: ReadonlyMap<string, RevisionEntry>,
): Map<string, RevisionEntry> {
  const labels = new Map<string, RevisionEntry>()
  for (const entry of revisions) {
    for (const label of entry.labels) {
      const twin = labels.get(label) ?? byId.get(label)
      if (twin !== undefined) {
        const what = labels.has(label) ? 'label' : 'id'
        throw invalid(
          `The label '${label}' of ${nameOf(entry)} is the ${what} of ${nameOf(twin)} already. Give it another.`,
        )
      }
      labels.set(label, entry)
    }
  }
  return labels
}

interface Baselines {
  /** The baseline that stands for a revision. */
  readonly standsFor: ReadonlyMap<string, string>
  /** Those whose revisions the database has, and not themselves. */
  readonly adopted: readonly RevisionEntry[]
  /** The revisions of which the database has a part, with the baseline that replaces them. */
  readonly midst: ReadonlyMap<string, string>
}

function baselinesOf(
  revisions: readonly RevisionEntry[],
  byId: ReadonlyMap<string, RevisionEntry>,
  applied: ReadonlySet<string>,
): Baselines {
  const standsFor = new Map<string, string>()
  const whole: RevisionEntry[] = []
  const midst = new Map<string, string>()
  for (const baseline of revisions) {
    const { id, replaces } = baseline
    if (replaces.length === 0) continue
    refuseMutual(baseline, byId)
    const has = replaces.filter((one) => applied.has(one))
    const isWhole = applied.has(replaces.at(-1) as string)
    if (!applied.has(id) && isWhole) whole.push(baseline)
    else if (!applied.has(id) && has.length > 0) {
      for (const one of replaces) midst.set(one, id)
      refuseMissing(baseline, has, byId)
      continue
    }
    for (const one of replaces) {
      const twin = standsFor.get(one)
      // A newer baseline stands for an older one, which may still be there.
      if (twin === undefined || replaces.includes(twin)) standsFor.set(one, id)
    }
  }
  return { standsFor, adopted: whole.filter(({ id }) => !standsFor.has(id)), midst }
}

function refuseMutual(baseline: RevisionEntry, byId: ReadonlyMap<string, RevisionEntry>): void {
  const { id, replaces } = baseline
  const other = replaces.find((one) => one === id || byId.get(one)?.replaces.includes(id))
  if (other === undefined) return
  throw invalid(
    other === id
      ? `The baseline ${nameOf(baseline)} replaces itself. Take its id out of replaces.`
      : `The baselines ${nameOf(baseline)} and '${other}' replace each other. Only the newer one can replace the older one.`,
  )
}

/** A database in the midst of what a baseline replaces needs the revisions themselves. */
function refuseMissing(
  baseline: RevisionEntry,
  has: readonly string[],
  byId: ReadonlyMap<string, RevisionEntry>,
): void {
  const older = new Set(baseline.replaces.flatMap((id) => byId.get(id)?.replaces ?? []))
  const missing = baseline.replaces.filter((id) => !byId.has(id) && !has.includes(id) && !older.has(id))
  if (missing.length === 0) return
  throw new MigrationError(
    'unknown_revisions',
    `The database is in the midst of the revisions that the baseline ${nameOf(baseline)} replaces: it has ` +
      `${has.map((id) => `'${id}'`).join(', ')} and lacks ${missing.map((id) => `'${id}'`).join(', ')}, whose files are gone. ` +
      'Restore these files, and upgrade; or upgrade this database with the version of the program that still had them.',
    { revision: baseline.id, file: baseline.file },
  )
}

function found(
  entry: RevisionEntry,
  verb: string,
  name: string,
  byId: ReadonlyMap<string, RevisionEntry>,
  meant: (entry: RevisionEntry, id: string) => string,
): string {
  const id = meant(entry, name)
  if (byId.has(id)) return id
  throw invalid(
    `${nameOf(entry)} ${verb} '${name}', which is not there. Restore that revision, or correct its ` +
      `${verb === 'builds on' ? 'parents' : 'dependsOn'}.`,
  )
}

function inverse(links: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const result = new Map<string, string[]>([...links.keys()].map((id) => [id, []]))
  for (const [from, targets] of links) for (const to of targets) result.get(to)?.push(from)
  return result
}

function reach(
  start: Iterable<string>,
  ...links: readonly ReadonlyMap<string, readonly string[]>[]
): Set<string> {
  const reached = new Set<string>()
  const waiting = [...start]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    for (const link of links) waiting.push(...(link.get(id) ?? []))
  }
  return reached
}

/** What a revision needs before it; otherwise in the order in which they are given. */
function sorted(
  revisions: readonly RevisionEntry[],
  parents: ReadonlyMap<string, readonly string[]>,
  dependencies: ReadonlyMap<string, readonly string[]>,
): RevisionEntry[] {
  const byId = new Map(revisions.map((entry) => [entry.id, entry]))
  const needs = ({ id }: RevisionEntry) => [...(parents.get(id) ?? []), ...(dependencies.get(id) ?? [])]
  const result: RevisionEntry[] = []
  const done = new Set<RevisionEntry>()
  /** Those that wait for what they need, each for the next one; a history is too deep for calls within calls. */
  const path: { readonly entry: RevisionEntry; readonly left: string[] }[] = []
  const open = new Set<RevisionEntry>()
  for (const first of revisions) {
    if (done.has(first)) continue
    path.push({ entry: first, left: needs(first) })
    open.add(first)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = byId.get(top.left.shift() ?? '')
      if (next === undefined) {
        result.push(top.entry)
        done.add(top.entry)
        open.delete(top.entry)
        path.pop()
      } else if (open.has(next)) {
        throw circle(path.map(({ entry }) => entry).slice(path.findIndex(({ entry }) => entry === next)))
      } else if (!done.has(next)) {
        path.push({ entry: next, left: needs(next) })
        open.add(next)
      }
    }
  }
  return result
}

function circle(path: readonly RevisionEntry[]): MigrationError {
  const names = [...path, path[0] as RevisionEntry].map(nameOf)
  return invalid(
    path.length === 1
      ? `${names[0]} builds or depends on itself. Correct its parents or dependsOn.`
      : `Revisions build or depend on each other in a circle: ${names.join(' on ')}. Correct the parents or dependsOn of one.`,
  )
}

/** A revision for people: its id and message, or its file. */
export function nameOf({ id, message, file }: Pick<RevisionEntry, 'id' | 'message' | 'file'>): string {
  return file === undefined ? `'${id}' (${message})` : `'${id}' in ${baseName(file)}`
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

function invalid(message: string): MigrationError {
  return new MigrationError('invalid_history', message)
}
