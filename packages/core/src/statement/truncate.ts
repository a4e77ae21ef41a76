import { BuildError } from '../errors.js'
import type { Writer } from '../expression/writer.js'
import type { TableNode } from '../schema/definition.js'
import type { AnyTable } from '../schema/table.js'
import type { Fields } from '../tree/node.js'
import { requireTable } from './target.js'
import { type Write, WriteNode } from './write.js'

/** Empties tables. */
export class TruncateNode extends WriteNode {
  static readonly fields: Fields<TruncateNode> = {
    tables: 'children',
    restartIdentity: 'data',
    cascade: 'data',
  }
  constructor(
    readonly tables: readonly TableNode[],
    readonly restartIdentity: boolean,
    readonly cascade: boolean,
  ) {
    super('truncate')
    if (tables.length === 0) throw new TypeError('no table')
  }
  write(to: Writer): void {
    const { tables } = this
    const paths = tables.map((table) => table.quotedPath).join(', ')
    if (!to.dialect.lacks.truncate) {
      to.text(`truncate ${paths}`)
      if (this.restartIdentity) to.text(' restart identity')
      if (this.cascade) to.text(' cascade')
      return
    }
    if (tables.length > 1) {
      throw to.unsupported(
        'truncate of several tables',
        'Truncate them one after the other, in a transaction.',
      )
    }
    if (this.cascade) {
      throw to.unsupported(
        'truncate with cascade',
        `Empty the tables that refer to ${paths} before, in the same transaction.`,
      )
    }
    to.text(`delete from ${paths}`)
  }
}

/** What else {@link truncate} does. */
export interface TruncateOptions {
  /** Numbers rows from the beginning again; else numbering goes on. */
  readonly restartIdentity?: boolean
  /** Empties also the tables that refer to these, and those that refer to them. */
  readonly cascade?: boolean
}

/**
 * Empties a table, or several, at once and without looking at their rows. How many rows there were, PostgreSQL does not
 * tell.
 *
 * On PostgreSQL it is refused while other tables refer to one of these, unless those are given too, or `cascade` is. SQLite
 * has no such statement: there it is a delete of every row, so foreign keys act as they do for a delete, and numbering
 * begins again; several tables and `cascade` are an `UnsupportedError`.
 * @example
 * ```ts
 * truncate(posts, { restartIdentity: true })
 * // PostgreSQL: truncate "posts" restart identity
 * // SQLite: delete from "posts"
 * ```
 */
export function truncate(
  tables: AnyTable | readonly [AnyTable, ...AnyTable[]],
  options: TruncateOptions = {},
): Write<never, never> {
  const list: readonly unknown[] = Array.isArray(tables) ? tables : [tables]
  if (list.length === 0) throw new BuildError('no_tables', 'truncate([]) names no table.')
  const nodes = list.map((table) => requireTable('truncate(…)', table).node as TableNode)
  return new TruncateNode(
    nodes,
    options.restartIdentity === true,
    options.cascade === true,
  ) as unknown as Write<never, never>
}
