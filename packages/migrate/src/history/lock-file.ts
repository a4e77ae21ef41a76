import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { MigrationError } from '../errors.js'
import { type History, nameOf, type RevisionEntry } from './history.js'
import type { RevisionHeader } from './revision.js'

/** What the lock file says of a revision. */
export interface LockedRevision extends RevisionHeader {
  /** The name of its file. */
  readonly file: string
  /** What its file means, hashed; null as long as it is being written: nothing holds it yet. */
  readonly hash: string | null
  /** Hashes that it had before, of edits that were accepted as harmless. */
  readonly was: readonly string[]
}

/** A lock file: the revisions that belong together, and what they meant when they were accepted. */
export interface LockFile {
  readonly path: string
  readonly heads: readonly string[]
  readonly revisions: ReadonlyMap<string, LockedRevision>
  /** Whether version control left its marks of a conflict in it. Then it has the revisions of both sides. */
  readonly isConflicted: boolean
}

/** The name of the lock file, in the directory of revisions. */
const NAME = 'espalier.lock'

const HEADER =
  '# Written by espalier. Two branches that add revisions conflict here: run "espalier merge", which joins them.\n'

const ids = z.array(z.string())

const headsLine = z.strictObject({ heads: ids })

const line = z.strictObject({
  id: z.string(),
  parents: ids,
  message: z.string(),
  file: z.string(),
  hash: z.string().nullable(),
  labels: ids.default([]),
  dependsOn: ids.default([]),
  replaces: ids.default([]),
  was: ids.default([]),
})

/** Reads the lock file of a directory; undefined if there is none. Throws a `MigrationError` that names the wrong line. */
export function readLockFile(directory: string): LockFile | undefined {
  const path = join(directory, NAME)
  if (!existsSync(path)) return undefined
  const revisions = new Map<string, LockedRevision>()
  let heads: readonly string[] = []
  let isConflicted = false
  readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .forEach((text, i) => {
      if (text === '' || text.startsWith('#')) return
      if (/^(?:<{7}|={7}|>{7}|\|{7})/.test(text)) {
        isConflicted = true
        return
      }
      const value = parse(text)
      const revision = line.safeParse(value)
      const found = revision.success ? undefined : headsLine.safeParse(value)
      if (revision.success) revisions.set(revision.data.id, revision.data)
      else if (found?.success === true) heads = [...new Set([...heads, ...found.data.heads])]
      else {
        throw new MigrationError(
          'lock_file',
          `${path}, line ${i + 1} is not what espalier writes: ${text.slice(0, 80)}. Restore the file from version ` +
            'control, or delete it and run "espalier accept --all".',
          { file: path },
        )
      }
    })
  return { path, heads, revisions, isConflicted }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes the lock file of a directory: a line for the heads, which changes with every revision, and one for each revision. */
export async function writeLockFile(
  directory: string,
  history: History,
  lines: ReadonlyMap<string, LockedRevision>,
): Promise<string> {
  const path = join(directory, NAME)
  const short = ({ labels, dependsOn, replaces, was, ...rest }: LockedRevision) =>
    JSON.stringify({
      ...rest,
      ...(labels.length > 0 && { labels }),
      ...(dependsOn.length > 0 && { dependsOn }),
      ...(replaces.length > 0 && { replaces }),
      ...(was.length > 0 && { was }),
    })
  const rows = [...lines.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)).map(short)
  await writeFile(path, `${HEADER}${[JSON.stringify({ heads: history.heads }), ...rows].join('\n')}\n`)
  return path
}

/** The line of a revision as its file stands; `hash: null` leaves it open. */
export function lineOf(
  { id, parents, message, labels, dependsOn, replaces, file, hash }: RevisionEntry,
  before: LockedRevision | undefined,
  options: { readonly isOpen: boolean },
): LockedRevision {
  const now = options.isOpen ? null : (hash as string)
  const was = before?.was ?? []
  const last = before?.hash ?? null
  return {
    id,
    parents,
    message,
    file: basename(file ?? ''),
    hash: now,
    labels,
    dependsOn,
    replaces,
    was: last === null || last === now || was.includes(last) ? was : [...was, last],
  }
}

/** Something in which the directory and its lock file disagree. */
export interface LockProblem {
  readonly kind: 'no lock file' | 'conflict' | 'new' | 'open' | 'edited' | 'missing' | 'renamed' | 'heads'
  readonly revision: string | undefined
  /** What is wrong, and what to do about it. */
  readonly message: string
}

/** In what a directory and its lock file disagree. */
export function lockProblems(
  entries: readonly RevisionEntry[],
  history: History,
  lock: LockFile | undefined,
): readonly LockProblem[] {
  if (lock === undefined) {
    return [
      {
        kind: 'no lock file',
        revision: undefined,
        message: `There is no ${NAME} in the directory of revisions. "espalier accept --all" writes one.`,
      },
    ]
  }
  const problems: LockProblem[] = []
  const add = (kind: LockProblem['kind'], revision: string | undefined, message: string) =>
    problems.push({ kind, revision, message })
  if (lock.isConflicted) {
    add(
      'conflict',
      undefined,
      `${lock.path} has the marks of a conflict: two branches have each added revisions. "espalier merge" writes a revision ` +
        'that joins them, and the lock file with it.',
    )
  }
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  for (const entry of entries) {
    const { id, file, hash } = entry
    const locked = lock.revisions.get(id)
    if (locked === undefined) {
      add('new', id, `Revision ${nameOf(entry)} is not in the lock file. "espalier accept ${id}" adds it.`)
    } else if (locked.hash === null) {
      add(
        'open',
        id,
        `Revision ${nameOf(entry)} was never accepted. "espalier accept ${id}" does so when it is ready.`,
      )
    } else if (locked.hash !== hash) {
      add(
        'edited',
        id,
        `Revision ${nameOf(entry)} was edited after it was accepted. Where it is applied it is not run again: undo the edit, and ` +
          `write a revision more; or, if the edit is harmless, "espalier accept ${id}".`,
      )
    } else if (locked.file !== basename(file ?? '')) {
      add(
        'renamed',
        id,
        `The file of revision ${nameOf(entry)} was ${locked.file}. "espalier accept ${id}" takes the new name.`,
      )
    }
  }
  const gone = [...lock.revisions.values()].filter(({ id }) => !byId.has(id) && history.get(id) === undefined)
  for (const { id, file } of gone) {
    add(
      'missing',
      id,
      `Revision '${id}' is in the lock file, and its file ${file} is not there. Restore it; or, if it was never to be ` +
        'released, "espalier accept --all" forgets it.',
    )
  }
  const isSame =
    lock.heads.length === history.heads.length && lock.heads.every((id) => history.heads.includes(id))
  if (!isSame && problems.length === 0) {
    add(
      'heads',
      undefined,
      'The heads in the lock file are not those of the revisions. "espalier accept --all" corrects it.',
    )
  }
  return problems
}

/** Hashes by which an applied revision counts as not edited, beside the one of its file. */
export function acceptedHashes(lock: LockFile | undefined, id: string): readonly string[] {
  return lock?.revisions.get(id)?.was ?? []
}
