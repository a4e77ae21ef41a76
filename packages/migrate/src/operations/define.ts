import type { Dialect } from '@espalier/core'
import type { AnyStatement, Irreversible, Operation, OperationCall, OperationLock } from './operation.js'

/** What an own operation is made of, see {@link defineOperation}. */
export interface OperationParts {
  /** What it is, for programs. */
  readonly kind: string
  /** What it does, for people, on one line. */
  readonly description: string
  /** Its statements, in order, or what makes them for a dialect. */
  readonly statements: readonly AnyStatement[] | ((dialect: Dialect) => readonly AnyStatement[])
  /** What undoes it: asked for when it is needed. Or why nothing does, and what to write so that it can be undone. */
  readonly reverse: (() => Operation | Irreversible) | Irreversible
  /** The locks that it takes, where its statements are raw SQL, which does not tell. */
  readonly locks?: readonly OperationLock[] | ((dialect: Dialect) => readonly OperationLock[])
  /** Whether the database refuses it within a transaction. */
  readonly isOutsideTransaction?: boolean
  /** The call that makes it, for those who write it as TypeScript: its name and its arguments. */
  readonly call?: OperationCall
}

/**
 * An operation of your own, of the statements that it runs and the operation that undoes it.
 * @example
 * ```ts
 * const enableAudit = (name: string): Operation =>
 *   defineOperation({
 *     kind: 'enableAudit',
 *     description: `audit ${name}`,
 *     statements: [sql.statement`select audit.enable(${name})`],
 *     reverse: () => disableAudit(name),
 *   })
 * const disableAudit = (name: string): Operation =>
 *   defineOperation({
 *     kind: 'disableAudit',
 *     description: `do not audit ${name}`,
 *     statements: [sql.statement`select audit.disable(${name})`],
 *     reverse: () => enableAudit(name),
 *   })
 * enableAudit('users').reverse() // the operation 'do not audit users'
 * ```
 */
export function defineOperation(parts: OperationParts): Operation {
  const { kind, description, statements, reverse, locks, isOutsideTransaction, call } = parts
  return {
    kind,
    description,
    statements: (dialect) => (typeof statements === 'function' ? statements(dialect) : statements),
    reverse: () => (typeof reverse === 'function' ? reverse() : reverse),
    ...(locks === undefined
      ? {}
      : { locks: (dialect: Dialect) => (typeof locks === 'function' ? locks(dialect) : locks) }),
    ...(isOutsideTransaction === undefined ? {} : { isOutsideTransaction: () => isOutsideTransaction }),
    ...(call === undefined ? {} : { call }),
  }
}
