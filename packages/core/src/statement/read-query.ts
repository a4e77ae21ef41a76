import { ExpressionNode, OrderingNode } from '../expression/node.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { OwnCodec } from '../types/codec.js'
import { OWN, type SqlType, UNKNOWN } from '../types/sql-type.js'
import { OrderByNode } from './clauses.js'
import type { QueryNode } from './compound.js'
import { OutputNode } from './output.js'
import { SelectionNode } from './selection.js'

/** A query whose rows are read, though another is around it: with what types select in place of their values. */
export function readQuery(query: QueryNode, to: Writer): QueryNode {
  return withOutputs(query, (output) => readOutput(output, to))
}

/** A query whose rows are kept, and not read: with the values themselves, also where types select something in their place. */
export function keptQuery(query: QueryNode, to: Writer): QueryNode {
  return withOutputs(query, (output) => (readOutput(output, to) === output ? output : new KeptNode(output)))
}

function readOutput(output: ExpressionNode, to: Writer): ExpressionNode {
  const own = output.type[OWN] as Partial<OwnCodec> | undefined
  return (own?.selected?.(output, to, true) as ExpressionNode | undefined) ?? output
}

/** An expression of a type that is to select nothing in its place. */
class KeptNode extends ExpressionNode {
  static readonly fields: Fields<KeptNode> = { operand: 'child' }
  constructor(readonly operand: ExpressionNode) {
    super('kept')
  }
  get type(): SqlType {
    return UNKNOWN
  }
  override write(to: Writer): void {
    to.visit(this.operand)
  }
}

function withOutputs(query: QueryNode, change: (output: ExpressionNode) => ExpressionNode): QueryNode {
  const copy = (parts: object) => Object.assign(Object.create(Object.getPrototypeOf(query)), query, parts)
  if (query.kind === 'compound') {
    const { left, right } = query as unknown as Readonly<Record<'left' | 'right', QueryNode>>
    const [first, second] = [withOutputs(left, change), withOutputs(right, change)]
    return first === left && second === right ? query : copy({ left: first, right: second })
  }
  const { outputs, labels, shape } = query.selection
  const changed = outputs.map(change)
  if (changed.every((output, i) => output === outputs[i])) return query
  const clauses = query.clauses.map((clause) =>
    clause.kind === 'orderBy' ? ordered(clause as OrderByNode, changed) : clause,
  )
  return copy({ selection: new SelectionNode(changed, labels, shape), clauses })
}

/** An order by columns of the result, which are now these. */
function ordered({ items }: OrderByNode, outputs: readonly ExpressionNode[]): OrderByNode {
  const now = (node: ExpressionNode): ExpressionNode => {
    if (node.kind !== 'output') return node
    const { label, position, type } = node as OutputNode
    return new OutputNode(outputs[position - 1] as ExpressionNode, label, position, type)
  }
  return new OrderByNode(
    items.map((item: Node) => {
      if (item.kind !== 'ordering') return now(item as ExpressionNode)
      const { expression, direction, nulls } = item as OrderingNode
      return new OrderingNode(now(expression), direction, nulls)
    }),
  )
}
