import {
  CollateNode,
  type ColumnNode,
  type ExpressionNode,
  type SqlType,
  storedInSqlite,
  type Writer,
} from '@espalier/core'
import { isOfTable } from './stored.js'

/** Whether texts of a type, or those of which an array is one, are compared without regard to case. */
export function isCaselessType(type: SqlType): boolean {
  const { name, element } = storedInSqlite(type)
  return element === undefined ? name === 'citext' : name === 'array' && isCaselessType(element)
}

function isCaseless({ type }: ExpressionNode): boolean {
  return type !== undefined && isCaselessType(type)
}

const isCompared = (node: ExpressionNode) => /^(?:text|array)$/.test(node.type?.family)

/** Refuses to compare composite values of which only some fields have no regard to case: they are one text. */
export function refuseCaselessFields(type: SqlType, to: Writer): void {
  if ((type.fields ?? type.element) === undefined) return
  const { fields, element } = storedInSqlite(type)
  if (element !== undefined) refuseCaselessFields(element, to)
  for (const field of fields ?? []) {
    if (isCaselessType(field.type)) {
      throw to.unsupported(
        `comparison of composite values with citext in them ('${field.key}')`,
        'Compare the fields: field(…).',
      )
    }
    refuseCaselessFields(field.type, to)
  }
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
  if (!isCompared(left) || !isCompared(right)) return left
  if (left.kind === 'collate' || right.kind === 'collate') return left
  const isAlike = isCaseless(right)
  if (isCaseless(left) === isAlike) return isAlike && losesCase(left) ? collated(left, 'nocase') : left
  return collated(left, 'binary')
}

function collated(node: ExpressionNode, collation: string): ExpressionNode {
  return new CollateNode(node, [collation], node.type)
}
