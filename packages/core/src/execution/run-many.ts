import { BuildError, isEspalierError } from '../errors.js'
import type { Deadline } from './deadline.js'
import type { Request, Response } from './driver.js'
import { abandon, iteratorOf, nextOf, type RowSource } from './load.js'
import { bind, type Plan } from './plan.js'

type Values = Readonly<Record<string, unknown>>

/** How many statements are under way at once, where the connection takes one before it has answered the last. */
export const PIPELINED = 256

/** Runs a plan with each of many sets of values, in the transaction that is open; gives the sum of the affected rows. */
export async function runSets(
  plan: Plan,
  sets: RowSource<unknown>,
  execute: (request: Request) => Promise<Response>,
  atOnce: number,
  deadline: Deadline | undefined,
): Promise<number> {
  requireSets(plan, sets)
  const underWay: Promise<void>[] = []
  let affected = 0
  let count = 0
  let failure: { readonly set: number; readonly error: unknown } | undefined
  const run = async (values: unknown, set: number): Promise<void> => {
    try {
      const response = await execute(bind(plan, values as Values))
      affected += response.affected
    } catch (error) {
      // What was under way behind it fails as well, since the transaction is spoilt.
      if (failure === undefined || set < failure.set) failure = { set, error }
    }
  }
  const iterator = iteratorOf(sets)
  let ended = false
  try {
    while (failure === undefined) {
      const next = nextOf(iterator, deadline)
      const { value, done } = 'then' in next ? await next : next
      ended = done === true
      if (ended) break
      underWay.push(run(value, count++))
      if (underWay.length >= atOnce) await underWay.shift()
    }
  } finally {
    if (!ended) void abandon(iterator)
    await Promise.all(underWay)
  }
  if (failure !== undefined)
    throw ofSet((failure as { set: number }).set, (failure as { error: unknown }).error)
  return affected
}

/** {@link runSets} on a database that answers at once. */
export function runSetsSync(
  plan: Plan,
  sets: Iterable<unknown>,
  execute: (request: Request) => Response,
): number {
  requireSets(plan, sets)
  let affected = 0
  let count = 0
  for (const values of sets) {
    try {
      affected += execute(bind(plan, values as Values)).affected
    } catch (error) {
      throw ofSet(count, error)
    }
    count++
  }
  return affected
}

function requireSets({ encoders }: Plan, sets: unknown): void {
  if (encoders.length === 0) {
    throw new BuildError(
      'invalid_statement',
      "runMany(…) takes a statement with named parameters, such as param('id', integer()), and this one has none. To insert " +
        'or change many rows at once give them to insert(…).values([…]) or updateMany(…).',
    )
  }
  if (typeof sets === 'object' && sets !== null && (Symbol.iterator in sets || Symbol.asyncIterator in sets))
    return
  throw new BuildError(
    'invalid_rows',
    'runMany(…) takes an iterable of objects, each with the values of the parameters.',
  )
}

/** An error that says which of the sets it is about. */
function ofSet(set: number, error: unknown): unknown {
  if (isEspalierError(error)) {
    error.message = `Set ${set}: ${error.message}`
    Object.assign(error, { set })
  }
  return error
}
