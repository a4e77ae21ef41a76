import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog, CatalogTable, InspectOptions } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { inspect } from '@espalier/dialects/sqlite/inspect'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'

async function inspected(script: string, options?: InspectOptions): Promise<Catalog> {
  const handle = new Database(':memory:')
  await using db = sqlite(handle)
  handle.exec(script)
  const catalog = await inspect(db, options)
  // It is plain data: nothing is lost as JSON.
  expect(JSON.parse(JSON.stringify(catalog))).toEqual(catalog)
  return catalog
}

async function onlyTable(script: string): Promise<CatalogTable> {
  const { tables, problems } = await inspected(script)
  expect(problems).toEqual([])
  expect(tables).toHaveLength(1)
  return tables[0] as CatalogTable
}

const columnsOf = (table: CatalogTable) =>
  Object.fromEntries(table.columns.map((column) => [column.name, column]))

it('a column is read with all that is declared of it', async () => {
  const table = await onlyTable(`create table "a ""table""" (
    id integer constraint "the key" primary key on conflict replace autoincrement,
    [b c] varchar ( 10 ) constraint nn not null on conflict ignore default 'it''s' collate NoCase, -- a comment, with )
    \`d\` decimal(10, -2) default -1.5 collate binary,
    'e' default (1 + /* ) */ 2),
    f text generated always as (upper([b c])) stored constraint fc check (length(f) > 1),
    g as (f || 'x'), h double precision default current_timestamp, i "odd type" default word, j default "a ""word""",
    k boolean default TRUE, l unsigned big int null default null, m default x'00ff', n default (x'00ff'),
    constraint "c 2" check (h > 0 -- always
    ) on conflict fail check (1)
  )`)
  expect(table.name).toBe('a "table"')
  expect(table.columns).toEqual([
    {
      name: 'id',
      type: { text: 'integer', name: 'integer', arguments: [] },
      nullable: false,
      identity: { generated: 'by default' },
      sqlite: { affinity: 'integer' },
    },
    {
      name: 'b c',
      type: { text: 'varchar ( 10 )', name: 'varchar', arguments: ['10'] },
      nullable: false,
      notNullName: 'nn',
      default: "'it''s'",
      collation: 'NoCase',
      sqlite: { affinity: 'text', onConflict: 'ignore' },
    },
    {
      name: 'd',
      type: { text: 'decimal(10, -2)', name: 'decimal', arguments: ['10', '-2'] },
      nullable: true,
      default: '-1.5',
      sqlite: { affinity: 'numeric' },
    },
    {
      name: 'e',
      type: { text: '', name: '', arguments: [] },
      nullable: true,
      default: '1 + /* ) */ 2',
      sqlite: { affinity: 'blob' },
    },
    {
      name: 'f',
      type: { text: 'text', name: 'text', arguments: [] },
      nullable: true,
      generated: { expression: 'upper([b c])', kind: 'stored' },
      sqlite: { affinity: 'text' },
    },
    {
      name: 'g',
      type: { text: '', name: '', arguments: [] },
      nullable: true,
      generated: { expression: "f || 'x'", kind: 'virtual' },
      sqlite: { affinity: 'blob' },
    },
    {
      name: 'h',
      type: { text: 'double precision', name: 'double precision', arguments: [] },
      nullable: true,
      default: 'current_timestamp',
      sqlite: { affinity: 'real' },
    },
    {
      name: 'i',
      type: { text: 'odd type', name: 'odd type', arguments: [] },
      nullable: true,
      default: "'word'",
      sqlite: { affinity: 'numeric' },
    },
    {
      name: 'j',
      type: { text: '', name: '', arguments: [] },
      nullable: true,
      default: `'a "word"'`,
      sqlite: { affinity: 'blob' },
    },
    {
      name: 'k',
      type: { text: 'boolean', name: 'boolean', arguments: [] },
      nullable: true,
      default: 'TRUE',
      sqlite: { affinity: 'numeric' },
    },
    {
      name: 'l',
      type: { text: 'unsigned big int', name: 'unsigned big int', arguments: [] },
      nullable: true,
      default: 'null',
      sqlite: { affinity: 'integer' },
    },
    {
      name: 'm',
      type: { text: '', name: '', arguments: [] },
      nullable: true,
      default: "x'00ff'",
      sqlite: { affinity: 'blob' },
    },
    {
      name: 'n',
      type: { text: '', name: '', arguments: [] },
      nullable: true,
      default: "x'00ff'",
      sqlite: { affinity: 'blob' },
    },
  ])
  expect(table.primaryKey).toEqual({ name: 'the key', columns: ['id'], sqlite: { onConflict: 'replace' } })
  expect(table.checks).toEqual([
    { name: 'fc', expression: 'length(f) > 1' },
    { name: 'c 2', expression: 'h > 0', sqlite: { onConflict: 'fail' } },
    { expression: '1' },
  ])
  expect(table.sqlite).toMatchObject({ autoincrement: true })
})

it('a default is what SQLite makes of it', async () => {
  const defaults = [
    'word',
    '"a ""word"""',
    "'it''s'",
    '-1.5',
    '+ 7',
    'TRUE',
    'null',
    "x'00ff'",
    '(1 + 2)',
    '1e3',
    '0x1F',
  ]
  const script = `create table t (z, ${defaults.map((value, i) => `c${i} default ${value}`).join(', ')})`
  const table = await onlyTable(script)
  const db = new Database(':memory:')
  db.exec(`${script}; insert into t (z) values (1)`)
  for (const { name, default: value } of table.columns.slice(1)) {
    expect([
      name,
      db.prepare(`select (${value}) is ${name}, typeof(${name}) = typeof(${value}) from t`).raw().get(),
    ]).toEqual([name, [1, 1]])
  }
})

it('keys and references are read with their options', async () => {
  const { tables, dependencies } = await inspected(
    `
    create table Parent (A int, b text collate nocase, c, primary key (a desc, B collate rtrim), unique (c) on conflict rollback,
      constraint u unique (b, c collate nocase)) without rowid;
    create table child (
      id integer primary key desc,
      x references parent (C) on delete cascade on update set null match full deferrable initially deferred,
      y constraint own references CHILD,
      z int unique,
      constraint fk foreign key (X, y) references parent on delete set default on update restrict not deferrable
        constraint last foreign key (z) references elsewhere (q) match weird deferrable
    ) strict`
      .replace(/\by constraint/, 'y int constraint')
      .replace('x references', 'x int references'),
  )
  const [parent, child] = tables as [CatalogTable, CatalogTable]
  expect(parent.primaryKey).toEqual({
    columns: ['A', 'b'],
    sqlite: {
      keys: [
        { column: 'A', order: 'desc' },
        { column: 'b', collation: 'rtrim' },
      ],
    },
  })
  expect(parent.columns.map(({ nullable }) => nullable)).toEqual([false, false, true])
  expect(parent.uniques).toEqual([
    { columns: ['c'], sqlite: { onConflict: 'rollback' } },
    {
      name: 'u',
      columns: ['b', 'c'],
      sqlite: { keys: [{ column: 'b' }, { column: 'c', collation: 'nocase' }] },
    },
  ])
  expect(parent.sqlite).toMatchObject({ withoutRowid: true })
  // Behind the column `desc` makes it a key like any other; a strict table takes no null in it.
  expect(columnsOf(child).id).toMatchObject({ nullable: false })
  expect(columnsOf(child).id?.identity).toBeUndefined()
  expect(child.sqlite).toMatchObject({ strict: true })
  expect(child.uniques).toEqual([{ columns: ['z'] }])
  expect(child.foreignKeys).toEqual([
    {
      columns: ['x'],
      target: { schema: 'main', table: 'Parent', columns: ['c'] },
      onDelete: 'cascade',
      onUpdate: 'set null',
      match: 'full',
      deferrable: 'initially deferred',
    },
    {
      name: 'own',
      columns: ['y'],
      target: { schema: 'main', table: 'child', columns: ['id'] },
      onDelete: 'no action',
      onUpdate: 'no action',
      sqlite: { implicitTarget: true },
    },
    {
      name: 'fk',
      columns: ['x', 'y'],
      target: { schema: 'main', table: 'Parent', columns: ['A', 'b'] },
      onDelete: 'set default',
      onUpdate: 'restrict',
      sqlite: { implicitTarget: true },
    },
    {
      name: 'last',
      columns: ['z'],
      target: { schema: 'main', table: 'elsewhere', columns: ['q'] },
      onDelete: 'no action',
      onUpdate: 'no action',
      deferrable: 'initially immediate',
      sqlite: { match: 'weird' },
    },
  ])
  expect(dependencies).toEqual([
    {
      object: { kind: 'table', schema: 'main', name: 'child' },
      needs: { kind: 'table', schema: 'main', name: 'Parent' },
    },
    {
      object: { kind: 'table', schema: 'main', name: 'child' },
      needs: { kind: 'table', schema: 'main', name: 'elsewhere' },
    },
  ])
})

it('which columns take no null is what SQLite enforces', async () => {
  const tables = [
    'a integer primary key',
    'a INTEGER primary key desc',
    'a int primary key',
    'a text primary key',
    'a integer, primary key (a desc)',
    'a text not null primary key',
  ].flatMap((columns) => [
    `(z text, ${columns})`,
    `(z text, ${columns}) strict`,
    `(z text, ${columns}) without rowid`,
  ])
  for (const definition of tables) {
    const db = new Database(':memory:')
    db.exec(`create table t ${definition}`)
    let isRefused = false
    try {
      db.exec("insert into t (z, a) values ('x', null)")
    } catch {
      isRefused = true
    }
    // What stands in place of the row id is numbered where it is given null.
    const isNull = !isRefused && db.prepare('select a is null from t').pluck().get() === 1
    const table = await onlyTable(`create table t ${definition}`)
    expect([definition, columnsOf(table).a?.nullable]).toEqual([definition, isNull])
    expect([definition, columnsOf(table).a?.identity !== undefined]).toEqual([
      definition,
      !isRefused && !isNull,
    ])
  }
})

it('indexes, views and triggers are read, with their sources', async () => {
  const { tables, views, triggers, dependencies } = await inspected(`
    create table t (a int, "b c" text, "true" int);
    create unique index "i 2" on T ("B C" collate nocase desc, lower("b c") -- two
      asc, false, "true", (A)) where a > 1 and "b c" is not null;
    create index i1 on t (a);
    create view "a view" (x, [y z]) as select a, "b c" from t -- all;
    ;
    create temp view other as select 1 as one, cast('x' as varchar(3)) as two;
    create trigger "after all" after update of a, "b c" on t for each row when new.a > old.a begin
      update t set a = 1; select case when 1 then 2 end; end;
    create trigger instead instead of insert on "a view" begin select 1; end;
    create trigger plain delete on t begin select 1; end`)
  const index =
    'CREATE UNIQUE INDEX "i 2" on T ("B C" collate nocase desc, lower("b c") -- two\n      asc, false, "true", (A)) where a > 1 and "b c" is not null'
  expect(tables[0]?.indexes).toEqual([
    {
      name: 'i 2',
      unique: true,
      keys: [
        { column: 'b c', collation: 'nocase', order: 'desc' },
        { expression: 'lower("b c")' },
        { expression: 'false' },
        { column: 'true' },
        { column: 'a' },
      ],
      where: 'a > 1 and "b c" is not null',
      method: 'btree',
      sqlite: { sql: index },
    },
    {
      name: 'i1',
      unique: false,
      keys: [{ column: 'a' }],
      method: 'btree',
      sqlite: { sql: 'CREATE INDEX i1 on t (a)' },
    },
  ])
  const computed = (name: string, text: string, affinity: string) => ({
    name,
    type: { text, name: text, arguments: [] },
    nullable: true,
    sqlite: { affinity },
  })
  expect(views).toEqual([
    {
      schema: 'main',
      name: 'a view',
      columns: [computed('x', 'INT', 'integer'), computed('y z', 'TEXT', 'text')],
      query: 'select a, "b c" from t',
      sqlite: {
        sql: 'CREATE VIEW "a view" (x, [y z]) as select a, "b c" from t -- all',
        columnNames: ['x', 'y z'],
      },
    },
    {
      schema: 'temp',
      name: 'other',
      columns: [computed('one', '', 'blob'), computed('two', 'TEXT', 'text')],
      query: "select 1 as one, cast('x' as varchar(3)) as two",
      sqlite: { sql: "CREATE VIEW other as select 1 as one, cast('x' as varchar(3)) as two" },
    },
  ])
  expect(triggers.map(({ definition, ...trigger }) => trigger)).toEqual([
    {
      schema: 'main',
      table: 't',
      name: 'after all',
      timing: 'after',
      events: ['update'],
      columns: ['a', 'b c'],
      forEach: 'row',
      when: 'new.a > old.a',
    },
    {
      schema: 'main',
      table: 'a view',
      name: 'instead',
      timing: 'instead of',
      events: ['insert'],
      forEach: 'row',
    },
    { schema: 'main', table: 't', name: 'plain', timing: 'before', events: ['delete'], forEach: 'row' },
  ])
  expect(triggers[2]?.definition).toBe('CREATE TRIGGER plain delete on t begin select 1; end')
  expect(dependencies.map(({ object, needs }) => `${object.name} needs ${needs.kind} ${needs.name}`)).toEqual(
    ['after all needs table t', 'instead needs view a view', 'plain needs table t'],
  )
})

it('virtual tables are read by their module, and what they are made of is told apart', async () => {
  const { tables, problems } = await inspected(
    'create virtual table f using fts5(a, "b c" unindexed, prefix = \'2 3\')',
  )
  expect(problems).toEqual([])
  const table = tables.find(({ name }) => name === 'f')
  expect(table?.columns.map(({ name, sqlite }) => [name, sqlite?.hidden ?? false])).toEqual([
    ['a', false],
    ['b c', false],
    ['f', true],
    ['rank', true],
  ])
  expect(table?.sqlite?.virtual).toEqual({
    module: 'fts5',
    arguments: ['a', '"b c" unindexed', "prefix = '2 3'"],
  })
  const others = tables.filter(({ name }) => name !== 'f')
  expect(others.map(({ name, sqlite }) => [name, sqlite?.shadow])).toEqual([
    ['f_config', true],
    ['f_content', true],
    ['f_data', true],
    ['f_docsize', true],
    ['f_idx', true],
  ])
})

it('what cannot be read wholly is in the catalog, and among the problems', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-inspect-'))
  try {
    const file = join(folder, 'other.db')
    const first = new Database(file)
    first.table('ours', { columns: ['x'], *rows() {} })
    first.exec(
      'create virtual table v using fts5(a); create view broken as select a from gone; create table t (a)',
    )
    // A module that another program has.
    first
      .unsafeMode()
      .exec(
        "pragma writable_schema = on; update sqlite_schema set sql = 'CREATE VIRTUAL TABLE v USING unheard_of(a)' where name = 'v'",
      )
    first.close()
    await using db = sqlite(file)
    const { tables, views, problems } = await inspect(db)
    expect(tables.find(({ name }) => name === 'v')).toMatchObject({
      columns: [],
      sqlite: { virtual: { module: 'unheard_of', arguments: ['a'] } },
    })
    expect(tables.find(({ name }) => name === 't')?.columns).toHaveLength(1)
    expect(views).toMatchObject([{ name: 'broken', columns: [], query: 'select a from gone' }])
    expect(problems).toEqual([
      {
        object: { kind: 'view', schema: 'main', name: 'broken' },
        message:
          'Its columns are not known: its query fails, perhaps for a table that is not there any more.',
      },
      {
        object: { kind: 'table', schema: 'main', name: 'v' },
        message:
          'Its columns are not known: the module of the virtual table is not loaded on this connection.',
      },
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('only what is asked for is read', async () => {
  const script = `create table users (id int); create index users_i on users (id); create table log_1 (a); create table LOG_2 (a);
    create view v_users as select * from users; create trigger users_t after insert on users begin select 1; end;
    create table "a[b]?" (a); attach ':memory:' as "o'x"; create table "o'x".users (id int); create temp table t (a)`
  const names = async (options: InspectOptions) => {
    const { schemas, tables, views, triggers } = await inspected(script, options)
    const objects = [...tables, ...views, ...triggers].map(({ schema, name }) => `${schema}.${name}`)
    return [schemas.map(({ name }) => name).join(), ...objects]
  }
  expect(await names({})).toEqual([
    "main,temp,o'x",
    'main.LOG_2',
    'main.a[b]?',
    'main.log_1',
    'main.users',
    "o'x.users",
    'temp.t',
    'main.v_users',
    'main.users_t',
  ])
  expect(await names({ include: { schemas: ["O'X"] } })).toEqual(["o'x", "o'x.users"])
  expect(await names({ include: { schemas: ['none'] } })).toEqual([''])
  expect(await names({ exclude: { schemas: ['temp', "o'x"], names: ['log_*', 'V_*'] } })).toEqual([
    'main',
    'main.a[b]?',
    'main.users',
    'main.users_t',
  ])
  expect(await names({ include: { schemas: ['main'], names: ['a[b]?', 'log_1'] } })).toEqual([
    'main',
    'main.a[b]?',
    'main.log_1',
  ])
  expect(await names({ include: { names: [] } })).toEqual(["main,temp,o'x"])
  expect(await names({ include: { kinds: ['view'] } })).toEqual(["main,temp,o'x", 'main.v_users'])
  expect(
    await names({ include: { names: ['users'], schemas: ['main'] }, exclude: { kinds: ['trigger'] } }),
  ).toEqual(['main', 'main.users'])
  const { tables } = await inspected(script, { include: { names: ['users'] }, exclude: { kinds: ['index'] } })
  expect(tables.map(({ indexes }) => indexes.length)).toEqual([0, 0])
})

it('as many statements run however many tables there are, in any transaction', async () => {
  const counts: number[] = []
  for (const tables of [1, 300]) {
    const handle = new Database(':memory:')
    for (let i = 0; i < tables; i++) {
      handle.exec(
        `create table t${i} (id integer primary key, a int references t0, b text unique); create index i${i} on t${i} (a)`,
      )
      handle.exec(`create view v${i} as select * from t${i}; insert into t${i} (id) values (1), (2)`)
    }
    handle.exec('analyze')
    let count = 0
    await using db = sqlite(handle, { observer: { statement: () => void count++ } })
    const catalog = await db.transaction((tx) => inspect(tx, { sizes: true }))
    expect(catalog.tables).toHaveLength(tables)
    expect(catalog.views).toHaveLength(tables)
    expect(catalog.tables.every(({ rowEstimate, bytes = 0 }) => rowEstimate === 2 && bytes >= 4096 * 2)).toBe(
      true,
    )
    counts.push(count)
  }
  expect(counts[0]).toBeGreaterThan(0)
  expect(counts[0]).toBe(counts[1])
})
