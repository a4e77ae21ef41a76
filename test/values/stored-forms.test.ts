import {
  addInterval,
  and,
  array,
  boolean,
  caseOf,
  caseWhen,
  cast,
  coalesce,
  count,
  createAll,
  createTable,
  cte,
  type Database,
  date,
  dateTrunc,
  deleteFrom,
  extract,
  index,
  insert,
  integer,
  jsonObject,
  literal,
  mapped,
  max,
  nest,
  not,
  now,
  param,
  select,
  sql,
  type TimeStorage,
  table,
  text,
  timestamp,
  timestamptz,
  tuple,
  update,
  updateMany,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { keepsValues } from '../support/round-trip.js'
import { errorOf, inBoth } from '../support/sql.js'

const databases = await allDatabases()
const lite = databases.find(({ name }) => name === 'SQLite')?.db as Database

const forms: readonly TimeStorage[] = ['unix seconds', 'unix milliseconds', 'julian day', 'datetime']
const truths = [
  { true: 't', false: 'f' },
  { true: 'true', false: 'false' },
  { true: "it's", false: '' },
  { true: -1, false: 0 },
] as const
const at = (time: string) => new Date(`2026-11-21T${time}Z`)

describe('values come back as they were given', () => {
  const seconds = fc
    .date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map((value) => new Date(Math.floor(value.getTime() / 1000) * 1000))
  const kinds = forms.flatMap((storedAs) => [
    { name: `timestamptz of ${storedAs}`, type: timestamptz({ sqlite: { storedAs } }), values: seconds },
    { name: `timestamp of ${storedAs}`, type: timestamp({ sqlite: { storedAs } }), values: seconds },
    {
      name: `text of ${storedAs}`,
      type: timestamptz({ as: 'string', sqlite: { storedAs } }),
      values: seconds.map((value) => value.toISOString()),
    },
  ])
  const finer = (['unix milliseconds', 'julian day'] as const).map((storedAs) => ({
    name: `milliseconds of ${storedAs}`,
    type: timestamptz({ sqlite: { storedAs } }),
    values: fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    }),
    edges: [at('23:59:59.999'), at('00:00:00.001')],
  }))
  const booleans = truths.map((storedAs) => ({
    name: `boolean of ${storedAs.true}`,
    type: boolean({ sqlite: { storedAs } }),
    values: fc.boolean(),
  }))
  const own = {
    name: 'mapped of unix seconds',
    type: mapped(timestamptz({ sqlite: { storedAs: 'unix seconds' } }), {
      name: 'stored year',
      encode: (year: number) => new Date(Date.UTC(year, 0)),
      decode: (value) => value.getUTCFullYear(),
    }),
    values: fc.integer({ min: 1000, max: 9000 }),
  }
  const only = {
    name: 'mapped, of letters on SQLite',
    type: mapped(integer(), {
      name: 'light',
      encode: (value: 'on' | 'off') => (value === 'on' ? 7 : 8),
      decode: (value): 'on' | 'off' => (value === 7 ? 'on' : 'off'),
      sqlite: {
        type: boolean({ sqlite: { storedAs: { true: 'Y', false: 'N' } } }),
        encode: (value) => value === 'on',
        decode: (value) => (value ? 'on' : 'off'),
      },
    }),
    values: fc.constantFrom('on', 'off'),
  }
  const others = {
    name: 'mapped, of unix seconds on SQLite in place of letters',
    type: mapped(boolean({ sqlite: { storedAs: { true: 'Y', false: 'N' } } }), {
      name: 'begun',
      encode: (value: number) => value > 0,
      decode: Number,
      sqlite: {
        type: timestamptz({ sqlite: { storedAs: 'unix seconds' } }),
        encode: (value) => new Date(value * 1000),
        decode: (value) => value.getTime() / 1000,
      },
    }),
    values: fc.constantFrom(0, 1),
  }
  const cases = databases.flatMap(({ name, db }) =>
    [...kinds, ...finer, ...booleans, own, only, others].map((kept) => ({ ...kept, database: name, db })),
  )
  it.each(cases)('$name on $database', async ({ db, ...kept }) => {
    await keepsValues(db, kept)
  })
})

const shown = (
  storedAs: TimeStorage | undefined,
  done: { readonly true: string | number; readonly false: string | number },
) =>
  table(`shown ${storedAs} ${done.true}` as 'shown', {
    id: integer().primaryKey(),
    at: storedAs === undefined ? timestamptz() : timestamptz({ sqlite: { storedAs } }),
    seen: storedAs === undefined ? timestamptz() : timestamptz({ sqlite: { storedAs } }),
    done: storedAs === undefined ? boolean() : boolean({ sqlite: { storedAs: done } }),
  })
const rows = [
  { id: 1, at: at('10:30:00'), seen: at('10:30:00'), done: true },
  { id: 2, at: at('11:30:00'), seen: at('12:00:00'), done: false },
  { id: 3, at: null, seen: at('09:00:00'), done: null },
  { id: 4, at: new Date('1969-12-31T23:59:59Z'), seen: null, done: true },
]

/** Queries of such a table, whose rows do not depend on how it is stored. */
function queries(t: ReturnType<typeof shown>) {
  const all = select({ id: t.id }).from(t).orderBy(t.id)
  const plain = cast(literal('2026-11-21T11:00:00Z', text()), timestamptz())
  const sub = select({ at: t.at, done: t.done, id: t.id }).from(t).as('sub')
  const later = cte(
    'later',
    select(t)
      .from(t)
      .where(t.at.gt(at('11:00:00'))),
  )
  const b = t.as('b')
  return {
    whole: select(t).from(t).orderBy(t.id),
    compared: all.where(t.at.gte(at('10:30:00'))),
    'compared with parts of a second': all.where(t.at.lt(at('10:30:00.500'))),
    'compared with an expression': all.where(t.at.lt(plain)),
    'compared with another column': all.where(t.at.eq(t.seen)),
    'distinct from null': all.where(t.at.isDistinctFrom(t.seen)),
    list: all.where(t.at.in([at('10:30:00'), at('11:30:00')])),
    'no list': all.where(t.at.notIn([at('10:30:00')])),
    'list with an expression': all.where(t.at.in([t.seen, at('11:30:00')])),
    query: all.where(t.at.in(select(b.seen).from(b).where(b.seen.isNotNull()))),
    between: all.where(t.at.between(at('10:00:00'), at('10:45:00'))),
    'not between': all.where(not(t.at.between(at('10:00:00'), at('10:45:00')))),
    'between expressions': all.where(t.at.between(at('10:00:00'), plain)),
    'a value between columns': all.where(literal(at('11:45:00'), timestamptz()).between(t.at, t.seen)),
    tuples: all.where(tuple(t.at, t.id).gt([at('10:30:00'), 0])),
    null: all.where(t.at.isNull()),
    'true or not': all.where(t.done),
    'not true': all.where(not(t.done)),
    'both true': all.where(and(t.done, t.at.isNotNull())),
    'is true': all.where(t.done.eq(true)),
    'is not true': all.where(t.done.ne(true)),
    'in truth': all.where(t.done.in([false])),
    parts: select({ id: t.id, hour: extract('hour', t.at), day: dateTrunc('day', t.at) })
      .from(t)
      .orderBy(t.id),
    later: select({ next: addInterval(t.at, { months: 1 }), day: cast(t.at, date()) })
      .from(t)
      .orderBy(t.id),
    aggregated: select({ last: max(t.at), seen: count(t.seen).distinct() }).from(t),
    grouped: select({ done: t.done, n: count() }).from(t).groupBy(t.done).orderBy(t.done),
    ordered: select(t.id).from(t).orderBy(t.at.desc()),
    coalesced: select({ id: t.id, at: coalesce(t.at, at('08:00:00')) })
      .from(t)
      .orderBy(t.id),
    case: select({
      id: t.id,
      word: caseWhen(t.done, 'yes').else('no'),
      which: caseOf(t.at).when(at('10:30:00'), 'first').else('other'),
    })
      .from(t)
      .orderBy(t.id),
    subquery: select(sub)
      .from(sub)
      .where(sub.at.gt(at('10:00:00')), not(sub.done)),
    cte: select(later).from(later),
    json: select({ done: jsonObject({ done: t.done }) })
      .from(t)
      .orderBy(t.id),
    nested: select({
      id: t.id,
      others: nest.many(select(b).from(b).where(b.id.ne(t.id)).orderBy(b.id)),
    })
      .from(t)
      .orderBy(t.id),
    union: select(t.at)
      .from(t)
      .union(select(t.seen).from(t))
      .orderBy((row) => row),
    joined: select({ id: t.id, other: b.id }).from(t).join(b, b.seen.eq(t.at)).orderBy(t.id),
  }
}

describe('queries have the same rows in every form', async () => {
  const expected = new Map<string, unknown>()
  const plain = shown(undefined, truths[0])
  for (const statement of createAll([plain], lite.dialect)) await lite.run(statement)
  await lite.run(insert(plain).values(rows))
  for (const [name, query] of Object.entries(queries(plain))) {
    const got = await lite.all(query as never)
    expect(got.length, name).toBeGreaterThan(0)
    expected.set(name, got)
  }
  const cases = forms.flatMap((form, i) =>
    databases.map(({ name, db }) => ({
      form,
      database: name,
      db,
      truth: truths[i] as (typeof truths)[number],
    })),
  )
  it.each(cases)('$form on $database', async ({ form, db, truth }) => {
    const t = shown(form, truth)
    for (const statement of createAll([t], db.dialect)) await db.run(statement)
    await db.run(insert(t).values(rows))
    for (const [name, query] of Object.entries(queries(t))) {
      expect(await db.all(query as never), name).toEqual(expected.get(name))
    }
    await db.run(deleteFrom(t).everyRow())
    await db.load(t, rows)
    expect(await db.all(queries(t).whole)).toEqual(expected.get('whole'))
  })
})

describe('writes bring values into the form of the column', () => {
  it.each(forms)('%s', async (form) => {
    const t = shown(form, { true: 'yes', false: 'no' })
    for (const statement of createAll([t], lite.dialect)) await lite.run(statement)
    const one = select({ at: t.at, seen: t.seen, done: t.done }).from(t).where(t.id.eq(1))
    const noon = at('12:00:00')
    await lite.run(
      insert(t).values({ id: 1, at: literal(noon, timestamptz()), done: literal(true, boolean()) }),
    )
    expect(await lite.one(one)).toEqual({ at: noon, seen: null, done: true })
    await lite.run(
      update(t)
        .set({ at: addInterval(t.at, { hours: 1 }), seen: t.at, done: not(t.done) })
        .where(t.id.eq(1)),
    )
    expect(await lite.one(one)).toEqual({ at: at('13:00:00'), seen: noon, done: false })
    await lite.run(updateMany(t, [{ id: 1, at: at('14:00:00'), done: true }], { key: 'id' }))
    expect(await lite.one(one)).toEqual({ at: at('14:00:00'), seen: noon, done: true })
    const found = update(t)
      .set({ done: false })
      .where(t.at.eq(at('14:00:00')), t.done)
      .returning(t)
    expect(await lite.all(found)).toEqual([{ id: 1, at: at('14:00:00'), seen: noon, done: false }])
    const upsert = insert(t)
      .values({ id: 1, at: noon, seen: null, done: true })
      .onConflict(t.id)
      .doUpdate((old, excluded) => ({ at: excluded.at, seen: old.at, done: old.done.eq(excluded.done) }))
      .returning(t)
    expect(await lite.all(upsert)).toEqual([{ id: 1, at: noon, seen: at('14:00:00'), done: false }])
    const copied = select({ id: t.id.add(1), at: t.at, seen: t.seen, done: t.done }).from(t)
    expect(await lite.all(insert(t).fromSelect(copied).returning(t))).toEqual([
      { id: 2, at: noon, seen: at('14:00:00'), done: false },
    ])
    const named = lite.prepare(
      update(t)
        .set({ at: param('at', timestamptz()), done: param('done', boolean()) })
        .where(t.at.eq(param('was', timestamptz()))),
    )
    expect((await named.run({ at: at('15:00:00'), done: true, was: noon })).affected).toBe(2)
    expect(await lite.one(one)).toEqual({ at: at('15:00:00'), seen: at('14:00:00'), done: true })
    expect((await lite.all(deleteFrom(t).where(t.done).returning(t.at))).length).toBe(2)
  })
})

const events = table(
  'events',
  {
    id: integer().primaryKey(),
    at: timestamptz({ sqlite: { storedAs: 'unix seconds' } })
      .notNull()
      .default(now()),
    done: boolean({ sqlite: { storedAs: { true: 'Y', false: 'N' } } })
      .notNull()
      .default(false),
  },
  (t) => [index(t.at)],
)

it('the SQL compares what is stored, and reads it as it is everywhere', async () => {
  const statements = createAll([events], sqliteDialect)
  expect(statements.map((one) => one.toSQL(sqliteDialect).sql)).toEqual([
    'create table "events" ("id" integer not null, "at" integer not null default ' +
      "(unixepoch(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))), \"done\" text not null default 'N', " +
      'constraint "events_pkey" primary key ("id"))',
    'create index "events_at_idx" on "events" ("at")',
  ])
  expect(createAll([events], postgresDialect)[0]?.toSQL(postgresDialect).sql).toBe(
    'create table "events" ("id" integer not null, "at" timestamptz not null default now(), ' +
      '"done" boolean not null default false, constraint "events_pkey" primary key ("id"))',
  )
  const query = select({ at: events.at })
    .from(events)
    .where(events.at.gt(at('10:30:00.250')), events.done.eq(true))
  expect(inBoth(query)).toEqual({
    postgres: [
      'select "events"."at" from "events" where "events"."at" > $1 and "events"."done" = $2',
      at('10:30:00.250'),
      true,
    ],
    sqlite: [
      'select coalesce(strftime(\'%Y-%m-%dT%H:%M:%fZ\', "events"."at", \'unixepoch\'), "events"."at") as "at" ' +
        'from "events" where "events"."at" > ? and "events"."done" = ?',
      1795257000.25,
      'Y',
    ],
  })
  for (const statement of statements) await lite.run(statement)
  await lite.run(insert(events).values({ id: 1 }))
  const { at: made, done } = await lite.one(select(events).from(events))
  expect(Math.abs(made.getTime() - Date.now())).toBeLessThan(60_000)
  expect(done).toBe(false)
  const plan = await lite.all(sql.query({ id: integer(), parent: integer(), x: integer(), detail: text() })`
    explain query plan select 1 from "events" where "events"."at" > 5`)
  expect(plan[0]?.detail).toContain('events_at_idx')
})

it('what is stored in another form is told when it is read, never taken for NULL or false', async () => {
  await lite.run(sql.statement`insert into "events" ("id", "at", "done") values (2, 'soon', 'Y')`)
  const time = await errorOf(() => lite.all(select(events.at).from(events).where(events.id.eq(2))))
  expect(time.message).toContain('is no value for timestamptz')
  await lite.run(sql.statement`insert into "events" ("id", "done") values (3, 'maybe')`)
  const truth = await errorOf(() => lite.all(select(events.done).from(events).where(events.id.eq(3))))
  expect(truth.message).toContain('expected true or false')
})

it('a form of SQLite costs PostgreSQL no microseconds', async () => {
  const finest = table('finest', {
    at: timestamptz({ as: 'string', sqlite: { storedAs: 'unix seconds' } }).notNull(),
  })
  const row = insert(finest).values({ at: '2026-11-21T10:30:00.123456Z' })
  expect(inBoth(insert(finest).values({ at: '2026-11-21T10:30:00.123Z' })).sqlite.at(-1)).toBe(1795257000)
  expect(row.toSQL(postgresDialect).params).toEqual(['2026-11-21T10:30:00.123456Z'])
  for (const { name, db } of databases) {
    if (name === 'SQLite') continue
    await db.run(createTable(finest))
    for (const way of [row, sql.statement`${sql.unsafe(row.toSQL(db.dialect, { inline: true }).sql)}`])
      await db.run(way as typeof row)
    expect(await db.all(select(finest.at).from(finest))).toEqual([
      '2026-11-21T10:30:00.123456Z',
      '2026-11-21T10:30:00.123456Z',
    ])
  }
})

it.each(databases)('elements of arrays have no form of their own, on $name', async ({ db }) => {
  const lists = table('lists', {
    times: array(timestamptz({ sqlite: { storedAs: 'unix seconds' } }).notNull()).notNull(),
    truths: array(boolean({ sqlite: { storedAs: { true: 'Y', false: 'N' } } }).notNull()).notNull(),
  })
  for (const statement of createAll([lists], db.dialect)) await db.run(statement)
  const row = { times: [at('10:30:00.123')], truths: [true, false] }
  await db.run(insert(lists).values(row))
  expect(await db.all(select(lists).from(lists))).toEqual([row])
})

it('a form that there is not is refused', async () => {
  const time = await errorOf(() => timestamptz({ sqlite: { storedAs: 'fortnights' as never } }))
  expect(time.message).toBe(
    "timestamptz is stored as 'unix seconds', 'unix milliseconds', 'julian day', 'datetime', not as \"fortnights\".",
  )
  const truth = await errorOf(() => boolean({ sqlite: { storedAs: { true: 'Y', false: 'Y' } } }))
  expect(truth.message).toContain("{ true: 'Y', false: 'N' }")
})
