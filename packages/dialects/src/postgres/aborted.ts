import { ExecutionError } from '@espalier/core'

/**
 * PostgreSQL answers `commit` of a failed transaction with a rollback, and no error. Whoever took an error of a
 * statement for handled would believe that the rest was committed; so it is an error here.
 *
 * `command` is the command tag of the answer to `sql`.
 */
export function refuseSilentRollback(command: string | undefined, sql: string): void {
  if (command !== 'ROLLBACK' || !/^\s*(?:commit|end)\b/i.test(sql)) return
  throw new ExecutionError(
    'transaction_aborted',
    'The transaction was rolled back instead of committed, since one of its statements had failed. ' +
      'Let the error of a statement end the transaction, or run the statement in a nested one (a savepoint).',
    { sql },
  )
}
