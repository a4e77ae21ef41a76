import { BuildError, excerpt } from '../errors.js'
import { flatText } from '../expression/identifier.js'
import type { ConstantNode, ExpressionNode, LogicalNode } from '../expression/node.js'
import { Scope, sameName } from '../expression/scope.js'
import {
  type AliasNode,
  type ColumnNode,
  infoOfNode,
  requireSource,
  type SourceInfo,
  type SourceNode,
} from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { Fields, Node } from '../tree/node.js'
import { rewrite } from '../tree/rewrite.js'
import { walk } from '../tree/walk.js'
import type { Codec } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import type { SelectionNode } from './selection.js'

/** The columns of an insert, in the order of the values of a row. */
export class ColumnListNode implements Node {
  static readonly fields: Fields<ColumnListNode> = { columns: 'children' }
  /** The names in parentheses, written once for all inserts that name the same columns. */
  readonly text: string
  constructor(readonly columns: readonly ColumnNode[]) {
    this.text =
      columns.length === 0 ? '' : flatText(' (', columns.map((column) => column.quotedName).join(', '), ')')
  }
  get kind(): string {
    return 'columnList'
  }
  private known: RowWriting | undefined = undefined
  /**
   * How a dialect writes a row of these columns, for the dialect that asked last. Without that an insert of ten columns
   * takes a tenth longer.
   */
  writing(to: Writer): RowWriting {
    if (this.known?.dialect !== to.dialect) {
      const codecs = this.columns.map(({ type }) => to.codec(type))
      this.known = {
        dialect: to.dialect,
        codecs,
        wraps: codecs.some(({ wrap }) => wrap !== undefined),
        row: rowsText(to, 0, this.columns.length, 1),
      }
    }
    return this.known
  }
}

/** How a dialect writes a row of values. */
export interface RowWriting {
  readonly dialect: SqlWriter
  readonly codecs: readonly Codec[]
  /** Whether some column has SQL around its values. */
  readonly wraps: boolean
  /** `values (…)` with the first placeholders. */
  readonly row: string
}

/** `values (…), (…)` with placeholders, of which `first` are there already. */
export function rowsText(to: Writer, first: number, width: number, rows: number): string {
  const texts: string[] = []
  for (let r = 0, number = first; r < rows; r++) {
    let text = '('
    for (let c = 0; c < width; c++) text += (c === 0 ? '' : ', ') + to.placeholderAt(++number)
    texts.push(`${text})`)
  }
  return flatText('values ', texts.join(', '))
}

/** What the writes to a table remember of it: the next one mostly names the same columns as the one before. */
export interface WriteMemory {
  /** The columns of the last insert. */
  inserted: RowColumns | undefined
  /** The keys and columns of the last `set`. */
  assigned: readonly { readonly key: string; readonly column: ColumnNode }[]
  /** The table's `excluded`. */
  excluded: SourceNode | undefined
}

/** The columns that the rows of an insert name. */
export interface RowColumns {
  readonly keys: readonly string[]
  readonly list: ColumnListNode
}

export function memoryOf(table: SourceInfo): WriteMemory {
  table.writes ??= { inserted: undefined, assigned: [], excluded: undefined }
  return table.writes as WriteMemory
}

/** A table as the target of a write; an alias, a subquery or a CTE is an error. */
export function requireTable(place: string, table: unknown): SourceInfo {
  const info = requireSource(place, table)
  if (info.node.kind === 'table') return info
  throw new BuildError(
    'not_a_table',
    `${place} takes a table; '${info.node.name}' is ${info.node.kind === 'alias' ? 'an alias' : `a ${info.node.kind}`}.`,
  )
}

/** Whether a key of an object is its own: what a row or a `set` inherits is not meant. */
export const isOwn: (this: object, key: string) => boolean = Object.prototype.hasOwnProperty

/** Whether an object inherits nothing that a loop over its keys would come to, so that its keys need not be asked for. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** What is known of the target of a write; an error if its node was read or rewritten, and its columns are not at hand. */
export function requireInfo(target: SourceNode): SourceInfo {
  const info = infoOfNode(target)
  if (info !== undefined) return info
  throw new BuildError(
    'unknown_table',
    `'${target.name}' was read from JSON or rewritten, so its columns are not known here.`,
  )
}

/** What an update or a delete reaches: a table, or one under another name. */
export type WriteTarget = TableNode | AliasNode

/** A table or an alias of one as the target of a write; a subquery or a CTE is an error. */
export function requireTarget(place: string, target: unknown): SourceInfo {
  const info = requireSource(place, target)
  if (isTarget(info.node)) return info
  throw new BuildError(
    'not_a_table',
    `${place} takes a table or an alias of one; '${info.node.name}' is ${
      info.node.kind === 'alias' ? 'an alias of something else' : `a ${info.node.kind}`
    }.`,
  )
}

function isTarget(node: SourceNode): boolean {
  return node.kind === 'table' || (node.kind === 'alias' && isTarget((node as AliasNode).source))
}

/** Writes the target of a write, behind `update` or the like. */
export function writeTarget(to: Writer, target: WriteTarget): void {
  if (target.kind === 'table') to.text((target as TableNode).quotedPath)
  else if (isTarget(target)) target.write(to)
  else throw new TypeError(`'${target.name}' is no alias of a table`)
}

/** The column of a table with a key; an error that names the ones that there are. */
export function columnForKey(place: string, table: SourceInfo, key: string): ColumnNode {
  const column = table.columns[key]
  // What an object has by itself, such as `constructor`, is no column.
  if (column !== undefined && (column as ColumnNode).source === table.node) return column as ColumnNode
  throw new BuildError(
    'unknown_column',
    `${place}(…): '${table.node.name}' has no column ${excerpt(key)}. It has: ${Object.keys(table.columns).join(', ')}.`,
  )
}

/**
 * Refuses a write that does not say which rows are meant: without condition, or with one that always holds, such as an
 * `or` of which `when(…)` left out a part.
 */
export function requireRows(
  verb: 'update' | 'delete',
  table: string,
  condition: ExpressionNode | undefined,
): void {
  if (condition !== undefined && !holdsAlways(condition)) return
  throw new BuildError(
    'no_where',
    `This ${verb} of '${table}' would reach every row. Say which with .where(…), or that all are meant with .everyRow().`,
  )
}

function holdsAlways(condition: ExpressionNode): boolean {
  if (condition.kind === 'constant') return (condition as ConstantNode).value === true
  if (condition.kind !== 'logical') return false
  const { operator, operands } = condition as LogicalNode
  return operator === 'and' ? operands.every(holdsAlways) : operands.some(holdsAlways)
}

/** Writes `returning …` of a statement whose target and other sources are in scope. */
export function writeReturning(to: Writer, selection: SelectionNode): void {
  to.text(' returning ')
  selection.write(to)
}

/** Writes `returning …` of a statement whose target may be an alias, which some database does not know any more there. */
export function writeReturningOf(to: Writer, selection: SelectionNode, target: WriteTarget): void {
  if (target.kind === 'table' || !to.dialect.lacks.aliasInReturning) {
    writeReturning(to, selection)
    return
  }
  const table = tableOf(target)
  walk(selection, (node) => {
    if (node === table || (node.kind === 'table' && sameName((node as TableNode).name, table.name))) {
      throw to.unsupported(
        `returning of a query that reads '${table.name}', of a statement that calls it '${target.name}'`,
        `Write the statement for '${table.name}' itself, and give the table another name in the query.`,
      )
    }
  })
  const { scope } = to
  to.scope = new Scope((scope as Scope | undefined)?.outer, table)
  writeReturning(
    to,
    rewrite(selection, (node) => (node === target ? table : node)),
  )
  to.scope = scope
}

function tableOf(target: SourceNode): TableNode {
  return target.kind === 'alias' ? tableOf((target as AliasNode).source) : (target as TableNode)
}
