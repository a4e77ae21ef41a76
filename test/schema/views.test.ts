import {
  count,
  createTable,
  createView,
  cte,
  dropView,
  insert,
  integer,
  materializedView,
  type RowOf,
  refreshView,
  select,
  sql,
  table,
  text,
  view,
} from '@espalier/core'
import { postgresDialectFor } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { create, onPostgres, schemaDatabases } from '../support/schema.js'
import { errorOf } from '../support/sql.js'

const { databases, postgresqls } = await schemaDatabases()

const users = table('users', { id: integer().primaryKey(), name: text().notNull(), boss: integer() })
const active = select({ id: users.id, name: users.name, boss: users.boss })
  .from(users)
  .where(users.name.ne("o'brien"))
const activeUsers = view('active_users', active)
const bosses = view(
  'bosses',
  select({ boss: activeUsers.boss, n: count() }).from(activeUsers).groupBy(activeUsers.boss),
)

describe('a view', () => {
  const query = `select "users"."id", "users"."name", "users"."boss" from "users" where "users"."name" <> 'o''brien'`

  it('is made of a query, with its values as literals', () => {
    expect(onPostgres(createView(activeUsers))).toBe(`create view "active_users" as ${query}`)
    expect(createView(activeUsers).toSQL(sqliteDialect).sql).toBe(`create view "active_users" as ${query}`)
    expect(onPostgres(createView(activeUsers, { orReplace: true }))).toBe(
      `create or replace view "active_users" as ${query}`,
    )
    expect(createView(activeUsers, { ifNotExists: true }).toSQL(sqliteDialect).sql).toBe(
      `create view if not exists "active_users" as ${query}`,
    )
    expect(onPostgres(dropView(activeUsers, { ifExists: true, cascade: true }))).toBe(
      'drop view if exists "active_users" cascade',
    )
  })

  it('has its common table expressions in it', () => {
    const known = cte('known', select({ id: users.id }).from(users))
    expect(onPostgres(createView(view('all_known', select({ id: known.id }).from(known))))).toBe(
      'create view "all_known" as with "known" as (select "users"."id" from "users") select "known"."id" from "known"',
    )
  })

  it('has options on PostgreSQL, which others refuse', async () => {
    const guarded = view('guarded', active, {
      schema: 'app',
      postgres: { securityInvoker: true, securityBarrier: false, checkOption: 'local' },
    })
    expect(onPostgres(createView(guarded))).toBe(
      `create view "app"."guarded" with (security_invoker = true, security_barrier = false) as ${query} with local check option`,
    )
    const checked = view('guarded', active, { postgres: { checkOption: 'cascaded' } })
    expect(onPostgres(createView(checked))).toMatch(/ with cascaded check option$/)
    expect((await errorOf(() => createView(guarded).toSQL(sqliteDialect))).message).toMatch(
      /^SQLite has no options of views/,
    )
    expect((await errorOf(() => createView(checked).toSQL(sqliteDialect))).code).toBe('unsupported')
    expect((await errorOf(() => createView(guarded).toSQL(postgresDialectFor(14)))).message).toMatch(
      /^PostgreSQL 14 has no options of views/,
    )
  })

  it.each(databases)('is queried as a table on $name', async ({ db }) => {
    // In an order that createAll must mend.
    await create(db, bosses, activeUsers, users)
    await db.run(
      insert(users).values([
        { id: 1, name: 'ann', boss: null },
        { id: 2, name: "o'brien", boss: 1 },
        { id: 3, name: 'cyd', boss: 1 },
      ]),
    )
    const rows = select(activeUsers).from(activeUsers).orderBy(activeUsers.id)
    const found: RowOf<typeof rows>[] = await db.all(rows)
    const names: readonly string[] = found.map(({ name }) => name)
    expect(found).toEqual([
      { id: 1, name: 'ann', boss: null },
      { id: 3, name: 'cyd', boss: 1 },
    ])
    expect(names).toEqual(['ann', 'cyd'])
    const joined = select({ name: users.name, n: bosses.n })
      .from(users)
      .join(bosses, bosses.boss.eq(users.id))
    expect(await db.all(joined)).toEqual([{ name: 'ann', n: 1 }])
    await db.run(dropView(bosses))
    expect((await errorOf(() => db.all(joined))).message).toMatch(/bosses/)
  })

  it.each(postgresqls)('refuses rows that are not in it on $name, if it says so', async ({ db }) => {
    const checked = view('checked', active, { postgres: { checkOption: 'local' } })
    await db.run(createView(checked))
    const given = sql.statement`insert into checked (id, name) values (9, 'o''brien')`
    expect((await errorOf(() => db.run(given))).message).toMatch(/violates check option/)
    await db.run(dropView(checked))
  })

  it('is made of nothing else', async () => {
    expect((await errorOf(() => view('x', users as never))).message).toMatch(/view\('x', …\) takes a query/)
    expect((await errorOf(() => createView(users))).message).toMatch(/createView takes a view made by view/)
    expect((await errorOf(() => refreshView(activeUsers))).message).toMatch(
      /'active_users' is no materialized view/,
    )
    const both = { ifNotExists: true, orReplace: true }
    expect((await errorOf(() => createView(activeUsers, both))).message).toMatch(
      /either ifNotExists or orReplace/,
    )
  })
})

describe('a materialized view', () => {
  const totals = materializedView('totals', select({ n: count() }).from(users), {
    with: { fillfactor: 90 },
    withData: false,
  })

  it('is PostgreSQL alone', async () => {
    expect(onPostgres(createView(totals, { ifNotExists: true }))).toBe(
      'create materialized view if not exists "totals" with ("fillfactor" = 90) as select count(*) as "n" from "users" with no data',
    )
    expect(onPostgres(refreshView(totals, { concurrently: true }))).toBe(
      'refresh materialized view concurrently "totals"',
    )
    expect(onPostgres(refreshView(totals, { withData: false }))).toBe(
      'refresh materialized view "totals" with no data',
    )
    expect(onPostgres(dropView(totals))).toBe('drop materialized view "totals"')
    for (const statement of [createView(totals), refreshView(totals), dropView(totals)]) {
      expect((await errorOf(() => statement.toSQL(sqliteDialect))).message).toMatch(
        /^SQLite has no materialized views\. Write a view/,
      )
    }
  })

  it.each(postgresqls)('keeps its rows until it is refreshed on $name', async ({ db }) => {
    const heads = table('heads', { id: integer().primaryKey() })
    const all = materializedView('all_heads', select({ id: heads.id }).from(heads))
    await db.run(createTable(heads))
    await db.run(createView(all))
    await db.run(insert(heads).values({ id: 1 }))
    expect(await db.all(select(all.id).from(all))).toEqual([])
    await db.run(refreshView(all))
    expect(await db.all(select(all.id).from(all))).toEqual([1])
    await db.run(sql.statement`create unique index on all_heads (id)`)
    await db.run(insert(heads).values({ id: 2 }))
    await db.run(refreshView(all, { concurrently: true }))
    expect(await db.all(select(all.id).from(all).orderBy(all.id))).toEqual([1, 2])
  })
})
