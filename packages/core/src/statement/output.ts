import {
  ExpressionNode as Base,
  type ExpressionNode,
  isExpression,
  OrderingNode,
} from '../expression/node.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { mapShape, type SelectionNode } from './selection.js'

/** A column of the result, in `order by` or `group by`: by its label, or as its expression inside a larger one. */
export class OutputNode extends Base {
  static readonly fields: Fields<OutputNode> = {
    expression: 'child',
    label: 'data',
    position: 'data',
    type: 'data',
  }
  constructor(
    readonly expression: ExpressionNode,
    readonly label: string,
    readonly position: number,
    readonly type: SqlType,
  ) {
    super('output')
  }
  override write(to: Writer): void {
    to.visit(this.expression)
  }
  override get precedence(): number {
    return this.expression.precedence
  }
}

/** The row of a selection with an output in the place of every value: what `orderBy((row) => …)` is given. */
function outputRow(selection: SelectionNode): unknown {
  const { outputs, labels } = selection
  return mapShape(selection, (i) => {
    const expression = outputs[i] as ExpressionNode
    return new OutputNode(expression, labels[i] as string, i + 1, expression.type)
  })
}

/** What a clause is given, as a list: itself, or what a function of the row returns. */
export function clauseItems(given: readonly unknown[], selection: SelectionNode): readonly unknown[] {
  const first = given[0]
  if (typeof first !== 'function') return given
  const result: unknown = first(outputRow(selection))
  return Array.isArray(result) && !isExpression(result) ? result : [result]
}

/**
 * An expression that is also selected, or another like it, as that column of the result. Written twice, its values
 * would be sent twice, and PostgreSQL could not tell that what distinct rows are ordered by is what is selected.
 */
export function asOutput<T extends ExpressionNode | OrderingNode>(item: T, selection: SelectionNode): T {
  const expression = item.kind === 'ordering' ? (item as OrderingNode).expression : (item as ExpressionNode)
  if (expression.kind === 'column' || expression.kind === 'output') return item
  const at = selection.outputs.findIndex((output) =>
    isLike(output as unknown as Members, expression as unknown as Members),
  )
  if (at < 0) return item
  const output = new OutputNode(expression, selection.labels[at] as string, at + 1, expression.type)
  if (item.kind !== 'ordering') return output as ExpressionNode as T
  const { direction, nulls } = item as OrderingNode
  return new OrderingNode(output, direction, nulls) as T
}

/** Whether two expressions say the same of the same columns. It is short, since every program with a select has it. */
function isLike(left: Members | undefined, right: Members | undefined): boolean {
  if (left === right) return true
  if (!left || typeof left !== 'object' || left.constructor !== right?.constructor) return false
  // A column leads to its source, and from there to everything.
  if (left.source) return false
  const keys = Object.keys(left)
  // A date has no fields, nor has a value of Temporal.
  if (!keys.length) return JSON.stringify(left) === JSON.stringify(right)
  return keys.length === Object.keys(right).length && keys.every((key) => isLike(left[key], right[key]))
}
interface Members {
  readonly [key: string]: Members | undefined
}
