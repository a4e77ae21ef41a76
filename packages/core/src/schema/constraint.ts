import { BuildError, excerpt } from '../errors.js'
import type { Expression, Ordering, Predicate } from '../expression/expression.js'
import type { ExpressionNode } from '../expression/node.js'
import { isExpression, requirePredicate } from '../expression/node.js'
import { isOperatorPath } from '../expression/operator-node.js'
import type { Reads } from '../expression/reads.js'
import type { AnyExpression, ColumnNode } from '../expression/source.js'
import type { Node } from '../tree/node.js'
import type { Stored } from '../types/definition.js'
import type { Family } from '../types/sql-type.js'
import type { ColumnBuilder, ColumnDetails, HasDefault, ReferenceOptions } from './column.js'
import {
  type AnyIndexKey,
  type CheckDetails,
  type ConflictAction,
  type Deferrable,
  type IndexDetails,
  IndexKeyNode,
  type KeyDetails,
  type NotNullDetails,
  type PostgresIndexOptions,
  type StorageParameters,
  type TableNode,
} from './definition.js'
import { partitionStrategies } from './table-details.js'

/** A constraint, an index, or what else is said of columns, in the third argument of `table`. */
export type TableExtra =
  | UniqueExtra
  | PrimaryKeyExtra
  | ForeignKeyExtra
  | CheckExtra
  | ExcludeExtra
  | NotNullExtra
  | IndexExtra
  | GeneratedExtra
  | PartitionExtra

/** A database for which something is declared alone; `PostgreSQL` means each of its versions. */
export type DatabaseName = 'PostgreSQL' | 'SQLite' | (string & {})

/** What all of {@link TableExtra} have. */
interface AnyExtra {
  /** The database for which alone it is meant, see {@link onlyOn}. */
  readonly onlyOn?: DatabaseName | undefined
}

/** What is said of keys, see {@link primaryKey} and {@link unique}. */
export interface KeyOptions {
  /** Columns that its index keeps too, so that reading them needs no table. PostgreSQL. */
  readonly include?: readonly AnyExpression[]
  /** Whether it may be looked at only at the end of a transaction. PostgreSQL. */
  readonly deferrable?: Deferrable
  /** Whether the last column is a range that overlaps no other of the same key. PostgreSQL 18. */
  readonly withoutOverlaps?: boolean
  /** What SQLite does with a row that it refuses; other databases have none and refuse it. */
  readonly onConflict?: ConflictAction
  /** What it is, for people: a comment of the database, where it has such. */
  readonly comment?: string
  /** How PostgreSQL keeps its index; other databases have it as any other. */
  readonly postgres?: PostgresIndexOptions
  /** `nullable`: of a primary key, that SQLite takes null in its columns, as it does unless they are said to be not null. */
  readonly sqlite?: { readonly nullable?: boolean }
}

/** What is said of a key that may be null. */
export interface UniqueOptions extends KeyOptions {
  /** Two nulls are equal. PostgreSQL 15. */
  readonly nullsNotDistinct?: boolean
}

/** What {@link unique} returns. */
export interface UniqueExtra extends AnyExtra {
  readonly extra: 'unique'
  readonly columns: readonly ColumnNode[]
  readonly name: string | undefined
  readonly details?: KeyDetails | undefined
  /** Names the constraint, in place of the naming convention; `''` leaves that to the database, of which SQLite gives none. */
  named(name: string): UniqueExtra
  /** What else it has, see {@link unique}. */
  with(options: UniqueOptions): UniqueExtra
}

/** What {@link primaryKey} returns. */
export interface PrimaryKeyExtra extends AnyExtra {
  readonly extra: 'primaryKey'
  readonly columns: readonly ColumnNode[]
  readonly name: string | undefined
  readonly details?: KeyDetails | undefined
  /** Names the constraint, in place of the naming convention; `''` leaves that to the database, of which SQLite gives none. */
  named(name: string): PrimaryKeyExtra
  /** What else it has, see {@link unique}. */
  with(options: KeyOptions): PrimaryKeyExtra
}

/** A reference of columns to those of another table, as it is declared: with no name made yet. */
export interface Reference {
  readonly columns: readonly ColumnNode[]
  readonly target: TableNode
  readonly targetColumns: readonly string[]
  readonly options: ReferenceOptions & {
    readonly setColumns?: readonly AnyExpression[]
    readonly period?: boolean
  }
}

/** What is said of a reference of several columns. */
export interface ForeignKeyOptions extends ReferenceOptions {
  /** The columns that `set null` or `set default` sets, where it is not all of them. PostgreSQL 15. */
  readonly setColumns?: readonly AnyExpression[]
  /** Whether the last column is a period, which periods of the target must cover. PostgreSQL 18. */
  readonly period?: boolean
}

/** What {@link foreignKey} returns. */
export interface ForeignKeyExtra extends AnyExtra {
  readonly extra: 'foreignKey'
  readonly columns: readonly ColumnNode[]
  readonly target: () => readonly AnyExpression[]
  readonly options: ForeignKeyOptions
  /** What it refers to, where the table has this name. */
  reference(table: string): Reference
}

/** What {@link check} returns. */
export interface CheckExtra extends AnyExtra {
  readonly extra: 'check'
  readonly predicate: ExpressionNode
  readonly name: string | undefined
  readonly details?: CheckDetails | undefined
  /** Names the constraint, in place of the naming convention; `''` leaves that to the database, of which SQLite gives none. */
  named(name: string): CheckExtra
  /**
   * `notValid`: rows that are there already are not looked at where it is added; `enforced: false`: no row is (PostgreSQL
   * 18); `noInherit`: tables that inherit have it not; `onConflict`: what SQLite does with a row that it refuses.
   */
  with(options: CheckDetails): CheckExtra
}

/** What {@link notNull} returns. */
export interface NotNullExtra extends AnyExtra {
  readonly extra: 'notNull'
  readonly column: ColumnNode
  readonly details: NotNullDetails
  /** Names the constraint, which has no name otherwise. PostgreSQL 18. */
  named(name: string): NotNullExtra
  /** `noInherit`: tables that inherit have it not; `onConflict`: what SQLite does with a row that it refuses. */
  with(options: Pick<NotNullDetails, 'noInherit' | 'onConflict'>): NotNullExtra
}

/** What {@link exclude} returns. */
export interface ExcludeExtra extends AnyExtra {
  readonly extra: 'exclude'
  readonly using: string
  readonly keys: readonly AnyIndexKey[]
  readonly operators: readonly string[]
  readonly condition: ExpressionNode | undefined
  readonly name: string | undefined
  readonly details?: KeyDetails | undefined
  /** Names the constraint, in place of the naming convention; `''` leaves that to the database, of which SQLite gives none. */
  named(name: string): ExcludeExtra
  /** Only the rows for which the predicate holds. */
  where(predicate: Predicate): ExcludeExtra
  /** What else it has, see {@link unique}. */
  with(options: Pick<KeyOptions, 'include' | 'deferrable' | 'comment' | 'postgres'>): ExcludeExtra
}

/** What {@link generatedAs} returns. */
export interface GeneratedExtra extends AnyExtra {
  readonly extra: 'generated'
  readonly column: ColumnNode
  readonly expression: ExpressionNode
  readonly stored: boolean
}

/** What {@link partitionBy} returns. */
export interface PartitionExtra extends AnyExtra {
  readonly extra: 'partitionBy'
  readonly strategy: 'range' | 'list' | 'hash'
  readonly keys: readonly (ExpressionNode | IndexKeyNode)[]
}

/** What is said of an index beside its keys. */
export interface IndexOptions {
  /** Its method, `btree` unless it is stated; SQLite has no other. */
  readonly using?: 'btree' | 'hash' | 'gin' | 'gist' | 'spgist' | 'brin' | (string & {})
  /** Columns that it keeps too, so that reading them needs no table. PostgreSQL. */
  readonly include?: readonly AnyExpression[]
  /** Of a unique index: two nulls are equal. PostgreSQL 15. */
  readonly nullsNotDistinct?: boolean
  /** What it is, for people: a comment of the database, where it has such. */
  readonly comment?: string
  /** How PostgreSQL keeps it; other databases have it as any other. */
  readonly postgres?: PostgresIndexOptions
}

/** What {@link index} returns; its methods return another. */
export interface IndexExtra extends AnyExtra {
  readonly extra: 'index'
  readonly keys: readonly AnyIndexKey[]
  readonly isUnique: boolean
  readonly condition: ExpressionNode | undefined
  readonly name: string | undefined
  readonly details?: IndexDetails | undefined
  /** No two rows of the index are equal. */
  unique(): IndexExtra
  /** Only the rows for which the predicate holds: a partial index. */
  where(predicate: Predicate): IndexExtra
  /** Names the index, in place of the naming convention. */
  named(name: string): IndexExtra
  /**
   * The method of the index, and what else it has.
   * @example
   * ```ts
   * const pages = table('pages', { words: jsonb(), title: text(), body: text() }, (t) => [
   *   index(t.words).with({ using: 'gin', postgres: { with: { fastupdate: false } } }),
   *   index(t.title).unique().with({ include: [t.body], nullsNotDistinct: true }),
   * ])
   * createAll([pages], postgresDialect)[1]!.toSQL(postgresDialect).sql
   * // 'create index "pages_words_idx" on "pages" using "gin" ("words") with ("fastupdate" = false)'
   * ```
   */
  with(options: IndexOptions): IndexExtra
}

/** A key of an index with its operator class, see {@link operatorClass}. */
export interface IndexKey {
  readonly kind: 'indexKey'
}

/**
 * No two rows agree in all of these columns.
 *
 * `.with({ nullsNotDistinct: true })` takes two nulls for equal (PostgreSQL 15), `include` keeps columns in the index,
 * `deferrable` waits until the end of a transaction, `withoutOverlaps` is about a range (PostgreSQL 18), and `onConflict` is
 * what SQLite does with a row. A database that has it not refuses it.
 * @example
 * ```ts
 * createTable(table('users', { orgId: integer(), email: text() }, (t) => [unique(t.orgId, t.email)]))
 * // create table "users" (…, constraint "users_orgId_email_key" unique ("orgId", "email"))
 * ```
 */
export function unique(...columns: readonly AnyExpression[]): UniqueExtra {
  return keyExtra('unique', requireColumns('unique', columns), undefined, undefined) as UniqueExtra
}

/**
 * The columns that together tell a row from all others: `constraint "memberships_pkey" primary key ("a", "b")`. Of one
 * column, it names the key or says more of it than `.primaryKey()` does; see {@link unique}.
 */
export function primaryKey(...columns: readonly AnyExpression[]): PrimaryKeyExtra {
  return keyExtra(
    'primaryKey',
    requireColumns('primaryKey', columns),
    undefined,
    undefined,
  ) as PrimaryKeyExtra
}

function keyExtra(
  extra: 'unique' | 'primaryKey',
  columns: readonly ColumnNode[],
  name: string | undefined,
  details: KeyDetails | undefined,
): UniqueExtra | PrimaryKeyExtra {
  return {
    extra,
    columns,
    name,
    details,
    named: (other: string) => keyExtra(extra, columns, other, details),
    with: (options: UniqueOptions) =>
      keyExtra(extra, columns, name, { ...details, ...keyDetails(extra, options) }),
  } as UniqueExtra | PrimaryKeyExtra
}

function keyDetails(place: string, { include, ...options }: UniqueOptions): KeyDetails {
  return include === undefined
    ? options
    : { ...options, include: columnNames(`include of ${place}`, include) }
}

function columnNames(place: string, columns: readonly unknown[]): string[] {
  return requireColumns(place, columns).map(({ name }) => name)
}

/**
 * These columns together must be those of a row of another table.
 * @example
 * ```ts
 * const seats = table('seats', { row: integer(), seat: integer() }, (t) => [primaryKey(t.row, t.seat)])
 * const tickets = table('tickets', { row: integer(), seat: integer() }, (t) => [
 *   foreignKey([t.row, t.seat], () => [seats.row, seats.seat], { onDelete: 'cascade' }),
 * ])
 * createTable(tickets)
 * // create table "tickets" (…, constraint "tickets_row_seat_fkey" foreign key ("row", "seat")
 * //   references "seats" ("row", "seat") on delete cascade)
 * ```
 */
export function foreignKey(
  columns: readonly AnyExpression[],
  target: () => readonly AnyExpression[],
  options: ForeignKeyOptions = {},
): ForeignKeyExtra {
  const own = requireColumns('foreignKey', columns)
  const reference = (table: string): Reference => {
    const targets = requireColumns(`The target of a foreign key of '${table}'`, target())
    const tables = targets.map(({ source }) => source as TableNode)
    const [first] = tables as [TableNode]
    if (own.length !== targets.length || tables.some((one) => !sameTable(one, first))) {
      throw new BuildError(
        'invalid_foreign_key',
        `A foreign key of '${table}' pairs ${own.length} columns with ${targets.length} of ` +
          `${tables.map(({ name }) => name).join(' and ')}: give as many, all of one table.`,
      )
    }
    return { columns: own, target: first, targetColumns: targets.map(({ name }) => name), options }
  }
  return { extra: 'foreignKey', columns: own, target, options, reference }
}

/** Whether two nodes name one table. */
export function sameTable(a: TableNode, b: TableNode): boolean {
  return a.name === b.name && a.schema === b.schema
}

/**
 * A predicate that no row may make false.
 * @example
 * ```ts
 * createTable(table('users', { email: text() }, (t) => [check(t.email.like('%@%'))]))
 * // create table "users" ("email" text, constraint "users_email_check" check ("email" like '%@%'))
 * ```
 */
export function check(predicate: Predicate): CheckExtra {
  return checkExtra(requirePredicate('check', predicate), undefined, undefined)
}

function checkExtra(
  predicate: ExpressionNode,
  name: string | undefined,
  details: CheckDetails | undefined,
): CheckExtra {
  return {
    extra: 'check',
    predicate,
    name,
    details,
    named: (other) => checkExtra(predicate, other, details),
    with: (options) => checkExtra(predicate, name, { ...details, ...options }),
  }
}

/**
 * Says more of the `not null` of a column that is declared so: its name (PostgreSQL 18), that tables which inherit have it
 * not, or what SQLite does with a row that it refuses.
 * @example
 * ```ts
 * const users = table('users', { email: text().notNull() }, (t) => [notNull(t.email).named('email_is_given')])
 * createTable(users).toSQL(postgresDialect).sql
 * // 'create table "users" ("email" text constraint "email_is_given" not null)'
 * ```
 */
export function notNull(column: AnyExpression): NotNullExtra {
  return notNullExtra(requireColumn('notNull', column), {})
}

function notNullExtra(column: ColumnNode, details: NotNullDetails): NotNullExtra {
  return {
    extra: 'notNull',
    column,
    details,
    named: (name) => notNullExtra(column, { ...details, name }),
    with: (options) => notNullExtra(column, { ...details, ...options }),
  }
}

/**
 * No two rows compare by all of these operators: `[t.room, '=']`, `[t.during, '&&']`. A key may have a direction or an
 * {@link operatorClass}, as in an index, and an operator its schema: `operator(app.===)`. PostgreSQL alone; the others refuse it,
 * unless it is declared by {@link onlyOn}.
 * @example
 * ```ts
 * const bookings = table('bookings', { during: tstzrange().notNull(), cancelled: boolean() }, (t) => [
 *   exclude('gist', [t.during, '&&']).where(t.cancelled.eq(false)),
 * ])
 * createTable(bookings).toSQL(postgresDialect).sql
 * // 'create table "bookings" ("during" tstzrange not null, "cancelled" boolean, constraint "bookings_during_excl" exclude using "gist" ("during" with &&) where ("cancelled" = false))'
 * ```
 */
export function exclude(
  using: 'gist' | 'btree' | 'hash' | 'spgist' | (string & {}),
  ...keys: readonly (readonly [key: AnyExpression | Ordering | IndexKey, operator: string])[]
): ExcludeExtra {
  for (const [key, operator] of keys) {
    if (isKey(key) && isOperatorPath(operator)) continue
    throw new BuildError(
      'invalid_constraint',
      `exclude(…) takes pairs such as [t.during, '&&'], not ${excerpt([key, operator])}.`,
    )
  }
  if (keys.length === 0)
    throw new BuildError('no_columns', "exclude(…) takes at least one pair, such as [t.during, '&&'].")
  return excludeExtra({
    using,
    keys: keys.map(([key]) => key as unknown as AnyIndexKey),
    operators: keys.map(([, operator]) => operator),
    condition: undefined,
    name: undefined,
  })
}

function excludeExtra(
  parts: Pick<ExcludeExtra, 'using' | 'keys' | 'operators' | 'condition' | 'name' | 'details'>,
): ExcludeExtra {
  return {
    extra: 'exclude',
    ...parts,
    named: (name) => excludeExtra({ ...parts, name }),
    where: (predicate) => excludeExtra({ ...parts, condition: requirePredicate('where', predicate) }),
    with: (options) =>
      excludeExtra({ ...parts, details: { ...parts.details, ...keyDetails('exclude', options) } }),
  }
}

/**
 * A column that the database computes from others of its row, which {@link generatedAs} says in the third argument. It is in
 * no {@link InsertOf} or {@link UpdateOf}.
 */
export function generated<V, F extends Family, D extends HasDefault>(
  builder: ColumnBuilder<V, F, D>,
): ColumnBuilder<V, F, 'always'> {
  const isGenerated = true
  return builder.with({ isGenerated } as ColumnDetails) as unknown as ColumnBuilder<V, F, 'always'>
}

/**
 * What the database computes a {@link generated} column as. It is kept (`stored`, the default) or computed when it is read,
 * which PostgreSQL can from 18 on.
 * @example
 * ```ts
 * const people = table(
 *   'people',
 *   { first: text().notNull(), last: text().notNull(), sorted: generated(text().notNull()) },
 *   (t) => [generatedAs(t.sorted, t.last.concat(t.first), { stored: false })],
 * )
 * createTable(people)
 * // create table "people" (…, "sorted" text not null generated always as ("last" || "first") virtual)
 * const row: InsertOf<typeof people> = { first: 'Ann', last: 'Smith' }
 * ```
 */
export function generatedAs<V, F extends Family>(
  column: Expression<V, Reads, string, F>,
  expression: Expression<V | Stored<F> | null, Reads, string, F>,
  options: { readonly stored?: boolean } = {},
): GeneratedExtra {
  const node = requireColumn('generatedAs', column)
  if (isExpression(expression))
    return { extra: 'generated', column: node, expression, stored: options.stored !== false }
  throw new BuildError(
    'invalid_expression',
    `generatedAs(${node.name}, …) takes an expression of other columns, not ${excerpt(expression)}.`,
  )
}

/** Declares constraints and indexes for one database alone; the others do without. Spread it: `...onlyOn('PostgreSQL', …)`. */
export function onlyOn<E extends TableExtra>(database: DatabaseName, ...extras: readonly E[]): E[] {
  return extras.map((extra) => ({ ...extra, onlyOn: database }))
}

/**
 * An index over columns, expressions, and either of them with a direction, a {@link collate collation} or an
 * {@link operatorClass}.
 * @example
 * ```ts
 * const users = table('users', { email: text(), since: date(), boss: integer() }, (t) => [
 *   index(lower(t.email)).unique(),
 *   index(t.since.desc()).where(t.boss.isNull()),
 *   index(collate(t.email, 'C')),
 * ])
 * createAll([users], db.dialect)[2]! // create index "users_since_idx" on "users" ("since" desc) where "boss" is null
 * ```
 */
export function index(...keys: readonly (AnyExpression | Ordering | IndexKey)[]): IndexExtra {
  if (keys.length === 0)
    throw new BuildError('invalid_index', 'index(…) takes at least one column or expression.')
  for (const key of keys) requireKey('index', key)
  return makeIndex({
    keys: keys as unknown as readonly AnyIndexKey[],
    isUnique: false,
    condition: undefined,
    name: undefined,
  })
}

function isKey(key: unknown): boolean {
  const kind = typeof key === 'object' && key !== null ? (key as Partial<Node>).kind : undefined
  return kind === 'ordering' || kind === 'indexKey' || isExpression(key)
}

function requireKey(place: string, key: unknown): void {
  if (isKey(key)) return
  throw new BuildError(
    'invalid_index',
    `${place}(…) takes columns and expressions of its table, not ${excerpt(key)}.`,
  )
}

function makeIndex(
  parts: Pick<IndexExtra, 'keys' | 'isUnique' | 'condition' | 'name' | 'details'>,
): IndexExtra {
  return {
    extra: 'index',
    ...parts,
    unique: () => makeIndex({ ...parts, isUnique: true }),
    where: (predicate) => makeIndex({ ...parts, condition: requirePredicate('where', predicate) }),
    named: (name) => makeIndex({ ...parts, name }),
    with: ({ include, ...options }) => {
      const included = include === undefined ? {} : { include: columnNames('include of index', include) }
      return makeIndex({ ...parts, details: { ...parts.details, ...options, ...included } })
    },
  }
}

/**
 * A key of an index with the operator class by which it compares, and its options. PostgreSQL alone.
 * @example
 * ```ts
 * const pages = table('pages', { slug: text(), words: jsonb() }, (t) => [
 *   index(operatorClass(t.slug, 'text_pattern_ops')),
 *   index(operatorClass(t.words, 'jsonb_path_ops')).with({ using: 'gin' }),
 * ])
 * createAll([pages], postgresDialect)[1]!.toSQL(postgresDialect).sql
 * // 'create index "pages_slug_idx" on "pages" ("slug" "text_pattern_ops")'
 * ```
 */
export function operatorClass(
  key: AnyExpression | Ordering,
  name: string | readonly [schema: string, name: string],
  options?: StorageParameters,
): IndexKey {
  requireKey('operatorClass', key)
  return new IndexKeyNode(key as unknown as ExpressionNode, name, options) as unknown as IndexKey
}

/**
 * Keeps the rows of a table in partitions, by ranges or lists of values or by a hash; see {@link partitionOf}. PostgreSQL
 * alone.
 * @example
 * ```ts
 * const events = table('events', { id: integer().notNull(), at: date().notNull() }, (t) => [partitionBy('range', t.at)])
 * createTable(events).toSQL(postgresDialect).sql
 * // 'create table "events" ("id" integer not null, "at" date not null) partition by range ("at")'
 * ```
 */
export function partitionBy(
  strategy: 'range' | 'list' | 'hash',
  ...keys: readonly (AnyExpression | IndexKey)[]
): PartitionExtra {
  if (!partitionStrategies.includes(strategy) || keys.length === 0) {
    throw new BuildError(
      'invalid_partition',
      `partitionBy takes 'range', 'list' or 'hash' and at least one column, not ${excerpt(strategy)} and ${keys.length}.`,
    )
  }
  for (const key of keys) requireKey('partitionBy', key)
  return { extra: 'partitionBy', strategy, keys: keys as unknown as readonly ExpressionNode[] }
}

/** Columns as nodes; anything else is an error that names the place. */
export function requireColumns(place: string, columns: readonly unknown[]): ColumnNode[] {
  if (columns.length === 0) throw new BuildError('invalid_argument', `${place}(…) takes at least one column.`)
  return columns.map((column) => requireColumn(place, column))
}

/** A column as a node, as {@link requireColumns}. */
export function requireColumn(place: string, column: unknown): ColumnNode {
  if (isExpression(column) && column.kind === 'column') return column as ColumnNode
  throw new BuildError('invalid_argument', `${place}(…) takes columns of a table, not ${excerpt(column)}.`)
}
