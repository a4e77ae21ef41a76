import { BuildError, excerpt } from '../errors.js'
import { ScalarQueryNode } from '../expression/function-node.js'
import {
  describe,
  type ExpressionNode,
  isQueryNode,
  type OrderingNode,
  requireEquality,
} from '../expression/node.js'
import { ROOT, sameName } from '../expression/scope.js'
import { ColumnNode, type ColumnTree, createSource, SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import {
  type ClauseNode,
  extended,
  findClause,
  LimitNode,
  OrderByNode,
  requireOrderings,
  rowCount,
  withClause,
} from './clauses.js'
import { clauseItems } from './output.js'
import { mapShape, SelectionNode, type Shape } from './selection.js'
import { StatementNode } from './statement-node.js'

/** A query in FROM under a name. */
export class SubqueryNode extends SourceNode {
  static readonly fields: Fields<SubqueryNode> = { query: 'child', name: 'data' }
  constructor(
    readonly query: QueryNode,
    name: string,
  ) {
    super('subquery', name)
  }
  write(to: Writer): void {
    this.writeAs(to, this.quotedName)
  }
  /** A query in FROM does not see the sources beside it. */
  override writeAs(to: Writer, quotedName: string): void {
    const { scope } = to
    to.scope = scope?.outer ?? ROOT
    to.text('(')
    to.visit(this.query)
    to.scope = scope
    to.text(') as ')
    to.text(quotedName)
  }
}

/** What selects and set operations have in common: rows that can be used further. */
export abstract class QueryNode extends StatementNode {
  abstract readonly selection: SelectionNode
  abstract readonly clauses: readonly ClauseNode[]
  protected abstract withClauses(clauses: readonly ClauseNode[]): QueryNode
  /** What it may be ordered by. */
  protected abstract orderItems<T extends ExpressionNode | OrderingNode>(items: readonly T[]): readonly T[]

  /** This query with a clause, in place of the one of its kind. */
  protected with(clause: ClauseNode): QueryNode {
    const clauses = withClause(this.clauses, clause)
    for (let i = 0; i < clauses.length; i++) (clauses[i] as ClauseNode).among(clauses, this)
    return this.withClauses(clauses)
  }
  add(clause: ClauseNode): QueryNode {
    return this.with(clause)
  }
  clear(...kinds: unknown[]): QueryNode {
    return this.withClauses(this.clauses.filter(({ kind }) => !kinds.includes(kind)))
  }
  orderBy(...given: unknown[]): QueryNode {
    const added = this.orderItems(requireOrderings(clauseItems(given, this.selection)))
    const before = findClause<OrderByNode>(this.clauses, 'orderBy')
    return this.with(new OrderByNode(extended(before?.items, added)))
  }
  limit(count: unknown): QueryNode {
    const before = findClause<LimitNode>(this.clauses, 'limit')
    return this.with(new LimitNode(rowCount('limit', count), before?.offset))
  }
  offset(count: unknown): QueryNode {
    const before = findClause<LimitNode>(this.clauses, 'limit')
    return this.with(new LimitNode(before?.count, rowCount('offset', count)))
  }
  /** Whether it has an order or a limit of its own, behind its rows. */
  get hasTail(): boolean {
    return this.clauses.at(-1)?.isTail === true
  }

  as(name: string): object {
    const node = new SubqueryNode(this, name)
    return createSource({ node, columns: derivedColumns(node, this.selection) })
  }
  scalar(): ExpressionNode {
    const { outputs, labels } = this.selection
    const [only, another] = outputs
    if (only === undefined || another !== undefined) {
      throw new BuildError(
        'not_scalar',
        `scalar() needs a query of one column; this one has ${outputs.length}: ${labels.join(', ')}.`,
      )
    }
    return new ScalarQueryNode(this, only.type)
  }
  union(other: unknown): CompoundNode {
    return compound('union', this, other)
  }
  unionAll(other: unknown): CompoundNode {
    return compound('union all', this, other)
  }
  intersect(other: unknown): CompoundNode {
    return compound('intersect', this, other)
  }
  intersectAll(other: unknown): CompoundNode {
    return compound('intersect all', this, other)
  }
  except(other: unknown): CompoundNode {
    return compound('except', this, other)
  }
  exceptAll(other: unknown): CompoundNode {
    return compound('except all', this, other)
  }
}

/** How the rows of two queries are put together. */
export type SetOperator = 'union' | 'union all' | 'intersect' | 'intersect all' | 'except' | 'except all'

/** Two queries joined by a set operator; the columns are those of the first. */
export class CompoundNode extends QueryNode {
  static readonly fields: Fields<CompoundNode> = {
    operator: 'data',
    left: 'child',
    right: 'child',
    clauses: 'children',
  }
  private merged: SelectionNode | undefined = undefined
  constructor(
    readonly operator: SetOperator,
    readonly left: QueryNode,
    readonly right: QueryNode,
    readonly clauses: readonly ClauseNode[],
  ) {
    super('compound')
  }
  get selection(): SelectionNode {
    this.merged ??= mergedSelection(this.left.selection, this.right.selection)
    return this.merged
  }
  protected withClauses(clauses: readonly ClauseNode[]): CompoundNode {
    return new CompoundNode(this.operator, this.left, this.right, clauses)
  }
  protected orderItems<T extends ExpressionNode | OrderingNode>(items: readonly T[]): readonly T[] {
    for (const item of items) {
      const expression =
        item.kind === 'ordering' ? (item as OrderingNode).expression : (item as ExpressionNode)
      if (expression.kind === 'output') continue
      throw new BuildError(
        'invalid_order',
        `A set operation is ordered by columns of its rows, .orderBy((row) => row.id), not by ${describe(expression)}. ` +
          "For anything else select from it: query.as('all').",
      )
    }
    return items
  }

  write(to: Writer): void {
    const outer = to.scope
    writeMember(to, this.left, true)
    to.scope = outer
    to.text(` ${this.operator} `)
    writeMember(to, this.right, false)
    // What the whole is ordered by are columns of its rows, not of any source.
    to.scope = ROOT
    for (const clause of this.clauses) clause.write(to)
    to.scope = outer
  }
}

/** One side of a set operation; where it cannot be in parentheses, what needs them becomes a query of its own. */
export function writeMember(to: Writer, query: QueryNode, isLeft: boolean): void {
  const setOperandParentheses = !to.dialect.lacks.setOperandParentheses
  const plain = !query.hasTail && (query.kind === 'select' || (isLeft && !setOperandParentheses))
  if (!plain) to.text(setOperandParentheses ? '(' : 'select * from (')
  to.visit(query)
  if (!plain) to.text(')')
}

function compound(operator: SetOperator, left: QueryNode, right: unknown): CompoundNode {
  if (!isQuery(right)) {
    throw new BuildError('invalid_query', `${operator} takes another select, not ${excerpt(right)}.`)
  }
  const { labels: ours, outputs } = left.selection
  const { labels: theirs, outputs: others } = right.selection
  if (ours.join('\0') !== theirs.join('\0')) {
    throw new BuildError(
      'mismatched_columns',
      `Both sides of ${operator} must select the same keys in the same order: (${ours.join(', ')}) and ` +
        `(${theirs.join(', ')}).`,
    )
  }
  outputs.forEach((output, i) => {
    const other = others[i] as ExpressionNode
    // PostgreSQL puts json and jsonb together in no set operation; nor are nested rows of one query those of another.
    if (operator !== 'union all' || output.type !== other.type) requireEquality(operator, [output, other])
  })
  if ([left, right].some(({ clauses }) => findClause(clauses, 'lock'))) {
    throw new BuildError('invalid_lock', `No side of a ${operator} can lock rows: lock in a subquery.`)
  }
  return new CompoundNode(operator, left, right, [])
}

/**
 * The selection of the first query. Where it has single precision and the second double, the result has double. A row of
 * a whole source is there if the columns that tell it of either query say so.
 */
function mergedSelection(left: SelectionNode, right: SelectionNode): SelectionNode {
  const isWidened = (output: ExpressionNode, i: number) =>
    output.type.name === 'real' && right.outputs[i]?.type.name === 'double'
  const shape = mergedShape(left.shape, right.shape)
  if (shape === left.shape && !left.outputs.some(isWidened)) return left
  const outputs = left.outputs.map((output, i) =>
    isWidened(output, i) ? (right.outputs[i] as ExpressionNode) : output,
  )
  return new SelectionNode(outputs, left.labels, shape)
}

function mergedShape<T extends Shape | undefined>(left: T, right: Shape | undefined): T {
  if (typeof left !== 'object' || typeof right !== 'object') return left
  const { fields, presence } = left
  const columns = presence && right.presence && [...presence.columns, ...right.presence.columns]
  return {
    ...left,
    fields: fields.map((field, i) => mergedShape(field, right.fields[i])),
    ...(columns && { presence: { ...presence, columns } }),
  }
}

export const isQuery = isQueryNode as (value: unknown) => value is QueryNode

/** The columns of a query as those of a source: one for each output, by its label. */
export function derivedColumns(node: SourceNode, selection: SelectionNode): ColumnTree {
  const { outputs, labels, shape } = selection
  // SQLite would take the first of two for both.
  for (let i = 1; i < labels.length; i++) {
    for (let j = 0; j < i; j++) {
      if (!sameName(labels[i] as string, labels[j] as string)) continue
      throw new BuildError(
        'duplicate_column',
        `'${node.name}' would have the columns '${labels[j]}' and '${labels[i]}', which some databases take for one. Rename one.`,
      )
    }
  }
  const columns = mapShape(
    selection,
    (i) => new ColumnNode(node, labels[i] as string, (outputs[i] as ExpressionNode).type, false),
  )
  return typeof shape === 'number' ? { value: columns as ColumnNode } : (columns as ColumnTree)
}
