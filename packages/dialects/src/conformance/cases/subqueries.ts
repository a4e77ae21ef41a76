import { count, exists, max, not, select } from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

const liked = select({ author: posts.authorId, likes: max(posts.likes) })
  .from(posts)
  .groupBy(posts.authorId)
  .as('liked')

export const subqueries: readonly CaseDefinition[] = [
  query(
    'in FROM',
    select({ name: people.name, likes: liked.likes })
      .from(people)
      .join(liked, liked.author.eq(people.id))
      .orderBy(people.id),
    [
      { name: 'Ann', likes: 5 },
      { name: 'Bob', likes: 0 },
      { name: 'Cyd', likes: 5 },
    ],
  ),
  query(
    'in FROM with values, nested shapes and a left join',
    (() => {
      const some = select({ who: { id: people.id, name: people.name }, org: people.orgId })
        .from(people)
        .where(people.score.gt(5))
        .as('some')
      return select({ org: orgs.name, who: some.who.name })
        .from(orgs)
        .leftJoin(some, some.org.eq(orgs.id))
        .where(orgs.name.ne('Bolt'))
        .orderBy(orgs.id, some.who.name)
    })(),
    [
      { org: 'Acme', who: 'Ann' },
      { org: 'Acme', who: 'Bob' },
      { org: 'Cove', who: null },
    ],
  ),
  query(
    'twice under two names',
    (() => {
      const other = liked.as('other')
      return select({ a: liked.author, b: other.author })
        .from(liked)
        .join(other, liked.likes.lt(other.likes))
        .orderBy(liked.author, other.author)
    })(),
    [
      { a: 2n, b: 1n },
      { a: 2n, b: 3n },
    ],
  ),
  query(
    'as a value, correlated',
    select({
      name: people.name,
      posts: select(count()).from(posts).where(posts.authorId.eq(people.id)).scalar(),
      best: select(max(posts.likes)).from(posts).where(posts.authorId.eq(people.id)).scalar(),
    })
      .from(people)
      .orderBy(people.id),
    [
      { name: 'Ann', posts: 2, best: 5 },
      { name: 'Bob', posts: 1, best: 0 },
      { name: 'Cyd', posts: 1, best: 5 },
      { name: 'dan', posts: 0, best: null },
    ],
  ),
  query(
    'exists',
    select(people.name)
      .from(people)
      .where(exists(select(posts.id).from(posts).where(posts.authorId.eq(people.id), posts.likes.gt(3))))
      .orderBy(people.id),
    ['Ann', 'Cyd'],
  ),
  query(
    'not exists',
    select(people.name)
      .from(people)
      .where(not(exists(select(posts.id).from(posts).where(posts.authorId.eq(people.id))))),
    ['dan'],
  ),
  query(
    'in the rows of a query',
    select(people.name)
      .from(people)
      .where(people.id.in(select(posts.authorId).from(posts).where(posts.likes.gte(5))))
      .orderBy(people.id),
    ['Ann', 'Cyd'],
  ),
  query(
    'not in the rows of a query',
    select(people.name)
      .from(people)
      .where(people.id.notIn(select(posts.authorId).from(posts))),
    ['dan'],
  ),
  query(
    'correlated over two levels',
    select(orgs.name)
      .from(orgs)
      .where(
        exists(
          select(people.id)
            .from(people)
            .where(
              people.orgId.eq(orgs.id),
              exists(
                select(posts.id)
                  .from(posts)
                  .where(posts.authorId.eq(people.id), posts.likes.eq(orgs.id.add(4))),
              ),
            ),
        ),
      ),
    ['Acme'],
  ),
  query(
    'of a value with order and limit',
    select({ first: select(posts.title).from(posts).orderBy(posts.likes, posts.id).limit(1).scalar() }),
    [{ first: 'Gamma' }],
  ),
]
