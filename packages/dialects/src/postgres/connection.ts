import { type Duplex, Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { ExecutionError, type RowMaker } from '@espalier/core'
import { messageFilter } from './messages.js'
import type { Connection } from './pool.js'
import {
  type ConnectionOptions,
  type CopyQuery,
  openPostgresJs,
  type RawResult,
  Statement,
} from './postgres-js.js'
import { RowReader } from './row-reader.js'
import { type Address, FilteredSocket } from './socket.js'

/** What the driver reads of an answer of postgres.js. */
export interface Answer {
  readonly rows: readonly (readonly unknown[])[]
  /** The rows as their maker made them; `rows` is empty then. */
  readonly made: readonly unknown[] | undefined
  readonly command: string | undefined
  readonly count: number
  readonly columns: readonly { readonly type: number }[]
}

/** One connection of postgres.js, with values as text in both directions. */
export interface PostgresConnection extends Connection {
  query(
    sql: string,
    params: (string | null)[],
    prepare: boolean,
    maker: RowMaker | undefined,
    firstOnly: boolean,
  ): Promise<Answer>
  /** Has the server end what is under way. Nothing else may run on the connection until it has been told. */
  cancel(): Promise<void>
  /** Runs a COPY … FROM STDIN with these chunks of text. Where the chunks fail, so does the statement. */
  copyIn(sql: string, chunks: AsyncIterable<string>): Promise<void>
  /** Runs a COPY … TO STDOUT; see `Session.copyOut`. */
  copyOut(sql: string, keep: boolean): AsyncIterable<Uint8Array>
  /** From now on a session relies on the state of the connection, until `leave`. */
  enter(): void
  leave(): void
  /** Whether the connection that the session began on is gone. */
  lost(): boolean
  /** No more work may be given to it. */
  spoil(): void
}

/** Who hears how a statement of a connection ended. */
interface Listener {
  answered(statement: Sent, result: RawResult): void
  failed(statement: Sent, error: unknown): void
}

/** A statement under way. When it is settled it lets go of what it held: postgres.js keeps the last for a while. */
class Sent extends Statement {
  fulfil: ((answer: Answer) => void) | undefined
  refuse: ((error: unknown) => void) | undefined
  /** Ends a connection that does not come about. */
  watchdog: ReturnType<typeof setTimeout> | undefined

  constructor(
    text: string,
    params: (string | null)[],
    prepare: boolean,
    /** Reads its rows; without one, postgres.js does. */
    public reader: RowReader | undefined,
    private readonly listener: Listener,
  ) {
    super(text, params, prepare)
    this.fulfil = undefined
    this.refuse = undefined
    this.watchdog = undefined
  }

  override resolve(result: RawResult): void {
    this.active = false
    this.listener.answered(this, result)
  }

  override reject(error: unknown): void {
    this.active = false
    this.listener.failed(this, error)
  }
}

/** Makes a connection, which postgres.js opens with the first statement. `lifetime` is in milliseconds. */
export function createConnection(
  url: string | undefined,
  options: ConnectionOptions,
  lifetime: number,
): PostgresConnection {
  let spoilt = false
  let copying = 0
  let greeted = false
  let overdue = false
  let session: { used: boolean; lost: boolean; readonly statements: Sent[] } | undefined
  const expires = Date.now() + lifetime

  const onclose = (): void => {
    spoilt = true
    greeted = false
    // What postgres.js had not sent yet it sends on a new connection, if there comes one.
    for (const statement of underWay) statement.watchdog ??= watch()
    if (session?.used !== true) return
    session.lost = true
    // What was not sent yet would now be sent on a new connection, outside of the session's transaction.
    for (const statement of [...session.statements]) client.cancel(statement).catch(() => undefined)
  }

  const underWay: Sent[] = []
  /** Called when nothing is under way any more. */
  let idle: (() => void) | undefined
  /** Who reads the answer that comes now; mostly that is the first. */
  const current = (): RowReader | undefined => {
    let again: Sent | undefined
    for (const statement of underWay) {
      if (!statement.active) continue
      if (statement.retried === undefined) return statement.reader
      // One that was sent again is active all the time until it is answered, which is after all that were sent before, and
      // before the next that was sent again.
      again ??= statement
    }
    return again?.reader
  }
  let attempts = 0
  const client = openPostgresJs(url, options, {
    onclose,
    ongreeting: () => {
      greeted = true
    },
    socket: (address) =>
      new FilteredSocket(address, attempts++, (pass) => (readsRows ? messageFilter(current, pass) : pass)),
  })
  // Rows are read from the socket, past postgres.js, which makes an array of each and a text of each value. Not where
  // they are encrypted: those only postgres.js itself sees in plain.
  const readsRows = !client.options.ssl

  const destroy = (): void => {
    spoilt = true
    client.end({ timeout: 0 })
  }

  /** Closes it beneath its session, which hears of that with its next statement. */
  const lose = (): void => {
    if (session !== undefined) session.lost = true
    destroy()
  }

  // postgres.js tries again for ever where a server, or what stands before it, accepts and hangs up.
  const watch = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      overdue = !greeted
      if (overdue) destroy()
    }, 1000 * client.options.connect_timeout)

  const settle = (statement: Sent): void => {
    if (session !== undefined) remove(session.statements, statement)
    remove(underWay, statement)
    if (underWay.length === 0) idle?.()
    if (statement.watchdog !== undefined) clearTimeout(statement.watchdog)
    statement.fulfil = undefined
    statement.refuse = undefined
    statement.reader = undefined
  }
  const listener: Listener = {
    answered(statement, result) {
      const { fulfil, refuse, reader } = statement
      settle(statement)
      if (!Array.isArray(result)) {
        // A stream of postgres.js: the server waits for rows, or sends what nobody reads, until the connection ends.
        ;(result as unknown as Duplex).on('error', () => undefined)
        destroy()
        refuse?.(Object.assign(new Error('STRAY_COPY'), { code: 'STRAY_COPY' }))
        return
      }
      try {
        fulfil?.(answer(result, reader))
      } catch (error) {
        refuse?.(error)
      }
    },
    failed(statement, error) {
      const { refuse } = statement
      settle(statement)
      refuse?.(overdue ? timeoutError(client.options) : error)
    },
  }

  return {
    query(text, params, prepare, maker, firstOnly) {
      const reader = maker !== undefined && readsRows ? new RowReader(maker, firstOnly) : undefined
      const statement = new Sent(text, params, prepare, reader, listener)
      underWay.push(statement)
      if (session !== undefined) {
        session.used = true
        session.statements.push(statement)
      }
      if (!greeted) statement.watchdog = watch()
      const answered = new Promise<Answer>((fulfil, refuse) => {
        statement.fulfil = fulfil
        statement.refuse = refuse
      })
      client.send(statement)
      return answered
    },
    async cancel() {
      spoilt = true
      // A COPY waits for rows rather than for the server, and hears of nothing. Of a server that has not answered yet, the
      // error tells that.
      if (copying > 0 || !greeted) return lose()
      // postgres.js asks by a connection of its own; where that does not arrive, the query ends with its connection.
      let given: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<void>((resolve) => {
        given = setTimeout(() => resolve(lose()), CANCEL_TIME)
        given.unref?.()
      })
      const told = Promise.all(underWay.map((statement) => client.cancel(statement))).catch(lose)
      const ended = new Promise<void>((resolve) => {
        if (underWay.length === 0) resolve()
        else idle = resolve
      })
      Promise.allSettled([told, ended]).then(() => clearTimeout(given))
      await Promise.race([told, late])
    },
    async copyIn(text, chunks) {
      if (session !== undefined) session.used = true
      copying++
      try {
        await sendCopy(client.copy(text), chunks)
      } finally {
        copying--
      }
    },
    async *copyOut(text, keep) {
      if (session !== undefined) session.used = true
      copying++
      try {
        const readable = await client.copyOut(text)
        let ended = false
        try {
          for await (const chunk of readable.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array
          ended = true
          if (readable.errored) throw readable.errored
        } catch (error) {
          ended = true
          throw readable.errored ?? error
        } finally {
          if (!ended && keep) await finished(readable.resume()).catch(() => undefined)
          // The last rows may have paused the socket, behind which the end of the statement waits; postgres.js 3.4.9 resumes
          // it only to read more rows.
          if (ended || keep) readable._read(0)
          else destroy()
        }
      } finally {
        copying--
      }
    },
    enter() {
      session = { used: false, lost: false, statements: [] }
    },
    leave() {
      session = undefined
    },
    lost: () => session?.lost === true,
    spoil() {
      spoilt = true
      if (session !== undefined) session.lost = true
    },
    usable: () => !spoilt && Date.now() < expires,
    // postgres.js would wait for ever for the end of a connection that is lost already.
    end: async () => (spoilt ? destroy() : client.end()),
    destroy,
  }
}

async function sendCopy(query: CopyQuery, chunks: AsyncIterable<string>): Promise<void> {
  const { reject } = query
  // What the server refuses at the end of the rows, postgres.js 3.4.9 tells nobody but the query, which it has
  // resolved by then; the stream would wait for ever.
  const refused = new Promise<never>((_, refuse) => {
    query.reject = (error) => {
      reject(error)
      refuse(error)
    }
  })
  refused.catch(() => undefined)
  const writable = await query.writable()
  // Waits for the server where it is slower; a failure on either side ends the other.
  const sent = pipeline(Readable.from(withPauses(chunks)), writable)
  try {
    await Promise.race([sent, refused])
  } catch (error) {
    writable.destroy()
    await sent.catch(() => undefined)
    throw error
  }
}

/** Milliseconds in which a cancelled query ends. */
const CANCEL_TIME = 5000

/**
 * Takes out of a queue what is mostly its first.
 *
 * An array and not a Set: the tables that a Set leaves behind as it changes point each to the next, and one of them that
 * has grown old keeps all that follow in memory, with the answers of their queries. In 16,000 point selects, scavenges took
 * 70 ms with a Set and 45 with this.
 */
function remove<T>(queue: T[], item: T | undefined): void {
  if (queue[0] === item) {
    queue.shift()
    return
  }
  const at = queue.indexOf(item as T)
  if (at !== -1) queue.splice(at, 1)
}

/** Once the server has refused a row, writing never waits; its refusal can be read only in a pause. */
async function* withPauses<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item
    await setImmediate()
  }
}

function answer(result: RawResult, reader: RowReader | undefined): Answer {
  // A row with a value that does not fit is handed on as it came: it fails again where the caller waits for it.
  const misfit = reader?.misfit
  // Rows that came past the reader are those that postgres.js has.
  const made = misfit === undefined && result.length === 0 ? reader?.rows : undefined
  const read = reader?.count ?? 0
  if (made !== undefined && read < (result.count ?? 0)) {
    throw new ExecutionError(
      'rows_lost',
      `PostgreSQL sent ${result.count} rows, of which ${read} were read. This version of the package postgres may ` +
        'not be one that this driver knows.',
    )
  }
  return {
    rows: misfit === undefined ? result : [misfit],
    made,
    command: result.command ?? undefined,
    count: result.count ?? 0,
    columns: result.columns ?? [],
  }
}

function timeoutError({ host: [address], port: [port] }: Address): Error {
  return Object.assign(new Error('CONNECT_TIMEOUT'), { code: 'CONNECT_TIMEOUT', address, port })
}
