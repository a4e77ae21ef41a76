import { BuildError } from '../errors.js'
import { type ExpressionNode, type OrderingNode, requirePredicate } from '../expression/node.js'
import { requireSource, type SourceNode } from '../expression/source.js'
import { defineKind } from '../tree/node.js'
import { addPredicates, requireExpression, requireOrderings, rowCount } from './clauses.js'
import { QueryNode } from './compound.js'
import { inferJoin, type JoinKind, JoinNode } from './joins.js'
import { clauseItems } from './output.js'
import type { SelectOf } from './query.js'
import { type Outputs, readSelection, type Selection, type Shape } from './shape.js'

const NONE: readonly never[] = []

/** A select. Its methods return a new one with one clause changed. */
export class SelectNode extends QueryNode implements Outputs {
  constructor(
    readonly outputs: readonly ExpressionNode[],
    readonly labels: readonly string[],
    readonly shape: Shape | undefined,
    readonly isDistinct: boolean,
    readonly source: SourceNode | undefined,
    readonly joins: readonly JoinNode[],
    readonly condition: ExpressionNode | undefined,
    readonly groups: readonly ExpressionNode[],
    readonly groupCondition: ExpressionNode | undefined,
    readonly orderings: readonly (ExpressionNode | OrderingNode)[],
    readonly limitTo: ExpressionNode | undefined,
    readonly offsetBy: ExpressionNode | undefined,
  ) {
    super()
  }

  from(source: unknown): SelectNode {
    const { node } = requireSource('from(…)', source)
    if (this.source !== undefined) return this.joined('cross', source, undefined)
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, node, this.joins, this.condition, this.groups,
      this.groupCondition, this.orderings, this.limitTo, this.offsetBy,
    )
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
    return this.joined('cross', source, undefined)
  }
  private joined(type: JoinKind, source: unknown, on: unknown[] | undefined): SelectNode {
    const info = requireSource(`${type === 'inner' ? 'join' : `${type}Join`}(…)`, source)
    if (this.source === undefined) {
      throw new BuildError('no_from', `Call .from(…) before a join with '${info.node.name}'.`)
    }
    const condition =
      on === undefined
        ? undefined
        : on.length === 0
          ? inferJoin([this.source, ...this.joins.map((join) => join.source)], info)
          : requirePredicate(`${type === 'inner' ? 'join' : `${type}Join`}(${info.node.name}, …)`, on[0])
    const join = new JoinNode(type, info.node, condition)
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source,
      this.joins.length === 0 ? [join] : [...this.joins, join],
      this.condition, this.groups, this.groupCondition, this.orderings, this.limitTo, this.offsetBy,
    )
  }
  where(...predicates: unknown[]): SelectNode {
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source, this.joins,
      addPredicates('where', this.condition, predicates),
      this.groups, this.groupCondition, this.orderings, this.limitTo, this.offsetBy,
    )
  }
  groupBy(...given: unknown[]): SelectNode {
    const added = clauseItems(given, () => this).map((item) => requireExpression('groupBy', item))
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source, this.joins, this.condition,
      this.groups.length === 0 ? added : [...this.groups, ...added],
      this.groupCondition, this.orderings, this.limitTo, this.offsetBy,
    )
  }
  having(...predicates: unknown[]): SelectNode {
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source, this.joins, this.condition, this.groups,
      addPredicates('having', this.groupCondition, predicates),
      this.orderings, this.limitTo, this.offsetBy,
    )
  }
  orderBy(...given: unknown[]): SelectNode {
    const added = requireOrderings(clauseItems(given, () => this))
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source, this.joins, this.condition, this.groups,
      this.groupCondition,
      this.orderings.length === 0 ? added : [...this.orderings, ...added],
      this.limitTo, this.offsetBy,
    )
  }
  limit(count: unknown): SelectNode {
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source, this.joins, this.condition, this.groups,
      this.groupCondition, this.orderings, rowCount('limit', count), this.offsetBy,
    )
  }
  offset(count: unknown): SelectNode {
    return new SelectNode(
      this.outputs, this.labels, this.shape, this.isDistinct, this.source, this.joins, this.condition, this.groups,
      this.groupCondition, this.orderings, this.limitTo, rowCount('offset', count),
    )
  }
  distinct(): SelectNode {
    return new SelectNode(
      this.outputs, this.labels, this.shape, true, this.source, this.joins, this.condition, this.groups,
      this.groupCondition, this.orderings, this.limitTo, this.offsetBy,
    )
  }
  pipe<T>(change: (statement: this) => T): T {
    return change(this)
  }
}
defineKind('select', SelectNode, {
  outputs: 'children',
  labels: 'data',
  shape: 'data',
  isDistinct: 'data',
  source: 'optional',
  joins: 'children',
  condition: 'optional',
  groups: 'children',
  groupCondition: 'optional',
  orderings: 'children',
  limitTo: 'optional',
  offsetBy: 'optional',
})

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
  const { outputs, labels, shape } = readSelection('select(…)', selection)
  return new SelectNode(
    outputs, labels, shape, false, undefined, NONE, undefined, NONE, undefined, NONE, undefined, undefined,
  ) as unknown as SelectOf<P>
}
