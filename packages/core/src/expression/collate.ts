import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import type { Expression, Reads, TextExpression } from './expression.js'
import { quoteIdentifier } from './identifier.js'
import { ExpressionNode, isExpression } from './node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

/** A text that is compared and ordered by a collation. */
export class CollateNode extends ExpressionNode {
  static readonly fields: Fields<CollateNode> = { operand: 'child', collation: 'data', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    /** The name of the collation, or its schema and name. */
    readonly collation: readonly string[],
    readonly type: SqlType,
  ) {
    super('collate')
  }
  override get precedence(): number {
    return Precedence.sign
  }
  override write(to: Writer): void {
    to.operand(this.operand, Precedence.primary)
    to.text(` collate ${collationText(to, this.collation)}`)
  }
}

/** The name of a collation, or its schema and name, as SQL. */
export function collationText(to: Writer, collation: string | readonly string[]): string {
  const path = typeof collation === 'string' ? [collation] : collation
  const isBinary = path.length === 1 && (path[0] === 'C' || path[0] === 'binary')
  return (isBinary ? [to.dialect.binaryCollation] : path).map(quoteIdentifier).join('.')
}

/**
 * A text that is compared and ordered by a collation of the database. `'C'`, or `'binary'`, is the order of the bytes on
 * every database; other names are those of one database, such as `'und-x-icu'` or `'nocase'`.
 *
 * PostgreSQL: `"users"."email" collate "C"` · SQLite: `"users"."email" collate "binary"`
 * @example
 * ```ts
 * select(users.id).from(users).orderBy(collate(users.email, 'C'))
 * // PostgreSQL: select "users"."id" as "value" from "users" order by "users"."email" collate "C"
 * ```
 */
export function collate<V, S extends Reads, N extends string>(
  value: Expression<V, S, N, 'text'>,
  ...collation: readonly [name: string] | readonly [schema: string, name: string]
): TextExpression<V, S, N> {
  if (!isExpression(value) || (value.type.family !== 'text' && value.type.family !== 'unknown')) {
    throw new BuildError(
      'invalid_argument',
      `collate(…) takes a text such as users.email, not ${excerpt(value)}.`,
    )
  }
  for (const name of collation) quoteIdentifier(name)
  return new CollateNode(value, collation, value.type) as unknown as TextExpression<V, S, N>
}
