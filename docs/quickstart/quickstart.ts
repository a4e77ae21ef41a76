/** Runs every step on every database, and compares what they answered. */
import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@espalier/core'
import { steps } from './steps.js'

export interface NamedDatabase {
  readonly name: string
  open(): Database | Promise<Database>
}

/** A step as it went on one database. */
export interface Result {
  readonly title: string
  readonly sql: readonly string[]
  readonly rows: readonly object[]
  readonly milliseconds: number
}

/** One step on all databases. */
export interface Comparison {
  readonly title: string
  /** In the order of the databases. */
  readonly results: readonly Result[]
  /** The first row that is not the same on all of them; undefined if there is none. */
  readonly differsAt: number | undefined
}

/** Hears what happens, as it happens. */
export interface Observer {
  onDatabase(name: string): void
  onProgress(text: string): void
  onResult(result: Result): void
}

export async function quickstart(
  databases: readonly NamedDatabase[],
  observer: Observer,
): Promise<readonly Comparison[]> {
  const runs: (readonly Result[])[] = []
  for (const { name, open } of databases) {
    observer.onDatabase(name)
    observer.onProgress('opening')
    await using db = await open()
    runs.push(await runSteps(db, observer))
  }
  return steps.map(({ title }, i) => {
    const results = runs.flatMap((run) => run[i] ?? [])
    return { title, results, differsAt: firstDifference(results.map(({ rows }) => rows)) }
  })
}

function firstDifference(answers: readonly (readonly object[])[]): number | undefined {
  const [first = [], ...others] = answers
  const longest = Math.max(...answers.map((rows) => rows.length))
  for (let row = 0; row < longest; row++) {
    if (others.some((rows) => !isDeepStrictEqual(rows[row], first[row]))) return row
  }
  return undefined
}

async function runSteps(db: Database, observer: Observer): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const { title, run } of steps) {
    observer.onProgress(title)
    const start = performance.now()
    const { sql, rows } = await run(db, observer.onProgress)
    const result = { title, sql, rows, milliseconds: performance.now() - start }
    observer.onResult(result)
    results.push(result)
  }
  return results
}
