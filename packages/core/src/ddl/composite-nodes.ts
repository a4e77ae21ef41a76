import { quoteIdentifier } from '../expression/identifier.js'
import type { Writer } from '../expression/writer.js'
import { checkName } from '../schema/naming.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import { compositeName } from '../types/composite.js'
import type { SqlType } from '../types/sql-type.js'

function requireTypes(to: Writer): void {
  if (to.dialect.lacks.textTypes !== true) return
  throw to.unsupported('composite types', 'Leave this out: the column is a text, an object of JSON.')
}

/** `create type … as (…)`. */
export class CreateCompositeNode extends StatementNode {
  static readonly fields: Fields<CreateCompositeNode> = { type: 'data' }
  constructor(readonly type: SqlType) {
    super('createComposite')
  }
  write(to: Writer): void {
    requireTypes(to)
    const name = compositeName(this.type)
    checkName(to, name)
    const fields = (this.type.fields ?? []).map((field) => {
      checkName(to, field.name)
      return `${quoteIdentifier(field.name)} ${to.codec(field.type).ddl(field.type)}`
    })
    to.text(`create type ${quoteIdentifier(name)} as (${fields.join(', ')})`)
  }
}

/** `drop type …`. */
export class DropCompositeNode extends StatementNode {
  static readonly fields: Fields<DropCompositeNode> = { type: 'data', ifExists: 'data' }
  constructor(
    readonly type: SqlType,
    readonly ifExists: boolean,
  ) {
    super('dropComposite')
  }
  write(to: Writer): void {
    requireTypes(to)
    to.text(`drop type ${this.ifExists ? 'if exists ' : ''}${quoteIdentifier(compositeName(this.type))}`)
  }
}
