import { BuildError, excerpt } from '../errors.js'
import {
  connect,
  type ExpressionNode,
  isExpression,
  type OrderingNode,
  ParameterNode,
  requirePredicate,
} from '../expression/node.js'
import { Position, type Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { COUNT } from '../types/sql-type.js'
import type { OutputNode } from './output.js'

/** The clauses that most selects have none of. */
export class ClausesNode implements Node {
  static readonly fields: Fields<ClausesNode> = {
    isDistinct: 'data',
    groups: 'children',
    groupCondition: 'optional',
    orderings: 'children',
    limitTo: 'optional',
    offsetBy: 'optional',
  }
  readonly kind: string = 'clauses'
  constructor(
    readonly isDistinct: boolean,
    readonly groups: readonly ExpressionNode[],
    readonly groupCondition: ExpressionNode | undefined,
    readonly orderings: readonly (ExpressionNode | OrderingNode)[],
    readonly limitTo: ExpressionNode | undefined,
    readonly offsetBy: ExpressionNode | undefined,
  ) {}
  /** Writes what follows WHERE. */
  write(to: Writer): void {
    const { groups } = this
    for (let i = 0; i < groups.length; i++) {
      to.sql += i === 0 ? ' group by ' : ', '
      const group = groups[i] as ExpressionNode
      // By position, since a label may also be the name of a column of FROM.
      if (group.kind === 'output') to.sql += String((group as OutputNode).position)
      else to.key(group)
    }
    if (this.groupCondition !== undefined) {
      to.sql += ' having '
      to.visit(this.groupCondition)
    }
    writeTail(to, this)
  }
}

/** A condition with more predicates: all must hold. */
export function addPredicates(
  place: string,
  condition: ExpressionNode | undefined,
  predicates: readonly unknown[],
): ExpressionNode | undefined {
  // One predicate where there was none is by far the most frequent call.
  if (condition === undefined && predicates.length === 1) {
    const only = requirePredicate(place, predicates[0])
    return isTrue(only) ? undefined : only
  }
  if (predicates.length === 0) {
    throw new BuildError(
      'no_predicate',
      `${place}() was given no predicate. For an optional filter write ${place}(when(value, …)).`,
    )
  }
  for (let i = 0; i < predicates.length; i++) requirePredicate(place, predicates[i])
  const all = predicates as readonly ExpressionNode[]
  const result = connect('and', condition === undefined ? all : [condition, ...all])
  return isTrue(result) ? undefined : result
}

function isTrue(node: ExpressionNode): boolean {
  return node.kind === 'constant' && (node as unknown as { value: unknown }).value === true
}

function requireExpression(place: string, value: unknown): ExpressionNode {
  if (isExpression(value)) return value
  throw new BuildError(
    'invalid_expression',
    `${place}(…) takes expressions such as users.id, not ${excerpt(value)}.`,
  )
}

export function requireExpressions(place: string, items: readonly unknown[]): readonly ExpressionNode[] {
  for (let i = 0; i < items.length; i++) requireExpression(place, items[i])
  return items as readonly ExpressionNode[]
}

export function requireOrderings(items: readonly unknown[]): readonly (ExpressionNode | OrderingNode)[] {
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    const isOrdering =
      typeof item === 'object' && item !== null && (item as { kind?: unknown }).kind === 'ordering'
    if (!isOrdering) requireExpression('orderBy', item)
  }
  return items as readonly (ExpressionNode | OrderingNode)[]
}

export function rowCount(place: string, count: unknown): ExpressionNode {
  if (isExpression(count)) return count
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw new BuildError('invalid_limit', `${place}(${excerpt(count)}): give a whole number, 0 or more.`)
  }
  return new ParameterNode(count, COUNT)
}

/** Writes `order by`, `limit` and `offset`. */
export function writeTail(
  to: Writer,
  { orderings, limitTo, offsetBy }: Pick<ClausesNode, 'orderings' | 'limitTo' | 'offsetBy'>,
): void {
  if (orderings.length > 0) {
    to.sql += ' order by '
    to.orderings(orderings)
  }
  if (limitTo !== undefined) {
    to.sql += ' limit '
    writeCount(to, limitTo)
  }
  if (offsetBy === undefined) return
  // Where there must be a limit, -1 is none.
  if (limitTo === undefined && !to.dialect.capabilities.offsetAlone) to.sql += ' limit -1'
  to.sql += ' offset '
  writeCount(to, offsetBy)
}

function writeCount(to: Writer, node: ExpressionNode): void {
  if (node.kind === 'parameter') to.value((node as ParameterNode).value, node.type, Position.comparison)
  else to.visit(node)
}
