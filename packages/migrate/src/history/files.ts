import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { MigrationError } from '../errors.js'
import { readDirectory } from './directory.js'
import { createHistory, type History, nameOf, type RevisionEntry } from './history.js'
import {
  type LockedRevision,
  type LockFile,
  type LockProblem,
  lineOf,
  lockProblems,
  writeLockFile,
} from './lock-file.js'
import { defaultTemplate, fileName, type NewFile, newId, type Template } from './new-file.js'
import { between } from './range.js'
import { type Revision, type RevisionHeader, type RevisionOptions, revision } from './revision.js'
import { branchOf, findRevision, namesOf, onlyHead, parseTarget, placesOf } from './target.js'

/** What {@link revisionFiles} is given. */
export interface RevisionFilesOptions {
  readonly directory: string
  /** Writes the text of a new revision's file, in place of the one that Espalier writes. */
  readonly template?: Template | undefined
}

/** What is said of a new revision. */
export interface NewRevision {
  /** What it changes, for people. */
  readonly message: string
  /** What it builds on, as targets; the only head if left out, and nothing if `base`. */
  readonly parents?: readonly string[] | undefined
  /** Names of the branch that begins with it. */
  readonly labels?: readonly string[] | undefined
  /** Revisions of other branches that must be applied before it, by id or label. */
  readonly dependsOn?: readonly string[] | undefined
  /** Its id; made if left out. */
  readonly id?: string | undefined
}

/** A revision whose file was written. */
export interface CreatedRevision extends NewFile {
  readonly file: string
}

/** What is wrong with a directory of revisions. */
export interface CheckReport {
  /** Nothing, if all is well. */
  readonly problems: readonly (LockProblem | HeadsProblem)[]
  readonly heads: readonly string[]
  /** How many revisions there are. */
  readonly revisions: number
}

/** Several heads, of which `upgrade` would not know which one is meant. */
export interface HeadsProblem {
  readonly kind: 'several heads'
  readonly revision: undefined
  readonly message: string
}

/** What was changed in the lock file. */
export interface AcceptResult {
  /** The ids that are as their files stand from now on. */
  readonly accepted: readonly string[]
  /** The ids that have no file any more. */
  readonly forgotten: readonly string[]
}

/** A revision as its file says, and its neighbours. */
export interface ListedRevision extends RevisionHeader {
  /** The ids of those that it depends on, labels followed. */
  readonly dependencies: readonly string[]
  /** The ids of those that build on it. */
  readonly children: readonly string[]
  readonly file: string | undefined
  /** Whether no other builds on it. */
  readonly isHead: boolean
}

/** What can be done with revision files without a database. */
export interface RevisionFiles {
  /** Writes the file of a new revision, and its line of the lock file. */
  create(revision: NewRevision): Promise<CreatedRevision>
  /** Writes a revision that joins the heads, or the given targets, and does nothing else. */
  merge(options?: Partial<NewRevision>): Promise<CreatedRevision>
  /** Whether the files are what the lock file says, and lead to one head. */
  check(): Promise<CheckReport>
  /** Writes into the lock file what these revisions, or all, are as their files stand. */
  accept(ids: readonly string[] | 'all'): Promise<AcceptResult>
  /** Accepts those of these revisions that are still open; answers which. */
  seal(ids: readonly string[]): Promise<readonly string[]>
  /** Every revision, or those of a range such as `7c1f:head`, parents before children. */
  list(range?: string): Promise<readonly ListedRevision[]>
  /** The revision that a target means, with its operations. */
  show(target: string): Promise<Revision & { readonly file: string | undefined }>
}

/**
 * The revision files of a directory, to be written and checked without a database: what `espalier revision`, `merge`,
 * `check` and `accept` do, for programs.
 */
export function revisionFiles({
  directory,
  template = defaultTemplate,
}: RevisionFilesOptions): RevisionFiles {
  const path = resolve(directory)
  const read = async () => {
    const found = await readDirectory(path)
    return { ...found, history: createHistory(found.entries) }
  }

  const create = async (given: NewRevision): Promise<CreatedRevision> => {
    await mkdir(path, { recursive: true })
    const before = await read()
    const { history } = before
    const id = given.id ?? newId((other) => history.get(other) !== undefined)
    const parents =
      given.parents === undefined
        ? onlyHead(history)
        : given.parents.flatMap((target) => ids(history, target))
    const { message, labels = [], dependsOn = [] } = given
    const header: NewFile = { id, parents: [...new Set(parents)], message, labels, dependsOn }
    refuseTwin(history, header)
    const names = before.entries.map((entry) => basename(entry.file ?? ''))
    const file = join(path, fileName(message, new Date(), names))
    await writeFile(file, template(header), { flag: 'wx' })
    const after = await read()
    const made = after.entries.find((entry) => entry.file === file)
    if (made?.id !== id) {
      throw new MigrationError(
        'invalid_config',
        `The template wrote a revision with the id '${made?.id}' into ${file}, and not '${id}', which it was given.`,
        { file },
      )
    }
    const lines = linesOf(after.lock, before.lock === undefined ? before.entries : [])
    await writeLockFile(path, after.history, lines.set(id, lineOf(made, undefined, { isOpen: true })))
    return { ...header, file }
  }

  const write = async (
    { history, lock }: Awaited<ReturnType<typeof read>>,
    accepted: readonly RevisionEntry[],
    forgotten: readonly string[],
  ) => {
    const lines = linesOf(lock, accepted)
    for (const id of forgotten) lines.delete(id)
    await writeLockFile(path, history, lines)
  }

  return {
    create,
    async merge({ parents = ['heads'], ...given } = {}) {
      const { history } = await read()
      const joined = [...new Set(parents.flatMap((target) => ids(history, target)))]
      if (joined.length < 2) {
        throw new MigrationError(
          'unknown_target',
          `There is nothing to merge: ${joined.length === 0 ? 'there is no revision' : `${namesOf(history, joined)} is the only head`}.`,
        )
      }
      return create({ message: `merge ${joined.join(' and ')}`, ...given, parents: joined })
    },
    async check() {
      const { entries, history, lock } = await read()
      for (const entry of entries) await entry.load()
      const problems: CheckReport['problems'] = lockProblems(entries, history, lock)
      const several: readonly HeadsProblem[] =
        history.heads.length < 2
          ? []
          : [
              {
                kind: 'several heads',
                revision: undefined,
                message: `There are ${history.heads.length} heads: ${namesOf(history, history.heads)}. "espalier merge" writes a revision that joins them.`,
              },
            ]
      return { problems: [...problems, ...several], heads: history.heads, revisions: entries.length }
    },
    async accept(targets) {
      const found = await read()
      const { entries, history, lock } = found
      const chosen =
        targets === 'all'
          ? entries
          : targets.map((target) => entries.find(({ id }) => id === target) ?? findRevision(history, target))
      const isSame = ({ id, hash, file }: RevisionEntry) => {
        const line = lock?.revisions.get(id)
        return line?.hash === hash && line?.file === basename(file ?? '')
      }
      const accepted = chosen.filter((entry) => !isSame(entry))
      const there = new Set(entries.map(({ id }) => id))
      const forgotten =
        targets === 'all' ? [...(lock?.revisions.keys() ?? [])].filter((id) => !there.has(id)) : []
      await write(found, accepted, forgotten)
      return { accepted: accepted.map(({ id }) => id), forgotten }
    },
    async seal(wanted) {
      const found = await read()
      const open = found.entries.filter(
        ({ id }) => wanted.includes(id) && found.lock?.revisions.get(id)?.hash === null,
      )
      if (open.length > 0) await write(found, open, [])
      return open.map(({ id }) => id)
    },
    async list(range) {
      const { history } = await read()
      const entries = range === undefined ? history.entries : between(history, new Set(), range)
      return entries.map((entry) => listed(history, entry))
    },
    async show(target) {
      const { history } = await read()
      const [only, ...others] = ids(history, target)
      if (only === undefined || others.length > 0) {
        throw new MigrationError(
          'unknown_target',
          `'${target}' names ${only === undefined ? 'no revision' : `several revisions: ${namesOf(history, [only, ...others])}`}. Name one of them.`,
        )
      }
      const entry = history.get(only) as RevisionEntry
      return { ...(await entry.load()), file: entry.file }
    },
  }
}

/** A revision with its neighbours. */
export function listed(history: History, entry: RevisionEntry): ListedRevision {
  const { id, message, labels, dependsOn, replaces, file } = entry
  const children = history.children(id)
  return {
    id,
    parents: history.parents(id),
    message,
    labels,
    dependsOn,
    replaces,
    dependencies: history.dependencies(id),
    children,
    file,
    isHead: children.length === 0,
  }
}

/** The lines of the lock file, with those of some revisions as their files stand. */
function linesOf(
  lock: LockFile | undefined,
  accepted: readonly RevisionEntry[],
): Map<string, LockedRevision> {
  const lines = new Map(lock?.revisions ?? [])
  for (const entry of accepted) {
    lines.set(entry.id, lineOf(entry, lines.get(entry.id), { isOpen: false }))
  }
  return lines
}

function ids(history: History, text: string): readonly string[] {
  const target = parseTarget(text)
  if (target.symbol === undefined || target.offset !== 0 || target.symbol === 'current') {
    throw new MigrationError(
      'unknown_target',
      `'${text}' counts from what a database is at, and here is none: name a revision, head, heads or base.`,
    )
  }
  return placesOf(history, target.symbol, branchOf(history, target), new Set()).map(({ id }) => id)
}

/** An error before a file is written that no history could take. */
function refuseTwin(history: History, header: NewFile): void {
  revision({ ...header, up: [] } satisfies RevisionOptions)
  const twin = history.get(header.id) ?? history.labelled(header.id)
  if (twin !== undefined) {
    throw new MigrationError(
      'invalid_history',
      `There is a revision '${header.id}' already: ${nameOf(twin)}.`,
    )
  }
  for (const label of header.labels) {
    const other = history.labelled(label) ?? history.get(label)
    if (other !== undefined) {
      throw new MigrationError(
        'invalid_history',
        `The label '${label}' is taken already, by ${nameOf(other)}.`,
      )
    }
  }
  for (const name of header.dependsOn) {
    if ((history.get(name) ?? history.labelled(name)) === undefined) findRevision(history, name)
  }
}
