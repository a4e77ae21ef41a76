import type { Dialect, Executor, Statement, Transaction } from '@espalier/core'

/** Any statement that can run as it is: it lacks no source and no parameter. */
export type AnyStatement = Statement<unknown, never>

/** Why an operation cannot be reversed, and what to write so that it can. */
export interface Irreversible {
  readonly irreversible: string
}

/** What a function of a revision is told beside the handle of its transaction. */
export interface RunContext {
  /** The id of the revision. */
  readonly revision: string
  readonly direction: 'up' | 'down'
}

/**
 * One step of a revision, as a value: it can be shown, reversed and written as SQL before it touches a database.
 * `createTable`, `addColumn`, `execute` and their like make them; an object of your own with these members is one too.
 */
export interface Operation {
  /** What it is, for programs: `createTable`, `execute`, … */
  readonly kind: string
  /** What it does, for people, on one line: `create table users`. */
  readonly description: string
  /** Its statements, in order. An error if the dialect cannot do it. */
  statements(dialect: Dialect): readonly AnyStatement[]
  /** The operation that undoes it, or why there is none. */
  reverse(): Operation | Irreversible
  /** Asked right before it runs: why it must not, or undefined. */
  refusal?(db: Executor): Promise<string | undefined>
  /** What it does beside its statements, after them: code, which no script of SQL can contain. */
  run?(tx: Transaction, context: RunContext): Promise<void>
  /**
   * What it does in place of its statements on a dialect where that depends on what the database has, as a change of a table
   * of SQLite does; undefined where its statements are all. Foreign keys are not enforced meanwhile.
   */
  perform?(dialect: Dialect): ((tx: Transaction) => Promise<void>) | undefined
  /** The locks that it takes, where its statements do not tell: see {@link locksOf}. */
  locks?(dialect: Dialect): readonly OperationLock[]
  /**
   * Whether the database refuses it within a transaction, where its statements do not tell. Its revision then has several
   * transactions, and a journal of how far it is; if it is broken off in this operation, that is run again.
   */
  isOutsideTransaction?(dialect: Dialect): boolean
  /** The call that makes it, as its name and its arguments, for those who write it as TypeScript. */
  readonly call?: OperationCall
}

/** The call that makes an operation. */
export type OperationCall = readonly [name: string, ...args: readonly unknown[]]

/** How strongly a lock excludes others, in PostgreSQL's own words; `file` is SQLite's, which lets others read only. */
export type LockMode =
  | 'access share'
  | 'row share'
  | 'row exclusive'
  | 'share update exclusive'
  | 'share'
  | 'share row exclusive'
  | 'exclusive'
  | 'access exclusive'
  | 'file'

/** A lock that an operation takes, until its transaction ends. */
export interface OperationLock {
  /** The table, or another object; nothing for the whole file of SQLite. */
  readonly object: string | undefined
  readonly mode: LockMode
  /** What others cannot do meanwhile. */
  readonly blocks: 'reads and writes' | 'writes' | 'changes of the schema' | 'nothing'
  /** All rows are read under the lock. */
  readonly scans?: boolean
  /** The table, and its indexes with it, is written anew under the lock. */
  readonly rewrites?: boolean
}

/** Whether a value is an operation, of whichever installed copy. */
export function isOperation(value: unknown): value is Operation {
  if (typeof value !== 'object' || value === null) return false
  const { kind, description, statements, reverse } = value as Partial<Operation>
  return (
    typeof kind === 'string' &&
    typeof description === 'string' &&
    typeof statements === 'function' &&
    typeof reverse === 'function'
  )
}

/** Whether the answer of `reverse` is that there is no reverse. */
export function isIrreversible(reverse: Operation | Irreversible): reverse is Irreversible {
  return 'irreversible' in reverse
}
