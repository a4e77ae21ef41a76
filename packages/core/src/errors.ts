const BRAND = Symbol.for('espalier.error')

/** What every error of Espalier carries beside its message. */
export interface ErrorDetails {
  /** The error that led to this one, usually the driver's. */
  readonly cause?: unknown
}

/**
 * The root of every error that Espalier throws. `code` is stable and made for programs; the message is made
 * for people: it shows the offending piece and says what to write instead.
 *
 * @example
 * ```ts
 * try {
 *   await db.one(select(users).from(users).where(users.id.eq(1n)))
 * } catch (error) {
 *   if (!isEspalierError(error)) throw error
 *   error.code // 'no_rows'
 * }
 * ```
 */
export class EspalierError extends Error {
  override readonly name: string = 'EspalierError'
  /** A stable identifier such as `no_rows` or `unknown_column`. */
  readonly code: string
  /** Which of the sets of values of `runMany` it is about, from 0. */
  declare readonly set?: number

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** True for an error thrown by any installed copy of Espalier; use it in place of `instanceof`. */
export function isEspalierError(error: unknown): error is EspalierError {
  return typeof error === 'object' && error !== null && BRAND in error
}

/** A schema, an expression or a statement was put together in a way that cannot mean anything. */
export class BuildError extends EspalierError {
  override readonly name: string = 'BuildError'
}

/** A statement is well formed but cannot be written as SQL: a source is missing, a name clashes, and so on. */
export class CompileError extends EspalierError {
  override readonly name: string = 'CompileError'
}

/** The dialect, or this version of the database, has no such construct. */
export class UnsupportedError extends CompileError {
  override readonly name: string = 'UnsupportedError'
}

/** A JavaScript value does not fit the SQL type it was given for, or the database returned one that does not. */
export class ValueError extends EspalierError {
  override readonly name: string = 'ValueError'
}

/** What is known of a statement that failed in the database. */
export interface ExecutionDetails extends ErrorDetails {
  readonly sql?: string | undefined
  readonly constraint?: string | undefined
  readonly table?: string | undefined
  readonly columns?: readonly string[] | undefined
  readonly detail?: string | undefined
  readonly databaseCode?: string | undefined
}

/**
 * The database refused or failed a statement. Parameters are never part of the error, since they may be secrets.
 */
export class ExecutionError extends EspalierError {
  override readonly name: string = 'ExecutionError'
  /** The statement as it was sent, without its parameters. */
  readonly sql: string | undefined
  /** The constraint that refused a value, where the database names it. */
  readonly constraint: string | undefined
  readonly table: string | undefined
  readonly columns: readonly string[] | undefined
  readonly detail: string | undefined
  /** PostgreSQL's SQLSTATE or SQLite's extended result code, as text. */
  readonly databaseCode: string | undefined
  /** True where the same transaction may succeed if it is run again. */
  readonly retryable: boolean = false

  constructor(code: string, message: string, details: ExecutionDetails = {}) {
    super(code, message, details)
    this.sql = details.sql
    this.constraint = details.constraint
    this.table = details.table
    this.columns = details.columns
    this.detail = details.detail
    this.databaseCode = details.databaseCode
  }
}

/** A row with this key exists already. */
export class UniqueViolation extends ExecutionError {
  override readonly name: string = 'UniqueViolation'
}

/** A row refers to one that does not exist, or one that others refer to was to be removed. */
export class ForeignKeyViolation extends ExecutionError {
  override readonly name: string = 'ForeignKeyViolation'
}

/** A column that is `not null` was given none. */
export class NotNullViolation extends ExecutionError {
  override readonly name: string = 'NotNullViolation'
}

/** A `check` constraint refused a row. */
export class CheckViolation extends ExecutionError {
  override readonly name: string = 'CheckViolation'
}

/** Concurrent transactions could not be put in an order; running this one again may succeed. */
export class SerializationFailure extends ExecutionError {
  override readonly name: string = 'SerializationFailure'
  override readonly retryable: boolean = true
}

/** Two transactions waited for each other and the database ended this one; running it again may succeed. */
export class DeadlockDetected extends ExecutionError {
  override readonly name: string = 'DeadlockDetected'
  override readonly retryable: boolean = true
}

/** A lock could not be had in time (`lock_timeout`, `nowait`, or SQLite's busy timeout). */
export class LockTimeout extends ExecutionError {
  override readonly name: string = 'LockTimeout'
  override readonly retryable: boolean = true
}

/** A statement was given up: by its signal, by its timeout, or by the server. */
export class Cancelled extends ExecutionError {
  override readonly name: string = 'Cancelled'
}

/** The connection to the database was lost or could not be made. */
export class ConnectionLost extends ExecutionError {
  override readonly name: string = 'ConnectionLost'
}

/** `one` or `scalar` found no row. */
export class NoRowsError extends ExecutionError {
  override readonly name: string = 'NoRowsError'
}

/** `one` or `scalar` found more than one row. */
export class TooManyRowsError extends ExecutionError {
  override readonly name: string = 'TooManyRowsError'
}

/** A text for an error message: quoted, and cut where it is long. */
export function excerpt(value: unknown, length = 60): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return String(value)
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  let text: string
  try {
    text = value instanceof Date ? String(value) : (JSON.stringify(value) ?? String(value))
  } catch {
    text = Object.prototype.toString.call(value)
  }
  return text.length > length ? `${text.slice(0, length)}… (${text.length} characters)` : text
}
