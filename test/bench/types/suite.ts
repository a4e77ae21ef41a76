import type { ContenderName, Measurement } from '../harness/measurement.js'
import type { Options } from '../options.js'
import { checkCost } from './check.js'
import { program as drizzle } from './drizzle.js'
import { program as espalier } from './espalier.js'
import { program as kysely } from './kysely.js'
import { type Program, queryCount, tableCount } from './schema.js'

const programs: readonly [ContenderName, Program][] = [
  ['espalier', espalier],
  ['kysely', kysely],
  ['drizzle', drizzle],
]

/**
 * Type instantiations of a table and of a query, each as the difference that a hundred tables and forty queries
 * make. The counts are exact, so one run is enough; the check times are not, and are there to be looked at.
 */
export async function typesSuite({ only }: Options): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const [contender, program] of programs) {
    if (!only.has(contender)) continue
    const imports = await checkCost(contender, program, 'imports')
    const tables = await checkCost(contender, program, 'tables')
    const queries = await checkCost(contender, program, 'queries')
    const add = (name: string, median: number, unit: 'instantiations' | 'ms') =>
      measurements.push({ suite: 'types', case: name, contender, median, unit })
    add('table', (tables.instantiations - imports.instantiations) / tableCount, 'instantiations')
    add('query', (queries.instantiations - tables.instantiations) / queryCount, 'instantiations')
    add('table.check', ((tables.seconds - imports.seconds) * 1000) / tableCount, 'ms')
    add('query.check', ((queries.seconds - tables.seconds) * 1000) / queryCount, 'ms')
  }
  return measurements
}
