import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { ExpressionNode } from './node.js'
import type { Writer } from './writer.js'

/**
 * `round(x, digits)` of a floating-point number: by its decimal form, since standard SQL rounds only decimals to a number of
 * digits.
 */
export class RoundNode extends ExpressionNode {
  static readonly fields: Fields<RoundNode> = { operand: 'child', digits: 'child', type: 'data' }
  constructor(
    readonly operand: ExpressionNode,
    readonly digits: ExpressionNode,
    readonly type: SqlType,
  ) {
    super('round')
  }
  override write(to: Writer): void {
    to.text('cast(round(cast(')
    to.visit(this.operand)
    to.text(' as numeric), ')
    to.visit(this.digits)
    to.text(`) as ${to.codec(this.type).ddl(this.type)})`)
  }
}
