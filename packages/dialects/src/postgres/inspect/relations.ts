import {
  array,
  bigint,
  boolean,
  type CatalogIndexKey,
  type CatalogKind,
  double,
  oid,
  type PostgresTable,
  smallint,
  sql,
  text,
} from '@espalier/core'
import { isOfNoExtension, type ObjectFilter, type Sql } from './filter.js'
import { type CatalogReader, ids } from './reader.js'
import { listParts, withoutParentheses } from './source-text.js'
import { flag, grouped, optionsOf, stated, statedOrNone } from './values.js'

/** What each letter of `pg_class.relkind` is: https://www.postgresql.org/docs/current/catalog-pg-class.html */
const KINDS: Readonly<Record<string, CatalogKind>> = {
  r: 'table',
  p: 'table',
  f: 'table',
  v: 'view',
  m: 'materialized view',
  S: 'sequence',
  c: 'composite type',
}

/** What belongs to a relation, or is kept with its table: indexes and what is too long for a row. */
const PARTS = ['i', 'I', 't']

export type Relation = Awaited<ReturnType<typeof readRelations>>[number]

/** Tables, views, sequences and composite types, without their parts. */
export function readRelations(reader: CatalogReader) {
  const schema = sql.fragment`schema.nspname`
  const name = sql.fragment`relation.relname`
  return reader.rows(
    'table',
    () =>
      sql.query({
        id: oid().notNull(),
        letter: text().notNull(),
        schema: text().notNull(),
        name: text().notNull(),
        owner: text().notNull(),
        persistence: text().notNull(),
        options: array(text().notNull()),
        tablespace: text(),
        method: text(),
        rowSecurity: boolean().notNull(),
        rowSecurityForced: boolean().notNull(),
        replicaIdentity: text().notNull(),
        bound: text(),
        isPopulated: boolean().notNull(),
        estimate: double().notNull(),
        bytes: bigint({ as: 'number' }),
        query: text(),
        server: text(),
        serverOptions: array(text().notNull()),
        comment: text(),
      })`
      select relation.oid, relation.relkind, ${schema}, ${name}, pg_get_userbyid(relation.relowner), relation.relpersistence,
        relation.reloptions, tablespace.spcname, method.amname, relation.relrowsecurity, relation.relforcerowsecurity,
        relation.relreplident,
        pg_get_expr(relation.relpartbound, relation.oid), relation.relispopulated, relation.reltuples,
        ${sizes(reader)}, case when relation.relkind in ('v', 'm') then pg_get_viewdef(relation.oid) end,
        server.srvname, foreign_table.ftoptions, comment.description
      from pg_class as relation
      join pg_namespace as schema on schema.oid = relation.relnamespace
      left join pg_tablespace as tablespace on tablespace.oid = relation.reltablespace
      left join pg_am as method on method.oid = relation.relam
      left join pg_foreign_table as foreign_table on foreign_table.ftrelid = relation.oid
      left join pg_foreign_server as server on server.oid = foreign_table.ftserver
      left join pg_description as comment on comment.objsubid = 0
        and comment.classoid = case relation.relkind when 'c' then 'pg_type'::regclass else 'pg_class'::regclass end
        and comment.objoid = case relation.relkind when 'c' then relation.reltype else relation.oid end
      where relation.relkind not in (${sql.join(PARTS)}) and (${kinds(reader.filter, schema, name)})
        and ${isOfNoExtension('pg_class', sql.fragment`relation.oid`)} and ${isOfNoExtension('pg_type', sql.fragment`relation.reltype`)}
        and not (relation.relkind = 'S' and exists (select from pg_depend as identity
          where identity.classid = 'pg_class'::regclass and identity.objid = relation.oid and identity.deptype = 'i'))`,
  )
}

function sizes({ options }: CatalogReader): Sql {
  return options.sizes === true
    ? sql.fragment`case when relation.relkind in ('r', 'p', 'm') then pg_total_relation_size(relation.oid) end`
    : sql.fragment`null::bigint`
}

/** Which relations are meant, by what they are. */
function kinds(filter: ObjectFilter, schema: Sql, name: Sql): Sql {
  const letters = Object.keys(KINDS)
  const conditions = [...new Set(Object.values(KINDS))].map((kind) => {
    const own = letters.filter((letter) => KINDS[letter] === kind)
    return sql.fragment`relation.relkind in (${sql.join(own)}) and ${filter.matches(kind, schema, name)}`
  })
  const unknown = sql.fragment`relation.relkind not in (${sql.join(letters)}) and ${filter.matches('other', schema, name)}`
  return sql.join([...conditions, unknown], sql.fragment` or `)
}

/** What a relation is; `other` for what is of no known kind. */
export function kindOf({ letter }: { readonly letter: string }): CatalogKind {
  return KINDS[letter] ?? 'other'
}

/** The tables above each table, in their order. */
export function readParents(reader: CatalogReader, tables: readonly Relation[]) {
  return reader.rows(
    'table',
    () =>
      sql.query({ id: oid().notNull(), schema: text().notNull(), table: text().notNull() })`
      select link.inhrelid, schema.nspname, parent.relname
      from pg_inherits as link
      join pg_class as parent on parent.oid = link.inhparent
      join pg_namespace as schema on schema.oid = parent.relnamespace
      where link.inhrelid = any (${ids(tables)})
      order by link.inhrelid, link.inhseqno`,
  )
}

/** How tables are parted: one row for each key, whose expressions are one list. */
export function readPartitionKeys(reader: CatalogReader, tables: readonly Relation[]) {
  const parted = tables.filter(({ letter }) => letter === 'p')
  return reader.rows(
    'table',
    () =>
      sql.query({
        id: oid().notNull(),
        strategy: text().notNull(),
        expressions: text(),
        column: text(),
        operatorClass: text(),
        collation: text(),
        position: smallint().notNull(),
      })`
      select parted.partrelid, parted.partstrat, pg_get_expr(parted.partexprs, parted.partrelid), "column".attname,
        case when not class.opcdefault then ${nameWithin('class_schema.nspname', 'class.opcname')} end,
        case when key."collation" <> coalesce("column".attcollation, 100)
          then ${nameWithin('collation_schema.nspname', '"collation".collname')} end,
        key.position
      from pg_partitioned_table as parted
      cross join lateral unnest(parted.partattrs::int2[], parted.partclass::oid[], parted.partcollation::oid[])
        with ordinality as key (number, class, "collation", position)
      left join pg_attribute as "column" on "column".attrelid = parted.partrelid and "column".attnum = key.number
      left join pg_opclass as class on class.oid = key.class
      left join pg_namespace as class_schema on class_schema.oid = class.opcnamespace
      left join pg_collation as "collation" on "collation".oid = key."collation"
      left join pg_namespace as collation_schema on collation_schema.oid = "collation".collnamespace
      where parted.partrelid = any (${ids(parted)})
      order by parted.partrelid, key.position`,
  )
}

/**
 * The name of something by the names of its columns of the catalog: behind that of its schema, both quoted where they must
 * be, or alone where it is built in.
 */
export function nameWithin(schema: string, name: string): Sql {
  return sql.unsafe(
    `case when ${schema} = 'pg_catalog' and ${name} !~ '[".]' then ${name}::text
      else quote_ident(${schema}) || '.' || quote_ident(${name}) end`,
  )
}

const REPLICA_IDENTITIES: Readonly<Record<string, 'full' | 'nothing'>> = { f: 'full', n: 'nothing' }

const STRATEGIES = { r: 'range', l: 'list', h: 'hash' } as const

/** What PostgreSQL alone says of each table. */
export function tableExtras(
  parents: Awaited<ReturnType<typeof readParents>>,
  partitionKeys: Awaited<ReturnType<typeof readPartitionKeys>>,
): (relation: Relation) => PostgresTable | undefined {
  const parentsOf = grouped(parents, ({ id }) => id)
  const keysOf = grouped(partitionKeys, ({ id }) => id)
  return (relation) => {
    const above = parentsOf(relation.id).map(({ schema, table }) => ({ schema, table }))
    const [parent] = above
    const isPartition = relation.bound !== null && parent !== undefined
    return statedOrNone<PostgresTable>({
      owner: relation.owner,
      persistence: persistenceOf(relation),
      partitionBy: partitionBy(keysOf(relation.id)),
      partitionOf: isPartition ? { ...parent, bound: relation.bound as string } : undefined,
      inherits: isPartition || above.length === 0 ? undefined : above,
      storage: optionsOf(relation.options),
      tablespace: relation.tablespace ?? undefined,
      method: relation.method === 'heap' ? undefined : (relation.method ?? undefined),
      rowSecurity: relation.rowSecurity ? (relation.rowSecurityForced ? 'forced' : 'enabled') : undefined,
      replicaIdentity: relation.server === null ? REPLICA_IDENTITIES[relation.replicaIdentity] : undefined,
      server: relation.server ?? undefined,
      serverOptions: optionsOf(relation.serverOptions),
    })
  }
}

function persistenceOf({ persistence }: Relation): 'unlogged' | 'temporary' | undefined {
  if (persistence === 'u') return 'unlogged'
  return persistence === 't' ? 'temporary' : undefined
}

function partitionBy(keys: Awaited<ReturnType<typeof readPartitionKeys>>): PostgresTable['partitionBy'] {
  const [first] = keys
  const strategy = STRATEGIES[first?.strategy as keyof typeof STRATEGIES]
  if (first === undefined || strategy === undefined) return undefined
  const expressions = listParts(first.expressions ?? '')
  return {
    strategy,
    keys: keys.map(({ column, operatorClass, collation }) =>
      stated<CatalogIndexKey>({
        column: column ?? undefined,
        expression: column === null ? withoutParentheses(expressions.shift() ?? '') : undefined,
        operatorClass: operatorClass ?? undefined,
        collation: collation ?? undefined,
      }),
    ),
  }
}

/** The rows by the statistics. A table that was never looked at has -1 there, and before 14 it has 0, as an empty one. */
export function rowEstimateOf({ estimate }: Relation, version: number): number | undefined {
  return estimate < 0 || (version < 14 && estimate === 0) ? undefined : estimate
}

/** Whether a view that is materialized has no rows yet. */
export const notPopulated = ({ letter, isPopulated }: Relation) => flag(letter === 'm' && !isPopulated)
