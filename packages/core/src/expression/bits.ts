import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { INTEGER, type SqlType, withoutLimits } from '../types/sql-type.js'
import type { Argument, NulledByOf, NullOf, SourcesOf } from './call.js'
import type { Expression, Reads, Typed } from './expression.js'
import { describe, ExpressionNode, toExpression } from './node.js'
import { OperatorNode } from './operator-node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

type Whole = 'integer' | 'bigint'
type Bits<F extends Whole, V, S extends Reads, N extends string, B> = Typed<
  F,
  V | NullOf<B>,
  S | SourcesOf<B>,
  N | NulledByOf<B>
>

/**
 * The bits that both whole numbers have.
 * @example
 * ```ts
 * bitAnd(posts.score, 4).ne(0) // ("posts"."score" & $1::integer) <> $2
 * ```
 */
export function bitAnd<
  V,
  S extends Reads,
  N extends string,
  F extends Whole,
  B extends Argument<NoInfer<F>> | NoInfer<NonNullable<V>>,
>(value: Expression<V, S, N, F>, other: B): Bits<F, V, S, N, B> {
  return bits('bitAnd', '&', value, other)
}

/** The bits that one of two whole numbers has: `"posts"."score" | $1::integer`. */
export function bitOr<
  V,
  S extends Reads,
  N extends string,
  F extends Whole,
  B extends Argument<NoInfer<F>> | NoInfer<NonNullable<V>>,
>(value: Expression<V, S, N, F>, other: B): Bits<F, V, S, N, B> {
  return bits('bitOr', '|', value, other)
}

/**
 * The bits that only one of two whole numbers has.
 *
 * PostgreSQL: `"posts"."score" # $1::integer` · SQLite: `("posts"."score" | ?) - ("posts"."score" & ?)`
 */
export function bitXor<
  V,
  S extends Reads,
  N extends string,
  F extends Whole,
  B extends Argument<NoInfer<F>> | NoInfer<NonNullable<V>>,
>(value: Expression<V, S, N, F>, other: B): Bits<F, V, S, N, B> {
  const left = whole('bitXor', value)
  return new BitXorNode(
    left,
    toExpression('bitXor', other, withoutLimits(left.type)),
    left.type,
  ) as unknown as never
}

/** A whole number with every bit turned over: `~"posts"."score"`. */
export function bitNot<V, S extends Reads, N extends string, F extends Whole>(
  value: Expression<V, S, N, F>,
): Typed<F, V, S, N> {
  const node = whole('bitNot', value)
  return new BitNotNode(node, node.type) as unknown as never
}

/**
 * A whole number with its bits moved to the left, by 0 or more places: `"posts"."score" << $1::integer`. What does not
 * fit its type PostgreSQL cuts off and SQLite keeps.
 */
export function shiftLeft<V, S extends Reads, N extends string, F extends Whole>(
  value: Expression<V, S, N, F>,
  places: number,
): Typed<F, V, S, N> {
  return shift('shiftLeft', '<<', value, places)
}

/** A whole number with its bits moved to the right, which keeps its sign: `"posts"."score" >> $1::integer`. */
export function shiftRight<V, S extends Reads, N extends string, F extends Whole>(
  value: Expression<V, S, N, F>,
  places: number,
): Typed<F, V, S, N> {
  return shift('shiftRight', '>>', value, places)
}

function whole(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value)
  const { family } = node.type
  if (family === 'integer' || family === 'bigint' || family === 'unknown') return node
  throw new BuildError(
    'no_operator',
    `${place}(${describe(node)}): only whole numbers have bits, not ${family}.`,
  )
}

function bits(place: string, operator: string, value: unknown, other: unknown): never {
  const left = whole(place, value)
  const right = toExpression(place, other, withoutLimits(left.type))
  return new OperatorNode(left, operator, right, left.type) as unknown as never
}

function shift(place: string, operator: string, value: unknown, places: number): never {
  if (!Number.isInteger(places) || places < 0 || places > 63) {
    throw new BuildError('invalid_argument', `${place}(…) moves by 0 to 63 places, not ${excerpt(places)}.`)
  }
  const left = whole(place, value)
  return new OperatorNode(left, operator, toExpression(place, places, INTEGER), left.type) as unknown as never
}

/** `a # b`, which is not the same operator everywhere. */
export class BitXorNode extends ExpressionNode {
  static readonly fields: Fields<BitXorNode> = { left: 'child', right: 'child', type: 'data' }
  constructor(
    readonly left: ExpressionNode,
    readonly right: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('bitXor')
  }
  override write(to: Writer): void {
    const { left, right } = this
    const part = (operator: string) => {
      to.operand(left, Precedence.primary)
      to.text(operator)
      to.operand(right, Precedence.primary)
    }
    if (!to.dialect.lacks.bitXor) {
      part(' # ')
      return
    }
    to.text('(')
    part(' | ')
    to.text(') - (')
    part(' & ')
    to.text(')')
  }
  override get precedence(): number {
    return Precedence.comparison
  }
}

/** `~x`. */
export class BitNotNode extends ExpressionNode {
  static readonly fields: Fields<BitNotNode> = { operand: 'child', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('bitNot')
  }
  override write(to: Writer): void {
    to.text('~')
    to.operand(this.operand, Precedence.primary)
  }
  override get precedence(): number {
    return Precedence.comparison
  }
}
