import { BuildError, excerpt } from '../errors.js'
import type { Expression, Reads } from '../expression/expression.js'
import { quoteIdentifier } from '../expression/identifier.js'
import {
  ConstantNode,
  type ExpressionNode,
  isExpression,
  ParameterNode,
  toExpression,
} from '../expression/node.js'
import { type Column, ColumnNode, createSource, type SourceOf } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { arrayType } from '../types/array.js'
import type { TypeDefinition } from '../types/definition.js'
import { COUNT, type Family, type SqlType } from '../types/sql-type.js'
import { type ArgumentNeeds, FunctionSourceNode } from './table-function.js'
import { type ColumnTypes, columnsOfTypes, ValuesSourceNode } from './values-source.js'

/** `unnest(…)`: the elements of arrays as rows, side by side. */
export class UnnestNode extends FunctionSourceNode {
  static readonly fields: Fields<UnnestNode> = {
    name: 'data',
    arrays: 'children',
    names: 'data',
    types: 'data',
    ordinality: 'data',
  }
  constructor(
    name: string,
    readonly arrays: readonly ExpressionNode[],
    readonly names: readonly string[],
    /** The types of the elements. */
    readonly types: readonly SqlType[],
    /** The column that counts the rows, if there is one. */
    readonly ordinality: string | undefined,
  ) {
    super('unnest', name)
  }
  /** Whether its rows are values of the program, where the database has no arrays. */
  get isOfProgram(): boolean {
    const [array] = this.arrays
    return this.arrays.length !== 1 || isOfProgram(array as ExpressionNode)
  }
  protected call(to: Writer, quotedName: string): void {
    const { arrays, names, ordinality } = this
    if (to.dialect.lacks.arrays) {
      if (this.isOfProgram) this.asValues(to).writeAs(to, quotedName)
      else {
        to.text('json_each(')
        to.list(arrays)
        to.text(`) as ${quotedName}`)
      }
      return
    }
    to.text('unnest(')
    to.list(arrays)
    to.text(ordinality === undefined ? ') as ' : ') with ordinality as ')
    const columns = ordinality === undefined ? names : [...names, ordinality]
    to.text(`${quotedName} (${columns.map(quoteIdentifier).join(', ')})`)
  }
  /** Arrays of the program are rows of values. */
  private asValues(to: Writer): ValuesSourceNode {
    const { name, names, types, ordinality } = this
    const lists = this.arrays.map((array) => {
      if (isOfProgram(array)) return array.value
      throw to.unsupported(
        'elements of several arrays side by side, where the database makes one of them',
        "Take each apart by itself, with { ordinality: 'n' }, and join them by that.",
      )
    })
    const cells: ExpressionNode[] = []
    const rows = Math.max(...lists.map((list) => list.length))
    for (let row = 0; row < rows; row++) {
      for (const [i, list] of lists.entries()) {
        const value = list[row] ?? null
        const type = types[i] as SqlType
        cells.push(value === null ? new ConstantNode(null, type) : new ParameterNode(value, type))
      }
      if (ordinality !== undefined) cells.push(new ParameterNode(row + 1, COUNT))
    }
    return ordinality === undefined
      ? new ValuesSourceNode(name, names, types, cells)
      : new ValuesSourceNode(name, [...names, ordinality], [...types, COUNT], cells)
  }
}

function isOfProgram(array: ExpressionNode): array is ParameterNode & { readonly value: readonly unknown[] } {
  return array.kind === 'parameter' && Array.isArray((array as ParameterNode).value)
}

type ArrayFor<T> =
  T extends TypeDefinition<infer V, Family>
    ? readonly V[] | Expression<readonly V[] | null, Reads, string, 'array'>
    : never
type ArraysFor<C> = { readonly [K in keyof C]: ArrayFor<C[K]> }

type IsOne<K, All = K> = K extends unknown ? ([All] extends [K] ? true : false) : never
/** Several arrays of the database may differ in length, and the shorter ones then end in NULL. */
type MayEnd<A> = IsOne<keyof A> extends true ? never : A[keyof A] extends readonly unknown[] ? never : null

type UnnestColumns<C, A, O> = {
  readonly [K in keyof C]: C[K] extends TypeDefinition<infer V, infer F> ? Column<V | MayEnd<A>, F> : never
} & { readonly [K in O & string]: Column<number, 'integer'> }

/**
 * The elements of arrays as rows of a source, one column for each array: arrays of the program, each one parameter
 * however long it is, or arrays of the database, such as a column of a source before it; a join with it then needs no
 * condition. A column may be NULL unless its type is `notNull()`; beside an array of the database, which may be shorter
 * than another, each may be. `{ ordinality: 'n' }` adds a column that counts the rows from 1.
 *
 * PostgreSQL: `unnest($1::text[], $2::integer[]) as "w" ("email", "rank")` · SQLite: arrays of the program as `values`,
 * one of the database as `json_each("notes"."tags") as "w"`; several of them are refused
 *
 * Throws a `BuildError` for arrays of the program that differ in length, and for arrays of other types than stated.
 * @example
 * ```ts
 * const wanted = unnest('wanted', { email: text().notNull(), rank: integer().notNull() }, {
 *   email: ['ann@x.org', 'bob@x.org'], rank: [2, 1],
 * })
 * const found = select(users.email).from(users).join(wanted, wanted.email.eq(users.email)).orderBy(wanted.rank)
 * await db.all(found) // ['bob@x.org', 'ann@x.org']
 * ```
 */
export function unnest<
  const Name extends string,
  const C extends ColumnTypes,
  const A extends ArraysFor<C>,
  const O extends string = never,
>(
  name: Name,
  columns: C,
  arrays: A,
  options: { readonly ordinality?: O } = {},
): SourceOf<Name, UnnestColumns<C, A, O>, ArgumentNeeds<A[keyof A][]>> {
  const keys = Object.keys(columns)
  const given = arrays as Readonly<Record<string, unknown>>
  const nodes = keys.map((key) => arrayOfKey(name, key, given[key], columns[key]?.sqlType))
  const other = Object.keys(given).find((key) => !keys.includes(key))
  if (other !== undefined) {
    throw new BuildError(
      'unknown_column',
      `unnest('${name}', …) has no column '${other}': ${keys.join(', ')}.`,
    )
  }
  const lengths = new Set(
    nodes
      .filter((node) => node.kind === 'parameter')
      .map((node) => (node as { value?: unknown[] }).value?.length),
  )
  if (lengths.size > 1) {
    throw new BuildError(
      'invalid_rows',
      `unnest('${name}', …) takes arrays of one length, not of ${[...lengths].join(' and ')}.`,
    )
  }
  const { ordinality } = options
  if (ordinality !== undefined && keys.includes(ordinality)) {
    throw new BuildError('invalid_column', `unnest('${name}', …) has two columns '${ordinality}'.`)
  }
  const make = (names: readonly string[], types: readonly SqlType[]) =>
    new UnnestNode(name, nodes, names, types, ordinality)
  const declared = Object.values(columnsOfTypes(make([], []), columns))
  const node = make(
    declared.map((column) => column.name),
    declared.map((column) => column.type),
  )
  const mayEnd = nodes.length > 1 && nodes.some((array) => array.kind !== 'parameter')
  const own = columnsOfTypes(node, columns)
  if (mayEnd) for (const [key, column] of Object.entries(own)) own[key] = withNull(column)
  if (ordinality !== undefined) own[ordinality] = new ColumnNode(node, ordinality, COUNT, true)
  return createSource({ node, columns: own }) as never
}

function withNull({ source, name, type }: ColumnNode): ColumnNode {
  return new ColumnNode(source, name, type, false)
}

function arrayOfKey(name: string, key: string, value: unknown, element: SqlType | undefined): ExpressionNode {
  const place = `unnest('${name}'), key '${key}'`
  if (element?.family === 'array') {
    throw new BuildError(
      'invalid_type',
      `${place}: arrays of arrays come apart to their last elements, which lose their rows.`,
    )
  }
  if (element?.fields !== undefined) {
    throw new BuildError(
      'invalid_type',
      `${place}: composite values come apart to their fields. Give an array for each field, and a key for each array.`,
    )
  }
  const node = toExpression(place, value, element === undefined ? undefined : arrayType(element))
  const isArray = isExpression(value) ? /array|unknown/.test(node.type.family) : Array.isArray(value)
  if (!isArray) throw new BuildError('invalid_argument', `${place} takes an array, not ${excerpt(value)}.`)
  const found = node.type.element
  if (found === undefined || element === undefined || found.name === element.name) return node
  throw new BuildError(
    'mixed_types',
    `${place}: the elements are of type ${found.name}, not ${element.name}.`,
  )
}
