import type { Database } from '@espalier/core'
import { MigrationError } from '../errors.js'
import { migratorOf, type RevisionSource, targetBelow } from './source.js'

/** What {@link testRevision} is given. */
export type RevisionTest = RevisionSource & {
  /** Opens a database that is empty and nobody else's: it is migrated, and closed. */
  readonly database: () => Database | Promise<Database>
  /** The id of the revision. */
  readonly at: string
  /** Puts rows into the database as it is before the revision. Describe the tables as they are then. */
  readonly seed: (db: Database) => Promise<unknown>
  /** Looks at what the revision made of them. */
  readonly expect: (db: Database) => Promise<unknown>
  /** Looks at them once the revision is undone; without it, it is not. */
  readonly expectUndone?: ((db: Database) => Promise<unknown>) | undefined
}

/**
 * Tests what a revision does to rows: a database is brought to just before it, `seed` puts rows in, the revision is applied,
 * and `expect` looks at them; then it may be undone, and `expectUndone` looks again.
 *
 * Throws what `seed`, `expect` and the revision throw, and a `MigrationError` if there is no such revision.
 * @example
 * ```ts
 * const before = table('teams', { id: integer().primaryKey() })
 * const after = table('teams', { id: integer().primaryKey(), size: integer().notNull() })
 * await testRevision({
 *   revisions: [
 *     revision({ id: 'a1', parents: [], message: 'teams', up: [createTable(before)] }),
 *     revision({ id: 'b2', parents: ['a1'], message: 'sizes', up: [addColumn('teams', { size: integer().notNull().default(1) })] }),
 *   ],
 *   database: () => sqlite(':memory:'),
 *   at: 'b2',
 *   seed: (db) => db.run(insert(before).values({ id: 7 })),
 *   expect: async (db) => {
 *     if ((await db.scalar(select(after.size).from(after))) !== 1) throw new Error('A team that was there has no size.')
 *   },
 * })
 * ```
 */
export async function testRevision(test: RevisionTest): Promise<void> {
  const { at, seed, expect, expectUndone } = test
  const db = await test.database()
  try {
    const migrator = migratorOf(db, test)
    const revision = (await migrator.history()).find(({ id }) => id === at)
    if (revision === undefined)
      throw new MigrationError('check_failed', `The history has no revision '${at}'.`)
    const { parents } = revision
    for (const parent of parents) await migrator.upgrade(parent)
    await seed(db)
    await migrator.upgrade(at)
    await expect(db)
    if (expectUndone === undefined) return
    await migrator.downgrade(targetBelow(parents))
    await expectUndone(db)
  } finally {
    await db.close()
  }
}
