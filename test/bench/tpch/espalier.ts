import { postgresDialect } from '@espalier/dialects/postgres'
import { queries } from '../../sql/tpch/queries/index.js'
import type { Contender } from '../harness/contender.js'
import { openTpch, runningCases } from './database.js'

/** Every statement is built when it is compiled or run, but for the sources that it shares with others. */
export async function open(): Promise<Contender> {
  const { file, db } = await openTpch()
  const { sync } = db
  let last = 0
  return {
    cases: {
      build: {
        run: () => {
          for (const query of queries) {
            const { sql } = query.statement.toSQL(postgresDialect)
            last += sql.charCodeAt(sql.length - 1)
          }
        },
        queries: queries.length,
        evidence: () => queries.map((query) => query.statement.toSQL(postgresDialect).sql).length,
      },
      ...runningCases((at) => sync.all((queries[at] as (typeof queries)[number]).statement)),
    },
    close: () => file.close() && last,
  }
}
