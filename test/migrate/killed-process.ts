/** A runner that is killed without mercy where it is told to: `kind target place`, a place such as `b:before`. */
import { insert, integer, table, text } from '@espalier/core'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { addColumn, createMigrator, createTable, execute, revision } from '@espalier/migrate'

const log = table('log', { id: integer().identity().primaryKey(), entry: text().notNull() })
const entry = (text: string) => execute(insert(log).values({ entry: text }), { reverse: 'nothing' })

/** Each writes its id down twice. */
export const revisions = [
  revision({ id: 'a', parents: [], message: 'a', up: [createTable(log), entry('a'), entry('a')] }),
  revision({
    id: 'b',
    parents: ['a'],
    message: 'b',
    up: [entry('b'), addColumn(log, { more: text() }), entry('b')],
  }),
  revision({ id: 'c', parents: ['b'], message: 'c', up: [entry('c'), entry('c')] }),
]

/** Where a runner may be killed: before, within and at the end of a revision, and behind it. */
export const PLACES = ['a', 'b', 'c'].flatMap((id) =>
  ['before', 'operation 2', 'end', 'done'].map((at) => `${id}:${at}`),
)

const [kind, target, place] = process.argv.slice(2)
if (kind !== undefined && target !== undefined) {
  const db = kind === 'sqlite' ? sqlite(target) : postgres(target)
  const at = (here: string) => {
    if (here === place) process.kill(process.pid, 'SIGKILL')
  }
  await createMigrator({
    db,
    revisions,
    onProgress: (event) => {
      if (event.kind === 'operation') at(`${event.revision}:operation ${event.number}`)
      if (event.kind === 'done') at(`${event.revision}:done`)
    },
    hooks: {
      beforeRevision: ({ revision }) => at(`${revision}:before`),
      afterRevision: ({ revision }) => at(`${revision}:end`),
    },
  }).upgrade()
  await db.close()
}
