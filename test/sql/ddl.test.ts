import {
  type AnyTable,
  bigint,
  boolean,
  bytes,
  check,
  count,
  createAll,
  createTable,
  type Database,
  date,
  double,
  dropTable,
  foreignKey,
  index,
  insert,
  integer,
  json,
  jsonb,
  limitName,
  lower,
  metadata,
  now,
  numeric,
  primaryKey,
  real,
  select,
  sql,
  table,
  tableDefinition,
  text,
  timestamp,
  timestamptz,
  unique,
  update,
  uuid,
  varchar,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { bothDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const { postgresql, lite } = await bothDatabases()
const databases = [
  { name: 'PostgreSQL', db: postgresql },
  { name: 'SQLite', db: lite },
]

const ddl = (tables: Iterable<AnyTable>) => {
  const list = [...tables]
  return {
    postgres: createAll(list, postgresDialect).map((one) => one.toSQL(postgresDialect).sql),
    sqlite: createAll(list, sqliteDialect).map((one) => one.toSQL(sqliteDialect).sql),
  }
}
const create = async (db: Database, tables: Iterable<AnyTable>) => {
  for (const statement of createAll(tables, db.dialect)) await db.run(statement)
}

describe('types', () => {
  const types = table('types', {
    a: integer(),
    b: bigint(),
    c: numeric(),
    d: numeric({ precision: 10, scale: 2 }),
    e: numeric({ precision: 10 }),
    f: real(),
    g: double(),
    h: boolean(),
    i: text(),
    j: varchar(20),
    k: date(),
    l: timestamp(),
    m: timestamptz(),
    n: json(),
    o: jsonb(),
    p: uuid(),
    q: bytes(),
  })

  it('each has its name in each dialect', () => {
    const written = ddl([types])
    const named = (text: string | undefined) =>
      Object.fromEntries(
        [...(text ?? '').matchAll(/"(\w)" ([^",]+(?:, \d+\))?)/g)].map((m) => [
          m[1],
          m[2]?.replace(/\)$/, (end) => (m[2]?.includes('(') ? end : '')),
        ]),
      )
    expect(named(written.postgres[0])).toEqual({
      a: 'integer',
      b: 'bigint',
      c: 'numeric',
      d: 'numeric(10, 2)',
      e: 'numeric(10, 0)',
      f: 'real',
      g: 'double precision',
      h: 'boolean',
      i: 'text',
      j: 'varchar(20)',
      k: 'date',
      l: 'timestamp',
      m: 'timestamptz',
      n: 'json',
      o: 'jsonb',
      p: 'uuid',
      q: 'bytea',
    })
    expect(named(written.sqlite[0])).toEqual({
      a: 'integer',
      b: 'integer',
      c: 'numeric',
      d: 'numeric(10, 2)',
      e: 'numeric(10, 0)',
      f: 'real',
      g: 'real',
      h: 'integer',
      i: 'text',
      j: 'varchar(20)',
      k: 'text',
      l: 'text',
      m: 'text',
      n: 'text',
      o: 'text',
      p: 'text',
      q: 'blob',
    })
  })

  it.each(databases)('can be created on $name', async ({ db }) => {
    await create(db, [types])
    expect(await db.all(select(types).from(types))).toEqual([])
    await db.run(dropTable(types))
  })
})

const day = new Date('2026-11-21T10:30:00.123Z')
const defaults = table('defaults', {
  id: integer().identity().primaryKey(),
  a: integer().notNull().default(-5),
  b: bigint().default(-9007199254740993n),
  c: numeric().default('-1.50'),
  d: double().default(-0.5),
  e: boolean().notNull().default(false),
  f: text().default('it\'s \\ "so" $1 ? --'),
  g: date().default('2026-11-21'),
  h: timestamp().default(day),
  i: timestamptz().default(day),
  j: jsonb<unknown>().default({ a: ["'", null] }),
  k: uuid().default('6f9619ff-8b86-4d11-b42d-00cf4fc964ff'),
  l: bytes().default(new Uint8Array([0, 255])),
  m: timestamptz().notNull().default(now()),
  n: text().default(lower(sql<string>`'ABC'` as never)),
  o: text(),
})

describe('defaults', () => {
  it.each(databases)('come back as values of their type on $name', async ({ db }) => {
    await create(db, [defaults])
    const { m, ...row } = await db.one(insert(defaults).defaultValues().returning(defaults))
    expect(m).toBeInstanceOf(Date)
    expect(row).toEqual({
      id: 1,
      a: -5,
      b: -9007199254740993n,
      c: '-1.5',
      d: -0.5,
      e: false,
      f: 'it\'s \\ "so" $1 ? --',
      g: '2026-11-21',
      h: day,
      i: day,
      j: { a: ["'", null] },
      k: '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
      l: new Uint8Array([0, 255]),
      n: 'abc',
      o: null,
    })
  })
})

const app = metadata({ columnNames: 'snake_case' })
const orgs = app.table('orgs', {
  id: integer().identity().primaryKey(),
  legalName: text().notNull().unique(),
})
const people = app.table(
  'people',
  {
    orgId: integer()
      .notNull()
      .references(() => orgs.id, { onDelete: 'cascade', onUpdate: 'no action' }),
    number: integer(),
    email: text().notNull(),
    bossNumber: integer(),
    seenAt: timestamptz(),
  },
  (t) => [
    primaryKey(t.orgId, t.number),
    unique(t.orgId, t.email),
    unique(t.seenAt).named('seen once'),
    foreignKey([t.orgId, t.bossNumber], () => [t.orgId, t.number], { onDelete: 'set null' }),
    check(t.number.gt(0)),
    check(t.email.like('%@%')).named('email_looks_right'),
    index(lower(t.email)),
    index(t.seenAt.desc(), t.number).where(t.bossNumber.isNull()),
    index(t.email).unique().named('one email'),
  ],
)

describe('constraints and indexes', () => {
  it('are written with names of the convention, or of their own', () => {
    expect(ddl([people, orgs])).toEqual({
      postgres: [
        'create table "orgs" ("id" integer generated by default as identity not null, "legal_name" text not null, ' +
          'constraint "orgs_pkey" primary key ("id"), constraint "orgs_legal_name_key" unique ("legal_name"))',
        'create table "people" ("org_id" integer not null, "number" integer not null, "email" text not null, ' +
          '"boss_number" integer, "seen_at" timestamptz, constraint "people_pkey" primary key ("org_id", "number"), ' +
          'constraint "people_org_id_fkey" foreign key ("org_id") references "orgs" ("id") on delete cascade on update no action, ' +
          'constraint "people_org_id_email_key" unique ("org_id", "email"), constraint "seen once" unique ("seen_at"), ' +
          'constraint "people_org_id_boss_number_fkey" foreign key ("org_id", "boss_number") references "people" ("org_id", "number") on delete set null, ' +
          'constraint "people_number_check" check ("number" > 0), constraint "email_looks_right" check ("email" like \'%@%\'))',
        'create index "people_email_idx" on "people" ((lower("email")))',
        'create index "people_seen_at_number_idx" on "people" ("seen_at" desc, "number") where "boss_number" is null',
        'create unique index "one email" on "people" ("email")',
      ],
      sqlite: [
        'create table "orgs" ("id" integer constraint "orgs_pkey" primary key not null, "legal_name" text not null, ' +
          'constraint "orgs_legal_name_key" unique ("legal_name"))',
        'create table "people" ("org_id" integer not null, "number" integer not null, "email" text not null, ' +
          '"boss_number" integer, "seen_at" text, constraint "people_pkey" primary key ("org_id", "number"), ' +
          'constraint "people_org_id_fkey" foreign key ("org_id") references "orgs" ("id") on delete cascade on update no action, ' +
          'constraint "people_org_id_email_key" unique ("org_id", "email"), constraint "seen once" unique ("seen_at"), ' +
          'constraint "people_org_id_boss_number_fkey" foreign key ("org_id", "boss_number") references "people" ("org_id", "number") on delete set null, ' +
          'constraint "people_number_check" check ("number" > 0), constraint "email_looks_right" check ("email" glob \'*@*\'))',
        'create index "people_email_idx" on "people" ((lower("email")))',
        'create index "people_seen_at_number_idx" on "people" ("seen_at" desc, "number") where "boss_number" is null',
        'create unique index "one email" on "people" ("email")',
      ],
    })
  })

  it.each(databases)('hold on $name', async ({ db }) => {
    await create(db, app.tables.values())
    await db.run(insert(orgs).values({ legalName: 'A' }))
    const ann = { orgId: 1, number: 1, email: 'a@x' }
    await db.run(insert(people).values(ann))
    const refused = async (row: object) =>
      (await errorOf(() => db.run(insert(people).values(row as never)))).code
    expect(await refused(ann)).toBe('unique_violation')
    expect(await refused({ ...ann, number: 2 })).toBe('unique_violation')
    expect(await refused({ ...ann, number: 2, email: 'x' })).toBe('check_violation')
    expect(await refused({ ...ann, number: -2, email: 'b@x' })).toBe('check_violation')
    expect(await refused({ ...ann, number: 2, email: 'b@x', orgId: 9 })).toBe('foreign_key_violation')
    expect(await refused({ ...ann, number: 2, email: 'b@x', bossNumber: 9 })).toBe('foreign_key_violation')
    expect(await refused({ number: 2, email: 'b@x' })).toBe('not_null_violation')
    expect(await db.scalar(select(count()).from(people))).toBe(1)
  })
})

describe('references in a circle', () => {
  const circle = metadata()
  const hens = circle.table('hens', { id: integer().primaryKey(), eggId: integer().references('eggs.id') })
  const eggs = circle.table('eggs', {
    id: integer().primaryKey(),
    henId: integer().references(() => hens.id),
  })
  const nodes = circle.table('nodes', {
    id: integer().primaryKey(),
    parent: integer().references('nodes.id'),
  })

  it('come last where the dialect adds constraints, and stay inside where it does not', () => {
    const { postgres, sqlite } = ddl([hens, eggs, nodes])
    expect(postgres.map((text) => text.replace(/ \(.*/, ''))).toEqual([
      'create table "nodes"',
      'create table "hens"',
      'create table "eggs"',
      'alter table "hens" add constraint "hens_eggId_fkey" foreign key',
    ])
    expect(sqlite).toHaveLength(3)
    expect(sqlite.join()).toContain(
      'constraint "hens_eggId_fkey" foreign key ("eggId") references "eggs" ("id")',
    )
  })

  it.each(databases)('can be created and hold on $name', async ({ db }) => {
    await create(db, circle.tables.values())
    await db.run(insert(hens).values({ id: 1, eggId: null }))
    await db.run(insert(eggs).values({ id: 1, henId: 1 }))
    expect((await errorOf(() => db.run(insert(hens).values({ id: 2, eggId: 9 })))).code).toBe(
      'foreign_key_violation',
    )
    expect((await errorOf(() => db.run(insert(nodes).values({ id: 2, parent: 9 })))).code).toBe(
      'foreign_key_violation',
    )
  })
})

describe('long names', () => {
  const long = 'x'.repeat(60)
  const naming = metadata()
  const first = naming.table(
    `first_${'x'.repeat(40)}`,
    { aLongColumnNameHere: integer().unique(), anotherLongColumnName: integer() },
    (t) => [
      unique(t.aLongColumnNameHere, t.anotherLongColumnName),
      index(t.aLongColumnNameHere, t.anotherLongColumnName),
    ],
  )

  it('made by the convention are cut to 63 bytes, each its own', () => {
    const { constraints, indexes } = tableDefinition(first)
    const names = [...constraints, ...indexes].map((one) => one.name)
    expect(names.every((name) => Buffer.byteLength(name) <= 63)).toBe(true)
    expect(new Set(names).size).toBe(names.length)
    for (const name of ['€'.repeat(40), '🙂'.repeat(40), `a${'🙂'.repeat(40)}`]) {
      const cut = limitName(name)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(63)
      expect(Buffer.from(cut).toString()).toBe(cut)
    }
  })

  it.each(databases)('can be created on $name', async ({ db }) => {
    await create(db, [first])
  })

  it.each([
    ['a column', table('t', { a: integer(`${long}_column`) })],
    ['a table', table(`${long}_table`, { a: integer() })],
    ['a constraint', table('t', { a: integer().unique(`${long}_unique`) })],
    ['a constraint in bytes', table('t', { a: integer().unique('€'.repeat(22)) })],
  ])('given for %s are refused where the database would cut them', async (_, given) => {
    const error = await errorOf(() => createTable(given).toSQL(postgresDialect))
    expect(error.code).toBe('name_too_long')
    expect(error.message).toMatch(/63 bytes/)
    expect(createTable(given).toSQL(sqliteDialect).sql).toContain('create table')
  })
})

describe('what a database has not', () => {
  it.each([
    [
      'identity beside the primary key',
      () => createTable(table('t', { a: integer().identity(), b: integer().primaryKey() })),
      /SQLite has no identity for t\.a/,
    ],
    ['drop cascade', () => dropTable('t', { cascade: true }), /SQLite has no drop table … cascade/],
  ])('%s is refused on SQLite', async (_, statement, says) => {
    const error = await errorOf(() => statement().toSQL(sqliteDialect))
    expect(error.code).toBe('unsupported')
    expect(error.message).toMatch(says)
    expect(() => statement().toSQL(postgresDialect)).not.toThrow()
  })

  it('returning of another source is refused on SQLite', async () => {
    const statement = update(people)
      .set({ email: orgs.legalName })
      .from(orgs)
      .where(orgs.id.eq(people.orgId))
      .returning({ a: orgs.id })
    expect((await errorOf(() => statement.toSQL(sqliteDialect))).code).toBe('unsupported')
    expect(statement.toSQL(postgresDialect).sql).toContain('returning "orgs"."id" as "a"')
  })

  it('nulls first in an index is refused on SQLite', async () => {
    const sorted = table('t', { a: integer() }, (t) => [index(t.a.desc().nullsLast())])
    expect((await errorOf(() => ddl([sorted]))).code).toBe('unsupported')
  })
})

describe('drop', () => {
  it('a table, if it is there', () => {
    expect(dropTable(orgs).toSQL(postgresDialect).sql).toBe('drop table "orgs"')
    expect(dropTable('or"gs', { ifExists: true }).toSQL(sqliteDialect).sql).toBe(
      'drop table if exists "or""gs"',
    )
    expect(dropTable(orgs, { cascade: true }).toSQL(postgresDialect).sql).toBe('drop table "orgs" cascade')
    expect(createTable(orgs, { ifNotExists: true }).toSQL(sqliteDialect).sql).toMatch(
      /^create table if not exists "orgs"/,
    )
  })

  it('of what is no table is an error', async () => {
    expect((await errorOf(() => dropTable({} as never))).code).toBe('invalid_source')
  })
})
