import { type Executor, isEspalierError, type Transaction } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { type History, nameOf } from '../history/history.js'
import { orphans, requireNoOrphans, withoutForeignKeys } from '../sqlite/foreign-keys.js'
import { remaining } from './broken-off.js'
import { callHook, type Hooks } from './hooks.js'
import type { Journal, UnfinishedRevision } from './journal.js'
import { type Patience, writeTransaction } from './lock.js'
import type { PlannedOperation, PlannedRevision } from './plan.js'
import type { OnProgress } from './progress.js'
import type { RanRevision } from './result.js'
import { type Stage, stagesOf } from './stages.js'
import type { VersionTable } from './version-table.js'

/** What runs a plan needs beside it. */
export interface ApplyContext {
  readonly session: Executor
  readonly history: History
  readonly versions: VersionTable
  readonly journal: Journal
  /** The revisions that were begun before and not finished, by their ids. */
  readonly unfinished: ReadonlyMap<string, UnfinishedRevision>
  readonly patience: Patience
  readonly onProgress: OnProgress
  readonly hooks: Hooks
}

/**
 * Applies or undoes a revision and writes so into the version table, in one transaction; where operations of it cannot be in
 * one, in several, between which the journal has how far it is. Undefined if another runner has done it meanwhile.
 */
export async function apply(
  revision: PlannedRevision,
  context: ApplyContext,
): Promise<RanRevision | undefined> {
  const run = new RevisionRun(revision, context)
  const begun = context.unfinished.get(revision.entry.id)
  const [stage, ...others] = stagesOf(revision.operations, context.session.dialect)
  const isOne = begun === undefined && others.length === 0 && stage?.isOutsideTransaction !== true
  return isOne ? run.inOne() : run.inStages(begun)
}

/** One run of a revision. */
class RevisionRun {
  private readonly start = performance.now()
  private readonly details: { readonly revision: string; readonly file: string | undefined }
  constructor(
    private readonly revision: PlannedRevision,
    private readonly context: ApplyContext,
  ) {
    const { entry } = revision
    this.details = { revision: entry.id, file: entry.file }
  }

  inOne(): Promise<RanRevision | undefined> {
    return this.transaction(this.revision.operations, 'Nothing of it was kept.', async (tx) => {
      if (await this.isDone(tx)) return undefined
      await this.beforehand(tx)
      await this.run(tx, this.revision.operations, 0, NOTHING_KEPT)
      return this.written(tx)
    })
  }

  async inStages(begun: UnfinishedRevision | undefined): Promise<RanRevision | undefined> {
    const { revision, context } = this
    const { session, journal } = context
    const { direction, operations, hash, entry } = revision
    const done = begun === undefined ? 0 : await this.startOf(begun)
    let row: UnfinishedRevision = { id: entry.id, direction, done, isUnderWay: false, hash }
    const isThere = await this.transaction([], SOME_KEPT, async (tx) => {
      if (begun === undefined && (await this.isDone(tx))) return true
      await journal.begin(tx, row)
      await this.beforehand(tx)
      return false
    })
    if (isThere) return undefined
    const advance = async (tx: Executor, next: Pick<UnfinishedRevision, 'done' | 'isUnderWay'>) => {
      await journal.advance(tx, row, next)
      row = { ...row, ...next }
    }
    for (const stage of stagesOf(operations, session.dialect, done)) {
      const { from, operations: some } = stage
      if (stage.isOutsideTransaction) await this.outside(stage, advance)
      else {
        const before = row
        await this.transaction(some, SOME_KEPT, async (tx) => {
          row = before
          await this.run(tx, some, from, SOME_KEPT)
          await advance(tx, { done: from + some.length, isUnderWay: false })
        })
      }
    }
    return this.transaction([], SOME_KEPT, async (tx) => {
      await journal.end(tx, entry.id)
      // On a way up that was begun as a way down, it still counts as applied.
      await tx.run(context.versions.removed([entry.id]))
      return this.written(tx)
    })
  }

  /** An operation that the database refuses in a transaction: before it is begun, the journal says that it is. */
  private async outside(
    { operations, from }: Stage,
    advance: (tx: Executor, next: Pick<UnfinishedRevision, 'done' | 'isUnderWay'>) => Promise<void>,
  ): Promise<void> {
    const { session } = this.context
    const [planned] = operations as [PlannedOperation]
    await advance(session, { done: from, isUnderWay: true })
    try {
      await this.run(session, operations, from, SOME_KEPT)
    } catch (error) {
      // What it left by halves is removed now, if the connection lives; else when this runs again.
      const left = await remaining(session, planned.statements).catch(() => undefined)
      if (left?.length === planned.statements.length) {
        await advance(session, { done: from, isUnderWay: false }).catch(() => undefined)
      }
      throw error
    }
    await advance(session, { done: from + 1, isUnderWay: false })
  }

  /** How many operations are done already of a revision that was begun before, in the direction of this run. */
  private async startOf(begun: UnfinishedRevision): Promise<number> {
    const { session } = this.context
    const { entry, operations, direction, hash, isDerived } = this.revision
    const what = `Revision ${nameOf(entry)} was begun before and is not finished`
    if (begun.hash !== hash) {
      throw new MigrationError(
        'unfinished',
        `${what}; now it is another than it was then. Undo the edit, and run this again.`,
        this.details,
      )
    }
    const isSame = begun.direction === direction
    if (!isSame && !isDerived) {
      throw new MigrationError(
        'unfinished',
        `${what}: of its way ${begun.direction}, ${begun.done} operations are done. Its way back is written by hand, which says ` +
          `nothing of the middle. Finish it first, by ${begun.direction === 'up' ? 'upgrade' : 'downgrade'}.`,
        this.details,
      )
    }
    const place = isSame ? begun.done : operations.length - begun.done
    if (!begun.isUnderWay) return place
    // The operation that was under way; of the other direction, the one that undoes it.
    const planned = operations[isSame ? place : place - 1] as PlannedOperation
    const left = await remaining(session, planned.statements)
    if (left === undefined) {
      // Nothing tells what became of it: then it is run again, but not undone.
      if (isSame) return place
      throw new MigrationError(
        'unfinished',
        `${what}: nobody knows what became of its operation ${begun.done + 1}, which ${planned.operation.description} would undo. ` +
          `Finish it first, by ${begun.direction === 'up' ? 'upgrade' : 'downgrade'}.`,
        this.details,
      )
    }
    const hadNoEffect = isSame ? left.length === planned.statements.length : left.length === 0
    if (hadNoEffect) return place
    if (!isSame) return place - 1
    for (const statement of left) await session.run(statement)
    return place + 1
  }

  /** Whether another runner has done it meanwhile. */
  private async isDone(tx: Executor): Promise<boolean> {
    const { history, versions } = this.context
    const { entry, direction } = this.revision
    const { id } = entry
    const needed = [...history.parents(id), ...history.dependencies(id)]
    const neighbours = direction === 'up' ? needed : [...history.children(id), ...history.dependents(id)]
    const applied = await versions.appliedOf(tx, [id, ...neighbours])
    if (applied.has(id) === (direction === 'up')) return true
    refuseChanged(this.revision, neighbours, applied)
    return false
  }

  private beforehand(tx: Transaction): Promise<void> {
    const { hooks } = this.context
    return callHook('beforeRevision', () => hooks.beforeRevision?.(this.hookContext(tx)), this.details)
  }

  /** Writes down that it is done. */
  private async written(tx: Transaction): Promise<RanRevision> {
    const { versions, hooks } = this.context
    const { entry, direction, operations, hash } = this.revision
    const { id, message } = entry
    const durationMs = Math.round(performance.now() - this.start)
    await tx.run(
      direction === 'up'
        ? versions.added({ id, message, durationMs, hash })
        : versions.removed([id, ...entry.replaces]),
    )
    const context = { ...this.hookContext(tx), durationMs }
    await callHook('afterRevision', () => hooks.afterRevision?.(context), this.details)
    this.finished = true
    return { id, message, durationMs, operations: operations.length }
  }
  private finished = false

  private hookContext(tx: Transaction) {
    const { entry, direction } = this.revision
    return { revision: entry.id, message: entry.message, direction, db: tx }
  }

  private async run(
    tx: Executor,
    operations: readonly PlannedOperation[],
    from: number,
    kept: string,
  ): Promise<void> {
    const total = this.revision.operations.length
    for (const [i, planned] of operations.entries()) {
      const place = { number: from + i + 1, total }
      const { description } = planned.operation
      this.context.onProgress({ kind: 'operation', revision: this.details.revision, description, ...place })
      await runOperation(tx, planned, this.revision, place, kept)
    }
  }

  /** Runs a part of it in a transaction. What changes a table of SQLite may make it anew, for which foreign keys are off. */
  private async transaction<T>(
    operations: readonly PlannedOperation[],
    kept: string,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { session, versions, patience } = this.context
    const isAltering =
      session.dialect.lacks.addConstraint === true &&
      operations.some(({ operation }) => operation.perform?.(session.dialect) !== undefined)
    const checked = async (tx: Transaction): Promise<T> => {
      const before = isAltering ? await orphans(tx) : undefined
      const result = await work(tx)
      if (before !== undefined) await requireNoOrphans(tx, before)
      return result
    }
    const transaction = () => writeTransaction(session, versions.path, patience, checked)
    try {
      return await (isAltering ? withoutForeignKeys(session, transaction) : transaction())
    } catch (error) {
      if (!isEspalierError(error) || error instanceof MigrationError) throw error
      throw new MigrationError(
        'revision_failed',
        `Revision ${nameOf(this.revision.entry)} could not be ${this.finished ? 'committed' : 'run'}: ${error.message}\n${kept}`,
        { ...this.details, cause: error },
      )
    }
  }
}

const NOTHING_KEPT = 'Nothing of this revision was kept; the ones before it stay as they are.'
const SOME_KEPT =
  'What its operations before this one did is kept, since not all of them can be in one transaction. Run this again to go on, ' +
  'or run the other way to undo them.'

async function runOperation(
  tx: Executor,
  { operation, statements }: PlannedOperation,
  { entry, direction }: PlannedRevision,
  { number, total }: { readonly number: number; readonly total: number },
  kept: string,
): Promise<void> {
  const place = `Revision ${nameOf(entry)}, operation ${number} of ${total} (${operation.description})`
  const details = {
    revision: entry.id,
    file: entry.file,
    operation: number,
    description: operation.description,
  }
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
