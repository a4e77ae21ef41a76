import { BuildError, excerpt } from '../errors.js'
import type { Reads } from '../expression/expression.js'
import { type ExpressionNode, OrderingNode } from '../expression/node.js'
import { type ColumnNode, type ColumnTree, createSource } from '../expression/source.js'
import { type ClauseNode, GroupByNode, OrderByNode } from './clauses.js'
import { asOutput, type OutputNode } from './output.js'
import type { Select } from './query.js'
import { SelectNode } from './select.js'
import type { SelectionNode, Shape } from './selection.js'
import { readSelection, type Selection, type SourcesOf } from './shape.js'

/**
 * The same query with other rows: what it selects is replaced, and all its clauses stay. A function is given what was
 * selected, to add to it or to take a part of it.
 *
 * Throws a `BuildError` for a set operation: select from it, `query.as('all')`.
 * @example
 * ```ts
 * const page = select({ id: users.id }).from(users).where(users.orgId.eq(1)).orderBy(users.id).limit(20)
 * reselect(page, (row) => ({ ...row, email: users.email }))
 * // select "users"."id", "users"."email" from "users" where "users"."org_id" = $1 order by "users"."id" limit $2
 * reselect(page.clear('orderBy', 'limit'), count())
 * // select count(*) as "value" from "users" where "users"."org_id" = $1
 * ```
 */
export function reselect<
  P,
  From extends string,
  Nulled extends string,
  Used extends Reads,
  const P2 extends Selection,
>(
  query: Select<P, From, Nulled, Used>,
  selection: (row: P) => P2,
): Select<P2, From, Nulled, Used | SourcesOf<P2>>
export function reselect<
  P,
  From extends string,
  Nulled extends string,
  Used extends Reads,
  const P2 extends Selection,
>(query: Select<P, From, Nulled, Used>, selection: P2): Select<P2, From, Nulled, Used | SourcesOf<P2>>
export function reselect(query: unknown, selection: unknown): never {
  if (typeof query !== 'object' || (query as Partial<SelectNode> | null)?.kind !== 'select') {
    throw new BuildError(
      'invalid_query',
      `reselect(…) takes a select, not ${(query as Partial<SelectNode> | null)?.kind ?? excerpt(query)}. ` +
        "Of a set operation write select(…).from(query.as('all')).",
    )
  }
  const { selection: before, source, joins, condition, clauses } = query as SelectNode
  const given = typeof selection === 'function' ? selection(selected(before)) : selection
  const after = readSelection('reselect(…)', given)
  const kept = clauses.map((clause) => refer(clause, after))
  const result = new SelectNode(after, source, joins, condition, kept)
  for (const clause of kept) clause.among(kept, result)
  return result as never
}

/** What a query selects, as it was given. */
function selected({ outputs, labels, shape }: SelectionNode): unknown {
  if (shape === undefined) return Object.fromEntries(labels.map((label, i) => [label, outputs[i]]))
  const tree = (part: Shape): unknown => {
    if (typeof part === 'number') return outputs[part]
    const { keys, fields, presence } = part
    const columns = Object.fromEntries(keys.map((key, i) => [key, tree(fields[i] as Shape)])) as ColumnTree
    if (presence === undefined) return columns
    const { source: node } = outputs[presence.columns[0] as number] as ColumnNode
    return node.facade ?? createSource({ node, columns })
  }
  return tree(shape)
}

/** A clause that refers to columns of the result, as one that refers to those of another. */
function refer(clause: ClauseNode, selection: SelectionNode): ClauseNode {
  const again = <T extends ExpressionNode | OrderingNode>(item: T): T => {
    if (item.kind === 'output') return asOutput((item as unknown as OutputNode).expression, selection) as T
    const { expression, direction, nulls } = item as OrderingNode
    if (item.kind !== 'ordering' || expression.kind !== 'output') return item
    const by = (expression as unknown as OutputNode).expression
    return asOutput(new OrderingNode(by, direction, nulls), selection) as T
  }
  if (clause.kind === 'orderBy') return new OrderByNode((clause as OrderByNode).items.map(again))
  return clause.kind === 'groupBy' ? new GroupByNode((clause as GroupByNode).groups.map(again)) : clause
}
