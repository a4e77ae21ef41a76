import { ConstantNode } from '../expression/node.js'
import type { Statement } from '../expression/statement.js'
import { ExplainNode, explain, type Planned } from '../statement/explain.js'
import { SelectionNode } from '../statement/selection.js'
import type { SqlWriter } from '../types/dialect.js'
import { INTEGER, TEXT } from '../types/sql-type.js'
import type { Executor } from './database.js'
import type { CancelOptions } from './deadline.js'

/** How a plan is asked for. */
export interface ExplainPlanOptions extends CancelOptions {
  /** Runs the statement and measures it, a write too. PostgreSQL only. */
  readonly analyze?: boolean
}

/** What a step of a plan did when it was run. */
export interface ActualStep {
  /** Rows that it gave, of all its runs. */
  readonly rows: number
  /** How often it was run; 0 if never. */
  readonly loops: number
  /** Of all its runs, with the steps below it. */
  readonly milliseconds: number
  /** Without the steps below it. */
  readonly ownMilliseconds: number
}

/** A step of a plan, with the steps that it takes rows from. */
export interface PlanStep {
  /** What it does, in the words of the database: `Index Scan`, `SEARCH`. */
  readonly node: string
  /** The table or other source that it reads or writes. */
  readonly relation: string | undefined
  /** What that is called in the statement, where that is another name. */
  readonly alias: string | undefined
  /** The index that it uses. */
  readonly index: string | undefined
  /** What the step compares, filters and orders by, each with its name: `Filter: (score > 1)`. */
  readonly conditions: readonly string[]
  /** Rows that each run was expected to give; undefined on SQLite. */
  readonly rows: number | undefined
  /** In the units of the database, until the first row and until the last; undefined on SQLite. */
  readonly cost: { readonly first: number; readonly total: number } | undefined
  /** What it did; undefined without `analyze`. */
  readonly actual: ActualStep | undefined
  /** The steps below. */
  readonly children: readonly PlanStep[]
}

/** The plan of a statement: its first step, and the times of the whole. */
export interface StatementPlan extends PlanStep {
  /** Milliseconds of planning; undefined without `analyze`. */
  readonly planning: number | undefined
  /** Milliseconds of running; undefined without `analyze`. */
  readonly execution: number | undefined
}

/**
 * How the database runs a statement, as a tree of steps: by `explain (format json)` on PostgreSQL, by `explain query plan` on
 * SQLite, whose first step is named `QUERY PLAN`. With `{ analyze: true }` PostgreSQL runs the statement; run a write in a
 * transaction that is rolled back. SQLite refuses that by an `UnsupportedError`. {@link planText} makes a text of it.
 *
 * Throws what {@link explain} does, and what the database does.
 * @example
 * ```ts
 * const plan = await explainPlan(db, select(users.email).from(users).where(users.id.eq(1n)))
 * const step = plan.children[0] ?? plan // PostgreSQL has one step for this, SQLite one below `QUERY PLAN`
 * step.relation // 'users'
 * console.log(planText(plan))
 * ```
 */
export async function explainPlan(
  executor: Executor,
  statement: Planned<never>,
  { analyze, ...options }: ExplainPlanOptions = {},
): Promise<StatementPlan> {
  const isPostgres = executor.dialect.lacks.explainOptions !== true
  const timed = analyze === true ? { analyze } : {}
  if (isPostgres) {
    const [found] = (await executor.one(explain(statement, { ...timed, format: 'json' }), options)) as [
      Document,
    ]
    return {
      ...stepOf(found.Plan),
      planning: found['Planning Time'],
      execution: found['Execution Time'],
    }
  }
  // Checks what it is given.
  const { statement: checked } = explain(statement) as unknown as ExplainNode
  const steps = new QueryPlanNode(checked, timed) as unknown as Statement<QueryPlanRow, never>
  return {
    ...step('QUERY PLAN', stepsOf(await executor.all(steps, options), 0)),
    planning: undefined,
    execution: undefined,
  }
}

/** A row of `explain query plan`: https://www.sqlite.org/eqp.html */
interface QueryPlanRow {
  readonly id: number
  readonly parent: number
  readonly detail: string
}

/** `explain query plan …` with all of its columns. */
class QueryPlanNode extends ExplainNode {
  override selectionFor(_writer: SqlWriter): SelectionNode {
    return new SelectionNode(
      [INTEGER, INTEGER, INTEGER, TEXT].map((type) => new ConstantNode(null, type)),
      ['id', 'parent', 'notused', 'detail'],
      undefined,
    )
  }
}

function stepsOf(rows: readonly QueryPlanRow[], parent: number): PlanStep[] {
  return rows
    .filter((row) => row.parent === parent)
    .map(({ id, detail }) => {
      const children = stepsOf(rows, id)
      const scan = SCAN.exec(detail)
      if (scan === null) return step(detail, children)
      const [, node = '', relation, index, condition] = scan
      return {
        ...step(node, children),
        relation,
        index,
        conditions: condition === undefined ? [] : [condition],
      }
    })
}

/** `SEARCH users USING COVERING INDEX i (id=?)`, and no `SCAN CONSTANT ROW`, which is of no table. */
const SCAN =
  /^(SCAN|SEARCH) (?!CONSTANT ROW$|\d+ CONSTANT ROWS$)(.+?)(?: USING (?:[A-Z ]*?INDEX |(?=[A-Z ]*PRIMARY KEY))(.+?))?(?: (\(.*\)))?(?: LEFT-JOIN)?$/

function step(node: string, children: readonly PlanStep[]): PlanStep {
  return {
    node,
    relation: undefined,
    alias: undefined,
    index: undefined,
    conditions: [],
    rows: undefined,
    cost: undefined,
    actual: undefined,
    children,
  }
}

/** The document of PostgreSQL: https://www.postgresql.org/docs/current/sql-explain.html */
interface Document {
  readonly Plan: DocumentStep
  readonly 'Planning Time'?: number
  readonly 'Execution Time'?: number
}
type DocumentStep = Readonly<Record<string, unknown>> & { readonly Plans?: readonly DocumentStep[] }

/** The members of a step that say what it compares, filters and orders by. */
const CONDITIONS = [
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Filter',
  'One-Time Filter',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Cache Key',
  'Function Call',
  'CTE Name',
  'Subplan Name',
]

function stepOf(found: DocumentStep): PlanStep {
  const children = (found.Plans ?? []).map(stepOf)
  const text = (name: string) => found[name] as string | undefined
  const number = (name: string) => found[name] as number
  const relation = text('Relation Name') ?? text('CTE Name') ?? text('Function Name')
  const alias = text('Alias')
  const joinType = text('Join Type')
  const operation = text('Operation')
  const parts = [
    found['Parallel Aware'] === true ? 'Parallel' : undefined,
    text('Strategy') === 'Plain' ? undefined : text('Strategy'),
    operation ?? text('Node Type'),
    joinType === undefined || joinType === 'Inner' ? undefined : `(${joinType})`,
  ]
  return {
    node: parts.filter((part) => part !== undefined).join(' '),
    relation,
    alias: alias === relation ? undefined : alias,
    index: text('Index Name'),
    conditions: CONDITIONS.filter((name) => name in found && found[name] !== relation).map(
      (name) => `${name}: ${[found[name]].flat().join(', ')}`,
    ),
    rows: number('Plan Rows'),
    cost: { first: number('Startup Cost'), total: number('Total Cost') },
    actual: actualOf(found, children),
    children,
  }
}

/** PostgreSQL tells rows and times of the mean run. Parallel workers run at the same time, so sums may be longer than it took. */
function actualOf(found: DocumentStep, children: readonly PlanStep[]): ActualStep | undefined {
  const loops = found['Actual Loops'] as number | undefined
  if (loops === undefined) return undefined
  const milliseconds = rounded(loops * (found['Actual Total Time'] as number))
  const below = children.reduce((sum, { actual }) => sum + (actual?.milliseconds ?? 0), 0)
  return {
    rows: Math.round(loops * (found['Actual Rows'] as number)),
    loops,
    milliseconds,
    ownMilliseconds: rounded(Math.max(0, milliseconds - below)),
  }
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000

/** An estimate that is off by so many times is marked. */
const MISESTIMATE = 10

/**
 * A plan as a tree to be read. With `analyze`, the step that took longest by itself is marked, and those that gave ten times
 * as many rows as was expected, or a tenth: there the planner may have chosen by wrong numbers (`analyze` of the table, or
 * extended statistics, may help it).
 * @example
 * ```ts
 * console.log(planText(await explainPlan(db, select(users.email).from(users).where(users.fullName.isNull()))))
 * ```
 * With `{ analyze: true }`, of another query:
 * ```text
 * Limit · 10 rows (expected 10) · cost 25.9 · 0.040 ms
 * └─ Sort · 10 rows (expected 400) · cost 26.8 · 0.038 ms
 *    │  Sort Key: users.email
 *    └─ Seq Scan on users · 4000 rows (expected 400) · cost 14 · 0.021 ms ← slowest, 10 times more rows than expected
 *          Filter: (full_name IS NULL)
 * ```
 */
export function planText(plan: PlanStep): string {
  const slowest = slowestOf(plan)
  const lines: string[] = []
  const write = (one: PlanStep, head: string, indent: string, isLimited: boolean): void => {
    lines.push(`${head}${describe(one, slowest, isLimited)}`)
    const bar = one.children.length > 0 ? '│  ' : '   '
    for (const condition of one.conditions) lines.push(`${indent}${bar}${condition}`)
    one.children.forEach((child, i) => {
      const isLast = i === one.children.length - 1
      write(
        child,
        `${indent}${isLast ? '└─ ' : '├─ '}`,
        `${indent}${isLast ? '   ' : '│  '}`,
        isLimited || one.node === 'Limit',
      )
    })
  }
  write(plan, '', '', false)
  const { planning, execution } = plan as Partial<StatementPlan>
  if (planning !== undefined) lines.push(`planning ${planning.toFixed(3)} ms`)
  if (execution !== undefined) lines.push(`execution ${execution.toFixed(3)} ms`)
  return lines.join('\n')
}

function describe(one: PlanStep, slowest: PlanStep | undefined, isLimited: boolean): string {
  const { node, relation, alias, index, rows, cost, actual } = one
  const of = [
    node,
    relation && `on ${relation}`,
    alias && (relation === undefined ? `on ${alias}` : `as ${alias}`),
    index && `by ${index}`,
  ]
  const facts = [of.filter(Boolean).join(' ')]
  if (actual === undefined) {
    if (rows !== undefined) facts.push(`${count(rows)} expected`)
  } else {
    const expected = rows === undefined ? '' : ` (expected ${rows * Math.max(1, actual.loops)})`
    facts.push(actual.loops === 0 ? 'never run' : `${count(actual.rows)}${expected}`)
    if (actual.loops > 1) facts.push(`${actual.loops} times`)
  }
  if (cost !== undefined) facts.push(`cost ${cost.total}`)
  if (actual !== undefined && actual.loops > 0) facts.push(`${actual.milliseconds.toFixed(3)} ms`)
  const marks = [one === slowest ? 'slowest' : undefined, misestimateOf(one, isLimited)].filter(
    (mark) => mark !== undefined,
  )
  return facts.join(' · ') + (marks.length > 0 ? ` ← ${marks.join(', ')}` : '')
}

const count = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`

function misestimateOf({ rows, actual }: PlanStep, isLimited: boolean): string | undefined {
  if (rows === undefined || actual === undefined || actual.loops === 0) return undefined
  const expected = Math.max(1, rows * actual.loops)
  const found = Math.max(1, actual.rows)
  if (found >= expected * MISESTIMATE) return `${Math.round(found / expected)} times more rows than expected`
  // A step below a limit is left off before its end.
  if (!isLimited && expected >= found * MISESTIMATE)
    return `${Math.round(expected / found)} times fewer rows than expected`
  return undefined
}

/** The step that took longest by itself; undefined where nothing was measured. */
function slowestOf(plan: PlanStep): PlanStep | undefined {
  let slowest: PlanStep | undefined
  const look = (one: PlanStep): void => {
    const own = one.actual?.ownMilliseconds ?? 0
    if (own > (slowest?.actual?.ownMilliseconds ?? 0)) slowest = one
    one.children.forEach(look)
  }
  look(plan)
  return slowest
}
