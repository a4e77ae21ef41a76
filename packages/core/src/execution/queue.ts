import { ExecutionError } from '../errors.js'
import { type ConnectionState, ROLLBACK, strayBegin, unendedTransaction } from './connection-state.js'
import type { Driver, Request, Response, Session, StatementCounts } from './driver.js'
import { type Holder, type Purpose, Waiting } from './waiting.js'

/** The connection that {@link serialDriver} makes a driver of. */
export interface SerialConnection extends ConnectionState {
  /** Runs one statement. */
  execute(request: Request): Response | Promise<Response>
  /** Reads the rows of a query in pages of so many; see `Session.stream`. */
  stream?(
    request: Request,
    rows: number,
    inTransaction: boolean,
  ): Iterable<Response> | AsyncIterable<Response>
  /** Closes it. */
  close(): void | Promise<void>
  /** The texts that it remembers, if it does. */
  statements?(): StatementCounts
}

/**
 * Makes a driver of one connection: whoever holds it runs alone, and the others wait in the order in which they
 * came, at most `acquireTimeout` milliseconds (default: 30,000). So a transaction on SQLite is never interleaved with
 * another's statements. A transaction that is begun by a single statement, or left open by a session, is rolled back, and
 * an error.
 */
export function serialDriver(
  connection: SerialConnection,
  { acquireTimeout }: { readonly acquireTimeout?: number | undefined } = {},
): Driver {
  let closed = false
  let closing: Promise<void> | undefined
  let holder: Holder | undefined
  const waiting = new Waiting<void>(acquireTimeout, () => (holder === undefined ? [] : [holder]))

  const enter = async (purpose: Purpose): Promise<void> => {
    if (closed) throw closedError()
    if (holder !== undefined) {
      await waiting.join()
      if (closed) {
        leave()
        throw closedError()
      }
    }
    holder = { purpose, since: Date.now() }
  }
  const leave = (): void => {
    // Whoever is next takes it over, and nobody in between.
    if (!waiting.next()) holder = undefined
  }

  const close = async (): Promise<void> => {
    // Whoever holds the connection finishes first.
    await enter('statement')
    closed = true
    try {
      await connection.close()
    } finally {
      leave()
    }
  }

  return {
    async execute(request) {
      await enter('statement')
      try {
        const response = await connection.execute(request)
        if (response.began === true) {
          await connection.execute(ROLLBACK)
          throw strayBegin(request.sql)
        }
        return response
      } finally {
        leave()
      }
    },
    async acquire(purpose = 'session'): Promise<Session> {
      await enter(purpose)
      // A connection of somebody else's may be in a transaction of theirs.
      const mayStayOpen = connection.inTransaction?.() === true
      let released = false
      let last: Response | Promise<Response> | undefined
      return {
        inTransaction: connection.inTransaction,
        refuseWrites: connection.refuseWrites,
        limitWaiting: connection.limitWaiting,
        async execute(request) {
          if (released) throw new ExecutionError('session_ended', 'This session has ended.')
          last = connection.execute(request)
          return last
        },
        ...(connection.stream === undefined ? {} : { stream: pagesOf(connection.stream) }),
        async release(broken) {
          if (released) return
          released = true
          try {
            // What nobody has awaited may yet begin a transaction.
            await Promise.resolve(last).catch(() => undefined)
            if (!mayStayOpen && connection.inTransaction?.() === true) {
              await connection.execute(ROLLBACK)
              if (broken !== true) throw unendedTransaction()
            }
          } finally {
            leave()
          }
        },
      }
    },
    diagnostics: () => ({
      connections: { open: closed ? 0 : 1, busy: holder === undefined ? 0 : 1, waiting: waiting.length },
      statements: connection.statements?.(),
    }),
    close() {
      // Where it waited too long for the connection, it may be tried again.
      closing ??= close().catch((error) => {
        if (!closed) closing = undefined
        throw error
      })
      return closing
    },
  }
}

/** The pages of a connection, which may come at once, as those of a session. */
function pagesOf(stream: NonNullable<SerialConnection['stream']>): NonNullable<Session['stream']> {
  return async function* (request, rows, inTransaction) {
    yield* stream(request, rows, inTransaction)
  }
}

function closedError(): ExecutionError {
  return new ExecutionError('closed', 'This database handle is closed; open another.')
}
