import { BuildError, type Capabilities, createDialect, type Dialect } from '@espalier/core'
import { PostgresCompiler } from './compiler.js'
import { postgresTypes } from './types.js'

const capabilities: Capabilities = {
  addConstraint: true,
  dropCascade: true,
  schemaOfIndex: false,
  nullsInIndex: true,
  maxNameBytes: 63,
  unlimited: '',
  intervals: true,
  regularExpressions: true,
  quantifiers: true,
  jsonOperators: true,
  fullText: true,
  arrays: true,
  bitXor: true,
  betweenSymmetric: true,
  rowLists: true,
  fullJoinOnAny: false,
  setOperandParentheses: true,
  distinctOn: true,
  withTies: true,
  rowLocks: true,
  groupingSets: true,
  lateral: true,
  tableSample: true,
  inheritance: true,
  writesInCtes: true,
  binaryCollation: 'C',
  groupsInRecursion: true,
  searchAndCycle: true,
  defaultKeyword: true,
  insertOr: false,
  overridingIdentity: true,
  conflictConstraint: true,
  severalConflicts: false,
  deleteUsing: true,
  aliasInReturning: true,
  rowVersions: true,
  merge: true,
  mergeReturning: true,
  mergeBySource: true,
  truncate: true,
}

/**
 * Since when PostgreSQL has what it did not always have: https://www.postgresql.org/docs/release/
 */
const since: Partial<Record<keyof Capabilities, number>> = {
  withTies: 13,
  searchAndCycle: 14,
  merge: 15,
  mergeReturning: 17,
  mergeBySource: 17,
  rowVersions: 18,
}
const OLDEST = 12
const NEWEST = 18

function postgresOf(name: string, able: Capabilities): Dialect {
  return createDialect({
    name,
    compiler: (dialect, inline) => new PostgresCompiler(dialect, inline),
    types: postgresTypes,
    // The protocol counts the parameters of a statement in 16 bits; postgres.js takes two fewer than fit.
    maxParameters: 65533,
    capabilities: able,
  })
}

/** PostgreSQL as it is today, as a dialect: what `postgres(…)` and `pglite(…)` use. */
export const postgresDialect: Dialect = /* @__PURE__ */ postgresOf('PostgreSQL', capabilities)

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
    const lacks = Object.entries(since).filter(([, first]) => version < first)
    const able = { ...capabilities, ...Object.fromEntries(lacks.map(([name]) => [name, false])) }
    dialect = postgresOf(`PostgreSQL ${version}`, able)
    older.set(version, dialect)
  }
  return dialect
}
