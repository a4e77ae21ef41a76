import { BuildError } from '../errors.js'
import type { Fields, Node } from '../tree/node.js'
import { BOOLEAN, type SqlType } from '../types/sql-type.js'
import { quoteIdentifier } from './identifier.js'
import { connect, ExpressionNode, isQueryNode, type OrderingNode, requirePredicate } from './node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

/** What `over(…)` takes. */
export interface WindowParts {
  readonly partitionBy?: ExpressionNode | readonly ExpressionNode[]
  readonly orderBy?: ExpressionNode | OrderingNode | readonly (ExpressionNode | OrderingNode)[]
}

/** Whether a text can be the name of a function: a word, or two with a point between. */
export function isFunctionName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(name)
}

/** A call of a function by name; an aggregate may have `distinct` and a filter. */
export class FunctionNode extends ExpressionNode {
  static readonly fields: Fields<FunctionNode> = {
    name: 'data',
    args: 'children',
    isDistinct: 'data',
    where: 'optional',
    type: 'data',
  }
  constructor(
    readonly name: string,
    readonly args: readonly ExpressionNode[],
    readonly isDistinct: boolean,
    readonly where: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super('function')
  }
  distinct(): FunctionNode {
    if (this.args.length === 0) {
      throw new BuildError(
        'invalid_distinct',
        `${this.name}() of whole rows has no distinct: name an expression, as in count(users.id).`,
      )
    }
    return new FunctionNode(this.name, this.args, true, this.where, this.type)
  }
  filter(...predicates: unknown[]): FunctionNode {
    const all = predicates.map((predicate) => requirePredicate('filter', predicate))
    if (this.where !== undefined) all.unshift(this.where)
    return new FunctionNode(this.name, this.args, this.isDistinct, connect('and', all), this.type)
  }
  over(window: WindowParts = {}): WindowNode {
    return new WindowNode(this, list(window.partitionBy), list(window.orderBy), this.type)
  }
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** A function computed over a window of rows. */
export class WindowNode extends ExpressionNode {
  static readonly fields: Fields<WindowNode> = {
    call: 'child',
    partitionBy: 'children',
    orderBy: 'children',
    type: 'data',
  }
  constructor(
    readonly call: FunctionNode,
    readonly partitionBy: readonly ExpressionNode[],
    readonly orderBy: readonly (ExpressionNode | OrderingNode)[],
    readonly type: SqlType,
  ) {
    super('window')
  }
  override write(to: Writer): void {
    to.visit(this.call)
    to.sql += ' over ('
    if (this.partitionBy.length > 0) {
      to.sql += 'partition by '
      to.list(this.partitionBy)
    }
    if (this.orderBy.length > 0) {
      to.sql += this.partitionBy.length > 0 ? ' order by ' : 'order by '
      to.orderings(this.orderBy)
    }
    to.sql += ')'
  }
}

/** `cast(x as type)`. */
export class CastNode extends ExpressionNode {
  static readonly fields: Fields<CastNode> = { operand: 'child', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('cast')
  }
  override write(to: Writer): void {
    to.sql += 'cast('
    to.visit(this.operand)
    to.sql += ` as ${to.codec(this.type).ddl(this.type)})`
  }
}

/** `case when … then …`: condition and result of each branch at the same place of two lists. */
export class CaseNode extends ExpressionNode {
  static readonly fields: Fields<CaseNode> = {
    conditions: 'children',
    results: 'children',
    otherwise: 'optional',
    type: 'data',
  }
  constructor(
    readonly conditions: readonly ExpressionNode[],
    readonly results: readonly ExpressionNode[],
    readonly otherwise: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super('case')
  }
  override write(to: Writer): void {
    to.sql += 'case'
    for (let i = 0; i < this.conditions.length; i++) {
      to.sql += ' when '
      to.visit(this.conditions[i] as ExpressionNode)
      to.sql += ' then '
      to.visit(this.results[i] as ExpressionNode)
    }
    if (this.otherwise !== undefined) {
      to.sql += ' else '
      to.visit(this.otherwise)
    }
    to.sql += ' end'
  }
}

/** `exists (select …)`. */
export class ExistsNode extends ExpressionNode {
  static readonly fields: Fields<ExistsNode> = { query: 'child' }
  constructor(readonly query: Node) {
    super('exists')
  }
  get type(): SqlType {
    return BOOLEAN
  }
  override write(to: Writer): void {
    to.sql += 'exists ('
    to.nested(this.query)
    to.sql += ')'
  }
}

/** A query of one column that stands for a value. */
export class ScalarQueryNode extends ExpressionNode {
  static readonly fields: Fields<ScalarQueryNode> = { query: 'child', type: 'data' }
  constructor(
    readonly query: Node,
    readonly type: SqlType,
  ) {
    super('scalarQuery')
  }
  override write(to: Writer): void {
    to.sql += '('
    to.nested(this.query)
    to.sql += ')'
  }
}

/** Raw SQL: texts with expressions between them, always one text more than expressions. */
export class RawNode extends ExpressionNode {
  static readonly fields: Fields<RawNode> = { texts: 'data', parts: 'children', type: 'data' }
  constructor(
    readonly texts: readonly string[],
    readonly parts: readonly Node[],
    readonly type: SqlType,
  ) {
    super('raw')
  }
  override write(to: Writer): void {
    const { texts, parts } = this
    for (let i = 0; i < texts.length; i++) {
      to.sql += texts[i] as string
      const part = parts[i]
      if (part === undefined) continue
      if (isQueryNode(part)) {
        to.sql += '('
        to.nested(part)
        to.sql += ')'
      } else if ('type' in part) to.operand(part as ExpressionNode, Precedence.primary)
      else to.visit(part)
    }
  }
  override get precedence(): number {
    // What is inside, only its author knows; a single word or number needs no parentheses.
    return /^[\w.]+$/.test(this.texts.join('$')) ? Precedence.primary : 0
  }
}

/** A quoted name in raw SQL: one part, or a path such as schema and table. */
export class IdentifierNode implements Node {
  static readonly fields: Fields<IdentifierNode> = { path: 'data' }
  constructor(readonly path: readonly string[]) {}
  get kind(): string {
    return 'identifier'
  }
  write(to: Writer): void {
    to.sql += this.path.map(quoteIdentifier).join('.')
  }
}
