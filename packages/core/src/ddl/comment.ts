import { quoteIdentifier } from '../expression/identifier.js'
import type { Writer } from '../expression/writer.js'
import { type TableDefinition, TableNode } from '../schema/definition.js'
import { requireSchemaFeature } from '../schema/schema-features.js'
import type { AnyTable } from '../schema/table.js'
import { StatementNode } from '../statement/statement-node.js'
import { requireTable } from '../statement/target.js'
import type { Fields } from '../tree/node.js'
import { TEXT } from '../types/sql-type.js'
import { type DdlStatement, ddl, pathOf } from './statement.js'

/** `comment on table`, `comment on column`. */
export class CommentOnNode extends StatementNode {
  static readonly fields: Fields<CommentOnNode> = { table: 'child', column: 'data', comment: 'data' }
  constructor(
    readonly table: TableNode,
    readonly column: string | undefined,
    readonly comment: string | undefined,
  ) {
    super('commentOn')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'comments')
    const { column, comment, table } = this
    to.text(
      column === undefined
        ? `comment on table ${table.quotedPath}`
        : `comment on column ${table.quotedPath}.${quoteIdentifier(column)}`,
    )
    to.text(` is ${comment === undefined ? 'null' : to.codec(TEXT).literal(comment, TEXT)}`)
  }
}

/**
 * The statement that gives a table, or one of its columns by its name in the database, a comment; none takes it away.
 * {@link createAll} has those that tables declare.
 *
 * PostgreSQL: `comment on column "users"."email" is 'where to write'` · SQLite: refused
 */
export function commentOn(
  table: AnyTable | string,
  options: { readonly column?: string; readonly comment?: string },
): DdlStatement {
  const node =
    typeof table === 'string'
      ? new TableNode(table, undefined)
      : (requireTable('commentOn(…)', table).node as TableNode)
  return ddl(new CommentOnNode(node, options.column, options.comment))
}

/** `comment on constraint`, `comment on index`. */
export class CommentOnPartNode extends StatementNode {
  static readonly fields: Fields<CommentOnPartNode> = {
    table: 'child',
    part: 'data',
    name: 'data',
    comment: 'data',
  }
  constructor(
    readonly table: TableNode,
    readonly part: 'constraint' | 'index',
    readonly name: string,
    readonly comment: string,
  ) {
    super('commentOnPart')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'comments')
    const { table, name, part } = this
    to.text(
      part === 'index'
        ? `comment on index ${pathOf(table.schema, name)}`
        : `comment on constraint ${quoteIdentifier(name)} on ${table.quotedPath}`,
    )
    to.text(` is ${to.codec(TEXT).literal(this.comment, TEXT)}`)
  }
}

/** What gives constraints and indexes of a table the comments that they declare. */
export function commentsOfParts(
  { table }: TableDefinition,
  part: 'constraint' | 'index',
  parts: readonly {
    readonly name: string
    readonly details?: { readonly comment?: string | undefined } | undefined
  }[],
): CommentOnPartNode[] {
  return parts.flatMap(({ name, details }) =>
    details?.comment === undefined ? [] : [new CommentOnPartNode(table, part, name, details.comment)],
  )
}

/** What gives a table and its columns the comments that they declare. */
export function commentsOf({ table, columns, details }: TableDefinition): CommentOnNode[] {
  const comment = details?.options.comment
  return [
    ...(comment === undefined ? [] : [new CommentOnNode(table, undefined, comment)]),
    // A partition has its columns from the table above, and so their comments there.
    ...(details?.partitionOf === undefined ? columns : [])
      .filter((column) => column.details?.comment !== undefined)
      .map((column) => new CommentOnNode(table, column.name, column.details?.comment)),
  ]
}
