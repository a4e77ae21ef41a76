import { deleteFrom, type Executor, insert, select, type Transaction } from '@espalier/core'
import { type CaseContext, type CaseDefinition, program } from '../case.js'
import { counters } from '../schema.js'

const needs = ['transactions'] as const
const nested = ['transactions', 'savepoints'] as const

const add = (key: string, n: number) => insert(counters).values({ key: `tx ${key}`, shard: 20, n })
const keys = select(counters.key).from(counters).where(counters.shard.eq(20)).orderBy(counters.key)

/** A case that leaves no rows behind, whatever happens. */
const leaving = (run: (context: CaseContext) => Promise<void>) => async (context: CaseContext) => {
  try {
    await run(context)
  } finally {
    await context.db.run(deleteFrom(counters).where(counters.shard.eq(20)))
  }
}

class Stop extends Error {}
async function stopped(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (!(error instanceof Stop)) throw error
  })
}

export const transactions: readonly CaseDefinition[] = [
  program(
    'what a function did is there when it returns',
    leaving(async ({ db, equal, rows }) => {
      const result = await db.transaction(async (tx) => {
        await tx.run(add('a', 1))
        await tx.run(add('b', 2))
        return 'done'
      })
      equal(result, 'done', 'what the function returned')
      await rows(keys, ['tx a', 'tx b'])
    }),
    { needs },
  ),
  program(
    'nothing of it is there when it throws, and the error is thrown on',
    leaving(async ({ db, equal, rows }) => {
      const error = new Stop()
      const thrown = await db
        .transaction(async (tx) => {
          await tx.run(add('a', 1))
          await rows(keys, ['tx a'], tx)
          throw error
        })
        .catch((found: unknown) => found)
      equal(thrown === error, true, 'the error to be the same')
      await rows(keys, [])
    }),
    { needs },
  ),
  program(
    'a savepoint is undone by itself',
    leaving(async ({ db, rows }) => {
      await db.transaction(async (tx) => {
        await tx.run(add('a', 1))
        await stopped(
          tx.transaction(async (inner) => {
            await inner.run(add('b', 2))
            throw new Stop()
          }),
        )
        await tx.transaction(async (inner) => {
          await inner.run(add('c', 3))
        })
        await rows(keys, ['tx a', 'tx c'], tx)
      })
      await rows(keys, ['tx a', 'tx c'])
    }),
    { needs: nested },
  ),
  program(
    'a statement that fails in a savepoint leaves the transaction usable',
    leaving(async ({ db, rejects, rows }) => {
      await db.transaction(async (tx) => {
        await tx.run(add('a', 1))
        await rejects(
          tx.transaction((inner) => inner.run(add('a', 9))),
          'unique_violation',
        )
        await tx.run(add('b', 2))
      })
      await rows(keys, ['tx a', 'tx b'])
    }),
    { needs: nested },
  ),
  program(
    'savepoints ten deep, each undone with what is in it',
    leaving(async ({ db, rows }) => {
      const descend = async (on: Executor, depth: number): Promise<void> => {
        await on.run(add(`level ${depth}`, depth))
        if (depth === 9) throw new Stop()
        const work = on.transaction((inner: Transaction) => descend(inner, depth + 1))
        await (depth === 4 ? stopped(work) : work)
      }
      await db.transaction((tx) => descend(tx, 0))
      await rows(keys, ['tx level 0', 'tx level 1', 'tx level 2', 'tx level 3', 'tx level 4'])
    }),
    { needs: nested },
  ),
  program(
    'a handle is of no use after the end of its transaction',
    leaving(async ({ db, rejects }) => {
      let kept: Transaction | undefined
      await db.transaction(async (tx) => {
        kept = tx
      })
      await rejects((kept as Transaction).all(keys), 'transaction_ended')
    }),
    { needs },
  ),
  program(
    'the outer handle is of no use while a savepoint is open',
    leaving(async ({ db, rejects }) => {
      await db.transaction(async (tx) => {
        await tx.transaction(async () => {
          await rejects(tx.all(keys), 'outer_handle')
        })
      })
    }),
    { needs: nested },
  ),
  program(
    'transactions at the same time do not mix',
    leaving(async ({ db, rows }) => {
      const work = (key: string, n: number, fails: boolean) =>
        stopped(
          db.transaction(async (tx) => {
            await tx.run(add(`${key} 1`, n))
            await new Promise((resolve) => setTimeout(resolve, 5))
            await tx.run(add(`${key} 2`, n + 1))
            if (fails) throw new Stop()
          }),
        )
      await Promise.all([work('a', 1, false), work('b', 3, true), work('c', 5, false)])
      await rows(keys, ['tx a 1', 'tx a 2', 'tx c 1', 'tx c 2'])
    }),
    { needs },
  ),
]
