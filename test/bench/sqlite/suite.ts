import type { Measurement } from '../harness/measurement.js'
import { race } from '../harness/race.js'
import type { Options } from '../options.js'

/** Statements on a SQLite database in memory: building, compiling, running and making the rows. */
export function sqliteSuite({ quick, only }: Options): Promise<Measurement[]> {
  const names = [
    'floor',
    'espalier',
    'espalier-prepared',
    'kysely',
    'drizzle',
    'drizzle-prepared',
    'knex',
  ] as const
  return race({
    suite: 'sqlite',
    contenders: names.filter((name) => only.has(name)),
    cases: [
      { name: 'point' },
      { name: 'rows100' },
      { name: 'rows10k' },
      { name: 'rows10k.decoded' },
      { name: 'records' },
      { name: 'records.decoded' },
      { name: 'nested' },
      { name: 'insert' },
      { name: 'bulk', heavy: true },
    ],
    rounds: quick ? 1 : 3,
    warmUp: quick ? 600 : 1200,
    sampling: quick
      ? { turns: 2, batches: 3, milliseconds: 15 }
      : { turns: 12, batches: 2, milliseconds: 10 },
    heavySampling: { turns: 2, batches: 1, milliseconds: 0 },
  })
}
