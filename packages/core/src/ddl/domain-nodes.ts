import { quoteIdentifier } from '../expression/identifier.js'
import { ExpressionNode } from '../expression/node.js'
import { DDL } from '../expression/scope.js'
import type { Writer } from '../expression/writer.js'
import { checkName } from '../schema/naming.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import { type SqlType, storedAs } from '../types/sql-type.js'

/** The value that the check of a domain is about; where there are no domains, the column that has it. */
export class DomainValueNode extends ExpressionNode {
  static readonly fields: Fields<DomainValueNode> = { column: 'data', type: 'data' }
  constructor(
    readonly column: string | undefined,
    readonly type: SqlType,
  ) {
    super('domainValue')
  }
  override write(to: Writer): void {
    to.text(this.column === undefined ? 'value' : quoteIdentifier(this.column))
  }
}

function requireDomains(to: Writer): void {
  if (to.dialect.lacks.textTypes !== true) return
  throw to.unsupported('domains', 'Leave this out: the column has a check of its own.')
}

/** `create domain … as … check (…)`. */
export class CreateDomainNode extends StatementNode {
  static readonly fields: Fields<CreateDomainNode> = { name: 'data', type: 'data', check: 'optional' }
  constructor(
    readonly name: string,
    /** What its values are. */
    readonly type: SqlType,
    readonly check: ExpressionNode | undefined,
  ) {
    super('createDomain')
  }
  write(to: Writer): void {
    requireDomains(to)
    checkName(to, this.name)
    to.text(`create domain ${quoteIdentifier(this.name)} as ${to.codec(this.type).ddl(storedAs(this.type))}`)
    if (this.check === undefined) return
    const { inline, scope } = to
    to.inline = true
    to.scope = DDL
    to.text(' check (')
    to.visit(this.check)
    to.text(')')
    to.inline = inline
    to.scope = scope
  }
}

/** `drop domain …`. */
export class DropDomainNode extends StatementNode {
  static readonly fields: Fields<DropDomainNode> = { name: 'data', ifExists: 'data' }
  constructor(
    readonly name: string,
    readonly ifExists: boolean,
  ) {
    super('dropDomain')
  }
  write(to: Writer): void {
    requireDomains(to)
    to.text(`drop domain ${this.ifExists ? 'if exists ' : ''}${quoteIdentifier(this.name)}`)
  }
}
