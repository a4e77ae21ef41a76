import { BuildError } from '../errors.js'
import { absentNames } from '../statement/absent.js'
import type { SelectionNode } from '../statement/selection.js'
import type { Node } from '../tree/node.js'
import type { Decoders } from '../types/codec.js'
import type { SqlWriter } from '../types/dialect.js'
import { RowPlan } from '../types/row-plan.js'
import { readAlike, type SqlType, typeText } from '../types/sql-type.js'

/** The plan for the rows that a statement returns; undefined if it returns none. */
export function planRows(statement: Node, decoders: Decoders, dialect: SqlWriter): RowPlan | undefined {
  const { selection: own, selectionFor } = statement as SelectingNode
  const selection = own ?? selectionFor?.call(statement, dialect)
  if (selection === undefined) return undefined
  if (statement.kind === 'compound') requireAlike(statement as unknown as Sides)
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

interface Sides {
  readonly left: Node & { readonly selection: SelectionNode }
  readonly right: Node & { readonly selection: SelectionNode }
}

/** Values of both sides of a set operation are read in one way, so they must be of one. */
function requireAlike({ left, right }: Sides): void {
  for (const side of [left, right]) if (side.kind === 'compound') requireAlike(side as unknown as Sides)
  left.selection.outputs.forEach(({ type }, i) => {
    const other = right.selection.outputs[i]?.type as SqlType
    if (readAlike(type, other)) return
    throw new BuildError(
      'mixed_types',
      `The sides of a set operation have values of different types as '${left.selection.labels[i]}', ${typeText(type)} ` +
        `and ${typeText(other)}: cast one to the type of the other.`,
    )
  })
}
