import { BuildError } from '../errors.js'
import { describe, type ExpressionNode, type OrderingNode, requireEquality } from '../expression/node.js'
import type { AnyExpression } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import { sameTree } from '../tree/equality.js'
import type { Fields } from '../tree/node.js'
import { type Clause, ClauseNode, findClause, type OrderByNode, Rank, requireExpressions } from './clauses.js'
import type { QueryNode } from './compound.js'
import { compared, numbered, rows } from './numbered.js'

/** `distinct on (…)`. */
export class DistinctOnNode extends ClauseNode {
  static readonly fields: Fields<DistinctOnNode> = { expressions: 'children' }
  constructor(readonly expressions: readonly ExpressionNode[]) {
    // A rank of its own: it does not take the place of distinct(), which it cannot stand beside.
    super('distinctOn', Rank.distinct + 1)
  }
  /** PostgreSQL takes the first row of each group in the order of the whole, which must then begin with the group. */
  override among(clauses: readonly ClauseNode[]): void {
    if (findClause(clauses, 'distinct') !== undefined) {
      throw new BuildError(
        'invalid_distinct',
        'A query has distinct() or distinctOn(…), not both. Select distinct rows from a subquery, or clear one of them.',
      )
    }
    const order = findClause<OrderByNode>(clauses, 'orderBy')
    const first = order?.items.slice(0, this.expressions.length) ?? []
    const other = first.map(ordered).find((item) => !this.expressions.some((one) => sameTree(one, item)))
    if (other === undefined) return
    throw new BuildError(
      'invalid_order',
      `distinctOn(${this.expressions.map(describe).join(', ')}) must be what orderBy begins with, not ${describe(other)}: ` +
        'the first row of each group is kept.',
    )
  }
  /** The first row of each group is that of number 1. */
  override instead(query: QueryNode): QueryNode {
    return numbered(query, {
      by: 'row_number',
      within: this.expressions,
      instead: this,
      keep: (number) => compared(number, 'eq', rows(1)),
    })
  }
  write(to: Writer): void {
    if (to.dialect.lacks.distinctOn) {
      throw to.unsupported(
        'distinct on',
        'Number the rows of a subquery by rowNumber().over({ partitionBy, orderBy }), and keep those that are 1.',
      )
    }
    // What it is ordered by must begin with the same expressions.
    to.sharing = true
    to.text('distinct on (')
    for (let i = 0; i < this.expressions.length; i++) {
      if (i > 0) to.text(', ')
      to.key(this.expressions[i] as ExpressionNode)
    }
    to.text(') ')
  }
}

function ordered(item: ExpressionNode | OrderingNode): ExpressionNode {
  const expression = item.kind === 'ordering' ? (item as OrderingNode).expression : (item as ExpressionNode)
  return expression.kind === 'output'
    ? (expression as unknown as { expression: ExpressionNode }).expression
    : expression
}

/**
 * Of the rows that are equal in these expressions only the first one, by an order that begins with them; for
 * `.add(…)`. On SQLite the rows are numbered by `row_number()` in a subquery, and those that are 1 are kept.
 * @example
 * ```ts
 * const latest = select({ author: posts.authorId, title: posts.title }).from(posts)
 *   .add(distinctOn(posts.authorId)).orderBy(posts.authorId, posts.id.desc())
 * latest.toSQL(postgresDialect).sql
 * // 'select distinct on ("posts"."author_id") "posts"."author_id" as "author", "posts"."title" from "posts" order by "posts"."author_id", "posts"."id" desc'
 * ```
 */
export function distinctOn<E extends readonly [AnyExpression, ...AnyExpression[]]>(
  ...expressions: E
): Clause<E[number]['~sources'], 'select'> {
  if (expressions.length === 0) throw new BuildError('invalid_argument', 'distinctOn() needs an expression.')
  const nodes = requireExpressions('distinctOn', expressions)
  requireEquality('distinctOn', nodes)
  const node = new DistinctOnNode(nodes)
  return node as unknown as Clause<E[number]['~sources'], 'select'>
}
