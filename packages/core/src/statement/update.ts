import { BuildError } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import { requireSource, type SourceInfo, type SourceNode } from '../expression/source.js'
import type { TableNode } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import { defineKind, ofKind } from '../tree/node.js'
import { type AssignmentNode, readAssignments } from './assignment.js'
import { addPredicates } from './clauses.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { StatementNode } from './statement-node.js'
import { requireTable } from './target.js'
import type { UpdateTable } from './writes.js'

/** `everyRow` says that an update without condition is meant. */
export class UpdateNode extends StatementNode {
  constructor(
    readonly table: TableNode,
    readonly assignments: readonly AssignmentNode[],
    readonly sources: readonly SourceNode[],
    readonly condition: ExpressionNode | undefined,
    readonly isEveryRow: boolean,
    readonly selection: SelectionNode | undefined,
  ) {
    super()
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
}
defineKind(
  'update',
  UpdateNode,
  {
    table: 'child',
    assignments: 'children',
    sources: 'children',
    condition: 'optional',
    isEveryRow: 'data',
    selection: 'optional',
  },
  { table: ofKind('table') },
)

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

/** The error for a write that says nothing about which rows are meant. */
export function whereMissing(verb: 'update' | 'delete', table: string): BuildError {
  return new BuildError(
    'no_where',
    `This ${verb} of '${table}' would reach every row. Say which with .where(…), or that all are meant with .everyRow().`,
  )
}
