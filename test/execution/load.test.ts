import {
  bigint,
  count,
  createAll,
  type Database,
  integer,
  isEspalierError,
  json,
  metadata,
  select,
  text,
  timestamptz,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'

const app = metadata({ columnNames: 'snake_case' })
const notes = app.table('notes', {
  id: bigint().primaryKey(),
  title: text().notNull(),
  score: integer(),
  meta: json<{ tags: string[] }>(),
  writtenAt: timestamptz(),
})

const moment = new Date('2026-11-21T10:30:00.123Z')
const note = (id: number, title = `note ${id}`) => ({
  id: BigInt(id),
  title,
  score: id % 2 === 0 ? id : null,
  meta: { tags: [title] },
  writtenAt: moment,
})

const url = await testDatabaseUrl()
const databases: Record<string, () => Promise<Database>> = {
  PostgreSQL: async () => postgres(url),
  PGlite: () => pglite(),
  SQLite: async () => sqlite(':memory:'),
}

describe.each(Object.keys(databases))('bulk load on %s', (name) => {
  let db: Database
  const total = () => db.scalar(select(count()).from(notes))

  beforeAll(async () => {
    db = await (databases[name] as () => Promise<Database>)()
    for (const statement of createAll(app.tables.values(), db.dialect)) await db.run(statement)
  })
  afterAll(() => db.close())

  const failing = async (rows: Iterable<unknown> | AsyncIterable<unknown>): Promise<unknown> => {
    const before = await total()
    const error = await db
      .load(notes, rows as Iterable<ReturnType<typeof note>>)
      .catch((reason: unknown) => reason)
    expect(await total()).toBe(before)
    return error
  }

  it('loads arrays, generators and asynchronous rows, and returns how many', async () => {
    expect(await db.load(notes, [])).toEqual({ affected: 0 })
    expect(await db.load(notes, [note(1), note(2)])).toEqual({ affected: 2 })
    function* some() {
      for (let id = 3; id <= 5000; id++) yield note(id)
    }
    expect(await db.load(notes, some())).toEqual({ affected: 4998 })
    async function* later() {
      for (let id = 5001; id <= 5003; id++) yield note(id)
    }
    const seen: number[] = []
    await db.load(notes, later(), { onProgress: ({ rows }) => seen.push(rows) })
    expect(seen.at(-1)).toBe(3)
    expect(await total()).toBe(5003)
    expect(await db.one(select(notes).from(notes).where(notes.id.eq(4999n)))).toEqual(note(4999))
  })

  it('keeps any text, as it is', async () => {
    const nasty = [
      '\\',
      '\\N',
      '\\.',
      '\t',
      '\n',
      '\r\n',
      "'",
      '"',
      '',
      ' ',
      '$1',
      '?',
      ':x',
      '--',
      '😀',
      '\u2028',
    ]
    await db.load(
      notes,
      nasty.map((title, i) => note(10_000 + i, title)),
    )
    const back = await db.all(select(notes.title).from(notes).where(notes.id.gte(10_000n)).orderBy(notes.id))
    expect(back).toEqual(nasty)

    let id = 20_000
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 30 }),
        async (all) => {
          const titles = all.map((title) => title.replaceAll('\u0000', ''))
          const first = id
          await db.load(
            notes,
            titles.map((title) => note(id++, title)),
          )
          const found = select(notes.title)
            .from(notes)
            .where(notes.id.gte(BigInt(first)))
            .orderBy(notes.id)
          expect(await db.all(found)).toEqual(titles)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('leaves nothing behind when the database refuses a row', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => note(100_000 + i))
    rows.push(note(100_000))
    const error = await failing(rows)
    expect(isEspalierError(error) && error.code).toBe('unique_violation')
  })

  it('leaves nothing behind when a value does not fit, and names the column', async () => {
    const error = await failing([note(200_000), { ...note(200_001), score: 1.5 }])
    expect(isEspalierError(error) && error.code).toBe('invalid_value')
    expect((error as Error).message).toMatch(/notes\.score/)
  })

  it('leaves nothing behind when the rows themselves fail, and passes their error on', async () => {
    const reason = new Error('the file ended early')
    async function* broken() {
      for (let id = 300_000; id < 304_000; id++) yield note(id)
      throw reason
    }
    expect(await failing(broken())).toBe(reason)
  })

  it('closes the source of the rows when the database refuses one', async () => {
    let closed = false
    let read = 0
    async function* rows() {
      try {
        while (read < 2_000_000) yield note(read++ % 150)
      } finally {
        closed = true
      }
    }
    await expect(db.load(notes, rows())).rejects.toMatchObject({ code: 'unique_violation' })
    await expect.poll(() => closed).toBe(true)
    expect(read, 'rows read of an endless source').toBeLessThan(500_000)
  })

  it('takes rows whose promises are of another realm', async () => {
    let count = 0
    const next = () => {
      const row = count++ < 2 ? { value: note(count), done: false } : { value: undefined, done: true }
      return { then: (resolve: (result: unknown) => void) => resolve(row) }
    }
    const rows = { [Symbol.asyncIterator]: () => ({ next }) } as unknown as AsyncIterable<
      ReturnType<typeof note>
    >
    await db
      .transaction(async (tx) => {
        expect(await tx.load(notes, rows)).toEqual({ affected: 2 })
        throw new Error('on purpose')
      })
      .catch(() => undefined)
  })

  it('refuses rows with other keys than the first', async () => {
    const { score: _, ...without } = note(400_001)
    for (const other of [
      without,
      { ...note(400_002), extra: 1 },
      { ...note(400_003), score: undefined },
      null,
    ]) {
      const error = await failing([note(400_000), other])
      expect(isEspalierError(error) && error.code).toMatch(/uneven_rows|invalid_row/)
    }
  })

  it('is a part of the transaction that it runs in', async () => {
    const before = await total()
    await db
      .transaction(async (tx) => {
        await tx.load(notes, [note(500_000)])
        await tx.load(notes, [note(500_000)]).catch(() => undefined)
        expect(await tx.scalar(select(count()).from(notes))).toBe(before + 1)
        throw new Error('rolled back')
      })
      .catch(() => undefined)
    expect(await total()).toBe(before)
  })
})

describe('bulk load on the synchronous handle', () => {
  it('loads rows and leaves nothing behind on an error', () => {
    const db = sqlite(':memory:').sync
    for (const statement of createAll(app.tables.values(), db.dialect)) db.run(statement)
    expect(
      db.load(
        notes,
        Array.from({ length: 250 }, (_, i) => note(i)),
      ),
    ).toEqual({ affected: 250 })
    expect(() => db.load(notes, [note(1000), note(1)])).toThrow(/unique/i)
    expect(db.scalar(select(count()).from(notes))).toBe(250)
  })
})
