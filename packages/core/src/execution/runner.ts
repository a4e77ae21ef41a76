import type { Dialect } from '../compiler/dialect.js'
import type { Statement } from '../expression/statement.js'
import type { Backend, TransactionOptions } from './backend.js'
import type { BeginOptions } from './begin-options.js'
import type { TransactionContext } from './context.js'
import type { OpenTransaction, Prepared, RunResult, ScalarOfRow, Transaction } from './database.js'
import type { CancelOptions } from './deadline.js'
import type { Request, Response } from './driver.js'
import { type DumpOptions, dumpOf } from './dump.js'
import { groupsOf, mapOf } from './keyed.js'
import type { LoadOptions, RowSource } from './load.js'
import { openTransaction } from './open-transaction.js'
import { bind, firstRow, forColumns, mapRows, onlyRow, onlyValue, type Plan, planOf } from './plan.js'
import { batchOf, requireStreamable, rowsOf, type StreamedQuery, type StreamOptions } from './stream.js'

type Values = Readonly<Record<string, unknown>>

/** Runs statements by one way of executing requests: a pool, or the one connection of a transaction. */
export abstract class Runner {
  constructor(
    readonly dialect: Dialect,
    readonly backend: Backend,
    readonly context: TransactionContext | undefined,
  ) {}

  protected abstract execute(request: Request, options?: CancelOptions): Promise<Response>

  /** Runs a plan with the values of its named parameters. */
  respond(
    plan: Plan,
    values: Values | undefined,
    options: CancelOptions | undefined,
    firstOnly = false,
  ): Promise<Response> {
    // Whoever calls this awaits it, so that the stack of an error leads through to the caller.
    return this.execute(bind(plan, values, firstOnly), options)
  }

  async scalarOf(plan: Plan, values: Values | undefined, options?: CancelOptions): Promise<unknown> {
    return onlyValue(plan, await this.execute(forColumns(bind(plan, values)), options))
  }

  async all<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<R[]> {
    const plan = planOf(statement, this)
    return mapRows(plan, await this.respond(plan, undefined, options)) as R[]
  }
  async one<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<R> {
    const plan = planOf(statement, this)
    return onlyRow(plan, await this.respond(plan, undefined, options)) as R
  }
  async first<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<R | undefined> {
    const plan = planOf(statement, this)
    return firstRow(plan, await this.respond(plan, undefined, options, true)) as R | undefined
  }
  async scalar<R>(statement: Statement<R, never>, options?: CancelOptions): Promise<ScalarOfRow<R>> {
    const plan = planOf(statement, this)
    return (await this.scalarOf(plan, undefined, options)) as ScalarOfRow<R>
  }
  async map(
    statement: Statement<unknown, never>,
    key: string,
    options?: CancelOptions,
  ): Promise<Map<unknown, unknown>> {
    return mapOf(planOf(statement, this), await this.all(statement, options), key)
  }
  async group(
    statement: Statement<unknown, never>,
    key: string,
    options?: CancelOptions,
  ): Promise<Map<unknown, unknown[]>> {
    return groupsOf(await this.all(statement, options), key)
  }
  async run(statement: Statement<unknown, never>, options?: CancelOptions): Promise<RunResult> {
    const plan = planOf(statement, this)
    return { affected: (await this.respond(plan, undefined, options)).affected }
  }
  /** Reads the rows of a plan page by page. */
  protected abstract pages(query: StreamedQuery): AsyncIterable<Response>

  streamOf(plan: Plan, values: Values | undefined, options: StreamOptions): AsyncIterable<unknown> {
    requireStreamable(plan)
    return rowsOf(plan, this.pages({ plan, values, batch: batchOf(options), options }))
  }
  stream<R>(statement: Statement<R, never>, options: StreamOptions = {}): AsyncIterable<R> {
    return this.streamOf(planOf(statement, this), undefined, options) as AsyncIterable<R>
  }

  dump(statement: Statement<unknown, never>, options: DumpOptions = {}): AsyncIterable<string | Uint8Array> {
    return dumpOf(planOf(statement, this), options, this.backend.dumpText, (query) => this.pages(query))
  }

  /** Runs a function in a transaction, or a savepoint of the one that is open. */
  abstract transact<T>(work: (tx: BulkLoader) => Promise<T>, options: TransactionOptions): Promise<T>

  transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { context } = this
    return this.transact((runner) => {
      const tx = runner as unknown as Transaction
      return context === undefined ? work(tx) : context.run('transaction', () => work(tx))
    }, options)
  }

  async begin(options: BeginOptions = NO_OPTIONS): Promise<OpenTransaction> {
    return openTransaction(options, (work) => this.transact(work, options))
  }

  load(table: unknown, rows: RowSource<unknown>, options: LoadOptions = {}): Promise<RunResult> {
    // In a transaction of its own (a savepoint within one), so that a failure leaves nothing behind. What makes the rows is
    // not inside it: they may be read from the same database, on another connection.
    const { signal, timeout } = options
    return this.transact((tx) => tx.loadRows(table, rows, options), { signal, timeout })
  }
  runMany(
    statement: Statement<unknown>,
    sets: RowSource<unknown>,
    options: CancelOptions = {},
  ): Promise<RunResult> {
    return this.runPlan(planOf(statement, this), sets, options)
  }
  runPlan(plan: Plan, sets: RowSource<unknown>, { signal, timeout }: CancelOptions): Promise<RunResult> {
    return this.transact((tx) => tx.runSets(plan, sets), { signal, timeout })
  }
  prepare(statement: Statement<unknown>): Prepared<never, never> {
    return new PreparedStatement(this, planOf(statement, this)) as unknown as Prepared<never, never>
  }
}

const NO_OPTIONS: TransactionOptions = {}

/** What a transaction can do for {@link Runner.load} and {@link Runner.runMany}. */
export interface BulkLoader {
  runSets(plan: Plan, sets: RowSource<unknown>): Promise<RunResult>
  loadRows(table: unknown, rows: RowSource<unknown>, options: LoadOptions): Promise<RunResult>
}

class PreparedStatement {
  constructor(
    private readonly runner: Runner,
    private readonly plan: Plan,
  ) {}
  async all(values?: Values, options?: CancelOptions): Promise<unknown[]> {
    return mapRows(this.plan, await this.runner.respond(this.plan, values, options))
  }
  async one(values?: Values, options?: CancelOptions): Promise<unknown> {
    return onlyRow(this.plan, await this.runner.respond(this.plan, values, options))
  }
  async first(values?: Values, options?: CancelOptions): Promise<unknown> {
    return firstRow(this.plan, await this.runner.respond(this.plan, values, options, true))
  }
  async scalar(values?: Values, options?: CancelOptions): Promise<unknown> {
    return this.runner.scalarOf(this.plan, values, options)
  }
  async map(key: string, values?: Values, options?: CancelOptions): Promise<unknown> {
    return mapOf(this.plan, await this.all(values, options), key)
  }
  async group(key: string, values?: Values, options?: CancelOptions): Promise<unknown> {
    return groupsOf(await this.all(values, options), key)
  }
  async run(values?: Values, options?: CancelOptions): Promise<RunResult> {
    return { affected: (await this.runner.respond(this.plan, values, options)).affected }
  }
  runMany(sets: RowSource<unknown>, options: CancelOptions = {}): Promise<RunResult> {
    return this.runner.runPlan(this.plan, sets, options)
  }
  stream(values?: Values, options: StreamOptions = {}): AsyncIterable<unknown> {
    return this.runner.streamOf(this.plan, values, options)
  }
}
