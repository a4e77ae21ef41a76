import type { ExpressionNode } from '../expression/node.js'
import { besideTarget, Scope } from '../expression/scope.js'
import { requireSource, type SourceInfo, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import { type AssignmentNode, readAssignments, writeAssignments } from './assignment.js'
import { addPredicates } from './clauses.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { StatementNode } from './statement-node.js'
import { requireTable, whereMissing, writeReturning } from './target.js'
import type { UpdateTable } from './writes.js'

/** `everyRow` says that an update without condition is meant. */
export class UpdateNode extends StatementNode {
  static readonly fields: Fields<UpdateNode> = {
    table: 'child',
    assignments: 'children',
    sources: 'children',
    condition: 'optional',
    isEveryRow: 'data',
    selection: 'optional',
  }
  constructor(
    readonly table: TableNode,
    readonly assignments: readonly AssignmentNode[],
    readonly sources: readonly SourceNode[],
    readonly condition: ExpressionNode | undefined,
    readonly isEveryRow: boolean,
    readonly selection: SelectionNode | undefined,
  ) {
    super('update')
  }
  from(source: unknown): UpdateNode {
    const { node } = requireSource('from(…)', source)
    return new UpdateNode(
      this.table,
      this.assignments,
      [...this.sources, node],
      this.condition,
      this.isEveryRow,
      this.selection,
    )
  }
  where(...predicates: unknown[]): UpdateNode {
    return new UpdateNode(
      this.table,
      this.assignments,
      this.sources,
      addPredicates('where', this.condition, predicates),
      this.isEveryRow,
      this.selection,
    )
  }
  everyRow(): UpdateNode {
    return new UpdateNode(this.table, this.assignments, this.sources, this.condition, true, this.selection)
  }
  returning(selection: unknown): UpdateNode {
    const returned = readSelection('returning(…)', selection)
    return new UpdateNode(
      this.table,
      this.assignments,
      this.sources,
      this.condition,
      this.isEveryRow,
      returned,
    )
  }

  write(to: Writer): void {
    const { table, sources, condition, selection } = this
    if (condition === undefined && !this.isEveryRow) throw whereMissing('update', table.name)
    const scope = new Scope(undefined, table, besideTarget(sources))
    if (sources.length > 0) {
      scope.checkNames()
      scope.prepare(to)
    }
    to.scope = scope
    to.sql += 'update '
    to.sql += table.quotedPath
    to.sql += ' set '
    writeAssignments(to, this.assignments)
    for (let i = 0; i < sources.length; i++) {
      to.sql += i === 0 ? ' from ' : ', '
      to.visit(sources[i] as SourceNode)
    }
    if (condition !== undefined) {
      to.sql += ' where '
      to.visit(condition)
    }
    if (selection !== undefined) writeReturning(to, selection)
  }
}

const NONE: readonly never[] = []

/**
 * Changes rows of a table: those that `where` says, or all by `everyRow()`.
 * @example
 * ```ts
 * await db.run(update(posts).set((t) => ({ score: t.score.add(1) })).where(posts.id.eq(7n)))
 * // update "posts" set "score" = "posts"."score" + $1 where "posts"."id" = $2
 * ```
 */
export function update<Name extends string, C>(table: TableSource<Name, C>): UpdateTable<Name, C> {
  return new UpdateStart(requireTable('update', table)) as unknown as UpdateTable<Name, C>
}

class UpdateStart {
  constructor(private readonly info: SourceInfo) {}
  set(values: unknown): UpdateNode {
    const { node } = this.info
    const assignments = readAssignments('set', this.info, values, node.facade, undefined)
    return new UpdateNode(node as TableNode, assignments, NONE, undefined, false, undefined)
  }
}
