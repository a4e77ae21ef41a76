import { ExecutionError } from '../errors.js'
import { AfterTransaction } from './after.js'
import type { TransactionOptions } from './backend.js'
import type { BeginOptions } from './begin-options.js'
import { adjust, refuseAborted, savepointName } from './connection-state.js'
import type { RunResult } from './database.js'
import { type CancelOptions, Deadline, type Held, within } from './deadline.js'
import type { Request, Response, Session } from './driver.js'
import { type LoadOptions, loadRows, type RowSource } from './load.js'
import type { Plan } from './plan.js'
import { withRetries } from './retry.js'
import { PIPELINED, runSets } from './run-many.js'
import { type BulkLoader, Runner } from './runner.js'
import { OpenStreams, pagesOf, type StreamedQuery } from './stream.js'

/** Runs a transaction so that the connection does what its options ask for. */
async function adjusted<T>(
  session: Session,
  options: BeginOptions,
  transaction: () => Promise<T>,
): Promise<T> {
  const restore = adjust(session, options)
  try {
    return await transaction()
  } finally {
    restore()
  }
}

/** Where a transaction and its savepoints run. */
interface Place extends Held {
  readonly after: AfterTransaction
  readonly deadline: Deadline | undefined
}

/**
 * Runs a transaction as its options say, and again where that may succeed; `hold` gives it the connection, each time anew.
 */
export function runTransaction<T>(
  runner: Runner,
  work: (tx: TransactionRunner) => Promise<T>,
  options: TransactionOptions,
  hold: (body: (held: Held) => Promise<T>, deadline: Deadline | undefined) => Promise<T>,
): Promise<T> {
  const { backend } = runner
  const begin: Request = { sql: backend.begin(options), params: [], exactIntegers: false }
  const beginning = [begin, backend.configure?.(options) ?? []].flat()
  return Deadline.during(options, (deadline) =>
    withRetries(
      () => {
        const after = new AfterTransaction()
        const body = (held: Held) => {
          const place: Place = { ...held, after, deadline }
          const run = () =>
            adjusted(held.session, options, () => inTransaction(runner, place, work, beginning))
          return held.session.around?.(run) ?? run()
        }
        return after.following(() => hold(body, deadline))
      },
      options,
      deadline,
    ),
  )
}

/**
 * A function in a transaction on a connection. Where the transaction can be neither begun nor rolled back, the state of
 * the connection is unknown: it is spoilt, and must not be used again.
 */
async function inTransaction<T>(
  runner: Runner,
  place: Place,
  work: (tx: TransactionRunner) => Promise<T>,
  [begin, ...settings]: readonly Request[],
): Promise<T> {
  const { session, spoil, deadline } = place
  const beforehand = (request: Request) =>
    within(deadline, place, request.sql, () => session.execute(request))
  const tx = new TransactionRunner(runner, place, 0)
  try {
    await beforehand(begin as Request)
  } catch (error) {
    spoil()
    throw error
  }
  let result: T
  try {
    for (const request of settings) await beforehand(request)
    result = await work(tx)
    await tx.closeStreams()
    tx.finish()
    refuseAborted(session)
    deadline?.check()
  } catch (error) {
    await tx.closeStreams()
    tx.end()
    try {
      await rollback(place)
    } catch {
      spoil()
    }
    throw error
  }
  try {
    const commit: Request = { sql: 'commit', params: [], exactIntegers: false }
    await within(deadline, place, 'commit', () => session.execute(commit), true)
  } catch (error) {
    // A commit that fails (a deferred constraint) has rolled back on PostgreSQL, and must be rolled back on SQLite.
    await rollback(place).catch(() => undefined)
    throw error
  }
  return result
}

/** Milliseconds for `rollback` where the transaction had a time: PostgreSQL has nothing to undo, so a server answers soon. */
const ROLLBACK_TIME = 2000

/** Undoes a transaction, also after its time; where the network is silent, the end of the connection undoes it. */
function rollback(place: Place): Promise<Response> {
  const { session, deadline } = place
  const run = () => session.execute({ sql: 'rollback', params: [], exactIntegers: false })
  if (deadline === undefined || session.cancel === undefined) return run()
  return Deadline.during({ timeout: ROLLBACK_TIME }, (own) => within(own, place, 'rollback', run))
}

/** Statements of a transaction, or of a savepoint in one. */
export class TransactionRunner extends Runner implements BulkLoader {
  readonly streams = new OpenStreams()
  private ended = false
  /** The savepoint that is open inside this one. */
  private inner: TransactionRunner | undefined
  private innerName = ''
  private readonly session: Session
  private readonly after: AfterTransaction
  constructor(
    { dialect, backend, context }: Runner,
    private readonly place: Place,
    private readonly depth: number,
  ) {
    super(dialect, backend, context)
    this.session = place.session
    this.after = place.after
  }

  protected execute(request: Request, options?: CancelOptions): Promise<Response> {
    this.check()
    const { place } = this
    const { session, deadline } = place
    refuseAborted(session)
    const run = () => session.execute(request)
    if (options === undefined) return within(deadline, place, request.sql, run)
    return Deadline.during(options, (own) => within(own, place, request.sql, run), deadline)
  }

  protected async *pages(query: StreamedQuery): AsyncGenerator<Response, void> {
    const { place } = this
    const own = Deadline.open(query.options, place.deadline)
    try {
      yield* this.streams.through(pagesOf(place.session, query, true), async (stream) => {
        this.check()
        refuseAborted(place.session)
        return within(own ?? place.deadline, place, query.plan.request.sql, () => stream.next())
      })
    } finally {
      own?.close()
    }
  }

  async runSets(plan: Plan, sets: RowSource<unknown>): Promise<RunResult> {
    const { place } = this
    const execute = (request: Request) => {
      this.check()
      refuseAborted(place.session)
      return within(place.deadline, place, request.sql, () => place.session.execute(request))
    }
    // A cancellation is about one statement, so that there is one where it may come.
    const atOnce = place.deadline === undefined ? PIPELINED : 1
    return { affected: await runSets(plan, sets, execute, atOnce, place.deadline) }
  }

  async loadRows(table: unknown, rows: RowSource<unknown>, options: LoadOptions): Promise<RunResult> {
    this.check()
    const { session, deadline } = this.place
    const copyIn = session.copyIn?.bind(session)
    const sender = {
      deadline,
      execute: (request: Request) => this.execute(request),
      copyIn:
        copyIn &&
        ((sql: string, chunks: AsyncIterable<string>) =>
          within(deadline, this.place, sql, () => copyIn(sql, chunks))),
    }
    return { affected: await loadRows(this.dialect, this.backend.copy, sender, table, rows, options) }
  }

  afterCommit(callback: () => unknown): void {
    this.check()
    this.after.commit(callback)
  }

  afterRollback(callback: () => unknown): void {
    this.check()
    this.after.rollback(callback)
  }

  private refuseEnded(): void {
    if (!this.ended) return
    throw new ExecutionError(
      'transaction_ended',
      'This transaction has ended: its handle was used after its function had returned. Await every statement inside it.',
    )
  }

  private check(): void {
    this.refuseEnded()
    if (this.inner !== undefined) {
      throw new ExecutionError(
        'outer_handle',
        `The handle of the outer transaction was used while the savepoint ${this.innerName} is open inside it. Use the handle that ` +
          'the inner function is given, and do not run two savepoints of one transaction at the same time.',
      )
    }
  }

  async transact<T>(work: (tx: TransactionRunner) => Promise<T>, options: TransactionOptions): Promise<T> {
    const { signal, timeout, ...others } = options
    const name = savepointName(others, this.depth + 1)
    return Deadline.during(
      { signal, timeout },
      (deadline) => this.inSavepoint(name, { ...this.place, deadline }, work),
      this.place.deadline,
    )
  }

  private async inSavepoint<T>(
    name: string,
    place: Place,
    work: (tx: TransactionRunner) => Promise<T>,
  ): Promise<T> {
    this.check()
    const inner = new TransactionRunner(this, place, this.depth + 1)
    this.inner = inner
    this.innerName = name
    const undone = this.after.savepoint()
    const command = async (sql: string, { deadline } = place): Promise<void> => {
      // After its end the connection is another's, whose savepoints have the same names.
      this.refuseEnded()
      refuseAborted(this.session)
      await within(deadline, place, sql, () =>
        this.session.execute({ sql, params: [], exactIntegers: false }),
      )
    }
    try {
      await command(`savepoint ${name}`)
      try {
        const result = await work(inner)
        await inner.closeStreams()
        inner.finish()
        place.deadline?.check()
        await command(`release savepoint ${name}`)
        return result
      } catch (error) {
        await inner.closeStreams()
        inner.end()
        undone()
        // If even this fails, the transaction around it cannot commit either, and says so.
        await command(`rollback to savepoint ${name}`, this.place).catch(() => undefined)
        await command(`release savepoint ${name}`, this.place).catch(() => undefined)
        throw error
      }
    } finally {
      inner.end()
      this.inner = undefined
    }
  }

  end(): void {
    this.ended = true
    this.inner?.end()
  }

  /** Those of a savepoint too that nobody has awaited. */
  async closeStreams(): Promise<void> {
    await this.inner?.closeStreams()
    await this.streams.close()
  }

  /** Ends it after its function has returned; an error if a savepoint is still open, whose rows would be halves. */
  finish(): void {
    const isOpen = this.inner !== undefined
    this.end()
    if (!isOpen) return
    throw new ExecutionError(
      'unfinished_savepoint',
      `The function of a transaction returned while a transaction or a load inside it (the savepoint ${this.innerName}) was ` +
        'under way, so nothing was kept. Await it: await tx.transaction(…).',
    )
  }
}
