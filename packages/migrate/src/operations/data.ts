import {
  type AnyTable,
  and,
  type ColumnNode,
  deleteFrom,
  excerpt,
  type InsertOf,
  inBatches,
  insert,
  or,
  sourceInfo,
  tableDefinition,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { defineOperation } from './define.js'
import { displayTable } from './describe.js'
import type { AnyStatement, Operation } from './operation.js'
import { definedTableNode } from './table-reference.js'

/**
 * Inserts rows, in as many statements as they need. Reversed by deleting the rows of these primary keys; where the rows state
 * none, it is irreversible. The table is one of the revision: the columns that it has at that point of the history.
 *
 * Throws a `MigrationError` for no rows.
 * @example
 * ```ts
 * const countries = table('countries', { code: text().primaryKey(), name: text().notNull() })
 * bulkInsert(countries, [{ code: 'fr', name: 'France' }, { code: 'it', name: 'Italy' }])
 * // PostgreSQL: insert into "countries" ("code", "name") values ($1, $2), ($3, $4)
 * ```
 */
export function bulkInsert<T extends AnyTable>(table: T, rows: readonly InsertOf<T>[]): Operation {
  const node = definedTableNode('bulkInsert', table)
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new MigrationError(
      'invalid_operation',
      `bulkInsert into ${displayTable(node)} takes rows, not ${excerpt(rows)}.`,
    )
  }
  const kept = rows.map((row) => ({ ...row }))
  return defineOperation({
    kind: 'bulkInsert',
    description: `insert ${kept.length === 1 ? '1 row' : `${kept.length} rows`} into ${displayTable(node)}`,
    statements: (dialect) => inBatches(insert(table as never).values(kept as never) as never, dialect),
    reverse: () => {
      const keys = keysOf(table, kept)
      if (keys === undefined) {
        return {
          irreversible:
            `not every row states the primary key of ${displayTable(node)}, by which it would be deleted again; state it, ` +
            'or write execute(insert(…), { reverse: … }) with the statement that deletes them',
        }
      }
      return defineOperation({
        kind: 'deleteRows',
        description: `delete ${kept.length === 1 ? '1 row' : `${kept.length} rows`} of ${displayTable(node)}`,
        statements: () => inParts(keys, 500).map((part) => deletion(table, part)),
        reverse: () => bulkInsert(table, rows),
      })
    },
    call: ['bulkInsert', table, rows],
  })
}

type Key = readonly (readonly [key: string, value: unknown])[]

/** The primary keys of rows; undefined where a row states not all of it as values. */
function keysOf(table: AnyTable, rows: readonly object[]): readonly Key[] | undefined {
  const primary = tableDefinition(table).constraints.find(({ kind }) => kind === 'primaryKey')
  if (primary === undefined || !('columns' in primary)) return undefined
  const columns = Object.entries((sourceInfo(table)?.columns ?? {}) as Readonly<Record<string, ColumnNode>>)
  const names = primary.columns.map((name) => columns.find(([, column]) => column.name === name)?.[0] ?? '')
  const keys = rows.map((row) => names.map((name) => [name, (row as Record<string, unknown>)[name]] as const))
  const isValue = (value: unknown) =>
    value !== undefined && value !== null && !(typeof value === 'object' && 'kind' in value)
  return keys.every((key) => key.every(([, value]) => isValue(value))) ? keys : undefined
}

function deletion(table: AnyTable, keys: readonly Key[]): AnyStatement {
  type Comparable = { eq(value: unknown): never; in(values: readonly unknown[]): never }
  const column = (key: string) => (table as unknown as Record<string, Comparable>)[key] as Comparable
  const [first] = keys as readonly [Key]
  const target = deleteFrom(table as never)
  if (first.length === 1) {
    const [[name]] = first as readonly [readonly [string, unknown]]
    return target.where(column(name).in(keys.map(([pair]) => pair?.[1]))) as never
  }
  const each = keys.map((key) => and(...key.map(([name, value]) => column(name).eq(value))))
  return target.where(or(...each)) as never
}

function inParts<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
