import type { Dialect } from '@espalier/core'
import { runsOutsideTransaction } from '../operations/locks.js'
import type { PlannedOperation } from './plan.js'

/** Operations of a revision that run in one transaction, or one that the database refuses in any. */
export interface Stage {
  readonly operations: readonly PlannedOperation[]
  /** How many operations come before it. */
  readonly from: number
  readonly isOutsideTransaction: boolean
}

/** The stages of operations, from one of them on: as few transactions as can be. */
export function stagesOf(
  operations: readonly PlannedOperation[],
  dialect: Dialect,
  from = 0,
): readonly Stage[] {
  const stages: Stage[] = []
  let begun: PlannedOperation[] = []
  const close = (end: number): void => {
    if (begun.length === 0) return
    stages.push({ operations: begun, from: end - begun.length, isOutsideTransaction: false })
    begun = []
  }
  for (let i = from; i < operations.length; i++) {
    const planned = operations[i] as PlannedOperation
    if (!runsOutsideTransaction(planned.operation, dialect)) {
      begun.push(planned)
      continue
    }
    close(i)
    stages.push({ operations: [planned], from: i, isOutsideTransaction: true })
  }
  close(operations.length)
  return stages
}
