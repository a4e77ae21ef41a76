import { withDepthGuard } from './depth.js'
import { fieldOf, type Node } from './node.js'
import { classOf, fieldsOf } from './walk.js'

/** What a rewrite does with a node whose children are rewritten already: return it, or another in its place. */
export type Rewriter = (node: Node) => Node

/**
 * Makes a new tree from a tree, children first. A node whose children come back unchanged is passed on as it
 * is, so a rewrite that changes nothing returns the very same tree. References to a source follow what the
 * rewrite made of the source.
 *
 * @example
 * ```ts
 * const archived = rewrite(select(users).from(users), (node) =>
 *   node.kind === 'table' ? new TableNode('users_archive', undefined) : node)
 * ```
 */
export function rewrite<T extends Node>(root: T, change: Rewriter): T {
  const done = new Map<Node, Node>()
  const visit = (node: Node): Node => {
    const known = done.get(node)
    if (known !== undefined) return known
    const result = change(rebuild(node, visit))
    done.set(node, result)
    return result
  }
  return withDepthGuard(root, () => visit(root)) as T
}

/** Rebuilds every node on the way, changed or not: the identity, the long way round. It proves what the classes list. */
export function copyTree<T extends Node>(root: T): T {
  const done = new Map<Node, Node>()
  const visit = (node: Node): Node => {
    let copy = done.get(node)
    if (copy === undefined) {
      copy = rebuild(node, visit, true)
      done.set(node, copy)
    }
    return copy
  }
  return withDepthGuard(root, () => visit(root)) as T
}

function rebuild(node: Node, visit: (node: Node) => Node, always = false): Node {
  let changed = always
  const values = fieldsOf(node).map(([name, role]) => {
    const value = fieldOf(node, name)
    if (role === 'data' || value === undefined) return value
    if (role === 'children') {
      const before = value as readonly Node[]
      const after = before.map(visit)
      if (!always && after.every((child, i) => child === before[i])) return before
      changed = true
      return after
    }
    const after = visit(value as Node)
    if (after !== value) changed = true
    return after
  })
  if (!changed) return node
  const NodeOfKind = classOf(node)
  return new NodeOfKind(...(values as never[]))
}
