import {
  createAll,
  type Database,
  deleteFrom,
  insert,
  integer,
  type OpenTransaction,
  SerializationFailure,
  select,
  sql,
  sum,
  type TransactionOptions,
  table,
  text,
  update,
} from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const items = table('items', { id: integer().primaryKey(), name: text().notNull() })
const accounts = table('accounts', { id: integer().primaryKey(), amount: integer().notNull() })
const ids = select(items.id).from(items).orderBy(items.id)
const add = (id: number) => insert(items).values({ id, name: `item ${id}` })

const databases = await allDatabases()
for (const { db } of databases)
  for (const statement of createAll([items], db.dialect)) await db.run(statement)

describe.each(databases)('$name', ({ name, db }) => {
  beforeEach(async () => {
    await db.run(deleteFrom(items).everyRow())
  })

  describe('callbacks', () => {
    it('that fail do not have a committed transaction run again', async () => {
      let runs = 0
      const error = await errorOf(() =>
        db.transaction(
          async (tx) => {
            await tx.run(add(++runs))
            tx.afterCommit(() => {
              throw new SerializationFailure('serialization_failure', 'Another transaction was in the way.')
            })
          },
          { retries: 3 },
        ),
      )
      expect(error.code).toBe('after_commit_failed')
      expect(await db.all(ids)).toEqual([1])
    })

    it('run after the commit, in order, outside of the transaction, and are awaited', async () => {
      const heard: unknown[] = []
      const result = await db.transaction(async (tx) => {
        await tx.run(add(1))
        tx.afterCommit(async () => {
          heard.push(await db.all(ids))
        })
        tx.afterCommit(() => heard.push('second'))
        tx.afterRollback(() => heard.push('never'))
        expect(heard).toEqual([])
        return 7
      })
      expect(result).toBe(7)
      expect(heard).toEqual([[1], 'second'])
    })

    it('run after a rollback, whose error is thrown whatever they do', async () => {
      const heard: unknown[] = []
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          await tx.run(add(1))
          tx.afterCommit(() => heard.push('never'))
          tx.afterRollback(async () => {
            heard.push(await db.all(ids))
            throw new Error('lost')
          })
          tx.afterRollback(() => heard.push('second'))
          throw new Error('stop')
        }),
      )
      expect(error.message).toBe('stop')
      expect(heard).toEqual([[], 'second'])
    })

    it('of a savepoint follow what becomes of it, at the end of the transaction', async () => {
      const heard: string[] = []
      await db.transaction(async (tx) => {
        await tx.transaction(async (kept) => {
          kept.afterCommit(() => heard.push('kept'))
          kept.afterRollback(() => heard.push('never'))
          await kept
            .transaction(async (undone) => {
              undone.afterCommit(() => heard.push('never'))
              undone.afterRollback(() => heard.push('undone'))
              throw new Error('stop')
            })
            .catch(() => undefined)
          kept.afterCommit(() => heard.push('kept, too'))
        })
        expect(heard).toEqual([])
        tx.afterCommit(() => heard.push('outer'))
      })
      expect(heard).toEqual(['undone', 'kept', 'kept, too', 'outer'])
    })

    it('that fail after a commit are an error that says that it is committed', async () => {
      const heard: string[] = []
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          await tx.run(add(1))
          tx.afterCommit(() => {
            throw new Error('no post today')
          })
          tx.afterCommit(() => heard.push('second'))
        }),
      )
      expect(error.code).toBe('after_commit_failed')
      expect(error.message).toBe(
        'The transaction is committed, but what was to run after it has failed: no post today',
      )
      expect((error.cause as Error).message).toBe('no post today')
      expect(heard).toEqual(['second'])
      expect(await db.all(ids)).toEqual([1])
    })

    it('cannot be asked for when the transaction has ended', async () => {
      const tx = await db.transaction(async (tx) => tx)
      expect((await errorOf(async () => tx.afterCommit(() => 0))).code).toBe('transaction_ended')
    })
  })

  describe('a transaction that is ended by hand', () => {
    it('is committed', async () => {
      const heard: string[] = []
      const tx = await db.begin()
      await tx.run(add(1))
      tx.afterCommit(() => heard.push('committed'))
      await tx.transaction(async (inner) => {
        await inner.run(add(2))
      })
      await tx.commit()
      expect(heard).toEqual(['committed'])
      expect(await db.all(ids)).toEqual([1, 2])
    })

    it('is rolled back', async () => {
      const tx = await db.begin()
      await tx.run(add(1))
      expect(await tx.all(ids)).toEqual([1])
      await tx.rollback()
      expect(await db.all(ids)).toEqual([])
    })

    it('is rolled back at the end of its block unless it was committed', async () => {
      {
        await using tx = await db.begin()
        await tx.run(add(1))
        await tx.commit()
      }
      {
        await using tx = await db.begin()
        await tx.run(add(2))
      }
      expect(await db.all(ids)).toEqual([1])
    })

    it('ends once, and is of no use afterwards', async () => {
      const tx = await db.begin()
      await tx.commit()
      for (const use of [() => tx.commit(), () => tx.rollback(), () => tx.all(ids)]) {
        const error = await errorOf(use)
        expect(error.code).toBe('transaction_ended')
      }
      await tx[Symbol.asyncDispose]()
    })

    it('may be a savepoint', async () => {
      await db.transaction(async (tx) => {
        await tx.run(add(1))
        const first = await tx.begin()
        await first.run(add(2))
        expect((await errorOf(() => tx.run(add(9)))).code).toBe('outer_handle')
        await first.rollback()
        const second = await tx.begin()
        await second.run(add(3))
        await second.commit()
      })
      expect(await db.all(ids)).toEqual([1, 3])
    })

    it('whose savepoint is left open undoes the transaction', async () => {
      let open: OpenTransaction | undefined
      const error = await errorOf(() =>
        db.transaction(async (tx) => {
          open = await tx.begin()
          await open.run(add(1))
        }),
      )
      expect(error.code).toBe('unfinished_savepoint')
      expect((await errorOf(async () => open?.run(add(2)))).code).toBe('transaction_ended')
      expect(await db.all(ids)).toEqual([])
    })

    it('tells what is wrong with its commit', async () => {
      const tx = await db.begin()
      await tx.run(add(1))
      await errorOf(() => tx.run(add(1)))
      if (name === 'SQLite') await tx.commit()
      else expect((await errorOf(() => tx.commit())).code).toBe('transaction_aborted')
      expect(await db.all(ids)).toEqual(name === 'SQLite' ? [1] : [])
    })

    it('takes its options, and has no retries', async () => {
      const tx = await db.begin({ readOnly: true })
      expect((await errorOf(() => tx.run(add(1)))).code).toBe('read_only')
      await tx.rollback()
      const error = await errorOf(() => db.begin({ retries: 1 } as TransactionOptions))
      expect(error.code).toBe('invalid_options')
      expect(await db.all(ids)).toEqual([])
    })
  })

  it('refuses a number of retries that is none', async () => {
    for (const retries of [-1, 1.5, NaN, '3' as unknown as number]) {
      const error = await errorOf(() => db.transaction(async () => 0, { retries }))
      expect(error.code).toBe('invalid_options')
    }
  })

  it('does not run a function again for errors that would come again', async () => {
    let runs = 0
    const error = await errorOf(() =>
      db.transaction(
        async (tx) => {
          runs++
          await tx.run(add(1))
          await tx.run(add(1))
        },
        { retries: 5 },
      ),
    )
    expect(error.code).toBe('unique_violation')
    expect(runs).toBe(1)
  })
})

describe('retries on PostgreSQL', { timeout: 20_000 }, () => {
  let db: Database
  beforeAll(async () => {
    db = await postgres(await testDatabaseUrl(), { max: 8 })
    for (const statement of createAll([accounts], db.dialect)) await db.run(statement)
  })
  beforeEach(async () => {
    await db.run(deleteFrom(accounts).everyRow())
    await db.run(insert(accounts).values([1, 2, 3, 4].map((id) => ({ id, amount: 100 }))))
  })
  afterAll(() => db.close())
  const total = select(sum(accounts.amount)).from(accounts)

  it('conserve what is moved by many at once, under serializable isolation', async () => {
    let failures = 0
    const move = (from: number, to: number) =>
      db.transaction(
        async (tx) => {
          const amount = await tx.scalar(select(accounts.amount).from(accounts).where(accounts.id.eq(from)))
          const other = await tx.scalar(select(accounts.amount).from(accounts).where(accounts.id.eq(to)))
          await tx.run(
            update(accounts)
              .set({ amount: amount - 1 })
              .where(accounts.id.eq(from)),
          )
          await tx.run(
            update(accounts)
              .set({ amount: other + 1 })
              .where(accounts.id.eq(to)),
          )
        },
        { isolation: 'serializable', retries: 200, onRetry: () => failures++ },
      )
    await Promise.all(Array.from({ length: 24 }, (_, i) => move((i % 4) + 1, ((i + 1) % 4) + 1)))
    expect(failures).toBeGreaterThan(0)
    expect(await db.scalar(total)).toBe(400)
  })

  it('run a deadlock again, and tell of it', async () => {
    const retried: [string, number][] = []
    const both = { ready: 0, go: () => {} }
    const met = new Promise<void>((resolve) => {
      both.go = resolve
    })
    const change = (first: number, second: number) =>
      db.transaction(
        async (tx) => {
          await tx.run(update(accounts).set({ amount: first }).where(accounts.id.eq(first)))
          if (++both.ready === 2) both.go()
          await met
          await tx.run(update(accounts).set({ amount: second }).where(accounts.id.eq(second)))
        },
        {
          retries: 3,
          onRetry: (error, failures) => retried.push([(error as { code: string }).code, failures]),
        },
      )
    await Promise.all([change(1, 2), change(2, 1)])
    expect(retried).toEqual([['deadlock_detected', 1]])
  })

  it('end with the last error, and with what onRetry throws', async () => {
    let runs = 0
    const fail = sql.statement`do $$ begin raise exception 'no order' using errcode = '40001'; end $$`
    const failing = (options: TransactionOptions) =>
      errorOf(() =>
        db.transaction(async (tx) => {
          runs++
          // The error of a statement that somebody has wrapped says the same.
          await tx.run(fail).catch((cause) => {
            throw new Error('my step failed', { cause })
          })
        }, options),
      )
    expect((await failing({ retries: 2 })).message).toBe('my step failed')
    expect(runs).toBe(3)
    const error = await failing({
      retries: 2,
      onRetry: () => {
        throw new Error('enough')
      },
    })
    expect(error.message).toBe('enough')
    expect(runs).toBe(4)
  })

  it('run on the connection of a session, too', async () => {
    let runs = 0
    await db.session((session) =>
      session.transaction(
        async (tx) => {
          if (++runs === 1)
            await tx.run(sql.statement`do $$ begin raise exception 'x' using errcode = '40P01'; end $$`)
          await tx.run(update(accounts).set({ amount: 5 }).where(accounts.id.eq(1)))
        },
        { retries: 1 },
      ),
    )
    expect(runs).toBe(2)
    expect(await db.scalar(select(accounts.amount).from(accounts).where(accounts.id.eq(1)))).toBe(5)
  })

  it('callbacks belong to one run', async () => {
    const heard: string[] = []
    let runs = 0
    await db.transaction(
      async (tx) => {
        const run = ++runs
        tx.afterCommit(() => heard.push(`commit ${run}`))
        tx.afterRollback(() => heard.push(`rollback ${run}`))
        if (run === 1)
          await tx.run(sql.statement`do $$ begin raise exception 'x' using errcode = '40001'; end $$`)
      },
      { retries: 1 },
    )
    expect(heard).toEqual(['rollback 1', 'commit 2'])
  })

  it('a deferrable transaction says so to the server', async () => {
    const said = await db.transaction(
      (tx) => tx.scalar(sql.query({ value: text() })`select current_setting('transaction_deferrable')`),
      { isolation: 'serializable', readOnly: true, deferrable: true },
    )
    expect(said).toBe('on')
  })
})

describe('the synchronous handle of SQLite', () => {
  const db = sqlite(':memory:')
  const lite = db.sync
  for (const statement of createAll([items], lite.dialect)) lite.run(statement)
  afterAll(() => db.close())

  it('runs callbacks after the end of its transactions', () => {
    const heard: string[] = []
    lite.transaction((tx) => {
      tx.run(add(1))
      tx.afterCommit(() => heard.push(`committed ${lite.all(ids)}`))
      try {
        tx.transaction((inner) => {
          inner.afterCommit(() => heard.push('never'))
          inner.afterRollback(() => heard.push('undone'))
          throw new Error('stop')
        })
      } catch {}
    })
    expect(heard).toEqual(['undone', 'committed 1'])
    expect(() =>
      lite.transaction((tx) => {
        tx.afterRollback(() => heard.push('rolled back'))
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(heard.at(-1)).toBe('rolled back')
  })

  it('has no retries, which would wait', () => {
    expect(() => lite.transaction(() => 0, { retries: 1 } as TransactionOptions)).toThrow(
      /asynchronous handle/,
    )
  })
})
