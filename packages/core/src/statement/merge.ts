import { BuildError, CompileError } from '../errors.js'
import { type ExpressionNode, requirePredicate } from '../expression/node.js'
import { besideTarget, Scope } from '../expression/scope.js'
import { requireSource, type SourceInfo, type SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TargetSource } from '../schema/table.js'
import type { Fields, Node } from '../tree/node.js'
import { type AssignmentNode, readAssignments, writeAssignments } from './assignment.js'
import { addPredicates } from './clauses.js'
import { writeNewValue } from './default-value.js'
import { MergeScope } from './merge-action.js'
import type { MergeInto } from './merges.js'
import { readVersions } from './row-versions.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { requireInfo, requireTarget, type WriteTarget, writeReturning, writeTarget } from './target.js'
import { WriteNode } from './write.js'

const NONE: readonly never[] = []

/** Which pairs of rows a branch is for: of the table and of the source, of the source alone, of the table alone. */
export type MergeMatch = 'matched' | 'not matched' | 'not matched by source'
/** What a branch does with its rows. */
export type MergeAction = 'update' | 'insert' | 'delete' | 'do nothing'

/** One `when … then …` of a merge. */
export class MergeBranchNode implements Node {
  static readonly fields: Fields<MergeBranchNode> = {
    match: 'data',
    condition: 'optional',
    action: 'data',
    assignments: 'children',
  }
  constructor(
    readonly match: MergeMatch,
    readonly condition: ExpressionNode | undefined,
    readonly action: MergeAction,
    readonly assignments: readonly AssignmentNode[],
  ) {}
  get kind(): string {
    return 'mergeBranch'
  }
  write(to: Writer): void {
    const { match, condition, action, assignments } = this
    if (match === 'not matched by source' && to.dialect.lacks.mergeBySource) {
      throw to.unsupported(
        'merge of rows that the source lacks (whenNotMatchedBySource)',
        'Write an update or a delete where(not(exists(…))) of the source, in the same transaction.',
      )
    }
    to.text(` when ${match}`)
    if (condition !== undefined) {
      to.text(' and ')
      to.visit(condition)
    }
    to.text(` then ${action}`)
    if (action === 'update') {
      to.text(' set ')
      writeAssignments(to, assignments)
    } else if (action === 'insert') {
      to.text(` (${assignments.map(({ column }) => column.quotedName).join(', ')}) values (`)
      assignments.forEach(({ column, value }, i) => {
        if (i > 0) to.text(', ')
        writeNewValue(to, value, column)
      })
      to.text(')')
    }
  }
}

/** Rows of a source, and what each does to a table. */
export class MergeNode extends WriteNode {
  static readonly fields: Fields<MergeNode> = {
    table: 'child',
    source: 'child',
    condition: 'child',
    branches: 'children',
    selection: 'optional',
  }
  constructor(
    readonly table: WriteTarget,
    readonly source: SourceNode,
    readonly condition: ExpressionNode,
    readonly branches: readonly MergeBranchNode[],
    readonly selection: SelectionNode | undefined,
  ) {
    super('merge')
  }
  /** The sources that have no row where another has: the source beside a row of the table alone, and the row before or after. */
  get absentSources(): ReadonlySet<string> {
    return new Set([this.source.name, 'old', 'new'])
  }
  whenMatched(...predicates: unknown[]): MergeWhen {
    return this.when('matched', predicates)
  }
  whenNotMatched(...predicates: unknown[]): MergeWhen {
    return this.when('not matched', predicates)
  }
  whenNotMatchedBySource(...predicates: unknown[]): MergeWhen {
    return this.when('not matched by source', predicates)
  }
  returning(selection: unknown): MergeNode {
    return this.withSelection(readSelection('returning(…)', selection))
  }
  returningOldAndNew(read: unknown): MergeNode {
    return this.withSelection(readVersions(requireInfo(this.table), read))
  }
  private withSelection(selection: SelectionNode): MergeNode {
    return new MergeNode(this.table, this.source, this.condition, this.branches, selection)
  }

  private when(match: MergeMatch, predicates: readonly unknown[]): MergeWhen {
    const { table, branches } = this
    if (branches.some((branch) => branch.match === match && branch.condition === undefined)) {
      throw new BuildError(
        'unreachable_branch',
        `This merge into '${table.name}' has a branch for every row that is ${match} already, so another one after it is never ` +
          'reached. Put the branches with conditions before it.',
      )
    }
    const condition = predicates.length === 0 ? undefined : addPredicates('when', undefined, predicates)
    return new MergeWhen(requireInfo(table), (action, assignments) => {
      const branch = new MergeBranchNode(match, condition, action, assignments)
      return new MergeNode(table, this.source, this.condition, [...branches, branch], this.selection)
    })
  }

  write(to: Writer): void {
    const { table, source, branches, selection } = this
    if (to.dialect.lacks.merge) {
      throw to.unsupported(
        'merge',
        'Write insert(…).fromSelect(…).onConflict(…).doUpdate(…), and a delete for the rest.',
      )
    }
    if (selection !== undefined && to.dialect.lacks.mergeReturning) {
      throw to.unsupported(
        'returning of a merge',
        'Select the rows after it in the same transaction, or write insert(…).onConflict(…).doUpdate(…).returning(…).',
      )
    }
    if (branches.length === 0) {
      throw new CompileError(
        'no_branch',
        `This merge into '${table.name}' does nothing: add .whenMatched() or .whenNotMatched().`,
      )
    }
    const outer = to.scope as Scope | undefined
    const both = new Scope(outer, table, besideTarget([source]))
    both.checkNames()
    both.prepare(to)
    to.scope = both
    to.text('merge into ')
    writeTarget(to, table)
    to.text(' using ')
    to.visit(source)
    to.text(' on ')
    to.visit(this.condition)
    for (const branch of branches) {
      to.scope =
        branch.match === 'matched'
          ? both
          : new Scope(undefined, branch.match === 'not matched' ? source : table)
      branch.write(to)
    }
    to.scope = new MergeScope(outer, table, besideTarget([source]))
    if (selection !== undefined) writeReturning(to, selection)
  }
}

/** A merge that has yet to say what it does with the rows of a branch; `accept` makes the merge that does. */
class MergeWhen {
  constructor(
    private readonly table: SourceInfo,
    private readonly accept: (action: MergeAction, assignments: readonly AssignmentNode[]) => MergeNode,
  ) {}
  doUpdate(set: unknown): MergeNode {
    return this.accept('update', this.read('doUpdate', set))
  }
  doInsert(row: unknown): MergeNode {
    return this.accept('insert', this.read('doInsert', row))
  }
  doDelete(): MergeNode {
    return this.accept('delete', NONE)
  }
  doNothing(): MergeNode {
    return this.accept('do nothing', NONE)
  }
  private read(place: string, set: unknown): readonly AssignmentNode[] {
    return readAssignments(place, this.table, set, this.table.node.facade, undefined)
  }
}

/**
 * Brings a table in line with the rows of another source in one statement: rows that match are updated or deleted, those
 * that the table lacks are inserted, those that the source lacks are updated or deleted. The first branch that fits a row
 * counts. Takes the table, or an alias of it.
 *
 * PostgreSQL 15; `returning` and rows that the source lacks from 17 on. On SQLite an `UnsupportedError`: see
 * {@link Insert.onConflict}.
 * @example
 * ```ts
 * mergeInto(archive).using(users, users.id.eq(archive.id))
 *   .whenMatched(users.email.like('%@spam.org')).doDelete()
 *   .whenMatched().doUpdate({ email: users.email })
 *   .whenNotMatched().doInsert({ id: users.id, email: users.email })
 * // PostgreSQL: merge into "archive" using "users" on "users"."id" = "archive"."id"
 * //   when matched and "users"."email" like $1 then delete
 * //   when matched then update set "email" = "users"."email"
 * //   when not matched then insert ("id", "email") values ("users"."id", "users"."email")
 * ```
 */
export function mergeInto<Name extends string, C>(table: TargetSource<Name, C>): MergeInto<Name, C> {
  return new MergeStart(requireTarget('mergeInto(…)', table).node as WriteTarget) as unknown as MergeInto<
    Name,
    C
  >
}

class MergeStart {
  constructor(private readonly table: WriteTarget) {}
  using(source: unknown, on: unknown): MergeNode {
    const { node } = requireSource('using(…)', source)
    return new MergeNode(this.table, node, requirePredicate('using', on), NONE, undefined)
  }
}
