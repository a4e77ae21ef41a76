import { BuildError, excerpt, isEspalierError } from '../errors.js'
import type { TransactionOptions } from './backend.js'
import { after } from './clock.js'
import type { Deadline } from './deadline.js'

/** Runs a function, and again while it fails by an error after which it may succeed, as often as the options say. */
export async function withRetries<T>(
  work: () => Promise<T>,
  { retries = 0, onRetry }: TransactionOptions,
  deadline: Deadline | undefined,
): Promise<T> {
  if (!Number.isInteger(retries) || retries < 0) {
    throw new BuildError('invalid_options', `retries is a whole number, 0 or more, not ${excerpt(retries)}.`)
  }
  for (let failures = 1; ; failures++) {
    try {
      return await work()
    } catch (error) {
      if (failures > retries || !isRetryable(error)) throw error
      onRetry?.(error, failures)
      const over = pause(failures)
      await (deadline === undefined ? over : deadline.waitFor(over, () => undefined))
    }
  }
}

/** Whether an error, or what led to it, says that the same transaction may succeed. */
function isRetryable(error: unknown): boolean {
  let at = error
  // Nobody wraps an error that often, unless it is its own cause.
  for (let depth = 0; depth < 20 && typeof at === 'object' && at !== null; depth++) {
    if (isEspalierError(at)) {
      // It is committed: run again, it would be done twice.
      if (at.code === 'after_commit_failed') return false
      if ((at as { retryable?: unknown }).retryable === true) return true
    }
    at = (at as { cause?: unknown }).cause
  }
  return false
}

/** A random time, so that two transactions that stood in each other's way do not meet again. */
function pause(failures: number): Promise<void> {
  const longest = Math.min(2000, 10 * 2 ** Math.min(failures, 20))
  return new Promise((resolve) => after(Math.random() * longest, resolve))
}
