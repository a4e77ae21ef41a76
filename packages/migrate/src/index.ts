export { type Config, defineConfig } from './config.js'
export { type MigrationDetails, MigrationError } from './errors.js'
export { type DrawingFormat, type DrawnRevision, drawHistory } from './history/drawing.js'
export {
  type AcceptResult,
  type CheckReport,
  type CreatedRevision,
  type HeadsProblem,
  type ListedRevision,
  type NewRevision,
  type RevisionFiles,
  type RevisionFilesOptions,
  revisionFiles,
} from './history/files.js'
export type { Drawn } from './history/lanes.js'
export type { LockProblem } from './history/lock-file.js'
export type { NewFile, Template } from './history/new-file.js'
export { type Revision, type RevisionHeader, type RevisionOptions, revision } from './history/revision.js'
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
export type { Hooks, RevisionHookContext, RunHookContext } from './run/hooks.js'
export { createMigrator, type Migrator, type MigratorOptions, type StampResult } from './run/migrator.js'
export type { OnProgress, Progress } from './run/progress.js'
export type {
  MigrationPlan,
  MigrationResult,
  PlanOfOperation,
  PlanOfRevision,
  RanRevision,
} from './run/result.js'
export type { CurrentState, RevisionState } from './run/state.js'
export type { AppliedRevision, VersionTableOptions } from './run/version-table.js'
