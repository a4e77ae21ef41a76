import { BuildError, excerpt } from '../errors.js'
import { type ExpressionNode, toExpression } from '../expression/node.js'
import { columnsFrom, createSource } from '../expression/source.js'
import type { SqlType } from '../types/sql-type.js'
import type { TableExtra } from './constraint.js'
import type { DeclaredTable } from './declaration.js'
import type { IndexKeyNode } from './index-node.js'
import { requireDeclared } from './resolve-details.js'
import type { Table, TableOptions, TableSource } from './table.js'
import { PartitionOfNode } from './table-details.js'
import { TableNode } from './table-node.js'

/**
 * The rows of a partition: a range of its keys (open where `from` or `to` is left out), a list of values, a share of a
 * hash, or all rows that are in no other.
 */
export type PartitionBounds =
  | { readonly from?: readonly unknown[]; readonly to?: readonly unknown[] }
  | { readonly in: readonly unknown[] }
  | { readonly modulus: number; readonly remainder: number }
  | 'default'

/**
 * A partition of a table: a table of its own with the same columns. The third argument says which rows it has; the fourth
 * may partition it again. PostgreSQL alone; a metadata is given it by `app.add(…)`.
 *
 * Throws a `BuildError` for bounds that do not fit how the table is partitioned.
 * @example
 * ```ts
 * const events = table('events', { id: integer().notNull(), at: date().notNull() }, (t) => [partitionBy('range', t.at)])
 * const events2026 = partitionOf(events, 'events_2026', { from: ['2026-01-01'], to: ['2027-01-01'] })
 * createTable(events2026).toSQL(postgresDialect).sql
 * // `create table "events_2026" partition of "events" for values from ('2026-01-01'::date) to ('2027-01-01'::date)`
 * ```
 */
export function partitionOf<const Name extends string, C>(
  parent: TableSource<string, C>,
  name: Name,
  bounds: PartitionBounds,
  extras?: (table: Table<Name, C>) => readonly TableExtra[],
  options: TableOptions = {},
): Table<Name, C> {
  const declared = requireDeclared('partitionOf', parent)
  const by = declared.extras.find((extra) => extra.extra === 'partitionBy')
  if (by === undefined) {
    throw new BuildError(
      'invalid_partition',
      `Table '${declared.node.name}' is not partitioned: add partitionBy('range', …) to its third argument.`,
    )
  }
  const context = { ...declared.context, ...options }
  const node = new TableNode(name, context.schema)
  const columns = columnsFrom(node, declared.columns) as DeclaredTable['columns']
  const facade = createSource({ node, columns }) as unknown as Table<Name, C>
  const definition: DeclaredTable = {
    node,
    columns,
    options: declared.options,
    extras: extras?.(facade) ?? [],
    context: { ...context, partitionOf: boundsNode(declared.node, by.strategy, by.keys, bounds) },
  }
  return createSource({ node, columns, definition }) as unknown as Table<Name, C>
}

function boundsNode(
  parent: TableNode,
  strategy: 'range' | 'list' | 'hash',
  keys: readonly (ExpressionNode | IndexKeyNode)[],
  bounds: PartitionBounds,
): PartitionOfNode {
  const typeOf = (at: number): SqlType => {
    const key = keys[at] as ExpressionNode | IndexKeyNode
    return (key.kind === 'indexKey' ? ((key as IndexKeyNode).key as ExpressionNode) : (key as ExpressionNode))
      .type
  }
  const value = (given: unknown, at: number) => toExpression(`partitionOf(${parent.name})`, given, typeOf(at))
  const wrong = (): BuildError =>
    new BuildError(
      'invalid_partition',
      `'${parent.name}' is partitioned by ${strategy} of ${keys.length}: ${expected[strategy]}, or 'default'; not ${excerpt(bounds)}.`,
    )
  if (bounds === 'default') return new PartitionOfNode(parent, 'default', [], [], 0, undefined)
  if (typeof bounds !== 'object' || bounds === null) throw wrong()
  if ('in' in bounds) {
    if (strategy !== 'list' || bounds.in.length === 0) throw wrong()
    return new PartitionOfNode(
      parent,
      'list',
      bounds.in.map((one) => value(one, 0)),
      [],
      1,
      undefined,
    )
  }
  if ('modulus' in bounds) {
    const { modulus, remainder } = bounds
    if (strategy !== 'hash' || !Number.isInteger(modulus) || !Number.isInteger(remainder)) throw wrong()
    return new PartitionOfNode(parent, 'hash', [], [], 0, [modulus, remainder])
  }
  const { from = [], to = [] } = bounds
  const fits = (values: readonly unknown[]) => values.length === 0 || values.length === keys.length
  if (strategy !== 'range' || !fits(from) || !fits(to)) throw wrong()
  return new PartitionOfNode(parent, 'range', from.map(value), to.map(value), keys.length, undefined)
}

const expected = {
  range: 'write { from: […], to: […] } with as many values as there are keys',
  list: 'write { in: […] }',
  hash: 'write { modulus, remainder }',
}
