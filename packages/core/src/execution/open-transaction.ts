import { BuildError, ExecutionError } from '../errors.js'
import type { TransactionOptions } from './backend.js'
import type { BeginOptions } from './begin-options.js'
import type { OpenTransaction } from './database.js'

/** What ends the function of a transaction that is rolled back by hand. */
const ROLLED_BACK = Symbol('rolled back')

/** Makes a transaction that is ended by hand of one that ends with its function, which waits for that. */
export function openTransaction(
  options: BeginOptions,
  transact: (work: (tx: object) => Promise<void>) => Promise<void>,
): Promise<OpenTransaction> {
  if ((options as TransactionOptions).retries !== undefined) {
    throw new BuildError(
      'invalid_options',
      'A transaction that is ended by hand has no function that could be run again: use transaction(…) for retries.',
    )
  }
  return new Promise((resolve, reject) => {
    let ended: string | undefined
    const end = async (how: string, act: () => void): Promise<void> => {
      if (ended !== undefined) {
        throw new ExecutionError('transaction_ended', `This transaction was ${ended} already; it ends once.`)
      }
      ended = how
      act()
      try {
        await done
      } catch (error) {
        if (error !== ROLLED_BACK) throw error
      }
    }
    const done = transact(
      (tx) =>
        new Promise((commit, fail) => {
          const rollback = () => end('rolled back', () => fail(ROLLED_BACK))
          const ends = {
            commit: () => end('committed', commit),
            rollback,
            [Symbol.asyncDispose]: async () => {
              if (ended === undefined) await rollback()
            },
          }
          resolve(Object.assign(tx, ends) as unknown as OpenTransaction)
        }),
    )
    // Where it could not begin; afterwards its end tells.
    done.catch(reject)
  })
}
