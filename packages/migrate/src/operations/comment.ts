import { CommentOnNode, CommentOnObjectNode, ddl, type ObjectName, TableNode } from '@espalier/core'
import { defineOperation } from './define.js'
import { displayName } from './describe.js'
import type { Operation } from './operation.js'

/**
 * Gives a table, a column, an index or another object a comment, or takes it away with null. Reversed where `from` says what
 * was there; where it does not, there was none. PostgreSQL; others, which keep no comments, do nothing.
 * @example
 * ```ts
 * comment({ kind: 'column', table: 'users', name: 'email' }, 'where to write')
 * // comment on column "users"."email" is 'where to write'
 * comment({ kind: 'index', name: 'users_email_idx' }, null, { from: 'old' })
 * // comment on index "users_email_idx" is null
 * ```
 */
export function comment(
  object: ObjectName,
  text: string | null,
  options: { readonly from?: string | null } = {},
): Operation {
  const { kind, name, schema, table } = object
  const node =
    kind === 'table'
      ? new CommentOnNode(new TableNode(name, schema), undefined, text ?? undefined)
      : kind === 'column'
        ? new CommentOnNode(new TableNode(table ?? '', schema), name, text ?? undefined)
        : new CommentOnObjectNode(object, text ?? undefined)
  const place = table === undefined ? displayName(name) : `${displayName(name)} of ${displayName(table)}`
  return defineOperation({
    kind: 'comment',
    description: `${text === null ? 'no comment' : 'comment'} on ${kind} ${place}`,
    statements: (dialect) => (dialect.lacks.comments ? [] : [ddl(node)]),
    reverse:
      text === null && options.from === undefined
        ? { irreversible: "nothing says what the comment was; write comment(…, null, { from: '…' })" }
        : () => comment(object, options.from ?? null, { from: text }),
    call: ['comment', object, text, ...(options.from === undefined ? [] : [options])],
  })
}
