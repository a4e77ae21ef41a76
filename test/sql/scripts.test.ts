import { createDatabase, type Database, type Dialect, serialDriver } from '@espalier/core'
import { conformanceCases, setUpConformance } from '@espalier/dialects/conformance'
import { postgresBackend, postgresDialect, postgresDriver } from '@espalier/dialects/postgres'
import { sqliteBackend, sqliteDialect, sqliteDriver } from '@espalier/dialects/sqlite'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

/** A dialect that writes every value into the text of its statements. */
function withLiterals(dialect: Dialect): Dialect {
  const scripted: Dialect = {
    ...dialect,
    compile: (statement) => ({
      sql: dialect.toSQL(statement, { inline: true }).sql,
      params: [],
      named: [],
      plan: undefined,
      dialect: scripted,
      next: undefined,
    }),
    toSQL: (statement) => dialect.toSQL(statement, { inline: true }),
  }
  return scripted
}

const databases: readonly { readonly name: string; readonly db: Database }[] = [
  {
    name: 'PostgreSQL',
    db: createDatabase({
      dialect: withLiterals(postgresDialect),
      backend: postgresBackend,
      driver: postgresDriver(await testDatabaseUrl()),
    }),
  },
  {
    name: 'SQLite',
    db: createDatabase({
      dialect: withLiterals(sqliteDialect),
      backend: sqliteBackend,
      driver: serialDriver(sqliteDriver(':memory:')),
    }),
  },
]

// A script has no parameters to be given later.
const named = [
  'nested rows: with named parameters, prepared',
  'arrays: an array by name',
  'clauses: the plan of a write, which is not run',
]
const scriptable = conformanceCases.filter(
  ({ topic, name }) => topic !== 'parameters' && !named.includes(name),
)

describe.each(databases)(
  'on $name, statements with their values as literals give the same rows',
  ({ db }) => {
    beforeAll(() => setUpConformance(db))
    afterAll(() => db.close())

    it.each(scriptable)('$name', ({ run }) => run(db))
  },
)
