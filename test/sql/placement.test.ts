import {
  and,
  avg,
  caseWhen,
  cast,
  coalesce,
  count,
  createAll,
  date,
  distinctOn,
  double,
  exists,
  forShare,
  forUpdate,
  insert,
  integer,
  json,
  jsonArrayAgg,
  jsonb,
  lag,
  literal,
  lower,
  max,
  or,
  param,
  primaryKey,
  rollup,
  rowNumber,
  type Statement,
  select,
  sql,
  sum,
  table,
  text,
  timestamptz,
  tuple,
  typeCoerce,
  update,
  window,
} from '@espalier/core'
import { postgresDialect } from '@espalier/dialects/postgres'
import { sqliteDialect } from '@espalier/dialects/sqlite'
import { beforeAll, describe, expect, it } from 'vitest'
import { allDatabases } from '../support/databases.js'
import { errorOf } from '../support/sql.js'

const people = table('people', {
  id: integer().primaryKey(),
  name: text().notNull(),
  team: text().notNull(),
  born: date(),
  seen: timestamptz(),
  score: integer(),
})
const orders = table('orders', { id: integer().primaryKey(), person: integer().notNull() })

const databases = await allDatabases()
beforeAll(async () => {
  for (const { db } of databases) {
    for (const statement of createAll([people, orders], db.dialect)) await db.run(statement)
    await db.run(
      insert(people).values([
        { id: 1, name: 'Ann', team: 'a', score: 1, seen: new Date(0) },
        { id: 2, name: 'Bob', team: 'a', score: 2, seen: new Date(1) },
        { id: 3, name: 'Cyd', team: 'b', score: 4, seen: null },
      ]),
    )
    await db.run(insert(orders).values([{ id: 1, person: 1 }]))
  }
})

/** A statement's SQL on PostgreSQL and its rows on every database that can run it. */
async function check<R>(
  statement: Statement<R, never>,
  postgres: readonly unknown[],
  rows: readonly R[],
  only?: 'PostgreSQL',
): Promise<void> {
  const { sql: text, params } = statement.toSQL(postgresDialect)
  expect([text, ...params]).toEqual(postgres)
  for (const { name, db } of databases) {
    if (only === undefined || name !== 'SQLite') expect(await db.all(statement), name).toEqual(rows)
  }
}

describe('a group key that holds values may stand in other expressions', () => {
  const code = people.team.concat('-')
  const sorted = { a: 'a-!', b: 'b-!' }

  it('what is selected, having and order by share its parameters', () =>
    check(
      select({ code, loud: code.concat('!'), n: count() })
        .from(people)
        .groupBy(code)
        .having(code.ne('x'))
        .orderBy(code.concat('?')),
      [
        'select "people"."team" || $1 as "code", "people"."team" || $1 || $2 as "loud", count(*) as "n" from "people" group by 1 having "people"."team" || $1 <> $3 order by "people"."team" || $1 || $4',
        '-',
        '!',
        'x',
        '?',
      ],
      [
        { code: 'a-', loud: sorted.a, n: 2 },
        { code: 'b-', loud: sorted.b, n: 1 },
      ],
    ))

  it('a key that is not selected, made anew at each place', () =>
    check(
      select({ loud: people.team.concat('-').concat('!') })
        .from(people)
        .groupBy(people.team.concat('-'))
        .having(people.team.concat('-').gt('a-')),
      [
        'select "people"."team" || $1 || $2 as "loud" from "people" group by "people"."team" || $1 having "people"."team" || $1 > $3',
        '-',
        '!',
        'a-',
      ],
      [{ loud: 'b-!' }],
    ))

  it('values of several types, equal but for their type', () => {
    const level = caseWhen(people.score.gt(1), literal('1', text())).else('0')
    const since = caseWhen(people.seen.gt(new Date(0)), 1).else(0)
    return check(
      select({ level: level.concat('x'), since: since.add(1), n: count() })
        .from(people)
        .groupBy(level, since)
        .orderBy(level.concat('x'), since.add(1)),
      [
        'select case when "people"."score" > $1 then $2::text else $3::text end || $4 as "level", case when "people"."seen" > $5 then $1::integer else $6::integer end + $1 as "since", count(*) as "n" from "people" group by case when "people"."score" > $1 then $2::text else $3::text end, case when "people"."seen" > $5 then $1::integer else $6::integer end order by "level", "since"',
        1,
        '1',
        '0',
        'x',
        new Date(0),
        0,
      ],
      [
        { level: '0x', since: 1, n: 1 },
        { level: '1x', since: 1, n: 1 },
        { level: '1x', since: 2, n: 1 },
      ],
    )
  })

  it('a named parameter', async () => {
    const named = people.team.concat(param('end', text()))
    const statement = select({ loud: named.concat('!') })
      .from(people)
      .groupBy(named)
      .orderBy((row) => row.loud)
    expect(statement.toSQL(postgresDialect).sql).toBe(
      'select "people"."team" || $1 || $2 as "loud" from "people" group by "people"."team" || $1 order by "loud"',
    )
    for (const { name, db } of databases) {
      expect(await db.prepare(statement).all({ end: '+' }), name).toEqual([{ loud: 'a+!' }, { loud: 'b+!' }])
    }
  })

  it('in rollup', () =>
    check(
      select({ loud: code.concat('!'), n: count() })
        .from(people)
        .groupBy(rollup(code))
        .orderBy((row) => row.n),
      [
        'select "people"."team" || $1 || $2 as "loud", count(*) as "n" from "people" group by rollup (("people"."team" || $1)) order by "n"',
        '-',
        '!',
      ],
      [
        { loud: 'b-!', n: 1 },
        { loud: 'a-!', n: 2 },
        { loud: null as never, n: 3 },
      ],
      'PostgreSQL',
    ))

  it('distinct on, and the order that begins with it', () =>
    check(
      select({ id: people.id })
        .from(people)
        .add(distinctOn(code))
        .orderBy(people.team.concat('-'), people.id.desc()),
      [
        'select distinct on ("people"."team" || $1) "people"."id" from "people" order by "people"."team" || $1, "people"."id" desc',
        '-',
      ],
      [{ id: 2 }, { id: 3 }],
      'PostgreSQL',
    ))

  it('different values of an aggregate, in their order', () =>
    check(
      select({ all: jsonArrayAgg(code).distinct().orderBy(people.team.concat('-').desc()) }).from(people),
      [
        'select coalesce(json_agg(distinct "people"."team" || $1 order by "people"."team" || $1 desc) filter (where "people"."team" || $1 is not null), \'[]\'::json) as "all" from "people"',
        '-',
      ],
      [{ all: ['b-', 'a-'] }],
    ))

  it('equal values are separate parameters where nothing is compared', () => {
    expect(
      select(people.id).from(people).where(people.team.eq('a'), people.name.eq('a')).toSQL(postgresDialect)
        .params,
    ).toEqual(['a', 'a'])
    expect(
      select({ n: count() })
        .from(people)
        .where(people.team.eq('a'), people.name.eq('a'))
        .groupBy(people.id)
        .toSQL(postgresDialect).params,
    ).toEqual(['a', 'a'])
  })
})

const from = select({ id: people.id }).from(people)
const numbered = rowNumber().over({ orderBy: people.id })

describe('aggregates and windows stand where the databases take them', () => {
  const rows: readonly (readonly [string, Statement<unknown>, string, RegExp])[] = [
    [
      'an aggregate in where',
      from.where(count().gt(1)),
      'misplaced_aggregate',
      /count\(…\) cannot stand in where\..* having/,
    ],
    [
      'an aggregate in on',
      from.join(orders, orders.id.eq(max(people.id))),
      'misplaced_aggregate',
      /condition of a join.*subquery/,
    ],
    [
      'an aggregate in group by',
      from.groupBy(max(people.id)),
      'misplaced_aggregate',
      /in group by.*subquery/,
    ],
    [
      'an aggregate in an aggregate',
      select(max(count())).from(people),
      'misplaced_aggregate',
      /inside another aggregate/,
    ],
    [
      'an aggregate in a filter',
      select(count().filter(max(people.id).gt(1))).from(people),
      'misplaced_aggregate',
      /inside another aggregate/,
    ],
    [
      'an aggregate in a windowed one’s filter',
      select(sum(people.id).filter(count().gt(1)).over()).from(people),
      'misplaced_aggregate',
      /inside another aggregate/,
    ],
    [
      'three aggregates in each other',
      select(sum(max(count())).over()).from(people),
      'misplaced_aggregate',
      /inside another aggregate/,
    ],
    [
      'a JSON aggregate in where',
      from.where(jsonArrayAgg(people.id).isNull()),
      'misplaced_aggregate',
      /json_/,
    ],
    [
      'an aggregate in what is set',
      update(people)
        .set({ score: max(people.id) })
        .where(people.id.eq(1)),
      'misplaced_aggregate',
      /outside of a select.*scalar\(\)/,
    ],
    [
      'a window in where',
      from.where(numbered.eq(1)),
      'misplaced_window',
      /row_number\(…\)\.over\(…\) cannot stand in where.*subquery/,
    ],
    ['a window in on', from.join(orders, orders.id.eq(numbered)), 'misplaced_window', /condition of a join/],
    ['a window in group by', from.groupBy(numbered), 'misplaced_window', /in group by/],
    ['a window in having', from.groupBy(people.id).having(numbered.eq(1)), 'misplaced_window', /in having/],
    [
      'a window in an aggregate',
      select(max(numbered)).from(people),
      'misplaced_window',
      /inside another aggregate/,
    ],
    [
      'a window in a window',
      select(lag(numbered).over({ orderBy: people.id })).from(people),
      'misplaced_window',
      /inside another function over a window/,
    ],
    [
      'a window in the order of a window',
      select(rowNumber().over({ orderBy: numbered })).from(people),
      'misplaced_window',
      /inside another function over a window/,
    ],
  ]
  it.each(rows)('%s is refused', async (_name, statement, code, says) => {
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const error = await errorOf(() => statement.toSQL(dialect))
      expect(error).toMatchObject({ name: 'CompileError', code })
      expect(error.message).toMatch(says)
    }
  })

  it('where the databases refuse it in fact', async () => {
    for (const { name, db } of databases) {
      for (const raw of [
        sql.statement`select "id" from "people" where count(*) > 1`,
        sql.statement`select "id" from "people" group by max("id")`,
        sql.statement`select max(count(*)) from "people"`,
        sql.statement`select "id" from "people" where row_number() over (order by "id") = 1`,
        sql.statement`select "id" from "people" group by "id" having row_number() over (order by "id") = 1`,
        sql.statement`select max(row_number() over (order by "id")) from "people"`,
        sql.statement`update "people" set "score" = max("id")`,
      ]) {
        expect((await errorOf(() => db.run(raw))).name, name).toBe('ExecutionError')
      }
    }
  })

  it('aggregates within windows, subqueries and raw SQL are taken', () =>
    check(
      select({
        team: people.team,
        share: sum(count()).over(),
        before: lag(max(people.id)).over({ orderBy: people.team }),
        rank: rowNumber().over(window({ orderBy: [count().desc(), people.team] })),
        all: sql<number>`(select ${count()} from "orders")`,
      })
        .from(people)
        .where(
          people.id.gte(
            select(coalesce(max(orders.id), 0))
              .from(orders)
              .scalar(),
          ),
        )
        .groupBy(people.team)
        .having(avg(people.score).gte(select(cast(count(), double())).from(orders).scalar()))
        .orderBy(count().desc()),
      [
        'select "people"."team", sum(count(*)) over () as "share", lag(max("people"."id"), $1::integer) over (order by "people"."team") as "before", row_number() over (order by count(*) desc, "people"."team") as "rank", (select count(*) from "orders") as "all" from "people" where "people"."id" >= (select coalesce(max("orders"."id"), $2::integer) as "value" from "orders") group by "people"."team" having avg(cast("people"."score" as double precision)) >= (select cast(count(*) as double precision) as "value" from "orders") order by count(*) desc',
        1,
        0,
      ],
      [
        { team: 'a', share: 3, before: null, rank: 1, all: 1 },
        { team: 'b', share: 3, before: 2, rank: 2, all: 1 },
      ],
    ))
})

describe('locks', () => {
  const locked: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['an aggregate', () => select(count()).from(people).add(forUpdate()), /query with an aggregate/],
    ['a window', () => select(numbered).from(people).add(forShare()), /query with a window/],
    [
      'a nullable side',
      () => from.leftJoin(orders, orders.person.eq(people.id)).add(forUpdate()),
      /'orders', which an outer join may leave out\. Write \{ of: people \}/,
    ],
    [
      'a nullable side by name',
      () => from.rightJoin(orders, orders.person.eq(people.id)).add(forUpdate({ of: people })),
      /'people'.*\{ of: orders \}/,
    ],
    [
      'two nullable sides',
      () => from.fullJoin(orders, orders.person.eq(people.id)).add(forUpdate()),
      /'people'.*inner join/,
    ],
  ]
  it.each(locked)('cannot stand beside %s', async (_name, work, says) => {
    const error = await errorOf(() => (work() as Statement<unknown>).toSQL(postgresDialect))
    expect(error).toMatchObject({ code: 'invalid_lock' })
    expect(error.message).toMatch(says)
  })

  it('cannot stand in a side of a set operation', async () => {
    const error = await errorOf(() => from.add(forUpdate()).union(from))
    expect(error).toMatchObject({ code: 'invalid_lock' })
    expect(error.message).toMatch(/No side of a union can lock rows: lock in a subquery/)
  })

  it('beside an outer join names what is locked', () =>
    check(
      from
        .leftJoin(orders, orders.person.eq(people.id))
        .where(people.id.eq(1))
        .add(forUpdate({ of: people, without: 'ignore' })),
      [
        'select "people"."id" from "people" left join "orders" on "orders"."person" = "people"."id" where "people"."id" = $1 for update of "people"',
        1,
      ],
      [{ id: 1 }],
    ))
})

describe('joins', () => {
  const boss = people.as('boss')
  it('are conditions on what is joined before', async () => {
    const late = from.join(orders, orders.person.eq(boss.id)).join(boss, boss.id.eq(people.score))
    for (const dialect of [postgresDialect, sqliteDialect]) {
      const error = await errorOf(() => late.toSQL(dialect))
      expect(error).toMatchObject({ name: 'CompileError', code: 'missing_source' })
      expect(error.message).toMatch(/"boss"\."id" is used.*joined only after this condition: join it before/)
    }
    const inside = exists(select(count()).from(orders.as('o')).where(orders.as('o').id.eq(boss.id)))
    await expect(
      errorOf(() => from.join(orders, inside).join(boss, boss.id.eq(people.id)).toSQL(sqliteDialect)),
    ).resolves.toMatchObject({ code: 'missing_source' })
  })

  it('have names that differ by more than case', async () => {
    const error = await errorOf(() => from.crossJoin(orders.as('People')).toSQL(postgresDialect))
    expect(error).toMatchObject({ code: 'duplicate_source' })
  })

  it.each([
    ['a comparison with a value', orders.id.eq(1)],
    ['another comparison', orders.person.gt(people.id)],
    ['either of two', or(orders.person.eq(people.id), orders.id.eq(people.id))],
  ])('a full join of PostgreSQL is refused on %s', async (_name, on) => {
    const error = await errorOf(() => from.fullJoin(orders, on).toSQL(postgresDialect))
    expect(error).toMatchObject({ name: 'UnsupportedError' })
    expect(error.message).toMatch(
      /^PostgreSQL has no full join without an equality of both sides\. .*unionAll/,
    )
    const lite = databases.find(({ name }) => name === 'SQLite')
    expect((await lite?.db.all(from.fullJoin(orders, on)))?.length).toBeGreaterThan(0)
  })

  it.each([
    ['an equality and more', and(orders.person.eq(people.id), orders.id.gt(0))],
    ['true', sql<boolean>`true`],
    ['two equalities as one', tuple(orders.person, orders.id).eq([people.id, people.score])],
  ])('a full join is taken on %s', async (_name, on) => {
    for (const { name, db } of databases)
      expect((await db.all(from.fullJoin(orders, on))).length, name).toBe(3)
  })
})

describe('a column that is neither grouped by nor aggregated', () => {
  const pairs = table('pairs', { a: integer().notNull(), b: integer().notNull(), c: integer() }, (t) => [
    primaryKey(t.a, t.b),
  ])
  const boss = people.as('boss')
  const sub = select({ id: people.id, name: people.name }).from(people).as('sub')
  beforeAll(async () => {
    for (const { db } of databases) {
      for (const statement of createAll([pairs], db.dialect)) await db.run(statement)
      await db.run(insert(pairs).values({ a: 1, b: 1, c: 7 }))
    }
  })

  it.each<[string, string, Statement<unknown, never>]>([
    ['beside an aggregate', 'people.id', select({ id: people.id, n: count() }).from(people)],
    [
      'beside JSON of all rows',
      'people.id',
      select({ id: people.id, all: jsonArrayAgg(people.name) }).from(people),
    ],
    [
      'in an expression',
      'people.name',
      select({ x: people.name.concat('!'), n: count() })
        .from(people)
        .groupBy(people.team),
    ],
    [
      'by a key of another source',
      'boss.name',
      select(boss.name).from(people).crossJoin(boss).groupBy(people.id),
    ],
    ['by a part of a key', 'pairs.c', select(pairs.c).from(pairs).groupBy(pairs.a)],
    ['of a subquery, which has no key', 'sub.name', select(sub.name).from(sub).groupBy(sub.id)],
    ['in having', 'people.score', select(count()).from(people).having(people.score.gt(1))],
    [
      'in order by',
      'people.score',
      select(count()).from(people).groupBy(people.team).orderBy(people.score.desc()),
    ],
    [
      'in a window',
      'people.id',
      select(rowNumber().over({ orderBy: people.id }))
        .from(people)
        .groupBy(people.team),
    ],
    [
      'beside a group by an expression of another',
      'people.score',
      select({ name: lower(people.name), score: people.score })
        .from(people)
        .groupBy(lower(people.name)),
    ],
    [
      'of which only an expression is grouped by',
      'people.name',
      select(people.name).from(people).groupBy(lower(people.name)),
    ],
    [
      'in order by, beside a group by an expression',
      'people.score',
      select(count()).from(people).groupBy(lower(people.name)).orderBy(people.score),
    ],
    [
      'in a query within, of the group around it',
      'people.id',
      select({
        team: people.team,
        n: select(count()).from(orders).where(orders.person.eq(people.id)).scalar(),
      })
        .from(people)
        .groupBy(people.team),
    ],
    [
      'in a query within having',
      'people.id',
      select(people.team)
        .from(people)
        .groupBy(people.team)
        .having(exists(select(orders.id).from(orders).where(orders.person.eq(people.id)))),
    ],
    [
      'in a side of a set operation within',
      'people.id',
      select(people.team)
        .from(people)
        .groupBy(people.team)
        .having(
          people.team.in(
            select(boss.team)
              .from(boss)
              .union(select(literal('a', text())).from(orders).where(orders.id.eq(people.id))),
          ),
        ),
    ],
    [
      'beside an aggregate of its rows in a query within',
      'people.id',
      select({ id: people.id, sum: select(sum(people.score)).from(orders).scalar() }).from(people),
    ],
    [
      'in a subquery',
      'people.id',
      select(orders.id)
        .from(orders)
        .where(exists(select({ id: people.id, n: count() }).from(people))),
    ],
  ])('is refused %s', async (_name, column, statement) => {
    for (const { name, db } of databases) {
      const error = await errorOf(() => db.all(statement))
      expect(error, name).toMatchObject(
        name === 'SQLite'
          ? {
              name: 'CompileError',
              code: 'ungrouped_column',
              message: expect.stringMatching(`^${column} .*groupBy`),
            }
          : { name: 'ExecutionError', databaseCode: '42803' },
      )
    }
  })

  it.each<[string, Statement<unknown, never>, readonly unknown[]]>([
    [
      'in a group by the primary key',
      select({ name: people.name, n: count() }).from(people).groupBy(people.id).orderBy(people.name),
      [
        { name: 'Ann', n: 1 },
        { name: 'Bob', n: 1 },
        { name: 'Cyd', n: 1 },
      ],
    ],
    [
      'in a group by the key of an alias that may be missing',
      select({ name: boss.name, n: count() })
        .from(people)
        .leftJoin(boss, boss.id.eq(people.score))
        .groupBy(boss.id)
        .orderBy(boss.name),
      [
        { name: 'Ann', n: 1 },
        { name: 'Bob', n: 1 },
        { name: null, n: 1 },
      ],
    ],
    [
      'in a group by a key of several columns',
      select({ c: pairs.c, n: count() }).from(pairs).groupBy(pairs.a, pairs.b),
      [{ c: 7, n: 1 }],
    ],
    [
      'of the query around',
      select({ x: select(count().add(people.id)).from(pairs).scalar() })
        .from(people)
        .orderBy(people.id),
      [{ x: 2 }, { x: 3 }, { x: 4 }],
    ],
    [
      'of another row of the same table, in a query within',
      select({
        team: people.team,
        n: select(count()).from(people).where(people.score.gt(0)).scalar(),
        first: select(people.name).from(people).where(people.id.eq(1)).scalar(),
      })
        .from(people)
        .groupBy(people.team)
        .orderBy(people.team)
        .limit(1),
      [{ team: 'a', n: 3, first: 'Ann' }],
    ],
    [
      'in a query within, of the primary key',
      select({
        name: people.name,
        n: select(count()).from(orders).where(orders.person.eq(people.score)).scalar(),
      })
        .from(people)
        .groupBy(people.id)
        .orderBy(people.id),
      [
        { name: 'Ann', n: 1 },
        { name: 'Bob', n: 0 },
        { name: 'Cyd', n: 0 },
      ],
    ],
    [
      'in a query within, beside an aggregate of the group around it',
      select({
        team: people.team,
        id: select(orders.id.add(max(people.id)))
          .from(orders)
          .scalar(),
      })
        .from(people)
        .groupBy(people.team)
        .having(exists(select(orders.id).from(orders).where(orders.id.lt(10)).groupBy(orders.id)))
        .orderBy(people.team),
      [
        { team: 'a', id: 3 },
        { team: 'b', id: 4 },
      ],
    ],
    [
      'of the same table in a query beside one that aggregates the rows around it',
      select({
        sum: select(sum(people.score)).from(orders).scalar(),
        first: select(people.name).from(people).where(people.id.eq(1)).scalar(),
      })
        .from(people)
        .unionAll(
          select({ sum: sum(people.score), first: max(people.name) })
            .from(people)
            .groupBy(people.id),
        )
        .orderBy((row) => row.sum.desc())
        .limit(2),
      [
        { sum: 7, first: 'Ann' },
        { sum: 4, first: 'Cyd' },
      ],
    ],
    [
      'of one side of a set operation whose other side aggregates around a query',
      select({ n: select(max(people.score)).from(orders).scalar() })
        .from(people)
        .unionAll(select({ n: people.score }).from(people))
        .orderBy((row) => row.n)
        .limit(2),
      [{ n: 1 }, { n: 2 }],
    ],
    [
      'in the expression that is grouped by, and in one of it',
      select({ name: lower(people.name), long: lower(people.name).concat('!'), n: count() })
        .from(people)
        .groupBy(lower(people.name))
        .having(lower(people.name).ne('cyd'))
        .orderBy(lower(people.name).desc()),
      [
        { name: 'bob', long: 'bob!', n: 1 },
        { name: 'ann', long: 'ann!', n: 1 },
      ],
    ],
    [
      'as another type than that which is grouped by',
      select(people.name).from(people).groupBy(typeCoerce(people.name, text())).orderBy(people.name),
      ['Ann', 'Bob', 'Cyd'],
    ],
    [
      'beside a window',
      select({ id: people.id, n: count().over() }).from(people).orderBy(people.id).limit(1),
      [{ id: 1, n: 3 }],
    ],
    [
      'beside a query that aggregates',
      select({ id: people.id, n: select(count()).from(pairs).scalar() })
        .from(people)
        .orderBy(people.id)
        .limit(1),
      [{ id: 1, n: 1 }],
    ],
    [
      'in a query beside an aggregate',
      select({ n: count(), c: select(pairs.c).from(pairs).scalar() }).from(people),
      [{ n: 3, c: 7 }],
    ],
  ])('is taken %s', async (_name, statement, rows) => {
    for (const { name, db } of databases) expect(await db.all(statement), name).toEqual(rows)
  })
})

describe('json, which PostgreSQL cannot compare', () => {
  const papers = table('papers', { id: integer().primaryKey(), body: json(), tags: jsonb() })
  const bodies = select({ body: papers.body }).from(papers)
  const wrong = (value: unknown) => value as never
  it.each<[string, () => unknown]>([
    ['distinct', () => bodies.distinct()],
    ['groupBy', () => bodies.groupBy(papers.body)],
    ['orderBy', () => bodies.orderBy(papers.body)],
    ['orderBy of an output', () => bodies.orderBy((row) => row.body)],
    ['union', () => bodies.union(bodies)],
    ['all rows of it and of jsonb', () => bodies.unionAll(select({ body: papers.tags }).from(papers))],
    ['all rows of jsonb and of it', () => select({ body: papers.tags }).from(papers).unionAll(bodies)],
    ['count of different values', () => count(papers.body).distinct()],
    ['an aggregate’s order', () => jsonArrayAgg(papers.id).orderBy(papers.body)],
    ['a window', () => rowNumber().over({ partitionBy: papers.body })],
    ['distinctOn', () => distinctOn(papers.body)],
    [
      'an aggregate of JSON',
      () =>
        select(count())
          .from(papers)
          .orderBy(wrong(jsonArrayAgg(papers.id))),
    ],
  ])('is refused in %s', async (_name, work) => {
    const error = await errorOf(work)
    expect(error).toMatchObject({ name: 'BuildError', code: 'no_operator' })
    expect(error.message).toMatch(/of json.*jsonb\(\)/)
  })

  it('and jsonb is not', async () => {
    const tags = select({ tags: papers.tags }).from(papers)
    for (const { name, db } of databases) {
      for (const statement of createAll([papers], db.dialect)) await db.run(statement)
      await db.run(
        insert(papers).values([
          { id: 1, body: 1, tags: [1] },
          { id: 2, body: 1, tags: [1] },
        ]),
      )
      expect(await db.all(tags.distinct().orderBy(papers.tags)), name).toEqual([{ tags: [1] }])
      expect(await db.all(tags.union(tags)), name).toEqual([{ tags: [1] }])
      expect(await db.all(bodies.unionAll(bodies)), name).toHaveLength(4)
    }
  })
})

describe('distinct', () => {
  it.each([
    ['a column', () => from.distinct().orderBy(people.name)],
    ['a column, ordered before', () => from.orderBy(people.name.desc()).distinct()],
    [
      'an expression',
      () => select({ name: people.name }).from(people).distinct().orderBy(people.name.concat('x')),
    ],
    ['an expression of an output', () => from.distinct().orderBy((row) => row.id.add(1))],
  ])('is not ordered by %s that is not selected', async (_name, work) => {
    const error = await errorOf(work)
    expect(error).toMatchObject({ name: 'BuildError', code: 'invalid_order' })
    expect(error.message).toMatch(/what it selects.*groupBy/)
  })

  it('is ordered by what is selected', () =>
    check(
      select({ team: people.team, loud: people.team.concat('!') })
        .from(people)
        .distinct()
        .orderBy(people.team.desc(), people.team.concat('!')),
      [
        'select distinct "people"."team", "people"."team" || $1 as "loud" from "people" order by "people"."team" desc, "loud"',
        '!',
      ],
      [
        { team: 'b', loud: 'b!' },
        { team: 'a', loud: 'a!' },
      ],
    ))
})
