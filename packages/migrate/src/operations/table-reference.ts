import { type AnyTable, excerpt, sourceInfo, TableNode } from '@espalier/core'
import { MigrationError } from '../errors.js'

/** A table as an operation names it: by its definition, or by its name alone. */
export type TableReference = AnyTable | string

/** The node of a table that an operation was given; an error that names the operation if it is none. */
export function tableNode(operation: string, table: unknown): TableNode {
  if (typeof table === 'string') return new TableNode(table, undefined)
  return definedTableNode(operation, table, 'a table made by table(…), or the name of one')
}

/** The same where a name alone does not do. */
export function definedTableNode(
  operation: string,
  table: unknown,
  expected = "a table with its columns: table('users', { … })",
): TableNode {
  const info = sourceInfo(table)
  if (info?.definition !== undefined && info.node.kind === 'table') return info.node as TableNode
  throw new MigrationError('invalid_operation', `${operation} takes ${expected}, not ${excerpt(table)}.`)
}
