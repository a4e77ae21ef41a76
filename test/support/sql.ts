import type { Statement } from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'

/** A statement in both dialects, each as its text followed by its parameters. */
export function inBoth(statement: Statement<unknown>): {
  postgres: readonly unknown[]
  sqlite: readonly unknown[]
} {
  const postgres = statement.toSQL(postgresDialect)
  const sqlite = statement.toSQL(sqliteDialect)
  return { postgres: [postgres.sql, ...postgres.params], sqlite: [sqlite.sql, ...sqlite.params] }
}

/** The error that building, compiling or running something throws. */
export async function errorOf(work: () => unknown): Promise<Error & { readonly code?: string }> {
  try {
    await work()
  } catch (error) {
    return error as Error & { readonly code?: string }
  }
  throw new Error('Nothing was thrown')
}
