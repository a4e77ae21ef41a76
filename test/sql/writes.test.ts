import {
  and,
  comment,
  count,
  cte,
  defaultValue,
  deleteFrom,
  fetchWithTies,
  insert,
  integer,
  lower,
  max,
  mergeAction,
  mergeInto,
  numeric,
  or,
  rewrite,
  type Statement,
  select,
  table,
  tags,
  truncate,
  update,
  updateMany,
  when,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { every, notes, orgs, posts, users } from '../support/sample-schema.js'
import { errorOf } from '../support/sql.js'

const wrong = (value: unknown) => value as never
const n = notes.as('n')
const none = when(undefined as string | undefined, (body) => notes.body.eq(body))
const note = insert(notes).values({ id: 1, body: 'a' })
const named = cte('named', select({ id: users.id, name: users.name }).from(users).where(users.score.gt(1)))
const twins = cte('twins', select({ id: notes.id, body: notes.body }).from(notes))
const rows = updateMany(
  notes,
  [
    { id: 1, body: 'a' },
    { id: 2, body: null },
  ],
  { key: 'id' },
)
const merge = mergeInto(notes).using(users, users.id.eq(notes.id))

/** The SQL and the parameters, or what the refusal says. */
type Written = readonly [sql: string, ...params: unknown[]] | RegExp
type Case = readonly [name: string, statement: Statement<unknown>, postgres: Written, sqlite: Written]

const cases: readonly Case[] = [
  [
    'a default among others',
    insert(notes).values([
      { id: 1, body: defaultValue() },
      { id: 2, body: 'a' },
    ]),
    ['insert into "notes" ("id", "body") values ($1, default), ($2, $3)', 1, 2, 'a'],
    /SQLite has no default as a value among others \(notes\.body\)/,
  ],
  [
    'a default in every row',
    insert(notes).values([
      { id: 1, body: defaultValue() },
      { id: 2, body: defaultValue() },
    ]),
    ['insert into "notes" ("id", "body") values ($1, default), ($2, default)', 1, 2],
    ['insert into "notes" ("id") values (?), (?)', 1, 2],
  ],
  [
    'nothing but a default',
    insert(users).values(wrong({ active: defaultValue() })),
    ['insert into "users" ("active") values (default)'],
    ['insert into "users" default values'],
  ],
  [
    'a default as a new value',
    update(users).set({ active: defaultValue() }).where(users.id.eq(1)),
    ['update "users" set "active" = default where "users"."id" = $1', 1],
    /SQLite has no default as a value among others \(users\.active\)/,
  ],
  [
    'insert or ignore',
    note.orIgnore(),
    /PostgreSQL has no insert or ignore/,
    ['insert or ignore into "notes" ("id", "body") values (?, ?)', 1, 'a'],
  ],
  [
    'insert or replace',
    note.orReplace(),
    /PostgreSQL has no insert or replace/,
    ['insert or replace into "notes" ("id", "body") values (?, ?)', 1, 'a'],
  ],
  [
    'a given value for an identity',
    note.overridingSystemValue(),
    ['insert into "notes" ("id", "body") overriding system value values ($1, $2)', 1, 'a'],
    ['insert into "notes" ("id", "body") values (?, ?)', 1, 'a'],
  ],
  [
    'a conflict of an expression',
    note.onConflict(lower(notes.body), notes.id).doNothing(),
    [
      'insert into "notes" ("id", "body") values ($1, $2) on conflict ((lower("body")), "id") do nothing',
      1,
      'a',
    ],
    [
      'insert into "notes" ("id", "body") values (?, ?) on conflict ((lower("body")), "id") do nothing',
      1,
      'a',
    ],
  ],
  [
    'a conflict of an index of some rows',
    note.onConflict(notes.id).where(notes.body.eq('x')).doUpdate({ body: 'y' }).where(notes.id.gt(1)),
    [
      'insert into "notes" ("id", "body") values ($1, $2) on conflict ("id") where "body" = \'x\' do update set "body" = $3 where "notes"."id" > $4',
      1,
      'a',
      'y',
      1,
    ],
    [
      'insert into "notes" ("id", "body") values (?, ?) on conflict ("id") where "body" = \'x\' do update set "body" = ? where "notes"."id" > ?',
      1,
      'a',
      'y',
      1,
    ],
  ],
  [
    'a conflict of a constraint',
    note.onConflict({ constraint: 'a"b' }).doNothing(),
    [
      'insert into "notes" ("id", "body") values ($1, $2) on conflict on constraint "a""b" do nothing',
      1,
      'a',
    ],
    /SQLite has no on conflict on constraint \("a""b"\)/,
  ],
  [
    'several conflicts',
    note.onConflict(notes.id).doUpdate({ body: 'y' }).onConflict().doNothing(),
    /PostgreSQL has no insert with several on conflict clauses/,
    [
      'insert into "notes" ("id", "body") values (?, ?) on conflict ("id") do update set "body" = ? on conflict do nothing',
      1,
      'a',
      'y',
    ],
  ],
  [
    'rows of a query with a CTE',
    insert(notes).fromSelect(select({ id: named.id, body: named.name }).from(named)),
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > $1) insert into "notes" ("id", "body") select "named"."id", "named"."name" as "body" from "named"',
      1,
    ],
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > ?) insert into "notes" ("id", "body") select "named"."id", "named"."name" as "body" from "named"',
      1,
    ],
  ],
  [
    'an upsert with a CTE in a subquery',
    note.onConflict(notes.id).doUpdate({ body: select(named.name).from(named).limit(1).scalar() }),
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > $3) insert into "notes" ("id", "body") values ($1, $2) on conflict ("id") do update set "body" = (select "named"."name" as "value" from "named" limit $4)',
      1,
      'a',
      1,
      1,
    ],
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > ?) insert into "notes" ("id", "body") values (?, ?) on conflict ("id") do update set "body" = (select "named"."name" as "value" from "named" limit ?)',
      1,
      1,
      'a',
      1,
    ],
  ],
  [
    'old and new rows of an insert',
    note
      .onConflict(notes.id)
      .doUpdate({ body: 'y' })
      .returningOldAndNew((before, after) => ({ was: before.body, is: after.body, id: notes.id })),
    [
      'insert into "notes" ("id", "body") values ($1, $2) on conflict ("id") do update set "body" = $3 returning "old"."body" as "was", "new"."body" as "is", "notes"."id"',
      1,
      'a',
      'y',
    ],
    /SQLite has no returning of old and new rows/,
  ],
  [
    'old and new rows of an update',
    update(n)
      .set({ body: 'y' })
      .everyRow()
      .returningOldAndNew((before, after) => ({ was: before.body, is: after.body })),
    ['update "notes" as "n" set "body" = $1 returning "old"."body" as "was", "new"."body" as "is"', 'y'],
    /SQLite has no returning of old and new rows/,
  ],
  [
    'an update of an alias',
    update(n)
      .set((t) => ({ body: lower(t.body) }))
      .where(n.id.eq(1))
      .returning({ id: n.id }),
    ['update "notes" as "n" set "body" = lower("n"."body") where "n"."id" = $1 returning "n"."id"', 1],
    ['update "notes" as "n" set "body" = lower("n"."body") where "n"."id" = ? returning "notes"."id"', 1],
  ],
  [
    'an update of an alias, returning a query of its table',
    update(n)
      .set({ body: 'y' })
      .everyRow()
      .returning({ twin: select(notes.id).from(notes).where(notes.id.eq(n.id)).scalar() }),
    [
      'update "notes" as "n" set "body" = $1 returning (select "notes"."id" as "value" from "notes" where "notes"."id" = "n"."id") as "twin"',
      'y',
    ],
    /SQLite has no returning of a query that reads the table which the update writes \('notes'\)/,
  ],
  [
    'an update by a query of its own table',
    update(notes)
      .set({ body: select(max(n.body)).from(n).where(n.id.lt(notes.id)).scalar() })
      .where(notes.id.gt(1)),
    [
      'update "notes" set "body" = (select max("n"."body") as "value" from "notes" as "n" where "n"."id" < "notes"."id") where "notes"."id" > $1',
      1,
    ],
    [
      'update "notes" set "body" = (select max("n"."body") as "value" from "notes" as "n" where "n"."id" < "notes"."id") from (select 1) where "notes"."id" > ?',
      1,
    ],
  ],
  [
    'an update by a CTE of its own table, under another name',
    update(n)
      .setFromSelect(select({ body: twins.body }).from(twins).where(twins.id.eq(n.id)))
      .everyRow()
      .returning({ id: n.id }),
    [
      'with "twins" as (select "notes"."id", "notes"."body" from "notes") update "notes" as "n" set "body" = (select "twins"."body" from "twins" where "twins"."id" = "n"."id") returning "n"."id"',
    ],
    [
      'with "twins" as (select "notes"."id", "notes"."body" from "notes") update "notes" as "n" set "body" = (select "twins"."body" from "twins" where "twins"."id" = "n"."id") from (select 1) returning "notes"."id"',
    ],
  ],
  [
    'an insert, returning a query of its table',
    note.returning({ rows: select(count()).from(n).scalar() }),
    [
      'insert into "notes" ("id", "body") values ($1, $2) returning (select count(*) as "value" from "notes" as "n") as "rows"',
      1,
      'a',
    ],
    /SQLite has no returning of a query that reads the table which the insert writes \('notes'\)/,
  ],
  [
    'a delete, returning a query of its table',
    deleteFrom(notes)
      .everyRow()
      .returning({ rows: select(count()).from(n).scalar() }),
    ['delete from "notes" returning (select count(*) as "value" from "notes" as "n") as "rows"'],
    /SQLite has no returning of a query that reads the table which the delete writes \('notes'\)/,
  ],
  [
    'an upsert by a query of its table',
    note.onConflict(notes.id).doUpdate({ body: select(max(n.body)).from(n).scalar() }),
    [
      'insert into "notes" ("id", "body") values ($1, $2) on conflict ("id") do update set "body" = (select max("n"."body") as "value" from "notes" as "n")',
      1,
      'a',
    ],
    [
      'insert into "notes" ("id", "body") values (?, ?) on conflict ("id") do update set "body" = (select max("n"."body") as "value" from "notes" as "n")',
      1,
      'a',
    ],
  ],
  [
    'an upsert of several rows by a query of its table',
    insert(notes)
      .values([{ id: 1 }, { id: 2 }])
      .onConflict(notes.id)
      .doUpdate({ body: select(max(n.body)).from(n).scalar() }),
    [
      'insert into "notes" ("id") values ($1), ($2) on conflict ("id") do update set "body" = (select max("n"."body") as "value" from "notes" as "n")',
      1,
      2,
    ],
    /SQLite has no do update of several rows by a query that reads the table itself \('notes'\)/,
  ],
  [
    'several columns from a query',
    update(users)
      .setFromSelect(
        select({ name: orgs.name, nick: orgs.name }).from(orgs).where(orgs.id.eq(users.orgId), orgs.id.gt(1)),
      )
      .where(users.id.eq(2)),
    [
      'update "users" set ("name", "nick") = (select "orgs"."name", "orgs"."name" as "nick" from "orgs" where "orgs"."id" = "users"."org_id" and "orgs"."id" > $1) where "users"."id" = $2',
      1,
      2,
    ],
    [
      'update "users" set ("name", "nick") = (select "orgs"."name", "orgs"."name" as "nick" from "orgs" where "orgs"."id" = "users"."org_id" and "orgs"."id" > ?) where "users"."id" = ?',
      1,
      2,
    ],
  ],
  [
    'one column from a query',
    update(users)
      .setFromSelect(select({ nick: orgs.name }).from(orgs).where(orgs.id.eq(users.orgId)))
      .everyRow(),
    [
      'update "users" set "nick" = (select "orgs"."name" as "nick" from "orgs" where "orgs"."id" = "users"."org_id")',
    ],
    [
      'update "users" set "nick" = (select "orgs"."name" as "nick" from "orgs" where "orgs"."id" = "users"."org_id")',
    ],
  ],
  [
    'an update by a CTE',
    update(notes).set({ body: named.name }).from(named).where(named.id.eq(notes.id), notes.id.gt(2)),
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > $1) update "notes" set "body" = "named"."name" from "named" where "named"."id" = "notes"."id" and "notes"."id" > $2',
      1,
      2,
    ],
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > ?) update "notes" set "body" = "named"."name" from "named" where "named"."id" = "notes"."id" and "notes"."id" > ?',
      1,
      2,
    ],
  ],
  [
    'many rows',
    rows,
    [
      'with "rows" ("id", "body") as (values ($1::integer, $2::text), ($3, null)) update "notes" set "body" = "rows"."body" from "rows" where "notes"."id" = "rows"."id"',
      1,
      'a',
      2,
    ],
    [
      'with "rows" ("id", "body") as (values (?, ?), (?, null)) update "notes" set "body" = "rows"."body" from "rows" where "notes"."id" = "rows"."id"',
      1n,
      'a',
      2n,
    ],
  ],
  [
    'many rows by a key that is named twice',
    updateMany(notes, [{ id: 1, body: 'a' }], { key: ['id', 'id'] }),
    [
      'with "rows" ("id", "body") as (values ($1::integer, $2::text)) update "notes" set "body" = "rows"."body" from "rows" where "notes"."id" = "rows"."id"',
      1,
      'a',
    ],
    [
      'with "rows" ("id", "body") as (values (?, ?)) update "notes" set "body" = "rows"."body" from "rows" where "notes"."id" = "rows"."id"',
      1n,
      'a',
    ],
  ],
  [
    'many rows, limited and returned',
    rows.where(notes.id.gt(5)).returning({ id: notes.id }),
    [
      'with "rows" ("id", "body") as (values ($1::integer, $2::text), ($3, null)) update "notes" set "body" = "rows"."body" from "rows" where "notes"."id" = "rows"."id" and "notes"."id" > $4 returning "notes"."id"',
      1,
      'a',
      2,
      5,
    ],
    [
      'with "rows" ("id", "body") as (values (?, ?), (?, null)) update "notes" set "body" = "rows"."body" from "rows" where "notes"."id" = "rows"."id" and "notes"."id" > ? returning "notes"."id"',
      1n,
      'a',
      2n,
      5,
    ],
  ],
  [
    'a delete by other sources',
    deleteFrom(posts)
      .using(users)
      .using(orgs)
      .where(users.id.eq(posts.authorId), orgs.id.eq(users.orgId), orgs.name.eq('x'))
      .returning({ id: posts.id }),
    [
      'delete from "posts" using "users", "orgs" where "users"."id" = "posts"."author_id" and "orgs"."id" = "users"."org_id" and "orgs"."name" = $1 returning "posts"."id"',
      'x',
    ],
    [
      'delete from "posts" where exists (select 1 from "users", "orgs" where "users"."id" = "posts"."author_id" and "orgs"."id" = "users"."org_id" and "orgs"."name" = ?) returning "posts"."id"',
      'x',
    ],
  ],
  [
    'a delete by a CTE',
    deleteFrom(n).using(named).where(named.id.eq(n.id), n.id.gt(2)),
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > $1) delete from "notes" as "n" using "named" where "named"."id" = "n"."id" and "n"."id" > $2',
      1,
      2,
    ],
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > ?) delete from "notes" as "n" where exists (select 1 from "named" where "named"."id" = "n"."id" and "n"."id" > ?)',
      1,
      2,
    ],
  ],
  [
    'a delete by other sources, returning theirs',
    deleteFrom(posts).using(users).where(users.id.eq(posts.authorId)).returning({ name: users.name }),
    ['delete from "posts" using "users" where "users"."id" = "posts"."author_id" returning "users"."name"'],
    /SQLite has no returning of columns from another source than the table that is written/,
  ],
  ['truncate', truncate(notes), ['truncate "notes"'], ['delete from "notes"']],
  [
    'truncate, numbering from the beginning',
    truncate(notes, { restartIdentity: true }),
    ['truncate "notes" restart identity'],
    ['delete from "notes"'],
  ],
  [
    'truncate of several tables',
    truncate([notes, posts]),
    ['truncate "notes", "posts"'],
    /SQLite has no truncate of several tables/,
  ],
  [
    'truncate with what refers to it',
    truncate(notes, { cascade: true }),
    ['truncate "notes" cascade'],
    /SQLite has no truncate with cascade/,
  ],
  [
    'an insert with a comment and tags',
    note
      .returning({ id: notes.id })
      .add(tags({ route: '/a b', by: "x'y" }))
      .add(comment('one'))
      .add(comment('two */ drop')),
    [
      'insert into "notes" ("id", "body") values ($1, $2) returning "notes"."id" /* two * / drop */ /*by=\'x%27y\',route=\'%2Fa%20b\'*/',
      1,
      'a',
    ],
    [
      'insert into "notes" ("id", "body") values (?, ?) returning "notes"."id" /* two * / drop */ /*by=\'x%27y\',route=\'%2Fa%20b\'*/',
      1,
      'a',
    ],
  ],
  [
    'an update by a CTE with a comment',
    update(notes).set({ body: named.name }).from(named).where(named.id.eq(notes.id)).add(comment('x')),
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > $1) update "notes" set "body" = "named"."name" from "named" where "named"."id" = "notes"."id" /* x */',
      1,
    ],
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > ?) update "notes" set "body" = "named"."name" from "named" where "named"."id" = "notes"."id" /* x */',
      1,
    ],
  ],
  [
    'a delete with a comment',
    deleteFrom(notes).everyRow().add(comment('x')),
    ['delete from "notes" /* x */'],
    ['delete from "notes" /* x */'],
  ],
  [
    'truncate with a comment',
    truncate(notes).add(comment('x')),
    ['truncate "notes" /* x */'],
    ['delete from "notes" /* x */'],
  ],
  [
    'a merge with a comment',
    merge.whenMatched().doDelete().add(comment('x')),
    ['merge into "notes" using "users" on "users"."id" = "notes"."id" when matched then delete /* x */'],
    /SQLite has no merge/,
  ],
  [
    'a merge of every branch',
    merge
      .whenMatched(users.active, notes.id.gt(1))
      .doDelete()
      .whenMatched()
      .doUpdate((t) => ({ body: users.name, id: t.id.add(1) }))
      .whenNotMatched(users.id.gt(2))
      .doInsert({ id: users.id, body: 'x' })
      .whenNotMatched()
      .doNothing()
      .whenNotMatchedBySource(notes.id.lt(9))
      .doUpdate({ body: defaultValue() })
      .whenNotMatchedBySource()
      .doDelete()
      .returning({ done: mergeAction(), name: users.name }),
    [
      'merge into "notes" using "users" on "users"."id" = "notes"."id" when matched and "users"."active" and "notes"."id" > $1 then delete when matched then update set "body" = "users"."name", "id" = "notes"."id" + $2 when not matched and "users"."id" > $3 then insert ("id", "body") values ("users"."id", $4) when not matched then do nothing when not matched by source and "notes"."id" < $5 then update set "body" = default when not matched by source then delete returning merge_action() as "done", "users"."name"',
      1,
      1,
      2,
      'x',
      9,
    ],
    /SQLite has no merge/,
  ],
  [
    'a merge by a CTE',
    mergeInto(n).using(named, named.id.eq(n.id)).whenMatched().doUpdate({ body: named.name }),
    [
      'with "named" as (select "users"."id", "users"."name" from "users" where "users"."score" > $1) merge into "notes" as "n" using "named" on "named"."id" = "n"."id" when matched then update set "body" = "named"."name"',
      1,
    ],
    /SQLite has no merge/,
  ],
]

describe.each(cases)('%s', (_, statement, postgres, sqlite) => {
  it.each([
    [postgresDialect, postgres],
    [sqliteDialect, sqlite],
  ] as const)('on $name', async (dialect, expected) => {
    if (!(expected instanceof RegExp)) {
      const { sql, params } = statement.toSQL(dialect)
      expect([sql, ...params]).toEqual(expected)
      return
    }
    const error = await errorOf(() => statement.toSQL(dialect))
    expect(error.message).toMatch(expected)
    expect(error.code).toBe('unsupported')
  })
})

type Misuse = readonly [name: string, work: () => unknown, code: string, says: RegExp]
const compiled = (statement: unknown) => (statement as Statement<unknown>).toSQL(postgresDialect)

const misuses: readonly Misuse[] = [
  [
    'a target of another table',
    () => note.onConflict(wrong(lower(users.name))),
    'invalid_conflict',
    /columns of 'notes'.*users\.name/,
  ],
  ['a target that is a text', () => note.onConflict(wrong('id')), 'invalid_conflict', /'notes'.*"id"/],
  [
    'a partial index without columns',
    () => (note.onConflict() as typeof note & ReturnType<typeof onId>).where(notes.id.gt(1)),
    'invalid_conflict',
    /partial index/,
  ],
  [
    'a partial index by another table',
    () => onId().where(wrong(users.active)),
    'invalid_conflict',
    /where.*users\.active/,
  ],
  [
    'a conflict after that of everything',
    () => note.onConflict().doNothing().onConflict(notes.id),
    'two_conflicts',
    /Put it last/,
  ],
  [
    'two ways to treat a conflict',
    () => note.orIgnore().onConflict(notes.id),
    'two_conflicts',
    /or ignore.*on conflict/,
  ],
  [
    'the same two, the other way round',
    () => onId().doNothing().orReplace(),
    'two_conflicts',
    /on conflict.*or replace/,
  ],
  ['ignored and replaced', () => note.orIgnore().orReplace(), 'two_conflicts', /or ignore.*or replace/],
  [
    'an update of which all filters are left out',
    () => compiled(update(notes).set({ body: 'x' }).where(or(none, none))),
    'no_where',
    /update of 'notes' would reach every row/,
  ],
  [
    'a delete whose filter is left out, beside another',
    () => compiled(deleteFrom(notes).where(or(none, notes.id.eq(1)), and(none))),
    'no_where',
    /delete of 'notes' would reach every row/,
  ],
  [
    'a delete whose condition a rewrite has taken away',
    () =>
      compiled(
        rewrite(deleteFrom(notes).where(notes.id.eq(1)), (node) => (node.kind === 'binary' ? and() : node)),
      ),
    'no_where',
    /everyRow/,
  ],
  [
    'a limit of a write',
    () => note.add(wrong(fetchWithTies(1))),
    'invalid_clause',
    /add\(…\) of a write takes comment\(…\) or tags\(…\), not fetch/,
  ],
  ['nothing added to a write', () => note.add(wrong(undefined)), 'invalid_clause', /not undefined/],
  [
    'a comment on an update that does not say which rows',
    () => compiled((update(notes).set({ body: 'x' }) as unknown as typeof note).add(comment('x'))),
    'no_where',
    /everyRow/,
  ],
  [
    'a default within an expression',
    () => compiled(select({ a: wrong(defaultValue()) })),
    'misplaced_default',
    /values\(…\) or set\(…\)/,
  ],
  ['a set from a write', () => update(notes).setFromSelect(wrong(note)), 'invalid_query', /takes a select/],
  [
    'a set from a select of an unknown column',
    () => update(notes).setFromSelect(wrong(select({ x: users.id }).from(users))),
    'unknown_column',
    /'notes' has no column "x".*id, body/,
  ],
  [
    'a set from nothing of many rows',
    () => updateMany(notes, [], { key: 'id' }),
    'no_rows',
    /updateMany\(notes, \[\]\)/,
  ],
  [
    'many rows that are none',
    () => updateMany(notes, wrong({ id: 1 }), { key: 'id' }),
    'no_rows',
    /array of rows/,
  ],
  [
    'many rows without a key',
    () => updateMany(notes, [{ id: 1, body: 'a' }], wrong({})),
    'invalid_key',
    /\{ key: 'id' \}/,
  ],
  [
    'many rows by an unknown key',
    () => updateMany(notes, [{ id: 1, x: 1 } as never], { key: 'x' as never }),
    'unknown_column',
    /"x"|"id"/,
  ],
  [
    'many rows that lack their key',
    () => updateMany(notes, [wrong({ body: 'a' })], { key: 'id' }),
    'missing_key',
    /Row 1.*lacks id/,
  ],
  [
    'many rows of nothing but a key',
    () => updateMany(notes, [{ id: 1 }], { key: 'id' }),
    'empty_set',
    /nothing but their key/,
  ],
  [
    'many rows of one key',
    () =>
      updateMany(
        notes,
        [
          { id: 1, body: 'a' },
          { id: 1, body: 'b' },
        ],
        { key: 'id' },
      ),
    'duplicate_key',
    /Rows 1 and 2.*id: 1/,
  ],
  [
    'many rows by a document',
    () => updateMany(every, [{ jsonb: { a: 1 }, text: 'a' }], { key: 'jsonb' }),
    'invalid_key',
    /no row by jsonb/,
  ],
  [
    'many rows by a value of no type',
    () => compiled(updateMany(notes, [{ id: wrong(Object.create(null)), body: 'a' }], { key: 'id' })),
    'invalid_value',
    /notes\.id.*whole number/,
  ],
  [
    'many rows of nothing but a key that is named twice',
    () => updateMany(notes, [{ id: 1 }], { key: ['id', 'id'] }),
    'empty_set',
    /nothing but their key/,
  ],
  [
    'many rows of uneven keys',
    () => updateMany(notes, [{ id: 1, body: 'a' }, { id: 2 }], { key: 'id' }),
    'uneven_rows',
    /Row 2 lacks body/,
  ],
  [
    'many rows with undefined',
    () => updateMany(notes, [{ id: 1, body: wrong(undefined) }], { key: 'id' }),
    'undefined_value',
    /notes\.body is undefined in row 1/,
  ],
  [
    'many rows with NULL for a key',
    () => updateMany(notes, [{ id: wrong(null), body: 'a' }], { key: 'id' }),
    'null_comparison',
    /notes\.id is null in row 1/,
  ],
  [
    'many rows with an expression',
    () => updateMany(notes, [{ id: 1, body: wrong(users.name) }], { key: 'id' }),
    'invalid_row',
    /plain values/,
  ],
  [
    'old and new rows without a function',
    () =>
      update(notes)
        .set({ body: 'a' })
        .everyRow()
        .returningOldAndNew(wrong({ a: notes.id })),
    'invalid_selection',
    /before, after/,
  ],
  [
    'old and new rows beside a source of that name',
    () =>
      compiled(
        update(notes.as('old'))
          .set({ body: 'a' })
          .everyRow()
          .returningOldAndNew((before) => before),
      ),
    'duplicate_source',
    /'old'/,
  ],
  [
    'a delete by other sources that does not say which rows',
    () => compiled(deleteFrom(notes).using(users)),
    'no_where',
    /everyRow/,
  ],
  [
    'a delete by a source of the same name',
    () => compiled(deleteFrom(notes).using(notes).everyRow()),
    'duplicate_source',
    /'notes' stands twice/,
  ],
  ['a merge that does nothing', () => compiled(merge), 'no_branch', /whenMatched/],
  [
    'a branch that is never reached',
    () => merge.whenMatched().doDelete().whenMatched(users.active).doNothing(),
    'unreachable_branch',
    /matched already/,
  ],
  [
    'a merge that inserts what the table has',
    () => compiled(merge.whenNotMatched().doInsert({ id: notes.id })),
    'missing_source',
    /"notes"."id"/,
  ],
  [
    'what a merge did, asked elsewhere',
    () => compiled(select({ a: wrong(mergeAction()) })),
    'misplaced_merge_action',
    /returning/,
  ],
  ['truncate of no table', () => truncate(wrong([])), 'no_tables', /names no table/],
  ['truncate of an alias', () => truncate(wrong(n)), 'not_a_table', /'n' is an alias/],
]
const onId = () => note.onConflict(notes.id)

describe('what makes no sense is an error that says so', () => {
  it.each(misuses)('%s', async (_, work, code, says) => {
    const error = await errorOf(work)
    expect(error.message).toMatch(says)
    expect(error.code).toBe(code)
  })
})

it('keys of many rows are compared as the database compares them', async () => {
  const of = (first: string, second: string) => () =>
    updateMany(
      prices,
      [
        { price: first, id: 1 },
        { price: second, id: 2 },
      ],
      { key: 'price' },
    )
  expect((await errorOf(of('1.0', '01.00'))).code).toBe('duplicate_key')
  expect((await errorOf(of('-0', '0.0'))).code).toBe('duplicate_key')
  expect(of('1.0', '10')).not.toThrow()
  expect(of('-1', '1')).not.toThrow()
})
const prices = table('prices', { id: integer(), price: numeric().notNull() })
