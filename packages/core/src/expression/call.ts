import { DOUBLE, type Family, type FamilyValues, type SqlType } from '../types/sql-type.js'
import type { Expression, Reads } from './expression.js'
import { CastNode, FunctionNode } from './function-node.js'
import { type ExpressionNode, toExpression } from './node.js'

/** What a function takes beside its first argument: a value, or an expression of the family. */
export type Argument<F extends Family> = FamilyValues[F] | Expression<unknown, Reads, string, F>

/** `null` if an argument can be NULL by itself. */
export type NullOf<A> = A extends { readonly '~value': infer V } ? V & null : never
/** The sources that an argument reads. */
export type SourcesOf<A> = A extends { readonly '~sources': infer S extends Reads } ? S : never
/** The sources whose outer join makes an argument NULL. */
export type NulledByOf<A> = A extends { readonly '~nulledBy': infer N extends string } ? N : never

/** A call of a function, as the public type that the place states. */
export function call(name: string, type: SqlType, ...args: ExpressionNode[]): never {
  return new FunctionNode(name, args, type) as unknown as never
}

/** A number as one that floating-point arithmetic is done with, on both databases. */
export function asDouble(place: string, value: unknown): ExpressionNode {
  const node = toExpression(place, value, DOUBLE)
  return node.kind === 'parameter' ? node : new CastNode(node, DOUBLE)
}
