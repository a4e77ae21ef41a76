import {
  boolean,
  CreateEnumNode,
  ddl,
  type Executor,
  integer,
  type SqlType,
  sql,
  type Transaction,
  text,
} from '@espalier/core'
import { MigrationError } from '../errors.js'

/** What becomes of the values of an enum: each old one by its new one, null, or the same where it is left out. */
export type ValueMap = ReadonlyMap<string, string | null>

const quoted = (...path: readonly string[]) => path.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
const literal = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`)
const statementOf = (given: string) => sql.statement`${sql.unsafe(given)}`

/**
 * Makes an enum of PostgreSQL anew with other values, and every column of it, or of arrays of it, with their defaults, checks
 * and indexes. What else depends on it (views, functions, policies, domains, other types) is refused by its name. Rows with
 * values that are gone are counted first.
 */
export async function rewriteEnum(
  tx: Transaction,
  type: SqlType,
  name: string,
  gone: readonly string[],
  map: ValueMap,
): Promise<void> {
  const columns = await columnsOf(tx, name)
  await requireNothingElse(tx, name)
  const lost = gone.filter((value) => !map.has(value))
  for (const { path, column, isArray } of columns) {
    if (lost.length === 0) break
    const list = `array[${lost.map(literal).join(', ')}]`
    const condition = isArray
      ? `${quoted(column)}::text[] && ${list}`
      : `${quoted(column)}::text = any(${list})`
    const { n } = await tx.one(
      sql.query({
        n: integer().notNull(),
      })`${sql.unsafe(`select count(*)::integer as n from ${path} where ${condition}`)}`,
    )
    if (n > 0) throw lostValues(`${path}.${quoted(column)}`, n, lost)
  }
  const kept = await partsOf(tx, name)
  for (const { drop } of kept) await tx.run(statementOf(drop))
  const old = `_espalier_old_${name}`
  for (const { path, column, defaultValue } of columns) {
    if (defaultValue !== null)
      await tx.run(statementOf(`alter table ${path} alter column ${quoted(column)} drop default`))
  }
  await tx.run(statementOf(`alter type ${quoted(name)} rename to ${quoted(old)}`))
  await tx.run(ddl(new CreateEnumNode(type)))
  for (const { path, column, isArray, defaultValue } of columns) {
    const own = `${quoted(column)}::text${isArray ? '[]' : ''}`
    const using = isArray ? replaced(own, map) : cased(own, map)
    const target = `${quoted(name)}${isArray ? '[]' : ''}`
    await tx.run(
      statementOf(
        `alter table ${path} alter column ${quoted(column)} type ${target} using (${using})::${target}`,
      ),
    )
    if (defaultValue !== null)
      await tx.run(
        statementOf(`alter table ${path} alter column ${quoted(column)} set default ${defaultValue}`),
      )
  }
  for (const { create } of kept) await tx.run(statementOf(create))
  await tx.run(statementOf(`drop type ${quoted(old)}`))
}

/** The error for rows whose values would be gone. */
function lostValues(column: string, n: number, values: readonly string[]): MigrationError {
  return new MigrationError(
    'rows_do_not_fit',
    `${n === 1 ? '1 row has' : `${n} rows have`} a value in ${column} that would be gone (${values.join(', ')}). Say by replace ` +
      'what becomes of it, or change the rows first. Nothing was changed.',
  )
}

function cased(value: string, map: ValueMap): string {
  if (map.size === 0) return value
  const whens = [...map].map(([from, to]) => `when ${literal(from)} then ${literal(to)}`)
  return `case ${value} ${whens.join(' ')} else ${value} end`
}

function replaced(value: string, map: ValueMap): string {
  return [...map].reduce(
    (of, [from, to]) =>
      to === null
        ? `array_remove(${of}, ${literal(from)})`
        : `array_replace(${of}, ${literal(from)}, ${literal(to)})`,
    value,
  )
}

interface EnumColumn {
  readonly path: string
  readonly column: string
  readonly isArray: boolean
  readonly defaultValue: string | null
}

/** The columns of a type and of arrays of it, with what is joined to them. */
const ofType = (name: string, joins = '') =>
  `pg_type as t join pg_attribute as a on a.atttypid in (t.oid, t.typarray) and not a.attisdropped
    join pg_class as c on c.oid = a.attrelid ${joins} where t.oid = ${literal(quoted(name))}::regtype`

/** What depends on the column that is joined. */
const dependent = (catalog: string, object: string) =>
  `join pg_depend as d on d.classid = '${catalog}'::regclass and d.objid = ${object}
    and d.refobjid = c.oid and d.refobjsubid = a.attnum`

function columnsOf(db: Executor, name: string): Promise<readonly EnumColumn[]> {
  const columns = {
    path: text().notNull(),
    column: text().notNull(),
    isArray: boolean().notNull(),
    defaultValue: text(),
  }
  return db.all(
    sql.query(columns)`${sql.unsafe(`select c.oid::regclass::text, a.attname::text, a.atttypid = t.typarray,
      (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef as d where d.adrelid = c.oid and d.adnum = a.attnum)
    from ${ofType(name)} and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2`)}`,
  )
}

/** Checks, and indexes of expressions or with conditions, which say the type within. */
function partsOf(
  db: Executor,
  name: string,
): Promise<readonly { readonly drop: string; readonly create: string }[]> {
  const columns = { drop: text().notNull(), create: text().notNull() }
  const checks = ofType(
    name,
    "join pg_constraint as k on k.conrelid = c.oid and k.contype = 'c' and a.attnum = any(k.conkey)",
  )
  const indexes = ofType(
    name,
    `join pg_index as i on i.indrelid = c.oid and (i.indexprs is not null or i.indpred is not null)
      ${dependent('pg_class', 'i.indexrelid')}`,
  )
  return db.all(
    sql.query(columns)`${sql.unsafe(`
    select distinct format('alter table %s drop constraint %I', c.oid::regclass, k.conname),
      format('alter table %s add constraint %I %s', c.oid::regclass, k.conname, pg_get_constraintdef(k.oid))
      from ${checks} and c.relkind in ('r', 'p') and not c.relispartition
    union all select distinct format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
      from ${indexes}`)}`,
  )
}

async function requireNothingElse(db: Executor, name: string): Promise<void> {
  const policies = ofType(
    name,
    `join pg_policy as p on p.polrelid = c.oid ${dependent('pg_policy', 'p.oid')}`,
  )
  const views = ofType(
    name,
    `join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum
      join pg_rewrite as r on r.oid = d.objid and r.ev_class <> c.oid`,
  )
  const found = await db.all(
    sql.query({ what: text().notNull() })`${sql.unsafe(`
    select pg_describe_object(d.classid, d.objid, 0) as what from pg_depend as d, pg_type as t
      where t.oid = ${literal(quoted(name))}::regtype and d.refclassid = 'pg_type'::regclass
      and d.refobjid in (t.oid, t.typarray)
      and (d.classid = 'pg_proc'::regclass or d.classid = 'pg_type'::regclass and d.objid <> t.typarray)
    union select pg_describe_object('pg_class'::regclass, c.oid, 0) from ${ofType(name)}
      and c.relkind not in ('r', 'p', 'i', 'I')
    union select pg_describe_object('pg_policy'::regclass, p.oid, 0) from ${policies}
    union select pg_describe_object('pg_class'::regclass, r.ev_class, 0) from ${views}
    order by 1`)}`,
  )
  if (found.length === 0) return
  throw new MigrationError(
    'cannot_alter',
    `The enum ${quoted(name)} has to be made anew, and these need it: ${found.map(({ what }) => what).join(', ')}. ` +
      'Drop them first by dropObject(…), and create them again behind.',
  )
}
