import type { Compiled, NamedSlot } from '../compiler/compiled.js'
import type { Dialect } from '../compiler/dialect.js'
import { BuildError, excerpt, ExecutionError, NoRowsError, TooManyRowsError, ValueError } from '../errors.js'
import type { Node } from '../tree/node.js'
import type { Request, Response } from './driver.js'
import { planFor, planRows, type RowPlan } from './rows.js'

/** A statement ready to run on a dialect: text, parameters, and how its rows are made. */
export interface Plan {
  readonly statement: Node
  readonly dialect: Dialect
  readonly compiled: Compiled
  readonly rows: RowPlan | undefined
  /** The request, where no parameter is to be given by name. */
  readonly request: Request
}

const plans = new WeakMap<Compiled, Plan>()

/** The plan of a statement; made once, since neither a statement nor its compiled form ever changes. */
export function planOf(statement: unknown, dialect: Dialect): Plan {
  const compiled = dialect.compile(requireStatement(statement))
  const known = plans.get(compiled)
  if (known !== undefined) return known
  const rows = planRows(statement as Node, dialect)
  const request = { sql: compiled.sql, params: compiled.params, exactIntegers: rows?.exactIntegers === true }
  const plan = { statement: statement as Node, dialect, compiled, rows, request }
  plans.set(compiled, plan)
  return plan
}

function requireStatement(statement: unknown): Node {
  if (typeof statement === 'object' && statement !== null && 'kind' in statement && 'toSQL' in statement) {
    return statement as unknown as Node
  }
  if (typeof statement === 'string') {
    throw new BuildError('invalid_statement', `A text is not run as SQL: ${excerpt(statement)}. Write sql.statement\`…\`.`)
  }
  if (typeof statement === 'object' && statement !== null && 'values' in statement) {
    throw new BuildError('invalid_statement', 'This insert says nothing to insert yet: add .values(…).')
  }
  throw new BuildError('invalid_statement', `This is no statement: ${excerpt(statement)}.`)
}

/** The request for a plan, with the values of its named parameters. */
export function bind(plan: Plan, values: Readonly<Record<string, unknown>> | undefined): Request {
  const { compiled, request } = plan
  if (compiled.named.length === 0) {
    if (values !== undefined) checkNames(compiled.named, values)
    return request
  }
  const params = compiled.params.slice()
  for (const slot of compiled.named) params[slot.index] = encodeSlot(slot, values, plan.dialect)
  if (values !== undefined) checkNames(compiled.named, values)
  return { sql: request.sql, params, exactIntegers: request.exactIntegers }
}

function encodeSlot(slot: NamedSlot, values: Readonly<Record<string, unknown>> | undefined, dialect: Dialect): unknown {
  const value = values !== undefined && Object.hasOwn(values, slot.name) ? values[slot.name] : undefined
  if (value === undefined) {
    throw new BuildError(
      'unbound_parameter',
      `Parameter '${slot.name}' has no value. Prepare the statement and give it: db.prepare(statement).all({ ${slot.name}: … }).`,
    )
  }
  if (value === null) {
    if (slot.nullable) return null
    throw new ValueError('invalid_value', `Parameter '${slot.name}' is null. Declare it with { nullable: true } to allow that.`)
  }
  const codec = dialect.types[slot.type.name]
  try {
    return slot.encode === undefined ? codec?.encode(value, slot.type) : slot.encode(value)
  } catch (error) {
    throw error instanceof ValueError ? new ValueError(error.code, `Parameter '${slot.name}': ${error.message}`) : error
  }
}

function checkNames(named: readonly NamedSlot[], values: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(values)) {
    if (named.some((slot) => slot.name === name)) continue
    const known = [...new Set(named.map((slot) => slot.name))]
    throw new BuildError(
      'unknown_parameter',
      `The statement has no parameter '${name}'. ${known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`}`,
    )
  }
}

/** The rows of a response as the statement shapes them. */
export function mapRows(plan: Plan, response: Response): unknown[] {
  const rows = plan.rows
  if (rows === undefined) return rawRows(plan, response)
  const { map } = planFor(rows, plan.statement, plan.dialect, response)
  const raw = response.rows
  const result = new Array<unknown>(raw.length)
  for (let i = 0; i < raw.length; i++) result[i] = map(raw[i] as readonly unknown[])
  return result
}

function rawRows(plan: Plan, response: Response): unknown[] {
  if (response.rows.length === 0) return []
  // Raw statements have no shape; their rows are what the driver gave, by position.
  return response.rows.map((row) =>
    row.map((value, i) => (value === null ? null : plan.dialect.decodeUntyped(value, response.columnTypes?.[i]))),
  )
}

/** The only row of a response. */
export function onlyRow(plan: Plan, response: Response): unknown {
  checkOnly(plan, response)
  return mapRows(plan, response)[0]
}

/** The only value of a response: one row of one column. */
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
  return planFor(rows, plan.statement, plan.dialect, response).first((response.rows[0] as readonly unknown[])[0])
}

function checkOnly(plan: Plan, response: Response): void {
  const { sql } = plan.compiled
  const found = response.rows.length
  if (found === 1) return
  if (found === 0) {
    throw new NoRowsError('no_rows', 'The statement returned no row, where one was asked for. For none or one use first.', { sql })
  }
  throw new TooManyRowsError(
    'too_many_rows',
    `The statement returned ${found} rows, where one was asked for. Narrow it by .where(…), or use first or all.`,
    { sql },
  )
}
