import { type Catalog, createAll, type Database } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import * as onPostgres from '@espalier/dialects/postgres/inspect'
import { sqlite } from '@espalier/dialects/sqlite'
import * as onSqlite from '@espalier/dialects/sqlite/inspect'
import type { Measurement } from '../harness/measurement.js'
import type { Options } from '../options.js'
import { withDatabase } from '../postgres/server.js'
import { largeSchema, TABLES } from './tables.js'

/** Making a large schema, reading it back, and making a metadata of that, on both databases. */
export async function schemaSuite({ quick, only }: Options): Promise<Measurement[]> {
  if (!only.has('espalier')) return []
  const rounds = quick ? 1 : 5
  const lite = sqlite(':memory:')
  try {
    return [
      ...(await measured('sqlite', lite, onSqlite, rounds)),
      ...(await withDatabase(async (url) => {
        const db = postgres(url)
        try {
          return await measured('postgres', db, onPostgres, rounds)
        } finally {
          await db.close()
        }
      })),
    ]
  } finally {
    await lite.close()
  }
}

interface Inspecting {
  readonly inspect: (db: Database) => Promise<Catalog>
  readonly metadataOf: (catalog: Catalog) => unknown
}

async function measured(
  name: string,
  db: Database,
  { inspect, metadataOf }: Inspecting,
  rounds: number,
): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  const add = (what: string, times: readonly number[]) =>
    measurements.push({
      suite: 'schema',
      case: `${name}.${what}`,
      contender: 'espalier',
      median: median(times),
      unit: 'ms',
      spread: Math.max(...times) / Math.min(...times) - 1,
    })

  const { tables } = largeSchema()
  const statements = createAll(tables.values(), db.dialect)
  add('createAll', [
    await timed(() =>
      db.transaction(async (tx) => {
        for (const statement of statements) await tx.run(statement)
      }),
    ),
  ])
  const catalogs: Catalog[] = []
  add('inspect', await timedRounds(rounds, async () => void catalogs.push(await inspect(db))))
  const [catalog] = catalogs as [Catalog]
  verify(catalog)
  add('metadataOf', await timedRounds(rounds, async () => void metadataOf(catalog)))
  return measurements
}

function verify({ tables }: Catalog): void {
  const made = tables.filter((table) => table.name.startsWith('table_'))
  const count = (part: 'columns' | 'indexes' | 'foreignKeys') =>
    made.reduce((sum, table) => sum + table[part].length, 0)
  const counts = [made.length, count('columns'), count('indexes'), count('foreignKeys')]
  const expected = [TABLES, 10 * TABLES, 3 * TABLES, 1.5 * TABLES - 2]
  if (String(counts) !== String(expected)) throw new Error(`inspect found ${counts}, not ${expected}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function timedRounds(rounds: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) times.push(await timed(work))
  return times
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] as number
}
