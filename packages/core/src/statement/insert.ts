import { BuildError, excerpt } from '../errors.js'
import { ROOT, Scope } from '../expression/scope.js'
import type { SourceInfo } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import { appended } from './clauses.js'
import { isQuery, type QueryNode } from './compound.js'
import { type ConflictNode, ConflictStart, readConflictTarget } from './conflict.js'
import { type ExpressionRowsNode, readRows, type ValuesNode } from './insert-rows.js'
import { readVersions } from './row-versions.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { ColumnListNode, columnForKey, requireInfo, requireTable, writeReturning } from './target.js'
import { WriteNode } from './write.js'
import type { InsertInto } from './writes.js'

const NONE: readonly never[] = []
const NO_COLUMNS = /* @__PURE__ */ new ColumnListNode(NONE)

const ABSENT: ReadonlySet<string> = /* @__PURE__ */ new Set(['old'])

/** What stands between `insert` and its rows, of which the databases have different ones. */
export type InsertMode = 'or ignore' | 'or replace' | 'overriding system value' | undefined

/** `rows` is undefined for `default values`. */
export class InsertNode extends WriteNode {
  static readonly fields: Fields<InsertNode> = {
    table: 'child',
    columns: 'child',
    rows: 'optional',
    conflicts: 'children',
    mode: 'data',
    selection: 'optional',
  }
  constructor(
    readonly table: TableNode,
    readonly columns: ColumnListNode,
    readonly rows: ValuesNode | ExpressionRowsNode | QueryNode | undefined,
    readonly conflicts: readonly ConflictNode[],
    readonly mode: InsertMode,
    readonly selection: SelectionNode | undefined,
  ) {
    super('insert')
  }
  /** The row before, which an inserted row has not. */
  get absentSources(): ReadonlySet<string> | undefined {
    return this.selection?.kind === 'versionedSelection' ? ABSENT : undefined
  }
  /** This insert with one more answer to a conflict. */
  withConflict(conflict: ConflictNode): InsertNode {
    return this.withConflicts(appended(this.conflicts, conflict))
  }
  private withConflicts(conflicts: readonly ConflictNode[]): InsertNode {
    return new InsertNode(this.table, this.columns, this.rows, conflicts, this.mode, this.selection)
  }
  private withSelection(selection: SelectionNode): InsertNode {
    return new InsertNode(this.table, this.columns, this.rows, this.conflicts, this.mode, selection)
  }
  private withMode(mode: InsertMode): InsertNode {
    const { mode: before, conflicts } = this
    if (before !== undefined && before !== mode) throw modesAtOnce(before, mode)
    if (conflicts.length > 0 && mode?.startsWith('or') === true) throw modesAtOnce('on conflict', mode)
    return new InsertNode(this.table, this.columns, this.rows, conflicts, mode, this.selection)
  }
  orIgnore(): InsertNode {
    return this.withMode('or ignore')
  }
  orReplace(): InsertNode {
    return this.withMode('or replace')
  }
  overridingSystemValue(): InsertNode {
    return this.withMode('overriding system value')
  }
  onConflict(...target: unknown[]): object {
    const info = requireInfo(this.table)
    if (this.mode?.startsWith('or') === true) throw modesAtOnce(this.mode, 'on conflict')
    const { conflicts } = this
    if (conflicts.length > 0 && (conflicts[conflicts.length - 1] as ConflictNode).target.isAny) {
      throw new BuildError(
        'two_conflicts',
        `insert(${info.node.name}): .onConflict() without columns means every conflict, so none can follow it. Put it last.`,
      )
    }
    return new ConflictStart(this, info, readConflictTarget(info, target))
  }
  where(...predicates: unknown[]): InsertNode {
    const last = this.conflicts.at(-1)
    if (last === undefined || last.assignments.length === 0) {
      throw new BuildError(
        'invalid_where',
        'where(…) of an insert follows doUpdate(…): it limits which rows are updated.',
      )
    }
    return this.withConflicts([...this.conflicts.slice(0, -1), last.where(predicates)])
  }
  returning(selection: unknown): InsertNode {
    return this.withSelection(readSelection('returning(…)', selection))
  }
  returningOldAndNew(read: unknown): InsertNode {
    return this.withSelection(readVersions(requireInfo(this.table), read))
  }

  write(to: Writer): void {
    const { table, conflicts, selection, mode } = this
    let { columns: list, rows } = this
    if (rows?.kind === 'expressionRows' && to.dialect.lacks.defaultKeyword)
      ({ list, rows } = withoutDefaults(list, rows as ExpressionRowsNode))
    const { columns, text } = list
    const { scope } = to
    to.text(mode === undefined ? 'insert into ' : verbOf(to, mode))
    to.text(table.quotedPath)
    to.text(text)
    if (mode === 'overriding system value' && rows !== undefined && !to.dialect.lacks.overridingIdentity)
      to.text(' overriding system value')
    if (columns.length > 0) to.text(' ')
    to.scope = ROOT
    if (rows === undefined) to.text(' default values')
    else if (rows.kind === 'values') (rows as ValuesNode).write(to, list)
    else if (rows.kind === 'expressionRows') (rows as ExpressionRowsNode).write(to, columns)
    else to.visit(rows)
    if (conflicts.length > 1 && to.dialect.lacks.severalConflicts) {
      throw to.unsupported(
        'insert with several on conflict clauses',
        'Write one: .onConflict().doNothing() passes over every conflict, .onConflict(users.email) is about one key.',
      )
    }
    for (let i = 0; i < conflicts.length; i++) (conflicts[i] as ConflictNode).write(to, table)
    if (selection !== undefined) {
      to.scope = new Scope(scope as Scope | undefined, table)
      writeReturning(to, selection)
    }
  }
}

/** The columns and rows as a database takes them that knows no `default`: without the columns that have nothing else. */
function withoutDefaults(
  list: ColumnListNode,
  rows: ExpressionRowsNode,
): { readonly list: ColumnListNode; readonly rows: ExpressionRowsNode | undefined } {
  const left = rows.defaultColumns(list)
  if (left.length === 0) return { list, rows }
  if (left.length < list.columns.length) {
    const kept = new ColumnListNode(list.columns.filter((column) => !left.includes(column)))
    return { list: kept, rows: rows.without(left, list) }
  }
  return rows.rowCount === 1 ? { list: NO_COLUMNS, rows: undefined } : { list, rows }
}

function modesAtOnce(before: string, mode: InsertMode | 'on conflict'): BuildError {
  return new BuildError(
    'two_conflicts',
    `One insert cannot be both '${before}' and '${mode}': each says what happens to a row that cannot be inserted. Keep one.`,
  )
}

function verbOf(to: Writer, mode: InsertMode): string {
  if (mode === 'overriding system value') return 'insert into '
  if (to.dialect.lacks.insertOr) {
    throw to.unsupported(
      `insert ${mode}`,
      mode === 'or ignore'
        ? 'Write .onConflict().doNothing().'
        : 'Write .onConflict(users.email).doUpdate(…), which changes the row that exists.',
    )
  }
  return `insert ${mode} into `
}

/**
 * Inserts rows into a table.
 * @example
 * ```ts
 * await db.run(insert(users).values([{ orgId: 1, email: 'a@x.org' }, { orgId: 1, email: 'b@x.org' }]))
 * // insert into "users" ("org_id", "email") values ($1, $2), ($3, $4)
 * ```
 */
export function insert<Name extends string, C>(table: TableSource<Name, C>): InsertInto<Name, C> {
  return new InsertStart(requireTable('insert(…)', table)) as unknown as InsertInto<Name, C>
}

class InsertStart {
  constructor(private readonly table: SourceInfo) {}

  values(given: unknown): InsertNode {
    const rows = Array.isArray(given) ? given : [given]
    const read = readRows(this.table, rows)
    return this.into(read.list, read.rows)
  }
  fromSelect(query: unknown): InsertNode {
    if (!isQuery(query)) {
      throw new BuildError(
        'invalid_query',
        `insert(${this.table.node.name}).fromSelect(…) takes a select, not ${excerpt(query)}.`,
      )
    }
    const columns = query.selection.labels.map((label) => columnForKey('fromSelect', this.table, label))
    return this.into(new ColumnListNode(columns), query)
  }
  defaultValues(): InsertNode {
    return this.into(NO_COLUMNS, undefined)
  }
  private into(columns: ColumnListNode, rows: InsertNode['rows']): InsertNode {
    return new InsertNode(this.table.node as TableNode, columns, rows, NONE, undefined, undefined)
  }
}
