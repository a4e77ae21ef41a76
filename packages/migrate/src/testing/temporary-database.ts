import { type Database, sql } from '@espalier/core'

/**
 * A new, empty PostgreSQL database on the server of a URL, which is dropped when it is closed. The user of the URL must be
 * allowed to create databases. SQLite needs no such: `sqlite(':memory:')` is one.
 *
 * PostgreSQL: `create database "espalier_test_…"` … `drop database "espalier_test_…"`
 * @example
 * ```ts no-run
 * const checks = migrationChecks({
 *   directory: 'migrations',
 *   database: () => temporaryDatabase('postgres://postgres@localhost'),
 * })
 * ```
 */
export async function temporaryDatabase(url: string): Promise<Database> {
  const { postgres } = await import('@espalier/dialects/postgres')
  const name = `espalier_test_${crypto.randomUUID().replaceAll('-', '')}`
  const onServer = async (statement: ReturnType<typeof sql.statement>): Promise<void> => {
    await using server = postgres(url, { max: 1 })
    await server.run(statement)
  }
  await onServer(sql.statement`create database ${sql.identifier(name)}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const db = postgres(own.href, { max: 2 })
  const close = async (): Promise<void> => {
    await db.close()
    await onServer(sql.statement`drop database if exists ${sql.identifier(name)}`)
  }
  return Object.create(db, { close: { value: close }, [Symbol.asyncDispose]: { value: close } }) as Database
}
