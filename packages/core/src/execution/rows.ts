import type { Dialect } from '../compiler/dialect.js'
import { ValueError } from '../errors.js'
import type { ExpressionNode } from '../expression/node.js'
import type { SourceNode } from '../expression/source.js'
import type { JoinNode } from '../statement/joins.js'
import type { SelectionNode, Shape } from '../statement/selection.js'
import type { Node } from '../tree/node.js'
import type { Response } from './driver.js'

/** Makes a row of JavaScript values of the values of one row, by position. */
export type RowMapper = (values: readonly unknown[]) => unknown

type Decoder = (value: unknown) => unknown

/** How the rows of a statement are made; prepared once for a statement and a dialect. */
export interface RowPlan {
  readonly columns: number
  /** Whether integers must come from the driver exactly. */
  readonly exactIntegers: boolean
  readonly map: RowMapper
  /** The first column alone, for `scalar`. */
  readonly first: Decoder
  /** Whether some column has no type, so that the mapper depends on what the driver says of the columns. */
  readonly untyped: boolean
}

/** The plan for the rows that a statement returns; undefined if it returns none. */
export function planRows(statement: Node, dialect: Dialect, columnTypes?: readonly number[]): RowPlan | undefined {
  const { selection } = statement as { readonly selection?: SelectionNode }
  if (selection === undefined) return undefined
  const { outputs, labels, shape } = selection
  const decoders = outputs.map((output, i) => decoderOf(output, labels[i] as string, dialect, columnTypes?.[i]))
  const exactIntegers = outputs.some(({ type }) => type.family === 'bigint' || type.family === 'unknown')
  const first = decoders[0]
  return {
    columns: outputs.length,
    exactIntegers,
    untyped: outputs.some(({ type }) => type.name === 'unknown'),
    map: shape === undefined ? flatMapper(labels, decoders) : shapeMapper(shape, decoders, absentSources(statement)),
    first: first ?? ((value) => value),
  }
}

/** The plan for a response: that of the statement, or one that knows the types of columns without one. */
export function planFor(plan: RowPlan, statement: Node, dialect: Dialect, response: Response): RowPlan {
  if (!plan.untyped || response.columnTypes === undefined) return plan
  return planRows(statement, dialect, response.columnTypes) ?? plan
}

function decoderOf(
  output: ExpressionNode,
  label: string,
  dialect: Dialect,
  columnType: number | undefined,
): Decoder | undefined {
  const { type } = output
  if (type.name === 'unknown') return (value) => (value === null ? null : dialect.decodeUntyped(value, columnType))
  const decode = dialect.types[type.name]?.decode
  if (decode === undefined) return undefined
  return (value) => {
    if (value === null) return null
    try {
      return decode(value, type)
    } catch (error) {
      throw error instanceof ValueError ? new ValueError(error.code, `Column "${label}": ${error.message}`) : error
    }
  }
}

function flatMapper(labels: readonly string[], decoders: readonly (Decoder | undefined)[]): RowMapper {
  const count = labels.length
  return (values) => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < count; i++) {
      const decode = decoders[i]
      row[labels[i] as string] = decode === undefined ? values[i] : decode(values[i])
    }
    return row
  }
}

function shapeMapper(
  shape: Shape,
  decoders: readonly (Decoder | undefined)[],
  absent: ReadonlySet<string>,
): RowMapper {
  if (typeof shape === 'number') {
    const decode = decoders[shape]
    return decode === undefined ? (values) => values[shape] : (values) => decode(values[shape])
  }
  const { keys, presence } = shape
  const fields = shape.fields.map((field) => shapeMapper(field, decoders, absent))
  const count = keys.length
  const map: RowMapper = (values) => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < count; i++) row[keys[i] as string] = (fields[i] as RowMapper)(values)
    return row
  }
  if (presence === undefined || !absent.has(presence.source)) return map
  const marks = presence.columns
  return (values) => (marks.every((mark) => values[mark] === null) ? null : map(values))
}

/** The sources that an outer join of a select may leave out. */
function absentSources(statement: Node): ReadonlySet<string> {
  const absent = new Set<string>()
  if (statement.kind === 'compound') return absentSources((statement as unknown as { left: Node }).left)
  if (statement.kind !== 'select') return absent
  const { source, joins } = statement as unknown as { source: SourceNode | undefined; joins: readonly JoinNode[] }
  const present = source === undefined ? [] : [source.name]
  for (const join of joins) {
    if (join.type === 'right' || join.type === 'full') for (const name of present) absent.add(name)
    if (join.type === 'left' || join.type === 'full') absent.add(join.source.name)
    present.push(join.source.name)
  }
  return absent
}
