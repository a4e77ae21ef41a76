import { BuildError } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { typeText } from '../types/sql-type.js'
import type { BooleanExpression, Expression, Reads } from './expression.js'
import { describe, type ExpressionNode, isExpression, PredicateNode } from './node.js'
import { Precedence } from './operators.js'
import { Position, type Writer } from './writer.js'

/** A text matched with a `like` pattern that the database computes; see `LikeNode` for one that the program has. */
export class LikeExpressionNode extends PredicateNode {
  static readonly fields: Fields<LikeExpressionNode> = {
    operand: 'child',
    pattern: 'child',
    ignoreCase: 'data',
    negated: 'data',
  }
  constructor(
    readonly operand: ExpressionNode,
    readonly pattern: ExpressionNode,
    readonly ignoreCase: boolean,
    readonly negated: boolean,
  ) {
    super('likeExpression')
  }
  override write(to: Writer): void {
    const { operand, pattern } = this
    to.side(operand, pattern, Precedence.comparison + 1, Position.comparison)
    to.text((this.negated ? ' not ' : ' ') + (this.ignoreCase ? 'ilike ' : 'like '))
    to.side(pattern, operand, Precedence.comparison + 1, Position.comparison)
  }
  override opposite(): ExpressionNode {
    return new LikeExpressionNode(this.operand, this.pattern, this.ignoreCase, !this.negated)
  }
}

type Like<V, S extends Reads, N extends string> = BooleanExpression<boolean | (V & null), S, N>

/**
 * Matches a pattern that is an expression, such as a column or a named parameter, with case, on both databases; a pattern
 * that the program has is given to the method of the same name. A pattern of `%`, `_` and backslashes means what it means
 * there; one that ends in a backslash which escapes nothing is an error of PostgreSQL, and the backslash is left out by
 * SQLite.
 *
 * PostgreSQL: `like` · SQLite: `glob`, of the pattern that is translated by `replace`
 *
 * Throws a `BuildError` for what is no text.
 * @example
 * ```ts
 * like(users.email, param('pattern', text())) // PostgreSQL: "users"."email" like $1
 * not(like(posts.title, users.fullName.concat('%')))
 * // PostgreSQL: "posts"."title" not like "users"."full_name" || $1
 * ```
 */
export function like<V, S extends Reads, N extends string, V2, S2 extends Reads, N2 extends string>(
  text: Expression<V, S, N, 'text'>,
  pattern: Expression<V2, S2, N2, 'text'>,
): Like<V | V2, S | S2, N | N2> {
  return match('like', text, pattern, false)
}

/** Matches as {@link like} does, ignoring case: `ilike` in PostgreSQL, `like` in SQLite (ASCII letters). */
export function ilike<V, S extends Reads, N extends string, V2, S2 extends Reads, N2 extends string>(
  text: Expression<V, S, N, 'text'>,
  pattern: Expression<V2, S2, N2, 'text'>,
): Like<V | V2, S | S2, N | N2> {
  return match('ilike', text, pattern, true)
}

function match(name: string, text: unknown, pattern: unknown, ignoreCase: boolean): never {
  const operand = requireText(name, text)
  return new LikeExpressionNode(operand, requireText(name, pattern), ignoreCase, false) as unknown as never
}

function requireText(name: string, value: unknown): ExpressionNode {
  if (!isExpression(value)) {
    throw new BuildError(
      'invalid_argument',
      `${name}(text, pattern) takes two expressions. Of a pattern that the program has write text.${name}('…').`,
    )
  }
  const { family } = value.type
  if (family === 'text' || family === 'unknown') return value
  throw new BuildError(
    'no_operator',
    `${name}(text, pattern): ${describe(value)} is of type ${typeText(value.type)}, not a text.`,
  )
}
