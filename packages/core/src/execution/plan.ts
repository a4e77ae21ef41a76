import type { Compiled } from '../compiler/compiled.js'
import type { Dialect } from '../compiler/dialect.js'
import {
  BuildError,
  ExecutionError,
  excerpt,
  isEspalierError,
  NoRowsError,
  TooManyRowsError,
  ValueError,
} from '../errors.js'
import { ownCopy } from '../expression/node.js'
import type { NamedSlot } from '../expression/writer.js'
import type { Node } from '../tree/node.js'
import { type Codec, codecOf, type Decoders } from '../types/codec.js'
import type { RowPlan } from '../types/row-plan.js'
import type { Backend } from './backend.js'
import type { Request, Response } from './driver.js'
import { planRows } from './rows.js'

/** A statement ready to run on a dialect: text, parameters, and how its rows are made. */
export interface Plan {
  readonly statement: Node
  readonly dialect: Dialect
  readonly decoders: Decoders
  readonly compiled: Compiled
  readonly rows: RowPlan | undefined
  /** How the value of each named parameter is encoded. */
  readonly encoders: readonly Codec['encode'][]
  /** The request, where no parameter is to be given by name. */
  readonly request: Request
  /** Whether it may run on a replica, remembered by who asks. */
  isRead: boolean | undefined
}

/** The plan of a statement; made once, since neither a statement nor its compiled form ever changes. */
export function planOf(
  statement: unknown,
  { dialect, backend }: { readonly dialect: Dialect; readonly backend: Backend },
): Plan {
  const compiled = dialect.compile(requireStatement(statement))
  const known = compiled.plan as Plan | undefined
  const { decoders } = backend
  if (known?.decoders === decoders) return known
  const rows = planRows(statement as Node, decoders, dialect)
  const request = {
    sql: compiled.sql,
    params: compiled.params,
    exactIntegers: rows?.exactIntegers === true,
    maker: rows?.untyped === false ? rows : undefined,
    firstOnly: false,
  }
  const { named } = compiled
  const encoders = named.length === 0 ? NO_ENCODERS : named.map((slot) => encoderOf(slot, dialect))
  const plan = {
    statement: statement as Node,
    dialect,
    decoders,
    compiled,
    rows,
    encoders,
    request,
    isRead: undefined,
  }
  compiled.plan = plan
  return plan
}

const NO_ENCODERS: readonly Codec['encode'][] = []

function encoderOf({ encode, type }: NamedSlot, dialect: Dialect): Codec['encode'] {
  return encode ?? (codecOf(dialect, type) as Codec).encode
}

function requireStatement(statement: unknown): Node {
  if (typeof statement === 'object' && statement !== null && 'kind' in statement && 'toSQL' in statement) {
    return statement as unknown as Node
  }
  throw new BuildError(
    'invalid_statement',
    Object(statement).defaultValues === undefined
      ? `${excerpt(statement)} is no statement. SQL is run by sql.query(columns)\`…\` for rows, else by sql.statement\`…\`.`
      : 'This insert says nothing to insert yet: add .values(…).',
  )
}

/** The request for a plan, with the values of its named parameters. */
export function bind(
  plan: Plan,
  values: Readonly<Record<string, unknown>> | undefined,
  firstOnly = false,
): Request {
  const { compiled, request } = plan
  const { named } = compiled
  if (named.length === 0) {
    if (values !== undefined) checkNames(named, values)
    return firstOnly ? { ...request, firstOnly } : request
  }
  const params = compiled.params.slice()
  if (!bindInOrder(plan, values, params)) {
    for (let i = 0; i < named.length; i++) {
      const slot = named[i] as NamedSlot
      params[slot.index] = encodeSlot(plan, i, values?.[slot.name])
    }
    checkNames(named, values as Readonly<Record<string, unknown>>)
  }
  return { sql: request.sql, params, exactIntegers: request.exactIntegers, maker: request.maker, firstOnly }
}

/**
 * Binds values that come in the order of the parameters, as they mostly do; else false. Names and values are gone through
 * once, which makes a point select of SQLite 2 % faster than a look-up of each parameter and then of each name.
 */
function bindInOrder(
  plan: Plan,
  values: Readonly<Record<string, unknown>> | undefined,
  params: unknown[],
): boolean {
  const { named } = plan.compiled
  let i = 0
  for (const name in values) {
    const slot = named[i]
    if (slot === undefined || slot.name !== name) return false
    params[slot.index] = encodeSlot(plan, i, values[name])
    i++
  }
  return i === named.length
}

function encodeSlot(plan: Plan, i: number, value: unknown): unknown {
  const slot = plan.compiled.named[i] as NamedSlot
  // What every object has by itself, such as `constructor` and `__proto__`, is no value.
  if (value === undefined || typeof value === 'function' || value === Object.prototype)
    throw refuse(slot, undefined)
  if (value === null && !slot.nullable) throw refuse(slot, value)
  if (value === null) return null
  try {
    return (plan.encoders[i] as Codec['encode'])(ownCopy(value), slot.type)
  } catch (error) {
    throw isEspalierError(error) && error.name === 'ValueError'
      ? new ValueError(error.code, `Parameter '${slot.name}': ${error.message}`)
      : error
  }
}

function refuse({ name }: NamedSlot, value: unknown): Error {
  if (value === null) {
    return new ValueError(
      'invalid_value',
      `Parameter '${name}' is null. Declare it with { nullable: true } to allow that.`,
    )
  }
  return new BuildError(
    'unbound_parameter',
    `Parameter '${name}' has no value. Prepare the statement and give it: db.prepare(statement).all({ ${name}: … }).`,
  )
}

/** Refuses values for parameters that the statement does not have. */
function checkNames(named: readonly NamedSlot[], values: Readonly<Record<string, unknown>>): void {
  let position = 0
  for (const name in values) {
    // Mostly the values come in the order of the parameters.
    if (named[position]?.name === name || named.some((slot) => slot.name === name)) {
      position++
      continue
    }
    const known = [...new Set(named.map((slot) => slot.name))]
    throw new BuildError(
      'unknown_parameter',
      `The statement has no parameter '${name}'. ${known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`}`,
    )
  }
}

/** The rows of a response as the statement shapes them. */
export function mapRows(plan: Plan, response: Response): unknown[] {
  if (response.made !== undefined) return response.made as unknown[]
  const rows = plan.rows
  if (rows === undefined) return rawRows(plan, response)
  return rows.for(response).rows(response.rows)
}

function rawRows(plan: Plan, response: Response): unknown[] {
  if (response.rows.length === 0) return []
  // Raw statements have no shape; their rows are what the driver gave, by position.
  return response.rows.map((row) =>
    row.map((value, i) => (value === null ? null : plan.decoders.untyped(value, response.columnTypes?.[i]))),
  )
}

/** The first row of a response; undefined if it has none. */
export function firstRow(plan: Plan, response: Response): unknown {
  if (response.made !== undefined) return response.made[0]
  const first = response.rows[0]
  if (first === undefined) return undefined
  const { rows } = plan
  return rows === undefined ? mapRows(plan, response)[0] : rows.for(response).row(first)
}

/** The only row of a response. */
export function onlyRow(plan: Plan, response: Response): unknown {
  checkOnly(plan, response)
  return firstRow(plan, response)
}

/** A request for the values of columns, not for rows as the statement shapes them. */
export function forColumns(request: Request): Request {
  return { ...request, maker: undefined }
}

/** The only value of a response to a request {@link forColumns}: one row of one column. */
export function onlyValue(plan: Plan, response: Response): unknown {
  const { rows } = plan
  if (rows === undefined || rows.columns !== 1) {
    throw new ExecutionError(
      'not_scalar',
      `scalar needs a statement of one column; this one has ${rows?.columns ?? 0}.`,
      { sql: plan.compiled.sql },
    )
  }
  checkOnly(plan, response)
  return rows.for(response).value(0, response.rows[0] as readonly unknown[])
}

function checkOnly(plan: Plan, response: Response): void {
  const { sql } = plan.compiled
  const found = (response.made ?? response.rows).length
  if (found === 1) return
  if (found === 0) {
    throw new NoRowsError(
      'no_rows',
      'The statement returned no row, where one was asked for. For none or one use first.',
      { sql },
    )
  }
  throw new TooManyRowsError(
    'too_many_rows',
    `The statement returned ${found} rows, where one was asked for. Narrow it by .where(…), or use first or all.`,
    { sql },
  )
}
