import type { Measurement } from '../harness/measurement.js'
import type { Options } from '../options.js'

export async function sqliteSuite(_: Options): Promise<Measurement[]> {
  return []
}
