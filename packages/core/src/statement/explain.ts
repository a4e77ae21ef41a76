import { BuildError, excerpt } from '../errors.js'
import { ConstantNode } from '../expression/node.js'
import type { Reads } from '../expression/reads.js'
import type { SourceNode } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { SqlWriter } from '../types/dialect.js'
import { INTEGER, JSON_TYPE, TEXT } from '../types/sql-type.js'
import { SelectionNode } from './selection.js'
import { StatementNode } from './statement-node.js'

/** What a plan tells beside the steps: PostgreSQL's own options. */
export interface ExplainOptions {
  /** Runs the statement, and tells the true times and numbers of rows. A write that is run has written. */
  readonly analyze?: boolean
  /** The columns and the names of schemas, too. */
  readonly verbose?: boolean
  /** The use of buffers. */
  readonly buffers?: boolean
  /** The settings that were changed and matter for the plan. */
  readonly settings?: boolean
  /** The plan as one JSON document in place of lines. */
  readonly format?: 'text' | 'json'
}

const names = ['analyze', 'verbose', 'buffers', 'settings'] as const

/** `explain …`. */
export class ExplainNode extends StatementNode {
  static readonly fields: Fields<ExplainNode> = { statement: 'child', options: 'data' }
  constructor(
    readonly statement: Node,
    readonly options: ExplainOptions,
  ) {
    super('explain')
  }
  /** SQLite's rows have three numbers before the text of a step. */
  selectionFor({ lacks }: SqlWriter): SelectionNode {
    const isJson = this.options.format === 'json'
    const types = lacks.explainOptions ? [INTEGER, INTEGER, INTEGER, TEXT] : [isJson ? JSON_TYPE : TEXT]
    return new SelectionNode(
      types.map((type) => new ConstantNode(null, type)),
      types.map((_, i) => `${i}`),
      types.length - 1,
    )
  }
  write(to: Writer): void {
    const head = this.head(to)
    const body = to.aside(this)
    const { preamble } = to
    if (preamble === undefined) to.text(head)
    else {
      // What a statement has before it, its CTEs, is explained as well.
      to.preamble = {
        checkTable: (table: SourceNode) => preamble.checkTable(table),
        finish: (writer, statement) => {
          writer.text(head)
          preamble.finish(writer, statement)
        },
      }
    }
    to.text(body)
  }
  writeAside(to: Writer): void {
    to.visit(this.statement)
  }
  private head(to: Writer): string {
    const { options } = this
    const given: string[] = names.filter((name) => options[name] === true)
    if (options.format === 'json') given.push('format json')
    if (!to.dialect.lacks.explainOptions)
      return given.length > 0 ? `explain (${given.join(', ')}) ` : 'explain '
    if (given.length === 0) return 'explain query plan '
    throw to.unsupported(
      `explain with ${given[0]}`,
      'Without options explain(…) gives the steps of its plan; times are to be measured by the program.',
    )
  }
}

/** A plan of a statement, which has no plan itself. */
export interface Plan<out R, out Needs extends Reads> extends Statement<R, Needs> {
  readonly '~isPlanned': false
}

/** A statement that databases plan: a query or a write. */
export interface Planned<out Needs extends Reads> extends Statement<unknown, Needs> {
  readonly '~isPlanned'?: true
}

/** Whether a value, which may come from JSON, is what {@link explain} takes. */
export function isExplainOptions(value: unknown): value is ExplainOptions {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([name, given]) =>
    name === 'format'
      ? given === undefined || given === 'text' || given === 'json'
      : (names as readonly string[]).includes(name) && (given === undefined || typeof given === 'boolean'),
  )
}

/**
 * How the database would run a statement: its plan, line by line, in the words of the database. With `{ analyze: true }`
 * PostgreSQL runs it, a write too; then explain it in a transaction that is rolled back. `{ format: 'json' }` gives the one
 * row of PostgreSQL's document. SQLite has no options, and refuses them by an `UnsupportedError`.
 *
 * Throws a `BuildError` for what is no query or write, and for other options.
 * @example
 * ```ts
 * const plan = explain(select(users.email).from(users).where(users.id.eq(1n)))
 * plan.toSQL(postgresDialect).sql // 'explain select "users"."email" as "value" from "users" where "users"."id" = $1'
 * plan.toSQL(sqliteDialect).sql
 * // 'explain query plan select "users"."email" as "value" from "users" where "users"."id" = ?'
 * const timed = explain(deleteFrom(posts).where(posts.score.lt(1)), { analyze: true, buffers: true })
 * timed.toSQL(postgresDialect).sql // 'explain (analyze, buffers) delete from "posts" where "posts"."score" < $1'
 * ```
 */
export function explain<Needs extends Reads>(
  statement: Planned<Needs>,
  options: ExplainOptions & { readonly format: 'json' },
): Plan<unknown, Needs>
export function explain<Needs extends Reads>(
  statement: Planned<Needs>,
  options?: ExplainOptions & { readonly format?: 'text' },
): Plan<string, Needs>
export function explain(statement: unknown, options: unknown = {}): never {
  if (typeof statement !== 'object' || statement === null || !('toSQL' in statement)) {
    throw new BuildError('invalid_statement', `explain(…) takes a statement, not ${excerpt(statement)}.`)
  }
  const { kind } = statement as unknown as Node
  if (/^(explain|truncate|create|drop|add)/.test(kind)) {
    throw new BuildError(
      'invalid_statement',
      `explain(…) of ${kind}: only queries and writes of rows have a plan; this is neither.`,
    )
  }
  if (!isExplainOptions(options)) {
    throw new BuildError(
      'invalid_argument',
      `explain(…) has the options ${names.join(', ')} (true or false) and format ('text' or 'json'), not ${excerpt(options)}.`,
    )
  }
  return new ExplainNode(statement as unknown as Node, { ...options }) as never
}
