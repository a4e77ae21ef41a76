import type { Database } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { readDirectory } from '../history/directory.js'
import { createHistory, type History } from '../history/history.js'
import type { Revision } from '../history/revision.js'
import { stepsDown, stepsUp } from '../history/target.js'
import { apply, type RanRevision } from './apply.js'
import { withLock, writeTransaction } from './lock.js'
import { entryHash, type PlannedRevision, planDown, planUp } from './plan.js'
import type { OnProgress } from './progress.js'
import { scriptOf } from './script.js'
import { type CurrentState, editedOf, type RevisionState, stateOf, statesOf } from './state.js'
import { readApplied, refuseUnknown, type VersionTableOptions, versionTable } from './version-table.js'

/** What {@link createMigrator} is given: the database, and either a directory of revision files or revisions. */
export type MigratorOptions = {
  /** It stays open, and yours. */
  readonly db: Database
  /** Where it is written which revisions are applied. Default: `espalier_versions`. */
  readonly versionTable?: string | VersionTableOptions
  /** Milliseconds to wait for another runner. Default: 60,000. */
  readonly lockTimeout?: number
  readonly onProgress?: OnProgress
} & (
  | { readonly directory: string; readonly revisions?: undefined }
  | { readonly revisions: readonly Revision[]; readonly directory?: undefined }
)

/** What an upgrade or a downgrade did. */
export interface MigrationResult {
  readonly direction: 'up' | 'down'
  /** What this run has applied or undone, in that order. */
  readonly revisions: readonly RanRevision[]
  /** The ids of what another runner did meanwhile. */
  readonly skipped: readonly string[]
  /** The ids of applied revisions whose files are not what they were then. */
  readonly edited: readonly string[]
  /** The ids of the applied revisions on which no applied one builds. */
  readonly heads: readonly string[]
}

/** Brings a database to a place in its history. Nothing is kept between calls: each reads the revisions anew. */
export interface Migrator {
  /**
   * Applies what leads to a target: `head` (the default), an id or the unique beginning of one, or `+n`. One
   * transaction for each revision: if one fails, those before it stay applied.
   * @example
   * ```ts no-run
   * const { revisions, heads } = await migrator.upgrade()
   * ```
   */
  upgrade(target?: string): Promise<MigrationResult>
  /**
   * Undoes what is above a target: `base`, an id or the unique beginning of one, or `-n`. If anything of it is
   * irreversible, the error says what, and nothing is undone.
   * @example
   * ```ts no-run
   * await migrator.downgrade('-1')
   * ```
   */
  downgrade(target: string): Promise<MigrationResult>
  /** Where the database is. Writes nothing. */
  current(): Promise<CurrentState>
  /** Every revision, parents before children, and whether it is applied. Writes nothing. */
  history(): Promise<readonly RevisionState[]>
  /**
   * The SQL that `upgrade` or `downgrade` would run now, values as literals. Writes nothing. An operation that is code
   * is an error, or a comment with `lenient`.
   * @example
   * ```ts no-run
   * await migrator.script('up', 'head') // begin; create table "users" (…); insert into "espalier_versions" …; commit;
   * ```
   */
  script(direction: 'up' | 'down', target: string, options?: { readonly lenient?: boolean }): Promise<string>
}

/**
 * A migrator of a database: what `upgrade`, `downgrade`, `current` and `history` of the command line do, for programs.
 * Two runners never do the same work: each waits for the other, and sees what it did.
 *
 * PostgreSQL: an advisory lock, on the connection that the revisions run on. SQLite: the write lock of a transaction;
 * how long one waits for it at a time is the `busyTimeout` of the handle.
 * @example
 * ```ts no-run
 * const migrator = createMigrator({ db, directory: 'migrations' })
 * await migrator.upgrade()
 * ```
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const { db, lockTimeout = 60_000, onProgress = () => {} } = options
  const { dialect } = db
  const versions = versionTable(options.versionTable)
  const patience = { timeout: lockTimeout, onProgress }
  const load = () => loadHistory(options)

  const plan = (history: History, direction: 'up' | 'down', applied: ReadonlySet<string>, target: string) =>
    direction === 'up'
      ? planUp(stepsUp(history, applied, target), dialect)
      : planDown(stepsDown(history, applied, target), dialect)

  const migrate = async (direction: 'up' | 'down', target: string): Promise<MigrationResult> => {
    const history = await load()
    return withLock(db, `espalier ${versions.path}`, patience, async (session) => {
      if (!(await versions.exists(session))) {
        await writeTransaction(session, versions.path, patience, (tx) => tx.run(versions.create))
      }
      const applied = await versions.read(session)
      refuseUnknown(history, applied)
      const edited = editedOf(history, applied, (entry) => entryHash(entry, dialect))
      for (const id of edited) onProgress({ kind: 'edited', revision: id })
      const revisions: RanRevision[] = []
      const skipped: string[] = []
      const steps = plan(history, direction, new Set(applied.map(({ id }) => id)), target)
      for (const [i, step] of steps.entries()) {
        const { id, message } = step.entry
        onProgress({ kind: 'revision', direction, revision: id, message, number: i + 1, total: steps.length })
        const ran = await apply(step, { session, history, versions, patience, onProgress })
        if (ran === undefined) skipped.push(id)
        else revisions.push(ran)
        onProgress(
          ran === undefined
            ? { kind: 'skipped', revision: id }
            : { kind: 'done', revision: id, durationMs: ran.durationMs },
        )
      }
      const { heads } = stateOf(history, await versions.read(session))
      return { direction, revisions, skipped, edited, heads: heads.map(({ id }) => id) }
    })
  }

  return {
    upgrade: (target = 'head') => migrate('up', target),
    downgrade: (target) => migrate('down', target),
    async current() {
      const history = await load()
      return stateOf(history, await readApplied(db, versions))
    },
    async history() {
      const history = await load()
      return statesOf(history, await readApplied(db, versions), (entry) => entryHash(entry, dialect))
    },
    async script(direction, target, { lenient = false } = {}) {
      const history = await load()
      const withTable = !(await versions.exists(db))
      const applied = withTable ? [] : await versions.read(db)
      refuseUnknown(history, applied)
      const steps: readonly PlannedRevision[] = plan(
        history,
        direction,
        new Set(applied.map(({ id }) => id)),
        target,
      )
      return scriptOf(steps, db, versions, { withTable, lenient })
    },
  }
}

async function loadHistory({ directory, revisions }: MigratorOptions): Promise<History> {
  if (directory !== undefined) return createHistory(await readDirectory(directory))
  if (revisions !== undefined) {
    return createHistory(revisions.map((entry) => ({ file: undefined, hash: undefined, ...entry })))
  }
  throw new MigrationError(
    'invalid_config',
    'createMigrator needs a directory of revision files, or revisions.',
  )
}
