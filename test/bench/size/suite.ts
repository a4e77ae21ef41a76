import type { Measurement } from '../harness/measurement.js'
import type { Options } from '../options.js'
import { bundledBytes } from './bundled.js'
import { importTimes } from './import-time.js'

/** How much a program with one select weighs, and how long importing the package takes. */
export async function sizeSuite({ quick, only }: Options): Promise<Measurement[]> {
  const contenders = (['espalier', 'kysely', 'drizzle', 'knex'] as const).filter((name) => only.has(name))
  const measurements: Measurement[] = []
  for (const contender of contenders) {
    const bytes = await bundledBytes(contender)
    measurements.push({ suite: 'size', case: 'select', contender, median: bytes, unit: 'bytes' })
  }
  for (const [contender, milliseconds] of importTimes(contenders, quick ? 7 : 21)) {
    measurements.push({ suite: 'size', case: 'import', contender, median: milliseconds, unit: 'ms' })
  }
  return measurements
}
