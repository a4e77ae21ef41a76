import {
  AddColumnNode,
  AddConstraintNode,
  type ColumnBuilders,
  type ColumnDefinitionNode,
  type Columns,
  type ConstraintNode,
  CreateIndexNode,
  columnOptions,
  DropColumnNode,
  DropConstraintNode,
  DropIndexNode,
  excerpt,
  type Node,
  type TableDefinition,
  type TableExtra,
  tableDefinition,
  walk,
  withColumns,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { displayName, displayTable } from './describe.js'
import type { Operation } from './operation.js'
import { tableOperation } from './table-operation.js'
import { type TableReference, tableNode } from './table-reference.js'

/** Constraints and indexes of new columns: `(t) => [check(t.age.gt(0)), index(t.age)]`. */
export type ColumnExtras<C extends ColumnBuilders> = (table: Columns<string, C>) => readonly TableExtra[]

/** The columns of an operation, before names are made and references followed. */
interface NewColumns {
  readonly table: TableReference
  readonly columns: ColumnBuilders
  readonly extras: ColumnExtras<ColumnBuilders> | undefined
}

function adding(added: NewColumns): Operation {
  const node = tableNode('addColumn', added.table)
  return tableOperation({
    kind: 'addColumn',
    description: `add ${counted(names(added))} to ${displayTable(node)}`,
    table: node,
    changes: () => {
      const { table, columns, constraints, indexes } = definitionOf(added)
      const alone = columns.map((column) => constraints.filter((constraint) => isOf(column, constraint)))
      const together = constraints.filter((constraint) => !alone.flat().includes(constraint))
      return [
        ...columns.map((column, i) => new AddColumnNode(table, column, alone[i] as ConstraintNode[])),
        ...together.map((constraint) => new AddConstraintNode(table, constraint)),
        ...indexes.map((index) => new CreateIndexNode(index, false)),
      ]
    },
    reverse: () => dropping(added),
    call: ['addColumn', added.table, added.columns, added.extras],
  })
}

function dropping(dropped: NewColumns): Operation {
  const node = tableNode('dropColumn', dropped.table)
  return tableOperation({
    kind: 'dropColumn',
    description: `drop ${counted(names(dropped))} of ${displayTable(node)}`,
    table: node,
    changes: () => {
      const { table, columns, constraints, indexes } = definitionOf(dropped)
      const alone = constraints.filter((constraint) => columns.some((column) => isOf(column, constraint)))
      const isComputed = ({ generated }: ColumnDefinitionNode) => generated !== undefined
      const backwards = columns.toReversed()
      return [
        ...indexes.map((index) => new DropIndexNode(index.name, table.schema, false)),
        // What is about several columns goes before them; what is computed of others, before those.
        ...constraints
          .filter((constraint) => !alone.includes(constraint))
          .map((constraint) => new DropConstraintNode(table, constraint.name, false)),
        ...[...backwards.filter(isComputed), ...backwards.filter((column) => !isComputed(column))].map(
          (column) => new DropColumnNode(table, column.name),
        ),
      ]
    },
    reverse: () => adding(dropped),
    call: ['dropColumn', dropped.table, dropped.columns, dropped.extras],
  })
}

function droppingByName(table: TableReference, name: string): Operation {
  const node = tableNode('dropColumn', table)
  return tableOperation({
    kind: 'dropColumn',
    description: `drop ${counted([name])} of ${displayTable(node)}`,
    table: node,
    changes: () => [new DropColumnNode(node, name)],
    reverse: () => ({
      irreversible:
        `only the name of the column is given; give the column's definition to make this reversible: ` +
        `dropColumn('${displayTable(node)}', { ${displayName(name)}: text() })`,
    }),
    call: ['dropColumn', table, name],
  })
}

/**
 * Adds columns to a table, with their constraints and indexes; the third argument is that of `table(…)`, for the new
 * columns. Reversed by dropping them.
 *
 * A table given by its definition lends its conventions for names. What SQLite cannot add to a table, such as a column that
 * is unique, it gets by making the table anew, with all that it has.
 * @example
 * ```ts
 * addColumn('users', { firstName: text('first_name'), orgId: integer('org_id').references('orgs.id') })
 * // alter table "users" add column "first_name" text
 * // alter table "users" add column "org_id" integer constraint "users_org_id_fkey" references "orgs" ("id")
 * addColumn('users', { age: integer() }, (t) => [check(t.age.gt(0)), index(t.age)])
 * ```
 */
export function addColumn<const C extends ColumnBuilders>(
  table: TableReference,
  columns: C,
  extras?: ColumnExtras<C>,
): Operation {
  requireColumns('addColumn', columns)
  return adding({ table, columns, extras: extras as ColumnExtras<ColumnBuilders> | undefined })
}

/**
 * Drops columns of a table. Given their definitions it is reversed by adding them, empty; given a name alone it is
 * irreversible. Indexes that are stated with the columns are dropped first.
 * @example
 * ```ts
 * dropColumn('users', { fullName: text('full_name') })   // alter table "users" drop column "full_name"
 * dropColumn('users', 'full_name')   // the same, irreversible
 * ```
 */
export function dropColumn<const C extends ColumnBuilders>(
  table: TableReference,
  column: string | C,
  extras?: ColumnExtras<C>,
): Operation {
  if (typeof column === 'string') return droppingByName(table, column)
  requireColumns('dropColumn', column)
  return dropping({ table, columns: column, extras: extras as ColumnExtras<ColumnBuilders> | undefined })
}

function requireColumns(operation: string, columns: unknown): void {
  const isRecord = typeof columns === 'object' && columns !== null && !Array.isArray(columns)
  if (isRecord && columnOptions(columns) === undefined && Object.keys(columns).length > 0) return
  throw new MigrationError(
    'invalid_operation',
    `${operation} takes its columns as an object, such as { firstName: text('first_name') }, not ${excerpt(columns)}.`,
  )
}

function definitionOf({ table, columns, extras }: NewColumns): TableDefinition {
  return tableDefinition(withColumns(table, columns, extras))
}

function names({ table, columns }: NewColumns): string[] {
  // Without the extras, which may refer to what is declared later.
  return Object.values(withColumns(table, columns) as unknown as Record<string, Node>).flatMap((column) =>
    column.kind === 'column' ? [(column as unknown as { name: string }).name] : [],
  )
}

function counted(columns: readonly string[]): string {
  return `${columns.length === 1 ? 'column' : 'columns'} ${columns.map(displayName).join(', ')}`
}

/** Whether a constraint is about one column alone, and so can be stated with it. */
function isOf(column: ColumnDefinitionNode, constraint: ConstraintNode): boolean {
  const columns = 'columns' in constraint ? constraint.columns : columnsIn(constraint)
  return columns.length === 1 && columns[0] === column.name && constraint.kind !== 'exclude'
}

function columnsIn(constraint: Node): string[] {
  const found = new Set<string>()
  walk(constraint, (node) => {
    if (node.kind === 'column') found.add((node as unknown as { name: string }).name)
  })
  return [...found]
}
