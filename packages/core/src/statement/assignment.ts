import { BuildError, excerpt } from '../errors.js'
import { type ExpressionNode, toExpression } from '../expression/node.js'
import type { ColumnNode, SourceInfo } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { QueryNode } from './compound.js'
import { writeNewValue } from './default-value.js'
import { type ColumnListNode, columnForKey, isOwn, isPlain, memoryOf } from './target.js'

/** A column and its new value, in `set`. */
export class AssignmentNode implements Node {
  static readonly fields: Fields<AssignmentNode> = { column: 'child', value: 'child' }
  constructor(
    readonly column: ColumnNode,
    readonly value: ExpressionNode,
  ) {}
  get kind(): string {
    return 'assignment'
  }
  write(to: Writer): void {
    const { column, value } = this
    to.text(column.quotedName)
    to.text(' = ')
    writeNewValue(to, value, column)
  }
}

/** Several columns and the query whose only row has their new values. */
export class QueryAssignmentNode implements Node {
  static readonly fields: Fields<QueryAssignmentNode> = { columns: 'child', query: 'child' }
  constructor(
    readonly columns: ColumnListNode,
    readonly query: QueryNode,
  ) {}
  get kind(): string {
    return 'queryAssignment'
  }
  write(to: Writer): void {
    const { columns, text } = this.columns
    to.text(columns.length === 1 ? (columns[0] as ColumnNode).quotedName : text.slice(1))
    to.text(' = (')
    to.nested(this.query)
    to.text(')')
  }
}

/** What `set` consists of. */
export type Assignment = AssignmentNode | QueryAssignmentNode

/** The assignments that an object, or a function that returns one, asks for. */
export function readAssignments(
  place: string,
  table: SourceInfo,
  set: unknown,
  self: object | undefined,
  excluded: object | undefined,
): AssignmentNode[] {
  const values: unknown = typeof set === 'function' ? set(self, excluded) : set
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new BuildError(
      'invalid_set',
      `${place}(…) takes an object of columns and values, not ${excerpt(values)}.`,
    )
  }
  const memory = memoryOf(table)
  const known = memory.assigned
  // Made at its expected size: an array that grows by push takes room for seventeen.
  const assignments = new Array<AssignmentNode>(known.length)
  let at = 0
  /** The keys and columns, where they are others than those of the last `set`. */
  let others: { key: string; column: ColumnNode }[] | undefined
  const plain = isPlain(values)
  for (const key in values) {
    if (!plain && !isOwn.call(values, key)) continue
    const same = known[at]?.key === key
    const column = same ? (known[at] as { column: ColumnNode }).column : columnForKey(place, table, key)
    if (!same) others ??= known.slice(0, at)
    others?.push({ key, column })
    const value = (values as Record<string, unknown>)[key]
    if (value === undefined) {
      throw new BuildError(
        'undefined_value',
        `${place}(…): ${table.node.name}.${key} is undefined, which is never a value. Write null for NULL, or leave the key out.`,
      )
    }
    assignments[at++] = new AssignmentNode(column, toExpression(place, value, column.type))
  }
  if (at === 0) {
    throw new BuildError(
      'empty_set',
      `${place}({}) of '${table.node.name}' sets nothing: name at least one column.`,
    )
  }
  if (at < known.length) {
    assignments.length = at
    others ??= known.slice(0, at)
  }
  if (others !== undefined) memory.assigned = others
  return assignments
}

/** Writes `"a" = …, "b" = …`. */
export function writeAssignments(to: Writer, assignments: readonly Assignment[]): void {
  for (let i = 0; i < assignments.length; i++) {
    if (i > 0) to.text(', ')
    ;(assignments[i] as Assignment).write(to)
  }
}
