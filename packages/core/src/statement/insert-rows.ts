import { BuildError, excerpt, isEspalierError, ValueError } from '../errors.js'
import { describe, type ExpressionNode, isExpression, ownCopy, toExpression } from '../expression/node.js'
import type { ColumnNode, SourceInfo } from '../expression/source.js'
import { Position, type Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { Codec } from '../types/codec.js'
import { writeNewValue } from './default-value.js'
import {
  ColumnListNode,
  columnForKey,
  isOwn,
  isPlain,
  memoryOf,
  type RowColumns,
  rowsText,
} from './target.js'

/** Rows of plain values, row after row in one list, in the order of the insert's columns. */
export class ValuesNode implements Node {
  static readonly fields: Fields<ValuesNode> = { values: 'data', rowCount: 'data' }
  constructor(
    readonly values: readonly unknown[],
    readonly rowCount: number,
  ) {}
  get kind(): string {
    return 'values'
  }
  write(to: Writer, list: ColumnListNode): void {
    const { values, rowCount } = this
    const { columns } = list
    const width = columns.length
    if (values.length !== width * rowCount)
      throw new TypeError(`${values.length} values for ${rowCount} rows`)
    // What has SQL around its values is not written by pieces that are known beforehand.
    if (to.inline || list.writing(to).wraps) {
      writeRows(to, values, columns, (value, column) => {
        if (value === null) to.text('null')
        else to.value(value, column.type, Position.assignment, column)
      })
      return
    }
    const { params } = to
    const first = params.length
    const { codecs, row } = list.writing(to)
    // Made at its size: one that grew by push takes half as long again to copy.
    if (rowCount > 1) params.length = first + values.length
    // Column by column, so that each codec is called in one go.
    let c = 0
    try {
      for (; c < width; c++) {
        const { encode } = codecs[c] as Codec
        const { type } = columns[c] as ColumnNode
        if (rowCount === 1) {
          const value = values[c]
          params.push(value === null ? null : encode(value, type))
          continue
        }
        for (let i = c; i < values.length; i += width) {
          const value = values[i]
          params[first + i] = value === null ? null : encode(value, type)
        }
      }
    } catch (error) {
      throw isEspalierError(error) && error.name === 'ValueError'
        ? new ValueError(error.code, `${describe(columns[c] as ColumnNode)}: ${error.message}`)
        : error
    }
    to.text(rowCount === 1 && first === 0 ? row : placeholderRows(to, first, width, rowCount))
  }
}

/** Rows of which some values are expressions. */
export class ExpressionRowsNode implements Node {
  static readonly fields: Fields<ExpressionRowsNode> = { expressions: 'children', rowCount: 'data' }
  constructor(
    readonly expressions: readonly ExpressionNode[],
    readonly rowCount: number,
  ) {}
  get kind(): string {
    return 'expressionRows'
  }
  write(to: Writer, columns: readonly ColumnNode[]): void {
    const { length } = this.expressions
    if (length !== columns.length * this.rowCount)
      throw new TypeError(`${length} values for ${this.rowCount} rows`)
    writeRows(to, this.expressions, columns, (expression, column) => writeNewValue(to, expression, column))
  }
  /** The columns whose default is wanted in every row, for a database to which that can only be said by leaving them out. */
  defaultColumns({ columns }: ColumnListNode): readonly ColumnNode[] {
    const { expressions, rowCount } = this
    const width = columns.length
    return columns.filter((_, c) => {
      for (let r = 0; r < rowCount; r++) if (expressions[r * width + c]?.kind !== 'defaultValue') return false
      return true
    })
  }
  /** These rows without some of the columns. */
  without(left: readonly ColumnNode[], { columns }: ColumnListNode): ExpressionRowsNode {
    const kept = this.expressions.filter((_, i) => !left.includes(columns[i % columns.length] as ColumnNode))
    return new ExpressionRowsNode(kept, this.rowCount)
  }
}

/** The texts of the last batches by their placeholders and size: batches of one size come one after the other. */
const batches = new Map<string, string>()

/** `values (…), (…)` for parameters from a position on. */
function placeholderRows(to: Writer, first: number, width: number, rows: number): string {
  if (first > 0 && !to.positional) return rowsText(to, first, width, rows)
  const size = `${to.placeholderAt(1)} ${width} ${rows}`
  const known = batches.get(size)
  if (known !== undefined) return known
  const text = rowsText(to, 0, width, rows)
  if (batches.size >= 16) batches.clear()
  batches.set(size, text)
  return text
}

/** `values (…), (…)`, each value written by a function. */
function writeRows<T>(
  to: Writer,
  values: readonly T[],
  columns: readonly ColumnNode[],
  write: (value: T, column: ColumnNode) => void,
): void {
  const width = columns.length
  to.text('values ')
  for (let i = 0; i < values.length; i++) {
    to.text(i % width === 0 ? (i === 0 ? '(' : '), (') : ', ')
    write(values[i] as T, columns[i % width] as ColumnNode)
  }
  to.text(')')
}

/** The columns that the first row names; the other rows must name the same. */
export function columnsOf(table: SourceInfo, first: unknown): RowColumns {
  const { name } = table.node
  if (first === undefined) {
    throw new BuildError(
      'no_rows',
      `insert(${name}).values([]): there is nothing to insert. Check the list before.`,
    )
  }
  if (typeof first !== 'object' || first === null || isExpression(first)) {
    throw new BuildError('invalid_row', `insert(${name}).values(…) takes objects, not ${excerpt(first)}.`)
  }
  const memory = memoryOf(table)
  const keys = Object.keys(first)
  if (keys.length === 0) {
    throw new BuildError(
      'no_values',
      `insert(${name}).values({}): for a row of defaults write .defaultValues().`,
    )
  }
  const list = new ColumnListNode(keys.map((key) => columnForKey('values', table, key)))
  memory.inserted = { keys, list }
  return memory.inserted
}

/** The rows of an insert as nodes. Mostly they have the keys of the rows before, so they are tried first. */
export function readRows(
  table: SourceInfo,
  rows: readonly unknown[],
): { readonly list: ColumnListNode; readonly rows: ValuesNode | ExpressionRowsNode } {
  const [first] = rows
  let columns = memoryOf(table).inserted ?? columnsOf(table, first)
  let values = new Array<unknown>(rows.length * columns.keys.length)
  let next = 0
  if (readInOrder(first, columns.keys, values, 0)) next = 1
  else {
    columns = columnsOf(table, first)
    values = new Array<unknown>(rows.length * columns.keys.length)
  }
  const { keys, list } = columns
  const width = keys.length
  for (let r = next; r < rows.length; r++) {
    if (!readInOrder(rows[r], keys, values, r * width)) readByKey(table, keys, rows, r, values, r * width)
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'object' || value === null) continue
    if (isExpression(value)) {
      const expressions = values.map((value, i) =>
        toExpression('values', value, (list.columns[i % width] as ColumnNode).type),
      )
      return { list, rows: new ExpressionRowsNode(expressions, rows.length) }
    }
    values[i] = ownCopy(value, (list.columns[i % width] as ColumnNode).type)
  }
  return { list, rows: new ValuesNode(values, rows.length) }
}

/** Reads a row whose keys are these and come in this order, which needs no look-up; false if they are not, or do not. */
function readInOrder(row: unknown, keys: readonly string[], values: unknown[], at: number): boolean {
  if (typeof row !== 'object' || row === null) return false
  const plain = isPlain(row)
  let read = 0
  for (const key in row) {
    if (!plain && !isOwn.call(row, key)) continue
    if (key !== keys[read]) return false
    const value = (row as Record<string, unknown>)[key]
    if (value === undefined) return false
    values[at + read++] = value
  }
  return read === keys.length
}

/** Reads a row whose keys come in another order than those of the first; an error if they are others. */
function readByKey(
  table: SourceInfo,
  keys: readonly string[],
  rows: readonly unknown[],
  r: number,
  values: unknown[],
  at: number,
): void {
  const row = rows[r] as Record<string, unknown>
  if (typeof row !== 'object' || row === null) {
    throw new BuildError(
      'invalid_row',
      `Row ${r + 1} of insert(${table.node.name}) is ${excerpt(row)}, not an object.`,
    )
  }
  for (let c = 0; c < keys.length; c++) {
    const key = keys[c] as string
    // What every object inherits, such as `constructor`, is no value of the row.
    const value = isOwn.call(row, key) ? row[key] : undefined
    if (value === undefined) throw missingValue(table, keys, rows, r, key)
    values[at + c] = value
  }
  if (Object.keys(row).length !== keys.length) throw uneven(table, keys, row, r)
}

function missingValue(
  table: SourceInfo,
  keys: readonly string[],
  rows: readonly unknown[],
  at: number,
  key: string,
): BuildError {
  const row = rows[at] as Record<string, unknown>
  if (at > 0 && !isOwn.call(row, key)) return uneven(table, keys, row, at)
  return new BuildError(
    'undefined_value',
    `${table.node.name}.${key} is undefined in row ${at + 1}: undefined is never a value. Write null for NULL, or ` +
      'leave the key out of every row to have the default.',
  )
}

function uneven(table: SourceInfo, keys: readonly string[], row: object, at: number): BuildError {
  const own = Object.keys(row)
  const missing = keys.filter((key) => !own.includes(key))
  const extra = own.filter((key) => !keys.includes(key))
  return new BuildError(
    'uneven_rows',
    `The rows of an insert must have the same keys. Row ${at + 1} for '${table.node.name}'` +
      (missing.length > 0 ? ` lacks ${missing.join(', ')}` : '') +
      (missing.length > 0 && extra.length > 0 ? ' and' : '') +
      (extra.length > 0 ? ` has also ${extra.join(', ')}` : '') +
      ', compared with the first. Give every row the same keys, or insert them separately.',
  )
}
