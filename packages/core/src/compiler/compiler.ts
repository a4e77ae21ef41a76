import { CompileError, UnsupportedError, ValueError } from '../errors.js'
import { CastNode } from '../expression/function-node.js'
import { quoteIdentifier } from '../expression/identifier.js'
import {
  type BinaryNode,
  type ConstantNode,
  describe,
  type ExpressionNode,
  type LogicalNode,
  type NamedParameterNode,
  type NegativeNode,
  type OrderingNode,
  ParameterNode,
} from '../expression/node.js'
import { Precedence } from '../expression/operators.js'
import type { Place } from '../expression/place.js'
import { outOfScope, type Scope } from '../expression/scope.js'
import type { ColumnNode } from '../expression/source.js'
import {
  type NamedSlot,
  Position,
  type Preamble,
  type Writer,
  type WritesAside,
  type WrittenNode,
} from '../expression/writer.js'
import type { OutputNode } from '../statement/output.js'
import { tooDeep } from '../tree/depth.js'
import type { Node } from '../tree/node.js'
import { type Codec, codecOf, type TypeMap } from '../types/codec.js'
import type { SqlType } from '../types/sql-type.js'
import type { Compiled } from './compiled.js'
import type { Dialect } from './dialect.js'
import { emptyText, Prefix } from './prefix.js'

/** Stands for a text that is not kept: a script's, which has values in it, or one with a very long piece. */
const LOOSE: Prefix = /* @__PURE__ */ new Prefix(undefined, '…')

const NO_NAMES: readonly NamedSlot[] = []

/**
 * Writes a tree as SQL in one pass: one text that grows, one list of parameters. A node writes itself, unless there is
 * a method here of the name of its kind: for the most frequent expressions there is, and a dialect adds one for what it
 * writes otherwise. So a program carries the SQL of the nodes that it makes, and no more. What helps a dialect's methods
 * stands outside of its class, where no kind of node is taken for it.
 */
export abstract class Compiler implements Writer {
  private at: Prefix
  /** What follows a text that is not kept; all else is in `at`. */
  declare private loose: string
  params: unknown[] = emptyList()
  // What few statements need takes no room in the others.
  declare named: NamedSlot[] | undefined
  scope: Scope | undefined = undefined
  place: Place = undefined
  sharing = false
  declare preamble: Preamble | undefined

  constructor(
    readonly dialect: Dialect,
    public inline: boolean,
  ) {
    this.at = emptyText()
  }

  text(piece: string): void {
    const next = this.at.first
    if (next !== undefined && next.piece === piece) this.at = next
    else this.branch(piece)
  }

  private branch(piece: string): void {
    if (this.at === LOOSE) {
      this.loose += piece
      return
    }
    const next = this.inline ? undefined : this.at.follow(piece)
    if (next !== undefined) {
      this.at = next
      return
    }
    this.loose = this.at.text + piece
    this.at = LOOSE
  }

  get hasText(): boolean {
    return this.at.piece !== ''
  }

  /** Takes what was written away, to write something else. */
  private take(): string {
    const text = this.at === LOOSE ? this.loose : this.at.text
    this.at = emptyText()
    return text
  }

  aside(node: WritesAside): string {
    const { at, loose } = this
    this.at = emptyText()
    node.writeAside(this)
    const text = this.take()
    this.at = at
    this.loose = loose
    return text
  }

  /** Compiles a whole statement, once. */
  compile(node: Node): Compiled {
    try {
      this.visit(node)
      if (this.preamble !== undefined) {
        const text = this.take()
        this.preamble.finish(this, node)
        this.text(text)
      }
    } catch (error) {
      throw compilingError(error, node)
    }
    const { params, named, dialect } = this
    if (params.length > dialect.maxParameters) {
      throw new CompileError(
        'too_many_parameters',
        `This ${node.kind} has ${params.length} parameters; ${dialect.name} takes at most ` +
          `${dialect.maxParameters}. Send it in several parts.`,
      )
    }
    return { sql: this.take(), params, named: named ?? NO_NAMES, plan: undefined, dialect, next: undefined }
  }

  visit(node: Node): void {
    this.visitKind(node, node.kind)
  }

  /** As {@link visit}, where the kind is known already: to read it of a node that may be of any class takes 4 ns. */
  private visitKind(node: Node, kind: string): void {
    // The most frequent kinds by name, which spares the look-up of a method.
    switch (kind) {
      case 'column':
        this.column(node as ColumnNode)
        return
      case 'parameter':
        this.parameter(node as ParameterNode)
        return
      case 'binary':
        this.binary(node as BinaryNode)
        return
      case 'logical':
        this.logical(node as LogicalNode)
        return
      case 'table':
        ;(node as WrittenNode).write(this)
        return
    }
    const own = (this as unknown as Readonly<Record<string, unknown>>)[kind]
    const { write } = node as Partial<WrittenNode>
    // A method of the name of the kind, unless that is only one of those by which nodes write themselves.
    if (typeof own === 'function' && (write === undefined || BASE[kind] === undefined)) own.call(this, node)
    else if (write !== undefined) write.call(node, this)
    else {
      throw new UnsupportedError('unsupported', `${this.dialect.name} cannot write a node of kind '${kind}'.`)
    }
  }

  list(nodes: readonly Node[]): void {
    for (let i = 0; i < nodes.length; i++) {
      if (i > 0) this.text(', ')
      this.visit(nodes[i] as Node)
    }
  }

  nested(query: Node): void {
    const outer = this.scope
    this.visit(query)
    this.scope = outer
  }

  unsupported(construct: string, instead: string): UnsupportedError {
    return new UnsupportedError('unsupported', `${this.dialect.name} has no ${construct}. ${instead}`)
  }

  get positional(): boolean {
    return false
  }

  // ── Values ────────────────────────────────────────────────────────────────────────────────────────────────────

  value(value: unknown, type: SqlType, position: number, near?: Node): void {
    const codec = this.codec(type)
    let encoded: unknown
    try {
      if (codec.wrap !== undefined) {
        this.visit(codec.wrap(new ParameterNode(value, type)))
        return
      }
      encoded = codec.encode(value, type)
      if (this.inline) {
        this.literal(codec.literal(value, type), type, position)
        return
      }
    } catch (error) {
      throw near === undefined || !(error instanceof ValueError)
        ? error
        : new ValueError(error.code, `${describe(near)}: ${error.message}`)
    }
    this.placeholder(encoded, type, position)
  }

  /** Adds a value of a script to the text. */
  protected literal(text: string, _type: SqlType, _position: number): void {
    this.text(text)
  }

  codec(type: SqlType): Codec {
    const codec = frequentCodec(this.dialect.types, type) ?? codecOf(this.dialect, type)
    if (codec !== undefined) return codec
    throw new UnsupportedError('unsupported_type', `${this.dialect.name} has no type '${type.name}'.`)
  }

  /** Adds an encoded value, or a place for one that has a name, to the parameters, and its placeholder to the text. */
  placeholder(encoded: unknown, _type: SqlType, _position: number, _name?: string): void {
    this.text(this.placeholderAt(this.params.push(encoded)))
  }

  placeholderAt(_number: number): string {
    return '?'
  }

  parameter(node: ParameterNode): void {
    this.value(node.value, node.type, Position.free)
  }

  namedParameter(node: NamedParameterNode, position: number = Position.free): void {
    node.writeAt(this, position)
  }

  constant(node: ConstantNode): void {
    this.text(node.value === null ? 'null' : String(node.value))
  }

  assigned(node: ExpressionNode, column: ColumnNode): void {
    // The position says the type, if that is the column's.
    const { kind, type } = node
    const position = type.name === column.type.name ? Position.assignment : Position.free
    if (kind === 'parameter') this.value((node as ParameterNode).value, type, position, column)
    else if (kind === 'namedParameter') this.namedParameter(node as NamedParameterNode, position)
    else this.visitKind(node, kind)
  }

  // ── Expressions ───────────────────────────────────────────────────────────────────────────────────────────────

  column(node: ColumnNode): void {
    const { scope } = this
    if (scope?.has(node.source) === true) {
      if (node.quotedPath !== undefined) this.text(node.quotedPath)
      else {
        this.text(node.source.quotedName)
        this.text('.')
        this.text(node.quotedName)
      }
    } else if (scope?.isBare === true) this.text(node.quotedName)
    else throw outOfScope(node.source, node.name, scope)
  }

  operand(node: ExpressionNode, least: number): void {
    this.operandKind(node, node.kind, least)
  }

  private operandKind(node: ExpressionNode, kind: string, least: number): void {
    if (kind === 'column') this.column(node as ColumnNode)
    else if (node.precedence >= least) this.visitKind(node, kind)
    else {
      this.text('(')
      this.visitKind(node, kind)
      this.text(')')
    }
  }

  side(node: ExpressionNode, other: ExpressionNode, least: number, position: number): void {
    const { kind } = node
    if (kind === 'column') this.column(node as ColumnNode)
    else if (kind === 'parameter') {
      const { value, type } = node as ParameterNode
      this.value(value, type, pins(other, type) ? position : Position.free, other)
    } else if (kind === 'namedParameter') {
      this.namedParameter(node as NamedParameterNode, pins(other, node.type) ? position : Position.free)
    } else this.operandKind(node, kind, least)
  }

  binary(node: BinaryNode): void {
    const operator = node.definition
    const { left, right } = node
    const position = operator.comparison === true ? Position.comparison : Position.operand
    const next = operator.precedence + 1
    if (operator.comparison === true) {
      this.side(left, right, next, position)
      this.text(operator.text)
      this.side(right, left, next, position)
      return
    }
    const { precedence, separate } = operator
    const same = (side: ExpressionNode) =>
      side.kind === 'binary' && (side as BinaryNode).operator === node.operator
    this.side(left, right, separate === true && !same(left) ? Precedence.primary : precedence, position)
    this.text(operator.text)
    const isFlat = operator.associative === true && same(right)
    this.side(right, left, isFlat ? precedence : separate === true ? Precedence.primary : next, position)
  }

  logical(node: LogicalNode): void {
    const { operands } = node
    const text = node.operator === 'and' ? ' and ' : ' or '
    const least = node.operator === 'and' ? Precedence.and + 1 : Precedence.or + 1
    for (let i = 0; i < operands.length; i++) {
      if (i > 0) this.text(text)
      this.operand(operands[i] as ExpressionNode, least)
    }
  }

  key(node: ExpressionNode): void {
    this.visit(isConstant(node) ? new CastNode(node, node.type) : node)
  }

  ordering(node: OrderingNode): void {
    this.orderKey(node.expression)
    if (node.direction === 'desc') this.text(' desc')
    if (node.nulls !== undefined) this.text(` nulls ${node.nulls}`)
  }

  /** What is ordered by: an output by its label. */
  protected orderKey(node: ExpressionNode): void {
    if (node.kind === 'output') this.text(quoteIdentifier((node as OutputNode).label))
    else this.key(node)
  }

  orderings(nodes: readonly (ExpressionNode | OrderingNode)[]): void {
    for (let i = 0; i < nodes.length; i++) {
      if (i > 0) this.text(', ')
      const node = nodes[i] as ExpressionNode | OrderingNode
      if (node.kind === 'ordering') this.ordering(node as OrderingNode)
      else this.orderKey(node as ExpressionNode)
    }
  }
}

const BASE = Compiler.prototype as unknown as Readonly<Record<string, unknown>>

/** The codecs of the most frequent types by their names, where a look-up of any name takes 8 ns. */
function frequentCodec(types: TypeMap, { name }: SqlType): Codec | undefined {
  switch (name) {
    case 'text':
      return types.text
    case 'integer':
      return types.integer
    case 'bigint':
      return types.bigint
    case 'boolean':
      return types.boolean
    case 'timestamptz':
      return types.timestamptz
  }
  return undefined
}

/** An empty array for values of any kind: one that begins with numbers would be converted by the first text. */
function emptyList(): unknown[] {
  const list: unknown[] = [undefined]
  list.pop()
  return list
}

/** What went wrong, where it is the tree that is wrong: too deep, or not one that the builders make. */
function compilingError(error: unknown, node: Node): unknown {
  if (error instanceof RangeError && /call stack/i.test(error.message)) return tooDeep(node)
  if (!(error instanceof TypeError)) return error
  return new CompileError(
    'malformed_tree',
    `This ${node.kind} cannot be written: a node in it is missing, or of another kind ` +
      `(${error.message}). Was it read from JSON, or rewritten?`,
    { cause: error },
  )
}

/** Whether an expression is a value, perhaps with a sign: as a literal, both would be the number of a column. */
function isConstant(node: ExpressionNode): boolean {
  if (node.kind === 'negative') return isConstant((node as NegativeNode).operand)
  return node.kind === 'parameter' || node.kind === 'constant'
}

/** Whether what stands beside a value says its type. */
function pins(other: ExpressionNode, type: SqlType): boolean {
  const { kind, type: known } = other
  if (kind === 'parameter' || kind === 'namedParameter' || kind === 'constant') return false
  return known === type || known.name === type.name || (known.name === 'count' && type.name === 'integer')
}
