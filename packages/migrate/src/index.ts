export { type Config, defineConfig } from './config.js'
export { type MigrationDetails, MigrationError } from './errors.js'
export { type Revision, type RevisionOptions, revision } from './history/revision.js'
export { addColumn, type ColumnExtras, dropColumn } from './operations/column.js'
export { type ExecuteOptions, execute } from './operations/execute.js'
export {
  type AnyStatement,
  type Irreversible,
  isOperation,
  type Operation,
  type RunContext,
} from './operations/operation.js'
export { type RunFunction, type RunOptions, run } from './operations/run.js'
export { createTable, type DropTableOptions, dropTable } from './operations/table.js'
export { createIndex, dropIndex, type IndexesOf } from './operations/table-index.js'
export type { TableReference } from './operations/table-reference.js'
export type { Step } from './operations/to-operation.js'
export type { RanRevision } from './run/apply.js'
export { createMigrator, type MigrationResult, type Migrator, type MigratorOptions } from './run/migrator.js'
export type { OnProgress, Progress } from './run/progress.js'
export type { CurrentState, RevisionState } from './run/state.js'
export type { AppliedRevision, VersionTableOptions } from './run/version-table.js'
