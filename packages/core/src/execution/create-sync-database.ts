import type { Dialect } from '../compiler/dialect.js'
import { BuildError, ExecutionError } from '../errors.js'
import type { Statement } from '../expression/statement.js'
import { AfterTransaction } from './after.js'
import type { Backend, TransactionOptions } from './backend.js'
import type { BeginOptions } from './begin-options.js'
import { adjust, ROLLBACK, refuseAborted, savepointName, strayBegin } from './connection-state.js'
import type { RunResult, ScalarOfRow, SyncExecutor, SyncPrepared, SyncTransaction } from './database.js'
import type { Request, Response, SyncDriver } from './driver.js'
import { groupsOf, mapOf } from './keyed.js'
import { type LoadOptions, loadRowsSync } from './load.js'
import { type Observer, observedSync } from './observer.js'
import { bind, firstRow, mapRows, onlyRow, onlyValue, type Plan, planOf } from './plan.js'
import { runSetsSync } from './run-many.js'
import { batchOf, requireStreamable, type StreamOptions } from './stream.js'

type Values = Readonly<Record<string, unknown>>

/** Makes the synchronous handle of a database that answers at once. */
export function createSyncDatabase(parts: {
  readonly dialect: Dialect
  readonly backend: Backend
  readonly driver: SyncDriver
  /** Is told of every statement. */
  readonly observer?: Observer | undefined
}): SyncExecutor {
  const { dialect, backend, driver, observer } = parts
  const told = observedSync(driver, observer, dialect.name)
  return new SyncRunner(dialect, backend, told, 0) as unknown as SyncExecutor
}

const NO_OPTIONS: BeginOptions = {}

class SyncRunner {
  private ended = false
  private inner = false
  private readonly streams = new Set<Iterator<Response>>()
  constructor(
    readonly dialect: Dialect,
    readonly backend: Backend,
    private readonly driver: SyncDriver,
    private readonly depth: number,
    private readonly after = new AfterTransaction(),
  ) {}

  respond(plan: Plan, values: Values | undefined, firstOnly = false): Response {
    this.check()
    const request = bind(plan, values, firstOnly)
    if (this.depth > 0) {
      refuseAborted(this.driver)
      return this.driver.execute(request)
    }
    const response = this.driver.execute(request)
    if (response.began === true) {
      this.driver.execute(ROLLBACK)
      throw strayBegin(request.sql)
    }
    return response
  }

  all<R>(statement: Statement<R, never>): R[] {
    const plan = planOf(statement, this)
    return mapRows(plan, this.respond(plan, undefined)) as R[]
  }
  one<R>(statement: Statement<R, never>): R {
    const plan = planOf(statement, this)
    return onlyRow(plan, this.respond(plan, undefined)) as R
  }
  first<R>(statement: Statement<R, never>): R | undefined {
    const plan = planOf(statement, this)
    return firstRow(plan, this.respond(plan, undefined, true)) as R | undefined
  }
  scalar<R>(statement: Statement<R, never>): ScalarOfRow<R> {
    const plan = planOf(statement, this)
    return onlyValue(plan, this.respond(plan, undefined)) as ScalarOfRow<R>
  }
  map(statement: Statement<unknown, never>, key: string): Map<unknown, unknown> {
    return mapOf(planOf(statement, this), this.all(statement), key)
  }
  group(statement: Statement<unknown, never>, key: string): Map<unknown, unknown[]> {
    return groupsOf(this.all(statement), key)
  }
  run(statement: Statement<unknown, never>): RunResult {
    const plan = planOf(statement, this)
    return { affected: this.respond(plan, undefined).affected }
  }
  load(table: unknown, rows: Iterable<unknown>, options: LoadOptions = {}): RunResult {
    return this.transaction((tx) => (tx as unknown as SyncRunner).loadRows(table, rows, options))
  }
  loadRows(table: unknown, rows: Iterable<unknown>, options: LoadOptions): RunResult {
    this.check()
    const execute = (request: Request) => this.driver.execute(request)
    return { affected: loadRowsSync(this.dialect, execute, table, rows, options) }
  }
  runMany(statement: Statement<unknown>, sets: Iterable<unknown>): RunResult {
    return this.runPlan(planOf(statement, this), sets)
  }
  runPlan(plan: Plan, sets: Iterable<unknown>): RunResult {
    return this.transaction((tx) => (tx as unknown as SyncRunner).runSets(plan, sets))
  }
  private runSets(plan: Plan, sets: Iterable<unknown>): RunResult {
    const execute = (request: Request) => {
      this.check()
      refuseAborted(this.driver)
      return this.driver.execute(request)
    }
    return { affected: runSetsSync(plan, sets, execute) }
  }
  prepare(statement: Statement<unknown>): SyncPrepared<never, never> {
    return new SyncPreparedStatement(this, planOf(statement, this)) as unknown as SyncPrepared<never, never>
  }

  afterCommit(callback: () => unknown): void {
    this.check()
    this.after.commit(callback)
  }
  afterRollback(callback: () => unknown): void {
    this.check()
    this.after.rollback(callback)
  }

  transaction<T>(work: (tx: SyncTransaction) => T, options: BeginOptions = {}): T {
    this.check()
    if (this.depth > 0) return this.transact(work, options, this.after)
    if ((options as TransactionOptions).retries !== undefined) {
      throw new BuildError(
        'invalid_options',
        'A synchronous transaction is not run again: between the runs it would have to wait. Use the asynchronous handle for retries.',
      )
    }
    const after = new AfterTransaction()
    return after.followingSync(() => this.transact(work, options, after))
  }

  stream<R>(statement: Statement<R, never>, options: StreamOptions = {}): Iterable<R> {
    return this.streamOf(planOf(statement, this), undefined, options) as Iterable<R>
  }
  streamOf(plan: Plan, values: Values | undefined, options: StreamOptions): Iterable<unknown> {
    requireStreamable(plan)
    return this.rows(plan, bind(plan, values), batchOf(options))
  }
  private *rows(plan: Plan, request: Request, batch: number): Generator<unknown, void> {
    this.check()
    const pages = this.driver.stream(request, batch)[Symbol.iterator]()
    this.streams.add(pages)
    try {
      for (;;) {
        this.check()
        const { done, value } = pages.next()
        if (done === true) return
        yield* mapRows(plan, value)
      }
    } finally {
      if (this.streams.delete(pages)) pages.return?.()
    }
  }
  private end(): void {
    this.ended = true
    for (const stream of this.streams) {
      this.streams.delete(stream)
      stream.return?.()
    }
  }

  private transact<T>(work: (tx: SyncTransaction) => T, options: BeginOptions, after: AfterTransaction): T {
    const outermost = this.depth === 0
    const name = outermost ? '' : savepointName(options, this.depth)
    const inner = new SyncRunner(this.dialect, this.backend, this.driver, this.depth + 1, after)
    const undone = after.savepoint()
    const begin = outermost ? this.backend.begin(options) : `savepoint ${name}`
    const settings = outermost ? this.backend.configure?.(options) : undefined
    if (!outermost) refuseAborted(this.driver)
    const restore = adjust(this.driver, outermost ? options : NO_OPTIONS)
    try {
      this.command(begin)
      this.inner = true
      try {
        if (settings !== undefined) this.driver.execute(settings)
        const result = work(inner as unknown as SyncTransaction)
        if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
          throw new BuildError(
            'async_transaction',
            'The function of a synchronous transaction returned a promise: it would still run after the commit. Use the ' +
              'asynchronous handle for async functions.',
          )
        }
        inner.end()
        refuseAborted(this.driver)
        this.command(outermost ? 'commit' : `release savepoint ${name}`)
        return result
      } catch (error) {
        inner.end()
        if (!outermost) undone()
        this.rollback(outermost, name)
        throw error
      }
    } finally {
      inner.end()
      this.inner = false
      restore()
    }
  }

  private command(sql: string): void {
    this.driver.execute({ sql, params: [], exactIntegers: false })
  }

  /** After some errors SQLite has rolled back by itself; then there is nothing left to undo. */
  private rollback(outermost: boolean, name: string): void {
    try {
      if (outermost) this.command('rollback')
      else {
        this.command(`rollback to savepoint ${name}`)
        this.command(`release savepoint ${name}`)
      }
    } catch {
      // The error that led here is the one to report.
    }
  }

  private check(): void {
    if (this.ended) {
      throw new ExecutionError(
        'transaction_ended',
        'This transaction has ended: its handle was used after its function had returned.',
      )
    }
    if (this.inner) {
      throw new ExecutionError(
        'outer_handle',
        'The outer handle was used inside its own transaction. Use the handle that the function of the transaction is given.',
      )
    }
  }
}

class SyncPreparedStatement {
  constructor(
    private readonly runner: SyncRunner,
    private readonly plan: Plan,
  ) {}
  all(values?: Values): unknown[] {
    return mapRows(this.plan, this.runner.respond(this.plan, values))
  }
  one(values?: Values): unknown {
    return onlyRow(this.plan, this.runner.respond(this.plan, values))
  }
  first(values?: Values): unknown {
    return firstRow(this.plan, this.runner.respond(this.plan, values, true))
  }
  scalar(values?: Values): unknown {
    return onlyValue(this.plan, this.runner.respond(this.plan, values))
  }
  map(key: string, values?: Values): unknown {
    return mapOf(this.plan, this.all(values), key)
  }
  group(key: string, values?: Values): unknown {
    return groupsOf(this.all(values), key)
  }
  run(values?: Values): RunResult {
    return { affected: this.runner.respond(this.plan, values).affected }
  }
  runMany(sets: Iterable<unknown>): RunResult {
    return this.runner.runPlan(this.plan, sets)
  }
  stream(values?: Values, options: StreamOptions = {}): Iterable<unknown> {
    return this.runner.streamOf(this.plan, values, options)
  }
}
