import {
  Cancelled,
  CheckViolation,
  ConnectionLost,
  DeadlockDetected,
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

/** What the drivers know of an error; postgres.js and PGlite name some fields differently. */
interface DatabaseError {
  readonly message: string
  readonly code?: string
  readonly severity?: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: string
  readonly constraint_name?: string
  readonly constraint?: string
  readonly table_name?: string
  readonly table?: string
  readonly column_name?: string
  readonly column?: string
  readonly address?: string
  readonly hostname?: string
  readonly port?: number
}

/**
 * The error of Espalier for one of a PostgreSQL driver (postgres.js or PGlite), by SQLSTATE
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). The message has the statement but no values:
 * what PostgreSQL says of the row is in `detail`. The driver's error is the `cause`; errors of Espalier pass through.
 *
 * @example
 * ```ts
 * const thrown = Object.assign(new Error('duplicate key value'), { code: '23505' })
 * mapPostgresError(thrown, 'insert into "users" …').name // 'UniqueViolation'
 * ```
 */
export function mapPostgresError(error: unknown, sql: string | undefined): Error {
  if (isEspalierError(error)) return error
  const known = (
    typeof error === 'object' && error !== null ? error : { message: String(error) }
  ) as DatabaseError
  const code = known.code ?? ''
  const details: ExecutionDetails = {
    cause: withoutParameters(error),
    sql,
    constraint: known.constraint_name ?? known.constraint,
    table: known.table_name ?? known.table,
    columns: columnsOf(known),
    detail: known.detail,
    databaseCode: known.code,
  }
  const connection = connectionMessage(known, code)
  if (connection !== undefined) return new ConnectionLost('connection_lost', connection, details)
  const message = describe(known, code, sql)
  switch (code) {
    case '23505':
      return new UniqueViolation('unique_violation', message, details)
    case '23503':
      return new ForeignKeyViolation('foreign_key_violation', message, details)
    case '23502':
      return new NotNullViolation('not_null_violation', message, details)
    case '23514':
      return new CheckViolation('check_violation', message, details)
    case '40001':
      return new SerializationFailure('serialization_failure', message, details)
    case '40P01':
      return new DeadlockDetected('deadlock_detected', message, details)
    case '55P03':
      return new LockTimeout('lock_timeout', message, details)
    case '25006':
      return new ExecutionError('read_only', message, details)
    case '57014':
      return new Cancelled('cancelled', message, details)
    case 'STRAY_COPY':
      return new ExecutionError('invalid_statement', STRAY_COPY, details)
    case 'COPY_IN_PROGRESS':
      return new ExecutionError('busy', COPYING, details)
    case 'CONNECTION_ENDED':
      return new ExecutionError('closed', 'This database handle is closed; open another.', details)
    default:
      return new ExecutionError('database_error', message, details)
  }
}

const COPYING =
  'A load or a dump is under way on this connection, and nothing else can run on it until that has ended. In the loop of a ' +
  'dump use stream(…) in its place, or another connection.'

const STRAY_COPY =
  'A COPY from or to the client is no statement that can be run by itself. To bring rows in use load(…).'

function describe(error: DatabaseError, code: string, sql: string | undefined): string {
  const position = error.position === undefined ? undefined : Number(error.position)
  const hint = error.hint === undefined ? '' : ` Hint: ${error.hint}`
  return `${withoutValue(error.message, code)}${hint}${statementExcerpt(sql, position)}`
}

/** The errors of class 22, "data exception", quote the value that was refused; it may be a parameter. */
function withoutValue(message: string, code: string): string {
  return code.startsWith('22') ? message.replace(/".*"/s, '"…"') : message
}

/** PGlite shows the parameters with its errors. */
function withoutParameters(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'queryOptions' in error && 'params' in error) {
    error.params = undefined
    error.queryOptions = undefined
  }
  return error
}

// In every language of PostgreSQL's messages: … (org_id, lower(email))=(1, a@x.org) …
const KEY = /\((.*?)\)=\(/s

function columnsOf(error: DatabaseError): readonly string[] | undefined {
  const column = error.column_name ?? error.column
  if (column !== undefined) return [column]
  const key = error.code === '23505' || error.code === '23503' ? KEY.exec(error.detail ?? '') : null
  if (key === null) return undefined
  const names = (key[1] as string).match(/"(?:[^"]|"")*"|[^,\s][^,]*/g) ?? []
  return names.map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name))
}

const UNKNOWN_ISSUER = 'nobody known vouches for its certificate; give that of who does: { ssl: { ca } }'

const LOST: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_ISSUER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is one of another host; name the host as that does, or give { ssl: { servername } }',
  CONNECTION_CLOSED: 'the connection was closed while the statement ran; whether it took effect is unknown',
  CONNECTION_DESTROYED: 'the connection was closed before the statement was answered',
  CONNECT_TIMEOUT: 'no answer in time; is the address right, and does a firewall let it through?',
  ECONNREFUSED: 'nothing listens there; is the server running, and is the port right?',
  ECONNRESET: 'the server closed the connection',
  EPIPE: 'the server closed the connection',
  ETIMEDOUT: 'no answer in time; is the address right, and does a firewall let it through?',
  EHOSTUNREACH: 'no route to this host',
  ENETUNREACH: 'no route to this network',
  ENOTFOUND: 'no such host; is its name spelt right?',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ENOENT: 'there is no such socket; is the server running?',
}

/** A message if the error is about the connection rather than the statement. */
function connectionMessage(error: DatabaseError, code: string): string | undefined {
  const lost = LOST[code]
  if (lost !== undefined) {
    const host = error.address ?? error.hostname
    const at = host === undefined ? '' : ` at ${host}${error.port ? `:${error.port}` : ''}`
    return `No connection to PostgreSQL${at}: ${lost} (${code}).`
  }
  if (/^08|^57P0[1-5]$|^53300$/.test(code))
    return `The connection to PostgreSQL was lost: ${error.message} (${code}).`
  if (/^28/.test(code)) {
    const tls = /no encryption/.test(error.message)
      ? ", and whether it must be by TLS: { ssl: 'require' }"
      : ''
    return `PostgreSQL refused the login: ${error.message} (${code}). Check user and password of the connection${tls}.`
  }
  if (code === '3D000' && error.severity === 'FATAL') {
    return `PostgreSQL refused the connection: ${error.message}. Create it with "createdb", or name another.`
  }
  return undefined
}
