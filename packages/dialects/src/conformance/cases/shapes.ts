import { count, integer, literal, select } from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

export const shapes: readonly CaseDefinition[] = [
  query('a bare expression gives bare values', select(orgs.name).from(orgs).orderBy(orgs.id), [
    'Acme',
    'Bolt',
    'Cove',
  ]),
  query('a table gives its rows', select(orgs).from(orgs).where(orgs.id.eq(1)), [{ id: 1, name: 'Acme' }]),
  query(
    'columns of a table beside others, and all but some of them',
    (() => {
      const { authorId: _author, likes: _likes, ...shown } = posts
      const rest = select({ ...shown, by: people.name })
        .from(posts)
        .join(people)
        .as('rest')
      return select({ ...rest, n: rest.id.add(1n) })
        .from(rest)
        .where(rest.id.gte(3n))
        .orderBy(rest.id)
    })(),
    [
      { id: 3n, title: 'Gamma', by: 'Bob', n: 4n },
      { id: 4n, title: 'alpha', by: 'Cyd', n: 5n },
    ],
  ),
  query(
    'columns of a table that is not there are null one by one',
    select({ ...posts, by: people.name })
      .from(people)
      .leftJoin(posts, posts.authorId.eq(people.id))
      .where(people.id.eq(4n)),
    [{ id: null, authorId: null, title: null, likes: null, by: 'dan' }],
  ),
  query(
    'columns of the same name do not overwrite each other',
    select({ a: people.name, b: orgs.name, c: people.id, d: orgs.id })
      .from(people)
      .join(orgs, orgs.id.eq(people.orgId))
      .where(people.id.eq(2n)),
    [{ a: 'Bob', b: 'Acme', c: 2n, d: 1 }],
  ),
  query(
    'objects are nested as they are asked for',
    select({
      id: posts.id,
      author: { name: people.name, at: { org: people.orgId } },
      'author.name': posts.title,
    })
      .from(posts)
      .join(people, posts.authorId.eq(people.id))
      .where(posts.id.eq(3n)),
    [{ id: 3n, author: { name: 'Bob', at: { org: 1 } }, 'author.name': 'Gamma' }],
  ),
  query(
    'whole tables side by side, absent where an outer join found none',
    select({ org: orgs, post: posts })
      .from(orgs)
      .leftJoin(people, people.orgId.eq(orgs.id))
      .leftJoin(posts, posts.authorId.eq(people.id))
      .where(orgs.id.gte(2))
      .orderBy(orgs.id),
    [
      { org: { id: 2, name: 'Bolt' }, post: { id: 4n, authorId: 3n, title: 'alpha', likes: 5 } },
      { org: { id: 3, name: 'Cove' }, post: null },
    ],
  ),
  query(
    'a source twice, under two names',
    (() => {
      const boss = people.as('boss')
      return select({ name: people.name, boss: boss.name })
        .from(people)
        .leftJoin(boss, boss.id.eq(people.managerId))
        .orderBy(people.id)
    })(),
    [
      { name: 'Ann', boss: null },
      { name: 'Bob', boss: 'Ann' },
      { name: 'Cyd', boss: 'Ann' },
      { name: 'dan', boss: 'Bob' },
    ],
  ),
  query(
    'keys that JavaScript uses itself',
    select({ constructor: orgs.id, toString: orgs.name, hasOwnProperty: literal(1, integer()) })
      .from(orgs)
      .where(orgs.id.eq(1)),
    [
      Object.fromEntries([
        ['constructor', 1] as const,
        ['toString', 'Acme'] as const,
        ['hasOwnProperty', 1] as const,
      ]) as unknown as {
        constructor: number
        toString: string
        hasOwnProperty: number
      },
    ],
  ),
  query(
    'each different row once',
    select({ org: people.orgId }).from(people).distinct().orderBy(people.orgId),
    [{ org: 1 }, { org: 2 }, { org: null }],
  ),
  query('limit and offset', select(people.id).from(people).orderBy(people.id).limit(2).offset(1), [2n, 3n]),
  query('an offset without limit', select(people.id).from(people).orderBy(people.id).offset(3), [4n]),
  query('a limit of nothing', select(people.id).from(people).limit(0), []),
  query('a select without FROM', select({ one: literal(1, integer()) }), [{ one: 1 }]),
  query('a cross join by two sources', select(count()).from(people).from(orgs), [12]),
]
