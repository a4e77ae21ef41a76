import {
  AggregateNode,
  type AliasNode,
  type AnyTable,
  type ColumnNode,
  CompileError,
  type GroupByNode,
  type Node,
  type OutputNode,
  type PrimaryKeyNode,
  type SelectNode,
  type SourceNode,
  tableDefinition,
  walk,
} from '@espalier/core'

// Where rows are grouped, SQLite takes a column that is neither grouped by nor aggregated from any row of the group, and
// where there are no rows it is NULL, whatever its type says: https://sqlite.org/lang_select.html#bareagg

/** What is made of nothing but its operands; anything else may aggregate, or be a query. */
const TRANSPARENT =
  /^(output|ordering|orderBy|having|binary|logical|negative|not|between|inList|nullTest|cast|case|when|function|window)$/

/** Refuses a column that differs within a group, as PostgreSQL does. Groups by more than columns are left alone. */
export function refuseUngrouped(node: SelectNode, isAggregated: boolean): void {
  const { clauses } = node
  const grouping = clauses.find(({ kind }) => kind === 'groupBy') as GroupByNode | undefined
  if (grouping === undefined && !isAggregated) return
  const groups = (grouping?.groups ?? []).map((group) =>
    group.kind === 'output' ? (group as OutputNode).expression : group,
  )
  if (!groups.every(isColumn)) return
  const sources = [node.source, ...node.joins.map(({ source }) => source)]
  const check = (part: Node): boolean => {
    if (!isColumn(part)) return TRANSPARENT.test(part.kind) && !(part instanceof AggregateNode)
    if (sources.includes(part.source) && !isGrouped(part, groups)) throw ungrouped(part)
    return false
  }
  for (const output of node.selection.outputs) walk(output, check)
  for (const clause of clauses) walk(clause, check)
}

function isColumn(node: Node): node is ColumnNode {
  return node.kind === 'column'
}

/** Whether all rows of a group have the same value: that of a key, or of a row whose primary key is among the keys. */
function isGrouped({ source, name }: ColumnNode, groups: readonly ColumnNode[]): boolean {
  const keys = groups.filter((group) => group.source === source).map((group) => group.name)
  if (keys.length === 0 || keys.includes(name)) return keys.length > 0
  const { kind } = underlying(source)
  if (kind !== 'table') return kind === 'rawSource'
  // Of a table that was read from JSON or rewritten, the key is not known.
  if (source.facade === undefined) return true
  const { constraints } = tableDefinition(source.facade as AnyTable)
  const key = constraints.find((constraint) => constraint.kind === 'primaryKey') as PrimaryKeyNode | undefined
  return key?.columns.every((column) => keys.includes(column)) === true
}

function underlying(source: SourceNode): SourceNode {
  return source.kind === 'alias' ? underlying((source as AliasNode).source) : source
}

function ungrouped({ source, name }: ColumnNode): CompileError {
  const column = `${source.name}.${name}`
  return new CompileError(
    'ungrouped_column',
    `${column} may differ between the rows of a group, of which SQLite would take any; PostgreSQL refuses it. Add it to ` +
      `groupBy(…), or write an aggregate of it, such as min(…).`,
  )
}
