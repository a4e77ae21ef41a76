import { ExecutionError } from '../errors.js'
import type { TransactionOptions } from './backend.js'
import { type CancelOptions, Deadline, type Held, within } from './deadline.js'
import type { Request, Response } from './driver.js'
import { Runner } from './runner.js'
import { OpenStreams, pagesOf, type StreamedQuery } from './stream.js'
import { runTransaction, type TransactionRunner } from './transaction-runner.js'

/** Statements and transactions on one connection, one after the other. */
export class SessionRunner extends Runner {
  readonly streams = new OpenStreams()
  private ended = false
  private inside = false
  constructor(
    { dialect, backend, context }: Runner,
    private readonly held: Held,
  ) {
    super(dialect, backend, context)
  }

  protected execute(request: Request, options: CancelOptions = {}): Promise<Response> {
    this.check()
    const { held } = this
    return Deadline.during(options, (deadline) =>
      within(deadline, held, request.sql, () => held.session.execute(request)),
    )
  }

  protected async *pages(query: StreamedQuery): AsyncGenerator<Response, void> {
    this.check()
    const { held } = this
    const deadline = Deadline.open(query.options)
    try {
      yield* this.streams.through(pagesOf(held.session, query, false, true), async (stream) => {
        this.checkEnded()
        return within(deadline, held, query.plan.request.sql, () => stream.next())
      })
    } finally {
      deadline?.close()
    }
  }

  async transact<T>(work: (tx: TransactionRunner) => Promise<T>, options: TransactionOptions): Promise<T> {
    return runTransaction(this, work, options, async (body) => {
      this.check()
      this.inside = true
      try {
        return await body(this.held)
      } finally {
        this.inside = false
      }
    })
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
