import { BuildError, CompileError, excerpt } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { describe, type ExpressionNode, isExpression } from '../expression/node.js'
import { besideTarget, DDL, Scope, sameName } from '../expression/scope.js'
import {
  type ColumnNode,
  columnsFrom,
  createSource,
  type SourceInfo,
  SourceNode,
} from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { Fields, Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import { type Assignment, readAssignments, writeAssignments } from './assignment.js'
import { addPredicates } from './clauses.js'
import { memoryOf } from './target.js'

const NONE: readonly never[] = []

/** Which conflict is meant: of columns or expressions, of some rows only, of a constraint; of any, if none is named. */
export class ConflictTargetNode implements Node {
  static readonly fields: Fields<ConflictTargetNode> = {
    keys: 'children',
    condition: 'optional',
    constraint: 'data',
  }
  constructor(
    readonly keys: readonly ExpressionNode[],
    readonly condition: ExpressionNode | undefined,
    readonly constraint: string | undefined,
  ) {}
  get kind(): string {
    return 'conflictTarget'
  }
  get isAny(): boolean {
    return this.keys.length === 0 && this.constraint === undefined
  }
  write(to: Writer): void {
    const { keys, condition, constraint } = this
    if (constraint !== undefined) {
      if (to.dialect.lacks.conflictConstraint) {
        throw to.unsupported(
          `on conflict on constraint (${quoteIdentifier(constraint)})`,
          'Name the columns of the constraint: .onConflict(users.email).',
        )
      }
      to.text(` on constraint ${quoteIdentifier(constraint)}`)
    }
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as ExpressionNode
      to.text(i === 0 ? ' (' : ', ')
      if (key.kind === 'column') to.text((key as ColumnNode).quotedName)
      else {
        to.text('(')
        writeOfIndex(to, key)
        to.text(')')
      }
    }
    if (keys.length > 0) to.text(')')
    if (condition === undefined) return
    to.text(' where ')
    writeOfIndex(to, condition)
  }
}

/** As the index has it: its columns alone, and its values as literals, without which no database finds the index. */
function writeOfIndex(to: Writer, node: ExpressionNode): void {
  const { inline, scope } = to
  to.inline = true
  to.scope = DDL
  to.visit(node)
  to.inline = inline
  to.scope = scope
}

/** What an insert does about a row that exists: nothing, or the assignments. */
export class ConflictNode implements Node {
  static readonly fields: Fields<ConflictNode> = {
    excluded: 'child',
    target: 'child',
    assignments: 'children',
    condition: 'optional',
  }
  constructor(
    readonly excluded: ExcludedNode,
    readonly target: ConflictTargetNode,
    readonly assignments: readonly Assignment[],
    readonly condition: ExpressionNode | undefined,
  ) {}
  get kind(): string {
    return 'conflict'
  }
  where(predicates: readonly unknown[]): ConflictNode {
    const condition = addPredicates('where', this.condition, predicates)
    return new ConflictNode(this.excluded, this.target, this.assignments, condition)
  }
  write(to: Writer, table: TableNode): void {
    to.text(' on conflict')
    this.target.write(to)
    if (this.assignments.length === 0) {
      to.text(' do nothing')
      return
    }
    if (sameName(table.name, 'excluded')) {
      throw new CompileError(
        'duplicate_source',
        `In do update, 'excluded' is the row that was to be inserted, so it cannot be told from the table '${table.name}'. ` +
          'Rename the table.',
      )
    }
    const { scope } = to
    to.scope = new Scope(undefined, table, this.excluded.beside)
    to.text(' do update set ')
    writeAssignments(to, this.assignments)
    if (this.condition !== undefined) {
      to.text(' where ')
      to.visit(this.condition)
    }
    to.scope = scope
  }
}

/** The row that was to be inserted, as `do update` sees it. */
export class ExcludedNode extends SourceNode {
  static readonly fields: Fields<ExcludedNode> = { name: 'data' }
  /** This source as a scope takes it, which is the same in every insert. */
  readonly beside = besideTarget([this])
  constructor(name = 'excluded') {
    super('excluded', name)
  }
  write(to: Writer): void {
    to.text(this.quotedName)
  }
}

/** The `excluded` of a table, made once: it is the same in every insert. */
function excludedOf(info: SourceInfo): ExcludedNode {
  const memory = memoryOf(info)
  if (memory.excluded !== undefined) return memory.excluded as ExcludedNode
  const node = new ExcludedNode()
  createSource({ node, columns: columnsFrom(node, info.columns) })
  memory.excluded = node
  return node
}

/** What `onConflict(…)` was given: columns and expressions of the table, or the name of a constraint. */
export function readConflictTarget(table: SourceInfo, given: readonly unknown[]): ConflictTargetNode {
  const first = given[0]
  const constraint = isExpression(first)
    ? undefined
    : (first as { constraint?: unknown } | undefined)?.constraint
  if (typeof constraint === 'string' && given.length === 1) {
    return new ConflictTargetNode(NONE, undefined, constraint)
  }
  for (let i = 0; i < given.length; i++) requireOfTable('onConflict', table, given[i])
  return new ConflictTargetNode(given as readonly ExpressionNode[], undefined, undefined)
}

function requireOfTable(place: string, table: SourceInfo, value: unknown): void {
  if (isExpression(value)) {
    if (value.kind === 'column' && (value as ColumnNode).source === table.node) return
    let foreign: Node | undefined
    walk(value, (node) => {
      if (node.kind === 'column' && (node as ColumnNode).source !== table.node) foreign ??= node
    })
    if (foreign === undefined) return
    throw invalidTarget(place, table, describe(foreign))
  }
  throw invalidTarget(place, table, excerpt(value))
}

function invalidTarget(place: string, { node }: SourceInfo, found: string): BuildError {
  return new BuildError(
    'invalid_conflict',
    `${place}(…) takes columns of '${node.name}', or expressions of them that a unique index has, not ${found}.`,
  )
}

/** An insert that has yet to say what it does about a row that exists. */
export class ConflictStart<T> {
  constructor(
    private readonly insert: { withConflict(conflict: ConflictNode): T },
    private readonly table: SourceInfo,
    private readonly target: ConflictTargetNode,
  ) {}
  where(...predicates: unknown[]): ConflictStart<T> {
    const { keys, condition } = this.target
    if (keys.length === 0) {
      throw new BuildError(
        'invalid_conflict',
        'where(…) of a conflict tells a partial index by its columns: .onConflict(users.email).where(…).',
      )
    }
    for (const predicate of predicates)
      if (predicate !== undefined) requireOfTable('where', this.table, predicate)
    const target = new ConflictTargetNode(keys, addPredicates('where', condition, predicates), undefined)
    return new ConflictStart(this.insert, this.table, target)
  }
  doNothing(): T {
    return this.insert.withConflict(new ConflictNode(excludedOf(this.table), this.target, NONE, undefined))
  }
  doUpdate(set: unknown): T {
    if (this.target.isAny) {
      throw new BuildError(
        'invalid_conflict',
        'doUpdate needs the columns that conflict: .onConflict(users.email).doUpdate(…).',
      )
    }
    const excluded = excludedOf(this.table)
    const { facade } = this.table.node
    const assignments = readAssignments('doUpdate', this.table, set, facade, excluded.facade)
    return this.insert.withConflict(new ConflictNode(excluded, this.target, assignments, undefined))
  }
}
