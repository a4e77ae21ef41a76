import { type FragmentNode, RawNode } from '../expression/function-node.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { besideTarget, ROOT, Scope } from '../expression/scope.js'
import { isSourceNode, SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { SelectionNode } from './selection.js'
import { StatementNode } from './statement-node.js'
import type { ColumnTypes } from './values-source.js'

/** The sources that stand among the parts of raw SQL. */
function sourcesAmong(parts: readonly Node[]): SourceNode[] {
  return parts.flatMap((part) => {
    if (isSourceNode(part)) return [part]
    return part.kind === 'fragment' ? sourcesAmong((part as FragmentNode).parts) : []
  })
}

/** Writes raw SQL in which the columns of its own sources may be written. */
function writeInScope(to: Writer, node: RawNode | FragmentNode, outer: Scope | undefined): void {
  const { scope } = to
  const sources = sourcesAmong(node.parts)
  to.scope = sources.length === 0 ? outer : new Scope(outer, undefined, besideTarget(sources))
  to.visit(node)
  to.scope = scope
}

/** A statement in raw SQL, and what it returns. */
export class RawStatementNode extends StatementNode {
  static readonly fields: Fields<RawStatementNode> = { raw: 'child', selection: 'optional' }
  constructor(
    readonly raw: RawNode,
    readonly selection?: SelectionNode,
  ) {
    super('rawStatement')
  }
  write(to: Writer): void {
    writeInScope(to, this.raw, to.scope as Scope | undefined)
  }
}

/** The rows of a raw statement: columns by their place, with the types that are stated. */
export function rawSelection(columns: ColumnTypes): SelectionNode {
  const keys = Object.keys(columns)
  const outputs = Object.values(columns).map(
    ({ sqlType }, i) => new RawNode([quoteIdentifier(keys[i] as string)], [], sqlType),
  )
  return new SelectionNode(outputs, keys, undefined)
}

/** A query in raw SQL, in FROM under a name. */
export class RawSourceNode extends SourceNode {
  static readonly fields: Fields<RawSourceNode> = { raw: 'child', name: 'data' }
  constructor(
    readonly raw: FragmentNode,
    name: string,
  ) {
    super('rawSource', name)
  }
  write(to: Writer): void {
    this.writeAs(to, this.quotedName)
  }
  /** As a query in FROM, it does not see the sources beside it. */
  override writeAs(to: Writer, quotedName: string): void {
    to.text('(')
    writeInScope(to, this.raw, (to.scope?.outer ?? ROOT) as Scope)
    to.text(`) as ${quotedName}`)
  }
}
