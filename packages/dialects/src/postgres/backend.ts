import { type Backend, BuildError, type TransactionOptions } from '@espalier/core'
import { postgresAdvisoryLock, postgresCatalog } from './catalog.js'
import { copyField, copyStatement } from './copy.js'
import { postgresDecoders } from './decoders.js'

/** What PostgreSQL does beside running statements. */
export const postgresBackend: Backend = {
  decoders: postgresDecoders,
  begin,
  catalog: postgresCatalog,
  advisoryLock: postgresAdvisoryLock,
  copy: { statement: copyStatement, field: copyField },
}

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
