import {
  AlterColumnNode,
  type AnyExpression,
  type ColumnAction,
  type Columns,
  CommentOnNode,
  type ExpressionNode,
  excerpt,
  type Family,
  type IdentityOptions,
  isExpression,
  type StatementNode,
  sourceInfo,
  type TableNode,
  type TableSource,
  type TypeDefinition,
  tableDefinition,
  toExpression,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { displayName, displayTable } from './describe.js'
import type { Irreversible, Operation } from './operation.js'
import { tableOperation } from './table-operation.js'
import { type TableReference, tableNode } from './table-reference.js'

/** An expression over the columns of a table. */
export type ExpressionOf<Name extends string, C> =
  | AnyExpression
  | ((table: Columns<Name, C>) => AnyExpression)

/** What a column is to be; what is left out stays as it is. */
export interface ColumnChange<Name extends string = string, C = unknown> {
  readonly type?: TypeDefinition<unknown, Family>
  /** Beside `type`: the new value, of the old one; without it, the database converts those that it can. */
  readonly using?: ExpressionOf<Name, C>
  readonly nullable?: boolean
  /** A value or an expression; null for none. */
  readonly default?: unknown
  /** How the database numbers rows; null for not at all. PostgreSQL. */
  readonly identity?: IdentityOptions['generated'] | null
  /** What the database computes; null to keep the values and compute no more. */
  readonly generated?: ExpressionOf<Name, C> | null
  /** Beside `type`: the collation, or its schema and name. */
  readonly collation?: string | readonly [schema: string, name: string]
  /** PostgreSQL; others leave it out. Null for none. */
  readonly comment?: string | null
  /** Where long values are kept. PostgreSQL; others leave it out. */
  readonly storage?: 'plain' | 'external' | 'extended' | 'main' | 'default'
  /** How they are compressed. PostgreSQL; others leave it out. */
  readonly compression?: 'pglz' | 'lz4' | 'default'
}

/** How a column was before, so that the change of it can be undone. */
export interface AlterColumnOptions<Name extends string = string, C = unknown> {
  /**
   * What it was of all that is changed. What is not said: `nullable` was the opposite, and there was no default, no comment
   * and no identity. A type, a collation, an expression and how values are kept must be said.
   */
  readonly from?: ColumnChange<Name, C>
}

/**
 * Changes what a column is: its type, whether it may be null, its default, and more. Reversed by the opposite, as far as
 * `from` says what was before.
 *
 * PostgreSQL: `alter table … alter column …` · SQLite: the table is made anew where it has no statement for it; rows that do
 * not fit (nulls, texts that are no numbers) are counted first, and refused.
 *
 * Throws a `MigrationError` where nothing is changed.
 * @example
 * ```ts
 * alterColumn('users', 'full_name', { nullable: false, default: '' })
 * // PostgreSQL: alter table "users" alter column "full_name" set not null
 * //             alter table "users" alter column "full_name" set default ''
 * alterColumn('posts', 'score', { type: text() }, { from: { type: integer(), using: sql`score::integer` } })
 * // PostgreSQL: alter table "posts" alter column "score" type text
 * ```
 */
export function alterColumn<const Name extends string, const C>(
  table: TableSource<Name, C> | string,
  column: string,
  change: ColumnChange<Name, C>,
  options: AlterColumnOptions<Name, C> = {},
): Operation {
  const reference = table as TableReference
  const node = tableNode('alterColumn', reference)
  const place = `${displayTable(node)}.${displayName(column)}`
  if (typeof column !== 'string' || column === '') {
    throw new MigrationError(
      'invalid_operation',
      `alterColumn takes the name of a column, not ${excerpt(column)}.`,
    )
  }
  const known = Object.keys(change ?? {})
  const unknown = known.filter((key) => !KEYS.includes(key))
  if (known.length === 0 || unknown.length > 0) {
    throw new MigrationError(
      'invalid_operation',
      unknown.length > 0
        ? `alterColumn of ${place} knows no ${unknown.join(', ')}; it knows ${KEYS.join(', ')}.`
        : `alterColumn of ${place} changes nothing: say { nullable: false } or the like.`,
    )
  }
  if (change.type === undefined && (change.using !== undefined || change.collation !== undefined)) {
    throw new MigrationError(
      'invalid_operation',
      `alterColumn of ${place}: using and collation stand beside the type, so say that too: { type: text(), collation: 'C' }.`,
    )
  }
  return tableOperation({
    kind: 'alterColumn',
    description: `alter column ${displayName(column)} of ${displayTable(node)}: ${known.map((key) => describe(key, change)).join(', ')}`,
    table: node,
    changes: (dialect) => {
      const nodes = nodesOf(reference, node, column, change as ColumnChange, options.from as ColumnChange)
      return dialect.lacks.comments ? nodes.filter(({ kind }) => kind !== 'commentOn') : nodes
    },
    reverse: () => {
      const before = reverseOf(change as ColumnChange, (options.from ?? {}) as ColumnChange, place)
      return 'irreversible' in before
        ? before
        : alterColumn(table, column, before as ColumnChange<Name, C>, { from: change })
    },
    call: ['alterColumn', reference, column, change, ...(options.from === undefined ? [] : [options])],
  })
}

const KEYS = [
  'type',
  'using',
  'nullable',
  'default',
  'identity',
  'generated',
  'collation',
  'comment',
  'storage',
  'compression',
]

function describe(key: string, change: ColumnChange<never, never>): string {
  if (key === 'type') return `type ${change.type?.sqlType?.name ?? '?'}`
  if (key === 'nullable') return change.nullable === true ? 'nullable' : 'not null'
  const value = (change as Record<string, unknown>)[key]
  if (value === null) return `no ${key}`
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${key} ${JSON.stringify(value)}`
    : key
}

/** The change back, or why it is not known. */
function reverseOf(change: ColumnChange, from: ColumnChange, place: string): ColumnChange | Irreversible {
  const before: Record<string, unknown> = {}
  const missing: string[] = []
  for (const key of Object.keys(change)) {
    const said = (from as Record<string, unknown>)[key]
    if (key === 'using') continue
    if (said !== undefined) before[key] = said
    else if (key === 'nullable') before['nullable'] = change.nullable !== true
    else if ((key === 'default' || key === 'comment' || key === 'identity') && change[key] !== null)
      before[key] = null
    else missing.push(key)
  }
  if (from.using !== undefined && before['type'] !== undefined) before['using'] = from.using
  if (missing.length === 0) return before
  const what = missing.map((key) => `${key}: …`).join(', ')
  return {
    irreversible: `nothing says what ${place} was before; write alterColumn(…, …, { … }, { from: { ${what} } })`,
  }
}

function nodesOf(
  reference: TableReference,
  table: TableNode,
  column: string,
  change: ColumnChange,
  from: ColumnChange | undefined,
): readonly StatementNode[] {
  const nodes: StatementNode[] = []
  const place = `${displayTable(table)}.${displayName(column)}`
  const add = (
    action: ColumnAction,
    type?: AlterColumnNode['type'],
    expression?: ExpressionNode,
    details?: AlterColumnNode['details'],
  ) => nodes.push(new AlterColumnNode(table, column, action, type, expression, details))
  const over = (given: unknown): ExpressionNode => {
    const made = typeof given === 'function' ? given(source(reference)) : given
    if (isExpression(made)) return made
    throw new MigrationError(
      'invalid_operation',
      `alterColumn of ${place} takes an expression such as sql\`…\`, or a function of a table with its columns, not ${excerpt(made)}.`,
    )
  }
  const { type, nullable, identity, generated, collation, comment, storage, compression } = change
  if (identity === null) add('drop identity')
  if (change.default === null) add('drop default')
  if (generated === null) add('drop expression')
  if (type !== undefined) {
    // A default that is not of the new type would be in its way.
    if (change.default !== undefined && change.default !== null && from?.default !== undefined)
      add('drop default')
    const details = collation === undefined ? undefined : { collation }
    add('type', type.sqlType, change.using === undefined ? undefined : over(change.using), details)
  }
  if (nullable !== undefined) add(nullable ? 'drop not null' : 'set not null')
  if (change.default !== undefined && change.default !== null) {
    const sqlType = type?.sqlType ?? declaredType(reference, column)
    add('set default', undefined, toExpression(`default of ${place}`, change.default, sqlType))
  }
  if (identity !== undefined && identity !== null)
    add(typeof from?.identity === 'string' ? 'set identity' : 'add identity', undefined, undefined, {
      identity,
    })
  if (generated !== undefined && generated !== null) add('set expression', undefined, over(generated))
  if (storage !== undefined) add('set storage', undefined, undefined, { storage })
  if (compression !== undefined) add('set compression', undefined, undefined, { compression })
  if (comment !== undefined) nodes.push(new CommentOnNode(table, column, comment ?? undefined))
  return nodes
}

function source(reference: TableReference): unknown {
  if (typeof reference !== 'string') return reference
  throw new MigrationError(
    'invalid_operation',
    `alterColumn of '${reference}' is given a function of its columns, so it takes the table with them: table('${reference}', { … }).`,
  )
}

function declaredType(reference: TableReference, column: string) {
  if (typeof reference === 'string' || sourceInfo(reference)?.definition === undefined) return undefined
  return tableDefinition(reference).columns.find(({ name }) => name === column)?.type
}
