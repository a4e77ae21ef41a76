/** A runner in a process of its own: `kind target`. Its revisions take a while, so that two of them meet. */
import { setTimeout as sleep } from 'node:timers/promises'
import { insert, integer, table, text } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { addColumn, createMigrator, createTable, revision, run } from '@espalier/migrate'

const log = table('log', { id: integer().identity().primaryKey(), entry: text().notNull() })

const slow = (entry: string) =>
  run(
    async (db) => {
      await db.run(insert(log).values({ entry }))
      await sleep(30)
    },
    { reverse: 'nothing' },
  )

/** Three revisions, each of which writes its id down. */
export const revisions = [
  revision({ id: 'a', parents: [], message: 'a', up: [createTable(log), slow('a')] }),
  revision({ id: 'b', parents: ['a'], message: 'b', up: [slow('b'), addColumn(log, { more: text() })] }),
  revision({ id: 'c', parents: ['b'], message: 'c', up: [slow('c')] }),
]

const [kind, target] = process.argv.slice(2)
if (kind !== undefined && target !== undefined) {
  const db = kind === 'sqlite' ? sqlite(target) : postgres(target)
  const result = await createMigrator({ db, revisions }).upgrade()
  await db.close()
  console.log(JSON.stringify({ ran: result.revisions.map(({ id }) => id), heads: result.heads }))
}
