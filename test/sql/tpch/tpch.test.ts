import { copyTree, type Database, fromJSON, type Statement, toJSON } from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import openPostgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../../support/postgres.js'
import { makeData, setUpTpch } from './data.js'
import { queries } from './queries/index.js'

const url = await testDatabaseUrl()
// Types whose values postgres.js would turn into objects of its own.
const asText = { to: 25, from: [1082], serialize: String, parse: (text: string) => text }
const server = openPostgres(url, { max: 1, types: { date: asText } })
const file = new BetterSqlite3(':memory:')

const data = makeData()
const postgresql = postgres(url)
const inside = await pglite()
const lite = sqlite(file)

beforeAll(async () => {
  for (const db of [postgresql, inside, lite]) await setUpTpch(db, data)
  await server`analyze`
})
afterAll(() => Promise.all([postgresql.close(), inside.close(), lite.close(), server.end()]))

const isNumber = (value: unknown) =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))

/** Equal, or numbers that differ by no more than the rounding of the databases makes them. */
function isAbout(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (!isNumber(left) || !isNumber(right)) return false
  const difference = Math.abs(Number(left) - Number(right))
  return difference <= 1e-9 * Math.max(1, Math.abs(Number(left)), Math.abs(Number(right)))
}

const byHand = async (sql: string) => [...(await server.unsafe(sql).values())] as unknown[][]
const byHandOnSqlite = (sql: string) => file.prepare(sql).raw().all() as unknown[][]
const typesOf = (row: readonly unknown[]) => row.map((value) => typeof value)
const valuesOf = (rows: readonly object[]): unknown[][] => rows.map((row) => Object.values(row))

/** Rows of which each value is about the same as it is in the expected ones; where it is not, the rows themselves. */
function expectAbout(actual: readonly unknown[][], expected: readonly unknown[][]): void {
  const isSame =
    actual.length === expected.length &&
    actual.every((row, i) => {
      const other = expected[i] as unknown[]
      return row.length === other.length && row.every((value, j) => isAbout(value, other[j]))
    })
  if (!isSame) expect(actual).toEqual(expected)
}

const readings: readonly [name: string, of: (statement: Statement<object, never>) => unknown][] = [
  ['copied node by node', (statement) => copyTree(statement)],
  ['through JSON', (statement) => fromJSON(JSON.parse(JSON.stringify(toJSON(statement))))],
]

describe.each(queries)('TPC-H query $name', ({ statement, reworded, sql, sqlite: forSqlite = sql }) => {
  it('gives the rows of the hand-written SQL on PostgreSQL', async () => {
    const rows = valuesOf(await postgresql.all(statement))
    expect(rows).not.toEqual([])
    expect(rows.flat()).not.toContain(null)
    expectAbout(rows, await byHand(sql))
  })

  it('gives the rows of the hand-written SQL on SQLite', async () => {
    expectAbout(valuesOf(await lite.all(statement)), byHandOnSqlite(forSqlite))
  })

  it('gives the same values on every database', async () => {
    const expected = valuesOf(await postgresql.all(statement))
    expect(valuesOf(await inside.all(statement))).toEqual(expected)
    const actual = valuesOf(await lite.all(statement))
    expectAbout(actual, expected)
    expect(actual.map(typesOf)).toEqual(expected.map(typesOf))
  })

  it.each(readings)('is the same %s', (_, reading) => {
    const other = reading(statement) as typeof statement
    for (const { dialect } of [postgresql, lite]) {
      expect(other.toSQL(dialect)).toEqual(statement.toSQL(dialect))
    }
  })

  it('gives the same rows with its values as literals', async () => {
    const inline = (db: Database) => statement.toSQL(db.dialect, { inline: true }).sql
    expectAbout(await byHand(inline(postgresql)), await byHand(sql))
    expectAbout(byHandOnSqlite(inline(lite)), byHandOnSqlite(forSqlite))
  })

  it('gives the same rows when it is asked otherwise', async () => {
    const expected = valuesOf(await postgresql.all(statement))
    for (const db of [postgresql, lite]) expectAbout(valuesOf(await db.all(reworded)), expected)
  })
})
