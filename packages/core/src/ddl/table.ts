import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode, OrderingNode } from '../expression/node.js'
import { DDL } from '../expression/scope.js'
import type { ColumnNode } from '../expression/source.js'
import type { Statement } from '../expression/statement.js'
import type { Writer } from '../expression/writer.js'
import {
  type ColumnDefinitionNode,
  type ConstraintNode,
  type IndexNode,
  type TableDefinition,
  TableNode,
} from '../schema/definition.js'
import { checkName } from '../schema/naming.js'
import type { AnyTable } from '../schema/table.js'
import { tableDefinition } from '../schema/table-definition.js'
import { StatementNode } from '../statement/statement-node.js'
import { requireTable } from '../statement/target.js'
import type { Fields } from '../tree/node.js'
import type { SqlWriter } from '../types/dialect.js'
import { OWN, type SqlType, storedAs } from '../types/sql-type.js'
import { CreateEnumNode } from './enum-nodes.js'

/** Writes DDL, in which values are literals and columns stand alone. */
function writeDdl(to: Writer, write: () => void): void {
  const { inline, scope } = to
  to.inline = true
  to.scope = DDL
  write()
  to.inline = inline
  to.scope = scope
}

function pathOf(schema: string | undefined, name: string): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

function writeKey(to: Writer, node: ExpressionNode | OrderingNode): void {
  const key = node.kind === 'ordering' ? (node as OrderingNode).expression : (node as ExpressionNode)
  if (key.kind === 'column') to.text((key as ColumnNode).quotedName)
  else {
    to.text('(')
    to.visit(key)
    to.text(')')
  }
  if (node.kind !== 'ordering') return
  const { direction, nulls } = node as OrderingNode
  if (direction === 'desc') to.text(' desc')
  if (nulls === undefined) return
  if (to.dialect.lacks.nullsInIndex) {
    throw to.unsupported(`nulls ${nulls} in an index`, 'Leave it out: the index serves both orders.')
  }
  to.text(` nulls ${nulls}`)
}

/** `create table`, with its columns and constraints. */
export class CreateTableNode extends StatementNode {
  static readonly fields: Fields<CreateTableNode> = {
    table: 'child',
    columns: 'children',
    constraints: 'children',
    ifNotExists: 'data',
    strict: 'data',
  }
  constructor(
    readonly table: TableNode,
    readonly columns: readonly ColumnDefinitionNode[],
    readonly constraints: readonly ConstraintNode[],
    readonly ifNotExists: boolean,
    /** Whether the table takes only values of its columns' types, on SQLite. */
    readonly strict?: true | undefined,
  ) {
    super('createTable')
  }
  write(to: Writer): void {
    writeDdl(to, () => {
      checkName(to, this.table.name)
      to.text(`create table ${this.ifNotExists ? 'if not exists ' : ''}${this.table.quotedPath} (`)
      to.list(this.columns)
      for (const constraint of this.constraints) {
        to.text(', ')
        to.visit(constraint)
      }
      to.text(')')
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
export class AddColumnNode extends StatementNode {
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
      to.text(`alter table ${this.table.quotedPath} add column `)
      to.visit(this.column)
      for (const constraint of this.constraints) {
        to.text(' ')
        constraint.writeInColumn(to)
      }
    })
  }
}

/** `alter table … drop column`. */
export class DropColumnNode extends StatementNode {
  static readonly fields: Fields<DropColumnNode> = { table: 'child', column: 'data' }
  constructor(
    readonly table: TableNode,
    readonly column: string,
  ) {
    super('dropColumn')
  }
  write(to: Writer): void {
    to.text(`alter table ${this.table.quotedPath} drop column ${quoteIdentifier(this.column)}`)
  }
}

/** `alter table … add constraint`. */
export class AddConstraintNode extends StatementNode {
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
      to.text(`alter table ${this.table.quotedPath} add `)
      to.visit(this.constraint)
    })
  }
}

/** `create index`. */
export class CreateIndexNode extends StatementNode {
  static readonly fields: Fields<CreateIndexNode> = { index: 'child', ifNotExists: 'data' }
  constructor(
    readonly index: IndexNode,
    readonly ifNotExists: boolean,
  ) {
    super('createIndex')
  }
  write(to: Writer): void {
    const { name, table, keys, unique, where } = this.index
    writeDdl(to, () => {
      checkName(to, name)
      to.text(`create ${unique ? 'unique ' : ''}index ${this.ifNotExists ? 'if not exists ' : ''}`)
      to.text(
        !to.dialect.lacks.schemaOfIndex
          ? `${pathOf(table.schema, name)} on ${table.quotedName}`
          : `${quoteIdentifier(name)} on ${table.quotedPath}`,
      )
      to.text(' (')
      for (let i = 0; i < keys.length; i++) {
        if (i > 0) to.text(', ')
        writeKey(to, keys[i] as ExpressionNode | OrderingNode)
      }
      to.text(')')
      if (where !== undefined) {
        to.text(' where ')
        to.visit(where)
      }
    })
  }
}

/** `drop index`. */
export class DropIndexNode extends StatementNode {
  static readonly fields: Fields<DropIndexNode> = { name: 'data', schema: 'data', ifExists: 'data' }
  constructor(
    readonly name: string,
    readonly schema: string | undefined,
    readonly ifExists: boolean,
  ) {
    super('dropIndex')
  }
  write(to: Writer): void {
    to.text(`drop index ${this.ifExists ? 'if exists ' : ''}${pathOf(this.schema, this.name)}`)
  }
}

/** A statement that returns no rows and needs nothing to run. */
export interface DdlStatement extends Statement<never, never> {
  /** That no database plans it: see {@link explain}. */
  readonly '~isPlanned': false
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

/**
 * Every statement that creates the given tables, in the order in which they refer to each other, with their
 * indexes. Foreign keys of tables that refer to each other in a circle come last, as statements of their own, where
 * the dialect has such; SQLite takes a reference to a table that is created later.
 * @example
 * ```ts
 * const app = metadata()
 * app.table('tags', { name: text().primaryKey() })
 * for (const statement of createAll(app.tables.values(), db.dialect)) await db.run(statement)
 * ```
 */
export function createAll(tables: Iterable<AnyTable>, dialect: SqlWriter): DdlStatement[] {
  const definitions = [...tables].map((table) => tableDefinition(table))
  const statements: StatementNode[] = []
  const later: StatementNode[] = []
  const created = new Set<string>()
  const all = new Set(definitions.map((definition) => definition.table.quotedPath))
  const pending = new Set(definitions)
  while (pending.size > 0) {
    const waitsFor = (definition: TableDefinition) =>
      targets(definition).filter(
        (path) => all.has(path) && !created.has(path) && path !== definition.table.quotedPath,
      )
    const next = [...pending].find((definition) => waitsFor(definition).length === 0) ?? first(pending)
    const waiting = new Set(!dialect.lacks.addConstraint ? waitsFor(next) : [])
    const isLater = (constraint: ConstraintNode) =>
      constraint.kind === 'foreignKey' && waiting.has((constraint as { target: TableNode }).target.quotedPath)
    const now = next.constraints.filter((constraint) => !isLater(constraint))
    statements.push(new CreateTableNode(next.table, next.columns, now, false, next.strict))
    statements.push(...next.indexes.map((index) => new CreateIndexNode(index, false)))
    later.push(
      ...next.constraints.filter(isLater).map((constraint) => new AddConstraintNode(next.table, constraint)),
    )
    created.add(next.table.quotedPath)
    pending.delete(next)
  }
  return [...enumsOf(definitions, dialect), ...domainsOf(definitions, dialect), ...statements, ...later].map(
    ddl,
  )
}

/** What creates the enums that columns are of, each once, where they are types. */
function enumsOf(definitions: readonly TableDefinition[], dialect: SqlWriter): StatementNode[] {
  if (dialect.lacks.textTypes === true) return []
  const types = definitions.flatMap(({ columns }) => columns.map(({ type }) => elementOf(storedAs(type))))
  const enums = new Map(types.filter(({ values }) => values !== undefined).map((type) => [type.name, type]))
  return [...enums.values()].map((type) => new CreateEnumNode(type))
}

/** What creates the domains that columns are of, each once and behind those that it is made of, where there are any. */
function domainsOf(definitions: readonly TableDefinition[], dialect: SqlWriter): StatementNode[] {
  if (dialect.lacks.textTypes === true) return []
  const domains = new Map<string, StatementNode>()
  const add = (type: SqlType | undefined): void => {
    if (type === undefined) return
    add(type.element)
    add(type.base)
    const { create } = (type[OWN] ?? {}) as { readonly create?: () => StatementNode }
    if (create !== undefined && !domains.has(type.name)) domains.set(type.name, create())
  }
  for (const { columns } of definitions) for (const { type } of columns) add(type)
  return [...domains.values()]
}

function elementOf(type: SqlType): SqlType {
  return type.family === 'array' ? elementOf(storedAs(type.element as SqlType)) : type
}

function first<T>(values: Iterable<T>): T {
  for (const value of values) return value
  throw new Error('first of nothing')
}

function targets(definition: TableDefinition): string[] {
  return definition.constraints
    .filter((constraint) => constraint.kind === 'foreignKey')
    .map((constraint) => (constraint as { target: TableNode }).target.quotedPath)
}

/** The node that creates a table as its definition says; without a column of its own, see {@link createTable}. */
export function createTableNode(definition: TableDefinition, ifNotExists: boolean): CreateTableNode {
  const { table, columns, constraints, strict } = definition
  return new CreateTableNode(table, columns, constraints, ifNotExists, strict)
}

/** A DDL node by its public type. */
export function ddl(node: StatementNode): DdlStatement {
  return node as unknown as DdlStatement
}
