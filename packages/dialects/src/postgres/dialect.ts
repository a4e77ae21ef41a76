import {
  BuildError,
  createDialect,
  type Dialect,
  isEspalierError,
  type TransactionOptions,
} from '@espalier/core'
import { postgresAdvisoryLock, postgresCatalog } from './catalog.js'
import { PostgresCompiler } from './compiler.js'
import { copyField, copyStatement } from './copy.js'
import { mapPostgresError } from './errors.js'
import { decodeUntyped, postgresTypes } from './types.js'

/** PostgreSQL 12 and later, as a dialect: what `postgres(…)` and `pglite(…)` use. */
export const postgresDialect: Dialect = createDialect({
  name: 'PostgreSQL',
  compiler: PostgresCompiler,
  types: postgresTypes,
  // The protocol counts the parameters of a statement in 16 bits; postgres.js takes two fewer than fit.
  maxParameters: 65533,
  capabilities: {
    addConstraint: true,
    returningFromSources: true,
    parenthesizedMembers: true,
    dropCascade: true,
    schemas: true,
  },
  decodeUntyped: (value, columnType) => decodeUntyped(value, columnType ?? 0),
  catalog: postgresCatalog,
  advisoryLock: postgresAdvisoryLock,
  copy: { statement: copyStatement, field: copyField },
  begin,
  mapError: (error, sql) => (isEspalierError(error) ? error : mapPostgresError(error, sql)),
})

const ISOLATION = ['read committed', 'repeatable read', 'serializable']

function begin({ isolation, readOnly }: TransactionOptions): string {
  if (isolation !== undefined && !ISOLATION.includes(isolation)) {
    throw new BuildError(
      'invalid_options',
      `PostgreSQL has no isolation '${isolation}'. It has: ${ISOLATION.join(', ')}.`,
    )
  }
  let sql = 'begin'
  if (isolation !== undefined) sql += ` isolation level ${isolation}`
  if (readOnly !== undefined)
    sql += `${isolation === undefined ? '' : ','} read ${readOnly ? 'only' : 'write'}`
  return sql
}
