/** Types with SQL around their values: `write` where one is sent, `read` where the rows of a query are read. */
import {
  array,
  createAll,
  createTable,
  cte,
  type Database,
  deleteFrom,
  insert,
  integer,
  mapped,
  nest,
  param,
  select,
  sql,
  table,
  text,
  update,
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
  await db.run(deleteFrom(notes).everyRow())
  expect(await db.load(notes, [row, { ...row, id: 2, v: null }])).toEqual({ affected: 2 })
  expect(await db.all(all.orderBy(notes.id))).toEqual([row, { ...row, id: 2, v: null }])
  const script = add.toSQL(db.dialect, { inline: true }).sql
  expect(script).toContain("reverse('abc'")
})

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
