import { quoteIdentifier } from '../expression/identifier.js'
import type { ExpressionNode, ParameterNode } from '../expression/node.js'
import { Position, type Writer } from '../expression/writer.js'
import type { Fields, Node } from '../tree/node.js'
import { type AnyIndexKey, type StorageParameters, storageText, writeIndexKey } from './index-node.js'
import { requireSchemaFeature } from './schema-features.js'
import type { TableNode } from './table-node.js'

/** How the rows of a table are spread over its partitions. */
export const partitionStrategies: readonly unknown[] = ['range', 'list', 'hash']

/** `partition by …`. */
export class PartitionByNode implements Node {
  static readonly fields: Fields<PartitionByNode> = { strategy: 'data', keys: 'children' }
  constructor(
    readonly strategy: 'range' | 'list' | 'hash',
    readonly keys: readonly AnyIndexKey[],
  ) {}
  get kind(): string {
    return 'partitionBy'
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'partitions')
    to.text(` partition by ${this.strategy} (`)
    this.keys.forEach((key, i) => {
      if (i > 0) to.text(', ')
      writeIndexKey(to, key)
    })
    to.text(')')
  }
}

/** `partition of …`, and the values of its rows. */
export class PartitionOfNode implements Node {
  static readonly fields: Fields<PartitionOfNode> = {
    parent: 'child',
    form: 'data',
    from: 'children',
    to: 'children',
    width: 'data',
    hash: 'data',
  }
  constructor(
    readonly parent: TableNode,
    readonly form: 'range' | 'list' | 'hash' | 'default',
    /** The first values of a range, none if it has no beginning; or the values of a list. */
    readonly from: readonly ExpressionNode[],
    /** The values behind a range, none if it has no end. */
    readonly to: readonly ExpressionNode[],
    /** How many keys there are. */
    readonly width: number,
    readonly hash: readonly [modulus: number, remainder: number] | undefined,
  ) {}
  get kind(): string {
    return 'partitionOf'
  }
  write(to: Writer): void {
    requireSchemaFeature(to, 'partitions')
    const list = (values: readonly ExpressionNode[]) =>
      values.forEach((value, i) => {
        if (i > 0) to.text(', ')
        // The column says its type, so it is stated by none.
        if (value.kind === 'parameter')
          to.value((value as ParameterNode).value, value.type, Position.assignment)
        else to.visit(value)
      })
    const bound = (values: readonly ExpressionNode[], none: string) => {
      if (values.length > 0) list(values)
      else to.text(Array.from({ length: this.width }, () => none).join(', '))
    }
    if (this.form === 'default') to.text(' default')
    else if (this.form === 'list') {
      to.text(' for values in (')
      list(this.from)
      to.text(')')
    } else if (this.form === 'hash') {
      const [modulus, remainder] = this.hash as readonly [number, number]
      to.text(` for values with (modulus ${Number(modulus)}, remainder ${Number(remainder)})`)
    } else {
      to.text(' for values from (')
      bound(this.from, 'minvalue')
      to.text(') to (')
      bound(this.to, 'maxvalue')
      to.text(')')
    }
  }
}

/** What tables have that most do not. */
export class TableDetailsNode implements Node {
  static readonly fields: Fields<TableDetailsNode> = {
    options: 'data',
    partitionBy: 'optional',
    partitionOf: 'optional',
    inherits: 'children',
  }
  constructor(
    readonly options: TableDetails,
    readonly partitionBy: PartitionByNode | undefined,
    readonly partitionOf: PartitionOfNode | undefined,
    readonly inherits: readonly TableNode[],
  ) {}
  get kind(): string {
    return 'tableDetails'
  }
  /** The words before `table`. */
  prefix(to: Writer): string {
    if (this.options.temporary === true) return 'temporary '
    return this.options.unlogged === true && !to.dialect.lacks.partitions ? 'unlogged ' : ''
  }
  /** Writes what stands behind the columns. */
  write(to: Writer): void {
    if (this.inherits.length > 0) {
      requireSchemaFeature(to, 'inheritance')
      to.text(` inherits (${this.inherits.map(({ quotedPath }) => quotedPath).join(', ')})`)
    }
    this.partitionOf?.write(to)
    this.partitionBy?.write(to)
    const { using, with: parameters, tablespace, withoutRowid } = this.options
    if (to.dialect.lacks.partitions !== true) {
      if (using !== undefined) to.text(` using ${quoteIdentifier(using)}`)
      if (parameters !== undefined) to.text(` with ${storageText(to, parameters)}`)
      if (tablespace !== undefined) to.text(` tablespace ${quoteIdentifier(tablespace)}`)
    } else if (withoutRowid === true) to.text(' without rowid')
  }
}

/** What of a table is neither its columns nor its constraints, as plain data. */
export interface TableDetails {
  readonly temporary?: boolean | undefined
  readonly comment?: string | undefined
  readonly info?: unknown
  readonly unlogged?: boolean | undefined
  readonly using?: string | undefined
  readonly with?: StorageParameters | undefined
  readonly tablespace?: string | undefined
  readonly withoutRowid?: boolean | undefined
  readonly autoincrement?: boolean | undefined
}
