import { flatText, quoteIdentifier } from '../expression/identifier.js'
import { SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'

/** A table by name, in FROM and as the target of DDL and of writes. */
export class TableNode extends SourceNode {
  static readonly fields: Fields<TableNode> = { name: 'data', schema: 'data' }
  /** The name behind that of its schema, quoted. */
  readonly quotedPath: string
  constructor(
    name: string,
    readonly schema: string | undefined,
  ) {
    super('table', name)
    this.quotedPath =
      schema === undefined ? this.quotedName : flatText(quoteIdentifier(schema), '.', this.quotedName)
  }
  write(to: Writer): void {
    if (to.preamble !== undefined) to.preamble.checkTable(this)
    to.text(this.quotedPath)
  }
}
