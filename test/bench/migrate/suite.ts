import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator, revisionFiles } from '@espalier/migrate'
import { install } from '../../migrate/installation.js'
import type { Measurement } from '../harness/measurement.js'
import { median } from '../harness/statistics.js'
import type { Options } from '../options.js'

/** How many revisions a history has, the second of which shows whether the time grows with it. */
const SIZES = [250, 1000]

/** Histories of many files, applied to an empty database of SQLite, and `espalier current` as a shell starts it. */
export async function migrateSuite({ quick, only }: Options): Promise<Measurement[]> {
  if (!only.has('espalier')) return []
  const root = mkdtempSync(join(tmpdir(), 'espalier-bench-'))
  const rounds = quick ? 1 : 5
  const measurements: Measurement[] = []
  const add = (name: string, times: readonly number[], divisor = 1) =>
    measurements.push({
      suite: 'migrate',
      case: name,
      contender: 'espalier',
      median: median(times) / divisor,
      unit: 'ms',
      spread: Math.max(...times) / Math.min(...times) - 1,
    })
  try {
    const bin = await install(root)
    for (const size of SIZES) {
      const cold: number[] = []
      const warm: number[] = []
      let project = ''
      for (let round = 0; round < rounds; round++) {
        project = join(root, `${size} revisions, round ${round}`)
        writeHistory(project, size)
        cold.push(await timed(() => upgrade(project, size)))
        await revisionFiles({ directory: join(project, 'migrations') }).accept('all')
        warm.push(await timed(() => upgrade(project, size)))
      }
      add(`a revision of ${size}, read for the first time`, cold, size)
      add(`a revision of ${size}`, warm, size)
      const starts: number[] = []
      for (let round = 0; round <= rounds; round++) starts.push(await timed(() => current(bin, project)))
      add(`current of ${size}`, starts.slice(1))
    }
    add('node that does nothing', await timedRounds(rounds, () => run(root, ['--eval', ''])))
    return measurements
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function writeHistory(project: string, size: number): void {
  const directory = join(project, 'migrations')
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(project, 'espalier.config.ts'),
    `import { sqlite } from '@espalier/dialects/sqlite'
import { defineConfig } from '@espalier/migrate'

export default defineConfig({ directory: 'migrations', database: () => sqlite('app.db') })
`,
  )
  for (let i = 0; i < size; i++) {
    writeFileSync(
      join(directory, `${20260101000000 + i}_table_${i}.ts`),
      `import { integer, table, text } from '@espalier/core'
import { createTable, revision } from '@espalier/migrate'

const table${i} = table('table_${i}', { id: integer().identity().primaryKey(), name: text().notNull() })

export default revision({
  id: 'r${i}',
  parents: [${i === 0 ? '' : `'r${i - 1}'`}],
  message: 'table ${i}',
  up: [createTable(table${i})],
})
`,
    )
  }
}

async function upgrade(project: string, size: number): Promise<void> {
  const db = sqlite(':memory:')
  const { revisions } = await createMigrator({ db, directory: join(project, 'migrations') }).upgrade()
  await db.close()
  if (revisions.length !== size) throw new Error(`${revisions.length} revisions ran, not ${size}`)
}

function current(bin: string, project: string): void {
  const { pending } = JSON.parse(run(project, [bin, 'current', '--json'])) as { pending: unknown[] }
  if (pending.length === 0) throw new Error('nothing is pending')
}

function run(cwd: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`)
  return stdout
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function timedRounds(rounds: number, work: () => unknown): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) times.push(await timed(work))
  return times
}
