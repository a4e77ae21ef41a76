import {
  alterSequence,
  bigint,
  boolean,
  check,
  createAll,
  createExtension,
  createSchema,
  createSequence,
  currentValue,
  type Database,
  declared,
  dropAll,
  dropExtension,
  dropSchema,
  dropSequence,
  enumType,
  extension,
  index,
  insert,
  integer,
  type Metadata,
  metadata,
  nextValue,
  schema,
  schemaToSQL,
  select,
  sequence,
  setValue,
  sql,
  table,
  text,
  view,
} from '@espalier/core'
import { postgresDialect, postgresDialectFor } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { schemaDatabases } from '../support/schema.js'
import { errorOf } from '../support/sql.js'

const { databases, postgresqls, lite } = await schemaDatabases()

const created = (app: Metadata, dialect = postgresDialect) =>
  createAll(app, dialect).map((statement) => statement.toSQL(dialect).sql)
const dropped = (app: Metadata, dialect = postgresDialect) =>
  dropAll(app, dialect).map((statement) => statement.toSQL(dialect).sql)
const run = async (db: Database, statements: ReturnType<typeof createAll>) => {
  for (const statement of statements) await db.run(statement)
}

describe('sequences', () => {
  const numbers = sequence('numbers', {
    schema: 'public',
    type: 'integer',
    start: 5,
    increment: 2,
    cycle: false,
  })

  it('are created, changed and dropped, on PostgreSQL alone', async () => {
    const written = [
      createSequence(numbers),
      createSequence(sequence('plain'), { ifNotExists: true }),
      alterSequence(numbers, { increment: 10, restart: 100 }),
      dropSequence(numbers, { ifExists: true }),
      select({ a: nextValue(numbers), b: currentValue(numbers), c: setValue(numbers, 7) }),
    ]
    expect(written.map((one) => one.toSQL(postgresDialect).sql)).toEqual([
      'create sequence "public"."numbers" as integer start with 5 increment by 2 no cycle',
      'create sequence if not exists "plain"',
      'alter sequence "public"."numbers" increment by 10 restart with 100',
      'drop sequence if exists "public"."numbers"',
      `select nextval('"public"."numbers"') as "a", currval('"public"."numbers"') as "b", setval('"public"."numbers"', $1::bigint) as "c"`,
    ])
    for (const one of written)
      expect((await errorOf(() => one.toSQL(sqliteDialect))).message).toMatch(/^SQLite has no sequences/)
    expect((await errorOf(() => alterSequence(numbers, {}).toSQL(postgresDialect))).message).toMatch(
      /changes nothing/,
    )
  })

  it.each(postgresqls)('number rows on $name', async ({ db }) => {
    const app = metadata()
    const invoices = app.table('invoices', {
      number: bigint().primaryKey().default(nextValue(numbers)),
      text: text(),
    })
    app.add(numbers)
    await run(db, createAll(app, db.dialect))
    expect(await db.scalar(insert(invoices).values({ text: 'a' }).returning(invoices.number))).toBe(5n)
    expect(await db.scalar(insert(invoices).values({ text: 'b' }).returning(invoices.number))).toBe(7n)
    expect(await db.scalar(select(setValue(numbers, 20)))).toBe(20n)
    expect(await db.scalar(select(nextValue(numbers)))).toBe(22n)
    await db.run(alterSequence(numbers, { restart: 3 }))
    expect(
      await db.scalar(
        insert(invoices)
          .values({ number: nextValue(numbers) })
          .returning(invoices.number),
      ),
    ).toBe(3n)
    await run(db, dropAll(app, db.dialect))
    await run(db, dropAll(app, db.dialect, { ifExists: true }))
  })
})

describe('schemas and extensions', () => {
  it('are created and dropped, on PostgreSQL alone', async () => {
    const written = [
      createSchema('app', { ifNotExists: true }),
      dropSchema('app', { ifExists: true, cascade: true }),
      createExtension('citext', { schema: 'app', version: '1.6', ifNotExists: true }),
      dropExtension('citext', { ifExists: true }),
    ]
    expect(written.map((one) => one.toSQL(postgresDialect).sql)).toEqual([
      'create schema if not exists "app"',
      'drop schema if exists "app" cascade',
      `create extension if not exists "citext" schema "app" version '1.6'`,
      'drop extension if exists "citext"',
    ])
    for (const one of written)
      expect((await errorOf(() => one.toSQL(sqliteDialect))).code).toBe('unsupported')
  })

  const app = metadata({ schema: 'app' })
  const mood = enumType('mood', ['sad', 'ok'])
  const tags = app.table('tags', { id: integer().primaryKey(), mood: mood() }, (t) => [index(t.mood)], {
    comment: "the tags' table",
  })
  app.add(
    view('moods', select({ mood: tags.mood }).from(tags), { schema: 'app' }),
    extension('plpgsql'),
    schema('app'),
  )

  it('come before what is in them, and SQLite does without', () => {
    expect(created(app)).toEqual([
      'create extension if not exists "plpgsql"',
      'create schema "app"',
      `create type "mood" as enum ('sad', 'ok')`,
      'create table "app"."tags" ("id" integer not null, "mood" "mood", constraint "tags_pkey" primary key ("id"))',
      'create index "tags_mood_idx" on "app"."tags" ("mood")',
      `comment on table "app"."tags" is 'the tags'' table'`,
      'create view "app"."moods" as select "tags"."mood" from "app"."tags"',
    ])
    expect(created(app, sqliteDialect)).toHaveLength(3)
    expect(dropped(app)).toEqual([
      'drop view "app"."moods"',
      'drop table "app"."tags"',
      'drop type "mood"',
      'drop schema "app"',
      'drop extension "plpgsql"',
    ])
  })

  it.each(postgresqls)('are what $name has', async ({ db }) => {
    await run(db, createAll(app, db.dialect))
    // Once more does nothing, and fails for nothing.
    await run(db, createAll(app, db.dialect, { ifNotExists: true }))
    await db.run(insert(tags).values({ id: 1, mood: 'ok' }))
    const comment = sql.query({ comment: text() })`select obj_description('app.tags'::regclass, 'pg_class')`
    expect(await db.one(comment)).toEqual({ comment: "the tags' table" })
    await run(
      db,
      dropAll(app, db.dialect).filter((one) => !one.toSQL(db.dialect).sql.includes('plpgsql')),
    )
    const left = sql.query({ n: integer() })`select count(*)::int from pg_namespace where nspname = 'app'`
    expect(await db.one(left)).toEqual({ n: 0 })
  })
})

describe('objects by their source', () => {
  const posts = table('posts', {
    id: integer().primaryKey(),
    title: text(),
    changes: integer().notNull().default(0),
  })
  const functionOf = declared({
    kind: 'function',
    name: 'count_change',
    create: sql.statement`create or replace function count_change() returns trigger language plpgsql as $$ begin new.changes := old.changes + 1; return new; end $$`,
    drop: sql.statement`drop function count_change()`,
    onlyOn: 'PostgreSQL',
  })
  const trigger = declared({
    kind: 'trigger',
    name: 'posts_change',
    create: sql.statement`create trigger posts_change before update on posts for each row execute function count_change()`,
    dependsOn: [posts, functionOf],
    onlyOn: 'PostgreSQL',
  })
  const liteTrigger = declared({
    kind: 'trigger',
    name: 'posts_change_lite',
    create: sql.statement`create trigger posts_change after update of title on posts begin update posts set changes = old.changes + 1 where id = new.id; end`,
    drop: sql.statement`drop trigger posts_change`,
    dependsOn: [posts],
    onlyOn: 'SQLite',
  })
  const app = metadata()
  app.add(trigger, liteTrigger, functionOf, posts)

  it.each(databases)('are created and dropped in order on $name', async ({ db }) => {
    await run(db, createAll(app, db.dialect))
    await db.run(insert(posts).values({ id: 1, title: 'a' }))
    await db.run(sql.statement`update posts set title = 'b'`)
    expect(await db.one(select(posts).from(posts))).toEqual({ id: 1, title: 'b', changes: 1 })
    await run(db, dropAll(app, db.dialect))
    expect((await errorOf(() => db.all(select(posts).from(posts)))).message).toMatch(/posts/)
  })

  it('are left out for other databases, of any version', () => {
    expect(created(app, sqliteDialect).map((text) => text.slice(0, 14))).toEqual([
      'create table "',
      'create trigger',
    ])
    expect(created(app, postgresDialectFor(14)).map((text) => text.slice(0, 18))).toEqual([
      'create or replace ',
      'create table "post',
      'create trigger pos',
    ])
    expect(dropped(app)).toEqual(['drop table "posts"', 'drop function count_change()'])
  })

  it('that are virtual tables are queried by a table of the same name', async () => {
    const pages = table('pages_fts', { title: text(), body: text() })
    const fts = declared({
      kind: 'virtual table',
      name: 'pages_fts',
      create: sql.statement`create virtual table pages_fts using fts5(title, body)`,
      drop: sql.statement`drop table pages_fts`,
    })
    const boxes = declared({
      kind: 'virtual table',
      name: 'boxes',
      create: sql.statement`create virtual table boxes using rtree(id, min_x, max_x)`,
      drop: sql.statement`drop table boxes`,
    })
    const search = metadata()
    search.add(view('titles', select({ title: pages.title }).from(pages)), boxes, fts)
    await run(lite, createAll(search, lite.dialect))
    await lite.run(insert(pages).values({ title: 'cats', body: 'purr' }))
    expect(
      await lite.all(
        select(pages.title)
          .from(pages)
          .where(sql`pages_fts match 'purr'` as never),
      ),
    ).toEqual(['cats'])
    await run(lite, dropAll(search, lite.dialect))
  })

  it('must be statements', async () => {
    const wrong = { kind: 'function', name: 'f', create: 'create function' as never }
    expect((await errorOf(() => declared(wrong))).message).toMatch(
      /The create of function 'f' takes statements such as sql\.statement/,
    )
    expect((await errorOf(() => app.add({} as never))).message).toMatch(/app\.add\(…\) takes tables, views/)
  })
})

describe('all of a metadata', () => {
  const circle = metadata()
  const hens = circle.table('hens', { id: integer().primaryKey(), eggId: integer().references('eggs.id') })
  const eggs = circle.table('eggs', {
    id: integer().primaryKey(),
    henId: integer().references(() => hens.id),
  })
  const alone = circle.table('alone', { id: integer().primaryKey() }, undefined, { onlyOn: 'SQLite' })

  it('is dropped and created in circles', () => {
    const shorten = (texts: string[]) => texts.map((text) => text.replace(/ \(.*/, ''))
    expect(shorten(created(circle))).toEqual([
      'create table "hens"',
      'create table "eggs"',
      'alter table "hens" add constraint "hens_eggId_fkey" foreign key',
    ])
    expect(dropped(circle)).toEqual([
      'alter table "hens" drop constraint "hens_eggId_fkey"',
      'drop table "eggs"',
      'drop table "hens"',
    ])
    expect(shorten(created(circle, sqliteDialect))).toEqual([
      'create table "alone"',
      'create table "hens"',
      'create table "eggs"',
    ])
  })

  it.each(databases)('is made twice and dropped twice on $name', async ({ db }) => {
    for (let i = 0; i < 2; i++) await run(db, createAll(circle, db.dialect, { ifNotExists: true }))
    await db.run(insert(hens).values({ id: 1 }))
    await db.run(insert(eggs).values({ id: 1, henId: 1 }))
    expect((await errorOf(() => db.run(insert(hens).values({ id: 2, eggId: 9 })))).code).toBe(
      'foreign_key_violation',
    )
    for (let i = 0; i < 2; i++) await run(db, dropAll(circle, db.dialect, { ifExists: true }))
    expect((await errorOf(() => db.all(select(hens).from(hens)))).message).toMatch(/hens/)
  })

  it('is a script', () => {
    const app = metadata()
    app.table('tags', { name: text().primaryKey().default("it's") })
    expect(schemaToSQL(app, sqliteDialect)).toBe(
      'create table "tags" ("name" text not null default \'it\'\'s\', constraint "tags_pkey" primary key ("name"));\n',
    )
    expect(alone).toBeDefined()
  })

  it('is given each object once, and none that need each other', async () => {
    const twice = metadata()
    const one = twice.table('one', { id: integer() })
    twice.add(one)
    expect((await errorOf(() => created(twice))).message).toBe('The relation "one" is given twice.')
    const a = { kind: 'rule', name: 'a', create: sql.statement`select 1` }
    const first = declared({ ...a, dependsOn: [declared({ ...a, name: 'b' })] })
    const second = declared({ ...a, name: 'b', dependsOn: [first] })
    expect((await errorOf(() => createAll([first, second], sqliteDialect))).message).toBe(
      'These need each other, so none can be created first: rule "a", rule "b".',
    )
  })
})

describe('what is declared with its columns', () => {
  it('is read and written as a table, and created by its source', async () => {
    const notes = table('searched_notes', { id: integer().primaryKey(), body: text().notNull() })
    const long = declared({
      kind: 'view',
      name: 'long_notes',
      create: sql.statement`create view long_notes as select id, body as "the body" from searched_notes where length(body) > 3`,
      drop: sql.statement`drop view long_notes`,
      dependsOn: [notes],
      columns: { id: integer(), theBody: text('the body') },
    })
    const search = declared({
      kind: 'virtual table',
      name: 'found',
      create: sql.statement`create virtual table found using fts5(body)`,
      drop: sql.statement`drop table found`,
      columns: { body: text().notNull() },
      onlyOn: 'SQLite',
    })
    for (const { db, name } of databases) {
      await run(db, createAll([search, long, notes], db.dialect))
      await db.run(
        insert(notes).values([
          { id: 1, body: 'a note' },
          { id: 2, body: 'b' },
        ]),
      )
      const found = select(long).from(long).where(long.theBody.eq('a note'))
      expect(found.toSQL(sqliteDialect).sql).toBe(
        'select "long_notes"."id", "long_notes"."the body" as "theBody" from "long_notes" where "long_notes"."the body" = ?',
      )
      expect(await db.all(found)).toEqual([{ id: 1, theBody: 'a note' }])
      if (name === 'SQLite') {
        await db.run(insert(search).values({ body: 'one word' }))
        expect(await db.all(select(search.body).from(search))).toEqual(['one word'])
      }
      await run(db, dropAll([search, long, notes], db.dialect))
    }
  })
})

it('several metadatas are created and dropped as one', () => {
  const app = metadata()
  const other = metadata({ schema: 'other' })
  const users = app.table('users', { id: integer().primaryKey() })
  other.table('users', {
    id: integer()
      .primaryKey()
      .references(() => users.id),
  })
  const statements = createAll([other, app, schema('other')], postgresDialect)
  expect(statements.map((one) => one.toSQL(postgresDialect).sql)).toEqual([
    'create schema "other"',
    'create table "users" ("id" integer not null, constraint "users_pkey" primary key ("id"))',
    'create table "other"."users" ("id" integer not null, constraint "users_pkey" primary key ("id"), ' +
      'constraint "users_id_fkey" foreign key ("id") references "users" ("id"))',
  ])
  expect(dropAll([other, app], postgresDialect).map((one) => one.toSQL(postgresDialect).sql)).toEqual([
    'drop table "other"."users"',
    'drop table "users"',
  ])
})

describe('a table that needs another object', () => {
  const score = declared({
    kind: 'function',
    name: 'score(integer)',
    create: sql.statement`create function score(integer) returns integer language sql immutable as 'select $1 + 1'`,
    drop: sql.statement`drop function score(integer)`,
    onlyOn: 'PostgreSQL',
  })
  const games = table(
    'games',
    { points: integer() },
    (t) => [check(sql(boolean())`score(${t.points}) > 1`)],
    {
      dependsOn: [score],
    },
  )

  it.each(postgresqls)('is created behind it and dropped before it on $name', async ({ db }) => {
    await run(db, createAll([games, score], db.dialect))
    expect((await errorOf(() => db.run(insert(games).values({ points: 0 })))).code).toBe('check_violation')
    await run(db, dropAll([score, games], db.dialect))
  })

  it('is created alone where the other is not meant', () => {
    expect(
      createAll([table('plain', { a: integer() }, undefined, { dependsOn: [score] })], sqliteDialect),
    ).toHaveLength(1)
  })
})

describe('tables of several schemas', () => {
  it('are found by their schema and name, where it is not that of the metadata', async () => {
    const app = metadata({ schema: 'app' })
    app.table('users', { id: integer().primaryKey() })
    app.table('users', { id: integer().primaryKey() }, undefined, { schema: 'old' })
    app.table('notes', { user: integer().references('old.users.id') })
    expect([...app.tables.keys()]).toEqual(['users', 'old.users', 'notes'])
    expect(created(app).at(-1)).toBe(
      'create table "app"."notes" ("user" integer, constraint "notes_user_fkey" foreign key ("user") references "old"."users" ("id"))',
    )
    const again = () => app.table('users', { id: integer() }, undefined, { schema: 'old' })
    expect((await errorOf(again)).message).toBe("Table 'old.users' is declared twice in this metadata.")
  })
})
