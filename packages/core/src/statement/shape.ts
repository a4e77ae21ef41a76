import { BuildError, excerpt } from '../errors.js'
import type { Expression, NulledValue, Reads } from '../expression/expression.js'
import { type ExpressionNode, isExpression } from '../expression/node.js'
import {
  type ColumnNode,
  type ColumnTree,
  type RowOfColumns,
  type Source,
  sourceInfo,
} from '../expression/source.js'
import type { Family } from '../types/sql-type.js'
import { type ObjectShape, SelectionNode, type Shape } from './selection.js'

/** What `select` and `returning` take: an expression, a source, or an object of them, nested as the rows shall be. */
export type Selection =
  | Expression<unknown, Reads, string, Family>
  | Source<string, unknown>
  | { readonly [key: string]: Selection }

/** The sources that a selection reads. */
export type SourcesOf<P> = P extends Reading
  ? P['~sources']
  : P[keyof P] extends Reading
    ? P[keyof P]['~sources']
    : { [K in keyof P]: SourcesOf<P[K]> }[keyof P]

interface Reading {
  readonly '~sources': Reads
}

/** The row that a selection gives, where the sources in `Nulled` may be missing. */
export type Row<P, Nulled extends string> = P extends {
  readonly '~value': unknown
  readonly '~nulledBy': string
}
  ? [P['~nulledBy'] & Nulled] extends [never]
    ? P['~value']
    : NulledValue<P>
  : P extends Source<infer Name, infer C>
    ? [Name & Nulled] extends [never]
      ? RowOfColumns<C>
      : RowOfColumns<C> | null
    : { -readonly [K in keyof P]: Row<P[K], Nulled> }

const VALUE = ['value']

/** Takes a selection apart; `place` is named in errors. */
export function readSelection(place: string, selection: unknown): SelectionNode {
  if (isExpression(selection)) return new SelectionNode([selection], VALUE, 0)
  const info = sourceInfo(selection)
  if (info === undefined) return readFlat(selection) ?? readTree(place, selection)
  // The selection of a whole source is always the same.
  info.selection ??= readTree(place, selection)
  return info.selection as SelectionNode
}

/** An object of expressions and nothing else: by far the most frequent selection, in as little as it takes. */
function readFlat(selection: unknown): SelectionNode | undefined {
  if (typeof selection !== 'object' || selection === null || Array.isArray(selection)) return undefined
  const labels = Object.keys(selection)
  if (labels.length === 0) return undefined
  // Made at its final size: an array that grows by push takes room for seventeen.
  const outputs = new Array<ExpressionNode>(labels.length)
  let at = 0
  // A loop over the keys reads their values without looking them up.
  for (const label in selection) {
    const output = (selection as Record<string, unknown>)[label]
    if (label !== labels[at] || !isExpression(output) || label === '__proto__') return undefined
    outputs[at++] = output
  }
  return new SelectionNode(outputs, labels, undefined)
}

function readTree(place: string, selection: unknown): SelectionNode {
  const outputs: ExpressionNode[] = []
  const labels: string[] = []
  const taken = new Set<string>()
  const add = (expression: ExpressionNode, path: string): number => {
    let label = path
    for (let i = 2; taken.has(label); i++) label = `${path}_${i}`
    taken.add(label)
    labels.push(label)
    return outputs.push(expression) - 1
  }
  return new SelectionNode(outputs, labels, read(place, selection, '', add))
}

type Add = (expression: ExpressionNode, path: string) => number

function read(place: string, value: unknown, path: string, add: Add): Shape {
  if (isExpression(value)) return add(value, path === '' ? 'value' : path)
  const info = sourceInfo(value)
  if (info !== undefined) {
    const first: number[] = []
    const shape = readColumns(info.columns, path, add, first)
    return { ...shape, presence: { source: info.node.name, columns: first } }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const where = path === '' ? place : `${place}, key '${path}'`
    throw new BuildError(
      value === undefined ? 'undefined_value' : 'invalid_selection',
      `${where}: takes an expression, a table or an object of them, not ${excerpt(value)}. For a constant write ` +
        'literal(value, type).',
    )
  }
  const keys = Object.keys(value)
  if (keys.length === 0)
    throw new BuildError('empty_selection', `${place}: there is nothing to select in {}.`)
  const fields = keys.map((key) => {
    if (key === '__proto__')
      throw new BuildError('reserved_key', `${place}: '__proto__' cannot be the key of a row.`)
    return read(place, (value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`, add)
  })
  return { keys, fields }
}

/** The columns of a source as an object of the row. `present` is given the columns that are null only if it is absent. */
function readColumns(columns: ColumnTree, path: string, add: Add, present: number[]): ObjectShape {
  const keys = Object.keys(columns)
  const all: number[] = []
  const fields = keys.map((key) => {
    const column = columns[key]
    const label = path === '' ? key : `${path}.${key}`
    if (!isExpression(column)) return readColumns(column as ColumnTree, label, add, present)
    const at = add(column, label)
    all.push(at)
    if ((column as ColumnNode).notNull && present.length === 0) present.push(at)
    return at
  })
  // Without a column that is never null, the row is taken for absent where every column is null.
  if (present.length === 0) present.push(...all)
  return { keys, fields }
}
