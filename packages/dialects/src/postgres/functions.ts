import type { AggregateNode, Compiler, ExpressionNode, FunctionNode } from '@espalier/core'

/** The functions that PostgreSQL has under another name, or for other types, by the name that the tree knows. */
export const postgresFunctions = new Map<string, (node: FunctionNode, to: Compiler) => boolean>([
  ['round', writeRound],
])

/** round(double precision, integer) does not exist: two digits of a double are those of its decimal form. */
function writeRound(node: FunctionNode, to: Compiler): boolean {
  if (node.type.family !== 'real') return false
  const [number, digits] = node.args as [ExpressionNode, ExpressionNode]
  to.text('cast(round(cast(')
  to.visit(number)
  to.text(' as numeric), ')
  to.visit(digits)
  to.text(`) as ${to.codec(node.type).ddl(node.type)})`)
  return true
}

/** The name of an aggregate where PostgreSQL has another one; it has no order of booleans. */
export function postgresAggregate({ name, type }: AggregateNode): string | undefined {
  if (type.family !== 'boolean') return undefined
  return name === 'min' ? 'bool_and' : name === 'max' ? 'bool_or' : undefined
}
