import type { Catalog, CatalogDependency, CatalogReference, CatalogTable } from '@espalier/core'
import { MigrationError } from '../errors.js'

/** Which objects of a catalog are meant, see {@link selectObjects}. */
export interface ObjectSelection {
  /** Only those of these schemas. */
  readonly schemas?: readonly string[] | undefined
  /** Only those of these names, in which `*` stands for anything; `auth.users` names the schema, too. */
  readonly include?: readonly string[] | undefined
  /** Not those of these names. */
  readonly exclude?: readonly string[] | undefined
  /** Only these tables, and those that refer to them or that they refer to, over so many references as `distance` says. */
  readonly near?: readonly string[] | undefined
  /** 1, unless it is stated. */
  readonly distance?: number | undefined
}

interface Named {
  readonly schema: string
  readonly name: string
}

/**
 * A part of a catalog: tables, views, sequences and functions by their names, with what belongs to them, and of types and
 * extensions what these need.
 *
 * Throws a `MigrationError` for a name that is that of nothing.
 */
export function selectObjects(catalog: Catalog, selection: ObjectSelection): Catalog {
  const { schemas, include, exclude, near, distance = 1 } = selection
  if ([schemas, include, exclude, near].every((one) => one === undefined)) return catalog
  const all: readonly Named[] = [
    ...[...catalog.tables, ...catalog.views, ...catalog.materializedViews],
    ...[...catalog.sequences, ...catalog.functions],
  ]
  for (const pattern of [...(include ?? []), ...(near ?? [])]) requireMatch(pattern, all)
  requireSchemas(schemas ?? [], catalog)
  const around = near === undefined ? undefined : neighbours(catalog, near, distance)
  const isMeant = (one: Named) =>
    (schemas?.includes(one.schema) ?? true) &&
    (include?.some((pattern) => matches(pattern, one)) ?? true) &&
    exclude?.some((pattern) => matches(pattern, one)) !== true &&
    (around?.has(keyOf(one)) ?? true)
  const kept = new Set(all.filter(isMeant).map(keyOf))
  const ofKept = ({ schema, table }: { readonly schema: string; readonly table: string }) =>
    kept.has(keyOf({ schema, name: table }))
  const isAll = include === undefined && near === undefined
  const needed = isAll ? undefined : neededBy(catalog.dependencies, kept)
  const isType = (one: Named) =>
    needed === undefined ? (schemas?.includes(one.schema) ?? true) : needed.has(keyOf(one))
  const { postgres } = catalog
  return {
    ...catalog,
    schemas: catalog.schemas.filter(({ name }) => schemas?.includes(name) ?? isAll),
    tables: catalog.tables.filter(isMeant),
    views: catalog.views.filter(isMeant),
    materializedViews: catalog.materializedViews.filter(isMeant),
    sequences: catalog.sequences.filter(
      (one) => isMeant(one) || (one.ownedBy !== undefined && ofKept(one.ownedBy)),
    ),
    functions: catalog.functions.filter(isMeant),
    triggers: catalog.triggers.filter(ofKept),
    policies: catalog.policies.filter(ofKept),
    enums: catalog.enums.filter(isType),
    domains: catalog.domains.filter(isType),
    compositeTypes: catalog.compositeTypes.filter(isType),
    extensions: catalog.extensions.filter(({ name }) => needed?.has(name) ?? true),
    problems: catalog.problems.filter(({ object }) => isOfKept(object, kept)),
    ...(postgres !== undefined && {
      postgres: {
        ...postgres,
        ranges: postgres.ranges.filter(isType),
        collations: postgres.collations.filter(isType),
        rules: postgres.rules.filter(ofKept),
        eventTriggers: isAll && schemas === undefined ? postgres.eventTriggers : [],
        grants: postgres.grants.filter(({ object }) => isOfKept(object, kept)),
      },
    }),
  }
}

const keyOf = ({ schema, name }: { readonly schema?: string | undefined; readonly name: string }) =>
  schema === undefined ? name : `${schema}\0${name}`

function isOfKept({ schema, name, table }: CatalogReference, kept: ReadonlySet<string>): boolean {
  return kept.has(keyOf({ schema, name: table ?? name }))
}

/** Whether a pattern is that of an object: of its name, or of its schema and name. */
function matches(pattern: string, { schema, name }: Named): boolean {
  return isLike(pattern, name) || isLike(pattern, `${schema}.${name}`)
}

function isLike(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}

function requireMatch(pattern: string, all: readonly Named[]): void {
  if (all.some((one) => matches(pattern, one))) return
  throw new MigrationError(
    'unknown_object',
    `Nothing in the database is called "${pattern}". ${likeNames(
      pattern,
      all.map(({ name }) => name),
    )}`,
  )
}

function requireSchemas(schemas: readonly string[], catalog: Catalog): void {
  const known = new Set(catalog.schemas.map(({ name }) => name))
  for (const { schema } of catalog.tables) known.add(schema)
  for (const name of schemas) {
    if (known.has(name)) continue
    throw new MigrationError(
      'unknown_object',
      `The database has no schema "${name}". ${likeNames(name, [...known])}`,
    )
  }
}

/** The names that one may have meant, a few of them. */
function likeNames(wanted: string, names: readonly string[]): string {
  const plain = wanted.replaceAll('*', '').toLowerCase()
  const near = [...new Set(names)].filter(
    (name) => name.toLowerCase().includes(plain) || plain.includes(name),
  )
  const shown = (near.length > 0 ? near : [...new Set(names)]).slice(0, 8)
  return shown.length === 0 ? 'It is empty.' : `There is ${shown.join(', ')}.`
}

/** What objects need, and what that needs, by their keys. */
function neededBy(dependencies: readonly CatalogDependency[], kept: ReadonlySet<string>): Set<string> {
  const needed = new Set(kept)
  for (let size = 0; size < needed.size; ) {
    size = needed.size
    for (const { object, needs } of dependencies) {
      if (needed.has(keyOf({ ...object, name: object.table ?? object.name }))) needed.add(keyOf(needs))
    }
  }
  return needed
}

/** The tables of these names, and those around them, by their keys. */
function neighbours(catalog: Catalog, names: readonly string[], distance: number): Set<string> {
  const near = new Set(
    [...catalog.tables, ...catalog.views, ...catalog.materializedViews]
      .filter((one) => names.some((pattern) => matches(pattern, one)))
      .map(keyOf),
  )
  const links = catalog.tables.flatMap((table) => linksOf(table))
  for (const { object, needs } of catalog.dependencies) links.push([keyOf(object), keyOf(needs)])
  for (let step = 0; step < distance; step++) {
    const before = new Set(near)
    for (const [one, other] of links) {
      if (before.has(one)) near.add(other)
      if (before.has(other)) near.add(one)
    }
  }
  return near
}

function linksOf(table: CatalogTable): [string, string][] {
  return table.foreignKeys.map(({ target }) => [
    keyOf(table),
    keyOf({ schema: target.schema, name: target.table }),
  ])
}
