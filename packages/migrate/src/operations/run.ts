import { excerpt, type Transaction } from '@espalier/core'
import { MigrationError } from '../errors.js'
import type { AnyStatement, Irreversible, Operation, RunContext } from './operation.js'

/** Code of a revision. It runs in the revision's transaction, with the handle that it is given. */
export type RunFunction = (db: Transaction, context: RunContext) => Promise<void>

/** How the function of a revision is undone, and what it is called. */
export interface RunOptions {
  /** What undoes it: a function, or `'nothing'` where nothing needs to be undone. */
  readonly reverse?: RunFunction | 'nothing'
  /** What it does, for people. */
  readonly description?: string
}

const nothing: RunFunction = async () => {}

class Run implements Operation {
  readonly kind = 'run'
  constructor(
    readonly code: RunFunction,
    readonly undo: RunFunction | undefined,
    readonly description: string,
  ) {}
  statements(): readonly AnyStatement[] {
    return []
  }
  async run(tx: Transaction, context: RunContext): Promise<void> {
    await this.code(tx, context)
  }
  reverse(): Operation | Irreversible {
    if (this.undo !== undefined) return new Run(this.undo, this.code, `reverse of: ${this.description}`)
    return {
      irreversible:
        "nothing says how to undo a function; write run(async (db) => …, { reverse: async (db) => … }), or { reverse: 'nothing' }",
    }
  }
}

/**
 * Runs code, for what cannot be said by statements: reading rows and computing new ones in JavaScript. It runs in the
 * transaction of its revision, so it must use the handle that it is given. It cannot be shown as SQL; prefer statements.
 * @example
 * ```ts
 * run(async (db) => {
 *   for (const user of await db.all(select(users).from(users))) {
 *     await db.run(update(users).set({ fullName: user.email.split('@')[0]! }).where(users.id.eq(user.id)))
 *   }
 * }, { reverse: 'nothing' })
 * ```
 */
export function run(code: RunFunction, options: RunOptions = {}): Operation {
  if (typeof code !== 'function') {
    throw new MigrationError('invalid_operation', `run takes an async function, not ${excerpt(code)}.`)
  }
  const undo = options.reverse === 'nothing' ? nothing : options.reverse
  return new Run(code, undo, options.description ?? `run ${code.name || 'a function'}`)
}
