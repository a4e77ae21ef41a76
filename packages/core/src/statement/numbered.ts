import { FunctionNode } from '../expression/function-node.js'
import { BinaryNode, type ExpressionNode, OrderingNode, ParameterNode } from '../expression/node.js'
import { ColumnNode } from '../expression/source.js'
import { WindowNode } from '../expression/window-node.js'
import { sameTree } from '../tree/equality.js'
import { BOOLEAN, COUNT } from '../types/sql-type.js'
import { type ClauseNode, findClause, OrderByNode } from './clauses.js'
import { type QueryNode, SubqueryNode } from './compound.js'
import type { OutputNode } from './output.js'
import { SelectNode } from './select.js'
import { SelectionNode } from './selection.js'

/** How rows are numbered, and which numbers are kept. */
export interface Numbering {
  /** The function that numbers them in the order of the query. */
  readonly by: 'row_number' | 'rank'
  /** What they are numbered anew for. */
  readonly within: readonly ExpressionNode[]
  /** The clause that this is done in place of. */
  readonly instead: ClauseNode
  /** Whether a number is kept. */
  readonly keep: (number: ExpressionNode) => ExpressionNode
}

/**
 * A query whose rows are numbered in its order and chosen by their numbers, without a clause that would do the same. What
 * it selects and is ordered by is computed once, in a query of its own; its rows are numbered in another, since a window
 * cannot contain one; and the outer one chooses, and has the order and all that comes behind.
 */
export function numbered(query: QueryNode, numbering: Numbering): SelectNode {
  const { within, instead, by, keep } = numbering
  const from = asSelect(query)
  const own = from.clauses.filter((clause) => clause !== instead)
  const orderings = (findClause<OrderByNode>(own, 'orderBy')?.items ?? []).map((item) =>
    item.kind === 'ordering'
      ? (item as OrderingNode)
      : new OrderingNode(item as ExpressionNode, 'asc', undefined),
  )
  const { outputs, labels, shape } = from.selection
  const computed: ExpressionNode[] = [...outputs]
  // The column of an expression: of one that is selected or computed already, or one more.
  const at = (expression: ExpressionNode): number => {
    const { position } = expression as OutputNode
    if (expression.kind === 'output') return position - 1
    const found = computed.findIndex((other) => other === expression || sameTree(other, expression))
    return found < 0 ? computed.push(expression) - 1 : found
  }
  const order = orderings.map((item) => [at(item.expression), item] as const)
  const groups = within.map(at)
  const isInner = ({ kind }: ClauseNode) => /^(distinct|groupBy|having)$/.test(kind)
  const names = computed.map((_, i) => `c${i + 1}`)
  const inner = new SubqueryNode(
    new SelectNode(
      new SelectionNode(computed, names, undefined),
      from.source,
      from.joins,
      from.condition,
      own.filter(isInner),
    ),
    'q',
  )
  const columnsOf = (source: SubqueryNode) =>
    computed.map(({ type }, i) => new ColumnNode(source, names[i] as string, type, false))
  const orderOf = (columns: readonly ColumnNode[]) =>
    order.map(([i, { direction, nulls }]) => new OrderingNode(columns[i] as ColumnNode, direction, nulls))
  const given = columnsOf(inner)
  const number = new WindowNode(
    new FunctionNode(by, [], COUNT),
    groups.map((i) => given[i] as ColumnNode),
    orderOf(given),
    undefined,
    COUNT,
  )
  const middle = new SubqueryNode(
    new SelectNode(
      new SelectionNode([...given, number], [...names, 'n'], undefined),
      inner,
      [],
      undefined,
      [],
    ),
    'r',
  )
  const columns = columnsOf(middle)
  return new SelectNode(
    new SelectionNode(columns.slice(0, outputs.length), labels, shape),
    middle,
    [],
    keep(new ColumnNode(middle, 'n', COUNT, true)),
    own.flatMap((clause) => {
      if (isInner(clause)) return []
      return clause.kind === 'orderBy' ? new OrderByNode(orderOf(columns)) : clause
    }),
  )
}

/** A set operation as a select of its rows. */
function asSelect(query: QueryNode): SelectNode {
  if (query.kind === 'select') return query as SelectNode
  const { selection, clauses } = query
  const source = new SubqueryNode(query.clear(...clauses.map(({ kind }) => kind)), 'u')
  const columns = selection.outputs.map(
    ({ type }, i) => new ColumnNode(source, selection.labels[i] as string, type, false),
  )
  return new SelectNode(
    new SelectionNode(columns, selection.labels, selection.shape),
    source,
    [],
    undefined,
    clauses,
  )
}

/** A comparison with a number of rows. */
export function compared(left: ExpressionNode, operator: string, right: ExpressionNode): ExpressionNode {
  return new BinaryNode(left, operator, right, BOOLEAN)
}

/** A number of rows. */
export function rows(count: number): ExpressionNode {
  return new ParameterNode(count, COUNT)
}
