import { BuildError, excerpt } from '../errors.js'
import type { ColumnNode } from '../expression/source.js'
import type { ReferenceOptions, ReferenceTarget } from './column.js'
import { type ForeignKeyExtra, requireColumns } from './constraint.js'
import type { DeclaredTable } from './declaration.js'
import { TableNode } from './definition.js'

/** A reference of columns to those of another table, as it is declared: with no name made yet. */
export interface Reference {
  readonly columns: readonly ColumnNode[]
  readonly target: TableNode
  readonly targetColumns: readonly string[]
  readonly options: ReferenceOptions
}

interface Target {
  readonly table: TableNode
  readonly column: string
}

function sameTable(a: TableNode, b: TableNode): boolean {
  return a.name === b.name && a.schema === b.schema
}

/** The reference that a column declares. */
export function columnReference(
  declared: DeclaredTable,
  column: ColumnNode,
  { target, options }: { readonly target: ReferenceTarget; readonly options: ReferenceOptions },
): Reference {
  return reference(declared, [column], [resolveTarget(declared, column, target)], options)
}

/** The reference that is declared behind the columns. */
export function extraReference(declared: DeclaredTable, extra: ForeignKeyExtra): Reference {
  const targets = requireColumns(`The target of a foreign key of '${declared.node.name}'`, extra.target())
  return reference(declared, extra.columns, targets.map(toTarget), extra.options)
}

/** Every reference of a table to another, or to itself. */
export function referencesOf(declared: DeclaredTable): readonly Reference[] {
  const found: Reference[] = []
  for (const key of Object.keys(declared.columns)) {
    const declaredReference = declared.options[key]?.reference
    if (declaredReference !== undefined) {
      found.push(columnReference(declared, declared.columns[key] as ColumnNode, declaredReference))
    }
  }
  for (const extra of declared.extras) {
    if (extra.extra === 'foreignKey') found.push(extraReference(declared, extra))
  }
  return found
}

function reference(
  declared: DeclaredTable,
  columns: readonly ColumnNode[],
  targets: readonly Target[],
  options: ReferenceOptions,
): Reference {
  const { table: target } = targets[0] as Target
  if (columns.length !== targets.length || targets.some(({ table }) => !sameTable(table, target))) {
    throw new BuildError(
      'invalid_foreign_key',
      `A foreign key of '${declared.node.name}' pairs ${columns.length} columns with ${targets.length} of ` +
        `${targets.map(({ table }) => table.name).join(' and ')}: give as many, all of one table.`,
    )
  }
  return { columns, target, targetColumns: targets.map(({ column }) => column), options }
}

function toTarget(column: ColumnNode): Target {
  return { table: column.source as TableNode, column: column.name }
}

function resolveTarget(declared: DeclaredTable, column: ColumnNode, target: ReferenceTarget): Target {
  if (typeof target === 'function') {
    const [found] = requireColumns(`The target of ${declared.node.name}.${column.name}`, [target()])
    return toTarget(found as ColumnNode)
  }
  const dot = target.lastIndexOf('.')
  const tableName = target.slice(0, dot)
  const columnName = target.slice(dot + 1)
  if (dot < 1 || columnName === '') {
    throw new BuildError(
      'invalid_reference',
      `references(${excerpt(target)}): write 'table.column', for example 'users.id'.`,
    )
  }
  const isOwn = tableName === declared.node.name && declared.context.added !== true
  const found = isOwn ? declared : declared.context.find(tableName)
  if (found === undefined)
    return { table: new TableNode(tableName, declared.node.schema), column: columnName }
  const match =
    found.columns[columnName] ??
    Object.values(found.columns).find((candidate) => candidate.name === columnName)
  if (match === undefined) {
    throw new BuildError(
      'unknown_column',
      `${declared.node.name}.${column.name} references '${target}', but ${tableName} has no column '${columnName}'. ` +
        `It has: ${Object.keys(found.columns).join(', ')}.`,
    )
  }
  return { table: found.node, column: match.name }
}
