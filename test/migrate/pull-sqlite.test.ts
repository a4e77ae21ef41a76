import { join } from 'node:path'
import { type Catalog, createAll } from '@espalier/core'
import { sqlite, sqliteDialect } from '@espalier/dialects/sqlite'
import { inspect, metadataOf } from '@espalier/dialects/sqlite/inspect'
import { pullSchema } from '@espalier/migrate'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import * as random from '../schema/sqlite-statements.js'
import { temporaryDirectory } from './databases.js'
import { loadPulled, typeErrors, writePulled } from './pulled.js'

const seed = process.env.FUZZ_SEED === undefined ? 1 : Number(process.env.FUZZ_SEED)
const times = Number(process.env.FUZZ_TIMES ?? 1)
vi.setConfig({ testTimeout: 120_000 * times })

const root = temporaryDirectory()

async function catalogOf(script: string): Promise<Catalog> {
  const handle = new Database(':memory:')
  await using db = sqlite(handle)
  handle.exec(script)
  return inspect(db)
}

async function created(statements: ReturnType<typeof createAll>): Promise<Catalog> {
  const handle = new Database(':memory:')
  handle.pragma('foreign_keys = off')
  await using db = sqlite(handle)
  for (const statement of statements) await db.run(statement)
  return inspect(db)
}

/** A catalog without the texts of its statements and in one case of types, which SQLite does not heed. */
function comparable(catalog: Catalog): unknown {
  return JSON.parse(JSON.stringify(catalog), (key, value) => {
    if (key === 'sql') return undefined
    if (key === 'type' && typeof value === 'object') {
      return { ...value, text: value.text.toLowerCase(), name: value.name.toLowerCase() }
    }
    return value
  })
}

let count = 0

/** Writes the schema of a catalog, loads it, and gives the catalog of a database that is made by it. */
async function pulledAgain(catalog: Catalog, split?: 'schema' | 'table') {
  const directory = join(root, `schema${count++}`)
  const { files, summary } = await pullSchema(catalog, { split })
  writePulled(directory, files)
  const { metadatas, exported } = await loadPulled(directory, split === undefined ? 'schema.ts' : 'index.ts')
  return { files, summary, exported, again: await created(createAll(metadatas, sqliteDialect)) }
}

const ALL = `
  create table "odd ""name""" (
    id integer constraint "odd key" primary key, [b c] varchar(10) not null default 'it''s -- no \\ \${x} \` \\u0041', \`as\` text, '1' decimal (10, -2),
    __proto__ int, n numeric(10, 2), m numeric, r real default 0.5, b blob default x'00ff', u "odd, type", k "it's" default (1 + /* two */ 2),
    t text collate nocase, v varchar(3) collate "rtrim" not null, x default current_timestamp, w unsigned big int default -5,
    y datetime default word, z boolean default true, i integer default 7, q int,
    constraint "a check" check (length("b c") > 1 -- of \`it\` \${n}
    and n > 0), constraint "\${process.exit()}" check (r is not null), constraint "both" unique ("b c", n), constraint "a key" unique (t),
    constraint "self" foreign key (q) references "odd ""name""" (id) on delete cascade on update set null,
    constraint fk foreign key (m, n) references pair (a, b2) on delete set default
  );
  create table pair (b text, a text not null, b2 text not null, constraint "its key" primary key (a, b2)) strict;
  create table alone (a int not null, b, c TEXT, constraint named primary key (a));
  create table elsewhere (x, z, constraint e1 foreign key (x) references gone (y), constraint e2 foreign key (z, x) references "g.one" ("y.", "z'"));
  create table circle_a (id integer constraint circle_a_pkey primary key, b integer constraint circle_a_b_fkey references circle_b (id));
  create table circle_b (id integer constraint circle_b_pkey primary key, a integer constraint circle_b_a_fkey references circle_a (id),
    c integer, d integer, constraint pairs unique (c, d), constraint around foreign key (c, d) references circle_c (e, f));
  create table circle_c (id integer constraint circle_c_pkey primary key, e integer, f integer, constraint circle_c_e_f_key unique (e, f),
    constraint back foreign key (e, f) references circle_b (c, d));
  create table all_of (id integer constraint k primary key on conflict replace autoincrement, g int as (id + 1) stored constraint gu unique,
    v text generated always as (upper(n) || '-') collate nocase, n text not null on conflict ignore,
    constraint u unique (n) on conflict fail, constraint c check (id > 0) on conflict rollback,
    constraint g1 foreign key (g) references pair (a) deferrable initially deferred, constraint g2 foreign key (n) references alone (a) deferrable);
  create table keyed (a text not null, b int not null, constraint keyed_pkey primary key (a, b)) strict, without rowid;
  create table "class" ("default" text, "userID" text, user_id text, "user id" text, "" || '' text);
  create table "index" (t integer constraint "index_pkey" primary key, "constructor" text, "then" text, "toString" text, "ß" text, "名前" text, "🙂" text);
  create table t (id integer constraint t_pkey primary key, up integer constraint t_up_fkey references t (id));
  create table to_t (id integer constraint to_t_id_fkey references t (id), "line
break" text, "*/ alert(1) //" text default '*/ \${alert(1)}');
  create view "a view" (x, y) as select a, b from pair -- all \`\${of}\` it \\
  ;
  create trigger "on view" instead of insert on "a view" begin select 1; end;
  create trigger a_first after update of b on PAIR when new.b > 'a\`\${1}' begin select 1; end;
  create virtual table words using fts5(word, "its kind" unindexed);
  create unique index "i 1" on pair (b desc, lower(a), a collate nocase desc, (b || 'x') collate rtrim) where b > 'a';
  create index i2 on alone ("c")`.replace(`, "" || '' text`, '')

it('writes what a database has, which makes the same again', async () => {
  const first = await catalogOf(ALL)
  expect(first.problems).toEqual([])
  for (const split of [undefined, 'schema', 'table'] as const) {
    const { again, summary, files } = await pulledAgain(first, split)
    expect(summary.problems).toEqual([])
    expect(comparable(again)).toEqual(comparable(first))
    // The same again gives the same text, and so does what was made of it.
    expect((await pullSchema(first, { split })).files).toEqual(files)
    for (const { path, text } of files) {
      expect(text.startsWith('// Written by "espalier pull" ('), path).toBe(true)
      expect(text.endsWith('\n') && !text.endsWith('\n\n'), path).toBe(true)
    }
  }
})

it('writes it as a person would', async () => {
  const { files, summary } = await pullSchema(
    await catalogOf(`
      create table orgs (id integer primary key, name varchar(100) not null unique, created_at text not null default current_timestamp);
      create table users (
        id integer primary key, org_id integer not null references orgs (id) on delete cascade, email text not null,
        full_name text, active integer not null default 1, boss_id integer references users (id),
        unique (org_id, email), check (email like '%@%')
      );
      create index users_full_name_idx on users (full_name desc);
      create view active_users as select id, email from users where active`),
  )
  expect(files.map(({ path }) => path)).toEqual(['schema.ts'])
  expect(
    files[0]?.text.split('\n').slice(2).join('\n'),
  ).toBe(`import { bigint, check, declared, index, metadata, sql, text, unique, varchar } from '@espalier/core'

export const app = metadata({ columnNames: 'snake_case', naming: 'none' })

export const orgs = app.table('orgs', {
  id: bigint().identity().primaryKey(),
  name: varchar(100).notNull().unique(),
  createdAt: text().notNull().default(sql(text())\`current_timestamp\`),
})

export const users = app.table('users', {
  id: bigint().identity().primaryKey(),
  orgId: bigint().notNull().references(() => orgs.id, { onDelete: 'cascade' }),
  email: text().notNull(),
  fullName: text(),
  active: bigint().notNull().default(1n),
  bossId: bigint().references('users.id'),
}, (t) => [
  unique(t.orgId, t.email),
  check(sql<boolean>\`email like '%@%'\`),
  index(t.fullName.desc()),
])

export const activeUsers = declared({
  kind: 'view',
  name: 'active_users',
  create: sql.statement\`CREATE VIEW active_users as select id, email from users where active\`,
  drop: sql.statement\`drop view "active_users"\`,
  onlyOn: 'SQLite',
  columns: {
    id: bigint(),
    email: text(),
  },
})
app.add(activeUsers)
`)
  expect(summary).toEqual({ objects: { table: 2, view: 1 }, rawExpressions: 2, problems: [] })
})

it('spreads it over files, of which the first imports all', async () => {
  const first = await catalogOf(
    `
    create table a (id integer primary key, b integer references "A" (id));
    create table types (x "odd type");
    create trigger t after insert on types begin select 1; end`.replace(
      'references "A" (id)',
      'references types (x)',
    ),
  )
  const { files } = await pullSchema(first, { split: 'table' })
  expect(files.map(({ path }) => path)).toEqual([
    'metadata.ts',
    'types.ts',
    'typesTable.ts',
    'a.ts',
    'objects.ts',
    'index.ts',
  ])
  const body = (path: string) =>
    files
      .find((file) => file.path === path)
      ?.text.split('\n')
      .slice(2)
      .join('\n')
  expect(body('index.ts')).toBe(`export * from './metadata.js'
export * from './types.js'
export * from './typesTable.js'
export * from './a.js'
import './objects.js'
`)
  expect(body('a.ts')).toBe(`import { bigint } from '@espalier/core'
import { app } from './metadata.js'
import { types } from './typesTable.js'

export const a = app.table('a', {
  id: bigint().identity().primaryKey(),
  b: bigint().references(() => types.x),
})
`)
})

it('writes random tables, indexes, views and triggers, which make the same again', async () => {
  let compared = 0
  const directory = join(root, 'random')
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          random.written(random.createTable),
          random.written(random.createIndex),
          random.written(random.createView),
          random.written(random.createTrigger),
        ),
        { minLength: 4, maxLength: 20 },
      ),
      async (statements) => {
        const handle = new Database(':memory:')
        await using db = sqlite(handle)
        handle.exec('create table t (a, b, "c", [d], e, f); create table other (a int primary key, b text)')
        for (const one of statements) {
          try {
            handle.prepare(one).run()
          } catch {
            // Not every random statement is one that SQLite takes.
          }
        }
        const first = await inspect(db, { include: { schemas: ['main'] } })
        // An object may have an empty name for SQLite, which Espalier refuses.
        if ([...first.triggers, ...first.views].some(({ name }) => name === '')) return
        const wanted = await created(createAll(metadataOf(first).metadata, sqliteDialect))
        const path = join(directory, `${compared++}`)
        const { files } = await pullSchema(first)
        writePulled(path, files)
        const { metadatas } = await loadPulled(path, 'schema.ts')
        expect(comparable(await created(createAll(metadatas, sqliteDialect)))).toEqual(comparable(wanted))
      },
    ),
    { seed, numRuns: 40 * times },
  )
  expect(compared).toBeGreaterThan(10)
})

it('what was written has no errors of types, by either compiler', async () => {
  expect(await typeErrors(root)).toBe('')
})
