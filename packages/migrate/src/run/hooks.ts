import type { Executor, Transaction } from '@espalier/core'
import { MigrationError } from '../errors.js'
import type { MigrationResult } from './result.js'

/** What a hook is told of a run. */
export interface RunHookContext {
  readonly direction: 'up' | 'down'
  /** The ids of the revisions of the run, in order. */
  readonly revisions: readonly string[]
  /** The connection of the run, which holds the lock. */
  readonly db: Executor
}

/** What a hook is told of a revision. */
export interface RevisionHookContext {
  readonly direction: 'up' | 'down'
  /** The id of the revision. */
  readonly revision: string
  readonly message: string
  /**
   * The transaction of the revision: what a hook does in it is kept or lost with the revision. Of one that has several, the
   * first before it and the last after it.
   */
  readonly db: Transaction
}

/** Functions that are called around runs and revisions. One that throws stops the run as a failing operation does. */
export interface Hooks {
  /** Before the first revision of a run, with the lock held; not called where there is nothing to do. */
  readonly beforeRun?: (run: RunHookContext) => Promise<void> | void
  /** After a run, failed or not: with its result, or its error. */
  readonly afterRun?: (
    run: RunHookContext & ({ readonly result: MigrationResult } | { readonly error: unknown }),
  ) => Promise<void> | void
  /** In the transaction of a revision, before its first operation; once more where a revision goes on that was broken off. */
  readonly beforeRevision?: (revision: RevisionHookContext) => Promise<void> | void
  /** In the transaction of a revision, after its last operation. */
  readonly afterRevision?: (
    revision: RevisionHookContext & { readonly durationMs: number },
  ) => Promise<void> | void
}

/** Calls a hook. What it throws becomes a `MigrationError` that names it. */
export async function callHook(
  name: keyof Hooks,
  call: () => Promise<void> | void,
  details: { readonly revision?: string; readonly file?: string | undefined } = {},
): Promise<void> {
  try {
    await call()
  } catch (error) {
    const place = details.revision === undefined ? 'of the run' : `of revision '${details.revision}'`
    throw new MigrationError(
      'hook_failed',
      `The hook ${name} ${place} failed: ${error instanceof Error ? error.message : String(error)}\n` +
        (details.revision === undefined
          ? 'Revisions that are applied stay so.'
          : 'The transaction that it was called in was rolled back; the revisions before this one stay as they are.'),
      { ...details, cause: error },
    )
  }
}
