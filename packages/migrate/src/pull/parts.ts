import {
  type AnyObject,
  type AnyTable,
  type Catalog,
  type CatalogProblem,
  columnOptions,
  type ForeignKeyNode,
  type Metadata,
  type SqlType,
  sourceInfo,
  type TableDefinition,
  type TableNode,
  tableDefinition,
} from '@espalier/core'
import type { Inspector } from '../catalog/inspector.js'
import { declaredSource, definitionOf, describe, keyOf, relationKey } from './definition.js'
import type { SchemaReader } from './readers.js'
import { databaseTypeOf, type NamedType, namedType } from './types.js'

/** A table or another object of a schema, as it is to be declared. */
export interface Part {
  /** What it is called among all: the key of the object, or `relation "name"`. */
  readonly key: string
  readonly schema: string
  readonly kind: string
  readonly name: string
  /** A table or a partition; undefined for all else. */
  readonly definition: TableDefinition | undefined
  readonly object: AnyObject
  /** The names of its columns, where statements can use it. */
  readonly columns: readonly string[]
  /** What must be declared before it. */
  readonly needs: readonly string[]
  /** What should be declared before it, but for a circle. */
  readonly refersTo: readonly string[]
}

/** The schemas of a catalog of which anything is to be written, the default one first. */
export function schemasOf(catalog: Catalog, { defaultSchema }: SchemaReader): string[] {
  const found = new Set<string>()
  const lists = [
    ...[catalog.tables, catalog.views, catalog.materializedViews, catalog.sequences, catalog.enums],
    ...[catalog.domains, catalog.compositeTypes, catalog.functions, catalog.triggers],
    ...[catalog.postgres?.ranges ?? [], catalog.postgres?.collations ?? [], catalog.postgres?.rules ?? []],
  ]
  for (const list of lists)
    for (const { schema } of list as readonly { readonly schema: string }[]) found.add(schema)
  for (const { name } of catalog.schemas) found.add(name)
  found.delete(defaultSchema)
  return [defaultSchema, ...[...found].sort()]
}

/** The parts of a schema, in the order in which the catalog has them. */
export function partsOf(defaultSchema: string, { tables, objects }: Metadata): Part[] {
  const all: readonly AnyObject[] = [...objects, ...(tables.values() as Iterable<AnyObject>)]
  return all.map((object) => {
    const known = definitionOf(object)
    if (known !== undefined) {
      const { kind, name, schema = defaultSchema } = describe(object)
      const columns = Object.entries(declaredSource(object)?.columns ?? {})
      return {
        key: known.key,
        schema,
        kind,
        name,
        definition: undefined,
        object,
        columns: columns.map(([key, builder]) => columnOptions(builder)?.name ?? key),
        needs: known.needs.filter(isNoneOfTheFirst),
        refersTo: [],
      }
    }
    const definition = tableDefinition(object as AnyTable)
    const { details, constraints, columns, dependsOn = [] } = definition
    const above = [
      ...(details?.inherits ?? []),
      ...(details?.partitionOf ? [details.partitionOf.parent] : []),
    ]
    const node = sourceInfo(object)?.node as TableNode
    return {
      key: relationKey(node.quotedPath),
      schema: node.schema ?? defaultSchema,
      kind: 'table',
      name: node.name,
      definition,
      object,
      columns: columns.map(({ name }) => name),
      needs: [
        ...above.map(({ quotedPath }) => relationKey(quotedPath)),
        ...dependsOn.map(keyOf).filter(isNoneOfTheFirst),
      ],
      refersTo: constraints
        .filter(({ kind }) => kind === 'foreignKey')
        .map((one) => relationKey((one as ForeignKeyNode).target.quotedPath)),
    }
  })
}

/** Schemas and extensions are created before all others, so nothing needs to say that it needs them. */
const isNoneOfTheFirst = (key: string) => !/^(schema|extension) /.test(key)

/** Parts in an order in which each stands behind what it needs and, but for circles, what it refers to. */
export function ordered(parts: readonly Part[]): Part[] {
  const all = new Set(parts.map(({ key }) => key))
  const done = new Set<string>()
  const result: Part[] = []
  // Tables first, but for what is created for them; the rest as it was.
  let pending = parts.toSorted((a, b) => rank(a) - rank(b))
  const isDone = (part: Part, keys: readonly string[]) =>
    keys.every((key) => key === part.key || done.has(key) || !all.has(key))
  while (pending.length > 0) {
    const before = result.length
    const rest: Part[] = []
    for (const part of pending) {
      if (isDone(part, part.needs) && isDone(part, part.refersTo)) {
        result.push(part)
        done.add(part.key)
      } else rest.push(part)
    }
    pending = rest
    if (result.length > before || pending.length === 0) continue
    // A circle of references: the first that could be, of those that others wait for the most, or the first of all.
    const next = pending.find((part) => isDone(part, part.needs)) ?? (pending[0] as Part)
    result.push(next)
    done.add(next.key)
    pending = pending.filter((part) => part !== next)
  }
  return result
}

const rank = ({ kind }: Part) => (/^(schema|extension|sequence)$/.test(kind) ? 0 : kind === 'table' ? 1 : 2)

/** The types that have to be declared for columns of parts, each behind those that it is made of. */
export function namedTypesOf(parts: readonly Part[]): NamedType[] {
  const found = new Map<string, NamedType>()
  const add = (type: SqlType | undefined): void => {
    if (type === undefined) return
    add(type.element)
    add(type.base)
    for (const field of type.fields ?? []) add(field.type)
    const own = databaseTypeOf(type)
    if (own !== undefined && own.values !== 'as is') add(own.values)
    const named = namedType(type)
    if (named !== undefined && !found.has(named.key)) found.set(named.key, named)
  }
  for (const { definition, object } of parts) {
    for (const { type } of definition?.columns ?? []) add(type)
    for (const builder of Object.values(declaredSource(object)?.columns ?? {})) add(builder.sqlType)
  }
  return [...found.values()]
}

/** What could not be read, and what the metadatas of a catalog do not say, each once. */
export function problemsOf(
  catalog: Catalog,
  made: readonly ReturnType<Inspector['metadataOf']>[],
): CatalogProblem[] {
  const all = [...catalog.problems, ...made.flatMap(({ problems }) => problems)]
  return [...new Map(all.map((one) => [JSON.stringify([one.object, one.message]), one])).values()]
}
