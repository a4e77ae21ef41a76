import type { Measurement } from '../harness/measurement.js'
import { race } from '../harness/race.js'
import type { Options } from '../options.js'
import { runs } from './database.js'

/**
 * Large queries, the 22 of TPC-H: building and compiling them for PostgreSQL, for each on the average, and running each
 * on SQLite. None of the peers can say all of them without raw SQL, so Espalier is compared with SQL written by hand.
 */
export function tpchSuite({ quick, only }: Options): Promise<Measurement[]> {
  return race({
    suite: 'tpch',
    contenders: (['floor', 'espalier'] as const).filter((name) => only.has(name)),
    cases: [{ name: 'build' }, ...runs.map((name) => ({ name }))],
    rounds: quick ? 1 : 3,
    warmUp: quick ? 800 : 1500,
    sampling: quick ? { turns: 2, batches: 3, milliseconds: 10 } : { turns: 3, batches: 3, milliseconds: 15 },
  })
}
