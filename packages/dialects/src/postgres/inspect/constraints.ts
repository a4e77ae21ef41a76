import {
  array,
  boolean,
  type CatalogCheck,
  type CatalogDeferrable,
  type CatalogForeignKey,
  oid,
  type ReferentialAction,
  smallint,
  sql,
  text,
} from '@espalier/core'
import type { Sql } from './filter.js'
import { comments } from './filter.js'
import { type CatalogReader, ids } from './reader.js'
import { withoutParentheses } from './source-text.js'
import { flag, stated, statedOrNone } from './values.js'

export type ConstraintRow = Awaited<ReturnType<typeof readConstraints>>[number]

/**
 * The constraints of tables and domains. A foreign key to a table with partitions has others that stand for these, which
 * are left out. https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 */
export function readConstraints(
  reader: CatalogReader,
  tables: readonly { readonly id: number }[],
  domains: readonly { readonly id: number }[],
) {
  const since = (version: number, column: Sql, before: Sql) => (reader.version >= version ? column : before)
  return reader.rows(
    'table',
    () =>
      sql.query({
        table: oid().notNull(),
        domain: oid().notNull(),
        name: text().notNull(),
        letter: text().notNull(),
        columns: array(smallint().notNull()),
        index: oid().notNull(),
        deferrable: boolean().notNull(),
        deferred: boolean().notNull(),
        isValid: boolean().notNull(),
        isEnforced: boolean().notNull(),
        isPeriod: boolean().notNull(),
        noInherit: boolean().notNull(),
        isInherited: boolean().notNull(),
        targetSchema: text(),
        targetTable: text(),
        targetColumns: array(text().notNull()).notNull(),
        onUpdate: text().notNull(),
        onDelete: text().notNull(),
        onDeleteColumns: array(smallint().notNull()),
        match: text().notNull(),
        operators: array(text().notNull()).notNull(),
        expression: text(),
        comment: text(),
      })`
      select own.conrelid, own.contypid, own.conname, own.contype, own.conkey, own.conindid, own.condeferrable,
        own.condeferred, own.convalidated, ${since(18, sql.fragment`own.conenforced`, sql.fragment`true`)},
        ${since(18, sql.fragment`own.conperiod`, sql.fragment`false`)},
        own.connoinherit, own.coninhcount > 0 and not own.conislocal, target_schema.nspname, target.relname,
        array(select "column".attname::text from unnest(own.confkey) with ordinality as key (number, position)
          join pg_attribute as "column" on "column".attrelid = own.confrelid and "column".attnum = key.number
          order by key.position),
        own.confupdtype, own.confdeltype, ${since(15, sql.fragment`own.confdelsetcols`, sql.fragment`null::int2[]`)},
        own.confmatchtype,
        array(select case operator_schema.nspname when 'pg_catalog' then operator.oprname::text
            else 'operator(' || quote_ident(operator_schema.nspname) || '.' || operator.oprname || ')' end
          from unnest(own.conexclop) with ordinality as key (id, position)
          join pg_operator as operator on operator.oid = key.id
          join pg_namespace as operator_schema on operator_schema.oid = operator.oprnamespace
          order by key.position),
        pg_get_expr(own.conbin, own.conrelid), comment.description
      from pg_constraint as own
      left join pg_constraint as above on above.oid = own.conparentid
      left join pg_class as target on target.oid = own.confrelid
      left join pg_namespace as target_schema on target_schema.oid = target.relnamespace
      ${comments('pg_constraint')}
      where (own.conrelid = any (${ids(tables)}) or own.contypid = any (${ids(domains)}))
        and own.contype <> 't' and above.conrelid is distinct from own.conrelid
      order by own.conrelid, own.contypid, own.conname`,
  )
}

/** When a constraint is looked at that can wait. */
export function deferrableOf(row: {
  readonly deferrable: boolean
  readonly deferred: boolean
}): CatalogDeferrable | undefined {
  if (!row.deferrable) return undefined
  return row.deferred ? 'initially deferred' : 'initially immediate'
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
}

/** A foreign key; `nameOf` gives the name of a column by its number. */
export function catalogForeignKey(row: ConstraintRow, nameOf: (number: number) => string): CatalogForeignKey {
  const { onDeleteColumns } = row
  return stated<CatalogForeignKey>({
    name: row.name,
    columns: (row.columns ?? []).map(nameOf),
    target: {
      schema: row.targetSchema ?? '',
      table: row.targetTable ?? '',
      columns: row.targetColumns,
    },
    onDelete: ACTIONS[row.onDelete] ?? 'no action',
    onUpdate: ACTIONS[row.onUpdate] ?? 'no action',
    match: row.match === 'f' ? 'full' : row.match === 'p' ? 'partial' : undefined,
    deferrable: deferrableOf(row),
    comment: row.comment ?? undefined,
    postgres: statedOrNone({
      onDeleteColumns: onDeleteColumns === null ? undefined : onDeleteColumns.map(nameOf),
      // What is not enforced is never valid.
      notValid: flag(!row.isValid && row.isEnforced),
      notEnforced: flag(!row.isEnforced),
      period: flag(row.isPeriod),
      inherited: flag(row.isInherited),
    }),
  })
}

/** A check of a table or a domain. */
export function catalogCheck(row: ConstraintRow): CatalogCheck {
  return stated<CatalogCheck>({
    name: row.name,
    expression: withoutParentheses(row.expression ?? ''),
    comment: row.comment ?? undefined,
    postgres: statedOrNone({
      noInherit: flag(row.noInherit),
      notValid: flag(!row.isValid && row.isEnforced),
      notEnforced: flag(!row.isEnforced),
      inherited: flag(row.isInherited),
    }),
  })
}
