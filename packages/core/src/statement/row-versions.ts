import { BuildError, CompileError, excerpt } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import { besideTarget, type JoinedSource, Scope, sameName } from '../expression/scope.js'
import { columnsFrom, createSource, type SourceInfo, SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { SelectionNode, type Shape } from './selection.js'
import { readSelection } from './shape.js'

/** A row that was written, as it was before or as it is after. */
export class RowVersionNode extends SourceNode {
  static readonly fields: Fields<RowVersionNode> = { name: 'data' }
  constructor(name: 'old' | 'new') {
    super('rowVersion', name)
  }
  write(to: Writer): void {
    to.text(this.quotedName)
  }
}

/** What a write returns, where it reads rows as they were before and as they are after. */
export class VersionedSelectionNode extends SelectionNode {
  static override readonly fields: Fields<VersionedSelectionNode> = {
    outputs: 'children',
    labels: 'data',
    shape: 'data',
    versions: 'children',
  }
  constructor(
    outputs: readonly ExpressionNode[],
    labels: readonly string[],
    shape: Shape | undefined,
    readonly versions: readonly RowVersionNode[],
  ) {
    super(outputs, labels, shape)
  }
  override get kind(): string {
    return 'versionedSelection'
  }
  override write(to: Writer): void {
    if (to.dialect.lacks.rowVersions) {
      throw to.unsupported(
        'returning of old and new rows',
        'Return the row as it is after the write by .returning(…), and select it as it was before the write in the same transaction.',
      )
    }
    const outer = to.scope as Scope
    const clash = outer.all().find(({ name }) => sameName(name, 'old') || sameName(name, 'new'))
    if (clash !== undefined) {
      throw new CompileError(
        'duplicate_source',
        `In returning, 'old' and 'new' are the row before and after the write, so they cannot be told from the source ` +
          `'${clash.name}'. Give it another name: const other = source.as('other').`,
      )
    }
    const joins: readonly JoinedSource[] = [...outer.joins, ...besideTarget(this.versions)]
    to.scope = new Scope(outer.outer, outer.source, joins)
    super.write(to)
    to.scope = outer
  }
}

/** The selection that a function makes of the two versions of a table's rows. */
export function readVersions(table: SourceInfo, read: unknown): SelectionNode {
  if (typeof read !== 'function') {
    throw new BuildError(
      'invalid_selection',
      `returningOldAndNew(…) takes a function of the old and the new row, not ${excerpt(read)}: ` +
        '(before, after) => ({ was: before.score, is: after.score }).',
    )
  }
  const versions = [new RowVersionNode('old'), new RowVersionNode('new')]
  const facades = versions.map((node) => createSource({ node, columns: columnsFrom(node, table.columns) }))
  const { outputs, labels, shape } = readSelection('returningOldAndNew(…)', read(...facades))
  return new VersionedSelectionNode(outputs, labels, shape, versions)
}
