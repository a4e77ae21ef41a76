import { type Catalog, type CatalogTable, createAll, insert, select } from '@espalier/core'
import { sqlite, sqliteDialect } from '@espalier/dialects/sqlite'
import { inspect, metadataOf } from '@espalier/dialects/sqlite/inspect'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import * as random from './sqlite-statements.js'

const seed = process.env.FUZZ_SEED === undefined ? 1 : Number(process.env.FUZZ_SEED)
const times = Number(process.env.FUZZ_TIMES ?? 1)
vi.setConfig({ testTimeout: 60_000 * times })

async function catalogOf(script: string): Promise<Catalog> {
  const handle = new Database(':memory:')
  await using db = sqlite(handle)
  handle.exec(script)
  return inspect(db)
}

/** The catalog of a database that is created by the metadata of another catalog. */
async function createdAgain(catalog: Catalog) {
  const { metadata, problems } = metadataOf(catalog)
  const handle = new Database(':memory:', {})
  handle.pragma('foreign_keys = off')
  await using db = sqlite(handle)
  for (const statement of createAll(metadata, sqliteDialect)) await db.run(statement)
  return {
    again: await inspect(db),
    problems: problems.map(({ object, message }) => `${object.name}: ${message}`),
  }
}

/** A table without the texts of its statements, whose foreign keys state what they refer to. */
function comparable(table: CatalogTable): CatalogTable {
  const text = JSON.stringify(table, (key, value) =>
    key === 'sql' || key === 'implicitTarget' ? undefined : value,
  )
  const plain: CatalogTable = JSON.parse(text, (_, value) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0 && !Array.isArray(value)
      ? undefined
      : value,
  )
  return plain
}

it('a database is made again by its metadata', async () => {
  const first = await catalogOf(
    `
    create table "odd ""name""" (
      id integer primary key, [b c] varchar(10) not null default 'it''s -- no', \`as\` text, '1' decimal (10, -2), __proto__ int,
      n numeric(10, 2), m numeric, r real, b blob default x'00ff', u "odd, type", k "it's" default (1 + /* two */ 2),
      t text collate nocase, v varchar(3) collate "rtrim" not null, x default current_timestamp, w unsigned big int default -5,
      y datetime default word, z boolean default true, q int references "odd ""name""" on delete cascade on update set null,
      constraint "a check" check (length("b c") > 1 -- of it
      and n > 0), check (r is not null), unique ("b c", n), constraint "a key" unique (t),
      constraint fk foreign key (m, n) references pair (a, b) on delete set default
    );
    create table pair (b text, a text not null, constraint "its key" primary key (a, b)) strict;
    create table alone (a int not null, b, c TEXT, constraint named primary key (a));
    create table elsewhere (x references gone (y), z references gone (y));
    create table all_of (id integer constraint k primary key on conflict replace autoincrement, g int as (id + 1) stored unique,
      v text generated always as (upper(n) || '-') collate nocase, n text not null on conflict ignore,
      constraint u unique (n) on conflict fail, constraint c check (id > 0) on conflict rollback,
      foreign key (g) references pair (a) deferrable initially deferred, foreign key (n) references alone (a) deferrable);
    create table keyed (a text not null, b int, primary key (a, b)) strict, without rowid;
    create view "a view" (x, y) as select a, b from pair -- all
    ;
    create trigger "on view" instead of insert on "a view" begin select 1; end;
    create trigger a_first after update of b on PAIR when new.b > 'a' begin select 1; end;
    create virtual table words using fts5(word, "its kind" unindexed);
    create unique index "i 1" on pair (b desc, lower(a), a collate nocase desc, (b || 'x') collate rtrim) where b > 'a';
    create index i2 on alone ("c")
  `
      .replace(
        'constraint "its key" primary key (a, b)',
        'b2 text not null, constraint "its key" primary key (a, b2)',
      )
      .replace('references pair (a, b)', 'references pair (a, b2)'),
  )
  expect(first.problems).toEqual([])
  const { again, problems } = await createdAgain(first)
  expect(problems).toEqual([])
  expect(again.tables.map(comparable)).toEqual(first.tables.map(comparable))
  expect(again.views).toEqual(first.views)
  expect(again.triggers).toEqual(first.triggers)
  expect(again.dependencies).toEqual(first.dependencies)
  // And once more, to the letter.
  const third = await createdAgain(again)
  expect(third.problems).toEqual([])
  expect(third.again).toEqual(again)
})

it('an attached database is made again under its name', async () => {
  const script = (
    schema: string,
  ) => `create table ${schema}.a (id integer primary key, up int references a (id));
    create table ${schema}.b (a int references a (id) on delete cascade, t text);
    create unique index ${schema}.i on b (t); create view ${schema}.v as select * from b;
    create trigger ${schema}.r instead of insert on v begin select 1; end;
    create trigger ${schema}.s after insert on a begin select 1; end; create virtual table ${schema}.f using fts5(x)`
  const handle = new Database(':memory:')
  await using db = sqlite(handle)
  handle.exec(`attach ':memory:' as "o'x"; attach ':memory:' as other; ${script('"o\'x"')}`)
  const include = { include: { schemas: ["o'x"] } }
  const first = await inspect(db, include)
  const { metadata, problems } = metadataOf(first, { schema: "o'x" })
  expect(problems).toEqual([])
  expect(first.tables.filter(({ sqlite }) => sqlite?.shadow !== true).map(({ name }) => name)).toEqual([
    'a',
    'b',
    'f',
  ])
  handle.exec(`detach "o'x"; attach ':memory:' as "o'x"`)
  for (const statement of createAll(metadata, sqliteDialect)) await db.run(statement)
  const again = await inspect(db, include)
  expect(again.tables.map(comparable)).toEqual(first.tables.map(comparable))
  expect(again.views).toEqual(first.views)
  expect(again.triggers).toEqual(first.triggers)
  handle.exec(`insert into "o'x".a (id) values (1); insert into "o'x".b (a) values (1)`)
})

it('what no declaration says is declared by its statement, and read and written', async () => {
  const handle = new Database(':memory:')
  await using db = sqlite(handle)
  handle.exec(`
    create table a (n text constraint nn not null, m int references b (x) match full, l int references unknown);
    create table b (x text primary key, y int, z date, unique (y desc));
    create unique index b_z on b (z);
    create trigger b_added after insert on b begin insert into c values (new.x, new.y); end;
    create table c (x text primary key desc, y int);
    create table d (x text, y blob not null, primary key (y, x));
    create table "" (a); create table e ("" int)`)
  const first = await inspect(db)
  const { metadata, problems } = metadataOf(first)
  expect(problems.map(({ message }) => message)).toEqual([
    'The table is not in the metadata: its name is empty.',
  ])
  expect([...metadata.tables.keys()]).toEqual(['d'])
  expect(createAll(metadata, sqliteDialect).map((one) => one.toSQL(sqliteDialect).sql)).toContain(
    'create table "d" ("x" text, "y" blob not null, primary key ("y", "x"))',
  )
  const { again } = await createdAgain(first)
  const named = first.tables.filter(({ name }) => name !== '')
  expect(again.tables.map(comparable)).toEqual(named.map(comparable))
  expect(again.triggers).toEqual(first.triggers)
  const b = metadata.objects[1] as never as Parameters<typeof insert>[0]
  await db.run(insert(b).values({ x: 'a', y: 1n, z: '2026-11-21' } as never))
  expect(await db.all(select(b as never).from(b as never))).toEqual([{ x: 'a', y: 1n, z: '2026-11-21' }])
})

it('random tables are made again', async () => {
  let compared = 0
  let declaredOnes = 0
  const other = 'create table other (a int primary key, b text)'
  await fc.assert(
    fc.asyncProperty(random.written(random.createTable), async (sql) => {
      const handle = new Database(':memory:')
      try {
        handle.exec(other)
        handle.prepare(sql).run()
      } catch {
        handle.close()
        return
      }
      await using db = sqlite(handle)
      const first = await inspect(db, { include: { schemas: ['main'] } })
      expect(first.problems).toEqual([])
      const { again, problems } = await createdAgain(first)
      const named = first.tables.filter(({ name }) => name !== '')
      expect(problems).toHaveLength(first.tables.length - named.length)
      expect(again.tables.map(comparable)).toEqual(named.map(comparable))
      compared++
      declaredOnes += metadataOf(first).metadata.tables.size - 1
    }),
    { seed, numRuns: 800 * times },
  )
  expect(compared).toBeGreaterThan(50)
  expect(declaredOnes).toBeGreaterThan(10)
})

it('random indexes are made again', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(random.written(random.createIndex), async (sql) => {
      const handle = new Database(':memory:')
      try {
        handle.exec('create table t (a, b, "c", [d], e, f)')
        handle.prepare(sql).run()
      } catch {
        handle.close()
        return
      }
      await using db = sqlite(handle)
      const first = await inspect(db)
      // An index may have an empty name for SQLite, which Espalier refuses.
      if (first.tables[0]?.indexes[0]?.name === '') return
      const { again } = await createdAgain(first)
      const [before, after] = [first, again].map(({ tables }) => tables[0] as CatalogTable)
      expect(comparable(after as CatalogTable)).toEqual(comparable(before as CatalogTable))
      compared++
    }),
    { seed, numRuns: 800 * times },
  )
  expect(compared).toBeGreaterThan(50)
})

it('rows of tables that were read are written and read by the metadata', async () => {
  const handle = new Database(':memory:')
  handle.exec(`create table t (id INTEGER primary key, big BIGINT, d DATETIME, f FLOAT, c CHAR(3) collate nocase, x, b BLOB, n numeric(10, 2));
    insert into t values (1, 9007199254740993, '2026-11-21', 1.5, 'abc', 'any', x'0102', 12.5), (2, 1, 3, 2, 'ABC', 5, null, null)`)
  await using db = sqlite(handle)
  const { metadata } = metadataOf(await inspect(db))
  const t = metadata.tables.get('t') as never as Parameters<typeof insert>[0]
  expect(await db.all(select(t as never).from(t as never))).toEqual([
    {
      id: 1n,
      big: 9007199254740993n,
      d: '2026-11-21',
      f: 1.5,
      c: 'abc',
      x: 'any',
      b: new Uint8Array([1, 2]),
      n: '12.50',
    },
    { id: 2n, big: 1n, d: 3, f: 2, c: 'ABC', x: 5, b: null, n: null },
  ])
  await db.run(
    insert(t).values({
      id: 3n,
      big: 2n,
      d: 'now',
      f: 0.5,
      c: 'x',
      x: null,
      b: new Uint8Array([3]),
      n: '1.00',
    } as never),
  )
  expect(handle.prepare('select * from t where id = 3').get()).toEqual({
    id: 3,
    big: 2,
    d: 'now',
    f: 0.5,
    c: 'x',
    x: null,
    b: Buffer.from([3]),
    n: 1,
  })
})
