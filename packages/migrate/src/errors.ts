import { type ErrorDetails, EspalierError } from '@espalier/core'

/** What is known of a migration that could not be read, planned or run. */
export interface MigrationDetails extends ErrorDetails {
  readonly revision?: string | undefined
  readonly file?: string | undefined
  readonly operation?: number | undefined
  readonly description?: string | undefined
  readonly sql?: string | undefined
}

/**
 * A revision, the history, or the database's state does not allow what was asked.
 *
 * `code` is one of: `invalid_operation`, `invalid_revision`, `invalid_history`, `several_heads`, `unknown_target`,
 * `irreversible`, `cannot_compile`, `unknown_revisions`, `state_changed`, `lock_timeout`, `operation_failed`,
 * `revision_failed`, `not_sql`, `unfinished`, `assertion_failed`, `no_table`, `no_index`, `cannot_alter`,
 * `rows_do_not_fit`, `rows_lost`, `orphans`, `foreign_keys_on`, `invalid_config`, `lock_file`, `hook_failed`; of `pull` and
 * `diagram` `unsupported`, `unknown_object`, `file_exists`, `cannot_write`; on the command line also `usage`,
 * `editor_failed`.
 *
 * @example
 * ```ts
 * try {
 *   await migrator.upgrade()
 * } catch (error) {
 *   if (isEspalierError(error) && error.code === 'operation_failed') console.error(error.message)
 * }
 * ```
 */
export class MigrationError extends EspalierError {
  override readonly name: string = 'MigrationError'
  /** The id of the revision. */
  readonly revision: string | undefined
  /** The file in which the revision is. */
  readonly file: string | undefined
  /** The place of the operation in its list, counted from 1. */
  readonly operation: number | undefined
  /** What the operation does, for people. */
  readonly description: string | undefined
  /** The statement that failed. */
  readonly sql: string | undefined

  constructor(code: string, message: string, details: MigrationDetails = {}) {
    super(code, message, details)
    this.revision = details.revision
    this.file = details.file
    this.operation = details.operation
    this.description = details.description
    this.sql = details.sql
  }
}
