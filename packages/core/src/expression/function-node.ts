import type { Fields, Node } from '../tree/node.js'
import { BOOLEAN, type SqlType } from '../types/sql-type.js'
import { quoteIdentifier } from './identifier.js'
import { ExpressionNode, isQueryNode } from './node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

/** Whether a text can be the name of a function: a word, or two with a point between. */
export function isFunctionName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(name)
}

/** A function of one database, called as it is named. */
export class CallNode extends ExpressionNode {
  static readonly fields: Fields<CallNode> = { name: 'data', args: 'children', type: 'data' }
  constructor(
    readonly name: string,
    readonly args: readonly ExpressionNode[],
    readonly type: SqlType,
    kind = 'call',
  ) {
    super(kind)
  }
  override write(to: Writer): void {
    to.text(this.name)
    to.text('(')
    to.list(this.args)
    to.text(')')
  }
}

/** A function that every dialect knows by this name, or refuses; each has a table of those that it writes otherwise. */
export class FunctionNode extends CallNode {
  constructor(name: string, args: readonly ExpressionNode[], type: SqlType) {
    super(name, args, type, 'function')
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
    to.text('cast(')
    to.visit(this.operand)
    to.text(` as ${to.codec(this.type).ddl(this.type)})`)
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
    to.text('case')
    for (let i = 0; i < this.conditions.length; i++) {
      to.text(' when ')
      to.visit(this.conditions[i] as ExpressionNode)
      to.text(' then ')
      to.visit(this.results[i] as ExpressionNode)
    }
    if (this.otherwise !== undefined) {
      to.text(' else ')
      to.visit(this.otherwise)
    }
    to.text(' end')
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
    to.text('exists (')
    to.nested(this.query)
    to.text(')')
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
    to.text('(')
    to.nested(this.query)
    to.text(')')
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
    writeParts(to, this.texts, this.parts)
  }
  override get precedence(): number {
    // What is inside, only its author knows; a single word or number needs no parentheses.
    return /^[\w.]+$/.test(this.texts.join('$')) ? Precedence.primary : 0
  }
}

/** Writes raw SQL: expressions as operands, queries in parentheses, anything else as it writes itself. */
function writeParts(to: Writer, texts: readonly string[], parts: readonly Node[]): void {
  const { place } = to
  to.place = 'raw'
  for (let i = 0; i < texts.length; i++) {
    to.text(texts[i] as string)
    const part = parts[i]
    if (part === undefined) continue
    if (isQueryNode(part)) {
      to.text('(')
      to.nested(part)
      to.text(')')
    } else if ('type' in part) to.operand(part as ExpressionNode, Precedence.primary)
    else to.visit(part)
  }
  to.place = place
}

/** A piece of raw SQL that is no expression, and is written as it is, without parentheses. */
export class FragmentNode implements Node {
  static readonly fields: Fields<FragmentNode> = { texts: 'data', parts: 'children' }
  constructor(
    readonly texts: readonly string[],
    readonly parts: readonly Node[],
  ) {}
  get kind(): string {
    return 'fragment'
  }
  write(to: Writer): void {
    writeParts(to, this.texts, this.parts)
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
    to.text(this.path.map(quoteIdentifier).join('.'))
  }
}
