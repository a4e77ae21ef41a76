import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, inject } from 'vitest'

/**
 * Creates an empty database for the test file that asks, and drops it when the file is through. Two files, or two
 * runs of the suite on one server, never see each other.
 *
 * @example
 * ```ts
 * const sql = postgres(await testDatabaseUrl()) // at the top of a test file
 * afterAll(() => sql.end())
 * ```
 */
export async function testDatabaseUrl(): Promise<string> {
  const server = inject('databaseUrl')
  const name = `espalier_${randomBytes(8).toString('hex')}`
  await administer(server, `create database ${name} template template0 encoding 'UTF8' locale 'C'`)
  afterAll(() => administer(server, `drop database if exists ${name} with (force)`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function administer(server: string, statement: string): Promise<void> {
  const sql = postgres(server, { max: 1, onnotice: () => {} })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}
