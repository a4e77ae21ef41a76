import {
  collate,
  createAll,
  createIndex,
  createTable,
  type Database,
  dropIndex,
  fromJSON,
  type IndexExtra,
  index,
  insert,
  integer,
  jsonb,
  lower,
  onlyOn,
  operatorClass,
  type Statement,
  sql,
  table,
  text,
  toJSON,
} from '@espalier/core'
import { postgresDialect, postgresDialectFor } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { createIndex as createIndexOperation } from '@espalier/migrate'
import { describe, expect, it } from 'vitest'
import { schemaDatabases } from '../support/schema.js'
import { errorOf } from '../support/sql.js'

const { databases, postgresqls } = await schemaDatabases()

const pages = table('pages', { id: integer(), slug: text(), words: jsonb(), at: integer() })
type Indexed = (t: typeof pages) => IndexExtra

const both: readonly (readonly [Indexed, string])[] = [
  [(t) => index(t.slug.desc(), t.at), 'create index "pages_slug_at_idx" on "pages" ("slug" desc, "at")'],
  [(t) => index(lower(t.slug)), 'create index "pages_slug_idx" on "pages" ((lower("slug")))'],
  [
    (t) => index(t.slug).unique().where(t.at.isNull()),
    'create unique index "pages_slug_idx" on "pages" ("slug") where "at" is null',
  ],
  [
    (t) => index(t.at).with({ using: 'btree', postgres: {} }),
    'create index "pages_at_idx" on "pages" using "btree" ("at")',
  ],
  [
    (t) => index(collate(t.slug, 'C').desc()),
    'create index "pages_slug_idx" on "pages" ("slug" collate "C" desc)',
  ],
  [
    (t) => index(t.at).with({ postgres: { with: { fillfactor: 70, deduplicate_items: false } } }),
    'create index "pages_at_idx" on "pages" ("at") with ("fillfactor" = 70, "deduplicate_items" = false)',
  ],
]
const alone: readonly (readonly [Indexed, string])[] = [
  [(t) => index(t.slug.asc().nullsFirst()), 'create index "pages_slug_idx" on "pages" ("slug" nulls first)'],
  [
    (t) => index(t.words).with({ using: 'gin' }),
    'create index "pages_words_idx" on "pages" using "gin" ("words")',
  ],
  [
    (t) =>
      index(operatorClass(t.words, 'jsonb_path_ops')).with({
        using: 'gin',
        postgres: { with: { fastupdate: false } },
      }),
    'create index "pages_words_idx" on "pages" using "gin" ("words" "jsonb_path_ops") with ("fastupdate" = false)',
  ],
  [
    (t) => index(operatorClass(t.slug.desc(), 'text_pattern_ops')),
    'create index "pages_slug_idx" on "pages" ("slug" "text_pattern_ops" desc)',
  ],
  [
    (t) =>
      index(operatorClass(t.at, ['pg_catalog', 'int4_minmax_multi_ops'], { values_per_range: 16 })).with({
        using: 'brin',
      }),
    'create index "pages_at_idx" on "pages" using "brin" ("at" "pg_catalog"."int4_minmax_multi_ops" ("values_per_range" = 16))',
  ],
  [
    (t) => index(t.slug).with({ using: 'hash' }),
    'create index "pages_slug_idx" on "pages" using "hash" ("slug")',
  ],
  [
    (t) =>
      index(t.at)
        .unique()
        .with({ include: [t.slug], nullsNotDistinct: true })
        .where(t.at.gt(0)),
    'create unique index "pages_at_idx" on "pages" ("at") include ("slug") nulls not distinct where "at" > 0',
  ],
  [
    (t) => index(t.at).with({ postgres: { tablespace: 'pg_default' } }),
    'create index "pages_at_idx" on "pages" ("at") tablespace "pg_default"',
  ],
]

describe('indexes', () => {
  it.each([...both, ...alone])('%# are written for PostgreSQL, also behind JSON', (made, written) => {
    const statement = createIndex(pages, made as never)
    expect(statement.toSQL(postgresDialect).sql).toBe(written)
    const again = fromJSON(JSON.parse(JSON.stringify(toJSON(statement)))) as unknown as Statement<never>
    expect(again.toSQL(postgresDialect).sql).toBe(written)
  })

  it('are written for SQLite without what concerns PostgreSQL alone', () => {
    expect(both.map(([made]) => createIndex(pages, made as never).toSQL(sqliteDialect).sql)).toEqual([
      'create index "pages_slug_at_idx" on "pages" ("slug" desc, "at")',
      'create index "pages_slug_idx" on "pages" ((lower("slug")))',
      'create unique index "pages_slug_idx" on "pages" ("slug") where "at" is null',
      'create index "pages_at_idx" on "pages" ("at")',
      'create index "pages_slug_idx" on "pages" ("slug" collate "binary" desc)',
      'create index "pages_at_idx" on "pages" ("at")',
    ])
  })

  it.each<[Indexed, RegExp]>([
    [(t) => index(t.words).with({ using: 'gin' }), /^SQLite has no methods and operator classes of indexes/],
    [(t) => index(operatorClass(t.slug, 'x')), /^SQLite has no methods and operator classes of indexes/],
    [
      (t) => index(t.at).with({ include: [t.slug] }),
      /^SQLite has no columns that a key or an index includes/,
    ],
    [(t) => index(t.at).unique().with({ nullsNotDistinct: true }), /two nulls are equal/],
  ])('%# are refused by SQLite', async (made, says) => {
    const error = await errorOf(() => createIndex(pages, made as never).toSQL(sqliteDialect))
    expect(error.code).toBe('unsupported')
    expect(error.message).toMatch(says)
  })

  it('that are meant for one database are left out elsewhere', () => {
    const one = table('one', { words: jsonb() }, (t) =>
      onlyOn('PostgreSQL', index(t.words).with({ using: 'gin' })),
    )
    expect(createAll([one], sqliteDialect)).toHaveLength(1)
    expect(createAll([one], postgresDialectFor(14))).toHaveLength(2)
    const operation = createIndexOperation(pages, (t) =>
      onlyOn('PostgreSQL', index(t.words).with({ using: 'gin' })),
    )
    expect(operation.statements(sqliteDialect)).toHaveLength(0)
    expect(operation.statements(postgresDialect)).toHaveLength(1)
  })

  it('are made concurrently, or if they are not there', async () => {
    const made = (t: typeof pages) => index(t.at)
    expect(
      createIndex(pages, made as never, { concurrently: true, ifNotExists: true }).toSQL(postgresDialect).sql,
    ).toBe('create index concurrently if not exists "pages_at_idx" on "pages" ("at")')
    expect(dropIndex('pages_at_idx', { concurrently: true, ifExists: true }).toSQL(postgresDialect).sql).toBe(
      'drop index concurrently if exists "pages_at_idx"',
    )
    const error = await errorOf(() =>
      createIndex(pages, made as never, { concurrently: true }).toSQL(sqliteDialect),
    )
    expect(error.message).toMatch(
      /^SQLite has no indexes that are made concurrently\. Leave out concurrently/,
    )
    expect(createIndex(pages, made as never, { ifNotExists: true }).toSQL(sqliteDialect).sql).toBe(
      'create index if not exists "pages_at_idx" on "pages" ("at")',
    )
  })

  it.each(databases)('can be made on $name', async ({ name, db }) => {
    await db.run(createTable(pages))
    await makeAll(db, name === 'SQLite' ? both : [...both, ...alone])
    await db.run(createIndex(pages, (t) => index(t.at).unique().named('one at')))
    await db.run(insert(pages).values({ at: 1 }))
    expect((await errorOf(() => db.run(insert(pages).values({ at: 1 })))).code).toBe('unique_violation')
    await db.run(dropIndex('one at'))
    await db.run(insert(pages).values({ at: 1 }))
  })

  it.each(postgresqls)('with a collation serve an order by it on $name', async ({ db }) => {
    await db.run(createIndex(pages, (t) => index(collate(t.slug, 'C')).named('by bytes')))
    const plan = await db.transaction(async (tx) => {
      await tx.run(sql.statement`set local enable_seqscan = off`)
      await tx.run(sql.statement`set local enable_sort = off`)
      return tx.all(sql.query({ line: text() })`explain select slug from pages order by slug collate "C"`)
    })
    expect(plan.map(({ line }) => line).join()).toContain('by bytes')
  })
})

async function makeAll(db: Database, indexes: readonly (readonly [Indexed, string])[]): Promise<void> {
  for (const [i, [made]] of indexes.entries()) {
    await db.run(createIndex(pages, ((t: typeof pages) => made(t).named(`index ${i}`)) as never))
    await db.run(dropIndex(`index ${i}`))
  }
}
