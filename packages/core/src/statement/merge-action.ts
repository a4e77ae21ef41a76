import { CompileError } from '../errors.js'
import type { TextExpression } from '../expression/expression.js'
import { ExpressionNode } from '../expression/node.js'
import { Scope } from '../expression/scope.js'
import type { Writer } from '../expression/writer.js'
import type { Fields } from '../tree/node.js'
import { type SqlType, TEXT } from '../types/sql-type.js'

/** What a merge returns is in this scope, where it can be asked what was done. */
export class MergeScope extends Scope {
  readonly ofMerge = true
}

/** What a merge did to a row. */
export class MergeActionNode extends ExpressionNode {
  static readonly fields: Fields<MergeActionNode> = {}
  constructor() {
    super('mergeAction')
  }
  get type(): SqlType {
    return TEXT
  }
  override write(to: Writer): void {
    for (let scope = to.scope; scope !== undefined; scope = scope.outer) {
      if ('ofMerge' in scope) {
        to.text('merge_action()')
        return
      }
    }
    throw new CompileError(
      'misplaced_merge_action',
      'mergeAction() is known in returning(…) of a merge, and nowhere else.',
    )
  }
}

/** Stands for the merge whose rows are returned, among what an expression reads. */
export type MergedRows = 'rows of a merge'

/**
 * What a merge did to a row that it returns: `'INSERT'`, `'UPDATE'` or `'DELETE'`. PostgreSQL 17.
 * @example
 * ```ts
 * mergeInto(archive).using(users, users.id.eq(archive.id))
 *   .whenNotMatched().doInsert({ id: users.id, email: users.email })
 *   .returning({ id: archive.id, done: mergeAction() })
 * // PostgreSQL: merge into "archive" … returning "archive"."id", merge_action() as "done"
 * ```
 */
export function mergeAction(): TextExpression<'INSERT' | 'UPDATE' | 'DELETE', MergedRows, never> {
  return new MergeActionNode() as unknown as TextExpression<'INSERT' | 'UPDATE' | 'DELETE', MergedRows, never>
}
