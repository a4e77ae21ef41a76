import {
  array,
  createAll,
  insert,
  integer,
  json,
  jsonb,
  jsonOf,
  nest,
  param,
  type StandardSchema,
  select,
  table,
  update,
  updateMany,
} from '@espalier/core'
import { insertSchema, selectSchema } from '@espalier/core/zod'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { allDatabases } from '../support/databases.js'

const settings = z.object({
  theme: z.enum(['dark', 'light']),
  tags: z.array(z.string()).default([]),
})

/** A schema of nobody's library, whose paths have parts that are objects. */
const point: StandardSchema<{ x: number }, { x: number }> = {
  '~standard': {
    version: 1,
    vendor: 'none',
    validate: (value) => {
      const { x } = Object(value) as { x?: unknown }
      if (typeof x === 'number') return { value: { x } }
      return { issues: [{ message: 'a number is wanted', path: [{ key: 'x' }] }, { message: 'no point' }] }
    },
  },
}

const members = table('members', {
  id: integer().primaryKey(),
  settings: json(settings).notNull(),
  place: jsonb('where', point),
  seen: json(z.object({ at: z.coerce.date() }), { validate: 'read' }),
})
const plain = table('members', { id: integer().primaryKey(), settings: json(), where: jsonb(), seen: json() })

describe('A value that the schema of a column refuses is no value for it', () => {
  const blue = { theme: 'blue', tags: [1] } as never
  const message =
    'members.settings: {"theme":"blue","tags":[1]} is no value for json: expected what its schema takes (theme: Invalid ' +
    'option: expected one of "dark"|"light"; tags.0: Invalid input: expected string, received number).'

  test.each([
    ['in an insert', insert(members).values({ id: 1, settings: blue })],
    [
      'in one of several rows',
      insert(members).values([
        { id: 1, settings: { theme: 'dark', tags: [] } },
        { id: 2, settings: blue },
      ]),
    ],
    ['in an update', update(members).set({ settings: blue }).everyRow()],
  ])('%s', (_where, statement) => {
    for (const dialect of [postgresDialect, sqliteDialect]) {
      expect(() => statement.toSQL(dialect)).toThrow(message)
      expect(() => statement.toSQL(dialect, { inline: true })).toThrow(message)
    }
  })

  test('by any library', () => {
    const statement = update(members)
      .set({ place: {} as never })
      .everyRow()
    expect(() => statement.toSQL(sqliteDialect)).toThrow(
      'members.where: {} is no value for jsonb: expected what its schema takes (x: a number is wanted; no point).',
    )
  })
})

describe.each(await allDatabases())('On $name', ({ db }) => {
  test('values are sent as their schema makes them, and read as they are, or checked', async () => {
    for (const statement of createAll([members], db.dialect)) await db.run(statement)
    const row = { id: 1, settings: { theme: 'dark', tags: [], more: 1 }, place: { x: 1, y: 2 } } as const
    const seen = { at: new Date(5) }
    await db.run(insert(members).values({ ...row, seen } as never))
    expect(await db.all(select(plain).from(plain))).toEqual([
      {
        id: 1,
        settings: { theme: 'dark', tags: [] },
        where: { x: 1 },
        seen: { at: '1970-01-01T00:00:00.005Z' },
      },
    ])
    expect(await db.all(select(members).from(members))).toEqual([
      { id: 1, settings: { theme: 'dark', tags: [] }, place: { x: 1 }, seen: { at: new Date(5) } },
    ])

    // A load, an update of many rows and a prepared statement check as well.
    const loaded = { id: 2, settings: { theme: 'light', tags: ['a'] }, place: null, seen: null } as const
    await db.load(members, [loaded] as never)
    await expect(db.load(members, [{ ...loaded, id: 3, settings: {} }] as never)).rejects.toThrow(
      /members\.settings: {} is no value for json: expected what its schema takes \(theme: /,
    )
    const many = updateMany(members, [{ id: 2, place: { x: 'x' } }] as never, { key: 'id' })
    await expect(db.run(many)).rejects.toThrow('a number is wanted')
    const set = db.prepare(
      update(members)
        .set({ place: param('place', jsonb(point)) })
        .where(members.id.eq(2)),
    )
    await expect(set.run({ place: { x: 'x' } as never })).rejects.toThrow('(x: a number is wanted; no point)')
    await set.run({ place: { x: 3 } })

    // A part of a document has not the schema of the whole.
    const part = select({ at: jsonOf(members.seen).get('at'), x: jsonOf(members.place).get('x') })
      .from(members)
      .orderBy(members.id)
    expect(await db.all(part)).toEqual([
      { at: '1970-01-01T00:00:00.005Z', x: 1 },
      { at: null, x: 3 },
    ])

    // Nested rows are read as rows are.
    const nested = select({ of: nest.many(select({ seen: members.seen }).from(members).orderBy(members.id)) })
    expect(await db.one(nested)).toEqual({ of: [{ seen: { at: new Date(5) } }, { seen: null }] })

    // What others wrote is found out where it is read, if that was asked for.
    await db.run(
      update(plain)
        .set({ seen: { at: 'never' }, settings: { theme: 'blue' } })
        .where(plain.id.eq(2)),
    )
    expect(await db.all(select(members.settings).from(members).where(members.id.eq(2)))).toEqual([
      { theme: 'blue' },
    ])
    await expect(db.all(select({ seen: members.seen }).from(members))).rejects.toThrow(
      'Column "seen": {"at":"never"} is no value for json: expected what its schema takes (at: Invalid input: expected date, received Date).',
    )
  })
})

test('The elements of an array have a schema of their own', async () => {
  const databases = await allDatabases()
  for (const { name, db } of databases) {
    if (name === 'SQLite') continue
    const routes = table('routes', { id: integer().primaryKey(), points: array(jsonb(point).notNull()) })
    for (const statement of createAll([routes], db.dialect)) await db.run(statement)
    await db.run(insert(routes).values({ id: 1, points: [{ x: 1 }, { x: 2 }] }))
    expect(await db.all(select(routes).from(routes))).toEqual([{ id: 1, points: [{ x: 1 }, { x: 2 }] }])
    const wrong = insert(routes).values({ id: 2, points: [{ x: 1 }, {} as { x: number }] })
    await expect(db.run(wrong)).rejects.toThrow(
      'routes.points: {} is no value for jsonb: expected what its schema takes (x: ',
    )
  }
})

test('A schema that answers by a promise is refused', () => {
  const slow = json(z.object({ name: z.string().refine(async () => true) }))
  const t = table('t', { doc: slow })
  expect(() =>
    insert(t)
      .values({ doc: { name: 'x' } })
      .toSQL(sqliteDialect),
  ).toThrow(
    't.doc: {"name":"x"} is no value for json: expected a schema that answers at once, not by a promise; check such parts before.',
  )
})

test('What is no schema is refused', () => {
  expect(() => json({} as never)).toThrow('json takes a name or a Standard Schema, not {}.')
  expect(() => jsonb('doc', 5 as never)).toThrow('jsonb takes a name or a Standard Schema, not 5.')
})

test('A schema may be a function', () => {
  const callable = Object.assign(() => 0, point)
  const t = table('t', { doc: json(callable) })
  expect(
    insert(t)
      .values({ doc: { x: 1 } })
      .toSQL(sqliteDialect).params,
  ).toEqual(['{"x":1}'])
})

test('The schemas of a table have those of its columns', () => {
  const schema = insertSchema(members)
  const row = { id: 1, settings: { theme: 'dark', tags: [] }, place: { x: 1 } }
  expect(schema.parse(row)).toEqual(row)
  expect(
    schema.safeParse({ ...row, settings: { theme: 'blue' }, place: { x: 'x' } }).error?.issues,
  ).toMatchObject([
    { path: ['settings', 'theme'] },
    { path: ['place', 'x'], message: 'a number is wanted' },
    { path: ['place'], message: 'no point' },
  ])
  const read = { id: 1, settings: { theme: 'dark', tags: [] }, place: null, seen: { at: new Date(5) } }
  expect(selectSchema(members).parse(read)).toEqual(read)
})
