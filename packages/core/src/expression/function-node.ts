import { BuildError } from '../errors.js'
import { defineKind, type Node } from '../tree/node.js'
import { BOOLEAN, isSqlType, type SqlType } from '../types/sql-type.js'
import { connect, ExpressionNode, type OrderingNode, requirePredicate } from './node.js'

/** What `over(…)` takes. */
export interface WindowParts {
  readonly partitionBy?: ExpressionNode | readonly ExpressionNode[]
  readonly orderBy?: ExpressionNode | OrderingNode | readonly (ExpressionNode | OrderingNode)[]
}

/** Whether a text can be the name of a function: a word, or two with a point between. */
export function isFunctionName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(name)
}

const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string')

/** A call of a function by name; an aggregate may have `distinct` and a filter. */
export class FunctionNode extends ExpressionNode {
  constructor(
    readonly name: string,
    readonly args: readonly ExpressionNode[],
    readonly isDistinct: boolean,
    readonly where: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super()
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
defineKind(
  'function',
  FunctionNode,
  {
    name: 'data',
    args: 'children',
    isDistinct: 'data',
    where: 'optional',
    type: 'data',
  },
  { type: isSqlType, name: isFunctionName },
)

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** A function computed over a window of rows. */
export class WindowNode extends ExpressionNode {
  constructor(
    readonly call: FunctionNode,
    readonly partitionBy: readonly ExpressionNode[],
    readonly orderBy: readonly (ExpressionNode | OrderingNode)[],
    readonly type: SqlType,
  ) {
    super()
  }
}
defineKind(
  'window',
  WindowNode,
  { call: 'child', partitionBy: 'children', orderBy: 'children', type: 'data' },
  { type: isSqlType },
)

/** `cast(x as type)`. */
export class CastNode extends ExpressionNode {
  constructor(
    readonly operand: ExpressionNode,
    readonly type: SqlType,
  ) {
    super()
  }
}
defineKind('cast', CastNode, { operand: 'child', type: 'data' }, { type: isSqlType })

/** `case when … then …`: condition and result of each branch at the same place of two lists. */
export class CaseNode extends ExpressionNode {
  constructor(
    readonly conditions: readonly ExpressionNode[],
    readonly results: readonly ExpressionNode[],
    readonly otherwise: ExpressionNode | undefined,
    readonly type: SqlType,
  ) {
    super()
  }
}
defineKind(
  'case',
  CaseNode,
  { conditions: 'children', results: 'children', otherwise: 'optional', type: 'data' },
  { type: isSqlType },
)

/** `exists (select …)`. */
export class ExistsNode extends ExpressionNode {
  constructor(readonly query: Node) {
    super()
  }
  get type(): SqlType {
    return BOOLEAN
  }
}
defineKind('exists', ExistsNode, { query: 'child' })

/** A query of one column that stands for a value. */
export class ScalarQueryNode extends ExpressionNode {
  constructor(
    readonly query: Node,
    readonly type: SqlType,
  ) {
    super()
  }
}
defineKind('scalarQuery', ScalarQueryNode, { query: 'child', type: 'data' }, { type: isSqlType })

/** Raw SQL: texts with expressions between them, always one text more than expressions. */
export class RawNode extends ExpressionNode {
  constructor(
    readonly texts: readonly string[],
    readonly parts: readonly Node[],
    readonly type: SqlType,
  ) {
    super()
  }
}
defineKind(
  'raw',
  RawNode,
  { texts: 'data', parts: 'children', type: 'data' },
  { type: isSqlType, texts: isTextList },
)

/** A quoted name in raw SQL: one part, or a path such as schema and table. */
export class IdentifierNode implements Node {
  declare readonly kind: string
  constructor(readonly path: readonly string[]) {}
}
defineKind('identifier', IdentifierNode, { path: 'data' }, { path: isTextList })
