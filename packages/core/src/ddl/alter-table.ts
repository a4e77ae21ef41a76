import { BuildError, excerpt } from '../errors.js'
import { collationText } from '../expression/collate.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode } from '../expression/node.js'
import { Precedence } from '../expression/operators.js'
import type { Writer } from '../expression/writer.js'
import type { ColumnDefinitionDetails, PartitionOfNode, TableNode } from '../schema/definition.js'
import { requireSchemaFeature } from '../schema/schema-features.js'
import { type SequenceOptions, sequenceText } from '../schema/sequence-options.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import { writeDdl } from './statement.js'

/** What `alter table` does: a statement by itself, or one of several that are made in one go. */
export interface TableAction extends StatementNode {
  readonly table: TableNode
  /** Writes what stands behind `alter table …`. */
  writeAction(to: Writer): void
}

/** Several changes of a table in one statement: the table is locked, and read, once. */
export class AlterTableNode extends StatementNode {
  static readonly fields: Fields<AlterTableNode> = { table: 'child', actions: 'children' }
  constructor(
    readonly table: TableNode,
    readonly actions: readonly TableAction[],
  ) {
    super('alterTable')
  }
  write(to: Writer): void {
    requireAlterations(to)
    writeDdl(to, () => {
      to.text(`alter table ${this.table.quotedPath} `)
      this.actions.forEach((action, i) => {
        if (i > 0) to.text(', ')
        action.writeAction(to)
      })
    })
  }
}

/** What is changed of a column. */
export type ColumnAction =
  | 'type'
  | 'set default'
  | 'drop default'
  | 'set not null'
  | 'drop not null'
  | 'add identity'
  | 'set identity'
  | 'drop identity'
  | 'set expression'
  | 'drop expression'
  | 'set storage'
  | 'set compression'

/** `alter table … alter column`. */
export class AlterColumnNode extends StatementNode implements TableAction {
  static readonly fields: Fields<AlterColumnNode> = {
    table: 'child',
    column: 'data',
    action: 'data',
    type: 'data',
    expression: 'optional',
    details: 'data',
  }
  constructor(
    readonly table: TableNode,
    readonly column: string,
    readonly action: ColumnAction,
    /** Of `type`. */
    readonly type?: SqlType | undefined,
    /** A default, what is computed, or what of the old value is the new one. */
    readonly expression?: ExpressionNode | undefined,
    /** A collation, options of an identity, where and how long values are kept. */
    readonly details?: AlterColumnDetails | undefined,
  ) {
    super('alterColumn')
  }
  write(to: Writer): void {
    requireAlterations(to)
    writeDdl(to, () => {
      to.text(`alter table ${this.table.quotedPath} `)
      this.writeAction(to)
    })
  }
  writeAction(to: Writer): void {
    const { action, details } = this
    to.text(`alter column ${quoteIdentifier(this.column)} `)
    switch (action) {
      case 'type':
        this.writeType(to)
        return
      case 'set default':
        to.text('set default ')
        to.operand(this.expression as ExpressionNode, Precedence.primary)
        return
      case 'add identity':
        to.text(`add generated ${generatedText(details?.identity)} as identity`)
        if (details?.sequence !== undefined && sequenceText(details.sequence) !== '')
          to.text(` (${sequenceText(details.sequence).slice(1)})`)
        return
      case 'set identity':
        to.text(`set generated ${generatedText(details?.identity)}`)
        return
      case 'set expression':
        to.text('set expression as (')
        to.visit(this.expression as ExpressionNode)
        to.text(')')
        return
      case 'set storage':
        to.text(`set storage ${quoteIdentifier(details?.storage ?? 'default')}`)
        return
      case 'set compression':
        requireSchemaFeature(to, 'compression')
        to.text(`set compression ${quoteIdentifier(details?.compression ?? 'default')}`)
        return
      case 'drop default':
      case 'set not null':
      case 'drop not null':
      case 'drop identity':
      case 'drop expression':
        to.text(action)
        return
    }
    throw new BuildError('invalid_column', `A column is not altered by ${excerpt(action)}.`)
  }
  private writeType(to: Writer): void {
    const type = this.type as SqlType
    to.text(`type ${to.codec(type).ddl(type)}`)
    const collation = this.details?.collation
    if (collation !== undefined) to.text(` collate ${collationText(to, collation)}`)
    if (this.expression === undefined) return
    to.text(' using ')
    to.operand(this.expression, Precedence.primary)
  }
}

/** What else is said of the change of a column. */
export interface AlterColumnDetails extends Pick<ColumnDefinitionDetails, 'collation'> {
  readonly identity?: 'always' | 'by default' | undefined
  readonly sequence?: SequenceOptions | undefined
  readonly storage?: 'plain' | 'external' | 'extended' | 'main' | 'default' | undefined
  readonly compression?: 'pglz' | 'lz4' | 'default' | undefined
}

function generatedText(generated: unknown): string {
  return generated === 'always' ? 'always' : 'by default'
}

/** `alter table … rename constraint`, `rename column`, `rename to`. */
export class RenameInTableNode extends StatementNode {
  static readonly fields: Fields<RenameInTableNode> = {
    table: 'child',
    part: 'data',
    name: 'data',
    newName: 'data',
  }
  constructor(
    readonly table: TableNode,
    readonly part: 'table' | 'column' | 'constraint',
    /** The name of the column or the constraint. */
    readonly name: string,
    readonly newName: string,
  ) {
    super('renameInTable')
  }
  write(to: Writer): void {
    if (this.part === 'constraint') requireAlterations(to)
    to.text(`alter table ${this.table.quotedPath} rename `)
    if (this.part !== 'table') to.text(`${this.part} ${quoteIdentifier(this.name)} `)
    to.text(`to ${quoteIdentifier(this.newName)}`)
  }
}

/** `alter table … attach partition`. */
export class AttachPartitionNode extends StatementNode {
  static readonly fields: Fields<AttachPartitionNode> = { partition: 'child', bounds: 'child' }
  constructor(
    readonly partition: TableNode,
    readonly bounds: PartitionOfNode,
  ) {
    super('attachPartition')
  }
  write(to: Writer): void {
    writeDdl(to, () => {
      to.text(`alter table ${this.bounds.parent.quotedPath} attach partition ${this.partition.quotedPath}`)
      to.visit(this.bounds)
    })
  }
}

/** `alter table … detach partition`. */
export class DetachPartitionNode extends StatementNode {
  static readonly fields: Fields<DetachPartitionNode> = {
    parent: 'child',
    partition: 'child',
    concurrently: 'data',
  }
  constructor(
    readonly parent: TableNode,
    readonly partition: TableNode,
    readonly concurrently: boolean,
  ) {
    super('detachPartition')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'partitions')
    to.text(`alter table ${this.parent.quotedPath} detach partition ${this.partition.quotedPath}`)
    if (this.concurrently) to.text(' concurrently')
  }
}

/** `alter table … enable row level security`, and its like. */
export class RowSecurityNode extends StatementNode implements TableAction {
  static readonly fields: Fields<RowSecurityNode> = { table: 'child', action: 'data' }
  constructor(
    readonly table: TableNode,
    readonly action: 'enable' | 'disable' | 'force' | 'no force',
  ) {
    super('rowSecurity')
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'rowSecurity')
    to.text(`alter table ${this.table.quotedPath} `)
    this.writeAction(to)
  }
  writeAction(to: Writer): void {
    if (!['enable', 'disable', 'force', 'no force'].includes(this.action))
      throw new BuildError('invalid_option', `Row security has no ${excerpt(this.action)}.`)
    to.text(`${this.action} row level security`)
  }
}

/** Refuses a change of a table that has to be made anew for it. */
export function requireAlterations(to: Writer): void {
  if (to.dialect.lacks.addConstraint !== true) return
  throw to.unsupported('this change of a table', 'Create the table anew with it, and copy the rows.')
}
