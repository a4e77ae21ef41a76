import type { AggregateNode } from '../expression/aggregate-node.js'
import type { CompositeFieldNode } from '../expression/composite-field.js'
import type { CaseNode, FunctionNode } from '../expression/function-node.js'
import type { BinaryNode, ConstantNode, ExpressionNode, NamedParameterNode } from '../expression/node.js'
import type { AliasNode, ColumnNode, SourceNode } from '../expression/source.js'
import type { WindowNode } from '../expression/window-node.js'
import { absentNames } from '../statement/absent.js'
import type { GroupByNode } from '../statement/clauses.js'
import type { NestNode } from '../statement/nest.js'
import type { SelectionNode } from '../statement/selection.js'
import type { Node } from '../tree/node.js'
import { childrenOf } from '../tree/walk.js'
import { storedAs } from '../types/sql-type.js'

/** What is null only where an operand is. */
const STRICT = new Set(['logical', 'not', 'negative', 'between', 'inList', 'like', 'cast', 'collate'])
/** What is never null, whatever its operands are. */
const DEFINITE = new Set(['nullTest', 'exists', 'parameter', 'truthTest'])
/** Functions that are null only where an argument is. */
const STRICT_FUNCTIONS = new Set([
  ...[
    'lower',
    'upper',
    'trim',
    'btrim',
    'ltrim',
    'rtrim',
    'length',
    'octet_length',
    'replace',
    'substr',
    'left',
    'right',
  ],
  ...['reverse', 'repeat', 'lpad', 'rpad', 'strpos', 'abs', 'ceil', 'floor', 'trunc', 'round', 'sign', 'now'],
])
/** Window functions that number rows. */
const NUMBERING = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'count'])

/** Names of sources. */
interface Names {
  has(name: string): boolean
}

/**
 * Whether an expression is known not to be null in rows where the sources of some names may be missing. Where its nodes do
 * not tell, though its type may, the answer is no.
 */
function isNeverNull(node: Node, absent: Names): boolean {
  const { kind } = node
  const all = (nodes: readonly Node[]) => nodes.every((one) => isNeverNull(one, absent))
  if (DEFINITE.has(kind)) return true
  if (STRICT.has(kind)) return all(childrenOf(node))
  switch (kind) {
    case 'column': {
      const column = node as ColumnNode
      return !absent.has(column.source.name) && isColumnNeverNull(column)
    }
    case 'constant':
      return (node as ConstantNode).value !== null
    case 'namedParameter':
      return !(node as NamedParameterNode).nullable
    case 'binary': {
      const { operator, left, right } = node as BinaryNode
      if (/^is(Not)?DistinctFrom$/.test(operator)) return true
      if ((operator === 'div' || operator === 'mod') && right.kind !== 'parameter') return false
      return all([left, right])
    }
    case 'function': {
      const { name, args } = node as FunctionNode
      if (name === 'coalesce') return args.some((one) => isNeverNull(one, absent))
      return STRICT_FUNCTIONS.has(name) && all(args)
    }
    case 'case': {
      const { results, otherwise } = node as CaseNode
      return otherwise !== undefined && all([...results, otherwise])
    }
    case 'aggregate':
      return (node as AggregateNode).name === 'count'
    case 'compositeField': {
      const { operand, name: field } = node as CompositeFieldNode
      const found = storedAs(operand.type).fields?.find(({ name }) => name === field)
      return found?.notNull === true && isNeverNull(operand, absent)
    }
    case 'nest':
      return !(node as NestNode).isOne
    case 'window':
      return NUMBERING.has((node as WindowNode).call.name)
  }
  return false
}

/** Whether a column is never null where its source is there. */
export function isColumnNeverNull({ source, name, notNull }: ColumnNode): boolean {
  if (notNull) return true
  const query = queryOf(source)
  const at = query?.selection.labels.indexOf(name) ?? -1
  return query !== undefined && at >= 0 && isOutputNeverNull(query, at)
}

/** The query whose rows a source has; undefined if it is none of a query, or refers to itself. */
function queryOf(source: SourceNode): Rows | undefined {
  if (source.kind === 'alias') return queryOf((source as AliasNode).source)
  if (source.kind !== 'subquery' && source.kind !== 'cte') return undefined
  return (source as SourceNode & { readonly query: Rows }).query
}

/** A statement with rows. */
export type Rows = Node & { readonly selection: SelectionNode }

/**
 * Whether a column of the rows of a statement is never null; if it is one of a whole row of a source, where that is there.
 */
export function isOutputNeverNull(statement: Rows, at: number, ofSource = false): boolean {
  if (statement.kind === 'compound') {
    const { left, right } = statement as Rows & { readonly left: Rows; readonly right: Rows }
    return isOutputNeverNull(left, at, ofSource) && isOutputNeverNull(right, at, ofSource)
  }
  const output = statement.selection.outputs[at] as ExpressionNode
  if (hasGroupingSets(statement)) return isNeverNull(output, EVERY)
  return ofSource && output.kind === 'column'
    ? isColumnNeverNull(output as ColumnNode)
    : isNeverNull(output, absentNames(statement))
}

/** Any source: in the rows of totals, every column that is grouped by is null. */
const EVERY = { has: () => true }

function hasGroupingSets(statement: Node): boolean {
  const { clauses = [] } = statement as { readonly clauses?: readonly Node[] }
  const groups = clauses.filter(({ kind }) => kind === 'groupBy').flatMap((by) => (by as GroupByNode).groups)
  return groups.some(({ kind }) => kind === 'grouping')
}
