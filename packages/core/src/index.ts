export type { Compiled } from './compiler/compiled.js'
export { Compiler } from './compiler/compiler.js'
export { createDialect, type DialectParts } from './compiler/create-dialect.js'
export type { Dialect } from './compiler/dialect.js'

export * from './ddl/alter-object.js'
export * from './ddl/alter-table.js'
export { CommentOnNode, CommentOnPartNode, commentOn } from './ddl/comment.js'
export * from './ddl/composite.js'
export * from './ddl/composite-nodes.js'
export {
  type CreateAllOptions,
  createAll,
  type DropAllOptions,
  dropAll,
  type SchemaParts,
  schemaToSQL,
  UnlessThereNode,
} from './ddl/create-all.js'
export * from './ddl/domain.js'

export * from './ddl/domain-nodes.js'
export * from './ddl/enum.js'
export * from './ddl/enum-nodes.js'
export {
  type AnyObject,
  CreateExtensionNode,
  CreateSchemaNode,
  createExtension,
  createSchema,
  type Declared,
  type DeclaredSource,
  DropExtensionNode,
  DropSchemaNode,
  declared,
  dropExtension,
  dropSchema,
  type ExtensionOptions,
  extension,
  schema,
} from './ddl/object.js'
export {
  AlterSequenceNode,
  alterSequence,
  CreateSequenceNode,
  createSequence,
  currentValue,
  DropSequenceNode,
  dropSequence,
  nextValue,
  type Sequence,
  type SequenceDetails,
  type SequenceValue,
  SequenceValueNode,
  sequence,
  setValue,
} from './ddl/sequence.js'
export { type DdlStatement, ddl, ddlText } from './ddl/statement.js'
export * from './ddl/table.js'
export * from './ddl/view.js'
export * from './errors.js'
export type {
  AdvisoryLock,
  Backend,
  CatalogQueries,
  CopyFormat,
  ReplicationQueries,
  TransactionOptions,
} from './execution/backend.js'
export { inBatches } from './execution/batches.js'
export type { BeginOptions } from './execution/begin-options.js'
export { type ConnectionState, strayBegin, unendedTransaction } from './execution/connection-state.js'
export type { Surroundings, TransactionContext } from './execution/context.js'
export { createDatabase, type DatabaseParts } from './execution/create-database.js'
export { createSyncDatabase } from './execution/create-sync-database.js'
export type {
  Database,
  DatabaseView,
  Executor,
  OpenTransaction,
  ParametersOf,
  Prepared,
  RunResult,
  ScalarOfRow,
  SyncExecutor,
  SyncPrepared,
  SyncTransaction,
  Transaction,
  TransactionEnd,
} from './execution/database.js'
export type { CancelOptions, Signal } from './execution/deadline.js'
export type {
  ConnectionCounts,
  Diagnostics,
  Driver,
  Request,
  Response,
  RowMaker,
  Session,
  StatementCounts,
  SyncDriver,
} from './execution/driver.js'
export type { DumpOptions } from './execution/dump.js'
export {
  type ActualStep,
  type ExplainPlanOptions,
  explainPlan,
  type PlanStep,
  planText,
  type StatementPlan,
} from './execution/explain-plan.js'
export type { KeyOfRow, RowKey } from './execution/keyed.js'
export type { LoadOptions, LoadProgress, RowSource } from './execution/load.js'
export {
  type Observer,
  type StatementEnd,
  type StatementStart,
  statementLog,
  type TransactionStart,
} from './execution/observer.js'
export { type QueryAnswer, type QueryFunction, queryDriver } from './execution/query-driver.js'
export { type SerialConnection, serialDriver } from './execution/queue.js'
export { type ReplicaOptions, type ReplicatedDatabase, withReplicas } from './execution/replicas.js'
export type { SchemaMap } from './execution/schemas.js'
export type { StreamOptions } from './execution/stream.js'
export { isViolationOf, type ViolationOf } from './execution/violation.js'
export { type Holder, type Purpose, Waiting } from './execution/waiting.js'
export { AggregateNode, type AggregateParts } from './expression/aggregate-node.js'
export * from './expression/aggregates.js'
export * from './expression/array-aggregates.js'
export * from './expression/array-parts.js'
export {
  ArrayElementNode,
  ArrayNode,
  arrayAppend,
  arrayConcat,
  arrayContainedBy,
  arrayContains,
  arrayLength,
  arrayOf,
  arrayOverlaps,
  arrayPosition,
  arrayPrepend,
  arrayRemove,
  arrayToString,
  elementAt,
} from './expression/arrays.js'
export * from './expression/bits.js'
export type { Argument, NulledByOf, NullOf, SourcesOf } from './expression/call.js'
export { type CaseOf, type CaseOfBuilder, CaseOfNode, caseOf } from './expression/case-of.js'
export { CollateNode, collate } from './expression/collate.js'
export { CompositeFieldNode, field } from './expression/composite-field.js'
export {
  CoercedNode,
  type DefinedFunction,
  type DefinedOperator,
  defineFunction,
  defineOperator,
  type OperandOf,
  type Operands,
  type OperandsOf,
  type ResultOf,
  typeCoerce,
} from './expression/custom.js'
export * from './expression/custom-aggregates.js'
export type {
  BooleanExpression,
  ComparableExpression,
  Computed,
  Condition,
  Expression,
  Expressions,
  FamilyOf,
  MadeOfParts,
  NulledValue,
  NumberExpression,
  Ordering,
  Predicate,
  Reads,
  TextExpression,
  Typed,
  Unbound,
  UseIsNullInstead,
} from './expression/expression.js'
export type { Feature } from './expression/feature.js'
export { FeatureCallNode } from './expression/feature-call.js'
export type { Frame, FrameBound, FrameClause, FrameParts } from './expression/frame.js'
export * from './expression/full-text.js'
export * from './expression/function-node.js'
export { fn, greatest, least, nullIf } from './expression/functions.js'
export { quoteIdentifier } from './expression/identifier.js'
export { type DayInterval, type Interval, type Span, secondsText, spanText } from './expression/interval.js'
export * from './expression/json.js'
export * from './expression/json-aggregates.js'
export * from './expression/json-change-node.js'
export * from './expression/json-functions.js'
export { JsonNode, type JsonSteps, textLiteral } from './expression/json-node.js'
export * from './expression/like.js'
export * from './expression/networks.js'
export * from './expression/node.js'
export * from './expression/number-functions.js'
export { OperatorNode } from './expression/operator-node.js'
export { type Operator, operatorOf, Precedence } from './expression/operators.js'
export { and, exists, not, or, when } from './expression/predicates.js'
export * from './expression/quantified.js'
export * from './expression/ranges.js'
export { RegexNode } from './expression/regex-node.js'
export { RoundNode } from './expression/round-node.js'
export {
  AliasNode,
  type AnyColumn,
  type AnyExpression,
  type Column,
  ColumnNode,
  type Columns,
  type FromItem,
  type Source,
  type SourceInfo,
  SourceNode,
  type SourceOf,
  sourceInfo,
} from './expression/source.js'
export type { Statement } from './expression/statement.js'
export * from './expression/statistics.js'
export * from './expression/text-functions.js'
export * from './expression/time-functions.js'
export {
  AddIntervalNode,
  CurrentDateNode,
  DateTruncNode,
  ExtractNode,
  type TemplatePart,
  TimeDifferenceNode,
  ToCharNode,
  templateParts,
} from './expression/time-nodes.js'
export * from './expression/truth.js'
export {
  type Tuple,
  TupleComparisonNode,
  TupleInListNode,
  TupleInQueryNode,
  type TupleValues,
  tuple,
} from './expression/tuples.js'
export { type CaseBuilder, caseWhen, cast, coalesce, literal, nullable, param } from './expression/values.js'
export { requireStable } from './expression/volatile.js'
export { type WindowedNode, WindowNode, type WindowParts } from './expression/window-node.js'
export * from './expression/windows.js'
export {
  type NamedSlot,
  Position,
  type Preamble,
  type Writer,
  type WritesAside,
  type WrittenExpression,
  type WrittenNode,
  type WrittenScope,
} from './expression/writer.js'
export { fromJSON, nodeClasses } from './nodes.js'
export * from './schema/bit-columns.js'
export type * from './schema/catalog.js'
export {
  array,
  type BigintOptions,
  type BigintValues,
  type BooleanOptions,
  bigint,
  boolean,
  bytes,
  type ClassOptions,
  type ColumnBuilder,
  type ColumnDetails,
  type ColumnOptions,
  char,
  citext,
  column,
  columnOptions,
  date,
  double,
  type HasDefault,
  type IdentityOptions,
  integer,
  mapped,
  type NumericOptions,
  type NumericValues,
  numeric,
  oid,
  type PostgresColumnOptions,
  type ReferenceOptions,
  type ReferenceTarget,
  type ReferentialAction,
  real,
  smallint,
  type TimeForm,
  type TimeOptions,
  type TimeStorage,
  type TimeValue,
  type TimeValues,
  text,
  time,
  timestamp,
  timestamptz,
  uuid,
  varchar,
} from './schema/column.js'
export { type CompositeType, compositeType } from './schema/composite.js'
export * from './schema/constraint.js'
export * from './schema/database-type.js'
export type { PostgresTableOptions, SqliteTableOptions } from './schema/declaration.js'
export * from './schema/definition.js'
export * from './schema/document-columns.js'
export { type EnumType, enumType } from './schema/enum.js'
export { json, jsonb, type SchemaOptions } from './schema/json-columns.js'
export { type AnyPart, type Metadata, type MetadataOptions, metadata } from './schema/metadata.js'
export {
  byteLength,
  type ColumnNames,
  defaultNaming,
  limitName,
  type NamingConvention,
  noNaming,
  snakeCase,
} from './schema/naming.js'
export * from './schema/network-columns.js'
export { type PartitionBounds, partitionOf } from './schema/partition.js'
export * from './schema/range-columns.js'
export { isMeantFor, requireSchemaFeature, type SchemaFeature } from './schema/schema-features.js'
export type { ObjectDefinition, SchemaObject } from './schema/schema-object.js'
export * from './schema/search-columns.js'
export type { SequenceOptions } from './schema/sequence-options.js'
export {
  type AnyTable,
  type ColumnBuilders,
  type Table,
  type TableAlias,
  type TableOptions,
  type TableSource,
  type TargetSource,
  table,
  withColumns,
} from './schema/table.js'
export { constraintsOf, tableDefinition } from './schema/table-definition.js'
export * from './schema/time-columns.js'
export { type Assignment, AssignmentNode, QueryAssignmentNode } from './statement/assignment.js'
export type {
  Delete,
  DeleteWithoutWhere,
  Update,
  UpdateTable,
  UpdateWithoutWhere,
} from './statement/changes.js'
export {
  type Clause,
  ClauseNode,
  type ClauseTaker,
  DistinctNode,
  GroupByNode,
  HavingNode,
  LimitNode,
  OrderByNode,
  Rank,
} from './statement/clauses.js'
export * from './statement/comments.js'
export { CompoundNode, QueryNode, type SetOperator, SubqueryNode } from './statement/compound.js'
export { ConflictNode, ConflictTargetNode, ExcludedNode } from './statement/conflict.js'
export {
  CteNode,
  type CteOptions,
  CteSelfNode,
  type Cycle,
  cte,
  RecursiveCteNode,
  recursiveCte,
  type Search,
  WithNode,
  withCte,
} from './statement/cte.js'
export { type DefaultValue, DefaultValueNode, defaultValue } from './statement/default-value.js'
export { DeleteNode, deleteFrom } from './statement/delete.js'
export { DistinctOnNode, distinctOn } from './statement/distinct-on.js'
export { ExplainNode, type ExplainOptions, explain } from './statement/explain.js'
export { FetchNode, fetchWithTies } from './statement/fetch.js'
export {
  cube,
  type Grouping,
  GroupingNode,
  GroupingSetNode,
  grouping,
  groupingSets,
  rollup,
} from './statement/grouping.js'
export { type InsertMode, InsertNode, insert } from './statement/insert.js'
export { ExpressionRowsNode, ValuesNode } from './statement/insert-rows.js'
export { type InspectedOutput, type Inspection, inspect } from './statement/inspect.js'
export { type JoinKind, JoinNode } from './statement/joins.js'
export {
  JsonEachNode,
  JsonRecordsetNode,
  jsonEach,
  jsonElements,
  jsonToRecordset,
} from './statement/json-sources.js'
export { LateralNode, lateral } from './statement/lateral.js'
export {
  forKeyShare,
  forNoKeyUpdate,
  forShare,
  forUpdate,
  LockNode,
  type LockOptions,
} from './statement/lock.js'
export {
  type MergeAction,
  MergeBranchNode,
  type MergeMatch,
  MergeNode,
  mergeInto,
} from './statement/merge.js'
export { MergeActionNode, type MergedRows, mergeAction } from './statement/merge-action.js'
export type { Merge, MergeChange, MergeInsert, MergeInto, MergeWithoutBranch } from './statement/merges.js'
export { type Nested, NestNode, nest, nestedRow } from './statement/nest.js'
export { OutputNode } from './statement/output.js'
export type {
  AnySelect,
  Clearable,
  CompoundSelect,
  Orderable,
  Query,
  Select,
  Selecting,
} from './statement/query.js'
export { type Fragment, type Identifier, type SqlTag, sql } from './statement/raw.js'
export { RawSourceNode, RawStatementNode } from './statement/raw-nodes.js'
export { readQuery } from './statement/read-query.js'
export { reselect } from './statement/reselect.js'
export type { InsertOf, RowOf, UpdateOf } from './statement/row-types.js'
export { RowVersionNode, VersionedSelectionNode } from './statement/row-versions.js'
export { SelectNode, select } from './statement/select.js'
export { type ObjectShape, SelectionNode, type Shape } from './statement/selection.js'
export { generateSeries, SeriesNode } from './statement/series.js'
export type { Row, Selection } from './statement/shape.js'
export { StatementNode } from './statement/statement-node.js'
export {
  FunctionSourceNode,
  TableFunctionNode,
  type TableFunctionOptions,
  tableFunction,
} from './statement/table-function.js'
export { OnlyNode, only, TableSampleNode, tableSample } from './statement/table-parts.js'
export { ColumnListNode, type WriteTarget } from './statement/target.js'
export { TruncateNode, type TruncateOptions, truncate } from './statement/truncate.js'
export { UnnestNode, unnest } from './statement/unnest.js'
export { UpdateNode, update } from './statement/update.js'
export { type KeyedRow, updateMany } from './statement/update-many.js'
export { UpdateRowsNode } from './statement/update-rows.js'
export { type ColumnTypes, type TypedColumns, ValuesSourceNode, values } from './statement/values-source.js'
export { CommentedNode, type Write, WriteNode } from './statement/write.js'
export type {
  ConflictUpdate,
  Insert,
  InsertInto,
  InsertRow,
  LoadRow,
  OnConflict,
  Returning,
  UpdateRow,
} from './statement/writes.js'
export { sameTree } from './tree/equality.js'
export { fromHex, type Json, type NodeClasses, toHex, toJSON } from './tree/json.js'
export type { FieldRole, Fields, Node, NodeClass } from './tree/node.js'
export { copyTree, type Rewriter, rewrite } from './tree/rewrite.js'
export { childrenOf, walk } from './tree/walk.js'
export { arrayItems, arrayType } from './types/array.js'
export * from './types/check.js'
export {
  type Codec,
  type Copy,
  codecOf,
  type Decode,
  type Decoders,
  decodeOf,
  misfit,
  type OwnCodec,
  type TypedDialect,
  type TypeMap,
} from './types/codec.js'
export {
  type CompositeDefinition,
  type CompositeValue,
  decodedFields,
  encodedFields,
  type FieldTypes,
} from './types/composite.js'
export type { Stored, TypeDefinition } from './types/definition.js'
export type { Lacks, Sql, SqlWriter, ToSqlOptions } from './types/dialect.js'
export {
  type AnyMapping,
  type Mapping,
  type SqliteMapping,
  type SqlMapping,
  storedInSqlite,
} from './types/mapped.js'
export type { TextClass } from './types/modes.js'
export * from './types/own-types.js'
export { emptyRange, type Range, type RangeBounds, range } from './types/range.js'
export * from './types/sql-type.js'
export type {
  MustTakeWhatItGives,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  Stable,
  StandardSchema,
} from './types/standard-schema.js'
