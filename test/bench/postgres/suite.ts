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
        { name: 'records' },
        { name: 'records.decoded' },
        { name: 'nested' },
        { name: 'insert' },
        { name: 'bulk', heavy: true },
      ],
      settings: { url },
      // A way to the server and back took 100 to 190 µs by the round, whoever made it, as its two processes lay on the
      // cores: the best of three rounds told contenders apart by 20 % that were within 5 % over ten rounds.
      rounds: quick ? 1 : 9,
      chosen: 'median',
      warmUp: quick ? 600 : 800,
      sampling: quick
        ? { turns: 2, batches: 3, milliseconds: 25 }
        : { turns: 4, batches: 2, milliseconds: 40 },
      heavySampling: { turns: 1, batches: 1, milliseconds: 0 },
    }),
  )
}
