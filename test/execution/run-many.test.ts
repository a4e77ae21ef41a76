import {
  bigint,
  createAll,
  deleteFrom,
  inBatches,
  insert,
  integer,
  literal,
  param,
  select,
  table,
  text,
  update,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull() })
const counted = table('counted', { id: bigint().identity().primaryKey(), n: integer().notNull() })
const names = select(items.name).from(items).orderBy(items.id)
const add = insert(items).values({ id: param('id', integer()), name: param('name', text()) })
const rename = update(items)
  .set({ name: param('name', text()) })
  .where(items.id.lte(param('id', integer())))
const numbered = (length: number) => Array.from({ length }, (_, id) => ({ id, name: `n${id}` }))

const databases = await allDatabases()
for (const { db } of databases)
  for (const statement of createAll([items, counted], db.dialect)) await db.run(statement)

describe.each(databases)('$name', ({ db }) => {
  beforeEach(async () => {
    await db.run(deleteFrom(items).everyRow())
    await db.run(deleteFrom(counted).everyRow())
  })

  it('runs a statement for each set, and adds up what they affected', async () => {
    expect(await db.runMany(add, numbered(1000))).toEqual({ affected: 1000 })
    expect(await db.all(names)).toEqual(numbered(1000).map(({ name }) => name))
    const sets = [
      { id: 3, name: 'a' },
      { id: 1, name: 'b' },
      { id: -1, name: 'c' },
    ]
    expect(await db.runMany(rename, sets)).toEqual({ affected: 6 })
    expect(await db.all(names.limit(5))).toEqual(['b', 'b', 'a', 'a', 'n4'])
    expect(await db.prepare(add).runMany([{ name: 'last', id: 5000 }])).toEqual({ affected: 1 })
    expect(await db.runMany(add, [])).toEqual({ affected: 0 })
  })

  it('takes the sets as they come', async () => {
    const generated = async function* () {
      for (const set of numbered(5)) {
        await null
        yield set
      }
    }
    expect(await db.runMany(add, generated(), { timeout: 60_000 })).toEqual({ affected: 5 })
    expect(await db.runMany(rename, new Set([{ id: 0, name: 'x' }]))).toEqual({ affected: 1 })
  })

  it('keeps nothing where one fails, and says which', async () => {
    const sets = numbered(800)
    sets[500]!.id = 7
    sets[650]!.id = 8
    const error = await errorOf(() => db.runMany(add, sets))
    expect(error).toMatchObject({ code: 'unique_violation', set: 500, table: 'items' })
    expect(String(error)).toContain('Set 500: ')
    expect(await db.all(names)).toEqual([])
    const wrong = await errorOf(() =>
      db.runMany(add, [
        { id: 1, name: 'a' },
        { id: 1.5, name: 'b' },
      ]),
    )
    expect(wrong).toMatchObject({ code: 'invalid_value', set: 1 })
    expect(String(wrong)).toContain("Set 1: Parameter 'id': ")
    const missing = [{ id: 1, name: 'a' }, { id: 2 }] as { id: number; name: string }[]
    expect(await errorOf(() => db.runMany(add, missing))).toMatchObject({ code: 'unbound_parameter', set: 1 })
    const failing = function* () {
      yield { id: 1, name: 'a' }
      throw new Error('the file ends here')
    }
    await expect(db.runMany(add, failing())).rejects.toThrow('the file ends here')
    expect(await db.all(names)).toEqual([])
  })

  it('is a savepoint within a transaction, which goes on', async () => {
    await db.transaction(async (tx) => {
      await tx.runMany(add, numbered(2))
      const twice = [
        { id: 8, name: 'x' },
        { id: 1, name: 'y' },
      ]
      expect(await errorOf(() => tx.runMany(add, twice))).toMatchObject({ set: 1 })
      await tx.prepare(add).runMany([{ id: 9, name: 'z' }])
    })
    expect(await db.all(names)).toEqual(['n0', 'n1', 'z'])
    await db.session(async (session) => {
      await session.runMany(add, [{ id: 10, name: 'w' }])
    })
    expect(await db.all(names)).toEqual(['n0', 'n1', 'z', 'w'])
  })

  it('is given up by its signal', async () => {
    const controller = new AbortController()
    const endless = async function* () {
      for (let id = 0; ; id++) {
        if (id === 20) controller.abort(new Error('enough'))
        yield { id, name: 'n' }
      }
    }
    const error = await errorOf(() => db.runMany(add, endless(), { signal: controller.signal }))
    expect(error).toMatchObject({ code: 'cancelled' })
    expect(await db.all(names)).toEqual([])
  })

  it('is given up also where it waits for a set', async () => {
    const stuck = async function* () {
      yield { id: 1, name: 'n' }
      await new Promise(() => {})
    }
    expect(await errorOf(() => db.runMany(add, stuck(), { timeout: 50 }))).toMatchObject({ code: 'timeout' })
    expect(await db.all(names)).toEqual([])
  })

  it('takes a statement with parameters, and sets', async () => {
    const plain = insert(items).values({ id: 1, name: 'a' }) as unknown as typeof add
    expect(String(await errorOf(() => db.runMany(plain, [])))).toContain('this one has none')
    const none = { id: 1, name: 'a' } as never
    expect(String(await errorOf(() => db.runMany(add, none)))).toContain('takes an iterable of objects')
  })

  it('inserts more rows than one statement has parameters for, and returns them in order', async () => {
    const rows = Array.from({ length: 70_000 }, (_, n) => ({ n: 70_000 - n }))
    const whole = insert(counted).values(rows).returning({ id: counted.id, n: counted.n })
    expect(await errorOf(() => db.all(whole))).toMatchObject({ code: 'too_many_parameters' })
    const batches = inBatches(whole, db.dialect)
    expect(batches.length).toBe(Math.ceil(70_000 / db.dialect.maxParameters))
    const created = await db.transaction(async (tx) => {
      const all: { id: bigint; n: number }[] = []
      for (const batch of batches) all.push(...(await tx.all(batch)))
      return all
    })
    expect(created.map(({ n }) => n)).toEqual(rows.map(({ n }) => n))
    expect(created.every(({ id }, i) => i === 0 || id > created[i - 1]!.id)).toBe(true)
  })

  it('splits rows with expressions and answers to conflicts, and leaves what fits', async () => {
    const rows = Array.from({ length: 30_000 }, (_, id) => ({
      id: literal(id, integer()).add(literal(1, integer())),
      name: id === 29_999 ? literal('last', text()) : `n${id}`,
    }))
    const whole = insert(items).values(rows).onConflict(items.id).doUpdate({ name: 'twice' })
    const batches = inBatches(whole, db.dialect)
    expect(batches.length).toBeGreaterThan(1)
    let affected = 0
    for (const batch of batches) affected += (await db.run(batch)).affected
    expect(affected).toBe(30_000)
    const few = insert(items).values(numbered(3))
    expect(inBatches(few, db.dialect)).toEqual([few])
    expect(() => inBatches(names, db.dialect)).toThrow("of the kind 'select'")
    expect(() => inBatches(insert(items).fromSelect(select(items).from(items)), db.dialect)).toThrow(
      'one without',
    )
  })
})

it('PostgreSQL is sent the sets without waiting for each', async () => {
  const url = await testDatabaseUrl()
  let underWay = 0
  let most = 0
  await using db = postgres(url, {
    observer: {
      statement: () => {
        most = Math.max(most, ++underWay)
        return () => {
          underWay--
        }
      },
    },
  })
  for (const statement of createAll([items], db.dialect)) await db.run(statement)
  await db.runMany(add, numbered(1000))
  expect(most).toBe(256)
})

describe('The synchronous handle', () => {
  const lite = sqlite(':memory:')
  afterAll(() => lite.close())
  for (const statement of createAll([items], lite.dialect)) lite.sync.run(statement)

  it('runs them as well, all or none', () => {
    expect(lite.sync.runMany(add, numbered(3))).toEqual({ affected: 3 })
    expect(() => lite.sync.runMany(add, numbered(5).reverse())).toThrow(
      expect.objectContaining({ code: 'unique_violation', set: 2 }) as Error,
    )
    expect(lite.sync.transaction((tx) => tx.prepare(add).runMany([{ id: 7, name: 'x' }]))).toEqual({
      affected: 1,
    })
    expect(lite.sync.all(names)).toEqual(['n0', 'n1', 'n2', 'x'])
  })
})
