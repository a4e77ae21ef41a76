import type { ExpressionNode } from '../expression/node.js'
import { defineKind, type Node } from '../tree/node.js'

/**
 * How the columns of a result become a row: the number of a column, or an object of shapes. `presence` names the
 * source whose absence (by an outer join) makes the whole object null, and the columns that tell.
 */
export type Shape = number | ObjectShape
/** An object of a row: its keys, and the shape of the value of each. */
export interface ObjectShape {
  readonly keys: readonly string[]
  readonly fields: readonly Shape[]
  readonly presence?: { readonly source: string; readonly columns: readonly number[] }
}

/**
 * What a statement returns: the columns of the result, their labels, and how they become a row. One object, shared
 * by all the statements that the methods of a builder make of each other.
 */
export class SelectionNode implements Node {
  declare readonly kind: string
  /** How its rows are made, remembered by the executor. */
  plan: unknown = undefined
  constructor(
    readonly outputs: readonly ExpressionNode[],
    readonly labels: readonly string[],
    /** Undefined for an object without nesting, whose keys are the labels. */
    readonly shape: Shape | undefined,
  ) {}
}
defineKind('selection', SelectionNode, { outputs: 'children', labels: 'data', shape: 'data' })
