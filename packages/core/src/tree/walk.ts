import { BuildError } from '../errors.js'
import { fieldOf, type Node, type NodeSpec, specOf } from './node.js'

/** The spec of a node; an error for a kind that was never declared. */
export function requireSpec(node: Node): NodeSpec {
  const spec = specOf(node.kind)
  if (spec === undefined) {
    throw new BuildError(
      'unknown_kind',
      `There is no node of kind '${node.kind}': declare it with defineKind.`,
    )
  }
  return spec
}

/** The nodes directly below a node, in the order in which its fields were declared. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = []
  for (const field of requireSpec(node).fields) {
    const value = fieldOf(node, field.name)
    if (field.role === 'children') found.push(...(value as readonly Node[]))
    else if ((field.role === 'child' || field.role === 'optional') && value !== undefined)
      found.push(value as Node)
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
