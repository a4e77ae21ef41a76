import {
  bigint,
  boolean,
  bytes,
  check,
  type Database,
  date,
  double,
  index,
  integer,
  json,
  lower,
  metadata,
  now,
  numeric,
  type SyncExecutor,
  text,
  timestamptz,
  unique,
  uuid,
} from '@espalier/core'

/** The tables that the type tests speak about. */
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
    managerId: bigint().references('users.id'),
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
    .references(() => users.id),
  title: text().notNull(),
  body: text(),
  score: integer().notNull().default(0),
})
export const invited = app.table('invited', { email: text().primaryKey(), name: text() })
export const measures = app.table('measures', {
  id: uuid().primaryKey(),
  day: date().notNull(),
  price: numeric({ precision: 10, scale: 2 }).notNull(),
  ratio: double(),
  count: integer().notNull(),
  total: bigint().notNull(),
  valid: boolean().notNull(),
  raw: bytes(),
})

export interface User {
  id: bigint
  orgId: number
  email: string
  fullName: string | null
  settings: { theme: 'dark' | 'light' } | null
  managerId: bigint | null
  createdAt: Date
}
export interface Post {
  id: bigint
  authorId: bigint
  title: string
  body: string | null
  score: number
}

export declare const db: Database
export declare const lite: SyncExecutor
