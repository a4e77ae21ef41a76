/** Rows by a key, of statements and prepared statements, on every database and without promises. */
import { type Database, integer, param, select, text, timestamptz, values } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const people = values('people', { id: integer().notNull(), team: text(), at: timestamptz().notNull() }, [
  { id: 2, team: 'b', at: new Date(2) },
  { id: 1, team: 'a', at: new Date(1) },
  { id: 3, team: null, at: new Date(1) },
  { id: 4, team: 'b', at: new Date(4) },
])
const rows = select({ id: people.id, team: people.team }).from(people).orderBy(people.id)
const withTimes = select({ id: people.id, at: people.at }).from(people).orderBy(people.id)
const above = rows.where(people.id.gt(param('least', integer())))
const one = { id: 1, team: 'a' }
const two = { id: 2, team: 'b' }
const three = { id: 3, team: null }
const four = { id: 4, team: 'b' }

const databases = await allDatabases()
const lite = sqlite(':memory:')
afterAll(() => lite.close())

/** A synchronous handle by the promises of the other. */
const promising = {
  map: async (...given: [never, never]) => lite.sync.map(...given),
  group: async (...given: [never, never]) => lite.sync.group(...given),
  prepare: (statement: never) => lite.sync.prepare(statement),
} as unknown as Database

describe.each([...databases, { name: 'SQLite without promises', db: promising }])('$name', ({ db }) => {
  it('maps each key to its row, in the order of the rows', async () => {
    expect([...(await db.map(rows, 'id'))]).toEqual([
      [1, one],
      [2, two],
      [3, three],
      [4, four],
    ])
    const byTime = await db.map(rows.limit(2), (row) => `${row.team}${row.id}`)
    expect([...byTime]).toEqual([
      ['a1', one],
      ['b2', two],
    ])
    expect((await db.map(rows.where(people.id.lt(0)), 'id')).size).toBe(0)
  })

  it('groups the rows of a key, null included', async () => {
    expect([...(await db.group(rows, 'team'))]).toEqual([
      ['a', [one]],
      ['b', [two, four]],
      [null, [three]],
    ])
    expect(
      [...(await db.group(withTimes, (row) => row.at.getTime()))].map(([key, { length }]) => [key, length]),
    ).toEqual([
      [1, 2],
      [2, 1],
      [4, 1],
    ])
    expect([
      ...(await db.group(select(people.team).from(people).orderBy(people.id), (team) => team === 'b')),
    ]).toEqual([
      [false, ['a', null]],
      [true, ['b', 'b']],
    ])
  })

  it('takes the parameters of a prepared statement behind the key', async () => {
    const prepared = db.prepare(above)
    expect([...(await prepared.map('id', { least: 3 }))]).toEqual([[4, four]])
    expect([...(await prepared.group('team', { least: 1 }))]).toEqual([
      ['b', [two, four]],
      [null, [three]],
    ])
    expect((await prepared.map((row) => row.id * 2, { least: 0 })).get(4)).toEqual(two)
    await expect((async () => prepared.map('team', { least: 1 }))()).rejects.toMatchObject({
      code: 'duplicate_key',
    })
  })

  it('refuses a key that comes twice, and names it', async () => {
    const error = await errorOf(() => db.map(rows, 'team'))
    expect(error).toMatchObject({
      code: 'duplicate_key',
      sql: expect.stringContaining('select "people"."id"'),
    })
    expect(error.message).toBe(
      'Several rows have the key "b", their \'team\', and a map would keep one of them. Take them all by group(…), or a key that ' +
        'is unique.',
    )
    expect((await errorOf(() => db.map(rows, () => 1))).message).toMatch(/^Several rows have the key 1, and/)
  })

  it('refuses what finds no row again', async () => {
    const missing = await errorOf(() => db.map(rows, 'name' as 'id'))
    expect(missing).toMatchObject({ code: 'invalid_key' })
    expect(missing.message).toBe('The rows have no key "name". They have: id, team.')
    const date = await errorOf(() => db.group(withTimes, 'at' as 'id'))
    expect(date.message).toMatch(/not by an object such as "?\w.*\(row\) => row\.at\.getTime\(\)/)
    const nothing = await errorOf(() => db.group(rows, () => undefined as never))
    expect(nothing.message).toMatch(/^The key of a row is undefined/)
  })
})
