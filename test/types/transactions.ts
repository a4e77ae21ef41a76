/** What runs statements: databases, transactions, and their synchronous twins. */
import { count, select, update } from '@espalier/core'
import { exactly } from './equal.js'
import { db, lite, orgs, users } from './schema.js'

export async function transactions() {
  const result = await db.transaction(
    async (tx) => {
      await tx.run(update(orgs).set({ name: 'x' }).where(orgs.id.eq(1)))
      const inner = await tx.transaction(async (savepoint) => savepoint.scalar(select(count()).from(orgs)))
      exactly<typeof inner, number>(true)
      return inner
    },
    { isolation: 'serializable', readOnly: false },
  )
  exactly<typeof result, number>(true)
  // @ts-expect-error There is no such level.
  await db.transaction(async () => {}, { isolation: 'chaos' })
  // @ts-expect-error The function of a transaction is async.
  await db.transaction(() => 1)
}

export function synchronous() {
  const rows = lite.all(select(users.email).from(users))
  exactly<typeof rows, string[]>(true)
  const one = lite.transaction((tx) => tx.one(select({ n: count() }).from(users)))
  exactly<typeof one, { n: number }>(true)
}
