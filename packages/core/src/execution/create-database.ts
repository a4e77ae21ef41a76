import type { Dialect } from '../compiler/dialect.js'
import { ExecutionError } from '../errors.js'
import type { Backend, TransactionOptions } from './backend.js'
import type { Surroundings, TransactionContext } from './context.js'
import type { Database, DatabaseView, Executor } from './database.js'
import { type CancelOptions, Deadline, type Held, within } from './deadline.js'
import type { Diagnostics, Driver, Request, Response, Session } from './driver.js'
import { type Observer, observed } from './observer.js'
import { Runner } from './runner.js'
import { type SchemaMap, translated } from './schemas.js'
import { SessionRunner } from './session-runner.js'
import { OpenStreams, pagesOf, type StreamedQuery } from './stream.js'
import { runTransaction, type TransactionRunner } from './transaction-runner.js'
import type { Purpose } from './waiting.js'

/** What a database is made of. */
export interface DatabaseParts {
  readonly dialect: Dialect
  readonly backend: Backend
  readonly driver: Driver
  /** With it, using the database inside its own transaction throws. */
  readonly context?: TransactionContext | undefined
  /** Is told of every statement. */
  readonly observer?: Observer | undefined
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

/** Statements on the connections of a driver. */
export class PooledRunner extends Runner {
  private readonly driver: Driver
  private readonly pooled: boolean

  constructor({ dialect, backend, driver, context, observer, pooled = false }: DatabaseParts) {
    super(dialect, backend, context)
    this.driver = observed(driver, observer, dialect.name)
    this.pooled = pooled
  }
  protected execute(request: Request, options?: CancelOptions): Promise<Response> {
    this.refuseInside()
    if (options === undefined) return this.driver.execute(request)
    // On a connection to itself: where others wait behind it, one of those might be cancelled in its place.
    return Deadline.during(options, (deadline) => {
      if (deadline === undefined) return this.driver.execute(request)
      const body = (held: Held) => deadline.run(held, request.sql, () => held.session.execute(request))
      return this.hold('statement', body, deadline)
    })
  }
  protected async *pages(query: StreamedQuery): AsyncGenerator<Response, void> {
    this.refuseInside()
    const deadline = Deadline.open(query.options)
    let failed = false
    let broken = false
    try {
      const session = await this.acquire('stream', deadline)
      const held: Held = { session, spoil: () => (broken = true) }
      try {
        yield* new OpenStreams().through(pagesOf(session, query, false), (stream) =>
          within(deadline, held, query.plan.request.sql, () => stream.next()),
        )
      } catch (error) {
        failed = true
        throw error
      } finally {
        const released = session.release(broken)
        // The error that led here is the one to report.
        await (failed ? released.catch(() => undefined) : released)
      }
    } finally {
      deadline?.close()
    }
  }
  private acquire(purpose: Purpose, deadline: Deadline | undefined): Promise<Session> {
    deadline?.check()
    const acquired = this.driver.acquire(purpose)
    return deadline === undefined
      ? acquired
      : deadline.waitFor(acquired, (late) => void late.release().catch(() => undefined))
  }
  /** What would run outside of the transaction around it, or wait for itself. */
  refuseInside(): void {
    const surroundings = this.context?.inside()
    if (surroundings === undefined || (surroundings === 'session' && this.pooled)) return
    throw new ExecutionError('outer_handle', OUTER_USE[surroundings])
  }

  async transact<T>(work: (tx: TransactionRunner) => Promise<T>, options: TransactionOptions): Promise<T> {
    this.refuseInside()
    return runTransaction(this, work, options, (body, deadline) => this.hold('transaction', body, deadline))
  }

  async session<T>(work: (session: Executor) => Promise<T>): Promise<T> {
    this.refuseInside()
    return this.hold('session', async (held) => {
      const runner = new SessionRunner(this, held)
      try {
        return await work(runner as unknown as Executor)
      } finally {
        runner.end()
        await runner.streams.close()
      }
    })
  }

  /** Runs a function with a connection to itself, which is closed afterwards if it was spoilt. */
  private async hold<T>(purpose: Purpose, work: (held: Held) => Promise<T>, deadline?: Deadline): Promise<T> {
    const session = await this.acquire(purpose, deadline)
    let broken = false
    const spoil = () => {
      broken = true
    }
    const body = () => work({ session, spoil })
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

  diagnostics(): Diagnostics | undefined {
    return this.driver.diagnostics?.()
  }

  withSchema(schemas: SchemaMap): DatabaseView {
    return Object.create(this, { dialect: { value: translated(this.dialect, schemas) } }) as DatabaseView
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
