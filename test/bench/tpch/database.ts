import { sqlite } from '@espalier/dialects/sqlite'
import Database from 'better-sqlite3'
import { makeData, setUpTpch } from '../../sql/tpch/data.js'
import { queries } from '../../sql/tpch/queries/index.js'
import type { Case } from '../harness/contender.js'

/** A SQLite database in memory with the tables of TPC-H, some 2,000 line items. */
export async function openTpch() {
  const file = new Database(':memory:')
  const db = sqlite(file)
  await setUpTpch(db, makeData())
  return { file, db }
}

/** The cases that run: one for each query, by its number. That the rows are right, `test/sql/tpch` says. */
export const runs = queries.map((_, i) => `q${String(i + 1).padStart(2, '0')}`)

export function runningCases(run: (at: number) => readonly unknown[]): Record<string, Case> {
  return Object.fromEntries(
    runs.map((name, at) => [name, { run: () => run(at), evidence: () => run(at).length }]),
  )
}
