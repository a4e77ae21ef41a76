import type { Database } from '@espalier/core'
import type { Feature } from '@espalier/dialects/conformance'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll } from 'vitest'
import { testDatabaseUrl } from './postgres.js'

interface TestDatabase {
  readonly name: string
  readonly db: Database
  /** What it has not, so that the dialect refuses what needs it. */
  readonly lacks: readonly Feature[]
}

const postgresLacks: readonly Feature[] = ['several conflicts', 'insert or']
const sqliteLacks: readonly Feature[] = [
  'default among values',
  'conflict of a constraint',
  'old and new rows',
  'merge',
  'truncate cascade',
]

/** A database of each kind, empty, for one test file; closed when the file is through. */
export async function allDatabases(): Promise<readonly TestDatabase[]> {
  const url = await testDatabaseUrl()
  const databases = [
    { name: 'PostgreSQL', db: postgres(url), lacks: postgresLacks },
    { name: 'PGlite', db: await pglite(), lacks: postgresLacks },
    { name: 'SQLite', db: sqlite(':memory:'), lacks: sqliteLacks },
  ]
  afterAll(() => Promise.all(databases.map(({ db }) => db.close())))
  return databases
}

/** PostgreSQL and SQLite alone: PGlite differs by its driver, not by its SQL. */
export async function bothDatabases(): Promise<{ readonly postgresql: Database; readonly lite: Database }> {
  const postgresql = postgres(await testDatabaseUrl())
  const lite = sqlite(':memory:')
  afterAll(() => Promise.all([postgresql.close(), lite.close()]))
  return { postgresql, lite }
}
