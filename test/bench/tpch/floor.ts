import { queries } from '../../sql/tpch/queries/index.js'
import type { Contender } from '../harness/contender.js'
import { openTpch, runningCases } from './database.js'

/** SQL that a person wrote: as it stands, and prepared once on the driver itself. */
export async function open(): Promise<Contender> {
  const { file } = await openTpch()
  const prepared = queries.map(({ sql, sqlite = sql }) => file.prepare(sqlite))
  let last = 0
  return {
    cases: {
      build: {
        run: () => {
          for (const { sql } of queries) last += sql.charCodeAt(sql.length - 1)
        },
        queries: queries.length,
        evidence: () => queries.length,
      },
      ...runningCases((at) => prepared[at]?.all() ?? []),
    },
    close: () => file.close() && last,
  }
}
