/** Types with SQL around their values: `write` where one is sent, `read` where the rows of a query are read. */
import {
  array,
  caseOf,
  coalesce,
  createAll,
  createTable,
  createView,
  cte,
  type Database,
  deleteFrom,
  eqAny,
  insert,
  integer,
  lag,
  literal,
  mapped,
  mergeInto,
  neAll,
  nest,
  param,
  select,
  sql,
  table,
  text,
  update,
  updateMany,
  values,
  view,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres, postgresDialect } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import BetterSqlite from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { inBoth } from '../support/sql.js'

const handle = new BetterSqlite(':memory:')
handle.function('reverse', { deterministic: true }, (value) =>
  value === null ? null : [...String(value)].reverse().join(''),
)
const databases: readonly { readonly name: string; readonly db: Database }[] = [
  { name: 'PostgreSQL', db: postgres(await testDatabaseUrl()) },
  { name: 'PGlite', db: await pglite() },
  { name: 'SQLite', db: sqlite(handle) },
]
afterAll(() => Promise.all(databases.map(({ db }) => db.close())))

const reversed = mapped(text(), {
  name: 'reversed',
  encode: (value: { readonly is: string }) => value.is,
  decode: (is) => ({ is }),
  write: (parameter) => sql`reverse(${parameter})`,
  read: (column) => sql`reverse(${column})`,
})
const notes = table('wrapped notes', {
  id: integer().primaryKey(),
  v: reversed,
  d: reversed.default({ is: 'xyz' }),
})

it('write a parameter, and read a column', () => {
  const query = select(notes)
    .from(notes)
    .where(notes.v.in([{ is: 'abc' }]))
  expect(inBoth(query)).toEqual({
    postgres: [
      'select "wrapped notes"."id", reverse("wrapped notes"."v") as "v", reverse("wrapped notes"."d") as "d" ' +
        'from "wrapped notes" where "wrapped notes"."v" in (reverse($1::text))',
      'abc',
    ],
    sqlite: [
      'select "wrapped notes"."id", reverse("wrapped notes"."v") as "v", reverse("wrapped notes"."d") as "d" ' +
        'from "wrapped notes" where "wrapped notes"."v" in (reverse(?))',
      'abc',
    ],
  })
})

it.each(databases)('are what they were in every place, on $name', async ({ name, db }) => {
  for (const statement of createAll([notes], db.dialect)) await db.run(statement)
  const row = { id: 1, v: { is: 'abc' }, d: { is: 'xyz' } }
  const add = insert(notes).values({ id: 1, v: { is: 'abc' } })
  expect(await db.all(add.returning(notes))).toEqual([row])
  const all = select(notes).from(notes)
  expect(await db.all(all)).toEqual([row])
  expect(await db.all(all.where(notes.v.eq({ is: 'abc' })))).toEqual([row])
  expect(await db.scalar(select(sql(text())`${notes.v}`).from(notes))).toBe('cba')
  const named = db.prepare(
    select({ v: notes.v, p: param('v', reversed) })
      .from(notes)
      .where(notes.v.eq(param('v', reversed))),
  )
  expect(await named.all({ v: { is: 'abc' } })).toEqual([{ v: { is: 'abc' }, p: { is: 'abc' } }])
  const inner = all.as('inner')
  expect(await db.all(select({ v: inner.v }).from(inner))).toEqual([{ v: { is: 'abc' } }])
  const one = cte('one', all)
  expect(await db.all(select({ v: one.v }).from(one))).toEqual([{ v: { is: 'abc' } }])
  expect(
    await db.all(
      select({ v: notes.v })
        .from(notes)
        .unionAll(select({ v: notes.d }).from(notes)),
    ),
  ).toEqual([{ v: { is: 'abc' } }, { v: { is: 'xyz' } }])
  const within = select({ v: notes.v }).from(notes)
  expect(await db.all(select({ a: nest.many(within), b: nest.many(within.unionAll(within)) }))).toEqual([
    { a: [{ v: { is: 'abc' } }], b: [{ v: { is: 'abc' } }, { v: { is: 'abc' } }] },
  ])
  await db.run(insert(notes).fromSelect(select({ id: notes.id.add(1), v: notes.v, d: notes.v }).from(notes)))
  expect(await db.all(all.where(notes.id.eq(2)))).toEqual([{ id: 2, v: { is: 'abc' }, d: { is: 'abc' } }])
  const change = update(notes)
    .set({ v: { is: 'new' } })
    .where(notes.id.eq(2))
    .returning({ v: notes.v })
  if (name !== 'SQLite') {
    const changed = cte('changed', change)
    expect(await db.all(select({ v: changed.v }).from(changed))).toEqual([{ v: { is: 'new' } }])
  } else expect(await db.all(change)).toEqual([{ v: { is: 'new' } }])
  const both = [{ is: 'abc' }, { is: 'new' }]
  expect(await db.all(select(notes.id).from(notes).where(eqAny(notes.v, both)).orderBy(notes.id))).toEqual([
    1, 2,
  ])
  expect(await db.all(select(notes.id).from(notes).where(neAll(notes.v, both)))).toEqual([])
  await db.run(deleteFrom(notes).everyRow())
  expect(await db.load(notes, [row, { ...row, id: 2, v: null }])).toEqual({ affected: 2 })
  expect(await db.all(all.orderBy(notes.id))).toEqual([row, { ...row, id: 2, v: null }])
  const script = add.toSQL(db.dialect, { inline: true }).sql
  expect(script).toContain("reverse('abc'")
})

const either = mapped(text(), {
  name: 'either',
  encode: (value: string) => value,
  decode: (value) => value,
  write: (parameter) => sql`reverse(${parameter})`,
  read: (column) => sql`reverse(${column})`,
  sqlite: {
    type: text(),
    encode: (value) => `s${value}`,
    decode: (value) => value.slice(1),
    write: (parameter) => sql`upper(${parameter})`,
    read: (column) => sql`lower(${column})`,
  },
})
const both = table('wrapped both', { id: integer().primaryKey(), v: reversed, e: either })

it.each(databases)('are written by every statement that writes, on $name', async ({ name, db }) => {
  for (const statement of createAll([both], db.dialect)) await db.run(statement)
  const all = select(both).from(both).orderBy(both.id)
  const stored = select({ id: both.id, e: sql(text())`${both.e}` })
    .from(both)
    .orderBy(both.id)
  expect(await db.load(both, [])).toEqual({ affected: 0 })
  const rows = [
    { id: 1, v: { is: 'abc' }, e: 'def' },
    { id: 2, v: null, e: null },
  ]
  expect(await db.all(insert(both).values(rows).returning(both))).toEqual(rows)
  expect(await db.all(stored)).toEqual([
    { id: 1, e: name === 'SQLite' ? 'SDEF' : 'fed' },
    { id: 2, e: null },
  ])
  await db.run(
    updateMany(
      both,
      [
        { id: 1, v: { is: 'um' }, e: null },
        { id: 2, v: null, e: 'ue' },
      ],
      { key: 'id' },
    ),
  )
  expect(await db.all(all)).toEqual([
    { id: 1, v: { is: 'um' }, e: null },
    { id: 2, v: null, e: 'ue' },
  ])
  await db.run(updateMany(both, [{ e: 'ue', v: { is: 'by' } }], { key: 'e' }))
  const upsert = insert(both).values([{ id: 1, v: { is: 'x1' }, e: 'x2' }])
  await db.run(
    upsert.onConflict(both.id).doUpdate((t, excluded) => ({ v: excluded.v, e: coalesce(t.e, excluded.e) })),
  )
  expect(await db.all(all)).toEqual([
    { id: 1, v: { is: 'x1' }, e: 'x2' },
    { id: 2, v: { is: 'by' }, e: 'ue' },
  ])
  await db.run(upsert.onConflict(both.id).doUpdate({ v: { is: 'direct' }, e: null }))
  const source = values('source', { id: integer().notNull(), v: reversed, e: either }, [
    { id: 1, v: null, e: 'from' },
    { id: 9, v: { is: 'new' }, e: null },
  ])
  expect(
    await db.all(
      select(source)
        .from(source)
        .where(source.v.isDistinctFrom({ is: 'x' })),
    ),
  ).toEqual([
    { id: 1, v: null, e: 'from' },
    { id: 9, v: { is: 'new' }, e: null },
  ])
  const change = update(both).set({ e: source.e }).from(source).where(source.id.eq(both.id))
  expect(await db.all(change.returning({ v: both.v, e: both.e }))).toEqual([
    { v: { is: 'direct' }, e: 'from' },
  ])
  await db.run(insert(both).fromSelect(select(source).from(source).where(source.id.eq(9))))
  expect(await db.all(all.where(both.id.eq(9)))).toEqual([{ id: 9, v: { is: 'new' }, e: null }])
  const merge = mergeInto(both)
    .using(source, source.id.eq(both.id))
    .whenMatched()
    .doUpdate({ v: source.v, e: 'merged' })
    .returning({ id: both.id, v: both.v, e: both.e })
  if (name === 'SQLite')
    await db.run(update(both).set({ v: source.v, e: 'merged' }).from(source).where(source.id.eq(both.id)))
  else {
    expect(await db.all(merge)).toEqual([
      { id: 1, v: null, e: 'merged' },
      { id: 9, v: { is: 'new' }, e: 'merged' },
    ])
  }
  const computed = select({
    id: both.id,
    v: coalesce(both.v, { is: 'none' }),
    e: caseOf(both.id).when(1, literal('one', either)).else(both.e),
    before: lag(both.v, 1, { is: 'first' }).over({ orderBy: [both.id] }),
  })
    .from(both)
    .orderBy(both.id)
  expect(await db.all(computed)).toEqual([
    { id: 1, v: { is: 'none' }, e: 'one', before: { is: 'first' } },
    { id: 2, v: { is: 'by' }, e: 'ue', before: null },
    { id: 9, v: { is: 'new' }, e: 'merged', before: { is: 'by' } },
  ])
  const missing = both.as('missing')
  const joined = select({ id: both.id, missing })
    .from(both)
    .leftJoin(missing, missing.id.eq(both.id.add(90)))
  expect(await db.all(joined.where(both.id.eq(1)))).toEqual([{ id: 1, missing: null }])
})

it.each(databases)('are kept in a view as in a table, on $name', async ({ db }) => {
  for (const statement of createAll([viewed], db.dialect)) await db.run(statement)
  await db.run(
    insert(viewed).values([
      { id: 1, v: { is: 'ab' } },
      { id: 2, v: { is: 'ba' } },
      { id: 3, v: null },
    ]),
  )
  const within = view(
    'wrapped view',
    select({ id: viewed.id, v: viewed.v })
      .from(viewed)
      .where(viewed.v.ne({ is: 'no' })),
  )
  const sides = view(
    'wrapped sides',
    select({ v: viewed.v })
      .from(viewed)
      .unionAll(select({ v: literal({ is: 'z' }, reversed) })),
  )
  await db.run(createView(within))
  await db.run(createView(sides))
  expect(createView(within).toSQL(postgresDialect).sql).toBe(
    'create view "wrapped view" as select "wrapped viewed"."id", "wrapped viewed"."v" as "v" from "wrapped viewed" ' +
      `where "wrapped viewed"."v" <> reverse('no'::text)`,
  )
  expect(await db.all(select(within).from(within).orderBy(within.id))).toEqual([
    { id: 1, v: { is: 'ab' } },
    { id: 2, v: { is: 'ba' } },
  ])
  expect(
    await db.all(
      select(sides)
        .from(sides)
        .where(sides.v.eq({ is: 'z' })),
    ),
  ).toEqual([{ v: { is: 'z' } }])
  // A column of the table is what is stored, one of the rows what is read.
  const rows = select({ v: viewed.v }).from(viewed)
  const [ab, ba] = [{ v: { is: 'ab' } }, { v: { is: 'ba' } }]
  expect(await db.all(rows.orderBy(viewed.v))).toEqual([ba, ab, { v: null }])
  expect(await db.all(rows.orderBy((row) => row.v))).toEqual([ab, ba, { v: null }])
  expect(await db.all(rows.distinct().orderBy((row) => row.v.desc()))).toEqual([{ v: null }, ba, ab])
  expect(await db.all(select({ rows: nest.many(rows.orderBy((row) => row.v.desc())) }))).toEqual([
    { rows: [{ v: null }, ba, ab] },
  ])
  expect(await db.all(select({ rows: nest.many(rows.orderBy(viewed.v.desc())) }))).toEqual([
    { rows: [{ v: null }, ab, ba] },
  ])
})
const viewed = table('wrapped viewed', { id: integer().primaryKey(), v: reversed })

it('have a type of the column of their own, and no arrays', () => {
  const digits = mapped(text(), {
    name: 'digits',
    encode: (value: string) => value,
    decode: (value) => value,
    stored: 'bytea',
    write: (parameter) => sql`decode(${parameter}, 'hex')`,
  })
  expect(createTable(table('t', { a: digits })).toSQL(postgresDialect).sql).toBe(
    'create table "t" ("a" bytea)',
  )
  expect(() => array(digits)).toThrow("An array takes no type with SQL around its values, such as 'digits'")
  expect(() => mapped(text(), { name: 'x', encode: String, decode: String, write: 1 as never })).toThrow(
    'mapped takes write and read as functions',
  )
})
