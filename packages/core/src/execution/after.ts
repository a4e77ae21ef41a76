import { ExecutionError } from '../errors.js'

/** What is to run when a transaction has ended. */
type Callback = () => unknown

/** What a transaction and its savepoints want to have run when it has ended, committed or rolled back. */
export class AfterTransaction {
  private readonly committed: Callback[] = []
  private readonly rolledBack: Callback[] = []
  /** Of savepoints that were rolled back, whatever becomes of the transaction. */
  private readonly undone: Callback[] = []

  commit(callback: Callback): void {
    this.committed.push(callback)
  }
  rollback(callback: Callback): void {
    this.rolledBack.push(callback)
  }

  /** Where a savepoint begins: gives the function that is called where it is rolled back. */
  savepoint(): () => void {
    const commits = this.committed.length
    const rollbacks = this.rolledBack.length
    return () => {
      this.committed.length = commits
      this.undone.push(...this.rolledBack.splice(rollbacks))
    }
  }

  /** Runs a transaction, and then what it asked for. */
  async following<T>(transaction: () => Promise<T>): Promise<T> {
    const errors: unknown[] = []
    let result: T
    try {
      result = await transaction()
    } catch (error) {
      // The error that led to the rollback is the one to report.
      for (const callback of [...this.undone, ...this.rolledBack]) await attempt(callback, errors)
      throw error
    }
    for (const callback of [...this.undone, ...this.committed]) await attempt(callback, errors)
    refuse(errors)
    return result
  }

  /** As {@link following}, without promises. */
  followingSync<T>(transaction: () => T): T {
    const errors: unknown[] = []
    let result: T
    try {
      result = transaction()
    } catch (error) {
      for (const callback of [...this.undone, ...this.rolledBack]) attemptSync(callback, errors)
      throw error
    }
    for (const callback of [...this.undone, ...this.committed]) attemptSync(callback, errors)
    refuse(errors)
    return result
  }
}

async function attempt(callback: Callback, errors: unknown[]): Promise<void> {
  try {
    await callback()
  } catch (error) {
    errors.push(error)
  }
}

function attemptSync(callback: Callback, errors: unknown[]): void {
  try {
    callback()
  } catch (error) {
    errors.push(error)
  }
}

function refuse(errors: readonly unknown[]): void {
  if (errors.length === 0) return
  const [first] = errors
  const message = first instanceof Error ? first.message : String(first)
  throw new ExecutionError(
    'after_commit_failed',
    `The transaction is committed, but what was to run after it has failed: ${message}`,
    { cause: errors.length === 1 ? first : new AggregateError(errors) },
  )
}
