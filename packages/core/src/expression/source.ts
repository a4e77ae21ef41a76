import { BuildError, excerpt } from '../errors.js'
import type { Fields, Node } from '../tree/node.js'
import type { Family, SqlType } from '../types/sql-type.js'
import type { Expression, Expressions, Reads } from './expression.js'
import { flatText, quoteIdentifier } from './identifier.js'
import { ExpressionNode, isExpression } from './node.js'
import type { Writer } from './writer.js'

/** Something that can stand in FROM, as a node: a table, an alias, a subquery, a CTE. */
export abstract class SourceNode implements Node {
  // Declared and then assigned, as in ExpressionNode.
  declare readonly kind: string
  declare readonly name: string
  /** Its name, quoted. */
  declare readonly quotedName: string
  /** The object by which programs use this source; none where the node was read from JSON or rewritten. */
  declare facade: object | undefined
  /** What is known of it beside, for that object. */
  declare info: SourceInfo | undefined

  /** `name` is that by which columns refer to the source. */
  constructor(kind: string, name: string) {
    this.kind = kind
    this.name = name
    this.quotedName = quoteIdentifier(name)
    this.facade = undefined
    this.info = undefined
  }

  /** Whether a join with it needs no condition, since it sees the sources before it. */
  get joinsFreely(): boolean {
    return false
  }

  /** Writes the source where it stands in FROM. */
  abstract write(to: Writer): void

  /** Writes the source in FROM under another name. */
  writeAs(to: Writer, quotedName: string): void {
    to.visit(this)
    to.text(' as ')
    to.text(quotedName)
  }

  /** Writes what must stand in front of the whole statement: a CTE does. */
  prepare(_to: Writer): void {}
}

/** Whether a node is a source, of whichever installed copy. */
export function isSourceNode(node: Node): node is SourceNode {
  return 'joinsFreely' in node
}

/** A column of a source. `source` is kept by identity: two sources of one name are still two. */
export class ColumnNode extends ExpressionNode {
  static readonly fields: Fields<ColumnNode> = {
    source: 'source',
    name: 'data',
    type: 'data',
    notNull: 'data',
  }
  /** The name alone, quoted. */
  readonly quotedName: string
  /** The name behind that of its table. A column of a CTE has none: it is written once or twice and made anew each time. */
  readonly quotedPath: string | undefined

  constructor(
    readonly source: SourceNode,
    readonly name: string,
    readonly type: SqlType,
    readonly notNull: boolean,
  ) {
    super('column')
    this.quotedName = quoteIdentifier(name)
    this.quotedPath =
      source.kind === 'table' || source.kind === 'excluded'
        ? flatText(source.quotedName, '.', this.quotedName)
        : undefined
  }
}

/** A source under another name. */
export class AliasNode extends SourceNode {
  static readonly fields: Fields<AliasNode> = { source: 'child', name: 'data' }
  constructor(
    readonly source: SourceNode,
    name: string,
  ) {
    super('alias', name)
  }
  override get joinsFreely(): boolean {
    return this.source.joinsFreely
  }
  write(to: Writer): void {
    this.source.writeAs(to, this.quotedName)
  }
  override writeAs(to: Writer, quotedName: string): void {
    this.source.writeAs(to, quotedName)
  }
  override prepare(to: Writer): void {
    this.source.prepare(to)
  }
}

/** The columns of a source by key; a nested record where the source's rows are nested. */
export interface ColumnTree {
  readonly [key: string]: ColumnNode | ColumnTree
}

/** What is known of a source beside its columns. */
export interface SourceInfo {
  readonly node: SourceNode
  readonly columns: ColumnTree
  /** What the schema says, where the source is a table or an alias of one; see `schema/table.ts`. */
  readonly definition?: unknown
  /** What the schema says, where the source is a view; see `schema/schema-object.ts`. */
  readonly object?: unknown
  /** The selection of all its columns, once it was asked for. */
  selection?: unknown
  /** What writes remember of it; see `statement/target.ts`. */
  writes?: unknown
}

const SOURCE = Symbol.for('espalier.source')

/** What a column of a source is declared as: a value and a family. */
export interface Column<out V, out F extends Family> {
  readonly '~value': V
  readonly '~family': F
}

/** Any column, for constraints in generics. */
export type AnyColumn = Column<unknown, Family>

/** The expressions by which the columns of a source are used. */
export type Columns<Name extends string, C> = {
  readonly [K in keyof C]: C[K] extends infer B extends AnyColumn
    ? Expressions<B['~value'], Name, Name>[B['~family']]
    : Columns<Name, C[K]>
}

/**
 * Anything that can stand in FROM: a table, an alias, a subquery, a CTE. `Name` is what its columns read from,
 * `C` its columns, `Needs` the parameters that it has.
 */
// A class for the type checker alone: what is spread of it are the columns, not these.
export declare abstract class Source<
  out Name extends string = string,
  out C = unknown,
  out Needs extends Reads = Reads,
> {
  get '~sources'(): Name
  get '~columns'(): C
  get '~needs'(): Needs
  /**
   * The same source under another name, to use it twice in a statement.
   * @example
   * ```ts
   * const boss = users.as('boss')
   * select({ name: users.fullName, boss: boss.fullName }).from(users).leftJoin(boss, boss.id.eq(users.managerId))
   * ```
   */
  as<const Alias extends string>(name: Alias): SourceOf<Alias, C, Needs>
}

/** What FROM and joins ask for: any {@link Source}, by its name and its needs, which are quickly compared. */
export interface FromItem<out Name extends string = string, out Needs extends Reads = Reads> {
  readonly '~sources': Name
  readonly '~columns': unknown
  readonly '~needs': Needs
}

/** A source together with its columns. */
export type SourceOf<Name extends string, C, Needs extends Reads = never> = Columns<Name, C> &
  Source<Name, C, Needs>

/** A row of a source: its columns' values by key. */
export type RowOfColumns<C> = {
  -readonly [K in keyof C]: C[K] extends AnyColumn ? C[K]['~value'] : RowOfColumns<C[K]>
}

/** What is known of the source that a node stands for; undefined if the node was read or rewritten. */
export function infoOfNode(node: SourceNode): SourceInfo | undefined {
  return node.info
}

class SourceFacade {
  readonly [SOURCE]: SourceInfo
  constructor(info: SourceInfo) {
    this[SOURCE] = info
  }
  as(name: string): object {
    return aliasOf(this, name)
  }
}

/** Makes the object by which a source is used: its columns as properties, all else behind a symbol. */
export function createSource(info: SourceInfo): object {
  const { columns, node } = info
  const source = new SourceFacade(info) as unknown as Record<string, unknown>
  for (const key in columns) {
    if (key === 'as' || key === '__proto__') throw reservedKey(key, node.name)
    source[key] = columns[key]
  }
  node.facade = source
  node.info = info
  return source
}

export function reservedKey(key: string, source: string): BuildError {
  return new BuildError(
    'reserved_key',
    `'${key}' cannot be the key of a column of ${source}: sources have it themselves. Give it another ` +
      `key: asOf: text('${key}').`,
  )
}

/** What is known of a source; undefined if the value is none. */
export function sourceInfo(value: unknown): SourceInfo | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const info = (value as { readonly [SOURCE]?: SourceInfo })[SOURCE]
  // A spread of a source has what is known of it too, but is an object of its columns.
  return info !== undefined && info.node.facade === value ? info : undefined
}

/** What is known of a source; an error that names the place if the value is none. */
export function requireSource(place: string, value: unknown): SourceInfo {
  const info = sourceInfo(value)
  if (info !== undefined) return info
  throw new BuildError(
    'invalid_source',
    `${place} takes a table, an alias, a subquery or a CTE, not ${excerpt(value)}.`,
  )
}

function aliasOf(source: object, name: string): object {
  const info = requireSource('as', source)
  const node = new AliasNode(info.node, name)
  return createSource({ node, columns: columnsFrom(node, info.columns), definition: info.definition })
}

/** The columns of one source as columns of another. */
export function columnsFrom(node: SourceNode, columns: ColumnTree): ColumnTree {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [
      key,
      isExpression(column)
        ? new ColumnNode(node, column.name, column.type, column.notNull)
        : columnsFrom(node, column),
    ]),
  )
}

/** Any expression, for constraints in generics. */
export type AnyExpression = Expression<unknown, Reads, string, Family>
