import { CastNode } from '../expression/function-node.js'
import { ConstantNode, type ExpressionNode } from '../expression/node.js'
import { type ColumnNode, SourceNode } from '../expression/source.js'
import { Position, type Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import type { ColumnListNode } from './target.js'
import { hoist } from './with-clause.js'

/** Rows of plain values for columns of a table, in front of the statement that reads them. */
export class UpdateRowsNode extends SourceNode {
  static readonly fields: Fields<UpdateRowsNode> = {
    name: 'data',
    columns: 'child',
    values: 'data',
    rowCount: 'data',
  }
  constructor(
    name: string,
    readonly columns: ColumnListNode,
    /** Row after row in one list. */
    readonly values: readonly unknown[],
    readonly rowCount: number,
  ) {
    super('updateRows', name)
  }
  write(to: Writer): void {
    this.prepare(to)
    to.text(this.quotedName)
  }
  override prepare(to: Writer): void {
    hoist(to, this, false)
  }
  writeAside(to: Writer): void {
    const { values, rowCount } = this
    const { columns, text } = this.columns
    const width = columns.length
    if (values.length !== width * rowCount)
      throw new TypeError(`${values.length} values for ${rowCount} rows`)
    to.text(`${this.quotedName}${text} as (values `)
    for (let i = 0; i < values.length; i++) {
      to.text(i % width === 0 ? (i === 0 ? '(' : '), (') : ', ')
      // The first row says the types of all.
      writeValue(to, values[i], columns[i % width] as ColumnNode, i < width)
    }
    to.text('))')
  }
}

function writeValue(to: Writer, value: unknown, column: ColumnNode, isFirst: boolean): void {
  const { type } = column
  if (value !== null) to.value(value, type, isFirst ? Position.free : Position.operand, column)
  else if (!isFirst) to.text('null')
  else to.visit(new CastNode(new ConstantNode(null, type) as ExpressionNode, type))
}
