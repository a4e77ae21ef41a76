import { collationText } from '../expression/collate.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode, ParameterNode } from '../expression/node.js'
import { Precedence } from '../expression/operators.js'
import { Position, type Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { SqlType } from '../types/sql-type.js'
import type { ColumnDetails } from './column.js'
import { type ConflictAction, writeName, writeOnConflict } from './constraint-parts.js'
import { checkName } from './naming.js'
import { requireSchemaFeature } from './schema-features.js'
import { type SequenceOptions, sequenceText } from './sequence-options.js'

/** What columns have that most do not; the rest of {@link ColumnDetails}. */
export interface ColumnDefinitionDetails extends ColumnDetails {
  readonly sequence?: SequenceOptions | undefined
  /** Whether what the database computes is kept, or computed anew when it is read. */
  readonly stored?: boolean | undefined
  readonly notNull?: NotNullDetails | undefined
}

/** What is said of a `not null`. */
export interface NotNullDetails {
  readonly name?: string | undefined
  readonly noInherit?: boolean | undefined
  readonly onConflict?: ConflictAction | undefined
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
    generated: 'optional',
    details: 'data',
  }
  constructor(
    readonly name: string,
    readonly type: SqlType,
    readonly notNull: boolean,
    readonly defaultValue: ExpressionNode | undefined,
    readonly identity: 'always' | 'by default' | undefined,
    /** Whether the table takes only values of its columns' types, on SQLite. */
    readonly strict?: true | undefined,
    /** What the database computes it as. */
    readonly generated?: ExpressionNode | undefined,
    readonly details?: ColumnDefinitionDetails | undefined,
  ) {}
  get kind(): string {
    return 'columnDefinition'
  }
  write(to: Writer): void {
    checkName(to, this.name)
    to.text(`${quoteIdentifier(this.name)} ${to.codec(this.type).ddl(this.type)}`)
    const { storage, compression } = this.details?.postgres ?? {}
    if (storage !== undefined) {
      requireSchemaFeature(to, 'columnStorage')
      to.text(` storage ${quoteIdentifier(storage)}`)
    }
    if (compression !== undefined) {
      requireSchemaFeature(to, 'compression')
      to.text(` compression ${quoteIdentifier(compression)}`)
    }
    this.writeCollation(to)
    if (this.identity !== undefined) {
      to.text(` generated ${this.identity === 'always' ? 'always' : 'by default'} as identity`)
      const options = sequenceText(this.details?.sequence ?? {})
      if (options !== '') to.text(` (${options.slice(1)})`)
    }
    this.writeNotNull(to)
    this.writeGenerated(to)
    if (this.defaultValue === undefined) return
    to.text(' default ')
    // The column says the type of a value.
    if (this.defaultValue.kind === 'parameter')
      to.value((this.defaultValue as ParameterNode).value, this.defaultValue.type, Position.assignment)
    else to.operand(this.defaultValue, Precedence.primary)
  }
  writeCollation(to: Writer): void {
    const collation = this.details?.collation
    if (collation !== undefined) to.text(` collate ${collationText(to, collation)}`)
  }
  writeNotNull(to: Writer): void {
    const { name, noInherit, onConflict } = this.details?.notNull ?? {}
    if (name !== undefined) {
      requireSchemaFeature(to, 'namedNotNull')
      to.text(' ')
      writeName(to, name)
      to.text('not null')
    } else if (this.notNull) to.text(' not null')
    if (noInherit === true) {
      requireSchemaFeature(to, 'noInherit')
      to.text(' no inherit')
    }
    writeOnConflict(to, onConflict)
  }
  writeGenerated(to: Writer): void {
    if (this.generated === undefined) return
    const stored = this.details?.stored !== false
    if (!stored) requireSchemaFeature(to, 'virtualColumns')
    to.text(' generated always as (')
    to.visit(this.generated)
    to.text(stored ? ') stored' : ') virtual')
  }
}
