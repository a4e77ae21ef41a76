import {
  and,
  array,
  bigint,
  boolean,
  bytes,
  count,
  cte,
  date,
  double,
  eqAny,
  type Family,
  ilike,
  insert,
  integer,
  like,
  literal,
  neAll,
  not,
  numeric,
  or,
  param,
  select,
  sql,
  type TypeDefinition,
  text,
  timestamptz,
  update,
  values,
  varchar,
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
  steps('a pattern that is given by name', async ({ on, equal, through }) => {
    const named = select(people.name)
      .from(people)
      .where(like(people.name, param('pattern', text())))
    const others = select(people.name)
      .from(people)
      .where(not(ilike(people.name, param('pattern', varchar(3)))), people.id.lt(3n))
    equal(await on.prepare(through(named)).all({ pattern: 'A%' }), ['Ann'], 'what was found')
    equal(await on.prepare(through(named)).all({ pattern: 'a%' }), [], 'what was found of another case')
    equal(await on.prepare(through(others)).all({ pattern: 'a%' }), ['Bob'], 'what was left')
  }),
  steps('a list of any length', async ({ on, equal, rejects, through }) => {
    const ids = param('ids', array(bigint()))
    const among = on.prepare(
      through(select(people.name).from(people).where(eqAny(people.id, ids)).orderBy(people.id)),
    )
    equal(await among.all({ ids: [2n, 1n, 2n, 99n] }), ['Ann', 'Bob'], 'those in the list')
    equal(await among.all({ ids: [] }), [], 'those in an empty list')
    equal(await among.all({ ids: [null, 1n] }), ['Ann'], 'those in a list with a NULL')
    equal(
      (await among.all({ ids: Array.from({ length: 70_000 }, (_, i) => BigInt(i)) })).length,
      4,
      'those in a list that is longer than a statement has parameters',
    )
    await rejects(among.all({ ids: 5n as never }), 'invalid_value')
    await rejects(among.all({ ids: ['x' as never] }), 'invalid_value')
    await rejects(among.all({ ids: null as never }), 'invalid_value')
    for (const none of [not(eqAny(people.id, ids)), neAll(people.id, ids)]) {
      const others = on.prepare(
        through(select({ name: people.name }).from(people).where(none).orderBy(people.id).limit(2)),
      )
      equal(await others.all({ ids: [1n] }), [{ name: 'Bob' }, { name: 'Cyd' }], 'those not in the list')
      equal(await others.all({ ids: [] }), [{ name: 'Ann' }, { name: 'Bob' }], 'those not in an empty list')
      equal(await others.all({ ids: [null] }), [], 'those not in a list with a NULL')
    }
  }),
  steps('a list that may be null, of which nothing is known', async ({ on, equal, through }) => {
    const ids = param('ids', array(bigint()), { nullable: true })
    const statement = on.prepare(
      through(
        select({ is: eqAny(people.id, ids), not: neAll(people.id, ids) })
          .from(people)
          .orderBy(people.id)
          .limit(1),
      ),
    )
    equal(await statement.all({ ids: null }), [{ is: null, not: null }], 'no list')
    equal(await statement.all({ ids: [] }), [{ is: false, not: true }], 'an empty list')
    equal(await statement.all({ ids: [1n, null] }), [{ is: true, not: false }], 'a list')
  }),
  steps('lists of every kind of value', async ({ on, equal, through }) => {
    // One static type stands for all of them.
    const of = (name: string, given: TypeDefinition<unknown, Family>, ...all: readonly unknown[]) => {
      const type = given as ReturnType<typeof text>
      const source = values('given', { n: integer().notNull(), x: type }, [
        ...all.map((x, n) => ({ n, x: x as string })),
        { n: -1, x: null },
      ])
      const found = select(source.n)
        .from(source)
        .where(eqAny(source.x, param('list', array(type))))
        .orderBy(source.n)
      return { name, list: all as readonly string[], found: through(found) }
    }
    const kinds = [
      of('texts', text(), 'a', '', '"b\\{},\n', 'NULL', 'é😀'),
      of('numbers', double(), 0.1, -1e-300, 1e17 + 16, 2 ** 63, 1e21, 1.5e300, Infinity, -Infinity),
      of('bigints', bigint(), 9223372036854775807n, -9223372036854775808n, 0n),
      of('decimals', numeric(), '1.50', '-7'),
      of('booleans', boolean(), true),
      of('days', date(), '2026-11-21'),
      of('moments', timestamptz(), seenAt),
      of('bytes', bytes(), new Uint8Array([0, 255]), new Uint8Array()),
    ]
    for (const { name, list, found } of kinds)
      equal(await on.prepare(found).all({ list }), [...list.keys()], name)
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
