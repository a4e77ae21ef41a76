import { BuildError, ExecutionError, excerpt } from '../errors.js'
import { after } from './clock.js'

/** For what a connection is held. */
export type Purpose = 'statement' | 'transaction' | 'session' | 'stream'

/** Who holds a connection, and since when by the clock of `Date.now`. */
export interface Holder {
  readonly purpose: Purpose
  readonly since: number
}

/** Milliseconds that a statement waits for a connection where no option says otherwise. */
const ACQUIRE_TIMEOUT = 30_000

/** Those who wait for a connection, in the order in which they came; none longer than a time in milliseconds. */
export class Waiting<T> {
  private readonly queue: { readonly give: (value: T) => void; readonly purpose: Purpose | undefined }[] = []

  constructor(
    private readonly timeout: number = ACQUIRE_TIMEOUT,
    private readonly holders: () => readonly Holder[],
  ) {
    if (typeof timeout === 'number' && timeout >= 0) return
    throw new BuildError(
      'invalid_options',
      `acquireTimeout is a number of milliseconds, or Infinity, not ${excerpt(timeout)}.`,
    )
  }

  get length(): number {
    return this.queue.length
  }

  /** Waits for a turn; for what, {@link purpose} tells when it comes. */
  join(purpose?: Purpose): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = after(this.timeout, () => {
        this.queue.splice(this.queue.indexOf(entry), 1)
        reject(exhausted(this.timeout, this.holders()))
      })
      const entry = {
        purpose,
        give: (value: T) => {
          stop()
          resolve(value)
        },
      }
      this.queue.push(entry)
    })
  }

  /** For what the first of them waits. */
  get purpose(): Purpose | undefined {
    return this.queue[0]?.purpose
  }

  /** Gives the first its turn; false if nobody waits. */
  next(value: T): boolean {
    const entry = this.queue.shift()
    entry?.give(value)
    return entry !== undefined
  }
}

function exhausted(timeout: number, holders: readonly Holder[]): ExecutionError {
  const now = Date.now()
  const longest = holders.toSorted((a, b) => a.since - b.since).slice(0, 5)
  const by = longest.map(({ purpose, since }) => `a ${purpose} for ${((now - since) / 1000).toFixed(1)} s`)
  const more = holders.length > longest.length ? `, and ${holders.length - longest.length} more` : ''
  return new ExecutionError(
    'pool_exhausted',
    `No connection became free within ${timeout / 1000} s (acquireTimeout). ` +
      `${holders.length === 1 ? 'The only one is' : `All ${holders.length} are`} held by ${by.join(', ')}${more}. ` +
      'What runs within a transaction, a session or the loop of a stream uses its handle, not the database: with that, it ' +
      'waits for itself.',
  )
}
