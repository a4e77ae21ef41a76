import { ValueError } from '../errors.js'
import { type Decode, type Decoders, decodeOf } from './codec.js'
import type { ObjectShape, Shape } from './shape.js'
import type { SqlType } from './sql-type.js'

type Values = readonly unknown[]

/** The columns of a result and how they become a row, as a selection says it. */
export interface RowColumns {
  readonly outputs: readonly { readonly type: SqlType }[]
  readonly labels: readonly string[]
  /** Undefined for an object without nesting, whose keys are the labels. */
  readonly shape: Shape | undefined
}

/**
 * How the rows of a selection are made of what a driver returns, by position. Prepared once for a selection and a
 * database: a list of decoders, and for nested rows a tree of objects to fill. No code is generated, so it works under
 * a content security policy that forbids that.
 */
export class RowPlan {
  /** Whether integers must come from the driver exactly. */
  readonly exactIntegers: boolean
  /** Whether some column has no type, so that decoding depends on what the driver says of the columns. */
  readonly untyped: boolean
  private readonly labels: readonly string[]
  readonly decoders: readonly (Decode | undefined)[]
  readonly types: readonly SqlType[]
  /** Undefined for flat rows. */
  private readonly shape: Shape | undefined
  private readonly absent: ReadonlySet<string>
  memory: unknown = undefined
  /** The column that is being decoded, for an error. */
  private at = 0

  constructor(
    private readonly selection: RowColumns,
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
      const type = (outputs[i] as RowColumns['outputs'][number]).type
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

  get columnNames(): readonly string[] {
    return this.labels
  }

  get columns(): number {
    return this.labels.length
  }

  /** This plan, or one that knows the types of the columns of a response, where they matter. */
  for(response: { readonly columnTypes?: readonly number[] | undefined }): RowPlan {
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
    const { code, message, cause } = error
    return new ValueError(code, `Column "${this.labels[this.at]}": ${message}`, { cause })
  }
}

/** Whether a shape is an object of the columns in their order, as that of a whole table is. */
function isFlat(shape: Shape | undefined, absent: ReadonlySet<string>): boolean {
  if (shape === undefined) return true
  if (typeof shape === 'number') return false
  if (shape.presence !== undefined && absent.has(shape.presence.source)) return false
  return shape.fields.every((field, i) => field === i)
}
