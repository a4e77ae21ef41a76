import { BuildError, CompileError, excerpt } from '../errors.js'
import type { Fields, Node } from '../tree/node.js'
import type { OwnCodec } from '../types/codec.js'
import {
  BOOLEAN,
  isNumberFamily,
  OWN,
  type SqlType,
  TEXT,
  typeOfValue,
  typeText,
  UNKNOWN,
  widerNumber,
  withoutLimits,
} from '../types/sql-type.js'
import { type Operator, operatorOf, Precedence } from './operators.js'
import { Position, type Writer } from './writer.js'

const EXPRESSION = Symbol.for('espalier.expression')

const EQ = operatorOf('eq')
const NE = operatorOf('ne')
const GT = operatorOf('gt')
const GTE = operatorOf('gte')
const LT = operatorOf('lt')
const LTE = operatorOf('lte')

/**
 * What every expression is at run time: a node with the methods of all families. Which of them a family has is
 * decided by its public type; a method that the SQL type does not have throws, for callers without types.
 */
export abstract class ExpressionNode implements Node {
  // Declared and then assigned: as a field with an initializer it would be defined on every one of the many classes
  // below through one slow path, which doubled the time of a five-table join (7 µs for 3.1).
  declare readonly kind: string
  abstract readonly type: SqlType
  declare readonly [EXPRESSION]: true

  constructor(kind: string) {
    this.kind = kind
  }

  /** How tightly its outermost part binds, which decides whether it needs parentheses as an operand. */
  get precedence(): number {
    return Precedence.primary
  }

  /** The opposite of a predicate, by its own negated form where it has one. */
  opposite(): ExpressionNode {
    return new NotNode(this)
  }

  /** Adds the SQL of this expression to what is written; the most frequent kinds are written by the compiler. */
  write?(to: Writer): void

  eq(other: unknown): ExpressionNode {
    return compare(this, 'eq', other, EQ)
  }
  ne(other: unknown): ExpressionNode {
    return compare(this, 'ne', other, NE)
  }
  gt(other: unknown): ExpressionNode {
    return compare(this, 'gt', other, GT)
  }
  gte(other: unknown): ExpressionNode {
    return compare(this, 'gte', other, GTE)
  }
  lt(other: unknown): ExpressionNode {
    return compare(this, 'lt', other, LT)
  }
  lte(other: unknown): ExpressionNode {
    return compare(this, 'lte', other, LTE)
  }
  isDistinctFrom(other: unknown): ExpressionNode {
    return other === null
      ? this.isNotNull()
      : compare(this, 'isDistinctFrom', other, operatorOf('isDistinctFrom'))
  }
  isNotDistinctFrom(other: unknown): ExpressionNode {
    return other === null
      ? this.isNull()
      : compare(this, 'isNotDistinctFrom', other, operatorOf('isNotDistinctFrom'))
  }
  between(low: unknown, high: unknown): ExpressionNode {
    requireComparable(this, 'between')
    return new BetweenNode(this, operand(this, 'between', low), operand(this, 'between', high), false)
  }
  in(values: unknown): ExpressionNode {
    return membership(this, 'in', values, false)
  }
  notIn(values: unknown): ExpressionNode {
    return membership(this, 'notIn', values, true)
  }
  isNull(): ExpressionNode {
    return new NullTestNode(this, false)
  }
  isNotNull(): ExpressionNode {
    return new NullTestNode(this, true)
  }
  asc(): OrderingNode {
    return new OrderingNode(this, 'asc', undefined)
  }
  desc(): OrderingNode {
    return new OrderingNode(this, 'desc', undefined)
  }

  add(other: unknown): ExpressionNode {
    return compute(this, 'add', other)
  }
  sub(other: unknown): ExpressionNode {
    return compute(this, 'sub', other)
  }
  mul(other: unknown): ExpressionNode {
    return compute(this, 'mul', other)
  }
  div(other: unknown): ExpressionNode {
    refuseZero(this, 'div', other)
    return compute(this, 'div', other)
  }
  mod(other: unknown): ExpressionNode {
    refuseZero(this, 'mod', other)
    const result = compute(this, 'mod', other)
    if (result.type.family !== 'numeric' && result.type.family !== 'real') return result
    throw new BuildError(
      'no_operator',
      `${describe(this)}.mod(…): only whole numbers have a remainder; cast it first.`,
    )
  }
  neg(): ExpressionNode {
    requireFamily(this, 'neg', isNumberFamily, 'a number')
    return new NegativeNode(this, this.type)
  }

  like(pattern: unknown): ExpressionNode {
    return match(this, 'like', pattern, false)
  }
  ilike(pattern: unknown): ExpressionNode {
    return match(this, 'ilike', pattern, true)
  }
  startsWith(text: unknown): ExpressionNode {
    return matchPart(this, 'startsWith', '', text, '%')
  }
  endsWith(text: unknown): ExpressionNode {
    return matchPart(this, 'endsWith', '%', text, '')
  }
  contains(text: unknown): ExpressionNode {
    return matchPart(this, 'contains', '%', text, '%')
  }
  concat(other: unknown): ExpressionNode {
    requireFamily(this, 'concat', isText, 'a text')
    return new BinaryNode(this, 'concat', operand(this, 'concat', other), TEXT)
  }

  and(other: unknown): ExpressionNode {
    return connect('and', [this, requirePredicate('and', other)])
  }
  or(other: unknown): ExpressionNode {
    return connect('or', [this, requirePredicate('or', other)])
  }
  not(): ExpressionNode {
    requireFamily(this, 'not', (family) => family === 'boolean', 'a predicate')
    return this.opposite()
  }
}
Object.defineProperty(ExpressionNode.prototype, EXPRESSION, { value: true })

/** Whether a value is an expression, of whichever installed copy. */
export function isExpression(value: unknown): value is ExpressionNode {
  // The class first: its check takes 6 ns over eight kinds of nodes, the mark 12. The mark serves other copies.
  if (typeof value !== 'object' || value === null) return false
  return value instanceof ExpressionNode || (value as Partial<ExpressionNode>)[EXPRESSION] === true
}

/** A value that becomes a parameter of the statement, with the type that decides how it is sent. */
export class ParameterNode extends ExpressionNode {
  static readonly fields: Fields<ParameterNode> = { value: 'data', type: 'data' }
  readonly value: unknown
  constructor(
    value: unknown,
    readonly type: SqlType,
  ) {
    super('parameter')
    this.value = ownCopy(value, type)
  }
}

/**
 * A value as it is now: a Date, bytes, an array or what its type copies may be changed later by who gave it. The contents of a
 * JSON document are taken when the statement is compiled.
 */
export function ownCopy(value: unknown, type?: Partial<SqlType> | number): unknown {
  if (typeof value !== 'object') return value
  if (value instanceof Date) {
    // The same moment is mostly given for many values; a copy of it takes 42 ns, and the comparison 5.
    if (value !== given || value.getTime() !== copy.getTime()) {
      given = value
      copy = new Date(value)
    }
    return copy
  }
  if (value instanceof Uint8Array) return new Uint8Array(value)
  const own = (type as SqlType | undefined)?.[OWN] as Partial<OwnCodec> | undefined
  return own?.copy?.(value, type as SqlType, ownCopy) ?? (Array.isArray(value) ? value.map(ownCopy) : value)
}

let given: Date | undefined
let copy = new Date(NaN)

/** A parameter whose value is given by name when the prepared statement runs. */
export class NamedParameterNode extends ExpressionNode {
  static readonly fields: Fields<NamedParameterNode> = { name: 'data', type: 'data', nullable: 'data' }
  constructor(
    readonly name: string,
    readonly type: SqlType,
    readonly nullable: boolean,
  ) {
    super('namedParameter')
  }
  /** Writes its placeholder, at a position that says more or less of its type. */
  writeAt(to: Writer, position: number): void {
    const { name, type, nullable } = this
    if (to.inline) {
      throw new CompileError(
        'unbound_parameter',
        `param('${name}') has no value that could be written inline.`,
      )
    }
    const { wrap } = to.codec(type)
    if (wrap !== undefined) {
      to.visit(wrap(this))
      return
    }
    const index = to.params.length
    to.placeholder(undefined, type, position, name)
    if (to.params.length === index) return
    to.named ??= []
    to.named.push({ index, name, type, nullable })
  }
}

/** A constant that is written into the SQL text: `true`, `false`, `null`. */
export class ConstantNode extends ExpressionNode {
  static readonly fields: Fields<ConstantNode> = { value: 'data', type: 'data' }
  constructor(
    readonly value: boolean | null,
    readonly type: SqlType,
  ) {
    super('constant')
  }
  override opposite(): ExpressionNode {
    return this.value === null ? super.opposite() : this.value ? FALSE : TRUE
  }
}

/** The predicate that always holds. */
export const TRUE: ExpressionNode = new ConstantNode(true, BOOLEAN)
/** The predicate that never holds. */
export const FALSE: ExpressionNode = new ConstantNode(false, BOOLEAN)

/** Two operands with an operator of {@link operators} between them. */
export class BinaryNode extends ExpressionNode {
  static readonly fields: Fields<BinaryNode> = {
    left: 'child',
    operator: 'data',
    right: 'child',
    type: 'data',
  }
  constructor(
    readonly left: ExpressionNode,
    operator: string,
    readonly right: ExpressionNode,
    readonly type: SqlType,
    /** What the table says of the operator. */
    readonly definition: Operator = operatorOf(operator),
  ) {
    super('binary')
  }
  get operator(): string {
    return this.definition.name
  }
  override get precedence(): number {
    return this.definition.precedence
  }
  override opposite(): ExpressionNode {
    const { negation } = this.definition
    return negation === undefined
      ? super.opposite()
      : new BinaryNode(this.left, negation, this.right, this.type)
  }
}

/** An expression that is true, false or NULL by its form, and binds as a comparison does. */
export abstract class PredicateNode extends ExpressionNode {
  get type(): SqlType {
    return BOOLEAN
  }
  override get precedence(): number {
    return Precedence.comparison
  }
}

/** `and` or `or` over any number of predicates, flat. */
export class LogicalNode extends PredicateNode {
  static readonly fields: Fields<LogicalNode> = { operator: 'data', operands: 'children' }
  constructor(
    readonly operator: 'and' | 'or',
    readonly operands: readonly ExpressionNode[],
  ) {
    super('logical')
  }
  override get precedence(): number {
    return this.operator === 'and' ? Precedence.and : Precedence.or
  }
}

/** `not x`. */
export class NotNode extends PredicateNode {
  static readonly fields: Fields<NotNode> = { operand: 'child' }
  constructor(readonly operand: ExpressionNode) {
    super('not')
  }
  override write(to: Writer): void {
    to.text('not ')
    to.operand(this.operand, Precedence.primary)
  }
  override get precedence(): number {
    return Precedence.not
  }
  override opposite(): ExpressionNode {
    return this.operand
  }
}

/** `x is null`, `x is not null`. */
export class NullTestNode extends PredicateNode {
  static readonly fields: Fields<NullTestNode> = { operand: 'child', negated: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly negated: boolean,
  ) {
    super('nullTest')
  }
  override write(to: Writer): void {
    const { operand, negated } = this
    to.operand(operand, Precedence.comparison + 1)
    // A row of nothing but NULL is a value, which `is null` does not say, and `is not null` only of a row without any.
    if (operand.type?.fields) to.text(negated ? ' is distinct from null' : ' is not distinct from null')
    else to.text(negated ? ' is not null' : ' is null')
  }
  override opposite(): ExpressionNode {
    return new NullTestNode(this.operand, !this.negated)
  }
}

/** `-x`. */
export class NegativeNode extends ExpressionNode {
  static readonly fields: Fields<NegativeNode> = { operand: 'child', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('negative')
  }
  override write(to: Writer): void {
    to.text('-')
    // Never two signs in a row: they would begin a comment.
    to.operand(this.operand, Precedence.primary)
  }
  override get precedence(): number {
    return Precedence.sign
  }
}

/** `x between low and high`. */
export class BetweenNode extends PredicateNode {
  static readonly fields: Fields<BetweenNode> = {
    operand: 'child',
    low: 'child',
    high: 'child',
    negated: 'data',
  }
  constructor(
    readonly operand: ExpressionNode,
    readonly low: ExpressionNode,
    readonly high: ExpressionNode,
    readonly negated: boolean,
  ) {
    super('between')
  }
  override write(to: Writer): void {
    const { operand, low, high } = this
    to.side(operand, low, Precedence.comparison + 1, Position.comparison)
    to.text(this.negated ? ' not between ' : ' between ')
    to.side(low, operand, Precedence.comparison + 1, Position.comparison)
    to.text(' and ')
    to.side(high, operand, Precedence.comparison + 1, Position.comparison)
  }
  override opposite(): ExpressionNode {
    return new BetweenNode(this.operand, this.low, this.high, !this.negated)
  }
}

/** `in` over a list; the list is never empty. */
export class InListNode extends PredicateNode {
  static readonly fields: Fields<InListNode> = { operand: 'child', values: 'children', negated: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly values: readonly ExpressionNode[],
    readonly negated: boolean,
  ) {
    super('inList')
  }
  override write(to: Writer): void {
    const { operand, values } = this
    to.operand(operand, Precedence.comparison + 1)
    to.text(this.negated ? ' not in (' : ' in (')
    for (let i = 0; i < values.length; i++) {
      if (i > 0) to.text(', ')
      to.side(values[i] as ExpressionNode, operand, 0, Position.comparison)
    }
    to.text(')')
  }
  override opposite(): ExpressionNode {
    return new InListNode(this.operand, this.values, !this.negated)
  }
}

/** What an expression asks of a query. */
interface QueryLike {
  readonly selection: { readonly outputs: readonly unknown[]; readonly labels: readonly string[] }
}

/** `in` over the rows of a query. */
export class InQueryNode extends PredicateNode {
  static readonly fields: Fields<InQueryNode> = { operand: 'child', query: 'child', negated: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly query: Node,
    readonly negated: boolean,
  ) {
    super('inQuery')
  }
  override write(to: Writer): void {
    const { outputs, labels } = (this.query as Node & QueryLike).selection
    if (outputs.length !== 1) {
      throw new CompileError(
        'not_scalar',
        `in(…) needs a query of one column; this one has ${outputs.length}: ${labels.join(', ')}.`,
      )
    }
    to.operand(this.operand, Precedence.comparison + 1)
    to.text(this.negated ? ' not in (' : ' in (')
    to.nested(this.query)
    to.text(')')
  }
  override opposite(): ExpressionNode {
    return new InQueryNode(this.operand, this.query, !this.negated)
  }
}

/** A text matched with a `like` pattern; the pattern's escape character is the backslash. */
export class LikeNode extends PredicateNode {
  static readonly fields: Fields<LikeNode> = {
    operand: 'child',
    pattern: 'data',
    ignoreCase: 'data',
    negated: 'data',
  }
  constructor(
    readonly operand: ExpressionNode,
    readonly pattern: string,
    readonly ignoreCase: boolean,
    readonly negated: boolean,
  ) {
    super('like')
  }
  override write(to: Writer): void {
    const { operand } = this
    to.operand(operand, Precedence.comparison + 1)
    to.text((this.negated ? ' not ' : ' ') + (this.ignoreCase ? 'ilike ' : 'like '))
    to.value(
      this.pattern,
      TEXT,
      operand.type.name === 'unknown' ? Position.free : Position.comparison,
      operand,
    )
  }
  override opposite(): ExpressionNode {
    return new LikeNode(this.operand, this.pattern, this.ignoreCase, !this.negated)
  }
}

/** A place in `order by`. */
export class OrderingNode implements Node {
  static readonly fields: Fields<OrderingNode> = { expression: 'child', direction: 'data', nulls: 'data' }
  readonly kind: string = 'ordering'
  constructor(
    readonly expression: ExpressionNode,
    readonly direction: 'asc' | 'desc',
    readonly nulls: 'first' | 'last' | undefined,
  ) {}
  nullsFirst(): OrderingNode {
    return new OrderingNode(this.expression, this.direction, 'first')
  }
  nullsLast(): OrderingNode {
    return new OrderingNode(this.expression, this.direction, 'last')
  }
}

/** An expression as a person would name it in an error message. */
export function describe(node: Node): string {
  if (node.kind === 'column') {
    const { source, name } = node as unknown as { source: { name: string }; name: string }
    return `${source.name}.${name}`
  }
  return node.kind === 'namedParameter'
    ? `param('${(node as NamedParameterNode).name}')`
    : `a ${node.kind} expression`
}

/** What stands to the right of an operator: an expression as it is, a value as a parameter of the left side's type. */
function operand(left: ExpressionNode, method: string, value: unknown): ExpressionNode {
  if (isExpression(value)) return value
  if (value === undefined) {
    throw new BuildError(
      'undefined_value',
      `${describe(left)}.${method}(undefined): undefined is never a value. For an optional filter write ` +
        `when(value, (v) => ….${method}(v)).`,
    )
  }
  if (value === null) {
    throw new BuildError(
      'null_comparison',
      `${describe(left)}.${method}(null) would never be true, since NULL equals nothing. Write isNull() or isNotNull().`,
    )
  }
  const { type } = left
  return new ParameterNode(value, type.name === 'unknown' ? typeOfValue(value) : withoutLimits(type))
}

function compare(
  left: ExpressionNode,
  operator: string,
  value: unknown,
  definition: Operator,
): ExpressionNode {
  requireComparable(left, operator)
  return new BinaryNode(left, operator, operand(left, operator, value), BOOLEAN, definition)
}

function compute(left: ExpressionNode, operator: string, value: unknown): ExpressionNode {
  requireFamily(left, operator, isNumberFamily, 'a number')
  const right = operand(left, operator, value)
  return new BinaryNode(left, operator, right, widerNumber(left.type, right.type))
}

function refuseZero(left: ExpressionNode, operator: string, value: unknown): void {
  if (value === 0 || value === 0n || (typeof value === 'string' && Number(value) === 0)) {
    throw new BuildError(
      'division_by_zero',
      `${describe(left)}.${operator}(${excerpt(value)}) divides by zero.`,
    )
  }
}

function match(left: ExpressionNode, method: string, pattern: unknown, ignoreCase: boolean): ExpressionNode {
  requireFamily(left, method, isText, 'a text')
  if (typeof pattern !== 'string') {
    throw new BuildError(
      'invalid_pattern',
      `${describe(left)}.${method}(…) takes a text, not ${excerpt(pattern)}.`,
    )
  }
  if (/(^|[^\\])(\\\\)*\\$/.test(pattern)) {
    throw new BuildError(
      'invalid_pattern',
      `${describe(left)}.${method}(${excerpt(pattern)}): the pattern ends in a backslash that escapes nothing. Write \\\\ for one.`,
    )
  }
  return new LikeNode(left, pattern, ignoreCase, false)
}

/** Matches a part of a text, which is taken literally. */
function matchPart(
  left: ExpressionNode,
  method: string,
  before: string,
  text: unknown,
  after: string,
): ExpressionNode {
  const pattern = typeof text === 'string' ? before + text.replace(/[\\%_]/g, '\\$&') + after : text
  return match(left, method, pattern, false)
}

function membership(left: ExpressionNode, method: string, values: unknown, negated: boolean): ExpressionNode {
  requireComparable(left, method)
  if (Array.isArray(values)) {
    if (values.length === 0) return negated ? TRUE : FALSE
    return new InListNode(
      left,
      values.map((value) => operand(left, method, value)),
      negated,
    )
  }
  if (isQueryNode(values)) return new InQueryNode(left, values, negated)
  throw new BuildError(
    'invalid_in',
    `${describe(left)}.${method}(…) takes an array of values or a select of one column, not ${excerpt(values)}.`,
  )
}

/** Whether a value is a select or a set operation, and so may stand within another statement. */
export function isQueryNode(value: unknown): value is Node {
  const { kind, toSQL } = Object(value) as { readonly kind?: unknown; readonly toSQL?: unknown }
  return toSQL !== undefined && (kind === 'select' || kind === 'compound')
}

function requireComparable(node: ExpressionNode, method: string): void {
  const { family, name } = node.type
  if (family !== 'json' && name !== 'xml') return
  throw new BuildError(
    'no_operator',
    `${describe(node)}.${method}(…): ${name} values cannot be compared; cast them to text.`,
  )
}

/** Refuses PostgreSQL's json and xml where values are compared with each other. */
export function requireEquality(place: string, nodes: readonly (ExpressionNode | OrderingNode)[]): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as ExpressionNode | OrderingNode
    const { type } = node.kind === 'ordering' ? (node as OrderingNode).expression : (node as ExpressionNode)
    if (!/(json|xml)$/.test(type?.name)) continue
    throw new BuildError(
      'no_operator',
      `${place} of ${type.name} cannot be: cast json to jsonb(), xml to text().`,
    )
  }
}

const isText = (family: string) => family === 'text'

function requireFamily(
  node: ExpressionNode,
  method: string,
  accepts: (family: SqlType['family']) => boolean,
  wanted: string,
): void {
  const { family } = node.type
  if (family === 'unknown' || accepts(family)) return
  throw new BuildError(
    'no_operator',
    `${describe(node)}.${method}(…): ${describe(node)} is of type ${typeText(node.type)}; ${method} needs ${wanted}.`,
  )
}

/** A predicate that a caller gave; anything else is an error that names the place. */
export function requirePredicate(place: string, value: unknown): ExpressionNode {
  if (isExpression(value)) {
    const { family } = value.type
    if (family === 'boolean' || family === 'unknown') return value
  }
  const found = isExpression(value) ? `${describe(value)} of type ${typeText(value.type)}` : excerpt(value)
  throw new BuildError(
    value === undefined ? 'undefined_value' : 'invalid_predicate',
    `${place}(…) takes predicates such as users.id.eq(1n), not ${found}.` +
      (value === undefined ? ' For an optional filter write when(value, (v) => …).' : ''),
  )
}

/**
 * Joins predicates by `and` or `or`, flat. Those that change nothing (`true` in `and`, `false` in `or`) are left
 * out; of none at all the neutral one results.
 */
export function connect(operator: 'and' | 'or', operands: readonly ExpressionNode[]): ExpressionNode {
  const neutral = operator === 'and'
  let size = 0
  let plain = true
  for (let i = 0; i < operands.length; i++) {
    const operandNode = operands[i] as ExpressionNode
    if (isLogical(operandNode, operator)) {
      size += operandNode.operands.length
      plain = false
    } else if (isConstant(operandNode, neutral)) plain = false
    else size++
  }
  if (plain && size > 1) return new LogicalNode(operator, operands)
  if (size === 0) return neutral ? TRUE : FALSE
  const flat = new Array<ExpressionNode>(size)
  let at = 0
  for (let i = 0; i < operands.length; i++) {
    const operandNode = operands[i] as ExpressionNode
    if (isLogical(operandNode, operator)) for (const inner of operandNode.operands) flat[at++] = inner
    else if (!isConstant(operandNode, neutral)) flat[at++] = operandNode
  }
  return size === 1 ? (flat[0] as ExpressionNode) : new LogicalNode(operator, flat)
}

function isLogical(node: ExpressionNode, operator: 'and' | 'or'): node is LogicalNode {
  return node.kind === 'logical' && (node as LogicalNode).operator === operator
}

function isConstant(node: ExpressionNode, value: boolean): boolean {
  return node.kind === 'constant' && (node as ConstantNode).value === value
}

/** An expression of what a caller gave: itself, or a value as a parameter of the type that fits or is stated. */
export function toExpression(place: string, value: unknown, type?: SqlType): ExpressionNode {
  if (isExpression(value)) return value
  if (value === undefined) {
    throw new BuildError('undefined_value', `${place}: undefined is never a value. Write null for NULL.`)
  }
  if (value === null) return new ConstantNode(null, type ?? UNKNOWN)
  return new ParameterNode(value, type ?? typeOfValue(value))
}
