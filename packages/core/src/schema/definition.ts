import { flatText, quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode, OrderingNode } from '../expression/node.js'
import { SourceNode } from '../expression/source.js'
import { defineKind, type Node, ofKind, oneOf } from '../tree/node.js'
import { isSqlType, type SqlType } from '../types/sql-type.js'
import type { ReferentialAction } from './column.js'

/** A table by name, in FROM and as the target of DDL and of writes. */
export class TableNode extends SourceNode {
  /** The name behind that of its schema, quoted. */
  readonly quotedPath: string
  constructor(
    name: string,
    readonly schema: string | undefined,
  ) {
    super(name)
    this.quotedPath =
      schema === undefined ? this.quotedName : flatText(quoteIdentifier(schema), '.', this.quotedName)
  }
}
defineKind('table', TableNode, { name: 'data', schema: 'data' })

/** A column as `create table` writes it. */
export class ColumnDefinitionNode implements Node {
  declare readonly kind: string
  constructor(
    readonly name: string,
    readonly type: SqlType,
    readonly notNull: boolean,
    readonly defaultValue: ExpressionNode | undefined,
    readonly identity: 'always' | 'by default' | undefined,
  ) {}
}
defineKind(
  'columnDefinition',
  ColumnDefinitionNode,
  {
    name: 'data',
    type: 'data',
    notNull: 'data',
    defaultValue: 'optional',
    identity: 'data',
  },
  { type: isSqlType, identity: oneOf(undefined, 'always', 'by default') },
)

/** `constraint … primary key (…)`. */
export class PrimaryKeyNode implements Node {
  declare readonly kind: string
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
  ) {}
}
defineKind('primaryKey', PrimaryKeyNode, { name: 'data', columns: 'data' })

/** `constraint … unique (…)`. */
export class UniqueNode implements Node {
  declare readonly kind: string
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
  ) {}
}
defineKind('unique', UniqueNode, { name: 'data', columns: 'data' })

/** `constraint … check (…)`. */
export class CheckNode implements Node {
  declare readonly kind: string
  constructor(
    readonly name: string,
    readonly predicate: ExpressionNode,
  ) {}
}
defineKind('check', CheckNode, { name: 'data', predicate: 'child' })

/** `constraint … foreign key (…) references … (…)`. */
export class ForeignKeyNode implements Node {
  declare readonly kind: string
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
    readonly target: TableNode,
    readonly targetColumns: readonly string[],
    readonly onDelete: ReferentialAction | undefined,
    readonly onUpdate: ReferentialAction | undefined,
  ) {}
}
const isAction = oneOf(undefined, 'cascade', 'restrict', 'set null', 'set default', 'no action')
defineKind(
  'foreignKey',
  ForeignKeyNode,
  {
    name: 'data',
    columns: 'data',
    target: 'child',
    targetColumns: 'data',
    onDelete: 'data',
    onUpdate: 'data',
  },
  { onDelete: isAction, onUpdate: isAction, target: ofKind('table') },
)

/** Any constraint of a table. */
export type ConstraintNode = PrimaryKeyNode | UniqueNode | CheckNode | ForeignKeyNode

/** An index of a table. */
export class IndexNode implements Node {
  declare readonly kind: string
  constructor(
    readonly name: string,
    readonly table: TableNode,
    readonly keys: readonly (ExpressionNode | OrderingNode)[],
    readonly unique: boolean,
    readonly where: ExpressionNode | undefined,
  ) {}
}
defineKind(
  'index',
  IndexNode,
  { name: 'data', table: 'child', keys: 'children', unique: 'data', where: 'optional' },
  { table: ofKind('table') },
)

/** All that the schema says of a table. */
export interface TableDefinition {
  readonly table: TableNode
  readonly columns: readonly ColumnDefinitionNode[]
  readonly constraints: readonly ConstraintNode[]
  readonly indexes: readonly IndexNode[]
}
