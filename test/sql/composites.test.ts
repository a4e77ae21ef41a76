import {
  array,
  arrayAppend,
  arrayOf,
  bigint,
  boolean,
  bytes,
  char,
  coalesce,
  compositeType,
  createAll,
  createComposite,
  createTable,
  type Database,
  date,
  domain,
  double,
  dropComposite,
  elementAt,
  enumType,
  field,
  fromJSON,
  insert,
  integer,
  json,
  literal,
  max,
  nest,
  numeric,
  type Predicate,
  param,
  type RowOf,
  type Statement,
  select,
  sql,
  table,
  text,
  timestamptz,
  toJSON,
  unnest,
  update,
  uuid,
  values,
  varchar,
} from '@espalier/core'
import { insertSchema, selectSchema } from '@espalier/core/zod'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { keepsValues } from '../support/round-trip.js'
import { errorOf, inBoth } from '../support/sql.js'

const databases = await allDatabases()
const address = compositeType('a "street', {
  street: text(),
  zip: char('post "code', 5).notNull(),
  since: date(),
})
const mood = enumType('composite_mood', ['sad', 'it is, "ok"'])
const mail = domain('composite_mail', varchar(30), { check: (value) => value.like('%@%') })
const kinds = compositeType('kinds', {
  big: bigint(),
  count: integer(),
  price: numeric({ precision: 8, scale: 2 }),
  size: double(),
  isOn: boolean('is_on'),
  at: timestamptz(),
  blob: bytes(),
  doc: json<unknown>(),
  key: uuid(),
  mood,
  mail: mail(),
  tags: array(text()),
  grid: array(array(bigint())),
  home: address(),
  others: array(address()),
})
type Kinds = NonNullable<(typeof kinds)['~value']>
const people = table('composite people', {
  id: integer().primaryKey(),
  home: address('its "home').notNull(),
  kinds: kinds(),
  all: array(address()).notNull().default([]),
})
const none: Kinds = {
  big: null,
  count: null,
  price: null,
  size: null,
  isOn: null,
  at: null,
  blob: null,
  doc: null,
  key: null,
  mood: null,
  mail: null,
  tags: null,
  grid: null,
  home: null,
  others: null,
}
const elm = { street: 'Elm "St", \\(1)', zip: '12345', since: '2026-01-02' }
const full: Kinds = {
  big: 9007199254740993n,
  count: -3,
  price: '12.50',
  size: 0.1,
  isOn: false,
  at: new Date('2026-01-02T03:04:05.678Z'),
  blob: Uint8Array.of(0, 255),
  doc: { a: ['"', null, '\\'] },
  key: '00000000-0000-4000-8000-000000000001',
  mood: 'it is, "ok"',
  mail: 'ann@x.org',
  tags: ['', 'a"b', null as never, 'NULL', '{,}', '\\'],
  grid: [
    [1n, 9007199254740993n],
    [null as never, -2n],
  ],
  home: elm,
  others: [elm, null as never, { street: '', zip: '00000', since: null }],
}
const rows = [
  { id: 1, home: elm, kinds: full, all: [elm] },
  { id: 2, home: { street: null, zip: '00000', since: null }, kinds: none, all: [] },
  { id: 3, home: { street: '', zip: '     ', since: null }, kinds: null, all: [elm, elm] },
]

const made = await Promise.all(
  databases.map(async ({ name, db }) => {
    for (const statement of createAll([people], db.dialect)) await db.run(statement)
    await db.run(insert(people).values(rows))
    return { name, db }
  }),
)
const isSqlite = (db: Database) => db.dialect.name === 'SQLite'

describe('composite types', () => {
  it('are types on PostgreSQL, behind those of their fields, and texts on SQLite', () => {
    const sql = (dialect: typeof sqliteDialect) =>
      createAll([people], dialect).map((one) => one.toSQL(dialect).sql)
    expect(sql(postgresDialect)).toEqual([
      `create type "composite_mood" as enum ('sad', 'it is, "ok"')`,
      'create type "a ""street" as ("street" text, "post ""code" char(5), "since" date)',
      `create domain "composite_mail" as varchar(30) check (value like '%@%')`,
      'create type "kinds" as ("big" bigint, "count" integer, "price" numeric(8, 2), "size" double precision, ' +
        '"is_on" boolean, "at" timestamptz, "blob" bytea, "doc" json, "key" uuid, "mood" "composite_mood", ' +
        '"mail" "composite_mail", "tags" text[], "grid" bigint[][], "home" "a ""street", "others" "a ""street"[])',
      'create table "composite people" ("id" integer not null, "its ""home" "a ""street" not null, "kinds" "kinds", ' +
        `"all" "a ""street"[] not null default '{}'::"a ""street"[], constraint "composite people_pkey" primary key ("id"))`,
    ])
    expect(sql(sqliteDialect)).toEqual([
      'create table "composite people" ("id" integer not null, "its ""home" text not null, ' +
        `"kinds" text check (("kinds" ->> '$."mail"') glob '*@*'), ` +
        `"all" text not null default '[]', constraint "composite people_pkey" primary key ("id"))`,
    ])
  })

  it('are sent in the form that each database keeps', () => {
    const home = { street: 'Elm St 1, "B"', zip: '12345', since: null }
    expect(inBoth(insert(people).values({ id: 1, home }))).toEqual({
      postgres: [
        'insert into "composite people" ("id", "its ""home") values ($1, $2)',
        1,
        '("Elm St 1, \\"B\\"",12345,)',
      ],
      sqlite: [
        'insert into "composite people" ("id", "its ""home") values (?, ?)',
        1,
        '{"street":"Elm St 1, \\"B\\"","post \\"code":"12345","since":null}',
      ],
    })
    const found = select(people.id)
      .from(people)
      .where(people.home.in([home]), people.home.ne(home))
    expect(inBoth(found)).toEqual({
      postgres: [
        'select "composite people"."id" as "value" from "composite people" where "composite people"."its ""home" ' +
          'in ($1::"a ""street") and "composite people"."its ""home" <> $2::"a ""street"',
        '("Elm St 1, \\"B\\"",12345,)',
        '("Elm St 1, \\"B\\"",12345,)',
      ],
      sqlite: [
        'select "composite people"."id" as "value" from "composite people" where "composite people"."its ""home" ' +
          'in (?) and "composite people"."its ""home" <> ?',
        '{"street":"Elm St 1, \\"B\\"","post \\"code":"12345","since":null}',
        '{"street":"Elm St 1, \\"B\\"","post \\"code":"12345","since":null}',
      ],
    })
    expect(select({ v: literal(home, address) }).toSQL(postgresDialect, { inline: true }).sql).toBe(
      `select E'("Elm St 1, \\\\"B\\\\"",12345,)'::"a ""street" as "v"`,
    )
  })

  it.each(made)('are read as they were written, on $name', async ({ db }) => {
    const query = select(people).from(people).orderBy(people.id)
    expectTypeOf<RowOf<typeof query>['home']>().toEqualTypeOf<{
      street: string | null
      zip: string
      since: string | null
    }>()
    expectTypeOf<RowOf<typeof query>['kinds']>().toEqualTypeOf<Kinds | null>()
    const read = rows.map((row) => ({ ...row, kinds: row.kinds && { ...row.kinds } }))
    expect(await db.all(query)).toEqual(read)
    expect(await db.all(select({ all: nest.many(query) }))).toEqual([{ all: read }])
    const streamed: unknown[] = []
    for await (const row of db.stream(query)) streamed.push(row)
    expect(streamed).toEqual(read)
    const list = values('list', { id: integer(), home: address() }, [{ id: 1, home: elm }])
    expect(await db.all(select({ home: list.home }).from(list))).toEqual([{ home: elm }])
    const copies = table('composite copies', { home: address(), kinds: kinds() })
    await db.run(createTable(copies))
    expect(
      await db.load(
        copies,
        rows.map(({ home, kinds }) => ({ home, kinds })),
      ),
    ).toEqual({ affected: 3 })
    expect(await db.all(select({ n: copies.home }).from(copies).where(copies.kinds.isNull()))).toEqual([
      { n: rows[2]?.home },
    ])
  })

  it.each(made)('have fields with the operators of their types, on $name', async ({ db }) => {
    const of = <K extends keyof Kinds>(key: K) => field(people.kinds, kinds, key)
    const row = select({
      big: field(people.kinds, kinds, 'big').add(1n),
      count: field(people.kinds, kinds, 'count').div(2),
      price: field(people.kinds, kinds, 'price'),
      size: field(people.kinds, kinds, 'size').mul(10),
      isOn: field(people.kinds, kinds, 'isOn').not(),
      at: of('at'),
      blob: of('blob'),
      doc: of('doc'),
      key: of('key'),
      mood: of('mood'),
      mail: of('mail'),
      tags: of('tags'),
      grid: of('grid'),
      home: of('home'),
      others: of('others'),
      zip: field(field(people.kinds, kinds, 'home'), address, 'zip'),
      other: field(elementAt(field(people.kinds, kinds, 'others'), 1, address), address, 'since'),
      known: field(people.home, address, 'zip'),
      street: field(people.home, address, 'street').concat('!'),
    })
      .from(people)
      .orderBy(people.id)
    expectTypeOf<RowOf<typeof row>>().toExtend<{ known: string; zip: string | null; big: bigint | null }>()
    const { big: _big, count: _count, size: _size, isOn: _isOn, ...same } = full
    const nothing = { ...none, zip: null, other: null }
    const found = [
      {
        ...same,
        big: 9007199254740994n,
        count: -1,
        size: 1,
        isOn: true,
        zip: '12345',
        other: '2026-01-02',
        known: '12345',
        street: `${elm.street}!`,
      },
      { ...nothing, known: '00000', street: null },
      { ...nothing, known: '     ', street: '!' },
    ]
    expect(await db.all(row)).toEqual(found)
    expect(await db.all(select({ all: nest.many(row) }))).toEqual([{ all: found }])
    const where = async (...predicates: Predicate<'composite people'>[]) =>
      (await db.all(byId().where(...predicates))).map(({ id }) => id)
    const byId = () => select({ id: people.id }).from(people).orderBy(people.id)
    expect(await where(field(people.home, address, 'zip').eq('12345'))).toEqual([1])
    expect(await where(field(people.home, address, 'since').lt('2026-02-01'))).toEqual([1])
    expect(await where(field(people.home, address, 'street').isNull())).toEqual([2])
    expect(await where(of('big').eq(9007199254740993n), of('size').eq(0.1), of('isOn').eq(false))).toEqual([
      1,
    ])
    expect(await where(of('price').eq('12.50'), of('at').eq(full.at as Date), of('mood').ne('sad'))).toEqual([
      1,
    ])
    expect(
      await where(
        of('blob').eq(Uint8Array.of(0, 255)),
        of('home').eq(elm),
        of('tags').eq(full.tags as never),
      ),
    ).toEqual([1])
    // A value of nothing but NULL is a value.
    expect(await where(people.kinds.isNull())).toEqual([3])
    expect(await where(people.kinds.isNotNull())).toEqual([1, 2])
    expect(await where(people.kinds.isNull().not())).toEqual([1, 2])
    expect(await where(people.kinds.isDistinctFrom(null))).toEqual([1, 2])
    expect(await db.all(select({ n: max(field(people.home, address, 'zip')) }).from(people))).toEqual([
      { n: '12345' },
    ])
    expect(
      await db.all(
        select({ n: coalesce(field(people.kinds, kinds, 'home'), people.home) })
          .from(people)
          .orderBy(people.id),
      ),
    ).toEqual(rows.map(({ home }) => ({ n: home })))
  })

  it.each(made)('are elements of arrays, and are compared, on $name', async ({ db }) => {
    const other = { street: 'a,b', zip: '11111', since: null }
    const query = select({
      list: arrayOf(address, people.home, other, null),
      more: arrayAppend(people.all, other),
      same: people.home.eq(elm),
      within: people.home.in([other, elm]),
    })
      .from(people)
      .where(people.id.eq(1))
    expect(await db.all(query)).toEqual([
      { list: [elm, other, null], more: [elm, other], same: true, within: true },
    ])
    const named = db.prepare(
      select(people.id)
        .from(people)
        .where(people.home.eq(param('home', address()))),
    )
    expect(await named.all({ home: elm })).toEqual([1])
    await db.transaction(async (tx) => {
      await tx.run(update(people).set({ home: other }).where(people.id.eq(3)))
      expect(await tx.all(select(people.home).from(people).where(people.home.eq(other)))).toEqual([other])
      await tx.run(
        update(people)
          .set({ home: rows[2]?.home as typeof elm })
          .where(people.id.eq(3)),
      )
    })
    const ordered = select(people.id).from(people).orderBy(people.home).limit(1)
    if (isSqlite(db)) {
      const refused = 'SQLite has no order of composite values. Compare or order by a field: field(…).'
      expect((await errorOf(() => db.all(ordered))).message).toBe(refused)
      for (const predicate of [people.home.lt(elm), people.home.between(elm, elm)]) {
        expect((await errorOf(() => db.all(ordered.where(predicate)))).message).toBe(refused)
      }
    } else expect(await db.all(ordered)).toEqual([3])
  })

  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom('', 'NULL', 'null', '(', ')', ',', '"', '\\', '""', '{}', ' a ', '\n'),
  )
  const plain = texts.filter((one) => !one.includes('\0'))
  const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
  const place = fc.record({
    street: orNull(plain),
    zip: fc.stringMatching(/^[a-z(),"\\]{5}$/),
    since: orNull(fc.constantFrom('2026-01-02', '0001-01-01')),
  })
  const inner = compositeType('kept_inner', { 'a "b': text(), list: array(text()), zip: char(5) })
  const outer = compositeType('kept_outer', {
    one: inner(),
    all: array(inner()),
    big: bigint(),
    size: double(),
    grid: array(array(integer())),
    at: timestamptz(),
    blob: bytes(),
    'key,"': json<unknown>(),
  })
  const inners = fc.record({
    'a "b': orNull(plain),
    list: orNull(fc.array(orNull(plain))),
    zip: orNull(fc.stringMatching(/^[a-z(),"\\]{5}$/)),
  })
  const outers = fc.record({
    one: orNull(inners),
    all: orNull(fc.array(orNull(inners), { maxLength: 3 })),
    big: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    size: orNull(fc.double({ noNaN: true }).map((one) => one + 0)),
    grid: orNull(
      fc.constantFrom(
        [
          [1, 2],
          [3, 4],
        ],
        [[-1]],
        [],
      ),
    ),
    at: orNull(fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })),
    blob: orNull(fc.uint8Array()),
    'key,"': orNull(fc.oneof(plain, fc.constant({ a: [1, '\\"'] }), fc.constant(true), fc.constant(1.5))),
  })
  it.each(made)('keep all their values on $name', async ({ db }) => {
    if (!isSqlite(db)) {
      await db.run(createComposite(inner))
      await db.run(createComposite(outer))
    }
    await keepsValues(db, { name: 'address', type: address() as never, values: place, edges: [elm] })
    // PostgreSQL does not compare values with json in them.
    await keepsValues(db, { name: 'outer', type: outer() as never, values: outers, comparable: false })
  })

  it('are created and dropped by hand', async () => {
    const pair = compositeType('pair', { x: integer(), y: integer('other') })
    expect(createComposite(pair).toSQL(postgresDialect).sql).toBe(
      'create type "pair" as ("x" integer, "other" integer)',
    )
    expect(dropComposite(pair, { ifExists: true }).toSQL(postgresDialect).sql).toBe(
      'drop type if exists "pair"',
    )
    for (const statement of [createComposite(pair), dropComposite(pair)]) {
      const again = fromJSON(toJSON(statement as never)) as unknown as Statement<never>
      expect(again.toSQL(postgresDialect)).toEqual(statement.toSQL(postgresDialect))
      expect(() => statement.toSQL(sqliteDialect)).toThrow('SQLite has no composite types')
    }
    for (const { db } of databases) {
      if (isSqlite(db)) continue
      await db.run(createComposite(pair))
      await db.run(dropComposite(pair))
    }
  })

  it('in JSON of a tree', () => {
    const query = select({ zip: field(people.home, address, 'zip'), home: people.home })
      .from(people)
      .where(people.home.eq(elm))
    const read = fromJSON(JSON.parse(JSON.stringify(toJSON(query as never)))) as unknown as typeof query
    expect(inBoth(read)).toEqual(inBoth(query))
  })

  it('refuse what does not fit', async () => {
    const message = async (work: () => unknown) => (await errorOf(work)).message
    const sent = (home: object) => () =>
      insert(people)
        .values({ id: 9, home: home as never })
        .toSQL(postgresDialect)
    expect(await message(sent({ ...elm, zip: '1' }))).toContain('Field \'zip\': "1" is no value for char(5)')
    expect(await message(sent({ ...elm, zip: null }))).toContain(
      'expected a value, since the field is notNull()',
    )
    expect(await message(sent({ zip: '12345', since: null }))).toContain(
      "Field 'street': undefined is no value",
    )
    expect(await message(sent({ ...elm, town: 'x' }))).toContain(
      'expected an object of its fields: street, zip, since',
    )
    expect(await message(sent([]))).toContain('expected an object of its fields')
    expect(await message(() => compositeType('', { a: text() }))).toContain(
      'takes a name and the types of its fields',
    )
    expect(await message(() => compositeType('x', {}))).toContain('takes a name and the types of its fields')
    expect(await message(() => compositeType('x', { a: 1 as never }))).toContain(
      "field 'a' is 1; write a type",
    )
    expect(await message(() => compositeType('x', { a: text().unique() }))).toContain(
      'a field has a type, a name',
    )
    expect(await message(() => compositeType('x', { a: text(), b: text('a') }))).toContain(
      'two fields of the name',
    )
    expect(await message(() => field(people.home, kinds, 'big'))).toContain(
      'takes a value of the composite type',
    )
    expect(await message(() => field(people.id as never, kinds, 'big'))).toContain('one of type integer')
    expect(await message(() => field(people.home, address, 'town' as never))).toContain(
      `'a "street' has no field "town"; it has street, zip, since`,
    )
    expect(await message(() => createComposite(text as never))).toContain('takes what compositeType(…) made')
    expect(await message(() => unnest('u', { a: address() }, { a: [elm] }))).toContain(
      'come apart to their fields',
    )
  })

  it.each(made)('tell of other fields in the database than were declared, on $name', async ({ db }) => {
    const less = compositeType('a "street', { street: text(), zip: char('post "code', 5) })
    const strict = compositeType('a "street', {
      street: text().notNull(),
      zip: char('post "code', 5),
      since: date(),
    })
    const of = (type: typeof less | typeof strict) =>
      select({ v: sql(type)`${people.home}` })
        .from(people)
        .where(people.id.eq(2))
    expect((await errorOf(() => db.all(of(strict)))).message).toContain(
      'Column "v": Field \'street\': null is no value',
    )
    if (isSqlite(db)) expect(await db.all(of(less))).toEqual([{ v: { street: null, zip: '00000' } }])
    else
      expect((await errorOf(() => db.all(of(less)))).message).toContain(
        'a row of 2 fields, and the database has 3',
      )
  })
})

it('schemas of zod know the fields', () => {
  const row = { id: 1, home: elm, kinds: null, all: [elm] }
  for (const schema of [selectSchema(people), insertSchema(people)]) {
    expect(schema.parse(row)).toEqual(row)
    const issues = schema.safeParse({ ...row, home: { street: 5, since: null }, all: [{ ...elm, zip: 'x' }] })
      .error?.issues
    expect(issues?.map(({ path }) => path)).toEqual([
      ['home', 'street'],
      ['home', 'zip'],
      ['all', 0, 'zip'],
    ])
  }
})
