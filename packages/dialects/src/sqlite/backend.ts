import { type Backend, type BeginOptions, BuildError } from '@espalier/core'
import { requireMilliseconds } from '../milliseconds.js'
import { sqliteCatalog } from './catalog.js'
import { sqliteDecoders } from './decoders.js'
import { dumpText } from './dump-text.js'

/** What SQLite does beside running statements. */
export const sqliteBackend: Backend = {
  decoders: sqliteDecoders,
  begin,
  catalog: sqliteCatalog,
  advisoryLock: undefined,
  copy: undefined,
  dumpText,
}

const LOCKING = ['deferred', 'immediate', 'exclusive']

/** Transactions of SQLite are serializable, so every isolation asked for is given. */
function begin(options: BeginOptions): string {
  const { isolation, readOnly, locking, settings, statementTimeout, lockTimeout } = options
  if (isolation !== undefined && !['read committed', 'repeatable read', 'serializable'].includes(isolation)) {
    throw new BuildError('invalid_options', `There is no isolation '${isolation}'.`)
  }
  if (settings !== undefined) {
    throw new BuildError(
      'invalid_options',
      'SQLite has no settings of a transaction, which only PostgreSQL has. Give what statements need as parameters.',
    )
  }
  if (statementTimeout !== undefined) {
    throw new BuildError(
      'invalid_options',
      'SQLite cannot end a statement that has begun, so it has no statementTimeout. A timeout gives up the transaction ' +
        'between its statements.',
    )
  }
  if (lockTimeout !== undefined) requireMilliseconds('lockTimeout', lockTimeout)
  if (locking !== undefined) {
    if (LOCKING.includes(locking)) return `begin ${locking}`
    throw new BuildError(
      'invalid_options',
      `SQLite has no locking '${locking}'. It has: ${LOCKING.join(', ')}.`,
    )
  }
  // A write transaction takes its lock at once: one that began by reading could not always be upgraded.
  return readOnly === true ? 'begin' : 'begin immediate'
}
