import {
  Cancelled,
  CheckViolation,
  ConnectionLost,
  type ExecutionDetails,
  ExecutionError,
  ForeignKeyViolation,
  isEspalierError,
  LockTimeout,
  NotNullViolation,
  SerializationFailure,
  UniqueViolation,
} from '@espalier/core'
import { statementExcerpt } from '../statement-excerpt.js'

/**
 * The error of Espalier for one of better-sqlite3, by SQLite's extended result code
 * (https://www.sqlite.org/rescode.html). Table, columns and constraint are read from SQLite's message, the only
 * place that has them. The driver's error is the `cause`; errors of Espalier pass through.
 *
 * @example
 * ```ts
 * const thrown = Object.assign(new Error('UNIQUE constraint failed: users.email'), { code: 'SQLITE_CONSTRAINT_UNIQUE' })
 * mapSqliteError(thrown, 'insert into "users" …').name // 'UniqueViolation'
 * ```
 */
export function mapSqliteError(error: unknown, sql: string | undefined): Error {
  if (isEspalierError(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = codeOf(error)
  const details: ExecutionDetails = { cause: error, sql, databaseCode: code, ...subject(text, code) }
  const message = `${text}${statementExcerpt(sql)}`
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
    case 'SQLITE_CONSTRAINT_ROWID':
      return new UniqueViolation('unique_violation', message, details)
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return new ForeignKeyViolation('foreign_key_violation', message, details)
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return new NotNullViolation('not_null_violation', message, details)
    case 'SQLITE_CONSTRAINT_CHECK':
      return new CheckViolation('check_violation', message, details)
    case 'SQLITE_BUSY_SNAPSHOT':
      // The transaction read before another wrote: only a new one can write. https://www.sqlite.org/isolation.html
      return new SerializationFailure('serialization_failure', message, details)
    case 'SQLITE_BUSY':
    case 'SQLITE_BUSY_RECOVERY':
    case 'SQLITE_BUSY_TIMEOUT':
    case 'SQLITE_LOCKED':
    case 'SQLITE_LOCKED_SHAREDCACHE':
      return new LockTimeout('lock_timeout', message, details)
    case 'SQLITE_READONLY':
      return new ExecutionError(
        'read_only',
        'This statement writes, which is refused here: the transaction was begun with readOnly: true, the database was ' +
          `opened with readonly: true, or its file cannot be written.${statementExcerpt(sql)}`,
        details,
      )
    case 'SQLITE_INTERRUPT':
      return new Cancelled('cancelled', message, details)
    default:
      return (
        opening(text, code, details) ??
        misuse(text, details) ??
        new ExecutionError('database_error', message, details)
      )
  }
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}

/** What a constraint's message names: `UNIQUE constraint failed: users.org_id, users.email`. */
function subject(
  message: string,
  code: string | undefined,
): Pick<ExecutionDetails, 'constraint' | 'table' | 'columns'> {
  if (code === undefined || !code.startsWith('SQLITE_CONSTRAINT')) return {}
  const failed = /constraint failed: (.*)$/s.exec(message)?.[1]
  if (failed === undefined) return {}
  if (code === 'SQLITE_CONSTRAINT_CHECK') return { constraint: failed }
  // A unique index over expressions.
  const index = /^index '(.*)'$/s.exec(failed)?.[1]
  if (index !== undefined) return { constraint: index }
  const point = failed.indexOf('.')
  if (point < 0) return {}
  const table = failed.slice(0, point)
  return { table, columns: failed.slice(point + 1).split(`, ${table}.`) }
}

/** Errors of opening a database. */
function opening(message: string, code: string | undefined, details: ExecutionDetails): Error | undefined {
  if (code?.startsWith('SQLITE_CANTOPEN') || message.includes('directory does not exist')) {
    return new ConnectionLost(
      'connection_lost',
      `The SQLite database cannot be opened: ${message}. Its directory must exist and be writable.`,
      details,
    )
  }
  if (code === 'SQLITE_NOTADB') {
    return new ConnectionLost(
      'connection_lost',
      'This file is no SQLite database, or it is encrypted.',
      details,
    )
  }
  if (code === 'ERR_DLOPEN_FAILED' || message.includes('Could not locate the bindings file')) {
    return new ConnectionLost(
      'driver_missing',
      'better-sqlite3 is installed without a binary for this version of Node: run "npm rebuild better-sqlite3" ' +
        '(with pnpm, allow its build script by "pnpm approve-builds" first).',
      details,
    )
  }
  return undefined
}

/** Errors that better-sqlite3 itself throws, which have no code. */
function misuse(message: string, details: ExecutionDetails): Error | undefined {
  if (message.includes('more than one statement')) {
    return new ExecutionError(
      'many_statements',
      `SQLite runs one statement at a time: split this text.${statementExcerpt(details.sql)}`,
      details,
    )
  }
  if (message.includes('connection is busy')) {
    return new ExecutionError(
      'busy',
      'SQLite cannot write on a connection while the rows of a query are streamed on it. Write when the loop has ended, or ' +
        `take the rows by all(…).${statementExcerpt(details.sql)}`,
      details,
    )
  }
  if (message.includes('connection is not open')) {
    return new ExecutionError('closed', 'This database handle is closed; open another.', details)
  }
  return undefined
}
