import { count, cte, deleteFrom, exists, insert, select, truncate } from '@espalier/core'
import { type CaseDefinition, query, steps, write } from '../case.js'
import { events, orgs, people, posts } from '../schema.js'

const left = select(posts.id).from(posts).orderBy(posts.id)

export const deletes: readonly CaseDefinition[] = [
  write('the rows of a condition', deleteFrom(posts).where(posts.likes.lt(4)), 2, left, [1n, 4n]),
  write(
    'the rows of several conditions',
    deleteFrom(posts).where(posts.likes.gt(0)).where(posts.id.ne(1n)),
    2,
    left,
    [1n, 3n],
  ),
  write('every row', deleteFrom(posts).everyRow(), 4, left, []),
  write('no row', deleteFrom(posts).where(posts.id.in([])), 0, left, [1n, 2n, 3n, 4n]),
  write(
    'by a correlated query',
    deleteFrom(posts).where(
      exists(select(people.id).from(people).where(people.id.eq(posts.authorId), people.active.eq(false))),
    ),
    1,
    left,
    [1n, 2n, 4n],
  ),
  query(
    'returning what was deleted',
    deleteFrom(posts).where(posts.id.eq(3n)).returning(posts),
    [{ id: 3n, authorId: 2n, title: 'Gamma', likes: 0 }],
    { needs: ['returning'] },
  ),
  steps(
    'rows that others refer to stay',
    async ({ on, rejects, through }) => {
      await rejects(on.run(through(deleteFrom(orgs).where(orgs.id.eq(1)))), 'foreign_key_violation')
    },
    { needs: ['foreign keys'] },
  ),
  write(
    'by another source',
    deleteFrom(posts).using(people).where(people.id.eq(posts.authorId), people.active.eq(false)),
    1,
    left,
    [1n, 2n, 4n],
  ),
  write(
    'by two other sources',
    deleteFrom(posts)
      .using(people)
      .using(orgs)
      .where(people.id.eq(posts.authorId), orgs.id.eq(people.orgId), orgs.name.eq('Acme')),
    3,
    left,
    [4n],
  ),
  write(
    'by the same table under another name',
    (() => {
      const better = posts.as('better')
      return deleteFrom(posts)
        .using(better)
        .where(better.authorId.eq(posts.authorId), better.likes.gt(posts.likes))
    })(),
    1,
    left,
    [1n, 3n, 4n],
  ),
  write(
    'by a common table expression and a subquery',
    (() => {
      const busy = cte(
        'busy',
        select({ author: posts.authorId, n: count() }).from(posts).groupBy(posts.authorId),
      )
      const liked = select({ id: posts.id }).from(posts).where(posts.likes.gt(4)).as('liked')
      return deleteFrom(posts)
        .using(busy)
        .using(liked)
        .where(busy.author.eq(posts.authorId), busy.n.gt(1), liked.id.eq(posts.id))
    })(),
    1,
    left,
    [2n, 3n, 4n],
  ),
  write('every row, if another source has one', deleteFrom(posts).using(orgs).everyRow(), 4, left, []),
  query(
    'by another source, returning',
    deleteFrom(posts)
      .using(people)
      .where(people.id.eq(posts.authorId), people.name.eq('Bob'))
      .returning({ id: posts.id, title: posts.title }),
    [{ id: 3n, title: 'Gamma' }],
    { needs: ['returning'] },
  ),
  query(
    'a table under another name',
    (() => {
      const p = posts.as('p')
      return deleteFrom(p).where(p.likes.lt(3)).returning({ id: p.id })
    })(),
    [{ id: 3n }],
    { needs: ['returning'] },
  ),
  steps('a table is emptied', async ({ on, rows, through }) => {
    await on.run(insert(events).values([{ what: 'a' }, { what: 'b' }]))
    await on.run(through(truncate(events)))
    await rows(select(count()).from(events), [0])
  }),
  steps('a table is emptied and numbered from the beginning', async ({ on, rows, through }) => {
    await on.run(insert(events).values([{ what: 'a' }, { what: 'b' }]))
    await on.run(through(truncate(events, { restartIdentity: true })))
    await on.run(insert(events).values({ what: 'c' }))
    await rows(select(events).from(events), [{ id: 1, what: 'c' }])
  }),
  steps(
    'several tables are emptied, and those that refer to them',
    async ({ on, rows, through }) => {
      await on.run(through(truncate([people, events], { cascade: true })))
      await rows(select(count()).from(posts), [0])
      await rows(select(count()).from(people), [0])
    },
    { asks: 'truncate' },
  ),
]
