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
  RenameObjectNode,
  type StatementNode,
  type TableDefinition,
  type TableExtra,
  type TableNode,
  type TableSource,
  tableDefinition,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import { renameIndex as renameStoredIndex } from '../sqlite/alter.js'
import { defineOperation } from './define.js'
import { displayName, displayTable } from './describe.js'
import type { AnyStatement, Operation, OperationCall } from './operation.js'
import type { TableOperation } from './table-operation.js'
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

/** How indexes are created and dropped. */
export interface IndexWay {
  /**
   * Without keeping others from writing, as long as it takes: outside of a transaction, see `Operation.isOutsideTransaction`.
   * PostgreSQL alone; on SQLite it is left out, since others cannot write there meanwhile anyway.
   */
  readonly concurrently?: boolean
}

const isConcurrent = ({ concurrently }: IndexWay, dialect: Dialect) =>
  concurrently === true && dialect.lacks.concurrentIndexes !== true

function creating(created: DefinedIndexes, way: IndexWay): Operation {
  return new IndexOperation('createIndex', created, way)
}

/** An operation about defined indexes: their names are made only when they are asked for. */
class IndexOperation implements TableOperation {
  constructor(
    readonly kind: 'createIndex' | 'dropIndex',
    private readonly defined: DefinedIndexes,
    private readonly way: IndexWay,
  ) {}
  get table(): TableNode {
    return definedTableNode(this.kind, this.defined.table)
  }
  get call(): OperationCall {
    const { table, indexes } = this.defined
    return [this.kind, table, indexes, ...(this.way.concurrently ? [this.way] : [])]
  }
  get description(): string {
    const how = this.way.concurrently ? ', concurrently' : ''
    return `${this.kind === 'createIndex' ? 'create' : 'drop'} ${counted(indexNodes(this.kind, this.defined))}${how}`
  }
  changes(dialect: Dialect): readonly StatementNode[] {
    const concurrently = isConcurrent(this.way, dialect)
    const indexes = indexNodes(this.kind, this.defined).filter(({ onlyOn }) => isMeantFor(dialect, onlyOn))
    return this.kind === 'createIndex'
      ? indexes.map((index) => new CreateIndexNode(index, false, concurrently))
      : indexes.map(({ name, table }) => new DropIndexNode(name, table.schema, false, concurrently))
  }
  statements(dialect: Dialect): readonly AnyStatement[] {
    return this.changes(dialect).map(ddl)
  }
  reverse(): Operation {
    const { kind, defined, way } = this
    return new IndexOperation(kind === 'createIndex' ? 'dropIndex' : 'createIndex', defined, way)
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
  way: IndexWay = {},
): Operation {
  return creating(defined('createIndex', table, indexes), way)
}

/**
 * Drops an index. Given its table and definition it is reversed by creating it; given its name alone it is irreversible.
 * @example
 * ```ts
 * dropIndex(users, (t) => index(t.email))   // drop index "users_email_idx"
 * dropIndex('users_email_idx')   // the same, irreversible
 * ```
 */
export function dropIndex(name: string, way?: IndexWay): Operation
export function dropIndex<const Name extends string, const C>(
  table: TableSource<Name, C>,
  indexes: IndexesOf<Name, C>,
  way?: IndexWay,
): Operation
export function dropIndex<const Name extends string, const C>(
  table: TableSource<Name, C> | string,
  indexes?: IndexesOf<Name, C> | IndexWay,
  way: IndexWay = {},
): Operation {
  if (typeof table !== 'string')
    return new IndexOperation('dropIndex', defined('dropIndex', table, indexes), way)
  const stated = (indexes ?? {}) as IndexWay
  return defineOperation({
    kind: 'dropIndex',
    description: `drop index ${displayName(table)}${stated.concurrently ? ', concurrently' : ''}`,
    statements: (dialect) => [ddl(new DropIndexNode(table, undefined, false, isConcurrent(stated, dialect)))],
    reverse: {
      irreversible:
        'only the name of the index is given; give its table and definition to make this reversible: ' +
        `dropIndex(users, (t) => index(t.email).named('${table}'))`,
    },
    call: ['dropIndex', table, ...(stated.concurrently ? [stated] : [])],
  })
}

/**
 * Gives an index another name. Reversed by giving it the old one.
 * @example
 * ```ts
 * renameIndex('users_email_idx', 'users_by_email')
 * // PostgreSQL: alter index "users_email_idx" rename to "users_by_email"
 * // SQLite: drops it, and creates it by the statement that it has kept, with the new name
 * ```
 */
export function renameIndex(
  name: string,
  newName: string,
  options: { readonly schema?: string } = {},
): Operation {
  const { schema } = options
  const object = { kind: 'index', name, schema } as const
  return {
    kind: 'renameIndex',
    description: `rename index ${displayName(name)} to ${displayName(newName)}`,
    statements: (dialect) =>
      dialect.lacks.alterObjects ? [] : [ddl(new RenameObjectNode(object, undefined, newName))],
    reverse: () => renameIndex(newName, name, options),
    perform: (dialect) =>
      dialect.lacks.alterObjects ? (tx) => renameStoredIndex(tx, schema, name, newName) : undefined,
    call: ['renameIndex', name, newName, ...(schema === undefined ? [] : [options])],
  }
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
