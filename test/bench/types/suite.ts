import type { Measurement } from '../harness/measurement.js'
import type { Options } from '../options.js'

export async function typesSuite(_: Options): Promise<Measurement[]> {
  return []
}
