import { ddl, excerpt } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { displayTable } from './describe.js'
import { type Irreversible, isIrreversible, type Operation } from './operation.js'
import { isTableOperation, merged, type TableOperation, tableOperation } from './table-operation.js'
import { type TableReference, tableNode } from './table-reference.js'

/**
 * Makes several changes of one table at once, which take one lock, and where the table is read or written anew, do it once.
 * Reversed by reversing each, the last one first.
 *
 * PostgreSQL: one `alter table` of all changes that stand together · SQLite: one copy of the table where any is needed
 *
 * Throws a `MigrationError` for operations that do not change that table.
 * @example
 * ```ts
 * alterTable('users', [
 *   addColumn('users', { nick: text() }),
 *   alterColumn('users', 'email', { nullable: true }),
 *   dropColumn('users', { fullName: text('full_name') }),
 * ])
 * // PostgreSQL: alter table "users" add column "nick" text, alter column "email" drop not null, drop column "full_name"
 * ```
 */
export function alterTable(table: TableReference, operations: readonly Operation[]): Operation {
  const node = tableNode('alterTable', table)
  const parts = operations.map((operation): TableOperation => {
    if (!isTableOperation(operation)) {
      throw new MigrationError(
        'invalid_operation',
        `alterTable takes operations that change ${displayTable(node)}, such as addColumn(…) or alterColumn(…), not ` +
          `${excerpt((operation as Partial<Operation> | undefined)?.description ?? operation)}.`,
      )
    }
    if (operation.table.quotedPath !== node.quotedPath) {
      throw new MigrationError(
        'invalid_operation',
        `alterTable of ${displayTable(node)} has an operation about ${displayTable(operation.table)}: ${operation.description}.`,
      )
    }
    return operation
  })
  if (parts.length === 0) {
    throw new MigrationError('invalid_operation', `alterTable of ${displayTable(node)} changes nothing.`)
  }
  return tableOperation(
    {
      kind: 'alterTable',
      get description() {
        return `alter table ${displayTable(node)}: ${parts.map(({ description }) => description).join('; ')}`
      },
      table: node,
      changes: (dialect) => parts.flatMap((part) => part.changes(dialect)),
      reverse: () => reversed(table, parts),
      call: ['alterTable', table, operations],
    },
    (dialect) => {
      if (dialect.lacks.addConstraint !== true)
        return merged(parts.flatMap((part) => part.changes(dialect))).map(ddl)
      const each = parts.map((part) => ({
        statements: part.statements(dialect),
        perform: part.perform?.(dialect),
      }))
      const isUnknown = each.some(
        ({ statements, perform }) => statements.length === 0 && perform !== undefined,
      )
      return isUnknown ? [] : each.flatMap(({ statements }) => statements)
    },
  )
}

function reversed(table: TableReference, parts: readonly TableOperation[]): Operation | Irreversible {
  const undone: Operation[] = []
  const reasons: string[] = []
  for (const part of parts) {
    const reverse = part.reverse()
    if (isIrreversible(reverse)) reasons.push(`${part.description}: ${reverse.irreversible}`)
    else undone.unshift(reverse)
  }
  return reasons.length > 0 ? { irreversible: reasons.join('; ') } : alterTable(table, undone)
}
