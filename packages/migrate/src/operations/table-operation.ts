import {
  AlterTableNode,
  type Dialect,
  ddl,
  isEspalierError,
  type StatementNode,
  type TableAction,
  type TableNode,
  type Transaction,
} from '@espalier/core'
import { alter, isAlwaysNative, requireWritable } from '../sqlite/alter.js'
import type { AnyStatement, Irreversible, Operation, OperationCall } from './operation.js'

/** An operation that changes a table, as the changes that it is made of. */
export interface TableOperation extends Operation {
  readonly table: TableNode
  changes(dialect: Dialect): readonly StatementNode[]
}

/** What a change of a table is made of. */
export interface TableChange {
  readonly kind: string
  readonly description: string
  readonly table: TableNode
  /** Its changes, in order; asked for when names are made and references can be followed. */
  readonly changes: (dialect: Dialect) => readonly StatementNode[]
  readonly reverse: () => Operation | Irreversible
  readonly call?: OperationCall | undefined
}

/**
 * An operation that changes a table. Where a dialect has no statement for a change (SQLite's), the table is read when the
 * operation runs, and altered or made anew.
 */
export function tableOperation(
  change: TableChange,
  statements = (dialect: Dialect) => statementsOf(change.changes(dialect), dialect),
): TableOperation {
  const { kind, table, changes, reverse, call } = change
  return {
    kind,
    // Names may be made of what is declared later.
    get description() {
      return change.description
    },
    table,
    changes,
    statements,
    reverse,
    perform: (dialect) => performing(table, changes(dialect), dialect),
    ...(call === undefined ? {} : { call }),
  }
}

/** Whether an operation changes a table, and says by what. */
export function isTableOperation(operation: Operation): operation is TableOperation {
  return typeof (operation as Partial<TableOperation>).changes === 'function'
}

/** The statements of changes; none where the dialect has not one for each, but can make them. */
function statementsOf(changes: readonly StatementNode[], dialect: Dialect): readonly AnyStatement[] {
  const statements = changes.map(ddl)
  if (dialect.lacks.addConstraint !== true) return statements
  try {
    for (const statement of statements) dialect.compile(statement)
    return statements
  } catch (error) {
    if (!isEspalierError(error) || error.code !== 'unsupported') throw error
    for (const change of changes) requireWritable(change, dialect)
    return []
  }
}

/** What makes changes of a table where it depends on the table how; undefined where their statements do. */
function performing(
  table: TableNode,
  changes: readonly StatementNode[],
  dialect: Dialect,
): ((tx: Transaction) => Promise<void>) | undefined {
  if (dialect.lacks.addConstraint !== true || isAlwaysNative(changes, dialect)) return undefined
  return (tx) => alter(tx, table, changes)
}

const actions: readonly string[] = [
  'addColumn',
  'dropColumn',
  'alterColumn',
  'addConstraint',
  'dropConstraint',
  'validateConstraint',
  'rowSecurity',
]

/** Changes that can be made in one statement, in one. */
export function merged(changes: readonly StatementNode[]): readonly StatementNode[] {
  const all: StatementNode[] = []
  let run: TableAction[] = []
  const flush = () => {
    const [first] = run
    if (first !== undefined) all.push(run.length === 1 ? first : new AlterTableNode(first.table, run))
    run = []
  }
  for (const change of changes) {
    if (actions.includes(change.kind)) run.push(change as TableAction)
    else {
      flush()
      all.push(change)
    }
  }
  flush()
  return all
}
