import {
  bigint,
  boolean,
  bytes,
  count,
  createAll,
  type Database,
  date,
  deleteFrom,
  double,
  type ExecutionError,
  insert,
  integer,
  isEspalierError,
  json,
  literal,
  NoRowsError,
  numeric,
  param,
  rowNumber,
  select,
  sql,
  sum,
  TooManyRowsError,
  type Transaction,
  table,
  text,
  timestamptz,
  UniqueViolation,
  update,
  uuid,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull(), parent: integer() })
const all = select(items.id).from(items).orderBy(items.id)
const add = (id: number, name = `item ${id}`) => insert(items).values({ id, name })
class Stop extends Error {}
const stop = async (work: Promise<unknown>) => {
  await work.catch((error) => {
    if (!(error instanceof Stop)) throw error
  })
}
const pause = (ms = 5) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const databases = await allDatabases()
for (const { db } of databases)
  for (const statement of createAll([items], db.dialect)) await db.run(statement)

describe.each(databases)('$name', ({ name, db }) => {
  beforeEach(async () => {
    await db.run(deleteFrom(items).everyRow())
  })

  describe('results', () => {
    it('all gives every row, and none as an empty list', async () => {
      expect(await db.all(all)).toEqual([])
      await db.run(
        insert(items).values([
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ]),
      )
      expect(await db.all(select(items).from(items).orderBy(items.id))).toEqual([
        { id: 1, name: 'a', parent: null },
        { id: 2, name: 'b', parent: null },
      ])
    })

    it('one gives the only row; none and several are errors', async () => {
      const none = await errorOf(() => db.one(all))
      expect(none).toBeInstanceOf(NoRowsError)
      expect(none).toMatchObject({ code: 'no_rows', message: expect.stringMatching(/first/) })
      await db.run(add(1))
      expect(await db.one(all)).toBe(1)
      await db.run(add(2))
      const several = await errorOf(() => db.one(all))
      expect(several).toBeInstanceOf(TooManyRowsError)
      expect(several).toMatchObject({ code: 'too_many_rows', message: expect.stringMatching(/2 rows/) })
    })

    it('first gives a row or undefined', async () => {
      expect(await db.first(all)).toBeUndefined()
      await db.run(add(1))
      await db.run(add(2))
      expect(await db.first(all)).toBe(1)
    })

    it('scalar gives the only value', async () => {
      expect(await db.scalar(select({ n: count() }).from(items))).toBe(0)
      expect(await db.scalar(select({ a: sum(items.id) }).from(items))).toBeNull()
      expect((await errorOf(() => db.scalar(all))).code).toBe('no_rows')
      expect(
        (
          await errorOf(() =>
            db.scalar(select({ a: literal(1, integer()), b: literal(2, integer()) }) as never),
          )
        ).code,
      ).toBe('not_scalar')
    })

    it('run tells how many rows it reached', async () => {
      expect(
        await db.run(
          insert(items).values([
            { id: 1, name: 'a' },
            { id: 2, name: 'b' },
          ]),
        ),
      ).toEqual({ affected: 2 })
      expect(await db.run(update(items).set({ name: 'c' }).where(items.id.gt(1)))).toEqual({ affected: 1 })
      expect(await db.run(deleteFrom(items).where(items.id.eq(9)))).toEqual({ affected: 0 })
      expect(await db.run(deleteFrom(items).everyRow().returning(items))).toEqual({ affected: 2 })
    })

    it('a statement can be run again and again', async () => {
      const statement = add(1)
      await db.run(statement)
      expect(await errorOf(() => db.run(statement))).toBeInstanceOf(UniqueViolation)
      await db.run(deleteFrom(items).everyRow())
      await db.run(statement)
      expect(await db.all(all)).toEqual([1])
    })

    it.each([
      ['a text', 'select 1', /sql\.statement/],
      ['nothing', undefined, /no statement/],
      ['a table', items, /no statement/],
      ['an insert of nothing yet', insert(items), /add \.values/],
      ['a promise', Promise.resolve(), /no statement/],
    ])('%s is not run', async (_, statement, says) => {
      const error = await errorOf(() => db.all(statement as never))
      expect(error).toMatchObject({ code: 'invalid_statement', message: expect.stringMatching(says) })
    })

    it('a parameter without a value is an error that says how to give it', async () => {
      const error = await errorOf(() => db.all(select({ a: param('name', text()) }) as never))
      expect(error).toMatchObject({
        code: 'unbound_parameter',
        message: expect.stringMatching(/'name'.*prepare/),
      })
    })

    it.each(['__proto__', 'constructor', 'toString', "it's", 'ünï'])(
      'a parameter may be called %s',
      async (key) => {
        const prepared = db.prepare(select({ a: param(key, text()) })) as {
          all(values: object): Promise<unknown>
        }
        expect(await prepared.all(Object.fromEntries([[key, 'x']]))).toEqual([{ a: 'x' }])
        expect((await errorOf(() => prepared.all({}))).code).toBe('unbound_parameter')
      },
    )

    it('many statements at the same time come back each with its own rows', async () => {
      const values = Array.from({ length: 50 }, (_, i) => i)
      const rows = await Promise.all(values.map((i) => db.one(select({ i: literal(i, integer()) }))))
      expect(rows).toEqual(values.map((i) => ({ i })))
    })

    it('a failing statement does not hurt those beside it', async () => {
      const results = await Promise.allSettled([db.run(add(1)), db.run(add(1)), db.run(add(2)), db.all(all)])
      expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1)
      expect(await db.all(all)).toEqual([1, 2])
    })
  })

  describe('errors', () => {
    it('carry the statement and what the database says, never a parameter', async () => {
      await db.run(add(1))
      const error = (await errorOf(() => db.run(add(1, 'a secret')))) as UniqueViolation
      expect(isEspalierError(error)).toBe(true)
      expect(error).toMatchObject({
        name: 'UniqueViolation',
        code: 'unique_violation',
        table: 'items',
        columns: ['id'],
        retryable: false,
      })
      expect(error.sql).toMatch(/^insert into "items"/)
      expect(error.cause).toBeDefined()
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('a secret')
    })

    it('of SQL that the database does not understand', async () => {
      const error = await errorOf(() => db.run(sql.statement`selekt 1`))
      expect(error).toMatchObject({
        name: 'ExecutionError',
        code: 'database_error',
        message: expect.stringMatching(/syntax error[\s\S]*selekt 1/),
      })
    })

    it("lead to the caller's line", async () => {
      const error = await errorOf(() => db.run(sql.statement`selekt 2`))
      expect(error.stack).toContain('database.test.ts')
    })
  })

  describe('transactions', () => {
    it('commit what was done, and return what the function returns', async () => {
      expect(await db.transaction(async (tx) => (await tx.run(add(1))).affected)).toBe(1)
      expect(await db.all(all)).toEqual([1])
    })

    it('roll back when the function throws, whatever it throws', async () => {
      for (const thrown of [new Stop(), 'a text', undefined, null, 0]) {
        let caught: unknown = 'nothing'
        await db
          .transaction(async (tx) => {
            await tx.run(add(1))
            throw thrown
          })
          .catch((error: unknown) => {
            caught = error
          })
        expect(caught).toBe(thrown)
      }
      expect(await db.all(all)).toEqual([])
    })

    it('roll back when the function throws before its first statement', async () => {
      await stop(
        db.transaction(() => {
          throw new Stop()
        }),
      )
      await db.run(add(1))
      expect(await db.all(all)).toEqual([1])
    })

    it('roll back when a statement fails', async () => {
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          await tx.run(add(1))
          await tx.run(add(1))
        }),
      )
      expect(error.code).toBe('unique_violation')
      expect(await db.all(all)).toEqual([])
    })

    it('savepoints nest, and are undone alone', async () => {
      await db.transaction(async (tx) => {
        await tx.run(add(1))
        await stop(
          tx.transaction(async (a) => {
            await a.run(add(2))
            await a.transaction(async (b) => {
              await b.run(add(3))
            })
            throw new Stop()
          }),
        )
        await tx.transaction(async (a) => {
          await a.run(add(4))
          await stop(
            a.transaction(async (b) => {
              await b.run(add(5))
              throw new Stop()
            }),
          )
          await a.run(add(6))
        })
      })
      expect(await db.all(all)).toEqual([1, 4, 6])
    })

    it('a transaction in a transaction takes no options', async () => {
      const error = await errorOf(() =>
        db.transaction((tx) => tx.transaction(async () => {}, { isolation: 'serializable' })),
      )
      expect(error).toMatchObject({ code: 'invalid_options', message: expect.stringMatching(/savepoint/) })
    })

    it.each(['read committed', 'repeatable read', 'serializable'] as const)('runs %s', async (isolation) => {
      await db.transaction((tx) => tx.run(add(1)), { isolation })
      expect(await db.all(all)).toEqual([1])
    })

    it('an unknown isolation is an error', async () => {
      const error = await errorOf(() =>
        db.transaction(async () => {}, { isolation: 'x; drop table items' as never }),
      )
      expect(error.code).toBe('invalid_options')
      expect(await db.all(all)).toEqual([])
    })

    it('a read-only transaction reads, and refuses to write', async () => {
      expect(await db.transaction((tx) => tx.all(all), { readOnly: true })).toEqual([])
      const writes: ((tx: Transaction) => Promise<unknown>)[] = [
        (tx) => tx.run(add(1)),
        (tx) => tx.transaction((inner) => inner.run(add(1))),
        (tx) => tx.load(items, [{ id: 1, name: 'a', parent: null }]),
        (tx) => tx.run(sql.statement`create table never (id integer)`),
      ]
      for (const write of writes) {
        const error = await errorOf(() => db.transaction(write, { readOnly: true }))
        expect(error).toMatchObject({ name: 'ExecutionError', code: 'read_only' })
        expect((error as ExecutionError).databaseCode).toBe(name === 'SQLite' ? 'SQLITE_READONLY' : '25006')
      }
      await db.run(add(1))
      await db.transaction((tx) => tx.run(add(2)))
      expect(await db.all(all)).toEqual([1, 2])
    })

    it('writes are allowed again however a read-only transaction ends', async () => {
      const readOnly = { readOnly: true }
      await stop(
        db.transaction(() => {
          throw new Stop()
        }, readOnly),
      )
      await db.run(add(1))
      await errorOf(() => db.transaction((tx) => tx.run(sql.statement`selekt 1`), readOnly))
      await db.run(add(2))
      await errorOf(() => db.transaction(async () => {}, { ...readOnly, isolation: 'none' as never }))
      await db.run(add(3))
      await db.session(async (session) => {
        expect((await errorOf(() => session.transaction((tx) => tx.run(add(4)), readOnly))).message).toMatch(
          /read-only|readOnly/,
        )
        await session.run(add(5))
      })
      expect(await db.all(all)).toEqual([1, 2, 3, 5])
    })

    it('a transaction begun by a single statement is refused and undone', async () => {
      expect((await errorOf(() => db.run(sql.statement`begin`))).code).toBe('stray_begin')
      await db.run(add(1))
      await stop(
        db.transaction(() => {
          throw new Stop()
        }),
      )
      expect(await db.all(all)).toEqual([1])
    })

    it('a transaction that a session leaves open is undone, and an error', async () => {
      const left = db.session(async (session) => {
        await session.run(sql.statement`begin`)
        await session.run(add(1))
      })
      expect((await errorOf(() => left)).code).toBe('stray_begin')
      await stop(
        db.session(async (session) => {
          await session.run(sql.statement`begin`)
          await session.run(add(2))
          throw new Stop()
        }),
      )
      await db.session(async (session) => {
        await session.run(sql.statement`begin`)
        await session.run(add(3))
        await session.run(sql.statement`commit`)
      })
      expect(await db.all(all)).toEqual([3])
    })

    it('nothing more runs in a transaction that a statement has ended', async () => {
      const work = db.transaction(async (tx) => {
        await tx.run(add(1))
        await tx.run(sql.statement`rollback`)
        expect((await errorOf(() => tx.run(add(2)))).code).toBe('transaction_aborted')
      })
      expect((await errorOf(() => work)).code).toBe('transaction_aborted')
      expect(await db.all(all)).toEqual([])
    })

    it('a handle is of no use after its end', async () => {
      let kept: Transaction | undefined
      let inner: Transaction | undefined
      await db.transaction(async (tx) => {
        kept = tx
        await tx.transaction(async (sp) => {
          inner = sp
        })
        expect((await errorOf(() => (inner as Transaction).all(all))).code).toBe('transaction_ended')
      })
      for (const handle of [kept, inner] as Transaction[]) {
        expect((await errorOf(() => handle.all(all))).code).toBe('transaction_ended')
        expect((await errorOf(() => handle.transaction(async () => {}))).code).toBe('transaction_ended')
        expect(
          (await errorOf(() => handle.prepare(select({ a: param('a', text()) })).all({ a: 'x' }))).code,
        ).toBe('transaction_ended')
      }
    })

    it('a statement that nobody awaited ends with the transaction, and hurts nobody', async () => {
      let late: Promise<unknown> | undefined
      await db.transaction(async (tx) => {
        await tx.run(add(1))
        late = pause(20).then(() => tx.run(add(2)))
        late.catch(() => undefined)
      })
      expect((await errorOf(() => late)).code).toBe('transaction_ended')
      expect(await db.all(all)).toEqual([1])
    })

    it('what a transaction left behind may use the database when that has ended', async () => {
      let later: Promise<unknown> | undefined
      await db.transaction(async (tx) => {
        await tx.run(add(1))
        later = pause(20).then(() => db.all(all))
      })
      expect(await later).toEqual([1])
    })

    it('a savepoint that nobody awaited undoes the transaction, and touches no other', async () => {
      let forgotten: Promise<unknown> | undefined
      const outer = db.transaction(async (tx) => {
        forgotten = tx.transaction(async (inner) => {
          await inner.run(add(1))
          await pause(30)
          await inner.run(add(2))
        })
        forgotten.catch(() => undefined)
        await pause(10)
      })
      expect((await errorOf(() => outer)).code).toBe('unfinished_savepoint')
      await db.transaction(async (tx) => {
        await tx.run(add(3))
        const undone = tx.transaction(async (inner) => {
          await inner.run(add(4))
          await pause(50)
          throw new Error('on purpose')
        })
        await expect(undone).rejects.toThrow('on purpose')
      })
      expect((await errorOf(() => forgotten)).code).toBe('transaction_ended')
      expect(await db.all(all)).toEqual([3])
    })

    it('a load that nobody awaited undoes the transaction, and writes nothing afterwards', async () => {
      async function* rows() {
        for (let id = 1; id <= 150; id++) {
          if (id === 120) await pause(30)
          yield { id, name: 'loaded' }
        }
      }
      let forgotten: Promise<unknown> | undefined
      const outer = db.transaction(async (tx) => {
        forgotten = tx.load(items, rows())
        forgotten.catch(() => undefined)
        await pause(10)
      })
      expect((await errorOf(() => outer)).code).toBe('unfinished_savepoint')
      await errorOf(() => forgotten)
      expect(await db.all(all)).toEqual([])
    })

    it('the outer handle is of no use within a savepoint, and two at once are refused', async () => {
      await db.transaction(async (tx) => {
        await tx.transaction(async () => {
          expect((await errorOf(() => tx.all(all))).code).toBe('outer_handle')
          expect((await errorOf(() => tx.transaction(async () => {}))).code).toBe('outer_handle')
        })
        const two = await Promise.allSettled([tx.transaction(() => pause()), tx.transaction(() => pause())])
        expect(two.map((result) => result.status)).toEqual(['fulfilled', 'rejected'])
      })
    })

    it('using the database within its own transaction is an error, and does not hang', async () => {
      await db.transaction(async (tx) => {
        await tx.run(add(1))
        const error = await errorOf(() => db.all(all))
        expect(error).toMatchObject({ code: 'outer_handle', message: expect.stringMatching(/tx\.all/) })
        expect((await errorOf(() => db.transaction(async () => {}))).code).toBe('outer_handle')
        expect((await errorOf(() => db.prepare(all as never).all({} as never))).code).toBe('outer_handle')
        expect((await errorOf(() => db.session(async () => {}))).code).toBe('outer_handle')
        expect((await errorOf(() => db.load(items, [{ id: 2, name: 'b', parent: null }]))).code).toBe(
          'outer_handle',
        )
        expect((await errorOf(() => db.close())).code).toBe('outer_handle')
        await tx.transaction(async () => {
          expect((await errorOf(() => db.all(all))).code).toBe('outer_handle')
        })
      })
      expect(await db.all(all)).toEqual([1])
    })

    it('at the same time they never interleave', async () => {
      const log: string[] = []
      const work = (key: number) =>
        db.transaction(async (tx) => {
          log.push(`${key} begins`)
          await tx.run(add(key))
          await pause()
          expect(await tx.all(select(items.id).from(items).where(items.id.eq(key)))).toEqual([key])
          await tx.run(
            update(items)
              .set({ name: `by ${key}` })
              .where(items.id.eq(key)),
          )
          log.push(`${key} ends`)
          if (key % 2 === 0) throw new Stop()
        })
      await Promise.all([1, 2, 3, 4, 5].map((key) => stop(work(key))))
      expect(await db.all(all)).toEqual([1, 3, 5])
      if (name !== 'PostgreSQL')
        expect(log).toEqual([1, 2, 3, 4, 5].flatMap((key) => [`${key} begins`, `${key} ends`]))
    })

    it('statements beside a transaction do not fall into it', async () => {
      const outside: Promise<unknown>[] = []
      const transaction = db.transaction(async (tx) => {
        await tx.run(add(1))
        await pause(20)
        throw new Stop()
      })
      await pause()
      outside.push(db.run(add(2)), db.all(all))
      await stop(transaction)
      await Promise.all(outside)
      expect(await db.all(all)).toEqual([2])
    })

    it('a commit that fails is an error, and nothing stays', async () => {
      await db.run(
        sql.statement`create table later (id integer primary key, up integer references later (id) deferrable initially deferred)`,
      )
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          await tx.run(sql.statement`insert into later values (1, 99)`)
        }),
      )
      expect(error.code).toBe('foreign_key_violation')
      expect(await db.all(sql.statement`select * from later`)).toEqual([])
      // The connection is as good as before.
      await db.transaction(async (tx) => {
        await tx.run(sql.statement`insert into later values (1, 1)`)
      })
      expect(await db.all(sql.statement`select id from later`)).toEqual([[1]])
      await db.run(sql.statement`drop table later`)
    })

    it('an error that was swallowed does not let PostgreSQL lose the rest silently', async () => {
      const work = db.transaction(async (tx) => {
        await tx.run(add(1))
        await tx.run(add(1)).catch(() => {})
      })
      if (name === 'SQLite') {
        await work
        expect(await db.all(all)).toEqual([1])
      } else {
        expect((await errorOf(() => work)).code).toBe('transaction_aborted')
        expect(await db.all(all)).toEqual([])
      }
    })
  })

  it('the same program gives the same values', async () => {
    const instant = new Date('2026-11-21T10:30:00.123Z')
    const row = {
      integer: literal(-1, integer()),
      bigint: literal(9007199254740993n, bigint()),
      numeric: literal('0.10', numeric()),
      double: literal(0.1, double()),
      boolean: literal(false, boolean()),
      text: literal("ü'", text()),
      date: literal('2026-11-21', date()),
      instant: literal(instant, timestamptz()),
      json: literal({ a: [1, null] }, json()),
      uuid: literal('6f9619ff-8b86-4d11-b42d-00cf4fc964ff', uuid()),
      bytes: literal(new Uint8Array([1, 2]), bytes()),
      number: rowNumber().over(),
      compared: literal(1, integer()).lt(2),
    }
    expect(await db.all(select({ row, sum: sql(integer())`1 + ${2}` }))).toEqual([
      {
        row: {
          integer: -1,
          bigint: 9007199254740993n,
          numeric: '0.1',
          double: 0.1,
          boolean: false,
          text: "ü'",
          date: '2026-11-21',
          instant,
          json: { a: [1, null] },
          uuid: '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
          bytes: new Uint8Array([1, 2]),
          number: 1,
          compared: true,
        },
        sum: 3,
      },
    ])
  })
})

const url = await testDatabaseUrl()

describe.each<{ name: string; open: () => Database | Promise<Database> }>([
  { name: 'PostgreSQL', open: () => postgres(url) },
  { name: 'PGlite', open: () => pglite() },
  { name: 'SQLite', open: () => sqlite(':memory:') },
])('closing $name', ({ open }) => {
  it('makes every later call an error, and closing twice is nothing', async () => {
    const db = await open()
    await db.all(select({ a: literal(1, integer()) }))
    await db.close()
    await db.close()
    const one = select({ a: literal(1, integer()) })
    expect((await errorOf(() => db.all(one))).code).toBe('closed')
    expect((await errorOf(() => db.transaction(async () => {}))).code).toBe('closed')
  })

  it('waits for what is under way', async () => {
    const db = await open()
    const work = db.transaction(async (tx) => {
      await pause(20)
      return tx.scalar(select({ a: literal(1, integer()) }))
    })
    await pause()
    await db.close()
    expect(await work).toBe(1)
  })

  it('happens at the end of await using', async () => {
    let kept: Database
    {
      await using db = await open()
      kept = db
      await db.all(select({ a: literal(1, integer()) }))
    }
    expect((await errorOf(() => kept.all(select({ a: literal(1, integer()) })))).code).toBe('closed')
  })
})

describe('PostgreSQL with several connections', { timeout: 5000 }, () => {
  const db = postgres(url, { max: 2 })
  beforeAll(async () => {
    for (const statement of createAll([items], db.dialect)) await db.run(statement)
  })
  afterAll(() => db.close())
  const one = select({ one: literal(1, integer()) })
  const errorCode = async (work: () => Promise<unknown>) => (await errorOf(work)).code

  it('refuses the database within its own transaction, however many are open', async () => {
    let waiting = 0
    let meet = () => {}
    const bothOpen = new Promise<void>((resolve) => {
      meet = resolve
    })
    const work = () =>
      db.transaction(async (tx) => {
        if (++waiting === 2) meet()
        await bothOpen
        const code = await errorCode(() => db.scalar(one))
        return [code, await tx.scalar(one)]
      })
    expect(await Promise.all([work(), work()])).toEqual([
      ['outer_handle', 1],
      ['outer_handle', 1],
    ])
  })

  it('lets others use the database while a transaction is open', async () => {
    let open = () => {}
    const isOpen = new Promise<void>((resolve) => {
      open = resolve
    })
    let finish = () => {}
    const mayEnd = new Promise<void>((resolve) => {
      finish = resolve
    })
    const transaction = db.transaction(async (tx) => {
      open()
      await mayEnd
      return tx.scalar(one)
    })
    await isOpen
    expect(await db.scalar(one)).toBe(1)
    finish()
    expect(await transaction).toBe(1)
  })

  it('refuses to be closed inside its own transaction, session or load', async () => {
    expect(await db.transaction(() => errorCode(() => db.close()))).toBe('outer_handle')
    expect(await db.session(() => errorCode(() => db.close()))).toBe('outer_handle')
    const codes: unknown[] = []
    await db.load(
      items,
      (async function* () {
        codes.push(await errorCode(() => db.close()))
        yield { id: 1001, name: 'a', parent: null }
      })(),
    )
    await db.run(deleteFrom(items).everyRow())
    expect(codes).toEqual(['outer_handle'])
    expect(await db.scalar(one)).toBe(1)
  })

  it('may be used inside a session, but not inside a transaction on that', async () => {
    await db.session(async (session) => {
      expect(await db.scalar(one)).toBe(1)
      expect(await db.transaction((tx) => tx.scalar(one))).toBe(1)
      expect(await db.transaction(() => errorCode(() => db.scalar(one)))).toBe('outer_handle')
      expect(await session.transaction(() => errorCode(() => db.scalar(one)))).toBe('outer_handle')
      expect(await db.scalar(one)).toBe(1)
    })
  })

  it('may be read for the rows of a load', async () => {
    await db.load(
      items,
      (async function* () {
        for (let id = 1001; id <= 1003; id++) yield { id, name: String(await db.scalar(one)), parent: null }
      })(),
    )
    expect(await db.scalar(select({ n: count() }).from(items).where(items.id.gt(1000)))).toBe(3)
    await db.run(deleteFrom(items).everyRow())
  })

  it('may be used by what a transaction has left behind, once that has ended', async () => {
    let later: Promise<unknown> | undefined
    await db.transaction(async () => {
      later = pause(30).then(() => db.scalar(one))
    })
    // Another transaction keeps the following of contexts on.
    await db.transaction(() => pause(60))
    expect(await later).toBe(1)
  })
})

describe('PostgreSQL with one connection', { timeout: 5000 }, () => {
  const db = postgres(url, { max: 1 })
  const one = select({ one: literal(1, integer()) })
  afterAll(() => db.close())

  it('does not wait for itself where the database is used within its own session', async () => {
    const error = await errorOf(() => db.session(() => db.all(select({ a: literal(1, integer()) }))))
    expect(error).toMatchObject({ code: 'outer_handle', message: expect.stringMatching(/session\.all/) })
  })

  it('does not wait for itself where the database is used within its own transaction', async () => {
    const error = await errorOf(() => db.transaction(() => db.all(select({ a: literal(1, integer()) }))))
    expect(error.code).toBe('outer_handle')
    expect(await db.scalar(select({ a: literal(1, integer()) }))).toBe(1)
  })

  it('takes no statement into a transaction that waited for one before it', async () => {
    const beside = table('beside', { id: integer().primaryKey() })
    for (const statement of createAll([beside], db.dialect)) await db.run(statement)
    const before = db.run(sql.statement`select pg_sleep(0.05)`)
    let finish = () => {}
    const mayEnd = new Promise<void>((resolve) => {
      finish = resolve
    })
    const transaction = stop(
      db.transaction(async (tx) => {
        await tx.scalar(one)
        await mayEnd
        throw new Stop()
      }),
    )
    await before
    await pause(20)
    const added = db.run(insert(beside).values({ id: 1 }))
    await pause(20)
    finish()
    await transaction
    await added
    expect(await db.all(select(beside.id).from(beside))).toEqual([1])
  })

  it('takes no statement into a transaction that is sent again, since its plan has become void', async () => {
    await db.run(sql.statement`create table changing_beside (n integer)`)
    const changing = table('changing_beside', { n: integer() })
    const add = db.prepare(insert(changing).values({ n: 1 }).returning(changing.n))
    for (let i = 0; i < 3; i++) await add.run()
    await db.run(sql.statement`alter table changing_beside alter column n type bigint`)
    const beside = add.run()
    await stop(
      db.transaction(async (tx) => {
        await tx.scalar(one)
        await pause(20)
        throw new Stop()
      }),
    )
    expect(await beside).toEqual({ affected: 1 })
    expect(await db.scalar(select(count()).from(changing))).toBe(4)
  })
})

describe('a transaction that SQLite has rolled back by itself', () => {
  const tables = [
    sql.statement`create table fragile (id integer primary key on conflict rollback, name blob)`,
    sql.statement`create table guarded (id integer)`,
    sql.statement`create trigger guard before insert on guarded when new.id < 0 begin select raise(rollback, 'below 0'); end`,
    sql.statement`insert into fragile (id) values (0)`,
  ]
  const write = (id: number) => sql.statement`insert into guarded values (${literal(id, integer())})`
  const written = sql.statement`select id from guarded`
  const failures = [
    { by: 'a trigger', statement: write(-1), code: 'database_error' },
    {
      by: 'a trigger, with rows returned',
      statement: sql.statement`insert into guarded values (-1) returning id`,
      code: 'database_error',
    },
    {
      by: 'a conflict clause',
      statement: sql.statement`insert into fragile (id) values (0)`,
      code: 'unique_violation',
    },
  ]
  const open = () => {
    const db = sqlite(':memory:')
    for (const statement of tables) db.sync.run(statement)
    return db
  }
  const aborted = {
    name: 'ExecutionError',
    code: 'transaction_aborted',
    message: expect.stringMatching(/rolled it back/),
  }

  it.each(failures)('by $by runs and commits nothing more', async ({ statement, code }) => {
    await using db = open()
    const work = db.transaction(async (tx) => {
      await tx.run(write(1))
      expect((await errorOf(() => tx.run(statement))).code).toBe(code)
      expect(await errorOf(() => tx.run(write(2)))).toMatchObject(aborted)
      expect(await errorOf(() => tx.all(written))).toMatchObject(aborted)
      expect(await errorOf(() => tx.transaction((inner) => inner.run(write(3))))).toMatchObject(aborted)
      expect(await errorOf(() => tx.load(items, [{ id: 1, name: 'a', parent: null }]))).toMatchObject(aborted)
    })
    expect(await errorOf(() => work)).toMatchObject(aborted)
    await db.transaction((tx) => tx.run(write(4)))
    expect(await db.all(written)).toEqual([[4]])
  })

  it.each(failures)(
    'by $by within a savepoint, runs and commits nothing more',
    async ({ statement, code }) => {
      await using db = open()
      const work = db.transaction(async (tx) => {
        await tx.run(write(1))
        const inner = tx.transaction(async (inner) => {
          expect((await errorOf(() => inner.run(statement))).code).toBe(code)
          expect(await errorOf(() => inner.run(write(2)))).toMatchObject(aborted)
        })
        expect(await errorOf(() => inner)).toMatchObject(aborted)
        expect((await errorOf(() => tx.transaction((again) => again.run(write(3))))).code).toBe(aborted.code)
        expect(await errorOf(() => tx.run(write(3)))).toMatchObject(aborted)
      })
      expect(await errorOf(() => work)).toMatchObject(aborted)
      await db.run(write(4))
      expect(await db.all(written)).toEqual([[4]])
    },
  )

  it.each(failures)(
    'by $by is the error of the transaction that does not catch it',
    async ({ statement, code }) => {
      await using db = open()
      expect((await errorOf(() => db.transaction((tx) => tx.run(statement)))).code).toBe(code)
      await db.transaction((tx) => tx.run(write(4)))
      expect(await db.all(written)).toEqual([[4]])
    },
  )

  it.each(failures)('by $by without promises, runs and commits nothing more', async ({ statement, code }) => {
    await using db = open()
    const lite = db.sync
    const error = await errorOf(() =>
      lite.transaction((tx) => {
        tx.run(write(1))
        const caught: (string | undefined)[] = []
        for (const attempt of [
          () => tx.transaction((inner) => inner.run(statement)),
          () => tx.run(write(2)),
          () => tx.transaction((inner) => inner.run(write(3))),
          () => tx.prepare(written).all(),
        ]) {
          try {
            attempt()
          } catch (error) {
            caught.push((error as { code?: string }).code)
          }
        }
        expect(caught).toEqual([code, aborted.code, aborted.code, aborted.code])
      }),
    )
    expect(error).toMatchObject(aborted)
    lite.transaction((tx) => tx.run(write(4)))
    expect(lite.all(written)).toEqual([[4]])
  })

  it('by a full disk runs and commits nothing more', async () => {
    await using db = open()
    await db.run(sql.statement`pragma max_page_count = 20`)
    const work = db.transaction(async (tx) => {
      await tx.run(write(1))
      const full = await errorOf(() =>
        tx.run(sql.statement`insert into fragile (name) values (zeroblob(1000000))`),
      )
      expect(full).toMatchObject({ databaseCode: 'SQLITE_FULL' })
      expect(await errorOf(() => tx.run(write(2)))).toMatchObject(aborted)
    })
    expect(await errorOf(() => work)).toMatchObject(aborted)
    expect(await db.all(written)).toEqual([])
  })
})

describe('the synchronous handle of SQLite', () => {
  const db = sqlite(':memory:')
  const lite = db.sync
  afterAll(() => db.close())
  for (const statement of createAll([items], lite.dialect)) lite.run(statement)
  beforeEach(() => {
    lite.run(deleteFrom(items).everyRow())
  })
  const thrown = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return error as Error & { code?: string }
    }
    throw new Error('Nothing was thrown')
  }

  it('has the same calls without promises', () => {
    expect(
      lite.run(
        insert(items).values([
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ]),
      ),
    ).toEqual({ affected: 2 })
    expect(lite.all(all)).toEqual([1, 2])
    expect(lite.first(all)).toBe(1)
    expect(lite.one(select(items.name).from(items).where(items.id.eq(2)))).toBe('b')
    expect(lite.scalar(select(count()).from(items))).toBe(2)
    const byId = lite.prepare(
      select(items.name)
        .from(items)
        .where(items.id.eq(param('id', integer()))),
    )
    expect([byId.all({ id: 1 }), byId.one({ id: 2 }), byId.first({ id: 3 }), byId.scalar({ id: 1 })]).toEqual(
      [['a'], 'b', undefined, 'a'],
    )
    expect(thrown(() => lite.one(all)).code).toBe('too_many_rows')
    expect(thrown(() => lite.run(add(1)))).toBeInstanceOf(UniqueViolation)
  })

  it('has transactions and savepoints', () => {
    const result = lite.transaction((tx) => {
      tx.run(add(1))
      thrown(() =>
        tx.transaction((sp) => {
          sp.run(add(2))
          throw new Error('undo')
        }),
      )
      tx.transaction((sp) => sp.run(add(3)))
      return tx.scalar(select(count()).from(items))
    })
    expect(result).toBe(2)
    thrown(() =>
      lite.transaction((tx) => {
        tx.run(add(4))
        throw new Error('undo')
      }),
    )
    expect(lite.all(all)).toEqual([1, 3])
  })

  it('refuses writes in read-only transactions, and only there', () => {
    const readOnly = { readOnly: true }
    expect(lite.transaction((tx) => tx.all(all), readOnly)).toEqual([])
    for (const write of [
      () => lite.transaction((tx) => tx.run(add(1)), readOnly),
      () => lite.transaction((tx) => tx.transaction((inner) => inner.run(add(1))), readOnly),
      () => lite.transaction((tx) => tx.load(items, [{ id: 1, name: 'a', parent: null }]), readOnly),
    ]) {
      expect(thrown(write)).toMatchObject({
        name: 'ExecutionError',
        code: 'read_only',
        message: expect.stringMatching(/readOnly: true.*insert into "items"/s),
      })
    }
    thrown(() => lite.transaction(() => lite.all(all), readOnly))
    lite.run(add(1))
    lite.transaction((tx) => tx.run(add(2)))
    expect(lite.all(all)).toEqual([1, 2])
  })

  it('leaves a connection that refuses writes as it is', () => {
    lite.run(sql.statement`pragma query_only = on`)
    expect(lite.transaction((tx) => tx.all(all), { readOnly: true })).toEqual([])
    expect(thrown(() => lite.run(add(1)))).toMatchObject({ code: 'read_only' })
    lite.run(sql.statement`pragma query_only = off`)
    lite.run(add(1))
  })

  it('refuses and undoes a transaction begun by a single statement', () => {
    for (const begin of [sql.statement`begin`, sql.statement`begin immediate`, sql.statement`savepoint a`]) {
      expect(thrown(() => lite.run(begin)).code).toBe('stray_begin')
      expect(thrown(() => lite.prepare(begin).run()).code).toBe('stray_begin')
    }
    lite.transaction((tx) => tx.run(add(1)))
    expect(lite.all(all)).toEqual([1])
  })

  it('may be used inside a transaction of better-sqlite3 itself', async () => {
    const own = new BetterSqlite(':memory:')
    const handle = sqlite(own)
    own.exec('create table t (id integer)')
    own.transaction(() => {
      handle.sync.run(sql.statement`insert into t values (1)`)
      own.exec('insert into t values (2)')
    })()
    own.exec('begin')
    await handle.run(sql.statement`insert into t values (3)`)
    await handle.session((session) => session.run(sql.statement`insert into t values (4)`))
    own.exec('commit')
    expect(own.prepare('select id from t').pluck().all()).toEqual([1, 2, 3, 4])
    own.close()
  })

  it('refuses handles that are not the innermost, or that have ended', () => {
    let kept = lite
    lite.transaction((tx) => {
      kept = tx
      expect(thrown(() => lite.all(all)).code).toBe('outer_handle')
      tx.transaction(() => {
        expect(thrown(() => tx.all(all)).code).toBe('outer_handle')
      })
    })
    expect(thrown(() => kept.all(all)).code).toBe('transaction_ended')
    expect(lite.all(all)).toEqual([])
  })

  it('refuses functions that are async, and undoes them', async () => {
    const error = thrown(() =>
      lite.transaction(async (tx) => {
        tx.run(add(1))
      }),
    )
    expect(error).toMatchObject({
      code: 'async_transaction',
      message: expect.stringMatching(/asynchronous handle/),
    })
    expect(lite.all(all)).toEqual([])
  })

  it('does not fall into an asynchronous transaction', async () => {
    await db.transaction(async (tx) => {
      await tx.run(add(1))
      expect(thrown(() => lite.all(all)).code).toBe('busy')
      expect(thrown(() => lite.transaction(() => {})).code).toBe('busy')
    })
    expect(lite.all(all)).toEqual([1])
  })

  it('an asynchronous statement within a synchronous transaction does not fall into it', async () => {
    let outside: Promise<unknown> | undefined
    thrown(() =>
      lite.transaction((tx) => {
        tx.run(add(1))
        outside = db.run(add(2)).catch((error: unknown) => error)
        throw new Error('undo')
      }),
    )
    const result = await outside
    if (isEspalierError(result)) expect(lite.all(all)).toEqual([])
    else expect(lite.all(all)).toEqual([2])
  })
})
