import { insert, max, select } from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { entries } from './sqlite-writer-tables.js'

// A process of its own: it writes until it is killed, and tells what is committed; or holds the file until it is told.
const [path = '', doing] = process.argv.slice(2)
const db = sqlite(path)

if (doing === 'hold') {
  await db.transaction(
    async () => {
      process.send?.('held')
      await new Promise((resolve) => process.once('message', resolve))
    },
    { locking: 'immediate' },
  )
  await db.close()
  process.disconnect()
} else {
  const last = await db.scalar(select(max(entries.pair)).from(entries))
  for (let id = (last ?? 0) + 1; ; id++) {
    await db.transaction(async (tx) => {
      await tx.run(insert(entries).values({ id: 2 * id, pair: id, amount: id }))
      await tx.run(insert(entries).values({ id: 2 * id + 1, pair: id, amount: -id }))
    })
    process.send?.(id)
  }
}
