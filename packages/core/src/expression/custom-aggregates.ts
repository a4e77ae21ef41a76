import type { TypeDefinition } from '../types/definition.js'
import type { Family } from '../types/sql-type.js'
import { AggregateNode, type AggregateParts } from './aggregate-node.js'
import type { Aggregate } from './aggregates.js'
import type { SourcesOf } from './call.js'
import { type Operands, type OperandsOf, operandsOf, requireName } from './custom.js'
import { CallNode } from './function-node.js'
import type { ExpressionNode } from './node.js'
import { overWindow, type WindowParts } from './window-node.js'
import type { WindowFunction } from './windows.js'

/** An aggregate of one database, called as it is named. */
export class CallAggregateNode extends AggregateNode {
  constructor(
    name: string,
    args: readonly ExpressionNode[],
    isDistinct: boolean,
    order: AggregateNode['order'],
    where: ExpressionNode | undefined,
    withinGroup: boolean,
    type: AggregateNode['type'],
  ) {
    super(name, args, isDistinct, order, where, withinGroup, type, 'callAggregate')
  }
  override with(parts: AggregateParts): CallAggregateNode {
    const { isDistinct, order, where } = { ...this, ...parts }
    return new CallAggregateNode(this.name, this.args, isDistinct, order, where, this.withinGroup, this.type)
  }
}

/** An aggregate of the database as one of the program. */
export type DefinedAggregate<A extends readonly unknown[], V, F extends Family> = <B extends OperandsOf<A>>(
  ...operands: B
) => Aggregate<F, V, SourcesOf<B[number]>, never>

/** A function for windows of the database as one of the program. */
export type DefinedWindowFunction<A extends readonly unknown[], V, F extends Family> = <
  B extends OperandsOf<A>,
>(
  ...operands: B
) => WindowFunction<F, V, SourcesOf<B[number]>, never>

/**
 * Declares an aggregate of the database by its name, the types of its arguments and that of its result, which may be
 * NULL unless it is `notNull()`. It takes `distinct()`, `filter(…)`, `orderBy(…)` and `over(…)` like any other, where the
 * database's own does. Values are sent as the declared types.
 *
 * In SQLite it may be one that a program gave its handle of better-sqlite3: `handle.aggregate('product', …)`.
 *
 * Throws a `BuildError` if the name is none.
 * @example
 * ```ts
 * const bitOr = defineAggregate('bit_or', [integer()], integer())
 * bitOr(posts.score).filter(posts.score.gt(0)) // bit_or("posts"."score") filter (where "posts"."score" > $1)
 * ```
 */
export function defineAggregate<const A extends Operands, V, F extends Family>(
  name: string,
  operands: A,
  result: TypeDefinition<V, F>,
): DefinedAggregate<A, V, F> {
  requireName('defineAggregate', name)
  return ((...given: unknown[]) =>
    new CallAggregateNode(
      name,
      operandsOf(name, operands, given),
      false,
      [],
      undefined,
      false,
      result.sqlType,
    )) as unknown as DefinedAggregate<A, V, F>
}

/**
 * Declares a function for windows of the database, by its name, the types of its arguments and that of its result; what
 * it gives has a value only by `over(…)`.
 *
 * Throws a `BuildError` if the name is none.
 * @example
 * ```ts
 * const movingAverage = defineWindowFunction('moving_average', [integer(), integer()], double())
 * movingAverage(posts.score, 3).over({ orderBy: posts.id })
 * // moving_average("posts"."score", $1::integer) over (order by "posts"."id")
 * ```
 */
export function defineWindowFunction<const A extends Operands, V, F extends Family>(
  name: string,
  operands: A,
  result: TypeDefinition<V, F>,
): DefinedWindowFunction<A, V, F> {
  requireName('defineWindowFunction', name)
  return ((...given: unknown[]) => {
    const call = new CallNode(name, operandsOf(name, operands, given), result.sqlType)
    return { over: (parts?: WindowParts) => overWindow(call, parts) }
  }) as unknown as DefinedWindowFunction<A, V, F>
}
