import type { Decode } from '../types/codec.js'
import type { ConnectionState } from './connection-state.js'
import type { Purpose } from './waiting.js'

/**
 * Makes the rows of a statement, for a driver that reads them out of the bytes of its connection: it need not make a text
 * of each value and an array of each row before.
 */
export interface RowMaker {
  /** How each column is decoded; undefined where a text is left as it is. */
  readonly decoders: readonly (Decode | undefined)[]
  /** What a driver keeps with it. A map of makers to that, by weak references, would burden every garbage collection. */
  memory?: unknown
  /** The value of a column from its text. */
  decode(column: number, text: string): unknown
  /** A row of decoded values; the array stays the driver's. */
  make(values: readonly unknown[]): unknown
}

/** One statement on its way to the database: text, parameters as the codecs made them. */
export interface Request {
  readonly sql: string
  readonly params: readonly unknown[]
  /** Whether integers must come back exactly, as `bigint` (a driver may ignore it where it always is so). */
  readonly exactIntegers: boolean
  /** By which a driver may make the rows; any may also leave that be. */
  readonly maker?: RowMaker | undefined
  /** Only the first row is asked for: a driver may leave the others unread. */
  readonly firstOnly?: boolean | undefined
  /** The text will not come again: it is not worth preparing. */
  readonly once?: boolean | undefined
}

/** What came back. */
export interface Response {
  /** Rows by position, values as the driver has them; the codecs decode them. */
  readonly rows: readonly (readonly unknown[])[]
  /** The rows as the request's maker made them; `rows` is empty then. */
  readonly made?: readonly unknown[] | undefined
  /** Rows inserted, updated or deleted; of a query, the rows returned. */
  readonly affected: number
  /** The database's own type of each column, where it says so (PostgreSQL's OIDs); for columns without a type. */
  readonly columnTypes?: readonly number[] | undefined
  /** Whether the statement began a transaction, where the driver knows. */
  readonly began?: boolean | undefined
}

/** One connection, held until it is released. Statements run on it in the order in which they are given. */
export interface Session extends ConnectionState {
  /** Runs one statement on this connection. */
  execute(request: Request): Promise<Response>
  /**
   * Runs a COPY … FROM STDIN and sends it the chunks of its text, no faster than the server takes them. Where the
   * chunks fail, so does the statement, by their error.
   */
  copyIn?(sql: string, chunks: AsyncIterable<string>): Promise<void>
  /**
   * Runs a COPY … TO STDOUT and reads what it sends. Where reading ends early, the rest is read and dropped if the connection
   * is to be kept, else the connection is closed. Absent where the driver cannot.
   */
  copyOut?(sql: string, keep: boolean): AsyncIterable<Uint8Array>
  /**
   * Reads the rows of a query in pages of so many, the next when it is asked for; `inTransaction` tells whether that is in
   * a transaction of the session. The connection may run other statements between the pages, as far as the database
   * allows that. Absent where the driver cannot.
   */
  stream?(request: Request, rows: number, inTransaction: boolean): AsyncIterable<Response>
  /**
   * Has the server end what is under way on this connection, which may be over by then: nothing else may run on the
   * connection until the promise is resolved, which is never rejected. Absent where what has begun cannot be ended.
   */
  cancel?(): Promise<void>
  /** What is around each transaction of this connection, from its begin to its end: by it an {@link Observer} watches them. */
  around?<T>(transaction: () => Promise<T>): Promise<T>
  /** Returns the connection. With `broken` it is closed instead, since its state is unknown. */
  release(broken?: boolean): Promise<void>
}

/**
 * A database as the executor sees it: run one statement anywhere, or hold one connection. Its errors are Espalier's:
 * a driver maps those of the database (see `ExecutionError`).
 */
export interface Driver {
  /** Runs one statement on any connection, by itself. */
  execute(request: Request): Promise<Response>
  /** Lends a connection, until it is released; for what, those may be told who wait for it too long. */
  acquire(purpose?: Purpose): Promise<Session>
  /** Closes every connection, after the statements that are under way. */
  close(): Promise<void>
  /** What it counts; absent where it does not. */
  diagnostics?(): Diagnostics
}

/** Texts that a driver knows already, and so need not have prepared anew. */
export interface StatementCounts {
  /** How many texts are remembered. */
  readonly remembered: number
  /** How many statements were run whose text was remembered. */
  readonly hits: number
  /** How many were run whose text was not. */
  readonly misses: number
}

/** The connections of a driver. */
export interface ConnectionCounts {
  /** How many are open. */
  readonly open: number
  /** On how many of these something runs, or that are lent. */
  readonly busy: number
  /** How many statements, transactions, sessions and streams wait for one. */
  readonly waiting: number
}

/** What a driver counts, as it stands. */
export interface Diagnostics {
  /** Its connections. */
  readonly connections: ConnectionCounts
  /** The texts that it remembers; undefined where it remembers none. */
  readonly statements: StatementCounts | undefined
}

/** A database that answers at once, on one connection. */
export interface SyncDriver extends ConnectionState {
  /** Runs one statement. */
  execute(request: Request): Response
  /** Reads the rows of a query in pages of so many, the next when it is asked for. */
  stream(request: Request, rows: number): Iterable<Response>
  /** Closes the connection. */
  close(): void
  /** The texts that it remembers, if it does. */
  statements?(): StatementCounts
}
