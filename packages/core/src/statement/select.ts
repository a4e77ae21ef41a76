import { BuildError } from '../errors.js'
import {
  type ExpressionNode,
  type OrderingNode,
  requireEquality,
  requirePredicate,
  TRUE,
} from '../expression/node.js'
import { Scope } from '../expression/scope.js'
import { requireSource, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import {
  addPredicates,
  appended,
  type ClauseNode,
  DistinctNode,
  extended,
  findClause,
  GroupByNode,
  HavingNode,
  requireExpressions,
} from './clauses.js'
import { QueryNode } from './compound.js'
import { inferJoin, type JoinKind, JoinNode } from './joins.js'
import { asOutput, clauseItems } from './output.js'
import type { SelectOf } from './query.js'
import type { SelectionNode } from './selection.js'
import { readSelection, type Selection } from './shape.js'

const NONE: readonly never[] = []

/**
 * A select. Its methods return a new one with one clause changed; so it is small, and what most selects do not have
 * is in `clauses`.
 */
export class SelectNode extends QueryNode {
  static readonly fields: Fields<SelectNode> = {
    selection: 'child',
    source: 'optional',
    joins: 'children',
    condition: 'optional',
    clauses: 'children',
  }
  constructor(
    readonly selection: SelectionNode,
    readonly source: SourceNode | undefined,
    readonly joins: readonly JoinNode[],
    readonly condition: ExpressionNode | undefined,
    readonly clauses: readonly ClauseNode[],
  ) {
    super('select')
  }

  from(source: unknown): SelectNode {
    const { node } = requireSource('from(…)', source)
    if (this.source !== undefined) return this.joined('cross', source, NONE)
    return new SelectNode(this.selection, node, this.joins, this.condition, this.clauses)
  }
  join(source: unknown, ...on: unknown[]): SelectNode {
    return this.joined('inner', source, on)
  }
  leftJoin(source: unknown, ...on: unknown[]): SelectNode {
    return this.joined('left', source, on)
  }
  rightJoin(source: unknown, ...on: unknown[]): SelectNode {
    return this.joined('right', source, on)
  }
  fullJoin(source: unknown, ...on: unknown[]): SelectNode {
    return this.joined('full', source, on)
  }
  crossJoin(source: unknown): SelectNode {
    return this.joined('cross', source, NONE)
  }
  private joined(type: JoinKind, source: unknown, on: readonly unknown[]): SelectNode {
    const info = requireSource('A join', source)
    if (this.source === undefined) {
      throw new BuildError('no_from', `Call .from(…) before a join with '${info.node.name}'.`)
    }
    const condition =
      on.length > 0
        ? requirePredicate('The condition of a join', on[0])
        : type === 'cross'
          ? undefined
          : info.node.joinsFreely
            ? TRUE
            : inferJoin([this.source, ...this.joins.map((join) => join.source)], info)
    const join = new JoinNode(type, info.node, condition)
    return new SelectNode(
      this.selection,
      this.source,
      appended(this.joins, join),
      this.condition,
      this.clauses,
    )
  }
  where(...predicates: unknown[]): SelectNode {
    const condition = addPredicates('where', this.condition, predicates)
    return new SelectNode(this.selection, this.source, this.joins, condition, this.clauses)
  }

  protected withClauses(clauses: readonly ClauseNode[]): SelectNode {
    return new SelectNode(this.selection, this.source, this.joins, this.condition, clauses)
  }
  protected orderItems<T extends ExpressionNode | OrderingNode>(items: readonly T[]): readonly T[] {
    return items.map((item) => asOutput(item, this.selection))
  }
  groupBy(...given: unknown[]): QueryNode {
    const { clauses, selection } = this
    const added = this.orderItems(requireExpressions('groupBy', clauseItems(given, selection)))
    requireEquality('groupBy', added)
    return this.with(new GroupByNode(extended(findClause<GroupByNode>(clauses, 'groupBy')?.groups, added)))
  }
  having(...predicates: unknown[]): QueryNode {
    const before = findClause<HavingNode>(this.clauses, 'having')
    const condition = addPredicates('having', before?.condition, predicates)
    return condition === undefined ? this : this.with(new HavingNode(condition))
  }
  distinct(): QueryNode {
    return this.with(new DistinctNode())
  }
  override clear(...kinds: unknown[]): QueryNode {
    const { selection, source, joins, condition } = this
    if (!kinds.includes('where') || condition === undefined) return super.clear(...kinds)
    return new SelectNode(selection, source, joins, undefined, this.clauses).clear(...kinds)
  }

  write(to: Writer): void {
    const { scope: outer, place, sharing } = to
    const { source, joins, condition, clauses } = this
    const scope = new Scope(outer as Scope | undefined, source, joins)
    if (joins.length > 0) scope.checkNames()
    // The CTEs of a statement's own FROM are written before it, so that their parameters come first as well.
    if (outer === undefined) scope.prepare(to)
    to.scope = scope
    to.place = 'select'
    to.text('select ')
    let at = 0
    while (at < clauses.length && (clauses[at] as ClauseNode).isHead) {
      const head = clauses[at++] as ClauseNode
      head.write(to)
    }
    if (at < clauses.length && (clauses[at] as ClauseNode).isComputed) to.sharing = true
    this.selection.write(to)
    if (source !== undefined) {
      to.place = 'from'
      to.text(' from ')
      to.visit(source)
      for (let i = 0; i < joins.length; i++) {
        scope.joined = i + 1
        const join = joins[i] as JoinNode
        join.write(to)
      }
    }
    if (condition !== undefined) {
      to.place = 'where'
      to.text(' where ')
      to.visit(condition)
    }
    to.place = 'select'
    while (at < clauses.length) {
      const tail = clauses[at++] as ClauseNode
      tail.write(to)
    }
    to.scope = outer
    to.place = place
    to.sharing = sharing
  }
}

/**
 * A query, by the shape of its rows: an object of expressions (nested as you like), a table for its whole rows, or
 * one expression for bare values.
 * @example
 * ```ts
 * select({ id: users.id, name: users.fullName }).from(users) // rows { id, name }
 * select(users).from(users) // rows with every column of users
 * select({ user: users, org: orgs.name }).from(users).join(orgs) // rows { user: {…}, org }
 * select(count()).from(users) // rows are numbers
 * ```
 */
export function select<const P extends Selection>(selection: P): SelectOf<P> {
  const node = new SelectNode(readSelection('select(…)', selection), undefined, NONE, undefined, NONE)
  return node as unknown as SelectOf<P>
}
