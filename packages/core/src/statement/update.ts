import { BuildError, excerpt } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import { besideTarget, Scope } from '../expression/scope.js'
import { requireSource, type SourceInfo, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TargetSource } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import { type Assignment, QueryAssignmentNode, readAssignments, writeAssignments } from './assignment.js'
import type { UpdateTable } from './changes.js'
import { addPredicates } from './clauses.js'
import { isQuery } from './compound.js'
import { readVersions } from './row-versions.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import {
  ColumnListNode,
  columnForKey,
  requireInfo,
  requireRows,
  requireTarget,
  type WriteTarget,
  writeReturningOf,
  writeTarget,
} from './target.js'
import { WriteNode } from './write.js'

/** `everyRow` says that an update without condition is meant. */
export class UpdateNode extends WriteNode {
  static readonly fields: Fields<UpdateNode> = {
    table: 'child',
    assignments: 'children',
    sources: 'children',
    condition: 'optional',
    isEveryRow: 'data',
    selection: 'optional',
  }
  constructor(
    readonly table: WriteTarget,
    readonly assignments: readonly Assignment[],
    readonly sources: readonly SourceNode[],
    readonly condition: ExpressionNode | undefined,
    readonly isEveryRow: boolean,
    readonly selection: SelectionNode | undefined,
  ) {
    super('update')
  }
  from(source: unknown): UpdateNode {
    const { node } = requireSource('from(…)', source)
    return this.with([...this.sources, node], this.condition, this.isEveryRow, this.selection)
  }
  where(...predicates: unknown[]): UpdateNode {
    const condition = addPredicates('where', this.condition, predicates)
    return this.with(this.sources, condition, this.isEveryRow, this.selection)
  }
  everyRow(): UpdateNode {
    return this.with(this.sources, this.condition, true, this.selection)
  }
  returning(selection: unknown): UpdateNode {
    const returned = readSelection('returning(…)', selection)
    return this.with(this.sources, this.condition, this.isEveryRow, returned)
  }
  returningOldAndNew(read: unknown): UpdateNode {
    const returned = readVersions(requireInfo(this.table), read)
    return this.with(this.sources, this.condition, this.isEveryRow, returned)
  }
  private with(
    sources: readonly SourceNode[],
    condition: ExpressionNode | undefined,
    isEveryRow: boolean,
    selection: SelectionNode | undefined,
  ): UpdateNode {
    return new UpdateNode(this.table, this.assignments, sources, condition, isEveryRow, selection)
  }

  write(to: Writer): void {
    const { table, sources, condition, selection } = this
    if (!this.isEveryRow) requireRows('update', table.name, condition)
    const scope = new Scope(to.scope as Scope | undefined, table, besideTarget(sources))
    if (sources.length > 0) {
      scope.checkNames()
      scope.prepare(to)
    }
    to.scope = scope
    to.text('update ')
    writeTarget(to, table)
    to.text(' set ')
    writeAssignments(to, this.assignments)
    for (let i = 0; i < sources.length; i++) {
      to.text(i === 0 ? ' from ' : ', ')
      to.visit(sources[i] as SourceNode)
    }
    if (condition !== undefined) {
      to.text(' where ')
      to.visit(condition)
    }
    if (selection !== undefined) writeReturningOf(to, selection, table)
  }
}

const NONE: readonly never[] = []

/**
 * Changes rows of a table: those that `where` says, or all by `everyRow()`. Takes the table, or an alias of it.
 * @example
 * ```ts
 * await db.run(update(posts).set((t) => ({ score: t.score.add(1) })).where(posts.id.eq(7n)))
 * // update "posts" set "score" = "posts"."score" + $1 where "posts"."id" = $2
 * const u = users.as('u')
 * update(u).set({ fullName: 'Ann' }).where(u.id.eq(1n))
 * // update "users" as "u" set "full_name" = $1 where "u"."id" = $2
 * ```
 */
export function update<Name extends string, C>(table: TargetSource<Name, C>): UpdateTable<Name, C> {
  return new UpdateStart(requireTarget('update(…)', table)) as unknown as UpdateTable<Name, C>
}

class UpdateStart {
  constructor(private readonly info: SourceInfo) {}
  set(values: unknown): UpdateNode {
    const { facade } = this.info.node
    return this.of(readAssignments('set', this.info, values, facade, undefined))
  }
  setFromSelect(query: unknown): UpdateNode {
    if (!isQuery(query)) {
      throw new BuildError(
        'invalid_query',
        `update(${this.info.node.name}).setFromSelect(…) takes a select, not ${excerpt(query)}.`,
      )
    }
    const columns = query.selection.labels.map((label) => columnForKey('setFromSelect', this.info, label))
    return this.of([new QueryAssignmentNode(new ColumnListNode(columns), query)])
  }
  private of(assignments: readonly Assignment[]): UpdateNode {
    return new UpdateNode(this.info.node as WriteTarget, assignments, NONE, undefined, false, undefined)
  }
}
