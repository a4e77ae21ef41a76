import { deleteFrom, exists, select } from '@espalier/core'
import { type CaseDefinition, query, steps, write } from '../case.js'
import { orgs, people, posts } from '../schema.js'

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
]
