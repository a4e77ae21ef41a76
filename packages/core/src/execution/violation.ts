import {
  BuildError,
  type CheckViolation,
  type ExecutionError,
  excerpt,
  type ForeignKeyViolation,
  isEspalierError,
  type UniqueViolation,
} from '../errors.js'
import type { Columns } from '../expression/source.js'
import type { CheckExtra, ForeignKeyExtra, TableExtra } from '../schema/constraint.js'
import type { CheckNode, ConstraintNode, IndexNode, TableDefinition } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import { tableDefinition } from '../schema/table-definition.js'
import { sameTree } from '../tree/equality.js'
import type { Node } from '../tree/node.js'

/** The error that a constraint gives. */
export type ViolationOf<K> = K extends CheckExtra
  ? CheckViolation
  : K extends ForeignKeyExtra
    ? ForeignKeyViolation
    : K extends TableExtra
      ? UniqueViolation
      : ExecutionError

/**
 * Whether an error says that a row did not keep to a constraint or a unique index of a table. That is told as in the third
 * argument of `table`, by the same columns or the same predicate, or by its name. Any value may be asked; other errors are
 * just not this one.
 *
 * PostgreSQL names the constraint. SQLite names a check, and the table and columns of a unique key; of a foreign key it
 * names nothing, so that there the answer is always false: ask for the code `foreign_key_violation`.
 *
 * Throws a `BuildError` for a constraint that the table does not have.
 * @example
 * ```ts
 * try {
 *   await db.run(insert(users).values({ orgId: 1, email: 'ann@x.org' }))
 * } catch (error) {
 *   if (!isViolationOf(error, users, (t) => unique(t.orgId, t.email))) throw error
 *   console.log(`${error.columns?.join()}: this address is taken`) // 'org_id,email: this address is taken'
 * }
 * isViolationOf(new Error('something else'), users, 'users_email_check') // false
 * ```
 */
export function isViolationOf<Name extends string, C, const K extends TableExtra | string>(
  error: unknown,
  table: TableSource<Name, C>,
  constraint: K extends string ? K : (table: Columns<Name, C>) => K,
): error is ViolationOf<K>
export function isViolationOf(
  error: unknown,
  table: TableSource<string, unknown>,
  constraint: string | ((table: object) => TableExtra),
): boolean {
  const definition = tableDefinition(table)
  const node = find(definition, typeof constraint === 'function' ? constraint(table) : constraint)
  if (!isEspalierError(error) || error.code !== CODES[node.kind as keyof typeof CODES]) return false
  const { table: on, constraint: name, columns } = error as ExecutionError
  if (on !== undefined && on !== definition.table.name) return false
  return name === undefined
    ? columns !== undefined && sameNames(columns, columnsOf(node))
    : name === node.name
}

const CODES = {
  unique: 'unique_violation',
  primaryKey: 'unique_violation',
  index: 'unique_violation',
  foreignKey: 'foreign_key_violation',
  check: 'check_violation',
} as const

function find(
  { table, constraints, indexes }: TableDefinition,
  wanted: string | TableExtra,
): ConstraintNode | IndexNode {
  const all = [...constraints, ...indexes.filter((index) => index.unique)]
  const found = all.find((node) =>
    typeof wanted === 'string' ? node.name === wanted : isDeclaredBy(node, wanted),
  )
  if (found !== undefined) return found
  const what = typeof wanted === 'string' ? `called ${excerpt(wanted)}` : 'of this kind with these columns'
  throw new BuildError(
    'unknown_constraint',
    `Table '${table.name}' has no constraint or unique index ${what}. It has: ${all.map(({ name }) => name).join(', ')}.`,
  )
}

/** Whether a constraint is the one that an extra declares, which may leave out its name. */
function isDeclaredBy(node: ConstraintNode | IndexNode, extra: TableExtra): boolean {
  if (node.kind !== extra.extra) return false
  switch (extra.extra) {
    case 'check':
      return sameTree((node as CheckNode).predicate, extra.predicate)
    case 'index': {
      const { keys } = node as IndexNode
      return keys.length === extra.keys.length && keys.every((key, i) => sameTree(key, extra.keys[i] as Node))
    }
    case 'unique':
    case 'primaryKey':
    case 'foreignKey':
      return sameNames(
        columnsOf(node),
        extra.columns.map(({ name }) => name),
      )
    default:
      return false
  }
}

function columnsOf(node: ConstraintNode | IndexNode): readonly string[] {
  if ('columns' in node) return node.columns
  const keys = node.kind === 'index' ? (node as IndexNode).keys : []
  return keys.map((key) => (key as { readonly name?: string }).name ?? '')
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name))
}
