import {
  array,
  boolean,
  type CatalogCheck,
  type CatalogDomain,
  integer,
  oid,
  type PostgresCatalog,
  sql,
  text,
} from '@espalier/core'
import { comments, isOfNoExtension } from './filter.js'
import type { CatalogReader } from './reader.js'
import { nameWithin } from './relations.js'
import { catalogType, typeColumns, typeJoins } from './type-text.js'
import { stated } from './values.js'

const SCHEMA = sql.fragment`schema.nspname`
const NAME = sql.fragment`own.typname`
const OF_NO_EXTENSION = isOfNoExtension('pg_type', sql.fragment`own.oid`)

/** Types of lists of values. */
export function readEnums(reader: CatalogReader) {
  return reader.ask(
    'enum',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        name: text().notNull(),
        values: array(text().notNull()).notNull(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${NAME},
        array(select value.enumlabel::text from pg_enum as value where value.enumtypid = own.oid order by value.enumsortorder),
        comment.description
      from pg_type as own
      join pg_namespace as schema on schema.oid = own.typnamespace
      ${comments('pg_type')}
      where own.typtype = 'e' and ${reader.filter.matches('enum', SCHEMA, NAME)} and ${OF_NO_EXTENSION}`,
  )
}

/** Types with constraints, without these. */
export function readDomains(reader: CatalogReader) {
  const base = sql.fragment`own.typbasetype`
  return reader.ask(
    'domain',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        name: text().notNull(),
        typeText: text().notNull(),
        typeName: text().notNull(),
        typeSchema: text().notNull(),
        isArray: boolean().notNull(),
        dimensions: integer().notNull(),
        notNull: boolean().notNull(),
        default: text(),
        collation: text(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${NAME}, ${typeColumns(base, sql.fragment`own.typtypmod`)}, own.typndims,
        own.typnotnull, coalesce(pg_get_expr(own.typdefaultbin, 0), own.typdefault),
        case when own.typcollation <> type.typcollation
          then ${nameWithin('collation_schema.nspname', '"collation".collname')} end,
        comment.description
      from pg_type as own
      join pg_namespace as schema on schema.oid = own.typnamespace
      ${typeJoins(base)}
      left join pg_collation as "collation" on "collation".oid = own.typcollation
      left join pg_namespace as collation_schema on collation_schema.oid = "collation".collnamespace
      ${comments('pg_type')}
      where own.typtype = 'd' and ${reader.filter.matches('domain', SCHEMA, NAME)} and ${OF_NO_EXTENSION}`,
  )
}

export type DomainRow = Awaited<ReturnType<typeof readDomains>>[number]

/** A domain with its constraints. */
export function catalogDomain(
  row: DomainRow,
  notNullName: string | undefined,
  checks: readonly CatalogCheck[],
): CatalogDomain {
  return stated<CatalogDomain>({
    schema: row.schema,
    name: row.name,
    type: catalogType(row),
    nullable: !row.notNull,
    notNullName,
    default: row.default ?? undefined,
    collation: row.collation ?? undefined,
    checks,
    comment: row.comment ?? undefined,
  })
}

/** Types of ranges that somebody made. */
export function readRanges(reader: CatalogReader) {
  const subtype = sql.fragment`range.rngsubtype`
  return reader.ask(
    'range',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        name: text().notNull(),
        typeText: text().notNull(),
        typeName: text().notNull(),
        typeSchema: text().notNull(),
        isArray: boolean().notNull(),
        collation: text(),
        operatorClass: text(),
        canonical: text(),
        difference: text(),
        multirange: text(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${NAME}, ${typeColumns(subtype, sql.fragment`null`)},
        case when range.rngcollation <> type.typcollation
          then ${nameWithin('collation_schema.nspname', '"collation".collname')} end,
        case when not class.opcdefault then ${nameWithin('class_schema.nspname', 'class.opcname')} end,
        nullif(range.rngcanonical, 0)::regproc::text, nullif(range.rngsubdiff, 0)::regproc::text,
        ${reader.version >= 14 ? sql.fragment`(select several.typname from pg_type as several where several.oid = range.rngmultitypid)` : sql.fragment`null`},
        comment.description
      from pg_type as own
      join pg_range as range on range.rngtypid = own.oid
      join pg_namespace as schema on schema.oid = own.typnamespace
      ${typeJoins(subtype)}
      join pg_opclass as class on class.oid = range.rngsubopc
      join pg_namespace as class_schema on class_schema.oid = class.opcnamespace
      left join pg_collation as "collation" on "collation".oid = range.rngcollation
      left join pg_namespace as collation_schema on collation_schema.oid = "collation".collnamespace
      ${comments('pg_type')}
      where own.typtype = 'r' and ${reader.filter.matches('range', SCHEMA, NAME)} and ${OF_NO_EXTENSION}`,
  )
}

type CatalogRange = PostgresCatalog['ranges'][number]

/** A type of ranges. */
export function catalogRange(row: Awaited<ReturnType<typeof readRanges>>[number]): CatalogRange {
  return stated<CatalogRange>({
    schema: row.schema,
    name: row.name,
    subtype: catalogType({ ...row, dimensions: 0 }),
    collation: row.collation ?? undefined,
    operatorClass: row.operatorClass ?? undefined,
    canonical: row.canonical ?? undefined,
    difference: row.difference ?? undefined,
    multirange: row.multirange ?? undefined,
    comment: row.comment ?? undefined,
  })
}

/** Collations that somebody made. */
export function readCollations(reader: CatalogReader) {
  const schema = SCHEMA
  const name = sql.fragment`own.collname`
  const locale =
    reader.version >= 17
      ? sql.fragment`coalesce(own.colllocale, own.collcollate)`
      : reader.version >= 15
        ? sql.fragment`coalesce(own.colliculocale, own.collcollate)`
        : sql.fragment`own.collcollate`
  return reader.ask(
    'collation',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        name: text().notNull(),
        provider: text().notNull(),
        locale: text(),
        deterministic: boolean().notNull(),
        comment: text(),
      })`
      select own.oid, ${schema}, ${name}, case own.collprovider when 'i' then 'icu' when 'c' then 'libc'
          when 'b' then 'builtin' when 'd' then 'default' else own.collprovider::text end,
        ${locale}, own.collisdeterministic, comment.description
      from pg_collation as own
      join pg_namespace as schema on schema.oid = own.collnamespace
      ${comments('pg_collation')}
      where ${reader.filter.matches('collation', schema, name)} and ${isOfNoExtension('pg_collation', sql.fragment`own.oid`)}`,
  )
}
