import type { Dialect } from '../compiler/dialect.js'
import { BuildError, ExecutionError, excerpt } from '../errors.js'
import { AfterTransaction } from './after.js'
import type { Backend, BeginOptions, TransactionOptions } from './backend.js'
import { refuseAborted } from './connection-state.js'
import type { Surroundings, TransactionContext } from './context.js'
import type { Database, Executor, RunResult } from './database.js'
import { type CancelOptions, Deadline } from './deadline.js'
import type { Driver, Request, Response, Session } from './driver.js'
import { type LoadOptions, loadRows, type RowSource } from './load.js'
import { withRetries } from './retry.js'
import { type BulkLoader, Runner } from './runner.js'
import { OpenStreams, pagesOf, type StreamedQuery } from './stream.js'
import type { Purpose } from './waiting.js'

/** What a database is made of. */
export interface DatabaseParts {
  readonly dialect: Dialect
  readonly backend: Backend
  readonly driver: Driver
  /** With it, using the database inside its own transaction throws. */
  readonly context?: TransactionContext | undefined
  /**
   * Whether there are connections beside the one that a session holds, so that the database can be used inside it.
   * Default: no; such use then throws, since it would wait for itself.
   */
  readonly pooled?: boolean
}

/** Makes a database of its parts: for those who write a dialect or a driver. */
export function createDatabase(parts: DatabaseParts): Database {
  return new PooledRunner(parts) as unknown as Database
}

class PooledRunner extends Runner {
  private readonly driver: Driver
  private readonly pooled: boolean

  constructor({ dialect, backend, driver, context, pooled = false }: DatabaseParts) {
    super(dialect, backend, context)
    this.driver = driver
    this.pooled = pooled
  }
  protected execute(request: Request, options?: CancelOptions): Promise<Response> {
    this.refuseInside()
    if (options === undefined) return this.driver.execute(request)
    // On a connection to itself: where others wait behind it, one of those might be cancelled in its place.
    return Deadline.during(options, (deadline) =>
      deadline === undefined
        ? this.driver.execute(request)
        : this.hold('statement', (session, spoil) => deadline.execute(session, request, spoil), deadline),
    )
  }
  protected async *pages(query: StreamedQuery): AsyncGenerator<Response, void> {
    this.refuseInside()
    const session = await this.driver.acquire('stream')
    let failed = false
    try {
      yield* pagesOf(session, query, false)
    } catch (error) {
      failed = true
      throw error
    } finally {
      const released = session.release()
      // The error that led here is the one to report.
      await (failed ? released.catch(() => undefined) : released)
    }
  }
  /** What would run outside of the transaction around it, or wait for itself. */
  private refuseInside(): void {
    const surroundings = this.context?.inside()
    if (surroundings === undefined || (surroundings === 'session' && this.pooled)) return
    throw new ExecutionError('outer_handle', OUTER_USE[surroundings])
  }

  async transact<T>(work: (tx: TransactionRunner) => Promise<T>, options: TransactionOptions): Promise<T> {
    this.refuseInside()
    const begin = this.backend.begin(options)
    return Deadline.during(options, (deadline) => {
      const once = () => {
        const after = new AfterTransaction()
        return after.following(() =>
          this.hold(
            'transaction',
            (session, spoil) => {
              const place: Place = { session, spoil, after, deadline }
              return refusingWrites(session, options, () => inTransaction(this, place, work, begin))
            },
            deadline,
          ),
        )
      }
      return withRetries(once, options, deadline)
    })
  }

  async session<T>(work: (session: Executor) => Promise<T>): Promise<T> {
    this.refuseInside()
    return this.hold('session', async (session, spoil) => {
      const runner = new SessionRunner(this, session, spoil)
      try {
        return await work(runner as unknown as Executor)
      } finally {
        runner.end()
        await runner.streams.close()
      }
    })
  }

  /** Runs a function with a connection to itself, which is closed afterwards if it was spoilt. */
  private async hold<T>(
    purpose: Purpose,
    work: (session: Session, spoil: () => void) => Promise<T>,
    deadline?: Deadline,
  ): Promise<T> {
    const acquired = this.driver.acquire(purpose)
    const session = await (deadline === undefined
      ? acquired
      : deadline.waitFor(acquired, (late) => void late.release().catch(() => undefined)))
    let broken = false
    const body = () =>
      work(session, () => {
        broken = true
      })
    let result: T
    try {
      result = await (this.context === undefined ? body() : this.context.run('session', body))
    } catch (error) {
      // The error that led here is the one to report.
      await session.release(broken).catch(() => undefined)
      throw error
    }
    await session.release(broken)
    return result
  }

  async close(): Promise<void> {
    const surroundings = this.context?.inside()
    if (surroundings !== undefined) {
      throw new ExecutionError(
        'outer_handle',
        `The database was closed inside its own ${surroundings}, whose end closing would wait for, forever. Close it when the ` +
          'function has returned.',
      )
    }
    await this.driver.close()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

const OUTER_USE: Readonly<Record<Surroundings, string>> = {
  transaction:
    'The database was used inside its own transaction, of which the statement would be no part: it would run on another ' +
    'connection, or wait forever for that of the transaction. Use the handle that the function of the transaction is ' +
    'given: db.transaction(async (tx) => { await tx.all(…) }).',
  session:
    'The database was used inside its own session, which has its only connection, and would wait for that forever. Use ' +
    'the handle that the function of the session is given: db.session(async (session) => { await session.all(…) }).',
}

/** Runs a transaction so that the connection refuses writes, where it is read only and does not refuse them by itself. */
async function refusingWrites<T>(
  session: Session,
  { readOnly }: BeginOptions,
  transaction: () => Promise<T>,
): Promise<T> {
  const allowWrites = readOnly === true ? session.refuseWrites?.() : undefined
  try {
    return await transaction()
  } finally {
    allowWrites?.()
  }
}

/** Where a transaction and its savepoints run. */
interface Place {
  readonly session: Session
  /** Tells that nothing else may run on the connection. */
  readonly spoil: () => void
  readonly after: AfterTransaction
  readonly deadline: Deadline | undefined
}

/**
 * A function in a transaction on a connection. Where the transaction can be neither begun nor rolled back, the state of
 * the connection is unknown: it is spoilt, and must not be used again.
 */
async function inTransaction<T>(
  runner: Runner,
  place: Place,
  work: (tx: TransactionRunner) => Promise<T>,
  begin: string,
): Promise<T> {
  const { session, spoil, deadline } = place
  const command = (sql: string) => session.execute({ sql, params: [], exactIntegers: false })
  const tx = new TransactionRunner(runner, place, 0)
  try {
    await command(begin)
  } catch (error) {
    spoil()
    throw error
  }
  let result: T
  try {
    result = await work(tx)
    await tx.closeStreams()
    tx.finish()
    refuseAborted(session)
    deadline?.check()
  } catch (error) {
    await tx.closeStreams()
    tx.end()
    try {
      await command('rollback')
    } catch {
      spoil()
    }
    throw error
  }
  try {
    await command('commit')
  } catch (error) {
    // A commit that fails (a deferred constraint) has rolled back on PostgreSQL, and must be rolled back on SQLite.
    await command('rollback').catch(() => undefined)
    throw error
  }
  return result
}

/** Statements and transactions on one connection, one after the other. */
class SessionRunner extends Runner {
  readonly streams = new OpenStreams()
  private ended = false
  private inside = false
  constructor(
    { dialect, backend, context }: Runner,
    private readonly session: Session,
    private readonly spoil: () => void,
  ) {
    super(dialect, backend, context)
  }

  protected execute(request: Request, options: CancelOptions = {}): Promise<Response> {
    this.check()
    const { session, spoil } = this
    return Deadline.during(options, (deadline) =>
      deadline === undefined ? session.execute(request) : deadline.execute(session, request, spoil),
    )
  }

  protected pages(query: StreamedQuery): AsyncIterable<Response> {
    return this.streamAlone(pagesOf(this.session, query, false))
  }

  private async *streamAlone(pages: AsyncIterable<Response>): AsyncGenerator<Response, void> {
    this.check()
    yield* this.streams.through(pages, (stream) => {
      this.checkEnded()
      return stream.next()
    })
  }

  async transact<T>(work: (tx: TransactionRunner) => Promise<T>, options: TransactionOptions): Promise<T> {
    const begin = this.backend.begin(options)
    return Deadline.during(options, (deadline) => {
      const once = () => {
        this.check()
        const after = new AfterTransaction()
        const place: Place = { session: this.session, spoil: this.spoil, after, deadline }
        return after.following(() => this.transactOnce(work, options, begin, place))
      }
      return withRetries(once, options, deadline)
    })
  }

  private async transactOnce<T>(
    work: (tx: TransactionRunner) => Promise<T>,
    options: TransactionOptions,
    begin: string,
    place: Place,
  ): Promise<T> {
    this.inside = true
    try {
      return await refusingWrites(this.session, options, () => inTransaction(this, place, work, begin))
    } finally {
      this.inside = false
    }
  }

  private checkEnded(): void {
    if (!this.ended) return
    throw new ExecutionError(
      'session_ended',
      'This session has ended: its handle was used after its function had returned. Await every statement inside it.',
    )
  }

  private check(): void {
    this.checkEnded()
    if (this.inside) {
      throw new ExecutionError(
        'outer_handle',
        'The handle of the session was used while a transaction is open on it. Use the handle that the function of the ' +
          'transaction is given.',
      )
    }
    // On PostgreSQL a stream has a transaction of its own: what else ran in it would be undone where the stream fails.
    if (this.streams.size > 0) {
      throw new ExecutionError(
        'busy',
        'The handle of the session was used while a stream is open on it. End its loop first, or stream in a transaction: ' +
          'session.transaction(async (tx) => { for await (const row of tx.stream(…)) … }).',
      )
    }
  }

  end(): void {
    this.ended = true
  }
}

class TransactionRunner extends Runner implements BulkLoader {
  readonly streams = new OpenStreams()
  private ended = false
  /** The savepoint that is open inside this one. */
  private inner: TransactionRunner | undefined
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
    const { session, spoil, deadline } = this.place
    refuseAborted(session)
    if (options === undefined) {
      return deadline === undefined ? session.execute(request) : deadline.execute(session, request, spoil)
    }
    return Deadline.during(options, (own) => {
      const run = () => (own === undefined ? session.execute(request) : own.execute(session, request, spoil))
      return deadline === undefined ? run() : deadline.runOn(session, request.sql, spoil, run)
    })
  }

  protected pages(query: StreamedQuery): AsyncIterable<Response> {
    const { session, spoil, deadline } = this.place
    return this.streams.through(pagesOf(session, query, true), async (stream) => {
      this.check()
      refuseAborted(session)
      return deadline === undefined
        ? stream.next()
        : deadline.runOn(session, undefined, spoil, () => stream.next())
    })
  }

  async loadRows(table: unknown, rows: RowSource<unknown>, options: LoadOptions): Promise<RunResult> {
    this.check()
    const { session, spoil, deadline } = this.place
    const copyIn = session.copyIn?.bind(session)
    const sender = {
      execute: (request: Request) => this.execute(request),
      copyIn:
        copyIn === undefined || deadline === undefined
          ? copyIn
          : (sql: string, chunks: AsyncIterable<string>) =>
              deadline.runOn(session, sql, spoil, () => copyIn(sql, chunks)),
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
        'The handle of the outer transaction was used while a savepoint is open inside it. Use the handle that the inner ' +
          'function is given, and do not run two savepoints of one transaction at the same time.',
      )
    }
  }

  async transact<T>(work: (tx: TransactionRunner) => Promise<T>, options: TransactionOptions): Promise<T> {
    this.check()
    if (Object.keys(options).length > 0) {
      throw new BuildError(
        'invalid_options',
        `A transaction inside a transaction is a savepoint, which has no options of its own: ${excerpt(options)}.`,
      )
    }
    const name = `"espalier_${this.depth + 1}"`
    const inner = new TransactionRunner(this, this.place, this.depth + 1)
    this.inner = inner
    const undone = this.after.savepoint()
    const command = async (sql: string): Promise<void> => {
      // After its end the connection is another's, whose savepoints have the same names.
      this.refuseEnded()
      refuseAborted(this.session)
      await this.session.execute({ sql, params: [], exactIntegers: false })
    }
    try {
      await command(`savepoint ${name}`)
      try {
        const result = await work(inner)
        await inner.closeStreams()
        inner.finish()
        this.place.deadline?.check()
        await command(`release savepoint ${name}`)
        return result
      } catch (error) {
        await inner.closeStreams()
        inner.end()
        undone()
        // If even this fails, the transaction around it cannot commit either, and says so.
        await command(`rollback to savepoint ${name}`).catch(() => undefined)
        await command(`release savepoint ${name}`).catch(() => undefined)
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
      'The function of a transaction returned while a transaction or a load inside it was under way, so nothing was kept. ' +
        'Await it: await tx.transaction(…).',
    )
  }
}
