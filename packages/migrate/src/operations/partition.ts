import {
  type AnyTable,
  AttachPartitionNode,
  DetachPartitionNode,
  ddl,
  type PartitionBounds,
  partitionOf,
  type TableSource,
  tableDefinition,
} from '@espalier/core'
import { defineOperation } from './define.js'
import { displayTable } from './describe.js'
import type { Operation } from './operation.js'
import { definedTableNode, type TableReference, tableNode } from './table-reference.js'

/**
 * Makes a table a partition of another, with its rows. Reversed by detaching it. A check of the table that says the same as
 * the bounds saves reading its rows under the lock. PostgreSQL.
 * @example
 * ```ts
 * const events = table('events', { id: integer().notNull(), at: date().notNull() }, (t) => [partitionBy('range', t.at)])
 * attachPartition(events, 'events_2026', { from: ['2026-01-01'], to: ['2027-01-01'] })
 * // alter table "events" attach partition "events_2026" for values from ('2026-01-01'::date) to ('2027-01-01'::date)
 * ```
 */
export function attachPartition<C>(
  parent: TableSource<string, C>,
  partition: TableReference,
  bounds: PartitionBounds,
  options: DetachOptions = {},
): Operation {
  const [table, node] = [definedTableNode('attachPartition', parent), tableNode('attachPartition', partition)]
  const { details } = tableDefinition(partitionOf(parent, node.name, bounds))
  return defineOperation({
    kind: 'attachPartition',
    description: `attach ${displayTable(node)} to ${displayTable(table)}`,
    statements: [ddl(new AttachPartitionNode(node, details?.partitionOf as never))],
    reverse: () => detachPartition(parent, partition, bounds, options),
    call: ['attachPartition', parent, partition, bounds],
  })
}

/** How a partition is detached. */
export interface DetachOptions {
  /**
   * Without keeping others from reading and writing: outside of a transaction, and only where the
   * table has no default partition. PostgreSQL 14.
   */
  readonly concurrently?: boolean
}

/**
 * Makes a partition a table of its own, with its rows. Reversed by attaching it. PostgreSQL:
 * `alter table "events" detach partition "events_2026"`, with `concurrently` behind it if that is asked for.
 */
export function detachPartition<C>(
  parent: TableSource<string, C>,
  partition: TableReference,
  bounds: PartitionBounds,
  options: DetachOptions = {},
): Operation {
  const [table, node] = [definedTableNode('detachPartition', parent), tableNode('detachPartition', partition)]
  const concurrently = options.concurrently === true
  return defineOperation({
    kind: 'detachPartition',
    description: `detach ${displayTable(node)} of ${displayTable(table)}${concurrently ? ', concurrently' : ''}`,
    statements: [ddl(new DetachPartitionNode(table, node, concurrently))],
    reverse: () => attachPartition(parent as TableSource<string, C> & AnyTable, partition, bounds, options),
    call: ['detachPartition', parent, partition, bounds, ...(concurrently ? [options] : [])],
  })
}
