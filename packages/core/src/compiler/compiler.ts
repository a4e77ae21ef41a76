import type {
  AddColumnNode,
  AddConstraintNode,
  CreateIndexNode,
  CreateTableNode,
  DropColumnNode,
  DropIndexNode,
  DropTableNode,
} from '../ddl/table.js'
import { BuildError, CompileError, UnsupportedError, ValueError } from '../errors.js'
import type {
  CaseNode,
  CastNode,
  ExistsNode,
  FunctionNode,
  IdentifierNode,
  RawNode,
  ScalarQueryNode,
  WindowNode,
} from '../expression/function-node.js'
import { flatText, quoteIdentifier } from '../expression/identifier.js'
import {
  type BetweenNode,
  type BinaryNode,
  type ConstantNode,
  describe,
  type ExpressionNode,
  type InListNode,
  type InQueryNode,
  type LikeNode,
  type LogicalNode,
  type NamedParameterNode,
  type NegativeNode,
  type NotNode,
  type NullTestNode,
  type OrderingNode,
  type ParameterNode,
} from '../expression/node.js'
import { Precedence } from '../expression/operators.js'
import type { AliasNode, ColumnNode, SourceNode } from '../expression/source.js'
import type {
  CheckNode,
  ColumnDefinitionNode,
  ForeignKeyNode,
  PrimaryKeyNode,
  TableNode,
  UniqueNode,
} from '../schema/definition.js'
import type { AssignmentNode } from '../statement/assignment.js'
import type { CompoundNode, QueryNode, SubqueryNode } from '../statement/compound.js'
import type { CteNode, RecursiveCteNode } from '../statement/cte.js'
import type { DeleteNode } from '../statement/delete.js'
import type { ConflictNode, ExpressionRowsNode, InsertNode, ValuesNode } from '../statement/insert.js'
import type { JoinKind, JoinNode } from '../statement/joins.js'
import type { OutputNode } from '../statement/output.js'
import type { RawStatementNode } from '../statement/raw.js'
import { type ClausesNode, hasTail, type SelectNode } from '../statement/select.js'
import type { SelectionNode } from '../statement/selection.js'
import { type UpdateNode, whereMissing } from '../statement/update.js'
import { tooDeep } from '../tree/depth.js'
import type { Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import type { Codec } from '../types/codec.js'
import { type SqlType, TEXT } from '../types/sql-type.js'
import type { Compiled, NamedSlot } from './compiled.js'
import type { Dialect } from './dialect.js'
import { precedenceOf } from './precedence.js'
import { outOfScope, Scope, sameName } from './scope.js'

/** Where a parameter stands, from what says least about its type to what says most. */
export const Position = {
  /** Nothing around it says what it is. */
  free: 0,
  /** Computed with a value of its own type. */
  operand: 1,
  /** Compared with a value of its own type. */
  comparison: 2,
  /** Stored in a column. */
  assignment: 3,
} as const

const NO_NAMES: readonly NamedSlot[] = []
const NO_JOINS: readonly JoinNode[] = []
const NO_SOURCES: readonly SourceNode[] = []

const JOINS: Readonly<Record<JoinKind, string>> = {
  inner: ' inner join ',
  left: ' left join ',
  right: ' right join ',
  full: ' full join ',
  cross: ' cross join ',
}

type Writer = (node: Node) => void

/** The CTEs of a statement: their texts in the order in which they need each other. */
interface Ctes {
  readonly nodes: SourceNode[]
  readonly texts: string[]
  /** Their parameters, where those must stand in the order of the text. */
  readonly params: unknown[]
  readonly named: NamedSlot[]
  recursive: boolean
  /** Whether tables were written before all names were known. */
  late: boolean
}

/**
 * Writes a tree as SQL in one pass: one text that grows, one list of parameters. There is a method for every kind
 * of node, of the same name; a dialect overrides those that it writes otherwise.
 */
export abstract class Compiler {
  protected sql = ''
  protected params: unknown[] = emptyList()
  protected named: NamedSlot[] | undefined = undefined
  protected scope: Scope | undefined = undefined
  /** In DDL, columns stand alone and values are literals. */
  protected bareColumns = false
  private ctes: Ctes | undefined = undefined

  constructor(
    readonly dialect: Dialect,
    protected inline: boolean,
  ) {}

  /** Compiles a whole statement. A compiler that has failed must not be used again. */
  compile(node: Node): Compiled {
    try {
      this.visit(node)
    } catch (error) {
      throw compilingError(error, node)
    }
    if (this.ctes !== undefined) this.prependCtes(this.ctes, node)
    const { sql, params, named } = this
    this.sql = ''
    this.params = emptyList()
    this.named = undefined
    this.scope = undefined
    this.ctes = undefined
    this.checkCount(node, params)
    return { sql, params, named: named ?? NO_NAMES, plan: undefined }
  }

  private checkCount(node: Node, params: readonly unknown[]): void {
    if (params.length <= this.dialect.maxParameters) return
    throw new CompileError(
      'too_many_parameters',
      `This ${node.kind} has ${params.length} parameters; ${this.dialect.name} takes at most ` +
        `${this.dialect.maxParameters}. Send it in several parts.`,
    )
  }

  /** Writes a node by the method of its kind. */
  visit(node: Node): void {
    // The most frequent kinds by name, which spares the look-up of a method: a five-table join compiles in 3.6 µs where it
    // takes 3.8 without (median of three processes, Node 20); an update of three columns gains nothing.
    switch (node.kind) {
      case 'column':
        this.column(node as ColumnNode)
        return
      case 'parameter':
        this.parameter(node as ParameterNode)
        return
      case 'binary':
        this.binary(node as BinaryNode)
        return
      case 'function':
        this.function(node as FunctionNode)
        return
      case 'logical':
        this.logical(node as LogicalNode)
        return
      case 'select':
        this.select(node as SelectNode)
        return
      case 'insert':
        this.insert(node as InsertNode)
        return
      case 'update':
        this.update(node as UpdateNode)
        return
    }
    const write = (this as unknown as Readonly<Record<string, Writer | undefined>>)[node.kind]
    if (write === undefined) {
      throw new UnsupportedError(
        'unsupported',
        `${this.dialect.name} has no way to write a node of kind '${node.kind}'.`,
      )
    }
    write.call(this, node)
  }

  protected list(nodes: readonly Node[], separator = ', '): void {
    for (let i = 0; i < nodes.length; i++) {
      if (i > 0) this.sql += separator
      this.visit(nodes[i] as Node)
    }
  }

  protected unsupported(construct: string, instead: string): UnsupportedError {
    return new UnsupportedError('unsupported', `${this.dialect.name} has no ${construct}. ${instead}`)
  }

  // ── Values ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Writes a value as a placeholder or, in a script, as a literal. `near` names the column in an error. */
  protected value(value: unknown, type: SqlType, position: number, near?: Node): void {
    const codec = this.codec(type)
    let encoded: unknown
    try {
      encoded = codec.encode(value, type)
      if (this.inline) {
        this.sql += codec.literal(value, type)
        return
      }
    } catch (error) {
      throw near === undefined || !(error instanceof ValueError)
        ? error
        : new ValueError(error.code, `${describe(near)}: ${error.message}`)
    }
    this.placeholder(encoded, type, position)
  }

  codec(type: SqlType): Codec {
    const codec = this.dialect.types[type.name]
    if (codec !== undefined) return codec
    throw new UnsupportedError('unsupported_type', `${this.dialect.name} has no type '${type.name}'.`)
  }

  /** Adds an encoded value to the parameters and its placeholder to the text. */
  protected abstract placeholder(encoded: unknown, type: SqlType, position: number): void

  parameter(node: ParameterNode): void {
    this.value(node.value, node.type, Position.free)
  }

  namedParameter(node: NamedParameterNode, position: number = Position.free): void {
    if (this.inline) {
      throw new CompileError(
        'unbound_parameter',
        `param('${node.name}') has no value here, so the statement cannot be written with its values inline.`,
      )
    }
    this.named ??= []
    this.named.push({ index: this.params.length, name: node.name, type: node.type, nullable: node.nullable })
    this.placeholder(undefined, node.type, position)
  }

  constant(node: ConstantNode): void {
    this.sql += node.value === null ? 'null' : String(node.value)
  }

  // ── Expressions ───────────────────────────────────────────────────────────────────────────────────────────────

  column(node: ColumnNode): void {
    if (this.bareColumns) {
      this.sql += node.quotedName
      return
    }
    if (this.scope === undefined || !this.scope.has(node.source))
      throw outOfScope(node.source, node.name, this.scope)
    this.sql += node.quotedPath
  }

  /** Writes an operand, in parentheses where it binds less tightly than asked. */
  protected operand(node: ExpressionNode, least: number): void {
    if (node.kind === 'column') this.column(node as ColumnNode)
    else if (precedenceOf(node) >= least) this.visit(node)
    else {
      this.sql += '('
      this.visit(node)
      this.sql += ')'
    }
  }

  /** Writes one side of an operator: a value beside an expression of its own type needs no type stated. */
  private side(node: ExpressionNode, other: ExpressionNode, least: number, position: number): void {
    if (node.kind === 'parameter') {
      const { value, type } = node as ParameterNode
      this.value(value, type, pins(other, type) ? position : Position.free, other)
    } else if (node.kind === 'namedParameter') {
      this.namedParameter(node as NamedParameterNode, pins(other, node.type) ? position : Position.free)
    } else this.operand(node, least)
  }

  binary(node: BinaryNode): void {
    const operator = node.definition
    const { left, right } = node
    const position = operator.comparison === true ? Position.comparison : Position.operand
    const next = operator.precedence + 1
    if (operator.comparison === true) {
      this.side(left, right, next, position)
      this.sql += operator.text
      this.side(right, left, next, position)
      return
    }
    const inner = operator.separate === true ? Precedence.primary : next
    const same = (side: ExpressionNode) =>
      side.kind === 'binary' && (side as BinaryNode).operator === node.operator
    const outer = operator.separate === true ? Precedence.primary : operator.precedence
    this.side(left, right, same(left) ? operator.precedence : outer, position)
    this.sql += operator.text
    this.side(
      right,
      left,
      operator.associative === true && same(right) ? operator.precedence : inner,
      position,
    )
  }

  logical(node: LogicalNode): void {
    const { operands } = node
    const text = node.operator === 'and' ? ' and ' : ' or '
    const least = node.operator === 'and' ? Precedence.and + 1 : Precedence.or + 1
    for (let i = 0; i < operands.length; i++) {
      if (i > 0) this.sql += text
      this.operand(operands[i] as ExpressionNode, least)
    }
  }

  not(node: NotNode): void {
    this.sql += 'not '
    this.operand(node.operand, Precedence.primary)
  }

  nullTest(node: NullTestNode): void {
    this.operand(node.operand, Precedence.comparison + 1)
    this.sql += node.negated ? ' is not null' : ' is null'
  }

  negative(node: NegativeNode): void {
    this.sql += '-'
    // Never two signs in a row: they would begin a comment.
    this.operand(node.operand, Precedence.primary)
  }

  between(node: BetweenNode): void {
    const { operand, low, high } = node
    this.side(operand, low, Precedence.comparison + 1, Position.comparison)
    this.sql += node.negated ? ' not between ' : ' between '
    this.side(low, operand, Precedence.comparison + 1, Position.comparison)
    this.sql += ' and '
    this.side(high, operand, Precedence.comparison + 1, Position.comparison)
  }

  inList(node: InListNode): void {
    const { operand, values } = node
    this.operand(operand, Precedence.comparison + 1)
    this.sql += node.negated ? ' not in (' : ' in ('
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.sql += ', '
      this.side(values[i] as ExpressionNode, operand, 0, Position.comparison)
    }
    this.sql += ')'
  }

  inQuery(node: InQueryNode): void {
    const query = node.query as QueryNode
    const { outputs, labels } = query.selection
    if (outputs.length !== 1) {
      throw new CompileError(
        'not_scalar',
        `in(…) needs a query of one column; this one has ${outputs.length}: ${labels.join(', ')}.`,
      )
    }
    this.operand(node.operand, Precedence.comparison + 1)
    this.sql += node.negated ? ' not in (' : ' in ('
    this.nested(query)
    this.sql += ')'
  }

  like(node: LikeNode): void {
    this.operand(node.operand, Precedence.comparison + 1)
    this.sql += (node.negated ? ' not ' : ' ') + (node.ignoreCase ? 'ilike ' : 'like ')
    this.value(
      node.pattern,
      TEXT,
      node.operand.type.name === 'unknown' ? Position.free : Position.comparison,
      node.operand,
    )
  }

  ordering(node: OrderingNode): void {
    this.orderKey(node.expression)
    if (node.direction === 'desc') this.sql += ' desc'
    if (node.nulls !== undefined) this.sql += ` nulls ${node.nulls}`
  }

  /** What is ordered by: an output by its label, a bare value never, since a number would mean a position. */
  protected orderKey(node: ExpressionNode): void {
    if (node.kind === 'output') this.sql += quoteIdentifier((node as OutputNode).label)
    else this.key(node)
  }

  /** What is ordered or grouped by; a value is not written bare, since a number would mean a position. */
  private key(node: ExpressionNode): void {
    if (node.kind === 'parameter' || node.kind === 'constant')
      this.cast({ operand: node, type: node.type } as CastNode)
    else this.visit(node)
  }

  protected orderings(nodes: readonly (ExpressionNode | OrderingNode)[]): void {
    for (let i = 0; i < nodes.length; i++) {
      if (i > 0) this.sql += ', '
      const node = nodes[i] as ExpressionNode | OrderingNode
      if (node.kind === 'ordering') this.ordering(node as OrderingNode)
      else this.orderKey(node as ExpressionNode)
    }
  }

  cast(node: CastNode): void {
    this.sql += 'cast('
    this.visit(node.operand)
    this.sql += ` as ${this.codec(node.type).ddl(node.type)})`
  }

  case(node: CaseNode): void {
    this.sql += 'case'
    for (let i = 0; i < node.conditions.length; i++) {
      this.sql += ' when '
      this.visit(node.conditions[i] as ExpressionNode)
      this.sql += ' then '
      this.visit(node.results[i] as ExpressionNode)
    }
    if (node.otherwise !== undefined) {
      this.sql += ' else '
      this.visit(node.otherwise)
    }
    this.sql += ' end'
  }

  function(node: FunctionNode): void {
    this.sql += node.name
    this.sql += '('
    if (node.isDistinct) this.sql += 'distinct '
    if (node.args.length === 0 && node.name === 'count') this.sql += '*'
    else this.list(node.args)
    this.sql += ')'
    if (node.where !== undefined) {
      this.sql += ' filter (where '
      this.visit(node.where)
      this.sql += ')'
    }
  }

  window(node: WindowNode): void {
    this.visit(node.call)
    this.sql += ' over ('
    if (node.partitionBy.length > 0) {
      this.sql += 'partition by '
      this.list(node.partitionBy)
    }
    if (node.orderBy.length > 0) {
      this.sql += node.partitionBy.length > 0 ? ' order by ' : 'order by '
      this.orderings(node.orderBy)
    }
    this.sql += ')'
  }

  exists(node: ExistsNode): void {
    this.sql += 'exists ('
    this.nested(node.query)
    this.sql += ')'
  }

  scalarQuery(node: ScalarQueryNode): void {
    this.sql += '('
    this.nested(node.query)
    this.sql += ')'
  }

  output(node: OutputNode): void {
    this.visit(node.expression)
  }

  raw(node: RawNode): void {
    const { texts, parts } = node
    for (let i = 0; i < texts.length; i++) {
      this.sql += texts[i] as string
      const part = parts[i]
      if (part === undefined) continue
      if (part.kind === 'select' || part.kind === 'compound') {
        this.sql += '('
        this.nested(part)
        this.sql += ')'
      } else if (part.kind === 'identifier') this.identifier(part as IdentifierNode)
      else if ('type' in part) this.operand(part as ExpressionNode, Precedence.primary)
      else this.from(part as SourceNode)
    }
  }

  identifier(node: IdentifierNode): void {
    this.sql += node.path.map(quoteIdentifier).join('.')
  }

  // ── Queries ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** A query inside an expression: it sees the sources around it. */
  private nested(query: Node): void {
    const outer = this.scope
    this.visit(query)
    this.scope = outer
  }

  select(node: SelectNode): void {
    const outer = this.scope
    const { source, joins, clauses } = node
    const scope = new Scope(outer, source, joins, NO_SOURCES)
    if (joins.length > 0) scope.checkNames()
    // The CTEs of a statement's own FROM are compiled before it, so that their parameters come first as well.
    if (outer === undefined && source !== undefined) this.prepareCtes(scope)
    this.scope = scope
    this.sql += clauses.isDistinct ? 'select distinct ' : 'select '
    this.selection(node.selection)
    if (source !== undefined) {
      this.sql += ' from '
      this.from(source)
      for (let i = 0; i < joins.length; i++) this.join(joins[i] as JoinNode)
    }
    if (node.condition !== undefined) {
      this.sql += ' where '
      this.visit(node.condition)
    }
    if (clauses.groups.length > 0) {
      this.sql += ' group by '
      this.groups(clauses.groups)
    }
    if (clauses.groupCondition !== undefined) {
      this.sql += ' having '
      this.visit(clauses.groupCondition)
    }
    this.tail(clauses)
    this.scope = outer
  }

  selection({ outputs, labels }: SelectionNode): void {
    for (let i = 0; i < outputs.length; i++) {
      const output = outputs[i] as ExpressionNode
      const label = labels[i] as string
      if (i > 0) this.sql += ', '
      if (output.kind === 'column') {
        this.column(output as ColumnNode)
        if ((output as ColumnNode).name === label) continue
      } else this.visit(output)
      this.sql += asLabel(label)
    }
  }

  private groups(groups: readonly ExpressionNode[]): void {
    for (let i = 0; i < groups.length; i++) {
      if (i > 0) this.sql += ', '
      const group = groups[i] as ExpressionNode
      // By position, since a label may also be the name of a column of FROM.
      if (group.kind === 'output') this.sql += String((group as OutputNode).position)
      else this.key(group)
    }
  }

  /** `order by`, `limit` and `offset`. */
  protected tail(node: Pick<ClausesNode, 'orderings' | 'limitTo' | 'offsetBy'>): void {
    if (node.orderings.length > 0) {
      this.sql += ' order by '
      this.orderings(node.orderings)
    }
    this.limits(node.limitTo, node.offsetBy)
  }

  protected limits(limitTo: ExpressionNode | undefined, offsetBy: ExpressionNode | undefined): void {
    if (limitTo !== undefined) {
      this.sql += ' limit '
      this.count(limitTo)
    }
    if (offsetBy !== undefined) {
      this.sql += ' offset '
      this.count(offsetBy)
    }
  }

  protected count(node: ExpressionNode): void {
    if (node.kind === 'parameter') {
      this.value((node as ParameterNode).value, node.type, Position.comparison)
    } else this.visit(node)
  }

  join(node: JoinNode): void {
    this.sql += JOINS[node.type]
    this.from(node.source)
    if (node.on !== undefined) {
      this.sql += ' on '
      this.visit(node.on)
    }
  }

  /** Writes a source where it stands in FROM. */
  from(source: SourceNode): void {
    if (source.kind === 'table') {
      if (this.ctes !== undefined) refuseTwin(this.ctes, source as TableNode)
      this.sql += (source as TableNode).quotedPath
    } else this.visit(source)
  }

  table(node: TableNode): void {
    this.sql += node.quotedPath
  }

  alias(node: AliasNode): void {
    let { source } = node
    while (source.kind === 'alias') source = (source as AliasNode).source
    if (source.kind === 'subquery') this.derived((source as SubqueryNode).query, node.quotedName)
    else {
      this.from(source)
      this.sql += ` as ${node.quotedName}`
    }
  }

  subquery(node: SubqueryNode): void {
    this.derived(node.query, node.quotedName)
  }

  /** A query in FROM does not see the sources beside it. */
  private derived(query: Node, quotedName: string): void {
    const { scope } = this
    this.scope = scope?.outer
    this.sql += '('
    const outer = this.scope
    this.scope = outer ?? ROOT
    this.visit(query)
    this.scope = scope
    this.sql += `) as ${quotedName}`
  }

  cteSelf(node: SourceNode): void {
    this.sql += node.quotedName
  }

  cte(node: CteNode): void {
    this.hoist(node, () => {
      this.sql += `${node.quotedName} as (`
      this.visit(node.query)
      this.sql += ')'
    })
    this.sql += node.quotedName
  }

  recursiveCte(node: RecursiveCteNode): void {
    this.hoist(node, () => {
      const columns = node.base.selection.labels.map(quoteIdentifier).join(', ')
      this.sql += `${node.quotedName} (${columns}) as (`
      this.member(node.base, true)
      this.sql += node.distinct ? ' union ' : ' union all '
      this.member(node.step, false)
      this.sql += ')'
    })
    this.sql += node.quotedName
  }

  private prepareCtes(scope: Scope): void {
    const { sql } = this
    if (scope.source !== undefined) this.prepareCte(scope.source)
    for (let i = 0; i < scope.joins.length; i++) this.prepareCte((scope.joins[i] as JoinNode).source)
    for (let i = 0; i < scope.others.length; i++) this.prepareCte(scope.others[i] as SourceNode)
    this.sql = sql
  }

  private prepareCte(source: SourceNode): void {
    const inner = source.kind === 'alias' ? (source as AliasNode).source : source
    if (inner.kind === 'cte' || inner.kind === 'recursiveCte') this.visit(inner)
  }

  /** Compiles a CTE aside, once, for the WITH in front of the statement. */
  private hoist(node: SourceNode, write: () => void): void {
    this.ctes ??= { nodes: [], texts: [], params: [], named: [], recursive: false, late: false }
    const { ctes, sql, scope, params, named } = this
    if (ctes.nodes.includes(node)) return
    if (ctes.nodes.some((other) => sameName(other.name, node.name))) {
      throw new CompileError(
        'duplicate_cte',
        `Two different CTEs of this statement are both named '${node.name}'. Rename one.`,
      )
    }
    if (sql !== '' || ctes.nodes.length > 0) ctes.late = true
    ctes.nodes.push(node)
    if (node.kind === 'recursiveCte') ctes.recursive = true
    this.sql = ''
    this.scope = ROOT
    if (this.positional) {
      this.params = []
      this.named = undefined
    }
    write()
    ctes.texts.push(this.sql)
    if (this.positional) {
      for (const slot of this.named ?? NO_NAMES)
        ctes.named.push({ ...slot, index: slot.index + ctes.params.length })
      ctes.params.push(...this.params)
      this.params = params
      this.named = named
    }
    this.sql = sql
    this.scope = scope
  }

  /** Whether placeholders have no numbers, so that parameters must stand in the order of the text. */
  protected get positional(): boolean {
    return false
  }

  private prependCtes(ctes: Ctes, statement: Node): void {
    const { texts, params, named, recursive } = ctes
    if (ctes.late) {
      walk(statement, (node) => {
        if (node.kind === 'table') refuseTwin(ctes, node as TableNode)
      })
    }
    this.sql = `${recursive ? 'with recursive ' : 'with '}${texts.join(', ')} ${this.sql}`
    if (params.length === 0) return
    this.params = [...params, ...this.params]
    const ours = this.named ?? NO_NAMES
    this.named = [...named, ...ours.map((slot) => ({ ...slot, index: slot.index + params.length }))]
  }

  compound(node: CompoundNode): void {
    const outer = this.scope
    this.member(node.left, true)
    this.scope = outer
    this.sql += ` ${node.operator} `
    this.member(node.right, false)
    this.scope = outer
    if (node.orderings.length > 0) {
      this.sql += ' order by '
      this.scope = ROOT
      this.orderings(node.orderings)
      this.scope = outer
    }
    this.limits(node.limitTo, node.offsetBy)
  }

  /** One side of a set operation. */
  protected member(query: QueryNode, _isLeft: boolean): void {
    const plain = query.kind === 'select' && !hasTail(query)
    if (!plain) this.sql += '('
    this.visit(query)
    if (!plain) this.sql += ')'
  }

  // ── Writes ────────────────────────────────────────────────────────────────────────────────────────────────────

  insert(node: InsertNode): void {
    const { table, rows } = node
    const { columns, text } = node.columns
    this.scope = new Scope(undefined, table, NO_JOINS, NO_SOURCES)
    this.sql += 'insert into '
    this.sql += table.quotedPath
    this.sql += text
    if (columns.length > 0) this.sql += ' '
    if (rows === undefined) this.sql += ' default values'
    else if (rows.kind === 'values') this.insertValues(rows as ValuesNode, columns)
    else if (rows.kind === 'expressionRows') this.insertExpressions(rows as ExpressionRowsNode, columns)
    else this.insertQuery(rows as QueryNode, node)
    if (node.conflict !== undefined) this.conflict(node.conflict, table)
    this.returning(node.selection)
  }

  protected insertQuery(query: QueryNode, _node: InsertNode): void {
    const { scope } = this
    this.scope = ROOT
    this.visit(query)
    this.scope = scope
  }

  private insertValues(node: ValuesNode, columns: readonly ColumnNode[]): void {
    const { values, rowCount } = node
    const width = columns.length
    if (values.length !== width * rowCount)
      throw new TypeError(`${values.length} values for ${rowCount} rows`)
    if (this.inline) {
      this.sql += 'values '
      for (let i = 0; i < values.length; i++) {
        this.sql += i % width === 0 ? (i === 0 ? '(' : '), (') : ', '
        this.insertedValue(values[i], columns[i % width] as ColumnNode)
      }
      this.sql += ')'
      return
    }
    const { params } = this
    const first = params.length
    for (let i = 0; i < values.length; i++) params.push(null)
    // Column by column, so that each codec is called in one go.
    for (let c = 0; c < width; c++) {
      const column = columns[c] as ColumnNode
      const { type } = column
      const { encode } = this.codec(type)
      try {
        for (let i = c; i < values.length; i += width) {
          const value = values[i]
          if (value !== null) params[first + i] = encode(value, type)
        }
      } catch (error) {
        throw error instanceof ValueError
          ? new ValueError(error.code, `${describe(column)}: ${error.message}`)
          : error
      }
    }
    this.sql += this.placeholderRows(first, width, rowCount)
  }

  /** `values (…), (…)` for parameters from a position on. */
  protected abstract placeholderRows(first: number, width: number, rows: number): string

  private insertedValue(value: unknown, column: ColumnNode): void {
    if (value === null) this.sql += 'null'
    else this.value(value, column.type, Position.assignment, column)
  }

  private insertExpressions(node: ExpressionRowsNode, columns: readonly ColumnNode[]): void {
    const { expressions } = node
    const width = columns.length
    const { scope } = this
    this.scope = ROOT
    this.sql += 'values '
    for (let i = 0; i < expressions.length; i++) {
      this.sql += i % width === 0 ? (i === 0 ? '(' : '), (') : ', '
      this.assigned(expressions[i] as ExpressionNode, columns[i % width] as ColumnNode)
    }
    this.sql += ')'
    this.scope = scope
  }

  /** A new value for a column: its position says its type, if that is the column's. */
  protected assigned(node: ExpressionNode, column: ColumnNode): void {
    const position = node.type.name === column.type.name ? Position.assignment : Position.free
    if (node.kind === 'parameter') this.value((node as ParameterNode).value, node.type, position, column)
    else if (node.kind === 'namedParameter') this.namedParameter(node as NamedParameterNode, position)
    else this.visit(node)
  }

  conflict(node: ConflictNode, table: TableNode): void {
    this.sql += ' on conflict'
    for (let i = 0; i < node.columns.length; i++) {
      this.sql += (i === 0 ? ' (' : ', ') + (node.columns[i] as ColumnNode).quotedName
    }
    if (node.columns.length > 0) this.sql += ')'
    if (node.assignments.length === 0) {
      this.sql += ' do nothing'
      return
    }
    const { scope } = this
    if (sameName(table.name, 'excluded')) {
      throw new CompileError(
        'duplicate_source',
        `In do update, 'excluded' is the row that was to be inserted, so it cannot be told from the table '${table.name}'. ` +
          'Rename the table.',
      )
    }
    this.scope = new Scope(undefined, table, NO_JOINS, [node.excluded])
    this.sql += ' do update set '
    this.assignments(node.assignments)
    if (node.condition !== undefined) {
      this.sql += ' where '
      this.visit(node.condition)
    }
    this.scope = scope
  }

  protected assignments(assignments: readonly AssignmentNode[]): void {
    for (let i = 0; i < assignments.length; i++) {
      const { column, value } = assignments[i] as AssignmentNode
      if (i > 0) this.sql += ', '
      this.sql += column.quotedName
      this.sql += ' = '
      this.assigned(value, column)
    }
  }

  protected returning(selection: SelectionNode | undefined): void {
    if (selection === undefined) return
    this.sql += ' returning '
    this.selection(selection)
  }

  update(node: UpdateNode): void {
    const { table, sources } = node
    if (node.condition === undefined && !node.isEveryRow) throw whereMissing('update', table.name)
    const scope = new Scope(undefined, table, NO_JOINS, sources)
    if (sources.length > 0) scope.checkNames()
    if (sources.length > 0) this.prepareCtes(scope)
    this.scope = scope
    this.sql += 'update '
    this.sql += table.quotedPath
    this.sql += ' set '
    this.assignments(node.assignments)
    for (let i = 0; i < sources.length; i++) {
      this.sql += i === 0 ? ' from ' : ', '
      this.from(sources[i] as SourceNode)
    }
    if (node.condition !== undefined) {
      this.sql += ' where '
      this.visit(node.condition)
    }
    this.returning(node.selection)
  }

  delete(node: DeleteNode): void {
    const { table } = node
    if (node.condition === undefined && !node.isEveryRow) throw whereMissing('delete', table.name)
    this.scope = new Scope(undefined, table, NO_JOINS, NO_SOURCES)
    this.sql += `delete from ${table.quotedPath}`
    if (node.condition !== undefined) {
      this.sql += ' where '
      this.visit(node.condition)
    }
    this.returning(node.selection)
  }

  rawStatement(node: RawStatementNode): void {
    this.raw(node.raw)
  }

  // ── DDL ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Writes DDL, in which values are literals and columns stand alone. */
  protected ddl(write: () => void): void {
    const { inline } = this
    this.inline = true
    this.bareColumns = true
    write()
    this.inline = inline
    this.bareColumns = false
  }

  createTable(node: CreateTableNode): void {
    this.ddl(() => {
      this.checkName(node.table.name)
      this.sql += `create table ${node.ifNotExists ? 'if not exists ' : ''}${node.table.quotedPath} (`
      this.list(node.columns)
      for (const constraint of node.constraints) {
        if (this.isInline(constraint, node)) continue
        this.sql += ', '
        this.visit(constraint)
      }
      this.sql += ')'
    })
  }

  /** Whether a constraint is written with its column already. */
  protected isInline(_constraint: Node, _node: CreateTableNode): boolean {
    return false
  }

  columnDefinition(node: ColumnDefinitionNode): void {
    this.checkName(node.name)
    this.sql += `${quoteIdentifier(node.name)} ${this.codec(node.type).ddl(node.type)}`
    if (node.identity !== undefined) this.identity(node)
    if (node.notNull) this.sql += ' not null'
    if (node.defaultValue !== undefined) this.defaultValue(node.defaultValue)
  }

  protected abstract identity(node: ColumnDefinitionNode): void

  protected defaultValue(node: ExpressionNode): void {
    this.sql += ' default '
    this.operand(node, Precedence.primary)
  }

  /** Refuses a name that the database would cut. */
  protected checkName(_name: string): void {}

  private constraintName(name: string): void {
    this.checkName(name)
    this.sql += `constraint ${quoteIdentifier(name)} `
  }

  primaryKey(node: PrimaryKeyNode): void {
    this.constraintName(node.name)
    this.sql += `primary key ${nameList(node.columns)}`
  }

  unique(node: UniqueNode): void {
    this.constraintName(node.name)
    this.sql += `unique ${nameList(node.columns)}`
  }

  check(node: CheckNode): void {
    this.constraintName(node.name)
    this.sql += 'check ('
    this.visit(node.predicate)
    this.sql += ')'
  }

  foreignKey(node: ForeignKeyNode): void {
    this.constraintName(node.name)
    this.sql += `foreign key ${nameList(node.columns)} `
    this.references(node)
  }

  protected references(node: ForeignKeyNode): void {
    this.sql += `references ${node.target.quotedPath} ${nameList(node.targetColumns)}`
    if (node.onDelete !== undefined) this.sql += ` on delete ${node.onDelete}`
    if (node.onUpdate !== undefined) this.sql += ` on update ${node.onUpdate}`
  }

  dropTable(node: DropTableNode): void {
    if (node.cascade && !this.dialect.capabilities.dropCascade) {
      throw this.unsupported('drop table … cascade', 'Drop the tables that refer to it first.')
    }
    this.sql += `drop table ${node.ifExists ? 'if exists ' : ''}${node.table.quotedPath}${node.cascade ? ' cascade' : ''}`
  }

  addColumn(node: AddColumnNode): void {
    this.ddl(() => {
      this.sql += `alter table ${node.table.quotedPath} add column `
      this.columnDefinition(node.column)
      for (const constraint of node.constraints) this.columnConstraint(constraint)
    })
  }

  /** A constraint of one column, behind that column. */
  protected columnConstraint(constraint: Node): void {
    const { name } = constraint as { name?: string }
    this.sql += ' '
    switch (constraint.kind) {
      case 'foreignKey':
        this.constraintName(name as string)
        this.references(constraint as ForeignKeyNode)
        return
      case 'unique':
        this.constraintName(name as string)
        this.sql += 'unique'
        return
      case 'primaryKey':
        this.constraintName(name as string)
        this.sql += 'primary key'
        return
      default:
        this.visit(constraint)
    }
  }

  dropColumn(node: DropColumnNode): void {
    this.sql += `alter table ${node.table.quotedPath} drop column ${quoteIdentifier(node.column)}`
  }

  addConstraint(node: AddConstraintNode): void {
    if (!this.dialect.capabilities.addConstraint) {
      throw this.unsupported(
        'alter table … add constraint',
        'State the constraint when the table is created.',
      )
    }
    this.ddl(() => {
      this.sql += `alter table ${node.table.quotedPath} add `
      this.visit(node.constraint)
    })
  }

  createIndex(node: CreateIndexNode): void {
    const { index } = node
    this.ddl(() => {
      this.checkName(index.name)
      this.sql += `create ${index.unique ? 'unique ' : ''}index ${node.ifNotExists ? 'if not exists ' : ''}`
      this.indexTarget(index.name, index.table)
      this.sql += ' ('
      for (let i = 0; i < index.keys.length; i++) {
        if (i > 0) this.sql += ', '
        this.indexKey(index.keys[i] as ExpressionNode | OrderingNode)
      }
      this.sql += ')'
      if (index.where !== undefined) {
        this.sql += ' where '
        this.visit(index.where)
      }
    })
  }

  /** The name of a new index and its table: the index goes where its table is. */
  protected indexTarget(name: string, table: TableNode): void {
    this.sql += `${quoteIdentifier(name)} on ${table.quotedPath}`
  }

  protected indexKey(node: ExpressionNode | OrderingNode): void {
    const key = node.kind === 'ordering' ? (node as OrderingNode).expression : (node as ExpressionNode)
    if (key.kind === 'column') this.column(key as ColumnNode)
    else {
      this.sql += '('
      this.visit(key)
      this.sql += ')'
    }
    if (node.kind !== 'ordering') return
    const { direction, nulls } = node as OrderingNode
    if (direction === 'desc') this.sql += ' desc'
    if (nulls !== undefined) this.indexNulls(nulls)
  }

  protected indexNulls(nulls: 'first' | 'last'): void {
    this.sql += ` nulls ${nulls}`
  }

  dropIndex(node: DropIndexNode): void {
    const name = node.schema === undefined ? [node.name] : [node.schema, node.name]
    this.sql += `drop index ${node.ifExists ? 'if exists ' : ''}${name.map(quoteIdentifier).join('.')}`
  }
}

/** An empty array for values of any kind: one that begins with numbers would be converted by the first text. */
function emptyList(): unknown[] {
  const list: unknown[] = [undefined]
  list.pop()
  return list
}

const labelTexts = new Map<string, string>()

/** ` as "label"`, kept for the labels that come again and again: a look-up takes 11 ns, quoting 137. */
function asLabel(label: string): string {
  const known = labelTexts.get(label)
  if (known !== undefined) return known
  const text = flatText(' as ', quoteIdentifier(label))
  if (labelTexts.size >= 1000) labelTexts.clear()
  labelTexts.set(label, text)
  return text
}

/** What went wrong, where it is the tree that is wrong: too deep, or not one that the builders make. */
function compilingError(error: unknown, node: Node): unknown {
  if (error instanceof RangeError && /call stack/i.test(error.message)) return tooDeep(node)
  if (!(error instanceof TypeError)) return error
  return new CompileError(
    'malformed_tree',
    `This ${node.kind} is not a tree that can be written: a node of another kind, or none, stands where one is needed ` +
      `(${error.message}). Was it read from JSON, or rewritten?`,
    { cause: error },
  )
}

/** A table of the name of a CTE would be taken for the CTE. */
function refuseTwin({ nodes }: Ctes, table: TableNode): void {
  if (table.schema !== undefined || !nodes.some((cte) => sameName(cte.name, table.name))) return
  throw new CompileError(
    'duplicate_source',
    `This statement has a CTE and a table that are both named '${table.name}', and the database would take one for the other. ` +
      'Rename the CTE.',
  )
}

/** The scope of what sees no sources around it. */
const ROOT = new Scope(undefined, undefined, NO_JOINS, NO_SOURCES)

function pins(other: ExpressionNode, type: SqlType): boolean {
  const known = other.type
  if (other.kind === 'parameter' || other.kind === 'namedParameter' || other.kind === 'constant') return false
  return known === type || known.name === type.name || (known.name === 'count' && type.name === 'integer')
}

function nameList(names: readonly string[]): string {
  if (names.length === 0) throw new BuildError('no_columns', 'A constraint names no columns.')
  return `(${names.map(quoteIdentifier).join(', ')})`
}
