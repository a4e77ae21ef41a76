import { quoteIdentifier } from '../expression/identifier.js'
import { DDL } from '../expression/scope.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Node } from '../tree/node.js'
import type { SqlWriter } from '../types/dialect.js'

/** A statement that returns no rows and needs nothing to run. */
export interface DdlStatement extends Statement<never, never> {
  /** That no database plans it: see {@link explain}. */
  readonly '~isPlanned': false
}

/** A DDL node by its public type. */
export function ddl(node: StatementNode): DdlStatement {
  return node as unknown as DdlStatement
}

/** Writes DDL, in which values are literals and columns stand alone. */
export function writeDdl(to: Writer, write: () => void): void {
  const { inline, scope } = to
  to.inline = true
  to.scope = DDL
  write()
  to.inline = inline
  to.scope = scope
}

/** A name behind that of its schema, quoted. */
export function pathOf(schema: string | undefined, name: string): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** A part of DDL by itself. */
class PartNode extends StatementNode {
  constructor(
    readonly part: Node,
    readonly isInColumn: boolean,
  ) {
    super('ddlPart')
  }
  write(to: Writer): void {
    const { part } = this
    writeDdl(to, () => {
      if (this.isInColumn) (part as unknown as { writeInColumn(to: Writer): void }).writeInColumn(to)
      else to.visit(part)
    })
  }
}

/**
 * The SQL of a part of DDL by itself: of a column, a constraint, an expression, for programs that put it into statements of
 * their own. With `inColumn`, a constraint as it stands behind its only column.
 * @example
 * ```ts
 * const { columns, constraints } = tableDefinition(orgs)
 * ddlText(columns[1]!, postgresDialect) // "name" text not null
 * ddlText(constraints[1]!, postgresDialect) // constraint "orgs_name_key" unique ("name")
 * ```
 */
export function ddlText(
  part: Node,
  dialect: SqlWriter,
  options: { readonly inColumn?: boolean } = {},
): string {
  return dialect.toSQL(new PartNode(part, options.inColumn === true), { inline: true }).sql
}
