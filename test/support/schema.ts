import { createAll, createTable, type Database, fromJSON, type Statement, toJSON } from '@espalier/core'
import { postgresDialectFor } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { expect } from 'vitest'
import { allDatabases } from './databases.js'

type SchemaObjects = Parameters<typeof createAll>[0] & readonly unknown[]
type AnyTable = Parameters<typeof createTable>[0]

/** {@link allDatabases}, those of PostgreSQL by themselves, and SQLite. */
export async function schemaDatabases() {
  const databases = await allDatabases()
  const postgresqls = databases.filter(({ name }) => name !== 'SQLite')
  const [lite] = databases.filter(({ name }) => name === 'SQLite').map(({ db }) => db) as [Database]
  return { databases, postgresqls, lite }
}

/** Creates tables and other objects. */
export async function create(db: Database, ...objects: SchemaObjects): Promise<void> {
  for (const statement of createAll(objects, db.dialect)) await db.run(statement)
}

/** The SQL that creates a table, or of a statement, on PostgreSQL; the same is made of it by way of JSON. */
export function onPostgres(one: AnyTable | Statement<never>, version = 18): string {
  const statement = 'toSQL' in one ? (one as Statement<never>) : createTable(one)
  const dialect = postgresDialectFor(version)
  const written = statement.toSQL(dialect)
  const again = fromJSON(JSON.parse(JSON.stringify(toJSON(statement)))) as unknown as Statement<never>
  expect(again.toSQL(dialect)).toEqual(written)
  expect(written.params).toEqual([])
  return written.sql
}

/** The SQL that creates a table on SQLite. */
export const onSqlite = (one: AnyTable): string => createTable(one).toSQL(sqliteDialect).sql
