import type { ExpressionNode } from '../expression/node.js'
import { besideTarget, Scope } from '../expression/scope.js'
import { requireSource, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TargetSource } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import type { DeleteWithoutWhere } from './changes.js'
import { addPredicates } from './clauses.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { requireRows, requireTarget, type WriteTarget, writeReturningOf, writeTarget } from './target.js'
import { WriteNode } from './write.js'

/** `everyRow` says that a delete without condition is meant. */
export class DeleteNode extends WriteNode {
  static readonly fields: Fields<DeleteNode> = {
    table: 'child',
    sources: 'children',
    condition: 'optional',
    isEveryRow: 'data',
    selection: 'optional',
  }
  constructor(
    readonly table: WriteTarget,
    readonly sources: readonly SourceNode[],
    readonly condition: ExpressionNode | undefined,
    readonly isEveryRow: boolean,
    readonly selection: SelectionNode | undefined,
  ) {
    super('delete')
  }
  using(source: unknown): DeleteNode {
    const { node } = requireSource('using(…)', source)
    const sources = [...this.sources, node]
    return new DeleteNode(this.table, sources, this.condition, this.isEveryRow, this.selection)
  }
  where(...predicates: unknown[]): DeleteNode {
    const condition = addPredicates('where', this.condition, predicates)
    return new DeleteNode(this.table, this.sources, condition, this.isEveryRow, this.selection)
  }
  everyRow(): DeleteNode {
    return new DeleteNode(this.table, this.sources, this.condition, true, this.selection)
  }
  returning(selection: unknown): DeleteNode {
    const returned = readSelection('returning(…)', selection)
    return new DeleteNode(this.table, this.sources, this.condition, this.isEveryRow, returned)
  }

  write(to: Writer): void {
    const { table, sources, condition, selection } = this
    if (!this.isEveryRow) requireRows('delete', table.name, condition)
    const scope = new Scope(to.scope as Scope | undefined, table, besideTarget(sources))
    if (sources.length > 0) {
      scope.checkNames()
      scope.prepare(to)
    }
    to.scope = scope
    to.text('delete from ')
    writeTarget(to, table)
    if (sources.length > 0 && to.dialect.lacks.deleteUsing) this.writeExists(to)
    else {
      for (let i = 0; i < sources.length; i++) {
        to.text(i === 0 ? ' using ' : ', ')
        to.visit(sources[i] as SourceNode)
      }
      this.writeCondition(to)
    }
    to.scope = scope
    if (selection !== undefined) writeReturningOf(to, selection, table)
  }

  private writeCondition(to: Writer): void {
    if (this.condition === undefined) return
    to.text(' where ')
    to.visit(this.condition)
  }

  /** The same rows, where other sources can only be read by a query: those for which there is a row of the others. */
  private writeExists(to: Writer): void {
    const [first, ...others] = this.sources
    to.scope = new Scope(new Scope(undefined, this.table), first, besideTarget(others))
    to.text(' where exists (select 1 from ')
    to.list(this.sources)
    this.writeCondition(to)
    to.text(')')
  }
}

const NONE: readonly never[] = []

/**
 * Deletes rows of a table: those that `where` says, or all by `everyRow()`. Takes the table, or an alias of it.
 * @example
 * ```ts
 * await db.run(deleteFrom(users).where(users.id.in([1n, 2n])))
 * // delete from "users" where "users"."id" in ($1, $2)
 * ```
 */
export function deleteFrom<Name extends string, C>(
  table: TargetSource<Name, C>,
): DeleteWithoutWhere<Name, Name, never> {
  const node = requireTarget('deleteFrom(…)', table).node as WriteTarget
  return new DeleteNode(node, NONE, undefined, false, undefined) as unknown as DeleteWithoutWhere<
    Name,
    Name,
    never
  >
}
