import { BuildError, excerpt } from '../errors.js'
import type { Reads } from '../expression/expression.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { createSource, SourceNode, type SourceOf } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { derivedColumns, isQuery, type QueryNode, writeMember } from './compound.js'
import type { Compatible, DerivedColumns, Merged, Selecting } from './query.js'
import { hoist } from './with-clause.js'

/** A common table expression: a query with a name, written once in front of the statement that uses it. */
export class CteNode extends SourceNode {
  static readonly fields: Fields<CteNode> = { name: 'data', query: 'child' }
  constructor(
    name: string,
    readonly query: QueryNode,
  ) {
    super('cte', name)
  }
  write(to: Writer): void {
    this.prepare(to)
    to.sql += this.quotedName
  }
  override prepare(to: Writer): void {
    hoist(to, this, false, () => {
      to.sql += `${this.quotedName} as (`
      to.visit(this.query)
      to.sql += ')'
    })
  }
}

/** A recursive CTE as its own step sees it. */
export class CteSelfNode extends SourceNode {
  static readonly fields: Fields<CteSelfNode> = { name: 'data' }
  constructor(name: string) {
    super('cteSelf', name)
  }
  write(to: Writer): void {
    to.sql += this.quotedName
  }
}

/** A common table expression that reads itself. */
export class RecursiveCteNode extends SourceNode {
  static readonly fields: Fields<RecursiveCteNode> = {
    name: 'data',
    self: 'child',
    base: 'child',
    step: 'child',
    distinct: 'data',
  }
  constructor(
    name: string,
    readonly self: CteSelfNode,
    readonly base: QueryNode,
    readonly step: QueryNode,
    readonly distinct: boolean,
  ) {
    super('recursiveCte', name)
  }
  write(to: Writer): void {
    this.prepare(to)
    to.sql += this.quotedName
  }
  override prepare(to: Writer): void {
    hoist(to, this, true, () => {
      const columns = this.base.selection.labels.map(quoteIdentifier).join(', ')
      to.sql += `${this.quotedName} (${columns}) as (`
      writeMember(to, this.base, true)
      to.sql += this.distinct ? ' union ' : ' union all '
      writeMember(to, this.step, false)
      to.sql += ')'
    })
  }
}

/**
 * A query as a source that is written once, in the WITH of the statement that uses it, however often it is used.
 * @example
 * ```ts
 * const busy = cte('busy', select({ author: posts.authorId, n: count() }).from(posts).groupBy(posts.authorId))
 * select({ email: users.email, n: busy.n }).from(users).join(busy, busy.author.eq(users.id))
 * // with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" group by …) select …
 * ```
 */
export function cte<const Name extends string, P, Nulled extends string, Needs extends Reads>(
  name: Name,
  query: Selecting<P, Nulled, Needs>,
): SourceOf<Name, DerivedColumns<P, Nulled>, Needs> {
  const node = new CteNode(name, requireQuery('cte', query))
  return createSource({ node, columns: derivedColumns(node, node.query.selection) }) as SourceOf<
    Name,
    DerivedColumns<P, Nulled>,
    Needs
  >
}

/**
 * A CTE that reads itself: the rows of `base`, then those that `step` makes of the rows before, until it makes none.
 * @example
 * ```ts
 * const chain = recursiveCte('chain',
 *   select({ id: users.id, depth: sql<number>`1` }).from(users).where(users.managerId.isNull()),
 *   (self) => select({ id: users.id, depth: self.depth.add(1) }).from(users).join(self, users.managerId.eq(self.id)))
 * ```
 * @param options `distinct` leaves out rows that came before (`union` in place of `union all`), which ends cycles.
 */
export function recursiveCte<
  const Name extends string,
  P,
  Nulled extends string,
  Needs extends Reads,
  P2 extends Compatible<P>,
  Nulled2 extends string,
  Needs2 extends Reads = never,
>(
  name: Name,
  base: Selecting<P, Nulled, Needs>,
  step: (self: SourceOf<Name, DerivedColumns<P, Nulled>>) => Selecting<P2, Nulled2, Needs2>,
  options: { readonly distinct?: boolean } = {},
): SourceOf<Name, DerivedColumns<Merged<P, Nulled, P2, Nulled2>, never>, Needs | Needs2> {
  const self = new CteSelfNode(name)
  const first = requireQuery('recursiveCte', base)
  const facade = createSource({ node: self, columns: derivedColumns(self, first.selection) })
  const next = requireQuery('recursiveCte', step(facade as SourceOf<Name, DerivedColumns<P, Nulled>>))
  if (next.hasTail) {
    throw new BuildError(
      'invalid_recursion',
      `The step of the recursive CTE '${name}' has an order, a limit or an offset, which no database takes there. Put them ` +
        'where the CTE is used, and end the recursion by .where(…).',
    )
  }
  const ours = first.selection.labels
  const theirs = next.selection.labels
  if (ours.length !== theirs.length || ours.some((label, i) => label !== theirs[i])) {
    throw new BuildError(
      'mismatched_columns',
      `Both parts of the recursive CTE '${name}' must select the same keys in the same order: ` +
        `(${ours.join(', ')}) and (${theirs.join(', ')}).`,
    )
  }
  const node = new RecursiveCteNode(name, self, first, next, options.distinct === true)
  return createSource({ node, columns: derivedColumns(node, first.selection) }) as SourceOf<
    Name,
    DerivedColumns<Merged<P, Nulled, P2, Nulled2>, never>,
    Needs | Needs2
  >
}

function requireQuery(place: string, query: unknown): QueryNode {
  if (isQuery(query)) return query
  throw new BuildError('invalid_query', `${place}(…) takes a select, not ${excerpt(query)}.`)
}
