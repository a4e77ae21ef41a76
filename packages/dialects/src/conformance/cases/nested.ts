import {
  array,
  arrayAgg,
  arrayOf,
  bigint,
  coalesce,
  count,
  cte,
  distinctOn,
  insert,
  integer,
  json,
  literal,
  max,
  nest,
  param,
  rowNumber,
  select,
  sql,
  sum,
  text,
  update,
} from '@espalier/core'
import { type CaseDefinition, query, steps } from '../case.js'
import { events, orgs, people, posts, samples, seenAt } from '../schema.js'

const boss = people.as('boss')
const writer = people.as('writer')

const written = select({ id: posts.id, title: posts.title })
  .from(posts)
  .where(posts.authorId.eq(people.id))
  .orderBy(posts.id.desc())

const ann = { id: 1n, name: 'Ann', seenAt, price: '10.50', active: true }
const bob = { id: 2n, name: 'Bob', seenAt: null, price: '0.10', active: false }
const cyd = {
  id: 3n,
  name: 'Cyd',
  seenAt: new Date('2026-01-02T03:04:05.677Z'),
  price: null,
  active: true,
}

const titles = [
  { title: 'Alpha', likes: 5 },
  { title: 'Beta', likes: 3 },
]

export const nestedRows: readonly CaseDefinition[] = [
  query(
    'many rows in their order, and none',
    select({ name: people.name, posts: nest.many(written) })
      .from(people)
      .orderBy(people.id),
    [
      {
        name: 'Ann',
        posts: [
          { id: 2n, title: 'Beta' },
          { id: 1n, title: 'Alpha' },
        ],
      },
      { name: 'Bob', posts: [{ id: 3n, title: 'Gamma' }] },
      { name: 'Cyd', posts: [{ id: 4n, title: 'alpha' }] },
      { name: 'dan', posts: [] },
    ],
  ),
  query(
    'so many of them, from the second on',
    select({ id: people.id, posts: nest.many(written.limit(1).offset(1)) })
      .from(people)
      .where(people.id.in([1n, 2n]))
      .orderBy(people.id),
    [
      { id: 1n, posts: [{ id: 1n, title: 'Alpha' }] },
      { id: 2n, posts: [] },
    ],
  ),
  query(
    'one row, and none',
    select({
      name: people.name,
      org: nest.one(select({ id: orgs.id, name: orgs.name }).from(orgs).where(orgs.id.eq(people.orgId))),
    })
      .from(people)
      .where(people.id.gte(3n))
      .orderBy(people.id),
    [
      { name: 'Cyd', org: { id: 2, name: 'Bolt' } },
      { name: 'dan', org: null },
    ],
  ),
  steps('more than one row, where one is asked for', async ({ on, rejects, through }) => {
    const statement = select({ post: nest.one(written) })
      .from(people)
      .where(people.id.eq(1n))
    await rejects(on.all(through(statement)), 'too_many_rows')
  }),
  query('rows that have no row', select(people.name).from(people).where(nest.one(written).isNull()), ['dan']),
  query(
    'bare values',
    select({
      titles: nest.many(select(posts.title).from(posts).orderBy(posts.id)),
      first: nest.one(select(posts.id).from(posts).orderBy(posts.id).limit(1)),
      none: nest.one(select(posts.id).from(posts).where(posts.id.lt(0n))),
      unknown: nest.one(select(people.nick).from(people).where(people.id.eq(2n))),
    }),
    [{ titles: ['Alpha', 'Beta', 'Gamma', 'alpha'], first: 1n, none: null, unknown: null }],
  ),
  query(
    'as the rows themselves',
    select(nest.many(select(posts.likes).from(posts).where(posts.authorId.eq(people.id)).orderBy(posts.id)))
      .from(people)
      .orderBy(people.id),
    [[5, 3], [0], [5], []],
  ),
  query(
    'three levels down, with dates, bigints and decimals',
    select({
      org: orgs.name,
      people: nest.many(
        select({
          id: people.id,
          name: people.name,
          seenAt: people.seenAt,
          price: people.price,
          active: people.active,
          posts: nest.many(
            select({
              title: posts.title,
              likes: posts.likes,
            })
              .from(posts)
              .where(posts.authorId.eq(people.id))
              .orderBy(posts.id),
          ),
          first: nest.one(
            select({
              id: posts.id,
              writer: nest.one(
                select({ at: writer.seenAt, org: orgs.id }).from(writer).where(writer.id.eq(posts.authorId)),
              ),
            })
              .from(posts)
              .where(posts.authorId.eq(people.id))
              .orderBy(posts.id)
              .limit(1),
          ),
        })
          .from(people)
          .where(people.orgId.eq(orgs.id))
          .orderBy(people.id),
      ),
    })
      .from(orgs)
      .orderBy(orgs.id),
    [
      {
        org: 'Acme',
        people: [
          { ...ann, posts: titles, first: { id: 1n, writer: { at: seenAt, org: 1 } } },
          { ...bob, posts: [{ title: 'Gamma', likes: 0 }], first: { id: 3n, writer: { at: null, org: 1 } } },
        ],
      },
      {
        org: 'Bolt',
        people: [
          {
            ...cyd,
            posts: [{ title: 'alpha', likes: 5 }],
            first: { id: 4n, writer: { at: cyd.seenAt, org: 2 } },
          },
        ],
      },
      { org: 'Cove', people: [] },
    ],
  ),
  query(
    'whole tables that an outer join leaves out, inside and around',
    select({
      name: people.name,
      rows: nest.many(
        select({ title: posts.title, boss: { name: boss.name }, org: orgs, writer })
          .from(posts)
          .leftJoin(writer, writer.id.eq(posts.authorId).and(writer.active))
          .where(posts.authorId.eq(people.id), posts.id.ne(2n)),
      ),
    })
      .from(people)
      .leftJoin(boss, boss.id.eq(people.managerId))
      .leftJoin(orgs, orgs.id.eq(people.orgId))
      .where(people.id.in([1n, 2n]))
      .orderBy(people.id),
    [
      {
        name: 'Ann',
        rows: [
          {
            title: 'Alpha',
            boss: { name: null },
            org: { id: 1, name: 'Acme' },
            writer: {
              ...ann,
              orgId: 1,
              managerId: null,
              nick: 'A',
              score: 10,
              rate: 1.5,
              born: '1990-01-31',
            },
          },
        ],
      },
      {
        name: 'Bob',
        rows: [{ title: 'Gamma', boss: { name: 'Ann' }, org: { id: 1, name: 'Acme' }, writer: null }],
      },
    ],
  ),
  query(
    'groups, different rows, and aggregates',
    select({
      likes: nest.many(
        select({ likes: posts.likes, n: count(), sum: sum(posts.id) })
          .from(posts)
          .groupBy(posts.likes)
          .having(count().gte(1))
          .orderBy((row) => [row.n.desc(), row.likes.desc()]),
      ),
      different: nest.many(select({ likes: posts.likes }).from(posts).distinct().orderBy(posts.likes.desc())),
      most: nest.one(select({ likes: max(posts.likes), n: count() }).from(posts)),
      of: nest.one(
        select({ likes: max(posts.likes), n: count() })
          .from(posts)
          .where(posts.id.lt(0n)),
      ),
    }),
    [
      {
        likes: [
          { likes: 5, n: 2, sum: 5n },
          { likes: 3, n: 1, sum: 2n },
          { likes: 0, n: 1, sum: 3n },
        ],
        different: [{ likes: 5 }, { likes: 3 }, { likes: 0 }],
        most: { likes: 5, n: 4 },
        of: { likes: null, n: 0 },
      },
    ],
  ),
  query(
    'the first row of each group, numbered rows and set operations',
    select({
      first: nest.many(
        select({ author: posts.authorId, title: posts.title })
          .from(posts)
          .add(distinctOn(posts.authorId))
          .orderBy(posts.authorId, posts.id.desc()),
      ),
      numbered: nest.many(
        select({ n: rowNumber().over({ orderBy: posts.id.desc() }), id: posts.id })
          .from(posts)
          .orderBy((row) => row.n)
          .limit(2),
      ),
      both: nest.many(
        select({ name: people.name, at: people.seenAt })
          .from(people)
          .where(people.id.eq(1n))
          .unionAll(select({ name: people.nick, at: people.seenAt }).from(people).where(people.id.eq(2n)))
          .orderBy((row) => row.name.desc().nullsFirst()),
      ),
    }),
    [
      {
        first: [
          { author: 1n, title: 'Beta' },
          { author: 2n, title: 'Gamma' },
          { author: 3n, title: 'alpha' },
        ],
        numbered: [
          { n: 1, id: 4n },
          { n: 2, id: 3n },
        ],
        both: [
          { name: null, at: null },
          { name: 'Ann', at: seenAt },
        ],
      },
    ],
  ),
  query(
    'of a common table expression, beside its use outside',
    (() => {
      const liked = cte(
        'liked',
        select({ id: posts.id, author: posts.authorId }).from(posts).where(posts.likes.gt(2)),
      )
      const other = liked.as('other')
      return select({
        id: liked.id,
        others: nest.many(
          select(other.id).from(other).where(other.author.eq(liked.author), other.id.ne(liked.id)),
        ),
      })
        .from(liked)
        .orderBy(liked.id)
    })(),
    [
      { id: 1n, others: [2n] },
      { id: 2n, others: [1n] },
      { id: 4n, others: [] },
    ],
  ),
  query(
    'selected again from a subquery and a common table expression',
    (() => {
      const inner = select({
        id: people.id,
        posts: nest.many(written),
        org: nest.one(select({ name: orgs.name }).from(orgs).where(orgs.id.eq(people.orgId))),
      })
        .from(people)
        .where(people.id.ne(2n))
      const sub = inner.as('sub')
      const common = cte(
        'common',
        select({ id: sub.id, again: { posts: sub.posts, org: sub.org } }).from(sub),
      )
      return select({
        id: people.id,
        posts: common.again.posts,
        deep: nest.many(
          select({ org: common.again.org, posts: common.again.posts }).from(orgs).where(orgs.id.eq(1)),
        ),
      })
        .from(people)
        .leftJoin(common, common.id.eq(people.id))
        .where(people.id.in([2n, 3n, 4n]))
        .orderBy(people.id)
    })(),
    [
      { id: 2n, posts: null, deep: [{ org: null, posts: null }] },
      {
        id: 3n,
        posts: [{ id: 4n, title: 'alpha' }],
        deep: [{ org: { name: 'Bolt' }, posts: [{ id: 4n, title: 'alpha' }] }],
      },
      { id: 4n, posts: [], deep: [{ org: null, posts: [] }] },
    ],
  ),
  steps('in returning', async ({ on, equal, through }) => {
    const of = select({ name: people.name, seenAt: people.seenAt })
      .from(people)
      .where(people.id.lte(2n))
      .orderBy(people.id)
    const rows = [
      { name: 'Ann', seenAt },
      { name: 'Bob', seenAt: null },
    ]
    const inserted = insert(events)
      .values({ id: 900, what: 'x' })
      .returning({ id: events.id, people: nest.many(of) })
    equal(await on.all(through(inserted)), [{ id: 900, people: rows }], 'what insert returns')
    const author = nest.one(select({ name: people.name }).from(people).where(people.id.eq(posts.authorId)))
    const updated = update(posts)
      .set({ likes: 6 })
      .where(posts.id.eq(1n))
      .returning({ likes: posts.likes, author })
    equal(await on.all(through(updated)), [{ likes: 6, author: { name: 'Ann' } }], 'what update returns')
  }),
  steps('with named parameters, prepared', async ({ on, equal, through }) => {
    const statement = on.prepare(
      through(
        select({
          tag: param('tag', text()),
          posts: nest.many(
            select({ title: posts.title, n: param('n', bigint()) })
              .from(posts)
              .where(posts.authorId.eq(people.id), posts.likes.gte(param('least', integer())))
              .orderBy(posts.id)
              .limit(param('count', integer())),
          ),
        })
          .from(people)
          .where(people.id.eq(param('id', bigint()))),
      ),
    )
    const first = { tag: 't', n: 9007199254740993n, least: 1, count: 5, id: 1n }
    equal(
      await statement.one(first),
      {
        tag: 't',
        posts: [
          { title: 'Alpha', n: 9007199254740993n },
          { title: 'Beta', n: 9007199254740993n },
        ],
      },
      'the rows',
    )
    equal(
      await statement.one({ ...first, least: 4, n: 1n }),
      { tag: 't', posts: [{ title: 'Alpha', n: 1n }] },
      'fewer',
    )
    equal(await statement.one({ ...first, id: 4n }), { tag: 't', posts: [] }, 'none')
  }),
  query(
    'keys that are no names, and rows of objects',
    select({
      rows: nest.many(
        select({
          'a.b': posts.id,
          a: { b: posts.likes, 'c"d': { "it's": posts.title } },
          $1: posts.likes,
          '': posts.id,
          constructor: posts.title,
        })
          .from(posts)
          .where(posts.id.eq(1n)),
      ),
    }),
    [
      {
        rows: [{ 'a.b': 1n, a: { b: 5, 'c"d': { "it's": 'Alpha' } }, $1: 5, '': 1n, constructor: 'Alpha' }],
      },
    ],
  ),
  query(
    'more columns than a function takes arguments',
    select({ rows: nest.many(select(wide(250)).from(posts).where(posts.id.lte(2n)).orderBy(posts.id)) }),
    [{ rows: [wideRow(250, 1), wideRow(250, 2)] }],
  ),
  query(
    'columns without a type',
    select({
      rows: nest.many(
        select({
          whole: sql<number>`5`,
          great: sql<bigint>`9007199254740993`,
          real: sql<number>`cast(1.5 as double precision)`,
          text: sql<string>`'a"b'`,
          digits: sql<string>`'12'`,
          none: sql<null>`nullif(1, 1)`,
        }),
      ),
      top: sql<number>`5`,
    }),
    [
      {
        rows: [{ whole: 5, great: 9007199254740993n, real: 1.5, text: 'a"b', digits: '12', none: null }],
        top: 5,
      },
    ].map(({ rows, top }) => ({ rows: rows as never, top })),
  ),
  steps('documents: null in JSON is no absence', async ({ on, equal, through }) => {
    const documents = select({ json: samples.json, jsonb: samples.jsonb }).from(samples).as('documents')
    await on.run(
      through(
        insert(samples).values([
          { id: 1, json: [1, null, 'x"y'], jsonb: { a: 1.5 } },
          { id: 2, json: sql(json())`'null'`, jsonb: null },
          { id: 3, json: null, jsonb: 'text' },
        ]),
      ),
    )
    const statement = select({
      rows: nest.many(
        select({ org: orgs.id, documents })
          .from(orgs)
          .leftJoin(documents, orgs.id.eq(1))
          .where(orgs.id.ne(3)),
      ),
    })
    const { rows } = await on.one(through(statement))
    const found = new Set(rows.map((row) => JSON.stringify(row)))
    const expected = [
      { org: 1, documents: { json: [1, null, 'x"y'], jsonb: { a: 1.5 } } },
      { org: 1, documents: { json: null, jsonb: null } },
      { org: 1, documents: { json: null, jsonb: 'text' } },
      { org: 2, documents: null },
    ]
    equal(rows.length, 4, 'how many rows there are')
    for (const row of expected) equal(found.has(JSON.stringify(row)), true, JSON.stringify(row))
  }),
  query(
    'arrays within, and arrays of nested rows',
    select({
      rows: nest.many(
        select({
          ids: arrayAgg(posts.id).orderBy(posts.id),
          texts: literal(['a', null, '{"x"}'], array(text())),
        }).from(posts),
      ),
      made: nest.one(
        select({ of: arrayOf(bigint(), posts.id, null) })
          .from(posts)
          .where(posts.id.eq(1n)),
      ),
      all: select(arrayAgg(nest.many(select(posts.id).from(posts).where(posts.id.lte(2n)).orderBy(posts.id))))
        .from(orgs)
        .where(orgs.id.lte(2))
        .scalar(),
    }),
    [
      {
        rows: [{ ids: [1n, 2n, 3n, 4n], texts: ['a', null, '{"x"}'] }],
        made: { of: [1n, null] },
        all: [
          [1n, 2n],
          [1n, 2n],
        ],
      },
    ],
  ),
  query(
    'the first that there is of two',
    (() => {
      const of = (id: bigint) =>
        nest.one(select({ id: posts.id, title: posts.title }).from(posts).where(posts.id.eq(id)))
      return select({ post: coalesce(of(9n), of(2n)) })
    })(),
    [{ post: { id: 2n, title: 'Beta' } }],
  ),
]

/** So many columns, every hundredth of which is nested rows. */
function wide(size: number) {
  const numbers = Array.from({ length: size }, (_, i) => [
    `c${i}`,
    i % 100 === 99 ? nest.many(select({ of: posts.id })) : posts.likes.add(i),
  ])
  return Object.fromEntries(numbers) as Record<string, typeof posts.likes>
}

function wideRow(size: number, id: number): Record<string, number> {
  const likes = id === 1 ? 5 : 3
  const row = Array.from({ length: size }, (_, i) => [
    `c${i}`,
    i % 100 === 99 ? [{ of: BigInt(id) }] : likes + i,
  ])
  return Object.fromEntries(row) as Record<string, number>
}
