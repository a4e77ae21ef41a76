import type { ExpressionNode } from '../expression/node.js'
import { Scope } from '../expression/scope.js'
import type { Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { TableSource } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import { addPredicates } from './clauses.js'
import type { SelectionNode } from './selection.js'
import { readSelection } from './shape.js'
import { StatementNode } from './statement-node.js'
import { requireTable, whereMissing, writeReturning } from './target.js'
import type { DeleteWithoutWhere } from './writes.js'

/** `everyRow` says that a delete without condition is meant. */
export class DeleteNode extends StatementNode {
  static readonly fields: Fields<DeleteNode> = {
    table: 'child',
    condition: 'optional',
    isEveryRow: 'data',
    selection: 'optional',
  }
  constructor(
    readonly table: TableNode,
    readonly condition: ExpressionNode | undefined,
    readonly isEveryRow: boolean,
    readonly selection: SelectionNode | undefined,
  ) {
    super('delete')
  }
  where(...predicates: unknown[]): DeleteNode {
    const condition = addPredicates('where', this.condition, predicates)
    return new DeleteNode(this.table, condition, this.isEveryRow, this.selection)
  }
  everyRow(): DeleteNode {
    return new DeleteNode(this.table, this.condition, true, this.selection)
  }
  returning(selection: unknown): DeleteNode {
    const returned = readSelection('returning(…)', selection)
    return new DeleteNode(this.table, this.condition, this.isEveryRow, returned)
  }

  write(to: Writer): void {
    const { table, condition, selection } = this
    if (condition === undefined && !this.isEveryRow) throw whereMissing('delete', table.name)
    to.scope = new Scope(undefined, table)
    to.sql += `delete from ${table.quotedPath}`
    if (condition !== undefined) {
      to.sql += ' where '
      to.visit(condition)
    }
    if (selection !== undefined) writeReturning(to, selection)
  }
}

/**
 * Deletes rows of a table: those that `where` says, or all by `everyRow()`.
 * @example
 * ```ts
 * await db.run(deleteFrom(users).where(users.id.in([1n, 2n])))
 * // delete from "users" where "users"."id" in ($1, $2)
 * ```
 */
export function deleteFrom<Name extends string, C>(table: TableSource<Name, C>): DeleteWithoutWhere<Name> {
  const { node } = requireTable('deleteFrom', table)
  return new DeleteNode(node as TableNode, undefined, false, undefined) as unknown as DeleteWithoutWhere<Name>
}
