import { withDepthGuard } from './depth.js'
import { fieldOf, type Node } from './node.js'
import { fieldsOf } from './walk.js'

/**
 * Whether two trees have the same structure: the same kinds with equal data and equal children. Sources are
 * equal if they stand in the same places: a column of one `users` table equals a column of another like it.
 *
 * @example
 * ```ts
 * sameTree(users.id.eq(1n), users.id.eq(1n)) // true
 * sameTree(users.id.eq(1n), users.id.eq(2n)) // false
 * ```
 */
export function sameTree(left: Node, right: Node): boolean {
  const paired = new Map<Node, Node>()
  const visit = (a: Node, b: Node): boolean => {
    if (a === b) return true
    const partner = paired.get(a)
    if (partner !== undefined) return partner === b
    if (a.kind !== b.kind) return false
    paired.set(a, b)
    return fieldsOf(a).every(([name, role]) => {
      const x = fieldOf(a, name)
      const y = fieldOf(b, name)
      if (role === 'data') return sameData(x, y)
      if (role === 'children') {
        const xs = x as readonly Node[]
        const ys = y as readonly Node[]
        return xs.length === ys.length && xs.every((child, i) => visit(child, ys[i] as Node))
      }
      if (x === undefined || y === undefined) return x === y
      return visit(x as Node, y as Node)
    })
  }
  return withDepthGuard(left, () => visit(left, right))
}

/** Structural equality of the data in a tree: plain records, arrays, dates, bytes and primitive values. */
function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Date || b instanceof Date) {
    return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime())
  }
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return (
      a instanceof Uint8Array &&
      b instanceof Uint8Array &&
      a.length === b.length &&
      a.every((byte, i) => byte === b[i])
    )
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  // A value without fields that can be seen, such as one of Temporal, has its text.
  if (keys.length === 0) return JSON.stringify(a) === JSON.stringify(b)
  const x = a as Record<string, unknown>
  const y = b as Record<string, unknown>
  return keys.every((key) => Object.hasOwn(y, key) && sameData(x[key], y[key]))
}
