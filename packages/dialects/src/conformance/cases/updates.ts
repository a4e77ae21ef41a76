import {
  caseWhen,
  coalesce,
  comment,
  count,
  cte,
  defaultValue,
  insert,
  integer,
  literal,
  max,
  select,
  sum,
  update,
  updateMany,
} from '@espalier/core'
import { type CaseDefinition, query, steps, write } from '../case.js'
import { orgs, people, posts, samples } from '../schema.js'

const insertSamples = insert(samples).values([{ id: 1 }, { id: 2 }])
const likes = select(posts.likes).from(posts).orderBy(posts.id)

export const updates: readonly CaseDefinition[] = [
  write('values', update(posts).set({ likes: 9, title: 'x' }).where(posts.id.eq(2n)), 1, likes, [5, 9, 0, 5]),
  write(
    'expressions of the old row',
    update(posts)
      .set((t) => ({ likes: t.likes.mul(2).add(1) }))
      .everyRow(),
    4,
    likes,
    [11, 7, 1, 11],
  ),
  write(
    'columns that change places',
    update(people)
      .set({ nick: people.name, name: coalesce(people.nick, '-') })
      .where(people.id.lte(2n)),
    2,
    select({ name: people.name, nick: people.nick }).from(people).where(people.id.lte(2n)).orderBy(people.id),
    [
      { name: 'A', nick: 'Ann' },
      { name: '-', nick: 'Bob' },
    ],
  ),
  write(
    'null',
    update(people).set({ score: null, seenAt: null, price: null }).where(people.id.eq(1n)),
    1,
    select({ a: people.score, b: people.seenAt, c: people.price }).from(people).where(people.id.eq(1n)),
    [{ a: null, b: null, c: null }],
  ),
  write(
    'nothing that matches',
    update(posts).set({ likes: 9 }).where(posts.id.eq(99n)),
    0,
    likes,
    [5, 3, 0, 5],
  ),
  write(
    'from a query',
    update(people)
      .set({ score: select(count()).from(posts).where(posts.authorId.eq(people.id)).scalar() })
      .where(people.active.eq(true)),
    3,
    select(people.score).from(people).orderBy(people.id),
    [2, 7, 1, 0],
  ),
  write(
    'by a case',
    update(posts)
      .set({ likes: caseWhen(posts.likes.gt(4), 100).else(posts.likes) })
      .everyRow(),
    4,
    likes,
    [100, 3, 0, 100],
  ),
  write(
    'from another source',
    update(people)
      .set({ nick: orgs.name, score: orgs.id.mul(10) })
      .from(orgs)
      .where(orgs.id.eq(people.orgId), orgs.name.eq('Acme')),
    2,
    select({ nick: people.nick, score: people.score }).from(people).orderBy(people.id).limit(3),
    [
      { nick: 'Acme', score: 10 },
      { nick: 'Acme', score: 10 },
      { nick: 'a%b_c\\d', score: null },
    ],
    { needs: ['update from'] },
  ),
  write(
    'from itself under another name',
    (() => {
      const boss = people.as('boss')
      return update(people).set({ nick: boss.name }).from(boss).where(boss.id.eq(people.managerId))
    })(),
    3,
    select(people.nick).from(people).orderBy(people.id),
    ['A', 'Ann', 'Ann', 'Bob'],
    { needs: ['update from'] },
  ),
  query(
    'with a comment, returning',
    update(posts)
      .set({ likes: 1 })
      .where(posts.id.eq(3n))
      .returning({ id: posts.id, likes: posts.likes })
      .add(comment('set -- /* by */ hand')),
    [{ id: 3n, likes: 1 }],
    { needs: ['returning'] },
  ),
  write(
    'by a query of the table itself, as it was before',
    (() => {
      const earlier = posts.as('earlier')
      const most = select(max(earlier.likes)).from(earlier).where(earlier.id.lte(posts.id))
      return update(posts)
        .set({ likes: coalesce(most.scalar(), 0).add(10) })
        .everyRow()
    })(),
    4,
    likes,
    [15, 15, 15, 15],
    { needs: ['update from'] },
  ),
  write(
    'several columns by a query of the table itself, under another name',
    (() => {
      const p = posts.as('p')
      const others = select({ likes: coalesce(sum(posts.likes), 0) })
        .from(posts)
        .where(posts.id.ne(p.id))
      return update(p).setFromSelect(others).where(p.id.gt(1n))
    })(),
    3,
    likes,
    [5, 10, 13, 8],
    { needs: ['update from'] },
  ),
  query(
    'returning the new values',
    update(posts)
      .set((t) => ({ likes: t.likes.add(1) }))
      .where(posts.id.eq(3n))
      .returning({ id: posts.id, likes: posts.likes }),
    [{ id: 3n, likes: 1 }],
    { needs: ['returning'] },
  ),
  write(
    'a table under another name',
    (() => {
      const p = posts.as('p')
      return update(p)
        .set((t) => ({ likes: t.likes.add(1) }))
        .where(p.id.lte(2n))
    })(),
    2,
    likes,
    [6, 4, 0, 5],
  ),
  query(
    'a table under another name, returning',
    (() => {
      const p = posts.as('p')
      return update(p).set({ likes: 9 }).where(p.id.eq(1n)).returning({ id: p.id, likes: p.likes })
    })(),
    [{ id: 1n, likes: 9 }],
    { needs: ['returning'] },
  ),
  write(
    'several columns by one query',
    update(people)
      .setFromSelect(
        select({ nick: max(posts.title), score: count() })
          .from(posts)
          .where(posts.authorId.eq(people.id)),
      )
      .where(people.id.in([1n, 4n])),
    2,
    select({ nick: people.nick, score: people.score })
      .from(people)
      .where(people.id.in([1n, 4n]))
      .orderBy(people.id),
    [
      { nick: 'Beta', score: 2 },
      { nick: null, score: 0 },
    ],
  ),
  write(
    'one column by a query without a row',
    update(people)
      .setFromSelect(select({ nick: orgs.name }).from(orgs).where(orgs.id.eq(people.orgId)))
      .where(people.id.gte(3n)),
    2,
    select(people.nick).from(people).orderBy(people.id),
    ['A', null, 'Bolt', null],
  ),
  write(
    'by a common table expression',
    (() => {
      const sums = cte(
        'sums',
        select({ author: posts.authorId, likes: max(posts.likes) })
          .from(posts)
          .where(posts.likes.gt(0))
          .groupBy(posts.authorId),
      )
      return update(people).set({ score: sums.likes }).from(sums).where(sums.author.eq(people.id))
    })(),
    2,
    select(people.score).from(people).orderBy(people.id),
    [5, 7, 5, -7],
    { needs: ['update from'] },
  ),
  write(
    'a column gets its default again',
    update(people).set({ active: defaultValue() }).where(people.id.eq(2n)),
    1,
    select(people.active).from(people).where(people.id.eq(2n)),
    [true],
    { asks: 'defaultKeyword' },
  ),
  write(
    'many rows, each to its own values',
    updateMany(
      people,
      [
        { id: 1n, nick: null, price: '1.25', seenAt: new Date(5), born: '2001-02-03', active: false },
        { id: 3n, nick: 'C', price: null, seenAt: null, born: null, active: true },
        { id: 99n, nick: 'x', price: null, seenAt: null, born: null, active: true },
      ],
      { key: 'id' },
    ),
    2,
    select({
      nick: people.nick,
      price: people.price,
      seenAt: people.seenAt,
      born: people.born,
      active: people.active,
    })
      .from(people)
      .where(people.id.in([1n, 3n]))
      .orderBy(people.id),
    [
      { nick: null, price: '1.25', seenAt: new Date(5), born: '2001-02-03', active: false },
      { nick: 'C', price: null, seenAt: null, born: null, active: true },
    ],
    { needs: ['update from'] },
  ),
  write(
    'many rows by a key of two columns, and only some of them',
    updateMany(
      posts,
      [
        { likes: 50, authorId: 1n, title: 'Alpha' },
        { likes: 30, authorId: 1n, title: 'Beta' },
        { likes: 90, authorId: 2n, title: 'Alpha' },
      ],
      { key: ['authorId', 'title'] },
    ).where(posts.id.ne(2n)),
    1,
    likes,
    [50, 3, 0, 5],
    { needs: ['update from'] },
  ),
  query(
    'many rows, returning',
    updateMany(posts, [{ id: 3n, likes: 7 }], { key: 'id' }).returning({ id: posts.id, likes: posts.likes }),
    [{ id: 3n, likes: 7 }],
    { needs: ['update from', 'returning'] },
  ),
  steps(
    'many rows with values of every type',
    async ({ on, rows, through }) => {
      const values = {
        integer: 2147483647,
        bigint: 9223372036854775807n,
        numeric: '12345678.5',
        money: '-0.01',
        real: 1.5,
        double: 1e300,
        boolean: true,
        text: "it's",
        varchar: 'v',
        date: '2026-02-28',
        timestamp: new Date(1000),
        timestamptz: new Date(2000),
        json: { a: [1, null] },
        jsonb: { b: 'x' },
        uuid: '6f9619ff-8b86-4d11-b42d-00cf4fc964ff',
        bytes: new Uint8Array([0, 255]),
      }
      const none = Object.fromEntries(Object.keys(values).map((key) => [key, null])) as {
        [K in keyof typeof values]: null
      }
      await on.run(insertSamples)
      await on.run(
        through(
          updateMany(
            samples,
            [
              { id: 1, ...values },
              { id: 2, ...none },
            ],
            { key: 'id' },
          ),
        ),
      )
      await rows(select(samples).from(samples).orderBy(samples.id), [
        { id: 1, ...values },
        { id: 2, ...none },
      ])
      await on.run(
        through(
          updateMany(
            samples,
            [
              { id: 1, ...none },
              { id: 2, ...values },
            ],
            { key: 'id' },
          ),
        ),
      )
      await rows(select(samples).from(samples).orderBy(samples.id), [
        { id: 1, ...none },
        { id: 2, ...values },
      ])
    },
    { needs: ['update from'] },
  ),
  query(
    'rows before and after',
    update(posts)
      .set((t) => ({ likes: t.likes.add(1) }))
      .where(posts.id.eq(3n))
      .returningOldAndNew((before, after) => ({
        id: posts.id,
        was: before.likes,
        is: after.likes,
        more: after.likes.sub(before.likes).add(literal(1, integer())),
      })),
    [{ id: 3n, was: 0, is: 1, more: 2 }],
    { needs: ['returning'], asks: 'rowVersions' },
  ),
]
