import { BuildError, excerpt } from '../errors.js'
import type { Fields } from '../tree/node.js'
import { type CompositeDefinition, compositeName, type FieldTypes } from '../types/composite.js'
import { type SqlType, storedAs, typeText } from '../types/sql-type.js'
import type { Expression, Reads, Typed } from './expression.js'
import { quoteIdentifier } from './identifier.js'
import { describe, ExpressionNode, toExpression } from './node.js'
import type { Writer } from './writer.js'

/** `(c)."f"`. */
export class CompositeFieldNode extends ExpressionNode {
  static readonly fields: Fields<CompositeFieldNode> = { operand: 'child', name: 'data', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    /** The name of the field in the database. */
    readonly name: string,
    readonly type: SqlType,
  ) {
    super('compositeField')
  }
  override write(to: Writer): void {
    to.text('(')
    to.visit(this.operand)
    to.text(`).${quoteIdentifier(this.name)}`)
  }
}

/**
 * A field of a composite value, with the operators of its type; NULL where the whole is.
 *
 * Throws a `BuildError` for a value of another type, and for a key that is no field of it.
 * @example
 * ```ts
 * const address = compositeType('address', { street: text(), zip: char(5).notNull() })
 * const people = table('people', { id: integer().primaryKey(), home: address().notNull() })
 * const zips = select({ zip: field(people.home, address, 'zip') }).from(people)
 * zips.toSQL(postgresDialect).sql // 'select ("people"."home")."zip" as "zip" from "people"'
 * zips.toSQL(sqliteDialect).sql // `select ("people"."home" ->> '$."zip"') as "zip" from "people"`
 * ```
 */
export function field<V, S extends Reads, N extends string, T extends FieldTypes, K extends keyof T & string>(
  value: Expression<V, S, N, 'named'>,
  type: CompositeDefinition<T, unknown>,
  key: K,
): Typed<T[K]['~family'], T[K]['~value'] | (V & null), S, N> {
  const node = toExpression('field', value)
  const stated = storedAs(type?.sqlType ?? node.type)
  const { fields } = stated
  const is = storedAs(node.type)
  if (fields === undefined || (is.name !== stated.name && is.family !== 'unknown')) {
    throw new BuildError(
      'mixed_types',
      `field(${describe(node)}, …) takes a value of the composite type that it is given, not one of type ${typeText(is)}.`,
    )
  }
  const found = fields.find((one) => one.key === key)
  if (found === undefined) {
    const keys = fields.map((one) => one.key).join(', ')
    throw new BuildError(
      'unknown_column',
      `The composite type '${compositeName(stated)}' has no field ${excerpt(key)}; it has ${keys}.`,
    )
  }
  return new CompositeFieldNode(node, found.name, found.type) as unknown as never
}
