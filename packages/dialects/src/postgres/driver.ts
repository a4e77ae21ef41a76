import {
  BuildError,
  ConnectionLost,
  type Driver,
  ExecutionError,
  excerpt,
  isEspalierError,
  type Request,
  type Response,
  type Session,
  type StatementCounts,
  strayBegin,
  UnsupportedError,
  unendedTransaction,
} from '@espalier/core'
import { requireMilliseconds } from '../milliseconds.js'
import { refuseSilentRollback } from './aborted.js'
import { type Answer, createConnection, type PostgresConnection } from './connection.js'
import { cursorPages } from './cursor.js'
import { mapPostgresError } from './errors.js'
import { createListener, type Listener } from './listener.js'
import { createPool, type Slot } from './pool.js'
import { type ConnectionOptions, openListening } from './postgres-js.js'
import { isOpenAfter } from './transaction-state.js'
import { wireTexts } from './wire.js'

/** How {@link postgresDriver} connects: options of postgres.js under their own names, or a URL, or both. */
export interface PostgresOptions
  extends Pick<
    ConnectionOptions,
    | 'host'
    | 'port'
    | 'path'
    | 'database'
    | 'user'
    | 'password'
    | 'ssl'
    | 'max'
    | 'idle_timeout'
    | 'max_lifetime'
    | 'connect_timeout'
    | 'keep_alive'
    | 'target_session_attrs'
    | 'connection'
    | 'onnotice'
  > {
  /** `postgres://user:password@host:port/database`; the other options go before what it says. */
  readonly url?: string
  /** Milliseconds that a statement waits for a connection before the error `pool_exhausted`. Default: 30,000. */
  readonly acquireTimeout?: number | undefined
  /**
   * Milliseconds after which the server ends a statement, by an error with the code `cancelled`; a transaction may have a
   * `statementTimeout` of its own. Default: what the server says by itself, which mostly is no limit.
   */
  readonly statementTimeout?: number | undefined
  /**
   * Milliseconds that a statement waits for a lock before it fails with `LockTimeout`; a transaction may have a `lockTimeout`
   * of its own. Default: what the server says by itself, which mostly is no limit.
   */
  readonly lockTimeout?: number | undefined
  /**
   * `'transaction'` behind a pooler that gives each transaction another connection of the server (PgBouncer's transaction
   * mode, Supavisor, RDS Proxy): nothing is prepared under a name, and what relies on the state of a connection is refused:
   * `session`, `listen`, `statementTimeout` and `lockTimeout` of all statements (a transaction may have them). The pooler must
   * let `TimeZone` and `DateStyle` pass, as PgBouncer does. Default: no pooler.
   */
  readonly pooler?: 'transaction' | undefined
}

/** A driver that can also listen on channels. */
export interface PostgresDriver extends Driver {
  /** Calls a function with what is sent to a channel; see `PostgresDatabase.listen`. */
  listen: Listener['listen']
}

/**
 * PostgreSQL over postgres.js: a URL or options. Connections are opened when they are first needed, at most `max`
 * (default 10). Statements run prepared and pipelined; `acquire` lends a whole connection.
 *
 * Values pass as PostgreSQL's text in both directions. A session is in UTC and writes dates in ISO order.
 * Errors are those of `mapPostgresError`.
 *
 * @example
 * ```ts no-run
 * const driver = postgresDriver('postgres://localhost/app')
 * await driver.execute({ sql: 'select $1::int', params: ['1'], exactIntegers: false }) // { rows: [['1']], … }
 * ```
 */
export function postgresDriver(target: string | PostgresOptions): PostgresDriver {
  const {
    url,
    pooler,
    max = 10,
    idle_timeout,
    max_lifetime,
    acquireTimeout,
    statementTimeout,
    lockTimeout,
    ...rest
  } = typeof target === 'string' ? ({ url: target } as PostgresOptions) : target
  const options: ConnectionOptions = {
    onnotice: () => {},
    ...rest,
    connection: {
      application_name: process.env.PGAPPNAME ?? 'espalier',
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      ...(statementTimeout !== undefined && {
        statement_timeout: requireMilliseconds('statementTimeout', statementTimeout),
      }),
      ...(lockTimeout !== undefined && { lock_timeout: requireMilliseconds('lockTimeout', lockTimeout) }),
      ...rest.connection,
    },
  }
  checkTarget(url, max)
  checkPooler(pooler, { statementTimeout, lockTimeout })
  const listener = createListener((notified, closed) => openListening(url, options, notified, closed))
  const pool = createPool(() => createConnection(url, options, lifetime(max_lifetime)), {
    max,
    idleTimeout: idle_timeout ? idle_timeout * 1000 : undefined,
    acquireTimeout,
    closedError: () => new ExecutionError('closed', 'This database handle is closed; open another.'),
  })
  const isRepeated = pooler === undefined ? repetition() : undefined

  const send = (
    connection: PostgresConnection,
    { sql, params, maker, firstOnly, once }: Request,
  ): Promise<Answer> => {
    refuseUnsendable(sql, params)
    const isKept = once !== true && isRepeated?.seen(sql) === true
    return connection.query(sql, wireTexts(params), isKept, maker, firstOnly === true)
  }
  const failed = (connection: PostgresConnection, error: unknown, sql: string): Error => {
    const mapped = mapPostgresError(error, sql)
    if (isConnectionLost(mapped)) connection.spoil()
    return mapped
  }
  const run = async (connection: PostgresConnection, request: Request): Promise<Answer> => {
    try {
      return await send(connection, request)
    } catch (error) {
      throw failed(connection, error, request.sql)
    }
  }

  // Promises are chained here, not awaited in layers: with many statements under way, fewer promises are made.
  const runShared = (slot: Slot<PostgresConnection>, request: Request): Promise<Response> => {
    let sent: Promise<Answer>
    try {
      sent = send(slot.connection, request)
    } catch (error) {
      pool.giveBack(slot, false)
      return Promise.reject(error)
    }
    return sent.then(
      (answer) => {
        const stray = answer.command === 'BEGIN' || answer.command === 'START TRANSACTION'
        pool.giveBack(slot, stray)
        if (stray) throw strayBegin(request.sql)
        return new PostgresResponse(answer)
      },
      (error) => {
        const mapped = failed(slot.connection, error, request.sql)
        pool.giveBack(slot, false)
        throw mapped
      },
    )
  }

  return {
    execute(request) {
      let taken: ReturnType<typeof pool.share>
      try {
        taken = pool.share()
      } catch (error) {
        return Promise.reject(error)
      }
      if (taken instanceof Promise) return taken.then((slot) => runShared(slot, request))
      return runShared(taken, request)
    },
    async acquire(purpose = 'session') {
      if (purpose === 'session' && pooler !== undefined) throw pooled('session(…)', 'transaction(…)')
      const slot = await pool.hold(purpose)
      return session(slot, run, (broken) => pool.giveBack(slot, broken))
    },
    async listen(...given) {
      if (pooler !== undefined) throw pooled('listen(…)', 'a handle of its own for it')
      return listener.listen(...given)
    },
    close: () => pool.close().then(() => listener.close()),
    diagnostics: () => ({ connections: pool.counts(), statements: isRepeated?.counts() }),
  }
}

function checkTarget(url: string | undefined, max: number): void {
  if (!Number.isInteger(max) || max < 1) {
    throw new BuildError('invalid_options', `max is the number of connections, at least 1, not ${max}.`)
  }
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url)) {
    throw new BuildError(
      'invalid_options',
      'This is no URL of a database. Write postgres://user:password@host:port/database, or give the parts as options.',
    )
  }
}

/** What relies on the state of a connection, where the next transaction has another. */
function pooled(what: string, instead: string): UnsupportedError {
  return new UnsupportedError(
    'unsupported',
    `${what} relies on the state of one connection, and a pooler in transaction mode gives the next transaction another. Use ` +
      `${instead}, or connect to the server itself, without pooler: 'transaction'.`,
  )
}

function checkPooler(pooler: unknown, limits: Readonly<Record<string, number | undefined>>): void {
  if (pooler === undefined) return
  if (pooler !== 'transaction') {
    throw new BuildError(
      'invalid_options',
      `pooler is 'transaction' or nothing, not ${excerpt(pooler)}: one that gives a client its own connection is told by nothing.`,
    )
  }
  for (const [name, limit] of Object.entries(limits))
    if (limit !== undefined) throw pooled(name, `the ${name} of a transaction`)
}

function session(
  { connection }: Slot<PostgresConnection>,
  run: (connection: PostgresConnection, request: Request) => Promise<Answer>,
  giveBack: (broken: boolean) => void,
): Session {
  let released = false
  let open = false
  let cancels = 0
  let underWay = 0
  let settled: (() => void) | undefined
  const done = (): void => {
    underWay--
    if (underWay === 0) settled?.()
  }
  connection.enter()
  const session: Session = {
    inTransaction: () => open,
    stream: (request, rows, inTransaction) =>
      cursorPages(
        (each) => session.execute(each),
        request,
        rows,
        inTransaction,
        () => cancels,
      ),
    async execute(request) {
      if (released) throw new ExecutionError('session_ended', 'This session has ended.')
      // postgres.js would open another connection and run the statement there, outside of the transaction.
      if (connection.lost()) throw lostError(request.sql)
      underWay++
      try {
        const answer = await run(connection, request)
        open = isOpenAfter(open, answer.command, request.sql)
        refuseSilentRollback(answer.command, request.sql)
        return new PostgresResponse(answer)
      } catch (error) {
        if (connection.lost() && !isConnectionLost(error)) throw lostError(request.sql, error)
        throw error
      } finally {
        done()
      }
    },
    cancel() {
      cancels++
      return connection.cancel()
    },
    async copyIn(sql, chunks) {
      if (released) throw new ExecutionError('session_ended', 'This session has ended.')
      if (connection.lost()) throw lostError(sql)
      underWay++
      // An error of the rows is the caller's own; only the server's is one of the statement.
      let own: { readonly error: unknown } | undefined
      try {
        await connection.copyIn(
          sql,
          noting(chunks, (error) => (own = { error })),
        )
      } catch (error) {
        if (own !== undefined) throw own.error
        const mapped = mapPostgresError(error, sql)
        if (isConnectionLost(mapped)) connection.spoil()
        throw connection.lost() && !isConnectionLost(mapped) ? lostError(sql, mapped) : mapped
      } finally {
        done()
      }
    },
    async *copyOut(sql, keep) {
      if (released) throw new ExecutionError('session_ended', 'This session has ended.')
      if (connection.lost()) throw lostError(sql)
      underWay++
      try {
        yield* connection.copyOut(sql, keep)
      } catch (error) {
        const mapped = mapPostgresError(error, sql)
        if (isConnectionLost(mapped)) connection.spoil()
        throw connection.lost() && !isConnectionLost(mapped) ? lostError(sql, mapped) : mapped
      } finally {
        done()
      }
    },
    async release(broken = false) {
      if (released) return
      released = true
      // What nobody has awaited may yet begin a transaction, into which the statements of whoever is next would fall.
      if (underWay > 0 && !broken) {
        await new Promise<void>((resolve) => {
          settled = resolve
        })
      }
      const lost = connection.lost()
      connection.leave()
      // Closing the connection rolls back.
      giveBack(broken || lost || open)
      if (open && !broken && !lost) throw unendedTransaction()
    },
  }
  return session
}

async function* noting<T>(items: AsyncIterable<T>, note: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    note(error)
    throw error
  }
}

class PostgresResponse implements Response {
  readonly rows: readonly (readonly unknown[])[]
  readonly made: readonly unknown[] | undefined
  readonly affected: number
  readonly #columns: Answer['columns']

  constructor(answer: Answer) {
    this.rows = answer.rows
    this.made = answer.made
    this.affected = answer.count
    this.#columns = answer.columns
  }

  /** Made when it is asked for: only columns without a type need it. */
  get columnTypes(): readonly number[] {
    return this.#columns.map((column) => column.type)
  }
}

const REMEMBERED = 1000

/**
 * Tells whether a text was seen before: only then is it prepared under a name. postgres.js keeps every such name
 * until the connection ends, and PostgreSQL its plan; statements that are run once would pile up there. The first
 * run loses nothing, since a new text is parsed in either way.
 */
function repetition(): { seen(sql: string): boolean; counts(): StatementCounts } {
  let young = new Set<string>()
  let old = young
  let hits = 0
  let misses = 0
  return {
    seen(sql) {
      if (young.has(sql)) {
        hits++
        return true
      }
      const seen = old.has(sql)
      if (seen) hits++
      else misses++
      if (young.size >= REMEMBERED) {
        old = young
        young = new Set()
      }
      young.add(sql)
      return seen
    },
    counts: () => ({ remembered: new Set([...young, ...old]).size, hits, misses }),
  }
}

/** Milliseconds that a connection may live; as in postgres.js, 30 to 60 minutes unless stated. */
function lifetime(seconds: number | null | undefined): number {
  if (seconds === null || seconds === 0) return Infinity
  return 1000 * (seconds ?? 60 * (30 + 30 * Math.random()))
}

/** What would fail within postgres.js, where it may reject another statement that is under way. */
function refuseUnsendable(sql: string, params: readonly unknown[]): void {
  if (params.length > 65533) {
    throw new ExecutionError(
      'too_many_parameters',
      `A statement has at most 65533 parameters, and this one has ${params.length}: split it, or load its rows in bulk.`,
      { sql },
    )
  }
  if (sql.includes('\u0000')) {
    throw new ExecutionError('invalid_statement', 'A statement cannot contain NUL (\\u0000).', { sql })
  }
}

function isConnectionLost(error: unknown): boolean {
  return isEspalierError(error) && error.code === 'connection_lost'
}

function lostError(sql: string, cause?: unknown): ConnectionLost {
  return new ConnectionLost(
    'connection_lost',
    'The connection of this transaction was lost, and the transaction with it. Nothing of it is committed, ' +
      'unless the commit itself was under way.',
    { sql, cause },
  )
}
