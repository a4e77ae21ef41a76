import { type Executor, isEspalierError, type Transaction } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { type History, nameOf } from '../history/history.js'
import { orphans, requireNoOrphans, withoutForeignKeys } from '../sqlite/foreign-keys.js'
import { callHook, type Hooks } from './hooks.js'
import { type Patience, writeTransaction } from './lock.js'
import type { PlannedOperation, PlannedRevision } from './plan.js'
import type { OnProgress } from './progress.js'
import type { RanRevision } from './result.js'
import type { VersionTable } from './version-table.js'

/** What runs a plan needs beside it. */
export interface ApplyContext {
  readonly session: Executor
  readonly history: History
  readonly versions: VersionTable
  readonly patience: Patience
  readonly onProgress: OnProgress
  readonly hooks: Hooks
}

/**
 * Applies or undoes a revision and writes so into the version table, in one transaction. Undefined if another runner
 * has done it meanwhile.
 */
export async function apply(
  revision: PlannedRevision,
  { session, history, versions, patience, onProgress, hooks }: ApplyContext,
): Promise<RanRevision | undefined> {
  const { entry, direction, operations, hash } = revision
  const { id, message } = entry
  const details = { revision: id, file: entry.file }
  const start = performance.now()
  let finished = false
  // What changes a table of SQLite may have to make it anew, for which its foreign keys are off.
  const isAltering = operations.some(({ operation }) => operation.perform?.(session.dialect) !== undefined)
  const work = async (tx: Transaction): Promise<RanRevision | undefined> => {
    const needed = [...history.parents(id), ...history.dependencies(id)]
    const neighbours = direction === 'up' ? needed : [...history.children(id), ...history.dependents(id)]
    const applied = await versions.appliedOf(tx, [id, ...neighbours])
    if (applied.has(id) === (direction === 'up')) return undefined
    refuseChanged(revision, neighbours, applied)
    const context = { revision: id, message, direction, db: tx }
    await callHook('beforeRevision', () => hooks.beforeRevision?.(context), details)
    const before = isAltering ? await orphans(tx) : undefined
    for (const [i, planned] of operations.entries()) {
      const place = { number: i + 1, total: operations.length }
      onProgress({ kind: 'operation', revision: id, description: planned.operation.description, ...place })
      await runOperation(tx, planned, revision, place)
    }
    if (before !== undefined) await requireNoOrphans(tx, before)
    const durationMs = Math.round(performance.now() - start)
    await tx.run(
      direction === 'up'
        ? versions.added({ id, message, durationMs, hash })
        : versions.removed([id, ...entry.replaces]),
    )
    await callHook('afterRevision', () => hooks.afterRevision?.({ ...context, durationMs }), details)
    finished = true
    return { id, message, durationMs, operations: operations.length }
  }
  try {
    // Each of its operations is a transaction by itself: what was done stays.
    if (revision.isOutsideTransaction) return await work(session as Transaction)
    const transaction = () => writeTransaction(session, versions.path, patience, work)
    return await (isAltering ? withoutForeignKeys(session, transaction) : transaction())
  } catch (error) {
    if (!isEspalierError(error) || error instanceof MigrationError) throw error
    throw new MigrationError(
      'revision_failed',
      `Revision ${nameOf(entry)} could not be ${finished ? 'committed' : 'run'}: ${error.message}\n` +
        'Nothing of it was kept.',
      { revision: id, file: entry.file, cause: error },
    )
  }
}

async function runOperation(
  tx: Executor,
  { operation, statements }: PlannedOperation,
  { entry, direction, isOutsideTransaction }: PlannedRevision,
  { number, total }: { readonly number: number; readonly total: number },
): Promise<void> {
  const place = `Revision ${nameOf(entry)}, operation ${number} of ${total} (${operation.description})`
  const details = {
    revision: entry.id,
    file: entry.file,
    operation: number,
    description: operation.description,
  }
  const kept = isOutsideTransaction
    ? 'What its operations before this one did stays, since they run without a transaction; so do the revisions before it.'
    : 'Nothing of this revision was kept; the ones before it stay as they are.'
  const refusal = await operation.refusal?.(tx)
  if (refusal !== undefined) {
    throw new MigrationError('operation_failed', `${place} was refused: ${refusal} ${kept}`, details)
  }
  let sql: string | undefined
  try {
    const perform = operation.perform?.(tx.dialect)
    for (const statement of perform === undefined ? statements : []) {
      sql = statement.toSQL(tx.dialect).sql
      await tx.run(statement)
    }
    sql = undefined
    await perform?.(tx as Transaction)
    await operation.run?.(tx as Transaction, { revision: entry.id, direction })
  } catch (error) {
    const failed = sql ?? (error as { sql?: string }).sql
    throw new MigrationError('operation_failed', `${place} failed: ${messageOf(error, sql)}\n${kept}`, {
      ...details,
      sql: failed,
      cause: error,
    })
  }
}

/** The database's message, and the statement below it if the message does not show it already. */
function messageOf(error: unknown, sql: string | undefined): string {
  const message = error instanceof Error ? error.message : String(error)
  if (sql === undefined || message.includes('\n  ')) return message
  return `${message}\n  ${sql.length > 300 ? `${sql.slice(0, 300)}…` : sql}`
}

/** Another runner may have gone another way since the plan was made. */
function refuseChanged(
  { entry, direction }: PlannedRevision,
  neighbours: readonly string[],
  applied: ReadonlySet<string>,
): void {
  const isUp = direction === 'up'
  const inTheWay = neighbours.filter((id) => applied.has(id) !== isUp)
  if (inTheWay.length === 0) return
  throw new MigrationError(
    'state_changed',
    `Another runner has changed the database meanwhile: revision ${nameOf(entry)} cannot be ` +
      `${isUp ? 'applied without' : 'undone under'} ${inTheWay.join(', ')}. ` +
      'Nothing of it was run; look at the state, and run this again.',
    { revision: entry.id, file: entry.file },
  )
}
