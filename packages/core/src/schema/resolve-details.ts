import { BuildError, excerpt } from '../errors.js'
import type { DeclaredTable } from './declaration.js'
import { declarationOf } from './table.js'
import { PartitionByNode, type TableDetails, TableDetailsNode } from './table-details.js'

/** The details of a declared table; undefined where it has none. */
export function tableDetails({ node, context, extras }: DeclaredTable): TableDetailsNode | undefined {
  const { temporary, comment, info, postgres, sqlite, partitionOf } = context
  const { inherits = [], ...physical } = postgres ?? {}
  const by = extras.filter((extra) => extra.extra === 'partitionBy')
  if (by.length > 1) {
    throw new BuildError('invalid_partition', `Table '${node.name}' says partitionBy(…) more than once.`)
  }
  if (temporary === true && node.schema !== undefined) {
    throw new BuildError(
      'invalid_table',
      `Table '${node.name}' is temporary, and so in no schema: leave out '${node.schema}'.`,
    )
  }
  const options: TableDetails = {
    ...physical,
    ...(temporary === true && { temporary }),
    ...(comment !== undefined && { comment }),
    ...(info !== undefined && { info }),
    ...(sqlite?.withoutRowid === true && { withoutRowid: true }),
    ...(sqlite?.autoincrement === true && { autoincrement: true }),
  }
  const parents = inherits.map((parent) => requireDeclared('inherits', parent).node)
  const [partitioned] = by
  if (
    Object.keys(options).length === 0 &&
    parents.length === 0 &&
    partitioned === undefined &&
    partitionOf === undefined
  )
    return undefined
  const partitionBy =
    partitioned === undefined ? undefined : new PartitionByNode(partitioned.strategy, partitioned.keys)
  return new TableDetailsNode(options, partitionBy, partitionOf, parents)
}

/** What was declared of a table; an error that names the place for anything else. */
export function requireDeclared(place: string, table: unknown): DeclaredTable {
  const declared = declarationOf(table)
  if (declared !== undefined) return declared
  throw new BuildError('not_a_table', `${place} takes a table made by table(…), not ${excerpt(table)}.`)
}
