import type { CatalogReference } from '@espalier/core'

/** An object without the keys that have nothing: what does not apply is left out of a catalog. */
export function stated<T extends object>(object: T): T {
  for (const key of Object.keys(object) as (keyof T)[]) if (object[key] === undefined) delete object[key]
  return object
}

/** An object without the keys that have nothing, or nothing at all if that leaves none. */
export function statedOrNone<T extends object>(object: T): T | undefined {
  return Object.keys(stated(object)).length === 0 ? undefined : object
}

/** `true` for true; for anything else nothing. */
export function flag(value: boolean | null): true | undefined {
  return value === true ? true : undefined
}

/** Options as PostgreSQL keeps them, `{fillfactor=70}`, by their names. */
export function optionsOf(options: readonly string[] | null): Readonly<Record<string, string>> | undefined {
  if (options === null || options.length === 0) return undefined
  return Object.fromEntries(
    options.map((option) => {
      const equals = option.indexOf('=')
      return [option.slice(0, equals), option.slice(equals + 1)]
    }),
  )
}

/** The rows of each owner, in their order. */
export function grouped<R, K>(rows: readonly R[], keyOf: (row: R) => K): (key: K) => readonly R[] {
  const groups = new Map<K, R[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return (key) => groups.get(key) ?? []
}

/** Objects in the order of their schemas, the tables that they belong to, their names and arguments, by code units. */
export function inOrder<T extends Named>(objects: readonly T[]): T[] {
  return [...objects].sort((a, b) => before(sortKey(a), sortKey(b)))
}

type Named = Pick<CatalogReference, 'schema' | 'table' | 'name'> & { readonly arguments?: readonly string[] }

function sortKey({ schema = '', table = '', name, arguments: types = [] }: Named): string[] {
  return [schema, table, name, types.join()]
}

function before(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return (a[i] as string) < (b[i] as string) ? -1 : 1
  }
  return 0
}

/** What has no name of its own, in the order of all that it says. */
export function inTextOrder<T>(objects: readonly T[]): T[] {
  return objects
    .map((object) => [JSON.stringify(object), object] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, object]) => object)
}
