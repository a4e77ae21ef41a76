import {
  type Catalog,
  type CatalogCheck,
  type CatalogColumn,
  type CatalogFunction,
  type CatalogIndex,
  type CatalogIndexKey,
  type CatalogKind,
  type CatalogPolicy,
  type CatalogReference,
  type CatalogTable,
  type CatalogTrigger,
  type CatalogView,
  type PostgresCatalog,
  quoteIdentifier,
  TEXT,
} from '@espalier/core'
import { postgresTypes } from '../types.js'
import { signature } from './routines.js'
import { pathOf } from './source-text.js'
import { stated } from './values.js'

/**
 * An object of a catalog, or what is to be said of one when it is there, as the statements that make it: what `declared(…)`
 * takes.
 */
export interface CatalogSource {
  readonly kind: string
  /** A trigger, a policy and a rule are named with their table, `touch on people`; a function with its arguments. */
  readonly name: string
  readonly schema?: string | undefined
  readonly create: readonly string[]
  /** Nothing where it goes with what it belongs to. */
  readonly drop: readonly string[]
  /** What must be there before it. */
  readonly needs: readonly CatalogReference[]
  /** The object of the catalog that it makes; none where it says more of another, which is among its needs. */
  readonly makes?: CatalogReference | undefined
}

/**
 * What of a catalog of PostgreSQL is no table with its constraints and indexes, and no extension or schema: each object by
 * the statements that make it, behind which it is as it was. So are what no declaration of a table says: comments on
 * constraints and indexes, owners of sequences, row security, grants, what is done with an index, statistics.
 *
 * Names of `public` stand without their schema. What cannot be made in this way is told to `problem`.
 * @example
 * ```ts no-run
 * import { inspect, sourcesOf } from '@espalier/dialects/postgres/inspect'
 *
 * sourcesOf(await inspect(db)).map(({ kind, name }) => `${kind} ${name}`) // ['enum mood', 'function area(integer)', …]
 * ```
 */
export function sourcesOf(
  catalog: Catalog,
  problem: (object: CatalogReference, message: string) => void = () => undefined,
): CatalogSource[] {
  const maker = new SourceMaker(catalog, problem)
  return [
    ...catalog.enums.map((one) => maker.enum(one)),
    ...catalog.domains.map((one) => maker.domain(one)),
    ...catalog.compositeTypes.map((one) => maker.composite(one)),
    ...(catalog.postgres?.ranges ?? []).flatMap((one) => maker.range(one)),
    ...(catalog.postgres?.collations ?? []).map((one) => maker.collation(one)),
    ...catalog.sequences.flatMap((one) => maker.sequence(one)),
    ...catalog.functions.map((one) => maker.function(one)),
    ...catalog.tables.flatMap((one) => maker.table(one)),
    ...catalog.views.map((one) => maker.view(one)),
    ...catalog.materializedViews.map((one) => maker.materializedView(one)),
    ...(catalog.postgres?.rules ?? []).map((one) => maker.rule(one)),
    ...catalog.triggers.map((one) => maker.trigger(one)),
    ...catalog.policies.map((one) => maker.policy(one)),
    ...catalog.schemas.flatMap((one) => maker.schema(one)),
    ...maker.grants(),
    ...(catalog.postgres?.eventTriggers ?? []).map((one) => maker.eventTrigger(one)),
  ]
}

/** A name behind that of its schema, unless this is `public`. */
function pathIn(schema: string | undefined, name: string): string {
  return (schema === undefined || schema === 'public' ? [name] : [schema, name])
    .map(quoteIdentifier)
    .join('.')
}

/** A text as a constant. */
function literal(text: string): string {
  return postgresTypes.text?.literal(text, TEXT) as string
}

/** One text for each object. */
export function referenceKey({ kind, schema = '', table = '', name }: CatalogReference): string {
  return JSON.stringify([kind, schema, table, name])
}

/** A name that a catalog has as one text, quoted. */
function quotedPath(text: string): string {
  return [pathOf(text)].flat().map(quoteIdentifier).join('.')
}

/** Options in parentheses. */
function optionsText(options: Readonly<Record<string, string>>): string {
  const all = Object.entries(options)
  return `(${all.map(([name, value]) => `${name.split('.').map(quoteIdentifier).join('.')} = ${literal(value)}`).join(', ')})`
}

function comment(what: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`comment on ${what} is ${literal(text)}`]
}

/** What an index is over, as `create index` has it. */
function keyText({ column, expression, ...key }: CatalogIndexKey): string {
  const { collation, operatorClass, operatorClassOptions, order, nulls } = key
  return [
    column === undefined ? `(${expression})` : quoteIdentifier(column),
    ...(collation === undefined ? [] : [`collate ${quotedPath(collation)}`]),
    ...(operatorClass === undefined ? [] : [quotedPath(operatorClass)]),
    ...(operatorClassOptions === undefined ? [] : [optionsText(operatorClassOptions)]),
    ...(order === undefined ? [] : [order]),
    ...(nulls === undefined ? [] : [`nulls ${nulls}`]),
  ].join(' ')
}

/** The statements that make an index of a relation. */
function indexStatements(path: string, schema: string, index: CatalogIndex): string[] {
  const { name, unique, method, keys, include, where, options, postgres = {} } = index
  const { nullsNotDistinct, tablespace, clustered } = postgres
  const parts = [
    `create ${unique ? 'unique ' : ''}index ${quoteIdentifier(name)} on ${path} using ${quoteIdentifier(method)}`,
    `(${keys.map(keyText).join(', ')})`,
    ...(include === undefined ? [] : [`include (${include.map(quoteIdentifier).join(', ')})`]),
    ...(nullsNotDistinct ? ['nulls not distinct'] : []),
    ...(options === undefined ? [] : [`with ${optionsText(options)}`]),
    ...(tablespace === undefined ? [] : [`tablespace ${quoteIdentifier(tablespace)}`]),
    ...(where === undefined ? [] : [`where ${where}`]),
  ]
  return [
    parts.join(' '),
    ...comment(`index ${pathIn(schema, name)}`, index.comment),
    ...(clustered ? [`alter materialized view ${path} cluster on ${quoteIdentifier(name)}`] : []),
  ]
}

const STATES = { disabled: 'disable', replica: 'enable replica', always: 'enable always' } as const

/** What PUBLIC may do with an object that nobody gave rights on. */
const PUBLIC: Readonly<Partial<Record<CatalogKind, string>>> = {
  function: 'execute',
  enum: 'usage',
  domain: 'usage',
  range: 'usage',
  'composite type': 'usage',
}

const OF_TABLES = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']

/** What the owner of an object may do with it by himself. */
const OF_OWNERS: Readonly<Partial<Record<CatalogKind, readonly string[]>>> = {
  table: OF_TABLES,
  view: OF_TABLES,
  'materialized view': OF_TABLES,
  schema: ['usage', 'create'],
}

/** What may come from a table above. */
interface Inheritable {
  readonly postgres?: { readonly inherited?: boolean | undefined } | undefined
}

type Of<K extends keyof PostgresCatalog> = PostgresCatalog[K][number]

class SourceMaker {
  private readonly needs = new Map<string, CatalogReference[]>()
  private readonly relations = new Map<string, CatalogReference>()
  private readonly tables: ReadonlyMap<string, CatalogTable>
  private readonly version: number

  constructor(
    private readonly catalog: Catalog,
    private readonly problem: (object: CatalogReference, message: string) => void,
  ) {
    this.tables = new Map(catalog.tables.map((one) => [JSON.stringify([one.schema, one.name]), one]))
    this.version = Number.parseInt(catalog.version, 10)
    for (const { object, needs } of catalog.dependencies) {
      const key = referenceKey(object)
      const known = this.needs.get(key)
      if (known === undefined) this.needs.set(key, [needs])
      else known.push(needs)
    }
    const add = (kind: CatalogKind, relations: readonly { schema: string; name: string }[]) => {
      for (const { schema, name } of relations)
        this.relations.set(JSON.stringify([schema, name]), { kind, schema, name })
    }
    add('table', catalog.tables)
    add('view', catalog.views)
    add('materialized view', catalog.materializedViews)
  }

  /** The table or view that something belongs to. */
  private relation(schema: string, name: string): CatalogReference {
    return this.relations.get(JSON.stringify([schema, name])) ?? { kind: 'table', schema, name }
  }

  private parentOf({ postgres }: CatalogTable): CatalogTable | undefined {
    const above = postgres?.partitionOf
    return above && this.tables.get(JSON.stringify([above.schema, above.table]))
  }

  private made(
    object: CatalogReference,
    create: readonly string[],
    drop: readonly string[],
    needs: readonly CatalogReference[] = [],
  ): CatalogSource {
    const { kind, schema, table, name } = object
    return stated<CatalogSource>({
      kind,
      name: table === undefined ? name : `${name} on ${table}`,
      schema: schema === 'public' ? undefined : schema,
      create,
      drop,
      needs: [...inSchema(schema), ...needs, ...(this.needs.get(referenceKey(object)) ?? [])],
      makes: object,
    })
  }

  /** What is to be said of an object that is there. */
  private said(
    kind: string,
    object: CatalogReference,
    create: readonly string[],
    name = object.name,
  ): CatalogSource[] {
    if (create.length === 0) return []
    const schema = object.schema === 'public' ? undefined : object.schema
    return [stated<CatalogSource>({ kind, name, schema, create, drop: [], needs: [object] })]
  }

  enum({ schema, name, values, comment: text }: Catalog['enums'][number]): CatalogSource {
    const path = pathIn(schema, name)
    return this.made(
      { kind: 'enum', schema, name },
      [`create type ${path} as enum (${values.map(literal).join(', ')})`, ...comment(`type ${path}`, text)],
      [`drop type ${path}`],
    )
  }

  domain(one: Catalog['domains'][number]): CatalogSource {
    const { schema, name, type, nullable, notNullName, collation, checks } = one
    const path = pathIn(schema, name)
    // PostgreSQL 12 may leave a check of a domain without a name.
    const named = (own: string | undefined) => (own ? `constraint ${quoteIdentifier(own)} ` : '')
    const checkText = ({ name: own, expression }: CatalogCheck) => `${named(own)}check (${expression})`
    const isLater = ({ postgres }: CatalogCheck) => postgres?.notValid === true
    const parts = [
      `create domain ${path} as ${type.text}`,
      ...(collation === undefined ? [] : [`collate ${quotedPath(collation)}`]),
      ...(one.default === undefined ? [] : [`default ${one.default}`]),
      ...(nullable ? [] : [`${named(notNullName)}not null`]),
      ...checks.filter((own) => !isLater(own)).map(checkText),
    ]
    return this.made(
      { kind: 'domain', schema, name },
      [
        parts.join(' '),
        ...checks.filter(isLater).map((own) => `alter domain ${path} add ${checkText(own)} not valid`),
        ...comment(`domain ${path}`, one.comment),
        ...checks.flatMap(({ name: own, comment: text }) =>
          own ? comment(`constraint ${quoteIdentifier(own)} on domain ${path}`, text) : [],
        ),
      ],
      [`drop domain ${path}`],
    )
  }

  composite({ schema, name, columns, comment: text }: Catalog['compositeTypes'][number]): CatalogSource {
    const path = pathIn(schema, name)
    const fields = columns.map(
      ({ name: own, type, collation }) =>
        `${quoteIdentifier(own)} ${type.text}${collation === undefined ? '' : ` collate ${quotedPath(collation)}`}`,
    )
    return this.made(
      { kind: 'composite type', schema, name },
      [
        `create type ${path} as (${fields.join(', ')})`,
        ...comment(`type ${path}`, text),
        ...columns.flatMap((one) => comment(`column ${path}.${quoteIdentifier(one.name)}`, one.comment)),
      ],
      [`drop type ${path}`],
    )
  }

  range(one: Of<'ranges'>): CatalogSource[] {
    const { schema, name, subtype, collation, operatorClass, canonical, difference, multirange } = one
    const object: CatalogReference = { kind: 'range', schema, name }
    if (canonical !== undefined) {
      this.problem(
        object,
        `The range is not in the metadata: it and its function ${canonical} need each other.`,
      )
      return []
    }
    const path = pathIn(schema, name)
    const parts = [
      `subtype = ${subtype.text}`,
      ...(operatorClass === undefined ? [] : [`subtype_opclass = ${quotedPath(operatorClass)}`]),
      ...(collation === undefined ? [] : [`collation = ${quotedPath(collation)}`]),
      ...(difference === undefined ? [] : [`subtype_diff = ${difference}`]),
      ...(multirange === undefined ? [] : [`multirange_type_name = ${pathIn(schema, multirange)}`]),
    ]
    return [
      this.made(
        object,
        [`create type ${path} as range (${parts.join(', ')})`, ...comment(`type ${path}`, one.comment)],
        [`drop type ${path}`],
      ),
    ]
  }

  collation({
    schema,
    name,
    provider,
    locale,
    deterministic,
    comment: text,
  }: Of<'collations'>): CatalogSource {
    const path = pathIn(schema, name)
    const parts = [
      `provider = ${provider}`,
      ...(locale === undefined ? [] : [`locale = ${literal(locale)}`]),
      ...(deterministic ? [] : ['deterministic = false']),
    ]
    return this.made(
      { kind: 'collation', schema, name },
      [`create collation ${path} (${parts.join(', ')})`, ...comment(`collation ${path}`, text)],
      [`drop collation ${path}`],
    )
  }

  sequence(one: Catalog['sequences'][number]): CatalogSource[] {
    const { schema, name, type, start, increment, min, max, cache, cycle, ownedBy } = one
    const path = pathIn(schema, name)
    const object: CatalogReference = { kind: 'sequence', schema, name }
    const parts = [
      `create ${one.unlogged ? 'unlogged ' : ''}sequence ${path} as ${type}`,
      `increment by ${increment} minvalue ${min} maxvalue ${max} start with ${start} cache ${cache}`,
      ...(cycle ? ['cycle'] : []),
    ]
    const made = this.made(
      object,
      [parts.join(' '), ...comment(`sequence ${path}`, one.comment)],
      // It may have gone with the column that it belongs to.
      [`drop sequence ${ownedBy === undefined ? '' : 'if exists '}${path}`],
    )
    if (ownedBy === undefined) return [made]
    const column = `${pathIn(ownedBy.schema, ownedBy.table)}.${quoteIdentifier(ownedBy.column)}`
    const [said] = this.said('owner of sequence', object, [`alter sequence ${path} owned by ${column}`])
    const table = this.relation(ownedBy.schema, ownedBy.table)
    return [made, ...(said === undefined ? [] : [{ ...said, needs: [object, table] }])]
  }

  function(one: CatalogFunction): CatalogSource {
    const { schema, name, arguments: types, definition } = one
    const path = `${pathIn(schema, name)}(${types.join(', ')})`
    return this.made(
      { kind: 'function', schema, name: signature(one) },
      [uncheckedBody(definition), ...comment(`routine ${path}`, one.comment)],
      [`drop routine ${path}`],
    )
  }

  view({ schema, name, columns, query, comment: text, postgres = {} }: CatalogView): CatalogSource {
    const path = pathIn(schema, name)
    const { options, checkOption } = postgres
    const all = { ...options, ...(checkOption && { check_option: checkOption }) }
    const settings = Object.keys(all).length === 0 ? '' : ` with ${optionsText(all)}`
    return this.made(
      { kind: 'view', schema, name },
      [
        `create view ${path}${settings} as ${query}`,
        ...comment(`view ${path}`, text),
        ...columns.flatMap((one) => [
          ...(one.default === undefined
            ? []
            : [`alter view ${path} alter column ${quoteIdentifier(one.name)} set default ${one.default}`]),
          ...comment(`column ${path}.${quoteIdentifier(one.name)}`, one.comment),
        ]),
      ],
      [`drop view ${path}`],
    )
  }

  materializedView({ schema, name, columns, query, ...rest }: CatalogView): CatalogSource {
    const { postgres = {}, indexes = [] } = rest
    const { options, method, tablespace, notPopulated } = postgres
    const path = pathIn(schema, name)
    const parts = [
      `create materialized view ${path}`,
      ...(method === undefined ? [] : [`using ${quoteIdentifier(method)}`]),
      ...(options === undefined ? [] : [`with ${optionsText(options)}`]),
      ...(tablespace === undefined ? [] : [`tablespace ${quoteIdentifier(tablespace)}`]),
      `as ${query}`,
      ...(notPopulated ? ['with no data'] : []),
    ]
    const alter = (column: string, what: string) =>
      `alter materialized view ${path} alter column ${quoteIdentifier(column)} ${what}`
    return this.made(
      { kind: 'materialized view', schema, name },
      [
        parts.join(' '),
        ...comment(`materialized view ${path}`, rest.comment),
        ...columns.flatMap((one) => [
          ...settingsOf(one, alter, true),
          ...comment(`column ${path}.${quoteIdentifier(one.name)}`, one.comment),
        ]),
        ...indexes.flatMap((index) => indexStatements(path, schema, index)),
      ],
      [`drop materialized view ${path}`],
    )
  }

  trigger({ schema, table, name, definition, comment: text, postgres = {} }: CatalogTrigger): CatalogSource {
    const on = pathIn(schema, table)
    const relation = this.relation(schema, table)
    const { enabled } = postgres
    return this.made(
      { kind: 'trigger', schema, table, name },
      [
        definition,
        ...(enabled === undefined
          ? []
          : [`alter table ${on} ${STATES[enabled]} trigger ${quoteIdentifier(name)}`]),
        ...comment(`trigger ${quoteIdentifier(name)} on ${on}`, text),
      ],
      [],
      [relation],
    )
  }

  policy({
    schema,
    table,
    name,
    command,
    permissive,
    roles,
    using,
    check,
    comment: text,
  }: CatalogPolicy): CatalogSource {
    const on = pathIn(schema, table)
    const parts = [
      `create policy ${quoteIdentifier(name)} on ${on} as ${permissive ? 'permissive' : 'restrictive'} for ${command}`,
      `to ${roles.map(roleText).join(', ')}`,
      ...(using === undefined ? [] : [`using (${using})`]),
      ...(check === undefined ? [] : [`with check (${check})`]),
    ]
    return this.made(
      { kind: 'policy', schema, table, name },
      [parts.join(' '), ...comment(`policy ${quoteIdentifier(name)} on ${on}`, text)],
      // Unlike a trigger it may need another table.
      [`drop policy if exists ${quoteIdentifier(name)} on ${on}`],
      [this.relation(schema, table)],
    )
  }

  rule({ schema, table, name, definition, enabled, comment: text }: Of<'rules'>): CatalogSource {
    const on = pathIn(schema, table)
    return this.made(
      { kind: 'rule', schema, table, name },
      [
        definition.trim().replace(/;$/, ''),
        ...(enabled === undefined
          ? []
          : [`alter table ${on} ${STATES[enabled]} rule ${quoteIdentifier(name)}`]),
        ...comment(`rule ${quoteIdentifier(name)} on ${on}`, text),
      ],
      [],
      [this.relation(schema, table)],
    )
  }

  eventTrigger({
    name,
    event,
    function: called,
    enabled,
    tags,
    comment: text,
  }: Of<'eventTriggers'>): CatalogSource {
    const own = quoteIdentifier(name)
    const when = tags === undefined ? '' : ` when tag in (${tags.map(literal).join(', ')})`
    return this.made(
      { kind: 'event trigger', name },
      [
        `create event trigger ${own} on ${event}${when} execute function ${pathIn(called.schema, called.name)}()`,
        ...(enabled === undefined ? [] : [`alter event trigger ${own} ${STATES[enabled]}`]),
        ...comment(`event trigger ${own}`, text),
      ],
      [`drop event trigger ${own}`],
    )
  }

  schema({ name, comment: text }: Catalog['schemas'][number]): CatalogSource[] {
    if (name === 'public' && text === 'standard public schema') return []
    return this.said(
      'comment',
      { kind: 'schema', name },
      comment(`schema ${quoteIdentifier(name)}`, text),
      `schema ${name}`,
    )
  }

  /** What no declaration of a table says. */
  table(table: CatalogTable): CatalogSource[] {
    const { schema, name, columns, postgres = {} } = table
    const { rowSecurity, server, replicaIdentity } = postgres
    if (server !== undefined) return []
    const path = pathIn(schema, name)
    const object: CatalogReference = { kind: 'table', schema, name }
    const alter = (what: string) => `alter table ${path} ${what}`
    const alterColumn = (column: string, what: string) =>
      // Its partitions say for themselves.
      `alter table only ${path} alter column ${quoteIdentifier(column)} ${what}`
    const secured = { enabled: ['enable'], forced: ['enable', 'force'] }[rowSecurity ?? 'enabled']
    const attached = partitionIsAttached(table, this.parentOf(table)) ? postgres.partitionOf : undefined
    const above = attached && this.relation(attached.schema, attached.table)
    const isInherited = (one: Inheritable) => attached === undefined && one.postgres?.inherited === true
    const keys = [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...table.uniques]
    const constraints = [...keys, ...table.foreignKeys, ...table.checks, ...table.excludes]
    const settings = [
      ...columns.flatMap((one) => [
        ...settingsOf(one, alterColumn, this.version < 16),
        ...(one.postgres?.notNullNotValid
          ? [
              alter(
                `add ${one.notNullName === undefined ? '' : `constraint ${quoteIdentifier(one.notNullName)} `}not null ${quoteIdentifier(one.name)}${one.postgres.notNullNoInherit ? ' no inherit' : ''} not valid`,
              ),
            ]
          : []),
      ]),
      ...(attached === undefined ? this.differences(table) : []).map(([column, what]) =>
        alterColumn(column, what),
      ),
      ...[...keys, ...table.indexes].flatMap(({ name: own, postgres: kept = {} }) => [
        ...(kept.clustered ? [alter(`cluster on ${quoteIdentifier(own ?? '')}`)] : []),
        ...(kept.replicaIdentity
          ? [alter(`replica identity using index ${quoteIdentifier(own ?? '')}`)]
          : []),
      ]),
      ...(replicaIdentity === undefined ? [] : [alter(`replica identity ${replicaIdentity}`)]),
    ]
    const comments = [
      // Those of a table's own columns are declared with it.
      ...(postgres.partitionOf === undefined || attached !== undefined ? [] : columns).flatMap((one) =>
        comment(`column ${path}.${quoteIdentifier(one.name)}`, one.comment),
      ),
      ...columns.flatMap(({ notNullName, postgres: own }) =>
        notNullName === undefined
          ? []
          : comment(`constraint ${quoteIdentifier(notNullName)} on ${path}`, own?.notNullComment),
      ),
      // So are those of its own constraints and indexes.
      ...constraints
        .filter(isInherited)
        .flatMap(({ name: own = '', comment: text }) =>
          comment(`constraint ${quoteIdentifier(own)} on ${path}`, text),
        ),
      ...table.indexes
        .filter(isInherited)
        .flatMap(({ name: own, comment: text }) => comment(`index ${pathIn(schema, own)}`, text)),
    ]
    const attach = attached &&
      above && [`alter table ${pathIn(above.schema, above.name)} attach partition ${path} ${attached.bound}`]
    return [
      ...(columns.length > 0 ? [] : [this.emptyTable(table)]),
      ...this.said('partition', object, attach ?? []).map((one) => ({
        ...one,
        needs: [object, above as CatalogReference],
      })),
      ...this.said('settings', object, settings),
      ...this.said('comments', object, comments),
      ...this.said(
        'row security',
        object,
        rowSecurity === undefined ? [] : secured.map((word) => alter(`${word} row level security`)),
      ),
    ]
  }

  /** A table without columns, which no declaration has. */
  private emptyTable({ schema, name, comment: text, postgres = {} }: CatalogTable): CatalogSource {
    const { persistence, storage, tablespace, method, inherits = [] } = postgres
    const path = pathIn(schema, name)
    const parts = [
      `create ${persistence === undefined ? '' : `${persistence} `}table ${path} ()`,
      ...(inherits.length === 0
        ? []
        : [`inherits (${inherits.map((one) => pathIn(one.schema, one.table)).join(', ')})`]),
      ...(method === undefined ? [] : [`using ${quoteIdentifier(method)}`]),
      ...(storage === undefined ? [] : [`with ${optionsText(storage)}`]),
      ...(tablespace === undefined ? [] : [`tablespace ${quoteIdentifier(tablespace)}`]),
    ]
    return this.made(
      { kind: 'table', schema, name },
      [parts.join(' '), ...comment(`table ${path}`, text)],
      [`drop table ${path}`],
    )
  }

  /** What a table has otherwise of a column that comes from a table above. */
  private differences({ columns, postgres = {} }: CatalogTable): [column: string, what: string][] {
    const parents = [
      ...(postgres.partitionOf === undefined ? [] : [postgres.partitionOf]),
      ...(postgres.inherits ?? []),
    ]
    const tables = parents.map(({ schema, table }) => this.tables.get(JSON.stringify([schema, table])))
    return columns.flatMap((one) => {
      if (one.postgres?.inherited !== true) return []
      const above = tables.flatMap((table) => table?.columns.filter(({ name }) => name === one.name) ?? [])[0]
      if (above === undefined) return []
      const found: [string, string][] = []
      if (one.default !== above.default && one.generated === undefined)
        found.push([one.name, one.default === undefined ? 'drop default' : `set default ${one.default}`])
      if (!one.nullable && above.nullable) found.push([one.name, 'set not null'])
      return found
    })
  }

  /** Who may do what, all of an object together. */
  grants(): CatalogSource[] {
    const all = new Map<string, Of<'grants'>[]>()
    for (const grant of this.catalog.postgres?.grants ?? []) {
      const key = referenceKey(grant.object)
      const known = all.get(key)
      if (known === undefined) all.set(key, [grant])
      else known.push(grant)
    }
    const isPublic = ({ object }: Of<'grants'>) => object.kind === 'schema' && object.name === 'public'
    const { schemas, postgres } = this.catalog
    const isClosed =
      schemas.some(({ name }) => name === 'public') && postgres?.grants.some(isPublic) === false
    const closed = isClosed
      ? this.said('grants', { kind: 'schema', name: 'public' }, [
          // Where nobody gave rights on it, none are taken, so that it stays so.
          `do $espalier$ begin if has_schema_privilege('public', 'public', 'usage') then revoke all on schema public from public; end if; end $espalier$`,
        ])
      : []
    const given = [...all.values()].flatMap((grants) => {
      const { object } = grants[0] as Of<'grants'>
      return this.said(
        'grants',
        object,
        this.grantStatements(object, grants),
        `on ${object.kind} ${object.name}`,
      )
    })
    return [...closed, ...given]
  }

  private grantStatements(object: CatalogReference, grants: readonly Of<'grants'>[]): string[] {
    const { kind, name } = object
    const on = `on ${this.grantable(object)}`
    const isPublicSchema = kind === 'schema' && name === 'public'
    const owner = isPublicSchema && this.version >= 15 ? 'pg_database_owner' : this.ownerOf(object)
    const has = (grantee: string, privilege: string) =>
      grants.some(
        (one) =>
          one.grantee === grantee && one.privilege.toLowerCase() === privilege && one.column === undefined,
      )
    const ofPublic = isPublicSchema
      ? this.version < 15
        ? ['usage', 'create']
        : ['usage']
      : [PUBLIC[kind] ?? []].flat()
    const whole = grants.filter(({ column }) => column === undefined)
    // Since 17 there is one right more of tables.
    const isTable = OF_OWNERS[kind] === OF_TABLES && this.version >= 17
    const ofOwner = [...(OF_OWNERS[kind] ?? []), ...(isTable ? ['maintain'] : [])]
    const isOwners = ({ grantee, privilege, grantable }: Of<'grants'>) =>
      grantee === owner && !grantable && ofOwner.includes(privilege.toLowerCase())
    // What everybody has by itself is not given again.
    const given = grants.filter(
      (one) =>
        one.column !== undefined ||
        (!isOwners(one) &&
          !(one.grantee === 'public' && !one.grantable && ofPublic.includes(one.privilege.toLowerCase()))),
    )
    const lost =
      owner === undefined || isPublicSchema || whole.length === 0
        ? []
        : ofOwner.filter((one) => !has(owner, one))
    const groups = new Map<string, string[]>()
    for (const { column, grantee, privilege, grantable } of given) {
      const key = JSON.stringify([grantee, grantable === true])
      const text = `${privilege.toLowerCase()}${column === undefined ? '' : ` (${quoteIdentifier(column)})`}`
      groups.set(key, [...(groups.get(key) ?? []), text])
    }
    return [
      ...(whole.length === 0 ? [] : ofPublic.filter((one) => !has('public', one))).map(
        (one) => `revoke ${one} ${on} from public`,
      ),
      ...lost.map((one) => `revoke ${one} ${on} from current_user`),
      ...[...groups].map(([key, privileges]) => {
        const [grantee, grantable] = JSON.parse(key) as [string, boolean]
        const to = grantee === owner && !isPublicSchema ? 'current_user' : roleText(grantee)
        return `grant ${privileges.join(', ')} ${on} to ${to}${grantable ? ' with grant option' : ''}`
      }),
    ]
  }

  private grantable({ kind, schema, name }: CatalogReference): string {
    if (kind === 'schema') return `schema ${quoteIdentifier(name)}`
    if (kind === 'function') {
      const one = this.catalog.functions.find((own) => own.schema === schema && signature(own) === name)
      return `routine ${pathIn(schema, one?.name ?? name)}(${one?.arguments.join(', ') ?? ''})`
    }
    const path = pathIn(schema, name)
    if (kind === 'sequence') return `sequence ${path}`
    return PUBLIC[kind] === undefined ? `table ${path}` : `type ${path}`
  }

  private ownerOf({ kind, schema, name }: CatalogReference): string | undefined {
    const { catalog } = this
    if (kind === 'schema') return catalog.schemas.find((one) => one.name === name)?.postgres?.owner
    const among = [...catalog.tables, ...catalog.views, ...catalog.materializedViews]
    return among.find((one) => one.schema === schema && one.name === name)?.postgres?.owner
  }
}

/**
 * Whether a partition has names or an order of columns that it would not have if it were made as one, so that it must be made
 * as a table and become a partition then.
 */
export function partitionIsAttached(table: CatalogTable, parent: CatalogTable | undefined): boolean {
  if (table.postgres?.partitionOf === undefined || parent === undefined) return false
  const columnsOf = ({ columns }: CatalogTable) => JSON.stringify(columns.map(sharedPart))
  if (columnsOf(table) !== columnsOf(parent)) return true
  const isInherited = (one: {
    readonly postgres?: { readonly inherited?: boolean | undefined } | undefined
  }) => one.postgres?.inherited === true
  const { primaryKey, uniques, excludes, indexes, foreignKeys } = table
  const named = [
    ...(primaryKey === undefined ? [] : [[primaryKey, [], 'pkey'] as const]),
    ...uniques.map((one) => [one, [...one.columns, ...(one.postgres?.include ?? [])], 'key'] as const),
    ...excludes.map((one) => [one, [...namesOf(one.elements), ...(one.include ?? [])], 'excl'] as const),
    ...indexes.map((one) => [one, [...namesOf(one.keys), ...(one.include ?? [])], 'idx'] as const),
  ]
  return (
    named.some(
      ([one, names, end]) => isInherited(one) && one.name !== [table.name, ...names, end].join('_'),
    ) ||
    foreignKeys.some((one) => isInherited(one) && !parent.foreignKeys.some(({ name }) => name === one.name))
  )
}

/** What a column of a partition has as the table above has it, unless the partition was a table before. */
function sharedPart({ name, type, notNullName, generated, collation, postgres }: CatalogColumn) {
  return [name, type.text, notNullName, generated, collation, postgres?.storage, postgres?.compression]
}

/** What PostgreSQL calls the keys of an index in the name that it makes. */
function namesOf(keys: readonly CatalogIndexKey[]): string[] {
  let expressions = 0
  return keys.map(({ column }) => column ?? `expr${expressions++ || ''}`)
}

function inSchema(schema: string | undefined): CatalogReference[] {
  return schema === undefined || schema === 'public' ? [] : [{ kind: 'schema', name: schema }]
}

function roleText(role: string): string {
  return role === 'public' ? role : quoteIdentifier(role)
}

/** What `create table` does not say of a column, or not in all versions. */
function settingsOf(
  { name, postgres = {} }: CatalogColumn,
  alter: (column: string, what: string) => string,
  withStorage: boolean,
): string[] {
  const { storage, statistics, options } = postgres
  return [
    ...(storage === undefined || !withStorage ? [] : [alter(name, `set storage ${storage}`)]),
    ...(statistics === undefined ? [] : [alter(name, `set statistics ${statistics}`)]),
    ...(options === undefined ? [] : [alter(name, `set ${optionsText(options)}`)]),
  ]
}

/**
 * The definition of a function whose body is a text is not looked at, since it may speak of what is created later:
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CHECK-FUNCTION-BODIES
 */
function uncheckedBody(definition: string): string {
  if (!/\nAS .*\$function/.test(definition)) return definition
  let tag = '$espalier$'
  while (definition.includes(tag)) tag = tag.replace('$', '$_')
  return `do ${tag} begin set local check_function_bodies = off; ${definition.trim()}; end ${tag}`
}
