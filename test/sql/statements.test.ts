import {
  count,
  cte,
  deleteFrom,
  exists,
  foreignKey,
  insert,
  integer,
  literal,
  lower,
  max,
  primaryKey,
  recursiveCte,
  type Statement,
  select,
  sql,
  table,
  text,
  update,
} from '@espalier/core'
import { describe, expect, it } from 'vitest'
import { notes, orgs, posts, users } from '../support/sample-schema.js'
import { inBoth } from '../support/sql.js'

const boss = users.as('boss')
const other = users.as('other')
const elsewhere = table('t', { id: integer() }, undefined, { schema: 's' })
const rooms = table('rooms', { house: integer(), number: integer() }, (t) => [primaryKey(t.house, t.number)])
const seats = table('seats', { id: integer(), house: integer(), room: integer() }, (t) => [
  foreignKey([t.house, t.room], () => [rooms.house, rooms.number]),
])
const inner = select({ x: users.id }).from(users).where(users.score.gt(3)).as('inner')
const inner2 = inner.as('inner2')
const busy = cte(
  'busy',
  select({ author: posts.authorId, n: count() })
    .from(posts)
    .where(posts.title.ne('x'))
    .groupBy(posts.authorId),
)
const busy2 = busy.as('busy2')
const top = cte('top', select({ author: busy.author }).from(busy).where(busy.n.gt(5)))
const chain = recursiveCte('chain', select({ id: literal(1, integer()) }), (self) =>
  select({ id: self.id.add(1) })
    .from(self)
    .where(self.id.lt(9)),
)
const a = select({ id: users.id }).from(users)
const b = select({ id: orgs.id }).from(orgs)
const c = select({ id: posts.id }).from(posts).where(posts.id.gt(1))
const both = a.union(b).as('both')

type Case = readonly [
  statement: Statement<unknown>,
  postgres: readonly unknown[],
  sqlite?: readonly unknown[],
]

const cases: Readonly<Record<string, readonly Case[]>> = {
  select: [
    [
      select({ id: users.id, fullName: users.name }).from(users),
      ['select "users"."id", "users"."name" as "fullName" from "users"'],
    ],
    [select(users.name).from(users), ['select "users"."name" as "value" from "users"']],
    [select(orgs).from(orgs), ['select "orgs"."id", "orgs"."name" from "orgs"']],
    [
      select({ ...orgs, n: count() })
        .from(orgs)
        .groupBy(orgs.id),
      ['select "orgs"."id", "orgs"."name", count(*) as "n" from "orgs" group by "orgs"."id"'],
    ],
    [
      (() => {
        const { name: _, ...others } = orgs
        return select(others).from(orgs)
      })(),
      ['select "orgs"."id" from "orgs"'],
    ],
    [
      select({ org: orgs, boss: { name: users.name } })
        .from(users)
        .join(orgs),
      [
        'select "orgs"."id" as "org.id", "orgs"."name" as "org.name", "users"."name" as "boss.name" from "users" inner join "orgs" on "users"."org_id" = "orgs"."id"',
      ],
    ],
    [
      select({ a: users.id }).from(users).where(users.active).where(users.score.gt(1), users.nick.isNull()),
      [
        'select "users"."id" as "a" from "users" where "users"."active" and "users"."score" > $1 and "users"."nick" is null',
        1,
      ],
    ],
    [
      select({ a: users.orgId, n: count() })
        .from(users)
        .groupBy(users.orgId)
        .having(count().gt(1))
        .having(count().lt(9)),
      [
        'select "users"."org_id" as "a", count(*) as "n" from "users" group by "users"."org_id" having count(*) > $1 and count(*) < $2',
        1,
        9,
      ],
    ],
    [
      select({ a: users.orgId, n: count() })
        .from(users)
        .groupBy((row) => row.a),
      ['select "users"."org_id" as "a", count(*) as "n" from "users" group by 1'],
    ],
    [
      select({ a: lower(users.name), n: count() })
        .from(users)
        .groupBy((row) => [row.a]),
      ['select lower("users"."name") as "a", count(*) as "n" from "users" group by 1'],
    ],
    [
      select({ a: users.id }).from(users).orderBy(users.name, users.nick.desc()),
      ['select "users"."id" as "a" from "users" order by "users"."name", "users"."nick" desc'],
      ['select "users"."id" as "a" from "users" order by "users"."name", "users"."nick" desc nulls first'],
    ],
    [
      select({ a: users.id })
        .from(users)
        .orderBy(users.nick.asc().nullsFirst(), users.nick.desc().nullsLast()),
      [
        'select "users"."id" as "a" from "users" order by "users"."nick" nulls first, "users"."nick" desc nulls last',
      ],
    ],
    [
      select({ a: users.id, b: users.nick })
        .from(users)
        .orderBy((row) => [row.b.desc(), row.a.add(1)]),
      [
        'select "users"."id" as "a", "users"."nick" as "b" from "users" order by "b" desc, "users"."id" + $1',
        1,
      ],
      [
        'select "users"."id" as "a", "users"."nick" as "b" from "users" order by "b" desc nulls first, "users"."id" + ? nulls last',
        1n,
      ],
    ],
    [
      select({ a: users.id }).from(users).orderBy(literal(1, integer())),
      ['select "users"."id" as "a" from "users" order by cast($1::integer as integer)', 1],
      ['select "users"."id" as "a" from "users" order by cast(? as integer) nulls last', 1n],
    ],
    [select({ a: users.id }).from(users).limit(5), ['select "users"."id" as "a" from "users" limit $1', 5]],
    [
      select({ a: users.id }).from(users).offset(5),
      ['select "users"."id" as "a" from "users" offset $1', 5],
      ['select "users"."id" as "a" from "users" limit -1 offset ?', 5],
    ],
    [
      select({ a: users.id }).from(users).limit(5).offset(10),
      ['select "users"."id" as "a" from "users" limit $1 offset $2', 5, 10],
    ],
    [select({ a: users.id }).from(users).distinct(), ['select distinct "users"."id" as "a" from "users"']],
    [select({ a: literal(1, integer()) }), ['select $1::integer as "a"', 1], ['select ? as "a"', 1n]],
    [select({ a: elsewhere.id }).from(elsewhere), ['select "t"."id" as "a" from "s"."t"']],
  ],
  join: [
    [
      select({ a: users.id }).from(users).join(orgs),
      ['select "users"."id" as "a" from "users" inner join "orgs" on "users"."org_id" = "orgs"."id"'],
    ],
    [
      select({ a: users.id }).from(orgs).join(users),
      ['select "users"."id" as "a" from "orgs" inner join "users" on "users"."org_id" = "orgs"."id"'],
    ],
    [
      select({ a: users.id }).from(users).leftJoin(orgs),
      ['select "users"."id" as "a" from "users" left join "orgs" on "users"."org_id" = "orgs"."id"'],
    ],
    [
      select({ a: users.id }).from(users).rightJoin(orgs, orgs.id.eq(users.orgId)),
      ['select "users"."id" as "a" from "users" right join "orgs" on "orgs"."id" = "users"."org_id"'],
    ],
    [
      select({ a: users.id }).from(users).fullJoin(orgs, orgs.id.eq(users.orgId)),
      ['select "users"."id" as "a" from "users" full join "orgs" on "orgs"."id" = "users"."org_id"'],
    ],
    [
      select({ a: users.id }).from(users).crossJoin(orgs),
      ['select "users"."id" as "a" from "users" cross join "orgs"'],
    ],
    [
      select({ a: users.id }).from(users).from(orgs),
      ['select "users"."id" as "a" from "users" cross join "orgs"'],
    ],
    [
      select({ a: users.id, b: boss.name }).from(users).leftJoin(boss, boss.id.eq(users.managerId)),
      [
        'select "users"."id" as "a", "boss"."name" as "b" from "users" left join "users" as "boss" on "boss"."id" = "users"."manager_id"',
      ],
    ],
    [
      select({ a: other.id }).from(other).join(orgs),
      [
        'select "other"."id" as "a" from "users" as "other" inner join "orgs" on "other"."org_id" = "orgs"."id"',
      ],
    ],
    [
      select({ a: posts.id }).from(posts).join(users, posts.authorId.eq(users.id)).join(orgs),
      [
        'select "posts"."id" as "a" from "posts" inner join "users" on "posts"."author_id" = "users"."id" inner join "orgs" on "users"."org_id" = "orgs"."id"',
      ],
    ],
    [
      select({ a: seats.id }).from(seats).join(rooms),
      [
        'select "seats"."id" as "a" from "seats" inner join "rooms" on "seats"."house" = "rooms"."house" and "seats"."room" = "rooms"."number"',
      ],
    ],
  ],
  subquery: [
    [
      select({ a: inner.x }).from(inner),
      [
        'select "inner"."x" as "a" from (select "users"."id" as "x" from "users" where "users"."score" > $1) as "inner"',
        3,
      ],
    ],
    [
      select({ a: inner.x, b: inner2.x }).from(inner).join(inner2, inner2.x.eq(inner.x)),
      [
        'select "inner"."x" as "a", "inner2"."x" as "b" from (select "users"."id" as "x" from "users" where "users"."score" > $1) as "inner" inner join (select "users"."id" as "x" from "users" where "users"."score" > $2) as "inner2" on "inner2"."x" = "inner"."x"',
        3,
        3,
      ],
    ],
    [
      select({ n: select(count()).from(posts).where(posts.authorId.eq(users.id)).scalar() }).from(users),
      [
        'select (select count(*) as "value" from "posts" where "posts"."author_id" = "users"."id") as "n" from "users"',
      ],
    ],
  ],
  cte: [
    [
      select({ a: busy.author }).from(busy),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $1 group by "posts"."author_id") select "busy"."author" as "a" from "busy"',
        'x',
      ],
    ],
    [
      select({ a: busy.author, b: busy2.n }).from(busy).join(busy2, busy2.n.gt(busy.n)),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $1 group by "posts"."author_id") select "busy"."author" as "a", "busy2"."n" as "b" from "busy" inner join "busy" as "busy2" on "busy2"."n" > "busy"."n"',
        'x',
      ],
    ],
    [
      select({ a: users.id })
        .from(users)
        .where(users.id.in(select(busy.author).from(busy)), users.score.gt(7)),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $1 group by "posts"."author_id") select "users"."id" as "a" from "users" where "users"."id" in (select "busy"."author" as "value" from "busy") and "users"."score" > $2',
        'x',
        7,
      ],
    ],
    [
      select({ a: top.author }).from(top).join(busy, busy.author.eq(top.author)),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $1 group by "posts"."author_id"), "top" as (select "busy"."author" from "busy" where "busy"."n" > $2) select "top"."author" as "a" from "top" inner join "busy" on "busy"."author" = "top"."author"',
        'x',
        5,
      ],
    ],
    [
      select({ a: chain.id }).from(chain).where(chain.id.gt(1)),
      [
        'with recursive "chain" ("id") as (select $1::integer as "id" union all select "chain"."id" + $2 as "id" from "chain" where "chain"."id" < $3) select "chain"."id" as "a" from "chain" where "chain"."id" > $4',
        1,
        1,
        9,
        1,
      ],
      [
        'with recursive "chain" ("id") as (select ? as "id" union all select "chain"."id" + ? as "id" from "chain" where "chain"."id" < ?) select "chain"."id" as "a" from "chain" where "chain"."id" > ?',
        1n,
        1n,
        9,
        1,
      ],
    ],
  ],
  'set operation': [
    [
      a.exceptAll(b).orderBy((row) => row.id),
      ['select "users"."id" from "users" except all select "orgs"."id" from "orgs" order by "id"'],
      [
        'select "r"."c1" as "id" from (select "q"."id" as "c1", row_number() over (partition by "q"."id") as "n" from (select "users"."id" from "users") as "q" except select "q"."id" as "c1", row_number() over (partition by "q"."id") as "n" from (select "orgs"."id" from "orgs") as "q") as "r" order by "id" nulls last',
      ],
    ],
    [a.union(b), ['select "users"."id" from "users" union select "orgs"."id" from "orgs"']],
    [
      a
        .unionAll(b)
        .orderBy((row) => row.id.desc())
        .limit(3),
      [
        'select "users"."id" from "users" union all select "orgs"."id" from "orgs" order by "id" desc limit $1',
        3,
      ],
      [
        'select "users"."id" from "users" union all select "orgs"."id" from "orgs" order by 1 desc nulls first limit ?',
        3,
      ],
    ],
    [
      a.union(b).intersect(c),
      [
        '(select "users"."id" from "users" union select "orgs"."id" from "orgs") intersect select "posts"."id" from "posts" where "posts"."id" > $1',
        1,
      ],
      [
        'select "users"."id" from "users" union select "orgs"."id" from "orgs" intersect select "posts"."id" from "posts" where "posts"."id" > ?',
        1,
      ],
    ],
    [
      a.union(b.intersect(c)),
      [
        'select "users"."id" from "users" union (select "orgs"."id" from "orgs" intersect select "posts"."id" from "posts" where "posts"."id" > $1)',
        1,
      ],
      [
        'select "users"."id" from "users" union select * from (select "orgs"."id" from "orgs" intersect select "posts"."id" from "posts" where "posts"."id" > ?)',
        1,
      ],
    ],
    [
      a.except(b).except(c),
      [
        '(select "users"."id" from "users" except select "orgs"."id" from "orgs") except select "posts"."id" from "posts" where "posts"."id" > $1',
        1,
      ],
      [
        'select "users"."id" from "users" except select "orgs"."id" from "orgs" except select "posts"."id" from "posts" where "posts"."id" > ?',
        1,
      ],
    ],
    [
      a.except(b.except(c)),
      [
        'select "users"."id" from "users" except (select "orgs"."id" from "orgs" except select "posts"."id" from "posts" where "posts"."id" > $1)',
        1,
      ],
      [
        'select "users"."id" from "users" except select * from (select "orgs"."id" from "orgs" except select "posts"."id" from "posts" where "posts"."id" > ?)',
        1,
      ],
    ],
    [
      a.limit(1).union(b.orderBy(orgs.id)),
      [
        '(select "users"."id" from "users" limit $1) union (select "orgs"."id" from "orgs" order by "orgs"."id")',
        1,
      ],
      [
        'select * from (select "users"."id" from "users" limit ?) union select * from (select "orgs"."id" from "orgs" order by "orgs"."id")',
        1,
      ],
    ],
    [
      select({ x: both.id }).from(both),
      [
        'select "both"."id" as "x" from (select "users"."id" from "users" union select "orgs"."id" from "orgs") as "both"',
      ],
    ],
  ],
  insert: [
    [insert(notes).values({ id: 1 }), ['insert into "notes" ("id") values ($1)', 1]],
    [
      insert(notes).values([
        { id: 1, body: 'a' },
        { id: 2, body: null },
      ]),
      ['insert into "notes" ("id", "body") values ($1, $2), ($3, $4)', 1, 'a', 2, null],
    ],
    [
      insert(notes).values({ id: literal(1, integer()).add(1), body: 'a' }),
      ['insert into "notes" ("id", "body") values ($1::integer + $2::integer, $3)', 1, 1, 'a'],
      ['insert into "notes" ("id", "body") values (? + ?, ?)', 1n, 1n, 'a'],
    ],
    [insert(notes).defaultValues(), ['insert into "notes" default values']],
    [
      insert(notes).fromSelect(select({ id: users.id, body: users.name }).from(users).where(users.active)),
      [
        'insert into "notes" ("id", "body") select "users"."id", "users"."name" as "body" from "users" where "users"."active"',
      ],
    ],
    [
      insert(notes).fromSelect(select({ id: busy.author, body: literal('x', text()) }).from(busy)),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $2 group by "posts"."author_id") insert into "notes" ("id", "body") select "busy"."author" as "id", $1::text as "body" from "busy"',
        'x',
        'x',
      ],
    ],
    [
      insert(notes).values({ id: 1 }).returning(notes),
      ['insert into "notes" ("id") values ($1) returning "notes"."id", "notes"."body"', 1],
    ],
    [
      insert(notes)
        .values({ id: 1 })
        .returning({ a: notes.id, b: notes.body.concat('!') }),
      [
        'insert into "notes" ("id") values ($1) returning "notes"."id" as "a", "notes"."body" || $2 as "b"',
        1,
        '!',
      ],
    ],
    [
      insert(notes).values({ id: 1 }).onConflict().doNothing(),
      ['insert into "notes" ("id") values ($1) on conflict do nothing', 1],
    ],
    [
      insert(notes).values({ id: 1 }).onConflict(notes.id).doNothing(),
      ['insert into "notes" ("id") values ($1) on conflict ("id") do nothing', 1],
    ],
    [
      insert(notes)
        .values({ id: 1, body: 'a' })
        .onConflict(notes.id)
        .doUpdate((t, excluded) => ({ body: t.body.concat(excluded.body) })),
      [
        'insert into "notes" ("id", "body") values ($1, $2) on conflict ("id") do update set "body" = "notes"."body" || "excluded"."body"',
        1,
        'a',
      ],
    ],
    [
      insert(notes)
        .values({ id: 1, body: 'a' })
        .onConflict(notes.id)
        .doUpdate({ body: 'b' })
        .where(notes.id.gt(0))
        .returning({ id: notes.id }),
      [
        'insert into "notes" ("id", "body") values ($1, $2) on conflict ("id") do update set "body" = $3 where "notes"."id" > $4 returning "notes"."id"',
        1,
        'a',
        'b',
        0,
      ],
    ],
    [
      insert(notes)
        .fromSelect(select({ id: users.id }).from(users))
        .onConflict(notes.id)
        .doNothing(),
      ['insert into "notes" ("id") select "users"."id" from "users" on conflict ("id") do nothing'],
      [
        'insert into "notes" ("id") select * from (select "users"."id" from "users") where true on conflict ("id") do nothing',
      ],
    ],
    [
      insert(notes)
        .fromSelect(select({ id: users.id }).from(users).where(users.active))
        .onConflict(notes.id)
        .doNothing(),
      [
        'insert into "notes" ("id") select "users"."id" from "users" where "users"."active" on conflict ("id") do nothing',
      ],
    ],
  ],
  update: [
    [
      update(users).set({ name: 'x', score: null }).where(users.id.eq(1)),
      ['update "users" set "name" = $1, "score" = null where "users"."id" = $2', 'x', 1],
    ],
    [
      update(users)
        .set((t) => ({ score: t.score.add(1) }))
        .everyRow(),
      ['update "users" set "score" = "users"."score" + $1', 1],
      ['update "users" set "score" = "users"."score" + ?', 1n],
    ],
    [
      update(users)
        .set({ orgId: select(max(orgs.id)).from(orgs).scalar() as never })
        .where(users.id.eq(1)),
      [
        'update "users" set "org_id" = (select max("orgs"."id") as "value" from "orgs") where "users"."id" = $1',
        1,
      ],
    ],
    [
      update(users).set({ nick: orgs.name }).from(orgs).where(orgs.id.eq(users.orgId)),
      ['update "users" set "nick" = "orgs"."name" from "orgs" where "orgs"."id" = "users"."org_id"'],
    ],
    [
      update(users).set({ score: busy.n }).from(busy).where(busy.author.eq(users.id)),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $1 group by "posts"."author_id") update "users" set "score" = "busy"."n" from "busy" where "busy"."author" = "users"."id"',
        'x',
      ],
    ],
    [
      update(users).set({ score: 1 }).where(users.id.eq(1)).where(users.active).returning({ id: users.id }),
      [
        'update "users" set "score" = $1 where "users"."id" = $2 and "users"."active" returning "users"."id"',
        1,
        1,
      ],
    ],
  ],
  delete: [
    [deleteFrom(users).where(users.id.eq(1)), ['delete from "users" where "users"."id" = $1', 1]],
    [deleteFrom(users).everyRow(), ['delete from "users"']],
    [
      deleteFrom(users)
        .where(exists(select(orgs.id).from(orgs).where(orgs.id.eq(users.orgId))))
        .returning(users.id),
      [
        'delete from "users" where exists (select "orgs"."id" as "value" from "orgs" where "orgs"."id" = "users"."org_id") returning "users"."id" as "value"',
      ],
    ],
    [
      deleteFrom(users).where(users.id.in(select(busy.author).from(busy))),
      [
        'with "busy" as (select "posts"."author_id" as "author", count(*) as "n" from "posts" where "posts"."title" <> $1 group by "posts"."author_id") delete from "users" where "users"."id" in (select "busy"."author" as "value" from "busy")',
        'x',
      ],
    ],
  ],
  raw: [
    [sql.statement`vacuum`, ['vacuum']],
    [
      sql.statement`delete from ${users} where ${sql.identifier('users', 'id')} = ${1} and ${'x'} = 'x'`,
      ['delete from "users" where "users"."id" = $1::integer and $2::text = \'x\'', 1, 'x'],
      ['delete from "users" where "users"."id" = ? and ? = \'x\'', 1n, 'x'],
    ],
  ],
}

const list = Object.entries(cases).flatMap(([topic, all]) =>
  all.map((one, i) => ({ name: `${topic} ${i + 1}: ${one[1][0]}`, one })),
)

describe('statements', () => {
  it.each(list)('$name', ({ one: [statement, postgres, sqlite] }) => {
    const written = inBoth(statement)
    expect(written.postgres).toEqual(postgres)
    expect(written.sqlite).toEqual(
      sqlite ?? [String(postgres[0]).replace(/\$\d+(::\w+)?/g, '?'), ...postgres.slice(1)],
    )
  })
})
