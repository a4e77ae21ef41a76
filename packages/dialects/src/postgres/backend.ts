import { type Backend, type BeginOptions, BuildError } from '@espalier/core'
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

function begin({ isolation, readOnly, deferrable }: BeginOptions): string {
  if (isolation !== undefined && !ISOLATION.includes(isolation)) {
    throw new BuildError(
      'invalid_options',
      `PostgreSQL has no isolation '${isolation}'. It has: ${ISOLATION.join(', ')}.`,
    )
  }
  const modes = [
    isolation === undefined ? [] : `isolation level ${isolation}`,
    readOnly === undefined ? [] : `read ${readOnly ? 'only' : 'write'}`,
    deferrable === undefined ? [] : `${deferrable ? '' : 'not '}deferrable`,
  ].flat()
  return modes.length === 0 ? 'begin' : `begin ${modes.join(', ')}`
}
