import {
  type AggregateNode,
  type AliasNode,
  type AnyTable,
  type CoercedNode,
  type ColumnNode,
  CompileError,
  type Compiler,
  childrenOf,
  type ExpressionNode,
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

/** What is made of nothing but its operands; anything else may aggregate. */
const TRANSPARENT =
  /^(output|ordering|orderBy|having|binary|logical|negative|not|between|inList|nullTest|cast|case|when|function|window|scalarQuery|nest|exists|inQuery|select|compound|selection|join|subquery)$/

/**
 * Refuses a column that differs within a group, as PostgreSQL does. A column of which something is grouped by may stand in
 * that same expression, and is left alone in others.
 */
export function refuseUngrouped(node: SelectNode, isAggregated: boolean): void {
  const { clauses } = node
  const grouping = clauses.find(({ kind }) => kind === 'groupBy') as GroupByNode | undefined
  if (grouping === undefined && !isAggregated) return
  const groups = (grouping?.groups ?? []).map(written)
  const columns = groups.filter(isColumn)
  const computed: ColumnNode[] = []
  for (const group of groups) {
    walk(group, (part) => {
      if (part !== group && isColumn(part)) computed.push(part)
    })
  }
  const isAmongComputed = (column: ColumnNode) =>
    computed.some(({ source, name }) => source === column.source && name === column.name)
  const check = (root: Node, sources: readonly (SourceNode | undefined)[]) => {
    walk(root, (part) => {
      if (isColumn(part)) {
        if (!sources.includes(part.source) || isGrouped(part, columns)) return false
        if (part === root || !isAmongComputed(part)) throw ungrouped(part)
      }
      // A query may use the columns around it, but its own sources are others, also where they are the same table.
      if (part.kind === 'select') {
        const own = sourcesOf(part as SelectNode)
        const others = sources.filter((source) => !own.includes(source))
        for (const inner of childrenOf(part)) check(inner, others)
        return false
      }
      return TRANSPARENT.test(part.kind) && !('withinGroup' in part)
    })
  }
  const sources = sourcesOf(node)
  for (const output of node.selection.outputs) check(output, sources)
  for (const clause of clauses) if (clause !== grouping) check(clause, sources)
}

/** An expression without what changes nothing of its SQL. */
function written(node: ExpressionNode): ExpressionNode {
  if (node.kind === 'output') return written((node as OutputNode).expression)
  return node.kind === 'coerced' ? written((node as CoercedNode).operand) : node
}

function sourcesOf({ source, joins }: SelectNode): readonly (SourceNode | undefined)[] {
  return [source, ...joins.map((join) => join.source)]
}

type Scope = NonNullable<Compiler['scope']>

/**
 * The scope of the select around whose rows an aggregate takes, if they are not those of the select that it stands
 * in: with columns of queries around alone, it is computed in the nearest of them. PostgreSQL's manual says so in 4.2.7.
 */
export function aggregatedAround(node: AggregateNode, innermost: Scope | undefined): Scope | undefined {
  if (innermost?.outer === undefined) return undefined
  const columns: SourceNode[] = []
  walk(node, (part) => {
    if (isColumn(part)) columns.push(part.source)
  })
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.outer) {
    if (scope.all().some((source) => columns.includes(source))) return scope === innermost ? undefined : scope
  }
  return undefined
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
