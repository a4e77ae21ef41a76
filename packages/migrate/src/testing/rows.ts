import { type Catalog, type CatalogTable, type Database, quoteIdentifier, sql, text } from '@espalier/core'

/** The rows of each table by its name, as texts of their columns in the order of the names of these, sorted. */
export type Rows = ReadonlyMap<string, readonly string[]>

/** Reads all rows of the tables of a catalog. */
export async function rowsOf(db: Database, catalog: Catalog): Promise<Rows> {
  const literal = LITERALS[catalog.dialect] ?? 'quote_nullable'
  const rows = new Map<string, readonly string[]>()
  for (const table of catalog.tables) {
    if (table.sqlite?.virtual !== undefined || table.sqlite?.shadow === true) continue
    rows.set(`${table.schema}.${table.name}`, await readRows(db, table, literal))
  }
  return rows
}

/** The functions that write a value as a literal. */
const LITERALS: Readonly<Record<string, string>> = { SQLite: 'quote' }

async function readRows(db: Database, table: CatalogTable, literal: string): Promise<readonly string[]> {
  const names = table.columns.map(({ name }) => quoteIdentifier(name)).sort()
  if (names.length === 0) return []
  const row = names.map((name) => `${literal}(${name})`).join(` || ', ' || `)
  const from = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
  const query = sql.query({ row: text().notNull() })`${sql.unsafe(`select ${row} as row from ${from}`)}`
  return (await db.all(query)).map((one) => one.row).sort()
}

/** How the rows of tables that are in both differ, in words. */
export function rowDifferences(before: Rows, after: Rows): readonly string[] {
  const found: string[] = []
  for (const [table, rows] of before) {
    const others = after.get(table)
    if (others === undefined) continue
    const [lost, gained] = [without(rows, others), without(others, rows)]
    if (lost.length > 0) found.push(`${table} has lost ${shown(lost)}`)
    if (gained.length > 0) found.push(`${table} has gained ${shown(gained)}`)
  }
  return found
}

/** What of one sorted list is not in the other, as often. */
function without(rows: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1)
  return rows.filter((row) => {
    const count = left.get(row) ?? 0
    left.set(row, count - 1)
    return count <= 0
  })
}

function shown(rows: readonly string[]): string {
  const [first = ''] = rows
  const row = first.length > 200 ? `${first.slice(0, 200)}…` : first
  return `${rows.length} row${rows.length === 1 ? '' : 's'}, such as (${row})`
}
