import { CompileError } from '../errors.js'
import { Scope, sameName } from '../expression/scope.js'
import type { SourceNode } from '../expression/source.js'
import type { NamedSlot, Preamble, Writer, WritesAside } from '../expression/writer.js'
import type { Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'

const NONE: never[] = []

/** The WITH of a statement: the texts of its CTEs, in the order in which they need each other. */
class WithClause implements Preamble {
  readonly nodes: SourceNode[] = []
  readonly texts: string[] = []
  /** Their parameters, where those must stand in the order of the text. */
  params: unknown[] = NONE
  named: NamedSlot[] = NONE
  isRecursive = false
  /** Whether tables were written before all names were known. */
  isLate = false

  /** A table of the name of a CTE would be taken for the CTE. */
  checkTable(table: SourceNode & { readonly schema?: string | undefined }): void {
    if (table.schema !== undefined || !this.nodes.some((cte) => sameName(cte.name, table.name))) return
    throw new CompileError(
      'duplicate_source',
      `This statement has a CTE and a table that are both named '${table.name}', and the database would take one for the other. ` +
        'Rename the CTE.',
    )
  }

  finish(to: Writer, statement: Node): void {
    const { texts, params, named } = this
    if (this.isLate) {
      walk(statement, (node) => {
        if (node.kind === 'table') this.checkTable(node as SourceNode)
      })
    }
    to.text(this.isRecursive ? 'with recursive ' : 'with ')
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) to.text(', ')
      to.text(texts[i] as string)
    }
    to.text(' ')
    if (params.length === 0) return
    to.params = [...params, ...to.params]
    const shifted = to.named?.map((slot) => ({ ...slot, index: slot.index + params.length }))
    to.named = [...named, ...(shifted ?? [])]
  }
}

/** What a CTE sees around it: nothing. */
// A class and not a closure that makes the text: that took a tenth of the time of a statement with a CTE, and in every
// other process more than half of it, since the closures of old statements kept the trees of younger ones in memory.
class CteScope extends Scope {
  constructor(private readonly cte: string) {
    super(undefined, undefined)
  }
  override get hint(): string {
    return (
      `The CTE '${this.cte}' is written in front of the statement and sees nothing of it. Write that condition where the CTE ` +
      "is used, or use the query itself there: in a subquery, by query.as('…') or lateral('…', query)."
    )
  }
}

/** Writes a CTE aside, once, for the WITH in front of the statement. */
export function hoist(to: Writer, node: SourceNode & WritesAside, isRecursive: boolean): void {
  to.preamble ??= new WithClause()
  const clause = to.preamble as WithClause
  const { nodes } = clause
  for (let i = 0; i < nodes.length; i++) {
    const other = nodes[i] as SourceNode
    if (other === node) return
    if (!sameName(other.name, node.name)) continue
    throw new CompileError(
      'duplicate_cte',
      `Two different CTEs of this statement are both named '${node.name}'. Rename one.`,
    )
  }
  const { scope, params, named } = to
  if (to.hasText || nodes.length > 0) clause.isLate = true
  nodes.push(node)
  if (isRecursive) clause.isRecursive = true
  to.scope = new CteScope(node.name)
  if (to.positional) {
    to.params = []
    to.named = undefined
  }
  clause.texts.push(to.aside(node))
  if (to.positional) {
    const shifted = (to.named ?? []).map((slot) => ({ ...slot, index: slot.index + clause.params.length }))
    clause.named = [...clause.named, ...shifted]
    clause.params = [...clause.params, ...to.params]
    to.params = params
    to.named = named
  }
  to.scope = scope
}
