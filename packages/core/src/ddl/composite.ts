import { BuildError, excerpt } from '../errors.js'
import type { CompositeDefinition, FieldTypes } from '../types/composite.js'
import { type SqlType, storedAs } from '../types/sql-type.js'
import { CreateCompositeNode, DropCompositeNode } from './composite-nodes.js'
import { type DdlStatement, ddl } from './statement.js'

/**
 * Creates a composite type, before the tables that use it and behind the types of its fields. SQLite refuses it, since the
 * columns are texts there; {@link createAll} knows.
 * @example
 * ```ts
 * createComposite(compositeType('address', { street: text(), zip: char(5) }))
 * // PostgreSQL: create type "address" as ("street" text, "zip" char(5))
 * ```
 */
export function createComposite(type: CompositeDefinition<FieldTypes, unknown>): DdlStatement {
  return ddl(new CreateCompositeNode(compositeOf('createComposite', type)))
}

/** Drops a composite type, behind the tables that use it: `drop type "address"`. SQLite refuses it. */
export function dropComposite(
  type: CompositeDefinition<FieldTypes, unknown>,
  options: { readonly ifExists?: boolean } = {},
): DdlStatement {
  return ddl(new DropCompositeNode(compositeOf('dropComposite', type), options.ifExists === true))
}

function compositeOf(place: string, type: CompositeDefinition<FieldTypes, unknown>): SqlType {
  const sqlType = type?.sqlType && storedAs(type.sqlType)
  if (sqlType?.fields !== undefined) return sqlType
  throw new BuildError('invalid_type', `${place} takes what compositeType(…) made, not ${excerpt(type)}.`)
}
