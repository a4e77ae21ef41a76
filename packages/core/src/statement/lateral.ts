import { BuildError, excerpt } from '../errors.js'
import type { Reads } from '../expression/reads.js'
import { Scope } from '../expression/scope.js'
import { createSource, SourceNode, type SourceOf } from '../expression/source.js'
import type { Writer, WrittenScope } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { derivedColumns, isQuery, type QueryNode } from './compound.js'
import type { DerivedColumns, Selecting } from './query.js'

/** What a source within FROM sees of the sources there: those before it. */
export function scopeBefore(written: WrittenScope | undefined, quotedName: string): Scope {
  const scope = written as Scope | undefined
  const joins = scope?.joins ?? []
  const at = joins.findIndex((join) => join.source.quotedName === quotedName)
  const type = joins[at]?.type
  if (at < 0 || type === 'right' || type === 'full') return new Scope(scope?.outer, undefined)
  return new Scope(scope?.outer, scope?.source, joins.slice(0, at))
}

/** A query in FROM that sees the sources before it. */
export class LateralNode extends SourceNode {
  static readonly fields: Fields<LateralNode> = { name: 'data', query: 'child' }
  constructor(
    name: string,
    readonly query: QueryNode,
  ) {
    super('lateral', name)
  }
  override get joinsFreely(): boolean {
    return true
  }
  write(to: Writer): void {
    this.writeAs(to, this.quotedName)
  }
  override writeAs(to: Writer, quotedName: string): void {
    if (to.dialect.lacks.lateral) {
      throw to.unsupported(
        'lateral',
        'For one value select a scalar subquery; for the first rows of each group number them by rowNumber().over(…).',
      )
    }
    const { scope } = to
    to.scope = scopeBefore(scope, quotedName)
    to.text('lateral (')
    to.visit(this.query)
    to.scope = scope
    to.text(`) as ${quotedName}`)
  }
}

/**
 * A query as a source that is computed for each row of the sources before it in FROM, whose columns it may use. A join
 * with it needs no condition. SQLite refuses it.
 * @example
 * ```ts
 * const last = lateral('last', select({ title: posts.title }).from(posts)
 *   .where(posts.authorId.eq(users.id)).orderBy(posts.id.desc()).limit(1))
 * const statement = select({ email: users.email, title: last.title }).from(users).leftJoin(last)
 * statement.toSQL(postgresDialect).sql
 * // 'select "users"."email", "last"."title" from "users" left join lateral (select … limit $1) as "last" on true'
 * ```
 */
export function lateral<const Name extends string, P, Nulled extends string, Needs extends Reads>(
  name: Name,
  query: Selecting<P, Nulled, Needs>,
): SourceOf<Name, DerivedColumns<P, Nulled>, Needs> {
  if (!isQuery(query)) {
    throw new BuildError('invalid_query', `lateral(…) takes a select, not ${excerpt(query)}.`)
  }
  const node = new LateralNode(name, query)
  return createSource({ node, columns: derivedColumns(node, node.query.selection) }) as SourceOf<
    Name,
    DerivedColumns<P, Nulled>,
    Needs
  >
}
