import { CompileError } from '../errors.js'
import { describe, ExpressionNode } from '../expression/node.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { type SqlType, UNKNOWN } from '../types/sql-type.js'

/** `default` in the place of a column's new value. */
export class DefaultValueNode extends ExpressionNode {
  static readonly fields: Fields<DefaultValueNode> = {}
  constructor() {
    super('defaultValue')
  }
  get type(): SqlType {
    return UNKNOWN
  }
  override write(): void {
    throw new CompileError(
      'misplaced_default',
      'defaultValue() stands alone as the new value of a column, in values(…) or set(…), and in no expression.',
    )
  }
  /** Writes it as the value of a column, which is the one place for it. */
  writeFor(to: Writer, column: Node): void {
    if (to.dialect.lacks.defaultKeyword) {
      throw to.unsupported(
        `default as a value among others (${describe(column)})`,
        'Leave the column out of every row of the insert, insert the rows in several statements, or write the value.',
      )
    }
    to.text('default')
  }
}

/** The default of a column, in the place of a value; see {@link defaultValue}. */
export interface DefaultValue extends Node {
  readonly '~default': true
}

/**
 * The default of the column whose value it stands for: NULL if the column has none. Takes nothing, and gives what
 * `values`, `set`, `doUpdate` and `doInsert` take for columns that have a default or are nullable.
 *
 * SQLite has no such value. A column of which every row has the default is left out of the insert there; anything else
 * is an `UnsupportedError`.
 * @example
 * ```ts
 * insert(posts).values([{ authorId: 1n, title: 'a', score: 5 }, { authorId: 1n, title: 'b', score: defaultValue() }])
 * // PostgreSQL: insert into "posts" ("author_id", "title", "score") values ($1, $2, $3), ($4, $5, default)
 * insert(posts).values({ authorId: 1n, title: 'a', score: defaultValue() })
 * // PostgreSQL: insert into "posts" ("author_id", "title", "score") values ($1, $2, default)
 * // SQLite: insert into "posts" ("author_id", "title") values (?, ?)
 * ```
 */
export function defaultValue(): DefaultValue {
  return new DefaultValueNode() as unknown as DefaultValue
}

/** Writes a new value of a column. */
export function writeNewValue(to: Writer, value: ExpressionNode, column: ExpressionNode): void {
  if (value.kind === 'defaultValue') (value as DefaultValueNode).writeFor(to, column)
  else to.assigned(value, column)
}
