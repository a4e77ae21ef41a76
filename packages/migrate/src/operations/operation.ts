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
