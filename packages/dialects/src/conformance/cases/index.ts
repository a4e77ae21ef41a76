import type { CaseDefinition } from '../case.js'
import { aggregates } from './aggregates.js'
import { arrays } from './arrays.js'
import { clauses } from './clauses.js'
import { conflicts } from './conflicts.js'
import { ctes } from './ctes.js'
import { deletes } from './deletes.js'
import { expressions } from './expressions.js'
import { functions } from './functions.js'
import { inserts } from './inserts.js'
import { joins } from './joins.js'
import { jsonDocuments } from './json.js'
import { merges } from './merges.js'
import { nestedRows } from './nested.js'
import { operators } from './operators.js'
import { ordering } from './ordering.js'
import { parameters } from './parameters.js'
import { predicates } from './predicates.js'
import { rawSql } from './raw-sql.js'
import { setOperations } from './set-operations.js'
import { shapes } from './shapes.js'
import { sources } from './sources.js'
import { subqueries } from './subqueries.js'
import { times } from './times.js'
import { transactions } from './transactions.js'
import { updates } from './updates.js'
import { values } from './values.js'
import { windows } from './windows.js'

export interface Topic {
  readonly topic: string
  readonly cases: readonly CaseDefinition[]
}

export const topics: readonly Topic[] = [
  { topic: 'expressions', cases: expressions },
  { topic: 'functions', cases: functions },
  { topic: 'times', cases: times },
  { topic: 'predicates', cases: predicates },
  { topic: 'operators', cases: operators },
  { topic: 'json', cases: jsonDocuments },
  { topic: 'shapes', cases: shapes },
  { topic: 'joins', cases: joins },
  { topic: 'aggregates', cases: aggregates },
  { topic: 'windows', cases: windows },
  { topic: 'arrays', cases: arrays },
  { topic: 'subqueries', cases: subqueries },
  { topic: 'nested rows', cases: nestedRows },
  { topic: 'common table expressions', cases: ctes },
  { topic: 'set operations', cases: setOperations },
  { topic: 'sources', cases: sources },
  { topic: 'clauses', cases: clauses },
  { topic: 'ordering', cases: ordering },
  { topic: 'inserts', cases: inserts },
  { topic: 'conflicts', cases: conflicts },
  { topic: 'updates', cases: updates },
  { topic: 'deletes', cases: deletes },
  { topic: 'merges', cases: merges },
  { topic: 'values', cases: values },
  { topic: 'parameters', cases: parameters },
  { topic: 'raw SQL', cases: rawSql },
  { topic: 'transactions', cases: transactions },
]
