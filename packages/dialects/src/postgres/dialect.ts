import { BuildError, createDialect, type Dialect, type Lacks } from '@espalier/core'
import { PostgresCompiler } from './compiler.js'
import { postgresTypes } from './types.js'

const lacks: Lacks = {
  fullJoinOnAny: true,
  schemaOfIndex: true,
  insertOr: true,
  severalConflicts: true,
  bigintSum: true,
  booleanExtremes: true,
}

/**
 * Since when PostgreSQL has what it did not always have: https://www.postgresql.org/docs/release/
 */
const since: Partial<Record<keyof Lacks, number>> = {
  withTies: 13,
  searchAndCycle: 14,
  multiranges: 14,
  merge: 15,
  mergeReturning: 17,
  mergeBySource: 17,
  rowVersions: 18,
  compression: 14,
  nullsNotDistinct: 15,
  setColumns: 15,
  viewOptions: 15,
  columnStorage: 16,
  virtualColumns: 18,
  namedNotNull: 18,
  notEnforced: 18,
  temporalKeys: 18,
}
const OLDEST = 12
const NEWEST = 18

function postgresOf(name: string, lacks: Lacks): Dialect {
  return createDialect({
    name,
    compiler: (dialect, inline) => new PostgresCompiler(dialect, inline),
    types: postgresTypes,
    // The protocol counts the parameters of a statement in 16 bits; postgres.js takes two fewer than fit.
    maxParameters: 65533,
    lacks,
    maxNameBytes: 63,
    unlimited: '',
    binaryCollation: 'C',
  })
}

/** PostgreSQL as it is today, as a dialect: what `postgres(…)` and `pglite(…)` use. */
export const postgresDialect: Dialect = /* @__PURE__ */ postgresOf('PostgreSQL', lacks)

/** Statements remember what they are in a dialect, so there is one for each version. */
const older = /* @__PURE__ */ new Map<number, Dialect>()

/**
 * PostgreSQL of a major version, from 12 on, as a dialect: it refuses what that version does not have yet, with an
 * `UnsupportedError` that says what to write instead. For versions from 18 on it is `postgresDialect`.
 *
 * Throws a `BuildError` for anything but a whole number from 12 on.
 * @example
 * ```ts
 * const merge = mergeInto(archive).using(users, users.id.eq(archive.id)).whenMatched().doDelete()
 * let message = ''
 * try {
 *   merge.toSQL(postgresDialectFor(14))
 * } catch (error) {
 *   message = (error as Error).message
 * }
 * message.startsWith('PostgreSQL 14 has no merge.') // true
 * ```
 */
export function postgresDialectFor(version: number): Dialect {
  if (!Number.isInteger(version) || version < OLDEST) {
    throw new BuildError(
      'invalid_version',
      `A version of PostgreSQL is a whole number from ${OLDEST} on, such as 14, not ${String(version)}. Older ones are not supported.`,
    )
  }
  if (version >= NEWEST) return postgresDialect
  let dialect = older.get(version)
  if (dialect === undefined) {
    const later = Object.entries(since).filter(([, first]) => version < first)
    dialect = postgresOf(`PostgreSQL ${version}`, {
      ...lacks,
      ...Object.fromEntries(later.map(([name]) => [name, true])),
    })
    older.set(version, dialect)
  }
  return dialect
}
