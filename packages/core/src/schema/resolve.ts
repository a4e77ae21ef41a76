import { BuildError } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import type { ColumnNode } from '../expression/source.js'
import type { Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import type { ColumnOptions } from './column.js'
import { type GeneratedExtra, type NotNullExtra, type Reference, requireColumn } from './constraint.js'
import type { DeclaredTable } from './declaration.js'
import {
  CheckNode,
  type ColumnDefinitionDetails,
  ColumnDefinitionNode,
  type ConstraintNode,
  ExcludeNode,
  ForeignKeyNode,
  IndexNode,
  PrimaryKeyNode,
  type TableDefinition,
  UniqueNode,
} from './definition.js'
import { defaultNaming, limitName } from './naming.js'
import { columnReference } from './references.js'
import { tableDetails } from './resolve-details.js'

/** Follows the references of a declared table and names what states no name. */
export function resolveDefinition(declared: DeclaredTable): TableDefinition {
  const { node: table, context } = declared
  const { naming = defaultNaming } = context
  const strict = context.sqlite?.strict === true || undefined
  const taken = new Set<string>()
  const name = (given: string | undefined, make: () => string): string => {
    if (given !== undefined) return given
    const made = limitName(make())
    if (made === '') return made
    let free = made
    for (let i = 1; taken.has(free); i++) free = limitName(`${made}${i}`)
    taken.add(free)
    return free
  }

  const columns: ColumnDefinitionNode[] = []
  const constraints: ConstraintNode[] = []
  const indexes: IndexNode[] = []
  // A partition has the constraints of its table.
  const keys = Object.keys(declared.columns)
  const stated = context.partitionOf === undefined ? keys : []
  const single = stated.filter((key) => declared.options[key]?.primaryKey)
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
    if (options !== undefined) {
      const inKey = composite.some(
        (extra) => extra.columns.includes(column) && extra.details?.sqlite?.nullable !== true,
      )
      columns.push(columnDefinition(declared, column, options, inKey))
    }
  }
  for (const key of stated) {
    const column = declared.columns[key] as ColumnNode
    const options = declared.options[key]
    if (options === undefined) continue
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
      constraints.push(foreignKeyNode(columnReference(declared, column, options.reference), undefined))
    }
  }

  for (const extra of declared.extras) {
    const { onlyOn } = extra
    switch (extra.extra) {
      case 'primaryKey': {
        const names = extra.columns.map((column) => column.name)
        const made = name(extra.name, () => naming.primaryKey(table.name, names))
        constraints.unshift(new PrimaryKeyNode(made, names, extra.details, onlyOn))
        break
      }
      case 'unique': {
        const names = extra.columns.map((column) => column.name)
        const made = name(extra.name, () => naming.unique(table.name, names))
        constraints.push(new UniqueNode(made, names, extra.details, onlyOn))
        break
      }
      case 'foreignKey': {
        constraints.push(foreignKeyNode(extra.reference(table.name), onlyOn))
        break
      }
      case 'check': {
        const names = columnsIn(extra.predicate)
        const made = name(extra.name, () => naming.check(table.name, names))
        constraints.push(new CheckNode(made, extra.predicate, extra.details, onlyOn))
        break
      }
      case 'exclude': {
        const names = extra.keys.flatMap((key) => columnsIn(key))
        const made = name(extra.name, () => naming.exclude(table.name, names))
        const { using, keys, operators, condition, details } = extra
        constraints.push(new ExcludeNode(made, using, keys, operators, condition, details, onlyOn))
        break
      }
      case 'index': {
        const names = extra.keys.flatMap((key) => columnsIn(key))
        const made = name(extra.name, () => naming.index(table.name, names.length > 0 ? names : ['expr']))
        indexes.push(
          new IndexNode(made, table, extra.keys, extra.isUnique, extra.condition, extra.details, onlyOn),
        )
      }
    }
  }
  return {
    table,
    columns,
    constraints,
    indexes,
    strict,
    details: tableDetails(declared),
    dependsOn: context.dependsOn,
    onlyOn: context.onlyOn,
  }

  function foreignKeyNode(
    { columns: from, target, targetColumns, options }: Reference,
    onlyOn: string | undefined,
  ): ForeignKeyNode {
    const columnNames = from.map((column) => column.name)
    const { name: given, onDelete, onUpdate, setColumns, ...rest } = options
    if (setColumns !== undefined && onDelete !== 'set null' && onDelete !== 'set default') {
      throw new BuildError(
        'invalid_foreign_key',
        `A foreign key of '${table.name}' has setColumns, which are for onDelete: 'set null' or 'set default'.`,
      )
    }
    const set = setColumns?.map((column) => requireColumn('setColumns', column).name)
    const details = set === undefined ? rest : { ...rest, setColumns: set }
    return new ForeignKeyNode(
      name(given, () => naming.foreignKey(table.name, columnNames, target.name)),
      columnNames,
      target,
      targetColumns,
      onDelete,
      onUpdate,
      Object.keys(details).length > 0 ? details : undefined,
      onlyOn,
    )
  }
}

/** A column with what its builder and the third argument of its table say. */
function columnDefinition(
  { node: table, context, extras }: DeclaredTable,
  column: ColumnNode,
  options: ColumnOptions,
  inKey: boolean,
): ColumnDefinitionNode {
  const { collation, comment, info, postgres, identity: numbered } = options
  const { generated: identity = 'by default', ...sequence } = numbered ?? {}
  const path = `${table.name}.${column.name}`
  const computed = extras.find((extra) => extra.extra === 'generated' && extra.column === column)
  const isNotNull = options.notNull || inKey
  const stated = extras.find((extra) => extra.extra === 'notNull' && extra.column === column)
  if ((computed !== undefined) !== (options.isGenerated === true)) {
    throw new BuildError(
      'invalid_generated',
      computed === undefined
        ? `Column ${path} is generated, but nothing says as what: add generatedAs(t.${column.name}, …) to the third argument of its table.`
        : `generatedAs(${path}, …) is for a column that is declared generated(…).`,
    )
  }
  if (computed !== undefined && (options.defaultValue !== undefined || numbered !== undefined)) {
    throw new BuildError(
      'invalid_generated',
      `Column ${path} is generated, and so has no default and no identity.`,
    )
  }
  if (stated !== undefined && !isNotNull) {
    throw new BuildError(
      'invalid_constraint',
      `notNull(${path}) is for a column that is declared .notNull().`,
    )
  }
  const generatedExtra = computed as GeneratedExtra | undefined
  const details: ColumnDefinitionDetails = {
    ...(collation !== undefined && { collation }),
    ...(comment !== undefined && { comment }),
    ...(info !== undefined && { info }),
    ...(postgres !== undefined && { postgres }),
    ...(Object.keys(sequence).length > 0 && { sequence }),
    ...(generatedExtra?.stored === false && { stored: false }),
    ...(stated !== undefined && { notNull: (stated as NotNullExtra).details }),
  }
  return new ColumnDefinitionNode(
    column.name,
    column.type,
    isNotNull,
    options.defaultValue,
    numbered === undefined ? undefined : identity,
    context.sqlite?.strict === true || undefined,
    generatedExtra?.expression,
    Object.keys(details).length > 0 ? details : undefined,
  )
}

/** The names of the columns that an expression reads, each once. */
function columnsIn(expression: ExpressionNode | Node): string[] {
  const names = new Set<string>()
  walk(expression, (node) => {
    if (node.kind === 'column') names.add((node as ColumnNode).name)
  })
  return [...names]
}
