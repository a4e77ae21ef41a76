import type { Fields } from '../tree/node.js'
import { TEXT } from '../types/sql-type.js'
import { type ExpressionNode, PredicateNode } from './node.js'
import { Precedence } from './operators.js'
import { Position, type Writer } from './writer.js'

/** A text matched with a regular expression of the database. */
export class RegexNode extends PredicateNode {
  static readonly fields: Fields<RegexNode> = {
    operand: 'child',
    pattern: 'data',
    ignoreCase: 'data',
    negated: 'data',
  }
  constructor(
    readonly operand: ExpressionNode,
    readonly pattern: string,
    readonly ignoreCase: boolean,
    readonly negated = false,
  ) {
    super('regex')
  }
  override write(to: Writer): void {
    if (to.dialect.lacks.regularExpressions) {
      throw to.unsupported('regular expressions', 'Match by like(…), or do it in the program.')
    }
    to.operand(this.operand, Precedence.primary)
    to.text(`${this.negated ? ' !~' : ' ~'}${this.ignoreCase ? '*' : ''} `)
    to.value(this.pattern, TEXT, Position.comparison, this.operand)
  }
  override opposite(): ExpressionNode {
    return new RegexNode(this.operand, this.pattern, this.ignoreCase, !this.negated)
  }
}
