import { sourceInfo } from '../expression/source.js'
import type { Node } from '../tree/node.js'

/** What is created beside tables: a view, a sequence, a function. It is given to a metadata by `app.add(…)`. */
export interface SchemaObject {
  readonly '~object': ObjectDefinition
}

/** How an object is created and dropped, and what must be there before it. */
export interface ObjectDefinition {
  /** What it is called among all: two of one key are the same object. */
  readonly key: string
  readonly onlyOn?: string | undefined
  /** The keys of what it needs. */
  readonly needs: readonly string[]
  /** What creates it; `ifNotExists` where it may be there already. */
  readonly create: (options: { readonly ifNotExists: boolean }) => readonly Node[]
  readonly drop: (options: { readonly ifExists: boolean }) => readonly Node[]
  /** Whether a dialect has no such object and does as well without. */
  readonly isLeftOut?: ((dialect: { readonly lacks: object }) => boolean) | undefined
  /** What was given of an object that is declared by its source. */
  readonly source?: unknown
}

/** The key of a table or a view, by its quoted path. */
export function relationKey(quotedPath: string): string {
  return `relation ${quotedPath}`
}

/** The definition of a schema object; undefined for anything else, such as a table. */
export function objectOf(value: unknown): ObjectDefinition | undefined {
  const own = (value as Partial<SchemaObject> | null | undefined)?.['~object']
  if (own !== undefined && typeof own.key === 'string') return own
  return sourceInfo(value)?.object as ObjectDefinition | undefined
}
