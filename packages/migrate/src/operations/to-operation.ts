import { execute, isStatement, notStatement } from './execute.js'
import { type AnyStatement, isOperation, type Operation } from './operation.js'

/** What may stand in `up` and `down`: an operation, or a bare statement. */
export type Step = Operation | AnyStatement

/** The operation that a step of a revision means, or what is wrong with it. */
export function toOperation(step: unknown): Operation | string {
  if (isOperation(step)) return step
  return isStatement(step) ? execute(step) : notStatement(step)
}
