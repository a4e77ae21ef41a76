import {
  type AddColumnNode,
  type AddConstraintNode,
  type AlterColumnNode,
  type AlterTableNode,
  type AttachPartitionNode,
  type ColumnDefinitionNode,
  type ConstraintNode,
  type CreateIndexNode,
  type CreateTableNode,
  type DetachPartitionNode,
  type Dialect,
  type ForeignKeyNode,
  isMeantFor,
  type Node,
  type TableNode,
  walk,
} from '@espalier/core'
import { displayName, displayTable } from './describe.js'
import type { LockMode, Operation, OperationLock } from './operation.js'

/**
 * The locks that an operation takes, and whether the rows are read or written anew under them; undefined where nothing tells,
 * as for raw SQL and code. A table that is created is locked too, but nobody knows it yet, so it is not listed.
 *
 * PostgreSQL: the modes of its manual, as measured on 12 to 18 · SQLite: the whole file is locked for other writers
 * @example
 * ```ts
 * locksOf(createIndex(users, (t) => index(t.email)), postgresDialect)
 * // [{ object: 'users', mode: 'share', blocks: 'writes', scans: true }]
 * locksOf(createIndex(users, (t) => index(t.email)), sqliteDialect)
 * // [{ object: undefined, mode: 'file', blocks: 'writes' }]
 * ```
 */
export function locksOf(operation: Operation, dialect: Dialect): readonly OperationLock[] | undefined {
  if (operation.locks !== undefined) return operation.locks(dialect)
  // Of the databases that cannot add a constraint, SQLite is the one that is known.
  if (dialect.lacks.addConstraint === true) {
    const isNothing = operation.statements(dialect).length === 0 && !operation.perform && !operation.run
    return isNothing ? [] : [{ object: undefined, mode: 'file', blocks: 'writes' }]
  }
  if (operation.run !== undefined || operation.perform?.(dialect) !== undefined) return undefined
  const locks: OperationLock[] = []
  for (const statement of operation.statements(dialect)) {
    const taken = locksOfNode(statement as unknown as Node)
    if (taken === undefined) return undefined
    locks.push(...taken)
  }
  return strongest(locks)
}

/** Whether the database refuses an operation within a transaction: `create index concurrently` and its like. */
export function runsOutsideTransaction(operation: Operation, dialect: Dialect): boolean {
  if (operation.isOutsideTransaction !== undefined) return operation.isOutsideTransaction(dialect)
  return operation
    .statements(dialect)
    .some(
      (statement) =>
        ['createIndex', 'dropIndex', 'detachPartition'].includes(statement.kind) && isConcurrent(statement),
    )
}

const isConcurrent = (node: unknown) => (node as { readonly concurrently?: boolean }).concurrently === true

const modes: readonly LockMode[] = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
]

function blocked(mode: LockMode): OperationLock['blocks'] {
  if (mode === 'access exclusive') return 'reads and writes'
  const at = modes.indexOf(mode)
  return at >= modes.indexOf('share')
    ? 'writes'
    : at >= modes.indexOf('share update exclusive')
      ? 'changes of the schema'
      : 'nothing'
}

function lock(
  object: TableNode | string,
  mode: LockMode,
  more: { scans?: boolean; rewrites?: boolean } = {},
): OperationLock {
  const { scans, rewrites } = more
  return {
    object: typeof object === 'string' ? object : displayTable(object),
    mode,
    blocks: blocked(mode),
    ...(scans || rewrites ? { scans: true } : {}),
    ...(rewrites ? { rewrites: true } : {}),
  }
}

/** Of several locks of one object, the strongest, with what any of them reads or writes. */
function strongest(locks: readonly OperationLock[]): readonly OperationLock[] {
  const byObject = new Map<string | undefined, OperationLock>()
  for (const one of locks) {
    const other = byObject.get(one.object)
    const stronger = other === undefined || modes.indexOf(one.mode) > modes.indexOf(other.mode) ? one : other
    const scans = one.scans === true || other?.scans === true
    const rewrites = one.rewrites === true || other?.rewrites === true
    byObject.set(one.object, {
      object: stronger.object,
      mode: stronger.mode,
      blocks: stronger.blocks,
      ...(scans ? { scans } : {}),
      ...(rewrites ? { rewrites } : {}),
    })
  }
  return [...byObject.values()]
}

/** What objects of the schema have no tables that would be locked. */
const unlocked = [
  'createSchema',
  'createExtension',
  'createSequence',
  'createEnum',
  'createDomain',
  'createComposite',
  'dropSequence',
  'alterSequence',
  'addEnumValue',
  'renameObject',
  'setSchema',
]

function locksOfNode(node: Node): readonly OperationLock[] | undefined {
  const { table } = node as unknown as { readonly table: TableNode }
  switch (node.kind) {
    case 'select':
    case 'compound':
      return tablesIn(node).map((one) => lock(one, 'access share'))
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return [lock(table, 'row exclusive'), ...tablesIn(node).map((one) => lock(one, 'access share'))]
    case 'createTable': {
      const { constraints } = node as CreateTableNode
      const targets = constraints
        .flatMap((one) => targetOf(one))
        .filter((one) => one.quotedPath !== table.quotedPath)
      return targets.map((one) => lock(one, 'share row exclusive'))
    }
    case 'alterTable':
      return (node as AlterTableNode).actions.flatMap((action) => locksOfNode(action) ?? [])
    case 'addColumn': {
      const { column, constraints } = node as AddColumnNode
      const more = {
        scans: constraints.some(({ kind }) => kind === 'check' || kind === 'unique' || kind === 'primaryKey'),
        rewrites: isComputedForEach(column),
      }
      return [
        lock(table, 'access exclusive', more),
        ...constraints.flatMap(targetOf).map((one) => lock(one, 'share row exclusive')),
      ]
    }
    case 'dropConstraint':
      return [
        lock(table, 'access exclusive'),
        lock('the table that it refers to, if any', 'access exclusive'),
      ]
    case 'dropTable':
      return [
        lock(table, 'access exclusive'),
        lock('the tables that its foreign keys refer to', 'access exclusive'),
      ]
    case 'dropColumn':
    case 'renameInTable':
    case 'rowSecurity':
    case 'dropView':
      return [lock(table, 'access exclusive')]
    case 'alterColumn':
      return [lock(table, 'access exclusive', effectOf(node as AlterColumnNode))]
    case 'addConstraint':
      return added(node as AddConstraintNode)
    case 'validateConstraint':
      return [lock(table, 'share update exclusive', { scans: true })]
    case 'createIndex': {
      const { index } = node as CreateIndexNode
      return [lock(index.table, isConcurrent(node) ? 'share update exclusive' : 'share', { scans: true })]
    }
    case 'dropIndex': {
      const { name } = node as unknown as { readonly name: string }
      return [
        lock(
          `the table of ${displayName(name)}`,
          isConcurrent(node) ? 'share update exclusive' : 'access exclusive',
        ),
      ]
    }
    case 'commentOn':
      return [lock(table, 'share update exclusive')]
    case 'attachPartition': {
      const { partition, bounds } = node as AttachPartitionNode
      return [
        lock(bounds.parent, 'share update exclusive'),
        lock(partition, 'access exclusive', { scans: true }),
      ]
    }
    case 'detachPartition': {
      const { parent, partition } = node as DetachPartitionNode
      const mode = isConcurrent(node) ? 'share update exclusive' : 'access exclusive'
      return [lock(parent, mode), lock(partition, isConcurrent(node) ? 'access exclusive' : mode)]
    }
    case 'createView': {
      const { query } = node as unknown as { readonly query: Node }
      return tablesIn(query).map((one) => lock(one, 'access share'))
    }
    case 'refreshView': {
      const concurrently = isConcurrent(node)
      return [
        lock(table, concurrently ? 'exclusive' : 'access exclusive', {
          rewrites: !concurrently,
          scans: true,
        }),
      ]
    }
  }
  return unlocked.includes(node.kind) ? [] : undefined
}

function added({ table, constraint }: AddConstraintNode): readonly OperationLock[] {
  const { notValid, enforced } = (constraint.details ?? {}) as { notValid?: boolean; enforced?: boolean }
  const scans = notValid !== true && enforced !== false
  if (constraint.kind !== 'foreignKey') return [lock(table, 'access exclusive', { scans })]
  const targets = targetOf(constraint).map((one) => lock(one, 'share row exclusive', { scans }))
  return [lock(table, 'share row exclusive', { scans }), ...targets]
}

function targetOf(constraint: ConstraintNode): readonly TableNode[] {
  if (constraint.kind !== 'foreignKey' || !isMeantFor({ name: 'PostgreSQL' }, constraint.onlyOn)) return []
  return [(constraint as ForeignKeyNode).target]
}

/** A constant is remembered for all rows that are there; what may be another for each is written into each. */
function isComputedForEach({ identity, generated, defaultValue, details }: ColumnDefinitionNode): boolean {
  if (identity !== undefined || (generated !== undefined && details?.stored !== false)) return true
  return (
    defaultValue !== undefined &&
    !['parameter', 'constant'].includes(defaultValue.kind) &&
    !isStable(defaultValue)
  )
}

const isStable = (node: Node) =>
  node.kind === 'function' &&
  ['now', 'current_date'].includes((node as unknown as { readonly name: string }).name)

/** What is read or written under the lock. A change of a type is taken for the worst: of some, PostgreSQL knows that values stay. */
function effectOf({ action }: AlterColumnNode): { scans?: boolean; rewrites?: boolean } {
  if (action === 'type' || action === 'set expression') return { rewrites: true }
  return action === 'set not null' ? { scans: true } : {}
}

function tablesIn(node: Node): readonly TableNode[] {
  const tables = new Map<string, TableNode>()
  walk(node, (part) => {
    if (part.kind === 'table') tables.set((part as TableNode).quotedPath, part as TableNode)
  })
  return [...tables.values()]
}
