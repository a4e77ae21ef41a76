import type { Readable, Writable } from 'node:stream'
import postgres from 'postgres'
import { type Address, FilteredSocket } from './socket.js'

/*
 * What the driver leans on in postgres.js 3.4 beyond what that documents. Its version is held there for this, and
 * `test/execution/postgres-js.test.ts` says what another lacks.
 */

/** The options of postgres.js for one connection. */
export type ConnectionOptions = postgres.Options<Record<never, never>>

/** What comes of a query: its rows as arrays, with properties beside them. */
export interface RawResult extends ReadonlyArray<readonly unknown[]> {
  readonly command: string | null
  readonly count: number | null
  readonly columns: readonly { readonly type: number }[] | null
}

const REPEATED = { prepare: true, simple: false }
const ONCE = { prepare: false, simple: false }

/**
 * A statement by the extended protocol, in the shape in which a connection of postgres.js takes and keeps its queries.
 *
 * Its own are promises whose `then` sends them a microtask later, which cost three more promises for each. A point select
 * took 60 to 67 µs of the processor with those, 54 to 58 with this, and 50 by a template of postgres.js itself.
 */
export abstract class Statement {
  /** The error for which it was sent again, behind those that were under way. */
  readonly retried: unknown = undefined
  /** Whether what comes from the server is the answer to it. */
  active = false

  // What follows is for postgres.js alone, which writes most of it.
  readonly args: readonly unknown[] = []
  readonly options: typeof REPEATED
  readonly strings: readonly string[]
  readonly tagged = false
  readonly origin = ''
  /** Rows as arrays. */
  readonly isRaw = 'values'
  readonly state: unknown = null
  readonly statement: unknown = null
  readonly cancelled: unknown = null
  readonly signature: unknown = ''
  readonly string: unknown = undefined
  readonly prepare: unknown = undefined
  readonly prepared: unknown = undefined
  readonly describeFirst: unknown = undefined
  readonly parsing: unknown = undefined

  /** Takes the text, its parameters as texts or null, and whether it is prepared for being sent again. */
  constructor(
    text: string,
    // Given as arguments, postgres.js 3.4.9 asks for their types first and sends the values when it knows them. Where it
    // has sent another statement again in between, each gets the rows of the other.
    readonly parameters: (string | null)[],
    prepare: boolean,
  ) {
    this.strings = [text]
    this.options = prepare ? REPEATED : ONCE
  }

  /** It is answered; called once, or `reject` is. */
  abstract resolve(result: RawResult): void
  abstract reject(error: unknown): void
}

/** What the queries of postgres.js know, and a {@link Statement} is handed to. */
interface Query {
  readonly handler: (statement: Statement) => void
  readonly canceller: (statement: Statement) => Promise<void>
}

/** A COPY … FROM STDIN under way. */
export interface CopyQuery {
  /** Called with what the server refuses, also at the end of the rows, when the stream is long there. */
  reject: (error: unknown) => void
  writable(): Promise<Writable>
}

/** What a connection is told of. */
interface Listeners {
  /** The connection is gone. */
  readonly onclose: () => void
  /** The server has accepted the connection, and tells its settings. */
  readonly ongreeting: () => void
  /** Makes the socket of a connection; what follows from it is read from the events of that socket. */
  readonly socket: (address: Address) => unknown
}

/** One connection of postgres.js, which opens it with the first statement, and again where it was lost. */
export interface PostgresJs {
  /** The options by which it connects, with those of the URL and the environment. */
  readonly options: Address & { readonly ssl: unknown; readonly connect_timeout: number }
  /** Sends a statement. */
  send(statement: Statement): void
  /**
   * Ends a statement: before it was sent, without sending it; afterwards through a connection of its own, and the promise
   * is resolved when the server has been told so.
   */
  cancel(statement: Statement): Promise<void>
  /** Sends a COPY … FROM STDIN. */
  copy(text: string): CopyQuery
  /** Sends a COPY … TO STDOUT. */
  copyOut(text: string): Promise<Readable>
  /** Closes the connection after what is under way, or after so many seconds. */
  end(options?: { readonly timeout: number }): Promise<void>
}

/** A connection on which notifications arrive. */
export interface ListeningConnection {
  /** Runs a statement without rows and parameters. */
  run(text: string): Promise<void>
  /** Closes it at once. */
  end(): Promise<void>
}

/** Opens a connection with its first statement, and tells of its notifications and of its end. */
export function openListening(
  url: string | undefined,
  options: ConnectionOptions,
  onnotify: (channel: string, payload: string) => void,
  onclose: () => void,
): ListeningConnection {
  let lose: (error: Error) => void
  const lost = new Promise<never>((_, reject) => {
    lose = reject
  })
  lost.catch(() => undefined)
  const ended = (): void => {
    lose(closedError())
    void sql.end({ timeout: 0 })
    onclose()
  }
  // `onnotify` is not among the types of its options.
  const all = { ...options, max: 1, max_lifetime: null, fetch_types: false, onclose: ended, onnotify }
  const sql = url === undefined ? postgres(all) : postgres(url, all)
  // By itself it would connect again with what is under way, without end where a server accepts and hangs up.
  const parsed = sql.options as unknown as { socket: unknown } & Address
  let attempts = 0
  parsed.socket = () => {
    if (attempts < parsed.host.length) return new FilteredSocket(parsed, attempts++, (pass) => pass)
    throw closedError()
  }
  return {
    async run(text) {
      await Promise.race([sql.unsafe(text), lost])
    },
    end: () => sql.end({ timeout: 0 }),
  }
}

function closedError(): Error {
  return Object.assign(new Error('CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' })
}

/** Makes a postgres.js of one connection, through which values pass as they are. */
export function openPostgresJs(
  url: string | undefined,
  options: ConnectionOptions,
  { onclose, ongreeting, socket }: Listeners,
): PostgresJs {
  const all: ConnectionOptions & { readonly max_pipeline: number } = {
    ...options,
    max: 1,
    // With 100, the default, the server waits for the client after each hundred statements: 1000 that were given at once
    // took 1.12 times as long as by tagged templates of postgres.js, and 0.93 with this.
    max_pipeline: 1000,
    // The pool knows better when a connection is idle or may end: these would close it within a transaction.
    idle_timeout: undefined,
    max_lifetime: null,
    fetch_types: false,
    onclose,
    onparameter: ongreeting,
  }
  const sql = url === undefined ? postgres(all) : postgres(url, all)
  // No parser or serializer of postgres.js touches a value: without one, a text is passed on.
  for (const handlers of [sql.options.parsers, sql.options.serializers]) {
    for (const oid of Object.keys(handlers)) delete handlers[Number(oid)]
  }
  const parsed = sql.options as unknown as PostgresJs['options'] & { socket: unknown }
  parsed.socket = () => socket(parsed)
  // A query that nobody awaits is not sent.
  const { handler, canceller } = sql.unsafe('') as unknown as Query
  return {
    options: parsed,
    send: handler,
    cancel: canceller,
    copy: (text) => sql.unsafe(text) as unknown as CopyQuery,
    copyOut(text) {
      const query = sql.unsafe(text)
      const { resolve } = query as unknown as { resolve: (stream: Readable) => void }
      // The server may refuse a row in the same packet, of which nobody would hear who awaits the stream first.
      // It is called again at the end, with a result.
      const heard = (stream: Readable): void => {
        stream.on?.('error', () => undefined)
        resolve(stream)
      }
      return Object.assign(query, { resolve: heard }).readable()
    },
    end: (how) => sql.end(how),
  }
}
