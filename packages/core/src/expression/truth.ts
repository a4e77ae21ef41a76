import type { Fields } from '../tree/node.js'
import type { Family } from '../types/sql-type.js'
import type { BooleanExpression, ComparableExpression, Expression, Reads } from './expression.js'
import { type ExpressionNode, PredicateNode, requirePredicate, toExpression } from './node.js'
import { Precedence } from './operators.js'
import { Position, type Writer } from './writer.js'

/** `x is true`, `x is not false`: never NULL. */
export class TruthTestNode extends PredicateNode {
  static readonly fields: Fields<TruthTestNode> = { operand: 'child', truth: 'data', negated: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly truth: boolean,
    readonly negated: boolean,
  ) {
    super('truthTest')
  }
  override write(to: Writer): void {
    to.operand(this.operand, Precedence.comparison + 1)
    to.text(` is ${this.negated ? 'not ' : ''}${this.truth === true}`)
  }
  override opposite(): ExpressionNode {
    return new TruthTestNode(this.operand, this.truth, !this.negated)
  }
}

/**
 * Whether a predicate holds, where NULL counts as no: never NULL itself.
 * @example
 * ```ts
 * isTrue(users.fullName.eq('Ann')) // ("users"."full_name" = $1) is true
 * isTrue(users.fullName.eq('Ann')).not() // ("users"."full_name" = $1) is not true
 * ```
 */
export function isTrue<V, S extends Reads, N extends string>(
  predicate: Expression<V, S, N, 'boolean'>,
): BooleanExpression<boolean, S, never> {
  return new TruthTestNode(requirePredicate('isTrue', predicate), true, false) as unknown as never
}

/** Whether a predicate is false, and not NULL: `("users"."full_name" = $1) is false`. */
export function isFalse<V, S extends Reads, N extends string>(
  predicate: Expression<V, S, N, 'boolean'>,
): BooleanExpression<boolean, S, never> {
  return new TruthTestNode(requirePredicate('isFalse', predicate), false, false) as unknown as never
}

/** Whether a predicate is neither true nor false: `("users"."full_name" = $1) is null`. */
export function isUnknown<V, S extends Reads, N extends string>(
  predicate: Expression<V, S, N, 'boolean'>,
): BooleanExpression<boolean, S, never> {
  return requirePredicate('isUnknown', predicate).isNull() as unknown as never
}

/** `x between symmetric a and b`. */
export class BetweenSymmetricNode extends PredicateNode {
  static readonly fields: Fields<BetweenSymmetricNode> = {
    operand: 'child',
    low: 'child',
    high: 'child',
    negated: 'data',
  }
  constructor(
    readonly operand: ExpressionNode,
    readonly low: ExpressionNode,
    readonly high: ExpressionNode,
    readonly negated: boolean,
  ) {
    super('betweenSymmetric')
  }
  override write(to: Writer): void {
    const { operand, low, high, negated } = this
    const isNative = !to.dialect.lacks.betweenSymmetric
    const bound = (node: ExpressionNode) =>
      to.side(node, operand, Precedence.comparison + 1, Position.comparison)
    const extreme = (name: string) => {
      to.text(`${name}(`)
      bound(low)
      to.text(', ')
      bound(high)
      to.text(')')
    }
    to.side(operand, low, Precedence.comparison + 1, Position.comparison)
    to.text(`${negated ? ' not' : ''} between ${isNative ? 'symmetric ' : ''}`)
    if (isNative) bound(low)
    else extreme('min')
    to.text(' and ')
    if (isNative) bound(high)
    else extreme('max')
  }
  override opposite(): ExpressionNode {
    return new BetweenSymmetricNode(this.operand, this.low, this.high, !this.negated)
  }
}

/**
 * Within two bounds, both included, whichever of them is the greater.
 * @example
 * ```ts
 * betweenSymmetric(posts.score, 10, 1)
 * // PostgreSQL: "posts"."score" between symmetric $1 and $2
 * // SQLite: "posts"."score" between min(?, ?) and max(?, ?)
 * ```
 */
export function betweenSymmetric<V, S extends Reads, N extends string, F extends Family>(
  value: ComparableExpression<V, S, N, F, never>,
  low: NonNullable<V>,
  high: NonNullable<V>,
): BooleanExpression<boolean | (V & null), S, N> {
  const between = toExpression('betweenSymmetric', value).between(low, high) as ExpressionNode & {
    readonly operand: ExpressionNode
    readonly low: ExpressionNode
    readonly high: ExpressionNode
  }
  return new BetweenSymmetricNode(between.operand, between.low, between.high, false) as unknown as never
}
