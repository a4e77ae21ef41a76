import {
  bigint,
  boolean,
  bytes,
  date,
  double,
  integer,
  json,
  jsonb,
  metadata,
  numeric,
  real,
  text,
  timestamp,
  timestamptz,
  uuid,
  varchar,
} from '@espalier/core'

const app = metadata({ columnNames: 'snake_case' })

export const orgs = app.table('orgs', { id: integer().primaryKey(), name: text().notNull() })
export const users = app.table('users', {
  id: integer().primaryKey(),
  orgId: integer()
    .notNull()
    .references(() => orgs.id),
  managerId: integer().references('users.id'),
  name: text().notNull(),
  nick: text(),
  score: integer(),
  active: boolean().notNull().default(true),
})
export const posts = app.table('posts', {
  id: integer().primaryKey(),
  authorId: integer()
    .notNull()
    .references(() => users.id),
  editorId: integer().references(() => users.id),
  title: text().notNull(),
})
/** Refers to nothing, and nothing to it. */
export const notes = app.table('notes', { id: integer().primaryKey(), body: text() })
/** One column of every type. */
export const every = app.table('every', {
  id: integer().primaryKey(),
  integer: integer(),
  bigint: bigint(),
  numeric: numeric(),
  money: numeric({ precision: 6, scale: 2 }),
  real: real(),
  double: double(),
  boolean: boolean(),
  text: text(),
  code: varchar(5),
  date: date(),
  timestamp: timestamp(),
  timestamptz: timestamptz(),
  json: json(),
  jsonb: jsonb(),
  uuid: uuid(),
  bytes: bytes(),
})
