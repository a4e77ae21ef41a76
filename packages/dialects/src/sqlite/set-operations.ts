import {
  ColumnNode,
  CompoundNode,
  FunctionNode,
  INTEGER,
  OrderByNode,
  OrderingNode,
  OutputNode,
  type QueryNode,
  SelectionNode,
  SelectNode,
  SubqueryNode,
  WindowNode,
} from '@espalier/core'

/** An order by columns of the rows, as one by others at the same places. */
function orderOf({ items }: OrderByNode, columns: readonly ColumnNode[]): OrderByNode {
  const at = ({ label, position, type }: OutputNode) =>
    new OutputNode(columns[position - 1] as ColumnNode, label, position, type)
  return new OrderByNode(
    items.map((item) => {
      if (item.kind !== 'ordering') return at(item as OutputNode)
      const { expression, direction, nulls } = item as OrderingNode
      return new OrderingNode(at(expression as OutputNode), direction, nulls)
    }),
  )
}

/**
 * `intersect all` and `except all`, which SQLite has not: the equal rows of each side are numbered, so that no two are
 * equal, and those of one number meet.
 */
export function withoutAll({ operator, left, right, selection, clauses }: CompoundNode): SelectNode {
  const names = selection.labels.map((_, i) => `c${i + 1}`)
  const columnsOf = (source: SubqueryNode, labels: readonly string[]) =>
    selection.outputs.map(({ type }, i) => new ColumnNode(source, labels[i] as string, type, false))
  const numbered = (query: QueryNode) => {
    const source = new SubqueryNode(query, 'q')
    const columns = columnsOf(source, query.selection.labels)
    const number = new WindowNode(
      new FunctionNode('row_number', [], INTEGER),
      columns,
      [],
      undefined,
      INTEGER,
    )
    const outputs = new SelectionNode([...columns, number], [...names, 'n'], undefined)
    return new SelectNode(outputs, source, [], undefined, [])
  }
  const distinct = operator === 'intersect all' ? 'intersect' : 'except'
  const rows = new SubqueryNode(new CompoundNode(distinct, numbered(left), numbered(right), []), 'r')
  const columns = columnsOf(rows, names)
  return new SelectNode(
    new SelectionNode(columns, selection.labels, selection.shape),
    rows,
    [],
    undefined,
    clauses.map((clause) => (clause.kind === 'orderBy' ? orderOf(clause as OrderByNode, columns) : clause)),
  )
}
