import {
  BuildError,
  createDialect,
  type Dialect,
  isEspalierError,
  type TransactionOptions,
} from '@espalier/core'
import { sqliteCatalog } from './catalog.js'
import { SqliteCompiler } from './compiler.js'
import { mapSqliteError } from './errors.js'
import { decodeUntyped, sqliteTypes } from './types.js'

/** SQLite 3.39 and later, as a dialect: what `sqlite(…)` uses. */
export const sqliteDialect: Dialect = createDialect({
  name: 'SQLite',
  compiler: SqliteCompiler,
  types: sqliteTypes,
  // https://sqlite.org/limits.html#max_variable_number
  maxParameters: 32766,
  capabilities: {
    addConstraint: false,
    returningFromSources: false,
    parenthesizedMembers: false,
    dropCascade: false,
    schemas: true,
  },
  decodeUntyped: (value) => decodeUntyped(value),
  catalog: sqliteCatalog,
  advisoryLock: undefined,
  copy: undefined,
  begin,
  mapError: (error, sql) => (isEspalierError(error) ? error : mapSqliteError(error, sql)),
})

/** Transactions of SQLite are serializable, so every isolation asked for is given. */
function begin({ isolation, readOnly }: TransactionOptions): string {
  if (isolation !== undefined && !['read committed', 'repeatable read', 'serializable'].includes(isolation)) {
    throw new BuildError('invalid_options', `There is no isolation '${isolation}'.`)
  }
  // A write transaction takes its lock at once: one that began by reading could not always be upgraded.
  return readOnly === true ? 'begin' : 'begin immediate'
}
