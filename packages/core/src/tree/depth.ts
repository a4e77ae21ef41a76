import { BuildError } from '../errors.js'
import type { Node } from './node.js'

/** Runs a recursive walk of a tree; a tree deeper than the call stack becomes an error that says so. */
export function withDepthGuard<T>(root: Node, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof RangeError && /call stack/i.test(error.message) ? tooDeep(root) : error
  }
}

export function tooDeep(root: Node): BuildError {
  return new BuildError(
    'too_deep',
    `This ${root.kind} is nested too deep. Write long chains ` + 'flat: and(…list), or(…list), in([…]).',
  )
}
