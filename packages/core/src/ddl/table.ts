import { BuildError } from '../errors.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { Columns } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { IndexExtra } from '../schema/constraint.js'
import {
  type CheckDetails,
  type ColumnDefinitionNode,
  type ConstraintNode,
  type IndexNode,
  type TableDefinition,
  type TableDetailsNode,
  TableNode,
} from '../schema/definition.js'
import { checkName } from '../schema/naming.js'
import { isMeantFor, requireSchemaFeature } from '../schema/schema-features.js'
import type { AnyTable, TableSource } from '../schema/table.js'
import { tableDefinition } from '../schema/table-definition.js'
import { StatementNode } from '../statement/statement-node.js'
import { requireTable } from '../statement/target.js'
import type { Fields, Node } from '../tree/node.js'
import type { TableAction } from './alter-table.js'
import { type DdlStatement, ddl, pathOf, writeDdl } from './statement.js'

/** `create table`, with its columns and constraints. */
export class CreateTableNode extends StatementNode {
  static readonly fields: Fields<CreateTableNode> = {
    table: 'child',
    columns: 'children',
    constraints: 'children',
    ifNotExists: 'data',
    strict: 'data',
    details: 'optional',
  }
  constructor(
    readonly table: TableNode,
    readonly columns: readonly ColumnDefinitionNode[],
    readonly constraints: readonly ConstraintNode[],
    readonly ifNotExists: boolean,
    /** Whether the table takes only values of its columns' types, on SQLite. */
    readonly strict?: true | undefined,
    readonly details?: TableDetailsNode | undefined,
  ) {
    super('createTable')
  }
  write(to: Writer): void {
    writeDdl(to, () => {
      const { table, details } = this
      checkName(to, table.name)
      to.text(`create ${details?.prefix(to) ?? ''}table ${this.ifNotExists ? 'if not exists ' : ''}`)
      to.text(table.quotedPath)
      const constraints = this.constraints.filter(({ onlyOn }) => isMeantFor(to.dialect, onlyOn))
      const parent = details?.partitionOf?.parent
      if (parent !== undefined) to.text(` partition of ${parent.quotedPath}`)
      const own = this.columns.filter((column) => column.details?.postgres?.inherited !== true)
      const parts: readonly Node[] = parent === undefined ? [...own, ...constraints] : constraints
      if (parts.length > 0 || parent === undefined) {
        to.text(' (')
        to.list(parts)
        to.text(')')
      }
      details?.write(to)
    })
  }
}

/** `drop table`. */
export class DropTableNode extends StatementNode {
  static readonly fields: Fields<DropTableNode> = { table: 'child', ifExists: 'data', cascade: 'data' }
  constructor(
    readonly table: TableNode,
    readonly ifExists: boolean,
    readonly cascade: boolean,
  ) {
    super('dropTable')
  }
  write(to: Writer): void {
    if (this.cascade && to.dialect.lacks.dropCascade) {
      throw to.unsupported('drop table … cascade', 'Drop the tables that refer to it first.')
    }
    to.text(
      `drop table ${this.ifExists ? 'if exists ' : ''}${this.table.quotedPath}${this.cascade ? ' cascade' : ''}`,
    )
  }
}

/** `alter table … add column`, with the constraints of that column. */
export class AddColumnNode extends StatementNode implements TableAction {
  static readonly fields: Fields<AddColumnNode> = { table: 'child', column: 'child', constraints: 'children' }
  constructor(
    readonly table: TableNode,
    readonly column: ColumnDefinitionNode,
    readonly constraints: readonly ConstraintNode[],
  ) {
    super('addColumn')
  }
  write(to: Writer): void {
    writeDdl(to, () => {
      to.text(`alter table ${this.table.quotedPath} `)
      this.writeAction(to)
    })
  }
  writeAction(to: Writer): void {
    to.text('add column ')
    to.visit(this.column)
    for (const constraint of this.constraints) {
      if (!isMeantFor(to.dialect, constraint.onlyOn)) continue
      to.text(' ')
      constraint.writeInColumn(to)
    }
  }
}

/** `alter table … drop column`. */
export class DropColumnNode extends StatementNode implements TableAction {
  static readonly fields: Fields<DropColumnNode> = { table: 'child', column: 'data' }
  constructor(
    readonly table: TableNode,
    readonly column: string,
  ) {
    super('dropColumn')
  }
  write(to: Writer): void {
    to.text(`alter table ${this.table.quotedPath} `)
    this.writeAction(to)
  }
  writeAction(to: Writer): void {
    to.text(`drop column ${quoteIdentifier(this.column)}`)
  }
}

/** `alter table … add constraint`. */
export class AddConstraintNode extends StatementNode implements TableAction {
  static readonly fields: Fields<AddConstraintNode> = { table: 'child', constraint: 'child' }
  constructor(
    readonly table: TableNode,
    readonly constraint: ConstraintNode,
  ) {
    super('addConstraint')
  }
  write(to: Writer): void {
    if (to.dialect.lacks.addConstraint) {
      throw to.unsupported('alter table … add constraint', 'State the constraint when the table is created.')
    }
    writeDdl(to, () => {
      to.text(`alter table ${this.table.quotedPath} `)
      this.writeAction(to)
    })
  }
  writeAction(to: Writer): void {
    to.text('add ')
    to.visit(this.constraint)
    // In `create table` there are no rows yet that it would be about.
    if ((this.constraint.details as CheckDetails | undefined)?.notValid === true) to.text(' not valid')
  }
}

/** `create index`. */
export class CreateIndexNode extends StatementNode {
  static readonly fields: Fields<CreateIndexNode> = {
    index: 'child',
    ifNotExists: 'data',
    concurrently: 'data',
  }
  constructor(
    readonly index: IndexNode,
    readonly ifNotExists: boolean,
    readonly concurrently: boolean = false,
  ) {
    super('createIndex')
  }
  write(to: Writer): void {
    const { name, table, unique } = this.index
    writeDdl(to, () => {
      checkName(to, name)
      to.text(`create ${unique ? 'unique ' : ''}index ${concurrentlyText(to, this.concurrently)}`)
      if (this.ifNotExists) to.text('if not exists ')
      to.text(
        !to.dialect.lacks.schemaOfIndex
          ? `${pathOf(table.schema, name)} on ${table.quotedName}`
          : `${quoteIdentifier(name)} on ${table.quotedPath}`,
      )
      this.index.writeKeys(to)
    })
  }
}

function concurrentlyText(to: Writer, concurrently: boolean): string {
  if (!concurrently) return ''
  requireSchemaFeature(to, 'concurrentIndexes')
  return 'concurrently '
}

/** `drop index`. */
export class DropIndexNode extends StatementNode {
  static readonly fields: Fields<DropIndexNode> = {
    name: 'data',
    schema: 'data',
    ifExists: 'data',
    concurrently: 'data',
  }
  constructor(
    readonly name: string,
    readonly schema: string | undefined,
    readonly ifExists: boolean,
    readonly concurrently: boolean = false,
  ) {
    super('dropIndex')
  }
  write(to: Writer): void {
    to.text(`drop index ${concurrentlyText(to, this.concurrently)}${this.ifExists ? 'if exists ' : ''}`)
    to.text(pathOf(this.schema, this.name))
  }
}

/**
 * The statement that creates a table with its constraints; its indexes are statements of their own
 * ({@link createAll} has both).
 * @example
 * ```ts
 * createTable(orgs)
 * // create table "orgs" ("id" integer generated by default as identity not null, "name" text not null,
 * //   constraint "orgs_pkey" primary key ("id"), constraint "orgs_name_key" unique ("name"))
 * ```
 */
export function createTable(table: AnyTable, options: { readonly ifNotExists?: boolean } = {}): DdlStatement {
  return ddl(createTableNode(tableDefinition(table), options.ifNotExists === true))
}

/**
 * The statement that drops a table and all its rows.
 * @example
 * ```ts
 * dropTable(orgs, { ifExists: true }) // drop table if exists "orgs"
 * ```
 */
export function dropTable(
  table: AnyTable | string,
  options: { readonly ifExists?: boolean; readonly cascade?: boolean } = {},
): DdlStatement {
  const node =
    typeof table === 'string'
      ? new TableNode(table, undefined)
      : (requireTable('dropTable(…)', table).node as TableNode)
  return ddl(new DropTableNode(node, options.ifExists === true, options.cascade === true))
}

/** The node that creates a table as its definition says; without a column of its own, see {@link createTable}. */
export function createTableNode(definition: TableDefinition, ifNotExists: boolean): CreateTableNode {
  const { table, columns, constraints, strict, details } = definition
  return new CreateTableNode(table, columns, constraints, ifNotExists, strict, details)
}

/** How an index is created. */
export interface CreateIndexOptions {
  /** Do nothing if there is an index of its name. */
  readonly ifNotExists?: boolean
  /** Without keeping others from writing; outside of a transaction. PostgreSQL alone. */
  readonly concurrently?: boolean
}

/**
 * The statement that creates an index of a table that exists.
 * @example
 * ```ts
 * createIndex(posts, (t) => index(t.title), { ifNotExists: true })
 * // create index if not exists "posts_title_idx" on "posts" ("title")
 * ```
 */
export function createIndex<const Name extends string, const C>(
  table: TableSource<Name, C>,
  made: (table: Columns<Name, C>) => IndexExtra,
  options: CreateIndexOptions = {},
): DdlStatement {
  const { indexes } = tableDefinition(table, (t) => [made(t)])
  const [only] = indexes
  if (only === undefined) {
    throw new BuildError(
      'invalid_index',
      'createIndex takes the index as a function of its table, (t) => index(t.email).',
    )
  }
  return ddl(new CreateIndexNode(only, options.ifNotExists === true, options.concurrently === true))
}

/** How an index is dropped. */
export interface DropIndexOptions {
  readonly schema?: string
  readonly ifExists?: boolean
  /** Without keeping others from writing; outside of a transaction. PostgreSQL alone. */
  readonly concurrently?: boolean
}

/** The statement that drops an index: `drop index "posts_title_idx"`. */
export function dropIndex(name: string, options: DropIndexOptions = {}): DdlStatement {
  const { schema, ifExists, concurrently } = options
  return ddl(new DropIndexNode(name, schema, ifExists === true, concurrently === true))
}

/**
 * The statement that looks at the rows of a table whose constraint was added as `notValid`.
 *
 * PostgreSQL: `alter table "posts" validate constraint "posts_score_check"` · SQLite: refused
 */
export function validateConstraint(table: AnyTable | string, name: string): DdlStatement {
  const node =
    typeof table === 'string'
      ? new TableNode(table, undefined)
      : (requireTable('validateConstraint(…)', table).node as TableNode)
  return ddl(new ValidateConstraintNode(node, name))
}

/** `alter table … drop constraint`. */
export class DropConstraintNode extends StatementNode implements TableAction {
  static readonly fields: Fields<DropConstraintNode> = { table: 'child', name: 'data', ifExists: 'data' }
  constructor(
    readonly table: TableNode,
    readonly name: string,
    readonly ifExists: boolean,
  ) {
    super('dropConstraint')
  }
  write(to: Writer): void {
    if (to.dialect.lacks.addConstraint) {
      throw to.unsupported(
        'alter table … drop constraint',
        'Create the table anew without it, and copy the rows.',
      )
    }
    // Where the table is gone, so is its constraint.
    to.text(`alter table ${this.ifExists ? 'if exists ' : ''}${this.table.quotedPath} `)
    this.writeAction(to)
  }
  writeAction(to: Writer): void {
    to.text(`drop constraint ${this.ifExists ? 'if exists ' : ''}${quoteIdentifier(this.name)}`)
  }
}

/** `alter table … validate constraint`. */
export class ValidateConstraintNode extends StatementNode implements TableAction {
  static readonly fields: Fields<ValidateConstraintNode> = { table: 'child', name: 'data' }
  constructor(
    readonly table: TableNode,
    readonly name: string,
  ) {
    super('validateConstraint')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'validation')
    to.text(`alter table ${this.table.quotedPath} `)
    this.writeAction(to)
  }
  writeAction(to: Writer): void {
    to.text(`validate constraint ${quoteIdentifier(this.name)}`)
  }
}
