import {
  type Catalog,
  type CatalogDependency,
  type CatalogReference,
  type CatalogTable,
  type CatalogView,
  type Executor,
  type InspectOptions,
  integer,
  sql,
  text,
} from '@espalier/core'
import {
  type ColumnRow,
  catalogColumn,
  type NotNull,
  readColumns,
  readIdentities,
  sequenceOptions,
} from './columns.js'
import { type ConstraintRow, catalogCheck, catalogForeignKey, readConstraints } from './constraints.js'
import {
  catalogConstraintKey,
  catalogExclude,
  catalogIndex,
  type IndexRow,
  readIndexes,
  readIndexKeys,
} from './indexes.js'
import {
  type Known,
  readDependencies,
  readExtensions,
  readGrants,
  readOthers,
  readSchemas,
  readSequences,
} from './objects.js'
import { CatalogReader, Refused } from './reader.js'
import {
  kindOf,
  notPopulated,
  type Relation,
  readParents,
  readPartitionKeys,
  readRelations,
  rowEstimateOf,
  tableExtras,
} from './relations.js'
import {
  catalogFunction,
  catalogPolicy,
  catalogTrigger,
  enabledOf,
  readEventTriggers,
  readFunctions,
  readPolicies,
  readRules,
  readTriggers,
  signature,
} from './routines.js'
import { catalogType } from './type-text.js'
import { catalogDomain, catalogRange, readCollations, readDomains, readEnums, readRanges } from './types.js'
import { flag, grouped, inOrder, inTextOrder, optionsOf, stated, statedOrNone } from './values.js'

/**
 * What a PostgreSQL database says of its schema, as plain data: tables with their columns, constraints and indexes, views,
 * sequences, types, functions, triggers, policies, and what each needs of the others. Takes a database, which is read in a
 * transaction of its own, so that all of it is of one moment, or a transaction. It asks the same number of statements
 * however many objects there are. Expressions are told with the schemas of all that they name but PostgreSQL's own.
 *
 * What belongs to PostgreSQL itself and to extensions is left out. What cannot be read wholly is told in `problems`, and
 * what is refused to who asks as well. Takes versions from 12 on; what a version has not is not asked for.
 * @example
 * ```ts no-run
 * import { inspect } from '@espalier/dialects/postgres/inspect'
 *
 * const catalog = await inspect(db, { include: { schemas: ['public'] } })
 * catalog.tables.map(({ name, columns }) => `${name}: ${columns.length}`) // ['orgs: 2', …]
 * ```
 */
export async function inspect(db: Executor, options: InspectOptions = {}): Promise<Catalog> {
  try {
    return await inspectOnce(db, options, false)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return inspectOnce(db, options, true)
  }
}

/**
 * In a savepoint all is of the moments that the transaction around it sees; it cannot have an isolation of its own. What
 * stands in no path is written with its schema, so the path is PostgreSQL's own while it is read.
 */
function inspectOnce(db: Executor, options: InspectOptions, isCareful: boolean): Promise<Catalog> {
  const isTransaction = 'afterCommit' in db
  return db.transaction(
    async (tx) => {
      const { before, number, version } = await tx.one(
        sql.query({
          before: text().notNull(),
          number: integer().notNull(),
          version: text().notNull(),
        })`select current_setting('search_path'), current_setting('server_version_num')::int, current_setting('server_version')`,
      )
      await tx.all(searchPath('pg_catalog, pg_temp'))
      const reader = new CatalogReader(tx, Math.floor(number / 10_000), options, isCareful)
      const catalog = await readCatalog(reader, version.split(' ')[0] as string)
      if (isTransaction) await tx.all(searchPath(before))
      return catalog
    },
    isTransaction ? {} : { isolation: 'repeatable read', readOnly: true },
  )
}

/** https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET */
function searchPath(path: string) {
  return sql.query({ path: text() })`select set_config('search_path', ${path}, true)`
}

async function readCatalog(reader: CatalogReader, version: string): Promise<Catalog> {
  const [
    relations,
    schemas,
    extensions,
    enums,
    domains,
    ranges,
    collations,
    functions,
    triggers,
    policies,
    rules,
    eventTriggers,
    others,
  ] = await Promise.all([
    readRelations(reader),
    readSchemas(reader),
    readExtensions(reader),
    readEnums(reader),
    readDomains(reader),
    readRanges(reader),
    readCollations(reader),
    readFunctions(reader),
    readTriggers(reader),
    readPolicies(reader),
    readRules(reader),
    readEventTriggers(reader),
    readOthers(reader),
  ])
  const ofKinds = (...kinds: readonly string[]) =>
    relations.filter((relation) => kinds.includes(kindOf(relation)))
  const tables = ofKinds('table')
  const views = ofKinds('view')
  const materializedViews = ofKinds('materialized view')
  const indexed = reader.filter.has('index') ? [...tables, ...materializedViews] : tables
  const known: Known = new Map<string, readonly { readonly id: number }[]>([
    ['pg_class', relations],
    ['pg_namespace', schemas],
    ['pg_proc', functions],
    ['pg_type', [...enums, ...domains, ...ranges]],
  ])
  const [
    columns,
    identities,
    constraints,
    indexes,
    indexKeys,
    parents,
    partitionKeys,
    sequences,
    grants,
    dependencies,
  ] = await Promise.all([
    readColumns(reader, relations),
    readIdentities(reader, tables),
    readConstraints(reader, tables, domains),
    readIndexes(reader, indexed),
    readIndexKeys(reader, indexed),
    readParents(reader, tables),
    readPartitionKeys(reader, tables),
    readSequences(reader, ofKinds('sequence')),
    readGrants(reader, known),
    readDependencies(reader),
  ])

  const columnRowsOf = grouped(columns, ({ table }) => table)
  const constraintsOf = grouped(constraints, ({ table }) => table)
  const constraintsOfDomain = grouped(constraints, ({ domain }) => domain)
  const indexesOf = grouped(indexes, ({ table }) => table)
  const keysOf = grouped(indexKeys, ({ index }) => index)
  const indexById = new Map(indexes.map((index) => [index.id, index]))
  const sequenceOf = new Map(identities.map((row) => [`${row.table}.${row.number}`, sequenceOptions(row)]))
  const sequenceById = new Map(sequences.map((row) => [row.id, row]))
  const extrasOf = tableExtras(parents, partitionKeys)

  const columnsOf = ({ id }: Relation, own: readonly ConstraintRow[] = []) => {
    const notNulls = new Map(
      own.filter(({ letter }) => letter === 'n').map((row) => [row.columns?.[0], notNullOf(row)]),
    )
    return columnRowsOf(id).map((row) =>
      catalogColumn(row, sequenceOf.get(`${id}.${row.number}`), notNulls.get(row.number)),
    )
  }

  const table = (relation: Relation): CatalogTable => {
    const own = constraintsOf(relation.id)
    const names = columnNames(columnRowsOf(relation.id))
    const ofLetter = (letter: string) => own.filter((row) => row.letter === letter)
    const keyOf = (row: ConstraintRow) =>
      catalogConstraintKey(row, names, indexById.get(row.index), keysOf(row.index))
    const ofConstraints = new Set(
      own.filter(({ letter }) => 'pux'.includes(letter)).map(({ index }) => index),
    )
    const [primaryKey] = ofLetter('p').map(keyOf)
    for (const row of own) {
      if ('pufcnx'.includes(row.letter)) continue
      reader.problem(referenceOf(relation), `Its constraint "${row.name}" is of no known kind.`)
    }
    return stated<CatalogTable>({
      schema: relation.schema,
      name: relation.name,
      columns: columnsOf(relation, own),
      primaryKey,
      uniques: ofLetter('u').map(keyOf),
      foreignKeys: ofLetter('f').map((row) => catalogForeignKey(row, names)),
      checks: ofLetter('c').map(catalogCheck),
      excludes: ofLetter('x').map((row) => catalogExclude(row, indexById.get(row.index), keysOf(row.index))),
      indexes: ownIndexes(indexesOf(relation.id).filter(({ id }) => !ofConstraints.has(id))),
      comment: relation.comment ?? undefined,
      rowEstimate: rowEstimateOf(relation, reader.version),
      bytes: relation.bytes ?? undefined,
      postgres: extrasOf(relation),
    })
  }
  const ownIndexes = (rows: readonly IndexRow[]) => {
    if (!reader.filter.has('index')) return []
    return inOrder(rows.map((row) => catalogIndex(row, keysOf(row.id))))
  }

  const view = (relation: Relation): CatalogView => {
    const isMaterialized = kindOf(relation) === 'materialized view'
    const { check_option: checkOption, ...options } = optionsOf(relation.options) ?? {}
    return stated<CatalogView>({
      schema: relation.schema,
      name: relation.name,
      columns: columnsOf(relation),
      query: reader.definition(relation.query, referenceOf(relation), 'query').trim().replace(/;$/, ''),
      comment: relation.comment ?? undefined,
      indexes: isMaterialized ? ownIndexes(indexesOf(relation.id)) : undefined,
      rowEstimate: isMaterialized ? rowEstimateOf(relation, reader.version) : undefined,
      bytes: relation.bytes ?? undefined,
      postgres: statedOrNone({
        owner: relation.owner,
        options: statedOrNone(options),
        checkOption: checkOption as 'local' | 'cascaded' | undefined,
        notPopulated: notPopulated(relation),
        tablespace: relation.tablespace ?? undefined,
        method: relation.method === 'heap' ? undefined : (relation.method ?? undefined),
      }),
    })
  }

  for (const relation of ofKinds('other')) {
    reader.problem(
      referenceOf(relation),
      `A relation of no known kind, '${relation.letter}', which is not in the catalog.`,
    )
  }
  for (const { type, schema, name, identity } of others) {
    reader.problem(
      stated({ kind: 'other', schema: schema ?? undefined, name: name ?? identity }),
      `The ${type} ${identity} is of a kind that a catalog does not hold.`,
    )
  }

  const references: References = new Map()
  const add = (
    catalog: string,
    rows: readonly { readonly id: number }[],
    make: (row: never) => CatalogReference,
  ) => {
    for (const row of rows) references.set(`${catalog} ${row.id}`, make(row as never))
  }
  const named = (kind: CatalogReference['kind']) => (row: Omit<CatalogReference, 'kind'>) =>
    stated<CatalogReference>({ kind, schema: row.schema, name: row.name, table: row.table })
  add('pg_class', relations, referenceOf)
  add('pg_namespace', schemas, named('schema'))
  add('pg_extension', extensions, named('extension'))
  add('pg_type', enums, named('enum'))
  add('pg_type', domains, named('domain'))
  add('pg_type', ranges, named('range'))
  add('pg_collation', collations, named('collation'))
  add('pg_proc', functions, (row: (typeof functions)[number]) => ({
    kind: 'function',
    schema: row.schema,
    name: signature(row),
  }))
  add('pg_trigger', triggers, named('trigger'))
  add('pg_policy', policies, named('policy'))
  add('pg_rewrite', rules, named('rule'))
  add('pg_event_trigger', eventTriggers, named('event trigger'))

  return {
    dialect: 'PostgreSQL',
    version,
    schemas: inOrder(
      schemas.map(({ name, owner, comment }) =>
        stated({ name, comment: comment ?? undefined, postgres: { owner } }),
      ),
    ),
    tables: inOrder(tables.map(table)),
    views: inOrder(views.map(view)),
    materializedViews: inOrder(materializedViews.map(view)),
    sequences: inOrder(
      ofKinds('sequence').map((relation) => {
        const row = sequenceById.get(relation.id)
        if (row === undefined) reader.problem(referenceOf(relation), 'What it gives was not read.')
        const { ownerSchema: schema, ownerTable: table, ownerColumn: column } = row ?? {}
        return stated({
          schema: relation.schema,
          name: relation.name,
          type: row?.type ?? '',
          ...(row && sequenceOptions(row)),
          ownedBy: schema && table && column ? { schema, table, column } : undefined,
          unlogged: flag(relation.persistence === 'u'),
          comment: relation.comment ?? undefined,
        })
      }),
    ),
    enums: inOrder(enums.map(({ id, comment, ...row }) => stated({ ...row, comment: comment ?? undefined }))),
    domains: inOrder(
      domains.map((row) => {
        const own = constraintsOfDomain(row.id)
        const notNull = own.find(({ letter }) => letter === 'n')
        return catalogDomain(row, notNull?.name, own.filter(({ letter }) => letter === 'c').map(catalogCheck))
      }),
    ),
    compositeTypes: inOrder(
      ofKinds('composite type').map((relation) =>
        stated({
          schema: relation.schema,
          name: relation.name,
          columns: columnRowsOf(relation.id).map((row) =>
            stated({
              name: row.name,
              type: catalogType(row),
              collation: row.collation ?? undefined,
              comment: row.comment ?? undefined,
            }),
          ),
          comment: relation.comment ?? undefined,
        }),
      ),
    ),
    functions: inOrder(functions.map((row) => catalogFunction(row, reader))),
    triggers: inOrder(triggers.map((row) => catalogTrigger(row, reader))),
    policies: inOrder(policies.map(catalogPolicy)),
    extensions: inOrder(
      extensions.map(({ id, comment, ...row }) => stated({ ...row, comment: comment ?? undefined })),
    ),
    dependencies: dependenciesOf(dependencies, references),
    problems: reader.problems,
    postgres: {
      ranges: inOrder(ranges.map(catalogRange)),
      rules: inOrder(
        rules.map(({ id, comment, definition, enabled, ...row }) =>
          stated({
            ...row,
            definition: reader.definition(definition, {
              kind: 'rule',
              schema: row.schema,
              table: row.table,
              name: row.name,
            }),
            enabled: enabledOf(enabled),
            comment: comment ?? undefined,
          }),
        ),
      ),
      eventTriggers: inOrder(
        eventTriggers.map((row) =>
          stated({
            name: row.name,
            event: row.event,
            function: { schema: row.functionSchema, name: row.functionName },
            enabled: enabledOf(row.enabled),
            tags: row.tags ?? undefined,
            comment: row.comment ?? undefined,
          }),
        ),
      ),
      collations: inOrder(
        collations.map(({ id, comment, locale, ...row }) =>
          stated({ ...row, locale: locale ?? undefined, comment: comment ?? undefined }),
        ),
      ),
      grants: inTextOrder(
        grants.flatMap(({ catalog, id, column, grantable, ...row }) => {
          const object = references.get(`${catalog} ${id}`)
          if (object === undefined) return []
          return [stated({ object, column: column ?? undefined, ...row, grantable: flag(grantable) })]
        }),
      ),
    },
  }
}

/** Objects by the names of their catalogs and their numbers there. */
type References = Map<string, CatalogReference>

function referenceOf(relation: Relation): CatalogReference {
  return { kind: kindOf(relation), schema: relation.schema, name: relation.name }
}

function notNullOf(row: ConstraintRow): NotNull {
  return {
    name: row.name,
    notValid: flag(!row.isValid),
    noInherit: flag(row.noInherit),
    comment: row.comment ?? undefined,
  }
}

function columnNames(rows: readonly ColumnRow[]): (number: number) => string {
  const names = new Map(rows.map(({ number, name }) => [number, name]))
  return (number) => names.get(number) ?? ''
}

/** Dependencies between objects that are in the catalog, but those of a part on the table whose name it has anyway. */
function dependenciesOf(
  rows: Awaited<ReturnType<typeof readDependencies>>,
  references: References,
): readonly CatalogDependency[] {
  const found: CatalogDependency[] = []
  for (const row of rows) {
    const object = references.get(`${row.catalog} ${row.id}`)
    const needs = references.get(`${row.neededCatalog} ${row.neededId}`)
    if (object === undefined || needs === undefined) continue
    if (object.table !== undefined && object.table === needs.name && object.schema === needs.schema) continue
    found.push({ object, needs })
  }
  return inTextOrder(found)
}
