import type { RawNode } from '../expression/function-node.js'
import type { BinaryNode, ExpressionNode, LogicalNode } from '../expression/node.js'
import { Precedence } from '../expression/operators.js'

const KINDS: Readonly<Record<string, number>> = {
  not: Precedence.not,
  nullTest: Precedence.comparison,
  between: Precedence.comparison,
  inList: Precedence.comparison,
  inQuery: Precedence.comparison,
  like: Precedence.comparison,
  negative: Precedence.sign,
}

/** How tightly the outermost part of an expression binds. */
export function precedenceOf(node: ExpressionNode): number {
  switch (node.kind) {
    case 'column':
    case 'parameter':
      return Precedence.primary
    case 'binary':
      return (node as BinaryNode).definition.precedence
    case 'logical':
      return (node as LogicalNode).operator === 'and' ? Precedence.and : Precedence.or
    case 'raw':
      // What is inside, only its author knows; a single word or number needs no parentheses.
      return /^[\w.]+$/.test((node as RawNode).texts.join('$')) ? Precedence.primary : 0
    default:
      return KINDS[node.kind] ?? Precedence.primary
  }
}
