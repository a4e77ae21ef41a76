import { BuildError } from '../errors.js'
import type { NumberExpression, Reads } from '../expression/expression.js'
import { FunctionNode } from '../expression/function-node.js'
import { ExpressionNode as Base, type ExpressionNode, isExpression } from '../expression/node.js'
import type { AnyExpression } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { INTEGER, type SqlType, UNKNOWN } from '../types/sql-type.js'
import { requireExpressions } from './clauses.js'
import type { OutputNode } from './output.js'

/** How several groupings are made of sets of expressions. */
export const groupingForms = ['rollup', 'cube', 'grouping sets'] as const

/** Expressions that are grouped by together. */
export class GroupingSetNode extends Base {
  static readonly fields: Fields<GroupingSetNode> = { groups: 'children' }
  constructor(readonly groups: readonly ExpressionNode[]) {
    super('groupingSet')
  }
  get type(): SqlType {
    return UNKNOWN
  }
  override write(to: Writer): void {
    to.text('(')
    for (let i = 0; i < this.groups.length; i++) {
      if (i > 0) to.text(', ')
      const group = this.groups[i] as ExpressionNode
      if (group.kind === 'output') to.text(String((group as OutputNode).position))
      else to.key(group)
    }
    to.text(')')
  }
}

/** `rollup (…)`, `cube (…)`, `grouping sets (…)`, within `group by`. */
export class GroupingNode extends Base {
  static readonly fields: Fields<GroupingNode> = { form: 'data', sets: 'children' }
  constructor(
    readonly form: (typeof groupingForms)[number],
    readonly sets: readonly GroupingSetNode[],
  ) {
    super('grouping')
  }
  get type(): SqlType {
    return UNKNOWN
  }
  override write(to: Writer): void {
    if (to.dialect.lacks.groupingSets) {
      throw to.unsupported(this.form, 'Write one query for each grouping, and join them by unionAll.')
    }
    to.text(`${this.form} (`)
    to.list(this.sets)
    to.text(')')
  }
}

/** Several groupings at once, for `groupBy`: what is not grouped by in one of them is null in its rows. */
export interface Grouping<out S extends Reads = Reads> extends Node {
  readonly '~sources': S
  readonly '~grouping': true
}

/** Names the way out in the error message for an expression that is never null by itself, and would be so in totals. */
interface NullableWhereNotGrouped {
  readonly 'this is null in rows that are not grouped by it: write nullable(…) around it, there and where it is selected': never
}
/** An expression whose type may become null: that of a column does. */
type Groupable<E> = E extends { readonly '~nulledBy': infer N; readonly '~value': infer V }
  ? [N] extends [never]
    ? null extends V
      ? E
      : NullableWhereNotGrouped
    : E
  : { readonly [K in keyof E]: Groupable<E[K]> }

type Sets = readonly (AnyExpression | readonly AnyExpression[])[]
type SetReads<G extends Sets> = G[number] extends infer T
  ? T extends readonly (infer E)[]
    ? E extends AnyExpression
      ? E['~sources']
      : never
    : T extends AnyExpression
      ? T['~sources']
      : never
  : never

function groupingOf<S extends Reads>(form: GroupingNode['form'], place: string, given: Sets): Grouping<S> {
  if (given.length === 0) throw new BuildError('invalid_argument', `${place}() needs expressions.`)
  const sets = given.map((set) => {
    const items: readonly unknown[] = Array.isArray(set) && !isExpression(set) ? set : [set]
    return new GroupingSetNode(requireExpressions(place, items))
  })
  return new GroupingNode(form, sets) as unknown as Grouping<S>
}

/**
 * Groups by all expressions, then by ever fewer of them from the right, and at last by none: subtotals and a total, for
 * `groupBy`. SQLite refuses it: write a query for each grouping there.
 * @example
 * ```ts
 * const totals = select({ author: posts.authorId, n: count(), isTotal: grouping(posts.authorId) })
 *   .from(posts).groupBy(rollup(posts.authorId))
 * totals.toSQL(postgresDialect).sql
 * // 'select "posts"."author_id" as "author", count(*) as "n", grouping("posts"."author_id") as "isTotal" from "posts" group by rollup (("posts"."author_id"))'
 * ```
 */
export function rollup<const G extends Sets>(...groups: G & Groupable<G>): Grouping<SetReads<G>> {
  return groupingOf('rollup', 'rollup', groups)
}

/** Groups by every combination of the expressions, for `groupBy`: `group by cube (("a"."x"), ("a"."y"))`. */
export function cube<const G extends Sets>(...groups: G & Groupable<G>): Grouping<SetReads<G>> {
  return groupingOf('cube', 'cube', groups)
}

/**
 * Groups by each of the sets, for `groupBy`; the empty set is all rows:
 * `group by grouping sets (("a"."x", "a"."y"), ("a"."x"), ())`.
 */
export function groupingSets<const G extends Sets>(...sets: G & Groupable<G>): Grouping<SetReads<G>> {
  return groupingOf('grouping sets', 'groupingSets', sets)
}

/**
 * Which of the expressions a row is not grouped by, as bits: 0 if it is grouped by all, 1 if not by the last one.
 * Stands in queries with {@link rollup}, {@link cube} or {@link groupingSets}: `grouping("posts"."author_id")`.
 */
export function grouping<G extends readonly [AnyExpression, ...AnyExpression[]]>(
  ...expressions: G
): NumberExpression<number, G[number]['~sources'], never, 'integer'> {
  const args = requireExpressions('grouping', expressions)
  return new FunctionNode('grouping', args, INTEGER) as unknown as NumberExpression<
    number,
    G[number]['~sources'],
    never,
    'integer'
  >
}
