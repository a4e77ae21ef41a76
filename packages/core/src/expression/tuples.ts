import { BuildError, excerpt } from '../errors.js'
import type { Fields, Node } from '../tree/node.js'
import { withoutLimits } from '../types/sql-type.js'
import type { BooleanExpression, Expression, Reads } from './expression.js'
import { type ExpressionNode, FALSE, isQueryNode, PredicateNode, TRUE, toExpression } from './node.js'
import { operatorOf } from './operators.js'
import type { AnyExpression } from './source.js'
import type { Statement } from './statement.js'
import { Position, type Writer } from './writer.js'

/** What a tuple is compared with: for each of its expressions a value, or an expression of the family. */
export type TupleValues<T extends readonly AnyExpression[]> = {
  readonly [K in keyof T]: NonNullable<T[K]['~value']> | Expression<unknown, Reads, string, T[K]['~family']>
}

type Compared<T extends readonly AnyExpression[], B> = BooleanExpression<
  boolean | (T[number]['~value'] & null) | (B extends { readonly '~value': infer V } ? V & null : never),
  T[number]['~sources'] | (B extends { readonly '~sources': infer S extends Reads } ? S : never),
  T[number]['~nulledBy'] | (B extends { readonly '~nulledBy': infer N extends string } ? N : never)
>

/** Several expressions that are compared as one: see {@link tuple}. */
export interface Tuple<T extends readonly AnyExpression[]> {
  /** Each is equal to the one at its place: `("a", "b") = ($1, $2)`. */
  eq<B extends TupleValues<T>>(other: B): Compared<T, B[number]>
  /** Some differ: `("a", "b") <> ($1, $2)`. */
  ne<B extends TupleValues<T>>(other: B): Compared<T, B[number]>
  /** The first that differ are less; what keyset pagination asks for: `("a", "b") < ($1, $2)`. */
  lt<B extends TupleValues<T>>(other: B): Compared<T, B[number]>
  /** Less, or all equal: `("a", "b") <= ($1, $2)`. */
  lte<B extends TupleValues<T>>(other: B): Compared<T, B[number]>
  /** The first that differ are greater: `("a", "b") > ($1, $2)`. */
  gt<B extends TupleValues<T>>(other: B): Compared<T, B[number]>
  /** Greater, or all equal: `("a", "b") >= ($1, $2)`. */
  gte<B extends TupleValues<T>>(other: B): Compared<T, B[number]>
  /** One of a list of tuples, or of the rows of a query of as many columns. An empty list is never true. */
  in<B extends TupleValues<T> = never, S2 extends Reads = never>(
    rows: readonly B[] | Statement<unknown, S2>,
  ): Compared<T, B[number] | { readonly '~sources': S2 }>
  /** None of a list of tuples, or of the rows of a query of as many columns. An empty list is always true. */
  notIn<B extends TupleValues<T> = never, S2 extends Reads = never>(
    rows: readonly B[] | Statement<unknown, S2>,
  ): Compared<T, B[number] | { readonly '~sources': S2 }>
}

/**
 * Several expressions to be compared as one, from the first to the last.
 *
 * Throws a `BuildError` for fewer than two, or when compared with another number of values.
 * @example
 * ```ts
 * tuple(users.orgId, users.email).in([[1, 'a@x.org'], [2, 'b@x.org']])
 * // PostgreSQL: ("users"."org_id", "users"."email") in (($1, $2), ($3, $4))
 * // SQLite: ("users"."org_id", "users"."email") in (values (?, ?), (?, ?))
 * tuple(posts.score, posts.id).lt([10, 7n]) // ("posts"."score", "posts"."id") < ($1, $2)
 * ```
 */
export function tuple<const T extends readonly [AnyExpression, AnyExpression, ...AnyExpression[]]>(
  ...items: T
): Tuple<T> {
  if (items.length < 2) {
    throw new BuildError('invalid_tuple', `tuple(…) takes two expressions or more, not ${items.length}.`)
  }
  return new TupleOf(items.map((item) => toExpression('tuple', item))) as unknown as Tuple<T>
}

class TupleOf {
  constructor(private readonly items: readonly ExpressionNode[]) {}
  eq(other: unknown): ExpressionNode {
    return this.compare('eq', other)
  }
  ne(other: unknown): ExpressionNode {
    return this.compare('ne', other)
  }
  lt(other: unknown): ExpressionNode {
    return this.compare('lt', other)
  }
  lte(other: unknown): ExpressionNode {
    return this.compare('lte', other)
  }
  gt(other: unknown): ExpressionNode {
    return this.compare('gt', other)
  }
  gte(other: unknown): ExpressionNode {
    return this.compare('gte', other)
  }
  in(rows: unknown): ExpressionNode {
    return this.member('in', rows, false)
  }
  notIn(rows: unknown): ExpressionNode {
    return this.member('notIn', rows, true)
  }

  private compare(method: string, other: unknown): ExpressionNode {
    return new TupleComparisonNode(this.items, method, this.row(method, other))
  }

  private member(method: string, rows: unknown, negated: boolean): ExpressionNode {
    if (isQueryNode(rows)) return new TupleInQueryNode(this.items, rows, negated)
    if (!Array.isArray(rows)) {
      throw new BuildError(
        'invalid_in',
        `tuple(…).${method}(…) takes an array of arrays of values or a select, not ${excerpt(rows)}.`,
      )
    }
    if (rows.length === 0) return negated ? TRUE : FALSE
    const values = rows.flatMap((row) => this.row(method, row))
    return new TupleInListNode(this.items, values, negated)
  }

  private row(method: string, values: unknown): ExpressionNode[] {
    const { items } = this
    if (!Array.isArray(values) || values.length !== items.length) {
      throw new BuildError(
        'invalid_tuple',
        `tuple(…).${method}(…) compares ${items.length} expressions with ${excerpt(values)}; it takes an array of ` +
          `${items.length} values.`,
      )
    }
    return values.map((value, i) => {
      if (value !== null) {
        return toExpression(`tuple(…).${method}`, value, withoutLimits((items[i] as ExpressionNode).type))
      }
      throw new BuildError(
        'null_comparison',
        `tuple(…).${method}(${excerpt(values)}): NULL equals nothing. Test that expression by isNull().`,
      )
    })
  }
}

function writeRow(
  to: Writer,
  row: readonly ExpressionNode[],
  beside: readonly ExpressionNode[] | undefined,
): void {
  to.text('(')
  for (let i = 0; i < row.length; i++) {
    if (i > 0) to.text(', ')
    const item = row[i] as ExpressionNode
    if (beside === undefined) to.visit(item)
    else to.side(item, beside[i] as ExpressionNode, 0, Position.comparison)
  }
  to.text(')')
}

/** `(a, b) < (c, d)`. */
export class TupleComparisonNode extends PredicateNode {
  static readonly fields: Fields<TupleComparisonNode> = {
    left: 'children',
    operator: 'data',
    right: 'children',
  }
  constructor(
    readonly left: readonly ExpressionNode[],
    readonly operator: string,
    readonly right: readonly ExpressionNode[],
  ) {
    super('tupleComparison')
  }
  override write(to: Writer): void {
    const { left, right } = this
    writeRow(to, left, right)
    to.text(operatorOf(this.operator).text)
    writeRow(to, right, left)
  }
  override opposite(): ExpressionNode {
    return new TupleComparisonNode(this.left, operatorOf(this.operator).negation ?? this.operator, this.right)
  }
}

/** `(a, b) in ((1, 2), (3, 4))`: the values of all rows one after the other. */
export class TupleInListNode extends PredicateNode {
  static readonly fields: Fields<TupleInListNode> = {
    items: 'children',
    values: 'children',
    negated: 'data',
  }
  constructor(
    readonly items: readonly ExpressionNode[],
    readonly values: readonly ExpressionNode[],
    readonly negated: boolean,
  ) {
    super('tupleInList')
  }
  override write(to: Writer): void {
    const { items, values } = this
    writeRow(to, items, undefined)
    to.text(this.negated ? ' not in (' : ' in (')
    if (to.dialect.lacks.rowLists) to.text('values ')
    for (let i = 0; i < values.length; i += items.length) {
      if (i > 0) to.text(', ')
      writeRow(to, values.slice(i, i + items.length), items)
    }
    to.text(')')
  }
  override opposite(): ExpressionNode {
    return new TupleInListNode(this.items, this.values, !this.negated)
  }
}

/** `(a, b) in (select …)`. */
export class TupleInQueryNode extends PredicateNode {
  static readonly fields: Fields<TupleInQueryNode> = { items: 'children', query: 'child', negated: 'data' }
  constructor(
    readonly items: readonly ExpressionNode[],
    readonly query: Node,
    readonly negated: boolean,
  ) {
    super('tupleInQuery')
  }
  override write(to: Writer): void {
    const { labels } = (this.query as Node & { readonly selection: { readonly labels: readonly string[] } })
      .selection
    if (labels.length !== this.items.length) {
      throw new BuildError(
        'invalid_tuple',
        `tuple(…).in(…) compares ${this.items.length} expressions with a query of ${labels.length}: ${labels.join(', ')}.`,
      )
    }
    writeRow(to, this.items, undefined)
    to.text(this.negated ? ' not in (' : ' in (')
    to.nested(this.query)
    to.text(')')
  }
  override opposite(): ExpressionNode {
    return new TupleInQueryNode(this.items, this.query, !this.negated)
  }
}

/** Whether a name is that of a comparison. */
export function isComparison(name: unknown): boolean {
  return typeof name === 'string' && ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'].includes(name)
}
