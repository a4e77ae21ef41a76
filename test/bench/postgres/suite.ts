import type { Measurement } from '../harness/measurement.js'
import { race } from '../harness/race.js'
import type { Options } from '../options.js'
import { withDatabase } from './server.js'

/** Statements on a PostgreSQL server, each contender on one connection. */
export function postgresSuite({ quick, only }: Options): Promise<Measurement[]> {
  const names = [
    'floor',
    'espalier',
    'espalier-prepared',
    'kysely',
    'drizzle',
    'drizzle-prepared',
    'knex',
  ] as const
  return withDatabase((url) =>
    race({
      suite: 'postgres',
      contenders: names.filter((name) => only.has(name)),
      cases: [
        { name: 'point' },
        { name: 'pipelined' },
        { name: 'rows100' },
        { name: 'rows10k' },
        { name: 'nested' },
        { name: 'insert' },
        { name: 'bulk', heavy: true },
      ],
      settings: { url },
      rounds: quick ? 1 : 3,
      warmUp: quick ? 600 : 1500,
      sampling: quick
        ? { turns: 2, batches: 3, milliseconds: 25 }
        : { turns: 4, batches: 3, milliseconds: 40 },
      heavySampling: { turns: quick ? 1 : 2, batches: 1, milliseconds: 0 },
    }),
  )
}
