import { BuildError } from '../errors.js'
import type { Writer } from '../expression/writer.js'
import type {
  CheckDetails,
  ConstraintNode,
  ForeignKeyNode,
  TableDefinition,
  UniqueNode,
} from '../schema/definition.js'
import type { Metadata } from '../schema/metadata.js'
import { isMeantFor } from '../schema/schema-features.js'
import { objectOf, relationKey } from '../schema/schema-object.js'
import type { AnyTable } from '../schema/table.js'
import { tableDefinition } from '../schema/table-definition.js'
import { StatementNode } from '../statement/statement-node.js'
import type { Fields, Node } from '../tree/node.js'
import { walk } from '../tree/walk.js'
import type { SqlWriter } from '../types/dialect.js'
import { OWN, type SqlType, storedAs } from '../types/sql-type.js'
import { commentsOf, commentsOfParts } from './comment.js'
import { CreateCompositeNode, DropCompositeNode } from './composite-nodes.js'
import { type CreateDomainNode, DropDomainNode } from './domain-nodes.js'
import { CreateEnumNode, DropEnumNode } from './enum-nodes.js'
import { type AnyObject, keyOf, schemaKey } from './object.js'
import { type SequenceValueNode, sequenceKey } from './sequence.js'
import { type DdlStatement, ddl } from './statement.js'
import {
  AddConstraintNode,
  CreateIndexNode,
  CreateTableNode,
  DropConstraintNode,
  DropTableNode,
} from './table.js'

/** What a schema is made of: a metadata, or several with tables and other objects. */
export type SchemaParts = Metadata | Iterable<AnyObject | Metadata>

/** How the objects of a schema are created. */
export interface CreateAllOptions {
  /**
   * Leaves what is there already as it is, by its name alone; views are replaced. What {@link declared} declares says so
   * itself.
   */
  readonly ifNotExists?: boolean
}

/** How the objects of a schema are dropped. */
export interface DropAllOptions {
  /** Passes over what is not there. What {@link declared} declares says so itself. */
  readonly ifExists?: boolean
}

/** One of the objects of a schema, as it is ordered. */
interface Item {
  readonly key: string
  /** What must be there before it. */
  readonly needs: readonly string[]
  /** What should be there before it, but for a circle. */
  readonly refersTo: readonly string[]
  /** What is created before all that does not need to wait: schemas and extensions. */
  readonly isFirst: boolean
  readonly definition: TableDefinition | undefined
  readonly create: (later: ReadonlySet<ConstraintNode>) => readonly Node[]
  readonly drop: () => readonly Node[]
}

/** Objects in the order in which they are created, and the foreign keys that come last. */
interface Order {
  readonly items: readonly Item[]
  readonly later: ReadonlyMap<Item, ReadonlySet<ConstraintNode>>
}

/**
 * Every statement that creates a schema, in the order in which its objects need each other: a metadata with its tables,
 * their indexes and comments, the enums and domains that their columns are of, its views, sequences and all else that it was given; or
 * tables and objects by themselves. Foreign keys of tables that refer to each other in a circle come last, as statements of
 * their own, where the dialect has such; SQLite takes a reference to a table that is created later. What is declared for
 * another database is left out.
 *
 * Throws a `BuildError` for objects that need each other in a circle.
 * @example
 * ```ts
 * const app = metadata()
 * app.table('tags', { name: text().primaryKey() })
 * for (const statement of createAll(app, db.dialect)) await db.run(statement)
 * for (const statement of createAll(app, db.dialect, { ifNotExists: true })) await db.run(statement) // does nothing
 * ```
 */
export function createAll(
  of: SchemaParts,
  dialect: SqlWriter,
  options: CreateAllOptions = {},
): DdlStatement[] {
  const ifNotExists = options.ifNotExists === true
  const { items, later } = orderOf(of, dialect, ifNotExists, false)
  const types = typesOf(items, dialect)
  const first = items.filter(({ isFirst }) => isFirst)
  const others = items.filter(({ isFirst }) => !isFirst)
  const guarded = (node: StatementNode): Node => (ifNotExists ? new UnlessThereNode(node) : node)
  const none = new Set<never>()
  return [
    ...first.flatMap((item) => item.create(none)),
    ...types.map(guarded),
    ...others.flatMap((item) => item.create(later.get(item) ?? none)),
    ...lateConstraints(later).flatMap(([definition, constraint]) => [
      guarded(new AddConstraintNode(definition.table, constraint)),
      ...(dialect.lacks.comments ? [] : commentsOfParts(definition, 'constraint', [constraint])),
    ]),
  ].map((node) => ddl(node as StatementNode))
}

/**
 * Every statement that drops a schema, what needs others before these; with all rows. Of tables that refer to each other in
 * a circle, the foreign keys are dropped first, where the dialect can; SQLite drops such tables only where no row refers to
 * another.
 * @example
 * ```ts
 * const app = metadata()
 * app.table('tags', { name: text().primaryKey() })
 * dropAll(app, db.dialect, { ifExists: true })[0]! // drop table if exists "tags"
 * ```
 */
export function dropAll(of: SchemaParts, dialect: SqlWriter, options: DropAllOptions = {}): DdlStatement[] {
  const ifExists = options.ifExists === true
  const { items, later } = orderOf(of, dialect, false, ifExists)
  const types = typesOf(items, dialect)
  const backwards = items.toReversed()
  return [
    ...lateConstraints(later).map(
      ([{ table }, constraint]) => new DropConstraintNode(table, constraint.name, ifExists),
    ),
    ...backwards.filter(({ isFirst }) => !isFirst).flatMap((item) => item.drop()),
    ...types.toReversed().map((node) => dropType(node, ifExists)),
    ...backwards.filter(({ isFirst }) => isFirst).flatMap((item) => item.drop()),
  ].map((node) => ddl(node as StatementNode))
}

/**
 * What {@link createAll} makes as one text: a script to read, to compare, or to run by hand. Each statement ends with a
 * semicolon and a line.
 * @example
 * ```ts
 * const app = metadata()
 * app.table('tags', { name: text().primaryKey() })
 * schemaToSQL(app, sqliteDialect) // create table "tags" ("name" text not null, constraint "tags_pkey" primary key ("name"));
 * ```
 */
export function schemaToSQL(of: SchemaParts, dialect: SqlWriter, options: CreateAllOptions = {}): string {
  return createAll(of, dialect, options)
    .map((statement) => `${statement.toSQL(dialect, { inline: true }).sql};\n`)
    .join('')
}

function orderOf(of: SchemaParts, dialect: SqlWriter, ifNotExists: boolean, ifExists: boolean): Order {
  const parts = Symbol.iterator in of ? [...of].flatMap(partsOf) : partsOf(of)
  const items = itemsOf(parts, dialect, ifNotExists, ifExists)
  const all = new Set(items.map(({ key }) => key))
  const created = new Set<string>()
  const ordered: Item[] = []
  const later = new Map<Item, ReadonlySet<ConstraintNode>>()
  const pending = new Set(items)
  const isMissing = (item: Item, key: string) => all.has(key) && !created.has(key) && key !== item.key
  const isFree = (item: Item, keys: readonly string[]) => !keys.some((key) => isMissing(item, key))
  while (pending.size > 0) {
    let next: Item | undefined
    // Most are in order as they were given, so the first that is free is among the first.
    for (const item of pending) {
      if (!isFree(item, item.needs)) continue
      next ??= item
      if (!isFree(item, item.refersTo)) continue
      next = item
      break
    }
    if (next === undefined) {
      throw new BuildError(
        'circular_dependency',
        `These need each other, so none can be created first: ${[...pending].map(({ key }) => key).join(', ')}.`,
      )
    }
    const { refersTo, key } = next
    const waiting = dialect.lacks.addConstraint
      ? []
      : refersTo.filter((one) => one !== key && isMissing(next as Item, one))
    const late = (next.definition?.constraints ?? []).filter(
      (constraint) =>
        constraint.kind === 'foreignKey' &&
        isMeantFor(dialect, constraint.onlyOn) &&
        waiting.includes(relationKey((constraint as ForeignKeyNode).target.quotedPath)),
    )
    if (late.length > 0) later.set(next, new Set(late))
    ordered.push(next)
    created.add(next.key)
    pending.delete(next)
  }
  return { items: ordered, later }
}

function partsOf(of: AnyObject | Metadata): readonly AnyObject[] {
  const { objects, tables } = of as Metadata
  return tables instanceof Map && Array.isArray(objects)
    ? [...objects, ...tables.values()]
    : [of as AnyObject]
}

/**
 * The constraints that a table gets when it is there: those that are not valid, since a new table has no rows that they could
 * pass over; a key that repeats another, which `create table` would leave out; and a key of columns that come from a table
 * above, which would get a second `not null`.
 */
function behindTable(
  { columns }: TableDefinition,
  constraints: readonly ConstraintNode[],
  dialect: SqlWriter,
): readonly ConstraintNode[] {
  if (dialect.lacks.addConstraint || dialect.lacks.validation) return []
  const inherited = new Set(
    columns.flatMap(({ name, details }) => (details?.postgres?.inherited === true ? [name] : [])),
  )
  const keys = new Set<string>()
  return constraints.filter((constraint) => {
    if (!isMeantFor(dialect, constraint.onlyOn)) return false
    if (constraint.kind !== 'primaryKey' && constraint.kind !== 'unique')
      return (constraint.details as CheckDetails | undefined)?.notValid === true
    const { columns: own, details: { comment: _, postgres: __, sqlite: ___, ...details } = {} } =
      constraint as UniqueNode
    const key = JSON.stringify([own, details])
    const isRepeated = keys.has(key)
    keys.add(key)
    return isRepeated || (constraint.kind === 'primaryKey' && own.some((name) => inherited.has(name)))
  })
}

function lateConstraints(later: Order['later']): (readonly [TableDefinition, ConstraintNode])[] {
  return [...later].flatMap(([{ definition }, constraints]) =>
    [...constraints].map((constraint) => [definition as TableDefinition, constraint] as const),
  )
}

function itemsOf(
  parts: Iterable<AnyObject>,
  dialect: SqlWriter,
  ifNotExists: boolean,
  ifExists: boolean,
): Item[] {
  const items: Item[] = []
  const seen = new Set<string>()
  for (const part of parts) {
    const key = keyOf(part)
    if (seen.has(key)) throw new BuildError('duplicate_object', `The ${key} is given twice.`)
    seen.add(key)
    const object = objectOf(part)
    if (object === undefined) {
      const definition = tableDefinition(part as AnyTable)
      if (isMeantFor(dialect, definition.onlyOn))
        items.push(tableItem(definition, dialect, ifNotExists, ifExists))
      continue
    }
    if (!isMeantFor(dialect, object.onlyOn) || object.isLeftOut?.(dialect) === true) continue
    items.push({
      key,
      needs: object.needs,
      refersTo: [],
      isFirst: /^(schema|extension) /.test(key),
      definition: undefined,
      create: () => object.create({ ifNotExists }),
      drop: () => object.drop({ ifExists }),
    })
  }
  return items
}

function tableItem(
  definition: TableDefinition,
  dialect: SqlWriter,
  ifNotExists: boolean,
  ifExists: boolean,
): Item {
  const { table, columns, constraints, indexes, strict, details } = definition
  const meant = ({ onlyOn }: { readonly onlyOn?: string | undefined }) => isMeantFor(dialect, onlyOn)
  const parents = [
    ...(details?.inherits ?? []),
    ...(details?.partitionOf ? [details.partitionOf.parent] : []),
  ]
  return {
    key: relationKey(table.quotedPath),
    needs: [
      ...(table.schema === undefined ? [] : [schemaKey(table.schema)]),
      ...parents.map(({ quotedPath }) => relationKey(quotedPath)),
      ...(definition.dependsOn ?? []).map(keyOf),
      ...columns.flatMap(({ defaultValue }) => (defaultValue === undefined ? [] : sequencesIn(defaultValue))),
    ],
    refersTo: constraints
      .filter((constraint) => constraint.kind === 'foreignKey' && meant(constraint))
      .map((constraint) => relationKey((constraint as ForeignKeyNode).target.quotedPath)),
    isFirst: false,
    definition,
    create: (later) => {
      const own = constraints.filter((constraint) => !later.has(constraint))
      const behind = behindTable(definition, own, dialect)
      const added = behind.map((constraint) => new AddConstraintNode(table, constraint))
      const now = own.filter((constraint) => !behind.includes(constraint))
      return [
        new CreateTableNode(table, columns, now, ifNotExists, strict, details),
        ...(ifNotExists ? added.map((node) => new UnlessThereNode(node)) : added),
        ...indexes.filter(meant).map((index) => new CreateIndexNode(index, ifNotExists)),
        ...(dialect.lacks.comments
          ? []
          : [
              ...commentsOf(definition),
              ...commentsOfParts(definition, 'constraint', own.filter(meant)),
              ...commentsOfParts(definition, 'index', indexes.filter(meant)),
            ]),
      ]
    },
    drop: () => [new DropTableNode(table, ifExists, false)],
  }
}

function sequencesIn(expression: Node): string[] {
  const keys: string[] = []
  walk(expression, (node) => {
    if (node.kind === 'sequenceValue') keys.push(sequenceKey((node as SequenceValueNode).quotedPath))
  })
  return keys
}

/** What creates the enums, domains and composite types that columns are of, each once and behind those that it is made of, where there are any. */
function typesOf(items: readonly Item[], dialect: SqlWriter): TypeNode[] {
  const nodes = new Map<string, TypeNode>()
  const add = (type: SqlType | undefined): void => {
    if (type === undefined) return
    add(type.element)
    add(type.base)
    for (const field of type.fields ?? []) add(field.type)
    const { create } = (type[OWN] ?? {}) as { readonly create?: () => CreateDomainNode }
    const { values, fields } = storedAs(type)
    if (nodes.has(type.name)) return
    if (create !== undefined) nodes.set(type.name, create())
    else if (values !== undefined) nodes.set(storedAs(type).name, new CreateEnumNode(storedAs(type)))
    else if (fields !== undefined) nodes.set(storedAs(type).name, new CreateCompositeNode(storedAs(type)))
  }
  if (dialect.lacks.textTypes === true) return []
  for (const { definition } of items) for (const { type } of definition?.columns ?? []) add(type)
  // Enums need nothing else.
  const all = [...nodes.values()]
  return [
    ...all.filter(({ kind }) => kind === 'createEnum'),
    ...all.filter(({ kind }) => kind !== 'createEnum'),
  ]
}

type TypeNode = CreateEnumNode | CreateDomainNode | CreateCompositeNode

function dropType(node: TypeNode, ifExists: boolean): StatementNode {
  if (node.kind === 'createComposite')
    return new DropCompositeNode((node as CreateCompositeNode).type, ifExists)
  return node.kind === 'createEnum'
    ? new DropEnumNode((node as CreateEnumNode).type, ifExists)
    : new DropDomainNode((node as CreateDomainNode).name, ifExists)
}

/** A statement that does nothing where its object is there already, for what has no `if not exists`. */
export class UnlessThereNode extends StatementNode {
  static readonly fields: Fields<UnlessThereNode> = { statement: 'child' }
  constructor(readonly statement: StatementNode) {
    super('unlessThere')
  }
  write(to: Writer): void {
    to.text('do $espalier$ begin ')
    to.visit(this.statement)
    to.text('; exception when duplicate_object or duplicate_table then null; end $espalier$')
  }
}
