import type { NamedParameterNode } from '../expression/node.js'
import { type ColumnNode, isSourceNode, type SourceNode } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { TableNode } from '../schema/definition.js'
import type { Node } from '../tree/node.js'
import { childrenOf } from '../tree/walk.js'
import type { SqlType } from '../types/sql-type.js'
import type { SelectionNode } from './selection.js'

/** A column of the rows that a statement returns. */
export interface InspectedOutput {
  /** Its name in the result: the key of the row, or the path to it with points between. */
  readonly label: string
  readonly type: SqlType
}

/** What a statement is made of: see {@link inspect}. */
export interface Inspection {
  /** `select`, `compound`, `insert`, `update`, `delete`, `rawStatement`, `createTable`, … */
  readonly kind: string
  /** The tables that it names, each once, wherever they stand: in FROM, in subqueries, as a target, under an alias. */
  readonly tables: readonly TableNode[]
  /** Everything that stands in FROM, joins and as a target, in the order of the tree: tables, aliases, subqueries, CTEs. */
  readonly sources: readonly SourceNode[]
  /** The columns that it reads or writes, each once; of an alias as the alias's. */
  readonly columns: readonly ColumnNode[]
  /** The parameters that are given by name, each name once. */
  readonly parameters: readonly NamedParameterNode[]
  /** The columns of its rows; none if it returns no rows, or raw ones. */
  readonly outputs: readonly InspectedOutput[]
}

/**
 * What a statement is made of, without compiling it: to log, to check permissions, to invalidate caches, to route. What
 * stands inside raw SQL is found as far as it was put in by `${…}`.
 * @example
 * ```ts
 * const { kind, tables, columns, outputs } = inspect(
 *   select({ title: posts.title }).from(posts).join(users).where(users.email.eq(param('email', text()))),
 * )
 * kind // 'select'
 * tables.map((table) => table.name) // ['posts', 'users']
 * columns.map((column) => `${column.source.name}.${column.name}`) // ['posts.title', 'posts.author_id', 'users.id', 'users.email']
 * outputs.map((output) => output.label) // ['title']
 * ```
 */
export function inspect(statement: Statement<unknown>): Inspection {
  const tables = new Set<TableNode>()
  const sources = new Set<SourceNode>()
  const columns = new Map<string, ColumnNode>()
  const ids = new Map<SourceNode, number>()
  const parameters = new Map<string, NamedParameterNode>()
  const seen = new Set<Node>()
  const stack: Node[] = [statement]
  while (stack.length > 0) {
    const node = stack.pop() as Node
    if (isSourceNode(node)) {
      // A source is looked into once, however often it is used.
      if (seen.has(node)) continue
      seen.add(node)
      sources.add(node)
      if (node.kind === 'table') tables.add(node as TableNode)
    } else if (node.kind === 'column') {
      const column = node as ColumnNode
      if (!ids.has(column.source)) ids.set(column.source, ids.size)
      const key = `${ids.get(column.source)} ${column.name}`
      if (!columns.has(key)) columns.set(key, column)
    } else if (node.kind === 'namedParameter') {
      const parameter = node as NamedParameterNode
      if (!parameters.has(parameter.name)) parameters.set(parameter.name, parameter)
    }
    stack.push(...childrenOf(node).reverse())
  }
  return {
    kind: statement.kind === 'commented' ? (childrenOf(statement)[0] as Node).kind : statement.kind,
    tables: [...tables],
    sources: [...sources],
    columns: [...columns.values()],
    parameters: [...parameters.values()],
    outputs: outputsOf(statement),
  }
}

function outputsOf(statement: Node): InspectedOutput[] {
  const { selection } = statement as { readonly selection?: SelectionNode }
  return (selection?.outputs ?? []).map(({ type }, i) => ({ label: selection?.labels[i] as string, type }))
}
