import {
  ddl,
  type ObjectKind,
  type ObjectName,
  RenameInTableNode,
  RenameObjectNode,
  SetSchemaNode,
  TableNode,
} from '@espalier/core'
import { defineOperation } from './define.js'
import { displayName, displayTable } from './describe.js'
import type { Operation } from './operation.js'
import { tableOperation } from './table-operation.js'
import { type TableReference, tableNode } from './table-reference.js'

/**
 * Gives a table another name. Reversed by giving it the old one. Programs that run know the old name: a view of that name
 * serves them until they are gone.
 *
 * PostgreSQL and SQLite: `alter table "users" rename to "people"`. Foreign keys of other tables, views and triggers follow.
 */
export function renameTable(table: TableReference, newName: string): Operation {
  return renaming(tableNode('renameTable', table), newName, table)
}

function renaming(node: TableNode, newName: string, given?: TableReference): Operation {
  const renamed = new TableNode(newName, node.schema)
  // The old name is that of the definition; the new one has none.
  const back = typeof given === 'string' && node.schema === undefined ? newName : undefined
  return tableOperation({
    kind: 'renameTable',
    description: `rename table ${displayTable(node)} to ${displayName(newName)}`,
    table: node,
    changes: () => [new RenameInTableNode(node, 'table', node.name, newName)],
    reverse: () => renaming(renamed, node.name, back),
    call: given === undefined ? undefined : ['renameTable', given, newName],
  })
}

/**
 * Gives a column another name. Reversed by giving it the old one.
 *
 * PostgreSQL and SQLite: `alter table "users" rename column "full_name" to "name"`. Keys, checks, indexes, views and triggers
 * follow; on SQLite it fails where any view or trigger of the database does not work.
 */
export function renameColumn(table: TableReference, name: string, newName: string): Operation {
  const node = tableNode('renameColumn', table)
  return tableOperation({
    kind: 'renameColumn',
    description: `rename column ${displayName(name)} of ${displayTable(node)} to ${displayName(newName)}`,
    table: node,
    changes: () => [new RenameInTableNode(node, 'column', name, newName)],
    reverse: () => renameColumn(table, newName, name),
    call: ['renameColumn', table, name, newName],
  })
}

/** The name of an object without its kind. */
export type ObjectPlace = Omit<ObjectName, 'kind' | 'name'>

/**
 * Gives a view, a sequence, a type, a schema, a function or another object another name; for tables, columns, indexes and
 * constraints there are functions of their own. Reversed by giving it the old one. PostgreSQL.
 * @example
 * ```ts
 * renameObject('view', 'active_users', 'members') // alter view "active_users" rename to "members"
 * renameObject('function', 'area', 'surface', { arguments: ['integer', 'integer'] })
 * // alter function "area"(integer, integer) rename to "surface"
 * ```
 */
export function renameObject(
  kind: ObjectKind,
  name: string,
  newName: string,
  place: ObjectPlace = {},
): Operation {
  return defineOperation({
    kind: 'renameObject',
    description: `rename ${kind} ${displayName(name)} to ${displayName(newName)}`,
    statements: [ddl(new RenameObjectNode({ kind, name, ...place }, undefined, newName))],
    reverse: () => renameObject(kind, newName, name, place),
    call: ['renameObject', kind, name, newName, place],
  })
}

/**
 * Puts a table, a view, a type or another object into another schema. Reversed by putting it back. PostgreSQL.
 * @example
 * ```ts
 * setSchema('table', 'users', { from: 'public', to: 'archive' }) // alter table "public"."users" set schema "archive"
 * ```
 */
export function setSchema(
  kind: ObjectKind,
  name: string,
  { from, to, ...place }: { readonly from: string; readonly to: string } & Omit<ObjectPlace, 'schema'>,
): Operation {
  return defineOperation({
    kind: 'setSchema',
    description: `put ${kind} ${displayName(from)}.${displayName(name)} into the schema ${displayName(to)}`,
    statements: [ddl(new SetSchemaNode({ kind, name, schema: from, ...place }, to))],
    reverse: () => setSchema(kind, name, { from: to, to: from, ...place }),
    call: ['setSchema', kind, name, { from, to, ...place }],
  })
}
