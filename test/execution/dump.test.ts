import {
  array,
  bigint,
  boolean,
  bytes as bytesType,
  count,
  createAll,
  type Database,
  deleteFrom,
  double,
  insert,
  integer,
  json,
  mapped,
  nest,
  select,
  sql,
  table,
  text,
  timestamptz,
  withReplicas,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const things = table('things', {
  id: bigint().primaryKey(),
  name: text(),
  flag: boolean(),
  amount: double(),
  at: timestamptz(),
  bytes: bytesType(),
})
const many = table('many', { id: integer().primaryKey(), pad: text().notNull() })
const stored = table('stored', {
  id: bigint().primaryKey(),
  names: array(text()),
  nested: array(array(integer())),
  days: array(timestamptz()),
  secret: mapped(text(), {
    name: 'reversed',
    encode: (value: string) => [...value].reverse().join(''),
    decode: () => {
      throw new Error('there is no key')
    },
  }),
  body: json(),
})
const all = select(things).from(things).orderBy(things.id)
const pads = select({ id: many.id, pad: many.pad }).from(many).orderBy(many.id)

const databases = await allDatabases()
for (const { db } of databases) {
  for (const statement of createAll([things, many, stored], db.dialect)) await db.run(statement)
  await db.run(
    insert(things).values([
      {
        id: 1n,
        name: 'plain',
        flag: true,
        amount: 1.5,
        at: new Date('2026-01-02T03:04:05.670Z'),
        bytes: new Uint8Array([0, 255]),
      },
      {
        id: 2n,
        name: 'a "b", c\\d\te',
        flag: false,
        amount: -2,
        at: new Date('2026-01-02T00:00:00Z'),
        bytes: null,
      },
      {
        id: 9007199254740993n,
        name: 'line\nbreak\r',
        flag: null,
        amount: null,
        at: null,
        bytes: new Uint8Array(),
      },
      { id: 4n, name: '', flag: null, amount: 1e21, at: null, bytes: null },
    ]),
  )
  await db.load(
    many,
    Array.from({ length: 5000 }, (_, id) => ({ id, pad: 'ä'.repeat(50) })),
  )
}
const read = async (from: AsyncIterable<string>) => {
  let whole = ''
  for await (const piece of from) whole += piece
  return whole
}

describe.each(databases)('$name', ({ name, db }) => {
  it('writes rows as csv', async () => {
    expect(await read(db.dump(all))).toBe(
      'id,name,flag,amount,at,bytes\n' +
        '1,plain,t,1.5,2026-01-02 03:04:05.67+00,\\x00ff\n' +
        '2,"a ""b"", c\\d\te",f,-2,2026-01-02 00:00:00+00,\n' +
        '4,"",,1e+21,,\n' +
        '9007199254740993,"line\nbreak\r",,,,\\x\n',
    )
    const names = select({ 'a,b': things.name }).from(things).where(things.id.lt(3n)).orderBy(things.id)
    expect(await read(db.dump(names))).toBe('"a,b"\nplain\n"a ""b"", c\\d\te"\n')
    expect(await read(db.dump(names, { header: false }))).toBe('plain\n"a ""b"", c\\d\te"\n')
    const none = select(things.id).from(things).where(things.id.lt(0n))
    expect(await read(db.dump(none))).toBe('value\n')
    expect(await read(db.dump(none, { header: false }))).toBe('')
  })

  it('writes rows as text, which load takes', async () => {
    expect(await read(db.dump(all, { format: 'text' }))).toBe(
      '1\tplain\tt\t1.5\t2026-01-02 03:04:05.67+00\t\\\\x00ff\n' +
        '2\ta "b", c\\\\d\\te\tf\t-2\t2026-01-02 00:00:00+00\t\\N\n' +
        '4\t\t\\N\t1e+21\t\\N\t\\N\n' +
        '9007199254740993\tline\\nbreak\\r\t\\N\t\\N\t\\N\t\\\\x\n',
    )
  })

  it('writes what is stored: arrays, documents, nested rows, and values that the program has in another form', async () => {
    await db.run(deleteFrom(stored).everyRow())
    await db.run(
      insert(stored).values([
        {
          id: 1n,
          names: ['a', null, '', 'b "c"\\,', 'null'],
          nested: [
            [1, 2],
            [3, 4],
          ],
          days: [new Date(0)],
          secret: 'abc',
          body: { a: ['x'] },
        },
        { id: 2n, names: [], nested: null, days: null, secret: null, body: null },
      ]),
    )
    const flat = select({
      names: stored.names,
      nested: stored.nested,
      secret: stored.secret,
      body: stored.body,
    })
    expect(await read(db.dump(flat.from(stored).orderBy(stored.id), { format: 'text' }))).toBe(
      '{a,NULL,"","b \\\\"c\\\\"\\\\\\\\,","null"}\t{{1,2},{3,4}}\tcba\t{"a":["x"]}\n{}\t\\N\t\\N\t\\N\n',
    )
    const days = select({ days: stored.days }).from(stored).where(stored.id.eq(1n))
    expect(await read(db.dump(days, { header: false }))).toBe('"{""1970-01-01 00:00:00+00""}"\n')
    const ids = select({ ids: nest.many(select({ id: stored.id }).from(stored).orderBy(stored.id)) })
    expect((await read(db.dump(ids, { format: 'text' }))).replaceAll(/[ "]/g, '')).toBe('[[1],[2]]\n')
  })

  it('comes in pieces, whole characters in each, on the database, in a transaction and in a session', async () => {
    const expected = `id,pad\n${Array.from({ length: 5000 }, (_, id) => `${id},${'ä'.repeat(50)}\n`).join('')}`
    const pieces = async (from: Pick<Database, 'dump' | 'scalar'>) => {
      const found: string[] = []
      for await (const piece of from.dump(pads, { timeout: 60_000 })) found.push(piece)
      expect(found.length).toBeGreaterThan(2)
      expect(found.join('')).toBe(expected)
      expect(await from.scalar(select(count()).from(many))).toBe(5000)
    }
    await pieces(db)
    await db.transaction(pieces)
    await db.session(pieces)
  })

  it('ends with its loop, and with an error in it', async () => {
    const stop = async (from: Pick<Database, 'dump' | 'scalar'>) => {
      for await (const piece of from.dump(pads)) {
        expect(piece.length).toBeGreaterThan(0)
        break
      }
      const failing = async () => {
        for await (const _ of from.dump(pads)) throw new Error('disk full')
      }
      await expect(failing()).rejects.toThrow('disk full')
      expect(await from.scalar(select(count()).from(many))).toBe(5000)
    }
    for (let i = 0; i < 12; i++) await stop(db)
    await db.transaction(stop)
    await db.session(stop)
  })

  it('has binary where the driver reads COPY', async () => {
    const work = async () => {
      const parts: Uint8Array[] = []
      for await (const part of db.dump(pads, { format: 'binary' })) parts.push(part)
      return Buffer.concat(parts)
    }
    if (name === 'PostgreSQL') {
      const bytes = await work()
      expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0')
      expect(bytes.readInt16BE(bytes.length - 2)).toBe(-1)
    } else expect(await errorOf(work)).toMatchObject({ code: 'unsupported' })
  })

  it('is of the primary, where there are replicas', async () => {
    const few = select(many.id).from(many).where(many.id.lt(2)).orderBy(many.id)
    expect(await read(withReplicas(db, []).dump(few))).toBe('value\n0\n1\n')
  })

  it('takes queries and its own formats', async () => {
    const write = insert(things).values({
      id: 7n,
      name: null,
      flag: null,
      amount: null,
      at: null,
      bytes: null,
    })
    expect(() => db.dump(write)).toThrow('only queries are')
    expect(() => db.dump(all, { format: 'xml' as 'csv' })).toThrow("The format of a dump is 'csv'")
    expect(() => db.dump(all, { format: 'text', header: true })).toThrow("The format of a dump is 'csv'")
  })
})

describe('PostgreSQL', () => {
  it('runs a COPY whose values are literals, and tells what fails', async () => {
    const seen: string[] = []
    await using db = postgres(await testDatabaseUrl(), {
      observer: { statement: ({ sql }) => void seen.push(sql) },
    })
    const numbers = select({ x: sql(text())`'it''s ' || ${"O'Hara"}` })
    expect(await read(db.dump(numbers))).toBe("x\nit's O'Hara\n")
    const { sql: inline } = numbers.toSQL(db.dialect, { inline: true })
    expect(inline).toContain("'O''Hara'")
    expect(seen).toEqual([`copy (${inline}) to stdout with (format csv, header true)`])
    const missing = table('missing', { id: integer() })
    expect(await errorOf(() => read(db.dump(select(missing.id).from(missing))))).toMatchObject({
      databaseCode: '42P01',
    })
    const late = sql.query({ x: integer() })`select 1 / (3000 - i) as x from generate_series(1, 5000) i`
    const whole = await errorOf(() => read(db.dump(late)))
    expect(whole).toMatchObject({ code: 'database_error', databaseCode: '22012' })
    expect(await db.all(sql.query({ x: integer() })`select 1 as x`)).toEqual([{ x: 1 }])
  })

  it('has its connection to itself', async () => {
    await using db = postgres(await testDatabaseUrl())
    const long = sql.query({ x: text() })`select repeat('x', 1000) as x from generate_series(1, 10000)`
    const error = await errorOf(() =>
      db.transaction(async (tx) => {
        for await (const _ of tx.dump(long)) await tx.all(sql.query({ x: integer() })`select 1 as x`)
      }),
    )
    expect(error).toMatchObject({ name: 'ExecutionError', code: 'busy' })
    expect(error.message).toContain('A load or a dump is under way on this connection')
    expect(await db.all(sql.query({ x: integer() })`select 1 as x`)).toEqual([{ x: 1 }])
  })

  it('is ended by its time', async () => {
    await using db = postgres(await testDatabaseUrl())
    const slow = sql.query({ x: text() })`select pg_sleep(10)::text as x from generate_series(1, 3)`
    const began = Date.now()
    expect(await errorOf(() => read(db.dump(slow, { timeout: 100 })))).toMatchObject({ code: 'timeout' })
    expect(Date.now() - began).toBeLessThan(8000)
    expect(await db.all(sql.query({ x: integer() })`select 1 as x`)).toEqual([{ x: 1 }])
  })
})
