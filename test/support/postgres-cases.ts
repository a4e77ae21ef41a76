import { copyTree, fromJSON, type Json, type Statement, toJSON } from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { expect } from 'vitest'
import { allDatabases } from './databases.js'
import { errorOf } from './sql.js'

/** Both drivers of PostgreSQL, for what SQLite refuses. */
export async function postgresDatabases() {
  return (await allDatabases()).filter(({ name }) => name !== 'SQLite')
}

/** A statement as it is, copied node by node, and read from JSON. */
export function everyWay<S extends Statement<unknown>>(statement: S): readonly S[] {
  const read = fromJSON(JSON.parse(JSON.stringify(toJSON(statement))) as Json)
  const ways = [statement, copyTree(statement), read as unknown as S]
  for (const way of ways) expect(way.toSQL(postgresDialect)).toEqual(statement.toSQL(postgresDialect))
  return ways
}

/** SQLite's refusal of a statement: it names the construct and says what to write instead. */
export async function refusalOf(statement: Statement<unknown>): Promise<string> {
  const error = await errorOf(() => statement.toSQL(sqliteDialect))
  expect(error.name).toBe('UnsupportedError')
  return error.message
}
