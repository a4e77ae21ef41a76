import { BuildError, ExecutionError, excerpt } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { BeginOptions } from './begin-options.js'

/** What a driver may know of one connection, and do to it, beside running statements. */
export interface ConnectionState {
  /** Whether a transaction is open on the connection; absent where the driver cannot tell. */
  inTransaction?: (() => boolean) | undefined
  /**
   * Makes the connection refuse writes until the function that it returns is called; absent where a transaction that
   * is begun as read only refuses them by itself.
   */
  refuseWrites?: (() => () => void) | undefined
  /**
   * Makes statements wait so many milliseconds for locks until the function that it returns is called; absent where that is
   * told by a statement of the transaction.
   */
  limitWaiting?: ((milliseconds: number) => () => void) | undefined
}

/** Has a connection do what a transaction asks of it beside its statements; the function that it returns ends that. */
export function adjust(connection: ConnectionState, { readOnly, lockTimeout }: BeginOptions): () => void {
  const endWaiting = lockTimeout === undefined ? undefined : connection.limitWaiting?.(lockTimeout)
  const allowWrites = readOnly === true ? connection.refuseWrites?.() : undefined
  return () => {
    allowWrites?.()
    endWaiting?.()
  }
}

/** The name of a savepoint, quoted, and its options checked: of those of a transaction it has only the name. */
export function savepointName({ name, ...others }: BeginOptions, depth: number): string {
  if (Object.values(others).some((value) => value !== undefined)) {
    throw new BuildError(
      'invalid_options',
      `A transaction inside a transaction is a savepoint, which has no such options: ${excerpt(others)}. It may have a name, ` +
        'a signal and a timeout; give the others to the outermost.',
    )
  }
  if (name === undefined) return `"espalier_${depth}"`
  if (typeof name === 'string' && name !== '' && !name.includes('\u0000')) return quoteIdentifier(name)
  throw new BuildError('invalid_options', `The name of a savepoint is a text, not ${excerpt(name)}.`)
}

/**
 * Refuses to go on in a transaction that is not open any more: some errors make SQLite roll back by itself, and what
 * ran afterwards would be committed statement by statement.
 */
export function refuseAborted(connection: ConnectionState): void {
  if (connection.inTransaction?.() !== false) return
  throw new ExecutionError(
    'transaction_aborted',
    'This transaction was ended before its function returned: the database rolled it back when one of its statements ' +
      'failed, or a statement such as rollback ended it. Whatever followed would run in no transaction, so nothing does. ' +
      'Let the error of a statement end the transaction, and its function alone decide on commit or rollback.',
  )
}

/** The error for a statement that began a transaction which nobody would end. */
export function strayBegin(sql: string): ExecutionError {
  return new ExecutionError(
    'stray_begin',
    'A transaction that is begun by a single statement belongs to nobody: use transaction(…).',
    { sql },
  )
}

/** The error for a session that was left in a transaction, which has been rolled back. */
export function unendedTransaction(): ExecutionError {
  return new ExecutionError(
    'stray_begin',
    'A session began a transaction by a statement and returned without ending it, so it was rolled back: use ' +
      'session.transaction(…).',
  )
}

/** Undoes a transaction that was begun by a single statement. */
export const ROLLBACK = { sql: 'rollback', params: [], exactIntegers: false } as const
