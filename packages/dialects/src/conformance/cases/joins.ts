import { and, select } from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

export const joins: readonly CaseDefinition[] = [
  query(
    'an inner join keeps rows with a match',
    select({ name: people.name, org: orgs.name })
      .from(people)
      .join(orgs, orgs.id.eq(people.orgId))
      .orderBy(people.id),
    [
      { name: 'Ann', org: 'Acme' },
      { name: 'Bob', org: 'Acme' },
      { name: 'Cyd', org: 'Bolt' },
    ],
  ),
  query(
    'the only foreign key gives the condition, in either direction',
    select({ a: people.name, b: orgs.name, c: posts.title })
      .from(orgs)
      .join(people)
      .join(posts)
      .orderBy(posts.id),
    [
      { a: 'Ann', b: 'Acme', c: 'Alpha' },
      { a: 'Ann', b: 'Acme', c: 'Beta' },
      { a: 'Bob', b: 'Acme', c: 'Gamma' },
      { a: 'Cyd', b: 'Bolt', c: 'alpha' },
    ],
  ),
  query(
    'a left join keeps rows without a match',
    select({ org: orgs.name, name: people.name })
      .from(orgs)
      .leftJoin(people)
      .where(orgs.id.gt(1))
      .orderBy(orgs.id),
    [
      { org: 'Bolt', name: 'Cyd' },
      { org: 'Cove', name: null },
    ],
  ),
  query(
    'a right join keeps rows of the new source',
    select({ org: orgs.name, name: people.name })
      .from(orgs)
      .rightJoin(people, people.orgId.eq(orgs.id))
      .where(people.id.gt(2n))
      .orderBy(people.id),
    [
      { org: 'Bolt', name: 'Cyd' },
      { org: null, name: 'dan' },
    ],
    { needs: ['right join'] },
  ),
  query(
    'a full join keeps the rows of both',
    select({ org: orgs.name, name: people.name })
      .from(orgs)
      .fullJoin(people, people.orgId.eq(orgs.id))
      .orderBy(orgs.name, people.name),
    [
      { org: 'Acme', name: 'Ann' },
      { org: 'Acme', name: 'Bob' },
      { org: 'Bolt', name: 'Cyd' },
      { org: 'Cove', name: null },
      { org: null, name: 'dan' },
    ],
    { needs: ['full join'] },
  ),
  query(
    'whole tables of a full join',
    select({ org: orgs, post: posts })
      .from(orgs)
      .fullJoin(posts, and(posts.likes.eq(orgs.id), orgs.id.eq(3)))
      .where(posts.id.isNull().or(posts.id.lte(2n)))
      .orderBy(orgs.id, posts.id),
    [
      { org: { id: 1, name: 'Acme' }, post: null },
      { org: { id: 2, name: 'Bolt' }, post: null },
      { org: { id: 3, name: 'Cove' }, post: { id: 2n, authorId: 1n, title: 'Beta', likes: 3 } },
      { org: null, post: { id: 1n, authorId: 1n, title: 'Alpha', likes: 5 } },
    ],
    { needs: ['full join'] },
  ),
  query(
    'a cross join pairs every row',
    select({ a: orgs.id, b: posts.id })
      .from(orgs)
      .crossJoin(posts)
      .where(posts.id.lte(2n))
      .orderBy(orgs.id, posts.id),
    [
      { a: 1, b: 1n },
      { a: 1, b: 2n },
      { a: 2, b: 1n },
      { a: 2, b: 2n },
      { a: 3, b: 1n },
      { a: 3, b: 2n },
    ],
  ),
  query(
    'a join condition of several parts with values',
    select(posts.title)
      .from(people)
      .join(posts, and(posts.authorId.eq(people.id), posts.likes.gt(3), people.name.eq('Ann'))),
    ['Alpha'],
  ),
]
