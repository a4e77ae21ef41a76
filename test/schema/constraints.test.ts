import {
  AddConstraintNode,
  type AnyTable,
  boolean,
  type ConstraintNode,
  check,
  createAll,
  createTable,
  ddl,
  exclude,
  foreignKey,
  index,
  insert,
  int4range,
  integer,
  isViolationOf,
  metadata,
  notNull,
  onlyOn,
  operatorClass,
  primaryKey,
  select,
  sql,
  table,
  tableDefinition,
  text,
  unique,
  validateConstraint,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { create, onPostgres, onSqlite, schemaDatabases } from '../support/schema.js'
import { errorOf } from '../support/sql.js'

const { databases, postgresqls, lite } = await schemaDatabases()

/** A table of three columns, and its SQL behind them. */
const columns = { a: integer(), b: integer(), c: text() }
type Extras = Parameters<typeof table<'t', typeof columns>>[2]
const t = (extras: Extras) => table('t', columns, extras)
const start = /^create table "t" \("a" integer(?: not null)?, "b" integer(?: not null)?, "c" text, (.*)\)$/

describe('keys', () => {
  it.each<[string, Extras, string]>([
    ['named', (t) => [primaryKey(t.a).named('key of t')], 'constraint "key of t" primary key ("a")'],
    [
      'that include columns',
      (t) => [primaryKey(t.a, t.b).with({ include: [t.c] })],
      'constraint "t_pkey" primary key ("a", "b") include ("c")',
    ],
    [
      'that are deferrable',
      (t) => [
        primaryKey(t.a).with({ deferrable: true }),
        unique(t.b).with({ deferrable: 'initially deferred' }),
      ],
      'constraint "t_pkey" primary key ("a") deferrable, constraint "t_b_key" unique ("b") deferrable initially deferred',
    ],
    [
      'in which nulls are equal',
      (t) => [
        unique(t.a, t.b)
          .with({ nullsNotDistinct: true, include: [t.c] })
          .named('one'),
      ],
      'constraint "one" unique nulls not distinct ("a", "b") include ("c")',
    ],
  ])('%s are written', (_, extras, written) => {
    expect(start.exec(onPostgres(t(extras)))?.[1]).toBe(written)
  })

  it.each<[string, Extras, RegExp]>([
    [
      'include',
      (t) => [unique(t.a).with({ include: [t.b] })],
      /^SQLite has no columns that a key or an index includes/,
    ],
    ['deferrable', (t) => [primaryKey(t.a).with({ deferrable: true })], /^SQLite has no deferrable keys/],
    [
      'nulls not distinct',
      (t) => [unique(t.a).with({ nullsNotDistinct: true })],
      /two nulls are equal\. Add a unique/,
    ],
  ])('with %s are refused by SQLite', async (_, extras, says) => {
    const error = await errorOf(() => onSqlite(t(extras)))
    expect(error.code).toBe('unsupported')
    expect(error.message).toMatch(says)
  })

  it('with equal nulls are refused before PostgreSQL 15', async () => {
    const error = await errorOf(() =>
      onPostgres(
        t((t) => [unique(t.a).with({ nullsNotDistinct: true })]),
        14,
      ),
    )
    expect(error.message).toMatch(/^PostgreSQL 14 has no keys in which two nulls are equal/)
  })

  it.each(postgresqls)('hold on $name', async ({ db }) => {
    const keys = table('keys', { id: integer(), a: integer(), place: integer() }, (t) => [
      primaryKey(t.id)
        .named('the key')
        .with({ include: [t.a] }),
      unique(t.a).with({ nullsNotDistinct: true }),
      unique(t.place).with({ deferrable: true }),
    ])
    await create(db, keys)
    await db.run(
      insert(keys).values([
        { id: 1, a: null, place: 1 },
        { id: 2, a: 1, place: 2 },
      ]),
    )
    const again = await errorOf(() => db.run(insert(keys).values({ id: 3, a: null, place: 3 })))
    expect(isViolationOf(again, keys, (t) => unique(t.a))).toBe(true)
    // Looked at behind the statement, not behind each row.
    await db.run(sql.statement`update keys set place = place + 1`)
    await db.transaction(async (tx) => {
      await tx.run(sql.statement`set constraints all deferred`)
      await tx.run(sql.statement`update keys set place = 3 where id = 1`)
      await tx.run(sql.statement`update keys set place = 2 where id = 2`)
    })
    expect(await db.all(select({ id: keys.id, place: keys.place }).from(keys).orderBy(keys.id))).toEqual([
      { id: 1, place: 3 },
      { id: 2, place: 2 },
    ])
  })
})

describe('foreign keys', () => {
  const parents = table('parents', { a: integer(), b: integer() }, (t) => [primaryKey(t.a, t.b)])
  const child = (options: Parameters<typeof foreignKey>[2]) =>
    t((t) => [foreignKey([t.a, t.b], () => [parents.a, parents.b], options)])
  const key = 'constraint "t_a_b_fkey" foreign key ("a", "b") references "parents" ("a", "b")'

  it.each<[Parameters<typeof foreignKey>[2], string]>([
    [{ match: 'full' }, ' match full'],
    [{ match: 'simple' }, ''],
    [{ deferrable: true }, ' deferrable'],
    [
      { onDelete: 'cascade', deferrable: 'initially deferred' },
      ' on delete cascade deferrable initially deferred',
    ],
    [{ onDelete: 'set default', onUpdate: 'restrict' }, ' on delete set default on update restrict'],
    [{ enforced: false }, ' not enforced'],
    // In a new table there is nothing that it would be about.
    [{ notValid: true }, ''],
  ])('with %o', (options, written) => {
    expect(start.exec(onPostgres(child(options)))?.[1]).toBe(key + written)
  })

  const some = t((t) => [
    foreignKey([t.a, t.b], () => [parents.a, parents.b], {
      onDelete: 'set null',
      setColumns: [t.b],
      onUpdate: 'cascade',
    }),
  ])

  it('set some of their columns, since PostgreSQL 15', async () => {
    expect(start.exec(onPostgres(some))?.[1]).toBe(`${key} on delete set null ("b") on update cascade`)
    expect((await errorOf(() => onPostgres(some, 14))).message).toMatch(
      /^PostgreSQL 14 has no foreign keys that set some/,
    )
    const wrong = t((t) => [foreignKey([t.a, t.b], () => [parents.a, parents.b], { setColumns: [t.b] })])
    expect((await errorOf(() => createTable(wrong))).message).toMatch(/setColumns, which are for onDelete/)
  })

  it.each<[string, AnyTable, RegExp]>([
    ['match full', child({ match: 'full' }), /SQLite has no foreign keys with match 'full'\. Add a check/],
    ['not enforced', child({ enforced: false }), /SQLite has no constraints that are not enforced/],
    ['set null of some columns', some, /SQLite has no foreign keys that set some/],
  ])('with %s are refused by SQLite', async (_, one, says) => {
    expect((await errorOf(() => onSqlite(one))).message).toMatch(says)
  })

  it.each(databases)('are looked at at the end on $name', async ({ db }) => {
    const late = table('late', { a: integer(), b: integer() }, (t) => [
      foreignKey([t.a, t.b], () => [parents.a, parents.b], { deferrable: 'initially deferred' }),
    ])
    await create(db, parents, late)
    await db.transaction(async (tx) => {
      await tx.run(insert(late).values({ a: 1, b: 1 }))
      await tx.run(insert(parents).values({ a: 1, b: 1 }))
    })
    const error = await errorOf(() => db.run(insert(late).values({ a: 2, b: 2 })))
    expect(error.code).toBe('foreign_key_violation')
  })

  it.each(postgresqls)('match full and set some columns on $name', async ({ db }) => {
    const full = table('full_key', { a: integer(), b: integer() }, (t) => [
      foreignKey([t.a, t.b], () => [parents.a, parents.b], { match: 'full' }),
    ])
    const partly = table('partly', { a: integer(), b: integer() }, (t) => [
      foreignKey([t.a, t.b], () => [parents.a, parents.b], { onDelete: 'set null', setColumns: [t.b] }),
    ])
    await create(db, full, partly)
    expect((await errorOf(() => db.run(insert(full).values({ a: 1, b: null })))).code).toBe(
      'foreign_key_violation',
    )
    await db.run(insert(parents).values({ a: 5, b: 5 }))
    await db.run(insert(partly).values({ a: 5, b: 5 }))
    await db.run(sql.statement`delete from parents where a = 5`)
    expect(await db.all(select(partly).from(partly))).toEqual([{ a: 5, b: null }])
  })
})

describe('checks', () => {
  const loose = t((t) => [check(t.a.gt(0)).with({ noInherit: true, enforced: false }).named('positive')])

  it('may be not enforced and not inherited, where the database has that', async () => {
    expect(start.exec(onPostgres(loose))?.[1]).toBe(
      'constraint "positive" check ("a" > 0) no inherit not enforced',
    )
    expect((await errorOf(() => onPostgres(loose, 17))).message).toMatch(
      /^PostgreSQL 17 has no constraints that are not enforced\. Leave/,
    )
    expect((await errorOf(() => onSqlite(loose))).message).toMatch(
      /^SQLite has no constraints that tables do not inherit/,
    )
  })

  it.each(postgresqls)('that are not enforced are not looked at on $name', async ({ db }) => {
    const unchecked = table('unchecked', { a: integer() }, (t) => [
      check(t.a.gt(0)).with({ enforced: false }),
    ])
    await create(db, unchecked)
    await db.run(insert(unchecked).values({ a: -1 }))
    expect(await db.all(select(unchecked.a).from(unchecked))).toEqual([-1])
  })
})

describe('how an index of a constraint is kept', () => {
  const kept = table('kept', { a: integer(), b: int4range() }, (t) => [
    primaryKey(t.a).with({ postgres: { with: { fillfactor: 50 } } }),
    unique(t.b).with({ deferrable: true, postgres: { with: { fillfactor: 60 }, tablespace: 'pg_default' } }),
    ...onlyOn(
      'PostgreSQL',
      exclude('gist', [operatorClass(t.b, 'range_ops'), '&&']).with({
        postgres: { with: { buffering: 'off' } },
      }),
      exclude('btree', [t.a.desc(), 'operator(pg_catalog.=)']).named('by_path'),
    ),
  ])

  it('is said behind it, and SQLite does without', async () => {
    expect(onPostgres(kept)).toBe(
      'create table "kept" ("a" integer not null, "b" int4range, constraint "kept_pkey" primary key ("a") with ("fillfactor" = 50), ' +
        'constraint "kept_b_key" unique ("b") with ("fillfactor" = 60) using index tablespace "pg_default" deferrable, ' +
        `constraint "kept_b_excl" exclude using "gist" ("b" "range_ops" with &&) with ("buffering" = 'off'), ` +
        'constraint "by_path" exclude using "btree" ("a" desc with operator(pg_catalog.=)))',
    )
    const plain = table('plain', { a: integer() }, (t) => [
      unique(t.a).with({ postgres: { with: { fillfactor: 50 } } }),
    ])
    expect(onSqlite(plain)).toBe('create table "plain" ("a" integer, constraint "plain_a_key" unique ("a"))')
  })

  it.each(postgresqls)('is taken by $name', async ({ db }) => {
    await create(db, kept)
    const options = sql.query({ options: text() })`select array_to_string(reloptions, ',') from pg_class
      where relname in ('kept_pkey', 'kept_b_excl') order by relname`
    expect(await db.all(options)).toEqual([{ options: 'buffering=off' }, { options: 'fillfactor=50' }])
  })

  it.each(['operator(pg_catalog.=) --)', 'operator(=)', 'operator(a.b.=)'])(
    'takes no operator %s',
    async (one) => {
      const wrong = () => table('wrong', { a: integer() }, (t) => [exclude('btree', [t.a, one])])
      expect((await errorOf(wrong)).code).toBe('invalid_constraint')
    },
  )
})

describe('constraints that a table gets when it is there', () => {
  const made = (one: AnyTable) =>
    createAll([one], postgresDialect).map((each) => each.toSQL(postgresDialect).sql)

  it('are keys that repeat another, which PostgreSQL would leave out of a new table', async () => {
    const twice = table('twice', { a: integer().primaryKey() }, (t) => [
      unique(t.a).named('again'),
      unique(t.a).named('deferred').with({ deferrable: true }),
    ])
    expect(made(twice)).toEqual([
      'create table "twice" ("a" integer not null, constraint "twice_pkey" primary key ("a"), constraint "deferred" unique ("a") deferrable)',
      'alter table "twice" add constraint "again" unique ("a")',
    ])
    for (const { db } of postgresqls) {
      await create(db, twice)
      for (const statement of createAll([twice], db.dialect, { ifNotExists: true })) await db.run(statement)
      const names = sql.query({ name: text() })`select conname from pg_constraint
        where conrelid = 'twice'::regclass and contype in ('p', 'u') order by 1`
      expect(await db.all(names)).toEqual([{ name: 'again' }, { name: 'deferred' }, { name: 'twice_pkey' }])
    }
  })

  it('are primary keys of columns that come from a table above', () => {
    const base = table('base', { a: integer() })
    const heir = table(
      'heir',
      {
        a: integer()
          .notNull()
          .with({ postgres: { inherited: true } }),
        b: integer(),
      },
      (t) => [primaryKey(t.a)],
      { postgres: { inherits: [base] } },
    )
    expect(made(heir)).toEqual([
      'create table "heir" ("b" integer) inherits ("base")',
      'alter table "heir" add constraint "heir_pkey" primary key ("a")',
    ])
  })
})

describe('constraints without a name', () => {
  const plain = table('plain_keys', { a: integer(), b: text() }, (t) => [
    primaryKey(t.b)
      .named('')
      .with({ sqlite: { nullable: true } }),
    unique(t.a).named(''),
    check(t.a.gt(0)).named(''),
    foreignKey([t.b], () => [t.b], { name: '' }),
  ])
  const constraints = 'unique ("a"), check ("a" > 0), foreign key ("b") references "plain_keys" ("b"))'

  it('are written without', async () => {
    expect(onSqlite(plain)).toBe(
      `create table "plain_keys" ("a" integer, "b" text, primary key ("b"), ${constraints}`,
    )
    expect(onPostgres(plain)).toBe(
      `create table "plain_keys" ("a" integer, "b" text, primary key ("b"), ${constraints}`,
    )
    await create(lite, plain)
    await lite.run(
      insert(plain).values([
        { a: 1, b: null },
        { a: 2, b: null },
      ]),
    )
    expect(await lite.all(select(plain.b).from(plain))).toEqual([null, null])
  })

  it.each(postgresqls)('get names of $name', async ({ db }) => {
    await create(db, plain)
    const row = insert(plain).values({ a: 1, b: null })
    expect((await errorOf(() => db.run(row))).code).toBe('not_null_violation')
  })
})

describe('comments on constraints and indexes', () => {
  const app = table('app', { a: integer(), b: integer(), c: int4range() }, (t) => [
    primaryKey(t.a).with({ comment: "It's the key" }),
    foreignKey([t.b], () => [t.a], { comment: 'Above' }),
    check(t.a.gt(0)).with({ comment: 'Counted' }),
    index(t.b).with({ comment: 'Sorted' }),
  ])
  const comments = [
    `comment on constraint "app_pkey" on "app" is 'It''s the key'`,
    `comment on constraint "app_b_fkey" on "app" is 'Above'`,
    `comment on constraint "app_a_check" on "app" is 'Counted'`,
    `comment on index "app_b_idx" is 'Sorted'`,
  ]

  it('stand behind their table, and SQLite does without', () => {
    const statements = createAll([app], postgresDialect)
    expect(statements.slice(2).map((one) => onPostgres(one))).toEqual(comments)
    const plain = table('plain', { a: integer() }, (t) => [unique(t.a).with({ comment: 'One each' })])
    expect(createAll([plain], sqliteDialect)).toHaveLength(1)
  })

  it('stand behind a foreign key that comes last', () => {
    const app = metadata()
    app.table('hens', {
      id: integer().primaryKey(),
      egg: integer().references('eggs.id', { comment: 'From' }),
    })
    app.table('eggs', { id: integer().primaryKey(), hen: integer().references('hens.id') })
    expect(createAll(app, postgresDialect).at(-1)?.toSQL(postgresDialect).sql).toBe(
      `comment on constraint "hens_egg_fkey" on "hens" is 'From'`,
    )
  })

  it.each(postgresqls)('are taken by $name', async ({ db }) => {
    await create(db, app)
    const found = sql.query({ comment: text() })`select description as comment from pg_description
      where description in ('It''s the key', 'Above', 'Counted', 'Sorted') order by 1`
    expect(await db.all(found)).toHaveLength(4)
  })
})

describe('constraints that are checked later', () => {
  it('are not valid either where createAll makes them', () => {
    const late = table('late', { a: integer() }, (t) => [
      check(t.a.gt(0)).with({ notValid: true }),
      foreignKey([t.a], () => [t.a], { notValid: true }),
    ])
    expect(createAll([late], postgresDialect).map((one) => one.toSQL(postgresDialect).sql)).toEqual([
      'create table "late" ("a" integer)',
      'alter table "late" add constraint "late_a_check" check ("a" > 0) not valid',
      'alter table "late" add constraint "late_a_fkey" foreign key ("a") references "late" ("a") not valid',
    ])
    // SQLite looks at all rows that are written from then on, as PostgreSQL does.
    expect(createAll([late], sqliteDialect)).toHaveLength(1)
  })

  const old = table('old_rows', { a: integer() })
  const [positive] = tableDefinition(old, (t) => [check(t.a.gt(0)).with({ notValid: true })]).constraints
  const add = ddl(new AddConstraintNode(tableDefinition(old).table, positive as ConstraintNode))
  const validate = validateConstraint(old, 'old_rows_a_check')

  it('are written so where they are added, and refused by SQLite', async () => {
    expect(add.toSQL(postgresDialect).sql).toBe(
      'alter table "old_rows" add constraint "old_rows_a_check" check ("a" > 0) not valid',
    )
    expect(validate.toSQL(postgresDialect).sql).toBe(
      'alter table "old_rows" validate constraint "old_rows_a_check"',
    )
    expect((await errorOf(() => validate.toSQL(sqliteDialect))).message).toMatch(
      /^SQLite has no constraints that are checked later/,
    )
  })

  it.each(postgresqls)('pass over the rows that are there on $name', async ({ db }) => {
    await create(db, old)
    await db.run(insert(old).values({ a: -1 }))
    await db.run(add)
    expect((await errorOf(() => db.run(insert(old).values({ a: -2 })))).code).toBe('check_violation')
    expect((await errorOf(() => db.run(validate))).code).toBe('check_violation')
    await db.run(sql.statement`update old_rows set a = 1`)
    await db.run(validate)
  })
})

describe('exclude', () => {
  const bookings = table('bookings', { room: integer(), during: int4range(), off: boolean() }, (t) => [
    exclude('gist', [t.during, '&&']).where(t.off.eq(false)).with({ deferrable: true }),
  ])

  it('is written for PostgreSQL, and refused by SQLite', async () => {
    expect(onPostgres(bookings)).toBe(
      'create table "bookings" ("room" integer, "during" int4range, "off" boolean, constraint "bookings_during_excl" ' +
        'exclude using "gist" ("during" with &&) where ("off" = false) deferrable)',
    )
    const plain = t((t) => [exclude('btree', [t.a, '=']).named('as unique')])
    expect((await errorOf(() => onSqlite(plain))).message).toMatch(
      /^SQLite has no exclude constraints\. Check for such rows/,
    )
    expect((await errorOf(() => t((t) => [exclude('btree', [t.a, '=) --' as never])]))).message).toMatch(
      /exclude\(…\) takes pairs such as/,
    )
  })

  it('is left out elsewhere, where it is meant for one database', () => {
    const both = t((t) => [check(t.a.gt(0)), ...onlyOn('PostgreSQL', exclude('btree', [t.a, '=']))])
    const constraint = 'constraint "t_a_check" check ("a" > 0)'
    expect(start.exec(onSqlite(both))?.[1]).toBe(constraint)
    for (const version of [12, 18]) {
      expect(start.exec(onPostgres(both, version))?.[1]).toBe(
        `${constraint}, constraint "t_a_excl" exclude using "btree" ("a" with =)`,
      )
    }
    expect(tableDefinition(both).constraints.map(({ onlyOn }) => onlyOn)).toEqual([undefined, 'PostgreSQL'])
  })

  it.each(postgresqls)('holds on $name', async ({ db }) => {
    await create(db, bookings)
    const book = (from: number, to: number, off: boolean) =>
      db.run(sql.statement`insert into bookings values (1, int4range(${from}::int, ${to}::int), ${off})`)
    await book(1, 5, false)
    await book(4, 8, true)
    expect((await errorOf(() => book(4, 8, false))).message).toMatch(/bookings_during_excl/)
  })
})

describe('keys over time', () => {
  const prices = table('prices', { item: integer(), valid: int4range(), price: integer() }, (t) => [
    primaryKey(t.item, t.valid).with({ withoutOverlaps: true }),
  ])
  const sales = table('sales', { item: integer(), at: int4range() }, (t) => [
    foreignKey([t.item, t.at], () => [prices.item, prices.valid], { period: true }),
  ])

  it('are written for PostgreSQL 18, and refused elsewhere', async () => {
    expect(onPostgres(prices)).toContain(
      'constraint "prices_pkey" primary key ("item", "valid" without overlaps)',
    )
    expect(onPostgres(sales)).toContain(
      'foreign key ("item", period "at") references "prices" ("item", period "valid")',
    )
    for (const one of [prices, sales]) {
      expect((await errorOf(() => onPostgres(one, 17))).message).toMatch(
        /^PostgreSQL 17 has no keys over periods of time/,
      )
    }
  })

  // For a number beside the range PostgreSQL needs an extension, so the key here is of two ranges.
  it.each(postgresqls)('hold on $name', async ({ db }) => {
    const shifts = table('shifts', { posts: int4range(), hours: int4range() }, (t) => [
      primaryKey(t.posts, t.hours).with({ withoutOverlaps: true }),
    ])
    const breaks = table('breaks', { posts: int4range(), hours: int4range() }, (t) => [
      foreignKey([t.posts, t.hours], () => [shifts.posts, shifts.hours], { period: true }),
    ])
    await create(db, shifts, breaks)
    const at = (one: AnyTable, from: number, to: number) =>
      db.run(sql.statement`insert into ${one} values (int4range(1, 2), int4range(${from}::int, ${to}::int))`)
    await at(shifts, 1, 5)
    await at(shifts, 5, 9)
    expect((await errorOf(() => at(shifts, 8, 12))).message).toMatch(/shifts_pkey/)
    // Two shifts together cover it.
    await at(breaks, 4, 6)
    expect((await errorOf(() => at(breaks, 8, 12))).code).toBe('foreign_key_violation')
  })
})

describe('conflict clauses of SQLite', () => {
  const strict = table('lenient', { id: integer(), email: text().notNull(), age: integer() }, (t) => [
    primaryKey(t.id).with({ onConflict: 'replace' }),
    unique(t.email).with({ onConflict: 'ignore' }),
    notNull(t.email).with({ onConflict: 'ignore' }),
  ])

  it('are written there, and refused by PostgreSQL', async () => {
    expect(onSqlite(strict)).toBe(
      'create table "lenient" ("id" integer not null, "email" text not null on conflict ignore, "age" integer, ' +
        'constraint "lenient_pkey" primary key ("id") on conflict replace, ' +
        'constraint "lenient_email_key" unique ("email") on conflict ignore)',
    )
    const error = await errorOf(() => createTable(strict).toSQL(postgresDialect))
    expect(error.message).toMatch(
      /^PostgreSQL has no clauses on conflict of a constraint\. Say it where rows/,
    )
    const wrong = t((t) => [unique(t.a).with({ onConflict: 'explode' as never })])
    expect((await errorOf(() => onSqlite(wrong))).message).toMatch(/not "explode"/)
  })

  it('decide what becomes of a row', async () => {
    await create(lite, strict)
    await lite.run(
      insert(strict).values([
        { id: 1, email: 'a', age: 1 },
        { id: 1, email: 'b', age: 2 },
      ]),
    )
    await lite.run(insert(strict).values({ id: 2, email: 'b', age: 3 }))
    await lite.run(sql.statement`insert into lenient (id, email) values (3, null)`)
    expect(await lite.all(select(strict).from(strict))).toEqual([{ id: 1, email: 'b', age: 2 }])
  })
})

describe('constraints without names', () => {
  it('are left to the database by a metadata', async () => {
    const app = metadata({ naming: 'none' })
    const one = app.table('nameless_one', { id: integer().primaryKey(), code: text().unique() })
    const two = app.table('nameless_two', { a: integer().references(() => one.id), b: text() }, (t) => [
      unique(t.a, t.b),
      check(t.b.eq('x')),
      index(t.b),
    ])
    expect(
      createAll([one, two], sqliteDialect).map((statement) => statement.toSQL(sqliteDialect).sql),
    ).toEqual([
      'create table "nameless_one" ("id" integer not null, "code" text, primary key ("id"), unique ("code"))',
      'create table "nameless_two" ("a" integer, "b" text, foreign key ("a") references "nameless_one" ("id"), ' +
        `unique ("a", "b"), check ("b" = 'x'))`,
      'create index "nameless_two_b_idx" on "nameless_two" ("b")',
    ])
  })
})
