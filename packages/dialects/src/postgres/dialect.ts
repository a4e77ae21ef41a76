import { createDialect, type Dialect } from '@espalier/core'
import { PostgresCompiler } from './compiler.js'
import { postgresTypes } from './types.js'

/** PostgreSQL 12 and later, as a dialect: what `postgres(…)` and `pglite(…)` use. */
export const postgresDialect: Dialect = createDialect({
  name: 'PostgreSQL',
  compiler: PostgresCompiler,
  types: postgresTypes,
  // The protocol counts the parameters of a statement in 16 bits; postgres.js takes two fewer than fit.
  maxParameters: 65533,
  capabilities: {
    addConstraint: true,
    dropCascade: true,
    schemaOfIndex: false,
    nullsInIndex: true,
    maxNameBytes: 63,
    offsetAlone: true,
    intervals: true,
    regularExpressions: true,
    quantifiers: true,
    jsonOperators: true,
    arrays: true,
    bitXor: true,
    betweenSymmetric: true,
    rowLists: true,
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
    truncate: true,
  },
})
