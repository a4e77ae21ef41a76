import type { EnumType } from '../schema/enum.js'
import { CreateEnumNode, DropEnumNode } from './enum-nodes.js'
import type { DdlStatement } from './statement.js'

/**
 * Creates the type of an enum, before the tables that use it. SQLite refuses it, since the columns have checks there;
 * {@link createAll} knows.
 * @example
 * ```ts
 * createEnum(enumType('mood', ['sad', 'happy']))
 * // PostgreSQL: create type "mood" as enum ('sad', 'happy')
 * ```
 */
export function createEnum(type: EnumType<string>): DdlStatement {
  return new CreateEnumNode(type.sqlType) as unknown as DdlStatement
}

/** Drops the type of an enum, behind the tables that use it: `drop type "mood"`. SQLite refuses it. */
export function dropEnum(
  type: EnumType<string>,
  options: { readonly ifExists?: boolean } = {},
): DdlStatement {
  return new DropEnumNode(type.sqlType, options.ifExists === true) as unknown as DdlStatement
}
