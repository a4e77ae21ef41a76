import { type Backend, type BeginOptions, BuildError, excerpt, type Request } from '@espalier/core'
import { requireMilliseconds } from '../milliseconds.js'
import { postgresAdvisoryLock, postgresCatalog } from './catalog.js'
import { copyField, copyStatement } from './copy.js'
import { postgresDecoders } from './decoders.js'
import { postgresReplication } from './replication.js'

/** What PostgreSQL does beside running statements. */
export const postgresBackend: Backend = {
  decoders: postgresDecoders,
  begin,
  configure,
  catalog: postgresCatalog,
  advisoryLock: postgresAdvisoryLock,
  copy: { statement: copyStatement, field: copyField },
  replication: postgresReplication,
}

const ISOLATION = ['read committed', 'repeatable read', 'serializable']

function begin({ isolation, readOnly, deferrable, locking }: BeginOptions): string {
  if (locking !== undefined) {
    throw new BuildError(
      'invalid_options',
      `PostgreSQL locks rows and has no locking '${locking}' of a whole database, as SQLite has. Take locks by .add(forUpdate()) ` +
        "in a query, or by isolation: 'serializable' let the database find out what excludes each other.",
    )
  }
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

/** `set local` takes no parameters, `set_config` does: https://www.postgresql.org/docs/current/functions-admin.html */
function configure({ settings, statementTimeout, lockTimeout }: BeginOptions): Request | undefined {
  const values: [name: string, value: unknown][] = Object.entries(settings ?? {})
  if (statementTimeout !== undefined)
    values.push(['statement_timeout', requireMilliseconds('statementTimeout', statementTimeout)])
  if (lockTimeout !== undefined)
    values.push(['lock_timeout', requireMilliseconds('lockTimeout', lockTimeout)])
  if (values.length === 0) return undefined
  const calls = values.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`)
  const params = values.flatMap(([name, value]) => [name, settingText(name, value)])
  return { sql: `select ${calls.join(', ')}`, params, exactIntegers: false }
}

/** Settings on which it depends how values are written and read: of others texts would come wrong, or literals end early. */
const OF_VALUES = [
  'bytea_output',
  'client_encoding',
  'datestyle',
  'extra_float_digits',
  'standard_conforming_strings',
]

function settingText(name: string, value: unknown): string {
  if (OF_VALUES.includes(name.toLowerCase())) {
    throw new BuildError(
      'invalid_options',
      `The setting '${name}' says in which form PostgreSQL writes and reads values, which must stay as it is for them to be right.`,
    )
  }
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value)
  throw new BuildError(
    'invalid_options',
    `The setting '${name}' is a text, a number or a boolean, not ${excerpt(value)}. Leave it out for what it is by itself.`,
  )
}
