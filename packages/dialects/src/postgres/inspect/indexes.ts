import {
  array,
  boolean,
  type CatalogExclude,
  type CatalogIndex,
  type CatalogIndexKey,
  type CatalogKey,
  integer,
  oid,
  smallint,
  sql,
  text,
} from '@espalier/core'
import { type ConstraintRow, deferrableOf } from './constraints.js'
import { type CatalogReader, ids } from './reader.js'
import { nameWithin } from './relations.js'
import { withoutParentheses } from './source-text.js'
import { flag, optionsOf, stated, statedOrNone } from './values.js'

export type IndexRow = Awaited<ReturnType<typeof readIndexes>>[number]
export type IndexKeyRow = Awaited<ReturnType<typeof readIndexKeys>>[number]

/** The indexes of tables and materialized views. */
export function readIndexes(reader: CatalogReader, tables: readonly { readonly id: number }[]) {
  return reader.rows(
    'index',
    () =>
      sql.query({
        id: oid().notNull(),
        table: oid().notNull(),
        name: text().notNull(),
        unique: boolean().notNull(),
        isValid: boolean().notNull(),
        clustered: boolean().notNull(),
        replicaIdentity: boolean().notNull(),
        isInherited: boolean().notNull(),
        keyCount: smallint().notNull(),
        nullsNotDistinct: boolean().notNull(),
        where: text(),
        options: array(text().notNull()),
        method: text().notNull(),
        tablespace: text(),
        comment: text(),
      })`
      select index.indexrelid, index.indrelid, relation.relname, index.indisunique, index.indisvalid, index.indisclustered,
        index.indisreplident, relation.relispartition, index.indnkeyatts,
        ${reader.version >= 15 ? sql.fragment`index.indnullsnotdistinct` : sql.fragment`false`},
        pg_get_expr(index.indpred, index.indrelid), relation.reloptions, method.amname, tablespace.spcname,
        comment.description
      from pg_index as index
      join pg_class as relation on relation.oid = index.indexrelid
      join pg_am as method on method.oid = relation.relam
      left join pg_tablespace as tablespace on tablespace.oid = relation.reltablespace
      left join pg_description as comment on comment.objoid = index.indexrelid
        and comment.classoid = 'pg_class'::regclass and comment.objsubid = 0
      where index.indrelid = any (${ids(tables)})`,
  )
}

/**
 * What the indexes are over, in their order. The classes of operators and the collations are told where they are not what
 * the column has by itself. https://www.postgresql.org/docs/current/catalog-pg-index.html
 */
export function readIndexKeys(reader: CatalogReader, tables: readonly { readonly id: number }[]) {
  return reader.rows(
    'index',
    () =>
      sql.query({
        index: oid().notNull(),
        column: text(),
        expression: text(),
        operatorClass: text(),
        operatorClassOptions: array(text().notNull()),
        collation: text(),
        flags: integer(),
      })`
      select index.indexrelid, "column".attname,
        case when "column".attname is null then pg_get_indexdef(index.indexrelid, key.position::int, false) end,
        case when not class.opcdefault then ${nameWithin('class_schema.nspname', 'class.opcname')} end,
        ${reader.version >= 13 ? sql.fragment`own.attoptions` : sql.fragment`null::text[]`},
        case when key."collation" <> coalesce("column".attcollation, type.typcollation)
          then ${nameWithin('collation_schema.nspname', '"collation".collname')} end,
        key.flags::int
      from pg_index as index
      cross join lateral unnest(index.indkey::int2[], index.indclass::oid[], index.indcollation::oid[], index.indoption::int2[])
        with ordinality as key (number, class, "collation", flags, position)
      join pg_attribute as own on own.attrelid = index.indexrelid and own.attnum = key.position
      join pg_type as type on type.oid = own.atttypid
      left join pg_attribute as "column" on "column".attrelid = index.indrelid and "column".attnum = key.number
        and key.number <> 0
      left join pg_opclass as class on class.oid = key.class
      left join pg_namespace as class_schema on class_schema.oid = class.opcnamespace
      left join pg_collation as "collation" on "collation".oid = key."collation"
      left join pg_namespace as collation_schema on collation_schema.oid = "collation".collnamespace
      where index.indrelid = any (${ids(tables)})
      order by index.indexrelid, key.position`,
  )
}

const DESCENDING = 1
const NULLS_FIRST = 2

function catalogKey({ column, expression, flags, ...key }: IndexKeyRow): CatalogIndexKey {
  const isDescending = ((flags ?? 0) & DESCENDING) !== 0
  const isNullsFirst = ((flags ?? 0) & NULLS_FIRST) !== 0
  return stated<CatalogIndexKey>({
    column: column ?? undefined,
    expression: column === null ? withoutParentheses(expression ?? '') : undefined,
    order: isDescending ? 'desc' : undefined,
    nulls: isNullsFirst === isDescending ? undefined : isNullsFirst ? 'first' : 'last',
    collation: key.collation ?? undefined,
    operatorClass: key.operatorClass ?? undefined,
    operatorClassOptions: optionsOf(key.operatorClassOptions),
  })
}

/** What an index is over, and what it only has beside that. */
function partsOf(index: IndexRow, keys: readonly IndexKeyRow[]) {
  const included = keys.slice(index.keyCount).map(({ column }) => column ?? '')
  return {
    keys: keys.slice(0, index.keyCount).map(catalogKey),
    include: included.length === 0 ? undefined : included,
  }
}

/** An index that is no part of a constraint. */
export function catalogIndex(index: IndexRow, keys: readonly IndexKeyRow[]): CatalogIndex {
  return stated<CatalogIndex>({
    name: index.name,
    unique: index.unique,
    ...partsOf(index, keys),
    where: index.where === null ? undefined : withoutParentheses(index.where),
    method: index.method,
    options: optionsOf(index.options),
    comment: index.comment ?? undefined,
    postgres: statedOrNone({
      nullsNotDistinct: flag(index.nullsNotDistinct),
      notValid: flag(!index.isValid),
      tablespace: index.tablespace ?? undefined,
      clustered: flag(index.clustered),
      replicaIdentity: flag(index.replicaIdentity),
      inherited: flag(index.isInherited),
    }),
  })
}

/** A primary key or a unique constraint, with the index behind it, which is missing where it was not read. */
export function catalogConstraintKey(
  row: ConstraintRow,
  nameOf: (number: number) => string,
  index: IndexRow | undefined,
  keys: readonly IndexKeyRow[],
): CatalogKey {
  return stated<CatalogKey>({
    name: row.name,
    columns: (row.columns ?? []).map(nameOf),
    deferrable: deferrableOf(row),
    comment: row.comment ?? undefined,
    postgres: statedOrNone({
      include: index && partsOf(index, keys).include,
      nullsNotDistinct: flag(index?.nullsNotDistinct ?? false),
      withoutOverlaps: flag(row.isPeriod),
      storage: index && optionsOf(index.options),
      tablespace: index?.tablespace ?? undefined,
      clustered: flag(index?.clustered ?? false),
      replicaIdentity: flag(index?.replicaIdentity ?? false),
      inherited: flag(row.isInherited),
    }),
  })
}

/** A constraint by operators, which is nothing without the index behind it. */
export function catalogExclude(
  row: ConstraintRow,
  index: IndexRow | undefined,
  keys: readonly IndexKeyRow[],
): CatalogExclude {
  const parts = index && partsOf(index, keys)
  return stated<CatalogExclude>({
    name: row.name,
    method: index?.method ?? '',
    elements: (parts?.keys ?? []).map((key, i) => ({ ...key, operator: row.operators[i] ?? '' })),
    where: index?.where == null ? undefined : withoutParentheses(index.where),
    include: parts?.include,
    deferrable: deferrableOf(row),
    comment: row.comment ?? undefined,
    postgres: statedOrNone({
      storage: index && optionsOf(index.options),
      tablespace: index?.tablespace ?? undefined,
      inherited: flag(row.isInherited),
    }),
  })
}
