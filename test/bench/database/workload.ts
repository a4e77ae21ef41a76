import type { Case, Contender } from '../harness/contender.js'
import { bulkCount, type Entry, entries } from './entries.js'
import { someId } from './items.js'

/** What a contender does with a database; each method may return a promise. */
export interface Workload {
  /** The item of an id, as an object. */
  point(id: number): unknown
  /** The first items by id, as objects. */
  rows(limit: number): unknown
  /** The same with the values that the columns stand for, where the database stores others. */
  decoded?(limit: number): unknown
  /** All records by id, whose values are more than what drivers hand over. */
  records?(): unknown
  /** The same with the values that they stand for, where `records` returns what the driver hands over. */
  recordsDecoded?(): unknown
  /** All orders by id, each with its lines by id, of one query. */
  nested?(): unknown
  /** Inserts one row. */
  insert(row: Entry): unknown
  /** Inserts many rows in one transaction, the fastest way that the contender has. */
  bulk?(rows: readonly Entry[]): unknown
  close?(): unknown
}

/** How the bench itself sees the table that is written. */
export interface WrittenTable {
  clear(): unknown
  /** A digest of its rows. */
  digest(): unknown
  close?(): unknown
}

/** How many queries are under way at once in the case `pipelined`. */
const concurrent = 1000

/** The cases of one database; those of a server have many queries under way at once, too. */
export function contenderOf(workload: Workload, written: WrittenTable, server = false): Contender {
  const cases: Record<string, Case> = {
    point: { run: (i) => workload.point(someId(i)) },
    rows100: { run: () => workload.rows(100) },
    rows10k: { run: () => workload.rows(10_000) },
    insert: {
      run: (i) => workload.insert({ id: i, account: 7, kind: 'debit', amount: 1.25, memo: 'transfer' }),
      before: () => written.clear(),
      evidence: async () => {
        await written.clear()
        await workload.insert({ id: 1, account: 7, kind: 'debit', amount: 1.25, memo: null })
        return await written.digest()
      },
    },
  }
  if (workload.decoded !== undefined) {
    cases['rows10k.decoded'] = { run: () => workload.decoded?.(10_000) }
  }
  if (workload.records !== undefined) {
    const decoded = () => (workload.recordsDecoded ?? workload.records)?.()
    cases.records = { run: () => workload.records?.(), evidence: decoded }
    cases['records.decoded'] = { run: decoded }
  }
  if (workload.nested !== undefined) cases.nested = { run: () => workload.nested?.() }
  if (workload.bulk !== undefined) {
    const rows = entries(bulkCount)
    cases.bulk = {
      run: () => workload.bulk?.(rows),
      before: () => written.clear(),
      // What the timed runs have left.
      evidence: () => written.digest(),
    }
  }
  if (server) {
    cases.pipelined = {
      run: (i) => Promise.all(Array.from({ length: concurrent }, (_, n) => workload.point(someId(i + n)))),
      queries: concurrent,
    }
  }
  const close = async () => {
    await workload.close?.()
    await written.close?.()
  }
  return { cases, close }
}
