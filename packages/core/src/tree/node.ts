/**
 * What a field of a node holds:
 * - `child`: a node. `optional`: a node or undefined. `children`: an array of nodes.
 * - `source`: a reference to a source that stands elsewhere in the tree. It is kept by identity: it is not
 *   walked, and a rewrite of the source is followed.
 * - `data`: anything else: texts, numbers, types, values.
 */
export type FieldRole = 'child' | 'optional' | 'children' | 'source' | 'data'

/** How a kind of node is made: its fields in the order of the constructor's parameters. */
export interface NodeSpec {
  readonly kind: string
  readonly fields: readonly NodeField[]
  readonly create: (...values: never[]) => Node
  /** What a field may hold, where that is written into SQL as it is; asked of what comes from outside. */
  readonly accepts: Readonly<Record<string, DataCheck>>
}

/** Whether a value may stand in a field. */
export type DataCheck = (value: unknown) => boolean

/** One of a few values. */
export const oneOf =
  (...values: readonly unknown[]): DataCheck =>
  (value) =>
    values.includes(value)

/** A node of one of a few kinds. */
export const ofKind =
  (...kinds: readonly string[]): DataCheck =>
  (node) =>
    kinds.includes((node as Node).kind)

export interface NodeField {
  readonly name: string
  readonly role: FieldRole
}

/**
 * A node of the tree: a plain, immutable record of its `kind` and the fields that its spec lists. Every
 * expression, statement, DDL operation and source is one.
 */
export interface Node {
  readonly kind: string
}

type Roles<C extends NodeConstructor> = { readonly [K in keyof InstanceType<C>]?: FieldRole }
type NodeConstructor = new (...values: never[]) => Node

const specs = new Map<string, NodeSpec>()

/**
 * Declares a kind of node. From this one line the visitor, the rewriter, structural equality and JSON know the
 * kind; the compiler writes it by its method of the same name.
 *
 * `accepts` says what fields may hold that are written into SQL as they are.
 *
 * `roles` lists the fields in the order of the constructor's parameters. The kind is put on the prototype, so
 * that an instance carries its fields alone.
 */
export function defineKind<C extends NodeConstructor>(
  kind: string,
  constructor: C,
  roles: Roles<C>,
  accepts: { readonly [K in keyof InstanceType<C>]?: DataCheck } = {},
): void {
  Object.defineProperty(constructor.prototype, 'kind', { value: kind, enumerable: true })
  const fields = Object.entries(roles as Record<string, FieldRole>).map(([name, role]) => ({ name, role }))
  specs.set(kind, {
    kind,
    fields,
    create: (...values) => new constructor(...values),
    accepts: accepts as NodeSpec['accepts'],
  })
}

/** The spec of a kind; undefined if no such kind was declared. */
export function specOf(kind: string): NodeSpec | undefined {
  return specs.get(kind)
}

/** Every declared kind, in the order of declaration. */
export function nodeKinds(): readonly string[] {
  return [...specs.keys()]
}

/** The value of a field. A node is a record of its fields; this is the one place that reads them by name. */
export function fieldOf(node: Node, name: string): unknown {
  return (node as unknown as Readonly<Record<string, unknown>>)[name]
}
