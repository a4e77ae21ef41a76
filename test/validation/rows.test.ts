import type { Database, Executor, Statement } from '@espalier/core'
import { selectSchema } from '@espalier/core/zod'
import { conformanceCases, setUpConformance } from '@espalier/dialects/conformance'
import { beforeAll, describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'

// Every row that a case of the conformance suite reads must be one for the schema of its statement, and come out unchanged.
const { postgresql, lite } = await bothDatabases()

/** NaN and the infinities, which JSON has not, are refused as zod refuses them. */
function hasUnendingNumbers(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnendingNumbers)
}

/** The database, whose rows are parsed. */
function parsing<T extends Executor>(on: T, parsed: unknown[]): T {
  return new Proxy(on, {
    get(target, key) {
      if (key === 'all') {
        return async (statement: Statement<unknown, never>) => {
          const rows = await target.all(statement)
          const { selection } = statement as { readonly selection?: unknown }
          if (selection !== undefined) {
            const schema = selectSchema(statement)
            for (const row of rows) {
              if (hasUnendingNumbers(row)) continue
              expect(schema.parse(row), statement.toSQL(on.dialect).sql).toEqual(row)
              parsed.push(row)
            }
          }
          return rows
        }
      }
      if (key === 'transaction') {
        const transaction = (target as unknown as Database).transaction.bind(target)
        return (work: (tx: Executor) => Promise<unknown>, options: object) =>
          transaction((tx) => work(parsing(tx, parsed)), options)
      }
      const value = Reflect.get(target, key, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe.each([
  ['PostgreSQL', postgresql],
  ['SQLite', lite],
])('The schemas of statements take their rows on %s', (_name, db) => {
  const parsed: unknown[] = []
  const on = parsing(db, parsed)
  beforeAll(() => setUpConformance(db))
  it.each(conformanceCases)('$name', ({ run }) => run(on))
  it('which are many', () => expect(parsed.length).toBeGreaterThan(500))
})
