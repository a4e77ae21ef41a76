import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres-server.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server for the tests; each test file makes a database of its own in it. */
    databaseUrl: string
  }
}

/** One PostgreSQL for the whole run: the one that `DATABASE_URL` names, else one that lives as long as the run. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.DATABASE_URL
  if (given) {
    project.provide('databaseUrl', given)
    return undefined
  }
  const server = await startPostgres()
  project.provide('databaseUrl', server.url)
  return server.stop
}
