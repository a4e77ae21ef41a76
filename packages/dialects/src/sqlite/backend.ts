import { type Backend, type BeginOptions, BuildError } from '@espalier/core'
import { sqliteCatalog } from './catalog.js'
import { sqliteDecoders } from './decoders.js'

/** What SQLite does beside running statements. */
export const sqliteBackend: Backend = {
  decoders: sqliteDecoders,
  begin,
  catalog: sqliteCatalog,
  advisoryLock: undefined,
  copy: undefined,
}

/** Transactions of SQLite are serializable, so every isolation asked for is given. */
function begin({ isolation, readOnly }: BeginOptions): string {
  if (isolation !== undefined && !['read committed', 'repeatable read', 'serializable'].includes(isolation)) {
    throw new BuildError('invalid_options', `There is no isolation '${isolation}'.`)
  }
  // A write transaction takes its lock at once: one that began by reading could not always be upgraded.
  return readOnly === true ? 'begin' : 'begin immediate'
}
