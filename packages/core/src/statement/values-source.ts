import { BuildError, excerpt } from '../errors.js'
import type { Expression, Reads } from '../expression/expression.js'
import { CastNode } from '../expression/function-node.js'
import { quoteIdentifier } from '../expression/identifier.js'
import { ConstantNode, type ExpressionNode, isExpression, toExpression } from '../expression/node.js'
import { ROOT } from '../expression/scope.js'
import { type Column, ColumnNode, createSource, SourceNode, type SourceOf } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import { columnOptions } from '../schema/column.js'
import type { Fields } from '../tree/node.js'
import type { TypeDefinition } from '../types/definition.js'
import type { Family, SqlType } from '../types/sql-type.js'

/** Columns of a source that is no table: a type for each key, nullable unless it says `.notNull()`. */
export type ColumnTypes = Readonly<Record<string, TypeDefinition<unknown, Family>>>

/** The columns that types by key stand for. */
export type TypedColumns<C> = {
  readonly [K in keyof C]: C[K] extends TypeDefinition<infer V, infer F> ? Column<V, F> : never
}

/** A row of values for columns; a column that is nullable may be left out. */
type ValuesRow<C> = {
  readonly [K in keyof C]: C[K] extends TypeDefinition<infer V, infer F>
    ? V | Expression<V, Reads, never, F>
    : never
}

/** What the expressions among the values read. */
type RowNeeds<R> = R extends unknown
  ? { [K in keyof R]: R[K] extends { readonly '~sources': infer S extends Reads } ? S : never }[keyof R]
  : never

/** The columns of a source by key, named as the types say or after their keys. */
export function columnsOfTypes(node: SourceNode, types: ColumnTypes): Record<string, ColumnNode> {
  const columns: Record<string, ColumnNode> = {}
  for (const [key, definition] of Object.entries(types)) {
    if (definition?.sqlType === undefined) {
      throw new BuildError(
        'invalid_column',
        `Column '${key}' of '${node.name}' is ${excerpt(definition)}; write a type such as text().`,
      )
    }
    const options = columnOptions(definition)
    const name = options?.name ?? key
    columns[key] = new ColumnNode(node, name, definition.sqlType, options?.notNull === true)
  }
  if (Object.keys(columns).length === 0) {
    throw new BuildError('no_columns', `The source '${node.name}' needs columns: { id: integer() }.`)
  }
  return columns
}

/** Rows of values in FROM, value after value, in the order of the columns. */
export class ValuesSourceNode extends SourceNode {
  static readonly fields: Fields<ValuesSourceNode> = {
    name: 'data',
    names: 'data',
    types: 'data',
    values: 'children',
  }
  constructor(
    name: string,
    readonly names: readonly string[],
    readonly types: readonly SqlType[],
    readonly values: readonly ExpressionNode[],
  ) {
    super('valuesSource', name)
  }
  write(to: Writer): void {
    this.writeAs(to, this.quotedName)
  }
  override writeAs(to: Writer, quotedName: string): void {
    const { scope } = to
    const { names, types, values } = this
    const named = !to.dialect.lacks.lateral
    to.scope = scope?.outer ?? ROOT
    if (values.length === 0) {
      to.text('(select ')
      for (let i = 0; i < names.length; i++) {
        to.text(i === 0 ? '' : ', ')
        this.value(to, new ConstantNode(null, types[i] as SqlType), true)
        to.text(` as ${quoteIdentifier(names[i] as string)}`)
      }
      to.text(` where false) as ${quotedName}`)
    } else {
      // Where an alias cannot name columns, they are called column1, column2, …
      if (!named) {
        const columns = names.map((name, i) => `"column${i + 1}" as ${quoteIdentifier(name)}`)
        to.text(`(select ${columns.join(', ')} from `)
      }
      to.text('(values ')
      for (let i = 0; i < values.length; i++) {
        to.text(i % names.length > 0 ? ', ' : i > 0 ? '), (' : '(')
        this.value(to, values[i] as ExpressionNode, i < names.length)
      }
      to.text('))')
      to.text(named ? ` as ${quotedName} (${names.map(quoteIdentifier).join(', ')})` : `) as ${quotedName}`)
    }
    to.scope = scope
  }
  /** NULL alone has no type; the first row says that of the column. */
  private value(to: Writer, value: ExpressionNode, isFirst: boolean): void {
    const isNull = value.kind === 'constant' && value.type.name !== 'unknown'
    to.visit(isNull && isFirst ? new CastNode(value, value.type) : value)
  }
}

/**
 * Rows of values as a source, with a type for each column; a column is nullable unless it says `.notNull()`. Without
 * rows it is empty.
 *
 * PostgreSQL: `(values ($1::integer, $2::text)) as "v" ("id", "name")`
 * · SQLite: `(select "column1" as "id", "column2" as "name" from (values (?, ?))) as "v"`
 * @example
 * ```ts
 * const wanted = values('wanted', { email: text().notNull(), rank: integer().notNull() }, [
 *   { email: 'ann@x.org', rank: 2 }, { email: 'bob@x.org', rank: 1 },
 * ])
 * const found = select(users.email).from(users).join(wanted, wanted.email.eq(users.email)).orderBy(wanted.rank)
 * await db.all(found) // ['bob@x.org', 'ann@x.org']
 * ```
 */
export function values<
  const Name extends string,
  const C extends ColumnTypes,
  const R extends ValuesRow<C> = never,
>(name: Name, types: C, rows: readonly R[]): SourceOf<Name, TypedColumns<C>, RowNeeds<R>> {
  if (!Array.isArray(rows)) {
    throw new BuildError(
      'invalid_rows',
      `values('${name}', …) takes a list of rows last, not ${excerpt(rows)}.`,
    )
  }
  const keys = Object.keys(types)
  const cells = rows.flatMap((row, at) => {
    const extra = Object.keys(row ?? {}).find((key) => !keys.includes(key))
    if (typeof row !== 'object' || row === null || isExpression(row) || extra !== undefined) {
      throw new BuildError(
        extra === undefined ? 'invalid_row' : 'unknown_column',
        `Row ${at + 1} of values('${name}', …) ${extra === undefined ? `is ${excerpt(row)}` : `has ${excerpt(extra)}`}; ` +
          `its keys are ${keys.join(', ')}.`,
      )
    }
    return keys.map((key) => {
      const place = `values('${name}'), row ${at + 1}, key '${key}'`
      return toExpression(place, (row as Record<string, unknown>)[key], types[key]?.sqlType)
    })
  })
  // The columns need the source, and the source their names.
  const declared = Object.values(columnsOfTypes(new ValuesSourceNode(name, [], [], []), types))
  const node = new ValuesSourceNode(
    name,
    declared.map((column) => column.name),
    declared.map((column) => column.type),
    cells,
  )
  return createSource({ node, columns: columnsOfTypes(node, types) }) as SourceOf<
    Name,
    TypedColumns<C>,
    RowNeeds<R>
  >
}
