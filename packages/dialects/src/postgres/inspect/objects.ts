import { boolean, oid, sql, text } from '@espalier/core'
import { SEQUENCE, sequenceColumns } from './columns.js'
import { comments, isOfNoExtension, isOwn } from './filter.js'
import type { CatalogReader } from './reader.js'
import { ids } from './reader.js'

/** The schemas of the objects that are meant. */
export function readSchemas(reader: CatalogReader) {
  const name = sql.fragment`own.nspname`
  return reader.ask(
    'schema',
    () =>
      sql.query({ id: oid().notNull(), name: text().notNull(), owner: text().notNull(), comment: text() })`
      select own.oid, ${name}, pg_get_userbyid(own.nspowner), comment.description
      from pg_namespace as own
      ${comments('pg_namespace')}
      where ${reader.filter.matches('schema', name, undefined)} and ${isOfNoExtension('pg_namespace', sql.fragment`own.oid`)}`,
  )
}

/** The extensions that were made, not those that a database has by itself. */
export function readExtensions(reader: CatalogReader) {
  const schema = reader.options.include?.schemas === undefined ? undefined : sql.fragment`schema.nspname`
  const name = sql.fragment`own.extname`
  return reader.ask(
    'extension',
    () =>
      sql.query({
        id: oid().notNull(),
        name: text().notNull(),
        schema: text().notNull(),
        version: text().notNull(),
        comment: text(),
      })`
      select own.oid, ${name}, schema.nspname, own.extversion, comment.description
      from pg_extension as own
      join pg_namespace as schema on schema.oid = own.extnamespace
      ${comments('pg_extension')}
      where ${isOwn(sql.fragment`own.oid`)} and ${reader.filter.matches('extension', schema, name)}`,
  )
}

/** What sequences give, and the columns that they belong to. */
export function readSequences(reader: CatalogReader, sequences: readonly { readonly id: number }[]) {
  return reader.rows(
    'sequence',
    () =>
      sql.query({
        id: oid().notNull(),
        ...SEQUENCE,
        ownerSchema: text(),
        ownerTable: text(),
        ownerColumn: text(),
      })`
      select sequence.seqrelid, ${sequenceColumns}, schema.nspname, relation.relname, "column".attname
      from pg_sequence as sequence
      left join pg_depend as owner on owner.classid = 'pg_class'::regclass and owner.objid = sequence.seqrelid
        and owner.deptype = 'a' and owner.refclassid = 'pg_class'::regclass and owner.refobjsubid > 0
      left join pg_class as relation on relation.oid = owner.refobjid
      left join pg_namespace as schema on schema.oid = relation.relnamespace
      left join pg_attribute as "column" on "column".attrelid = owner.refobjid and "column".attnum = owner.refobjsubid
      where sequence.seqrelid = any (${ids(sequences)})`,
  )
}

/** The catalogs whose objects a catalog does not hold. */
const OTHERS = [
  'pg_am',
  'pg_cast',
  'pg_conversion',
  'pg_default_acl',
  'pg_foreign_data_wrapper',
  'pg_foreign_server',
  'pg_language',
  'pg_opclass',
  'pg_operator',
  'pg_opfamily',
  'pg_publication',
  'pg_statistic_ext',
  'pg_transform',
  'pg_ts_config',
  'pg_ts_dict',
  'pg_ts_parser',
  'pg_ts_template',
]

/** Objects of kinds that a catalog does not hold, to be told as such; not those that are parts of a type or an extension. */
export function readOthers(reader: CatalogReader) {
  const catalogs = OTHERS.map(
    (name) =>
      sql.fragment`select ${sql.unsafe(`'${name}'`)}::regclass::oid, oid from ${sql.identifier(name)}`,
  )
  const baseTypes = sql.fragment`select 'pg_type'::regclass::oid, own.oid from pg_type as own
    where own.typtype not in ('c', 'd', 'e', 'm', 'r')
      and not exists (select from pg_type as element where element.typarray = own.oid)`
  return reader.ask(
    'other',
    () =>
      sql.query({ type: text().notNull(), schema: text(), name: text(), identity: text().notNull() })`
      select object.type, object.schema, object.name, object.identity
      from (${sql.join([...catalogs, baseTypes], sql.fragment` union all `)}) as other (class, id)
      cross join lateral pg_identify_object(other.class, other.id, 0) as object
      where ${isOwn(sql.fragment`other.id`)}
        and ${reader.filter.matches('other', sql.fragment`coalesce(object.schema, '')`, sql.fragment`coalesce(object.name, '')`)}
        and not exists (select from pg_depend as member
          where member.classid = other.class and member.objid = other.id and member.deptype in ('e', 'i'))
      order by object.type, object.identity`,
  )
}

/** Catalogs by their names, and the objects in them that are meant. */
export type Known = ReadonlyMap<string, readonly { readonly id: number }[]>

/**
 * Who may do what. Nothing is told of objects whose owners alone have their rights, which no one gave.
 * https://www.postgresql.org/docs/current/ddl-priv.html
 */
export function readGrants(reader: CatalogReader, known: Known) {
  const among = (catalog: string) => ids(known.get(catalog) ?? [])
  return reader.rows(
    'other',
    () =>
      sql.query({
        catalog: text().notNull(),
        id: oid().notNull(),
        column: text(),
        grantee: text().notNull(),
        privilege: text().notNull(),
        grantable: boolean().notNull(),
      })`
      select acl.catalog, acl.id, acl."column",
        case privilege.grantee when 0 then 'public' else pg_get_userbyid(privilege.grantee)::text end as grantee,
        privilege.privilege_type, privilege.is_grantable
      from (
        select 'pg_class', oid, null, relacl from pg_class where oid = any (${among('pg_class')})
        union all select 'pg_class', attrelid, attname, attacl from pg_attribute
          where attrelid = any (${among('pg_class')}) and attacl is not null and not attisdropped
        union all select 'pg_namespace', oid, null, nspacl from pg_namespace where oid = any (${among('pg_namespace')})
        union all select 'pg_proc', oid, null, proacl from pg_proc where oid = any (${among('pg_proc')})
        union all select 'pg_type', oid, null, typacl from pg_type where oid = any (${among('pg_type')})
      ) as acl (catalog, id, "column", items)
      cross join lateral aclexplode(acl.items) as privilege
      order by acl.catalog, acl.id, acl."column" nulls first, grantee, privilege.privilege_type`,
  )
}

/**
 * Which object needs which. What belongs to another (the rule of a view, a default, a constraint, an index, the type of the
 * rows of a table or of an array, what an extension brought) stands for that.
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export function readDependencies(reader: CatalogReader) {
  return reader.rows(
    'other',
    () =>
      sql.query({
        catalog: text().notNull(),
        id: oid().notNull(),
        neededCatalog: text().notNull(),
        neededId: oid().notNull(),
      })`
      select distinct object.catalog::regclass::text, object.id, needed.catalog::regclass::text, needed.id
      from pg_depend as link
      left join pg_rewrite as rule on link.classid = 'pg_rewrite'::regclass and rule.oid = link.objid and rule.rulename = '_RETURN'
      left join pg_attrdef as value on link.classid = 'pg_attrdef'::regclass and value.oid = link.objid
      left join pg_constraint as own on link.classid = 'pg_constraint'::regclass and own.oid = link.objid
      left join pg_constraint as above on above.oid = own.conparentid
      left join pg_index as index on link.classid = 'pg_class'::regclass and index.indexrelid = link.objid
      left join pg_index as index_needed on link.refclassid = 'pg_class'::regclass and index_needed.indexrelid = link.refobjid
      left join pg_constraint as constraint_needed on link.refclassid = 'pg_constraint'::regclass
        and constraint_needed.oid = link.refobjid
      left join pg_type as type on link.refclassid = 'pg_type'::regclass and type.oid = link.refobjid
      left join pg_type as element on element.oid = type.typelem and element.typarray = type.oid
      left join pg_depend as member on member.classid = link.refclassid and member.objid = link.refobjid and member.deptype = 'e'
      cross join lateral (select
        case when rule.oid is not null or value.oid is not null or index.indexrelid is not null or own.conrelid <> 0
            then 'pg_class'::regclass::oid
          when own.contypid <> 0 then 'pg_type'::regclass::oid else link.classid end,
        coalesce(rule.ev_class, value.adrelid, index.indrelid, nullif(own.conrelid, 0), nullif(own.contypid, 0), link.objid)
      ) as object (catalog, id)
      cross join lateral (select
        case when member.objid is not null then member.refclassid
          when index_needed.indexrelid is not null or constraint_needed.conrelid <> 0
            or coalesce(nullif(element.typrelid, 0), nullif(type.typrelid, 0)) is not null then 'pg_class'::regclass::oid
          else link.refclassid end,
        coalesce(member.refobjid, index_needed.indrelid, nullif(constraint_needed.conrelid, 0),
          nullif(element.typrelid, 0), nullif(type.typrelid, 0), element.oid, link.refobjid)
      ) as needed (catalog, id)
      where link.deptype in ('n', 'a', 'i', 'P', 'S') and ${isOwn(sql.fragment`link.objid`)} and ${isOwn(sql.fragment`link.refobjid`)}
        and link.refclassid <> 'pg_namespace'::regclass
        and (object.catalog, object.id) <> (needed.catalog, needed.id)
        and own.contype is distinct from 't' and (above.oid is null or above.conrelid <> own.conrelid)
        and not (link.deptype = 'a' and link.classid = 'pg_class'::regclass and link.refobjsubid > 0
          and exists (select from pg_sequence as sequence where sequence.seqrelid = link.objid))`,
  )
}
