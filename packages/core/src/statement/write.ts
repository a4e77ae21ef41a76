import { BuildError, excerpt } from '../errors.js'
import type { Reads } from '../expression/reads.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { type Clause, type ClauseNode, withClause } from './clauses.js'
import type { SelectionNode } from './selection.js'
import { StatementNode } from './statement-node.js'

/** A write that can run. */
export interface Write<out R, out Needs extends Reads> extends Statement<R, Needs> {
  /**
   * Adds a {@link comment} or {@link tags}, behind all else; one of its kind that is there is replaced. What else the write
   * has is said before.
   * @example
   * ```ts
   * const tagged = update(posts).set({ score: 0 }).everyRow().add(tags({ job: 'reset' }))
   * tagged.toSQL(postgresDialect).sql.startsWith(`update "posts" set "score" = $1 /*job='reset'`) // true
   * ```
   */
  add(clause: Clause<never, 'statement'>): Write<R, Needs>

  /**
   * Hands the statement to a function and returns what it returns, so that helpers read in order.
   * @example
   * ```ts
   * update(posts).set({ score: 0 }).where(posts.id.gt(9n)).pipe((write) => write.where(posts.authorId.eq(1n)))
   * // update "posts" set "score" = $1 where "posts"."id" > $2 and "posts"."author_id" = $3
   * ```
   */
  pipe<T>(change: (statement: this) => T): T
}

/** What writes have in common. */
export abstract class WriteNode extends StatementNode {
  add(clause: unknown): CommentedNode {
    return new CommentedNode(this, [requireComment(clause)])
  }
}

/** A write with comments behind it. */
export class CommentedNode extends StatementNode {
  static readonly fields: Fields<CommentedNode> = { statement: 'child', clauses: 'children' }
  constructor(
    readonly statement: StatementNode,
    readonly clauses: readonly ClauseNode[],
  ) {
    super('commented')
  }
  get selection(): SelectionNode | undefined {
    return (this.statement as { readonly selection?: SelectionNode }).selection
  }
  get absentSources(): ReadonlySet<string> | undefined {
    return (this.statement as { readonly absentSources?: ReadonlySet<string> }).absentSources
  }
  add(clause: unknown): CommentedNode {
    return new CommentedNode(this.statement, withClause(this.clauses, requireComment(clause)))
  }
  write(to: Writer): void {
    to.visit(this.statement)
    for (const clause of this.clauses) to.visit(clause)
  }
}

function requireComment(clause: unknown): ClauseNode {
  const { kind } = (clause ?? {}) as Partial<ClauseNode>
  if (kind === 'comment' || kind === 'tags') return clause as ClauseNode
  throw new BuildError(
    'invalid_clause',
    `add(…) of a write takes comment(…) or tags(…), not ${kind ?? excerpt(clause)}.`,
  )
}
