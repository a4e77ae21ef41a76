import { BuildError, ExecutionError, excerpt } from '../errors.js'
import type { Plan } from './plan.js'

/** What a row can be found by in a `Map`, which compares objects by who they are: a `Date` would never be found. */
export type RowKey = string | number | bigint | boolean | null

/** The keys of a row whose values it can be found by. */
export type KeyOfRow<R> = R extends object
  ? { [K in keyof R]: R[K] extends RowKey ? K : never }[keyof R]
  : never

/** A key of the rows, or a function that makes one of a row. */
type Key = string | ((row: unknown) => unknown)

/** The rows by a key that each has for itself. */
export function mapOf({ compiled }: Plan, rows: readonly unknown[], key: Key): Map<unknown, unknown> {
  const found = new Map<unknown, unknown>()
  for (const row of rows) found.set(keyOf(row, key), row)
  if (found.size === rows.length) return found
  const seen = new Set<unknown>()
  const twice = rows.map((row) => keyOf(row, key)).find((one) => seen.size === seen.add(one).size)
  throw new ExecutionError(
    'duplicate_key',
    `Several rows have the key ${excerpt(twice)}${typeof key === 'string' ? `, their '${key}'` : ''}, and a map would keep one of ` +
      'them. Take them all by group(…), or a key that is unique.',
    { sql: compiled.sql },
  )
}

/** The rows by a key that several may have, in their order. */
export function groupsOf(rows: readonly unknown[], key: Key): Map<unknown, unknown[]> {
  const found = new Map<unknown, unknown[]>()
  for (const row of rows) {
    const one = keyOf(row, key)
    const group = found.get(one)
    if (group === undefined) found.set(one, [row])
    else group.push(row)
  }
  return found
}

function keyOf(row: unknown, key: Key): unknown {
  const value = typeof key === 'function' ? key(row) : (Object(row) as Readonly<Record<string, unknown>>)[key]
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && value !== undefined))
    return value
  if (value === undefined) {
    throw new BuildError(
      'invalid_key',
      typeof key === 'function'
        ? 'The key of a row is undefined, which is never a value. Return null for none.'
        : `The rows have no key ${excerpt(key)}. They have: ${Object.keys(Object(row)).join(', ')}.`,
    )
  }
  throw new BuildError(
    'invalid_key',
    `A map finds rows by texts, numbers, bigints, booleans and null, not by an object such as ${excerpt(value)}. Make one of ` +
      'it: (row) => row.at.getTime().',
  )
}
