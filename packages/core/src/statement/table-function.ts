import { BuildError, excerpt } from '../errors.js'
import { isFunctionName } from '../expression/function-node.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { type ExpressionNode, isExpression, toExpression } from '../expression/node.js'
import type { Reads } from '../expression/reads.js'
import { createSource, SourceNode, type SourceOf } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { scopeBefore } from './lateral.js'
import { type ColumnTypes, columnsOfTypes, type TypedColumns } from './values-source.js'

/** How the columns of a function in FROM come about. */
export interface TableFunctionOptions {
  /** The last column counts the rows from 1: `with ordinality`. PostgreSQL. */
  readonly ordinality?: boolean
  /** The function returns records, so that their columns need types: `as "r" ("id" integer)`. PostgreSQL. */
  readonly defineColumns?: boolean
}

/** A function in FROM: it sees the sources before it. */
export abstract class FunctionSourceNode extends SourceNode {
  override get joinsFreely(): boolean {
    return true
  }
  write(to: Writer): void {
    this.writeAs(to, this.quotedName)
  }
  override writeAs(to: Writer, quotedName: string): void {
    const { scope } = to
    to.scope = scopeBefore(scope, quotedName)
    this.call(to, quotedName)
    to.scope = scope
  }
  /** Writes the call and its alias. */
  protected abstract call(to: Writer, quotedName: string): void
}

/** A function in FROM, by its name. */
export class TableFunctionNode extends FunctionSourceNode {
  static readonly fields: Fields<TableFunctionNode> = {
    name: 'data',
    callee: 'data',
    args: 'children',
    names: 'data',
    types: 'data',
    ordinality: 'data',
    defineColumns: 'data',
  }
  constructor(
    name: string,
    readonly callee: string,
    readonly args: readonly ExpressionNode[],
    readonly names: readonly string[],
    readonly types: readonly SqlType[],
    readonly ordinality: boolean,
    readonly defineColumns: boolean,
  ) {
    super('tableFunction', name)
  }
  protected call(to: Writer, quotedName: string): void {
    const { names, types, ordinality, defineColumns } = this
    const named = !to.dialect.lacks.lateral
    if (!named && (ordinality || defineColumns)) {
      throw to.unsupported(
        ordinality ? 'with ordinality' : 'definitions of columns behind a function',
        'For the elements of a JSON document use jsonElements(…) or jsonToRecordset(…).',
      )
    }
    to.text(`${this.callee}(`)
    to.list(this.args)
    to.text(ordinality ? ') with ordinality as ' : ') as ')
    to.text(quotedName)
    // Elsewhere the columns have the names that the function gives them.
    if (!named) return
    const columns = names.map(
      (name, i) =>
        quoteIdentifier(name) +
        (defineColumns ? ` ${to.codec(types[i] as SqlType).ddl(types[i] as SqlType)}` : ''),
    )
    to.text(` (${columns.join(', ')})`)
  }
}

/** What the arguments of a function read. */
export type ArgumentNeeds<A extends readonly unknown[]> = A[number] extends infer T
  ? T extends { readonly '~sources': infer S extends Reads; readonly '~value': unknown }
    ? S
    : never
  : never

/**
 * A function that returns rows as a source, by its name, with the types of its columns. Its arguments are expressions,
 * also of the sources before it in FROM, or values.
 *
 * PostgreSQL names the columns as given; in SQLite they must have the names that the function gives them.
 * @example
 * ```ts
 * const words = tableFunction('words', 'regexp_split_to_table', [posts.title, ' '], { word: text().notNull() })
 * const statement = select({ id: posts.id, word: words.word }).from(posts).join(words)
 * statement.toSQL(postgresDialect).sql
 * // 'select "posts"."id", "words"."word" from "posts" inner join regexp_split_to_table("posts"."title", $1::text) as "words" ("word") on true'
 * ```
 */
export function tableFunction<
  const Name extends string,
  const A extends readonly unknown[],
  const C extends ColumnTypes,
>(
  name: Name,
  call: string,
  args: A,
  columns: C,
  options: TableFunctionOptions = {},
): SourceOf<Name, TypedColumns<C>, ArgumentNeeds<A>> {
  if (!isFunctionName(call)) {
    throw new BuildError('invalid_name', `${excerpt(call)} cannot be the name of a function.`)
  }
  if (!Array.isArray(args)) {
    throw new BuildError(
      'invalid_argument',
      `tableFunction('${name}', '${call}', …) takes a list of arguments.`,
    )
  }
  const make = (names: readonly string[], types: readonly SqlType[]) =>
    new TableFunctionNode(
      name,
      call,
      args.map((arg: unknown) => toExpression(call, arg)),
      names,
      types,
      options.ordinality === true,
      options.defineColumns === true,
    )
  const declared = Object.values(columnsOfTypes(make([], []), columns))
  const node = make(
    declared.map((column) => column.name),
    declared.map((column) => column.type),
  )
  return createSource({ node, columns: columnsOfTypes(node, columns) }) as SourceOf<
    Name,
    TypedColumns<C>,
    ArgumentNeeds<A>
  >
}

/** An expression that was given; anything else is an error. */
export function requireArgument(place: string, value: unknown): ExpressionNode {
  if (isExpression(value)) return value
  throw new BuildError(
    'invalid_expression',
    `${place}(…) takes an expression such as users.settings, not ${excerpt(value)}.`,
  )
}
