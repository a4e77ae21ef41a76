import type { Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import type { Writer } from './writer.js'

/**
 * Refuses an expression that would have to be written twice where it has another value each time: one with `random()`,
 * also in raw SQL and in subqueries. Functions of which a program tells no more than the name are taken for stable.
 * @param place what would be computed of two values, for the error message.
 */
export function requireStable(to: Writer, expression: Node, place: string): void {
  walk(expression, (node) => {
    if (!isRandom(node)) return
    throw to.unsupported(
      `${place} of a random value, which it would compute twice`,
      "Compute that first: cte('random', select({ … }), { materialized: true }).",
    )
  })
}

function isRandom(node: Node): boolean {
  const { name, texts } = node as { readonly name?: unknown; readonly texts?: readonly string[] }
  if (node.kind === 'function' || node.kind === 'call') return /^random(blob)?$/i.test(String(name))
  return (node.kind === 'raw' || node.kind === 'fragment') && /\brandom(blob)?\s*\(/i.test(String(texts))
}
