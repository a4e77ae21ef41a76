import { ValueError } from '../errors.js'
import type { SourceNode } from '../expression/source.js'
import { absentSources, type JoinNode } from '../statement/joins.js'
import type { ObjectShape, SelectionNode, Shape } from '../statement/selection.js'
import type { Node } from '../tree/node.js'
import { type Decode, type Decoders, decodeOf } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import type { SqlType } from '../types/sql-type.js'
import type { Response, RowMaker } from './driver.js'

type Values = readonly unknown[]

/**
 * How the rows of a selection are made of what a driver returns, by position. Prepared once for a selection and a
 * database: a list of decoders, and for nested rows a tree of objects to fill. No code is generated, so it works under
 * a content security policy that forbids that.
 */
export class RowPlan implements RowMaker {
  /** Whether integers must come from the driver exactly. */
  readonly exactIntegers: boolean
  /** Whether some column has no type, so that decoding depends on what the driver says of the columns. */
  readonly untyped: boolean
  private readonly labels: readonly string[]
  readonly decoders: readonly (Decode | undefined)[]
  private readonly types: readonly SqlType[]
  /** Undefined for flat rows. */
  private readonly shape: Shape | undefined
  private readonly absent: ReadonlySet<string>
  memory: unknown = undefined
  /** The column that is being decoded, for an error. */
  private at = 0

  constructor(
    private readonly selection: SelectionNode,
    readonly source: Decoders,
    absent: ReadonlySet<string>,
    columnTypes?: readonly number[],
  ) {
    const { outputs, labels, shape } = selection
    const decoders = new Array<Decode | undefined>(outputs.length)
    const types = new Array<SqlType>(outputs.length)
    let exactIntegers = false
    let untyped = false
    for (let i = 0; i < outputs.length; i++) {
      const type = (outputs[i] as SelectionNode['outputs'][number]).type
      types[i] = type
      if (type.name === 'unknown') {
        untyped = true
        exactIntegers = true
        decoders[i] = (value) => source.untyped(value, columnTypes?.[i])
      } else {
        if (type.family === 'bigint') exactIntegers = true
        decoders[i] = decodeOf(source, type)
      }
    }
    this.labels = labels
    this.decoders = decoders
    this.types = types
    this.shape = isFlat(shape, absent) ? undefined : shape
    this.absent = absent
    this.exactIntegers = exactIntegers
    this.untyped = untyped
  }

  get columns(): number {
    return this.labels.length
  }

  /** This plan, or one that knows the types of the columns of a response, where they matter. */
  for(response: Response): RowPlan {
    if (!this.untyped || response.columnTypes === undefined) return this
    return new RowPlan(this.selection, this.source, this.absent, response.columnTypes)
  }

  /** All rows. */
  rows(raw: readonly Values[]): unknown[] {
    const rows = new Array<unknown>(raw.length)
    try {
      if (this.shape === undefined) for (let i = 0; i < raw.length; i++) rows[i] = this.flat(raw[i] as Values)
      else for (let i = 0; i < raw.length; i++) rows[i] = this.shaped(this.shape, raw[i] as Values, true)
    } catch (error) {
      throw this.located(error)
    }
    return rows
  }

  /** One row. */
  row(values: Values): unknown {
    try {
      return this.shape === undefined ? this.flat(values) : this.shaped(this.shape, values, true)
    } catch (error) {
      throw this.located(error)
    }
  }

  /** The value of a column. */
  value(i: number, values: Values): unknown {
    const value = values[i]
    const decode = this.decoders[i]
    if (value === null || decode === undefined) return value
    this.at = i
    return decode(value, this.types[i] as SqlType)
  }

  decode(column: number, text: string): unknown {
    const decode = this.decoders[column]
    return decode === undefined ? text : decode(text, this.types[column] as SqlType)
  }

  make(values: Values): unknown {
    const { labels, shape } = this
    if (shape !== undefined) return this.shaped(shape, values, false)
    const row: Record<string, unknown> = {}
    for (let i = 0; i < labels.length; i++) row[labels[i] as string] = values[i]
    return row
  }

  private flat(values: Values): Record<string, unknown> {
    const { labels, decoders, types } = this
    const row: Record<string, unknown> = {}
    for (let i = 0; i < labels.length; i++) {
      const value = values[i]
      const decode = decoders[i]
      if (value === null || decode === undefined) row[labels[i] as string] = value
      else {
        this.at = i
        row[labels[i] as string] = decode(value, types[i] as SqlType)
      }
    }
    return row
  }

  private shaped(shape: Shape, values: Values, encoded: boolean): unknown {
    if (typeof shape === 'number') return encoded ? this.value(shape, values) : values[shape]
    if (shape.presence !== undefined && this.isAbsent(shape.presence, values)) return null
    const { keys, fields } = shape
    const row: Record<string, unknown> = {}
    for (let i = 0; i < keys.length; i++)
      row[keys[i] as string] = this.shaped(fields[i] as Shape, values, encoded)
    return row
  }

  private isAbsent({ source, columns }: NonNullable<ObjectShape['presence']>, values: Values): boolean {
    if (!this.absent.has(source)) return false
    for (let i = 0; i < columns.length; i++) if (values[columns[i] as number] !== null) return false
    return true
  }

  private located(error: unknown): unknown {
    if (!(error instanceof ValueError)) return error
    return new ValueError(error.code, `Column "${this.labels[this.at]}": ${error.message}`)
  }
}

/** Whether a shape is an object of the columns in their order, as that of a whole table is. */
function isFlat(shape: Shape | undefined, absent: ReadonlySet<string>): boolean {
  if (shape === undefined) return true
  if (typeof shape === 'number') return false
  if (shape.presence !== undefined && absent.has(shape.presence.source)) return false
  return shape.fields.every((field, i) => field === i)
}

const NONE: ReadonlySet<string> = new Set()

/** The plan for the rows that a statement returns; undefined if it returns none. */
export function planRows(statement: Node, decoders: Decoders, dialect: SqlWriter): RowPlan | undefined {
  const { selection: own, selectionFor } = statement as SelectingNode
  const selection = own ?? selectionFor?.call(statement, dialect)
  if (selection === undefined) return undefined
  const absent = absentNames(statement)
  if (absent.size > 0) return new RowPlan(selection, decoders, absent)
  // A selection is shared by the statements that are made of each other, and that of a whole table by all of them.
  const known = selection.plan as RowPlan | undefined
  if (known?.source === decoders) return known
  const plan = new RowPlan(selection, decoders, absent)
  selection.plan = plan
  return plan
}

/** The sources that an outer join of a select may leave out, and the rows that a write may not have had before it or after. */
export function absentNames(statement: Node): ReadonlySet<string> {
  if (statement.kind === 'compound') return absentOfEither(statement as unknown as Sides)
  if (statement.kind !== 'select')
    return (statement as { readonly absentSources?: ReadonlySet<string> | undefined }).absentSources ?? NONE
  const { source, joins } = statement as unknown as {
    source: SourceNode | undefined
    joins: readonly JoinNode[]
  }
  if (joins.length === 0) return NONE
  return new Set([...absentSources(source, joins)].map(({ name }) => name))
}

/** A statement with rows; those of one may differ by database. */
type SelectingNode = Node & {
  readonly selection?: SelectionNode
  readonly selectionFor?: (dialect: SqlWriter) => SelectionNode
}

interface Sides {
  readonly left: Node & { readonly selection: SelectionNode }
  readonly right: Node & { readonly selection: SelectionNode }
}

/** The sources of the first query of a set operation whose rows it or the second may lack. */
function absentOfEither({ left, right }: Sides): ReadonlySet<string> {
  const absent = absentNames(left)
  const others = absentNames(right)
  if (others.size === 0) return absent
  const either = new Set(absent)
  const compare = (shape: Shape | undefined, other: Shape | undefined): void => {
    if (typeof shape !== 'object' || typeof other !== 'object') return
    if (shape.presence !== undefined && others.has(other.presence?.source ?? ''))
      either.add(shape.presence.source)
    for (let i = 0; i < shape.fields.length; i++) compare(shape.fields[i], other.fields[i])
  }
  compare(left.selection.shape, right.selection.shape)
  return either
}
