import {
  array,
  boolean,
  type CatalogFunction,
  type CatalogPolicy,
  type CatalogReference,
  type CatalogTrigger,
  oid,
  smallint,
  sql,
  text,
} from '@espalier/core'
import { deferrableOf } from './constraints.js'
import { comments, isOfNoExtension, type Sql } from './filter.js'
import type { CatalogReader } from './reader.js'
import { parenthesized, withoutParentheses } from './source-text.js'
import { flag, stated, statedOrNone } from './values.js'

const SCHEMA = sql.fragment`schema.nspname`
const TABLE = sql.fragment`relation.relname`

/** The table, or view, by the column that has its number, and its schema. */
function tableOf(column: Sql): Sql {
  return sql.fragment`join pg_class as relation on relation.oid = ${column}
    join pg_namespace as schema on schema.oid = relation.relnamespace`
}

/** Functions, procedures and aggregates. For an aggregate there is no statement to be asked for, only its parts. */
export function readFunctions(reader: CatalogReader) {
  const name = sql.fragment`own.proname`
  return reader.ask(
    'function',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        name: text().notNull(),
        letter: text().notNull(),
        arguments: array(text().notNull()).notNull(),
        returns: text(),
        language: text().notNull(),
        definition: text(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${name}, own.prokind,
        array(select format_type(argument.type, null) from unnest(own.proargtypes::oid[]) with ordinality as argument (type, position)
          order by argument.position),
        pg_get_function_result(own.oid), language.lanname,
        case own.prokind when 'a' then (select ${aggregateDefinition} from pg_aggregate as aggregate where aggregate.aggfnoid = own.oid)
          else pg_get_functiondef(own.oid) end,
        comment.description
      from pg_proc as own
      join pg_namespace as schema on schema.oid = own.pronamespace
      join pg_language as language on language.oid = own.prolang
      ${comments('pg_proc')}
      where ${reader.filter.matches('function', SCHEMA, name)} and ${isOfNoExtension('pg_proc', sql.fragment`own.oid`)}
        ${
          // From 14 on a type of several ranges has functions that make it, which are parts of it.
          reader.version >= 14
            ? sql.fragment`and not exists (select from pg_depend as part where part.classid = 'pg_proc'::regclass
                and part.objid = own.oid and part.refclassid = 'pg_type'::regclass and part.deptype = 'i')`
            : sql.fragment`and not exists (select from pg_range as range where own.prosrc like 'range\\_constructor_'
                and own.prorettype = range.rngtypid)`
        }`,
  )
}

/** https://www.postgresql.org/docs/current/sql-createaggregate.html */
const aggregateDefinition = sql.fragment`'CREATE AGGREGATE ' || quote_ident(schema.nspname) || '.' || quote_ident(own.proname)
  || '(' || case own.pronargs when 0 then '*' else pg_get_function_identity_arguments(own.oid) end || ') ('
  || 'SFUNC = ' || aggregate.aggtransfn::regproc::text || ', STYPE = ' || format_type(aggregate.aggtranstype, null)
  || case when aggregate.aggtransspace > 0 then ', SSPACE = ' || aggregate.aggtransspace else '' end
  || case when aggregate.aggfinalfn <> 0 then ', FINALFUNC = ' || aggregate.aggfinalfn::regproc::text else '' end
  || case when aggregate.aggfinalextra then ', FINALFUNC_EXTRA' else '' end
  || case when aggregate.aggcombinefn <> 0 then ', COMBINEFUNC = ' || aggregate.aggcombinefn::regproc::text else '' end
  || case when aggregate.aggserialfn <> 0 then ', SERIALFUNC = ' || aggregate.aggserialfn::regproc::text else '' end
  || case when aggregate.aggdeserialfn <> 0 then ', DESERIALFUNC = ' || aggregate.aggdeserialfn::regproc::text else '' end
  || case when aggregate.agginitval is not null then ', INITCOND = ' || quote_literal(aggregate.agginitval) else '' end
  || case when aggregate.aggmtransfn <> 0 then ', MSFUNC = ' || aggregate.aggmtransfn::regproc::text
    || ', MINVFUNC = ' || aggregate.aggminvtransfn::regproc::text || ', MSTYPE = ' || format_type(aggregate.aggmtranstype, null)
    else '' end
  || case when aggregate.aggmfinalfn <> 0 then ', MFINALFUNC = ' || aggregate.aggmfinalfn::regproc::text else '' end
  || case when aggregate.aggminitval is not null then ', MINITCOND = ' || quote_literal(aggregate.aggminitval) else '' end
  || case when aggregate.aggsortop <> 0 then ', SORTOP = ' || aggregate.aggsortop::regoperator::text else '' end
  || case aggregate.aggkind when 'h' then ', HYPOTHETICAL' else '' end
  || case own.proparallel when 's' then ', PARALLEL = SAFE' when 'r' then ', PARALLEL = RESTRICTED' else '' end || ')'`

const ROUTINES: Readonly<Record<string, CatalogFunction['kind']>> = {
  p: 'procedure',
  a: 'aggregate',
  w: 'window function',
}

/** A function by its name and the types of its arguments, as references have it. */
export function signature(row: { readonly name: string; readonly arguments: readonly string[] }): string {
  return `${row.name}(${row.arguments.join(', ')})`
}

/** A function, procedure or aggregate. */
export function catalogFunction(
  row: Awaited<ReturnType<typeof readFunctions>>[number],
  reader: CatalogReader,
): CatalogFunction {
  const object: CatalogReference = { kind: 'function', schema: row.schema, name: signature(row) }
  return stated<CatalogFunction>({
    schema: row.schema,
    name: row.name,
    kind: ROUTINES[row.letter] ?? 'function',
    arguments: row.arguments,
    returns: row.returns ?? undefined,
    language: row.language,
    definition: reader.definition(row.definition, object),
    comment: row.comment ?? undefined,
  })
}

/** Triggers, without those that constraints have, and those that partitions have from the table above them. */
export function readTriggers(reader: CatalogReader) {
  return reader.ask(
    'trigger',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        table: text().notNull(),
        name: text().notNull(),
        flags: smallint().notNull(),
        columns: array(text().notNull()).notNull(),
        hasCondition: boolean().notNull(),
        definition: text(),
        functionSchema: text().notNull(),
        functionName: text().notNull(),
        enabled: text().notNull(),
        isConstraint: boolean().notNull(),
        deferrable: boolean().notNull(),
        deferred: boolean().notNull(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${TABLE}, own.tgname, own.tgtype,
        array(select "column".attname::text from unnest(own.tgattr::int2[]) with ordinality as key (number, position)
          join pg_attribute as "column" on "column".attrelid = own.tgrelid and "column".attnum = key.number
          order by key.position),
        own.tgqual is not null, pg_get_triggerdef(own.oid), function_schema.nspname, function.proname, own.tgenabled,
        own.tgconstraint <> 0, own.tgdeferrable, own.tginitdeferred, comment.description
      from pg_trigger as own
      ${tableOf(sql.fragment`own.tgrelid`)}
      join pg_proc as function on function.oid = own.tgfoid
      join pg_namespace as function_schema on function_schema.oid = function.pronamespace
      ${comments('pg_trigger')}
      where not own.tgisinternal ${reader.version >= 13 ? sql.fragment`and own.tgparentid = 0` : sql.empty}
        and ${reader.filter.matches('trigger', SCHEMA, TABLE)} and ${isOfNoExtension('pg_class', sql.fragment`relation.oid`)}`,
  )
}

/** https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_trigger.h */
const EVENTS = [
  [4, 'insert'],
  [16, 'update'],
  [8, 'delete'],
  [32, 'truncate'],
] as const

const ENABLED: Readonly<Record<string, 'disabled' | 'replica' | 'always'>> = {
  D: 'disabled',
  R: 'replica',
  A: 'always',
}

/** When a trigger fires that does not do so as they all do. */
export const enabledOf = (letter: string) => ENABLED[letter]

/** A trigger. Its condition speaks of two rows, which PostgreSQL writes nowhere but in the whole definition. */
export function catalogTrigger(
  row: Awaited<ReturnType<typeof readTriggers>>[number],
  reader: CatalogReader,
): CatalogTrigger {
  const { schema, table, name, flags } = row
  const definition = reader.definition(row.definition, { kind: 'trigger', schema, table, name })
  return stated<CatalogTrigger>({
    schema,
    table,
    name,
    timing: (flags & 2) !== 0 ? 'before' : (flags & 64) !== 0 ? 'instead of' : 'after',
    events: EVENTS.filter(([bit]) => (flags & bit) !== 0).map(([, event]) => event),
    columns: row.columns.length === 0 ? undefined : row.columns,
    forEach: (flags & 1) !== 0 ? 'row' : 'statement',
    when: row.hasCondition ? parenthesized(definition, ' WHEN ') : undefined,
    definition,
    comment: row.comment ?? undefined,
    postgres: statedOrNone({
      function: { schema: row.functionSchema, name: row.functionName },
      enabled: enabledOf(row.enabled),
      constraint: flag(row.isConstraint),
      deferrable: deferrableOf(row),
    }),
  })
}

/** Policies for the rows of tables. */
export function readPolicies(reader: CatalogReader) {
  return reader.ask(
    'policy',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        table: text().notNull(),
        name: text().notNull(),
        letter: text().notNull(),
        permissive: boolean().notNull(),
        roles: array(text().notNull()).notNull(),
        using: text(),
        check: text(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${TABLE}, own.polname, own.polcmd, own.polpermissive,
        array(select case role.id when 0 then 'public' else pg_get_userbyid(role.id)::text end
          from unnest(own.polroles) as role (id) order by 1),
        pg_get_expr(own.polqual, own.polrelid), pg_get_expr(own.polwithcheck, own.polrelid), comment.description
      from pg_policy as own
      ${tableOf(sql.fragment`own.polrelid`)}
      ${comments('pg_policy')}
      where ${reader.filter.matches('policy', SCHEMA, TABLE)} and ${isOfNoExtension('pg_class', sql.fragment`relation.oid`)}`,
  )
}

const COMMANDS: Readonly<Record<string, CatalogPolicy['command']>> = {
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
}

/** A policy. */
export function catalogPolicy(row: Awaited<ReturnType<typeof readPolicies>>[number]): CatalogPolicy {
  return stated<CatalogPolicy>({
    schema: row.schema,
    table: row.table,
    name: row.name,
    command: COMMANDS[row.letter] ?? 'all',
    permissive: row.permissive,
    roles: row.roles,
    using: row.using === null ? undefined : withoutParentheses(row.using),
    check: row.check === null ? undefined : withoutParentheses(row.check),
    comment: row.comment ?? undefined,
  })
}

/** Rules, but those by which views are views. */
export function readRules(reader: CatalogReader) {
  return reader.ask(
    'rule',
    () =>
      sql.query({
        id: oid().notNull(),
        schema: text().notNull(),
        table: text().notNull(),
        name: text().notNull(),
        definition: text(),
        enabled: text().notNull(),
        comment: text(),
      })`
      select own.oid, ${SCHEMA}, ${TABLE}, own.rulename, pg_get_ruledef(own.oid), own.ev_enabled, comment.description
      from pg_rewrite as own
      ${tableOf(sql.fragment`own.ev_class`)}
      ${comments('pg_rewrite')}
      where own.rulename <> '_RETURN' and ${reader.filter.matches('rule', SCHEMA, TABLE)}
        and ${isOfNoExtension('pg_class', sql.fragment`relation.oid`)}`,
  )
}

/** Triggers of the database as a whole. */
export function readEventTriggers(reader: CatalogReader) {
  const name = sql.fragment`own.evtname`
  return reader.ask(
    'event trigger',
    () =>
      sql.query({
        id: oid().notNull(),
        name: text().notNull(),
        event: text().notNull(),
        functionSchema: text().notNull(),
        functionName: text().notNull(),
        enabled: text().notNull(),
        tags: array(text().notNull()),
        comment: text(),
      })`
      select own.oid, ${name}, own.evtevent, schema.nspname, function.proname, own.evtenabled, own.evttags, comment.description
      from pg_event_trigger as own
      join pg_proc as function on function.oid = own.evtfoid
      join pg_namespace as schema on schema.oid = function.pronamespace
      ${comments('pg_event_trigger')}
      where ${reader.filter.matches('event trigger', undefined, name)}
        and ${isOfNoExtension('pg_event_trigger', sql.fragment`own.oid`)}`,
  )
}
