import { bigint, count, integer, literal, select, text, values } from '@espalier/core'
import { type CaseDefinition, query } from '../case.js'
import { orgs, people, posts } from '../schema.js'

const named = values('named', { id: bigint().notNull(), name: text().notNull() }, [{ id: 7n, name: 'x' }])
const n = (value: number) => select({ n: literal(value, integer()) })
const names = select({ name: people.name }).from(people)
const rest = ['intersect and except', 'nested set operations'] as const

export const setOperations: readonly CaseDefinition[] = [
  query(
    'union leaves out equal rows',
    n(1)
      .union(n(2))
      .union(n(1))
      .orderBy((row) => row.n),
    [{ n: 1 }, { n: 2 }],
  ),
  query(
    'union all keeps them',
    n(1)
      .unionAll(n(2))
      .unionAll(n(1))
      .orderBy((row) => row.n.desc()),
    [{ n: 2 }, { n: 1 }, { n: 1 }],
  ),
  query(
    'intersect',
    select({ id: people.id })
      .from(people)
      .intersect(select({ id: posts.authorId }).from(posts))
      .orderBy((row) => row.id),
    [{ id: 1n }, { id: 2n }, { id: 3n }],
    { needs: ['intersect and except'] },
  ),
  query(
    'except',
    select({ id: people.id })
      .from(people)
      .except(select({ id: posts.authorId }).from(posts)),
    [{ id: 4n }],
    { needs: ['intersect and except'] },
  ),
  query(
    'intersect all keeps equal rows as often as both have them, NULL being equal to NULL',
    (() => {
      const ofOrg = select({ org: people.orgId }).from(people)
      return ofOrg
        .unionAll(ofOrg)
        .intersectAll(ofOrg.unionAll(ofOrg.where(people.id.eq(1n))))
        .orderBy((row) => row.org)
        .limit(9)
    })(),
    [{ org: 1 }, { org: 1 }, { org: 1 }, { org: 2 }, { org: null }],
    { needs: ['intersect and except', 'window functions'] },
  ),
  query(
    'except all takes one equal row away for each',
    select({ n: posts.likes })
      .from(posts)
      .exceptAll(n(5).unionAll(n(9)))
      .orderBy((row) => row.n.desc()),
    [{ n: 5 }, { n: 3 }, { n: 0 }],
    { needs: ['intersect and except', 'window functions'] },
  ),
  query(
    'except all within a set operation, of whole rows',
    (() => {
      const all = select({ org: orgs, n: literal(1, integer()) }).from(orgs)
      return all
        .unionAll(all)
        .exceptAll(all.where(orgs.id.gt(1)))
        .exceptAll(all.where(orgs.id.eq(3)))
        .unionAll(all.where(orgs.id.eq(3)))
        .orderBy((row) => row.org.id)
    })(),
    [
      { org: { id: 1, name: 'Acme' }, n: 1 },
      { org: { id: 1, name: 'Acme' }, n: 1 },
      { org: { id: 2, name: 'Bolt' }, n: 1 },
      { org: { id: 3, name: 'Cove' }, n: 1 },
    ],
    { needs: [...rest, 'window functions'] },
  ),
  query(
    'set operations are handed to functions',
    n(1)
      .unionAll(n(2))
      .pipe((q) => select(count()).from(q.as('both'))),
    [2],
  ),
  query(
    'nested on the left',
    n(1)
      .union(n(2))
      .intersect(n(2).union(n(3))),
    [{ n: 2 }],
    { needs: rest },
  ),
  query(
    'nested on the right',
    n(1)
      .union(n(2).intersect(n(2).union(n(3))))
      .orderBy((row) => row.n),
    [{ n: 1 }, { n: 2 }],
    { needs: rest },
  ),
  query('except within except', n(1).except(n(1).except(n(1))), [{ n: 1 }], { needs: rest }),
  query(
    'members with an order and a limit of their own',
    names
      .orderBy(people.name)
      .limit(1)
      .unionAll(names.orderBy(people.name.desc()).limit(2).offset(1))
      .orderBy((row) => row.name),
    [{ name: 'Ann' }, { name: 'Bob' }, { name: 'Cyd' }],
    { needs: ['nested set operations'] },
  ),
  query(
    'nested members with an order and a limit',
    n(1)
      .unionAll(n(2))
      .orderBy((row) => row.n.desc())
      .limit(1)
      .unionAll(n(5))
      .orderBy((row) => row.n)
      .offset(1),
    [{ n: 5 }],
    { needs: ['nested set operations'] },
  ),
  query(
    'with values in every member, and a limit',
    select({ name: people.name })
      .from(people)
      .where(people.name.eq('Ann'))
      .union(
        select({ name: orgs.name })
          .from(orgs)
          .where(orgs.name.in(['Bolt', 'Cove'])),
      )
      .orderBy((row) => row.name.desc())
      .limit(2),
    [{ name: 'Cove' }, { name: 'Bolt' }],
  ),
  query(
    'as a source',
    (() => {
      const all = names.union(select({ name: orgs.name }).from(orgs)).as('everything')
      return select(all.name).from(all).where(all.name.lt('B')).orderBy(all.name)
    })(),
    ['Acme', 'Ann'],
  ),
  query(
    'as the list of in',
    select(people.name)
      .from(people)
      .where(people.id.in(select(posts.authorId).from(posts).except(select(people.managerId).from(people)))),
    ['Cyd'],
    { needs: ['intersect and except'] },
  ),
  query(
    'NULL comes last, as everywhere',
    select({ title: posts.title })
      .from(people)
      .leftJoin(posts, posts.authorId.eq(people.id))
      .where(people.id.gte(3n))
      .union(select({ title: people.nick }).from(people).where(people.id.eq(2n)))
      .orderBy((row) => row.title),
    [{ title: 'alpha' }, { title: null }],
  ),
  query(
    'a row that the second query lacks by an outer join is null',
    select({ id: people.id, post: posts })
      .from(people)
      .join(posts, posts.authorId.eq(people.id))
      .where(posts.id.eq(3n))
      .unionAll(
        select({ id: people.id, post: posts })
          .from(people)
          .leftJoin(posts, posts.authorId.eq(people.id))
          .where(posts.id.isNull(), people.id.eq(4n)),
      )
      .orderBy((row) => row.id),
    [
      { id: 2n, post: { id: 3n, authorId: 2n, title: 'Gamma', likes: 0 } },
      { id: 4n, post: null },
    ],
  ),
  query(
    'a whole row that is there on the right, where a column is null that never is on the left',
    (() => {
      const other = select({ id: people.managerId, name: people.name })
        .from(people)
        .where(people.id.eq(1n))
        .as('other')
      return select({ n: literal(1, integer()), org: named })
        .from(people)
        .leftJoin(named, named.id.eq(99n))
        .where(people.id.eq(2n))
        .unionAll(select({ n: literal(2, integer()), org: other }).from(other))
        .orderBy((row) => row.n)
    })(),
    [
      { n: 1, org: null },
      { n: 2, org: { id: null, name: 'Ann' } },
    ],
  ),
  query(
    'of values, three deep, each with an order and a limit',
    n(1)
      .unionAll(
        n(2)
          .unionAll(
            n(3)
              .unionAll(n(4))
              .orderBy((row) => row.n.desc())
              .limit(1),
          )
          .orderBy((row) => row.n)
          .limit(2),
      )
      .orderBy((row) => row.n.desc())
      .limit(2),
    [{ n: 4 }, { n: 2 }],
    { needs: rest },
  ),
]
