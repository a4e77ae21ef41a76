import { BuildError, excerpt, UnsupportedError } from '../errors.js'
import type { CancelOptions } from './deadline.js'
import type { Response, Session } from './driver.js'
import { bind, mapRows, type Plan } from './plan.js'

/** How the rows of a query are streamed. A signal or a timeout holds until the end of the loop. */
export interface StreamOptions extends CancelOptions {
  /** How many rows are read at a time, and kept in memory. Default: 1000. */
  readonly batch?: number
}

/** How many rows are read at a time. */
export function batchOf({ batch = 1000 }: StreamOptions): number {
  if (Number.isInteger(batch) && batch > 0) return batch
  throw new BuildError('invalid_options', `batch is a number of rows, at least 1, not ${excerpt(batch)}.`)
}

/** The pages of a query on a connection. */
export function pagesOf(
  session: Session,
  query: StreamedQuery,
  inTransaction: boolean,
  keep = inTransaction,
): AsyncIterable<Response> {
  const { plan, values, batch, copy } = query
  if (copy !== undefined && session.copyOut !== undefined) return chunksOf(session.copyOut(copy(), keep))
  if (session.stream !== undefined) return session.stream(bind(plan, values), batch, inTransaction)
  throw new UnsupportedError(
    'unsupported',
    'The driver of this database cannot stream. Use all(…), with a limit.',
  )
}

/** A query whose rows are streamed. */
export interface StreamedQuery {
  readonly plan: Plan
  readonly values: Readonly<Record<string, unknown>> | undefined
  readonly batch: number
  readonly options: CancelOptions
  /** The COPY by which a driver may read it that can; its pages are chunks then. */
  readonly copy?: () => string
}

/** What a COPY sends, a page for each piece. */
export interface ChunkPage extends Response {
  readonly chunk?: Uint8Array | undefined
}

async function* chunksOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ChunkPage, void> {
  for await (const chunk of chunks) yield { rows: [], affected: 0, chunk }
}

/** Refuses what has no rows, or has them only once it has written all. */
export function requireStreamable({ statement, rows }: Plan): void {
  if (rows !== undefined && !WRITES.includes(statement.kind)) return
  throw new BuildError(
    'invalid_statement',
    `A statement of the kind '${statement.kind}' is not streamed, only queries are: run it by all(…) or run(…).`,
  )
}

const WRITES = ['insert', 'update', 'delete', 'merge']

/** The rows of pages, one at a time. */
export async function* rowsOf(plan: Plan, pages: AsyncIterable<Response>): AsyncGenerator<unknown, void> {
  for await (const page of pages) yield* mapRows(plan, page)
}

/** The streams that are open on a connection, which end with what they began in. */
export class OpenStreams {
  private readonly open = new Set<AsyncIterator<Response>>()

  get size(): number {
    return this.open.size
  }

  /** The pages of a stream, as long as it is not closed here. `next` reads each, or refuses to go on. */
  async *through(
    pages: AsyncIterable<Response>,
    next: (stream: AsyncIterator<Response>) => Promise<IteratorResult<Response>>,
  ): AsyncGenerator<Response, void> {
    const stream = pages[Symbol.asyncIterator]()
    this.open.add(stream)
    try {
      for (;;) {
        const { done, value } = await next(stream)
        if (done === true) return
        yield value
      }
    } finally {
      try {
        await stream.return?.()
      } finally {
        this.open.delete(stream)
      }
    }
  }

  async close(): Promise<void> {
    for (const stream of this.open) {
      // What it says at its end is nobody's any more.
      await stream.return?.().catch(() => undefined)
      this.open.delete(stream)
    }
  }
}
