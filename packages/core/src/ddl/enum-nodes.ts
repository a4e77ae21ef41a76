import type { Writer } from '../expression/writer.js'
import { checkName } from '../schema/naming.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import { type SqlType, TEXT } from '../types/sql-type.js'
import { enumName } from '../types/text-types.js'

function requireTypes(to: Writer): void {
  if (to.dialect.lacks.textTypes !== true) return
  throw to.unsupported('types of a list of values', 'Leave this out: the column has a check of its own.')
}

/** `create type … as enum (…)`. */
export class CreateEnumNode extends StatementNode {
  static readonly fields: Fields<CreateEnumNode> = { type: 'data' }
  constructor(readonly type: SqlType) {
    super('createEnum')
  }
  write(to: Writer): void {
    requireTypes(to)
    checkName(to, this.type.name.slice('enum '.length))
    const text = to.codec(TEXT)
    const values = (this.type.values ?? []).map((value) => text.literal(value, TEXT))
    to.text(`create type ${enumName(this.type)} as enum (${values.join(', ')})`)
  }
}

/** `drop type …`. */
export class DropEnumNode extends StatementNode {
  static readonly fields: Fields<DropEnumNode> = { type: 'data', ifExists: 'data' }
  constructor(
    readonly type: SqlType,
    readonly ifExists: boolean,
  ) {
    super('dropEnum')
  }
  write(to: Writer): void {
    requireTypes(to)
    to.text(`drop type ${this.ifExists ? 'if exists ' : ''}${enumName(this.type)}`)
  }
}
