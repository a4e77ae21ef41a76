import { integer, select, sql, text } from '@espalier/core'
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
  steps('a raw statement', async ({ on, equal, rows, through }) => {
    const result = await on.run(through(sql.statement`update ${posts} set likes = ${77} where id = ${2}`))
    equal(result.affected, 1, 'the number of affected rows')
    await rows(select(posts.likes).from(posts).where(posts.id.eq(2n)), [77])
  }),
]
