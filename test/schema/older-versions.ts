import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { type OlderVersion, type PostgresServer, startOlderPostgres } from '../support/postgres-server.js'

/** `POSTGRES_VERSIONS=12,14,16` runs tests on older servers too, whose programs are downloaded once. */
export const olderVersions = (process.env.POSTGRES_VERSIONS ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number) as OlderVersion[]

const servers = new Map<number, Promise<PostgresServer>>()

/** The URL of an empty database of a version, whose server ends with the test file. */
export async function urlOf(version: number): Promise<string> {
  if (version === 18) return testDatabaseUrl()
  let starting = servers.get(version)
  if (starting === undefined) {
    starting = startOlderPostgres(version as OlderVersion)
    servers.set(version, starting)
    afterAll(async () => (await starting)?.stop())
  }
  const url = new URL((await starting).url)
  const name = `espalier_${randomBytes(8).toString('hex')}`
  const admin = postgres(url.href, { max: 1 })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  url.pathname = `/${name}`
  return url.href
}
