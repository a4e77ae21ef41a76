import { createDialect, type Dialect } from '@espalier/core'
import { SqliteCompiler } from './compiler.js'
import { sqliteTypes } from './types.js'

/** SQLite 3.39 and later, as a dialect: what `sqlite(…)` uses. */
export const sqliteDialect: Dialect = createDialect({
  name: 'SQLite',
  compiler: SqliteCompiler,
  types: sqliteTypes,
  // https://sqlite.org/limits.html#max_variable_number
  maxParameters: 32766,
  capabilities: {
    addConstraint: false,
    dropCascade: false,
    schemaOfIndex: true,
    nullsInIndex: false,
    maxNameBytes: Number.POSITIVE_INFINITY,
    offsetAlone: false,
    intervals: false,
    regularExpressions: false,
    quantifiers: false,
    jsonOperators: false,
    arrays: false,
    bitXor: false,
    betweenSymmetric: false,
    rowLists: false,
    setOperandParentheses: false,
    distinctOn: false,
    withTies: false,
    rowLocks: false,
    groupingSets: false,
    lateral: false,
    tableSample: false,
    inheritance: false,
    writesInCtes: false,
    binaryCollation: 'binary',
    searchAndCycle: false,
    defaultKeyword: false,
    insertOr: true,
    overridingIdentity: false,
    conflictConstraint: false,
    severalConflicts: true,
    deleteUsing: false,
    aliasInReturning: false,
    rowVersions: false,
    merge: false,
    truncate: false,
  },
})
