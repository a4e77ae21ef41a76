import { CollateNode, type ColumnNode, type ExpressionNode, storedInSqlite } from '@espalier/core'
import { isOfTable } from './stored.js'

function isCaseless({ type }: ExpressionNode): boolean {
  return type?.family === 'text' && storedInSqlite(type).name === 'citext'
}

/** Whether an expression has no regard to case and SQLite would not know it: only columns of tables tell. */
export function losesCase(node: ExpressionNode): boolean {
  if (!isCaseless(node) || node.kind === 'collate') return false
  return node.kind !== 'column' || !isOfTable((node as ColumnNode).source)
}

/**
 * The left side of a comparison, which says how texts are compared. As on PostgreSQL, case makes no difference if both sides
 * have no regard to it, and makes one beside another text.
 */
export function collatedBeside(left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  if (left.type.family !== 'text' || right.type?.family !== 'text') return left
  if (left.kind === 'collate' || right.kind === 'collate') return left
  const isAlike = isCaseless(right)
  if (isCaseless(left) === isAlike) return isAlike && losesCase(left) ? collated(left, 'nocase') : left
  return collated(left, 'binary')
}

function collated(node: ExpressionNode, collation: string): ExpressionNode {
  return new CollateNode(node, [collation], node.type)
}
