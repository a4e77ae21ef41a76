/**
 * Airports and flights of the United States: migrated, loaded and queried on SQLite and then, by the same program, on
 * PostgreSQL inside this process. Run it with `npx pnpm@12 quickstart`; with `--keep` the SQLite file stays.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pglite } from '@espalier/dialects/pglite'
import { sqlite } from '@espalier/dialects/sqlite'
import { quickstart } from './quickstart.js'
import { createReport } from './report.js'

const options = readOptions()

const directory = mkdtempSync(join(tmpdir(), 'espalier-quickstart-'))
if (!options.keep) process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))
// Whoever reads the output may have seen enough: `… | head`.
process.stdout.once('error', () => process.exit())

const file = join(directory, 'flights.db')
const databases = [
  { name: 'SQLite', open: () => sqlite(file) },
  { name: 'PGlite', open: () => pglite() },
]
const report = createReport(process.stdout)
const comparisons = await quickstart(databases, report)
report.onEnd(
  databases.map(({ name }) => name),
  comparisons,
)
if (options.keep) console.log(`The SQLite database is ${file}`)
if (comparisons.some(({ differsAt }) => differsAt !== undefined)) process.exitCode = 1

function readOptions() {
  try {
    return parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUsage: npx pnpm@12 quickstart [--keep]`)
    process.exit(2)
  }
}
