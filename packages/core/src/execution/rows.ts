import { absentNames } from '../statement/absent.js'
import type { SelectionNode } from '../statement/selection.js'
import type { Node } from '../tree/node.js'
import type { Decoders } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import { RowPlan } from '../types/row-plan.js'

/** The plan for the rows that a statement returns; undefined if it returns none. */
export function planRows(statement: Node, decoders: Decoders, dialect: SqlWriter): RowPlan | undefined {
  const { selection: own, selectionFor } = statement as SelectingNode
  const selection = own ?? selectionFor?.call(statement, dialect)
  if (selection === undefined) return undefined
  const absent = absentNames(statement)
  if (absent.size > 0) return new RowPlan(selection, decoders, absent)
  // A selection is shared by the statements that are made of each other, and that of a whole table by all of them.
  const known = selection.plan as RowPlan | undefined
  if (known?.source === decoders) return known
  const plan = new RowPlan(selection, decoders, absent)
  selection.plan = plan
  return plan
}

/** A statement with rows; those of one may differ by database. */
type SelectingNode = Node & {
  readonly selection?: SelectionNode
  readonly selectionFor?: (dialect: SqlWriter) => SelectionNode
}
