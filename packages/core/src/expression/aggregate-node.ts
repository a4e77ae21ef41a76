import { BuildError } from '../errors.js'
import { sameTree } from '../tree/equality.js'
import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { connect, ExpressionNode, type OrderingNode, requireEquality, requirePredicate } from './node.js'
import { misplacedAggregate } from './place.js'
import { isCastSum, overWindow, type WindowNode, type WindowParts } from './window-node.js'
import type { Writer } from './writer.js'

type Orderings = readonly (ExpressionNode | OrderingNode)[]
const NONE: Orderings = []

/** What may be said of an aggregate beside its arguments. */
export interface AggregateParts {
  readonly isDistinct?: boolean
  readonly order?: Orderings
  readonly where?: ExpressionNode | undefined
}

/** A function over the rows of a group. */
export class AggregateNode extends ExpressionNode {
  static readonly fields: Fields<AggregateNode> = {
    name: 'data',
    args: 'children',
    isDistinct: 'data',
    order: 'children',
    where: 'optional',
    withinGroup: 'data',
    type: 'data',
  }
  constructor(
    readonly name: string,
    readonly args: readonly ExpressionNode[],
    readonly isDistinct: boolean,
    /** The order in which it takes the values. */
    readonly order: Orderings,
    readonly where: ExpressionNode | undefined,
    /** Whether the order stands behind the call, as what it computes from: `mode() within group (order by x)`. */
    readonly withinGroup: boolean,
    readonly type: SqlType,
    kind = 'aggregate',
  ) {
    super(kind)
  }

  /** The same with other parts. */
  with(parts: AggregateParts, name: string = this.name): AggregateNode {
    const { isDistinct, order, where } = { ...this, ...parts }
    return new AggregateNode(name, this.args, isDistinct, order, where, this.withinGroup, this.type)
  }
  distinct(): AggregateNode {
    if (this.args.length === 0 || this.withinGroup) {
      throw new BuildError(
        'invalid_distinct',
        this.withinGroup
          ? `${this.name}(…) has no distinct: it computes from all values of a group.`
          : `${this.name}() of whole rows has no distinct: name an expression, as in count(users.id).`,
      )
    }
    return checkOrder(this.with({ isDistinct: true }))
  }
  orderBy(...orderings: Orderings): AggregateNode {
    return checkOrder(this.with({ order: [...this.order, ...orderings] }))
  }
  filter(...predicates: unknown[]): AggregateNode {
    const all = predicates.map((predicate) => requirePredicate('filter', predicate))
    if (this.where !== undefined) all.unshift(this.where)
    return this.with({ where: connect('and', all) })
  }
  over(window?: WindowParts): WindowNode {
    if (this.isDistinct || this.order.length > 0) {
      throw new BuildError(
        'invalid_window',
        `${this.name}(…) ${this.isDistinct ? 'of different values' : 'in an order of its own'} cannot be computed over a ` +
          'window: no database does. Give over(…) the order, or compute it by group in a subquery.',
      )
    }
    return overWindow(this, window)
  }

  override write(to: Writer): void {
    const { place, sharing } = to
    if (place === 'call') to.place = 'window'
    else if (place === 'select' || place === 'having' || place === 'window' || place === 'raw') {
      to.place = 'aggregate'
      if (to.scope !== undefined) to.scope.computed ??= 'an aggregate'
    } else throw misplacedAggregate(this.name, place)
    // What goes around a call with a window goes around the window as well.
    const isCast = place !== 'call' && this.kind === 'aggregate' && isCastSum(this, to)
    if (isCast) to.text('cast(')
    // PostgreSQL orders different values by what it finds among the arguments.
    if (this.isDistinct && this.order.length > 0) to.sharing = true
    to.text(this.kind === 'aggregate' ? nameOf(this, to) : this.name)
    to.text('(')
    if (this.isDistinct) to.text('distinct ')
    if (this.args.length === 0 && this.name === 'count') to.text('*')
    else to.list(this.args)
    if (this.order.length > 0) {
      to.text(this.withinGroup ? ') within group (order by ' : ' order by ')
      to.orderings(this.order)
    }
    to.text(')')
    if (this.where !== undefined) {
      to.place = 'aggregate'
      to.text(' filter (where ')
      to.visit(this.where)
      to.text(')')
    }
    if (isCast) to.text(' as bigint)')
    to.place = place
    to.sharing = sharing
  }
}

function nameOf({ name, type }: AggregateNode, to: Writer): string {
  if (type.family !== 'boolean' || to.dialect.lacks.booleanExtremes !== true) return name
  return name === 'min' ? 'bool_and' : name === 'max' ? 'bool_or' : name
}

/** An aggregate as it begins: over all values, in any order. */
export function aggregate(name: string, type: SqlType, ...args: ExpressionNode[]): AggregateNode {
  return new AggregateNode(name, args, false, NONE, undefined, false, type)
}

/** Of different values, no other order is left than that of the values. */
function checkOrder(node: AggregateNode): AggregateNode {
  requireEquality(`${node.name}(…) in order`, node.order)
  if (!node.isDistinct) return node
  requireEquality(`${node.name}(…) of different values`, node.args)
  for (const ordering of node.order) {
    const key = ordering.kind === 'ordering' ? (ordering as OrderingNode).expression : ordering
    if (key === node.args[0] || sameTree(key, node.args[0] as ExpressionNode)) continue
    throw new BuildError(
      'invalid_order',
      `${node.name}(…) of different values can be ordered by these values only.`,
    )
  }
  return node
}
