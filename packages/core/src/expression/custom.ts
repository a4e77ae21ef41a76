import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import type { TypeDefinition } from '../types/definition.js'
import type { Family, SqlType } from '../types/sql-type.js'
import type { NulledByOf, NullOf, SourcesOf } from './call.js'
import type { Expression, Reads, Typed } from './expression.js'
import { CallNode, isFunctionName } from './function-node.js'
import { ExpressionNode, toExpression } from './node.js'
import { isOperatorText, OperatorNode } from './operator-node.js'
import type { Writer } from './writer.js'

/** What stands for a declared operand: a value of its type, or an expression of its family. */
export type OperandOf<T> =
  T extends TypeDefinition<infer V, infer F> ? NonNullable<V> | Expression<unknown, Reads, string, F> : never

/** The operands of a declared function, one for each type. */
export type OperandsOf<A extends readonly unknown[]> = { readonly [K in keyof A]: OperandOf<A[K]> }

/** The result of a declared function or operator: null where it may be by itself, or an operand may. */
export type ResultOf<V, F extends Family, B> = Typed<F, V | NullOf<B>, SourcesOf<B>, NulledByOf<B>>

/** A function of the database as one of the program. */
export type DefinedFunction<A extends readonly unknown[], V, F extends Family> = <B extends OperandsOf<A>>(
  ...operands: B
) => ResultOf<V, F, B[number]>

/** An operator of the database as a function of its two operands. */
export type DefinedOperator<L, R, V, F extends Family> = <A extends OperandOf<L>, B extends OperandOf<R>>(
  left: A,
  right: B,
) => ResultOf<V, F, A | B>

/**
 * Declares a function of the database by its name, the types of its arguments and that of its result, which may be NULL
 * unless it is `notNull()`. Values are sent as the declared types. For a single call see {@link fn}.
 *
 * Throws a `BuildError` if the name is none.
 * @example
 * ```ts
 * const instr = defineFunction('strpos', [text(), text()], integer().notNull())
 * instr(users.email, '@') // strpos("users"."email", $1::text)
 * ```
 */
export function defineFunction<const A extends Operands, V, F extends Family>(
  name: string,
  operands: A,
  result: TypeDefinition<V, F>,
): DefinedFunction<A, V, F> {
  requireName('defineFunction', name)
  const define = (...given: unknown[]) =>
    new CallNode(name, operandsOf(name, operands, given), result.sqlType)
  return define as unknown as DefinedFunction<A, V, F>
}

/** The types of declared arguments. */
export type Operands = readonly TypeDefinition<unknown, Family>[]

/** Refuses what can be no name of a function. */
export function requireName(place: string, name: unknown): void {
  if (isFunctionName(name)) return
  throw new BuildError('invalid_name', `${place}(${excerpt(name)}, …): this is no name of a function.`)
}

/** What a declared function was given, as expressions of the declared types. */
export function operandsOf(
  name: string,
  operands: Operands,
  given: readonly unknown[],
): readonly ExpressionNode[] {
  if (given.length !== operands.length) {
    throw new BuildError(
      'invalid_argument',
      `${name}(…) was declared with ${operands.length} arguments; it was given ${given.length}.`,
    )
  }
  return given.map((value, i) => toExpression(name, value, operands[i]?.sqlType))
}

/**
 * Declares an operator of the database: characters such as `@>` (or `glob`, `match`, `regexp`, `overlaps`), the types of
 * its two operands and that of its result, and the operator that negates it, if there is one. An operand that is an
 * operator itself is put in parentheses.
 *
 * Throws a `BuildError` if the text is no operator.
 * @example
 * ```ts
 * const distance = defineOperator('<->', [text(), text()], double().notNull())
 * distance(users.email, 'ann') // "users"."email" <-> $1::text
 * const glob = defineOperator('glob', [text(), text()], boolean().notNull(), { negation: 'not glob' })
 * glob(users.email, 'a*').not() // "users"."email" not glob $1::text
 * ```
 */
export function defineOperator<L, R, LF extends Family, RF extends Family, V, F extends Family>(
  operator: string,
  operands: readonly [TypeDefinition<L, LF>, TypeDefinition<R, RF>],
  result: TypeDefinition<V, F>,
  options: { readonly negation?: string } = {},
): DefinedOperator<TypeDefinition<L, LF>, TypeDefinition<R, RF>, V, F> {
  for (const text of [operator, options.negation]) {
    if (text === undefined || isOperatorText(text)) continue
    throw new BuildError(
      'invalid_name',
      `defineOperator(${excerpt(text)}, …): this is no operator. One is written in the characters + - * / < > = ~ ! @ # % ^ & | \` ?, ` +
        'without -- and /*.',
    )
  }
  const define = (left: unknown, right: unknown) =>
    new OperatorNode(
      toExpression(operator, left, operands[0].sqlType),
      operator,
      toExpression(operator, right, operands[1].sqlType),
      result.sqlType,
      options.negation,
    )
  return define as unknown as DefinedOperator<TypeDefinition<L, LF>, TypeDefinition<R, RF>, V, F>
}

/** An expression that is taken for one of another type, without a word of SQL. */
export class CoercedNode extends ExpressionNode {
  static readonly fields: Fields<CoercedNode> = { operand: 'child', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('coerced')
  }
  override write(to: Writer): void {
    to.visit(this.operand)
  }
  override get precedence(): number {
    return this.operand.precedence
  }
}

/**
 * An expression taken for one of another type: other operators, other values beside it, decoded otherwise; the SQL stays
 * the same. It is a claim, like a type argument; {@link cast} converts.
 * @example
 * ```ts
 * typeCoerce(posts.score, bigint()).eq(5n) // "posts"."score" = $1
 * ```
 */
export function typeCoerce<V, S extends Reads, N extends string, V2, F2 extends Family>(
  value: Expression<V, S, N>,
  type: TypeDefinition<V2, F2>,
): Typed<F2, NonNullable<V2> | (V & null), S, N> {
  const node = new CoercedNode(toExpression('typeCoerce', value), type.sqlType)
  return node as unknown as Typed<F2, NonNullable<V2> | (V & null), S, N>
}
