import type { Database, Executor } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { type RevisionDirectory, readDirectory } from '../history/directory.js'
import { createHistory, type History, type RevisionEntry } from '../history/history.js'
import { acceptedHashes, type LockFile, lockProblems } from '../history/lock-file.js'
import { between, splitRange } from '../history/range.js'
import type { Revision } from '../history/revision.js'
import { stamped, stepsDown, stepsUp } from '../history/steps.js'
import { headsOf } from '../history/target.js'
import { apply } from './apply.js'
import { callHook, type Hooks } from './hooks.js'
import { journalOf, type UnfinishedRevision } from './journal.js'
import { withLock, writeTransaction } from './lock.js'
import { entryHash, type PlannedRevision, planDown, planUp, shownPlan } from './plan.js'
import type { OnProgress } from './progress.js'
import type { MigrationPlan, MigrationResult, RanRevision } from './result.js'
import { scriptOf } from './script.js'
import { type CurrentState, editedOf, type RevisionState, stateOf, statesOf } from './state.js'
import { refuseUnknown, type VersionTableOptions, versionTable } from './version-table.js'

/** What {@link createMigrator} is given: the database, and either a directory of revision files or revisions. */
export type MigratorOptions = {
  /** It stays open, and yours. */
  readonly db: Database
  /** Where it is written which revisions are applied. Default: `espalier_versions`. */
  readonly versionTable?: string | VersionTableOptions
  /** Milliseconds to wait for another runner. Default: 60,000. */
  readonly lockTimeout?: number
  readonly onProgress?: OnProgress
  /** Functions that are called around runs and revisions. */
  readonly hooks?: Hooks
  /** Refuses to run where the files are not what the lock file says: for production. Default: false. */
  readonly locked?: boolean
} & (
  | { readonly directory: string; readonly revisions?: undefined }
  | { readonly revisions: readonly Revision[]; readonly directory?: undefined }
)

/** Brings a database to a place in its history. Nothing is kept between calls: each reads the revisions anew. */
export interface Migrator {
  /**
   * Applies what leads to a target: `head` (the default), `heads`, an id or the unique beginning of one, a label, `+n`,
   * `id+n`, `label@head`; or to several. If one fails, those before it stay applied, and of it
   * nothing is kept; one with operations that no transaction takes goes on where it failed when this is called again.
   */
  upgrade(target?: string | readonly string[]): Promise<MigrationResult>
  /**
   * Undoes what is above a target: `base`, an id or the unique beginning of one, a label, `-n`, `id-n`; on one branch
   * alone: `label@base`. If anything of it is irreversible, the error says what, and nothing is undone.
   */
  downgrade(target: string): Promise<MigrationResult>
  /** Where the database is. Writes nothing. */
  current(): Promise<CurrentState>
  /**
   * Every revision, or those of a range such as `-3:current`, parents before children, and whether it is applied. Writes
   * nothing.
   */
  history(range?: string): Promise<readonly RevisionState[]>
  /**
   * What `upgrade` or `downgrade` would do now: revisions, operations, their SQL, and what cannot be undone. Writes nothing.
   */
  plan(direction: 'up' | 'down', target?: string | readonly string[]): Promise<MigrationPlan>
  /**
   * The SQL that `upgrade` or `downgrade` would run now, values as literals; for a range `from:to`, what a database at `from`
   * needs, whatever this one is at. Writes nothing. An operation that is code is an error, or a comment with `lenient`.
   */
  script(direction: 'up' | 'down', target: string, options?: { readonly lenient?: boolean }): Promise<string>
  /**
   * Says that the database is at some targets, without running anything: for one that was brought there in another way.
   * With `purge`, all that it says now is forgotten first, also of revisions that the history does not know.
   */
  stamp(target: string | readonly string[], options?: { readonly purge?: boolean }): Promise<StampResult>
}

/** What a stamp changed. */
export interface StampResult {
  /** The ids that count as applied now, and did not. */
  readonly added: readonly string[]
  /** The ids that do not count as applied any more. */
  readonly removed: readonly string[]
  readonly heads: readonly string[]
}

/**
 * A migrator of a database: what `upgrade`, `downgrade`, `current` and `history` of the command line do, for programs.
 * Two runners never do the same work: each waits for the other, and sees what it did.
 *
 * On SQLite in one file, a waiting process stops its event loop for as long as the database is asked; how long one
 * waits for it at a time is the `busyTimeout` of the handle.
 * @example
 * ```ts
 * import { table, text } from '@espalier/core'
 * import { createMigrator, createTable, revision } from '@espalier/migrate'
 *
 * const tags = table('tags', { name: text().primaryKey() })
 * const first = revision({ id: 'e1', parents: [], message: 'tags', up: [createTable(tags)] })
 *
 * const migrator = createMigrator({ db, revisions: [first] }) // or { db, directory: 'migrations' }
 * const { heads } = await migrator.upgrade()
 * heads // ['e1']
 * await migrator.downgrade('base')
 * ```
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const { db, lockTimeout = 60_000, onProgress = () => {}, hooks = {} } = options
  const { dialect } = db
  const versions = versionTable(options.versionTable)
  const journal = journalOf(options.versionTable)
  const patience = { timeout: lockTimeout, onProgress }

  /** The revisions and the database as they stand. */
  const read = async (executor: Executor) => {
    const { entries, lock } = await loadRevisions(options)
    const rows = await versions.read(executor)
    const history = createHistory(
      entries,
      rows.map(({ id }) => id),
    )
    const hashes = async (entry: RevisionEntry) => [
      await entryHash(entry, dialect),
      ...acceptedHashes(lock, entry.id),
    ]
    const applied = history.known(rows.map(({ id }) => id))
    const begun = await journal.read(executor)
    const unfinished = new Map(begun.map((row) => [row.id, row]))
    return { entries, lock, rows, history, applied, unfinished, hashes }
  }

  /** Writes a revision down that is not run. */
  const stampOf = async (entry: RevisionEntry) => {
    const { id, message } = entry
    return versions.added({ id, message, durationMs: null, hash: await entryHash(entry, dialect) })
  }

  const planOf = (
    history: History,
    direction: 'up' | 'down',
    applied: ReadonlySet<string>,
    target: string | readonly string[],
    unfinished: ReadonlyMap<string, UnfinishedRevision> = new Map(),
  ) => {
    // What is not finished is still to be applied, and is to be undone as well.
    const begun = history.entries.map(({ id }) => id).filter((id) => unfinished.has(id))
    const at = new Set(direction === 'up' ? applied : [...applied, ...begun])
    if (direction === 'up') for (const id of begun) at.delete(id)
    return direction === 'up'
      ? planUp(history, stepsUp(history, at, target), dialect)
      : planDown(stepsDown(history, at, onlyTarget(target)), dialect)
  }

  /** Runs a function with the lock held, on a version table that is as it should be. */
  const locked = <T>(work: (session: Executor) => Promise<T>): Promise<T> =>
    withLock(db, `espalier ${versions.path}`, patience, async (session) => {
      const preparation = await versions.preparation(session)
      if (preparation.length > 0) {
        await writeTransaction(session, versions.path, patience, async (tx) => {
          // Without such locks another runner may have done it before this transaction.
          const left = db.backend.advisoryLock === undefined ? await versions.preparation(tx) : preparation
          for (const statement of left) await tx.run(statement)
        })
      }
      return work(session)
    })

  /** Writes down the baselines whose revisions the database has. */
  const adopt = async (session: Executor, history: History): Promise<readonly string[]> => {
    if (history.adopted.length === 0) return []
    await writeTransaction(session, versions.path, patience, async (tx) => {
      for (const entry of history.adopted) {
        if ((await versions.appliedOf(tx, [entry.id])).size > 0) continue
        await tx.run(await stampOf(entry))
      }
    })
    for (const { id, replaces } of history.adopted) onProgress({ kind: 'adopted', revision: id, replaces })
    return history.adopted.map(({ id }) => id)
  }

  const runSteps = async (
    session: Executor,
    history: History,
    steps: readonly PlannedRevision[],
    unfinished: ReadonlyMap<string, UnfinishedRevision>,
    result: { readonly revisions: RanRevision[]; readonly skipped: string[]; readonly adopted: string[] },
  ): Promise<void> => {
    const context = { session, history, versions, journal, unfinished, patience, onProgress, hooks }
    for (const [i, step] of steps.entries()) {
      const { id, message, replaces } = step.entry
      const { direction } = step
      onProgress({ kind: 'revision', direction, revision: id, message, number: i + 1, total: steps.length })
      const ran = await apply(step, context)
      if (ran === undefined) {
        result.skipped.push(id)
        onProgress({ kind: 'skipped', revision: id })
      } else if (step.adopts) {
        result.adopted.push(id)
        onProgress({ kind: 'adopted', revision: id, replaces })
      } else {
        result.revisions.push(ran)
        onProgress({ kind: 'done', revision: id, durationMs: ran.durationMs })
      }
    }
  }

  const migrate = (direction: 'up' | 'down', target: string | readonly string[]): Promise<MigrationResult> =>
    locked(async (session) => {
      const { entries, lock, rows, history, applied, unfinished, hashes } = await read(session)
      refuseUnknown(history, rows)
      if (options.locked === true) refuseUnlocked(entries, history, lock)
      const edited = await editedOf(history, rows, hashes)
      for (const id of edited) onProgress({ kind: 'edited', revision: id })
      const steps = await planOf(history, direction, applied, target, unfinished)
      const result = {
        revisions: [] as RanRevision[],
        skipped: [] as string[],
        adopted: [...(await adopt(session, history))],
      }
      const context = { direction, revisions: steps.map(({ entry }) => entry.id), db: session }
      const outcome = async (): Promise<MigrationResult> => {
        const { heads } = stateOf(history, await versions.read(session), [])
        return { direction, ...result, edited, heads: heads.map(({ id }) => id) }
      }
      if (steps.length === 0) return outcome()
      await callHook('beforeRun', () => hooks.beforeRun?.(context))
      try {
        await runSteps(session, history, steps, unfinished, result)
      } catch (error) {
        await callHook('afterRun', () => hooks.afterRun?.({ ...context, error }))
        throw error
      }
      const made = await outcome()
      await callHook('afterRun', () => hooks.afterRun?.({ ...context, result: made }))
      return made
    })

  return {
    upgrade: (target = 'head') => migrate('up', target),
    downgrade: (target) => migrate('down', target),
    async current() {
      const { history, rows, unfinished } = await read(db)
      return stateOf(history, rows, [...unfinished.values()])
    },
    async history(range) {
      const { history, rows, applied, hashes } = await read(db)
      const entries = range === undefined ? history.entries : between(history, applied, range)
      return statesOf(history, entries, rows, await editedOf(history, rows, hashes))
    },
    async plan(direction, target = direction === 'up' ? 'head' : '-1') {
      const { history, rows, applied, unfinished } = await read(db)
      refuseUnknown(history, rows)
      const steps = await planOf(history, direction, applied, target, unfinished)
      return { direction, revisions: await Promise.all(steps.map((step) => shownPlan(step, dialect))) }
    },
    async script(direction, target, { lenient = false } = {}) {
      const range = splitRange(target)
      if (range !== undefined) {
        const history = createHistory((await loadRevisions(options)).entries)
        const applied = stamped(history, new Set(), [range.from || 'base'])
        const goal = range.to || (direction === 'up' ? 'head' : 'base')
        const steps = await planOf(history, direction, applied, goal)
        const preparation = applied.size === 0 ? [versions.creation] : []
        return scriptOf(steps, db, versions, { preparation, adopted: [], lenient })
      }
      const { history, rows, applied } = await read(db)
      refuseUnknown(history, rows)
      const steps = await planOf(history, direction, applied, target)
      const preparation = await versions.preparation(db)
      const adopted = await Promise.all(history.adopted.map(stampOf))
      return scriptOf(steps, db, versions, { preparation, adopted, lenient })
    },
    stamp: (target, { purge = false } = {}) =>
      locked(async (session) => {
        const { entries } = await loadRevisions(options)
        const rows = await versions.read(session)
        const history = createHistory(entries, purge ? [] : rows.map(({ id }) => id))
        if (!purge) refuseUnknown(history, rows)
        const known = history.known(rows.map(({ id }) => id))
        const targets = typeof target === 'string' ? [target] : target
        const wanted = stamped(history, purge ? new Set() : known, targets)
        const added = history.entries.filter(({ id }) => wanted.has(id) && (purge || !known.has(id)))
        const removed = [...known].filter((id) => !wanted.has(id))
        const gone = removed.flatMap((id) => [id, ...(history.get(id)?.replaces ?? [])])
        await writeTransaction(session, versions.path, patience, async (tx) => {
          if (purge) await tx.run(versions.emptied)
          else if (isNonEmpty(gone)) await tx.run(versions.removed(gone))
          for (const entry of [...added, ...history.adopted.filter(({ id }) => wanted.has(id))]) {
            await tx.run(await stampOf(entry))
          }
        })
        const unknown = purge
          ? rows.filter(({ id }) => history.get(id) === undefined).map(({ id }) => id)
          : []
        return {
          added: added.filter(({ id }) => !known.has(id)).map(({ id }) => id),
          removed: [...removed, ...unknown],
          heads: headsOf(history, wanted),
        }
      }),
  }
}

function refuseUnlocked(
  entries: readonly RevisionEntry[],
  history: History,
  lock: LockFile | undefined,
): void {
  const problems = lockProblems(entries, history, lock)
  if (problems.length === 0) return
  throw new MigrationError(
    'lock_file',
    `The revisions are not what the lock file says, so nothing was run.\n${problems.map(({ message }) => `  ${message}`).join('\n')}`,
  )
}

function onlyTarget(target: string | readonly string[]): string {
  if (typeof target === 'string') return target
  if (target.length === 1) return target[0] as string
  throw new MigrationError(
    'unknown_target',
    `downgrade takes one target, not ${target.length}. Undo one branch after the other: label@base.`,
  )
}

const isNonEmpty = (list: readonly string[]): list is readonly [string, ...string[]] => list.length > 0

async function loadRevisions({ directory, revisions }: MigratorOptions): Promise<RevisionDirectory> {
  if (directory !== undefined) return readDirectory(directory)
  if (revisions !== undefined) return { entries: revisions.map(entryOf), lock: undefined }
  throw new MigrationError(
    'invalid_config',
    'createMigrator needs a directory of revision files, or revisions.',
  )
}

function entryOf(revision: Revision): RevisionEntry {
  const { id, parents, message, labels, dependsOn, replaces } = revision
  return {
    id,
    parents,
    message,
    labels,
    dependsOn,
    replaces,
    file: undefined,
    hash: undefined,
    load: async () => revision,
  }
}
