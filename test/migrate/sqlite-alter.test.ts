import {
  bigint,
  boolean,
  check,
  deleteFrom,
  foreignKey,
  index,
  integer,
  now,
  numeric,
  primaryKey,
  sql,
  table,
  text,
  timestamptz,
  unique,
  varchar,
} from '@espalier/core'
import {
  addColumn,
  addConstraint,
  alterColumn,
  alterTable,
  dropColumn,
  dropConstraint,
  execute,
  type Operation,
  renameColumn,
  renameConstraint,
  renameIndex,
  renameTable,
} from '@espalier/migrate'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, bareDatabase } from './sqlite-tables.js'

const opened: Bare[] = []
const open = (script: string) => {
  const bare = bareDatabase(script)
  opened.push(bare)
  return bare
}
afterEach(async () => {
  for (const { db } of opened.splice(0)) await db.close()
})

const users = table('users', { id: bigint().primaryKey(), email: text(), age: integer() })
/** A change that only a rebuild can make. */
const toUnique = addConstraint(users, (t) => unique(t.email, t.id).named('both'))
const atEnd = (sql: string | undefined, added: string) =>
  sql?.replace(/\)( strict| without rowid)?$/i, `${added})$1`)

describe('a table of SQLite that is made anew keeps', () => {
  it('the rows that refer to it, whatever becomes of them when a row is deleted', async () => {
    const bare = open(`create table users (id integer primary key, email text);
      create table a (x integer references users on delete cascade);
      create table b (x integer references users on delete set null);
      create table c (x integer default 2 references users on delete set default);
      create table d (x integer references users on delete restrict);
      create table e (x integer references users deferrable initially deferred);
      insert into users values (1, 'a'), (2, 'b');
      insert into a values (1); insert into b values (1); insert into c values (1); insert into d values (1); insert into e values (1);`)
    expect(bare.raw.pragma('foreign_keys', { simple: true })).toBe(1)
    const before = bare.stored()
    await bare.up(toUnique)
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(bare.rows(name)).toEqual([[1, '1']])
    expect(bare.rows('users')).toEqual([
      [1, '1', "'a'"],
      [2, '2', "'b'"],
    ])
    expect(bare.stored()).toEqual({
      ...before,
      users: atEnd(before['users'], ', constraint "both" unique ("email", "id")'),
    })
    expect(bare.raw.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(bare.raw.pragma('legacy_alter_table', { simple: true })).toBe(0)
    await bare.down(toUnique)
    expect(bare.stored()).toEqual(before)
  })

  it('rows that refer to each other', async () => {
    const bare =
      open(`create table users (id integer primary key, email text, boss integer references users on delete cascade);
      insert into users values (1, 'a', null), (2, 'b', 1), (3, 'c', 2)`)
    const [before, rows] = [bare.stored(), bare.rows('users')]
    await bare.up(toUnique)
    expect(bare.rows('users')).toEqual(rows)
    expect(bare.stored()['users']).toBe(atEnd(before['users'], ', constraint "both" unique ("email", "id")'))
  })

  it('its triggers, those of other tables and views that name it, and views', async () => {
    const bare = open(`create table users (id integer primary key, email text);
      create table log (x);
      create trigger own after insert on users when new.id > 0 begin insert into log values (new.email); end;
      create trigger before_delete before delete on users begin select raise(abort, 'no'); end;
      create trigger other after insert on log begin update users set email = 'x' where id = new.x; end;
      create view v (a, b) as select id, email from users;
      create view w as select a from v;
      create trigger instead_of_insert instead of insert on v begin insert into users (email) values (new.b); end;
      create temp trigger mine after update on users begin insert into log values ('t'); end;
      insert into users values (1, 'a')`)
    const before = bare.stored()
    await bare.up(toUnique)
    expect({ ...bare.stored(), users: before['users'] }).toEqual(before)
    bare.raw.exec("insert into v (b) values ('new'); update users set email = 'y' where id = 2")
    expect(bare.rows('log').map((row) => row[1])).toEqual(["'a'", "'new'", "'t'"])
    expect(() => bare.raw.exec('delete from users')).toThrow('no')
  })

  it('the greatest number that was ever given', async () => {
    const bare = open(`create table users (id integer primary key autoincrement, email text);
      insert into users values (1, 'a'), (100, 'b'); delete from users where id = 100;`)
    await bare.up(toUnique)
    bare.raw.exec("insert into users (email) values ('c')")
    expect(bare.rows('users').map(([id]) => id)).toEqual([1, 101])
  })

  it('the greatest number of a table that is empty', async () => {
    const bare = open(`create table users (id integer primary key autoincrement, email text);
      insert into users values (100, 'b'); delete from users;`)
    await bare.up(toUnique)
    bare.raw.exec("insert into users (email) values ('c')")
    expect(bare.rows('users').map(([id]) => id)).toEqual([101])
  })

  it('order, collation, condition, expressions and names of its indexes, and their statistics', async () => {
    const bare = open(`create table users (id integer primary key, email text, age int);
      create index a on users (age desc, email collate nocase);
      create unique index B on users (lower(email)) where age > 10 and email is not null;
      create index "users idx" on users(email COLLATE RTRIM ASC,  id) -- last
      ;
      insert into users values (1, 'a', 2), (2, 'b', 20);
      analyze`)
    const [before, stat] = [
      bare.stored(),
      bare
        .rows('sqlite_stat1')
        .map((row) => row.slice(1))
        .sort(),
    ]
    await bare.up(toUnique)
    expect({ ...bare.stored(), users: before['users'] }).toEqual(before)
    expect(
      bare
        .rows('sqlite_stat1')
        .map((row) => row.slice(1))
        .sort(),
    ).toEqual(stat)
    expect(() => bare.raw.exec("insert into users values (3, 'B', 30)")).toThrow('UNIQUE')
  })

  it('checks without a name, collations, clauses on conflict, defaults, types that nobody knows, and comments', async () => {
    const bare = open(`create table if not exists main.users ( -- people
        id integer primary key /* the key */ ,
        email text collate nocase not null on conflict ignore default ('a' || 'b'), -- where to write
        age mytype(5) check (age > 0),
        [odd "name] int references orgs (id) match full on update cascade deferrable initially deferred,
        "since" text default current_timestamp,
        unique (email) on conflict replace,
        check (age < 100 or email <> '--)') -- last
      );
      create table orgs (id integer primary key);
      insert into users (id, email, age) values (1, 'a', 1)`)
    const before = bare.stored()
    await bare.up(toUnique)
    expect(bare.stored()['users']).toBe(
      before['users']?.replace("'--)') --", `'--)'), constraint "both" unique ("email", "id") --`),
    )
    bare.raw.exec("insert into users (id, email, age) values (2, 'A', 2)")
    expect(bare.rows('users').map(([id]) => id)).toEqual([2])
    expect(() => bare.raw.exec('insert into users (id, age) values (3, -1)')).toThrow('CHECK')
  })

  it.each(['strict', 'without rowid', 'strict, without rowid'])('that it is %s', async (options) => {
    const bare = open(`create table users (id integer primary key, email text, age int) ${options};
      insert into users values (2, 'a', 1), (1, 'b', 2)`)
    const [before, rows] = [bare.stored(), bare.rows('users')]
    await bare.up(toUnique)
    expect(bare.rows('users')).toEqual(rows)
    expect(bare.stored()['users']).toBe(
      before['users']?.replace(') ', ', constraint "both" unique ("email", "id")) '),
    )
    await bare.down(toUnique)
    expect(bare.stored()).toEqual(before)
  })

  it('what is computed, kept or not', async () => {
    const bare = open(`create table users (id integer primary key, email text,
        upper text generated always as (upper(email)) stored, short as (substr(email, 1, 1)), n int as (id * 2) virtual unique);
      insert into users (id, email) values (1, 'abc')`)
    const [before, rows] = [bare.stored(), bare.rows('users')]
    await bare.up(toUnique)
    expect(bare.rows('users')).toEqual(rows)
    expect(rows).toEqual([[1, '1', "'abc'", "'ABC'", "'a'", '2']])
    await bare.down(toUnique)
    expect(bare.stored()).toEqual(before)
  })

  it('row ids that no column stands for, by which others know its rows', async () => {
    const bare = open(`create table users (id text, email text);
      insert into users (_rowid_, id, email) values (7, 'x', 'a'), (3, 'y', 'b'), (900, 'z', 'c');
      create virtual table words using fts5 (email, content = 'users');
      insert into words (words) values ('rebuild')`)
    const rows = bare.rows('users')
    await bare.up(toUnique)
    expect(bare.rows('users')).toEqual(rows)
    expect(rows.map(([id]) => id)).toEqual([3, 7, 900])
    expect(bare.raw.prepare("select rowid from words where email match 'c'").pluck().all()).toEqual([900])
  })

  it('row ids where columns have their names', async () => {
    const bare = open(`create table users (id text, email text, rowid text, OID text);
      insert into users (_rowid_, rowid, oid) values (7, 'x', 'a'), (3, 'y', 'b')`)
    const rows = bare.rows('users')
    await bare.up(toUnique)
    expect(bare.raw.prepare('select _rowid_ from users order by 1').pluck().all()).toEqual([3, 7])
    expect(bare.rows('users')).toEqual(rows)
  })

  it('values as they are, of whatever kind', async () => {
    const bare = open(`create table users (id integer primary key, email, age blob, n numeric);
      insert into users values (1, x'00ff', '007', 1e300), (2, 9007199254740993, 1.0, -0.0), (3, null, 'ü
', 'no number')`)
    const rows = bare.rows('users')
    await bare.up(toUnique)
    expect(bare.rows('users')).toEqual(rows)
  })

  it('itself, if something of it fails: no half of it is left, and foreign keys are enforced again', async () => {
    const bare = open(`create table users (id integer primary key, email text, age int);
      create table posts (x references users on delete cascade);
      insert into users values (1, 'a', 1), (2, 'b', 2); insert into posts values (1)`)
    const before = [bare.stored(), bare.rows('users'), bare.rows('posts')]
    await expect(
      bare.up(toUnique, alterColumn(users, 'age', { type: text(), using: sql`json(email)` })),
    ).rejects.toThrow('malformed JSON')
    expect([bare.stored(), bare.rows('users'), bare.rows('posts')]).toEqual(before)
    expect(bare.raw.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(bare.raw.pragma('legacy_alter_table', { simple: true })).toBe(0)
  })

  it('rows that referred to nothing before', async () => {
    const bare = open(`pragma foreign_keys = off; create table users (id integer primary key, email text);
      create table posts (x references users); insert into posts values (5); pragma foreign_keys = on`)
    await bare.up(toUnique)
    expect(bare.rows('posts')).toEqual([[1, '5']])
  })

  it('views that did not work before, and does not mind them', async () => {
    const bare = open(
      `create table users (id integer primary key, email text); create view v as select * from nowhere`,
    )
    await bare.up(toUnique)
    expect(bare.stored()['v']).toBe('CREATE VIEW v as select * from nowhere')
  })
})

const cases: readonly [name: string, before: string, operation: Operation, after: string][] = [
  ['a column', 'create table users (a int, b)', addColumn('users', { c: text() }), '(a int, b, "c" text)'],
  [
    'a unique column behind comments',
    'create table users (a int -- one\n, b /* two */ -- three\n, check (a > 0))',
    addColumn('users', { c: text().unique() }),
    '(a int -- one\n, b, "c" text constraint "users_c_key" unique /* two */ -- three\n, check (a > 0))',
  ],
  [
    'a column of a strict table',
    'create table users (a int) strict',
    addColumn('users', { c: varchar(10).unique(), d: numeric({ precision: 10, scale: 2 }) }),
    '(a int, "c" text constraint "users_c_key" unique, "d" real) strict',
  ],
  [
    'a type',
    'create table users (a int not null, b)',
    alterColumn('users', 'a', { type: text() }, { from: { type: integer() } }),
    '(a text not null, b)',
  ],
  [
    'a type where there was none, before what is computed',
    'create table users (a, b generated always as (a + 1) stored)',
    alterTable('users', [
      alterColumn('users', 'a', { type: integer() }),
      alterColumn('users', 'b', { type: integer() }),
    ]),
    '(a integer, b integer generated always as (a + 1) stored)',
  ],
  [
    'a type with its collation',
    'create table users (a text collate nocase default 1)',
    alterColumn('users', 'a', { type: varchar(3), collation: 'RTRIM' }),
    '(a varchar(3) default 1 collate "RTRIM")',
  ],
  [
    'a default',
    'create table users (a int, b)',
    alterColumn('users', 'a', { default: 5 }),
    '(a int default 5, b)',
  ],
  [
    'a default in place of another',
    "create table users (a int constraint d default ('x') not null, b)",
    alterColumn('users', 'a', { default: null }),
    '(a int not null, b)',
  ],
  [
    'a default that is computed',
    'create table users (a text default 1, b)',
    alterColumn(table('users', { a: timestamptz() }), 'a', { default: now() }, { from: { default: 1 } }),
    "(a text default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), b)",
  ],
  [
    'not null',
    'create table users (a int default 5, b)',
    alterColumn('users', 'a', { nullable: false }),
    '(a int default 5 not null, b)',
  ],
  [
    'not null with more in one go',
    'create table users (a int null on conflict abort, b)',
    alterColumn('users', 'a', { nullable: false, default: 1 }),
    '(a int not null default 1, b)',
  ],
  [
    'null',
    'create table users (a int constraint n not null on conflict fail default 1, b)',
    alterColumn('users', 'a', { nullable: true }),
    '(a int default 1, b)',
  ],
  [
    'what is computed',
    'create table users (a int, b as (a) stored)',
    alterColumn(table('users', { a: integer(), b: integer() }), 'b', {
      generated: (t) => t.a.add(1),
    }),
    '(a int, b as ("a" + 1) stored)',
  ],
  [
    'what is computed no more',
    'create table users (a int, b int generated always as (a) stored not null)',
    alterColumn('users', 'b', { generated: null }),
    '(a int, b int not null)',
  ],
  [
    'a check',
    'create table users (a int, b)',
    addConstraint(table('users', { a: integer() }), (t) => check(t.a.gt(0))),
    '(a int, b, constraint "users_a_check" check ("a" > 0))',
  ],
  [
    'a foreign key',
    'create table users (a int, b)',
    addConstraint(table('users', { a: integer() }), (t) =>
      foreignKey([t.a], () => [table('orgs', { id: integer().primaryKey() }).id], { onDelete: 'cascade' }),
    ),
    '(a int, b, constraint "users_a_fkey" foreign key ("a") references "orgs" ("id") on delete cascade)',
  ],
  [
    'a primary key',
    'create table users (a integer not null, b)',
    addConstraint(table('users', { a: integer() }), (t) => primaryKey(t.a)),
    '(a integer not null, b, constraint "users_pkey" primary key ("a"))',
  ],
  [
    'no key that has no name, by the name that it would have',
    'create table users (a int unique, b, unique (a, b))',
    dropConstraint('users', 'users_a_b_key'),
    '(a int unique, b)',
  ],
  [
    'no key of a column',
    'create table users (a int constraint k unique on conflict ignore not null, b)',
    dropConstraint('users', 'k'),
    '(a int not null, b)',
  ],
  [
    'no reference, and nothing of when it is looked at',
    'create table users (a int references x deferrable initially deferred not null, b)',
    dropConstraint('users', 'users_a_fkey'),
    '(a int not null, b)',
  ],
  [
    'another name of a constraint',
    'create table users (a int constraint k unique, b)',
    renameConstraint('users', 'k', 'key of a'),
    '(a int constraint "key of a" unique, b)',
  ],
  [
    'no column that is in nothing',
    'create table users (a int, b /* b */, c)',
    dropColumn('users', 'b'),
    '(a int, c)',
  ],
  [
    'no column that is unique, in a check, an index and a reference',
    'create table users (a int, b int unique references x, check (b > 0), check (a > 0), foreign key (a, b) references x, unique (a, b), c as (a)); create index i on users (b)'.replace(
      ', c as (a)',
      '',
    ),
    dropColumn('users', 'b'),
    '(a int, check (a > 0))',
  ],
  ['no first column', 'create table users (a int unique, b, c)', dropColumn('users', 'a'), '(b, c)'],
  [
    'no columns but one',
    'create table users (a int unique, b, c unique, d)',
    alterTable('users', [dropColumn('users', 'a'), dropColumn('users', 'd'), dropColumn('users', 'b')]),
    '(c unique)',
  ],
]

describe('the statement of a table that is altered has', () => {
  it.each(cases)('%s', async (_, before, operation, after) => {
    for (const rows of [false, true]) {
      const bare = open(
        before.replaceAll(/^create table users \((.*)\)([^()]*)$/gs, 'create table users ($1)$2'),
      )
      const columns = bare.raw.pragma('table_xinfo(users)') as { name: string; hidden: number }[]
      const plain = columns.filter(({ hidden }) => hidden === 0)
      if (rows) {
        bare.raw.pragma('foreign_keys = off')
        bare.raw.exec(
          `insert into users (${plain.map(({ name }) => name)}) values (${plain.map((_, i) => i + 1)})`,
        )
        bare.raw.pragma('foreign_keys = on')
      }
      const count = bare.rows('users').length
      if (/references/.test(after) && rows) continue
      await bare.up(operation)
      expect(bare.stored()['users']?.replace(/^CREATE TABLE users /, '')).toBe(after)
      expect(bare.rows('users')).toHaveLength(count)
      expect(Object.keys(bare.stored())).toEqual(['users'])
    }
  })

  it('the value of a default in each new column, and not the name of the column', async () => {
    const bare = open(`create table users (id integer primary key); insert into users values (1), (2)`)
    await bare.up(
      addColumn('users', {
        code: text().unique(),
        since: timestamptz().notNull().default(now()),
        yes: boolean().notNull().default(true),
      }),
    )
    const rows = bare.rows('users')
    expect(rows.map((row) => [row[2], row[4]])).toEqual([
      ['NULL', '1'],
      ['NULL', '1'],
    ])
    expect(String(rows[0]?.[3])).toMatch(/^'\d{4}-/)
  })

  it('columns under new names, of which the values are those of the old ones', async () => {
    const bare = open(`create table users (id integer primary key, a int default 1, b text);
      create index i on users (a); create view v as select a from users; create table c (x references users (id));
      insert into users values (1, 2, 'x')`)
    const change = alterTable('users', [
      renameColumn('users', 'a', 'n'),
      alterColumn('users', 'n', { type: text(), default: null }, { from: { type: integer(), default: 1 } }),
      addColumn('users', { a: integer().unique() }),
    ])
    const before = bare.stored()
    await bare.up(change)
    expect(bare.stored()).toEqual({
      c: before['c'],
      i: 'CREATE INDEX i on users ("n")',
      users:
        'CREATE TABLE users (id integer primary key, "n" text, b text, "a" integer constraint "users_a_key" unique)',
      v: 'CREATE VIEW v as select "n" from users',
    })
    expect(bare.rows('users')).toEqual([[1, '1', "'2'", "'x'", 'NULL']])
    await bare.down(change)
    expect(bare.rows('users')).toEqual([[1, '1', '2', "'x'"]])
  })

  it('what becomes of a value, where that is said', async () => {
    const bare = open(
      "create table users (id integer primary key, age text); insert into users values (1, '12 years')",
    )
    const change = alterColumn(
      table('users', { id: integer(), age: text() }),
      'age',
      { type: integer(), using: sql`cast(age as integer)` },
      { from: { type: text(), using: sql`age || ' years'` } },
    )
    await bare.up(change)
    expect(bare.rows('users')).toEqual([[1, '1', '12']])
    await bare.down(change)
    expect(bare.rows('users')).toEqual([[1, '1', "'12 years'"]])
  })

  it('one rebuild for all changes', async () => {
    const bare = open('create table users (id integer primary key, email text, age int, c text)')
    await bare.up(
      alterTable(users, [
        dropColumn(users, 'c'),
        alterColumn(users, 'age', { type: text() }),
        addColumn(users, { d: integer().unique() }, (t) => index(t.d) && [index(t.d)]),
        addConstraint(users, (t) => unique(t.age)),
      ]),
    )
    expect(
      bare.statements.filter(
        (one) => /_espalier_old_users|main"\.users|on "users"/.test(one) && !one.startsWith('select'),
      ),
    ).toEqual([
      'alter table "main"."users" rename to "_espalier_old_users"',
      'CREATE TABLE "main".users (id integer primary key, email text, age text, "d" integer constraint "users_d_key" unique, constraint "users_age_key" unique ("age"))',
      'insert into "main"."users" ("id", "email", "age") select "id", "email", "age" from "main"."_espalier_old_users"',
      'drop table "main"."_espalier_old_users"',
      'create index "users_d_idx" on "users" ("d")',
    ])
    expect(bare.stored()).toEqual({
      users:
        'CREATE TABLE users (id integer primary key, email text, age text, "d" integer constraint "users_d_key" unique, constraint "users_age_key" unique ("age"))',
      users_d_idx: 'CREATE INDEX "users_d_idx" on "users" ("d")',
    })
  })

  it('another name, also of an index', async () => {
    const bare = open(
      'create table users (id integer primary key, email text); create index i on users (email desc) where id > 1; create table c (x references users)',
    )
    const changes = [renameTable('users', 'people'), renameIndex('i', 'by email')]
    const before = bare.stored()
    await bare.up(...changes)
    expect(bare.stored()).toEqual({
      'by email': 'CREATE INDEX "by email" on "people" (email desc) where id > 1',
      c: 'CREATE TABLE c (x references "people")',
      people: 'CREATE TABLE "people" (id integer primary key, email text)',
    })
    await bare.down(...changes)
    expect(Object.keys(bare.stored())).toEqual(Object.keys(before))
  })
})

describe('a table of SQLite is not altered where', () => {
  it.each<[string, string, Operation, string | RegExp]>([
    [
      'a column would be null',
      "insert into users values (1, null, 1), (2, null, 2), (3, 'x', 3)",
      alterColumn('users', 'email', { nullable: false, default: '' }),
      '2 rows of "users" do not fit: "email" is null. Give them a value first. Nothing was changed.',
    ],
    [
      'a new column has no value',
      'insert into users values (1, null, 1)',
      addColumn('users', { x: integer().notNull() }),
      '1 row of "users" does not fit: the new column "x" is not null and has no default.',
    ],
    [
      'values are not of the new type',
      "insert into users values (1, 'abc', 1), (2, '12', 2), (3, '1.5', 3), (4, null, 4), (5, x'00', 5)",
      alterColumn('users', 'email', { type: integer() }),
      '3 rows of "users" do not fit: "email" has values that are not of the new type.',
    ],
    [
      'a check is not true',
      "insert into users values (1, 'a', 1), (2, 'b', -2), (3, 'c', null)",
      addConstraint(users, (t) => check(t.age.gt(0))),
      '1 row of "users" does not fit: the constraint "users_age_check" is not true of them.',
    ],
    [
      'a key has values twice',
      "insert into users values (1, 'a', 1), (2, 'a', 1), (3, 'a', 1), (4, null, 1), (5, null, 2)",
      addConstraint(users, (t) => unique(t.email)),
      '2 rows of "users" do not fit: the constraint "users_email_key" is of values that others have too.',
    ],
    [
      'a reference is to nothing',
      "insert into users values (1, 'a', 1), (2, 'a', 7), (3, 'a', null)",
      addConstraint(users, (t) => foreignKey([t.age], () => [users.id])),
      '1 row of "users" does not fit: by the constraint "users_age_fkey" they would refer to nothing in "users".',
    ],
    [
      'rows would be left out by a clause on conflict',
      "insert into users values (1, 'a', 1), (2, 'a', 1)",
      addColumn('users', { x: integer().default(1) }, (t) => [unique(t.x).with({ onConflict: 'ignore' })]),
      /has 2 rows, of which only 1 fit|unique/i,
    ],
    [
      'a view uses a column',
      'create view v as select email from users',
      dropColumn('users', 'email'),
      'something uses what is changed: the view v: no such column: email.',
    ],
    [
      'a trigger of another table uses a column',
      'create table t (x); create trigger g after insert on t begin update users set email = 1; end',
      alterTable('users', [dropColumn('users', 'email'), dropColumn('users', 'age')]),
      'something uses what is changed: the trigger g: no such column: email.',
    ],
    [
      'what is computed uses a column',
      'drop table users; create table users (a int, b as (a))',
      dropColumn('users', 'a'),
      '"b" is computed of "a"; drop it first.',
    ],
    [
      'a column is the only one',
      'drop table users; create table users (a int)',
      dropColumn('users', 'a'),
      '"a" is its only column.',
    ],
    ['there is no such column', '', dropColumn('users', 'x'), 'it has no column "x".'],
    ['there is no such constraint', '', dropConstraint('users', 'x'), 'it has no constraint "x".'],
    [
      'there is no such table',
      'drop table users',
      dropColumn('users', 'x'),
      'There is no table "users" in main.',
    ],
    [
      'it is a view',
      'drop table users; create view users as select 1 as x',
      dropColumn('users', 'x'),
      '"users" is a view',
    ],
    [
      'it is a virtual table',
      'drop table users; create virtual table users using fts5 (x)',
      addConstraint(users, (t) => unique(t.email)),
      '"users" is a virtual table',
    ],
    [
      'another table refers to the key that is dropped',
      'drop table users; create table users (a int constraint k unique, b); create table c (x references users (a)); insert into users values (1, 1); insert into c values (1)',
      dropConstraint('users', 'k'),
      /foreign key mismatch/,
    ],
  ])('%s', async (_, more, operation, message) => {
    const bare = open(`create table users (id integer primary key, email text, age int); ${more}`)
    const before = [
      bare.stored(),
      ...Object.keys(bare.stored()).map((name) => (/^[vg]$|users_/.test(name) ? [] : bare.rows(name))),
    ]
    await expect(bare.up(operation)).rejects.toThrow(message)
    expect([
      bare.stored(),
      ...Object.keys(bare.stored()).map((name) => (/^[vg]$|users_/.test(name) ? [] : bare.rows(name))),
    ]).toEqual(before)
    expect(bare.raw.pragma('foreign_keys', { simple: true })).toBe(1)
  })

  it('a statement of the same revision relies on foreign keys', async () => {
    const bare = open(`create table users (id integer primary key, email text);
      create table posts (x references users on delete cascade); insert into users values (1, 'a'); insert into posts values (1)`)
    const erase = execute(deleteFrom(users).everyRow(), { reverse: 'nothing' })
    await expect(bare.up(toUnique, erase)).rejects.toThrow(
      'Rows would refer to nothing: 1 rows of posts refer to users, which has no such rows.',
    )
    expect(bare.rows('posts')).toEqual([[1, '1']])
  })

  it('no migrator has turned off foreign keys', async () => {
    const bare = open('create table users (id integer primary key, email text)')
    const perform = toUnique.perform?.(bare.db.dialect)
    await expect(bare.db.transaction((tx) => perform?.(tx) as Promise<void>)).rejects.toThrow(
      'The table "users" has to be made anew, while foreign keys are off',
    )
  })
})
