import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode } from '../expression/node.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import type { ReferentialAction } from './column.js'
import {
  type ConflictAction,
  type Deferrable,
  nameList,
  writeDeferrable,
  writeEnforced,
  writeInclude,
  writeName,
  writeOnConflict,
} from './constraint-parts.js'
import { type AnyIndexKey, type PostgresIndexOptions, storageText, writeIndexKey } from './index-node.js'
import { requireSchemaFeature } from './schema-features.js'
import type { TableNode } from './table-node.js'

/** What keys have that most do not. */
export interface KeyDetails {
  readonly include?: readonly string[] | undefined
  readonly deferrable?: Deferrable | undefined
  readonly nullsNotDistinct?: boolean | undefined
  /** Whether the last column is a range that overlaps no other of the same key. */
  readonly withoutOverlaps?: boolean | undefined
  readonly onConflict?: ConflictAction | undefined
  readonly comment?: string | undefined
  readonly sqlite?: { readonly nullable?: boolean } | undefined
  /** How PostgreSQL keeps its index. */
  readonly postgres?: PostgresIndexOptions | undefined
}

/** A constraint by which no two rows are equal. */
abstract class KeyNode implements Node {
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
    readonly details?: KeyDetails | undefined,
    /** The database for which alone it is meant. */
    readonly onlyOn?: string | undefined,
  ) {}
  abstract get kind(): string
  protected abstract readonly words: string
  write(to: Writer): void {
    writeName(to, this.name)
    to.text(this.words)
    this.writeNulls(to)
    if (this.details?.withoutOverlaps === true) {
      requireSchemaFeature(to, 'temporalKeys')
      to.text(` ${nameList(this.columns).slice(0, -1)} without overlaps)`)
    } else to.text(` ${nameList(this.columns)}`)
    this.writeTail(to)
  }
  writeInColumn(to: Writer): void {
    writeName(to, this.name)
    to.text(this.words)
    this.writeNulls(to)
    this.writeTail(to)
  }
  private writeNulls(to: Writer): void {
    if (this.details?.nullsNotDistinct !== true) return
    requireSchemaFeature(to, 'nullsNotDistinct')
    to.text(' nulls not distinct')
  }
  private writeTail(to: Writer): void {
    if (this.details === undefined) return
    const { include, deferrable, onConflict } = this.details
    writeInclude(to, include)
    writeStorage(to, this.details.postgres)
    if (deferrable !== undefined && deferrable !== false) requireSchemaFeature(to, 'deferrableKeys')
    writeDeferrable(to, deferrable)
    writeOnConflict(to, onConflict)
  }
}

/** `constraint … primary key (…)`. */
export class PrimaryKeyNode extends KeyNode {
  static readonly fields: Fields<PrimaryKeyNode> = {
    name: 'data',
    columns: 'data',
    details: 'data',
    onlyOn: 'data',
  }
  get kind(): string {
    return 'primaryKey'
  }
  protected get words(): string {
    return 'primary key'
  }
}

/** `constraint … unique (…)`. */
export class UniqueNode extends KeyNode {
  static readonly fields: Fields<UniqueNode> = {
    name: 'data',
    columns: 'data',
    details: 'data',
    onlyOn: 'data',
  }
  get kind(): string {
    return 'unique'
  }
  protected get words(): string {
    return 'unique'
  }
}

/** What checks have that most do not. */
export interface CheckDetails {
  readonly notValid?: boolean | undefined
  readonly enforced?: boolean | undefined
  readonly noInherit?: boolean | undefined
  /** What it is, for people: a comment of the database, where it has such. */
  readonly comment?: string | undefined
  readonly onConflict?: ConflictAction | undefined
}

/** `constraint … check (…)`. */
export class CheckNode implements Node {
  static readonly fields: Fields<CheckNode> = {
    name: 'data',
    predicate: 'child',
    details: 'data',
    onlyOn: 'data',
  }
  constructor(
    readonly name: string,
    readonly predicate: ExpressionNode,
    readonly details?: CheckDetails | undefined,
    /** The database for which alone it is meant. */
    readonly onlyOn?: string | undefined,
  ) {}
  get kind(): string {
    return 'check'
  }
  write(to: Writer): void {
    writeName(to, this.name)
    to.text('check (')
    to.visit(this.predicate)
    to.text(')')
    if (this.details === undefined) return
    if (this.details.noInherit === true) {
      requireSchemaFeature(to, 'noInherit')
      to.text(' no inherit')
    }
    writeEnforced(to, this.details.enforced)
    writeOnConflict(to, this.details.onConflict)
  }
  writeInColumn(to: Writer): void {
    this.write(to)
  }
}

/** What foreign keys have that most do not. */
export interface ForeignKeyDetails {
  readonly match?: 'simple' | 'full' | undefined
  readonly deferrable?: Deferrable | undefined
  readonly notValid?: boolean | undefined
  readonly enforced?: boolean | undefined
  readonly comment?: string | undefined
  /** Of `on delete set null` and `set default`: the columns that are set. */
  readonly setColumns?: readonly string[] | undefined
  /** Whether the last column is a period that the periods of the target must cover. */
  readonly period?: boolean | undefined
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
    details: 'data',
    onlyOn: 'data',
  }
  constructor(
    readonly name: string,
    readonly columns: readonly string[],
    readonly target: TableNode,
    readonly targetColumns: readonly string[],
    readonly onDelete: ReferentialAction | undefined,
    readonly onUpdate: ReferentialAction | undefined,
    readonly details?: ForeignKeyDetails | undefined,
    /** The database for which alone it is meant. */
    readonly onlyOn?: string | undefined,
  ) {}
  get kind(): string {
    return 'foreignKey'
  }
  write(to: Writer): void {
    writeName(to, this.name)
    to.text(`foreign key ${this.names(to, this.columns)} `)
    this.writeTarget(to)
  }
  writeInColumn(to: Writer): void {
    writeName(to, this.name)
    this.writeTarget(to)
  }
  private names(to: Writer, columns: readonly string[]): string {
    if (this.details?.period !== true) return nameList(columns)
    requireSchemaFeature(to, 'temporalKeys')
    const keys = columns.slice(0, -1).map((name) => `${quoteIdentifier(name)}, `)
    return `(${keys.join('')}period ${quoteIdentifier(columns.at(-1) as string)})`
  }
  private writeTarget(to: Writer): void {
    to.text(`references ${this.target.quotedPath} ${this.names(to, this.targetColumns)}`)
    const { match, deferrable, enforced, setColumns } = this.details ?? {}
    if (match === 'full') {
      requireSchemaFeature(to, 'matchFull')
      to.text(' match full')
    }
    if (this.onDelete !== undefined) to.text(` on delete ${this.onDelete}`)
    if (setColumns !== undefined) {
      requireSchemaFeature(to, 'setColumns')
      to.text(` ${nameList(setColumns)}`)
    }
    if (this.onUpdate !== undefined) to.text(` on update ${this.onUpdate}`)
    writeDeferrable(to, deferrable)
    writeEnforced(to, enforced)
  }
}

/** `constraint … exclude using … (… with …)`. */
export class ExcludeNode implements Node {
  static readonly fields: Fields<ExcludeNode> = {
    name: 'data',
    using: 'data',
    keys: 'children',
    operators: 'data',
    where: 'optional',
    details: 'data',
    onlyOn: 'data',
  }
  constructor(
    readonly name: string,
    readonly using: string,
    readonly keys: readonly AnyIndexKey[],
    /** For each key, the operator by which no two rows may compare. */
    readonly operators: readonly string[],
    readonly where: ExpressionNode | undefined,
    readonly details?: KeyDetails | undefined,
    /** The database for which alone it is meant. */
    readonly onlyOn?: string | undefined,
  ) {}
  get kind(): string {
    return 'exclude'
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'exclusion')
    writeName(to, this.name)
    to.text(`exclude using ${quoteIdentifier(this.using)} (`)
    this.keys.forEach((key, i) => {
      if (i > 0) to.text(', ')
      writeIndexKey(to, key)
      to.text(` with ${this.operators[i] as string}`)
    })
    to.text(')')
    writeInclude(to, this.details?.include)
    writeStorage(to, this.details?.postgres)
    if (this.where !== undefined) {
      to.text(' where (')
      to.visit(this.where)
      to.text(')')
    }
    writeDeferrable(to, this.details?.deferrable)
  }
  /** It stands behind the columns always. */
  writeInColumn(to: Writer): void {
    this.write(to)
  }
}

/** How the index of a constraint is kept, where that can be said. */
function writeStorage(to: Writer, options: PostgresIndexOptions | undefined): void {
  if (options === undefined || to.dialect.lacks.indexMethods === true) return
  if (options.with !== undefined) to.text(` with ${storageText(to, options.with)}`)
  if (options.tablespace !== undefined)
    to.text(` using index tablespace ${quoteIdentifier(options.tablespace)}`)
}

/** Any constraint of a table; `writeInColumn` writes it behind its only column. */
export type ConstraintNode = PrimaryKeyNode | UniqueNode | CheckNode | ForeignKeyNode | ExcludeNode
