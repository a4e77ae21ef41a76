import { BuildError, CompileError, excerpt, ValueError } from '../errors.js'
import { describe, type ExpressionNode, isExpression, toExpression } from '../expression/node.js'
import { besideTarget, ROOT, Scope, sameName } from '../expression/scope.js'
import {
  type ColumnNode,
  columnsFrom,
  createSource,
  infoOfNode,
  type SourceInfo,
  SourceNode,
} from '../expression/source.js'
import { Position, type Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import type { Fields, Node } from '../tree/node.js'
import type { Codec } from '../types/codec.js'
import { type AssignmentNode, readAssignments, writeAssignments } from './assignment.js'
import { addPredicates } from './clauses.js'
import { isQuery, type QueryNode } from './compound.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { StatementNode } from './statement-node.js'
import {
  ColumnListNode,
  columnForKey,
  isOwn,
  memoryOf,
  type RowColumns,
  requireTable,
  writeReturning,
} from './target.js'
import type { InsertInto } from './writes.js'

const NONE: readonly never[] = []

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
    if (to.inline) {
      writeRows(to, values, columns, (value, column) => {
        if (value === null) to.sql += 'null'
        else to.value(value, column.type, Position.assignment, column)
      })
      return
    }
    const { params } = to
    const first = params.length
    const codecs = list.codecs(to)
    if (rowCount > 1) for (let i = 0; i < values.length; i++) params.push(null)
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
          if (value !== null) params[first + i] = encode(value, type)
        }
      }
    } catch (error) {
      throw error instanceof ValueError
        ? new ValueError(error.code, `${describe(columns[c] as ColumnNode)}: ${error.message}`)
        : error
    }
    to.sql += placeholderRows(to, first, width, rowCount)
  }
}

const NO_COLUMNS = /* @__PURE__ */ new ColumnListNode(NONE)

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
    writeRows(to, this.expressions, columns, (expression, column) => to.assigned(expression, column))
  }
}

/** The texts of placeholders for a row of so many values, and for some batches of rows. */
interface RowTexts {
  readonly singles: string[]
  readonly batches: Map<string, string>
}
const rowTexts = new Map<string, RowTexts>()

/** `values (…), (…)` for parameters from a position on. Batches of one size come one after the other: their text is kept. */
function placeholderRows(to: Writer, first: number, width: number, rows: number): string {
  if (first > 0 && !to.positional) return rowsText(to, first, width, rows)
  const style = to.placeholderAt(1)
  let texts = rowTexts.get(style)
  if (texts === undefined) {
    texts = { singles: [], batches: new Map() }
    rowTexts.set(style, texts)
  }
  const { singles, batches } = texts
  if (rows === 1) {
    singles[width] ??= rowsText(to, 0, width, 1)
    return singles[width]
  }
  const size = `${width} ${rows}`
  const known = batches.get(size)
  if (known !== undefined) return known
  const text = rowsText(to, 0, width, rows)
  if (batches.size >= 8) batches.clear()
  batches.set(size, text)
  return text
}

function rowsText(to: Writer, first: number, width: number, rows: number): string {
  const texts: string[] = []
  for (let r = 0, number = first; r < rows; r++) {
    let text = '('
    for (let c = 0; c < width; c++) text += (c === 0 ? '' : ', ') + to.placeholderAt(++number)
    texts.push(`${text})`)
  }
  return `values ${texts.join(', ')}`
}

/** `values (…), (…)`, each value written by a function. */
function writeRows<T>(
  to: Writer,
  values: readonly T[],
  columns: readonly ColumnNode[],
  write: (value: T, column: ColumnNode) => void,
): void {
  const width = columns.length
  to.sql += 'values '
  for (let i = 0; i < values.length; i++) {
    to.sql += i % width === 0 ? (i === 0 ? '(' : '), (') : ', '
    write(values[i] as T, columns[i % width] as ColumnNode)
  }
  to.sql += ')'
}

/** What an insert does about a row that exists: nothing, or the assignments. */
export class ConflictNode implements Node {
  static readonly fields: Fields<ConflictNode> = {
    excluded: 'child',
    columns: 'children',
    assignments: 'children',
    condition: 'optional',
  }
  constructor(
    readonly excluded: ExcludedNode,
    readonly columns: readonly ColumnNode[],
    readonly assignments: readonly AssignmentNode[],
    readonly condition: ExpressionNode | undefined,
  ) {}
  get kind(): string {
    return 'conflict'
  }
  write(to: Writer, table: TableNode): void {
    to.sql += ' on conflict'
    for (let i = 0; i < this.columns.length; i++) {
      to.sql += i === 0 ? ' (' : ', '
      to.sql += (this.columns[i] as ColumnNode).quotedName
    }
    if (this.columns.length > 0) to.sql += ')'
    if (this.assignments.length === 0) {
      to.sql += ' do nothing'
      return
    }
    if (sameName(table.name, 'excluded')) {
      throw new CompileError(
        'duplicate_source',
        `In do update, 'excluded' is the row that was to be inserted, so it cannot be told from the table '${table.name}'. ` +
          'Rename the table.',
      )
    }
    const { scope } = to
    to.scope = new Scope(undefined, table, this.excluded.beside)
    to.sql += ' do update set '
    writeAssignments(to, this.assignments)
    if (this.condition !== undefined) {
      to.sql += ' where '
      to.visit(this.condition)
    }
    to.scope = scope
  }
}
/** The row that was to be inserted, as `do update` sees it. */
export class ExcludedNode extends SourceNode {
  static readonly fields: Fields<ExcludedNode> = { name: 'data' }
  /** This source as a scope takes it, which is the same in every insert. */
  readonly beside = besideTarget([this])
  constructor(name = 'excluded') {
    super('excluded', name)
  }
  write(to: Writer): void {
    to.sql += this.quotedName
  }
}

/** `rows` is undefined for `default values`. */
export class InsertNode extends StatementNode {
  static readonly fields: Fields<InsertNode> = {
    table: 'child',
    columns: 'child',
    rows: 'optional',
    conflict: 'optional',
    selection: 'optional',
  }
  constructor(
    readonly table: TableNode,
    readonly columns: ColumnListNode,
    readonly rows: ValuesNode | ExpressionRowsNode | QueryNode | undefined,
    readonly conflict: ConflictNode | undefined,
    readonly selection: SelectionNode | undefined,
  ) {
    super('insert')
  }
  private info(): SourceInfo {
    const info = infoOfNode(this.table)
    if (info !== undefined) return info
    throw new BuildError(
      'unknown_table',
      `'${this.table.name}' was read from JSON or rewritten, so its columns are not known here.`,
    )
  }
  withConflict(conflict: ConflictNode): InsertNode {
    return new InsertNode(this.table, this.columns, this.rows, conflict, this.selection)
  }
  onConflict(...columns: unknown[]): object {
    const info = this.info()
    if (this.conflict !== undefined) {
      throw new BuildError('two_conflicts', `insert(${info.node.name}) has an onConflict already.`)
    }
    for (const column of columns) {
      if (!isExpression(column) || column.kind !== 'column' || (column as ColumnNode).source !== info.node) {
        throw new BuildError(
          'invalid_conflict',
          `onConflict(…) takes columns of '${info.node.name}', not ${excerpt(column)}.`,
        )
      }
    }
    return new ConflictStart(this, info, columns as readonly ColumnNode[])
  }
  where(...predicates: unknown[]): InsertNode {
    const { conflict } = this
    if (conflict === undefined || conflict.assignments.length === 0) {
      throw new BuildError(
        'invalid_where',
        'where(…) of an insert follows doUpdate(…): it limits which rows are updated.',
      )
    }
    return this.withConflict(
      new ConflictNode(
        conflict.excluded,
        conflict.columns,
        conflict.assignments,
        addPredicates('where', conflict.condition, predicates),
      ),
    )
  }
  returning(selection: unknown): InsertNode {
    return new InsertNode(
      this.table,
      this.columns,
      this.rows,
      this.conflict,
      readSelection('returning(…)', selection),
    )
  }

  write(to: Writer): void {
    const { table, rows, conflict, selection } = this
    const { columns, text } = this.columns
    to.sql += 'insert into '
    to.sql += table.quotedPath
    to.sql += text
    if (columns.length > 0) to.sql += ' '
    to.scope = ROOT
    if (rows === undefined) to.sql += ' default values'
    else if (rows.kind === 'values') (rows as ValuesNode).write(to, this.columns)
    else if (rows.kind === 'expressionRows') (rows as ExpressionRowsNode).write(to, columns)
    else to.visit(rows)
    if (conflict !== undefined) conflict.write(to, table)
    if (selection !== undefined) {
      to.scope = new Scope(undefined, table)
      writeReturning(to, selection)
    }
  }
}

/** An insert that has yet to say what it does about a row that exists. */
class ConflictStart {
  constructor(
    private readonly node: InsertNode,
    private readonly table: SourceInfo,
    private readonly columns: readonly ColumnNode[],
  ) {}
  doNothing(): InsertNode {
    return this.node.withConflict(new ConflictNode(excludedOf(this.table), this.columns, NONE, undefined))
  }
  doUpdate(set: unknown): InsertNode {
    if (this.columns.length === 0) {
      throw new BuildError(
        'invalid_conflict',
        'doUpdate needs the columns that conflict: .onConflict(users.email).doUpdate(…).',
      )
    }
    const excluded = excludedOf(this.table)
    const { facade } = this.table.node
    const assignments = readAssignments('doUpdate', this.table, set, facade, excluded.facade)
    return this.node.withConflict(new ConflictNode(excluded, this.columns, assignments, undefined))
  }
}

/**
 * Inserts rows into a table.
 * @example
 * ```ts
 * await db.run(insert(users).values([{ orgId: 1, email: 'a@x.org' }, { orgId: 1, email: 'b@x.org' }]))
 * // insert into "users" ("org_id", "email") values ($1, $2), ($3, $4)
 * ```
 */
export function insert<Name extends string, C>(table: TableSource<Name, C>): InsertInto<Name, C> {
  return new InsertStart(requireTable('insert', table)) as unknown as InsertInto<Name, C>
}

class InsertStart {
  constructor(private readonly table: SourceInfo) {}

  values(given: unknown): InsertNode {
    const rows = Array.isArray(given) ? given : [given]
    const { list, keys } = columnsOf(this.table, rows[0])
    return this.into(list, gather(this.table, keys, list.columns, rows))
  }
  fromSelect(query: unknown): InsertNode {
    if (!isQuery(query)) {
      throw new BuildError(
        'invalid_query',
        `insert(${this.table.node.name}).fromSelect(…) takes a select, not ${excerpt(query)}.`,
      )
    }
    const columns = query.selection.labels.map((label) => columnForKey('fromSelect', this.table, label))
    return this.into(new ColumnListNode(columns), query)
  }
  defaultValues(): InsertNode {
    return this.into(NO_COLUMNS, undefined)
  }
  private into(columns: ColumnListNode, rows: InsertNode['rows']): InsertNode {
    return new InsertNode(this.table.node as TableNode, columns, rows, undefined, undefined)
  }
}

/** The `excluded` of a table, made once: it is the same in every insert. */
function excludedOf(info: SourceInfo): ExcludedNode {
  const memory = memoryOf(info)
  if (memory.excluded !== undefined) return memory.excluded as ExcludedNode
  const node = new ExcludedNode()
  createSource({ node, columns: columnsFrom(node, info.columns) })
  memory.excluded = node
  return node
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
  if (memory.inserted !== undefined && hasKeys(first, memory.inserted.keys)) return memory.inserted
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

/** Whether an object has these keys and no others, in this order. */
function hasKeys(row: object, keys: readonly string[]): boolean {
  let at = 0
  for (const key in row) if (isOwn.call(row, key) && key !== keys[at++]) return false
  return at === keys.length
}

function gather(
  table: SourceInfo,
  keys: readonly string[],
  columns: readonly ColumnNode[],
  rows: readonly unknown[],
): ValuesNode | ExpressionRowsNode {
  const width = keys.length
  const values = new Array<unknown>(rows.length * width)
  let at = 0
  let hasExpressions = false
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as Record<string, unknown>
    if (typeof row !== 'object' || row === null) {
      throw new BuildError(
        'invalid_row',
        `Row ${r + 1} of insert(${table.node.name}) is ${excerpt(row)}, not an object.`,
      )
    }
    // Mostly the keys come in the order of the first row: what a loop over them reads needs no look-up.
    let read = 0
    for (const key in row) {
      if (!isOwn.call(row, key)) continue
      if (key !== keys[read]) {
        read = -1
        break
      }
      values[at + read++] = row[key]
    }
    if (read !== width) readByKey(table, keys, rows, r, values, at)
    for (let c = at; c < at + width; c++) {
      const value = values[c]
      if (value === undefined) throw missingValue(table, keys, rows, r, keys[c - at] as string)
      if (typeof value === 'object' && value !== null && isExpression(value)) hasExpressions = true
    }
    at += width
  }
  if (!hasExpressions) return new ValuesNode(values, rows.length)
  return new ExpressionRowsNode(
    values.map((value, i) => toExpression('values', value, (columns[i % width] as ColumnNode).type)),
    rows.length,
  )
}

/** Reads a row whose keys come in another order than those of the first. */
function readByKey(
  table: SourceInfo,
  keys: readonly string[],
  rows: readonly unknown[],
  r: number,
  values: unknown[],
  at: number,
): void {
  const row = rows[r] as Record<string, unknown>
  for (let c = 0; c < keys.length; c++) {
    const key = keys[c] as string
    const value = row[key]
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
  if (at > 0 && !(key in row)) return uneven(table, keys, row, at)
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
