import type { FromItem } from '../expression/source.js'
import type { ColumnDefinitionNode } from './column-definition.js'
import type { ConstraintNode } from './constraint-nodes.js'
import type { IndexNode } from './index-node.js'
import type { SchemaObject } from './schema-object.js'
import type { TableDetailsNode } from './table-details.js'
import type { TableNode } from './table-node.js'

export * from './column-definition.js'
export * from './constraint-nodes.js'
export type { ConflictAction, Deferrable } from './constraint-parts.js'
export * from './index-node.js'
export * from './table-details.js'
export * from './table-node.js'

/** All that the schema says of a table. */
export interface TableDefinition {
  readonly table: TableNode
  readonly columns: readonly ColumnDefinitionNode[]
  readonly constraints: readonly ConstraintNode[]
  readonly indexes: readonly IndexNode[]
  /** What tables have that most do not. */
  readonly details?: TableDetailsNode | undefined
  /** What must be there before it, beside what its columns and constraints say. */
  readonly dependsOn?: readonly (FromItem | SchemaObject)[] | undefined
  /** The database for which alone it is meant. */
  readonly onlyOn?: string | undefined
  /** Whether the table takes only values of its columns' types, on SQLite. */
  readonly strict?: true | undefined
}
