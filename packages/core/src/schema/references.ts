import { BuildError, excerpt } from '../errors.js'
import type { ColumnNode, ColumnTree } from '../expression/source.js'
import type { ReferenceOptions, ReferenceTarget } from './column.js'
import { type Reference, requireColumn } from './constraint.js'
import type { DeclaredTable } from './declaration.js'
import { TableNode } from './definition.js'

interface Target {
  readonly table: TableNode
  readonly column: string
}

/** The reference that a column declares. */
export function columnReference(
  declared: DeclaredTable,
  column: ColumnNode,
  { target, options }: { readonly target: ReferenceTarget; readonly options: ReferenceOptions },
): Reference {
  const { table, column: targetColumn } = resolveTarget(declared, column, target)
  return { columns: [column], target: table, targetColumns: [targetColumn], options }
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
    if (extra.extra === 'foreignKey') found.push(extra.reference(declared.node.name))
  }
  return found
}

function resolveTarget(declared: DeclaredTable, column: ColumnNode, target: ReferenceTarget): Target {
  if (typeof target === 'function') {
    const found = requireColumn(`The target of ${declared.node.name}.${column.name}`, target())
    return { table: found.source as TableNode, column: found.name }
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
  const match = found.columns[columnName] ?? columnNamed(found.columns, columnName)
  if (match === undefined) {
    throw new BuildError(
      'unknown_column',
      `${declared.node.name}.${column.name} references '${target}', but ${tableName} has no column '${columnName}'. ` +
        `It has: ${Object.keys(found.columns).join(', ')}.`,
    )
  }
  return { table: found.node, column: match.name }
}

/** The column that has a name in the database. */
export function columnNamed(columns: ColumnTree, name: string): ColumnNode | undefined {
  return Object.values(columns).find((column) => column.name === name) as ColumnNode | undefined
}
