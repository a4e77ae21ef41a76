import { BuildError, excerpt } from '../errors.js'
import { connect, type ExpressionNode, isExpression, ownCopy } from '../expression/node.js'
import { sameName } from '../expression/scope.js'
import { ColumnNode, type SourceInfo } from '../expression/source.js'
import type { TableSource } from '../schema/table.js'
import { toHex } from '../tree/json.js'
import type { SqlType } from '../types/sql-type.js'
import { AssignmentNode } from './assignment.js'
import type { Update } from './changes.js'
import { ColumnListNode, columnForKey, requireTable, type WriteTarget } from './target.js'
import { UpdateNode } from './update.js'
import { UpdateRowsNode } from './update-rows.js'
import type { ColumnValue, NoSuchColumn } from './writes.js'

const PLACE = 'updateMany'

/** A row for {@link updateMany}: values of the key, and of the columns to be changed. */
export type KeyedRow<C, K extends keyof C> = { readonly [P in K]: NonNullable<ColumnValue<C[P]>> } & {
  readonly [P in Exclude<keyof C, K>]?: ColumnValue<C[P]>
}

/**
 * Changes many rows in one statement, each to values of its own: the row of the table whose key is that of a given row
 * gets the other values of that row. Takes plain values; every row has the same keys, and no two have the same key. A row
 * whose key the table does not have changes nothing. More rows than a statement has parameters for are an error when it
 * is compiled.
 * @example
 * ```ts
 * await db.run(updateMany(posts, [{ id: 1n, score: 5 }, { id: 2n, score: 7 }], { key: 'id' }))
 * // PostgreSQL: with "rows" ("id", "score") as (values ($1::bigint, $2::integer), ($3, $4))
 * //   update "posts" set "score" = "rows"."score" from "rows" where "posts"."id" = "rows"."id"
 * // SQLite: with "rows" ("id", "score") as (values (?, ?), (?, ?))
 * //   update "posts" set "score" = "rows"."score" from "rows" where "posts"."id" = "rows"."id"
 * ```
 * @param options `key` names the columns by which rows are found: the primary key, or another that is unique.
 */
export function updateMany<
  Name extends string,
  C,
  const K extends keyof C & string,
  R extends KeyedRow<C, K>,
>(
  table: TableSource<Name, C>,
  rows: readonly (R & { readonly [P in Exclude<keyof R, keyof C>]: NoSuchColumn })[],
  options: { readonly key: K | readonly K[] },
): Update<Name, Name, C, never> {
  const info = requireTable(PLACE, table)
  const keys = readKey(info, options?.key)
  const names = namesOf(info, rows, keys)
  const columns = names.map((name) => columnForKey(PLACE, info, name))
  const values = readRows(info, rows, names)
  refuseDoubles(info, rows, keys)
  const name = sameName(info.node.name, 'rows') ? 'new_rows' : 'rows'
  const source = new UpdateRowsNode(name, new ColumnListNode(columns), values, rows.length)
  const given = columns.map((column) => new ColumnNode(source, column.name, column.type, column.notNull))
  const matches: ExpressionNode[] = []
  const assignments: AssignmentNode[] = []
  columns.forEach((column, c) => {
    const value = given[c] as ColumnNode
    if (keys.includes(names[c] as string)) matches.push(column.eq(value))
    else assignments.push(new AssignmentNode(column, value))
  })
  const node = info.node as WriteTarget
  const condition = connect('and', matches)
  return new UpdateNode(node, assignments, [source], condition, false, undefined) as unknown as Update<
    Name,
    Name,
    C,
    never
  >
}

function readKey(info: SourceInfo, key: unknown): readonly string[] {
  const keys: readonly unknown[] = Array.isArray(key) ? [...new Set(key)] : [key]
  if (keys.length > 0 && keys.every((one) => typeof one === 'string')) {
    const json = keys.find((one) => columnForKey(PLACE, info, one as string).type.family === 'json')
    if (json === undefined) return keys as readonly string[]
    throw new BuildError(
      'invalid_key',
      `updateMany(${info.node.name}, …) finds no row by ${json}: the databases do not compare documents in the same way. ` +
        'Name a column of another type, such as the primary key.',
    )
  }
  throw new BuildError(
    'invalid_key',
    `updateMany(${info.node.name}, …) needs the columns by which it finds rows: { key: 'id' }, not ${excerpt(key)}.`,
  )
}

/** The keys of the first row, which all must have. */
function namesOf(info: SourceInfo, rows: unknown, keys: readonly string[]): readonly string[] {
  const { name } = info.node
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new BuildError(
      'no_rows',
      Array.isArray(rows)
        ? `updateMany(${name}, []): there is nothing to change. Check the list before.`
        : `updateMany(${name}, …) takes an array of rows, not ${excerpt(rows)}.`,
    )
  }
  const names = Object.keys(requireRow(info, rows[0], 0))
  const missing = keys.filter((key) => !names.includes(key))
  if (missing.length > 0) {
    throw new BuildError(
      'missing_key',
      `Row 1 of updateMany(${name}, …) lacks ${missing.join(', ')}, by which its row in the table is found.`,
    )
  }
  if (names.length === keys.length) {
    throw new BuildError(
      'empty_set',
      `The rows of updateMany(${name}, …) have nothing but their key: name at least one column to change.`,
    )
  }
  return names
}

function requireRow(info: SourceInfo, row: unknown, at: number): Readonly<Record<string, unknown>> {
  if (typeof row === 'object' && row !== null && !isExpression(row))
    return row as Readonly<Record<string, unknown>>
  throw new BuildError(
    'invalid_row',
    `Row ${at + 1} of updateMany(${info.node.name}, …) is ${excerpt(row)}, not an object.`,
  )
}

function readRows(info: SourceInfo, rows: readonly unknown[], names: readonly string[]): unknown[] {
  const { name } = info.node
  return rows.flatMap((given, r) => {
    const row = requireRow(info, given, r)
    const own = Object.keys(row)
    const missing = names.filter((key) => !own.includes(key))
    const extra = own.filter((key) => !names.includes(key))
    if (missing.length > 0 || extra.length > 0) {
      throw new BuildError(
        'uneven_rows',
        `The rows of updateMany(${name}, …) must have the same keys. Row ${r + 1}` +
          (missing.length > 0 ? ` lacks ${missing.join(', ')}` : '') +
          (missing.length > 0 && extra.length > 0 ? ' and' : '') +
          (extra.length > 0 ? ` has also ${extra.join(', ')}` : '') +
          ', compared with the first. Give every row the same keys, or update them separately.',
      )
    }
    return names.map((key) => {
      const value = row[key]
      if (value === undefined) {
        throw new BuildError(
          'undefined_value',
          `${name}.${key} is undefined in row ${r + 1}: undefined is never a value. Write null for NULL.`,
        )
      }
      if (!isExpression(value)) return ownCopy(value, columnForKey(PLACE, info, key).type)
      throw new BuildError(
        'invalid_row',
        `${name}.${key} in row ${r + 1} is an expression; updateMany takes plain values. For the same expression in every row ` +
          'write update(…).set(…).',
      )
    })
  })
}

/** Two rows of one key would each change the same row, and the database would take one of them. */
function refuseDoubles(info: SourceInfo, rows: readonly unknown[], keys: readonly string[]): void {
  const seen = new Map<string, number>()
  rows.forEach((given, r) => {
    const row = given as Readonly<Record<string, unknown>>
    const parts = keys.map((key) => {
      const value = row[key]
      if (value === null) {
        throw new BuildError(
          'null_comparison',
          `${info.node.name}.${key} is null in row ${r + 1} of updateMany, and no row is found by NULL, which equals nothing.`,
        )
      }
      return identityOf(value, columnForKey(PLACE, info, key).type)
    })
    const identity = JSON.stringify(parts)
    const earlier = seen.get(identity)
    if (earlier !== undefined) {
      throw new BuildError(
        'duplicate_key',
        `Rows ${earlier + 1} and ${r + 1} of updateMany(${info.node.name}, …) have the same key ` +
          `(${keys.map((key) => `${key}: ${excerpt(row[key])}`).join(', ')}), so which one counts cannot be told. Leave one out.`,
      )
    }
    seen.set(identity, r)
  })
}

/** A text that two values share if the database takes them for the same. */
function identityOf(value: unknown, type: SqlType): string {
  if (value instanceof Date) return String(value.getTime())
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return JSON.stringify(value.map((item) => identityOf(item, type.element ?? type)))
  // A value that is none of the column's is refused when the statement is written.
  const text = typeof value === 'object' ? excerpt(value) : String(value)
  if (type.family === 'uuid') return text.toLowerCase()
  if (type.family !== 'numeric') return text
  const [, sign, whole, fraction = ''] = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [undefined, '', text]
  const digits = fraction === '' ? whole : `${whole}.${fraction}`
  return sign === '-' && digits !== '' ? `-${digits}` : String(digits)
}
