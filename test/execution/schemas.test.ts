import {
  bigint,
  count,
  createAll,
  cte,
  deleteFrom,
  exists,
  insert,
  integer,
  nest,
  type Observer,
  param,
  select,
  sql,
  table,
  text,
  update,
  withReplicas,
} from '@espalier/core'
import { pglite } from '@espalier/dialects/pglite'
import { postgres } from '@espalier/dialects/postgres'
import { sqlite } from '@espalier/dialects/sqlite'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabaseUrl } from '../support/postgres.js'
import { errorOf } from '../support/sql.js'

const orgs = table('orgs', { id: integer().primaryKey(), name: text().notNull() })
const people = table(
  'people',
  {
    id: bigint().identity().primaryKey(),
    orgId: integer().references(() => orgs.id),
    name: text().notNull(),
  },
  undefined,
)
const shared = table('plans', { id: integer().primaryKey() }, undefined, { schema: 'common' })

const seen: string[] = []
const observer: Observer = {
  statement: ({ sql }) => {
    seen.push(sql)
  },
}
const databases = [
  { name: 'PostgreSQL', db: postgres(await testDatabaseUrl(), { observer, max: 2 }) },
  { name: 'PGlite', db: await pglite(undefined, { observer }) },
  { name: 'SQLite', db: sqlite(':memory:', { observer }) },
]
afterAll(() => Promise.all(databases.map(({ db }) => db.close())))
for (const { db, name } of databases) {
  for (const schema of ['one', 'two', 'common']) {
    await db.run(
      name === 'SQLite'
        ? sql.statement`attach ':memory:' as ${sql.identifier(schema)}`
        : sql.statement`create schema ${sql.identifier(schema)}`,
    )
  }
  for (const tenant of [db.withSchema('one'), db.withSchema({ '': 'two' })])
    for (const statement of createAll([orgs, people], tenant.dialect)) await tenant.run(statement)
  for (const statement of createAll([shared], db.dialect)) await db.run(statement)
}

describe.each(databases)('$name', ({ db }) => {
  const one = db.withSchema('one')
  const two = db.withSchema('two')
  beforeEach(async () => {
    for (const tenant of [one, two]) {
      await tenant.run(deleteFrom(people).everyRow())
      await tenant.run(deleteFrom(orgs).everyRow())
      await tenant.run(insert(orgs).values({ id: 1, name: tenant === one ? 'One' : 'Two' }))
    }
    await db.run(deleteFrom(shared).everyRow())
    seen.length = 0
  })

  it('two tenants use the same connections at once, by the same statements', async () => {
    const name = select(orgs.name).from(orgs).where(orgs.id.eq(1))
    const names = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : two).one(name)))
    expect(names).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'One' : 'Two')))
    expect(new Set(seen)).toEqual(
      new Set(
        ['one', 'two'].map((schema) =>
          name.toSQL(db.dialect).sql.replace('from "orgs"', `from "${schema}"."orgs"`),
        ),
      ),
    )
    const counts = await Promise.all(
      [one, two].map((tenant) =>
        tenant.transaction(async (tx) => {
          await tx.run(insert(orgs).values({ id: 2, name: 'x' }))
          return tx.transaction((inner) => inner.scalar(select(count()).from(orgs)))
        }),
      ),
    )
    expect(counts).toEqual([2, 2])
  })

  it('every way of running has the schemas', async () => {
    const rows = [
      { id: 5, name: 'five' },
      { id: 6, name: 'six' },
    ]
    expect(await one.load(orgs, rows)).toEqual({ affected: 2 })
    const byId = one.prepare(
      select(orgs.name)
        .from(orgs)
        .where(orgs.id.eq(param('id', integer()))),
    )
    expect(await byId.one({ id: 6 })).toBe('six')
    const rename = update(orgs)
      .set({ name: param('name', text()) })
      .where(orgs.id.eq(param('id', integer())))
    expect(await one.runMany(rename, [{ id: 5, name: 'V' }])).toEqual({ affected: 1 })
    const streamed: string[] = []
    for await (const name of one.stream(select(orgs.name).from(orgs).orderBy(orgs.id))) streamed.push(name)
    expect(streamed).toEqual(['One', 'V', 'six'])
    expect(await one.session((session) => session.scalar(select(count()).from(orgs)))).toBe(3)
    expect(await two.all(select(orgs.name).from(orgs))).toEqual(['Two'])
  })

  it('tables are translated wherever they stand, and others stay', async () => {
    await one.run(insert(people).values({ id: 1n, orgId: 1, name: 'Ann' }))
    await one.run(insert(shared).values({ id: 9 }))
    const p = people.as('p')
    const busy = cte('busy', select({ org: people.orgId, n: count() }).from(people).groupBy(people.orgId))
    const statement = select({
      org: orgs.name,
      n: busy.n,
      members: nest.many(select({ name: people.name }).from(people).where(people.orgId.eq(orgs.id))),
      plans: select(count()).from(shared).scalar(),
    })
      .from(orgs)
      .join(busy, busy.org.eq(orgs.id))
      .where(exists(select(p.id).from(p).where(p.orgId.eq(orgs.id))))
    expect(await one.all(statement)).toEqual([{ org: 'One', n: 1, members: [{ name: 'Ann' }], plans: 1 }])
    expect(await two.all(statement)).toEqual([])
    const { sql } = statement.toSQL(one.dialect)
    expect(sql.match(/"one"\."people"/g)).toHaveLength(3)
    expect(sql).toContain('"common"."plans"')
    const moved = db.withSchema({ common: 'one', '': 'two' })
    expect(select(shared.id).from(shared).toSQL(moved.dialect).sql).toContain('from "one"."plans"')
    expect(select(orgs.id).from(orgs).toSQL(moved.dialect).sql).toContain('from "two"."orgs"')
    expect(select(orgs.id).from(orgs).toSQL(db.dialect).sql).toContain('from "orgs"')
  })

  it('what was compiled is remembered for each map, also of handles that are made again', () => {
    const statement = select(orgs.id).from(orgs)
    const node = statement as unknown as Parameters<typeof db.dialect.compile>[0]
    const again = db.withSchema({ '': 'one' })
    expect(again.dialect).toBe(one.dialect)
    expect(one.dialect.compile(node)).toBe(again.dialect.compile(node))
    expect(one.dialect.compile(node)).not.toBe(two.dialect.compile(node))
    expect((one as typeof db).withSchema('two').dialect).toBe(two.dialect)
  })

  it('a database with replicas has the schemas on all of them', async () => {
    const spread = withReplicas(db, [db], { readYourWrites: 60_000 })
    const tenant = spread.withSchema('one')
    expect(await tenant.all(select(orgs.name).from(orgs))).toEqual(['One'])
    await tenant.transaction((tx) => tx.run(update(orgs).set({ name: 'changed' }).everyRow()))
    expect(await tenant.all(select(orgs.name).from(orgs))).toEqual(['changed'])
    expect(await spread.withSchema('two').all(select(orgs.name).from(orgs))).toEqual(['Two'])
  })

  it('a foreign key refers to the table of its schema', async () => {
    const error = await errorOf(() => one.run(insert(people).values({ id: 7n, orgId: 404, name: 'Bob' })))
    expect(error).toMatchObject({ code: 'foreign_key_violation' })
    await one.run(insert(people).values({ id: 8n, orgId: 1, name: 'Ann' }))
    const restricted = await errorOf(() => one.run(deleteFrom(orgs).everyRow()))
    expect(restricted).toMatchObject({ code: 'foreign_key_violation' })
    await two.run(deleteFrom(orgs).everyRow())
  })

  it('a map has names', () => {
    for (const map of ['', {}, { app: '' }, { app: 7 }, ['one'], undefined])
      expect(() => db.withSchema(map as string)).toThrow('withSchema takes the name of a schema')
  })
})

it('a foreign key of SQLite refers to no other schema', () => {
  const { dialect } = databases[2]!.db.withSchema('one')
  const plans = table('subscriptions', { planId: integer().references(() => shared.id) })
  expect(() => createAll([plans], dialect)[0]!.toSQL(dialect)).toThrow(
    'SQLite has no foreign key to a table of another schema ("subscriptions_planId_fkey"). Put subscriptions and plans into the ' +
      'same schema, which is one file, or declare subscriptions without the reference.',
  )
  const own = table('subscriptions', { planId: integer().references(() => shared.id) }, undefined, {
    schema: 'common',
  })
  expect(createAll([own], dialect)[0]!.toSQL(dialect).sql).toBe(
    'create table "common"."subscriptions" ("planId" integer, constraint "subscriptions_planId_fkey" foreign key ("planId") ' +
      'references "plans" ("id"))',
  )
})
