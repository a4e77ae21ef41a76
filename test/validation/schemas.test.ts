import {
  array,
  bigint,
  bit,
  boolean,
  bytes,
  caseWhen,
  coalesce,
  createTable,
  date,
  double,
  groupingSets,
  hstore,
  inet,
  insert,
  int4multirange,
  int4range,
  integer,
  interval,
  json,
  jsonb,
  lower,
  mapped,
  max,
  numeric,
  oid,
  param,
  real,
  rollup,
  select,
  sql,
  table,
  text,
  timestamptz,
  timetz,
  tsvector,
  update,
  uuid,
  varchar,
  xml,
} from '@espalier/core'
import { insertSchema, selectSchema, updateSchema } from '@espalier/core/zod'
import { sqlite } from '@espalier/dialects/sqlite'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'

const things = table('things', {
  id: bigint().identity().primaryKey(),
  n: integer(),
  price: numeric({ precision: 5, scale: 2 }),
  ratio: double(),
  single: real(),
  label: varchar(3),
  kind: text().notNull().default('plain'),
  day: date(),
  at: timestamptz(),
  key: uuid(),
  raw: bytes(),
  doc: json<{ a: number }>(),
  other: jsonb(),
  valid: boolean().notNull(),
})
const lists = table('lists', { id: integer().primaryKey(), tags: array(text()), seats: int4range() })
const orgs = table('orgs', { id: integer().primaryKey(), name: text().notNull() })
const people = table('people', {
  id: integer().primaryKey(),
  orgId: integer().references(() => orgs.id),
  name: text().notNull(),
})

const kinds = table('kinds', {
  at: timetz(),
  every: interval(),
  host: inet(),
  flags: bit(4),
  object: oid(),
  doc: xml(),
  words: tsvector(),
  pairs: hstore(),
  free: int4multirange(),
})

/** The path and the message of each issue. */
function issues(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('A row to insert', () => {
  const schema = insertSchema(things)

  test.each([
    ['n', 2147483647, 2147483648, 'Too big: expected number to be <=2147483647'],
    ['n', -1, 1.5, 'Invalid input: expected int, received number'],
    [
      'id',
      9223372036854775807n,
      9223372036854775808n,
      'Too big: expected bigint to be <=9223372036854775807',
    ],
    ['id', 1n, 1, 'Invalid input: expected bigint, received number'],
    [
      'price',
      '123.45',
      '1.234',
      '"1.234" is no value for numeric(5, 2): expected at most 3 digits before and 2 behind the point; round it first.',
    ],
    [
      'price',
      '-1',
      'x',
      `"x" is no value for numeric(5, 2): expected a decimal number as text, such as '12.50'.`,
    ],
    ['ratio', 1.5, Number.NaN, 'Invalid input: expected number, received NaN'],
    [
      'single',
      1.5,
      1e300,
      '1e+300 is no value for real: expected a number of single precision, from 1e-45 to 3.4e38 in size; use double() for others.',
    ],
    ['label', '😀😀😀', 'abcd', '"abcd" is no value for varchar(3): expected at most 3 characters.'],
    ['kind', 'x', null, 'Invalid input: expected string, received null'],
    [
      'day',
      '2024-02-29',
      '2023-02-29',
      `"2023-02-29" is no value for date: expected a day of the calendar as 'YYYY-MM-DD'.`,
    ],
    ['at', new Date(0), new Date(Number.NaN), 'Invalid input: expected date, received Date'],
    [
      'at',
      new Date(0),
      new Date(-1e15),
      /is no value for timestamptz: expected a valid Date of the years 1 to 9999/,
    ],
    [
      'key',
      '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
      '6f96',
      /"6f96" is no value for uuid: expected a UUID such as/,
    ],
    ['raw', new Uint8Array([1]), [1], '[1] is no value for bytes: expected a Uint8Array.'],
    ['doc', { a: 1 }, { a: 1n }, /is no value for json: expected a value that JSON can hold/],
    ['other', [1, 'x'], () => 1, /is no value for jsonb: expected a value that JSON can hold/],
    ['valid', false, 0, 'Invalid input: expected boolean, received number'],
  ])('takes for %s %o and not %o', (key, good, bad, message) => {
    const row = { valid: true, [key]: good }
    expect(schema.parse(row)).toEqual(row)
    expect(issues(schema, { valid: true, [key]: bad })).toEqual([
      typeof message === 'string' ? `${key}: ${message}` : expect.stringMatching(message),
    ])
  })

  test('needs what is not null without a default, and nothing else', () => {
    expect(issues(schema, {})).toEqual(['valid: Invalid input: expected boolean, received undefined'])
    expect(schema.parse({ valid: true })).toEqual({ valid: true })
    expect(schema.parse({ valid: true, n: null })).toEqual({ valid: true, n: null })
  })

  test('has no undefined, which an insert would refuse', () => {
    expect(issues(schema, { valid: true, n: undefined })).toEqual([
      'n: Invalid input: expected number, received undefined',
    ])
    expect(issues(schema, { valid: true, doc: undefined })).toHaveLength(1)
  })

  test('drops keys that are no columns', () => {
    expect(schema.parse({ valid: true, isAdmin: true })).toEqual({ valid: true })
  })

  test('is one that the database takes, and gives back', async () => {
    await using db = sqlite(':memory:')
    await db.run(createTable(things))
    const row = schema.parse({
      ...{ id: 7n, n: 1, price: '1.50', ratio: 0.5, single: 0.5, label: 'abc', kind: 'x', day: '2026-01-01' },
      ...{
        at: new Date(5),
        key: '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
        raw: new Uint8Array([1]),
        valid: true,
      },
      ...{ doc: { a: 1 }, other: [1] },
    })
    const found = await db.one(insert(things).values(row).returning(things))
    expect(found).toEqual(row)
    expect(selectSchema(things).parse(found)).toEqual(found)
  })
})

test('A column that the database numbers always is refused, with what to do', () => {
  const numbered = table('numbered', {
    id: integer().identity({ generated: 'always' }).primaryKey(),
    a: text(),
  })
  expect(insertSchema(numbered).parse({ a: 'x' })).toEqual({ a: 'x' })
  const message = "id: The database numbers 'id' always; leave it out."
  expect(issues(insertSchema(numbered), { id: 1 })).toEqual([message])
  expect(issues(updateSchema(numbered), { id: 1 })).toEqual([message])
  expect(selectSchema(numbered).parse({ id: 1, a: null })).toEqual({ id: 1, a: null })
})

test('An update may change any column, or leave it', async () => {
  const schema = updateSchema(orgs)
  expect(schema.parse({})).toEqual({})
  expect(issues(schema, { name: null })).toEqual(['name: Invalid input: expected string, received null'])
  await using db = sqlite(':memory:')
  await db.run(createTable(orgs))
  await db.run(insert(orgs).values({ id: 1, name: 'a' }))
  const change = schema.parse({ name: 'b' })
  expect(await db.all(update(orgs).set(change).everyRow().returning(orgs))).toEqual([{ id: 1, name: 'b' }])
})

test('Arrays and ranges are checked element by element', () => {
  const schema = selectSchema(lists)
  const row = { id: 1, tags: ['a', null], seats: { lower: 1, upper: null, bounds: '[)' } }
  expect(schema.parse(row)).toEqual(row)
  expect(issues(schema, { ...row, tags: ['a', 1] })).toEqual([
    'tags.1: Invalid input: expected string, received number',
  ])
  expect(issues(schema, { ...row, seats: { lower: 1.5, upper: 2, bounds: '[)' } })).toEqual([
    'seats.lower: Invalid input: expected int, received number',
  ])
})

describe('The rows of a statement', () => {
  const joined = select({ name: people.name, place: { org: orgs, title: orgs.name } })
    .from(people)
    .leftJoin(orgs)

  test('are objects of objects, and an outer-joined table is one or null', () => {
    const schema = selectSchema(joined)
    const row = { name: 'Ann', place: { org: { id: 1, name: 'Acme' }, title: 'Acme' } }
    expect(schema.parse(row)).toEqual(row)
    const alone = { name: 'Ann', place: { org: null, title: null } }
    expect(schema.parse(alone)).toEqual(alone)
    expect(issues(schema, { name: null, place: { org: { id: 1, name: null }, title: 1 } })).toEqual([
      'name: Invalid input: expected string, received null',
      'place.org.name: Invalid input: expected string, received null',
      'place.title: Invalid input: expected string, received number',
    ])
  })

  test('are null only where the statement says so', () => {
    const statement = select({
      lower: lower(people.name),
      org: people.orgId,
      known: coalesce(people.orgId, 0),
      last: max(people.name),
      kind: caseWhen(people.orgId.isNull(), 'none').else('some'),
      given: sql<number>`1`,
      is: people.name.eq('x'),
      may: people.orgId.eq(1),
      half: people.id.div(people.id),
    }).from(people)
    const row = {
      lower: 'a',
      org: 1,
      known: 1,
      last: 'a',
      kind: 'none',
      given: 1,
      is: true,
      may: true,
      half: 1,
    }
    const refused = Object.keys(row).filter(
      (key) => issues(selectSchema(statement), { ...row, [key]: null }).length > 0,
    )
    expect(refused).toEqual(['lower', 'known', 'kind', 'is'])
  })

  test('of a subquery are null only where its own rows are', () => {
    const inner = select({ id: people.id, org: people.orgId, n: people.name }).from(people).as('inner')
    expect(issues(selectSchema(inner), { id: null, org: null, n: null })).toHaveLength(2)
    const outer = select({ n: inner.n, id: inner.id }).from(orgs).leftJoin(inner, inner.org.eq(orgs.id))
    expect(issues(selectSchema(outer), { n: null, id: null })).toEqual([])
    const either = select({ a: people.name })
      .from(people)
      .unionAll(select({ a: sql(text())`null` }))
    expect(issues(selectSchema(either), { a: null })).toEqual([])
  })

  test('may be null in rows of totals', () => {
    const row = { name: people.name, n: people.name.concat('x') }
    const ofAll = select(row).from(people).groupBy(rollup(people.name))
    const ofSets = select(row)
      .from(people)
      .groupBy(groupingSets([people.name], []))
    for (const statement of [ofAll, ofSets])
      expect(issues(selectSchema(statement), { name: null, n: null })).toEqual([])
  })

  test('of one expression are its values', () => {
    expect(selectSchema(select(people.orgId).from(people)).parse(null)).toBe(null)
    expect(issues(selectSchema(select(people.name).from(people)), null)).toHaveLength(1)
  })

  test('of a statement without rows are none', () => {
    expect(() => selectSchema(insert(orgs).values({ id: 1, name: 'x' }))).toThrow(
      'selectSchema takes a table, another source, or a statement that returns rows, not this insert.',
    )
    expect(() => selectSchema('orgs' as never)).toThrow('not "orgs".')
    expect(() => insertSchema(orgs.as('o') as never)).toThrow("insertSchema takes a table; 'o' is an alias.")
  })

  test('take parameters that may be null', () => {
    const statement = select({ a: param('a', text(), { nullable: true }), b: param('b', text()) })
    expect(issues(selectSchema(statement), { a: null, b: null })).toHaveLength(1)
  })
})

describe('A refinement', () => {
  test('is given the schema of the value; null and leaving out are put around what it returns', () => {
    const schema = insertSchema(people, {
      name: (name) => name.trim().min(1),
      orgId: (orgId) => orgId.positive(),
    })
    expect(schema.parse({ id: 1, name: ' Ann ' })).toEqual({ id: 1, name: 'Ann' })
    expect(schema.parse({ id: 1, name: 'a', orgId: null })).toEqual({ id: 1, name: 'a', orgId: null })
    expect(issues(schema, { id: 1, name: ' ', orgId: -1 })).toEqual([
      'orgId: Too small: expected number to be >0',
      'name: Too small: expected string to have >=1 characters',
    ])
  })

  test('may put another schema in its place', () => {
    const schema = insertSchema(things, { at: () => z.coerce.date<string>() })
    expect(schema.parse({ valid: true, at: '2026-01-01T00:00:00Z' }).at).toEqual(new Date('2026-01-01'))
    expect(schema.parse({ valid: true, at: null }).at).toBe(null)
  })

  test('of what is not there, or no function, is an error', () => {
    expect(() => insertSchema(orgs, { nick: (schema: unknown) => schema } as never)).toThrow(
      'insertSchema: there is no column "nick" to refine. There are: id, name.',
    )
    expect(() => insertSchema(orgs, { constructor: (schema: unknown) => schema } as never)).toThrow(
      'there is no column "constructor" to refine',
    )
    expect(() => updateSchema(orgs, { name: z.string() } as never)).toThrow(
      "updateSchema: 'name' is refined by a function, (schema) => schema.min(1) or () => another, not by",
    )
  })
})

test('JSON Schema knows lengths, ranges and formats', () => {
  const schema = insertSchema(things).pick({ n: true, label: true, day: true, key: true, valid: true })
  expect(z.toJSONSchema(schema)).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      n: { anyOf: [{ type: 'integer', minimum: -2147483648, maximum: 2147483647 }, { type: 'null' }] },
      label: { anyOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] },
      day: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
      key: { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] },
      valid: { type: 'boolean' },
    },
    required: ['valid'],
    additionalProperties: false,
  })
})

test('Values in another form are checked as they are stored', () => {
  const url = mapped(text(), {
    name: 'url',
    encode: (value: URL) => value.href,
    decode: (href) => new URL(href),
  })
  const pages = table('pages', {
    views: bigint({ as: 'number' }),
    total: bigint({ as: 'string' }),
    rate: numeric({ precision: 3, scale: 1, as: 'number' }),
    seen: timestamptz({ as: 'string' }),
    home: url,
  })
  const schema = insertSchema(pages)
  const row = {
    views: 1,
    total: '2',
    rate: 1.5,
    seen: '2026-11-21T10:30:00Z',
    home: new URL('https://x.org'),
  }
  expect(schema.parse(row)).toEqual(row)
  for (const wrong of [
    { views: 1n },
    { views: 2 ** 53 },
    { total: 'x' },
    { total: '9223372036854775808' },
    { rate: 1.25 },
    { seen: '2026-11-21' },
    { home: 'https://x.org' },
  ]) {
    const result = schema.safeParse({ ...row, ...wrong })
    expect(result.error?.issues.map(({ path }) => path)).toEqual([Object.keys(wrong)])
  }
})

describe('Types of PostgreSQL', () => {
  const schema = insertSchema(kinds)
  test.each([
    ['at', '10:30:00+02', '10:30:00', /timetz: expected a time of day with its offset/],
    ['every', 'P1M-3D', '1 day', /interval: expected an interval as text of ISO 8601/],
    ['host', '10.0.0.1/8', '10.0.0.256', /inet: expected an address/],
    ['flags', '0101', '01', /bit\(4\): expected 4 bits/],
    ['object', 4294967295, 4294967296, /Too big/],
    ['object', 0, -1, /Too small/],
    ['doc', '<a/>', '<?xml version="1.0"?><a/>', /xml: expected XML without the declaration/],
    ['words', "'cat':1", 5, /expected string/],
    ['pairs', { a: 'b', c: null }, { a: 1 }, /expected string/],
    ['free', [{ lower: 1, upper: 2, bounds: '[)' }], [{ lower: 1, upper: 2, bounds: 'x' }], /Invalid option/],
  ])('%s', (column, right, wrong, message) => {
    expect(schema.parse({ [column]: right })).toEqual({ [column]: right })
    expect(issues(schema, { [column]: wrong }).join()).toMatch(message)
    expect(schema.parse({ [column]: null })).toEqual({ [column]: null })
  })

  test('are in JSON Schema what they are', () => {
    const { properties } = z.toJSONSchema(schema, { unrepresentable: 'any' })
    expect(properties).toMatchObject({
      every: { type: ['string', 'null'] },
      object: { anyOf: [{ type: 'integer', minimum: 0, maximum: 4294967295 }, { type: 'null' }] },
      pairs: { anyOf: [{ type: 'object' }, { type: 'null' }] },
    })
  })
})
