import {
  ExecutionError,
  isEspalierError,
  type Request,
  type Response,
  type StatementCounts,
  type SyncDriver,
  UnsupportedError,
} from '@espalier/core'
import Database from 'better-sqlite3'
import { mapSqliteError } from './errors.js'

/** How {@link sqliteDriver} opens a database. */
export interface SqliteOptions {
  /** Refuse to write. Default: false. */
  readonly readonly?: boolean
  /** Fail instead of making a new file. Default: false. */
  readonly fileMustExist?: boolean
  /** Milliseconds to wait for another connection's lock before failing with `LockTimeout`. Default: 5000. */
  readonly busyTimeout?: number
  /**
   * Milliseconds that a statement waits for the connection, which a transaction or a stream holds, before the error
   * `pool_exhausted`. Default: 30,000.
   */
  readonly acquireTimeout?: number
  /** Enforce foreign keys, which SQLite by itself does not. Default: true. */
  readonly foreignKeys?: boolean
  /** Write-ahead log, so that readers and a writer do not block each other. Default: true for new handles on files. */
  readonly wal?: boolean
  /** How many prepared statements are kept, the least recently used go first. Default: 256. */
  readonly statementCacheSize?: number
}

/** better-sqlite3's handle, as `new Database(…)` returns it. */
export type SqliteDatabase = InstanceType<typeof Database>

/**
 * SQLite over better-sqlite3: a path (`:memory:` for a database in memory) or a handle of your own. A handle of your
 * own is used as it is: its settings stay, unless an option asks for one, and {@link SyncDriver.close} leaves it open.
 *
 * Throws `ConnectionLost` if the database cannot be opened, and `UnsupportedError` if SQLite is older than 3.44.
 *
 * @example
 * ```ts
 * const driver = sqliteDriver('app.db', { busyTimeout: 1000 })
 * driver.execute({ sql: 'select ?', params: [1n], exactIntegers: false }) // { rows: [[1]], affected: 1 }
 * ```
 */
export function sqliteDriver(target: string | SqliteDatabase, options: SqliteOptions = {}): SyncDriver {
  const own = typeof target === 'string'
  const database = own ? open(target, options) : target
  try {
    checkVersion(database)
    configure(database, own, options)
  } catch (error) {
    if (own) database.close()
    throw isEspalierError(error) ? error : mapSqliteError(error, undefined)
  }
  const { statement: prepared, counts } = statementCache(database, options.statementCacheSize ?? 256)
  // A point select of eight columns takes 1.43 µs; with a statement at hand `.raw().all(id)` takes 1.37 µs, `.raw().get(id)`
  // 1.17 µs and `.get(id)`, an object, 1.88 µs. Parameters as one array would cost 0.2 µs more (Node 20, SQLite 3.53).
  const execute = ({ sql, params, exactIntegers, firstOnly }: Request): Response => {
    try {
      const statement = prepared(sql, exactIntegers)
      if (statement.reader) {
        // Only of a statement that writes nothing: `get` does not tell what fails at the end, such as a foreign key.
        if (firstOnly === true && statement.readonly) {
          // Spread, a single parameter costs 2 % of a point select more.
          const row = (params.length === 1 ? statement.get(params[0]) : statement.get(...params)) as
            | unknown[]
            | undefined
          return row === undefined ? { rows: [], affected: 0 } : { rows: [row], affected: 1 }
        }
        const rows = statement.all(...params) as unknown[][]
        return { rows, affected: rows.length }
      }
      const open = database.inTransaction
      const { changes } = statement.run(...params)
      return { rows: [], affected: changes, began: !open && database.inTransaction }
    } catch (error) {
      throw mapSqliteError(error, sql)
    }
  }
  // A statement of its own: one that is kept would be busy until the end of the stream.
  const stream = function* (
    { sql, params, exactIntegers }: Request,
    rows: number,
  ): Generator<Response, void> {
    try {
      if (sql.includes('\u0000')) throw nulError(sql)
      const statement = database.prepare(sql).raw(true).safeIntegers(exactIntegers) as Statement
      let page: unknown[][] = []
      for (const row of statement.iterate(...params)) {
        page.push(row as unknown[])
        if (page.length < rows) continue
        yield { rows: page, affected: page.length }
        page = []
      }
      if (page.length > 0) yield { rows: page, affected: page.length }
    } catch (error) {
      throw mapSqliteError(error, sql)
    }
  }
  // Not by `execute`, which is refused while rows are streamed, when the text has taken effect already.
  const pragma = (text: string) => database.pragma(text, { simple: true })
  return {
    execute,
    stream,
    // 8 ns; a point select takes 1.4 µs.
    inTransaction: () => database.inTransaction,
    // https://www.sqlite.org/pragma.html#pragma_query_only
    refuseWrites() {
      const before = pragma('query_only')
      pragma('query_only = on')
      return () => {
        pragma(`query_only = ${before}`)
      }
    },
    statements: counts,
    // https://www.sqlite.org/pragma.html#pragma_busy_timeout
    limitWaiting(milliseconds) {
      const before = pragma('busy_timeout')
      pragma(`busy_timeout = ${milliseconds}`)
      return () => {
        pragma(`busy_timeout = ${before}`)
      }
    },
    close() {
      if (own) database.close()
    },
  }
}

function open(path: string, options: SqliteOptions): SqliteDatabase {
  try {
    return new Database(path, {
      readonly: options.readonly ?? false,
      fileMustExist: options.fileMustExist ?? false,
      timeout: options.busyTimeout ?? 5000,
    })
  } catch (error) {
    throw mapSqliteError(error, undefined)
  }
}

/** An order within an aggregate is the youngest of what is written: https://www.sqlite.org/changes.html#version_3_44_0 */
function checkVersion(database: SqliteDatabase): void {
  const version = String(database.prepare('select sqlite_version()').pluck().get())
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 3 || (major === 3 && minor >= 44)) return
  throw new UnsupportedError(
    'unsupported_version',
    `This is SQLite ${version}; 3.44 or later is needed. better-sqlite3 12 brings one: update it.`,
  )
}

function configure(database: SqliteDatabase, own: boolean, options: SqliteOptions): void {
  if (!own && options.busyTimeout !== undefined)
    database.pragma(`busy_timeout = ${Number(options.busyTimeout)}`)
  const foreignKeys = options.foreignKeys ?? (own ? true : undefined)
  if (foreignKeys !== undefined) database.pragma(`foreign_keys = ${foreignKeys ? 'on' : 'off'}`)
  const wal = options.wal ?? (own && !database.memory && !database.readonly)
  if (wal && database.pragma('journal_mode', { simple: true }) !== 'wal')
    database.pragma('journal_mode = wal')
}

type Statement = Database.Statement<unknown[]>

interface KeptStatement {
  readonly sql: string
  readonly statement: Statement
  exact: boolean
}

/**
 * Prepares each text once, since preparing takes 5 µs, a point select 1.4 µs. SQLite itself prepares a kept
 * statement anew after a change of the schema, also with another number of columns.
 *
 * Kept in two generations: a hit is one look-up, where an exact LRU would rewrite its list on every call. The
 * older generation is dropped when the younger is full; so the `size` most recently used are always among them. What is
 * run again and again is not looked up, which is 1 % of a point select.
 */
function statementCache(
  database: SqliteDatabase,
  size: number,
): { statement(sql: string, exactIntegers: boolean): Statement; counts(): StatementCounts } {
  let young = new Map<string, KeptStatement>()
  let old = young
  let latest: KeptStatement | undefined
  let asked = 0
  let misses = 0
  const find = (sql: string): KeptStatement => {
    let entry = young.get(sql)
    if (entry === undefined) {
      entry = old.get(sql)
      if (entry === undefined) {
        misses++
        if (sql.includes('\u0000')) throw nulError(sql)
        const statement: Statement = database.prepare(sql)
        if (statement.reader) statement.raw(true)
        statement.safeIntegers(false)
        entry = { sql, statement, exact: false }
      }
      if (young.size >= size) {
        old = young
        young = new Map()
      }
      young.set(sql, entry)
    }
    return entry
  }
  return {
    statement(sql, exactIntegers) {
      asked++
      const entry = latest !== undefined && latest.sql === sql ? latest : find(sql)
      latest = entry
      if (entry.exact !== exactIntegers) {
        entry.statement.safeIntegers(exactIntegers)
        entry.exact = exactIntegers
      }
      return entry.statement
    },
    counts: () => ({
      remembered: new Set([...young.keys(), ...old.keys()]).size,
      hits: asked - misses,
      misses,
    }),
  }
}

/** SQLite would run the text before it. */
function nulError(sql: string): ExecutionError {
  return new ExecutionError('invalid_statement', 'A statement cannot contain NUL (\\u0000).', { sql })
}
