import {
  and,
  bigint,
  boolean,
  count,
  cte,
  insert,
  integer,
  literal,
  or,
  param,
  select,
  sql,
  text,
  timestamptz,
  update,
} from '@espalier/core'
import { type CaseDefinition, steps } from '../case.js'
import { counters, people, posts, seenAt } from '../schema.js'

export const parameters: readonly CaseDefinition[] = [
  steps('a prepared statement runs with different values', async ({ on, equal, through }) => {
    const byName = on.prepare(
      through(
        select({ id: people.id })
          .from(people)
          .where(people.name.eq(param('name', text()))),
      ),
    )
    equal(await byName.one({ name: 'Ann' }), { id: 1n }, 'the first row')
    equal(await byName.one({ name: 'Bob' }), { id: 2n }, 'the second row')
    equal(await byName.first({ name: "x' or '1' = '1" }), undefined, 'what is not there')
    equal(await byName.all({ name: 'dan' }), [{ id: 4n }], 'the list')
    equal(await byName.scalar({ name: 'dan' }), 4n, 'the value')
  }),
  steps('one name in several places, among other values', async ({ on, equal, through }) => {
    const n = param('n', integer())
    const statement = on.prepare(
      through(
        select({ tag: literal('t', text()), n, more: n.add(1), id: people.id })
          .from(people)
          .where(or(people.score.eq(n), people.score.eq(n.neg())), people.name.ne('zzz'))
          .orderBy(people.id)
          .limit(10),
      ),
    )
    equal(
      await statement.all({ n: 7 }),
      [
        { tag: 't', n: 7, more: 8, id: 2n },
        { tag: 't', n: 7, more: 8, id: 4n },
      ],
      'the rows',
    )
    equal(await statement.all({ n: -10 }), [{ tag: 't', n: -10, more: -9, id: 1n }], 'the other rows')
  }),
  steps('in a common table expression and beside it', async ({ on, equal, through }) => {
    const busy = cte(
      'busy',
      select({ author: posts.authorId, n: count() })
        .from(posts)
        .where(posts.likes.gte(param('likes', integer())))
        .groupBy(posts.authorId),
    )
    const statement = on.prepare(
      through(
        select({ name: people.name, n: busy.n })
          .from(people)
          .join(busy, and(busy.author.eq(people.id), busy.n.gte(param('least', integer()))))
          .where(people.name.ne(param('not', text())), people.id.lt(100n))
          .orderBy(people.id),
      ),
    )
    equal(
      await statement.all({ likes: 5, least: 1, not: 'zzz' }),
      [
        { name: 'Ann', n: 1 },
        { name: 'Cyd', n: 1 },
      ],
      'the rows',
    )
    equal(await statement.all({ likes: 0, least: 2, not: 'Cyd' }), [{ name: 'Ann', n: 2 }], 'the other rows')
  }),
  steps('of several types, null where that is declared', async ({ on, equal, through }) => {
    const statement = on.prepare(
      through(
        select({
          a: param('a', bigint(), { nullable: true }),
          b: param('b', boolean()),
          c: param('c', timestamptz(), { nullable: true }),
        }),
      ),
    )
    equal(await statement.one({ a: 5n, b: true, c: seenAt }), { a: 5n, b: true, c: seenAt }, 'the values')
    equal(await statement.one({ a: null, b: false, c: null }), { a: null, b: false, c: null }, 'the nulls')
  }),
  steps('in writes', async ({ on, equal, rows, through }) => {
    const add = on.prepare(
      through(insert(counters).values({ key: param('key', text()), shard: 6, n: param('n', integer()) })),
    )
    equal(await add.run({ key: 'p', n: 1 }), { affected: 1 }, 'the result')
    equal(await add.run({ key: 'q', n: 2 }), { affected: 1 }, 'the result')
    const change = on.prepare(
      through(
        update(counters)
          .set((t) => ({ n: t.n.add(param('by', integer())) }))
          .where(counters.key.eq(param('key', text()))),
      ),
    )
    equal(await change.run({ key: 'p', by: 40 }), { affected: 1 }, 'the result')
    await rows(select(counters.n).from(counters).where(counters.shard.eq(6)).orderBy(counters.key), [41, 2])
  }),
  steps(
    'a raw statement with named parameters and the columns of its table',
    async ({ on, equal, through }) => {
      const statement = on.prepare(
        through(
          sql.query({
            name: text().notNull(),
          })`select ${people.name} from ${people} where ${people.id} = ${param('id', bigint())}`,
        ),
      )
      equal(await statement.one({ id: 2n }), { name: 'Bob' }, 'the row')
      equal(await statement.scalar({ id: 3n }), 'Cyd', 'the value')
    },
  ),
  steps('a name without a value, or unknown, is an error', async ({ on, rejects, through }) => {
    const statement = on.prepare(through(select({ a: param('a', integer()) })))
    await rejects(statement.all({} as { a: number }), 'unbound_parameter')
    await rejects(statement.all({ a: 1, b: 2 } as { a: number }), 'unknown_parameter')
    await rejects(statement.all({ a: 'x' } as unknown as { a: number }), 'invalid_value')
    await rejects(statement.all({ a: null } as unknown as { a: number }), 'invalid_value')
  }),
  steps('a limit and an offset given by name', async ({ on, equal, through }) => {
    const page = through(
      select(people.id)
        .from(people)
        .orderBy(people.id)
        .limit(param('size', integer()))
        .offset(param('from', integer())),
    )
    equal(await on.prepare(page).all({ size: 2, from: 1 }), [2n, 3n], 'the page')
    equal(await on.prepare(page).all({ size: 1, from: 3 }), [4n], 'the last page')
  }),
]
