/**
 * Airports and flights of the United States: migrated, loaded and queried on SQLite and then, by the same program, on
 * PostgreSQL inside this process. Run it with `npx pnpm@12 quickstart`; with `--keep` the SQLite file stays.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pglite } from '@espalier/dialects/pglite'
import { sqlite } from '@espalier/dialects/sqlite'
import { quickstart } from './quickstart.js'
import { createReport } from './report.js'

const { values: options } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })

const directory = await mkdtemp(join(tmpdir(), 'espalier-quickstart-'))
const file = join(directory, 'flights.db')
const databases = [
  { name: 'SQLite', open: () => sqlite(file) },
  { name: 'PGlite', open: () => pglite() },
]

const report = createReport(process.stdout)
try {
  const comparisons = await quickstart(databases, report)
  report.onEnd(
    databases.map(({ name }) => name),
    comparisons,
  )
  if (comparisons.some(({ differsAt }) => differsAt !== undefined)) process.exitCode = 1
} finally {
  if (options.keep) console.log(`The SQLite database is ${file}`)
  else await rm(directory, { recursive: true })
}
