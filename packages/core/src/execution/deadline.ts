import { BuildError, Cancelled, excerpt, isEspalierError } from '../errors.js'
import { after } from './clock.js'
import type { Session } from './driver.js'

/** What this package asks of an `AbortSignal`. */
export interface Signal {
  /** Whether it was aborted already. */
  readonly aborted: boolean
  /** Why it was. */
  readonly reason: unknown
  /** Calls a function when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Does not call it any more. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** When work is given up. */
export interface CancelOptions {
  /**
   * Cancels the statement when it is aborted: PostgreSQL's server ends it. On SQLite and PGlite what has begun runs to its
   * end, and only what waits or comes later is given up. The error is a `Cancelled` with the code `cancelled`, and the
   * signal's reason as `cause`.
   */
  readonly signal?: Signal | undefined
  /** Milliseconds after which it is cancelled, in the same way; the error has the code `timeout`. */
  readonly timeout?: number | undefined
}

/** The end of the time that work has, by a signal or by the clock. */
export class Deadline {
  private cancelled: (() => Cancelled) | undefined
  private readonly listeners = new Set<() => void>()
  /** Ends it: its time does not pass any more. */
  close: () => void = () => {}

  /** Whether nobody waits for the work any more; throws if so. */
  check(): void {
    if (this.cancelled !== undefined) throw this.cancelled()
  }

  /** Calls a function when the time is over, until the function that it returns is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private pass(error: () => Cancelled): void {
    if (this.cancelled !== undefined) return
    this.cancelled = error
    for (const listener of this.listeners) listener()
  }

  /** Runs work with a deadline; with that of the work around it where no option asks for one. */
  static async during<T>(
    options: CancelOptions,
    work: (deadline: Deadline | undefined) => Promise<T>,
    outer?: Deadline,
  ): Promise<T> {
    const deadline = Deadline.open(options, outer)
    if (deadline === undefined) return work(outer)
    try {
      deadline.check()
      return await work(deadline)
    } finally {
      deadline.close()
    }
  }

  /** A deadline that lasts until it is closed, and passes with the one around it; undefined where no option asks for one. */
  static open({ signal, timeout }: CancelOptions, outer?: Deadline): Deadline | undefined {
    if (signal === undefined && timeout === undefined) return undefined
    if (timeout !== undefined && !(timeout >= 0)) {
      throw new BuildError('invalid_options', `timeout is a number of milliseconds, not ${excerpt(timeout)}.`)
    }
    const deadline = new Deadline()
    const abort = () =>
      deadline.pass(
        () =>
          new Cancelled('cancelled', 'The statement was cancelled by its signal.', { cause: signal?.reason }),
      )
    if (signal?.aborted === true) abort()
    signal?.addEventListener('abort', abort)
    const stop =
      timeout === undefined
        ? undefined
        : after(timeout, () =>
            deadline.pass(() => new Cancelled('timeout', `The statement was cancelled after ${timeout} ms.`)),
          )
    const follow = () => {
      if (outer?.cancelled !== undefined) deadline.pass(outer.cancelled)
    }
    follow()
    const leave = outer?.listen(follow)
    deadline.close = () => {
      signal?.removeEventListener('abort', abort)
      stop?.()
      leave?.()
    }
    return deadline
  }

  /** Waits for something until the time is over; what comes after that goes to `late`. */
  waitFor<T>(promise: Promise<T>, late: (value: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let over = false
      const giveUp = () => {
        over = true
        stop()
        reject(this.cancelled?.())
      }
      const stop = this.listen(giveUp)
      if (this.cancelled !== undefined) giveUp()
      promise.then(
        (value) => {
          stop()
          if (over) late(value)
          else resolve(value)
        },
        (error) => {
          stop()
          reject(error)
        },
      )
    })
  }

  /**
   * Runs something on a connection, and has that ended when the time is over. With `inDoubt` a loss of the connection stays
   * what it is: of a commit nobody knows then whether it took effect.
   */
  async run<T>(
    { session, spoil }: Held,
    sql: string | undefined,
    work: () => Promise<T>,
    inDoubt = false,
  ): Promise<T> {
    this.check()
    let told: Promise<void> | undefined
    const stop = this.listen(() => {
      if (session.cancel === undefined) return
      spoil()
      told = session.cancel()
    })
    try {
      return await work()
    } catch (error) {
      const cancelled = this.cancelled?.()
      if (cancelled === undefined) throw error
      if (inDoubt && isEspalierError(error) && error.code === 'connection_lost') throw error
      const { code, message, cause } = cancelled
      throw new Cancelled(code, message, { sql, cause: cause ?? error })
    } finally {
      stop()
      // What ended by itself meanwhile may be followed by another statement, which the cancellation must not hit.
      await told
    }
  }
}

/** A connection that is held. */
export interface Held {
  readonly session: Session
  /** Tells that nothing else may run on it. */
  readonly spoil: () => void
}

/** Runs something on a connection, with a deadline if there is one. */
export function within<T>(
  deadline: Deadline | undefined,
  held: Held,
  sql: string | undefined,
  work: () => Promise<T>,
  inDoubt = false,
): Promise<T> {
  return deadline === undefined ? work() : deadline.run(held, sql, work, inDoubt)
}
