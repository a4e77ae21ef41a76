import { BuildError, CompileError, excerpt } from '../errors.js'
import type { Fields, Node } from '../tree/node.js'
import { arrayType } from '../types/array.js'
import { type Family, withoutLimits } from '../types/sql-type.js'
import type { NulledByOf, SourcesOf } from './call.js'
import type { BooleanExpression, ComparableExpression, Expression, Reads } from './expression.js'
import { requireFeature } from './feature.js'
import {
  BinaryNode,
  connect,
  describe,
  type ExpressionNode,
  InListNode,
  InQueryNode,
  isExpression,
  isQueryNode,
  ownCopy,
  ParameterNode,
  PredicateNode,
  toExpression,
} from './node.js'
import { operatorOf, Precedence } from './operators.js'
import type { Statement } from './statement.js'
import { requireStable } from './volatile.js'
import { Position, type Writer } from './writer.js'

/** What `eqAny` and its like compare with: values, an array of the database, or a query of one column. */
export type Quantified<V> =
  | readonly NonNullable<V>[]
  | Expression<readonly (V | null)[] | null, Reads, string, 'array'>
  | Statement<V | null>

type Compared<V, S extends Reads, N extends string, Q> = BooleanExpression<
  boolean | (V & null) | (Q extends readonly unknown[] ? never : null),
  S | SourcesOf<Q> | (Q extends { readonly 'still needs': infer S2 extends Reads } ? S2 : never),
  N | NulledByOf<Q>
>

/**
 * Equal to one of several values, of the elements of an array, or of the rows of a query of one column. On PostgreSQL the
 * values are one parameter, so that a statement is the same for any number of them, and takes any number.
 *
 * A named parameter that is an array is a list that is given when the statement runs, on both databases. Nothing is in an
 * empty one, and a NULL in it equals nothing. For the opposite write `not(eqAny(…))` or {@link neAll}.
 * @example
 * ```ts
 * eqAny(users.id, [1n, 2n])
 * // PostgreSQL: "users"."id" = any ($1::bigint[])
 * // SQLite: "users"."id" in (?, ?)
 * eqAny(users.id, param('ids', array(bigint().notNull())))
 * // PostgreSQL: "users"."id" = any ($1::bigint[])
 * // SQLite: "users"."id" in (select "value" from json_each(?))
 * ```
 */
export function eqAny<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('eqAny', value, 'eq', 'any', of)
}

/** Different from at least one of several values: `"a"."x" <> any ($1::integer[])`. */
export function neAny<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('neAny', value, 'ne', 'any', of)
}

/** Greater than at least one: `"a"."x" > any ($1::integer[])`. */
export function gtAny<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('gtAny', value, 'gt', 'any', of)
}

/** Greater than at least one, or equal to it: `"a"."x" >= any ($1::integer[])`. */
export function gteAny<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('gteAny', value, 'gte', 'any', of)
}

/** Less than at least one: `"a"."x" < any ($1::integer[])`. */
export function ltAny<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('ltAny', value, 'lt', 'any', of)
}

/** Less than at least one, or equal to it: `"a"."x" <= any ($1::integer[])`. */
export function lteAny<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('lteAny', value, 'lte', 'any', of)
}

/** Equal to all: `"a"."x" = all ($1::integer[])`. Of none at all: true. */
export function eqAll<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('eqAll', value, 'eq', 'all', of)
}

/**
 * Different from all; of none at all: true. With a NULL among them it is never true.
 *
 * PostgreSQL: `"a"."x" <> all ($1::integer[])` · SQLite: `"a"."x" not in (?, ?)`
 */
export function neAll<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('neAll', value, 'ne', 'all', of)
}

/**
 * Greater than all of several values, of the elements of an array, or of the rows of a query; of none at all: true.
 * SQLite refuses a query here.
 * @example
 * ```ts
 * gtAll(posts.score, [1, 2])
 * // PostgreSQL: "posts"."score" > all ($1::integer[])
 * // SQLite: "posts"."score" > ? and "posts"."score" > ?
 * ```
 */
export function gtAll<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('gtAll', value, 'gt', 'all', of)
}

/** Greater than all, or equal: `"a"."x" >= all ($1::integer[])`. */
export function gteAll<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('gteAll', value, 'gte', 'all', of)
}

/** Less than all: `"a"."x" < all ($1::integer[])`. */
export function ltAll<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('ltAll', value, 'lt', 'all', of)
}

/** Less than all, or equal: `"a"."x" <= all ($1::integer[])`. */
export function lteAll<
  V,
  S extends Reads,
  N extends string,
  F extends Family,
  Q extends Quantified<NoInfer<V>>,
>(value: ComparableExpression<V, S, N, F, never>, of: Q): Compared<V, S, N, Q> {
  return quantified('lteAll', value, 'lte', 'all', of)
}

function quantified(
  place: string,
  value: unknown,
  operator: string,
  quantifier: 'any' | 'all',
  of: unknown,
): never {
  const operand = toExpression(place, value)
  const { family, name } = operand.type
  if (family === 'json' || name === 'xml') {
    throw new BuildError(
      'no_operator',
      `${place}(${describe(operand)}, …): ${name} values cannot be compared; cast them to text.`,
    )
  }
  const isArray = isExpression(of) && of.type.family === 'array'
  if (!isArray && !isQueryNode(of) && !Array.isArray(of)) {
    throw new BuildError(
      'invalid_in',
      `${place}(…) takes an array of values, an expression of an array or a select of one column, not ${excerpt(of)}.`,
    )
  }
  const list = Array.isArray(of) ? of.map((item) => ownCopy(item, operand.type)) : undefined
  if (list?.some((item) => item === null || item === undefined || isExpression(item)) === true) {
    throw new BuildError(
      'invalid_in',
      `${place}(…): its array holds values only, not ${excerpt(list)}. With expressions write in([…]).`,
    )
  }
  return new QuantifiedNode(
    operand,
    operator,
    quantifier,
    list,
    list === undefined ? (of as Node) : undefined,
  ) as unknown as never
}

/** `x = any (…)`: of a list of values, or of an array or a query. */
export class QuantifiedNode extends PredicateNode {
  static readonly fields: Fields<QuantifiedNode> = {
    operand: 'child',
    operator: 'data',
    quantifier: 'data',
    list: 'data',
    of: 'optional',
  }
  constructor(
    readonly operand: ExpressionNode,
    readonly operator: string,
    readonly quantifier: 'any' | 'all',
    readonly list: readonly unknown[] | undefined,
    readonly of: Node | undefined,
  ) {
    super('quantified')
  }
  override write(to: Writer): void {
    const { operand, operator, quantifier, list, of } = this
    const isQuery = list === undefined && isQueryNode(of)
    if (isQuery) this.checkColumns()
    // There are no arrays of arrays as elements, nor of what has SQL around it.
    const isSeparate = list !== undefined && (operand.type.family === 'array' || to.codec(operand.type).wrap)
    if (to.dialect.lacks.quantifiers || isSeparate) {
      const other = this.rewritten()
      if (other?.kind === 'logical') requireStable(to, operand, 'a comparison with several values')
      if (other === undefined) requireFeature(to, isQuery ? 'quantifiers' : 'arrays')
      else to.visit(other)
      return
    }
    to.operand(operand, Precedence.comparison + 1)
    to.text(`${operatorOf(operator).text}${quantifier} (`)
    if (list !== undefined) to.value(list, arrayType(withoutLimits(operand.type)), Position.free, operand)
    else if (isQuery) to.nested(of as Node)
    else to.visit(of as Node)
    to.text(')')
  }

  private checkColumns(): void {
    const { labels } = (this.of as Node & { readonly selection: { readonly labels: readonly string[] } })
      .selection
    if (labels.length === 1) return
    throw new CompileError(
      'not_scalar',
      `A comparison with ${this.quantifier} row needs a query of one column; this one has ${labels.length}: ${labels.join(', ')}.`,
    )
  }

  /** The same without `any` and `all`, where there is such. */
  private rewritten(): ExpressionNode | undefined {
    const { operand, operator, quantifier, list, of } = this
    const isIn = operator === 'eq' && quantifier === 'any'
    const isNotIn = operator === 'ne' && quantifier === 'all'
    if (list === undefined) {
      return (isIn || isNotIn) && isQueryNode(of) ? new InQueryNode(operand, of, isNotIn) : undefined
    }
    const values = list.map((value) => new ParameterNode(value, withoutLimits(operand.type)))
    const connective = quantifier === 'any' ? 'or' : 'and'
    if ((isIn || isNotIn) && values.length > 0) return new InListNode(operand, values, isNotIn)
    return connect(
      connective,
      values.map((value) => new BinaryNode(operand, operator, value, this.type)),
    )
  }

  /** A list of values may be written as one comparison for each, on a database without quantifiers. */
  override get precedence(): number {
    const { operator, quantifier, list } = this
    const isIn = operator === 'eq' && quantifier === 'any'
    const isNotIn = operator === 'ne' && quantifier === 'all'
    return isIn || isNotIn || list === undefined || list.length < 2 ? Precedence.comparison : Precedence.or
  }
  override opposite(): ExpressionNode {
    const { operand, operator, quantifier, list, of } = this
    const { negation } = operatorOf(operator)
    return new QuantifiedNode(operand, negation as string, quantifier === 'any' ? 'all' : 'any', list, of)
  }
}
