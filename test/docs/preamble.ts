/** The tables and values around every example; see blocks.ts. */
import {
  bigint,
  check,
  createAll,
  type Database,
  index,
  insert,
  integer,
  json,
  lower,
  metadata,
  now,
  text,
  timestamptz,
  unique,
} from '@espalier/core'
import { sqlite } from '@espalier/dialects/sqlite'
import { createMigrator } from '@espalier/migrate'

export const app = metadata({ columnNames: 'snake_case' })
export const orgs = app.table('orgs', {
  id: integer().identity().primaryKey(),
  name: text().notNull().unique(),
})
export const users = app.table(
  'users',
  {
    id: bigint().identity().primaryKey(),
    orgId: integer()
      .notNull()
      .references(() => orgs.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    fullName: text(),
    settings: json<{ theme: 'dark' | 'light' }>(),
    managerId: bigint().references('users.id', { onDelete: 'set null' }),
    createdAt: timestamptz().notNull().default(now()),
  },
  (t) => [
    unique(t.orgId, t.email),
    index(lower(t.email)),
    index(t.createdAt.desc()).where(t.managerId.isNull()),
    check(t.email.like('%@%')),
  ],
)
export const posts = app.table('posts', {
  id: bigint().identity().primaryKey(),
  authorId: bigint()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  title: text().notNull(),
  score: integer().notNull().default(0),
})
export const invited = app.table('invited', { email: text().primaryKey(), name: text() })
export const archive = app.table('archive', { id: bigint().primaryKey(), email: text().notNull() })

/** For examples of the calls of a migrator; it has no revisions. */
export const migrator = createMigrator({ db: sqlite(':memory:'), directory: 'migrations' })

export const name = 'Ann' as string | undefined
export const since = new Date('2026-01-01T00:00:00Z')
export const ids = [1n, 2n]

/** An empty database in the state in which every example finds it. */
export async function prepare(db: Database): Promise<void> {
  for (const statement of createAll(app.tables.values(), db.dialect)) await db.run(statement)
  await db.run(insert(orgs).values([{ name: 'Acme' }, { name: 'Umbrella' }]))
  await db.run(
    insert(users).values([
      { orgId: 1, email: 'ann@x.org', fullName: 'Ann Lee', settings: { theme: 'dark' }, managerId: null },
      { orgId: 1, email: 'bob@x.org', fullName: null, settings: null, managerId: 1n },
    ]),
  )
  await db.run(insert(posts).values([{ authorId: 1n, title: 'First', score: 5 }]))
}
