/** Composite values where they stand rarely: the same on every database, with whatever is in their fields. */
import {
  array,
  bigint,
  boolean,
  bytes,
  caseOf,
  cast,
  char,
  citext,
  coalesce,
  compositeType,
  count,
  createAll,
  createTable,
  cte,
  type Database,
  date,
  deleteFrom,
  domain,
  elementAt,
  eqAny,
  field,
  hstore,
  insert,
  integer,
  jsonObject,
  lag,
  literal,
  mapped,
  mergeInto,
  neAll,
  nest,
  param,
  type Statement,
  select,
  sql,
  table,
  text,
  update,
  updateMany,
  values,
  varchar,
} from '@espalier/core'
import { insertSchema, selectSchema } from '@espalier/core/zod'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const databases = await allDatabases()
const isSqlite = (db: Database) => db.dialect.name === 'SQLite'
const point = compositeType('far_point', { x: integer(), y: integer().notNull() })
const note = compositeType('far_note', { only: text() })
const place = compositeType('far_place', {
  street: text(),
  zip: char(5).notNull(),
  since: date(),
  at: point(),
  flags: array(boolean()),
  raw: bytes(),
  big: bigint(),
  note: note(),
})
const things = table('far things', {
  id: integer().primaryKey(),
  home: place(),
  all: array(place()),
  at: point().notNull().default({ x: 1, y: 2 }),
  note: note(),
})
type Place = NonNullable<(typeof place)['~value']>
const full = (street: string): Place => ({
  street,
  zip: '12345',
  since: null,
  at: { x: null, y: 3 },
  flags: [true, null, false],
  raw: Uint8Array.of(1, 2, 255),
  big: 2n ** 62n,
  note: { only: street },
})
const nothing: Place = {
  street: null,
  zip: '     ',
  since: null,
  at: null,
  flags: null,
  raw: null,
  big: null,
  note: null,
}
const hostile = [
  ...[
    '"',
    '\\',
    ',',
    '(',
    ')',
    '(,)',
    '()',
    '\\N',
    '\\.',
    "'",
    "''",
    '\n',
    '\r\n',
    '\t',
    '{}',
    '[]',
    'NULL',
    '',
  ],
  ...[' ', '$1', '?', ':a', 'é😀', '\u2028', '""""', '\\"', '--', '/*', `${'a'.repeat(1 << 10)}"\\`],
]
const made = await Promise.all(
  databases.map(async ({ name, db }) => {
    for (const statement of createAll([things], db.dialect)) await db.run(statement)
    return { name, db }
  }),
)

/** A statement with its values written into the text. */
function inlined<R>(statement: Statement<R, never>, { dialect }: Database): Statement<R, never> {
  const { sql } = statement.toSQL(dialect, { inline: true })
  const compiled = { dialect, sql, params: [], named: [], plan: undefined, next: undefined }
  return Object.create(statement, { compiled: { value: compiled } }) as Statement<R, never>
}

async function dumped(
  db: Database,
  query: Statement<unknown, never>,
  format: 'csv' | 'text',
): Promise<string> {
  let all = ''
  for await (const chunk of db.dump(query, { format })) all += chunk
  return all
}

describe.each(made)('composite values on $name', ({ db }) => {
  it('have hostile texts in them, which come back', async () => {
    const rows = hostile.map((one, id) => ({
      id,
      home: full(one),
      all: [full(one), null, nothing],
      at: { x: null, y: id },
      note: { only: one },
    }))
    const all = select(things).from(things).orderBy(things.id)
    await db.run(insert(things).values(rows))
    expect(await db.all(all)).toEqual(rows)
    expect(await db.one(select({ all: nest.many(all) }))).toEqual({ all: rows })
    const fields = {
      street: field(things.home, place, 'street'),
      only: field(field(things.home, place, 'note'), note, 'only'),
    }
    expect(await db.all(select(fields).from(things).orderBy(things.id))).toEqual(
      hostile.map((one) => ({ street: one, only: one })),
    )
    for (const [id, one] of hostile.entries()) {
      const found = select(things.id)
        .from(things)
        .where(
          things.note.eq({ only: one }),
          things.home.eq(full(one)),
          eqAny(things.note, literal([{ only: one }, { only: null }], array(note))),
          field(things.note, note, 'only').eq(one),
        )
      expect(await db.all(found)).toEqual([id])
      expect(await db.all(inlined(found, db))).toEqual([id])
    }
    const clear = () => db.run(deleteFrom(things).everyRow())
    await clear()
    expect(await db.load(things, rows)).toEqual({ affected: rows.length })
    expect(await db.all(all)).toEqual(rows)
    await clear()
    for (const row of rows) await db.run(inlined(insert(things).values(row), db))
    expect(await db.all(all)).toEqual(rows)
    await clear()
  })

  it('have texts of a megabyte', async () => {
    const long = { only: `${'a'.repeat(1 << 20)}"\\` }
    const one = await db.one(insert(things).values({ id: 0, note: long }).returning({ note: things.note }))
    expect(one.note?.only === long.only).toBe(true)
    const found = select(things.id).from(things).where(things.note.eq(long))
    expect(await db.all(found)).toEqual([0])
    await db.run(deleteFrom(things).everyRow())
  })

  it('are written by every statement that writes', async () => {
    const notes = select({ id: things.id, note: things.note }).from(things).orderBy(things.id)
    await db.run(
      insert(things).values([
        { id: 1, note: { only: null } },
        { id: 2, note: null },
      ]),
    )
    expect(await db.load(things, [])).toEqual({ affected: 0 })
    expect(await db.all(select({ at: things.at }).from(things))).toEqual([
      { at: { x: 1, y: 2 } },
      { at: { x: 1, y: 2 } },
    ])
    await db.run(
      updateMany(
        things,
        [
          { id: 1, note: { only: 'u' } },
          { id: 2, note: null },
        ],
        { key: 'id' },
      ),
    )
    expect(await db.all(notes)).toEqual([
      { id: 1, note: { only: 'u' } },
      { id: 2, note: null },
    ])
    await db.run(updateMany(things, [{ id: 2, note: null, home: null }], { key: 'id' }))
    const upsert = insert(things).values([
      { id: 1, note: { only: 'ex,"' } },
      { id: 3, note: { only: null } },
    ])
    await db.run(upsert.onConflict(things.id).doUpdate((_, excluded) => ({ note: excluded.note })))
    expect(await db.all(notes)).toEqual([
      { id: 1, note: { only: 'ex,"' } },
      { id: 2, note: null },
      { id: 3, note: { only: null } },
    ])
    await db.run(
      upsert.onConflict(things.id).doUpdate((t, excluded) => ({ note: coalesce(t.note, excluded.note) })),
    )
    expect(await db.all(notes.where(things.id.eq(1)))).toEqual([{ id: 1, note: { only: 'ex,"' } }])
    const source = values('source', { id: integer().notNull(), note: note() }, [
      { id: 1, note: { only: 'm' } },
      { id: 9, note: null },
    ])
    const merge = mergeInto(things)
      .using(source, source.id.eq(things.id))
      .whenMatched()
      .doUpdate({ note: source.note, at: { x: 5, y: 6 } })
      .whenNotMatched()
      .doInsert({ id: source.id, note: source.note })
      .returning({ id: things.id, note: things.note, at: things.at })
    if (isSqlite(db))
      await db.run(
        update(things)
          .set({ note: { only: 'm' }, at: { x: 5, y: 6 } })
          .where(things.id.eq(1)),
      )
    else {
      expect(await db.all(merge)).toEqual([
        { id: 1, note: { only: 'm' }, at: { x: 5, y: 6 } },
        { id: 9, note: null, at: { x: 1, y: 2 } },
      ])
      await db.run(deleteFrom(things).where(things.id.eq(9)))
    }
    const rows = select({ note: things.note, at: things.at }).from(things).where(things.id.eq(1))
    expect(await db.all(rows)).toEqual([{ note: { only: 'm' }, at: { x: 5, y: 6 } }])
  })

  it('come out of every source and construct', async () => {
    const list = values('list', { note: note(), all: array(note()) }, [
      { note: null, all: null },
      { note: { only: null }, all: [null, { only: null }] },
    ])
    expect(
      await db.all(select({ note: list.note, all: list.all, is: list.note.isNull() }).from(list)),
    ).toEqual([
      { note: null, all: null, is: true },
      { note: { only: null }, all: [null, { only: null }], is: false },
    ])
    const stated = cte(
      'stated',
      select({ note: literal({ only: 'x"' }, note), at: literal({ x: 1, y: 2 }, point) }),
    )
    const one = { note: { only: 'x"' }, at: { x: 1, y: 2 } }
    const within = nest.one(select(stated).from(stated))
    expect(
      await db.all(select({ whole: stated, within, y: field(stated.at, point, 'y') }).from(stated)),
    ).toEqual([{ whole: one, within: one, y: 2 }])
    const both = select({ note: things.note }).from(things).where(things.id.eq(1))
    const other = select({ note: literal({ only: 'z' }, note) })
    expect(await db.all(both.unionAll(other))).toEqual([{ note: { only: 'm' } }, { note: { only: 'z' } }])
    expect(await db.all(both.intersect(both))).toEqual([{ note: { only: 'm' } }])
    expect(await db.all(both.except(both))).toEqual([])
    const computed = select({
      id: things.id,
      given: coalesce(things.note, { only: 'none' }),
      chosen: caseOf(things.id)
        .when(1, literal({ only: 'first' }, note))
        .else(things.note),
      before: lag(things.note).over({ orderBy: [things.id] }),
      only: field(coalesce(things.note, { only: 'none' }), note, 'only'),
      different: things.note.isDistinctFrom({ only: null }),
    })
      .from(things)
      .orderBy(things.id)
    expect(await db.all(computed)).toEqual([
      { id: 1, given: { only: 'm' }, chosen: { only: 'first' }, before: null, only: 'm', different: true },
      { id: 2, given: { only: 'none' }, chosen: null, before: { only: 'm' }, only: 'none', different: true },
      { id: 3, given: { only: null }, chosen: { only: null }, before: null, only: null, different: false },
    ])
    expect(await db.all(select({ n: count(things.note) }).from(things))).toEqual([{ n: 2 }])
    const groups = select({ note: things.note, n: count() }).from(things).groupBy(things.note)
    expect(await db.all(groups)).toHaveLength(3)
    expect(await db.all(select({ note: things.note }).distinct().from(things))).toHaveLength(3)
    const named = db.prepare(select({ only: field(param('one', note), note, 'only') }))
    expect(await named.all({ one: { only: 'a' } })).toEqual([{ only: 'a' }])
    const missing = things.as('missing')
    const joined = select({ id: things.id, missing, y: field(missing.at, point, 'y') })
      .from(things)
      .leftJoin(missing, missing.id.eq(things.id.add(1000)))
      .where(things.id.eq(1))
    expect(await db.all(joined)).toEqual([{ id: 1, missing: null, y: null }])
    const shape = select({ y: field(things.at, point, 'y'), only: field(things.note, note, 'only') }).from(
      things,
    )
    expect(selectSchema(shape).safeParse({ y: 1, only: null }).success).toBe(true)
    expect(selectSchema(shape).safeParse({ y: null, only: null }).success).toBe(false)
    expect(insertSchema(things).safeParse({ id: 1, at: { x: 1, y: null } }).error?.issues[0]?.path).toEqual([
      'at',
      'y',
    ])
  })

  it('are dumped as PostgreSQL writes them', async () => {
    await db.run(deleteFrom(things).everyRow())
    await db.run(
      insert(things).values([
        { id: 1, home: full('a"\\ ,'), all: [full('b'), null, nothing], note: { only: '' } },
        { id: 2, home: null, all: [], note: { only: null } },
      ]),
    )
    const query = select({ home: things.home, all: things.all, at: things.at, note: things.note })
      .from(things)
      .orderBy(things.id)
    expect(await dumped(db, query, 'csv')).toBe(
      'home,all,at,note\n' +
        '"(""a""""\\\\ ,"",12345,,""(,3)"",""{t,NULL,f}"",""\\\\x0102ff"",4611686018427387904,""(""""a""""""""\\\\\\\\ ,"""")"")",' +
        '"{""(b,12345,,\\""(,3)\\"",\\""{t,NULL,f}\\"",\\""\\\\\\\\x0102ff\\"",4611686018427387904,\\""(b)\\"")"",NULL,' +
        '""(,\\""     \\"",,,,,,)""}","(1,2)","("""")"\n' +
        ',{},"(1,2)",()\n',
    )
    expect(await dumped(db, select(things.note).from(things).orderBy(things.id), 'text')).toBe('("")\n()\n')
  })

  it('are what they were when they were given', async () => {
    const given = { only: 'before' as string | null }
    const home = full('before')
    const list = [given]
    const adding = insert(things).values({ id: 50, note: given, home, all: [home] })
    const asked = select({ one: literal(given, note), list: literal(list, array(note)) })
    given.only = 'after'
    list.push(given)
    home.street = 'after'
    home.raw?.fill(0)
    home.flags?.push(true)
    ;(home.at as { y: number }).y = 9
    await db.run(adding)
    const row = select({ note: things.note, home: things.home, all: things.all })
      .from(things)
      .where(things.id.eq(50))
    expect(await db.all(row)).toEqual([
      { note: { only: 'before' }, home: full('before'), all: [full('before')] },
    ])
    expect(await db.all(asked)).toEqual([{ one: { only: 'before' }, list: [{ only: 'before' }] }])
  })

  it('are made of domains, and a domain or a mapping is made of them', async () => {
    const corner = domain('far_corner', point, {})
    const pair = mapped(point(), {
      name: 'far pair',
      encode: ([x, y]: readonly [number, number]) => ({ x, y }),
      decode: ({ x, y }) => [x ?? 0, y] as const,
    })
    const shapes = table('far shapes', { id: integer().primaryKey(), a: corner(), b: pair, c: array(pair) })
    for (const statement of createAll([shapes], db.dialect).slice(isSqlite(db) ? 0 : 1))
      await db.run(statement)
    await db.run(insert(shapes).values({ id: 1, a: { x: 1, y: 2 }, b: [3, 4], c: [[5, 6], null] }))
    const query = select({ a: shapes.a, b: shapes.b, c: shapes.c, y: field(shapes.a, point, 'y') }).from(
      shapes,
    )
    const row = { a: { x: 1, y: 2 }, b: [3, 4], c: [[5, 6], null], y: 2 }
    expect(await db.all(query.where(shapes.b.eq([3, 4]), shapes.a.eq({ x: 1, y: 2 })))).toEqual([row])
    expect(await db.all(select({ all: nest.many(query) }))).toEqual([{ all: [row] }])
    expect(await db.all(query.where(shapes.b.isNull()))).toEqual([])
  })

  it('have the checks of their domains', async () => {
    const mail = domain('far_mail', varchar(30), { check: (value) => value.like('%@%') })
    const inner = compositeType('far_inner', { mail: mail('its "mail"'), n: integer() })
    const outer = compositeType('far_outer', { one: inner() })
    const checked = table('far checked', { id: integer().primaryKey(), at: outer('the "at') })
    for (const statement of createAll([checked], db.dialect)) await db.run(statement)
    const of = (one: string | null) => insert(checked).values({ id: 1, at: { one: { mail: one, n: 1 } } })
    expect((await errorOf(() => db.run(of('nobody')))).name).toBe('CheckViolation')
    expect(await db.all(of('a@x').returning(checked))).toEqual([
      { id: 1, at: { one: { mail: 'a@x', n: 1 } } },
    ])
    expect(
      (
        await errorOf(() =>
          db.run(
            update(checked)
              .set({ at: { one: { mail: 'no', n: 2 } } })
              .everyRow(),
          ),
        )
      ).name,
    ).toBe('CheckViolation')
    await db.run(update(checked).set({ at: null }).everyRow())
    await db.run(
      update(checked)
        .set({ at: { one: { mail: null, n: 2 } } })
        .everyRow(),
    )
  })
})

describe('on SQLite, composite values', () => {
  it('have their checks in the column', () => {
    const mail = domain('far_mail', varchar(30), { check: (value) => value.like('%@%') })
    const inner = compositeType('far_inner', { mail: mail('its "mail"'), n: integer() })
    const checked = table('far checked', { at: inner('the "at').notNull() })
    expect(createTable(checked).toSQL(sqliteDialect).sql).toBe(
      'create table "far checked" ("the ""at" text check (("the ""at" ->> \'$."its \\"mail\\""\') glob \'*@*\') not null)',
    )
    for (const lists of [
      createTable(table('lists', { list: array(mail()) })),
      createTable(table('lists', { list: array(inner()) })),
    ]) {
      expect(() => lists.toSQL(sqliteDialect)).toThrow(
        'SQLite has no check of the elements of an array ("list")',
      )
    }
    expect(createTable(table('lists', { list: array(point()) })).toSQL(sqliteDialect).sql).toBe(
      'create table "lists" ("list" text)',
    )
  })

  it('are refused beside those of another type, as casts and in JSON', () => {
    const refused = (what: Statement<unknown>) => expect(() => what.toSQL(sqliteDialect))
    refused(select({ v: things.note.eq(things.at as never) }).from(things)).toThrow(
      'SQLite has no composite far_note beside composite far_point, which it keeps in different forms.',
    )
    refused(select({ v: cast(literal('("a")', text()), note) })).toThrow(
      'SQLite has no cast of text to composite far_note',
    )
    expect(() => jsonObject({ v: things.note })).toThrow(
      'which the databases write into JSON in different forms',
    )
    const mail = domain('far_mail', varchar(30), { check: (value) => value.like('%@%') })
    refused(select({ v: cast(literal('x', text()), mail) })).toThrow(
      'SQLite has no cast to domain far_mail, which has a check.',
    )
    expect(select({ v: cast(literal('x', text()), mail) }).toSQL(postgresDialect).sql).toBe(
      'select cast($1::text as "far_mail") as "v"',
    )
  })

  it('are not compared where only some of their texts have no regard to case', () => {
    const person = compositeType('person', { name: citext(), code: text() })
    const people = table('people', { one: person(), all: array(person()) })
    for (const predicate of [
      people.one.eq({ name: 'a', code: 'b' }),
      people.one.in([{ name: 'a', code: 'b' }]),
      people.one.in(select(people.one).from(people)),
      people.all.eq([]),
    ]) {
      expect(() => select({ n: count() }).from(people).where(predicate).toSQL(sqliteDialect)).toThrow(
        "SQLite has no comparison of composite values with citext in them ('name'). Compare the fields: field(…).",
      )
    }
    const byName = select({ n: count() })
      .from(people)
      .where(field(people.one, person, 'name').eq('a'))
    expect(byName.toSQL(sqliteDialect).sql).toBe(
      'select count(*) as "n" from "people" where ("people"."one" ->> \'$."name"\') collate "nocase" = ?',
    )
  })
})

it.each(made.filter(({ name }) => name !== 'PGlite'))(
  'pairs are dumped as PostgreSQL writes them, on $name',
  async ({ db }) => {
    if (!isSqlite(db)) await db.run(sql.statement`create extension hstore`)
    const kept = table('far pairs', { pairs: hstore(), all: array(hstore()) })
    await db.run(createTable(kept))
    await db.run(insert(kept).values({ pairs: { bb: 'x"', a: null, c: '\\' }, all: [{ a: '1' }, null] }))
    expect(await dumped(db, select(kept).from(kept), 'text')).toBe(
      '"a"=>NULL, "c"=>"\\\\\\\\", "bb"=>"x\\\\""\t{"\\\\"a\\\\"=>\\\\"1\\\\"",NULL}\n',
    )
  },
)

it.each(made)('arrays are compared with several, on $name', async ({ db }) => {
  const lists = table('far lists', { id: integer().primaryKey(), tags: array(text()) })
  await db.run(createTable(lists))
  await db.run(
    insert(lists).values([
      { id: 1, tags: ['a', 'b'] },
      { id: 2, tags: ['c'] },
      { id: 3, tags: [] },
    ]),
  )
  const ids = select(lists.id).from(lists).orderBy(lists.id)
  const some = [['a', 'b'], ['x'], []]
  expect(await db.all(ids.where(eqAny(lists.tags, some)))).toEqual([1, 3])
  expect(await db.all(ids.where(neAll(lists.tags, some)))).toEqual([2])
  expect(await db.all(ids.where(eqAny(lists.tags, some).not()))).toEqual([2])
  expect(await db.all(ids.where(eqAny(lists.tags, [])))).toEqual([])
  expect(ids.where(eqAny(lists.tags, some)).toSQL(postgresDialect).sql).toContain(
    'where "far lists"."tags" in ($1, $2, $3)',
  )
  const untyped =
    (work: (...args: never[]) => unknown, ...args: unknown[]) =>
    () =>
      work(...(args as never[]))
  expect(untyped(elementAt as never, lists.tags, 1)).toThrow(
    'elementAt(array, place, type) takes the type of the elements',
  )
  expect(untyped(literal as never, 1)).toThrow(
    'literal(value, type) takes a type such as text(), not undefined.',
  )
})
