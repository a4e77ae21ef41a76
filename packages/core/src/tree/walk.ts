import { BuildError } from '../errors.js'
import { type FieldRole, fieldOf, type Node, type NodeClass } from './node.js'

/** The class of a node; an error for an object that no node class made. */
export function classOf(node: Node): NodeClass {
  const nodeClass = node.constructor as Partial<NodeClass>
  if (nodeClass.fields !== undefined) return nodeClass as NodeClass
  throw new BuildError(
    'unknown_kind',
    `The class of this ${node.kind} does not list its fields: static readonly fields = { … }.`,
  )
}

/** The fields of a node with their roles, in the order of its constructor's parameters. */
export function fieldsOf(node: Node): readonly (readonly [name: string, role: FieldRole])[] {
  return Object.entries(classOf(node).fields)
}

/** The nodes directly below a node, in the order in which its class lists them. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = []
  for (const [name, role] of fieldsOf(node)) {
    const value = fieldOf(node, name)
    if (role === 'children') found.push(...(value as readonly Node[]))
    else if ((role === 'child' || role === 'optional') && value !== undefined) found.push(value as Node)
  }
  return found
}

/**
 * Visits a node and everything below it, parents first. Return `false` from the visitor to leave out what is
 * below a node. Sources that a column only refers to are not visited; where they stand in FROM they are.
 *
 * @example
 * ```ts
 * const tables = new Set<string>()
 * walk(select(users).from(users).join(orgs), (node) => {
 *   if (node.kind === 'table') tables.add((node as TableNode).name)
 * })
 * ```
 */
export function walk(root: Node, visit: (node: Node) => boolean | undefined | void): void {
  // An explicit stack: a tree may be deeper than the call stack.
  const stack: Node[] = [root]
  while (stack.length > 0) {
    const node = stack.pop() as Node
    if (visit(node) === false) continue
    const children = childrenOf(node)
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Node)
  }
}
