import {
  collate,
  comment,
  count,
  createTable,
  cte,
  cube,
  deleteFrom,
  distinctOn,
  explain,
  fetchWithTies,
  forUpdate,
  fromJSON,
  generateSeries,
  grouping,
  hint,
  insert,
  integer,
  type Json,
  jsonb,
  jsonEach,
  jsonToRecordset,
  lateral,
  literal,
  lower,
  param,
  prefix,
  recursiveCte,
  reselect,
  rollup,
  type Statement,
  select,
  sql,
  tableFunction,
  tableSample,
  tags,
  text,
  timestamp,
  toJSON,
  truncate,
  values,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { describe, expect, it } from 'vitest'
import { notes, orgs, posts, users } from '../support/sample-schema.js'
import { errorOf } from '../support/sql.js'

const wrong = (value: unknown) => value as never
const ids = select({ id: users.id }).from(users)
const v = values('v', { id: integer().notNull(), name: text('the name') }, [
  { id: 1, name: null },
  { id: 2, name: 'b' },
])
const n = generateSeries('n', 1, 3)
const last = lateral('last', select({ t: posts.title }).from(posts).where(posts.authorId.eq(users.id)))
const gone = cte('gone', deleteFrom(notes).where(notes.id.eq(1)).returning({ id: notes.id }))
const few = cte('few', ids.where(users.id.lt(9)))
const sample = tableSample(users, 'system', 2.5)

/** A statement, its SQL in PostgreSQL, and in SQLite: the SQL, or what the refusal says. */
const written: readonly (readonly [Statement<unknown>, string, string | RegExp])[] = [
  [
    ids.add(distinctOn(users.orgId)).orderBy(users.orgId),
    'select distinct on ("users"."org_id") "users"."id" from "users" order by "users"."org_id"',
    'select "r"."c1" as "id" from (select "q"."c1", "q"."c2", row_number() over (partition by "q"."c2" order by "q"."c2" nulls last) as "n" ' +
      'from (select "users"."id" as "c1", "users"."org_id" as "c2" from "users") as "q") as "r" where "r"."n" = ? order by "r"."c2" nulls last',
  ],
  [
    ids.orderBy(users.id).offset(1).add(fetchWithTies(2)),
    'select "users"."id" from "users" order by "users"."id" offset $1 fetch first ($2) rows with ties',
    'select "r"."c1" as "id" from (select "q"."c1", rank() over (order by "q"."c1" nulls last) as "n" ' +
      'from (select "users"."id" as "c1" from "users") as "q") as "r" where "r"."n" <= ? + ? and ? > ? order by "r"."c1" nulls last limit -1 offset ?',
  ],
  [
    ids.add(forUpdate({ of: users, wait: 'skip locked' })),
    'select "users"."id" from "users" for update of "users" skip locked',
    /SQLite has no for update.*without: 'ignore'/,
  ],
  [
    ids
      .limit(1)
      .add(forUpdate({ without: 'ignore' }))
      .add(comment('why')),
    'select "users"."id" from "users" limit $1 for update /* why */',
    'select "users"."id" from "users" limit ? /* why */',
  ],
  [
    select({ o: users.orgId, g: grouping(users.orgId) })
      .from(users)
      .groupBy(rollup(users.orgId), cube([users.nick, users.id])),
    'select "users"."org_id" as "o", grouping("users"."org_id") as "g" from "users" group by rollup (("users"."org_id")), cube (("users"."nick", "users"."id"))',
    /SQLite has no rollup.*unionAll/,
  ],
  [
    ids.add(tags({ a: 'x\ud83d', '\udc00': '🙂' })),
    `select "users"."id" from "users" /*%EF%BF%BD='%F0%9F%99%82',a='x%EF%BF%BD'*/`,
    `select "users"."id" from "users" /*%EF%BF%BD='%F0%9F%99%82',a='x%EF%BF%BD'*/`,
  ],
  [
    ids
      .add(tags({ 'a b': "x'*/", z: '' }))
      .add(hint('SeqScan(users) */ ;'))
      .add(prefix(sql`all`)),
    `select /*+ SeqScan(users) * / ; */ all "users"."id" from "users" /*a%20b='x%27%2A%2F',z=''*/`,
    `select /*+ SeqScan(users) * / ; */ all "users"."id" from "users" /*a%20b='x%27%2A%2F',z=''*/`,
  ],
  [
    ids.limit(param('n', integer())).offset(2),
    'select "users"."id" from "users" limit $1::integer offset $2',
    'select "users"."id" from "users" limit ? offset ?',
  ],
  [
    ids.where(users.active).orderBy(users.id).limit(3).clear('where', 'orderBy', 'limit'),
    'select "users"."id" from "users"',
    'select "users"."id" from "users"',
  ],
  [
    explain(select(gone.id).from(gone), { analyze: true, verbose: false, format: 'json' }),
    'explain (analyze, format json) with "gone" as (delete from "notes" where "notes"."id" = $1 returning "notes"."id") select "gone"."id" as "value" from "gone"',
    /SQLite has no explain with analyze.*steps/,
  ],
  [
    explain(
      select(few.id)
        .from(few)
        .where(few.id.gt(param('least', integer()))),
    ),
    'explain with "few" as (select "users"."id" from "users" where "users"."id" < $1) select "few"."id" as "value" from "few" where "few"."id" > $2',
    'explain query plan with "few" as (select "users"."id" from "users" where "users"."id" < ?) select "few"."id" as "value" from "few" where "few"."id" > ?',
  ],
  [
    reselect(
      select({ up: lower(users.name), n: count() })
        .from(users)
        .groupBy((row) => row.up)
        .orderBy((row) => row.n.desc()),
      (row) => ({ n: row.n }),
    ),
    'select count(*) as "n" from "users" group by lower("users"."name") order by "n" desc',
    'select count(*) as "n" from "users" group by lower("users"."name") order by "n" desc',
  ],
  [
    ids.orderBy(collate(users.name, 'binary'), collate(users.name, 'my', 'own').desc()),
    'select "users"."id" from "users" order by "users"."name" collate "C", "users"."name" collate "my"."own" desc',
    'select "users"."id" from "users" order by "users"."name" collate "binary" nulls last, "users"."name" collate "my"."own" desc nulls first',
  ],
  [
    select(v).from(v),
    'select "v"."id", "v"."the name" as "name" from (values ($1::integer, cast(null as text)), ($2::integer, $3::text)) as "v" ("id", "the name")',
    'select "v"."id", "v"."the name" as "name" from (select "column1" as "id", "column2" as "the name" from (values (?, cast(null as text)), (?, ?))) as "v"',
  ],
  [
    select({ t: last.t }).from(users).leftJoin(last),
    'select "last"."t" from "users" left join lateral (select "posts"."title" as "t" from "posts" where "posts"."author_id" = "users"."id") as "last" on true',
    /SQLite has no lateral.*scalar subquery/,
  ],
  [
    select(n.value).from(n),
    'select "n"."value" from generate_series($1::integer, $2::integer, $3::integer) as "n" ("value")',
    'select "n"."value" from json_each((with recursive "r" ("n", "last", "step") as (select ?, ?, ? union all select "n" + "step", "last", "step" from "r" where case when "step" > 0 then "n" <= "last" - "step" else "step" < 0 and "n" >= "last" - "step" end) select json_group_array("n") from "r" where case when "step" > 0 then "n" <= "last" else "step" < 0 and "n" >= "last" end)) as "n"',
  ],
  [
    select(sample.id).from(sample),
    'select "users"."id" as "value" from "users" tablesample system (2.5)',
    /SQLite has no tablesample/,
  ],
  [
    select({ id: gone.id }).from(gone),
    'with "gone" as (delete from "notes" where "notes"."id" = $1 returning "notes"."id") select "gone"."id" from "gone"',
    /SQLite has no delete in a CTE.*transaction/,
  ],
  [
    (() => {
      const chain = recursiveCte('chain', ids, (self) => select({ id: self.id }).from(self), {
        cycle: { by: ['id'], as: 'again', path: 'way' },
      })
      return select(chain.again).from(chain)
    })(),
    'with recursive "chain" ("id") as (select "users"."id" from "users" union all select "chain"."id" from "chain") cycle "id" set "again" using "way" select "chain"."again" as "value" from "chain"',
    /SQLite has no cycle of a recursive CTE.*distinct: true/,
  ],
]

describe('clauses and sources', () => {
  it.each(written)('%# are written for each database', async (statement, postgres, lite) => {
    expect(statement.toSQL(postgresDialect).sql).toBe(postgres)
    if (typeof lite === 'string') expect(statement.toSQL(sqliteDialect).sql).toBe(lite)
    else
      expect(await errorOf(() => statement.toSQL(sqliteDialect))).toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(lite),
      })
  })

  const refused: readonly (readonly [does: string, work: () => unknown, code: string, says: RegExp])[] = [
    [
      'a lock beside distinct',
      () => ids.distinct().add(forUpdate()),
      'invalid_lock',
      /query with distinct.*subquery/,
    ],
    ['groups beside a lock', () => ids.add(forUpdate()).groupBy(users.id), 'invalid_lock', /groupBy/],
    [
      'a lock of a set operation',
      () => ids.union(ids).add(wrong(forUpdate())),
      'invalid_lock',
      /set operation/,
    ],
    [
      'a lock of a source that is not there',
      () => ids.add(forUpdate({ of: orgs })).toSQL(postgresDialect),
      'missing_source',
      /'orgs'.*'users'/,
    ],
    [
      'distinct on in another order',
      () => ids.orderBy(users.name).add(distinctOn(users.id)),
      'invalid_order',
      /begins with/,
    ],
    [
      'other rows of a set operation',
      () => reselect(wrong(ids.union(ids)), users.id),
      'invalid_query',
      /not compound.*as\('all'\)/,
    ],
    [
      'distinct rows ordered by what is selected no more',
      () => reselect(ids.distinct().orderBy(users.id), users.name),
      'invalid_order',
      /users\.id/,
    ],
    [
      'a plan of a plan',
      () => explain(wrong(explain(ids))),
      'invalid_statement',
      /of explain: only queries and writes/,
    ],
    ['a plan of DDL', () => explain(wrong(createTable(users))), 'invalid_statement', /of createTable: only/],
    ['a plan of a truncate', () => explain(truncate(users)), 'invalid_statement', /of truncate: only/],
    [
      'distinctOn beside distinct',
      () => ids.distinct().add(distinctOn(users.id)),
      'invalid_distinct',
      /distinct\(\) or distinctOn/,
    ],
    [
      'distinct beside distinctOn',
      () => ids.add(distinctOn(users.id)).distinct(),
      'invalid_distinct',
      /distinct\(\) or distinctOn/,
    ],
    ['a plan of a text', () => explain(wrong('select 1')), 'invalid_statement', /"select 1"/],
    [
      'options of a plan that there are not',
      () => explain(ids, wrong({ analyse: true })),
      'invalid_argument',
      /analyze.*analyse/,
    ],
    ['ties without an order', () => ids.add(fetchWithTies(1)), 'no_order', /orderBy/],
    [
      'ties and a limit',
      () => ids.orderBy(users.id).limit(1).add(fetchWithTies(1)),
      'invalid_limit',
      /not both/,
    ],
    ['a hint of a set operation', () => ids.union(ids).add(wrong(hint('x'))), 'invalid_clause', /select/],
    ['a text as raw SQL', () => prefix(wrong('all')), 'invalid_argument', /sql`…`/],
    ['a comment that is none', () => comment(wrong(1)), 'invalid_argument', /text/],
    [
      'a value that lacks a key',
      () => values('x', { id: integer() }, [wrong({})]),
      'undefined_value',
      /row 1, key 'id'/,
    ],
    [
      'a value with another key',
      () => values('x', { id: integer() }, [wrong({ id: 1, b: 1 })]),
      'unknown_column',
      /"b".*id/,
    ],
    ['a row that is none', () => values('x', { id: integer() }, [wrong(1)]), 'invalid_row', /Row 1/],
    ['values without columns', () => values('x', {}, []), 'no_columns', /'x'/],
    ['a series without end', () => generateSeries('s', 1, 2, 0), 'invalid_argument', /never end/],
    [
      'a function of a bad name',
      () => tableFunction('f', 'a; drop', [], { a: text() }),
      'invalid_name',
      /drop/,
    ],
    ['members of a text', () => jsonEach('e', wrong(users.name)), 'invalid_argument', /json/],
    [
      'times in a recordset, on SQLite',
      () => {
        const r = jsonToRecordset('r', literal([], jsonb()), { at: timestamp() })
        return select(r).from(r).toSQL(sqliteDialect)
      },
      'unsupported',
      /timestamp.*text\(\)/,
    ],
    ['a sample of a subquery', () => tableSample(wrong(ids.as('x')), 'system', 1), 'not_a_table', /'x'/],
    ['a sample of more than all', () => tableSample(users, 'system', 101), 'invalid_argument', /percentage/],
    [
      'a lateral query that sees what comes after it',
      () => select(last.t).from(orgs).crossJoin(last).crossJoin(users).toSQL(postgresDialect),
      'missing_source',
      /"users"/,
    ],
    [
      'a write in a CTE that returns nothing',
      () => cte('c', wrong(insert(notes).values({ id: 1 }))),
      'invalid_query',
      /returning/,
    ],
    [
      'a search by a column that is not there',
      () =>
        recursiveCte('c', ids, (self) => select({ id: self.id }).from(self), {
          search: { order: 'depth', by: [wrong('x')], as: 'o' },
        }),
      'unknown_column',
      /"x".*id/,
    ],
    [
      'a cycle under a name that is taken',
      () =>
        recursiveCte('c', ids, (self) => select({ id: self.id }).from(self), {
          cycle: { by: ['id'], as: 'id', path: 'p' },
        }),
      'duplicate_column',
      /'id'/,
    ],
  ]
  it.each(refused)('refuses %s', async (_, work, code, says) => {
    expect(await errorOf(work)).toMatchObject({ code, message: expect.stringMatching(says) })
  })

  const hostile: readonly (readonly [string, Statement<unknown>, string, unknown])[] = [
    ['the strength of a lock', ids.add(forUpdate()), '"update"', '"update; drop table x"'],
    ['how a lock waits', ids.add(forUpdate({ wait: 'nowait' })), '"nowait"', '"; drop"'],
    ['the options of a plan', explain(ids, { analyze: true }), '"analyze"', '"x) select; --"'],
    ['the form of a grouping', select(count()).from(users).groupBy(rollup(users.id)), '"rollup"', '"x"'],
    ['the method of a sample', select(sample.id).from(sample), '"system"', '"x ("'],
    ['the percentage of a sample', select(sample.id).from(sample), '2.5', '"1); drop"'],
    [
      'the name of a function',
      (() => {
        const f = tableFunction('f', 'some_function', [], { a: text() })
        return select(f.a).from(f)
      })(),
      '"some_function"',
      '"f(); drop"',
    ],
  ]
  it.each(hostile)('does not read %s from hostile JSON', async (_, statement, good, bad) => {
    const json = JSON.stringify(toJSON(statement))
    expect(json).toContain(good)
    expect(await errorOf(() => fromJSON(JSON.parse(json.replace(good, String(bad))) as Json))).toMatchObject({
      code: 'invalid_json',
    })
  })
})
