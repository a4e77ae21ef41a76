import type { Database } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll } from 'vitest'
import { testDatabaseUrl } from './postgres.js'

/** A database of each kind, empty, for one test file; closed when the file is through. */
export async function allDatabases(): Promise<readonly { readonly name: string; readonly db: Database }[]> {
  const url = await testDatabaseUrl()
  const databases = [
    { name: 'PostgreSQL', db: postgres(url) },
    { name: 'PGlite', db: await pglite() },
    { name: 'SQLite', db: sqlite(':memory:') },
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
