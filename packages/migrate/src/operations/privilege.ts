import { ddl, GrantNode, type ObjectName, RowSecurityNode, type TableNode } from '@espalier/core'
import { defineOperation } from './define.js'
import { displayName, displayTable } from './describe.js'
import type { Operation } from './operation.js'
import { tableOperation } from './table-operation.js'
import { type TableReference, tableNode } from './table-reference.js'

/** What a role may do with an object. */
export type Privilege =
  | 'all'
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'truncate'
  | 'references'
  | 'trigger'
  | 'maintain'
  | 'usage'
  | 'create'
  | 'connect'
  | 'temporary'
  | 'execute'

/** Who gets what, and on which object. */
export interface GrantOptions {
  /** The object, or the name of a table. */
  readonly on: ObjectName | TableReference
  /** The roles; `public` means everybody. */
  readonly to: string | readonly string[]
  /** Whether they may give it to others. */
  readonly withGrantOption?: boolean
}

/**
 * Gives roles privileges on an object. Reversed by taking them. PostgreSQL; a database without roles does nothing.
 * @example
 * ```ts
 * grant(['select', 'insert'], { on: 'users', to: 'app' }) // grant select, insert on table "users" to "app"
 * grant('usage', { on: { kind: 'schema', name: 'crm' }, to: ['app', 'public'] })
 * // grant usage on schema "crm" to "app", public
 * ```
 */
export function grant(privileges: Privilege | readonly Privilege[], options: GrantOptions): Operation {
  return granting('grant', privileges, options)
}

/** Takes privileges on an object from roles. Reversed by giving them: `revoke select on table "users" from "app"`. PostgreSQL. */
export function revoke(privileges: Privilege | readonly Privilege[], options: GrantOptions): Operation {
  return granting('revoke', privileges, options)
}

function granting(
  action: 'grant' | 'revoke',
  given: Privilege | readonly Privilege[],
  options: GrantOptions,
): Operation {
  const { on, to, withGrantOption = false } = options
  const privileges = [given].flat()
  const roles = [to].flat()
  const object = objectOf(action, on)
  return defineOperation({
    kind: action,
    description: `${action} ${privileges.join(', ')} on ${object.kind} ${displayName(object.name)} ${action === 'grant' ? 'to' : 'from'} ${roles.map(displayName).join(', ')}`,
    statements: (dialect) =>
      dialect.lacks.grants ? [] : [ddl(new GrantNode(action, privileges, object, roles, withGrantOption))],
    reverse: () => granting(action === 'grant' ? 'revoke' : 'grant', given, options),
    call: [action, given, options],
  })
}

function objectOf(operation: string, on: ObjectName | TableReference): ObjectName {
  if (
    typeof on === 'object' &&
    'kind' in on &&
    typeof (on as ObjectName).name === 'string' &&
    !('~columns' in on)
  )
    return on as ObjectName
  const { name, schema }: TableNode = tableNode(operation, on)
  return { kind: 'table', name, schema }
}

/**
 * Turns row security of a table on or off: with it, roles see the rows that policies let them see; with `forced`, the owner
 * too. Reversed by the opposite. PostgreSQL; others do nothing.
 * @example
 * ```ts
 * rowSecurity('posts', { enabled: true, forced: true })
 * // alter table "posts" enable row level security
 * // alter table "posts" force row level security
 * ```
 */
export function rowSecurity(
  table: TableReference,
  options: { readonly enabled?: boolean; readonly forced?: boolean },
): Operation {
  const node = tableNode('rowSecurity', table)
  const { enabled, forced } = options
  const words = [
    ...(enabled === undefined ? [] : [enabled ? ('enable' as const) : ('disable' as const)]),
    ...(forced === undefined ? [] : [forced ? ('force' as const) : ('no force' as const)]),
  ]
  return tableOperation({
    kind: 'rowSecurity',
    description: `${words.join(' and ')} row security of ${displayTable(node)}`,
    table: node,
    changes: (dialect) =>
      dialect.lacks.rowSecurity ? [] : words.map((word) => new RowSecurityNode(node, word)),
    reverse: () =>
      rowSecurity(table, {
        ...(enabled === undefined ? {} : { enabled: !enabled }),
        ...(forced === undefined ? {} : { forced: !forced }),
      }),
    call: ['rowSecurity', table, options],
  })
}
