import type { Catalog } from '@espalier/core'

/** What a catalog says beside the schema: statistics, sizes, and texts of which the rest is made. */
const NOT_COMPARED = new Set(['version', 'rowEstimate', 'bytes', 'sql', 'dependencies', 'problems', 'owner'])

/** More differences than these tell nothing. */
const MOST = 20

/**
 * How two catalogs of a database differ: a line for each difference, in words, at most twenty; none if their schemas are the
 * same. The order of the columns of a table is not compared, since a column that is dropped and added again is the last,
 * nor are statistics, sizes, owners and the texts of SQLite's statements.
 *
 * @example
 * ```ts
 * import { createTable } from '@espalier/core'
 * import { inspect } from '@espalier/dialects/sqlite/inspect'
 *
 * const file = sqlite(':memory:')
 * const empty = await inspect(file)
 * await file.run(createTable(table('notes', { id: integer().primaryKey() })))
 * catalogDifferences(empty, await inspect(file)) // ['tables: "main.notes" is there, and was not']
 * ```
 */
export function catalogDifferences(before: Catalog, after: Catalog): readonly string[] {
  const found: string[] = []
  compare('', schemaOf(before), schemaOf(after), found)
  return found.slice(0, MOST)
}

/** What is compared of a catalog. SQLite has the schema `temp` once something temporary was there, and has it for good. */
function schemaOf(catalog: Catalog): unknown {
  return normalized({ ...catalog, schemas: catalog.schemas.filter(({ name }) => name !== 'temp') })
}

/** A catalog with things by their names in place of lists of them. */
function normalized(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (!value.every(isRecord)) return value
    return new Map(
      value
        .map((one) => normalized(one) as Map<string, unknown>)
        .map((one): [string, unknown] => [nameOf(one), one])
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    )
  }
  if (!isRecord(value)) return value
  return new Map(
    Object.entries(value)
      .filter(([key, one]) => one !== undefined && !NOT_COMPARED.has(key))
      .map(([key, one]) => [key, ORDERED.has(key) ? JSON.stringify(one) : normalized(one)]),
  )
}

/** Lists of objects whose order says something. */
const ORDERED = new Set(['keys', 'elements'])

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What tells a thing from others of its kind: its name, with that of what it belongs to; all of it where it has none. */
function nameOf(one: ReadonlyMap<string, unknown>): string {
  const name = one.get('name')
  if (typeof name !== 'string') return JSON.stringify(plain(one))
  const parts = [one.get('schema'), one.get('table'), name].filter((part) => typeof part === 'string')
  const signature = one.get('arguments')
  return parts.join('.') + (Array.isArray(signature) ? `(${signature.join(', ')})` : '')
}

function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries([...value].map(([key, one]) => [key, plain(one)])) : value
}

function compare(path: string, before: unknown, after: unknown, found: string[]): void {
  if (!(before instanceof Map) || !(after instanceof Map)) {
    const [was, is] = [before, after].map((one) => JSON.stringify(plain(one)))
    if (was !== is) found.push(`${path}: is ${is ?? 'not there'}, and was ${was ?? 'not there'}`)
    return
  }
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const isIn = [before, after].map((one) => one.has(key))
    const there = (isIn[0] ? before : after).get(key)
    if (isIn[0] === isIn[1])
      compare(path === '' ? key : `${path} / ${key}`, before.get(key), after.get(key), found)
    else if (there instanceof Map && there.size > 0)
      found.push(`${path}: "${key}" ${isIn[0] ? 'is gone' : 'is there, and was not'}`)
    else if (!(there instanceof Map)) compare(`${path} / ${key}`, before.get(key), after.get(key), found)
  }
}
