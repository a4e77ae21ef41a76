import {
  type AnyTable,
  type Columns,
  CreateIndexNode,
  type Dialect,
  DropIndexNode,
  ddl,
  excerpt,
  type IndexExtra,
  type IndexNode,
  isMeantFor,
  type TableDefinition,
  type TableExtra,
  type TableSource,
  tableDefinition,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { displayName, displayTable } from './describe.js'
import type { AnyStatement, Irreversible, Operation } from './operation.js'
import { definedTableNode } from './table-reference.js'

/** What is indexed: `(t) => index(t.email).unique()`, or an array of such. */
export type IndexesOf<Name extends string, C> = (
  table: Columns<Name, C>,
) => IndexExtra | readonly IndexExtra[]

/** Indexes by their definition; the functions are called only when the names are needed. */
interface DefinedIndexes {
  readonly table: AnyTable
  readonly indexes: (table: never) => IndexExtra | readonly IndexExtra[]
}

class CreateIndex implements Operation {
  readonly kind = 'createIndex'
  constructor(readonly created: DefinedIndexes) {}
  get description(): string {
    return `create ${counted(indexNodes('createIndex', this.created))}`
  }
  statements(dialect: Dialect): readonly AnyStatement[] {
    return indexNodes('createIndex', this.created)
      .filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
      .map((index) => ddl(new CreateIndexNode(index, false)))
  }
  reverse(): Operation {
    return new DropIndex(this.created)
  }
}

class DropIndex implements Operation {
  readonly kind = 'dropIndex'
  constructor(readonly dropped: DefinedIndexes | string) {}
  get description(): string {
    if (typeof this.dropped === 'string') return `drop index ${displayName(this.dropped)}`
    return `drop ${counted(indexNodes('dropIndex', this.dropped))}`
  }
  statements(dialect: Dialect): readonly AnyStatement[] {
    const indexes =
      typeof this.dropped === 'string'
        ? [new DropIndexNode(this.dropped, undefined, false)]
        : indexNodes('dropIndex', this.dropped)
            .filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
            .map(({ name, table }) => new DropIndexNode(name, table.schema, false))
    return indexes.map(ddl)
  }
  reverse(): Operation | Irreversible {
    if (typeof this.dropped !== 'string') return new CreateIndex(this.dropped)
    return {
      irreversible:
        'only the name of the index is given; give its table and definition to make this reversible: ' +
        `dropIndex(users, (t) => index(t.email).named('${this.dropped}'))`,
    }
  }
}

/**
 * Creates an index on a table, or several. Reversed by dropping it.
 * @example
 * ```ts
 * const users = table('users', { email: text() })
 * createIndex(users, (t) => index(lower(t.email)).unique())
 * // create unique index "users_email_idx" on "users" ((lower("email")))
 * ```
 */
export function createIndex<const Name extends string, const C>(
  table: TableSource<Name, C>,
  indexes: IndexesOf<Name, C>,
): Operation {
  return new CreateIndex(defined('createIndex', table, indexes))
}

/**
 * Drops an index. Given its table and definition it is reversed by creating it; given its name alone it is irreversible.
 * @example
 * ```ts
 * dropIndex(users, (t) => index(t.email))   // drop index "users_email_idx"
 * dropIndex('users_email_idx')   // the same, irreversible
 * ```
 */
export function dropIndex(name: string): Operation
export function dropIndex<const Name extends string, const C>(
  table: TableSource<Name, C>,
  indexes: IndexesOf<Name, C>,
): Operation
export function dropIndex<const Name extends string, const C>(
  table: TableSource<Name, C> | string,
  indexes?: IndexesOf<Name, C>,
): Operation {
  return new DropIndex(typeof table === 'string' ? table : defined('dropIndex', table, indexes))
}

function defined(operation: string, table: AnyTable, indexes: unknown): DefinedIndexes {
  definedTableNode(operation, table)
  if (typeof indexes === 'function') return { table, indexes: indexes as DefinedIndexes['indexes'] }
  throw new MigrationError(
    'invalid_operation',
    `${operation} takes the index as a function of its table, (t) => index(t.email), not ${excerpt(indexes)}.`,
  )
}

function indexNodes(operation: string, { table, indexes }: DefinedIndexes): readonly IndexNode[] {
  let extras: readonly TableExtra[] = []
  const definition: TableDefinition = tableDefinition(table, (t) => {
    extras = [indexes(t as never)].flat()
    return extras
  })
  if (extras.length > 0 && extras.every((extra) => extra?.extra === 'index')) return definition.indexes
  throw new MigrationError(
    'invalid_operation',
    `${operation} on ${displayTable(definition.table)} takes a function that returns index(…), or an array of them.`,
  )
}

function counted(indexes: readonly IndexNode[]): string {
  const names = indexes.map((index) => displayName(index.name)).join(', ')
  const [first] = indexes as [IndexNode]
  const kind = indexes.every((index) => index.unique) ? 'unique index' : 'index'
  return `${kind} ${names} on ${displayTable(first.table)}`
}
