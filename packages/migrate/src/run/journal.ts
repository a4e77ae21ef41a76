import {
  boolean,
  createTable,
  deleteFrom,
  type Executor,
  insert,
  integer,
  select,
  sourceInfo,
  type TableNode,
  table,
  text,
  update,
} from '@espalier/core'
import { MigrationError } from '../errors.js'
import type { VersionTableOptions } from './version-table.js'

/** A revision that was begun and not finished: of its operations some were done, and some were not. */
export interface UnfinishedRevision {
  readonly id: string
  readonly direction: 'up' | 'down'
  /** How many operations of that direction are done. */
  readonly done: number
  /** Whether the next one was begun outside of a transaction, so that nobody knows what became of it. */
  readonly isUnderWay: boolean
  /** What the revision was when it was begun. */
  readonly hash: string
}

/** Where it is written how far a revision is that does not fit into one transaction. */
export interface Journal {
  /** Those that are not finished; none where no such revision ever ran. */
  read(db: Executor): Promise<readonly UnfinishedRevision[]>
  /** Writes down that a revision is begun, or goes on in another direction. */
  begin(db: Executor, row: UnfinishedRevision): Promise<void>
  /** Writes down how far it is. An error if another runner has written something else meanwhile. */
  advance(
    db: Executor,
    row: UnfinishedRevision,
    next: Pick<UnfinishedRevision, 'done' | 'isUnderWay'>,
  ): Promise<void>
  end(db: Executor, id: string): Promise<void>
}

/** The journal beside a version table, which is made when the first revision needs it. */
export function journalOf(options: string | VersionTableOptions = {}): Journal {
  const { name = 'espalier_versions', schema } = typeof options === 'string' ? { name: options } : options
  const journal = table(
    `${name}_journal`,
    {
      id: text().primaryKey(),
      direction: text().notNull(),
      done: integer().notNull(),
      isUnderWay: boolean('is_under_way').notNull(),
      hash: text().notNull(),
    },
    undefined,
    schema === undefined ? undefined : { schema },
  )
  const node = sourceInfo(journal)?.node as TableNode
  const rows = select(journal).from(journal).orderBy(journal.id)
  return {
    async read(db) {
      if (!(await db.one(db.backend.catalog.tableExists(node))).found) return []
      return (await db.all(rows)) as UnfinishedRevision[]
    },
    async begin(db, row) {
      await db.run(createTable(journal, { ifNotExists: true }))
      await db.run(deleteFrom(journal).where(journal.id.eq(row.id)))
      await db.run(insert(journal).values(row))
    },
    async advance(db, { id, direction, done, isUnderWay }, next) {
      const { affected } = await db.run(
        update(journal)
          .set(next)
          .where(
            journal.id.eq(id),
            journal.direction.eq(direction),
            journal.done.eq(done),
            journal.isUnderWay.eq(isUnderWay),
          ),
      )
      if (affected === 1) return
      throw new MigrationError(
        'state_changed',
        `Another runner goes on with revision '${id}' meanwhile. Look at the state, and run this again.`,
        { revision: id },
      )
    },
    async end(db, id) {
      await db.run(deleteFrom(journal).where(journal.id.eq(id)))
    },
  }
}
