import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { type Feature, requireFeature } from './feature.js'
import { ExpressionNode, NotNode } from './node.js'
import { Precedence } from './operators.js'
import type { Writer } from './writer.js'

const WORDS = ['glob', 'match', 'regexp', 'overlaps', 'similar to', 'not glob', 'not match', 'not regexp']

/**
 * Whether a text can be an operator: characters of which PostgreSQL makes operators, but no comment, or one of the few
 * that are words.
 *
 * See https://www.postgresql.org/docs/current/sql-createoperator.html
 */
export function isOperatorText(text: unknown): boolean {
  if (typeof text !== 'string') return false
  return /^[-+*/<>=~!@#%^&|`?]{1,63}$/.test(text) ? !/--|\/\*/.test(text) : WORDS.includes(text)
}

/** Whether a text is an operator, or one with its schema: `operator(app.===)`. */
export function isOperatorPath(text: unknown): boolean {
  const [, operator] = /^operator\((?:[\w$]+|"(?:[^"]|"")+")\.([^)]+)\)$/.exec(String(text)) ?? []
  return isOperatorText(operator ?? text)
}

/**
 * Two operands with an operator between them that is no part of the table of all databases. How tightly it binds is not
 * asked: operands that are operators themselves are put in parentheses.
 */
export class OperatorNode extends ExpressionNode {
  static readonly fields: Fields<OperatorNode> = {
    left: 'child',
    operator: 'data',
    right: 'child',
    type: 'data',
    negation: 'data',
    feature: 'data',
  }
  constructor(
    readonly left: ExpressionNode,
    readonly operator: string,
    readonly right: ExpressionNode,
    readonly type: SqlType,
    /** The operator with the opposite meaning, if there is one. */
    readonly negation?: string,
    /** What the database must have for it. */
    readonly feature?: Feature,
  ) {
    super('operator')
  }
  override write(to: Writer): void {
    if (this.feature !== undefined) requireFeature(to, this.feature)
    to.operand(this.left, Precedence.primary)
    to.text(` ${this.operator} `)
    to.operand(this.right, Precedence.primary)
  }
  override get precedence(): number {
    return Precedence.comparison
  }
  override opposite(): ExpressionNode {
    const { left, operator, right, type, negation, feature } = this
    return negation === undefined
      ? new NotNode(this)
      : new OperatorNode(left, negation, right, type, operator, feature)
  }
}
