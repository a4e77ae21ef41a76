/** The quickstart, step by step: the same on every database. */
import type { Database, Executor, Statement } from '@espalier/core'
import { loadFeed } from './load.js'
import { migrateTo } from './migrate.js'
import {
  airportsWithStates,
  busiestRoutes,
  delaysFrom,
  punctualityByHour,
  reachableFromHilo,
  totals,
  worstDelays,
} from './queries.js'
import { addDeparture, cancelDepartures, departuresOf, recordRoutes, rehearseCancellation } from './writes.js'

/** What a step did: its SQL, and rows that must be the same on every database. */
export interface Outcome {
  readonly sql: readonly string[]
  readonly rows: readonly object[]
}

export interface Step {
  readonly title: string
  /** `onProgress` is told now and then, in a few words, how far the step is. */
  run(db: Database, onProgress: (text: string) => void): Promise<Outcome>
}

export const steps: readonly Step[] = [
  migration('Tables for the data as they are delivered', 'f1a7c0d2'),
  {
    title: 'Bulk load of 3,376 airports and 20,000 flights',
    async run(db, onProgress) {
      return { sql: [], rows: await loadFeed(db, onProgress) }
    },
  },
  migration('From texts to states, airports and flights', '3be94a17'),
  migration('Punctuality, computed for every flight', 'head'),
  query('All flights: aggregates', totals),
  query('The busiest routes: one table joined twice', busiestRoutes),
  query('Late flights by the hour of departure: filtered aggregates', punctualityByHour),
  query('Where one waits longest: a CTE and ranks over windows', worstDelays),
  query('Airports and their states: whole tables over a left join', airportsWithStates),
  {
    title: 'The longest delays from three airports: a prepared statement',
    async run(db) {
      const delays = db.prepare(delaysFrom)
      const since = new Date('2001-03-01T00:00:00Z')
      const rows: object[] = []
      for (const airport of ['ORD', 'HNL', 'ANC']) {
        for (const row of await delays.all({ airport, since })) rows.push({ from: airport, ...row })
      }
      return { sql: sqlOf(db, delaysFrom), rows }
    },
  },
  {
    title: 'Routes, recorded month by month: an upsert from a query',
    async run(db) {
      const rows: object[] = []
      for (const month of [1, 2, 3]) {
        const { affected } = await db.run(recordRoutes(2001, month))
        rows.push({ month, routes: affected })
      }
      return { sql: sqlOf(db, recordRoutes(2001, 1)), rows }
    },
  },
  query('How far one comes from Hilo in three flights: a recursive CTE', reachableFromHilo),
  {
    title: 'A transaction that is rolled back, with a savepoint within',
    async run(db) {
      const rows = await rehearseCancellation(db, 'ATL')
      return {
        sql: sqlOf(db, departuresOf('ATL'), cancelDepartures('ATL'), addDeparture('ATL', 'SFO')),
        rows,
      }
    },
  },
]

function migration(title: string, target: string): Step {
  return {
    title,
    async run(db, onProgress) {
      const { sql, operations } = await migrateTo(target, db, onProgress)
      return { sql, rows: operations }
    },
  }
}

function query(title: string, statement: Statement<object, never>): Step {
  return {
    title,
    async run(db) {
      return { sql: sqlOf(db, statement), rows: await db.all(statement) }
    },
  }
}

function sqlOf({ dialect }: Executor, ...statements: readonly Statement<unknown>[]): readonly string[] {
  return statements.map((statement) => statement.toSQL(dialect).sql)
}
