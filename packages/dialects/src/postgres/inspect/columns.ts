import {
  array,
  boolean,
  type CatalogColumn,
  type CatalogIdentity,
  type CatalogSequenceOptions,
  integer,
  oid,
  type PostgresColumn,
  smallint,
  sql,
  text,
} from '@espalier/core'
import { type CatalogReader, ids } from './reader.js'
import { nameWithin, type Relation } from './relations.js'
import { withoutParentheses } from './source-text.js'
import { catalogType, typeColumns, typeJoins } from './type-text.js'
import { flag, optionsOf, stated, statedOrNone } from './values.js'

export type ColumnRow = Awaited<ReturnType<typeof readColumns>>[number]

/** The columns of relations, in their order. */
export function readColumns(reader: CatalogReader, relations: readonly Relation[]) {
  const { version } = reader
  const type = sql.fragment`"column".atttypid`
  return reader.rows(
    'table',
    () =>
      sql.query({
        table: oid().notNull(),
        number: smallint().notNull(),
        name: text().notNull(),
        typeText: text().notNull(),
        typeName: text().notNull(),
        typeSchema: text().notNull(),
        isArray: boolean().notNull(),
        dimensions: integer().notNull(),
        notNull: boolean().notNull(),
        identity: text().notNull(),
        generated: text().notNull(),
        expression: text(),
        collation: text(),
        storage: text(),
        compression: text().notNull(),
        statistics: integer(),
        options: array(text().notNull()),
        foreignOptions: array(text().notNull()),
        isInherited: boolean().notNull(),
        comment: text(),
      })`
      select "column".attrelid, "column".attnum, "column".attname, ${typeColumns(type, sql.fragment`"column".atttypmod`)},
        "column".attndims::int, "column".attnotnull, "column".attidentity, "column".attgenerated,
        pg_get_expr(value.adbin, value.adrelid),
        case when "column".attcollation <> type.typcollation
          then ${nameWithin('collation_schema.nspname', '"collation".collname')} end,
        nullif("column".attstorage, type.typstorage), ${version >= 14 ? sql.fragment`"column".attcompression` : sql.fragment`''`},
        nullif("column".attstattarget, -1)::int, "column".attoptions, "column".attfdwoptions,
        "column".attinhcount > 0 and not "column".attislocal, comment.description
      from pg_attribute as "column"
      ${typeJoins(type)}
      left join pg_attrdef as value on value.adrelid = "column".attrelid and value.adnum = "column".attnum
      left join pg_collation as "collation" on "collation".oid = "column".attcollation
      left join pg_namespace as collation_schema on collation_schema.oid = "collation".collnamespace
      left join pg_description as comment on comment.objoid = "column".attrelid
        and comment.classoid = 'pg_class'::regclass and comment.objsubid = "column".attnum
      where "column".attrelid = any (${ids(relations)}) and "column".attnum > 0 and not "column".attisdropped
      order by "column".attrelid, "column".attnum`,
  )
}

/** The sequences behind identities, by their columns. */
export function readIdentities(reader: CatalogReader, tables: readonly Relation[]) {
  return reader.rows(
    'sequence',
    () =>
      sql.query({ table: oid().notNull(), number: integer().notNull(), ...SEQUENCE })`
      select link.refobjid, link.refobjsubid, ${sequenceColumns}
      from pg_depend as link
      join pg_sequence as sequence on sequence.seqrelid = link.objid
      where link.classid = 'pg_class'::regclass and link.deptype = 'i' and link.refclassid = 'pg_class'::regclass
        and link.refobjid = any (${ids(tables)})`,
  )
}

/** What a sequence says of itself. */
export const SEQUENCE = {
  type: text().notNull(),
  start: text().notNull(),
  increment: text().notNull(),
  min: text().notNull(),
  max: text().notNull(),
  cache: text().notNull(),
  cycle: boolean().notNull(),
}

/** The columns of {@link SEQUENCE}. */
export const sequenceColumns = sql.fragment`format_type(sequence.seqtypid, null), sequence.seqstart::text,
  sequence.seqincrement::text, sequence.seqmin::text, sequence.seqmax::text, sequence.seqcache::text, sequence.seqcycle`

interface SequenceRow extends Record<'start' | 'increment' | 'min' | 'max' | 'cache', string> {
  readonly cycle: boolean
}

/** The options of a sequence. */
export function sequenceOptions({
  start,
  increment,
  min,
  max,
  cache,
  cycle,
}: SequenceRow): CatalogSequenceOptions {
  return stated({ start, increment, min, max, cache, cycle: flag(cycle) })
}

/** The constraint `not null` of a column, where the version names it. */
export interface NotNull {
  readonly name: string
  readonly notValid: true | undefined
  readonly noInherit: true | undefined
  readonly comment: string | undefined
}

/** A column from what the database says of it, of its identity and of its constraint. */
export function catalogColumn(
  row: ColumnRow,
  sequence: CatalogSequenceOptions | undefined,
  notNull: NotNull | undefined,
): CatalogColumn {
  const { identity, generated, expression } = row
  return stated<CatalogColumn>({
    name: row.name,
    type: catalogType(row),
    nullable: !row.notNull,
    notNullName: notNull?.name,
    default: generated === '' ? (expression ?? undefined) : undefined,
    identity:
      identity === ''
        ? undefined
        : stated<CatalogIdentity>({ generated: identity === 'a' ? 'always' : 'by default', sequence }),
    generated:
      generated === ''
        ? undefined
        : {
            expression: withoutParentheses(expression ?? ''),
            kind: generated === 'v' ? 'virtual' : 'stored',
          },
    collation: row.collation ?? undefined,
    comment: row.comment ?? undefined,
    postgres: statedOrNone<PostgresColumn>({
      storage: row.storage === null ? undefined : STORAGE[row.storage],
      compression: COMPRESSION[row.compression],
      statistics: row.statistics ?? undefined,
      options: optionsOf(row.options),
      foreignOptions: optionsOf(row.foreignOptions),
      inherited: flag(row.isInherited),
      notNullNotValid: notNull?.notValid,
      notNullNoInherit: notNull?.noInherit,
      notNullComment: notNull?.comment,
    }),
  })
}

const STORAGE: Readonly<Record<string, PostgresColumn['storage']>> = {
  p: 'plain',
  e: 'external',
  x: 'extended',
  m: 'main',
}

const COMPRESSION: Readonly<Record<string, PostgresColumn['compression']>> = { p: 'pglz', l: 'lz4' }
