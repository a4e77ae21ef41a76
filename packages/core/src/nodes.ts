import * as objectChanges from './ddl/alter-object.js'
import * as tableChanges from './ddl/alter-table.js'
import { CommentOnNode, CommentOnPartNode } from './ddl/comment.js'
import { CreateCompositeNode, DropCompositeNode } from './ddl/composite-nodes.js'
import { UnlessThereNode } from './ddl/create-all.js'
import * as domains from './ddl/domain-nodes.js'

import { CreateEnumNode, DropEnumNode } from './ddl/enum-nodes.js'
import * as objects from './ddl/object.js'
import * as sequences from './ddl/sequence.js'
import * as ddl from './ddl/table.js'
import * as views from './ddl/view.js'
import { BuildError } from './errors.js'
import { AggregateNode } from './expression/aggregate-node.js'
import { ArrayQueryNode } from './expression/array-aggregates.js'
import { ArraySliceNode } from './expression/array-parts.js'
import { ArrayElementNode, ArrayNode } from './expression/arrays.js'
import { BitNotNode, BitXorNode } from './expression/bits.js'
import { CaseOfNode } from './expression/case-of.js'
import { CollateNode } from './expression/collate.js'
import { CompositeFieldNode } from './expression/composite-field.js'
import { CoercedNode } from './expression/custom.js'
import { CallAggregateNode } from './expression/custom-aggregates.js'
import { isFeature } from './expression/feature.js'
import { FeatureCallNode } from './expression/feature-call.js'
import { isFrame } from './expression/frame.js'
import * as functions from './expression/function-node.js'
import { isSpan } from './expression/interval.js'
import { JsonAggregateNode } from './expression/json-aggregates.js'
import * as json from './expression/json-change-node.js'
import { isJsonPlace, isJsonSteps, JsonNode } from './expression/json-node.js'
import { LikeExpressionNode } from './expression/like.js'
import * as expressions from './expression/node.js'
import { isOperatorPath, isOperatorText, OperatorNode } from './expression/operator-node.js'
import { QuantifiedNode } from './expression/quantified.js'
import { RangeAggregateNode } from './expression/ranges.js'
import { RegexNode } from './expression/regex-node.js'
import { RoundNode } from './expression/round-node.js'
import { AliasNode, ColumnNode } from './expression/source.js'
import * as times from './expression/time-nodes.js'
import * as truth from './expression/truth.js'
import * as tuples from './expression/tuples.js'
import { WindowNode } from './expression/window-node.js'
import * as definitions from './schema/definition.js'
import { AssignmentNode, QueryAssignmentNode } from './statement/assignment.js'
import * as clauses from './statement/clauses.js'
import * as comments from './statement/comments.js'
import { CompoundNode, SubqueryNode } from './statement/compound.js'
import { ConflictNode, ConflictTargetNode, ExcludedNode } from './statement/conflict.js'
import { CteNode, CteSelfNode, isSearchOrCycle, RecursiveCteNode, WithNode } from './statement/cte.js'
import { DefaultValueNode } from './statement/default-value.js'
import { DeleteNode } from './statement/delete.js'
import { DistinctOnNode } from './statement/distinct-on.js'
import { ExplainNode, isExplainOptions } from './statement/explain.js'
import { FetchNode } from './statement/fetch.js'
import * as groupings from './statement/grouping.js'
import { InsertNode } from './statement/insert.js'
import { ExpressionRowsNode, ValuesNode } from './statement/insert-rows.js'
import { JoinNode } from './statement/joins.js'
import * as jsonSources from './statement/json-sources.js'
import { LateralNode } from './statement/lateral.js'
import * as locks from './statement/lock.js'
import { MergeBranchNode, MergeNode } from './statement/merge.js'
import { MergeActionNode } from './statement/merge-action.js'
import { NestNode } from './statement/nest.js'
import { OutputNode } from './statement/output.js'
import { RawSourceNode, RawStatementNode } from './statement/raw-nodes.js'
import { RowVersionNode, VersionedSelectionNode } from './statement/row-versions.js'
import { SelectNode } from './statement/select.js'
import { SelectionNode } from './statement/selection.js'
import { SeriesNode } from './statement/series.js'
import { TableFunctionNode } from './statement/table-function.js'
import * as parts from './statement/table-parts.js'
import { ColumnListNode } from './statement/target.js'
import { TruncateNode } from './statement/truncate.js'
import { UnnestNode } from './statement/unnest.js'
import { UpdateNode } from './statement/update.js'
import { UpdateRowsNode } from './statement/update-rows.js'
import { ValuesSourceNode } from './statement/values-source.js'
import { CommentedNode } from './statement/write.js'
import { type AcceptedFields, type Json, type NodeClasses, readTree } from './tree/json.js'
import type { Node } from './tree/node.js'
import { walk } from './tree/walk.js'
import type { TypeDefinition } from './types/definition.js'
import { restoreCodec } from './types/restored.js'
import { type Family, isSqlType, type SqlType } from './types/sql-type.js'

/** The class of every kind of node that there is. A program that reads no JSON does not carry this list. */
export const nodeClasses: NodeClasses = {
  column: ColumnNode,
  alias: AliasNode,
  parameter: expressions.ParameterNode,
  namedParameter: expressions.NamedParameterNode,
  constant: expressions.ConstantNode,
  binary: expressions.BinaryNode,
  logical: expressions.LogicalNode,
  not: expressions.NotNode,
  nullTest: expressions.NullTestNode,
  negative: expressions.NegativeNode,
  between: expressions.BetweenNode,
  inList: expressions.InListNode,
  inQuery: expressions.InQueryNode,
  like: expressions.LikeNode,
  ordering: expressions.OrderingNode,
  regex: RegexNode,
  function: functions.FunctionNode,
  call: functions.CallNode,
  aggregate: AggregateNode,
  callAggregate: CallAggregateNode,
  rangeAggregate: RangeAggregateNode,
  jsonAggregate: JsonAggregateNode,
  window: WindowNode,
  currentDate: times.CurrentDateNode,
  extract: times.ExtractNode,
  dateTrunc: times.DateTruncNode,
  addInterval: times.AddIntervalNode,
  timeDifference: times.TimeDifferenceNode,
  toChar: times.ToCharNode,
  round: RoundNode,
  cast: functions.CastNode,
  case: functions.CaseNode,
  caseOf: CaseOfNode,
  operator: OperatorNode,
  coerced: CoercedNode,
  bitXor: BitXorNode,
  bitNot: BitNotNode,
  truthTest: truth.TruthTestNode,
  betweenSymmetric: truth.BetweenSymmetricNode,
  tupleComparison: tuples.TupleComparisonNode,
  tupleInList: tuples.TupleInListNode,
  tupleInQuery: tuples.TupleInQueryNode,
  likeExpression: LikeExpressionNode,
  quantified: QuantifiedNode,
  featureCall: FeatureCallNode,
  array: ArrayNode,
  compositeField: CompositeFieldNode,
  json: JsonNode,
  jsonKeys: json.JsonKeysNode,
  jsonRemove: json.JsonRemoveNode,
  jsonSet: json.JsonSetNode,
  jsonBuild: json.JsonBuildNode,
  arrayElement: ArrayElementNode,
  arraySlice: ArraySliceNode,
  arrayQuery: ArrayQueryNode,
  exists: functions.ExistsNode,
  scalarQuery: functions.ScalarQueryNode,
  nest: NestNode,
  raw: functions.RawNode,
  identifier: functions.IdentifierNode,
  table: definitions.TableNode,
  columnDefinition: definitions.ColumnDefinitionNode,
  primaryKey: definitions.PrimaryKeyNode,
  unique: definitions.UniqueNode,
  check: definitions.CheckNode,
  foreignKey: definitions.ForeignKeyNode,
  exclude: definitions.ExcludeNode,
  index: definitions.IndexNode,
  indexKey: definitions.IndexKeyNode,
  partitionBy: definitions.PartitionByNode,
  partitionOf: definitions.PartitionOfNode,
  tableDetails: definitions.TableDetailsNode,
  selection: SelectionNode,
  output: OutputNode,
  join: JoinNode,
  distinct: clauses.DistinctNode,
  groupBy: clauses.GroupByNode,
  having: clauses.HavingNode,
  orderBy: clauses.OrderByNode,
  limit: clauses.LimitNode,
  distinctOn: DistinctOnNode,
  fetch: FetchNode,
  lock: locks.LockNode,
  comment: comments.CommentNode,
  tags: comments.TagsNode,
  hint: comments.HintNode,
  prefix: comments.PrefixNode,
  suffix: comments.SuffixNode,
  grouping: groupings.GroupingNode,
  groupingSet: groupings.GroupingSetNode,
  select: SelectNode,
  compound: CompoundNode,
  subquery: SubqueryNode,
  valuesSource: ValuesSourceNode,
  tableFunction: TableFunctionNode,
  unnest: UnnestNode,
  series: SeriesNode,
  jsonEach: jsonSources.JsonEachNode,
  jsonRecordset: jsonSources.JsonRecordsetNode,
  only: parts.OnlyNode,
  tableSample: parts.TableSampleNode,
  withCte: WithNode,
  collate: CollateNode,
  lateral: LateralNode,
  cte: CteNode,
  cteSelf: CteSelfNode,
  recursiveCte: RecursiveCteNode,
  values: ValuesNode,
  columnList: ColumnListNode,
  expressionRows: ExpressionRowsNode,
  conflictTarget: ConflictTargetNode,
  conflict: ConflictNode,
  defaultValue: DefaultValueNode,
  excluded: ExcludedNode,
  insert: InsertNode,
  rowVersion: RowVersionNode,
  versionedSelection: VersionedSelectionNode,
  assignment: AssignmentNode,
  queryAssignment: QueryAssignmentNode,
  update: UpdateNode,
  updateRows: UpdateRowsNode,
  delete: DeleteNode,
  truncate: TruncateNode,
  commented: CommentedNode,
  explain: ExplainNode,
  merge: MergeNode,
  mergeBranch: MergeBranchNode,
  mergeAction: MergeActionNode,
  rawStatement: RawStatementNode,
  rawSource: RawSourceNode,
  fragment: functions.FragmentNode,
  createTable: ddl.CreateTableNode,
  createDomain: domains.CreateDomainNode,
  dropDomain: domains.DropDomainNode,
  domainValue: domains.DomainValueNode,
  createComposite: CreateCompositeNode,
  dropComposite: DropCompositeNode,
  createEnum: CreateEnumNode,
  dropEnum: DropEnumNode,
  dropTable: ddl.DropTableNode,
  addColumn: ddl.AddColumnNode,
  dropColumn: ddl.DropColumnNode,
  addConstraint: ddl.AddConstraintNode,
  validateConstraint: ddl.ValidateConstraintNode,
  dropConstraint: ddl.DropConstraintNode,
  commentOn: CommentOnNode,
  commentOnPart: CommentOnPartNode,
  alterTable: tableChanges.AlterTableNode,
  alterColumn: tableChanges.AlterColumnNode,
  renameInTable: tableChanges.RenameInTableNode,
  attachPartition: tableChanges.AttachPartitionNode,
  detachPartition: tableChanges.DetachPartitionNode,
  rowSecurity: tableChanges.RowSecurityNode,
  renameObject: objectChanges.RenameObjectNode,
  setSchema: objectChanges.SetSchemaNode,
  commentOnObject: objectChanges.CommentOnObjectNode,
  addEnumValue: objectChanges.AddEnumValueNode,
  alterDomain: objectChanges.AlterDomainNode,
  alterComposite: objectChanges.AlterCompositeNode,
  grant: objectChanges.GrantNode,
  unlessThere: UnlessThereNode,
  createView: views.CreateViewNode,
  dropView: views.DropViewNode,
  refreshView: views.RefreshViewNode,
  sequenceValue: sequences.SequenceValueNode,
  createSequence: sequences.CreateSequenceNode,
  alterSequence: sequences.AlterSequenceNode,
  dropSequence: sequences.DropSequenceNode,
  createSchema: objects.CreateSchemaNode,
  dropSchema: objects.DropSchemaNode,
  createExtension: objects.CreateExtensionNode,
  dropExtension: objects.DropExtensionNode,
  createIndex: ddl.CreateIndexNode,
  dropIndex: ddl.DropIndexNode,
}

const typed = { type: isSqlType }
const ofTable = { table: ['table'] }
const ofSet = ['assignment', 'queryAssignment']
const actions = [undefined, 'cascade', 'restrict', 'set null', 'set default', 'no action']

const accepted: AcceptedFields = {
  column: typed,
  parameter: typed,
  namedParameter: typed,
  createDomain: { type: isSqlType, name: isText },
  dropDomain: { name: isText },
  domainValue: { type: isSqlType, column: isTextOrNone },
  createComposite: { type: isComposite },
  dropComposite: { type: isComposite },
  createEnum: { type: isEnum },
  dropEnum: { type: isEnum },
  constant: { type: isSqlType, value: [true, false, null] },
  binary: typed,
  logical: { operator: ['and', 'or'] },
  negative: typed,
  ordering: { direction: ['asc', 'desc'], nulls: [undefined, 'first', 'last'] },
  function: { type: isSqlType, name: functions.isFunctionName },
  call: { type: isSqlType, name: functions.isFunctionName },
  aggregate: { type: isSqlType, name: functions.isFunctionName },
  callAggregate: { type: isSqlType, name: functions.isFunctionName },
  rangeAggregate: { type: isSqlType, name: ['range_agg'] },
  jsonAggregate: { call: ['aggregate'] },
  window: {
    type: isSqlType,
    call: ['function', 'call', 'aggregate', 'callAggregate', 'rangeAggregate'],
    frame: (frame) => frame === undefined || isFrame(frame),
  },
  extract: { field: (field) => times.isOneOf(field, times.dateFields, times.clockFields) },
  dateTrunc: { unit: (unit) => times.isOneOf(unit, times.dateUnits, times.clockUnits) },
  addInterval: { span: isSpan },
  toChar: { template: (template) => times.templateParts(template) !== undefined },
  round: typed,
  cast: typed,
  case: typed,
  caseOf: typed,
  operator: {
    type: isSqlType,
    operator: isOperatorText,
    negation: (text) => text === undefined || isOperatorText(text),
    feature: isOptionalFeature,
  },
  coerced: typed,
  bitXor: typed,
  bitNot: typed,
  tupleComparison: { operator: tuples.isComparison },
  quantified: { operator: tuples.isComparison, quantifier: ['any', 'all'] },
  featureCall: { type: isSqlType, name: functions.isFunctionName, feature: isFeature },
  array: typed,
  json: { type: isSqlType, path: isJsonSteps, form: ['json', 'text', 'value'] },
  jsonKeys: { keys: isTextList, quantifier: ['any', 'all'] },
  jsonRemove: { path: isJsonPlace },
  jsonSet: { path: isJsonPlace },
  jsonBuild: { keys: (keys) => keys === undefined || isTextList(keys) },
  arrayElement: typed,
  compositeField: { type: isSqlType, name: isText },
  arraySlice: typed,
  arrayQuery: typed,
  scalarQuery: typed,
  nest: { query: ['select', 'compound'], isOne: isBoolean },
  raw: { type: isSqlType, texts: isTextList },
  identifier: { path: isTextList },
  fragment: { texts: isTextList },
  rawSource: { raw: ['fragment'] },
  output: { type: isSqlType, position: (value) => Number.isInteger(value) },
  join: { type: ['inner', 'left', 'right', 'full', 'cross'] },
  lock: {
    strength: locks.lockStrengths,
    of: isTextList,
    wait: [undefined, 'nowait', 'skip locked'],
    isOptional: [true, false],
  },
  valuesSource: { names: isTextList, types: isTypeList },
  tableFunction: { callee: functions.isFunctionName, names: isTextList, types: isTypeList },
  unnest: { names: isTextList, types: isTypeList, ordinality: isTextOrNone },
  jsonEach: { of: ['object', 'array'] },
  jsonRecordset: { names: isTextList, types: isTypeList },
  only: ofTable,
  tableSample: {
    table: ['table'],
    method: parts.sampleMethods,
    percent: (value) => typeof value === 'number',
  },
  collate: { collation: isTextList, type: isSqlType },
  cte: { materialized: [undefined, true, false] },
  recursiveCte: { search: isSearchOrCycle, cycle: isSearchOrCycle },
  comment: { text: isText },
  hint: { text: isText },
  tags: { tags: isTextRecord },
  prefix: { raw: ['raw'] },
  suffix: { raw: ['raw'] },
  grouping: { form: groupings.groupingForms, sets: ['groupingSet'] },
  select: {
    clauses: [
      'hint',
      'prefix',
      'distinct',
      'distinctOn',
      'groupBy',
      'having',
      'orderBy',
      'limit',
      'fetch',
      'lock',
      'suffix',
      'comment',
      'tags',
      'withCte',
    ],
  },
  compound: {
    clauses: ['orderBy', 'limit', 'fetch', 'suffix', 'comment', 'tags', 'withCte'],
    operator: ['union', 'union all', 'intersect', 'intersect all', 'except', 'except all'],
  },
  assignment: { column: ['column'] },
  columnList: { columns: ['column'] },
  conflictTarget: { constraint: isTextOrNone },
  conflict: { target: ['conflictTarget'], assignments: ofSet },
  rowVersion: { name: ['old', 'new'] },
  queryAssignment: { columns: ['columnList'] },
  insert: {
    table: ['table'],
    mode: [undefined, 'or ignore', 'or replace', 'overriding system value'],
    conflicts: ['conflict'],
  },
  update: { table: ['table', 'alias'], assignments: ofSet, isEveryRow: isBoolean },
  updateRows: { columns: ['columnList'] },
  delete: { table: ['table', 'alias'], isEveryRow: isBoolean },
  truncate: { tables: ['table'], restartIdentity: isBoolean, cascade: isBoolean },
  merge: { table: ['table', 'alias'], branches: ['mergeBranch'] },
  commented: { statement: ['insert', 'update', 'delete', 'merge', 'truncate'], clauses: ['comment', 'tags'] },
  explain: { options: isExplainOptions },
  mergeBranch: {
    match: ['matched', 'not matched', 'not matched by source'],
    action: ['update', 'insert', 'delete', 'do nothing'],
    assignments: ['assignment'],
  },
  columnDefinition: {
    type: isSqlType,
    identity: [undefined, 'always', 'by default'],
    strict: [undefined, true],
  },
  foreignKey: { onDelete: actions, onUpdate: actions, target: ['table'] },
  exclude: { operators: (list) => Array.isArray(list) && list.every(isOperatorPath) },
  index: ofTable,
  partitionBy: { strategy: definitions.partitionStrategies },
  partitionOf: { parent: ['table'] },
  tableDetails: { partitionBy: ['partitionBy'], partitionOf: ['partitionOf'], inherits: ['table'] },
  createTable: { table: ['table'], strict: [undefined, true], details: ['tableDetails'] },
  dropTable: ofTable,
  addColumn: ofTable,
  dropColumn: ofTable,
  addConstraint: ofTable,
  validateConstraint: ofTable,
  dropConstraint: ofTable,
  commentOn: ofTable,
  alterTable: {
    table: ['table'],
    actions: [
      'addColumn',
      'dropColumn',
      'addConstraint',
      'dropConstraint',
      'validateConstraint',
      'alterColumn',
      'rowSecurity',
    ],
  },
  alterColumn: { table: ['table'], type: (type) => type === undefined || isSqlType(type) },
  renameInTable: { table: ['table'], part: ['table', 'column', 'constraint'], name: isText, newName: isText },
  attachPartition: { partition: ['table'], bounds: ['partitionOf'] },
  detachPartition: { parent: ['table'], partition: ['table'], concurrently: isBoolean },
  rowSecurity: ofTable,
  renameObject: { newName: isText },
  setSchema: { newSchema: isText },
  commentOnObject: { comment: isTextOrNone },
  addEnumValue: { value: isText, ifNotExists: isBoolean },
  alterDomain: { name: isTextOrNone, newName: isTextOrNone, notValid: isBoolean },
  alterComposite: {
    action: ['add', 'drop', 'alter'],
    name: isText,
    type: (type) => type === undefined || isSqlType(type),
  },
  grant: {
    action: ['grant', 'revoke'],
    privileges: isTextList,
    roles: isTextList,
    withGrantOption: isBoolean,
  },
  unlessThere: { statement: ['createEnum', 'createDomain', 'createComposite', 'addConstraint'] },
  createView: { table: ['table'], query: ['select', 'compound'] },
  dropView: ofTable,
  refreshView: ofTable,
  sequenceValue: typed,
}

function isTypeList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isSqlType)
}

function isComposite(value: unknown): boolean {
  return isSqlType(value) && (value as SqlType).fields !== undefined
}

function isEnum(value: unknown): boolean {
  return isSqlType(value) && (value as SqlType).values !== undefined
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTextRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isText)
}

function isOptionalFeature(name: unknown): boolean {
  return name === undefined || isFeature(name)
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

/**
 * Reads what {@link toJSON} wrote. The result is a tree of this process, ready to be compiled or rewritten.
 * JSON is data, yet a tree is a program: read only what you would run.
 * @param own node classes of yours, by kind, that the tree may have beside those of this package.
 * @param types types of yours, as {@link mapped} makes them, that the tree may have.
 * @example
 * ```ts
 * const statement = fromJSON(toJSON(select(users).from(users)))
 * ```
 */
export function fromJSON(
  json: Json,
  own: NodeClasses = {},
  types: readonly TypeDefinition<unknown, Family>[] = [],
): Node {
  const root = readTree(json, { ...own, ...nodeClasses }, accepted)
  const mapped = types.map(({ sqlType }) => sqlType)
  const restore = (type: SqlType | undefined) => restoreCodec(type, mapped)
  walk(root, (node) => {
    requireOrder(node)
    const { type, types } = node as { readonly type?: SqlType; readonly types?: readonly SqlType[] }
    restore(type)
    if (Array.isArray(types)) types.forEach(restore)
  })
  return root
}

/** Clauses are written in the order in which they stand. */
function requireOrder(node: Node): void {
  const { clauses } = node as { readonly clauses?: readonly clauses.ClauseNode[] }
  if (
    clauses?.every((clause, i) => i === 0 || clause.rank > (clauses[i - 1] as { rank: number }).rank) !==
    false
  )
    return
  throw new BuildError(
    'invalid_json',
    `This JSON is not a tree that toJSON wrote: the clauses of this ${node.kind} are not in order ` +
      `(${clauses.map(({ kind }) => kind).join(', ')}).`,
  )
}
