import {
  type AnyObject,
  type CreateSequenceNode,
  type DeclaredSource,
  type Node,
  type ObjectDefinition,
  type SchemaObject,
  sourceInfo,
  type TableNode,
} from '@espalier/core'

/** What a metadata knows of an object beside its tables; undefined for a table or a partition. */
export function definitionOf(object: AnyObject): ObjectDefinition | undefined {
  const own = (object as Partial<SchemaObject>)['~object']
  if (own !== undefined && typeof own.key === 'string') return own
  return sourceInfo(object)?.object as ObjectDefinition | undefined
}

/** The source of an object that is declared by it, as far as that is known. */
export function declaredSource(object: AnyObject): DeclaredSource | undefined {
  return definitionOf(object)?.source as DeclaredSource | undefined
}

/** What an object is and is called: `view`, `sequence`, `trigger`. */
export function describe(object: AnyObject): {
  readonly kind: string
  readonly name: string
  readonly schema?: string
} {
  const source = declaredSource(object)
  if (source !== undefined) {
    return {
      kind: source.kind,
      name: source.name,
      ...(source.schema !== undefined && { schema: source.schema }),
    }
  }
  const [node] = createNodes(object)
  const { kind = 'object', name = '', schema } = (node ?? {}) as Partial<CreateSequenceNode>
  return { kind: kind.replace(/^create/, '').toLowerCase(), name, ...(schema !== undefined && { schema }) }
}

/** The statements that create an object. */
export const createNodes = (object: AnyObject): readonly Node[] =>
  definitionOf(object)?.create({ ifNotExists: false }) ?? []

/** The key of an object among all. */
export function keyOf(object: AnyObject): string {
  const known = definitionOf(object)
  if (known !== undefined) return known.key
  const { node } = sourceInfo(object) as { readonly node: unknown }
  return relationKey((node as TableNode).quotedPath)
}

/** The key of a table or a view, by its quoted path. */
export function relationKey(quotedPath: string): string {
  return `relation ${quotedPath}`
}
