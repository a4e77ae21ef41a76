import { BuildError } from '../errors.js'
import { BinaryNode, connect, type ExpressionNode } from '../expression/node.js'
import type { Reads } from '../expression/reads.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { COUNT } from '../types/sql-type.js'
import { type Clause, ClauseNode, findClause, type LimitNode, Rank, rowCount, writeCount } from './clauses.js'
import type { QueryNode } from './compound.js'
import { compared, numbered, rows } from './numbered.js'
import type { RowCount } from './query.js'

/** `fetch first … rows with ties`. */
export class FetchNode extends ClauseNode {
  static readonly fields: Fields<FetchNode> = { count: 'child' }
  constructor(readonly count: ExpressionNode) {
    super('fetch', Rank.fetch)
  }
  override among(clauses: readonly ClauseNode[]): void {
    if (findClause<LimitNode>(clauses, 'limit')?.count !== undefined) {
      throw new BuildError('invalid_limit', 'A query has a limit or fetchWithTies(…), not both.')
    }
    if (findClause(clauses, 'orderBy') !== undefined) return
    throw new BuildError('no_order', 'Call .orderBy(…) before .add(fetchWithTies(…)): ties are by the order.')
  }
  /** Equal rows have one rank, which is that of the first of them; what the offset skips counts too. */
  override instead(query: QueryNode): QueryNode {
    const { count } = this
    const offset = findClause<LimitNode>(query.clauses, 'limit')?.offset
    return numbered(query, {
      by: 'rank',
      within: [],
      instead: this,
      keep: (number) =>
        offset === undefined
          ? compared(number, 'lte', count)
          : connect('and', [
              compared(number, 'lte', new BinaryNode(count, 'add', offset, COUNT)),
              // Of no rows none is the last, so that none is equal to it.
              compared(count, 'gt', rows(0)),
            ]),
    })
  }
  write(to: Writer): void {
    if (to.dialect.lacks.withTies) {
      throw to.unsupported(
        'fetch with ties',
        'Compute rank().over({ orderBy }) in a subquery, and keep the rows where it is low enough.',
      )
    }
    to.text(' fetch first (')
    writeCount(to, this.count)
    to.text(') rows with ties')
  }
}

/**
 * At most so many rows, and those that are equal to the last one by the order; for `.add(…)`, in place of a limit and
 * after `orderBy`. PostgreSQL has it since version 13; on SQLite the rows are ranked by `rank()` in a subquery.
 * @example
 * ```ts
 * const best = select(posts.id).from(posts).orderBy(posts.score.desc()).add(fetchWithTies(3))
 * best.toSQL(postgresDialect).sql
 * // 'select "posts"."id" as "value" from "posts" order by "posts"."score" desc fetch first ($1) rows with ties'
 * ```
 */
export function fetchWithTies(count: number): Clause<never, 'query'>
export function fetchWithTies<S extends Reads>(count: RowCount<S>): Clause<S, 'query'>
export function fetchWithTies(count: unknown): never {
  return new FetchNode(rowCount('fetchWithTies', count)) as unknown as never
}
