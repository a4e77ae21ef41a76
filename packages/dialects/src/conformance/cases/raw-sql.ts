import { bigint, boolean, date, integer, literal, numeric, select, sql, text } from '@espalier/core'
import { type CaseDefinition, query, steps } from '../case.js'
import { people, posts } from '../schema.js'

export const rawSql: readonly CaseDefinition[] = [
  query(
    'expressions, values and names among raw SQL',
    select({
      a: sql(integer())`${people.score} + ${1}`,
      b: sql(text())`upper(${people.name})`,
      c: sql(
        integer(),
      )`(select count(*) from ${sql.identifier('conformance_posts')} where ${sql.identifier('author_id')} = ${people.id})`,
      d: sql(integer())`${select(posts.likes).from(posts).where(posts.id.eq(1n))}`,
    })
      .from(people)
      .where(sql(integer())`${people.id} * 2`.eq(2)),
    [{ a: 11, b: 'ANN', c: 2, d: 5 }],
  ),
  query(
    'raw SQL as an operand keeps its parentheses',
    select({ a: sql(integer())`1 + 2`.mul(3), b: sql(integer())`7`.sub(sql(integer())`5 - 1`) }),
    [{ a: 9, b: 3 }],
  ),
  query('a text is never taken for SQL', select({ a: sql(text())`${"'; drop table x; --"}` }), [
    { a: "'; drop table x; --" },
  ]),
  query(
    'a raw query as a source, joined and under another name',
    (() => {
      const busy = sql.source('busy', {
        author: bigint('author_id').notNull(),
        likes: integer().notNull(),
      })`select ${posts.authorId}, max(${posts.likes}) as likes from ${posts} where ${posts.likes.gt(0)} group by 1`
      const other = busy.as('other')
      return select({ name: people.name, likes: busy.likes, other: other.likes })
        .from(people)
        .join(busy, busy.author.eq(people.id))
        .leftJoin(other, other.author.eq(people.managerId))
        .orderBy(people.id)
    })(),
    [
      { name: 'Ann', likes: 5, other: null },
      { name: 'Cyd', likes: 5, other: 5 },
    ],
  ),
  query(
    'a raw statement with the types of its rows',
    sql.query({ id: bigint().notNull(), born: date(), active: boolean().notNull(), price: numeric() })`
      select ${people.id}, ${people.born}, ${people.active}, ${people.price} from ${people}
      where ${people.name.in(['Ann', 'Bob'])} order by ${people.id} ${sql.unsafe('desc')}`,
    [
      { id: 2n, born: null, active: false, price: '0.1' },
      { id: 1n, born: '1990-01-31', active: true, price: '10.5' },
    ],
  ),
  query(
    'lists and pieces of raw SQL',
    sql.query({ a: integer().notNull(), b: text().notNull(), c: boolean().notNull() })`
      select ${sql.join([sql`1 + ${1}`, literal('x', text()), sql(boolean())`1 = 1`])}
      ${sql.empty} ${sql.fragment`from ${people}`}
      where ${sql.join([people.id.eq(1n), sql`1 = 2 or 1 = 1`], sql.fragment` and `)}`,
    [{ a: 2, b: 'x', c: true }],
  ),
  query(
    'raw SQL as a predicate',
    select(people.name)
      .from(people)
      .where(sql(boolean())`${people.score} > 7 or ${people.score} < ${0}`, people.active)
      .orderBy(people.id),
    ['Ann', 'dan'],
  ),
  steps('a raw statement', async ({ on, equal, rows, through }) => {
    const result = await on.run(through(sql.statement`update ${posts} set likes = ${77} where id = ${2}`))
    equal(result.affected, 1, 'the number of affected rows')
    await rows(select(posts.likes).from(posts).where(posts.id.eq(2n)), [77])
  }),
]
