import {
  bigint,
  boolean,
  check,
  compositeType,
  createAll,
  type Database,
  type Dialect,
  date,
  declared,
  domain,
  enumType,
  extension,
  foreignKey,
  fromJSON,
  index,
  integer,
  lower,
  materializedView,
  nextValue,
  now,
  partitionBy,
  primaryKey,
  type Statement,
  schema,
  select,
  sequence,
  sql,
  table,
  text,
  timestamptz,
  toJSON,
  unique,
  view,
} from '@espalier/core'
import { postgres, postgresDialect } from '@espalier/dialects/postgres'
import { inspect as inspectPostgres } from '@espalier/dialects/postgres/inspect'
import { sqlite, sqliteDialect } from '@espalier/dialects/sqlite'
import { inspect as inspectSqlite } from '@espalier/dialects/sqlite/inspect'
import {
  addColumn,
  addConstraint,
  alterColumn,
  alterSequence,
  alterTable,
  assert,
  attachPartition,
  bulkInsert,
  comment,
  createIndex,
  createMigrator,
  createObject,
  defineOperation,
  detachPartition,
  dropColumn,
  dropConstraint,
  dropIndex,
  dropObject,
  grant,
  isIrreversible,
  locksOf,
  type Operation,
  refreshMaterialized,
  renameColumn,
  renameConstraint,
  renameIndex,
  renameObject,
  renameTable,
  replaceObject,
  revision,
  revoke,
  rowSecurity,
  runsOutsideTransaction,
  setSchema,
  validateConstraint,
} from '@espalier/migrate'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

const orgs = table('orgs', { id: integer().primaryKey(), name: text() })
const users = table(
  'users',
  { id: bigint().primaryKey(), email: text().notNull(), age: integer(), orgId: integer('org_id') },
  (t) => [index(t.email)],
)
const numbers = sequence('numbers', { start: 5 })
const mood = enumType('mood', ['sad', 'happy'])
const good = view('good', select({ id: users.id, email: users.email }).from(users))
const better = view('good', select({ id: users.id, email: users.email, age: users.age }).from(users))
const other = view('good', select({ email: users.email }).from(users))
const totals = materializedView('totals', select({ id: users.id }).from(users))
const events = table('events', { id: integer().notNull(), at: date().notNull() }, (t) => [
  partitionBy('range', t.at),
])
const plainEvents = table('events_2026', { id: integer().notNull(), at: date().notNull() })
const year = { from: ['2026-01-01'], to: ['2027-01-01'] }
const area = (body: string) =>
  declared({
    kind: 'function',
    name: 'area',
    create: sql.statement`create or replace function area(a int, b int) returns int language sql immutable as ${sql.unsafe(`'select ${body}'`)}`,
    drop: sql.statement`drop function area(int, int)`,
  })
const policy = declared({
  kind: 'policy',
  name: 'own',
  create: sql.statement`create policy own on users using (id = 1)`,
  drop: sql.statement`drop policy own on users`,
})
const trigger = declared({
  kind: 'trigger',
  name: 'touched',
  create: sql.statement`create trigger touched after insert on users begin update orgs set name = 'x'; end`,
  drop: sql.statement`drop trigger touched`,
})

interface Case {
  readonly name: string
  readonly operation: Operation
  /** What it runs; the same on both if one is not given. */
  readonly postgres?: readonly string[] | 'none'
  readonly sqlite?: readonly string[] | 'none' | 'rebuilt'
  readonly locks?: readonly string[] | undefined
  /** SQL before. */
  readonly before?: string
  readonly reverse?: string | RegExp
  readonly outside?: boolean
  /** That what it does stays, or shows in what a catalog has of the owner too. */
  readonly stays?: true
  /** That it needs what this server has not. */
  readonly onlySays?: true
}

const cases: readonly Case[] = [
  {
    name: 'columns',
    operation: addColumn('users', {
      nick: text(),
      orgs: integer()
        .notNull()
        .default(1)
        .references(() => orgs.id),
    }),
    postgres: [
      'alter table "users" add column "nick" text',
      'alter table "users" add column "orgs" integer not null default 1 constraint "users_orgs_fkey" references "orgs" ("id")',
    ],
    sqlite: [
      'alter table "users" add column "nick" text',
      'alter table "users" add column "orgs" integer not null default 1 constraint "users_orgs_fkey" references "orgs" ("id")',
    ],
    locks: ['access exclusive users', 'share row exclusive orgs'],
  },
  {
    name: 'columns of which each row has another value',
    operation: addColumn('users', { a: timestamptz().default(sql`clock_timestamp()` as never) }),
    postgres: ['alter table "users" add column "a" timestamptz default (clock_timestamp())'],
    sqlite: 'none',
    locks: ['access exclusive users, rewritten'],
  },
  {
    name: 'columns that are computed once',
    operation: addColumn('users', { a: timestamptz().default(now()) }),
    postgres: ['alter table "users" add column "a" timestamptz default now()'],
    sqlite: ['alter table "users" add column "a" text default (strftime(\'%Y-%m-%dT%H:%M:%fZ\', \'now\'))'],
    locks: ['access exclusive users'],
  },
  {
    name: 'dropped columns',
    operation: dropColumn('users', { age: integer(), orgId: integer('org_id') }),
    postgres: ['alter table "users" drop column "org_id"', 'alter table "users" drop column "age"'],
    locks: ['access exclusive users'],
    reverse: 'add columns age, org_id to users',
  },
  {
    name: 'a renamed column',
    operation: renameColumn('users', 'age', 'years'),
    postgres: ['alter table "users" rename column "age" to "years"'],
    locks: ['access exclusive users'],
  },
  {
    name: 'a renamed table',
    operation: renameTable('users', 'people'),
    postgres: ['alter table "users" rename to "people"'],
    locks: ['access exclusive users'],
    reverse: 'rename table people to users',
  },
  {
    name: 'a type',
    operation: alterColumn(
      users,
      'age',
      { type: text(), using: (t) => sql`${t.age} || ' years'` },
      { from: { type: integer(), using: sql`split_part(age, ' ', 1)::integer` } },
    ),
    postgres: ['alter table "users" alter column "age" type text using ("age" || \' years\')'],
    sqlite: 'none',
    locks: ['access exclusive users, rewritten'],
  },
  {
    name: 'a type without more',
    operation: alterColumn('users', 'age', { type: bigint() }, { from: { type: integer() } }),
    postgres: ['alter table "users" alter column "age" type bigint'],
    sqlite: 'none',
    locks: ['access exclusive users, rewritten'],
  },
  {
    name: 'a collation',
    operation: alterColumn(
      'users',
      'email',
      { type: text(), collation: 'C' },
      { from: { type: text(), collation: 'default' } },
    ),
    postgres: ['alter table "users" alter column "email" type text collate "C"'],
    sqlite: 'none',
  },
  {
    name: 'nulls',
    operation: alterColumn('users', 'email', { nullable: true }),
    postgres: ['alter table "users" alter column "email" drop not null'],
    sqlite: 'rebuilt',
    locks: ['access exclusive users'],
    reverse: 'alter column email of users: not null',
  },
  {
    name: 'no nulls and a default',
    operation: alterColumn('users', 'age', { nullable: false, default: 18 }),
    postgres: [
      'alter table "users" alter column "age" set not null',
      'alter table "users" alter column "age" set default 18',
    ],
    sqlite: 'rebuilt',
    locks: ['access exclusive users, read'],
    reverse: 'alter column age of users: nullable, no default',
  },
  {
    name: 'an identity',
    operation: alterColumn('users', 'id', { identity: 'always' }),
    postgres: ['alter table "users" alter column "id" add generated always as identity'],
    sqlite: 'none',
    reverse: 'alter column id of users: no identity',
  },
  {
    name: 'a comment and how it is kept',
    operation: alterColumn(
      'users',
      'email',
      { comment: "it's", storage: 'external' },
      { from: { storage: 'extended' } },
    ),
    postgres: [
      'alter table "users" alter column "email" set storage "external"',
      'comment on column "users"."email" is \'it\'\'s\'',
    ],
    sqlite: 'rebuilt',
    locks: ['access exclusive users'],
  },
  {
    name: 'what is computed',
    before: 'alter table users add column twice integer generated always as (age * 2) stored',
    operation: alterColumn(
      table('users', { age: integer(), twice: integer() }),
      'twice',
      { generated: (t) => t.age.mul(3) },
      { from: { generated: sql`age * 2` } },
    ),
    postgres: ['alter table "users" alter column "twice" set expression as ("age" * 3)'],
    sqlite: 'none',
    locks: ['access exclusive users, rewritten'],
  },
  {
    name: 'a key, a check and a reference',
    operation: addConstraint(users, (t) => [
      unique(t.email, t.age),
      check(t.age.gt(0)),
      foreignKey([t.orgId], () => [orgs.id], { onDelete: 'cascade' }),
    ]),
    postgres: [
      'alter table "users" add constraint "users_email_age_key" unique ("email", "age")',
      'alter table "users" add constraint "users_age_check" check ("age" > 0)',
      'alter table "users" add constraint "users_org_id_fkey" foreign key ("org_id") references "orgs" ("id") on delete cascade',
    ],
    sqlite: 'rebuilt',
    locks: ['access exclusive users, read', 'share row exclusive orgs, read'],
  },
  {
    name: 'a check that is not looked at yet',
    operation: addConstraint(users, (t) => check(t.age.gt(0)).with({ notValid: true })),
    postgres: ['alter table "users" add constraint "users_age_check" check ("age" > 0) not valid'],
    sqlite: 'rebuilt',
    locks: ['access exclusive users'],
  },
  {
    name: 'a check that is looked at',
    before: 'alter table users add constraint c check (age > 0) not valid',
    operation: validateConstraint('users', 'c'),
    postgres: ['alter table "users" validate constraint "c"'],
    sqlite: 'none',
    locks: ['share update exclusive users, read'],
    reverse: 'what was validated of users stays so',
    stays: true,
  },
  {
    name: 'a constraint that is dropped',
    before: 'alter table users add constraint users_email_key unique (email)',
    operation: dropConstraint(users, (t) => unique(t.email)),
    postgres: ['alter table "users" drop constraint "users_email_key"'],
    sqlite: 'none',
  },
  {
    name: 'a renamed constraint',
    operation: renameConstraint('users', 'users_pkey', 'key'),
    postgres: ['alter table "users" rename constraint "users_pkey" to "key"'],
    sqlite: 'rebuilt',
  },
  {
    name: 'several changes at once',
    operation: alterTable(users, [
      addColumn('users', { a: integer() }),
      alterColumn('users', 'age', { nullable: false }),
      dropColumn(users, { orgId: integer('org_id') }),
      addConstraint(users, (t) => unique(t.age)),
      createIndex(users, (t) => index(t.age.desc())),
    ]),
    postgres: [
      'alter table "users" add column "a" integer, alter column "age" set not null, drop column "org_id", add constraint "users_age_key" unique ("age")',
      'create index "users_age_idx" on "users" ("age" desc)',
    ],
    sqlite: 'rebuilt',
    locks: ['access exclusive users, read'],
  },
  {
    name: 'an index',
    operation: createIndex(users, (t) => index(lower(t.email)).unique()),
    postgres: ['create unique index "users_email_idx1" on "users" ((lower("email")))'.replace('idx1', 'idx')],
    sqlite: ['create unique index "users_email_idx" on "users" ((lower("email")))'],
    before: 'drop index users_email_idx',
    locks: ['share users, read'],
  },
  {
    name: 'an index, concurrently',
    operation: createIndex(users, (t) => index(t.age), { concurrently: true }),
    postgres: ['create index concurrently "users_age_idx" on "users" ("age")'],
    sqlite: ['create index "users_age_idx" on "users" ("age")'],
    locks: ['share update exclusive users, read'],
    outside: true,
  },
  {
    name: 'an index that is dropped, concurrently',
    operation: dropIndex(users, (t) => index(t.email), { concurrently: true }),
    postgres: ['drop index concurrently "users_email_idx"'],
    sqlite: ['drop index "users_email_idx"'],
    outside: true,
  },
  {
    name: 'a renamed index',
    operation: renameIndex('users_email_idx', 'by_email'),
    postgres: ['alter index "users_email_idx" rename to "by_email"'],
    sqlite: 'rebuilt',
  },
  {
    name: 'a view',
    operation: createObject(good),
    postgres: ['create view "good" as select "users"."id", "users"."email" from "users"'],
    locks: ['access share users'],
    reverse: 'drop view good',
  },
  {
    name: 'a view with one column more',
    before: 'create view "good" as select "users"."id", "users"."email" from "users"',
    operation: replaceObject(good, better),
    postgres: [
      'create or replace view "good" as select "users"."id", "users"."email", "users"."age" from "users"',
    ],
    sqlite: [
      'drop view "good"',
      'create view "good" as select "users"."id", "users"."email", "users"."age" from "users"',
    ],
  },
  {
    name: 'a view with fewer columns',
    before: 'create view "good" as select "users"."id", "users"."email" from "users"',
    operation: replaceObject(good, other),
    postgres: ['drop view "good"', 'create view "good" as select "users"."email" from "users"'],
  },
  {
    name: 'a materialized view',
    operation: createObject(totals),
    postgres: ['create materialized view "totals" as select "users"."id" from "users"'],
    sqlite: 'none',
    reverse: 'drop materialized view totals',
  },
  {
    name: 'a materialized view that is refreshed',
    before: 'create materialized view totals as select id from users',
    operation: refreshMaterialized(totals),
    postgres: ['refresh materialized view "totals"'],
    sqlite: 'none',
    locks: ['access exclusive totals, rewritten'],
  },
  {
    name: 'a sequence',
    operation: createObject(numbers),
    postgres: ['create sequence "numbers" start with 5'],
    sqlite: 'none',
    reverse: 'drop sequence numbers',
  },
  {
    name: 'how a sequence counts',
    before: 'create sequence numbers start 5',
    operation: alterSequence(numbers, { increment: 10 }, { from: { increment: 1 } }),
    postgres: ['alter sequence "numbers" increment by 10'],
    sqlite: 'none',
  },
  {
    name: 'a schema',
    operation: createObject(schema('crm')),
    postgres: ['create schema "crm"'],
    sqlite: [],
    reverse: 'drop schema crm',
  },
  {
    name: 'a table in another schema',
    before: 'create schema if not exists archive; drop table if exists archive.users',
    operation: setSchema('table', 'users', { from: 'public', to: 'archive' }),
    postgres: ['alter table "public"."users" set schema "archive"'],
    sqlite: 'none',
  },
  {
    name: 'an extension',
    operation: createObject(extension('plpgsql')),
    postgres: ['create extension if not exists "plpgsql"'],
    sqlite: [],
    reverse: 'drop extension plpgsql',
    onlySays: true,
  },
  {
    name: 'an enum',
    operation: createObject(mood),
    postgres: [`create type "mood" as enum ('sad', 'happy')`],
    sqlite: [],
    reverse: 'drop enum mood',
  },
  {
    name: 'a domain',
    operation: createObject(domain('email', text(), { check: (value) => value.like('%@%') })),
    postgres: [`create domain "email" as text check (value like '%@%')`],
    sqlite: [],
    reverse: 'drop domain email',
  },
  {
    name: 'a composite type',
    operation: createObject(compositeType('address', { street: text() })),
    postgres: ['create type "address" as ("street" text)'],
    sqlite: [],
    reverse: 'drop composite type address',
  },
  {
    name: 'a renamed type',
    before: `create type mood as enum ('sad')`,
    operation: renameObject('type', 'mood', 'temper'),
    postgres: ['alter type "mood" rename to "temper"'],
    sqlite: 'none',
  },
  {
    name: 'a renamed function',
    before: `create function area(a int, b int) returns int language sql as 'select 1'`,
    operation: renameObject('function', 'area', 'surface', { arguments: ['integer', 'integer'] }),
    postgres: ['alter function "area"(integer, integer) rename to "surface"'],
    sqlite: 'none',
  },
  {
    name: 'a function',
    operation: createObject(area('a * b')),
    postgres: [
      "create or replace function area(a int, b int) returns int language sql immutable as 'select a * b'",
    ],
    sqlite: 'none',
    reverse: 'drop function area',
  },
  {
    name: 'a function in place of another',
    before: `create function area(a int, b int) returns int language sql immutable as 'select a * b'`,
    operation: replaceObject(area('a * b'), area('b * a')),
    postgres: [
      "create or replace function area(a int, b int) returns int language sql immutable as 'select b * a'",
    ],
    sqlite: 'none',
  },
  {
    name: 'a policy',
    operation: createObject(policy),
    postgres: ['create policy own on users using (id = 1)'],
    sqlite: 'none',
  },
  {
    name: 'a trigger',
    operation: createObject(trigger),
    postgres: 'none',
    sqlite: ["create trigger touched after insert on users begin update orgs set name = 'x'; end"],
    reverse: 'drop trigger touched',
  },
  {
    name: 'row security',
    operation: rowSecurity('users', { enabled: true, forced: true }),
    postgres: [
      'alter table "users" enable row level security',
      'alter table "users" force row level security',
    ],
    sqlite: [],
    locks: ['access exclusive users'],
    reverse: 'disable and no force row security of users',
  },
  {
    name: 'privileges',
    operation: grant(['select', 'insert'], { on: 'users', to: 'public' }),
    postgres: ['grant select, insert on table "users" to public'],
    sqlite: [],
    reverse: 'revoke select, insert on table users from public',
    stays: true,
  },
  {
    name: 'privileges that are taken',
    before: 'grant usage on schema public to public',
    operation: revoke('usage', { on: { kind: 'schema', name: 'public' }, to: 'public' }),
    postgres: ['revoke usage on schema "public" from public'],
    sqlite: [],
  },
  {
    name: 'comments',
    operation: comment({ kind: 'index', name: 'users_email_idx' }, 'why'),
    postgres: [`comment on index "users_email_idx" is 'why'`],
    sqlite: [],
  },
  {
    name: 'a comment on a table',
    operation: comment({ kind: 'table', name: 'users' }, 'who'),
    postgres: [`comment on table "users" is 'who'`],
    sqlite: [],
    locks: ['share update exclusive users'],
  },
  {
    name: 'a partition',
    before:
      'create table events (id int not null, at date not null) partition by range (at); create table events_2026 (id int not null, at date not null)',
    operation: attachPartition(events, plainEvents, year),
    postgres: [
      `alter table "events" attach partition "events_2026" for values from ('2026-01-01'::date) to ('2027-01-01'::date)`,
    ],
    sqlite: 'none',
    locks: ['share update exclusive events', 'access exclusive events_2026, read'],
    reverse: 'detach events_2026 of events',
  },
  {
    name: 'a partition that is detached concurrently',
    before:
      "create table events (id int not null, at date not null) partition by range (at); create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')",
    operation: detachPartition(events, 'events_2026', year, { concurrently: true }),
    postgres: ['alter table "events" detach partition "events_2026" concurrently'],
    sqlite: 'none',
    outside: true,
    reverse: 'attach events_2026 to events',
    // The server leaves a check of the bounds with it.
    stays: true,
  },
  {
    name: 'rows',
    operation: bulkInsert(orgs, [
      { id: 1, name: 'a' },
      { id: 2, name: null },
    ]),
    postgres: ['insert into "orgs" ("id", "name") values ($1, $2), ($3, $4)'],
    sqlite: ['insert into "orgs" ("id", "name") values (?, ?), (?, ?)'],
    locks: ['row exclusive orgs'],
    reverse: 'delete 2 rows of orgs',
  },
  {
    name: 'an assertion',
    operation: assert(sql.query({ ok: boolean() })`select true`, 'all is well'),
    postgres: [],
  },
  {
    name: 'an own operation',
    operation: defineOperation({
      kind: 'own',
      description: 'own',
      statements: [sql.statement`create table own (x int)`],
      reverse: () =>
        defineOperation({
          kind: 'less',
          description: 'not own',
          statements: [sql.statement`drop table own`],
          reverse: { irreversible: 'x' },
        }),
      locks: [],
    }),
    postgres: ['create table own (x int)'],
    locks: [],
  },
]
void [primaryKey, nextValue, dropObject]

const sqlOf = (operation: Operation, dialect: Dialect) =>
  operation.statements(dialect).map((statement) => {
    const { sql: text } = statement.toSQL(dialect)
    const again = fromJSON(
      JSON.parse(JSON.stringify(toJSON(statement as never))),
    ) as unknown as Statement<never>
    expect(again.toSQL(dialect).sql).toBe(text)
    return text
  })

describe('an operation says', () => {
  it.each(cases)(
    'its statements, its reverse and its locks: $name',
    ({ operation, locks, outside = false, reverse, ...expected }) => {
      if (expected.postgres !== 'none') expect(sqlOf(operation, postgresDialect)).toEqual(expected.postgres)
      const lite = expected.sqlite ?? expected.postgres
      if (lite === 'rebuilt') {
        expect(sqlOf(operation, sqliteDialect)).toEqual([])
        if (!operation.kind.startsWith('alterColumn') || operation.perform?.(sqliteDialect) !== undefined)
          expect(operation.perform?.(sqliteDialect)).toBeTypeOf('function')
      } else if (lite !== 'none') expect(sqlOf(operation, sqliteDialect)).toEqual(lite)
      if (locks !== undefined) {
        const taken = locksOf(operation, postgresDialect)?.map(
          ({ object, mode, scans, rewrites }) =>
            `${mode} ${object}${rewrites ? ', rewritten' : scans ? ', read' : ''}`,
        )
        expect(taken).toEqual(locks)
      }
      expect(runsOutsideTransaction(operation, postgresDialect)).toBe(outside)
      if (lite !== 'none') expect(runsOutsideTransaction(operation, sqliteDialect)).toBe(false)
      const undone = operation.reverse()
      if (isIrreversible(undone)) throw new Error(undone.irreversible)
      if (typeof reverse === 'string') expect(undone.description).toBe(reverse)
    },
  )
})

describe('an operation goes up, down and up', async () => {
  const url = await testDatabaseUrl()
  const pg = await postgres({ url, max: 3 })
  afterAll(() => pg.close())
  const both = [
    { name: 'PostgreSQL', open: () => pg, inspect: inspectPostgres, key: 'postgres' as const },
    { name: 'SQLite', open: () => sqlite(':memory:'), inspect: inspectSqlite, key: 'sqlite' as const },
  ]
  describe.each(both)('on $name', ({ open, inspect, key }) => {
    let db: Database
    beforeEach(async () => {
      db = open()
      if (key === 'postgres') await db.run(sql.statement`drop schema public cascade`)
      if (key === 'postgres') await db.run(sql.statement`create schema public`)
    })
    const catalog = async () => {
      const found = await inspect(db, {
        exclude: { names: ['espalier_*'] },
        include: { schemas: [key === 'sqlite' ? 'main' : 'public'] },
      })
      expect(found.problems).toEqual([])
      return JSON.parse(JSON.stringify(found))
    }
    const runnable = cases.filter(
      (one) =>
        (one.onlySays !== true &&
          (key === 'sqlite' ? (one.sqlite ?? one.postgres) : one.postgres) !== 'none') ||
        (key === 'sqlite' &&
          /^(dropped columns|a type without|a constraint that is dropped)$/.test(one.name)),
    )
    it.each(runnable)('$name', async ({ operation, before, stays: same }) => {
      for (const statement of createAll([orgs, users], db.dialect)) await db.run(statement)
      const isLite = key === 'sqlite'
      if (before !== undefined && !(isLite && /add constraint|materialized|schema/.test(before))) {
        for (const one of before.split(';')) await db.run(sql.statement`${sql.unsafe(one)}`)
      }
      if (isLite && before?.includes('add constraint users_email_key')) return
      const migrator = createMigrator({
        db,
        revisions: [revision({ id: 'a1', parents: [], message: 'one', up: [operation] })],
      })
      const first = await catalog()
      await migrator.upgrade()
      const second = await catalog()
      if (
        !/refreshed|assertion|^rows$|privileges|schema|extension|own|looked at$|computed$/.test(
          operation.description,
        ) &&
        operation.statements(db.dialect).length > 0 &&
        !['bulkInsert', 'refreshMaterialized', 'createObject'].includes(operation.kind)
      )
        expect(second).not.toEqual(first)
      await migrator.downgrade('base')
      if (!same) expect(await catalog()).toEqual(first)
      await migrator.upgrade()
      expect(await catalog()).toEqual(second)
    })
  })
})
