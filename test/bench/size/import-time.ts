import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ContenderName } from '../harness/measurement.js'
import { median } from '../harness/statistics.js'

/** The package whose import is measured, for each contender. */
const packages = {
  espalier: '@espalier/core',
  kysely: 'kysely',
  drizzle: 'drizzle-orm/pg-core',
  knex: 'knex',
} as const

export type Importable = keyof typeof packages & ContenderName

/**
 * Milliseconds that importing a package adds to a process that does nothing: the median of the differences of
 * neighbours in time, one pair a round.
 */
export function importTimes(contenders: readonly Importable[], rounds: number): Map<Importable, number> {
  const added = new Map<Importable, number[]>(contenders.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, differences] of added) {
      const difference = processTime(`import '${packages[name]}'`) - processTime('')
      // The first round fills the file system's cache.
      if (round > 0) differences.push(difference)
    }
  }
  return new Map([...added].map(([name, differences]) => [name, median(differences)]))
}

const workingFolder = fileURLToPath(new URL('.', import.meta.url))

function processTime(program: string): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: workingFolder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`"${program}" failed:\n${stderr}`)
  return performance.now() - start
}
