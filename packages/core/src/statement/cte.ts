import { BuildError, excerpt } from '../errors.js'
import type { Reads } from '../expression/expression.js'
import { CastNode } from '../expression/function-node.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode } from '../expression/node.js'
import {
  type AliasNode,
  type Column,
  ColumnNode,
  type ColumnTree,
  createSource,
  type FromItem,
  requireSource,
  SourceNode,
  type SourceOf,
} from '../expression/source.js'
import type { WindowedNode, WindowNode } from '../expression/window-node.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import { sameRows } from '../types/same-rows.js'
import { BOOLEAN, type SqlType, typeText, UNKNOWN, withoutLimits } from '../types/sql-type.js'
import { type Clause, ClauseNode, Rank } from './clauses.js'
import { derivedColumns, isQuery, type QueryNode, writeMember } from './compound.js'
import { absentSources } from './joins.js'
import type { Compatible, DerivedColumns, Selecting } from './query.js'
import { SelectNode } from './select.js'
import { SelectionNode } from './selection.js'
import type { Row } from './shape.js'
import type { StatementNode } from './statement-node.js'
import { hoist } from './with-clause.js'

/** A statement that returns rows: a query, or a write with `returning`. */
type RowsNode = StatementNode & { readonly selection: SelectionNode }

/** A common table expression: a query with a name, written once in front of the statement that uses it. */
export class CteNode extends SourceNode {
  static readonly fields: Fields<CteNode> = { name: 'data', query: 'child', materialized: 'data' }
  constructor(
    name: string,
    readonly query: RowsNode,
    /** Whether it is computed on its own; undefined leaves that to the database. */
    readonly materialized?: boolean,
  ) {
    super('cte', name)
  }
  write(to: Writer): void {
    this.prepare(to)
    to.text(this.quotedName)
  }
  override prepare(to: Writer): void {
    const { query } = this
    if (!isQuery(query) && to.dialect.lacks.writesInCtes) {
      throw to.unsupported(
        `${query.kind} in a CTE`,
        'Run it first, in the same transaction, and use what it returned.',
      )
    }
    hoist(to, this, false)
  }
  writeAside(to: Writer): void {
    const { query, materialized } = this
    to.text(this.quotedName)
    to.text(
      materialized === undefined ? ' as (' : materialized ? ' as materialized (' : ' as not materialized (',
    )
    to.visit(query)
    to.text(')')
  }
}

/** A recursive CTE as its own step sees it. */
export class CteSelfNode extends SourceNode {
  static readonly fields: Fields<CteSelfNode> = { name: 'data' }
  constructor(name: string) {
    super('cteSelf', name)
  }
  write(to: Writer): void {
    to.text(this.quotedName)
  }
}

/** A common table expression that reads itself. */
export class RecursiveCteNode extends SourceNode {
  static readonly fields: Fields<RecursiveCteNode> = {
    name: 'data',
    self: 'child',
    base: 'child',
    step: 'child',
    distinct: 'data',
    search: 'data',
    cycle: 'data',
  }
  constructor(
    name: string,
    readonly self: CteSelfNode,
    readonly base: QueryNode,
    readonly step: QueryNode,
    readonly distinct: boolean,
    readonly search?: Search,
    readonly cycle?: Cycle,
  ) {
    super('recursiveCte', name)
  }
  write(to: Writer): void {
    this.prepare(to)
    to.text(this.quotedName)
  }
  override prepare(to: Writer): void {
    if (to.dialect.lacks.groupsInRecursion) this.checkStep(to)
    hoist(to, this, true)
  }
  writeAside(to: Writer): void {
    const columns = this.base.selection.labels.map(quoteIdentifier).join(', ')
    to.text(`${this.quotedName} (${columns}) as (`)
    writeMember(to, this.base, true)
    to.text(this.distinct ? ' union ' : ' union all ')
    writeMember(to, this.step, false)
    to.text(')')
    this.writeOrder(to)
  }
  /** SQLite computes the step for one row at a time. */
  private checkStep(to: Writer): void {
    const { clauses, selection } = this.step
    const isGrouped = clauses.some(({ kind }) => kind === 'groupBy')
    if (!isGrouped && !ownParts(selection).some(({ kind }) => kind === 'window')) return
    throw to.unsupported(
      `${isGrouped ? 'group by' : 'window'} in the step of a recursive CTE`,
      'Compute it where the CTE is used, or give { distinct: true } to leave out rows that came before.',
    )
  }
  private writeOrder(to: Writer): void {
    const { search, cycle } = this
    if ((search ?? cycle) !== undefined && to.dialect.lacks.searchAndCycle) {
      throw to.unsupported(
        `${search === undefined ? 'cycle' : 'search'} of a recursive CTE`,
        'Compute a depth or a path in the step, and order or stop by it; { distinct: true } ends cycles of equal rows.',
      )
    }
    const names = (by: readonly string[]) => by.map(quoteIdentifier).join(', ')
    if (search !== undefined) {
      to.text(` search ${search.order} first by ${names(search.by)} set ${quoteIdentifier(search.as)}`)
    }
    if (cycle !== undefined) {
      to.text(
        ` cycle ${names(cycle.by)} set ${quoteIdentifier(cycle.as)} using ${quoteIdentifier(cycle.path)}`,
      )
    }
  }
}

/** The order in which a recursive CTE is searched, as a column to order by. */
export interface Search<By extends string = string, As extends string = string> {
  /** The rows made of a row right behind it (`depth`), or all rows of one level first (`breadth`). */
  readonly order: 'depth' | 'breadth'
  /** The columns by which rows beside each other are ordered. */
  readonly by: readonly By[]
  /** The name of the column that says the order. */
  readonly as: As
}

/** How a recursive CTE notices that it goes in circles: then it goes on no further there. */
export interface Cycle<By extends string = string, As extends string = string, Path extends string = string> {
  /** The columns that tell a row from others. */
  readonly by: readonly By[]
  /** The name of the column that says whether a row closed a circle. */
  readonly as: As
  /** The name of the column that holds the rows on the way. */
  readonly path: Path
}

/** Whether data can be the search of a recursive CTE, or its cycle. */
export function isSearchOrCycle(value: unknown): boolean {
  if (value === undefined) return true
  const { by, as, order, path } = value as Partial<Search & Cycle>
  return (
    Array.isArray(by) &&
    by.every((name) => typeof name === 'string') &&
    typeof as === 'string' &&
    (path === undefined ? order === 'depth' || order === 'breadth' : typeof path === 'string')
  )
}

/** CTEs that are part of a statement though it reads none of their rows. */
export class WithNode extends ClauseNode {
  static readonly fields: Fields<WithNode> = { sources: 'children' }
  constructor(readonly sources: readonly SourceNode[]) {
    super('withCte', Rank.with)
  }
  write(to: Writer): void {
    for (const source of this.sources) source.prepare(to)
  }
}

/**
 * Makes CTEs part of a query that does not read them, so that the writes in them happen; for `.add(…)`.
 * @example
 * ```ts
 * const gone = cte('gone', deleteFrom(posts).where(posts.score.lt(0)).returning(posts))
 * select(count()).from(users).add(withCte(gone)).toSQL(postgresDialect).sql
 * // 'with "gone" as (delete from "posts" where "posts"."score" < $1 returning …) select count(*) as "value" from "users"'
 * ```
 */
export function withCte<S extends readonly FromItem[]>(...sources: S): Clause<S[number]['~needs'], 'query'> {
  const nodes = sources.map((source) => requireSource('withCte(…)', source).node)
  return new WithNode(nodes) as unknown as Clause<S[number]['~needs'], 'query'>
}

/** A statement that returns rows. */
interface Rows<out P, out Nulled extends string, out Needs extends Reads> {
  readonly '~selection': P
  readonly '~nulled'?: Nulled
  readonly 'still needs': Needs
}

/** How a CTE is computed. */
export interface CteOptions {
  /**
   * Whether its rows are computed once and kept (`as materialized`) or it is merged into the statement (`as not
   * materialized`); by default the database decides.
   */
  readonly materialized?: boolean
}

/**
 * A query as a source that is written once, in the WITH of the statement that uses it, however often it is used. A write
 * with `returning` may be one in PostgreSQL; SQLite refuses it.
 * @example
 * ```ts
 * const busy = cte('busy', select({ author: posts.authorId, n: count() }).from(posts).groupBy(posts.authorId))
 * select({ email: users.email, n: busy.n }).from(users).join(busy, busy.author.eq(users.id))
 * // with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" group by …) select …
 * ```
 * @example
 * ```ts
 * const moved = cte('moved', deleteFrom(users).where(users.id.eq(2n)).returning({ id: users.id, email: users.email }))
 * insert(archive).fromSelect(select({ id: moved.id, email: moved.email }).from(moved)).toSQL(postgresDialect).sql
 * // 'with "moved" as (delete from "users" … returning …) insert into "archive" ("id", "email") select …'
 * ```
 */
export function cte<const Name extends string, P, Needs extends Reads, Nulled extends string = never>(
  name: Name,
  query: Rows<P, Nulled, Needs>,
  options: CteOptions = {},
): SourceOf<Name, DerivedColumns<P, Nulled>, Needs> {
  const node = new CteNode(name, requireRows('cte', query), options.materialized)
  return createSource({ node, columns: derivedColumns(node, node.query.selection) }) as SourceOf<
    Name,
    DerivedColumns<P, Nulled>,
    Needs
  >
}

/** Names the way out in the error message for a step whose column may be null where that of the base is not. */
interface NullableInTheStep {
  readonly 'a column may be null in the step: write nullable(…) around it in the base': never
}

type KeysOf<P, Nulled extends string> = Extract<keyof DerivedColumns<P, Nulled>, string>

/**
 * A CTE that reads itself: the rows of `base`, then those that `step` makes of the rows before, until it makes none. What
 * may be null in the step must be so in the base, which {@link nullable} says.
 * @example
 * ```ts
 * const chain = recursiveCte('chain',
 *   select({ id: users.id, depth: sql<number>`1` }).from(users).where(users.managerId.isNull()),
 *   (self) => select({ id: users.id, depth: self.depth.add(1) }).from(users).join(self, users.managerId.eq(self.id)))
 * ```
 * @param options `distinct` leaves out rows that came before (`union` in place of `union all`), which ends cycles.
 * `search` adds a column to order by, `cycle` columns that tell of circles: PostgreSQL 14 and later.
 */
export function recursiveCte<
  const Name extends string,
  P,
  Nulled extends string,
  Needs extends Reads,
  P2 extends Compatible<P>,
  Nulled2 extends string,
  Needs2 extends Reads = never,
  const Order extends string = never,
  const Circle extends string = never,
  const Path extends string = never,
>(
  name: Name,
  base: Selecting<P, Nulled, Needs>,
  step: (
    self: SourceOf<Name, DerivedColumns<P, Nulled>>,
  ) => Selecting<P2, Nulled2, Needs2> &
    (Row<P2, Nulled2> extends Row<P, Nulled> ? unknown : NullableInTheStep),
  options: {
    readonly distinct?: boolean
    readonly search?: Search<KeysOf<P, Nulled>, Order>
    readonly cycle?: Cycle<KeysOf<P, Nulled>, Circle, Path>
  } = {},
): SourceOf<
  Name,
  DerivedColumns<P, Nulled> & { readonly [K in Order | Path]: Column<unknown, 'unknown'> } & {
    readonly [K in Circle]: Column<boolean, 'boolean'>
  },
  Needs | Needs2
> {
  const self = new CteSelfNode(name)
  const first = requireQuery('recursiveCte', base)
  const facade = createSource({ node: self, columns: derivedColumns(self, first.selection) })
  const next = requireQuery('recursiveCte', step(facade as SourceOf<Name, DerivedColumns<P, Nulled>>))
  if (next.hasTail) {
    throw new BuildError(
      'invalid_recursion',
      `The step of the recursive CTE '${name}' has an order, a limit or an offset, which no database takes there. Put them ` +
        'where the CTE is used, and end the recursion by .where(…).',
    )
  }
  const ours = first.selection.labels
  const theirs = next.selection.labels
  if (ours.length !== theirs.length || ours.some((label, i) => label !== theirs[i])) {
    throw new BuildError(
      'mismatched_columns',
      `Both parts of the recursive CTE '${name}' must select the same keys in the same order: ` +
        `(${ours.join(', ')}) and (${theirs.join(', ')}).`,
    )
  }
  checkSelf(name, self, next)
  const { distinct, search, cycle } = options
  const start = widened(name, first, next)
  const node = new RecursiveCteNode(name, self, start, next, distinct === true, search, cycle)
  const columns: Record<string, ColumnTree | ColumnNode> = { ...derivedColumns(node, start.selection) }
  const added = [
    [search?.as, UNKNOWN],
    [cycle?.as, BOOLEAN],
    [cycle?.path, UNKNOWN],
  ] as const
  for (const unknown of [...(search?.by ?? []), ...(cycle?.by ?? [])]) {
    if (ours.includes(unknown)) continue
    throw new BuildError(
      'unknown_column',
      `The recursive CTE '${name}' has no column ${excerpt(unknown)} to search or go round by. It has: ${ours.join(', ')}.`,
    )
  }
  for (const [key, type] of added) {
    if (key === undefined) continue
    if (ours.includes(key) || columns[key] !== undefined) {
      throw new BuildError('duplicate_column', `The recursive CTE '${name}' has a column '${key}' already.`)
    }
    columns[key] = new ColumnNode(node, key, type, type === BOOLEAN)
  }
  return createSource({ node, columns }) as never
}

/** The base with its columns cast to what the step makes of them, which PostgreSQL does not do by itself. */
function widened(name: string, base: QueryNode, { selection: { outputs: others } }: QueryNode): QueryNode {
  const { outputs, labels, shape } = base.selection
  const wide = outputs.map((output, i) => {
    const other = (others[i] as ExpressionNode).type
    const type = widerType(output.type, other)
    if (!sameRows(type, other)) {
      throw new BuildError(
        'mixed_types',
        `Column '${labels[i]}' of the recursive CTE '${name}' is of other nested rows in the base than in the step. Nest them where ` +
          'the CTE is used.',
      )
    }
    return type === output.type ? output : new CastNode(output, type)
  })
  if (wide.every((output, i) => output === outputs[i])) return base
  if (base.kind !== 'select') {
    const at = wide.findIndex((output, i) => output !== outputs[i])
    throw new BuildError(
      'mixed_types',
      `Column '${labels[at]}' of the recursive CTE '${name}' is ${typeText((outputs[at] as ExpressionNode).type)} in the base and ` +
        `${typeText((others[at] as ExpressionNode).type)} in the step: write cast(…) in the base.`,
    )
  }
  const { source, joins, condition, clauses } = base as SelectNode
  return new SelectNode(new SelectionNode(wide, labels, shape), source, joins, condition, clauses)
}

/** The type of a column that begins as one type and goes on as another of its family. */
function widerType(base: SqlType, step: SqlType): SqlType {
  if (base.family !== step.family || typeText(base) === typeText(step)) return base
  const { name } = step
  const isWider = name === 'count' || name === 'double' || (base.name === 'varchar' && name === 'text')
  return isWider ? step : withoutLimits(base)
}

/** The nodes of a tree that belong to its own query, not to one within. */
function ownParts(root: Node): Node[] {
  const parts: Node[] = []
  walk(root, (node) => {
    if (node !== root && isQuery(node)) return false
    parts.push(node)
    return true
  })
  return parts
}

/** What the databases ask of the step: it reads the CTE once, in its own FROM, of rows that are there, without aggregates. */
function checkSelf(name: string, self: CteSelfNode, step: QueryNode): void {
  let count = 0
  walk(step, (node) => {
    if (node === self) count++
  })
  const problem = count === 0 ? undefined : count > 1 ? TWICE : problemOf(self, step)
  if (problem === undefined) return
  throw new BuildError(
    'invalid_recursion',
    `The step of the recursive CTE '${name}' ${problem[0]}, which no database takes. ${problem[1]}`,
  )
}

type Problem = readonly [what: string, instead: string]
const TWICE: Problem = ['reads the CTE more than once', 'Join it once, and select all that is needed of it.']

function problemOf(self: CteSelfNode, query: QueryNode): Problem | undefined {
  if (query.kind !== 'select') return ['is a set operation', 'Write one select, whose condition covers both.']
  const step = query as SelectNode
  const from = [step.source, ...step.joins.map((join) => join.source)]
  const own = from.find((source) => source !== undefined && isSelf(source, self))
  if (own === undefined)
    return ['reads the CTE in a subquery', 'Join the CTE in the from of the step itself.']
  if (absentSources(step.source, step.joins).has(own)) {
    return ['may leave the CTE out by an outer join', 'Join the others to the CTE, or use an inner join.']
  }
  const parts = ownParts(step)
  const windowed = parts.filter(({ kind }) => kind === 'window').map((window) => (window as WindowNode).call)
  const aggregate = parts.find(
    (part) => part.kind === 'aggregate' && !windowed.includes(part as WindowedNode),
  )
  return aggregate === undefined ? undefined : ['has an aggregate', 'Compute it where the CTE is used.']
}

function isSelf(source: SourceNode, self: CteSelfNode): boolean {
  return source === self || (source.kind === 'alias' && isSelf((source as AliasNode).source, self))
}

function requireQuery(place: string, query: unknown): QueryNode {
  if (isQuery(query)) return query
  throw new BuildError('invalid_query', `${place}(…) takes a select, not ${excerpt(query)}.`)
}

function requireRows(place: string, query: unknown): RowsNode {
  const { kind, selection } = (query ?? {}) as Partial<RowsNode>
  if (kind === 'insert' || kind === 'update' || kind === 'delete') {
    if (selection !== undefined) return query as RowsNode
    throw new BuildError(
      'invalid_query',
      `${place}(…) of a write needs .returning(…): a CTE is a source of rows.`,
    )
  }
  return requireQuery(place, query)
}
