import { type Database, type Executor, isEspalierError, type Transaction } from '@espalier/core'
import { MigrationError } from '../errors.js'
import type { OnProgress } from './progress.js'

const FIRST_PAUSE = 50
const LONGEST_PAUSE = 1000

/** How long to wait for another runner, and who is told. */
export interface Patience {
  /** Milliseconds. */
  readonly timeout: number
  readonly onProgress: OnProgress
}

/**
 * Runs a function with one connection, on which the lock of that name is held: if the connection is lost, so are the lock
 * and the transaction on it, both at once. On a dialect without such locks, a transaction that writes excludes others by
 * itself, see {@link writeTransaction}.
 *
 * The lock is asked for again and again and never waited for within the database: a session that waits there has a
 * snapshot, for which `create index concurrently` of the runner that holds the lock would wait in turn.
 */
export function withLock<T>(
  db: Database,
  name: string,
  patience: Patience,
  work: (session: Executor) => Promise<T>,
): Promise<T> {
  return db.session(async (session) => {
    const lock = db.backend.advisoryLock
    if (lock === undefined) return work(session)
    await retry(patience, name, async () => (await session.one(lock.tryAcquire(name))).acquired)
    try {
      return await work(session)
    } finally {
      // If this fails the connection is gone, and the lock with it.
      await session.one(lock.release(name)).catch(() => undefined)
    }
  })
}

/**
 * Runs a function in a transaction. Where beginning it fails because another one holds the database, which SQLite tells
 * only after its busy timeout, it is begun again until the patience ends.
 */
export async function writeTransaction<T>(
  session: Executor,
  name: string,
  patience: Patience,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const outcome: { value?: T } = {}
  await retry(patience, name, async () => {
    let begun = false
    try {
      outcome.value = await session.transaction((tx) => {
        begun = true
        return work(tx)
      })
      return true
    } catch (error) {
      if (!begun && isEspalierError(error) && error.code === 'lock_timeout') return false
      throw error
    }
  })
  return outcome.value as T
}

async function retry(
  { timeout, onProgress }: Patience,
  name: string,
  attempt: () => Promise<boolean>,
): Promise<void> {
  const start = Date.now()
  let told = 0
  for (let pause = FIRST_PAUSE; !(await attempt()); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const waitedMs = Date.now() - start
    if (waitedMs >= timeout) {
      throw new MigrationError(
        'lock_timeout',
        `Another runner has held the lock on ${name} for ${waitedMs} ms. Wait until it is through, or allow more time by ` +
          'lockTimeout. A lock is never left behind: it ends with the connection of its holder.',
      )
    }
    if (waitedMs >= told) {
      onProgress({ kind: 'waiting', waitedMs })
      told = waitedMs + 1000
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, timeout - waitedMs)))
  }
}
