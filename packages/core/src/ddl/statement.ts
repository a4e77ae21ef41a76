import { quoteIdentifier } from '../expression/identifier.js'
import { DDL } from '../expression/scope.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import type { StatementNode } from '../statement/statement-node.js'

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
