import type { Measurement } from '../harness/measurement.js'
import { race } from '../harness/race.js'
import type { Options } from '../options.js'
import { compileCases } from './cases.js'
import { Verifier } from './verify.js'

/** Building a statement from nothing up to a flat text and an array of parameters: time and heap per call. */
export async function compileSuite({ quick, only }: Options): Promise<Measurement[]> {
  const names = (['floor', 'espalier', 'espalier-prepared', 'kysely', 'drizzle', 'knex'] as const).filter(
    (name) => only.has(name),
  )
  const cases = compileCases.map((name) => ({ name }))
  const copies = compileCases.map((name) => ({ name: `${name}.copy` }))
  const common = { suite: 'compile', contenders: names } as const
  const verifier = await Verifier.open()
  const check = (evidence: Parameters<Verifier['check']>[0]) =>
    evidence.case.endsWith('.copy') ? undefined : verifier.check(evidence)
  const times = await race({
    ...common,
    cases: [...cases, ...copies],
    rounds: quick ? 1 : 3,
    warmUp: quick ? 800 : 1500,
    sampling: quick ? { turns: 2, batches: 3, milliseconds: 10 } : { turns: 3, batches: 3, milliseconds: 15 },
    check,
  }).finally(() => verifier.close())
  const heap = await race({
    ...common,
    cases,
    rounds: 1,
    warmUp: quick ? 500 : 1000,
    sampling: { turns: 1, batches: 7, milliseconds: 0 },
    heap: true,
  })
  return [...times, ...heap]
}
