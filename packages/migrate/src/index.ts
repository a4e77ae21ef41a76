export { type ObjectSelection, selectObjects } from './catalog/select.js'
export { type Config, defineConfig } from './config.js'
export { type DiagramFormat, type DiagramOptions, type DrawnColumns, diagram } from './diagram/index.js'
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
export {
  type AlterColumnOptions,
  alterColumn,
  type ColumnChange,
  type ExpressionOf,
} from './operations/alter-column.js'
export { alterTable } from './operations/alter-table.js'
export { type Assertion, assert } from './operations/assert.js'
export { addColumn, type ColumnExtras, dropColumn } from './operations/column.js'
export { comment } from './operations/comment.js'
export {
  addConstraint,
  type ConstraintsOf,
  dropConstraint,
  renameConstraint,
  validateConstraint,
} from './operations/constraint.js'
export { bulkInsert } from './operations/data.js'
export { defineOperation, type OperationParts } from './operations/define.js'
export { type ChangeEnumOptions, changeEnum } from './operations/enum.js'
export { type ExecuteOptions, execute } from './operations/execute.js'
export { locksOf, runsOutsideTransaction } from './operations/locks.js'
export {
  type AnySchemaObject,
  alterSequence,
  createObject,
  dropObject,
  refreshMaterialized,
  replaceObject,
} from './operations/object.js'
export {
  type AnyStatement,
  type Irreversible,
  isIrreversible,
  isOperation,
  type LockMode,
  type Operation,
  type OperationCall,
  type OperationLock,
  type RunContext,
} from './operations/operation.js'
export { attachPartition, type DetachOptions, detachPartition } from './operations/partition.js'
export { type GrantOptions, grant, type Privilege, revoke, rowSecurity } from './operations/privilege.js'
export { type ObjectPlace, renameColumn, renameObject, renameTable, setSchema } from './operations/rename.js'
export { type RunFunction, type RunOptions, run } from './operations/run.js'
export { createTable, type DropTableOptions, dropTable } from './operations/table.js'
export {
  createIndex,
  dropIndex,
  type IndexesOf,
  type IndexWay,
  renameIndex,
} from './operations/table-index.js'
export type { TableReference } from './operations/table-reference.js'
export type { Step } from './operations/to-operation.js'
export {
  type PulledFile,
  type PulledSchema,
  type PullOptions,
  type PullSummary,
  pullSchema,
  type Split,
} from './pull/index.js'
export type { Hooks, RevisionHookContext, RunHookContext } from './run/hooks.js'
export type { UnfinishedRevision } from './run/journal.js'
export { createMigrator, type Migrator, type MigratorOptions, type StampResult } from './run/migrator.js'
export type { OnProgress, Progress } from './run/progress.js'
export type {
  MigrationPlan,
  MigrationResult,
  PlanOfOperation,
  PlanOfRevision,
  RanRevision,
} from './run/result.js'
export { type SquashOptions, type SquashResult, squash } from './run/squash.js'
export type { CurrentState, RevisionState } from './run/state.js'
export type { AppliedRevision, VersionTableOptions } from './run/version-table.js'
