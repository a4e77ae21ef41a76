import {
  type AliasNode,
  type AssignmentNode,
  type BinaryNode,
  type Compiler,
  type DeleteNode,
  type InsertNode,
  type Node,
  SourceNode,
  type TableNode,
  type UpdateNode,
  walk,
} from '@espalier/core'

// While it writes row after row, SQLite computes new values and what is returned from the table as it then is: a query of
// that table finds the rows that were written already. PostgreSQL, and SQL, know the table as it was before the statement.

/** Whether a part of a statement has a query that reads the table which the statement writes. */
export function reads(part: Node, target: SourceNode): boolean {
  if (isPlain(part)) return false
  const { name, schema } = tableOf(target)
  let found = false
  walk(part, (node) => {
    if (node.kind !== 'table') return !found
    const table = node as TableNode
    if (table.schema === schema && table.name.toLowerCase() === name.toLowerCase()) found = true
    return !found
  })
  return found
}

/** Whether a part has no query, as most have none: told without a walk, which would take as long as writing it. */
function isPlain(part: Node): boolean {
  switch (part.kind) {
    case 'column':
    case 'parameter':
    case 'namedParameter':
    case 'constant':
      return true
    case 'assignment':
      return isPlain((part as AssignmentNode).value)
    case 'binary':
      return isPlain((part as BinaryNode).left) && isPlain((part as BinaryNode).right)
    default:
      return false
  }
}

function tableOf(target: SourceNode): TableNode {
  return target.kind === 'alias' ? tableOf((target as AliasNode).source) : (target as TableNode)
}

/**
 * One row, as a source. With it beside the table, SQLite computes all new values before it writes the first:
 * https://sqlite.org/lang_update.html#update_from
 */
export class OneRowNode extends SourceNode {
  static readonly fields = {}
  constructor() {
    super('oneRow', 'one row')
  }
  write(to: Compiler): void {
    to.text('(select 1)')
  }
}

export function refuseToReturnItself(
  { kind, table, selection }: InsertNode | UpdateNode | DeleteNode,
  to: Compiler,
): void {
  if (selection?.outputs.some((output) => reads(output, table)) !== true) return
  throw to.unsupported(
    `returning of a query that reads the table which the ${kind} writes ('${tableOf(table).name}')`,
    'It would find some rows already written and others not. Select it before or after, in the same transaction.',
  )
}

/** A single row changes nothing before its own conflict, so for that the table is as it was. */
export function refuseToUpdateByItself({ table, rows, conflicts }: InsertNode, to: Compiler): void {
  if (conflicts.length === 0 || (rows as { readonly rowCount?: number } | undefined)?.rowCount === 1) return
  if (!conflicts.some((conflict) => reads(conflict, table))) return
  throw to.unsupported(
    `do update of several rows by a query that reads the table itself ('${table.name}')`,
    'It would find some rows already written and others not. Insert the rows one by one, or compute the values before.',
  )
}
