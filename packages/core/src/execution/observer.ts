import type { Driver, Request, Response, Session, SyncDriver } from './driver.js'

// In every runtime, and in no library of types that all of them share.
declare const performance: { now(): number }

/** A statement that is sent to the database. */
export interface StatementStart {
  /** The name of the dialect: `'PostgreSQL'`, `'SQLite'`. */
  readonly dialect: string
  /** Its text, with the comments and tags that it has; values are never part of it. */
  readonly sql: string
  /** How many parameters it has; their values may be secrets and are not told. */
  readonly parameters: number
}

/** A statement that is answered, or has failed. */
export interface StatementEnd {
  /** From when it was handed to the driver until its answer was read, with the time that it waited for a connection. */
  readonly milliseconds: number
  /** Rows that were returned, or inserted, updated or deleted; 0 if it failed. */
  readonly rows: number
  /** What it failed by. */
  readonly error?: unknown
}

/** What is told of the statements of a database, those that begin and end transactions included. */
export interface Observer {
  /**
   * Called before a statement is sent; what it returns is called when that has ended. What either throws is dropped: it
   * must not look like a failure of the statement.
   */
  statement(start: StatementStart): ((end: StatementEnd) => void) | undefined | void
  /**
   * Runs a transaction, from its begin to its commit or rollback; each time that it is run again anew. It must call `work`
   * once, at once, and return what that returns. So it can set something that all statements find that are run by the
   * function of the transaction, such as the parent of their spans. Whatever it does, `work` is run once, and the transaction
   * ends as that says: what this throws is dropped, and nobody waits for it. Not called for savepoints, nor by `sync` handles.
   */
  transaction?<T>(work: () => Promise<T>, start: TransactionStart): Promise<T>
}

/** A transaction that is begun. */
export interface TransactionStart {
  /** The name of the dialect: `'PostgreSQL'`, `'SQLite'`. */
  readonly dialect: string
}

/**
 * An observer that writes a line for each statement: its milliseconds, its rows or its error, its text.
 * @param slowerThan Milliseconds: quicker ones are left out, unless they fail.
 * @example
 * ```ts
 * const logged = postgres('postgres://localhost/app', { observer: statementLog(console.log, { slowerThan: 200 }) })
 * // 312.4 ms, 20 rows: select "users"."id", … from "users"
 * ```
 */
export function statementLog(
  write: (line: string) => void,
  { slowerThan = 0 }: { readonly slowerThan?: number } = {},
): Observer {
  return {
    statement:
      ({ sql }) =>
      ({ milliseconds, rows, error }) => {
        if (milliseconds < slowerThan && error === undefined) return
        const what =
          error === undefined
            ? `${rows} ${rows === 1 ? 'row' : 'rows'}`
            : String((error as { code?: unknown } | null)?.code ?? error)
        write(`${milliseconds.toFixed(1)} ms, ${what}: ${sql}`)
      },
  }
}

/** A driver whose statements are told to an observer; the same driver without one. */
export function observed(driver: Driver, observer: Observer | undefined, dialect: string): Driver {
  if (observer === undefined) return driver
  const to: Listener = { observer, dialect }
  const transaction = observer.transaction?.bind(observer)
  return {
    ...driver,
    execute: (request) => telling(to, request, () => driver.execute(request)),
    async acquire(purpose) {
      const session = await driver.acquire(purpose)
      const { copyIn, copyOut, stream } = session
      const told: Session = {
        ...session,
        execute: (request) => telling(to, request, () => session.execute(request)),
      }
      if (transaction !== undefined) told.around = (work) => watched(transaction, work, { dialect })
      if (copyIn !== undefined) {
        told.copyIn = (sql, chunks) =>
          telling(to, { sql, params: [] }, () => copyIn.call(session, sql, chunks))
      }
      if (copyOut !== undefined) {
        told.copyOut = (sql, keep) =>
          tellingPages(
            to,
            { sql, params: [] },
            () => copyOut.call(session, sql, keep),
            // A message for each row: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
            () => 1,
          )
      }
      if (stream !== undefined) {
        told.stream = (request, rows, inTransaction) =>
          tellingPages(
            to,
            request,
            () => stream.call(session, request, rows, inTransaction),
            (page) => page.affected,
          )
      }
      return told
    },
  }
}

/** As {@link observed}, for a driver that answers at once. */
export function observedSync(
  driver: SyncDriver,
  observer: Observer | undefined,
  dialect: string,
): SyncDriver {
  if (observer === undefined) return driver
  const to: Listener = { observer, dialect }
  return {
    ...driver,
    execute(request) {
      const ended = begin(to, request)
      try {
        const response = driver.execute(request)
        ended(response.affected)
        return response
      } catch (error) {
        ended(0, error)
        throw error
      }
    },
    *stream(request, rows) {
      const ended = begin(to, request)
      let count = 0
      try {
        for (const page of driver.stream(request, rows)) {
          count += page.affected
          yield page
        }
      } catch (error) {
        ended(0, error)
        throw error
      } finally {
        ended(count)
      }
    },
  }
}

/** A transaction with an observer around it, which may neither undo it, nor have it done twice, nor hold it up. */
function watched<T>(
  transaction: NonNullable<Observer['transaction']>,
  work: () => Promise<T>,
  start: TransactionStart,
): Promise<T> {
  let run: Promise<T> | undefined
  const once = () => {
    run ??= work()
    return run
  }
  try {
    drop(transaction(once, start))
  } catch {}
  return once()
}

type Told = Pick<Request, 'sql' | 'params'>

/** Who is told, and of which database. */
interface Listener {
  readonly observer: Observer
  readonly dialect: string
}

async function telling<T extends Response | void>(
  to: Listener,
  request: Told,
  work: () => Promise<T>,
): Promise<T> {
  const ended = begin(to, request)
  try {
    const response = await work()
    ended(response?.affected ?? 0)
    return response
  } catch (error) {
    ended(0, error)
    throw error
  }
}

/** A stream is one statement, which ends with its loop. */
async function* tellingPages<Page>(
  to: Listener,
  request: Told,
  open: () => AsyncIterable<Page>,
  rowsOf: (page: Page) => number,
): AsyncGenerator<Page, void> {
  const ended = begin(to, request)
  let count = 0
  try {
    for await (const page of open()) {
      count += rowsOf(page)
      yield page
    }
  } catch (error) {
    ended(0, error)
    throw error
  } finally {
    ended(count)
  }
}

/** Tells of the beginning, and gives what tells of the end, once. */
function begin(
  { observer, dialect }: Listener,
  { sql, params }: Told,
): (rows: number, error?: unknown) => void {
  const start = performance.now()
  let tell: ((end: StatementEnd) => void) | undefined
  try {
    tell = observer.statement({ dialect, sql, parameters: params.length }) ?? undefined
    drop(tell)
  } catch {}
  return (rows, error) => {
    const milliseconds = performance.now() - start
    try {
      drop(tell?.(error === undefined ? { milliseconds, rows } : { milliseconds, rows, error }))
    } catch {}
    tell = undefined
  }
}

/** An async function throws later, where nobody would catch it. */
function drop(result: unknown): void {
  if (result instanceof Promise) result.catch(() => undefined)
}
