import { BuildError } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import type { ColumnNode } from '../expression/source.js'
import type { Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import type { Reference } from './constraint.js'
import type { DeclaredTable } from './declaration.js'
import {
  CheckNode,
  ColumnDefinitionNode,
  type ConstraintNode,
  ForeignKeyNode,
  IndexNode,
  PrimaryKeyNode,
  type TableDefinition,
  UniqueNode,
} from './definition.js'
import { defaultNaming, limitName } from './naming.js'
import { columnReference } from './references.js'

/** Follows the references of a declared table and names what states no name. */
export function resolveDefinition(declared: DeclaredTable): TableDefinition {
  const { node: table, context } = declared
  const { naming = defaultNaming } = context
  const strict = context.sqlite?.strict === true || undefined
  const taken = new Set<string>()
  const name = (given: string | undefined, make: () => string): string => {
    if (given !== undefined) return given
    const made = limitName(make())
    let free = made
    for (let i = 1; taken.has(free); i++) free = limitName(`${made}${i}`)
    taken.add(free)
    return free
  }

  const columns: ColumnDefinitionNode[] = []
  const constraints: ConstraintNode[] = []
  const indexes: IndexNode[] = []
  const keys = Object.keys(declared.columns)
  const single = keys.filter((key) => declared.options[key]?.primaryKey)
  const composite = declared.extras.filter((extra) => extra.extra === 'primaryKey')
  if (single.length + composite.length > 1) {
    throw new BuildError(
      'two_primary_keys',
      `Table '${table.name}' has more than one primary key. For a key of several columns write ` +
        `primaryKey(${single.map((key) => `t.${key}`).join(', ')}) in its third argument.`,
    )
  }

  for (const key of keys) {
    const column = declared.columns[key] as ColumnNode
    const options = declared.options[key]
    if (options === undefined) continue
    const inKey = composite.some((extra) => extra.columns.includes(column))
    columns.push(
      new ColumnDefinitionNode(
        column.name,
        column.type,
        options.notNull || inKey,
        options.defaultValue,
        options.identity,
        strict,
      ),
    )
    if (options.primaryKey) {
      constraints.push(
        new PrimaryKeyNode(
          name(undefined, () => naming.primaryKey(table.name, [column.name])),
          [column.name],
        ),
      )
    }
    if (options.unique !== false) {
      const given = options.unique === true ? undefined : options.unique
      constraints.push(
        new UniqueNode(
          name(given, () => naming.unique(table.name, [column.name])),
          [column.name],
        ),
      )
    }
    if (options.reference !== undefined) {
      constraints.push(foreignKeyNode(columnReference(declared, column, options.reference)))
    }
  }

  for (const extra of declared.extras) {
    switch (extra.extra) {
      case 'primaryKey': {
        const names = extra.columns.map((column) => column.name)
        constraints.unshift(
          new PrimaryKeyNode(
            name(extra.name, () => naming.primaryKey(table.name, names)),
            names,
          ),
        )
        break
      }
      case 'unique': {
        const names = extra.columns.map((column) => column.name)
        constraints.push(
          new UniqueNode(
            name(extra.name, () => naming.unique(table.name, names)),
            names,
          ),
        )
        break
      }
      case 'foreignKey': {
        constraints.push(foreignKeyNode(extra.reference(table.name)))
        break
      }
      case 'check': {
        const names = columnsIn(extra.predicate)
        constraints.push(
          new CheckNode(
            name(extra.name, () => naming.check(table.name, names)),
            extra.predicate,
          ),
        )
        break
      }
      case 'index': {
        const names = extra.keys.flatMap((key) => columnsIn(key))
        const made = name(extra.name, () => naming.index(table.name, names.length > 0 ? names : ['expr']))
        indexes.push(new IndexNode(made, table, extra.keys, extra.isUnique, extra.condition))
      }
    }
  }
  return { table, columns, constraints, indexes, strict }

  function foreignKeyNode({ columns: from, target, targetColumns, options }: Reference): ForeignKeyNode {
    const columnNames = from.map((column) => column.name)
    return new ForeignKeyNode(
      name(options.name, () => naming.foreignKey(table.name, columnNames, target.name)),
      columnNames,
      target,
      targetColumns,
      options.onDelete,
      options.onUpdate,
    )
  }
}

/** The names of the columns that an expression reads, each once. */
function columnsIn(expression: ExpressionNode | Node): string[] {
  const names = new Set<string>()
  walk(expression, (node) => {
    if (node.kind === 'column') names.add((node as ColumnNode).name)
  })
  return [...names]
}
