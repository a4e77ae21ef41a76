import { BuildError, excerpt } from '../errors.js'
import {
  type ColumnTree,
  columnsFrom,
  createSource,
  SourceNode,
  type SourceOf,
} from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import { Position } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import { INTEGER } from '../types/sql-type.js'
import { requireTable } from './target.js'

/** A table without those that inherit from it. */
export class OnlyNode extends SourceNode {
  static readonly fields: Fields<OnlyNode> = { table: 'child' }
  constructor(readonly table: TableNode) {
    super('only', table.name)
  }
  write(to: Writer): void {
    this.only(to)
    to.visit(this.table)
  }
  override writeAs(to: Writer, quotedName: string): void {
    this.only(to)
    this.table.writeAs(to, quotedName)
  }
  /** Where no table inherits from another, every table is alone. */
  private only(to: Writer): void {
    if (!to.dialect.lacks.inheritance) to.text('only ')
  }
}

/** How a sample is taken. */
export const sampleMethods = ['bernoulli', 'system'] as const

/** Some rows of a table, chosen by chance. */
export class TableSampleNode extends SourceNode {
  static readonly fields: Fields<TableSampleNode> = {
    table: 'child',
    method: 'data',
    percent: 'data',
    seed: 'data',
  }
  constructor(
    readonly table: TableNode,
    readonly method: (typeof sampleMethods)[number],
    readonly percent: number,
    readonly seed: number | undefined,
  ) {
    super('tableSample', table.name)
  }
  write(to: Writer): void {
    to.visit(this.table)
    this.sample(to)
  }
  override writeAs(to: Writer, quotedName: string): void {
    this.table.writeAs(to, quotedName)
    this.sample(to)
  }
  private sample(to: Writer): void {
    if (to.dialect.lacks.tableSample) {
      throw to.unsupported('tablesample', 'Order by a random number with a limit, or filter by the key.')
    }
    to.text(` tablesample ${this.method} (`)
    to.text(`${Number(this.percent)})`)
    if (this.seed === undefined) return
    to.text(' repeatable (')
    to.value(this.seed, INTEGER, Position.free)
    to.text(')')
  }
}

function partOf<Name extends string, C>(node: SourceNode, columns: ColumnTree): SourceOf<Name, C> {
  return createSource({ node, columns: columnsFrom(node, columns) }) as SourceOf<Name, C>
}

/**
 * A table without the tables that inherit from it, as a source whose columns are its own.
 *
 * PostgreSQL: `from only "users"` · SQLite: `from "users"`, since no table inherits there
 * @example
 * ```ts
 * const alone = only(users)
 * select(alone.id).from(alone)
 * // PostgreSQL: select "users"."id" as "value" from only "users"
 * // SQLite: select "users"."id" as "value" from "users"
 * ```
 */
export function only<Name extends string, C>(table: TableSource<Name, C>): SourceOf<Name, C> {
  const info = requireTable('only(…)', table)
  return partOf(new OnlyNode(info.node as TableNode), info.columns)
}

/**
 * Some rows of a table, chosen by chance, as a source whose columns are its own: each row with a probability
 * (`bernoulli`) or whole pages (`system`), in percent. The same seed gives the same rows. SQLite refuses it.
 * @example
 * ```ts
 * const some = tableSample(users, 'bernoulli', 10, { seed: 7 })
 * select(some.id).from(some).toSQL(postgresDialect).sql
 * // 'select "users"."id" as "value" from "users" tablesample bernoulli (10) repeatable ($1::integer)'
 * ```
 */
export function tableSample<Name extends string, C>(
  table: TableSource<Name, C>,
  method: 'bernoulli' | 'system',
  percent: number,
  options: { readonly seed?: number } = {},
): SourceOf<Name, C> {
  const info = requireTable('tableSample(…)', table)
  if (!sampleMethods.includes(method) || !(percent >= 0 && percent <= 100)) {
    throw new BuildError(
      'invalid_argument',
      `tableSample(…) takes 'bernoulli' or 'system' and a percentage from 0 to 100, not ${excerpt(method)} and ${excerpt(percent)}.`,
    )
  }
  return partOf(new TableSampleNode(info.node as TableNode, method, percent, options.seed), info.columns)
}
