import { BuildError, excerpt } from '../errors.js'
import type { Ordering, Predicate } from '../expression/expression.js'
import type { ExpressionNode, OrderingNode } from '../expression/node.js'
import { isExpression, requirePredicate } from '../expression/node.js'
import type { AnyExpression, ColumnNode } from '../expression/source.js'
import type { ReferenceOptions } from './column.js'
import type { TableNode } from './definition.js'

/** A constraint or an index in the third argument of `table`. */
export type TableExtra = UniqueExtra | PrimaryKeyExtra | ForeignKeyExtra | CheckExtra | IndexExtra

/** What {@link unique} returns. */
export interface UniqueExtra {
  readonly extra: 'unique'
  readonly columns: readonly ColumnNode[]
  readonly name: string | undefined
  /** Names the constraint, in place of the naming convention. */
  named(name: string): UniqueExtra
}

/** What {@link primaryKey} returns. */
export interface PrimaryKeyExtra {
  readonly extra: 'primaryKey'
  readonly columns: readonly ColumnNode[]
  readonly name: string | undefined
  /** Names the constraint, in place of the naming convention. */
  named(name: string): PrimaryKeyExtra
}

/** A reference of columns to those of another table, as it is declared: with no name made yet. */
export interface Reference {
  readonly columns: readonly ColumnNode[]
  readonly target: TableNode
  readonly targetColumns: readonly string[]
  readonly options: ReferenceOptions
}

/** What {@link foreignKey} returns. */
export interface ForeignKeyExtra {
  readonly extra: 'foreignKey'
  readonly columns: readonly ColumnNode[]
  readonly target: () => readonly AnyExpression[]
  readonly options: ReferenceOptions
  /** What it refers to, where the table has this name. */
  reference(table: string): Reference
}

/** What {@link check} returns. */
export interface CheckExtra {
  readonly extra: 'check'
  readonly predicate: ExpressionNode
  readonly name: string | undefined
  /** Names the constraint, in place of the naming convention. */
  named(name: string): CheckExtra
}

/** What {@link index} returns; its methods return another. */
export interface IndexExtra {
  readonly extra: 'index'
  readonly keys: readonly (ExpressionNode | OrderingNode)[]
  readonly isUnique: boolean
  readonly condition: ExpressionNode | undefined
  readonly name: string | undefined
  /** No two rows of the index are equal. */
  unique(): IndexExtra
  /** Only the rows for which the predicate holds: a partial index. */
  where(predicate: Predicate): IndexExtra
  /** Names the index, in place of the naming convention. */
  named(name: string): IndexExtra
}

/**
 * No two rows agree in all of these columns.
 * @example
 * ```ts
 * createTable(table('users', { orgId: integer(), email: text() }, (t) => [unique(t.orgId, t.email)]))
 * // create table "users" (…, constraint "users_orgId_email_key" unique ("orgId", "email"))
 * ```
 */
export function unique(...columns: readonly AnyExpression[]): UniqueExtra {
  const make = (name: string | undefined): UniqueExtra => ({
    extra: 'unique',
    columns: requireColumns('unique', columns),
    name,
    named: make,
  })
  return make(undefined)
}

/** The columns that together tell a row from all others: `constraint "memberships_pkey" primary key ("a", "b")`. */
export function primaryKey(...columns: readonly AnyExpression[]): PrimaryKeyExtra {
  const make = (name: string | undefined): PrimaryKeyExtra => ({
    extra: 'primaryKey',
    columns: requireColumns('primaryKey', columns),
    name,
    named: make,
  })
  return make(undefined)
}

/**
 * These columns together must be those of a row of another table.
 * @example
 * ```ts
 * const seats = table('seats', { row: integer(), seat: integer() }, (t) => [primaryKey(t.row, t.seat)])
 * const tickets = table('tickets', { row: integer(), seat: integer() }, (t) => [
 *   foreignKey([t.row, t.seat], () => [seats.row, seats.seat], { onDelete: 'cascade' }),
 * ])
 * createTable(tickets)
 * // create table "tickets" (…, constraint "tickets_row_seat_fkey" foreign key ("row", "seat")
 * //   references "seats" ("row", "seat") on delete cascade)
 * ```
 */
export function foreignKey(
  columns: readonly AnyExpression[],
  target: () => readonly AnyExpression[],
  options: ReferenceOptions = {},
): ForeignKeyExtra {
  const own = requireColumns('foreignKey', columns)
  const reference = (table: string): Reference => {
    const targets = requireColumns(`The target of a foreign key of '${table}'`, target())
    const tables = targets.map(({ source }) => source as TableNode)
    const [first] = tables as [TableNode]
    if (own.length !== targets.length || tables.some((one) => !sameTable(one, first))) {
      throw new BuildError(
        'invalid_foreign_key',
        `A foreign key of '${table}' pairs ${own.length} columns with ${targets.length} of ` +
          `${tables.map(({ name }) => name).join(' and ')}: give as many, all of one table.`,
      )
    }
    return { columns: own, target: first, targetColumns: targets.map(({ name }) => name), options }
  }
  return { extra: 'foreignKey', columns: own, target, options, reference }
}

/** Whether two nodes name one table. */
export function sameTable(a: TableNode, b: TableNode): boolean {
  return a.name === b.name && a.schema === b.schema
}

/**
 * A predicate that no row may make false.
 * @example
 * ```ts
 * createTable(table('users', { email: text() }, (t) => [check(t.email.like('%@%'))]))
 * // create table "users" ("email" text, constraint "users_email_check" check ("email" like '%@%'))
 * ```
 */
export function check(predicate: Predicate): CheckExtra {
  const make = (name: string | undefined): CheckExtra => ({
    extra: 'check',
    predicate: requirePredicate('check', predicate),
    name,
    named: make,
  })
  return make(undefined)
}

/**
 * An index over columns, expressions, and either of them with a direction.
 * @example
 * ```ts
 * const users = table('users', { email: text(), since: date(), boss: integer() }, (t) => [
 *   index(lower(t.email)).unique(),
 *   index(t.since.desc()).where(t.boss.isNull()),
 * ])
 * createAll([users], db.dialect)[2]! // create index "users_since_idx" on "users" ("since" desc) where "boss" is null
 * ```
 */
export function index(...keys: readonly (AnyExpression | Ordering)[]): IndexExtra {
  if (keys.length === 0)
    throw new BuildError('invalid_index', 'index(…) takes at least one column or expression.')
  for (const key of keys) {
    const isOrdering = typeof key === 'object' && key !== null && key.kind === 'ordering'
    if (!isOrdering && !isExpression(key)) {
      throw new BuildError(
        'invalid_index',
        `index(…) takes columns and expressions of its table, not ${excerpt(key)}.`,
      )
    }
  }
  return makeIndex({
    keys: keys as unknown as readonly (ExpressionNode | OrderingNode)[],
    isUnique: false,
    condition: undefined,
    name: undefined,
  })
}

function makeIndex(parts: Pick<IndexExtra, 'keys' | 'isUnique' | 'condition' | 'name'>): IndexExtra {
  return {
    extra: 'index',
    ...parts,
    unique: () => makeIndex({ ...parts, isUnique: true }),
    where: (predicate) => makeIndex({ ...parts, condition: requirePredicate('where', predicate) }),
    named: (name) => makeIndex({ ...parts, name }),
  }
}

/** Columns as nodes; anything else is an error that names the place. */
export function requireColumns(place: string, columns: readonly unknown[]): ColumnNode[] {
  if (columns.length === 0) throw new BuildError('invalid_argument', `${place}(…) takes at least one column.`)
  return columns.map((column) => requireColumn(place, column))
}

/** A column as a node, as {@link requireColumns}. */
export function requireColumn(place: string, column: unknown): ColumnNode {
  if (isExpression(column) && column.kind === 'column') return column as ColumnNode
  throw new BuildError('invalid_argument', `${place}(…) takes columns of a table, not ${excerpt(column)}.`)
}
