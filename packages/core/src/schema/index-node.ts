import { BuildError, excerpt } from '../errors.js'
import { type CollateNode, collationText } from '../expression/collate.js'
import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode, OrderingNode } from '../expression/node.js'
import type { ColumnNode } from '../expression/source.js'
import type { Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { TEXT } from '../types/sql-type.js'
import { writeInclude } from './constraint-parts.js'
import { requireSchemaFeature } from './schema-features.js'
import type { TableNode } from './table-node.js'

/** What an index orders by, with the operator class by which it compares. */
export class IndexKeyNode implements Node {
  static readonly fields: Fields<IndexKeyNode> = { key: 'child', operatorClass: 'data', options: 'data' }
  constructor(
    /** An expression, or one with a direction. */
    readonly key: ExpressionNode | OrderingNode,
    /** The name of the operator class, or its schema and name. */
    readonly operatorClass: string | readonly string[],
    readonly options?: StorageParameters | undefined,
  ) {}
  get kind(): string {
    return 'indexKey'
  }
}

/** Settings of how PostgreSQL keeps a table or an index, such as `{ fillfactor: 70 }`. */
export type StorageParameters = Readonly<Record<string, string | number | boolean>>

/** Storage parameters in parentheses, as SQL. */
export function storageText(to: Writer, parameters: StorageParameters): string {
  const text = to.codec(TEXT)
  const all = Object.entries(parameters).map(([name, value]) => {
    const path = name.split('.').map(quoteIdentifier).join('.')
    if (typeof value === 'string') return `${path} = ${text.literal(value, TEXT)}`
    if (typeof value === 'boolean' || Number.isFinite(value)) return `${path} = ${value}`
    throw new BuildError('invalid_option', `${name} is a text, a number or a boolean, not ${excerpt(value)}.`)
  })
  return `(${all.join(', ')})`
}

/** Anything that an index is made over. */
export type AnyIndexKey = ExpressionNode | OrderingNode | IndexKeyNode

/** Writes a key of an index: a column alone, anything else in parentheses; behind it how it is compared and ordered. */
export function writeIndexKey(to: Writer, given: AnyIndexKey): void {
  const {
    key: node,
    operatorClass,
    options,
  } = given.kind === 'indexKey'
    ? (given as IndexKeyNode)
    : ({ key: given } as Partial<IndexKeyNode> & { key: AnyIndexKey })
  const ordering = node.kind === 'ordering' ? (node as OrderingNode) : undefined
  const collate = (ordering?.expression ?? node) as CollateNode
  const key = collate.kind === 'collate' ? collate.operand : (collate as ExpressionNode)
  if (key.kind === 'column') to.text((key as ColumnNode).quotedName)
  else {
    to.text('(')
    to.visit(key)
    to.text(')')
  }
  if (collate.kind === 'collate') to.text(` collate ${collationText(to, collate.collation)}`)
  if (operatorClass !== undefined) {
    requireSchemaFeature(to, 'indexMethods')
    const path = typeof operatorClass === 'string' ? [operatorClass] : operatorClass
    to.text(` ${path.map(quoteIdentifier).join('.')}`)
    if (options !== undefined) to.text(` ${storageText(to, options)}`)
  }
  if (ordering === undefined) return
  const { direction, nulls } = ordering
  if (direction === 'desc') to.text(' desc')
  if (nulls === undefined) return
  if (to.dialect.lacks.nullsInIndex) {
    throw to.unsupported(`nulls ${nulls} in an index`, 'Leave it out: the index serves both orders.')
  }
  to.text(` nulls ${nulls}`)
}

/** What indexes have that most do not. */
export interface IndexDetails {
  /** The method: `btree` unless it is stated. */
  readonly using?: string | undefined
  readonly include?: readonly string[] | undefined
  readonly nullsNotDistinct?: boolean | undefined
  readonly comment?: string | undefined
  /** How PostgreSQL keeps it; other databases have it as any other. */
  readonly postgres?: PostgresIndexOptions | undefined
}

/** How PostgreSQL keeps an index. */
export interface PostgresIndexOptions {
  readonly with?: StorageParameters | undefined
  readonly tablespace?: string | undefined
}

/** An index of a table. */
export class IndexNode implements Node {
  static readonly fields: Fields<IndexNode> = {
    name: 'data',
    table: 'child',
    keys: 'children',
    unique: 'data',
    where: 'optional',
    details: 'data',
    onlyOn: 'data',
  }
  constructor(
    readonly name: string,
    readonly table: TableNode,
    readonly keys: readonly AnyIndexKey[],
    readonly unique: boolean,
    readonly where: ExpressionNode | undefined,
    readonly details?: IndexDetails | undefined,
    /** The database for which alone it is meant. */
    readonly onlyOn?: string | undefined,
  ) {}
  get kind(): string {
    return 'index'
  }
  /** Writes what is indexed, how, and which rows. */
  writeKeys(to: Writer): void {
    const { using, include, nullsNotDistinct, postgres = {} } = this.details ?? {}
    if (using !== undefined && using !== 'btree') requireSchemaFeature(to, 'indexMethods')
    if (using !== undefined && to.dialect.lacks.indexMethods !== true)
      to.text(` using ${quoteIdentifier(using)}`)
    to.text(' (')
    this.keys.forEach((key, i) => {
      if (i > 0) to.text(', ')
      writeIndexKey(to, key)
    })
    to.text(')')
    writeInclude(to, include)
    if (nullsNotDistinct === true) {
      requireSchemaFeature(to, 'nullsNotDistinct')
      to.text(' nulls not distinct')
    }
    if (to.dialect.lacks.indexMethods !== true) {
      if (postgres.with !== undefined) to.text(` with ${storageText(to, postgres.with)}`)
      if (postgres.tablespace !== undefined) to.text(` tablespace ${quoteIdentifier(postgres.tablespace)}`)
    }
    if (this.where === undefined) return
    to.text(' where ')
    to.visit(this.where)
  }
}
