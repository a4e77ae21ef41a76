import {
  type AnyExpression,
  type AnyObject,
  type AnyTable,
  type Catalog,
  type CatalogCheck,
  type CatalogColumn,
  type CatalogDependency,
  type CatalogExclude,
  type CatalogForeignKey,
  type CatalogIndex,
  type CatalogIndexKey,
  type CatalogKey,
  type CatalogProblem,
  type CatalogReference,
  type CatalogSequenceOptions,
  type CatalogTable,
  CollateNode,
  type ColumnBuilder,
  type ColumnNode,
  check,
  column,
  type Deferrable,
  declared,
  schema as declaredSchema,
  type ExpressionNode,
  exclude,
  extension,
  type Family,
  foreignKey,
  generated,
  generatedAs,
  type HasDefault,
  index,
  type Metadata,
  metadata,
  notNull,
  OrderingNode,
  operatorClass,
  type PartitionBounds,
  partitionBy,
  partitionOf,
  primaryKey,
  type SequenceOptions,
  sql,
  type TableExtra,
  type TableOptions,
  text,
  unique,
} from '@espalier/core'
import { type CatalogMetadata, columnsOf, keyOf, named, predicate, raw } from '../../catalog-metadata.js'
import { ColumnTypes } from './column-types.js'
import { listParts, parenthesized, pathOf } from './source-text.js'
import { type CatalogSource, partitionIsAttached, referenceKey, sourcesOf } from './sources.js'
import { grouped, stated, statedOrNone } from './values.js'

/**
 * A catalog of PostgreSQL as a metadata, of which `createAll` makes all of it again: the tables with their constraints,
 * indexes and partitions, and by their source the types, sequences, functions, views, triggers, policies, rules, grants and
 * comments, as {@link sourcesOf} has them; with the schemas and extensions. Each column has the type by which Espalier
 * declares it; a type that Espalier does not have, or that is in another schema than `public`, is kept by its name, with
 * values that are texts. Expressions are the same source text. What the metadata does not say is listed under `problems`.
 *
 * Tables of `public` are declared without a schema and found by their name, others by `schema.name`.
 * @param options `schema`: the only one that is meant; its tables are found by their name. Without it, all of the catalog.
 * @example
 * ```ts no-run
 * import { inspect, metadataOf } from '@espalier/dialects/postgres/inspect'
 *
 * const { metadata: read } = metadataOf(await inspect(db))
 * createAll(read, db.dialect) // create table "orgs" (…), …
 * ```
 */
export function metadataOf(catalog: Catalog, options: { readonly schema?: string } = {}): CatalogMetadata {
  const { schema } = options
  const app = metadata(schema === undefined || schema === 'public' ? {} : { schema })
  const maker = new Maker(catalog, schema, app)
  maker.addAll()
  return { metadata: app, problems: maker.problems }
}

type Builder = ColumnBuilder<unknown, Family, HasDefault>
type Columns = (name: string) => ColumnNode
type FindTable = (schema: string, name: string) => AnyTable | undefined

/** Makes the objects of a catalog, each behind what it needs. */
class Maker {
  readonly problems: CatalogProblem[] = []
  private readonly tables: ReadonlyMap<string, CatalogTable>
  private readonly sources: readonly CatalogSource[]
  private readonly sourceOf = new Map<string, CatalogSource>()
  private readonly types: ColumnTypes
  private readonly needsOf: (key: string) => readonly CatalogDependency[]
  private readonly made = new Map<string, AnyObject>()
  private readonly isTaken: (schema: string, name: string) => boolean
  private readonly underWay = new Set<string>()
  private readonly failed = new Set<string>()

  constructor(
    private readonly catalog: Catalog,
    private readonly schema: string | undefined,
    private readonly app: Metadata,
  ) {
    const tables = catalog.tables.filter(
      (table) => this.isMeant(table) && table.columns.length > 0 && table.postgres?.server === undefined,
    )
    this.tables = new Map(tables.map((table) => [tableKey(table.schema, table.name), table]))
    this.types = new ColumnTypes(catalog, tables)
    this.sources = sourcesOf(catalog, (object, message) => {
      if (this.isMeant(object)) this.problem(object, message)
    }).filter(({ makes, needs }) => this.isMeant(makes ?? (needs[0] as CatalogReference)))
    for (const source of this.sources) {
      if (source.makes !== undefined) this.sourceOf.set(referenceKey(source.makes), source)
    }
    // What comes from a table above is made behind it.
    const isFirst = (table: CatalogTable, { postgres }: CatalogColumn) =>
      postgres?.inherited !== true || this.isAttached(table)
    const notNulls = grouped(
      catalog.tables.flatMap((table) =>
        table.columns
          .filter((one) => one.notNullName !== undefined && isFirst(table, one))
          .map(({ notNullName }) => JSON.stringify([table.schema, notNullName])),
      ),
      (key) => key,
    )
    this.isTaken = (schema, name) => notNulls(JSON.stringify([schema, name])).length > 1
    this.needsOf = grouped(catalog.dependencies, ({ object }) => referenceKey(object))
  }

  addAll(): void {
    const { catalog, schema } = this
    for (const { name } of catalog.schemas) {
      if (name !== 'public' && (schema === undefined || schema === name))
        this.add({ kind: 'schema', name }, declaredSchema(name))
    }
    const isNeeded = ({ name }: { readonly name: string }) =>
      schema === undefined ||
      catalog.dependencies.some(
        ({ object, needs }) => needs.kind === 'extension' && needs.name === name && this.isMeant(object),
      )
    for (const one of catalog.extensions.filter(isNeeded))
      this.make({ kind: 'extension', name: one.name, schema: one.schema })
    for (const { schema: own, name, postgres } of catalog.tables) {
      const object = { kind: 'table', schema: own, name } as const
      if (!this.isMeant(object)) continue
      if (postgres?.server === undefined) this.make(object)
      else this.problem(object, 'The table is not in the metadata: it is of a foreign server.')
    }
    const isLast = ({ kind }: CatalogSource) => kind === 'event trigger'
    for (const source of this.sources) if (!isLast(source)) this.makeSource(source)
    // It would be called for each object that comes behind it.
    const all = [...this.made.values()]
    for (const source of this.sources) if (isLast(source)) this.makeSource(source, all)
  }

  /** Whether an object is there without being one of the metadata. */
  private isThere(object: CatalogReference): boolean {
    if (object.kind === 'schema') return object.name === 'public' || this.schema !== undefined
    return this.types.isDeclared(object)
  }

  /** Whether an object is in the schema that is meant. */
  private isMeant({ kind, schema, name }: Partial<CatalogReference>): boolean {
    return this.schema === undefined || (kind === 'schema' ? name : schema) === this.schema
  }

  private add(reference: CatalogReference, object: AnyObject): AnyObject {
    this.made.set(referenceKey(reference), object)
    // A table is one of the metadata already.
    if (!this.app.tables.has(this.keyOf(reference)) || reference.kind !== 'table') this.app.add(object)
    return object
  }

  private keyOf({ schema, name }: CatalogReference): string {
    return schema === undefined || schema === 'public' || schema === this.schema ? name : `${schema}.${name}`
  }

  /** An object of the catalog, with what it needs before it; undefined for what is none of the metadata. */
  private make(reference: CatalogReference): AnyObject | undefined {
    const key = referenceKey(reference)
    const known = this.made.get(key)
    if (known !== undefined || this.failed.has(key)) return known
    if (reference.kind === 'extension') return this.extension(reference)
    const table = reference.kind === 'table' ? this.tables.get(key) : undefined
    const source = this.sourceOf.get(key)
    if (this.types.isDeclared(reference) || (table === undefined && source === undefined)) return undefined
    this.underWay.add(key)
    const made = table === undefined ? this.makeSource(source as CatalogSource) : this.table(table)
    this.underWay.delete(key)
    if (made === undefined) this.failed.add(key)
    return made
  }

  /** What an object needs; what is not in the metadata is told. */
  private needed(object: CatalogReference, needs: readonly CatalogReference[]): AnyObject[] {
    return needs.flatMap((one) => {
      if (this.isThere(one)) return []
      const what = `the ${one.kind} ${one.name}`
      if (this.underWay.has(referenceKey(one))) {
        this.problem(object, `It and ${what} need each other, so the metadata makes it without.`)
        return []
      }
      const made = this.make(one)
      if (made !== undefined) return [made]
      this.problem(object, `It needs ${what}, which is not in the metadata.`)
      return []
    })
  }

  private extension(reference: CatalogReference): AnyObject | undefined {
    const { catalog } = this
    const found = catalog.extensions.find(({ name }) => name === reference.name)
    if (found === undefined) return undefined
    const { name, schema } = found
    for (const { needs } of this.needsOf(referenceKey({ kind: 'extension', name, schema }))) {
      if (needs.kind === 'extension') this.make(needs)
    }
    const isKnown = catalog.schemas.some((one) => one.name === schema) && schema !== 'public'
    return this.add(reference, extension(name, isKnown ? { schema } : {}))
  }

  /** An object by its source; undefined for what is to be said of another that is not in the metadata. */
  private makeSource(source: CatalogSource, behind: readonly AnyObject[] = []): AnyObject | undefined {
    const { kind, name, schema, create, drop, needs, makes } = source
    const object = makes ?? (needs[0] as CatalogReference)
    const key = referenceKey(makes ?? { ...object, kind: 'other', name: `${kind} ${name}` })
    const known = this.made.get(key)
    if (known !== undefined || (makes !== undefined && this.types.isDeclared(makes))) return known
    if (makes === undefined && !this.isThere(object) && this.make(object) === undefined) {
      const isTold = object.kind === 'table' || object.kind === 'range' || this.schema !== undefined
      if (!isTold) this.problem(object, `Its ${kind} are not in the metadata, since it is not.`)
      return undefined
    }
    const statements = (texts: readonly string[]) => texts.map((one) => sql.statement`${sql.unsafe(one)}`)
    const dependsOn = [...behind, ...this.needed(object, needs)]
    const made = declared({
      kind,
      name,
      ...(schema !== undefined && { schema }),
      create: statements(create),
      drop: statements(drop),
      dependsOn,
      onlyOn: 'PostgreSQL',
      ...columnsOf(this.columnsOf(makes), (one) => this.types.of(one.type).sqlType),
    })
    this.made.set(key, made)
    this.app.add(made)
    return made
  }

  private isAttached(table: CatalogTable): boolean {
    const above = table.postgres?.partitionOf
    return (
      above !== undefined && partitionIsAttached(table, this.tables.get(tableKey(above.schema, above.table)))
    )
  }

  /** The columns of a view, by which it can be read. */
  private columnsOf(reference: CatalogReference | undefined): readonly CatalogColumn[] {
    const { views, materializedViews } = this.catalog
    const among = reference?.kind === 'view' ? views : materializedViews
    if (reference?.kind !== 'view' && reference?.kind !== 'materialized view') return []
    return (
      among.find(({ schema, name }) => schema === reference.schema && name === reference.name)?.columns ?? []
    )
  }

  private table(table: CatalogTable): AnyObject | undefined {
    const { app, catalog } = this
    const { schema, name, postgres } = table
    const object: CatalogReference = { kind: 'table', schema, name }
    const isAttached = this.isAttached(table)
    const above = isAttached ? undefined : postgres?.partitionOf
    const parents = above === undefined ? (postgres?.inherits ?? []) : [above]
    const parentTables = parents.map((one) =>
      this.make({ kind: 'table', schema: one.schema, name: one.table }),
    )
    const lost = parentTables.indexOf(undefined)
    if (lost >= 0) {
      const what = `the table "${parents[lost]?.table}", which it ${above === undefined ? 'inherits from' : 'is a partition of'}`
      this.problem(object, `The table is not in the metadata: ${what}, is not.`)
      return undefined
    }
    const find: FindTable = (ofSchema, one) => this.made.get(tableKey(ofSchema, one)) as AnyTable | undefined
    const declaration = new Declaration(table, isAttached, this.isTaken, find, (what) =>
      this.problem(object, `The metadata does not say ${what}.`),
    )
    const options = {
      ...declaration.options(above === undefined ? (parentTables as AnyTable[]) : []),
      ...(schema !== 'public' && schema !== this.schema && { schema }),
      dependsOn: this.needed(object, this.needsOfTable(table)),
    }
    const extras = (columns: object) => declaration.extras(columns as never)
    const [parent] = parentTables
    if (above !== undefined) {
      // It has none of what is said of the table above, unless it says so itself.
      const own = { comment: undefined, postgres: undefined, schema: undefined, ...options } as object
      return this.add(object, partitionOf(parent as never, name, boundsOf(above.bound), extras, own) as never)
    }
    const builders = declaration.builders((one) => this.types.of(one.type).sqlType, catalog)
    return this.add(object, app.table(name, builders as never, extras, options) as never)
  }

  /** What must be there before a table: foreign keys may come later, and what it inherits from is said by itself. */
  private needsOfTable({
    schema,
    name,
    foreignKeys,
    columns,
    postgres = {},
  }: CatalogTable): CatalogReference[] {
    const above = [
      ...(postgres.partitionOf === undefined ? [] : [postgres.partitionOf]),
      ...(postgres.inherits ?? []),
    ]
    const needs = this.needsOf(tableKey(schema, name)).map((one) => one.needs)
    return needs.filter((one) => {
      if (one.kind === 'extension') return this.schema === undefined
      if (one.kind !== 'table') return true
      const isIt = (target: { readonly schema?: string | undefined; readonly table?: string | undefined }) =>
        target.schema === one.schema && target.table === one.name
      if (above.some(isIt)) return false
      return (
        !foreignKeys.some(({ target }) => isIt(target)) ||
        columns.some(({ type }) => isIt({ schema: type.schema, table: type.name }))
      )
    })
  }

  private problem(object: CatalogReference, message: string): void {
    this.problems.push({ object, message })
  }
}

function tableKey(schema: string, name: string): string {
  return referenceKey({ kind: 'table', schema, name })
}

/** A table as it is declared by what a catalog says. */
class Declaration {
  /** The keys of the columns, by their names. */
  private readonly keys: ReadonlyMap<string, string>

  constructor(
    private readonly table: CatalogTable,
    /** Whether it becomes a partition when it is there. */
    private readonly isAttached: boolean,
    /** Whether a name of a `not null` is that of several tables, so that it must be stated. */
    private readonly isTaken: (schema: string, name: string) => boolean,
    private readonly find: FindTable,
    private readonly missing: (what: string) => void,
  ) {
    const names = table.columns.map(({ name }) => name)
    this.keys = new Map(names.map((name) => [name, keyOf(name, names)]))
  }

  options(inherits: readonly AnyTable[]): TableOptions {
    const { comment, postgres = {} } = this.table
    const { persistence, storage, tablespace, method } = postgres
    const own = stated({
      inherits: inherits.length === 0 ? undefined : inherits,
      unlogged: persistence === 'unlogged' ? true : undefined,
      using: method,
      with: storage,
      tablespace,
    })
    return stated({
      comment,
      temporary: persistence === 'temporary' ? true : undefined,
      postgres: Object.keys(own).length === 0 ? undefined : own,
    }) as TableOptions
  }

  builders(
    typeOf: (one: CatalogColumn) => Parameters<typeof column>[0],
    catalog: Catalog,
  ): Record<string, Builder> {
    return Object.fromEntries(
      this.table.columns.map((one) => [this.keys.get(one.name), this.builder(one, typeOf(one), catalog)]),
    )
  }

  private builder(one: CatalogColumn, type: Parameters<typeof column>[0], catalog: Catalog): Builder {
    const { name, nullable, identity, comment, collation, postgres = {} } = one
    const { storage, compression, notNullNotValid } = postgres
    const inherited = postgres.inherited && this.table.postgres?.inherits !== undefined ? true : undefined
    // Before 16, only `alter table` can say it.
    const canSayStorage = Number.parseInt(catalog.version, 10) >= 16
    const own = stated({ storage: canSayStorage ? storage : undefined, compression, inherited })
    const details = stated({
      comment,
      collation: collation === undefined ? undefined : pathOf(collation),
      postgres: Object.keys(own).length === 0 ? undefined : own,
    })
    let builder: Builder = column<unknown, Family>(type, name)
    if (Object.keys(details).length > 0) builder = builder.with(details as never)
    if (!nullable && !notNullNotValid) builder = builder.notNull() as Builder
    if (one.generated !== undefined) return generated(builder as never) as Builder
    // A partition has it from the table above, since 17.
    const isFromAbove = this.isAttached && Number.parseInt(catalog.version, 10) >= 17
    if (identity !== undefined && !isFromAbove) {
      const counting = sequenceOptions(identity.sequence, one.type.name)
      return builder.identity({ generated: identity.generated, ...counting } as never) as Builder
    }
    if (one.default === undefined) return builder
    return builder.default(raw(one.default) as never) as Builder
  }

  /** Constraints and indexes, but those that a table above has, of which this is a partition. */
  extras(columns: Readonly<Record<string, ColumnNode>>): TableExtra[] {
    const { table } = this
    const of: Columns = (name) => columns[this.keys.get(name) as string] as ColumnNode
    // A table that becomes a partition has what it shares with the one above by names of its own.
    const isOwn = (one: { readonly postgres?: { readonly inherited?: boolean | undefined } | undefined }) =>
      one.postgres?.inherited !== true || this.isAttached
    const isPartition = table.postgres?.partitionOf !== undefined && !this.isAttached
    const by = table.postgres?.partitionBy
    const keys = table.primaryKey === undefined ? [] : [table.primaryKey]
    return [
      ...(isPartition ? [] : this.ofColumns(of)),
      ...keys.filter(isOwn).map((key) => this.key(key, primaryKey(...all(of, key.columns)), of)),
      ...table.uniques.filter(isOwn).map((key) => this.key(key, unique(...all(of, key.columns)), of)),
      ...table.foreignKeys.filter(isOwn).map((key) => this.foreignKey(key, of)),
      ...table.checks.filter(isOwn).map((one) => this.check(one)),
      ...table.excludes.filter(isOwn).map((one) => this.exclude(one, of)),
      ...table.indexes.filter(isOwn).map((one) => this.index(one, of)),
      ...(by === undefined
        ? []
        : [partitionBy(by.strategy, ...(by.keys.map((key) => indexKey(key, of)) as [never]))]),
    ]
  }

  private ofColumns(of: Columns): TableExtra[] {
    return this.table.columns.flatMap((one) => {
      const { name, notNullName, generated: expression, postgres } = one
      const extras: TableExtra[] = []
      if (expression !== undefined) {
        const stored = expression.kind === 'stored'
        extras.push(generatedAs(of(name) as never, raw(expression.expression) as never, { stored }))
      }
      const noInherit = postgres?.notNullNoInherit === true
      const hasOwnName =
        notNullName !== undefined &&
        (notNullName !== `${this.table.name}_${name}_not_null` ||
          this.isTaken(this.table.schema, notNullName))
      if (
        (hasOwnName || noInherit) &&
        postgres?.notNullNotValid !== true &&
        (this.isAttached || postgres?.inherited !== true)
      ) {
        const extra = notNull(of(name) as never)
        extras.push(
          named(noInherit ? extra.with({ noInherit }) : extra, hasOwnName ? notNullName : undefined),
        )
      }
      return extras
    })
  }

  private key<E extends ReturnType<typeof primaryKey> | ReturnType<typeof unique>>(
    key: CatalogKey,
    extra: E,
    of: Columns,
  ): E {
    const { include, nullsNotDistinct, withoutOverlaps, storage, tablespace } = key.postgres ?? {}
    const details = stated({
      include: include && all(of, include),
      deferrable: deferrable(key.deferrable),
      nullsNotDistinct,
      withoutOverlaps,
      comment: key.comment,
      postgres: statedOrNone({ with: storage, tablespace }),
    })
    return named(extra.with(details as never) as never, key.name) as E
  }

  private foreignKey(key: CatalogForeignKey, of: Columns): TableExtra {
    const { name, target, onDelete, onUpdate, match, postgres = {} } = key
    const { onDeleteColumns, notValid, notEnforced, period } = postgres
    if (match === 'partial') this.missing(`the match of the foreign key "${name}"`)
    const found = () => this.find(target.schema, target.table) ?? elsewhere(target)
    const details = stated({
      name,
      onDelete: onDelete === 'no action' ? undefined : onDelete,
      onUpdate: onUpdate === 'no action' ? undefined : onUpdate,
      match: match === 'full' ? match : undefined,
      deferrable: deferrable(key.deferrable),
      notValid,
      comment: key.comment,
      enforced: notEnforced ? false : undefined,
      setColumns: onDeleteColumns && all(of, onDeleteColumns),
      period,
    })
    const targets = () => target.columns.map((one) => columnOf(found(), one) as never)
    return foreignKey(all(of, key.columns), targets, details as never)
  }

  private check({ name, expression, comment, postgres = {} }: CatalogCheck): TableExtra {
    const { noInherit, notValid, notEnforced } = postgres
    const details = stated({ noInherit, notValid, comment, enforced: notEnforced ? false : undefined })
    return named(check(predicate(expression)).with(details as never), name)
  }

  private exclude(one: CatalogExclude, of: Columns): TableExtra {
    const { name, method, elements, where, include, postgres = {} } = one
    const { storage, tablespace } = postgres
    const pairs = elements.map(({ operator, ...key }) => [indexKey(key, of), operator] as never)
    const extra = exclude(method, ...(pairs as [never])).named(name)
    const details = stated({
      include: include && all(of, include),
      deferrable: deferrable(one.deferrable),
      comment: one.comment,
      postgres: statedOrNone({ with: storage, tablespace }),
    })
    const made = extra.with(details as never)
    return where === undefined ? made : made.where(predicate(where))
  }

  private index(one: CatalogIndex, of: Columns): TableExtra {
    const { name, method, keys, where, include, options, postgres = {} } = one
    const { nullsNotDistinct, tablespace, notValid } = postgres
    if (notValid) this.missing(`that the index "${name}" is not valid`)
    const details = stated({
      using: method === 'btree' ? undefined : method,
      include: include && all(of, include),
      nullsNotDistinct,
      comment: one.comment,
      postgres: statedOrNone({ with: options, tablespace }),
    })
    const plain = index(...(keys.map((key) => indexKey(key, of)) as never[])).named(name)
    const made = (one.unique ? plain.unique() : plain).with(details as never)
    return where === undefined ? made : made.where(predicate(where))
  }
}

/** Columns by their names, as constraints take them. */
function all(of: Columns, names: readonly string[]): AnyExpression[] {
  return names.map((name) => of(name) as never)
}

function deferrable(given: CatalogKey['deferrable']): Deferrable | undefined {
  if (given === undefined) return undefined
  return given === 'initially deferred' ? given : true
}

/** What an index is over, with the collation by which it is compared. */
function collated({ column: name, expression, collation }: CatalogIndexKey, of: Columns): ExpressionNode {
  const plain = name === undefined ? raw(expression ?? '') : of(name)
  if (collation === undefined) return plain
  // Its type may be one that Espalier knows by its name alone.
  return new CollateNode(plain, [pathOf(collation)].flat(), plain.type)
}

function indexKey(key: CatalogIndexKey, of: Columns): unknown {
  const { order, nulls, operatorClass: name, operatorClassOptions } = key
  const plain = collated(key, of)
  const ordered =
    order === undefined && nulls === undefined ? plain : new OrderingNode(plain, order ?? 'asc', nulls)
  return name === undefined ? ordered : operatorClass(ordered as never, pathOf(name), operatorClassOptions)
}

/** The rows of a partition, by what PostgreSQL says of them: `FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)`. */
function boundsOf(bound: string): PartitionBounds {
  if (bound === 'DEFAULT') return 'default'
  const parts = (word: string) => listParts(parenthesized(bound, `${word} `) ?? '').map(raw)
  const [modulus, remainder] = listParts(parenthesized(bound, ' WITH ') ?? '').map((part) =>
    Number(part.split(' ')[1]),
  )
  if (modulus !== undefined && remainder !== undefined) return { modulus, remainder }
  const values = parts(' IN')
  return values.length > 0 ? { in: values } : { from: parts(' FROM'), to: parts(' TO') }
}

/** A table that is not in the metadata, by the names that are referred to. */
function elsewhere({ schema, table, columns }: CatalogForeignKey['target']): AnyTable {
  const builders = columns.map((name) => [keyOf(name, columns), text(name)])
  return metadata(schema === 'public' ? {} : { schema }).table(table, Object.fromEntries(builders))
}

function columnOf(source: AnyTable, name: string): ColumnNode {
  const columns = Object.values(source as unknown as Record<string, ColumnNode>)
  return columns.find((one) => one?.kind === 'column' && one.name === name) as ColumnNode
}

/** The options of a sequence that are not those which it has by itself. */
function sequenceOptions(sequence: CatalogSequenceOptions | undefined, type: string): SequenceOptions {
  const { start, increment = '1', min, max, cache, cycle } = sequence ?? {}
  const most = MOST[type] ?? ''
  const isDown = increment.startsWith('-')
  const usualMin = isDown ? `-${BigInt(most) + 1n}` : '1'
  const usualMax = isDown ? '-1' : most
  const other = (value: string | undefined, usual: string | undefined) =>
    value === undefined || value === usual ? undefined : BigInt(value)
  return stated({
    start: other(start, isDown ? max : min),
    increment: other(increment, '1'),
    min: other(min, usualMin),
    max: other(max, usualMax),
    cache: other(cache, '1'),
    cycle,
  }) as SequenceOptions
}

const MOST: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
}
