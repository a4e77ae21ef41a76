import {
  AddColumnNode,
  type AddIntervalNode,
  AggregateNode,
  type ArrayElementNode,
  type ArrayNode,
  type ArrayQueryNode,
  type ArraySliceNode,
  type AssignmentNode,
  BetweenNode,
  BinaryNode,
  CastNode,
  type ClauseNode,
  type ColumnDefinitionNode,
  ColumnNode,
  CompileError,
  Compiler,
  type CompositeFieldNode,
  type CompoundNode,
  type ConflictNode,
  type ConstraintNode,
  CreateTableNode,
  type DateTruncNode,
  type DeleteNode,
  type DomainValueNode,
  type ExistsNode,
  type ExpressionNode,
  type ExtractNode,
  type FeatureCallNode,
  type ForeignKeyNode,
  FunctionNode,
  InListNode,
  InQueryNode,
  InsertNode,
  isMeantFor,
  isQueryNode,
  type JsonAggregateNode,
  type JsonBuildNode,
  type JsonKeysNode,
  type JsonNode,
  type JsonRemoveNode,
  type JsonSetNode,
  type LikeExpressionNode,
  type LikeNode,
  type LimitNode,
  type LogicalNode,
  NamedParameterNode,
  type NestNode,
  type Node,
  type OperatorNode,
  type OrderingNode,
  type OutputNode,
  OWN,
  type OwnCodec,
  type ParameterNode,
  Position,
  Precedence,
  type PrimaryKeyNode,
  type QuantifiedNode,
  type QueryNode,
  quoteIdentifier,
  type RoundNode,
  requireSchemaFeature,
  requireStable,
  rewrite,
  type SelectNode,
  type SourceNode,
  type SqlType,
  storedInSqlite,
  TableNode,
  TEXT,
  type TimeDifferenceNode,
  type ToCharNode,
  UpdateNode,
  type WindowNode,
  type Writer,
  type WrittenNode,
  walk,
} from '@espalier/core'

import {
  isOrdered,
  refuseOrder,
  sqliteArrayFunctions,
  valueOf,
  writeArray,
  writeArrayAggregate,
  writeArrayElement,
  writeArrayOperator,
  writeArrayQuery,
  writeArraySlice,
  writeQuantified,
} from './arrays.js'

import { castTexts, refuseCastOfForm } from './casts.js'
import { collatedBeside, losesCase, refuseCaselessFields } from './citext.js'
import { writeCompositeField } from './composites.js'
import { refuseNegativeCounts } from './counts.js'

import { inJson, sqliteAggregates, sqliteFunctions } from './functions.js'
import { writeJson, writeJsonBuild, writeJsonKeys, writeJsonRemove, writeJsonSet } from './json.js'
import { writeNest } from './nest.js'
import { checkPattern, likeToGlob, writeLikeExpression } from './pattern.js'
import { OneRowNode, reads, refuseToReturnItself, refuseToUpdateByItself } from './self-reading.js'
import { withoutAll } from './set-operations.js'
import { comparedType, isStored, meetsStored, plainType, selecting, storageOf, storedRows } from './stored.js'
import { writeAddInterval, writeDateTrunc, writeExtract, writeTimeDifference, writeToChar } from './times.js'
import { aggregatedAround, refuseUngrouped } from './ungrouped.js'
import { unnestOf } from './unnest.js'
import {
  refuseAssigned,
  refuseCast,
  refuseComputed,
  refuseInserted,
  refuseMixed,
  refuseMixedQuery,
} from './variants.js'

/** Writes SQLite. Parameters are `?`, in the order of the text. */
export class SqliteCompiler extends Compiler {
  /**
   * better-sqlite3 binds every number as a double. Beside a column that makes no difference, but `? + 1` would be a
   * real, and `7 / ?` not a whole number: there, whole numbers are bound as such.
   */
  override placeholder(encoded: unknown, type: SqlType, position: number): void {
    const isWhole = typeof encoded === 'number' && bindsWhole(type, position, this.computedAgain)
    super.placeholder(isWhole ? BigInt(encoded) : encoded, type, position)
  }

  /** Whether values are read again before a column has made them its own: `excluded` has them as they were bound. */
  declare private computedAgain: boolean | undefined

  override namedParameter(node: NamedParameterNode, position: number = Position.free): void {
    const isPlain = node.type.storage === undefined
    this.namedParameterAs(isPlain ? node : ofType(node, plainType(node.type)), position)
  }

  private namedParameterAs(node: NamedParameterNode, position: number): void {
    super.namedParameter(node, position)
    const slot = this.named?.at(-1)
    const { type } = node
    if (slot === undefined || !bindsWhole(type, position, this.computedAgain)) return
    const codec = this.codec(type)
    const encode = (value: unknown) => BigInt(codec.encode(value, type) as number)
    this.named?.splice(-1, 1, { ...slot, encode })
  }

  override get positional(): boolean {
    return true
  }

  override value(value: unknown, type: SqlType, position: number, near?: Node): void {
    const isAsItIs = type.storage === undefined || position === Position.assignment
    super.value(value, isAsItIs ? type : plainType(type), position, near)
  }

  override column(node: ColumnNode): void {
    const unnest = node.quotedPath === undefined ? unnestOf(node.source) : undefined
    if (unnest !== undefined) {
      const isNumber = node.name === unnest.ordinality
      const [before = '', after = ''] = isNumber ? ['(', ' + 1)'] : valueOf('|', node.type).split('|')
      this.text(before)
      super.column(new ColumnNode(node.source, isNumber ? 'key' : 'value', node.type, node.notNull))
      this.text(after)
      return
    }
    const texts = isStored(node) ? storageOf(node.type)?.plain(node.type) : undefined
    if (texts === undefined) super.column(node)
    else {
      for (let i = 0; i < texts.length; i++) {
        if (i > 0) super.column(node)
        this.text(texts[i] as string)
      }
    }
  }

  /** The check of a domain is about the values, in whichever form the column has them. */
  domainValue(node: DomainValueNode): void {
    const texts = storageOf(node.type)?.plain(node.type) ?? ['', '']
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) node.write(this)
      this.text(texts[i] as string)
    }
  }

  /** One side of a comparison with a column in a form of its own, as it is stored. */
  private storedSide(node: ExpressionNode, other: ExpressionNode): void {
    const type = comparedType(other.type)
    if (node.kind === 'parameter') {
      super.value((node as ParameterNode).value, type, Position.comparison, other)
    } else if (node.kind === 'namedParameter') {
      this.namedParameterAs(ofType(node as NamedParameterNode, type), Position.comparison)
    } else super.column(node as ColumnNode)
  }

  /** A value that is assigned to a column in a form of its own. */
  override assigned(node: ExpressionNode, column: ColumnNode): void {
    if (node.kind !== 'constant') refuseAssigned(column.type, node.type, this)
    const storage = storageOf(column.type)
    if (storage === undefined || node.kind === 'constant') {
      super.assigned(node, column)
      return
    }
    const { family } = column.type
    const type = { ...node.type, storage: column.type.storage }
    if (node.kind === 'parameter' && node.type.family === family) {
      super.value((node as ParameterNode).value, type, Position.assignment, column)
    } else if (node.kind === 'namedParameter' && node.type.family === family) {
      this.namedParameterAs(ofType(node as NamedParameterNode, type), Position.assignment)
    } else if (meetsStored(column, node)) super.column(node as ColumnNode)
    else {
      this.text(storage.stored[0])
      this.visit(node)
      this.text(storage.stored[1])
    }
  }

  inList(node: InListNode): void {
    const { operand, values, negated } = node
    for (let i = 0; i < values.length; i++)
      refuseMixed(operand.type, (values[i] as ExpressionNode).type, this)
    refuseCaselessFields(operand.type, this)
    if (!isStored(operand) && !values.some(isStored)) {
      const left = collatedBeside(operand, values[0] as ExpressionNode)
      const written = left === operand ? node : new InListNode(left, values, negated)
      written.write(this)
      return
    }
    const isAsStored = values.every((value) => meetsStored(operand, value))
    if (isAsStored) super.column(operand as ColumnNode)
    else this.operand(operand, Precedence.comparison + 1)
    this.text(negated ? ' not in (' : ' in (')
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.text(', ')
      if (isAsStored) this.storedSide(values[i] as ExpressionNode, operand)
      else this.visit(values[i] as ExpressionNode)
    }
    this.text(')')
  }

  inQuery(node: InQueryNode): void {
    const { operand, query, negated } = node
    refuseMixedQuery(operand, query as QueryNode, this)
    refuseCaselessFields(operand.type, this)
    const [output] = (query as QueryNode).selection.outputs
    const left = output === undefined ? operand : collatedBeside(operand, output)
    const written = left === operand ? node : new InQueryNode(left, query, negated)
    written.write(this)
  }

  between(node: BetweenNode): void {
    const { operand, low, high, negated } = node
    refuseMixed(operand.type, low.type, this)
    refuseMixed(operand.type, high.type, this)
    refuseOrder(operand.type, this)
    if (!meetsStored(operand, low) || !meetsStored(operand, high)) {
      const left = collatedBeside(operand, low)
      const written = left === operand ? node : new BetweenNode(left, low, high, negated)
      written.write(this)
      return
    }
    super.column(operand as ColumnNode)
    this.text(negated ? ' not between ' : ' between ')
    this.storedSide(low, operand)
    this.text(' and ')
    this.storedSide(high, operand)
  }

  /** An index serves a time as it is stored: in every form, their order is the same. */
  override key(node: ExpressionNode): void {
    if (isStored(node) && storedInSqlite(node.type).family !== 'boolean') super.column(node)
    else super.key(node)
  }

  /** SQLite's `like` ignores case; `glob` does not. */
  like(node: LikeNode): void {
    const place = node.operand
    const pattern = node.ignoreCase ? node.pattern : likeToGlob(node.pattern)
    checkPattern(pattern)
    this.operand(place, Precedence.comparison + 1)
    this.text(node.negated ? ' not ' : ' ')
    this.text(node.ignoreCase ? 'like ' : 'glob ')
    this.value(pattern, TEXT, Position.comparison, place)
    if (node.ignoreCase) this.text(" escape '\\'")
  }

  likeExpression(node: LikeExpressionNode): void {
    writeLikeExpression(node, this)
  }

  quantified(node: QuantifiedNode): void {
    const of = node.of as (ExpressionNode & QueryNode) | undefined
    refuseCaselessFields(node.operand.type, this)
    if (of?.type?.family !== 'array') {
      if (isQueryNode(of)) refuseMixedQuery(node.operand, of, this)
      node.write(this)
    } else {
      refuseMixed(node.operand.type, of.type.element as SqlType, this)
      const isThere = of.kind === 'namedParameter' && !(of as unknown as NamedParameterNode).nullable
      writeQuantified(node, of, !isThere && mayBeNull(of, this), this)
    }
  }

  array(node: ArrayNode): void {
    writeArray(node, this)
  }

  arrayElement(node: ArrayElementNode): void {
    writeArrayElement(node, this)
  }

  compositeField(node: CompositeFieldNode): void {
    writeCompositeField(node, this)
  }

  arraySlice(node: ArraySliceNode): void {
    writeArraySlice(node, this)
  }

  arrayQuery(node: ArrayQueryNode): void {
    writeArrayQuery(node, this)
  }

  operator(node: OperatorNode): void {
    if (node.feature === 'arrays') writeArrayOperator(node, this)
    else node.write(this)
  }

  featureCall(node: FeatureCallNode): void {
    const write = node.feature === 'arrays' ? sqliteArrayFunctions[node.name] : undefined
    if (write === undefined) node.write(this)
    else write(node, this)
  }

  /** An aggregate of no rows is NULL, and what says so goes around the window. */
  window(node: WindowNode): void {
    const isArray = node.call.kind === 'aggregate' && node.call.name === 'array_agg'
    if (isArray) this.text('nullif(')
    node.write(this)
    if (isArray) this.text(", '[]')")
  }

  /** SQLite reads `a and b and …` as a tree one side deep, of at most 1,000 levels; halves keep it shallow. */
  override logical(node: LogicalNode): void {
    if (node.operands.length <= 500) {
      super.logical(node)
      return
    }
    const half = node.operands.length >> 1
    const { operator } = node
    const part = (operands: readonly ExpressionNode[]) => {
      this.text('(')
      this.logical({ operator, operands } as unknown as LogicalNode)
      this.text(')')
    }
    part(node.operands.slice(0, half))
    this.text(` ${operator} `)
    part(node.operands.slice(half))
  }

  cast(node: CastNode): void {
    if (node.type.storage !== undefined) {
      this.cast(new CastNode(node.operand, plainType(node.type)))
      return
    }
    refuseCast(node.operand.type, node.type, this)
    refuseCastOfForm(node.operand.type, node.type, this)
    const texts = castTexts(node.operand.type, node.type)
    if (texts === undefined) {
      node.write(this)
      return
    }
    if (texts.length > 2) requireStable(this, node.operand, 'the cast')
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) this.operand(node.operand, Precedence.primary)
      this.text(texts[i] as string)
    }
  }

  /** A numeric column may hold whole numbers, whose division would drop the fraction. */
  override binary(node: BinaryNode): void {
    const { left, right, definition } = node
    refuseMixed(left.type, right.type, this)
    refuseComputed(node.operator, [left, right], this)
    if (definition.comparison === true && (meetsStored(left, right) || meetsStored(right, left))) {
      this.storedSide(left, right)
      this.text(definition.text)
      this.storedSide(right, left)
      return
    }
    if (node.operator === 'div' && node.type.family === 'numeric') {
      this.text('cast(')
      this.visit(node.left)
      this.text(' as real) / ')
      this.operand(node.right, Precedence.sign)
      return
    }
    if (isOrdered(node)) refuseOrder(node.left.type, this)
    if (definition.comparison === true) refuseCaselessFields(left.type, this)
    const side = definition.comparison === true ? collatedBeside(left, right) : left
    super.binary(side === left ? node : new BinaryNode(side, node.operator, right, node.type))
  }

  function(node: FunctionNode): void {
    refuseComputed(node.name, node.args, this)
    const write = sqliteFunctions.get(node.name)
    if (write === undefined) node.write(this)
    else write(node, this)
  }

  round({ operand, digits, type }: RoundNode): void {
    refuseComputed('round', [operand], this)
    new FunctionNode('round', [operand, digits], type).write(this)
  }

  /** Over no rows it is empty by itself. */
  jsonAggregate({ call }: JsonAggregateNode): void {
    this.noteAggregate(call)
    const { isDistinct, order, where, type } = call
    const name = call.args.length > 1 ? 'json_group_object' : 'json_group_array'
    new AggregateNode(name, call.args.map(inJson), isDistinct, order, where, false, type).write(this)
  }

  json(node: JsonNode): void {
    writeJson(node, this)
  }

  jsonKeys(node: JsonKeysNode): void {
    writeJsonKeys(node, this)
  }

  jsonRemove(node: JsonRemoveNode): void {
    writeJsonRemove(node, this)
  }

  jsonSet(node: JsonSetNode): void {
    writeJsonSet(node, this)
  }

  jsonBuild(node: JsonBuildNode): void {
    writeJsonBuild(node, this)
  }

  nest(node: NestNode): void {
    writeNest(node, this)
  }

  /** Whether an aggregate makes one row of all, or of each group, in the select that is written. */
  private isAggregated = false
  /** The scopes of selects around whose rows an aggregate within takes. */
  declare private aggregatedAround: Compiler['scope'][] | undefined

  private noteAggregate(node: AggregateNode): void {
    const scope = aggregatedAround(node, this.scope)
    if (scope === undefined) this.isAggregated = true
    else {
      this.aggregatedAround ??= []
      this.aggregatedAround.push(scope)
    }
  }

  aggregate(node: AggregateNode): void {
    if (this.place !== 'call') this.noteAggregate(node)
    refuseComputed(node.name, node.args, this)
    if (/^(?:min|max)$/.test(node.name)) refuseOrder(node.type, this)
    const own = sqliteAggregates.get(node.name)
    if (node.name === 'array_agg') writeArrayAggregate(node, this.place === 'call', this)
    else if (own === undefined) node.write(this)
    else if (typeof own === 'string') writeRenamed(node, own, this)
    else throw this.unsupported(own[0], own[1])
  }

  extract(node: ExtractNode): void {
    writeExtract(node, this)
  }

  dateTrunc(node: DateTruncNode): void {
    writeDateTrunc(node, this)
  }

  addInterval(node: AddIntervalNode): void {
    writeAddInterval(node, this)
  }

  timeDifference(node: TimeDifferenceNode): void {
    writeTimeDifference(node, this)
  }

  toChar(node: ToCharNode): void {
    writeToChar(node, this)
  }

  /** NULL is the smallest value in SQLite and the greatest in PostgreSQL; here it is the greatest everywhere. */
  override ordering(node: OrderingNode): void {
    this.orderKey(node.expression)
    if (node.direction === 'desc') this.text(' desc')
    if (node.nulls !== undefined) this.text(` nulls ${node.nulls}`)
    else if (mayBeNull(node.expression, this))
      this.text(node.direction === 'desc' ? ' nulls first' : ' nulls last')
  }

  override orderings(nodes: readonly (ExpressionNode | OrderingNode)[]): void {
    for (let i = 0; i < nodes.length; i++) {
      if (i > 0) this.text(', ')
      const node = nodes[i] as ExpressionNode | OrderingNode
      if (node.kind === 'ordering') this.ordering(node as OrderingNode)
      else {
        this.orderKey(node as ExpressionNode)
        if (mayBeNull(node as ExpressionNode, this)) this.text(' nulls last')
      }
    }
  }

  /** A column that is selected under its own name has no label here, and by the name alone it may be ambiguous. */
  protected override orderKey(node: ExpressionNode): void {
    if (node.type !== undefined) refuseOrder(node.type, this)
    const { expression, label, position } = node as OutputNode
    if (
      node.kind !== 'output' ||
      expression.kind !== 'column' ||
      (expression as ColumnNode).name !== label ||
      isReadOtherwise(expression, this)
    ) {
      super.orderKey(node)
    } else if (this.scope?.source === undefined) this.text(String(position))
    else this.column(expression as ColumnNode)
    if (losesCase(node.kind === 'output' ? expression : node)) this.text(' collate nocase')
  }

  /** Clauses that SQLite has not got are written as queries of the same rows. */
  select(node: SelectNode): void {
    const { clauses } = node
    for (let i = 0; i < clauses.length; i++) {
      const clause = clauses[i] as ClauseNode
      if (clause.instead !== undefined) {
        this.visit(clause.instead(node))
        return
      }
    }
    const { isAggregated } = this
    this.isAggregated = false
    selecting(node).write(this)
    refuseNegativeCounts(clauses, this)
    checkWidth(node.selection.outputs.length)
    if (this.aggregatedAround !== undefined) {
      const isOther = (scope: Compiler['scope']) =>
        scope?.source !== node.source || scope?.outer !== this.scope
      const others = this.aggregatedAround.filter(isOther)
      if (others.length < this.aggregatedAround.length) this.isAggregated = true
      this.aggregatedAround = others
    }
    if (this.isAggregated || clauses.length > 0) refuseUngrouped(node, this.isAggregated)
    this.isAggregated = isAggregated
  }

  /** Within `exists`, SQLite forgets `distinct`, so that an offset would count equal rows. */
  exists(node: ExistsNode): void {
    const { clauses = [] } = node.query as Partial<SelectNode>
    const isCounted = clauses.some((clause) => (clause as Partial<LimitNode>).offset !== undefined)
    if (!isCounted || !clauses.some((clause) => clause.kind === 'distinct')) {
      node.write(this)
      return
    }
    this.text('exists (select * from (')
    this.nested(node.query)
    this.text('))')
  }

  compound(node: CompoundNode): void {
    const clause = node.clauses.find((clause) => clause.instead !== undefined)
    if (clause?.instead !== undefined) this.visit(clause.instead(node))
    else if (/^(intersect|except) all$/.test(node.operator)) this.visit(withoutAll(node))
    else {
      node.write(this)
      refuseNegativeCounts(node.clauses, this)
    }
  }

  /** Without a WHERE, SQLite would read `on conflict` as a join condition. */
  insert(node: InsertNode): void {
    refuseToReturnItself(node, this)
    refuseToUpdateByItself(node, this)
    const { rows } = node
    this.computedAgain = node.conflicts.some(computesWithExcluded)
    const isQuery = rows?.kind === 'compound' || rows?.kind === 'select'
    const { table, columns, conflicts, mode } = node
    const { selection } = selecting(node)
    if (isQuery) refuseInserted(columns.columns, rows as QueryNode, this)
    if (isQuery && columns.columns.some(isStored)) {
      const stored = storedRows(rows as QueryNode, columns.columns) as QueryNode
      new InsertNode(table, columns, stored, conflicts, mode, selection).write(this)
      return
    }
    const hasWhere =
      rows?.kind === 'select' &&
      (rows as SelectNode).condition !== undefined &&
      (rows as SelectNode).source !== undefined
    if (conflicts.length === 0 || !isQuery || hasWhere) {
      selecting(node).write(this)
      return
    }
    const separated: WrittenNode = {
      kind: 'separated',
      write: () => {
        this.text('select * from (')
        this.visit(rows)
        this.text(') where true')
      },
    }
    new InsertNode(table, columns, separated as QueryNode, conflicts, mode, selection).write(this)
  }

  update(node: UpdateNode): void {
    if (node.sources.length > 0) refuseForeignOutputs(node, this)
    refuseToReturnItself(node, this)
    const { table, assignments, sources, condition, isEveryRow, selection } = selecting(node)
    if (sources.length > 0 || !assignments.some((assignment) => reads(assignment, table)))
      selecting(node).write(this)
    else new UpdateNode(table, assignments, [new OneRowNode()], condition, isEveryRow, selection).write(this)
  }

  delete(node: DeleteNode): void {
    if (node.sources.length > 0) refuseForeignOutputs(node, this)
    refuseToReturnItself(node, this)
    selecting(node).write(this)
  }

  // ── DDL ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The key that is written with its identity column. */
  private identityKeyNode: PrimaryKeyNode | undefined = undefined
  /** Whether it gives no number a second time. */
  declare private isAutoincrement: boolean

  createTable(node: CreateTableNode): void {
    const key = identityKey(node, this)
    this.identityKeyNode = key
    const others = this.references(
      node.table,
      node.constraints.filter((constraint) => constraint !== key),
    )
    const { table, columns, ifNotExists, details, strict } = node
    this.isAutoincrement = details?.options.autoincrement === true
    new CreateTableNode(table, columns, others, ifNotExists, undefined, details).write(this)
    this.identityKeyNode = undefined
    if (strict) this.text(details?.options.withoutRowid === true ? ', strict' : ' strict')
  }

  columnDefinition(node: ColumnDefinitionNode): void {
    const { name, type, identity, defaultValue, strict } = node
    const codec = this.codec(type)
    const column = quoteIdentifier(name)
    const definition = codec.definition?.(column, type) ?? codec.ddl(type)
    this.text(`${column} ${strict ? strictDefinition(definition) : definition}`)
    if (identity !== undefined) {
      const key = this.identityKeyNode
      if (key === undefined) throw this.unsupported('identity in add column', 'Create the table with it.')
      if (node.details?.sequence !== undefined) requireSchemaFeature(this, 'sequences')
      this.text(' ')
      key.writeInColumn(this)
      if (this.isAutoincrement) this.text(' autoincrement')
    }
    node.writeCollation(this)
    node.writeNotNull(this)
    node.writeGenerated(this)
    if (defaultValue === undefined) return
    this.text(' default ')
    // A default that is not a literal is put in parentheses.
    if (defaultValue.kind === 'parameter' && this.codec(defaultValue.type).wrap === undefined) {
      this.value((defaultValue as ParameterNode).value, defaultValue.type, Position.assignment)
      return
    }
    const [before, after] = storageOf(type)?.stored ?? ['', '']
    this.text(`(${before}`)
    this.visit(defaultValue)
    this.text(`${after})`)
  }

  /** https://www.sqlite.org/lang_altertable.html#alter_table_add_column */
  addColumn(node: AddColumnNode): void {
    const { generated, details } = node.column
    if (generated !== undefined && details?.stored !== false) {
      throw this.unsupported(
        `add column of what is computed and kept (${node.table.name}.${node.column.name})`,
        'Add it with { stored: false }, or create the table with it.',
      )
    }
    for (const { kind, name } of node.constraints) {
      if (kind === 'unique') {
        throw this.unsupported(
          `add column with a unique constraint ("${name}")`,
          `Add ${node.table.name}.${node.column.name} without it, and create a unique index instead.`,
        )
      }
      if (kind === 'primaryKey') {
        throw this.unsupported(
          `add column of a primary key ("${name}")`,
          `Create the table with its key ${node.column.name}, and copy the rows.`,
        )
      }
    }
    new AddColumnNode(node.table, node.column, this.references(node.table, node.constraints)).write(this)
  }

  /** A foreign key refers to a table of its own schema, without a name of that: https://www.sqlite.org/syntax/foreign-key-clause.html */
  private references({ name, schema }: TableNode, constraints: readonly ConstraintNode[]): ConstraintNode[] {
    return constraints.map((constraint) => {
      if (constraint.kind !== 'foreignKey' || !isMeantFor(this.dialect, constraint.onlyOn)) return constraint
      const key = constraint as ForeignKeyNode
      const { target } = key
      if ((target.schema ?? 'main') !== (schema ?? 'main')) {
        throw this.unsupported(
          `foreign key to a table of another schema ("${key.name}")`,
          `Put ${name} and ${target.name} into the same schema, which is one file, or declare ${name} without the reference.`,
        )
      }
      if (target.schema === undefined) return constraint
      const local = new TableNode(target.name, undefined)
      return rewrite(key, (node) => (node.kind === 'table' ? local : node)) as ForeignKeyNode
    })
  }
}

/** Whether something else is selected in place of an expression, which then has its label. */
function isReadOtherwise(expression: ExpressionNode, to: Compiler): boolean {
  const own = expression.type[OWN] as Partial<OwnCodec> | undefined
  return (own?.selected?.(expression, to) ?? expression) !== expression
}

/** A named parameter as one of another type. */
function ofType({ name, nullable }: NamedParameterNode, type: SqlType): NamedParameterNode {
  return new NamedParameterNode(name, type, nullable)
}

/** A column of a table that takes only values of its type, for which SQLite knows no more than five types. */
function strictDefinition(definition: string): string {
  return definition.replace(/^(?:varchar|numeric)(?:\([^)]*\))?/, (name) =>
    name[0] === 'v' ? 'text' : 'real',
  )
}

/** Whether a number is bound as a whole one: where it is computed with. */
function bindsWhole(type: SqlType, position: number, computedAgain = false): boolean {
  if (position > Position.operand && !computedAgain) return false
  const { family } = storedInSqlite(type)
  return family === 'integer' || family === 'boolean'
}

/** https://sqlite.org/lang_aggfunc.html: different values are had only of aggregates with one argument. */
function writeRenamed(node: AggregateNode, name: string, to: Writer): void {
  const [value, separator] = node.args
  if (!node.isDistinct || separator === undefined) {
    node.with({}, name).write(to)
    return
  }
  if ((separator as ParameterNode).value !== ',') {
    throw to.unsupported(
      'different texts joined by another separator than a comma',
      "Write stringAgg(x, ',').distinct(), or select the different texts in a subquery.",
    )
  }
  new AggregateNode(name, [value as ExpressionNode], true, node.order, node.where, false, node.type).write(to)
}

/** Whether the database may find NULL here, which it orders otherwise than PostgreSQL. */
function mayBeNull(node: ExpressionNode, to: SqliteCompiler): boolean {
  // What one member of a set operation never has, another may.
  if (node.kind === 'output' && to.scope?.source === undefined) return true
  const expression = node.kind === 'output' ? (node as OutputNode).expression : node
  if (expression.kind === 'window') return mayBeNull((expression as WindowNode).call, to)
  if (expression.kind === 'function' || expression.kind === 'aggregate') {
    return !WITHOUT_NULL.has((expression as FunctionNode | AggregateNode).name)
  }
  if (expression.kind === 'currentDate') return false
  if (expression.kind !== 'column') return true
  return !(expression as ColumnNode).notNull || isOuterJoined((expression as ColumnNode).source, to)
}

function isOuterJoined(source: SourceNode, to: SqliteCompiler): boolean {
  for (let scope = to.scope; scope !== undefined; scope = scope.outer) {
    if (scope.joins.some((join) => join.type === 'right' || join.type === 'full')) return true
    if (scope.joins.some((join) => join.type === 'left' && join.source === source)) return true
  }
  return false
}

/** https://sqlite.org/limits.html#max_column */
const WIDEST = 2000

function checkWidth(columns: number): void {
  if (columns <= WIDEST) return
  throw new CompileError(
    'too_many_columns',
    `SQLite returns at most ${WIDEST} columns; this select has ${columns}. Select fewer, or put them together by jsonObject(…).`,
  )
}

function refuseForeignOutputs(node: UpdateNode | DeleteNode, to: Writer): void {
  for (const output of node.selection?.outputs ?? []) {
    walk(output, (part: Node) => {
      if (part.kind === 'column' && node.sources.includes((part as ColumnNode).source)) {
        throw to.unsupported(
          'returning of columns from another source than the table that is written',
          `Return columns of '${node.table.name}' only, and select the others.`,
        )
      }
    })
  }
}

/** The key of a table with an identity column: they must be one, since only a primary key numbers rows in SQLite. */
function identityKey(
  { table, columns, constraints }: CreateTableNode,
  to: Writer,
): PrimaryKeyNode | undefined {
  const key = constraints.find((constraint) => constraint.kind === 'primaryKey') as PrimaryKeyNode | undefined
  let found: PrimaryKeyNode | undefined
  for (const { name, identity } of columns) {
    if (identity === undefined) continue
    if (identity === 'always') {
      throw to.unsupported(
        `identity that refuses given values (${table.name}.${name})`,
        "Write identity() for one that takes them: { generated: 'by default' }.",
      )
    }
    if (key?.columns.length !== 1 || key.columns[0] !== name) {
      throw to.unsupported(
        `identity for ${table.name}.${name}, which is not the primary key alone`,
        'Only a primary key of one integer column numbers its rows there.',
      )
    }
    found = key
  }
  return found
}

/** Whether `do update` does more with a value of `excluded` than to store it. */
function computesWithExcluded({ assignments, condition, excluded }: ConflictNode): boolean {
  for (const assignment of assignments) {
    const { kind } = (assignment as Partial<AssignmentNode>).value ?? assignment
    if (kind !== 'column' && kind !== 'parameter' && reads(assignment, excluded)) return true
  }
  return condition !== undefined && reads(condition, excluded)
}

const WITHOUT_NULL = new Set([
  ...['count', 'row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile'],
  ...['now', 'random', 'pi', 'concat', 'concat_ws'],
])
