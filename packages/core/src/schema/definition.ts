import { BuildError } from '../errors.js'
import { flatText, quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode, OrderingNode } from '../expression/node.js'
import { Precedence } from '../expression/operators.js'
import { SourceNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import type { ReferentialAction } from './column.js'
import { checkName } from './naming.js'

/** A table by name, in FROM and as the target of DDL and of writes. */
export class TableNode extends SourceNode {
  static readonly fields: Fields<TableNode> = { name: 'data', schema: 'data' }
  /** The name behind that of its schema, quoted. */
  readonly quotedPath: string
  constructor(
    name: string,
    readonly schema: string | undefined,
  ) {
    super('table', name)
    this.quotedPath =
      schema === undefined ? this.quotedName : flatText(quoteIdentifier(schema), '.', this.quotedName)
  }
  write(to: Writer): void {
    if (to.preamble !== undefined) to.preamble.checkTable(this)
    to.text(this.quotedPath)
  }
}

/** A column as `create table` writes it. */
export class ColumnDefinitionNode implements Node {
  static readonly fields: Fields<ColumnDefinitionNode> = {
    name: 'data',
    type: 'data',
    notNull: 'data',
    defaultValue: 'optional',
    identity: 'data',
    strict: 'data',
  }
  constructor(
    readonly name: string,
    readonly type: SqlType,
    readonly notNull: boolean,
    readonly defaultValue: ExpressionNode | undefined,
    readonly identity: 'always' | 'by default' | undefined,
    /** Whether the table takes only values of its columns' types, on SQLite. */
    readonly strict?: true | undefined,
  ) {}
  get kind(): string {
    return 'columnDefinition'
  }
  write(to: Writer): void {
    checkName(to, this.name)
    to.text(`${quoteIdentifier(this.name)} ${to.codec(this.type).ddl(this.type)}`)
    if (this.identity !== undefined) to.text(` generated ${this.identity} as identity`)
    if (this.notNull) to.text(' not null')
    if (this.defaultValue === undefined) return
    to.text(' default ')
    to.operand(this.defaultValue, Precedence.primary)
  }
}

function writeName(to: Writer, name: string): void {
  checkName(to, name)
  to.text(`constraint ${quoteIdentifier(name)} `)
}

function nameList(names: readonly string[]): string {
  if (names.length === 0) throw new BuildError('no_columns', 'A constraint names no columns.')
  return `(${names.map(quoteIdentifier).join(', ')})`
}

/** `constraint … primary key (…)`. */
export class PrimaryKeyNode implements Node {
  static readonly fields: Fields<PrimaryKeyNode> = { name: 'data', columns: 'data' }
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
  ) {}
  get kind(): string {
    return 'primaryKey'
  }
  write(to: Writer): void {
    writeName(to, this.name)
    to.text(`primary key ${nameList(this.columns)}`)
  }
  writeInColumn(to: Writer): void {
    writeName(to, this.name)
    to.text('primary key')
  }
}

/** `constraint … unique (…)`. */
export class UniqueNode implements Node {
  static readonly fields: Fields<UniqueNode> = { name: 'data', columns: 'data' }
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
  ) {}
  get kind(): string {
    return 'unique'
  }
  write(to: Writer): void {
    writeName(to, this.name)
    to.text(`unique ${nameList(this.columns)}`)
  }
  writeInColumn(to: Writer): void {
    writeName(to, this.name)
    to.text('unique')
  }
}

/** `constraint … check (…)`. */
export class CheckNode implements Node {
  static readonly fields: Fields<CheckNode> = { name: 'data', predicate: 'child' }
  constructor(
    readonly name: string,
    readonly predicate: ExpressionNode,
  ) {}
  get kind(): string {
    return 'check'
  }
  write(to: Writer): void {
    writeName(to, this.name)
    to.text('check (')
    to.visit(this.predicate)
    to.text(')')
  }
  writeInColumn(to: Writer): void {
    this.write(to)
  }
}

/** `constraint … foreign key (…) references … (…)`. */
export class ForeignKeyNode implements Node {
  static readonly fields: Fields<ForeignKeyNode> = {
    name: 'data',
    columns: 'data',
    target: 'child',
    targetColumns: 'data',
    onDelete: 'data',
    onUpdate: 'data',
  }
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
    readonly target: TableNode,
    readonly targetColumns: readonly string[],
    readonly onDelete: ReferentialAction | undefined,
    readonly onUpdate: ReferentialAction | undefined,
  ) {}
  get kind(): string {
    return 'foreignKey'
  }
  write(to: Writer): void {
    writeName(to, this.name)
    to.text(`foreign key ${nameList(this.columns)} `)
    this.writeTarget(to)
  }
  writeInColumn(to: Writer): void {
    writeName(to, this.name)
    this.writeTarget(to)
  }
  private writeTarget(to: Writer): void {
    to.text(`references ${this.target.quotedPath} ${nameList(this.targetColumns)}`)
    if (this.onDelete !== undefined) to.text(` on delete ${this.onDelete}`)
    if (this.onUpdate !== undefined) to.text(` on update ${this.onUpdate}`)
  }
}

/** Any constraint of a table; `writeInColumn` writes it behind its only column. */
export type ConstraintNode = PrimaryKeyNode | UniqueNode | CheckNode | ForeignKeyNode

/** An index of a table. */
export class IndexNode implements Node {
  static readonly fields: Fields<IndexNode> = {
    name: 'data',
    table: 'child',
    keys: 'children',
    unique: 'data',
    where: 'optional',
  }
  constructor(
    readonly name: string,
    readonly table: TableNode,
    readonly keys: readonly (ExpressionNode | OrderingNode)[],
    readonly unique: boolean,
    readonly where: ExpressionNode | undefined,
  ) {}
  get kind(): string {
    return 'index'
  }
}

/** All that the schema says of a table. */
export interface TableDefinition {
  readonly table: TableNode
  readonly columns: readonly ColumnDefinitionNode[]
  readonly constraints: readonly ConstraintNode[]
  readonly indexes: readonly IndexNode[]
  /** Whether the table takes only values of its columns' types, on SQLite. */
  readonly strict?: true | undefined
}
