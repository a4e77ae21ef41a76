import {
  bigint,
  boolean,
  bytes,
  createAll,
  type Database,
  date,
  double,
  dropTable,
  type Executor,
  index,
  insert,
  integer,
  json,
  jsonb,
  lower,
  metadata,
  numeric,
  real,
  text,
  timestamp,
  timestamptz,
  unique,
  uuid,
  varchar,
} from '@espalier/core'

const schema = metadata({ columnNames: 'snake_case' })

export const orgs = schema.table('conformance_orgs', {
  id: integer().primaryKey(),
  name: text().notNull().unique(),
})

export const people = schema.table('conformance_people', {
  id: bigint().primaryKey(),
  orgId: integer().references(() => orgs.id),
  managerId: bigint().references('conformance_people.id'),
  name: text().notNull(),
  nick: text(),
  score: integer(),
  rate: double(),
  price: numeric({ precision: 10, scale: 2 }),
  active: boolean().notNull().default(true),
  born: date(),
  seenAt: timestamptz(),
})

export const posts = schema.table('conformance_posts', {
  id: bigint().primaryKey(),
  authorId: bigint()
    .notNull()
    .references(() => people.id),
  title: text().notNull(),
  likes: integer().notNull().default(0),
})

/** Rows are numbered by the database. */
export const events = schema.table('conformance_events', {
  id: integer().identity().primaryKey(),
  what: text().notNull().default('nothing'),
})

/** What is counted by key, for conflicts; of one column and of two. */
export const counters = schema.table(
  'conformance_counters',
  { key: text().primaryKey(), shard: integer().notNull(), n: integer().notNull(), note: text() },
  (t) => [unique(t.shard, t.n)],
)

/** What is unique by an expression, for some rows only, and by a constraint of a known name. */
export const labels = schema.table(
  'conformance_labels',
  {
    id: integer().identity().primaryKey(),
    name: text().notNull(),
    code: text(),
    kind: text().notNull().default('plain'),
    retired: boolean().notNull().default(false),
  },
  (t) => [
    unique(t.kind, t.code).named('conformance_labels_kind_code'),
    index(lower(t.name)).unique(),
    index(t.code).unique().where(t.retired.eq(false)),
  ],
)

/** One column of every type. */
export const samples = schema.table('conformance_samples', {
  id: integer().primaryKey(),
  integer: integer(),
  bigint: bigint(),
  numeric: numeric(),
  money: numeric({ precision: 12, scale: 2 }),
  real: real(),
  double: double(),
  boolean: boolean(),
  text: text(),
  varchar: varchar(20),
  date: date(),
  timestamp: timestamp(),
  timestamptz: timestamptz(),
  json: json(),
  jsonb: jsonb(),
  uuid: uuid(),
  bytes: bytes(),
})

const tables = [...schema.tables.values()]

export const seenAt = new Date('2026-01-02T03:04:05.678Z')

/** Makes the tables of the cases, whose names begin with `conformance_`, and fills them. */
export async function setUpConformance(db: Database): Promise<void> {
  await tearDownConformance(db)
  for (const statement of createAll(tables, db.dialect)) await db.run(statement)
  await seed(db)
}

/** Drops the tables of the cases. */
export async function tearDownConformance(db: Database): Promise<void> {
  for (const table of [...tables].reverse()) await db.run(dropTable(table, { ifExists: true }))
}

async function seed(db: Executor): Promise<void> {
  await db.run(
    insert(orgs).values([
      { id: 1, name: 'Acme' },
      { id: 2, name: 'Bolt' },
      { id: 3, name: 'Cove' },
    ]),
  )
  await db.run(
    insert(people).values([
      {
        id: 1n,
        orgId: 1,
        managerId: null,
        name: 'Ann',
        nick: 'A',
        score: 10,
        rate: 1.5,
        price: '10.50',
        active: true,
        born: '1990-01-31',
        seenAt,
      },
      {
        id: 2n,
        orgId: 1,
        managerId: 1n,
        name: 'Bob',
        nick: null,
        score: 7,
        rate: -2.25,
        price: '0.10',
        active: false,
        born: null,
        seenAt: null,
      },
      {
        id: 3n,
        orgId: 2,
        managerId: 1n,
        name: 'Cyd',
        nick: 'a%b_c\\d',
        score: null,
        rate: null,
        price: null,
        active: true,
        born: '2000-02-29',
        seenAt: new Date('2026-01-02T03:04:05.677Z'),
      },
      {
        id: 4n,
        orgId: null,
        managerId: 2n,
        name: 'dan',
        nick: '',
        score: -7,
        rate: 0,
        price: '-3.00',
        active: true,
        born: '1989-12-31',
        seenAt: new Date('1969-12-31T23:59:59.999Z'),
      },
    ]),
  )
  await db.run(
    insert(posts).values([
      { id: 1n, authorId: 1n, title: 'Alpha', likes: 5 },
      { id: 2n, authorId: 1n, title: 'Beta', likes: 3 },
      { id: 3n, authorId: 2n, title: 'Gamma', likes: 0 },
      { id: 4n, authorId: 3n, title: 'alpha', likes: 5 },
    ]),
  )
  await db.run(insert(counters).values({ key: 'a', shard: 1, n: 1, note: null }))
}
